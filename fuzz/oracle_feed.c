/* at_reply fed in one of the ways, beside the events it is to say: reference, split, invariant, bounded. */
#include <inttypes.h>
#include <stdio.h>

#include "block.h"
#include "oracle.h"
#include "oracle_reply.h"
#include "prng.h"
#include "quiet.h"

QUIET_BEGIN

/* Calls in a row that take no byte: one line gives four replies at most, and then nothing. */
#define IDLE_MAX 8

/* What has come and is no reply yet is looked at after so many pieces: each look costs as much as a line. */
#define PARTIALS_MAX 64

struct feeder {
	struct at_reply_parser *p;
	struct span said;
	const struct host *host;
	struct host_done done;
	enum at_mode mode;
	const struct oracle_events *events;
	size_t next;      /* the event that is due */
	uint64_t payload; /* bytes of it that came, where it is a payload */
	uint64_t fed;
	bool asks; /* it asks at_reply_waiting, and does not wait for AT_REPLY_MORE */
	const char *oracle;
};

static const char *const kinds[] = { "more", "echo", "info", "final", "urc", "prompt", "payload", "fault" };

/* Printable, and no longer than a line of a report. */
static const char *
shown(struct span s, char *into, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len && n + 8 < cap; i++) {
		unsigned char c = (unsigned char)s.at[i];

		n += (size_t)snprintf(into + n, cap - n, c < 0x20 || c >= 0x7f ? "\\x%02X" : "%c", c);
	}
	into[n] = '\0';
	return into;
}

static _Noreturn void
differs(const struct feeder *f, const struct at_reply *r, const char *what)
{
	static struct reference_event none;
	const struct reference_event *e = f->next < f->events->len ? &f->events->at[f->next] : &none;
	char is[300], due[300];

	oracle_fail(f->oracle,
	    "%s, %s: reply %zu: %s offset %" PRIu64 " length %" PRIu64 " done %" PRIu64 " final %d cme %d why %s \"%s\";"
	    " due: %s offset %" PRIu64 " length %" PRIu64 " final %d cme %d why %s \"%s\"",
	    f->mode == AT_STRICT ? "strict" : "lenient", what, f->next, kinds[r->kind], r->offset, r->length, r->done, r->final, r->cme,
	    r->why != NULL ? r->why : "-", shown(r->text, is, sizeof(is)), kinds[e->kind], e->offset, e->length, e->final, e->cme,
	    e->why != NULL ? e->why : "-",
	    shown(e == &none ? SPAN("") : span_of(f->said.at + e->offset, (size_t)e->text), due, sizeof(due)));
}

