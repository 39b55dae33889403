#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "escape.h"
#include "run_internal.h"

#define SHOWN_BYTES 16 /* of a payload, from the byte that differs on */

static bool
described_file(struct runner *r, const struct step *s, struct span name, struct content *out, enum played *how)
{
	struct world_sim *far = r->wire->ops->far(r->wire);
	char why[200], shown[120];

	if (far == NULL)
		far = r->described;
	if (far != NULL && world_sim_content(far, name, out))
		return true;
	escape_bytes(shown, sizeof(shown), name);
	snprintf(why, sizeof(why), "%s is described by no world line", shown);
	*how = run_bad_case(r, s, why);
	return false;
}

/* r->text holds the description as rendered, r->scratch its strings with the escapes undone. */
bool
run_content(struct runner *r, const struct step *s, struct content *out, enum played *how)
{
	const char *why = NULL;
	size_t column, used;
	long n = text_render(&s->content, &r->values, r->text, sizeof(r->text) - 1, &why);

	if (n < 0) {
		*how = run_bad_case(r, s, why);
		return false;
	}
	r->text[n] = '\0';
	used = content_parse(span_of(r->text, (size_t)n), out, r->scratch, &column, &why);
	if (used == 0) {
		*how = run_bad_case(r, s, why);
		return false;
	}
	if (out->kind == CONTENT_FILE) {
		uint64_t length = out->length;

		if (!described_file(r, s, out->text, out, how))
			return false;
		if (length < out->length)
			out->length = length;
	}
	return true;
}

/* ---- searching a payload that comes in pieces (Knuth, Morris, Pratt) ---------------- */

struct search {
	struct span needle;
	size_t *border; /* for each length of a part that matched, how much of it still does one byte on */
	size_t matched;
	bool found;
};

static bool
search_start(struct search *x, struct span needle)
{
	size_t k = 0;

	x->needle = needle;
	x->matched = 0;
	x->found = needle.len == 0;
	x->border = calloc(needle.len + 1, sizeof(*x->border));
	if (x->border == NULL)
		return false;
	for (size_t i = 1; i < needle.len; i++) {
		while (k > 0 && needle.at[i] != needle.at[k])
			k = x->border[k];
		if (needle.at[i] == needle.at[k])
			k++;
		x->border[i + 1] = k;
	}
	return true;
}

static void
search_feed(struct search *x, struct span piece)
{
	for (size_t i = 0; i < piece.len && !x->found; i++) {
		while (x->matched > 0 && piece.at[i] != x->needle.at[x->matched])
			x->matched = x->border[x->matched];
		if (piece.at[i] == x->needle.at[x->matched])
			x->matched++;
		x->found = x->matched == x->needle.len;
	}
}

/* ---- what is asked for ------------------------------------------------------------------ */

struct demand {
	bool counted; /* length says how many bytes there must be */
	uint64_t length;
	bool compared; /* content, from offset on, is what they must be */
	struct content content;
	uint64_t offset;
	struct search search;
	bool searched;
	int cursor; /* which one goes on by what came; -1: none */
	char expected[VERDICT_MESSAGE_MAX];
};

static int
cursor_of(struct runner *r, struct span file)
{
	for (int i = 0; i < r->cursors; i++)
		if (span_equal(r->cursor[i].file, file))
			return i;
	if (r->cursors == RUN_CURSORS_MAX)
		return -1;
	r->cursor[r->cursors].file = file;
	r->cursor[r->cursors].at = 0;
	return r->cursors++;
}

static bool
demand_count(struct runner *r, const struct step *s, struct demand *d, enum played *how)
{
	const char *why = NULL;
	int64_t n;

	if (!expr_evaluate(&s->count, &r->values, &n, &why)) {
		*how = run_bad_case(r, s, why);
		return false;
	}
	if (n < 0) {
		*how = run_bad_case(r, s, "a number of bytes below 0");
		return false;
	}
	d->counted = true;
	d->length = (uint64_t)n;
	return true;
}

static bool
demand_file(struct runner *r, const struct step *s, struct demand *d, enum played *how)
{
	d->cursor = cursor_of(r, s->file);
	if (d->cursor < 0) {
		*how = run_bad_case(r, s, "more than 16 files in one case");
		return false;
	}
	d->compared = true;
	d->offset = r->cursor[d->cursor].at;
	return described_file(r, s, s->file, &d->content, how);
}

