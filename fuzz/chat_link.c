#include "chat_link.h"

#include <stdlib.h>

#include "modem_invariants.h"
#include "modem_judge.h"
#include "modem_scene.h"
#include "modem_script.h"
#include "oracle.h"
#include "quiet.h"

QUIET_BEGIN

/* What comes out of the line for one byte that went in: a NUL for each event, and the byte twice. */
#define CHAT_OUT_MAX (CHAT_EVENTS_MAX + 2)

/* ---- what the line does ---------------------------------------------------- */

static bool
strikes(struct chat_link *l, const struct chat_event *e, bool to_host, uint64_t at)
{
	if (e->to_host != to_host)
		return false;
	return e->one_in > 0 ? prng_below(&l->chance, e->one_in) == 0 : e->at == at;
}

static void
damage(struct chat_link *l, bool payload)
{
	l->damaged = true;
	l->payload_damaged = l->payload_damaged || payload;
}

/* Whether the line rests before its next byte, and how long. */
static uint32_t
rests(struct chat_link *l, bool to_host)
{
	uint64_t at = to_host ? l->to_host.bytes : l->to_module.bytes;

	for (int i = 0; i < l->events; i++) {
		struct chat_event *e = &l->event[i];

		if (e->kind != CHAT_PAUSE || e->done || l->pauses == CHAT_PAUSES_MAX || !strikes(l, e, to_host, at))
			continue;
		e->done = e->one_in == 0;
		l->pauses++;
		return e->argument < CHAT_PAUSE_MAX_MS ? e->argument : CHAT_PAUSE_MAX_MS;
	}
	return 0;
}

/* One byte into the line: what comes out of it, into out. */
static size_t
through(struct chat_link *l, bool to_host, char c, bool payload, char out[CHAT_OUT_MAX])
{
	struct chat_way *way = to_host ? &l->to_host : &l->to_module;
	uint64_t at = way->bytes++;
	size_t n = 0, times = 1;

	for (int i = 0; i < l->events; i++) {
		const struct chat_event *e = &l->event[i];

		if (e->kind == CHAT_PAUSE || !strikes(l, e, to_host, at))
			continue;
		switch (e->kind) {
		case CHAT_LOSE: way->losing = e->argument; break;
		case CHAT_DOUBLE: times = 2; break;
		case CHAT_FLIP: c = (char)(c ^ 1 << e->argument % 8); break;
		case CHAT_NUL: out[n++] = '\0'; break;
		case CHAT_PAUSE: continue;
		case CHAT_URC:
			if (l->urcs < CHAT_URCS_MAX && modem_says(&l->m, e->text, e->where, l->m.now_us))
				l->urcs++;
			continue;
		}
		damage(l, payload);
	}
	if (way->losing > 0) {
		way->losing--;
		damage(l, payload);
		return n;
	}
	while (times-- > 0)
		out[n++] = c;
	return n;
}

/* ---- to the module ------------------------------------------------------------- */

void
chat_link_send(struct chat_link *l, struct span bytes)
{
	char out[1024];
	size_t n = 0;
	uint32_t data = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		uint32_t rest_ms = rests(l, false);
		size_t more;

		if (n > sizeof(out) - CHAT_OUT_MAX || (rest_ms > 0 && n > 0)) {
			modem_feed(&l->m, span_of(out, n), l->now_us);
			n = 0;
		}
		l->now_us += rest_ms * UINT64_C(1000);
		/* So many of the next bytes are data; the module is not asked for each. */
		if (n == 0)
			data = l->m.taking && l->m.take_armed && !l->m.take_over ? l->m.take_left : 0;
		more = through(l, false, bytes.at[i], data > 0, out + n);
		data -= data < more ? data : (uint32_t)more;
		n += more;
	}
	modem_feed(&l->m, span_of(out, n), l->now_us);
}

/* ---- to the host ------------------------------------------------------------------ */

/* Which of the bytes that the module has said now are payload. */
static void
mark_payload(struct chat_link *l)
{
	struct span said = span_of(l->said, l->said_len);
	uint64_t base = l->to_host.bytes;
	struct at_reply r;

	memset(l->payload, 0, l->said_len * sizeof(l->payload[0]));
	do {
		said = span_after(said, at_reply_feed(&l->clean, said, &r));
		for (uint64_t i = 0; r.kind == AT_REPLY_PAYLOAD && i < r.text.len; i++)
			l->payload[r.offset + i - base] = true;
	} while (r.kind != AT_REPLY_MORE);
}

/* What the module has said goes through the line, up to where that rests. */
static void
pull(struct chat_link *l)
{
	if (l->said_from == l->said_len) {
		l->said_from = 0;
		l->said_len = modem_pull(&l->m, l->said, sizeof(l->said));
		mark_payload(l);
	}
	l->ready_from = l->ready_len = 0;
	while (l->said_from < l->said_len && sizeof(l->ready) - l->ready_len >= CHAT_OUT_MAX && (l->rest_ms = rests(l, true)) == 0) {
		l->ready_len += through(l, true, l->said[l->said_from], l->payload[l->said_from], l->ready + l->ready_len);
		l->said_from++;
	}
}

