/*
 * wire_exec: a program on a pseudo-terminal of its own, by sh -c: the emulator with a world of its own, ssh or socat to a
 * port elsewhere.  What it writes on its standard error goes where ours goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "wire_stream.h"

/* After the hang-up it has so long to end, and after SIGTERM as long again. */
#define END_US 1000000u
#define LAST_US 200000u

struct wire_exec {
	struct wire_stream stream; /* first */
	pid_t child;               /* 0: none, or it has been waited for */
	int status;                /* of waitpid, once ended is set */
	bool ended;
};

static struct wire_exec *
exec_of(struct wire_stream *s)
{
	return (struct wire_exec *)s;
}

/* ---- the child's end ------------------------------------------------------------- */

/* In the child: no return. */
static void
child_run(int slave, const char *command)
{
	struct sigaction preset = { .sa_handler = SIG_DFL };
	sigset_t none;

	sigemptyset(&none);
	for (int number = 1; number < 32; number++)
		sigaction(number, &preset, NULL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) != 0 || dup2(slave, STDIN_FILENO) < 0 || dup2(slave, STDOUT_FILENO) < 0)
		_exit(126);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* The slave, raw from before the child's first byte. */
static int
slave_open(int master)
{
	char path[64];
	struct termios t;
	int slave = -1;

	if (grantpt(master) == 0 && unlockpt(master) == 0 && ptsname_r(master, path, sizeof(path)) == 0)
		slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0 || tcgetattr(slave, &t) != 0)
		goto failed;
	cfmakeraw(&t);
	if (tcsetattr(slave, TCSANOW, &t) == 0)
		return slave;
failed:
	if (slave >= 0)
		close(slave);
	return -1;
}

static int
exec_open(struct wire_stream *s, struct err *e)
{
	struct wire_exec *x = exec_of(s);
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	int slave = master < 0 ? -1 : slave_open(master);

	if (slave < 0) {
		err_errno(e, EXIT_RIG, "%s: no pseudo-terminal", s->name);
		if (master >= 0)
			close(master);
		return -1;
	}
	x->ended = false;
	x->child = fork();
	if (x->child == 0)
		child_run(slave, s->port.command);
	close(slave);
	if (x->child < 0) {
		x->child = 0;
		err_errno(e, EXIT_RIG, "%s: cannot start it", s->name);
		close(master);
		return -1;
	}
	s->fd = master;
	return 0;
}

/* ---- the child's end of life ------------------------------------------------------ */

/* Wait for the child until then; true: it has ended. */
static bool
child_wait(struct wire_exec *x, uint64_t until_us)
{
	const struct timespec nap = { .tv_nsec = 2000000 };

	for (;;) {
		pid_t got = waitpid(x->child, &x->status, WNOHANG);

		if (got == x->child || (got < 0 && errno != EINTR)) {
			x->ended = got == x->child;
			x->child = 0;
			return true;
		}
		if (clock_us() >= until_us)
			return false;
		nanosleep(&nap, NULL);
	}
}

/* The pseudo-terminal hangs up, which ends most programs; what else is needed is asked for, then done.  It leads a group of its own. */
static void
exec_closing(struct wire_stream *s, bool lost)
{
	static const int asking[] = { SIGTERM, SIGKILL };
	struct wire_exec *x = exec_of(s);
	pid_t group = x->child;

	if (x->child == 0)
		return;
	/* Where it hung up, it has ended by itself, or is about to: then its status is what there is to tell. */
	if (child_wait(x, lost ? clock_us() + LAST_US : 0))
		return;
	kill(-group, SIGHUP);
	for (size_t i = 0; i < sizeof(asking) / sizeof(asking[0]) && !child_wait(x, clock_us() + END_US); i++)
		kill(-group, asking[i]);
	if (x->child != 0)
		child_wait(x, UINT64_MAX);
}

static void
exec_why(struct wire_stream *s, int number, struct err *e)
{
	struct wire_exec *x = exec_of(s);

	/* The end of a pseudo-terminal whose other side has gone is EIO. */
	if (x->ended && WIFEXITED(x->status) && (number == 0 || number == EIO))
		err_set(e, EXIT_RIG, "%s: the program has ended with status %d%s", s->name, WEXITSTATUS(x->status),
		    WEXITSTATUS(x->status) == 127 ? " (not found?)" : "");
	else if (x->ended && WIFSIGNALED(x->status) && (number == 0 || number == EIO))
		err_set(e, EXIT_RIG, "%s: the program was ended by signal %d (%s)", s->name, WTERMSIG(x->status),
		    strsignal(WTERMSIG(x->status)));
	else
		err_set(e, EXIT_RIG, "%s: %s", s->name, number == 0 ? "hung up" : strerror(number));
}

static void
exec_free(struct wire_stream *s)
{
	free(s);
}

static const struct wire_stream_kind kind = { .open = exec_open, .closing = exec_closing, .why = exec_why, .free = exec_free };

struct wire *
wire_exec_open(const struct port *port, struct err *e)
{
	struct wire_exec *x = calloc(1, sizeof(*x));

	if (x == NULL)
		abort();
	return wire_stream_open(&x->stream, &kind, port, e) == 0 ? &x->stream.wire : NULL;
}
