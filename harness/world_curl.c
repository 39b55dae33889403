#include "world_curl_parts.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "clock.h"

/* Sockets that are looked at in one go; what is left is there the next time. */
#define EVENTS_MAX 16
/* So often in one advance may libcurl want to be called again at once. */
#define ROUNDS_MAX 16

/* ---- libcurl's sockets and timer ---------------------------------------------------- */

/* libcurl wants this socket watched for that.  A descriptor that was closed has left epoll by itself, so failing to remove it is no error. */
static int
watch(CURL *easy, curl_socket_t fd, int what, void *world, void *known)
{
	struct world_curl *w = world;
	struct epoll_event event = { .data.fd = fd };

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(w->epoll, EPOLL_CTL_DEL, fd, &event);
		curl_multi_assign(w->multi, fd, NULL);
		return 0;
	}
	if (what != CURL_POLL_OUT)
		event.events |= EPOLLIN;
	if (what != CURL_POLL_IN)
		event.events |= EPOLLOUT;
	if (epoll_ctl(w->epoll, known == NULL ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event) != 0 &&
	    epoll_ctl(w->epoll, known == NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) != 0)
		return -1;
	curl_multi_assign(w->multi, fd, w);
	return 0;
}

/* libcurl counts whole milliseconds: called a fraction too early, it does nothing and does not ask again. */
static uint64_t
after_ms(long ms)
{
	if (ms < 0)
		return WORLD_NEVER;
	return clock_us() + (ms == 0 ? 0 : (uint64_t)ms * 1000 + 1000);
}

static int
set_timer(CURLM *multi, long ms, void *world)
{
	struct world_curl *w = world;

	(void)multi;
	w->due_us = after_ms(ms);
	return 0;
}

static void
timer_ran_out(struct world_curl *w)
{
	int running;
	long ms = -1;

	w->due_us = WORLD_NEVER;
	curl_multi_socket_action(w->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	/* It tells of its timer when that changes, not when it stays as it was. */
	if (w->due_us == WORLD_NEVER && curl_multi_timeout(w->multi, &ms) == CURLM_OK)
		w->due_us = after_ms(ms);
}

/* Whether a socket of libcurl's had something; heard becomes true for any. */
static bool
sockets_run(struct world_curl *w, bool *heard)
{
	struct epoll_event events[EVENTS_MAX];
	int n = epoll_wait(w->epoll, events, EVENTS_MAX, 0), running;
	bool ran = false;

	for (int i = 0; i < n; i++) {
		int what = 0;

		*heard = true;
		if (events[i].data.fd == w->ftp.event)
			continue;
		ran = true;
		if (events[i].events & EPOLLIN)
			what |= CURL_CSELECT_IN;
		if (events[i].events & EPOLLOUT)
			what |= CURL_CSELECT_OUT;
		if (events[i].events & (EPOLLERR | EPOLLHUP))
			what |= CURL_CSELECT_ERR;
		curl_multi_socket_action(w->multi, events[i].data.fd, what, &running);
	}
	return ran;
}

/* Transfers that have ended. */
static void
tell_ended(struct world_curl *w)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(w->multi, &left)) != NULL) {
		struct curl_transfer *t = NULL;

		if (message->msg != CURLMSG_DONE || curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t) != CURLE_OK || t == NULL)
			continue;
		t->result = message->data.result;
		curl_multi_remove_handle(w->multi, t->easy);
		t->running = false;
		t->ended(t);
	}
}

static uint64_t
advance(struct modem_world *mw, uint64_t now_us)
{
	struct world_curl *w = world_curl_of(mw);
	bool heard = false;
	uint64_t ftp_us;

	for (int i = 0; i < ROUNDS_MAX; i++) {
		bool ran = sockets_run(w, &heard);

		if (w->due_us <= now_us) {
			timer_ran_out(w);
			ran = heard = true;
		}
		tell_ended(w);
		if (!ran)
			break;
	}
	ftp_us = curl_ftp_advance(w, now_us);
	/* It is not known who polls next, nor whether what came is what it waits for. */
	if (heard)
		return now_us;
	return ftp_us < w->due_us ? ftp_us : w->due_us;
}

/* ---- what the emulator's loop polls ---------------------------------------------------- */

static struct world_curl *
far_world(struct emulate_far *far)
{
	return (struct world_curl *)(void *)((char *)far - offsetof(struct world_curl, far));
}

static size_t
far_fds(struct emulate_far *far, struct pollfd *into)
{
	into[0] = (struct pollfd){ .fd = far_world(far)->epoll, .events = POLLIN };
	return 1;
}

