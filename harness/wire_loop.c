/*
 * wire_loop: the emulator and its simulated world inside this process.  Time is virtual: it jumps to the next
 * moment at which something happens, so a deadline of minutes costs microseconds.
 */
#include <stdlib.h>

#include "case.h"
#include "modem.h"
#include "wire.h"
#include "world_sim.h"

#define ANSWERS_MAX 32
#define ANSWER_BYTES_MAX (64u << 10)
/* So many things at one moment without a byte: the emulator hangs. */
#define STEPS_MAX 1000000

/* Bytes of the case's own that come instead of the module's answer. */
struct answer {
	uint64_t delay_us; /* after the one before it, or the command */
	uint64_t at_us;
	uint32_t from, len; /* in answer_bytes */
};

struct wire_loop {
	struct wire wire; /* first: ops are given its address */
	const struct modem_profile *profile;
	struct modem *modem;     /* owned */
	struct world_sim *world; /* owned */
	uint64_t now_us;         /* never goes back, not even from case to case */
	bool faulty;             /* a fault is planted: what is lost is meant */

	struct answer answer[ANSWERS_MAX];
	int answers, answered; /* those before answered have been read */
	bool swallowing;       /* the next command line is theirs */
	bool after_cr;         /* it ended in CR: an LF now belongs to it */
	bool running;          /* it has come: at_us holds */
	uint32_t answer_used;
	char answer_bytes[ANSWER_BYTES_MAX];
};

static struct wire_loop *
loop_of(struct wire *w)
{
	return (struct wire_loop *)w;
}

/* The world hears of the time when the emulator does something; before anything comes from outside it must, too. */
static void
tell_world(struct wire_loop *l)
{
	struct modem_world *world = world_sim_modem(l->world);

	world->ops->advance(world, l->now_us);
}

/* ---- the start of a case ------------------------------------------------------- */

static bool
take_word(struct span *line, struct span *word)
{
	size_t n = 0;

	while (line->len > 0 && line->at[0] == ' ')
		*line = span_after(*line, 1);
	while (n < line->len && line->at[n] != ' ')
		n++;
	*word = span_of(line->at, n);
	*line = span_after(*line, n);
	while (line->len > 0 && line->at[0] == ' ')
		*line = span_after(*line, 1);
	return n > 0;
}

/* A switch or a fault; result as of modem_switch_set. */
static int
planted(const char *what, int result, struct span name, struct span value, struct err *e)
{
	if (result == -1)
		return err_set(e, EXIT_USAGE, "no %s %.*s, expected one that attest emulate --help lists", what, (int)name.len, name.at);
	if (result == -2)
		return err_set(e, EXIT_USAGE, "%.*s is no value of the %s %.*s", (int)value.len, value.at, what, (int)name.len, name.at);
	return 0;
}

static int
set_switch(struct wire_loop *l, struct span name, struct span value, struct err *e)
{
	return planted("switch", modem_switch_set(l->modem, name, value), name, value, e);
}

static int
set_fault(struct wire_loop *l, struct span name, struct span value, struct err *e)
{
	l->faulty = true;
	return planted("fault", modem_fault_set(l->modem, name, value), name, value, e);
}

static int
module_line(struct wire_loop *l, const struct case_line *line, struct err *e)
{
	struct span text = line->text, verb, name;
	struct err inner = { 0 };

	if (!take_word(&text, &verb) || !take_word(&text, &name))
		return err_set(
		    e, EXIT_USAGE, "%s:%d:%d: expected set SWITCH VALUE or fault NAME VALUE", line->path, line->line, line->column);
	while (text.len > 0 && text.at[text.len - 1] == ' ')
		text.len--;
	if (span_equal(verb, SPAN("set")) && set_switch(l, name, text, &inner) == 0)
		return 0;
	if (span_equal(verb, SPAN("fault")) && set_fault(l, name, text, &inner) == 0)
		return 0;
	if (inner.text[0] == '\0')
		err_set(&inner, EXIT_USAGE, "expected set SWITCH VALUE or fault NAME VALUE");
	return err_set(e, EXIT_USAGE, "%s:%d:%d: %.300s", line->path, line->line, line->column, inner.text);
}

