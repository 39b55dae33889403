#include "modem_play.h"

#include <stdlib.h>

#include "content.h"
#include "modem_invariants.h"
#include "modem_scene.h"
#include "modem_sessions.h"
#include "oracle.h"
#include "quiet.h"

QUIET_BEGIN

/* Where a play ends that would go on for long: it is bounded all the same. */
#define STEPS_MAX 50000
#define TIME_MAX_US (UINT64_C(4) * 3600 * 1000000)
/* So many things at one moment: the emulator hangs. */
#define STEPS_AT_ONCE_MAX 5000
#define ANSWER_MAX_US (UINT64_C(300) * 1000000)
#define HEAR_MAX_US (UINT64_C(200) * 1000000)
#define TAIL_US (UINT64_C(100) * 1000000)
#define START_US 1000000
/* The counters of all rules are looked at in one of so many plays: it takes long. */
#define RULES_EVERY 8

/* ---- what is said, and what is due --------------------------------------------- */

static void
pull(struct modem_play *p)
{
	struct modem_said *s = p->said;
	size_t before = s->len;

	for (;;) {
		size_t room = PLAY_SAID_MAX - s->len, cap = p->torn ? 1 + prng_below(&p->cuts, 3000) : room;
		size_t n = modem_pull(&p->m, s->bytes + s->len, cap < room ? cap : room);

		if (n == 0)
			break;
		s->len += n;
	}
	if (s->len == before)
		return;
	if (s->bursts == 0 || s->burst[s->bursts - 1].at_us != p->now_us) {
		s->burst[s->bursts].at_us = p->now_us;
		s->burst[s->bursts++].from = (uint32_t)before;
	}
	p->stop = p->stop || s->len == PLAY_SAID_MAX || s->bursts == PLAY_BURSTS_MAX;
	if (!p->torn)
		modem_judge_says(&p->judge, span_of(s->bytes + before, s->len - before), p->now_us);
}

/* Do what is due at this moment, until nothing is. */
static void
settle(struct modem_play *p)
{
	for (int i = 0;; i++) {
		bool booting = p->m.booting;

		pull(p);
		if (p->stop)
			return;
		if (!p->torn)
			modem_judge_look(&p->judge, p->now_us);
		if (modem_due(&p->m) > p->now_us)
			break;
		if (i == STEPS_AT_ONCE_MAX)
			oracle_fail("hang", "%d things at %llu us", i, (unsigned long long)p->now_us);
		modem_advance(&p->m, p->now_us);
		p->steps++;
		if (!p->torn && p->m.booting && !booting)
			modem_judge_restart(&p->judge, p->m.power_on);
	}
	modem_advance(&p->m, p->now_us);
	if (!p->torn)
		modem_invariants(&p->m, p->now_us);
	p->stop = p->stop || p->steps > STEPS_MAX || p->now_us > TIME_MAX_US;
}

/* A moment before the next thing is due: nothing happens then. */
static void
idle(struct modem_play *p, uint64_t until_us, uint64_t due)
{
	uint64_t span = until_us - p->now_us;

	if (!p->torn || span < 2)
		return;
	p->now_us += 1 + prng_below(&p->cuts, span - 1);
	modem_advance(&p->m, p->now_us);
	if (modem_due(&p->m) != due)
		oracle_fail(
		    "idle", "due at %llu us, and after a wait at %llu", (unsigned long long)due, (unsigned long long)modem_due(&p->m));
	pull(p);
}

typedef bool condition(const struct modem_play *p, size_t said_before);

static bool
never(const struct modem_play *p, size_t said_before)
{
	(void)p;
	(void)said_before;
	return false;
}

/* The line is answered, or wants data. */
static bool
answered(const struct modem_play *p, size_t said_before)
{
	(void)said_before;
	return !p->m.running || (p->m.taking && p->m.take_armed && !p->m.take_over);
}

static bool
free_again(const struct modem_play *p, size_t said_before)
{
	(void)said_before;
	return !p->m.running;
}

static bool
heard(const struct modem_play *p, size_t said_before)
{
	return p->said->len > said_before;
}

/* Time passes until the condition holds, for at most so long. */
static void
pass(struct modem_play *p, uint64_t at_most_us, condition *over)
{
	uint64_t end = p->now_us + at_most_us;
	size_t said_before = p->said->len;

	for (;;) {
		uint64_t due, next;
		bool booting = p->m.booting;

		settle(p);
		if (p->stop || over(p, said_before) || p->now_us >= end)
			return;
		due = modem_due(&p->m);
		next = due < end ? due : end;
		idle(p, next, due);
		p->now_us = next;
		modem_advance(&p->m, next);
		p->steps++;
		if (!p->torn && p->m.booting && !booting)
			modem_judge_restart(&p->judge, p->m.power_on);
	}
}

/* ---- what the host sends ---------------------------------------------------------- */

