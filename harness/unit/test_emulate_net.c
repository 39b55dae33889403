/* The emulator's loop with real servers behind it: what the AT side hears of the net world. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include <signal.h>
#include <sys/wait.h>

#include "clock.h"
#include "emulate.h"
#include "modem.h"
#include "scripted_server.h"
#include "world_curl.h"

#define OK "\r\nOK\r\n"
#define LIMIT_MS 20000

static pid_t emulator;
static int host;

static int
emulator_main(int fd)
{
	struct emulator one = { .port = { .in = fd, .out = fd, .listening = -1, .slave = -1, .name = "socket" } };
	struct world_reach reach = { .count = 0 };
	struct world_curl *net = world_curl_open(&reach, NULL, NULL);
	struct modem *m = malloc(sizeof(*m));
	struct err e;
	int result;

	if (net == NULL || m == NULL)
		return 99;
	modem_init(m, modem_profile_find(SPAN("")), world_curl_modem(net), 1, clock_us());
	modem_switch_set(m, SPAN("http-urc"), SPAN("0"));
	modem_switch_set(m, SPAN("bearer"), SPAN("0"));
	one.modem = m;
	one.far = world_curl_far(net);
	result = emulate_run(&one, 1, &e);
	free(m);
	world_curl_close(net);
	return result;
}

/* Compare what comes with want, in however many pieces. */
static void
hear(const char *want)
{
	static char got[700000];
	struct pollfd come = { .fd = host, .events = POLLIN };
	size_t len = 0;

	while (len < strlen(want)) {
		ssize_t n;

		if (poll(&come, 1, LIMIT_MS) != 1)
			fail_msg("nothing came, expected: %s", want);
		n = read(host, got + len, strlen(want) - len);
		assert_true(n > 0);
		len += (size_t)n;
		got[len] = '\0';
		if (strncmp(got, want, len) != 0)
			fail_msg("came: %s expected: %s", got, want);
	}
}

static void
ask(const char *line, const char *want)
{
	assert_int_equal(write(host, line, strlen(line)), strlen(line));
	hear(want);
}

/* HTTP initialised, with this path of the server. */
static void
http_begin(const char *path)
{
	char line[128];

	ask("AT+HTTPINIT\r", OK);
	snprintf(line, sizeof(line), "AT+HTTPPARA=\"URL\",\"http://127.0.0.1:%u%s\"\r", server.port, path);
	ask(line, OK);
}

/* The same behind power on and a bearer's opening. */
static void
begin(const char *path)
{
	ask("ATE0\r", "ATE0\r" OK);
	ask("AT+SAPBR=1,1\r", OK);
	http_begin(path);
}

static int
start(void **state)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	/* Before there is the server's thread: what a thread holds at a fork, the child never gets. */
	emulator = fork();
	if (emulator == 0) {
		close(ends[0]);
		_exit(emulator_main(ends[1]));
	}
	close(ends[1]);
	host = ends[0];
	return emulator > 0 ? server_open(state) : -1;
}

static int
stop(void **state)
{
	int status;

	close(host);
	kill(emulator, SIGTERM);
	waitpid(emulator, &status, 0);
	return server_close(state);
}

