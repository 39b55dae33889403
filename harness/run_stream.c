#include <stdlib.h>

#include "run_stream.h"

#define STREAM_BUFFER_FIRST (64u << 10)

int
stream_init(struct stream *s, struct wire *w)
{
	s->wire = w;
	s->cap = STREAM_BUFFER_FIRST;
	s->bytes = malloc(s->cap);
	return s->bytes == NULL ? -1 : 0;
}

void
stream_free(struct stream *s)
{
	free(s->bytes);
}

void
stream_reset(struct stream *s, enum at_mode mode)
{
	s->mark = s->fed = s->end = 0;
	s->base = 0;
	s->first_chunk = s->chunks = 0;
	s->held = false;
	s->step_bytes = 0;
	at_reply_init(&s->parser, mode);
}

void
stream_step(struct stream *s)
{
	s->step_bytes = 0;
}

uint64_t
stream_now(const struct stream *s)
{
	return s->wire->ops->now(s->wire);
}

/* A held event's text may lie in the buffer that moves. */
static void
stream_moved(struct stream *s, const char *old, size_t old_cap, ptrdiff_t by, char *now)
{
	struct span *text = &s->event.reply.text;

	if (s->held && text->at >= old && text->at <= old + old_cap)
		text->at = now + ((text->at - old) - by);
}

/* Make room for at least one read: drop what was taken, or grow.  false: the limit is reached. */
static bool
stream_room(struct stream *s)
{
	size_t drop = s->mark;

	if (s->end < s->cap)
		return true;
	if (s->held)
		drop = 0; /* its text may lie just before mark's bytes: rare, and growing is right then, too */
	if (drop >= s->cap / 2) {
		memmove(s->bytes, s->bytes + drop, s->end - drop);
		s->mark -= drop;
		s->fed -= drop;
		s->end -= drop;
		s->base += drop;
		return true;
	}
	if (s->cap * 2 > STREAM_BUFFER_MAX)
		return false;
	{
		size_t old_cap = s->cap;
		char *old = s->bytes, *grown = malloc(old_cap * 2);

		if (grown == NULL)
			return false;
		memcpy(grown, old, s->end);
		stream_moved(s, old, old_cap, 0, grown);
		free(old);
		s->bytes = grown;
		s->cap = old_cap * 2;
	}
	return true;
}

static void
chunk_add(struct stream *s, struct wire_when when)
{
	int last = (s->first_chunk + s->chunks - 1) % STREAM_CHUNKS_MAX;

	if (s->chunks > 0 && s->chunk[last].when.at_us == when.at_us) {
		s->chunk[last].end = s->base + s->end;
		return;
	}
	if (s->chunks < STREAM_CHUNKS_MAX) {
		last = (s->first_chunk + s->chunks) % STREAM_CHUNKS_MAX;
		s->chunks++;
		s->chunk[last].when.after_us = when.after_us;
	}
	s->chunk[last].end = s->base + s->end;
	s->chunk[last].when.at_us = when.at_us;
}

static struct wire_when
chunk_time(const struct stream *s, uint64_t offset)
{
	for (int i = 0; i < s->chunks; i++) {
		int k = (s->first_chunk + i) % STREAM_CHUNKS_MAX;

		if (offset < s->chunk[k].end)
			return s->chunk[k].when;
	}
	return (struct wire_when){ .after_us = stream_now(s), .at_us = stream_now(s) };
}

/* The parser has found an event that ends where it is. */
static void
stream_hold(struct stream *s)
{
	s->held = true;
	s->event.when = chunk_time(s, s->base + s->fed > 0 ? s->base + s->fed - 1 : 0);
}

/* Chunks that lie before mark are of no interest any more; the last is kept for replies that take no byte. */
static void
chunks_forget(struct stream *s)
{
	uint64_t taken = s->base + s->mark;

	while (s->chunks > 1 && s->chunk[s->first_chunk].end < taken) {
		s->first_chunk = (s->first_chunk + 1) % STREAM_CHUNKS_MAX;
		s->chunks--;
	}
}

