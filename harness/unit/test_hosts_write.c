/*
 * One answer is one write: a host program that reads once per answer, or drops what comes 50 ms later, depends on it
 * (item 13).  The emulator writes to a socket that keeps the bounds of what was written.
 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "emulate.h"
#include "world_sim.h"

#define OK "\r\nOK\r\n"

static int host;
static pid_t emulator;

static int
emulator_main(int fd)
{
	struct emulate_port p = { .in = fd, .out = fd, .listening = -1, .slave = -1, .name = "socket" };
	struct err e = { 0 };
	struct world_sim *w = world_sim_new();
	struct modem *m = malloc(sizeof(*m));
	int result;

	if (m == NULL || world_sim_begin(w, NULL, 1, &e) != 0)
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
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
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

/* Send, and compare the next write with want. */
static void
talk(const char *bytes, const char *want)
{
	static char got[16384];
	struct pollfd come = { .fd = host, .events = POLLIN };
	ssize_t n;

	assert_int_equal(write(host, bytes, strlen(bytes)), strlen(bytes));
	assert_int_equal(poll(&come, 1, 10000), 1);
	n = read(host, got, sizeof(got));
	assert_int_equal(n, strlen(want));
	assert_memory_equal(got, want, strlen(want));
}

static void
item_13_echo_header_data_and_ok_are_one_write(void **state)
{
	static char data[3001], want[4096];
	int status = 0;

	(void)state;
	memset(data, 'x', 3000);
	talk("AT+CSQ\r\n", "AT+CSQ\r\r\n+CSQ: 18,0\r\n" OK);
	talk("AT+HTTPINIT\r\n", "AT+HTTPINIT\r" OK);
	talk("AT+HTTPDATA=3000,10000\r\n", "AT+HTTPDATA=3000,10000\r\r\nDOWNLOAD\r\n");
	talk(data, OK);
	snprintf(want, sizeof(want), "AT+HTTPREAD\r\r\n+HTTPREAD: 3000\r\n%s%s", data, OK);
	talk("AT+HTTPREAD\r\n", want);
	close(host);
	assert_int_equal(waitpid(emulator, &status, 0), emulator);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(item_13_echo_header_data_and_ok_are_one_write, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
