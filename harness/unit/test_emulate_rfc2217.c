/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
/* clang-format on */

#include "clock.h"
#include "emulate.h"
#include "emulate_world.h"
#include "rfc2217.h"

#define EMULATORS 2

static struct emulator all[EMULATORS];
static pid_t emulator;

/* One host's end. */
struct host {
	int fd;
	struct rfc2217 codec;
	char data[8192];
	size_t len;
	uint32_t answers; /* bit (1 << command): it has come since forgotten */
	uint32_t answer[RFC2217_PURGE + 1];
};

/* What the system says once a host's machine has gone without a word; here, once a host has sent a '!'. */
static int gone_as;

ssize_t
read(int fd, void *into, size_t cap)
{
	ssize_t n = syscall(SYS_read, fd, into, cap);

	if (gone_as == 0 || n <= 0 || *(char *)into != '!')
		return n;
	errno = gone_as;
	return -1;
}

/* Two of them, in one process. */
static int
start(bool telnet, uint32_t baud, bool by_host)
{
	struct err e = { 0 };

	for (int i = 0; i < EMULATORS; i++) {
		all[i] = (struct emulator){ .baud = baud, .baud_by_host = by_host };
		if (emulate_tcp(&all[i].port, "127.0.0.1:0", 0, false, telnet, &e) != 0)
			return -1;
	}
	emulator = fork();
	if (emulator != 0)
		return emulator > 0 ? 0 : -1;
	for (int i = 0; i < EMULATORS; i++) {
		struct world_sim *w = emulate_world_sim(NULL, 1, &e);

		all[i].modem = malloc(sizeof(*all[i].modem));
		modem_init(all[i].modem, modem_profile_find(SPAN("")), world_sim_modem(w), 1, clock_us());
	}
	_exit(emulate_run(all, EMULATORS, &e));
}

static int
start_plain(void **state)
{
	(void)state;
	return start(false, 0, false);
}

static int
start_and_time_out(void **state)
{
	int failed;

	(void)state;
	gone_as = ETIMEDOUT;
	failed = start(false, 0, false);
	gone_as = 0;
	return failed;
}

static int
start_telnet(void **state)
{
	(void)state;
	return start(true, 0, false);
}

static int
start_paced(void **state)
{
	(void)state;
	return start(true, 115200, true);
}

static int
stop(void **state)
{
	int status = 0;

	(void)state;
	kill(emulator, SIGINT);
	if (waitpid(emulator, &status, 0) != emulator || !WIFEXITED(status) || WEXITSTATUS(status) != 128 + SIGINT)
		return -1;
	for (int i = 0; i < EMULATORS; i++)
		emulate_close(&all[i].port);
	return 0;
}

static int
connect_plain(int which)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_port = htons((uint16_t)atoi(strchr(all[which].port.name, ':') + 1));
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

/* All that the host has to say. */
static void
flush(struct host *h)
{
	char bytes[RFC2217_SAY_MAX];
	size_t n = rfc2217_pull(&h->codec, bytes, sizeof(bytes));

	assert_int_equal(write(h->fd, bytes, n), n);
}

/* One read. */
static void
hear(struct host *h)
{
	struct pollfd come = { .fd = h->fd, .events = POLLIN };
	char bytes[4096];
	struct span in;
	ssize_t n;

	assert_int_equal(poll(&come, 1, 20000), 1);
	n = read(h->fd, bytes, sizeof(bytes));
	assert_true(n > 0);
	in = span_of(bytes, (size_t)n);
	while (in.len > 0) {
		struct rfc2217_event event;

		in = span_after(in, rfc2217_feed(&h->codec, in, &event));
		if (event.kind == RFC2217_DATA && event.bytes.len <= sizeof(h->data) - h->len) {
			memcpy(h->data + h->len, event.bytes.at, event.bytes.len);
			h->len += event.bytes.len;
		} else if (event.kind == RFC2217_EVENT) {
			h->answers |= 1u << event.command;
			h->answer[event.command] = event.value;
		}
	}
	flush(h);
}

static void
host_open(struct host *h, int which)
{
	memset(h, 0, sizeof(*h));
	h->fd = connect_plain(which);
	rfc2217_init(&h->codec, RFC2217_CLIENT);
	flush(h);
	while (!rfc2217_is_settled(&h->codec) || !(h->answers & 1u << RFC2217_MODEMSTATE))
		hear(h);
	assert_true(rfc2217_is_on(&h->codec) && rfc2217_is_binary(&h->codec));
}

static uint32_t
request(struct host *h, enum rfc2217_command command, uint32_t value)
{
	h->answers &= ~(1u << command);
	assert_true(rfc2217_say(&h->codec, command, value));
	flush(h);
	while (!(h->answers & 1u << command))
		hear(h);
	return h->answer[command];
}

/* Send a line, and read until want is at the end of what came. */
static void
ask(struct host *h, const char *line, const char *want)
{
	size_t len = strlen(want);

	h->len = 0;
	assert_int_equal(write(h->fd, line, strlen(line)), strlen(line));
	while (h->len < len || memcmp(h->data + h->len - len, want, len) != 0)
		hear(h);
}