/* Without latency the module acts between two bytes of one moment, so that they may mean something else than at once. */
static void
feed(struct modem_play *p, struct span bytes)
{
	bool tear = p->torn && p->m.sw.latency_ms > 0;

	while (bytes.len > 0) {
		size_t n = tear ? 1 + prng_below(&p->cuts, bytes.len < 40 ? bytes.len : 40) : bytes.len;
		char *exact = malloc(n);

		if (exact == NULL)
			abort();
		memcpy(exact, bytes.at, n);
		modem_feed(&p->m, span_of(exact, n), p->now_us);
		free(exact);
		bytes = span_after(bytes, n);
	}
	settle(p);
}

static void
send_line(struct modem_play *p, struct span line)
{
	char *typed = malloc(line.len + 1);

	if (typed == NULL)
		abort();
	memcpy(typed, line.at, line.len);
	typed[line.len] = '\r';
	feed(p, span_of(typed, line.len + 1));
	free(typed);
	pass(p, ANSWER_MAX_US, answered);
}

static void
send_escaped(struct modem_play *p, struct span text)
{
	char *bytes = malloc(text.len + 1);
	size_t bad;
	long n;

	if (bytes == NULL)
		abort();
	n = text_unescape(text, bytes, &bad);
	feed(p, n < 0 ? text : span_of(bytes, (size_t)n));
	free(bytes);
}

static void
send_data(struct modem_play *p, uint32_t n, uint32_t pattern)
{
	struct content c = { .kind = CONTENT_PATTERN, .length = n, .pattern = pattern };
	char *bytes = malloc(n + 1u);

	if (bytes == NULL)
		abort();
	content_fill(&c, 0, bytes, n);
	feed(p, span_of(bytes, n));
	free(bytes);
	pass(p, ANSWER_MAX_US, answered);
}

static void
step(struct modem_play *p, const struct script_step *s)
{
	switch (s->kind) {
	case SCRIPT_LINE: send_line(p, s->text); break;
	case SCRIPT_BYTES: send_escaped(p, s->text); break;
	case SCRIPT_DATA: send_data(p, s->number, s->pattern); break;
	case SCRIPT_WAIT: pass(p, s->number * UINT64_C(1000), never); break;
	case SCRIPT_HEAR: pass(p, HEAR_MAX_US, heard); break;
	case SCRIPT_SET:
		modem_switch_set(&p->m, s->name, s->text);
		/* It holds from the next answer on. */
		p->judge.quiet_until_us = 0;
		break;
	case SCRIPT_FAULT: modem_fault_set(&p->m, s->name, s->text); break;
	case SCRIPT_SAYS:
		if (modem_judge_knows(s->text))
			modem_says(&p->m, s->text, s->where, p->now_us);
		break;
	case SCRIPT_LOST: modem_bearer_lost(&p->m, (int)s->number, p->now_us); break;
	case SCRIPT_REBOOT:
		modem_reboot(&p->m, p->now_us);
		if (!p->torn)
			modem_judge_restart(&p->judge, true);
		break;
	case SCRIPT_DTR: modem_dtr(&p->m, s->number != 0, p->now_us); break;
	case SCRIPT_PROFILE:
	case SCRIPT_WORLD:
	case SCRIPT_REMARK: return;
	}
	settle(p);
	if (!p->torn)
		modem_invariants_settings(&p->m);
}

/* ---- a play ------------------------------------------------------------------------- */

void
modem_play(struct modem_play *p, struct span script, bool torn, struct modem_said *said)
{
	const struct modem_profile *profile;
	struct modem_lost lost;
	struct script_step s;

	if (p->world == NULL)
		p->world = world_sim_new();
	profile = modem_scene_begin(p->world, script);

	p->now_us = START_US;
	p->steps = 0;
	p->stop = false;
	p->torn = torn;
	p->said = said;
	said->len = 0;
	said->bursts = 0;
	prng_seed(&p->cuts, script.len + 1);
	modem_init(&p->m, profile, modem_far_between(&p->far, world_sim_modem(p->world)), SCENE_SEED, p->now_us);
	p->m.world->ops->advance(p->m.world, p->now_us);
	/* The judge hears what comes with echo off. */
	modem_feed(&p->m, SPAN("ATE0\r"), p->now_us);
	while (modem_due(&p->m) != MODEM_NEVER) {
		p->now_us = modem_due(&p->m);
		modem_advance(&p->m, p->now_us);
		while (modem_pull(&p->m, said->bytes, PLAY_SAID_MAX) > 0)
			;
	}
	modem_judge_begin(&p->judge, &p->m, &p->far, p->now_us);
	while (!p->stop && script_next(&script, &s))
		step(p, &s);
	/* A line that waits for data ends when the time for them is over. */
	while (!p->stop && p->m.running)
		pass(p, ANSWER_MAX_US, free_again);
	pass(p, TAIL_US, never);
	if (!p->stop && !torn)
		modem_judge_end(&p->judge);
	if (!torn)
		modem_judge_counts(&p->judge);
	if (!torn && said->len % RULES_EVERY == 0)
		modem_invariants_rules(&p->m);
	if (modem_lost(&p->m, &lost) && lost.bytes > 0)
		oracle_fail("lost", "%u bytes of answers found no room", lost.bytes);
}

QUIET_END