static bool
demand_of(struct runner *r, const struct step *s, struct demand *d, enum played *how)
{
	struct content needle;

	memset(d, 0, sizeof(*d));
	d->cursor = -1;
	escape_bytes(
	    d->expected, sizeof(d->expected), span_first(span_starts(s->source, SPAN("= ")) ? span_after(s->source, 2) : s->source, 300));
	switch (s->payload) {
	case PAYLOAD_CONTENT:
		d->compared = d->counted = true;
		if (!run_content(r, s, &d->content, how))
			return false;
		d->length = d->content.length;
		return true;
	case PAYLOAD_COUNT: return demand_count(r, s, d, how);
	case PAYLOAD_CONTAINS:
		if (!demand_count(r, s, d, how) || !run_content(r, s, &needle, how))
			return false;
		d->searched = search_start(&d->search, needle.text);
		return true;
	case PAYLOAD_NEXT: return demand_count(r, s, d, how) && demand_file(r, s, d, how);
	case PAYLOAD_ALL:
		if (!demand_file(r, s, d, how))
			return false;
		d->counted = true;
		d->offset = 0;
		d->length = d->content.length;
		return true;
	}
	return false;
}

/* ---- judging ---------------------------------------------------------------------------- */

struct finding {
	const char *type; /* NULL: nothing is wrong so far */
	char text[VERDICT_MESSAGE_MAX], expected[VERDICT_MESSAGE_MAX], received[VERDICT_MESSAGE_MAX];
};

static void
find_difference(struct finding *f, const struct demand *d, uint64_t done, struct span piece)
{
	size_t same = content_differs(&d->content, d->offset + done, piece);
	char want[SHOWN_BYTES], expected[80], received[80];
	uint64_t at = d->offset + done + same;
	size_t n = d->content.length > at ? (size_t)(d->content.length - at) : 0;

	if (same == piece.len || f->type != NULL)
		return;
	n = n < sizeof(want) ? n : sizeof(want);
	content_fill(&d->content, at, want, n);
	escape_bytes(expected, sizeof(expected), span_of(want, n));
	escape_bytes(received, sizeof(received), span_first(span_after(piece, same), SHOWN_BYTES));
	f->type = "PayloadMismatch";
	if (n == 0)
		snprintf(f->text, sizeof(f->text), "byte %" PRIu64 " of the payload is \\x%02X, and the content ends before it",
		    done + same, (unsigned char)piece.at[same]);
	else
		snprintf(f->text, sizeof(f->text), "byte %" PRIu64 " of the payload is \\x%02X, expected \\x%02X", done + same,
		    (unsigned char)piece.at[same], (unsigned char)want[0]);
	snprintf(f->expected, sizeof(f->expected), "%.250s: from byte %" PRIu64 " on \"%s\"", d->expected, done + same, expected);
	snprintf(f->received, sizeof(f->received), "from byte %" PRIu64 " on \"%s\"", done + same, received);
}

static void
find_count(struct finding *f, const struct demand *d, uint64_t length)
{
	if (f->type != NULL || !d->counted || d->length == length)
		return;
	f->type = "PayloadMismatch";
	snprintf(f->text, sizeof(f->text), "the payload is %" PRIu64 " bytes long, expected %" PRIu64, length, d->length);
	snprintf(f->expected, sizeof(f->expected), "%s", d->expected);
	snprintf(f->received, sizeof(f->received), "%" PRIu64 " bytes", length);
}

static enum played
finding_fail(struct runner *r, const struct step *s, const struct finding *f, uint64_t at_us)
{
	return run_fail(r, s, false, f->type, f->expected, f->received, at_us, "%s", f->text);
}

/* "= all of FILE" away from a header: everything has been seen by the steps before. */
static enum played
judge_seen(struct runner *r, const struct step *s)
{
	struct demand d;
	enum played how = PLAYED;
	char got[64];

	if (!demand_of(r, s, &d, &how))
		return how;
	transcript_step(&r->transcript, "", s->source, stream_now(&r->stream));
	if (r->cursor[d.cursor].at == d.content.length)
		return PLAYED;
	snprintf(got, sizeof(got), "%" PRIu64 " bytes", r->cursor[d.cursor].at);
	return run_fail(r, s, false, "PayloadMismatch", d.expected, got, 0, "%" PRIu64 " of the %" PRIu64 " bytes of the file were read",
	    r->cursor[d.cursor].at, d.content.length);
}

