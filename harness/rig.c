#include <stdlib.h>

#include "escape.h"
#include "rig_parts.h"

#define LEAVE_US 5000000u
#define SHORT_MAX 512 /* bytes that any port takes at once */

static struct rig *
rig_of(struct wire *w)
{
	return (struct rig *)w;
}

/* ---- how late this process is -------------------------------------------------- */

/* The runner went on later than it might have.  That matters to the module with what is sent next. */
static void
late(struct rig *r, uint64_t us)
{
	r->behind_us = us > r->behind_us ? us : r->behind_us;
	r->gap_us = us > r->gap_us ? us : r->gap_us;
}

/* The runner asks for something: it may have been held up since it got the last answer. */
static uint64_t
enter(struct rig *r)
{
	uint64_t now = r->inner->ops->now(r->inner);

	late(r, now - r->left_us);
	return now;
}

static void
leave(struct rig *r)
{
	r->left_us = r->inner->ops->now(r->inner);
}

/* ---- the wire that the runner sees ------------------------------------------------ */

static int
rig_begin(struct wire *w, const struct case_setting *setting, uint64_t seed, struct err *e)
{
	struct rig *r = rig_of(w);

	if (r->lost)
		return err_set(e, EXIT_RIG, "the port is lost");
	if (r->watch.touched != 0 && rig_put_back(r, r->watch.touched, e) != 0)
		return -1;
	r->watch.touched = 0;
	rig_watch_case(&r->watch);
	if (r->inner->ops->begin(r->inner, setting, seed, e) != 0) {
		r->lost = true;
		return -1;
	}
	r->late_us = r->gap_us = r->behind_us = 0;
	leave(r);
	r->quiet_us = r->left_us;
	return 0;
}

static int
rig_send(struct wire *w, struct span bytes, struct err *e)
{
	struct rig *r = rig_of(w);
	uint64_t now = enter(r);
	int sent;

	rig_watch_out(&r->watch, bytes);
	sent = r->inner->ops->send(r->inner, bytes, e);
	/* A long one takes its time on the line; a short one is held up. */
	if (bytes.len <= SHORT_MAX)
		late(r, r->inner->ops->now(r->inner) - now);
	r->late_us = r->behind_us > r->late_us ? r->behind_us : r->late_us;
	r->behind_us = 0;
	if (sent != 0 && !talk_stopped(&r->talk))
		r->lost = true;
	leave(r);
	return sent;
}

/* The wait is cut into slices: bytes that come in one of them came behind its beginning, however late this process was woken. */
static long
rig_recv(struct wire *w, char *into, size_t cap, uint64_t until_us, struct wire_when *when, struct err *e)
{
	struct rig *r = rig_of(w);
	uint64_t now = enter(r);
	long n;

	for (;;) {
		uint64_t slice_us = now + RIG_SLICE_US < until_us ? now + RIG_SLICE_US : until_us > now ? until_us : now;

		n = r->inner->ops->recv(r->inner, into, cap, slice_us, when, e);
		now = r->inner->ops->now(r->inner);
		if (n != 0)
			break;
		r->quiet_us = slice_us;
		if (now < until_us && !talk_stopped(&r->talk))
			continue;
		/* Late where the wait was to end; in the middle of it nothing was missed. */
		late(r, now - slice_us);
		break;
	}
	if (n > 0) {
		if (when->after_us < r->quiet_us)
			when->after_us = r->quiet_us < when->at_us ? r->quiet_us : when->at_us;
		late(r, when->at_us - when->after_us > RIG_SLICE_US ? when->at_us - when->after_us - RIG_SLICE_US : 0);
		rig_watch_in(&r->watch, span_of(into, (size_t)n));
	}
	if (n < 0 && !talk_stopped(&r->talk))
		r->lost = true;
	leave(r);
	return n;
}

static uint64_t
rig_now(struct wire *w)
{
	return rig_of(w)->inner->ops->now(rig_of(w)->inner);
}

static unsigned
rig_lines(struct wire *w, unsigned *mask)
{
	return rig_of(w)->inner->ops->lines(rig_of(w)->inner, mask);
}

static int
rig_order(struct wire *w, const struct wire_order *o, struct err *e)
{
	return rig_of(w)->inner->ops->order(rig_of(w)->inner, o, e);
}

