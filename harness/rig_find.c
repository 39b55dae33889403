/*
 * rig_find: make a module answer, in whatever state others have left it, or say what is wrong with the rig.
 *
 * In this order, each for a bounded time, until something answers:
 *	1. AT, then ATQ0V1E1, since result codes may be off, and AT twice more (autobauding may need several)
 *	2. AT at other baud rates, where the port has one
 *	3. carriage returns, first a block of FTPPUT, then as many as HTTPDATA and FTPEXTPUT take: a module that waits for input
 *	   takes them as that, another ignores empty lines
 *	4. +++ between two silences, against a data mode
 *	5. AT again and again, until the time is over
 */
#include <stdio.h>

#include "escape.h"
#include "rig_parts.h"

#define RATE_ANSWER_US 300000u
#define GUARD_US 1100000u /* 1 s of silence around +++ (manual 2.2) */
#define TEXT_US 10000000u /* what says something, but no result code, is given so long: it may be starting */

static const unsigned rates[] = { 115200, 9600, 57600, 38400, 19200, 230400, 460800, 4800, 2400, 1200 };

/* What was met on the way. */
struct sighting {
	bool echo, text, garbage, flood;
	unsigned answers_at; /* bits a second; 0: nowhere else */
};

static uint64_t
left(const struct rig *r, uint64_t until_us, uint64_t most_us)
{
	uint64_t now = talk_now(&r->talk), rest = until_us > now ? until_us - now : 0;

	return rest < most_us ? rest : most_us;
}

static bool
is_answer(enum talk_result got)
{
	return got == TALK_OK || got == TALK_NUMBER || got == TALK_ERROR;
}

static bool
is_over(enum talk_result got)
{
	return got == TALK_LOST || got == TALK_STOPPED;
}

static void
note(struct sighting *s, enum talk_result got)
{
	s->echo = s->echo || got == TALK_ECHO;
	s->text = s->text || got == TALK_TEXT;
	s->garbage = s->garbage || got == TALK_GARBAGE;
	s->flood = s->flood || got == TALK_FLOOD;
}

static enum talk_result
ask(struct rig *r, struct sighting *s, const char *line, uint64_t within_us)
{
	enum talk_result got = talk_command(&r->talk, line, false, within_us);

	if (got == TALK_FLOOD) /* half of a long payload may still be on its way */
		got = talk_drain(&r->talk, RIG_SLICE_US, within_us) == TALK_NOTHING ? TALK_TEXT : TALK_FLOOD;
	if (!is_answer(got))
		note(s, got);
	return got;
}

/* ---- the attempts ------------------------------------------------------------------ */

static enum talk_result
try_at(struct rig *r, struct sighting *s, uint64_t until_us)
{
	static const char *const lines[] = { "AT", "ATQ0V1E1", "AT", "AT" };
	enum talk_result got = TALK_NOTHING;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]) && !is_answer(got) && !is_over(got) && (i == 0 || left(r, until_us, 1) > 0);
	     i++)
		got = ask(r, s, lines[i], left(r, until_us, RIG_ANSWER_US));
	return got;
}

/* At another rate it answers: the port was opened with a wrong one, which is for the user to say. */
static enum talk_result
try_rates(struct rig *r, struct sighting *s, uint64_t until_us)
{
	struct wire *w = r->inner;
	enum talk_result got = TALK_NOTHING;
	struct sighting there = { 0 };

	if (r->options.baud == 0 || w->ops->baud == NULL)
		return TALK_NOTHING;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]) && left(r, until_us, 1) > 0; i++) {
		int can = rates[i] == r->options.baud ? 1 : w->ops->baud(w, rates[i], &r->talk.err);

		if (can < 0)
			return TALK_LOST;
		if (can == 1)
			continue;
		for (int k = 0; k < 2 && !is_answer(got) && !is_over(got); k++)
			got = ask(r, &there, "AT", left(r, until_us, RATE_ANSWER_US));
		if (is_answer(got))
			s->answers_at = rates[i];
		if (is_answer(got) || is_over(got))
			break;
	}
	if (got != TALK_LOST && w->ops->baud(w, r->options.baud, &r->talk.err) < 0)
		return TALK_LOST;
	return got;
}

/* Give a module that waits for input what it waits for. */
static enum talk_result
try_fill(struct rig *r, struct sighting *s, size_t n, uint64_t until_us)
{
	enum talk_result got = talk_fill(&r->talk, n, until_us);

	return is_over(got) ? got : ask(r, s, "AT", left(r, until_us, RIG_ANSWER_US));
}

static enum talk_result
try_escape(struct rig *r, struct sighting *s, uint64_t until_us)
{
	enum talk_result got = talk_pause(&r->talk, left(r, until_us, GUARD_US));

	if (got == TALK_NOTHING && r->inner->ops->send(r->inner, SPAN("+++"), &r->talk.err) != 0)
		got = TALK_LOST;
	if (got == TALK_NOTHING)
		got = talk_pause(&r->talk, left(r, until_us, GUARD_US));
	/* To a module in command mode the three belong to a line, which this ends. */
	return got != TALK_NOTHING ? got : ask(r, s, "\rATQ0V1E1", left(r, until_us, RIG_ANSWER_US));
}

/* ---- what is wrong --------------------------------------------------------------------- */