static void
forget_answers(struct wire_loop *l)
{
	l->answers = l->answered = 0;
	l->swallowing = l->after_cr = l->running = false;
	l->answer_used = 0;
}

static int
loop_begin(struct wire *wire, const struct case_setting *setting, uint64_t seed, struct err *e)
{
	struct wire_loop *l = loop_of(wire);

	forget_answers(l);
	l->faulty = false;
	if (world_sim_begin(l->world, setting == NULL ? NULL : setting->world, seed, e) != 0)
		return -1;
	tell_world(l);
	modem_init(l->modem, l->profile, world_sim_modem(l->world), seed, l->now_us);
	for (const struct case_line *line = setting == NULL ? NULL : setting->module; line != NULL; line = line->next)
		if (module_line(l, line, e) != 0)
			return -1;
	return 0;
}

/* ---- bytes --------------------------------------------------------------------- */

/* The command line that the case answers has come: its answers are on their way. */
static void
answers_run(struct wire_loop *l)
{
	uint64_t at_us = l->now_us;

	for (int i = l->answered; i < l->answers; i++) {
		at_us += l->answer[i].delay_us;
		l->answer[i].at_us = at_us;
	}
	l->swallowing = false;
	l->running = true;
}

/* Take what belongs to a command line that does not reach the emulator; what is left. */
static struct span
swallow(struct wire_loop *l, struct span bytes)
{
	while (l->swallowing && bytes.len > 0) {
		char c = bytes.at[0];

		bytes = span_after(bytes, 1);
		if (c == '\r' || c == '\n') {
			l->after_cr = c == '\r';
			answers_run(l);
		}
	}
	if (l->after_cr && bytes.len > 0) {
		l->after_cr = false;
		if (bytes.at[0] == '\n')
			bytes = span_after(bytes, 1);
	}
	return bytes;
}

static int
loop_send(struct wire *wire, struct span bytes, struct err *e)
{
	struct wire_loop *l = loop_of(wire);

	(void)e;
	if (l->swallowing || l->after_cr)
		bytes = swallow(l, bytes);
	tell_world(l);
	if (bytes.len > 0)
		modem_feed(l->modem, bytes, l->now_us);
	return 0;
}

static uint64_t
answers_due(const struct wire_loop *l)
{
	return l->running && l->answered < l->answers ? l->answer[l->answered].at_us : MODEM_NEVER;
}

/* Bytes of the case's own that are there by now. */
static size_t
answers_pull(struct wire_loop *l, char *into, size_t cap)
{
	struct answer *a = &l->answer[l->answered];
	size_t n;

	if (answers_due(l) > l->now_us)
		return 0;
	n = a->len < cap ? a->len : cap;
	memcpy(into, l->answer_bytes + a->from, n);
	a->from += (uint32_t)n;
	a->len -= (uint32_t)n;
	if (a->len == 0 && ++l->answered == l->answers)
		forget_answers(l);
	return n;
}

/* All that has arrived by now, at most cap. */
static size_t
pull(struct wire_loop *l, char *into, size_t cap)
{
	size_t n, got = 0;

	while (got < cap && (n = modem_pull(l->modem, into + got, cap - got)) > 0)
		got += n;
	while (got < cap && (n = answers_pull(l, into + got, cap - got)) > 0)
		got += n;
	return got;
}

/* Lines are missing that the module said: no verdict on it can be right. */
static int
nothing_lost(const struct wire_loop *l, struct err *e)
{
	struct modem_lost lost;

	if (l->faulty || !modem_lost(l->modem, &lost))
		return 0;
	return err_set(
	    e, EXIT_INTERNAL, "the emulator lost %u bytes and %u unsolicited lines that it had no room for", lost.bytes, lost.urcs);
}

static long
loop_recv(struct wire *wire, char *into, size_t cap, uint64_t until_us, struct wire_when *when, struct err *e)
{
	struct wire_loop *l = loop_of(wire);

	for (int steps = 0; steps < STEPS_MAX; steps++) {
		uint64_t due, answer_us;
		size_t got = pull(l, into, cap);

		if (nothing_lost(l, e) != 0)
			return -1;
		if (got > 0) {
			when->after_us = when->at_us = l->now_us;
			return (long)got;
		}
		if (l->now_us >= until_us && modem_due(l->modem) > l->now_us)
			return 0;
		due = modem_due(l->modem);
		answer_us = answers_due(l);
		due = answer_us < due ? answer_us : due;
		due = until_us < due ? until_us : due;
		if (due > l->now_us) {
			l->now_us = due;
			steps = 0;
		}
		modem_advance(l->modem, l->now_us);
	}
	return err_set(e, EXIT_INTERNAL, "the emulator hangs at %llu us", (unsigned long long)l->now_us);
}