static struct world_sim *
rig_far(struct wire *w)
{
	return rig_of(w)->inner->ops->far(rig_of(w)->inner);
}

static int
rig_baud(struct wire *w, unsigned baud, struct err *e)
{
	struct rig *r = rig_of(w);

	return r->inner->ops->baud == NULL ? 1 : r->inner->ops->baud(r->inner, baud, e);
}

static void
rig_health(struct wire *w, struct wire_health *h)
{
	struct rig *r = rig_of(w);
	uint64_t now = r->inner->ops->now(r->inner);

	h->late_us = r->late_us;
	h->gap_us = r->gap_us;
	h->started =
	    (r->watch.call_ready || r->watch.sms_ready) && now > r->found_us + RIG_BOOT_US && (r->watch.touched & RIG_RESTART) == 0;
	h->supply = r->watch.supply;
}

static int
rig_ask_alive(struct wire *w, struct err *e)
{
	struct rig *r = rig_of(w);
	int alive = rig_alive(r, e);

	leave(r);
	return alive;
}

static void
rig_close(struct wire *w)
{
	struct rig *r = rig_of(w);

	if (w == NULL)
		return;
	r->inner->ops->close(r->inner);
	free(r);
}

static const struct wire_ops ops = {
	.begin = rig_begin,
	.send = rig_send,
	.recv = rig_recv,
	.now = rig_now,
	.lines = rig_lines,
	.order = rig_order,
	.far = rig_far,
	.baud = rig_baud,
	.health = rig_health,
	.alive = rig_ask_alive,
	.close = rig_close,
};

/* ---- from outside -------------------------------------------------------------------- */

struct rig *
rig_new(struct wire *w, const struct rig_options *o)
{
	struct rig *r = calloc(1, sizeof(*r));

	if (r == NULL)
		abort();
	r->wire.ops = &ops;
	r->inner = w;
	r->options = *o;
	talk_init(&r->talk, w, o->stop);
	return r;
}

struct wire *
rig_wire(struct rig *r)
{
	return &r->wire;
}

/*
 * A server that begins with telnet's IAC and WILL, WONT, DO or DONT (RFC 854) doubles every byte 255 of a payload: commands
 * work on such a port, and a module would be blamed for what it never said.
 */
static bool
is_telnet(const struct rig *r)
{
	const char *first = r->talk.first;

	return strncmp(r->options.port, "tcp:", 4) == 0 && r->talk.first_len >= 3 && first[0] == '\xff' &&
	       (unsigned char)first[1] >= 0xfb && (unsigned char)first[1] <= 0xfe;
}

int
rig_find(struct rig *r, struct rig_identity *out, struct err *e)
{
	char first[40];
	int found;

	memset(out, 0, sizeof(*out));
	found = rig_search(r, talk_now(&r->talk) + r->options.wait_us, e);
	if (is_telnet(r)) {
		escape_bytes(first, sizeof(first), span_of(r->talk.first, 3));
		return err_set(e, EXIT_RIG,
		    "%.200s: the server speaks telnet (first \"%s\"), expected raw bytes: give the port as rfc2217:%.200s, or set the "
		    "server to raw",
		    r->options.port, first, r->options.port + 4);
	}
	if (found != 0)
		return -1;
	/* The rest is asked with echo and words, and first what is to be left as it is. */
	if (rig_put_back(r, RIG_BASIC, e) != 0)
		return -1;
	rig_remember(r);
	if (rig_put_back(r, RIG_EVERYTHING & ~(unsigned)(RIG_RADIO | RIG_BASIC), e) != 0)
		return -1;
	rig_identify(r, out);
	if (talk_stopped(&r->talk))
		return rig_complain(r, TALK_STOPPED, "ATI", e);
	r->found_us = talk_now(&r->talk);
	return 0;
}

void
rig_leave(struct rig *r)
{
	struct err e;

	if (r == NULL || r->lost || r->watch.touched == 0 || talk_stopped(&r->talk))
		return;
	if (r->options.wait_us > LEAVE_US)
		r->options.wait_us = LEAVE_US;
	rig_put_back(r, r->watch.touched, &e);
	r->watch.touched = 0;
}
