#include <stdio.h>

#include "escape.h"
#include "run_internal.h"

enum played
run_expect(struct runner *r, const struct step *s)
{
	char expected[VERDICT_MESSAGE_MAX];
	struct window w;
	enum played how;

	if (!run_window(r, s, &w))
		return FAILED;
	run_expected(s, expected, sizeof(expected));
	for (;;) {
		enum next got = run_next(r, s, w.until_us, &how);
		const char *bad;
		bool over;
		int which;

		if (got == NEXT_BROKEN)
			return how;
		if (got == NEXT_TIME)
			return run_late(r, s, &w, expected);
		which = run_match(r, s->text, s->texts, &bad);
		if (which >= 0) {
			how = run_timing(r, s, &w, r->stream.event.when, expected);
			match_capture(&s->text[which], &r->match, &r->values);
			run_moment(r, s, r->stream.event.when);
			run_take(r);
			return how == PLAYED ? run_framing(r, s, expected) : how;
		}
		if (bad != NULL)
			return run_bad_case(r, s, bad);
		how = run_unmatched(r, s, expected, &over);
		if (how != PLAYED || over)
			return how;
	}
}

/* Raw bytes: compared where the parser stands, framing and echo and all. */
enum played
run_raw(struct runner *r, const struct step *s)
{
	char expected[VERDICT_MESSAGE_MAX], got[VERDICT_MESSAGE_MAX], d[32];
	struct window w;
	struct span bytes;
	enum stream_result res;
	enum played how;
	size_t same = 0;

	if (!run_window(r, s, &w))
		return FAILED;
	escape_bytes(expected, sizeof(expected), span_first(s->raw, 512));
	res = stream_raw(&r->stream, s->raw.len, w.until_us);
	if (res != STREAM_EVENT && res != STREAM_TIME)
		return run_stream_failed(r, s, res);
	bytes = span_first(stream_bytes(&r->stream), s->raw.len);
	while (same < bytes.len && bytes.at[same] == s->raw.at[same])
		same++;
	escape_bytes(got, sizeof(got), span_first(bytes, 512));
	if (same < bytes.len) {
		uint64_t at_us = stream_arrived(&r->stream, same).at_us;

		transcript_string(&r->transcript, "<<", bytes, at_us);
		how = run_fail(r, s, false, "RawMismatch", expected, got, at_us,
		    "byte %zu is \\x%02X, expected \\x%02X: expected \"%.120s\", received \"%.120s\"", same, (unsigned char)bytes.at[same],
		    (unsigned char)s->raw.at[same], expected, got);
	} else if (same < s->raw.len) {
		return run_fail(r, s, false, "LineTimeout", expected, got, 0, "expected \"%.120s\" within %s, received \"%.120s\"",
		    expected, run_duration(d, w.within_us), got);
	} else {
		struct wire_when when = same > 0 ? stream_arrived(&r->stream, same - 1) : run_now(r);

		transcript_string(&r->transcript, "<<", bytes, when.at_us);
		how = run_timing(r, s, &w, when, expected);
		run_moment(r, s, when);
	}
	stream_skip(&r->stream, bytes.len);
	r->echo_due = false;
	r->pending = r->pending && at_reply_pending(&r->stream.parser);
	return how;
}

/* ---- choice -------------------------------------------------------------------- */

/* What the branches begin with, and the moment until which the longest of them waits. */
struct choice {
	uint64_t until_us;
	const struct step *nothing; /* the branch that is taken when nothing comes */
	uint64_t nothing_us;
	char expected[VERDICT_MESSAGE_MAX];
};

