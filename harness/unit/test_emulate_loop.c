/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
/* clang-format on */

#include "clock.h"
#include "emulate.h"
#include "emulate_world.h"

/* The emulator in a process of its own, at the other end of a socket. */
static pid_t emulator;
static int host;

static int
emulator_main(int fd)
{
	struct emulate_port p = { .in = fd, .out = fd, .listening = -1, .slave = -1, .name = "socket" };
	struct err e = { 0 };
	struct world_sim *w = emulate_world_sim(NULL, 1, &e);
	struct modem *m = malloc(sizeof(*m));
	int result;

	if (w == NULL || m == NULL)
		return 99;
	modem_init(m, modem_profile_find(SPAN("")), world_sim_modem(w), 1, clock_us());
	result = emulate_run(m, &p, &e);
	free(m);
	world_sim_free(w);
	return result;
}

static int
start(void **state)
{
	int ends[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	emulator = fork();
	if (emulator == 0) {
		close(ends[0]);
		_exit(emulator_main(ends[1]));
	}
	close(ends[1]);
	host = ends[0];
	return emulator > 0 ? 0 : -1;
}

static void
ask(const char *line, const char *want)
{
	struct pollfd come = { .fd = host, .events = POLLIN };
	char got[256];
	ssize_t n;

	assert_int_equal(write(host, line, strlen(line)), strlen(line));
	assert_int_equal(poll(&come, 1, 5000), 1);
	n = read(host, got, sizeof(got));
	assert_int_equal(n, strlen(want));
	assert_memory_equal(got, want, strlen(want));
}

static int
status_of_emulator(void)
{
	int status = 0;

	assert_int_equal(waitpid(emulator, &status, 0), emulator);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
an_answer_comes_in_one_piece(void **state)
{
	(void)state;
	ask("AT+CSQ\r", "AT+CSQ\r\r\n+CSQ: 18,0\r\n\r\nOK\r\n");
	close(host);
	assert_int_equal(status_of_emulator(), 0);
}

static void
the_end_of_input_waits_for_the_answer(void **state)
{
	char got[64];
	ssize_t n;

	(void)state;
	assert_int_equal(write(host, "ATE0\r", 5), 5);
	assert_int_equal(shutdown(host, SHUT_WR), 0);
	n = read(host, got, sizeof(got));
	assert_int_equal(n, 11);
	assert_memory_equal(got, "ATE0\r\r\nOK\r\n", 11);
	assert_int_equal(status_of_emulator(), 0);
	close(host);
}

static void
a_signal_ends_it_with_128_and_its_number(void **state)
{
	(void)state;
	ask("AT\r", "AT\r\r\nOK\r\n");
	kill(emulator, SIGINT);
	assert_int_equal(status_of_emulator(), 128 + SIGINT);
	close(host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_answer_comes_in_one_piece, start),
		cmocka_unit_test_setup(the_end_of_input_waits_for_the_answer, start),
		cmocka_unit_test_setup(a_signal_ends_it_with_128_and_its_number, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
