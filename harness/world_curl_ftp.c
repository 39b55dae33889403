#include "world_curl_ftp_job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

#define TIMEOUT_MS 75000
/* At the end of the program: how long sessions that are shut down may take. */
#define LAST_S 3

static void
fail(struct curl_ftp *f, int error)
{
	f->state = WORLD_FAILED;
	f->error = error;
}

/* ---- sessions that were left ------------------------------------------------------------ */

static bool
is_gone(struct curl_ftp_job *j)
{
	bool gone;

	pthread_mutex_lock(&j->lock);
	gone = j->gone;
	pthread_mutex_unlock(&j->lock);
	return gone;
}

/* Free those that have ended; those whose goodbye takes too long are cut off.  The first free place, or -1. */
static int
tend(struct curl_ftp *f, uint64_t now_us)
{
	int free_place = -1;

	for (int i = 0; i < CURL_FTP_LINGERING_MAX; i++) {
		struct curl_ftp_job *j = f->lingering[i];

		if (j != NULL && is_gone(j)) {
			pthread_join(j->thread, NULL);
			job_free(j);
			j = f->lingering[i] = NULL;
		}
		if (j == NULL)
			free_place = i;
		else if (now_us - j->closed_us > CURL_FTP_GOODBYE_US)
			job_kill(j);
	}
	return free_place;
}

static bool
lingers(const struct curl_ftp *f)
{
	for (int i = 0; i < CURL_FTP_LINGERING_MAX; i++)
		if (f->lingering[i] != NULL)
			return true;
	return false;
}

/* ---- the session's begin and end ------------------------------------------------------------ */

/* One descriptor for all sessions: world_curl polls it with libcurl's. */
static bool
event_open(struct world_curl *w)
{
	struct curl_ftp *f = &w->ftp;
	struct epoll_event event = { .events = EPOLLIN };

	if (f->event >= 0)
		return true;
	f->event = event.data.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return f->event >= 0 && epoll_ctl(w->epoll, EPOLL_CTL_ADD, f->event, &event) == 0;
}

static struct curl_ftp_job *
job_make(struct world_curl *w, const struct world_ftp_request *rq)
{
	struct curl_ftp_job *j = calloc(1, sizeof(*j));

	if (j == NULL)
		abort();
	pthread_mutex_init(&j->lock, NULL);
	j->verb = rq->verb;
	j->put = rq->put;
	j->passive = rq->passive;
	j->ascii = rq->ascii;
	j->tls = rq->tls != 0;
	j->timeout_us = UINT64_C(1000) * (rq->timeout_ms == 0 ? TIMEOUT_MS : rq->timeout_ms);
	j->event = w->ftp.event;
	return j;
}

void
curl_ftp_start(struct modem_world *mw, const struct world_ftp_request *rq)
{
	struct world_curl *w = world_curl_of(mw);
	struct curl_ftp *f = &w->ftp;
	struct curl_ftp_job *j;
	int error;

	curl_ftp_close(mw);
	f->state = WORLD_BUSY;
	/* A session that cannot be left later is not begun. */
	if (rq->cid < 1 || rq->cid > WORLD_CURL_CIDS || !w->bearer[rq->cid] || tend(f, clock_us()) < 0 || !event_open(w)) {
		fail(f, FTP_NET_ERROR);
		return;
	}
	j = job_make(w, rq);
	error = transfer_open(&j->t, w, NULL) ? job_setup(j, rq) : FTP_NET_ERROR;
	if (error == 0 && !job_start(j))
		error = FTP_NET_ERROR;
	if (error != 0) {
		job_free(j);
		fail(f, error);
		return;
	}
	f->job = j;
}

void
curl_ftp_close(struct modem_world *mw)
{
	struct curl_ftp *f = &world_curl_of(mw)->ftp;
	struct curl_ftp_job *j = f->job;
	uint64_t now = clock_us();
	bool ended;

	f->job = NULL;
	f->state = WORLD_IDLE;
	f->error = 0;
	if (j == NULL)
		return;
	pthread_mutex_lock(&j->lock);
	ended = j->ended;
	j->closed_us = now;
	pthread_mutex_unlock(&j->lock);
	/* One that ended by itself may still be saying QUIT. */
	if (!ended)
		job_kill(j);
	f->lingering[tend(f, now)] = j;
}

bool
curl_ftp_end(struct world_curl *w)
{
	struct curl_ftp *f = &w->ftp;
	struct timespec until;
	bool all = true;

	curl_ftp_close(&w->world);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LAST_S;
	for (int i = 0; i < CURL_FTP_LINGERING_MAX; i++) {
		struct curl_ftp_job *j = f->lingering[i];

		if (j == NULL)
			continue;
		job_kill(j);
		if (pthread_timedjoin_np(j->thread, NULL, &until) != 0) {
			all = false;
			continue;
		}
		job_free(j);
		f->lingering[i] = NULL;
	}
	if (all && f->event >= 0)
		close(f->event);
	return all;
}