static uint64_t
loop_now(struct wire *wire)
{
	return loop_of(wire)->now_us;
}

static unsigned
loop_lines(struct wire *wire, unsigned *mask)
{
	*mask = MODEM_DCD | MODEM_RI | MODEM_DSR | MODEM_CTS;
	return modem_lines(loop_of(wire)->modem);
}

/* ---- orders -------------------------------------------------------------------- */

static int
order_answers(struct wire_loop *l, const struct wire_order *o, struct err *e)
{
	struct answer *a;

	if (l->running)
		return err_set(e, EXIT_USAGE, "module answers: the answers to the last command have not all come");
	if (l->answers == ANSWERS_MAX || o->text.len > ANSWER_BYTES_MAX - l->answer_used)
		return err_set(e, EXIT_USAGE, "module answers: more than %d answers or %u bytes", ANSWERS_MAX, ANSWER_BYTES_MAX);
	a = &l->answer[l->answers++];
	*a = (struct answer){ .delay_us = o->delay_us, .from = l->answer_used, .len = (uint32_t)o->text.len };
	if (o->text.len > 0)
		memcpy(l->answer_bytes + l->answer_used, o->text.at, o->text.len);
	l->answer_used += a->len;
	l->swallowing = true;
	return 0;
}

static int
loop_order(struct wire *wire, const struct wire_order *o, struct err *e)
{
	struct wire_loop *l = loop_of(wire);

	tell_world(l);
	switch (o->kind) {
	case ORDER_SAYS:
		if (!modem_says(l->modem, o->text, (enum modem_where)o->where, l->now_us))
			return err_set(e, EXIT_USAGE, "module says: longer than %d bytes, or a line waits there already", MODEM_SAYS_MAX);
		return 0;
	case ORDER_ANSWERS: return order_answers(l, o, e);
	case ORDER_BEARER_LOST: modem_bearer_lost(l->modem, (int)o->number, l->now_us); return 0;
	case ORDER_REBOOT: modem_reboot(l->modem, l->now_us); return 0;
	case ORDER_SWITCH: return set_switch(l, o->name, o->text, e);
	case ORDER_FAULT: return set_fault(l, o->name, o->text, e);
	case ORDER_DTR: modem_dtr(l->modem, o->number != 0, l->now_us); return 0;
	}
	return 1;
}

static struct world_sim *
loop_far(struct wire *wire)
{
	tell_world(loop_of(wire));
	return loop_of(wire)->world;
}

static void
loop_close(struct wire *wire)
{
	struct wire_loop *l = loop_of(wire);

	if (wire == NULL)
		return;
	world_sim_free(l->world);
	free(l->modem);
	free(l);
}

static const struct wire_ops ops = {
	.begin = loop_begin,
	.send = loop_send,
	.recv = loop_recv,
	.now = loop_now,
	.lines = loop_lines,
	.order = loop_order,
	.far = loop_far,
	.close = loop_close,
};

struct wire *
wire_loop_open_module(const struct modem_profile *profile)
{
	struct wire_loop *l = calloc(1, sizeof(*l));

	if (l == NULL || (l->modem = calloc(1, sizeof(*l->modem))) == NULL)
		abort();
	l->wire.ops = &ops;
	l->profile = profile;
	l->world = world_sim_new();
	loop_begin(&l->wire, NULL, 0, NULL);
	return &l->wire;
}

struct wire *
wire_loop_open(struct span profile, struct err *e)
{
	const struct modem_profile *p = modem_profile_find(profile);

	if (p != NULL)
		return wire_loop_open_module(p);
	err_set(e, EXIT_USAGE, "no profile %.*s", (int)profile.len, profile.at);
	return NULL;
}

const struct modem *
wire_loop_modem(struct wire *w)
{
	return loop_of(w)->modem;
}