/* The module asks advance when it is due. */
static uint64_t
far_due(struct emulate_far *far)
{
	(void)far;
	return WORLD_NEVER;
}

static bool
far_polled(struct emulate_far *far, const struct pollfd *fds, size_t count, uint64_t now_us)
{
	(void)far;
	(void)now_us;
	return count > 0 && fds[0].revents != 0;
}

/* ---- bearers ----------------------------------------------------------------------------- */

static void
bearer_open(struct modem_world *mw, int cid, struct span apn, struct span user, struct span password)
{
	(void)apn;
	(void)user;
	(void)password;
	if (cid >= 1 && cid <= WORLD_CURL_CIDS)
		world_curl_of(mw)->bearer[cid] = true;
}

static void
bearer_poll(struct modem_world *mw, int cid, struct world_bearer *out)
{
	bool open = cid >= 1 && cid <= WORLD_CURL_CIDS && world_curl_of(mw)->bearer[cid];

	*out = (struct world_bearer){ .state = open ? WORLD_READY : WORLD_IDLE };
	/* RFC 1918, as in the note's example (3.1). */
	if (open)
		memcpy(out->ip, (const uint8_t[]){ 10, 89, 193, (uint8_t)cid }, sizeof(out->ip));
}

static void
bearer_close(struct modem_world *mw, int cid)
{
	if (cid >= 1 && cid <= WORLD_CURL_CIDS)
		world_curl_of(mw)->bearer[cid] = false;
}

/* ---- the world ----------------------------------------------------------------------------- */

static const struct modem_world_ops ops = {
	.bearer_open = bearer_open,
	.bearer_poll = bearer_poll,
	.bearer_close = bearer_close,
	.http_start = curl_http_start,
	.http_poll = curl_http_poll,
	.http_read = curl_http_read,
	.http_close = curl_http_close,
	.ftp_start = curl_ftp_start,
	.ftp_poll = curl_ftp_poll,
	.ftp_read = curl_ftp_read,
	.ftp_write = curl_ftp_write,
	.ftp_finish = curl_ftp_finish,
	.ftp_close = curl_ftp_close,
	.advance = advance,
};

/* Names must be looked up in threads, or a slow name server would stop the AT side. */
static int
check_library(struct err *e)
{
	const curl_version_info_data *library = curl_version_info(CURLVERSION_NOW);

	if (library->version_num < 0x075700)
		return err_set(e, EXIT_RIG, "libcurl %s: 7.87.0 or later is needed", library->version);
	if (!(library->features & CURL_VERSION_ASYNCHDNS))
		return err_set(e, EXIT_RIG, "libcurl %s: built without looking up names in the background", library->version);
	return 0;
}

struct world_curl *
world_curl_open(const struct world_reach *reach, FILE *says, struct err *e)
{
	struct world_curl *w;

	if (check_library(e) != 0)
		return NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		err_set(e, EXIT_RIG, "libcurl does not start");
		return NULL;
	}
	if ((w = calloc(1, sizeof(*w))) == NULL)
		abort();
	w->world.ops = &ops;
	w->far = (struct emulate_far){ .fds = far_fds, .due = far_due, .polled = far_polled };
	w->ftp.event = -1;
	pthread_mutex_init(&w->saying, NULL);
	w->due_us = WORLD_NEVER;
	w->reach = reach;
	w->says = says;
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	w->multi = curl_multi_init();
	if (w->epoll < 0 || w->multi == NULL) {
		err_errno(e, EXIT_RIG, "--world net");
		world_curl_close(w);
		return NULL;
	}
	curl_multi_setopt(w->multi, CURLMOPT_SOCKETFUNCTION, watch);
	curl_multi_setopt(w->multi, CURLMOPT_SOCKETDATA, w);
	curl_multi_setopt(w->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(w->multi, CURLMOPT_TIMERDATA, w);
	curl_multi_setopt(w->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	return w;
}

struct modem_world *
world_curl_modem(struct world_curl *w)
{
	return &w->world;
}

struct emulate_far *
world_curl_far(struct world_curl *w)
{
	return &w->far;
}

void
world_curl_close(struct world_curl *w)
{
	if (w == NULL)
		return;
	curl_http_close(&w->world);
	/* A thread that libcurl does not let go uses this to its end, which is the program's. */
	if (!curl_ftp_end(w))
		return;
	if (w->multi != NULL)
		curl_multi_cleanup(w->multi);
	if (w->epoll >= 0)
		close(w->epoll);
	pthread_mutex_destroy(&w->saying);
	free(w);
	curl_global_cleanup();
}