static void
shown(const struct rig *r, char *into, size_t cap)
{
	escape_bytes(into, cap, span_of(r->talk.first, r->talk.first_len));
}

static int
diagnose(struct rig *r, const struct sighting *s, uint64_t since_us, struct err *e)
{
	char first[160], at[40] = "";
	unsigned seconds = (unsigned)((talk_now(&r->talk) - since_us + 500000) / 1000000);

	shown(r, first, sizeof(first));
	if (r->options.baud != 0)
		snprintf(at, sizeof(at), " at %u baud", r->options.baud);
	if (s->answers_at != 0)
		return err_set(e, EXIT_RIG, "%s%s; the module answers at %u: give the port as %.200s,%u",
		    s->garbage ? "only garbage" : "no answer to AT", at, s->answers_at, r->options.port, s->answers_at);
	if (s->flood)
		return err_set(e, EXIT_RIG,
		    "the port sends without end and answers nothing (%llu bytes in %u s, first \"%s\"): this is no module, or one that is "
		    "stuck in "
		    "a transfer",
		    (unsigned long long)r->talk.heard, seconds, first);
	if (s->garbage)
		return err_set(e, EXIT_RIG,
		    "only garbage%s (first \"%s\"): a wrong baud rate%s, swapped or loose lines, or something that is no module", at, first,
		    r->options.baud == 0 ? " at the serial server" : ", though no other common one was answered");
	if (s->text)
		return err_set(e, EXIT_RIG, "what answers is no module: it said \"%s\"; expected OK to AT within %u s", first,
		    seconds > 0 ? seconds : 1);
	if (s->echo)
		return err_set(e, EXIT_RIG,
		    "everything sent comes back and nothing else: a loopback plug, a terminal that echoes, or a module that has no power");
	return err_set(e, EXIT_RIG,
	    "no answer to AT%s in %u s: is the module powered and switched on (PWRKEY), are TX and RX the right way round, is this the "
	    "port?",
	    at, seconds > 0 ? seconds : 1);
}

static int
lost(struct rig *r, enum talk_result got, struct err *e)
{
	char first[160];

	shown(r, first, sizeof(first));
	if (got == TALK_STOPPED || first[0] == '\0')
		return rig_complain(r, got, "AT", e);
	r->lost = true;
	return err_set(e, EXIT_RIG, "what answers is no module: it said \"%s\", then: %.200s", first, r->talk.err.text);
}

/* ---- all of it ------------------------------------------------------------------------ */

int
rig_search(struct rig *r, uint64_t until_us, struct err *e)
{
	uint64_t since_us = talk_now(&r->talk);
	struct sighting s = { 0 };
	enum talk_result got;
	bool numeric = r->talk.numeric;

	talk_forget(&r->talk);
	r->talk.numeric = true;
	got = try_at(r, &s, until_us);
	if (!is_answer(got) && !is_over(got) && !s.echo && !s.text)
		got = try_rates(r, &s, until_us);
	if (!is_answer(got) && !is_over(got) && !s.echo && !s.text && !s.garbage && !s.flood && left(r, until_us, 1) > 0) {
		got = try_fill(r, &s, RIG_BLOCK_MAX, until_us);
		if (got == TALK_NOTHING && left(r, until_us, 1) > 0)
			got = try_fill(r, &s, r->watch.input > 0 ? r->watch.input : RIG_INPUT_MAX, until_us);
		if (got == TALK_NOTHING && left(r, until_us, 1) > 0)
			got = try_escape(r, &s, until_us);
	}
	if ((s.text || s.echo || s.garbage || s.flood) && until_us > talk_now(&r->talk) + TEXT_US)
		until_us = talk_now(&r->talk) + TEXT_US;
	while (!is_answer(got) && !is_over(got) && !(s.echo && !s.text) && left(r, until_us, 1) > 0)
		got = ask(r, &s, "AT", left(r, until_us, RIG_ANSWER_US));
	r->talk.numeric = numeric;
	if (is_over(got))
		return lost(r, got, e);
	if (!is_answer(got) || s.answers_at != 0)
		return diagnose(r, &s, since_us, e);
	/* Answers to earlier attempts may still come. */
	got = talk_drain(&r->talk, 10 * RIG_SLICE_US, RIG_COMMAND_US);
	return is_over(got) ? lost(r, got, e) : 0;
}

int
rig_alive(struct rig *r, struct err *e)
{
	uint64_t until_us = talk_now(&r->talk) + (r->options.wait_us < RIG_SILENT_US ? r->options.wait_us : RIG_SILENT_US);
	bool filled = false;

	/* The case may have switched result codes off. */
	do {
		enum talk_result got = talk_command(&r->talk, "ATQ0", false, left(r, until_us, RIG_ANSWER_US));

		if (is_over(got))
			return rig_complain(r, got, "ATQ0", e);
		if (got != TALK_NOTHING && got != TALK_GARBAGE)
			return 1;
		/* It may wait for the rest of what the case meant to send. */
		if (!filled && r->watch.input > 0) {
			got = talk_fill(&r->talk, r->watch.input, until_us);
			if (is_over(got))
				return rig_complain(r, got, "ATQ0", e);
			filled = true;
		}
	} while (left(r, until_us, 1) > 0);
	return 0;
}