static bool
choice_of(struct runner *r, const struct step *s, struct choice *c)
{
	size_t used = 0;

	memset(c, 0, sizeof(*c));
	for (const struct step *b = s->body; b != NULL; b = b->branch) {
		char one[VERDICT_MESSAGE_MAX];
		struct window w;

		if (b->kind == STEP_NOTHING) {
			c->nothing = b;
			c->nothing_us = (b->when.since >= 0 ? r->values.value[b->when.since].moment_us : r->sent.at_us) + b->when.within_us;
			snprintf(one, sizeof(one), "nothing");
		} else if (!run_window(r, b, &w)) {
			return false;
		} else {
			c->until_us = w.until_us > c->until_us ? w.until_us : c->until_us;
			if (b->kind == STEP_EXPECT)
				run_expected(b, one, sizeof(one));
			else
				escape_bytes(one, sizeof(one), b->source);
		}
		if (used + 8 < sizeof(c->expected))
			used += (size_t)snprintf(c->expected + used, sizeof(c->expected) - used, "%s%s", used > 0 ? ", or " : "", one);
		if (used >= sizeof(c->expected))
			used = sizeof(c->expected) - 1;
	}
	if (c->nothing != NULL)
		c->until_us = c->nothing_us;
	return true;
}

/* A branch that begins with raw bytes which are there. */
static const struct step *
raw_branch(struct runner *r, const struct step *s)
{
	for (const struct step *b = s->body; b != NULL; b = b->branch)
		if (b->kind == STEP_RAW && span_starts(stream_bytes(&r->stream), b->raw))
			return b;
	return NULL;
}

static const struct step *
event_branch(struct runner *r, const struct step *s, const char **bad)
{
	*bad = NULL;
	for (const struct step *b = s->body; b != NULL; b = b->branch) {
		if (b->kind == STEP_EXPECT && run_match(r, b->text, b->texts, bad) >= 0)
			return b;
		if (b->kind == STEP_PAYLOAD && r->stream.event.reply.kind == AT_REPLY_PAYLOAD)
			return b;
	}
	return NULL;
}

enum played
run_either(struct runner *r, const struct step *s)
{
	struct choice c;
	enum played how;

	if (!choice_of(r, s, &c))
		return FAILED;
	for (;;) {
		const struct step *b;
		const char *bad;
		enum next got = run_next(r, s, c.until_us, &how);
		bool over;

		if (got == NEXT_BROKEN)
			return how;
		b = raw_branch(r, s);
		if (b == NULL && got == NEXT_EVENT)
			b = event_branch(r, s, &bad);
		if (b != NULL)
			return run_block(r, b);
		if (got == NEXT_TIME && c.nothing != NULL && stream_bytes(&r->stream).len == 0)
			return run_block(r, c.nothing);
		if (got == NEXT_TIME) {
			struct window w = { .base = r->sent, .until_us = c.until_us };

			w.within_us = c.until_us > r->sent.at_us ? c.until_us - r->sent.at_us : 0;
			return run_late(r, s, &w, c.expected);
		}
		if (bad != NULL)
			return run_bad_case(r, s, bad);
		how = run_unmatched(r, s, c.expected, &over);
		if (how != PLAYED || over)
			return how;
	}
}

/* ---- any order --------------------------------------------------------------------- */

struct crowd {
	const struct step *step[RUN_ANY_MAX];
	struct window window[RUN_ANY_MAX];
	int left;
};

/* The one whose time is over first, of those that have not come. */
static int
crowd_next(const struct crowd *c)
{
	int first = 0;

	for (int i = 1; i < c->left; i++)
		if (c->window[i].until_us < c->window[first].until_us)
			first = i;
	return first;
}

static void
crowd_remove(struct crowd *c, int i)
{
	c->left--;
	for (; i < c->left; i++) {
		c->step[i] = c->step[i + 1];
		c->window[i] = c->window[i + 1];
	}
}

static int
crowd_find(struct runner *r, const struct crowd *c, int *which, const char **bad)
{
	for (int i = 0; i < c->left; i++) {
		*which = run_match(r, c->step[i]->text, c->step[i]->texts, bad);
		if (*which >= 0 || *bad != NULL)
			return i;
	}
	return -1;
}

static void
crowd_expected(const struct crowd *c, char *into, size_t cap)
{
	size_t used = 0;

	into[0] = '\0';
	for (int i = 0; i < c->left && used + 8 < cap; i++) {
		char one[160];

		run_expected(c->step[i], one, sizeof(one));
		used += (size_t)snprintf(into + used, cap - used, "%s%s", i > 0 ? ", and " : "", one);
	}
}