/* ---- time ------------------------------------------------------------------------------- */

/* When the server will have been silent for too long; while it is the module's side that does nothing, never. */
static uint64_t
silence_us(struct curl_ftp_job *j)
{
	uint64_t at;

	pthread_mutex_lock(&j->lock);
	at = j->ended || j->paused ? WORLD_NEVER : j->last_us + j->timeout_us;
	pthread_mutex_unlock(&j->lock);
	return at;
}

uint64_t
curl_ftp_advance(struct world_curl *w, uint64_t now_us)
{
	struct curl_ftp *f = &w->ftp;
	uint64_t due = WORLD_NEVER, news;

	if (f->event >= 0 && read(f->event, &news, sizeof(news)) < 0 && errno != EAGAIN)
		fail(f, FTP_NET_ERROR);
	if (lingers(f)) {
		tend(f, now_us);
		due = now_us + CURL_FTP_GOODBYE_US;
	}
	if (f->job != NULL && f->state == WORLD_BUSY) {
		uint64_t at = silence_us(f->job);

		if (at <= now_us) {
			fail(f, FTP_TIMEOUT);
			job_kill(f->job);
		} else if (at < due) {
			due = at;
		}
	}
	return due;
}

/* ---- what the module sees --------------------------------------------------------------- */

static bool
is_reading(const struct curl_ftp_job *j)
{
	return j->verb == WORLD_RETR || j->verb == WORLD_LIST;
}

/* What had come before an end, good or bad, is still to be read. */
static void
poll_job(const struct curl_ftp_job *j, struct world_ftp *out)
{
	if (j->ended && (j->fill == 0 || !is_reading(j))) {
		out->state = j->error == 0 ? WORLD_DONE : WORLD_FAILED;
		out->error = j->error;
		out->size = j->size;
		out->ended = true;
		return;
	}
	if (!j->flowing)
		return;
	out->state = WORLD_READY;
	if (is_reading(j)) {
		out->available = j->fill;
		out->ended = j->ended && j->error == 0;
	} else if (!j->finish && CURL_FTP_RING - j->fill >= CURL_FTP_SEGMENT) {
		out->window = CURL_FTP_RING - j->fill;
	}
}

void
curl_ftp_poll(struct modem_world *mw, struct world_ftp *out)
{
	struct curl_ftp *f = &world_curl_of(mw)->ftp;

	*out = (struct world_ftp){ .state = f->state, .error = f->error };
	if (f->job == NULL || f->state != WORLD_BUSY)
		return;
	pthread_mutex_lock(&f->job->lock);
	poll_job(f->job, out);
	pthread_mutex_unlock(&f->job->lock);
}

static void
go_on(struct curl_ftp_job *j)
{
	if (j->multi != NULL)
		curl_multi_wakeup(j->multi);
}

size_t
curl_ftp_read(struct modem_world *mw, char *into, size_t cap)
{
	struct curl_ftp_job *j = world_curl_of(mw)->ftp.job;
	size_t n;

	if (j == NULL || !is_reading(j))
		return 0;
	pthread_mutex_lock(&j->lock);
	n = ring_take(j, into, cap);
	if (j->paused && j->fill <= CURL_FTP_RING / 2) {
		j->last_us = clock_us();
		go_on(j);
	}
	pthread_mutex_unlock(&j->lock);
	return n;
}

size_t
curl_ftp_write(struct modem_world *mw, struct span bytes)
{
	struct curl_ftp_job *j = world_curl_of(mw)->ftp.job;
	size_t n = 0;

	if (j == NULL || j->verb != WORLD_STORE)
		return 0;
	pthread_mutex_lock(&j->lock);
	if (j->flowing && !j->finish && !j->ended)
		n = ring_put(j, bytes.at, bytes.len);
	if (n > 0 && j->paused) {
		j->last_us = clock_us();
		go_on(j);
	}
	pthread_mutex_unlock(&j->lock);
	return n;
}

void
curl_ftp_finish(struct modem_world *mw)
{
	struct curl_ftp_job *j = world_curl_of(mw)->ftp.job;

	if (j == NULL || j->verb != WORLD_STORE)
		return;
	pthread_mutex_lock(&j->lock);
	j->finish = true;
	j->last_us = clock_us();
	go_on(j);
	pthread_mutex_unlock(&j->lock);
}