/* Pieces until the payload is complete.  *length: how many bytes came. */
static enum played
take_pieces(struct runner *r, const struct step *s, struct demand *d, struct finding *f, const struct window *w, uint64_t *length,
    struct wire_when *when)
{
	uint64_t came = 0;
	char wide[32];

	for (;;) {
		struct event *e = &r->stream.event;
		enum played how;
		enum next got = run_next(r, s, w->until_us, &how);
		bool over, last;

		if (got == NEXT_BROKEN)
			return how;
		if (got == NEXT_TIME) {
			snprintf(f->received, sizeof(f->received), "%" PRIu64 " bytes", came);
			return run_fail(r, s, false, "PayloadTimeout", d->expected, f->received, 0,
			    "the payload stopped after %" PRIu64 " of %" PRIu64 " bytes, expected all within %s", came, r->payload_length,
			    run_duration(wide, w->within_us));
		}
		if (e->reply.kind != AT_REPLY_PAYLOAD) {
			how = run_unmatched(r, s, d->expected, &over);
			if (how != PLAYED || over)
				return how == PLAYED ? LEFT : how;
			continue;
		}
		find_count(f, d, e->reply.length);
		if (d->compared)
			find_difference(f, d, e->reply.done, e->reply.text);
		if (d->searched)
			search_feed(&d->search, e->reply.text);
		came += e->reply.text.len;
		last = e->reply.last;
		*length = e->reply.length;
		*when = e->when;
		/* A wrong payload is let pass whole only where the case goes on behind it. */
		if (f->type != NULL && !s->when.informational) {
			how = finding_fail(r, s, f, e->when.at_us);
			run_take(r);
			return how;
		}
		run_take(r);
		if (last)
			return PLAYED;
	}
}

static enum played
judge_payload(struct runner *r, const struct step *s, struct demand *d)
{
	struct finding f = { .type = NULL };
	enum played how = PLAYED;
	struct window w;
	uint64_t length = 0;
	struct wire_when when = r->header;

	if (!run_window(r, s, &w))
		return FAILED;
	if (r->payload_due && r->payload_length == 0) {
		r->payload_due = false;
		transcript_step(&r->transcript, "=", SPAN("0 bytes"), when.at_us);
	} else {
		how = take_pieces(r, s, d, &f, &w, &length, &when);
		if (how != PLAYED)
			return how == LEFT && s->when.informational ? PLAYED : how;
	}
	find_count(&f, d, length);
	if (f.type == NULL && d->searched && !d->search.found) {
		f.type = "PayloadMismatch";
		snprintf(f.text, sizeof(f.text), "the payload of %" PRIu64 " bytes does not hold the text it must contain", length);
		snprintf(f.expected, sizeof(f.expected), "%s", d->expected);
		snprintf(f.received, sizeof(f.received), "%" PRIu64 " bytes without it", length);
	}
	if (d->cursor >= 0)
		r->cursor[d->cursor].at = d->offset + length;
	r->payload = when;
	run_moment(r, s, when);
	if (f.type != NULL)
		return finding_fail(r, s, &f, when.at_us);
	return run_timing(r, s, &w, when, d->expected);
}

enum played
run_payload(struct runner *r, const struct step *s)
{
	struct demand d;
	enum played how = PLAYED;

	if (s->payload == PAYLOAD_ALL && !r->payload_due)
		return judge_seen(r, s);
	if (demand_of(r, s, &d, &how))
		how = judge_payload(r, s, &d);
	free(d.search.border);
	return how;
}

enum played
run_cursor(struct runner *r, const struct step *s)
{
	const char *why = NULL;
	int64_t n;
	int i = cursor_of(r, s->file);

	if (i < 0 || !expr_evaluate(&s->count, &r->values, &n, &why) || n < 0)
		return run_bad_case(r, s, i < 0 ? "more than 16 files in one case" : why != NULL ? why : "a cursor below 0");
	r->cursor[i].at = (uint64_t)n;
	transcript_step(&r->transcript, "", s->source, stream_now(&r->stream));
	return PLAYED;
}
