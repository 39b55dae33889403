/*
 * wire_paced: a wire on which every byte takes its time, around one on which none does.  On wire_loop's virtual time it is the
 * serial line that attest emulate --baud is in real time.
 */
#include <stdlib.h>

#include "pace.h"
#include "wire.h"

/* Bytes that the inner wire gives at once, more wait there. */
#define COMING_MAX (512u << 10)

struct wire_paced {
	struct wire wire;   /* first */
	struct wire *inner; /* owned */
	struct pace out, in;
	char *coming; /* owned; COMING_MAX of them: said, and not here yet */
	size_t coming_at, coming_end;
};

static struct wire_paced *
paced_of(struct wire *w)
{
	return (struct wire_paced *)w;
}

static int
paced_begin(struct wire *wire, const struct case_setting *setting, uint64_t seed, struct err *e)
{
	struct wire_paced *p = paced_of(wire);

	p->coming_at = p->coming_end = 0;
	return p->inner->ops->begin(p->inner, setting, seed, e);
}

/* What the other end has said, by then at the latest, comes onto the line. */
static int
collect(struct wire_paced *p, uint64_t until_us, struct err *e)
{
	struct wire_when when;
	long n;

	if (p->coming_at == p->coming_end)
		p->coming_at = p->coming_end = 0;
	n = p->inner->ops->recv(p->inner, p->coming + p->coming_end, COMING_MAX - p->coming_end, until_us, &when, e);
	if (n < 0)
		return -1;
	if (n > 0)
		pace_put(&p->in, p->coming_end - p->coming_at, when.at_us);
	p->coming_end += (size_t)n;
	return 0;
}

/* Until the last byte has left, as a program waits that sends more than a driver buffers; what comes meanwhile is kept, and when it came. */
static int
paced_send(struct wire *wire, struct span bytes, struct err *e)
{
	struct wire_paced *p = paced_of(wire);

	pace_put(&p->out, 0, p->inner->ops->now(p->inner));
	while (bytes.len > 0) {
		size_t n = pace_take(&p->out, bytes.len, p->inner->ops->now(p->inner));

		if (n > 0 && p->inner->ops->send(p->inner, span_first(bytes, n), e) != 0)
			return -1;
		bytes = span_after(bytes, n);
		if (bytes.len > 0 && collect(p, pace_due(&p->out), e) != 0)
			return -1;
	}
	return 0;
}

static long
paced_recv(struct wire *wire, char *into, size_t cap, uint64_t until_us, struct wire_when *when, struct err *e)
{
	struct wire_paced *p = paced_of(wire);

	for (;;) {
		uint64_t now_us = p->inner->ops->now(p->inner), next_us = until_us;
		size_t coming = p->coming_end - p->coming_at, n;
		struct pace before = p->in;

		n = pace_take(&p->in, coming < cap ? coming : cap, now_us);
		if (n > 0) {
			memcpy(into, p->coming + p->coming_at, n);
			p->coming_at += n;
			when->after_us = when->at_us = pace_last(&before, n);
			return (long)n;
		}
		if (coming > 0 && pace_due(&p->in) < next_us)
			next_us = pace_due(&p->in);
		if (collect(p, next_us, e) != 0)
			return -1;
		if (now_us >= until_us && p->coming_end - p->coming_at == coming)
			return 0;
	}
}

static uint64_t
paced_now(struct wire *wire)
{
	return paced_of(wire)->inner->ops->now(paced_of(wire)->inner);
}

static unsigned
paced_lines(struct wire *wire, unsigned *mask)
{
	return paced_of(wire)->inner->ops->lines(paced_of(wire)->inner, mask);
}

static int
paced_order(struct wire *wire, const struct wire_order *o, struct err *e)
{
	return paced_of(wire)->inner->ops->order(paced_of(wire)->inner, o, e);
}

static struct world_sim *
paced_far(struct wire *wire)
{
	return paced_of(wire)->inner->ops->far(paced_of(wire)->inner);
}

static void
paced_close(struct wire *wire)
{
	struct wire_paced *p = paced_of(wire);

	if (wire == NULL)
		return;
	p->inner->ops->close(p->inner);
	free(p->coming);
	free(p);
}

static const struct wire_ops ops = {
	.begin = paced_begin,
	.send = paced_send,
	.recv = paced_recv,
	.now = paced_now,
	.lines = paced_lines,
	.order = paced_order,
	.far = paced_far,
	.close = paced_close,
};

struct wire *
wire_paced_open(struct wire *inner, uint32_t baud)
{
	struct wire_paced *p = calloc(1, sizeof(*p));

	if (p == NULL || (p->coming = malloc(COMING_MAX)) == NULL)
		abort();
	p->wire.ops = &ops;
	p->inner = inner;
	pace_set(&p->out, baud);
	pace_set(&p->in, baud);
	return &p->wire;
}