/* One of the crowd may have come, or nothing in time.  *gone is set when the step that came, or failed informationally, is done with. */
static enum played
crowd_play_one(struct runner *r, struct crowd *c)
{
	char expected[VERDICT_MESSAGE_MAX], all[VERDICT_MESSAGE_MAX];
	int first = crowd_next(c), which = -1, i;
	const struct step *s = c->step[first];
	enum played how;
	enum next got = run_next(r, s, c->window[first].until_us, &how);
	const char *bad = NULL;
	bool over;

	if (got == NEXT_BROKEN)
		return how;
	if (got == NEXT_TIME) {
		run_expected(s, expected, sizeof(expected));
		how = run_late(r, s, &c->window[first], expected);
		crowd_remove(c, first);
		return how;
	}
	i = crowd_find(r, c, &which, &bad);
	if (bad != NULL)
		return run_bad_case(r, s, bad);
	if (i >= 0) {
		run_expected(c->step[i], expected, sizeof(expected));
		how = run_timing(r, c->step[i], &c->window[i], r->stream.event.when, expected);
		match_capture(&c->step[i]->text[which], &r->match, &r->values);
		run_moment(r, c->step[i], r->stream.event.when);
		run_take(r);
		if (how == PLAYED)
			how = run_framing(r, c->step[i], expected);
		crowd_remove(c, i);
		return how;
	}
	crowd_expected(c, all, sizeof(all));
	how = run_unmatched(r, s, all, &over);
	if (over)
		crowd_remove(c, first);
	return how;
}

enum played
run_any_order(struct runner *r, const struct step *s)
{
	struct crowd c = { .left = 0 };
	enum played how = PLAYED;

	for (const struct step *b = s->body; b != NULL; b = b->next) {
		if (c.left == RUN_ANY_MAX || b->kind != STEP_EXPECT)
			return run_bad_case(r, b, "any order takes at most 64 lines to expect, and nothing else");
		if (!run_window(r, b, &c.window[c.left]))
			return FAILED;
		c.step[c.left++] = b;
	}
	while (c.left > 0 && how == PLAYED)
		how = crowd_play_one(r, &c);
	return how;
}

/* ---- repeat ---------------------------------------------------------------------------- */

/* Between two rounds: has the until line come? */
static enum played
look_for_until(struct runner *r, const struct step *s)
{
	struct window w;
	enum played how;
	const char *bad;

	if (!run_window(r, s, &w))
		return FAILED;
	for (;;) {
		enum next got = run_next(r, s, w.until_us, &how);
		bool over;
		int which;

		if (got == NEXT_BROKEN)
			return how;
		if (got == NEXT_TIME)
			return PLAYED;
		which = run_match(r, s->text, s->texts, &bad);
		if (bad != NULL)
			return run_bad_case(r, s, bad);
		if (which >= 0) {
			how = run_timing(r, s, &w, r->stream.event.when, "the until line");
			match_capture(&s->text[which], &r->match, &r->values);
			run_moment(r, s, r->stream.event.when);
			run_take(r);
			if (how == PLAYED)
				how = run_framing(r, s, "the until line");
			return how == PLAYED ? LEFT : how;
		}
		/* What else came is the next round's business, unless it may come anywhere. */
		if (!run_is_allowed(r))
			return PLAYED;
		run_unmatched(r, s, "", &over);
	}
}

enum played
run_repeat(struct runner *r, const struct step *s)
{
	char expected[VERDICT_MESSAGE_MAX];

	if (r->untils == CASE_DEPTH_MAX)
		return run_bad_case(r, s, "loops in loops too deep");
	for (int64_t round = 0; round < s->number; round++) {
		int level = r->untils;
		enum played how;

		stream_step(&r->stream);
		r->until[r->untils++] = s;
		how = run_block(r, s->body);
		r->untils = level;
		if (how == LEFT)
			return r->left_level == level ? PLAYED : LEFT;
		if (how == FAILED)
			return how;
		how = look_for_until(r, s);
		if (how != PLAYED)
			return how == LEFT ? PLAYED : how;
	}
	run_expected(s, expected, sizeof(expected));
	return run_fail(r, s, false, "RepeatExhausted", expected, "other answers", 0, "%lld rounds were played and %s did not come",
	    (long long)s->number, expected);
}