/* Nothing else is due then: the URC comes since the server's bytes wake the loop. */
static void
an_answer_wakes_the_loop(void **state)
{
	(void)state;
	server_script((struct scripted){ .pause_ms = 700, .say = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" });
	begin("/");
	ask("AT+HTTPACTION=0\r", OK);
	ask("AT\r", OK);
	hear("\r\n+HTTPACTION: 0,200,5\r\n");
	ask("AT+HTTPREAD\r", "\r\n+HTTPREAD: 5\r\nhello" OK);
	ask("AT+HTTPHEAD\r", "\r\n+HTTPHEAD: 36\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n" OK);
}

static void
commands_are_answered_and_httpterm_gives_up_while_a_server_is_silent(void **state)
{
	(void)state;
	server_script((struct scripted){ .end = ENDS_STALLING });
	server_script((struct scripted){ .say = "HTTP/1.1 204 No Content\r\n\r\n" });
	begin("/");
	ask("AT+HTTPACTION=0\r", OK);
	for (int i = 0; i < 10; i++)
		ask("AT+HTTPSTATUS?\r", "\r\n+HTTPSTATUS: GET,1,0,0\r\n" OK);
	ask("AT+HTTPTERM\r", OK);
	http_begin("/again");
	ask("AT+HTTPACTION=0\r", OK);
	hear("\r\n+HTTPACTION: 0,204,0\r\n");
}

static void
the_status_tells_how_far_it_is(void **state)
{
	(void)state;
	server_script((struct scripted){ .say = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .end = ENDS_STALLING });
	begin("/");
	ask("AT+HTTPACTION=0\r", OK);
	/* The request and the first bytes are on their way for a while. */
	for (int i = 0; i < 200; i++) {
		char line[64] = "";
		size_t len = 0;

		assert_int_equal(write(host, "AT+HTTPSTATUS?\r", 15), 15);
		while (strstr(line, "OK\r\n") == NULL && len < sizeof(line) - 1) {
			ssize_t n = read(host, line + len, sizeof(line) - 1 - len);

			assert_true(n > 0);
			len += (size_t)n;
		}
		if (strcmp(line, "\r\n+HTTPSTATUS: GET,1,3,7\r\n" OK) == 0)
			return;
	}
	fail_msg("no GET,1,3,7 in 200 asks");
}

static void
more_than_a_module_keeps_is_602(void **state)
{
	(void)state;
	server_script(
	    (struct scripted){ .say = "HTTP/1.1 200 OK\r\nContent-Length: 319489\r\n\r\n", .again = "0123456789", .end = ENDS_FLOODING });
	begin("/");
	ask("AT+HTTPACTION=0\r", OK);
	hear("\r\n+HTTPACTION: 0,602,0\r\n");
	ask("AT+HTTPREAD\r", OK);
}

/* LA: what was read goes back as the body of a POST. */
static void
an_answer_is_the_body_of_the_next_post(void **state)
{
	(void)state;
	server_script((struct scripted){ .say = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" });
	server_script((struct scripted){ .body = 5, .say = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi" });
	begin("/");
	ask("AT+HTTPACTION=0\r", OK);
	hear("\r\n+HTTPACTION: 0,200,5\r\n");
	ask("AT+HTTPACTION=1\r", OK);
	hear("\r\n+HTTPACTION: 1,200,2\r\n");
	ask("AT+HTTPREAD\r", "\r\n+HTTPREAD: 2\r\nhi" OK);
	assert_non_null(strstr(server.script[1].got, "\r\n\r\nhello"));
}

static void
a_bearer_that_closes_ends_the_request(void **state)
{
	(void)state;
	server_script((struct scripted){ .end = ENDS_STALLING });
	begin("/");
	ask("AT+HTTPACTION=0\r", OK);
	ask("AT+SAPBR=0,1\r", OK);
	hear("\r\n+HTTPACTION: 0,601,0\r\n");
}

static void
a_signal_ends_it_in_the_middle_of_a_request(void **state)
{
	int status;

	(void)state;
	server_script((struct scripted){ .end = ENDS_STALLING });
	begin("/");
	ask("AT+HTTPACTION=0\r", OK);
	kill(emulator, SIGINT);
	assert_int_equal(waitpid(emulator, &status, 0), emulator);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 128 + SIGINT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_wakes_the_loop),
		TEST(commands_are_answered_and_httpterm_gives_up_while_a_server_is_silent),
		TEST(the_status_tells_how_far_it_is),
		TEST(more_than_a_module_keeps_is_602),
		TEST(an_answer_is_the_body_of_the_next_post),
		TEST(a_bearer_that_closes_ends_the_request),
		TEST(a_signal_ends_it_in_the_middle_of_a_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