/* One read.  STREAM_EVENT: bytes came.  STREAM_TIME: it is until_us. */
static enum stream_result
stream_read(struct stream *s, uint64_t until_us)
{
	struct wire_when when = { 0 };
	long n;

	if (s->stop != NULL && *s->stop != 0)
		return STREAM_STOPPED;
	if (!stream_room(s) || s->step_bytes > STREAM_STEP_MAX)
		return STREAM_FLOOD;
	n = s->wire->ops->recv(s->wire, s->bytes + s->end, s->cap - s->end, until_us, &when, &s->err);
	if (s->stop != NULL && *s->stop != 0)
		return STREAM_STOPPED;
	if (n < 0)
		return STREAM_LOST;
	if (n == 0)
		return STREAM_TIME;
	s->end += (size_t)n;
	s->step_bytes += (uint64_t)n;
	chunk_add(s, when);
	return STREAM_EVENT;
}

/* Feed what is there; true: an event is held. */
static bool
stream_feed(struct stream *s)
{
	for (;;) {
		struct span rest = span_of(s->bytes + s->fed, s->end - s->fed);

		s->fed += at_reply_feed(&s->parser, rest, &s->event.reply);
		if (s->event.reply.kind != AT_REPLY_MORE)
			break;
		if (s->fed == s->end)
			return false;
	}
	stream_hold(s);
	return true;
}

/* Whole lines are there that mean nothing to the parser: it waits for what follows, to call a run of them one fault. */
static bool
stream_has_stray(const struct stream *s)
{
	size_t i = s->mark;

	if (s->fed == s->mark || s->bytes[s->fed - 1] != '\n')
		return false;
	while (i < s->fed && (s->bytes[i] == '\r' || s->bytes[i] == '\n'))
		i++;
	return i < s->fed;
}

static bool
stream_flush(struct stream *s)
{
	at_reply_end(&s->parser, &s->event.reply);
	if (s->event.reply.kind == AT_REPLY_MORE)
		return false;
	stream_hold(s);
	return true;
}

enum stream_result
stream_event(struct stream *s, uint64_t until_us)
{
	if (s->held || stream_feed(s))
		return STREAM_EVENT;
	for (;;) {
		uint64_t now = stream_now(s), until = until_us > now ? until_us : now;
		bool stray = stream_has_stray(s);
		enum stream_result got;

		if (stray && until > now + STREAM_GAP_US)
			until = now + STREAM_GAP_US;
		got = stream_read(s, until);
		if (got == STREAM_TIME && stray && stream_flush(s))
			return STREAM_EVENT;
		if (got != STREAM_EVENT)
			return got;
		if (stream_feed(s))
			return STREAM_EVENT;
	}
}

bool
stream_queued(struct stream *s)
{
	if (s->held)
		return true;
	at_reply_feed(&s->parser, span_of(s->bytes, 0), &s->event.reply);
	if (s->event.reply.kind == AT_REPLY_MORE)
		return false;
	stream_hold(s);
	return true;
}

void
stream_take(struct stream *s)
{
	s->held = false;
	s->mark = s->fed;
	chunks_forget(s);
	if (s->mark == s->end) {
		/* Nothing is left: start at the front again, which keeps the buffer small. */
		s->base += s->end;
		s->mark = s->fed = s->end = 0;
	}
}

enum stream_result
stream_wait(struct stream *s, uint64_t until_us)
{
	enum stream_result got = STREAM_EVENT;

	while (got == STREAM_EVENT)
		got = stream_read(s, until_us);
	return got;
}

enum stream_result
stream_raw(struct stream *s, size_t n, uint64_t until_us)
{
	while (s->end - s->mark < n) {
		uint64_t now = stream_now(s);
		enum stream_result got = stream_read(s, until_us > now ? until_us : now);

		if (got != STREAM_EVENT)
			return got;
	}
	return STREAM_EVENT;
}

struct span
stream_bytes(const struct stream *s)
{
	return span_of(s->bytes + s->mark, s->end - s->mark);
}

struct wire_when
stream_arrived(const struct stream *s, size_t i)
{
	return chunk_time(s, s->base + s->mark + i);
}

void
stream_skip(struct stream *s, size_t n)
{
	size_t until = s->mark + n;
	struct at_reply dropped;

	/* An event that reaches beyond them is still to come, as it would be had the parser not been asked yet. */
	if (s->held && s->fed > until) {
		s->mark = until;
		return;
	}
	s->held = false;
	do {
		size_t left = s->fed < until ? until - s->fed : 0;

		s->fed += at_reply_feed(&s->parser, span_of(s->bytes + s->fed, left), &dropped);
	} while (dropped.kind != AT_REPLY_MORE || s->fed < until);
	s->mark = until;
	chunks_forget(s);
}