static size_t
deliver(struct chat_link *l, char *into, size_t cap)
{
	size_t n = 1 + prng_below(&l->cuts, 200);

	n = n < cap ? n : cap;
	n = n < l->ready_len - l->ready_from ? n : l->ready_len - l->ready_from;
	memcpy(into, l->ready + l->ready_from, n);
	l->ready_from += n;
	return n;
}

/* Whether something can be delivered now. */
static bool
is_ready(struct chat_link *l)
{
	if (l->ready_from == l->ready_len && l->rest_ms > 0) {
		l->rest_until_us = l->now_us + l->rest_ms * UINT64_C(1000);
		l->rest_ms = 0;
	}
	if (l->now_us < l->rest_until_us)
		return false;
	if (l->ready_from == l->ready_len)
		pull(l);
	return l->ready_from < l->ready_len;
}

size_t
chat_link_receive(struct chat_link *l, char *into, size_t cap, uint64_t until_us)
{
	for (int steps = 0; steps < CHAT_STEPS_MAX; steps++) {
		uint64_t due;

		if (is_ready(l))
			return deliver(l, into, cap);
		if (l->rest_ms > 0)
			continue;
		due = modem_due(&l->m);
		if (due > l->now_us && l->now_us >= until_us)
			return 0;
		if (l->now_us < l->rest_until_us && l->rest_until_us < due)
			due = l->rest_until_us;
		due = due < until_us ? due : until_us;
		if (due > l->now_us)
			l->now_us = due;
		modem_advance(&l->m, l->now_us);
		if (modem_due(&l->m) > l->now_us)
			modem_invariants(&l->m, l->now_us);
	}
	oracle_fail("hang", "%d things without a byte, at %llu us", CHAT_STEPS_MAX, (unsigned long long)l->now_us);
}

/* ---- its beginning ------------------------------------------------------------------ */

/* "< 120 3" or "< 1/200 3" behind the word: where, and the argument. */
static bool
place_read(struct span *rest, struct chat_event *e)
{
	struct span way = script_word(rest);
	uint32_t n;

	if (!span_equal(way, SPAN("<")) && !span_equal(way, SPAN(">")))
		return false;
	e->to_host = way.at[0] == '<';
	if (span_starts(*rest, SPAN("1/"))) {
		*rest = span_after(*rest, 2);
		return script_number(rest, &e->one_in) && e->one_in > 0;
	}
	if (!script_number(rest, &n))
		return false;
	e->at = n;
	return true;
}

/* urc WHERE < 120 +CREG: 5: as says in a script of the emulator. */
static bool
urc_read(struct span rest, struct chat_event *e)
{
	static const char *const places[] = { "now", "before-answer", "before-final", "after-final" };
	struct span place = script_word(&rest);
	unsigned i = 0;

	while (i < 4 && !span_equal(place, span_str(places[i])))
		i++;
	if (i == 4 || !place_read(&rest, e) || !modem_judge_knows(rest))
		return false;
	e->where = (enum modem_where)i;
	e->text = rest;
	return true;
}

static bool
event_read(struct span line, struct chat_event *e)
{
	static const char *const names[] = { "lose", "double", "flip", "nul", "pause", "urc" };
	struct span name = script_word(&line);
	unsigned i = 0;

	while (i < 6 && !span_equal(name, span_str(names[i])))
		i++;
	*e = (struct chat_event){ .kind = (enum chat_event_kind)i, .argument = 1 };
	if (i == CHAT_URC)
		return urc_read(line, e);
	if (i == 6 || !place_read(&line, e))
		return false;
	if (line.len > 0 && !script_number(&line, &e->argument))
		return false;
	return true;
}

/* Faults of the module's own that change bytes, and nobody here knows where. */
static bool
is_blind(struct span fault)
{
	static const char *const names[] = { "drop", "double", "garble", "cut", "urc" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal(fault, span_str(names[i])))
			return true;
	return false;
}

static void
prepare(struct chat_link *l, struct span script)
{
	struct script_step s;
	uint32_t seed = 1;

	while (script_next(&script, &s)) {
		struct span rest = s.text;

		if (s.kind == SCRIPT_SET)
			modem_switch_set(&l->m, s.name, s.text);
		if (s.kind == SCRIPT_FAULT && modem_fault_set(&l->m, s.name, s.text) == 0)
			l->blind = l->blind || is_blind(s.name);
		if (s.kind != SCRIPT_LINE)
			continue;
		if (l->events < CHAT_EVENTS_MAX && event_read(s.text, &l->event[l->events]))
			l->events++;
		else if (span_equal(script_word(&rest), SPAN("seed")))
			script_number(&rest, &seed);
	}
	prng_seed(&l->chance, seed);
}

void
chat_link_begin(struct chat_link *l, struct span script, uint64_t cuts)
{
	const struct modem_profile *profile;
	struct world_sim *world = l->world == NULL ? world_sim_new() : l->world;

	memset(l, 0, offsetof(struct chat_link, clean));
	l->world = world;
	l->now_us = 1000000;
	prng_seed(&l->cuts, cuts);
	l->said_from = l->said_len = l->ready_from = l->ready_len = 0;
	at_reply_init(&l->clean, AT_LENIENT);
	profile = modem_scene_begin(world, script);
	modem_init(&l->m, profile, modem_far_between(&l->far, world_sim_modem(world)), SCENE_SEED, l->now_us);
	prepare(l, script);
	modem_advance(&l->m, l->now_us);
}

QUIET_END
