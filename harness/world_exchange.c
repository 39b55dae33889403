/*
 * How far an HTTP exchange is: a matter of time alone.
 */
#include "world_parts.h"

/* Whole segments of total bytes that have moved in elapsed_us. */
static uint64_t
moved(uint64_t total, uint32_t rate, uint64_t elapsed_us)
{
	uint64_t n;

	if (rate == 0)
		return total;
	n = elapsed_us * rate / 1000000;
	return n >= total ? total : n / HTTP_SEGMENT * HTTP_SEGMENT;
}

void
world_http_poll(struct modem_world *mw, struct world_http *out)
{
	struct world_sim *w = (struct world_sim *)mw;
	const struct http_exchange *x = &w->http;
	uint64_t done;

	*out = (struct world_http){ .state = WORLD_IDLE };
	if (!x->started)
		return;
	if (w->now_us >= x->end_us) {
		out->state = x->failed ? WORLD_FAILED : WORLD_DONE;
		out->status = x->status;
		if (!x->failed) {
			out->length = (uint32_t)x->total;
			out->finished = out->length;
			out->header = x->header;
		}
		return;
	}
	out->state = WORLD_BUSY;
	if (w->now_us < x->sent_us && x->body_length > 0) {
		done = moved(x->body_length, x->rate, w->now_us > x->begin_us ? w->now_us - x->begin_us : 0);
		out->sending = true;
		out->finished = (uint32_t)done;
		out->remaining = (uint32_t)(x->body_length - done);
	} else if (w->now_us >= x->answer_us) {
		done = moved(x->total, x->rate, w->now_us - x->answer_us);
		out->finished = (uint32_t)done;
		out->remaining = (uint32_t)(x->total - done);
	}
}

/* The end of the segment that is on its way in a phase that began at from_us. */
static uint64_t
segment_due(uint64_t total, uint32_t rate, uint64_t from_us, uint64_t now_us)
{
	uint64_t done = now_us > from_us ? moved(total, rate, now_us - from_us) : 0;
	uint64_t next = done + HTTP_SEGMENT;

	return from_us + world_duration_us(next < total ? next : total, rate);
}

uint64_t
world_http_due(const struct world_sim *w)
{
	const struct http_exchange *x = &w->http;
	uint64_t due = x->end_us;

	if (w->now_us >= x->end_us)
		return WORLD_NEVER;
	if (w->now_us < x->sent_us && x->body_length > 0 && x->rate != 0)
		due = segment_due(x->body_length, x->rate, x->begin_us, w->now_us);
	else if (w->now_us < x->answer_us)
		due = x->answer_us;
	else if (x->rate != 0)
		due = segment_due(x->total, x->rate, x->answer_us, w->now_us);
	return due < x->end_us ? due : x->end_us;
}

size_t
world_http_read(struct modem_world *mw, uint32_t offset, char *into, size_t cap)
{
	struct world_sim *w = (struct world_sim *)mw;
	const struct http_exchange *x = &w->http;
	uint64_t at = x->first + offset;
	size_t n, front = 0;

	if (!x->started || x->failed || w->now_us < x->end_us || offset >= x->total)
		return 0;
	n = x->total - offset < cap ? (size_t)(x->total - offset) : cap;
	if (at < x->content.length) {
		front = x->content.length - at < n ? (size_t)(x->content.length - at) : n;
		content_fill(&x->content, at, into, front);
	}
	if (n > front)
		memcpy(into + front, x->echo.at + (at + front - x->content.length), n - front);
	return n;
}