/* These two are loops of their own, since a fuzzer listens to strcmp and memcmp. */
static bool
same_why(const char *a, const char *b)
{
	if (a == b || a == NULL || b == NULL)
		return a == b;
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static bool
same_bytes(const struct feeder *f, uint64_t offset, struct span text)
{
	if (offset + text.len > f->said.len)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (f->said.at[offset + i] != text.at[i])
			return false;
	return true;
}

/* A piece of a payload: it joins the ones before it, and the last one completes the event. */
static void
check_piece(struct feeder *f, const struct at_reply *r)
{
	const struct reference_event *e = &f->events->at[f->next];
	bool whole = f->next < f->events->len && e->kind == AT_REPLY_PAYLOAD;

	if (!whole && (f->next == f->events->len || e->fault != REFERENCE_SHORT))
		differs(f, r, "a payload");
	if (r->done != f->payload || r->offset != e->offset + r->done || r->text.len == 0 || !same_bytes(f, r->offset, r->text))
		differs(f, r, "a payload's piece");
	if (r->final != AT_FINAL_NONE || r->cme != -1 || r->why != NULL)
		differs(f, r, "a payload's fields");
	f->payload += r->text.len;
	if (r->length != (whole ? e->length : e->announced))
		differs(f, r, "a payload's length");
	if (f->payload > e->length || r->last != (whole && f->payload == e->length))
		differs(f, r, "a payload's end");
	if (r->last) {
		f->payload = 0;
		f->next++;
	}
}

static void
check_reply(struct feeder *f, const struct at_reply *r)
{
	const struct reference_event *e = &f->events->at[f->next];

	if (r->kind == AT_REPLY_PAYLOAD) {
		check_piece(f, r);
		return;
	}
	if (f->next == f->events->len)
		differs(f, r, "one too many");
	if (r->kind != e->kind || r->offset != e->offset || r->length != e->length || r->final != e->final || r->cme != e->cme)
		differs(f, r, "fields");
	if (!same_why(r->why, e->why) || r->done != 0 || r->last)
		differs(f, r, "fields");
	if (r->text.len != e->text || !same_bytes(f, r->offset, r->text))
		differs(f, r, "text");
	if (f->payload > 0 && f->payload != e->length)
		differs(f, r, "payload's pieces");
	f->payload = 0;
	f->next++;
}

static void
do_act(struct feeder *f, const struct host_act *act)
{
	if (act->what == HOST_VERBOSE) {
		at_reply_verbose(f->p, act->verbose);
		return;
	}
	at_reply_expect(f->p, block_take(BLOCK_TOLD, act->text));
	block_drop(BLOCK_TOLD);
}

static void
do_turn(struct feeder *f)
{
	const struct host_act *act;

	while ((act = host_turn(f->host, &f->done)) != NULL) {
		do_act(f, act);
		if (act->what == HOST_SENDS && at_reply_pending(f->p))
			return;
	}
}

static void
do_placed(struct feeder *f)
{
	const struct host_act *act;

	while ((act = host_placed(f->host, &f->done, f->fed)) != NULL)
		do_act(f, act);
}

static void
check_fields(const struct feeder *f)
{
	const struct at_reply_parser *p = f->p;
	const int queue = (int)(sizeof(p->queue) / sizeof(p->queue[0]));

	if (p->pending_count < 0 || p->pending_count > AT_PENDING_MAX || (p->pending_count > 0 && !p->pending))
		oracle_fail("invariant", "%d commands pending", p->pending_count);
	if (p->queued < 0 || p->queued > queue || p->given < 0 || p->given > p->queued)
		oracle_fail("invariant", "%d of %d queued replies given", p->given, p->queued);
	if (p->sent_len > AT_SENT_MAX)
		oracle_fail("invariant", "%zu bytes remembered", p->sent_len);
	for (int i = 0; i < p->pending_count; i++) {
		struct span name = p->commands[i].name;

		if (name.at < p->sent || name.at + name.len > p->sent + p->sent_len || name.len == 0)
			oracle_fail("invariant", "the name of command %d is not in what was sent", i);
	}
}

/* What is partial is the beginning of the next event's text, and there when a byte of it is. */
static void
check_partial(const struct feeder *f)
{
	struct span partial = at_reply_partial(f->p);
	const struct reference_event *e = f->events->at + f->next, *end = f->events->at + f->events->len;
	bool raw;

	/* a fault of framing is known with the line behind it, or before it */
	while (e < end && (e->fault == REFERENCE_HEAD || e->fault == REFERENCE_FRAME))
		e++;
	raw = e < end && (e->kind == AT_REPLY_PAYLOAD || e->fault == REFERENCE_SHORT);
	if (e == end || raw || e->offset >= f->fed) {
		if (partial.len > 0)
			oracle_fail("invariant", "%zu bytes are partial where none can be", partial.len);
		return;
	}
	if (partial.len == 0 || partial.len > AT_LINE_MAX || e->offset + partial.len > f->fed || !same_bytes(f, e->offset, partial))
		oracle_fail("invariant", "what is partial (%zu bytes) is not what has come since %" PRIu64, partial.len, e->offset);
}

static void
take_reply(struct feeder *f, const struct at_reply *r)
{
	check_reply(f, r);
	if (r->kind != AT_REPLY_FINAL)
		return;
	if (at_reply_pending(f->p))
		oracle_fail("invariant", "a command is pending behind a final result code");
	do_turn(f);
}

/* No reply has these fields: what a call leaves as it was is seen. */
static const struct at_reply unset = { .kind = AT_REPLY_PAYLOAD,
	.final = AT_FINAL_ERROR,
	.cme = -7,
	.last = true,
	.offset = UINT64_MAX,
	.length = UINT64_MAX,
	.done = UINT64_MAX,
	.why = "left as it was" };

static void
feed_piece(struct feeder *f, struct span piece)
{
	struct at_reply r;
	int idle = 0;

	do {
		size_t n;

		r = unset;
		n = at_reply_feed(f->p, piece, &r);
		if (n > piece.len)
			oracle_fail("bounded", "%zu bytes taken of %zu", n, piece.len);
		piece = span_after(piece, n);
		if (r.kind == AT_REPLY_MORE)
			break;
		idle = n > 0 ? 0 : idle + 1;
		if (idle > IDLE_MAX)
			oracle_fail("bounded", "replies without end at %" PRIu64, f->fed);
		take_reply(f, &r);
	} while (!f->asks || piece.len > 0 || at_reply_waiting(f->p));
	if (piece.len > 0)
		oracle_fail("bounded", "%zu bytes are left where more are asked for", piece.len);
}

static void
end(struct feeder *f)
{
	struct at_reply r;

	for (int i = 0; i <= IDLE_MAX; i++) {
		r = unset;
		at_reply_end(f->p, &r);
		if (r.kind == AT_REPLY_MORE)
			break;
		if (i == IDLE_MAX)
			oracle_fail("bounded", "replies without end at the end");
		take_reply(f, &r);
	}
	if (f->next != f->events->len)
		differs(f, &r, "replies missing");
	/* whoever reads on begins between two lines */
	r = unset;
	at_reply_feed(f->p, SPAN("\r\n"), &r);
	if (r.kind == AT_REPLY_PAYLOAD)
		oracle_fail("invariant", "a payload goes on behind the end");
	if (at_reply_pending(f->p) != f->events->pending)
		oracle_fail(f->oracle, "at the end a command is %spending", f->events->pending ? "not " : "");
}

/*
 * Sizes of pieces are alike within a run and differ between runs: small ones cut lines, large ones hold several.  The
 * smallest take as long as ten of the others and find no more than their share.
 */
static size_t
piece_max(struct prng *chance)
{
	static const size_t sizes[] = { 2, 7, 20, 20, 40, 40, 40, 40, 100, 100, 100, 100, 100, 1000, 1000, BLOCK_MAX };

	return sizes[prng_below(chance, sizeof(sizes) / sizeof(sizes[0]))];
}

void
oracle_feed(struct span said, const struct host *host, enum at_mode mode, const struct oracle_events *events, enum oracle_cuts cuts,
    uint64_t seed, const char *oracle)
{
	static struct at_reply_parser p;
	struct feeder f = { .p = &p, .said = said, .host = host, .mode = mode, .events = events, .oracle = oracle };
	struct prng chance;
	size_t most = 0;
	int looks = 0;

	prng_seed(&chance, seed);
	if (cuts == ORACLE_PIECES) {
		most = piece_max(&chance);
		f.asks = prng_below(&chance, 2) == 0;
		/* else it is as the run before left it; either way nothing of that matters */
		if (prng_below(&chance, 8) == 0)
			memset(&p, 0xa5, sizeof(p));
	}
	at_reply_init(&p, mode);
	do_turn(&f);
	do_placed(&f);
	while (f.fed < said.len) {
		uint64_t place = host_next_place(host, &f.done, f.fed);
		struct span piece = span_after(said, (size_t)f.fed);

		if (place < said.len)
			piece.len = (size_t)(place - f.fed);
		if (cuts == ORACLE_BYTES)
			piece = block_byte(piece.at[0]);
		if (cuts == ORACLE_PIECES)
			piece = span_first(piece, 1 + (size_t)prng_below(&chance, most));
		if (cuts != ORACLE_BYTES)
			piece = block_take(BLOCK_FED, piece);
		f.fed += piece.len;
		feed_piece(&f, piece);
		if (cuts != ORACLE_BYTES)
			block_drop(BLOCK_FED);
		if (cuts == ORACLE_PIECES) {
			check_fields(&f);
			if (looks++ < PARTIALS_MAX)
				check_partial(&f);
		}
		do_placed(&f);
	}
	end(&f);
}

QUIET_END
