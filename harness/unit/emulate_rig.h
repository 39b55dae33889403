/*
 * emulate_rig: the emulator in a process of its own, at the other end of a socket, for tests of what a host sees.
 */
#ifndef EMULATE_RIG_H
#define EMULATE_RIG_H

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "emulate.h"
#include "emulate_world.h"

static pid_t emulator;
static int host;	/* the test's end; the test closes it */

static int
emulator_main(int fd)
{
	struct emulator one = { .port = { .in = fd, .out = fd, .listening = -1, .slave = -1, .name = "socket" } };
	struct err e = { 0 };
	struct world_sim *w = emulate_world_sim(NULL, 1, &e);
	struct modem *m = malloc(sizeof(*m));
	int result;

	if (w == NULL || m == NULL)
		return 99;
	modem_init(m, modem_profile_find(SPAN("")), world_sim_modem(w), 1, clock_us());
	one.modem = m;
	result = emulate_run(&one, 1, &e);
	free(m);
	world_sim_free(w);
	return result;
}

/* type: SOCK_STREAM, or SOCK_SEQPACKET, which keeps the bounds of what was written. */
static int
emulator_start(int type)
{
	int ends[2];

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0)
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

static int
emulator_status(void)
{
	int status = 0;

	assert_int_equal(waitpid(emulator, &status, 0), emulator);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Send, and compare what is read in one piece with want. */
static void
ask(const char *bytes, const char *want)
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

#endif
