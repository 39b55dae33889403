/* What arrived at the servers, for far: the newest of it. */
#include "world_parts.h"

/* Of each half: so much is remembered at least, and twice so much at most. */
#define HALF_MAX (8u << 20)

void
log_begin(struct world_sim *w)
{
	struct world_log *l = &w->log;
	struct http_seen **http = &l->http;
	struct ftp_seen **ftp = &l->ftp;

	if (l->used < HALF_MAX)
		return;
	/* The newest come first: what follows the last of this half is the other's. */
	while (*http != NULL && (*http)->half == l->now)
		http = &(*http)->before;
	while (*ftp != NULL && (*ftp)->half == l->now)
		ftp = &(*ftp)->before;
	for (; *http != NULL; *http = (*http)->before)
		l->http_forgotten++;
	for (; *ftp != NULL; *ftp = (*ftp)->before)
		l->ftp_forgotten++;
	l->now = !l->now;
	l->used = 0;
	arena_shrink(&l->half[l->now]);
}

static struct span
keep(struct world_log *l, struct span s)
{
	l->used += s.len;
	return arena_copy(&l->half[l->now], s);
}

void
log_http(struct world_sim *w, const struct http_seen *seen)
{
	struct world_log *l = &w->log;
	struct http_seen *s = arena_alloc(&l->half[l->now], sizeof(*s));

	*s = *seen;
	s->before = l->http;
	s->half = l->now;
	s->url = keep(l, seen->url);
	s->header = keep(l, seen->header);
	s->body = keep(l, seen->body);
	s->proxy = keep(l, seen->proxy);
	l->used += sizeof(*s);
	l->http = s;
}

void
log_ftp(struct world_sim *w, enum ftp_verb verb, struct span argument, uint64_t at_us)
{
	struct world_log *l = &w->log;
	struct ftp_seen *s = arena_alloc(&l->half[l->now], sizeof(*s));

	*s = (struct ftp_seen){ .before = l->ftp, .half = l->now, .at_us = at_us, .verb = verb, .argument = keep(l, argument) };
	l->used += sizeof(*s);
	l->ftp = s;
}

void
log_http_stop(struct world_sim *w)
{
	while (w->log.http != NULL && w->log.http->at_us > w->now_us)
		w->log.http = w->log.http->before;
}

void
log_ftp_stop(struct world_sim *w)
{
	while (w->log.ftp != NULL && w->log.ftp->at_us > w->now_us)
		w->log.ftp = w->log.ftp->before;
}

void
log_forget(struct world_sim *w)
{
	arena_shrink(&w->log.half[0]);
	arena_shrink(&w->log.half[1]);
	w->log = (struct world_log){ .half = { w->log.half[0], w->log.half[1] } };
}

void
log_free(struct world_sim *w)
{
	arena_free(&w->log.half[0]);
	arena_free(&w->log.half[1]);
}
