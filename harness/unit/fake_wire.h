/*
 * For the tests of the runner: a wire that says given bytes at given moments, on a clock of its own.
 *
 * Each saying is counted from a send: the first one is 1, and 0 is the start of the case.
 */
#ifndef FAKE_WIRE_H
#define FAKE_WIRE_H

#include "case_text.h"
#include "run.h"

#define FAKE_SENDS_MAX 64
#define FAKE_START_US 7000000 /* no case may count on a clock that begins at 0 */

struct saying {
	int send;
	uint64_t delay_us;
	const char *bytes;
	size_t len; /* 0: up to the NUL */
};

struct fake_wire {
	struct wire wire; /* first */
	const struct saying *script;
	size_t sayings;
	bool said[FAKE_SENDS_MAX];
	size_t taken; /* of the saying that is on its way */
	uint64_t now_us, sent_us[FAKE_SENDS_MAX];
	int sends;
	char sent[8192];
	size_t sent_len;
	const char *flood; /* said again and again from the first send on, at flood_pace_us a time (0: without time passing) */
	uint64_t flood_pace_us, flood_limit, flooded;
	bool lost;
	unsigned lines, lines_shown;
	uint64_t line_moves_us; /* DCD turns over then */
	int order_answer;
	uint64_t late_us; /* so long it did not run */
	volatile sig_atomic_t *stop_at_send; /* set by the second send, like a signal */
};

static struct fake_wire fake;

static int
fake_begin(struct wire *w, const struct case_setting *s, uint64_t seed, struct err *e)
{
	(void)w, (void)s, (void)seed, (void)e;
	fake.sent_us[0] = fake.now_us;
	return 0;
}

static int
fake_send(struct wire *w, struct span bytes, struct err *e)
{
	(void)w;
	if (fake.lost)
		return err_set(e, EXIT_RIG, "unplugged");
	assert_true(fake.sends + 1 < FAKE_SENDS_MAX);
	assert_true(fake.sent_len + bytes.len < sizeof(fake.sent));
	memcpy(fake.sent + fake.sent_len, bytes.at, bytes.len);
	fake.sent_len += bytes.len;
	fake.sent_us[++fake.sends] = fake.now_us;
	if (fake.stop_at_send != NULL && fake.sends == 2)
		*fake.stop_at_send = 15;
	return 0;
}

/* The saying that comes next, or -1. */
static int
fake_next(uint64_t *at_us)
{
	int next = -1;

	for (size_t i = 0; i < fake.sayings; i++) {
		uint64_t at;

		if (fake.said[i] || fake.script[i].send > fake.sends)
			continue;
		at = fake.sent_us[fake.script[i].send] + fake.script[i].delay_us;
		if (next < 0 || at < *at_us) {
			next = (int)i;
			*at_us = at;
		}
	}
	return next;
}

static long
fake_flood(char *into, size_t cap, uint64_t until_us, struct wire_when *when)
{
	size_t n = strlen(fake.flood);

	if (fake.now_us + fake.flood_pace_us > until_us) {
		fake.now_us = until_us;
		return 0;
	}
	assert_true(fake.flooded < fake.flood_limit);
	fake.now_us += fake.flood_pace_us;
	when->after_us = when->at_us = fake.now_us;
	if (n > cap)
		n = cap;
	memcpy(into, fake.flood, n);
	fake.flooded += n;
	return (long)n;
}

static long
fake_recv(struct wire *w, char *into, size_t cap, uint64_t until_us, struct wire_when *when, struct err *e)
{
	uint64_t at = 0;
	int i = fake_next(&at);
	size_t n;

	(void)w;
	if (fake.lost)
		return err_set(e, EXIT_RIG, "unplugged");
	if (i < 0 && fake.flood != NULL && fake.sends > 0)
		return fake_flood(into, cap, until_us, when);
	if (i < 0 || at > until_us) {
		if (until_us > fake.now_us)
			fake.now_us = until_us;
		return 0;
	}
	if (at > fake.now_us)
		fake.now_us = at;
	when->after_us = when->at_us = at;
	n = (fake.script[i].len > 0 ? fake.script[i].len : strlen(fake.script[i].bytes)) - fake.taken;
	if (n > cap)
		n = cap;
	memcpy(into, fake.script[i].bytes + fake.taken, n);
	fake.taken += n;
	if (fake.taken == (fake.script[i].len > 0 ? fake.script[i].len : strlen(fake.script[i].bytes))) {
		fake.said[i] = true;
		fake.taken = 0;
	}
	return (long)n;
}

static uint64_t
fake_now(struct wire *w)
{
	(void)w;
	return fake.now_us;
}

static unsigned
fake_lines(struct wire *w, unsigned *mask)
{
	(void)w;
	*mask = fake.lines_shown;
	return fake.line_moves_us != 0 && fake.now_us >= fake.line_moves_us ? fake.lines ^ 1u : fake.lines;
}

static int
fake_order(struct wire *w, const struct wire_order *o, struct err *e)
{
	(void)w, (void)o, (void)e;
	return fake.order_answer;
}

static struct world_sim *
fake_far(struct wire *w)
{
	(void)w;
	return NULL;
}

static void
fake_health(struct wire *w, struct wire_health *h)
{
	(void)w;
	h->late_us = fake.late_us;
}

static void
fake_close(struct wire *w)
{
	(void)w;
}

static const struct wire_ops fake_ops = {
	.begin = fake_begin,
	.send = fake_send,
	.recv = fake_recv,
	.now = fake_now,
	.lines = fake_lines,
	.order = fake_order,
	.far = fake_far,
	.health = fake_health,
	.close = fake_close,
};

static struct outcome outcome;
static struct runner *runner;

/* A wire that has nothing to say yet. */
static inline void
fake_reset(void)
{
	memset(&fake, 0, sizeof(fake));
	fake.wire.ops = &fake_ops;
	fake.now_us = FAKE_START_US;
	fake.lines = fake.lines_shown = 1;
	runner_free(runner);
	runner = runner_new(&fake.wire);
	assert_non_null(runner);
}

/* Play what text says under a header of two lines: its first line is line 3. */
static inline void
play_script(const char *text, const struct saying *script, size_t n)
{
	char whole[4096];

	snprintf(whole, sizeof(whole), "title A case\nspec A document, 1.1\n%s", text);
	assert_reads(whole);
	fake.script = script;
	fake.sayings = n;
	run_case(runner, &parsed, 1, &outcome);
}

#define PLAY(text, ...)                                                                              \
	do {                                                                                         \
		static const struct saying script_[] = { __VA_ARGS__ };                              \
		fake_reset();                                                                        \
		play_script((text), script_, sizeof(script_) / sizeof(script_[0]));                  \
	} while (0)

static inline void
assert_passes(void)
{
	if (outcome.verdict != VERDICT_PASS)
		fail_msg("%s at %d: %s: %s", verdict_name(outcome.verdict), outcome.line, outcome.type, outcome.message);
}

static inline void
assert_fails(const char *type, int line, const char *message)
{
	assert_string_equal(outcome.message, message);
	assert_string_equal(outcome.type, type);
	assert_int_equal(outcome.verdict, VERDICT_FAIL);
	assert_int_equal(outcome.line, line);
}

#endif
