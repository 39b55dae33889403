/* All emulators of this process in one loop: sleep until something comes, is due, or a signal ends it. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "emulate_link.h"
#include "stop.h"

/* What an emulator itself wants polled, in this order; its far side's follow. */
enum own_fd { FD_IN, FD_OUT, FD_LISTENING, FD_REFUSED, OWN_FDS };

#define FDS_MAX (OWN_FDS + EMULATE_FDS_MAX)
/* Longest sleep; with a host that has ended. */
#define SLEEP_US 3600000000u
#define SLEEP_ENDED_US 1000000u

struct loop {
	struct emulate_link *links; /* owned, count of them */
	size_t count;
	struct pollfd *fds; /* owned; FDS_MAX for each link, packed */
	size_t *first;      /* owned; where a link's begin, and behind the last where they end */
};

/* What input is waited for.  A TCP host that closes is seen even while the module has no room for what it has sent. */
static void
own_fds(const struct emulate_link *l, struct pollfd *fds)
{
	const struct emulate_port *p = &l->of->port;
	bool hears = link_hears(l), tcp = p->listening >= 0;

	fds[FD_IN] = (struct pollfd){ .fd = hears || (tcp && !l->ended && !l->ending) ? p->in : -1 };
	if (hears)
		fds[FD_IN].events |= POLLIN;
	if (tcp && !l->ending)
		fds[FD_IN].events |= POLLRDHUP;
	fds[FD_OUT] = (struct pollfd){ .fd = link_writes(l) ? p->out : -1, .events = POLLOUT };
	/* The next host waits until the last word of one that has closed is read. */
	fds[FD_LISTENING] = (struct pollfd){ .fd = l->ending && !l->ended ? -1 : p->listening, .events = POLLIN };
	fds[FD_REFUSED] = (struct pollfd){ .fd = l->refused, .events = POLLIN };
}

/* Gather what is to be polled; until when to sleep. */
static uint64_t
gather(struct loop *loop, uint64_t now_us)
{
	uint64_t until_us = now_us + SLEEP_US;
	size_t n = 0;

	for (size_t i = 0; i < loop->count; i++) {
		const struct emulate_link *l = &loop->links[i];
		struct emulate_far *far_side = l->of->far;
		uint64_t due_us = link_due(l, now_us), far_us = far_side == NULL ? MODEM_NEVER : far_side->due(far_side);

		loop->first[i] = n;
		own_fds(l, loop->fds + n);
		n += OWN_FDS;
		if (far_side != NULL)
			n += far_side->fds(far_side, loop->fds + n);
		if (far_us < due_us)
			due_us = far_us;
		if (l->ended && due_us > now_us + SLEEP_ENDED_US)
			due_us = now_us + SLEEP_ENDED_US;
		if (due_us < until_us)
			until_us = due_us;
	}
	loop->first[loop->count] = n;
	return until_us;
}

/* What poll has found for one of them. */
static int
attend(struct emulate_link *l, const struct pollfd *fds, size_t count, struct err *e)
{
	struct emulate_far *far_side = l->of->far;
	uint64_t now_us = clock_us();

	if (fds[FD_IN].revents & POLLRDHUP)
		l->ending = true;
	if (fds[FD_REFUSED].revents != 0)
		link_refused_read(l);
	if (fds[FD_IN].revents != 0) {
		if (link_hears(l)) {
			if (link_read(l, e) != 0)
				return -1;
		} else if (fds[FD_IN].revents & (POLLERR | POLLHUP)) {
			link_host_gone(l);
		}
	}
	if (fds[FD_LISTENING].revents != 0 && (!l->ending || l->ended))
		link_host_come(l);
	if (far_side != NULL && far_side->polled(far_side, fds + OWN_FDS, count - OWN_FDS, now_us))
		modem_look(l->of->modem, now_us);
	return 0;
}

static int
turn(struct loop *loop, const sigset_t *sleeping, struct err *e)
{
	uint64_t now_us = clock_us(), until_us = gather(loop, now_us), wait_us = until_us <= now_us ? 0 : until_us - now_us;
	struct timespec wait = { .tv_sec = (time_t)(wait_us / 1000000), .tv_nsec = (long)(wait_us % 1000000) * 1000 };

	if (ppoll(loop->fds, loop->first[loop->count], &wait, sleeping) < 0)
		return errno == EINTR ? 0 : err_errno(e, EXIT_RIG, "poll");
	for (size_t i = 0; i < loop->count; i++)
		if (attend(&loop->links[i], loop->fds + loop->first[i], loop->first[i + 1] - loop->first[i], e) != 0)
			return -1;
	return 0;
}

static int
serve(struct loop *loop, const sigset_t *sleeping, struct err *e)
{
	while (stop_signal == 0) {
		for (size_t i = 0; i < loop->count; i++) {
			struct emulate_link *l = &loop->links[i];

			if (link_play(l, clock_us(), e) != 0)
				return -1;
			if (!link_finished(l, clock_us()))
				continue;
			if (l->of->port.listening < 0)
				return 0;
			link_host_gone(l);
		}
		if (turn(loop, sleeping, e) != 0)
			return -1;
	}
	return 128 + stop_signal;
}

int
emulate_run(struct emulator *all, size_t count, struct err *e)
{
	struct loop loop = {
		.links = calloc(count, sizeof(*loop.links)),
		.count = count,
		.fds = calloc(count, FDS_MAX * sizeof(*loop.fds)),
		.first = calloc(count + 1, sizeof(*loop.first)),
	};
	sigset_t stops, before;
	int result;

	if (loop.links == NULL || loop.fds == NULL || loop.first == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		link_open(&loop.links[i], &all[i]);
	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGHUP);
	/* They are let in while sleeping only, so that none is missed between a look at stop_signal and the sleep. */
	sigprocmask(SIG_BLOCK, &stops, &before);
	stop_on_signals();
	result = serve(&loop, &before, e);
	sigprocmask(SIG_SETMASK, &before, NULL);
	for (size_t i = 0; i < count; i++)
		link_close(&loop.links[i]);
	free(loop.links);
	free(loop.fds);
	free(loop.first);
	return result;
}
