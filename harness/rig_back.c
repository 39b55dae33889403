/* rig_back: get back a module that is silent, or a port that vanished; the lab's own command for that. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "escape.h"
#include "rig_parts.h"

#define RECOVER_US 60000000u   /* a relay, a script: what takes longer hangs */
#define RECOVER_SHOWN_MAX 2048 /* of what it says */
#define REOPEN_US 250000u
#define SETTLE_US 40000000u

/* ---- the recovery command -------------------------------------------------------- */

/* In the child. */
static void
child_run(const char *command, int out)
{
	struct sigaction preset = { .sa_handler = SIG_DFL };
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	for (int number = 1; number < 32; number++)
		sigaction(number, &preset, NULL);
	setpgid(0, 0);
	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
		_exit(126);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static void
show_output(const char *said, size_t n, bool more)
{
	char shown[4 * 200 + 32];

	for (size_t at = 0; at < n;) {
		const char *end = memchr(said + at, '\n', n - at);
		size_t len = end == NULL ? n - at : (size_t)(end - (said + at));

		escape_bytes(shown, sizeof(shown), span_first(span_of(said + at, len), 200));
		fprintf(stderr, "attest run:   | %s\n", shown);
		at += len + 1;
	}
	if (more)
		fprintf(stderr, "attest run:   | ... more, not shown\n");
}

/* Read what it says until it has ended or until_us; true: it has ended. */
static bool
wait_for(pid_t child, int *status, int from, uint64_t until_us, const volatile sig_atomic_t *stop, char *said, size_t *used, bool *more)
{
	char bytes[512];

	for (;;) {
		struct pollfd p = { .fd = from, .events = POLLIN };
		ssize_t n = poll(&p, 1, 20) > 0 ? read(from, bytes, sizeof(bytes)) : 0;

		if (n > 0) {
			size_t room = RECOVER_SHOWN_MAX - *used, part = (size_t)n < room ? (size_t)n : room;

			memcpy(said + *used, bytes, part);
			*used += part;
			*more = *more || part < (size_t)n;
			if (clock_us() < until_us && (stop == NULL || *stop == 0))
				continue;
		}
		/* What it started in the background may keep the pipe: its own end is what counts. */
		if (waitpid(child, status, WNOHANG) == child)
			return true;
		if (clock_us() >= until_us || (stop != NULL && *stop != 0))
			return false;
		if (n <= 0 && (p.revents & POLLHUP) != 0) {
			const struct timespec nap = { .tv_nsec = 10000000 };

			nanosleep(&nap, NULL);
		}
	}
}

static void
end_group(pid_t child, int *status)
{
	const struct timespec nap = { .tv_nsec = 10000000 };

	kill(-child, SIGTERM);
	for (int i = 0; i < 100; i++) {
		if (waitpid(child, status, WNOHANG) == child) {
			kill(-child, SIGKILL);
			return;
		}
		nanosleep(&nap, NULL);
	}
	kill(-child, SIGKILL);
	waitpid(child, status, 0);
}

int
rig_command(const char *command, const volatile sig_atomic_t *stop)
{
	char said[RECOVER_SHOWN_MAX], shown[400];
	size_t used = 0;
	bool more = false, ended;
	int ends[2], status = 0;
	pid_t child;

	escape_bytes(shown, sizeof(shown), span_str(command));
	fprintf(stderr, "attest run: recovery command: %s\n", shown);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return 0;
	child = fork();
	if (child == 0)
		child_run(command, ends[1]);
	close(ends[1]);
	if (child < 0) {
		fprintf(stderr, "attest run: recovery command: cannot be started: %s\n", strerror(errno));
		close(ends[0]);
		return 0;
	}
	setpgid(child, child);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	ended = wait_for(child, &status, ends[0], clock_us() + RECOVER_US, stop, said, &used, &more);
	if (!ended)
		end_group(child, &status);
	close(ends[0]);
	show_output(said, used, more);
	if (!ended && stop != NULL && *stop != 0)
		return -1;
	if (!ended)
		fprintf(stderr, "attest run: recovery command: ended by force after %u s\n", RECOVER_US / 1000000);
	else if (WIFEXITED(status))
		fprintf(stderr, "attest run: recovery command: status %d\n", WEXITSTATUS(status));
	else
		fprintf(stderr, "attest run: recovery command: ended by signal %d\n", WTERMSIG(status));
	return 0;
}

/* ---- the port ------------------------------------------------------------------------ */

/* Without a wire, time is only the clock's. */
static int
nap(const struct rig *r, uint64_t us)
{
	const struct timespec t = { .tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000) * 1000 };

	nanosleep(&t, NULL);
	return talk_stopped(&r->talk) ? -1 : 0;
}