static void
lines_move_before_what_is_said(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 0);
	assert_int_equal(h.answer[RFC2217_MODEMSTATE] & 0xf0, RFC2217_DCD | RFC2217_DSR | RFC2217_CTS);
	ask(&h, "AT+HTTPINIT\r", "OK\r\n");
	ask(&h, "AT+HTTPDATA=4,10000\r", "DOWNLOAD\r\n");
	assert_int_equal(h.answer[RFC2217_MODEMSTATE], RFC2217_DSR | RFC2217_CTS | RFC2217_DCD_CHANGED);
	ask(&h, "abcd", "OK\r\n");
	assert_int_equal(h.answer[RFC2217_MODEMSTATE], RFC2217_DCD | RFC2217_DSR | RFC2217_CTS | RFC2217_DCD_CHANGED);
	close(h.fd);
}

static void
what_is_asked_of_the_port_is_answered(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 0);
	assert_int_equal(request(&h, RFC2217_BAUD, 0), 115200);
	assert_int_equal(request(&h, RFC2217_BAUD, 9600), 9600);
	assert_int_equal(request(&h, RFC2217_BAUD, 0), 9600);
	assert_int_equal(request(&h, RFC2217_BAUD, UINT32_MAX), 9600);
	assert_int_equal(request(&h, RFC2217_DATASIZE, 7), 8);
	assert_int_equal(request(&h, RFC2217_PARITY, RFC2217_PARITY_EVEN), RFC2217_PARITY_NONE);
	assert_int_equal(request(&h, RFC2217_STOPSIZE, 0), 1);
	assert_int_equal(request(&h, RFC2217_CONTROL, RFC2217_DTR_ASK), RFC2217_DTR_ON);
	assert_int_equal(request(&h, RFC2217_CONTROL, RFC2217_DTR_OFF), RFC2217_DTR_OFF);
	assert_int_equal(request(&h, RFC2217_CONTROL, RFC2217_DTR_ASK), RFC2217_DTR_OFF);
	assert_int_equal(request(&h, RFC2217_CONTROL, RFC2217_FLOW_XONXOFF), RFC2217_FLOW_NONE);
	assert_int_equal(request(&h, RFC2217_MODEMSTATE_MASK, RFC2217_RI), RFC2217_RI);
	assert_int_equal(request(&h, RFC2217_PURGE, 3), 3);
	rfc2217_sign(&h.codec, SPAN(""));
	flush(&h);
	while (!(h.answers & 1u << RFC2217_SIGNATURE))
		hear(&h);
	close(h.fd);
}

static void
suspended_data_is_kept_until_it_is_wanted(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 0);
	ask(&h, "ATE0\r", "OK\r\n");
	assert_true(rfc2217_say(&h.codec, RFC2217_SUSPEND, 0));
	request(&h, RFC2217_CONTROL, RFC2217_DTR_ASK);
	h.len = 0;
	assert_int_equal(write(h.fd, "AT\rAT\r", 6), 6);
	for (int i = 0; i < 20; i++)
		request(&h, RFC2217_CONTROL, RFC2217_DTR_ASK);
	assert_int_equal(h.len, 0);
	assert_true(rfc2217_say(&h.codec, RFC2217_RESUME, 0));
	flush(&h);
	while (h.len < 12)
		hear(&h);
	assert_memory_equal(h.data, "\r\nOK\r\n\r\nOK\r\n", 12);
	close(h.fd);
}

static void
the_baud_is_the_pace(void **state)
{
	struct host h;
	uint64_t began_us;

	(void)state;
	host_open(&h, 0);
	ask(&h, "ATE0\r", "OK\r\n");
	assert_int_equal(request(&h, RFC2217_BAUD, 1200), 1200);
	began_us = clock_us();
	ask(&h, "AT+CSQ\r", "OK\r\n");
	/* 7 bytes there and 20 back, of 8.3 ms each. */
	assert_true(clock_us() - began_us >= 27 * 8333);
	close(h.fd);
}