static int
reopen(struct rig *r, uint64_t until_us, struct err *e)
{
	struct err why = { 0 };
	int got;

	if (r->inner->ops->reopen == NULL)
		return err_set(e, EXIT_RIG, "the port is lost, and cannot be opened again");
	while ((got = r->inner->ops->reopen(r->inner, &why)) == 1) {
		if (clock_us() >= until_us)
			break;
		if (nap(r, REOPEN_US) < 0)
			return rig_complain(r, TALK_STOPPED, "AT", e);
	}
	if (got == 0) {
		r->lost = false;
		return 0;
	}
	return err_set(e, EXIT_RIG, "%.300s (waited %u s)", why.text, got < 0 ? 0 : (unsigned)(r->options.wait_us / 1000000));
}

/* ---- all of it -------------------------------------------------------------------------- */

static bool
is_type(const struct outcome *o, const char *type)
{
	return strcmp(o->type, type) == 0;
}

/* Port and module, in the state of a case's start.  A port may come and go for a while. */
static int
come_back(struct rig *r, unsigned touched, struct err *e)
{
	uint64_t until_us = clock_us() + r->options.wait_us;

	for (;;) {
		if (r->lost && reopen(r, until_us, e) != 0)
			return -1;
		if (rig_search(r, talk_now(&r->talk) + r->options.wait_us, e) == 0 && rig_put_back(r, RIG_EVERYTHING | touched, e) == 0)
			break;
		if (!r->lost || talk_stopped(&r->talk) || clock_us() >= until_us || nap(r, REOPEN_US) < 0)
			return -1;
	}
	r->found_us = talk_now(&r->talk);
	r->watch.touched = 0;
	return 0;
}

int
rig_after(struct rig *r, const struct outcome *o, struct err *e)
{
	bool restarted = is_type(o, "ModuleRestarted") || is_type(o, "SupplyFailed"), silent = is_type(o, "ModuleSilent");
	uint64_t since_us = clock_us();

	if (o->verdict != VERDICT_PASS)
		r->watch.touched |= RIG_UNSURE;
	if (!r->lost && !restarted && !silent && !is_type(o, "RigAbsent"))
		return 0;
	fprintf(stderr, "attest run: %s; it is waited for, at most %u s\n",
	    r->lost     ? "the port is lost"
	    : restarted ? "the module restarted"
			: "the module does not answer",
	    (unsigned)(r->options.wait_us / 1000000));
	/* How far its start has come by now. */
	r->talk.call_ready = r->watch.call_ready;
	r->talk.sms_ready = r->watch.sms_ready;
	/* A port that comes back by itself needs no relay. */
	if (r->lost && come_back(r, 0, e) == 0)
		goto back;
	if (talk_stopped(&r->talk))
		return rig_complain(r, TALK_STOPPED, "AT", e);
	if (r->options.recover != NULL) {
		r->talk.call_ready = r->talk.sms_ready = false;
		if (rig_command(r->options.recover, r->options.stop) < 0)
			return rig_complain(r, TALK_STOPPED, "AT", e);
	}
	if ((r->options.recover == NULL && r->lost) || come_back(r, RIG_RESTART, e) != 0)
		return -1;
back:
	fprintf(stderr, "attest run: the module is back after %.1f s\n", (double)(clock_us() - since_us) / 1e6);
	return 0;
}