static void
a_second_host_is_told_and_the_first_is_not_disturbed(void **state)
{
	char text[256];
	size_t len = 0;
	ssize_t n;
	struct host h;
	int second;

	(void)state;
	host_open(&h, 0);
	second = connect_plain(0);
	assert_true(write(second, "\xff\xfb\x2c", 3) == 3);
	while ((n = read(second, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	assert_int_equal(n, 0);
	text[len] = '\0';
	assert_non_null(strstr(text, "is in use by 127.0.0.1:"));
	close(second);
	ask(&h, "AT\r", "OK\r\n");
	close(h.fd);
}

static void
the_next_host_finds_the_module_as_it_was(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 0);
	ask(&h, "ATE0\r", "OK\r\n");
	request(&h, RFC2217_CONTROL, RFC2217_DTR_OFF);
	close(h.fd);
	host_open(&h, 0);
	ask(&h, "AT+CSQ\r", "OK\r\n");
	assert_int_equal(h.len, 20);
	/* The port is a new one. */
	assert_int_equal(request(&h, RFC2217_CONTROL, RFC2217_DTR_ASK), RFC2217_DTR_ON);
	close(h.fd);
}

static void
emulators_in_one_process_are_apart(void **state)
{
	struct host h[EMULATORS];

	(void)state;
	for (int i = 0; i < EMULATORS; i++)
		host_open(&h[i], i);
	ask(&h[0], "ATE0\r", "OK\r\n");
	ask(&h[1], "AT+CSQ\r", "OK\r\n");
	assert_int_equal(h[1].len, 27);
	ask(&h[0], "AT+CSQ\r", "OK\r\n");
	assert_int_equal(h[0].len, 20);
	for (int i = 0; i < EMULATORS; i++)
		close(h[i].fd);
}

/* Requests without end whose answers are not read: it stops reading them, and serves the next host. */
static void
a_flood_is_not_answered_for_ever(void **state)
{
	char flood[6000];
	struct pollfd full;
	struct host h;
	int first = connect_plain(0);
	size_t sent = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(flood); i += 6)
		memcpy(flood + i, i == 0 ? "\xff\xfb\x2c\xff\xf1\xff" : "\xff\xfa\x2c\0\xff\xf0", 6);
	full = (struct pollfd){ .fd = first, .events = POLLOUT };
	/* A second without room: it does not read any more. */
	while (poll(&full, 1, 1000) == 1) {
		ssize_t n = send(first, flood, sizeof(flood), MSG_DONTWAIT);

		sent += n > 0 ? (size_t)n : 0;
		assert_true(sent < 64u << 20);
	}
	host_open(&h, 1);
	ask(&h, "AT\r", "OK\r\n");
	close(h.fd);
	close(first);
	host_open(&h, 0);
	/* What was cut off of a request was data to the module, and its line is not over. */
	ask(&h, "\rAT\r", "\r\nOK\r\n");
	close(h.fd);
}

static void
noise_is_survived(void **state)
{
	char bytes[65536];
	struct host h;
	uint32_t x = 1;
	int fd = connect_plain(0);

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (char)(i % 3 == 0 ? 0xff : x >> 24);
	}
	for (int i = 0; i < 10; i++)
		if (send(fd, bytes, sizeof(bytes), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			break;
	close(fd);
	host_open(&h, 0);
	ask(&h, "\rAT+CSQ\r", "\r\nOK\r\n");
	close(h.fd);
}

static void
plain_tcp_refuses_a_second_host_as_well(void **state)
{
	char text[256] = "";
	int first = connect_plain(0), second = connect_plain(0);

	(void)state;
	assert_true(read(second, text, sizeof(text) - 1) > 0);
	assert_non_null(strstr(text, "is in use by"));
	close(second);
	assert_int_equal(write(first, "ATE0\r", 5), 5);
	assert_true(read(first, text, sizeof(text)) > 0);
	close(first);
}

/* Keepalive gives up with ETIMEDOUT, a router with EHOSTUNREACH: that host has gone, and nobody else. */
static void
a_host_that_is_found_gone_makes_room_for_the_next(void **state)
{
	int first = connect_plain(0), other = connect_plain(1);
	char got[16] = "";

	(void)state;
	assert_int_equal(write(first, "!", 1), 1);
	assert_int_equal(read(first, got, sizeof(got)), 0);
	close(first);
	assert_int_equal(write(other, "ATE0\r", 5), 5);
	assert_int_equal(recv(other, got, 11, MSG_WAITALL), 11);
	close(other);
	first = connect_plain(0);
	assert_int_equal(write(first, "ATE0\r", 5), 5);
	assert_int_equal(recv(first, got, 11, MSG_WAITALL), 11);
	assert_memory_equal(got, "ATE0\r\r\nOK\r\n", 11);
	close(first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lines_move_before_what_is_said, start_telnet, stop),
		cmocka_unit_test_setup_teardown(what_is_asked_of_the_port_is_answered, start_telnet, stop),
		cmocka_unit_test_setup_teardown(suspended_data_is_kept_until_it_is_wanted, start_telnet, stop),
		cmocka_unit_test_setup_teardown(the_baud_is_the_pace, start_paced, stop),
		cmocka_unit_test_setup_teardown(a_second_host_is_told_and_the_first_is_not_disturbed, start_telnet, stop),
		cmocka_unit_test_setup_teardown(the_next_host_finds_the_module_as_it_was, start_telnet, stop),
		cmocka_unit_test_setup_teardown(emulators_in_one_process_are_apart, start_telnet, stop),
		cmocka_unit_test_setup_teardown(a_flood_is_not_answered_for_ever, start_telnet, stop),
		cmocka_unit_test_setup_teardown(noise_is_survived, start_telnet, stop),
		cmocka_unit_test_setup_teardown(plain_tcp_refuses_a_second_host_as_well, start_plain, stop),
		cmocka_unit_test_setup_teardown(a_host_that_is_found_gone_makes_room_for_the_next, start_and_time_out, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
