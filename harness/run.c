#include <stdio.h>
#include <stdlib.h>

#include "escape.h"
#include "run_internal.h"

struct runner *
runner_new(struct wire *w)
{
	struct runner *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->wire = w;
	if (stream_init(&r->stream, w) != 0) {
		free(r);
		return NULL;
	}
	return r;
}

void
runner_free(struct runner *r)
{
	if (r == NULL)
		return;
	stream_free(&r->stream);
	world_sim_free(r->described);
	free(r);
}

void
runner_stop_on(struct runner *r, const volatile sig_atomic_t *stop)
{
	r->stream.stop = stop;
}

void
runner_lab(struct runner *r, const struct lab_file *lab)
{
	r->lab = lab;
	for (int k = 0; k < LAB_KEYS; k++)
		if (lab_file_is_secret((enum lab_key)k) && lab->given[k])
			mask_keep(&r->mask, span_str(lab->value[k]));
}

/* ---- steps ----------------------------------------------------------------------- */

static enum played
list_add(struct runner *r, const struct step *s, const struct text **list, int *n)
{
	if (*n == CASE_LISTS_MAX)
		return run_bad_case(r, s, "more than 64 such lines in one case");
	list[(*n)++] = s->text;
	return PLAYED;
}

static enum played
wait_step(struct runner *r, const struct step *s)
{
	enum stream_result got = stream_wait(&r->stream, stream_now(&r->stream) + s->pause_us);

	transcript_step(&r->transcript, "", s->source, stream_now(&r->stream));
	return got == STREAM_TIME ? PLAYED : run_stream_failed(r, s, got);
}

static enum played
silence_step(struct runner *r, const struct step *s)
{
	enum played how = run_silence(r, s, s->kind == STEP_NOTHING ? s->when.within_us : s->pause_us);

	transcript_step(&r->transcript, "", s->source, stream_now(&r->stream));
	return how;
}

static enum played
play_step(struct runner *r, const struct step *s)
{
	switch (s->kind) {
	case STEP_SEND: return run_send(r, s);
	case STEP_DATA: return run_data(r, s);
	case STEP_EXPECT: return run_expect(r, s);
	case STEP_RAW: return run_raw(r, s);
	case STEP_PAYLOAD: return run_payload(r, s);
	case STEP_WAIT: return wait_step(r, s);
	case STEP_NOTHING:
	case STEP_SILENCE: return silence_step(r, s);
	case STEP_LINE: return run_line(r, s);
	case STEP_FAR: return run_far(r, s);
	case STEP_SAYS:
	case STEP_ANSWERS:
	case STEP_BEARER_LOST:
	case STEP_REBOOT:
	case STEP_SET:
	case STEP_FAULT:
	case STEP_DTR: return run_order(r, s);
	case STEP_ALLOW: return list_add(r, s, r->allow, &r->allows);
	case STEP_NEVER: return list_add(r, s, r->never, &r->nevers);
	case STEP_ECHO:
		r->echo = (enum echo_policy)s->number;
		transcript_plain(&r->transcript, "", s->source);
		return PLAYED;
	case STEP_CURSOR: return run_cursor(r, s);
	case STEP_EITHER: return run_either(r, s);
	case STEP_ANY_ORDER: return run_any_order(r, s);
	case STEP_REPEAT: return run_repeat(r, s);
	}
	return FAILED;
}

enum played
run_block(struct runner *r, const struct step *s)
{
	enum played how = PLAYED;
	bool nothing_first = s != NULL && s->kind == STEP_NOTHING;

	/* The branch of silence was chosen because it was silent. */
	if (nothing_first)
		s = s->next;
	for (; s != NULL && how == PLAYED; s = s->next) {
		stream_step(&r->stream);
		how = play_step(r, s);
	}
	return how;
}

/* ---- a case -------------------------------------------------------------------------- */

static void
start(struct runner *r, const struct test_case *c, struct outcome *out)
{
	memset(out, 0, sizeof(*out));
	out->verdict = VERDICT_PASS;
	out->path = c->path;
	out->clause = c->clause;
	r->c = c;
	r->out = out;
	stream_reset(&r->stream, AT_STRICT);
	values_clear(&r->values);
	mask_clear(&r->mask);
	r->pending = r->echo_due = r->payload_due = r->restarting = r->loose = r->finally = r->lost = r->gone = false;
	r->judged = true;
	r->echo = ECHO_ON;
	r->response_us = AT_RESPONSE_MS * 1000u;
	r->command_len = r->typed_len = r->echoed_len = 0;
	r->payload_length = 0;
	r->allows = r->nevers = r->cursors = r->untils = 0;
	for (int i = 0; i < c->allows; i++)
		r->allow[r->allows++] = &c->allow[i];
	for (int i = 0; i < c->nevers; i++)
		r->never[r->nevers++] = &c->never[i];
	r->sent = r->header = run_now(r);
	r->begin_us = r->sent.at_us;
	transcript_start(&r->transcript, &r->mask, r->begin_us);
}

/* What a saved transcript needs so that it can be played again. */
static void
transcript_header(struct runner *r, const struct test_case *c)
{
	transcript_plain(&r->transcript, "title  ", c->title);
	if (c->document.len > 0 && c->clause.len > 0) {
		char spec[300];

		snprintf(spec, sizeof(spec), "%.*s, %.*s", (int)(c->document.len < 120 ? c->document.len : 120), c->document.at,
		    (int)(c->clause.len < 120 ? c->clause.len : 120), c->clause.at);
		transcript_plain(&r->transcript, "spec   ", span_str(spec));
	}
	for (const struct case_line *l = c->setting.world; l != NULL; l = l->next)
		transcript_plain(&r->transcript, "world  ", l->text);
	for (const struct case_line *l = c->setting.module; l != NULL; l = l->next)
		transcript_plain(&r->transcript, "module ", l->text);
	transcript_plain(&r->transcript, "", span_of("", 0));
}

const char *
run_kept_away(const struct runner *r, const struct test_case *c)
{
	bool emulator = r->wire->ops->far(r->wire) != NULL;

	switch (c->needs & (NEED_WORLD | NEED_LAB)) {
	case NEED_LAB: return emulator || r->lab == NULL ? "needs a lab: --lab FILE on a port of its own" : NULL;
	case NEED_WORLD: return emulator ? NULL : "needs the emulator and its described servers";
	case NEED_WORLD | NEED_LAB:
		return emulator || r->lab != NULL ? NULL : "needs the emulator's described servers or a lab: --lab FILE";
	}
	return NULL;
}

static bool
skipped(struct runner *r, const struct test_case *c)
{
	const char *why = run_kept_away(r, c);

	if (why == NULL && c->lab_lacks == NULL)
		return false;
	r->out->verdict = VERDICT_SKIP;
	if (why != NULL)
		snprintf(r->out->message, sizeof(r->out->message), "%s", why);
	else
		snprintf(r->out->message, sizeof(r->out->message), "the lab file does not give %s", c->lab_lacks);
	return true;
}

/* In a lab the world lines say what its servers hold, so that payloads can be compared with it. */
static int
describe(struct runner *r, const struct test_case *c, uint64_t seed, struct err *e)
{
	if (r->wire->ops->far(r->wire) != NULL || c->setting.world == NULL)
		return 0;
	if (r->described == NULL)
		r->described = world_sim_new();
	if (r->described == NULL)
		return err_set(e, EXIT_INTERNAL, "out of memory");
	return world_sim_begin(r->described, c->setting.world, seed, e);
}

static const struct step *
last_of(const struct step *s)
{
	while (s != NULL && s->next != NULL)
		s = s->next;
	return s;
}

/* The steps, then silence. */
static void
play_steps(struct runner *r, const struct test_case *c)
{
	static const struct step none = { .kind = STEP_SILENCE, .line = 1, .column = 1 };
	enum played how = run_block(r, c->steps);
	struct step last;

	if (how != PLAYED || !r->judged)
		return;
	last = c->steps != NULL ? *last_of(c->steps) : none;
	if (c->steps == NULL)
		last.path = c->path;
	/* An informational last step does not make the end of the case so. */
	memset(&last.when, 0, sizeof(last.when));
	last.when.since = last.when.as = -1;
	if (r->loose && run_settle(r, &last) != PLAYED)
		return;
	stream_step(&r->stream);
	run_silence(r, &last, c->quiet_us);
}

/* What was announced and did not come: played again, it is waited for again. */
static void
transcript_payload(struct runner *r, uint64_t now_us)
{
	char words[32];

	snprintf(words, sizeof(words), "%llu bytes", (unsigned long long)r->payload_length);
	transcript_step(&r->transcript, "=", span_str(words), now_us);
}

/* No answer is an answer, too: "silence 5s". */
static void
transcript_silence(struct runner *r, uint64_t us)
{
	char d[32];

	transcript_step(&r->transcript, "silence", span_str(run_duration(d, us)), stream_now(&r->stream));
}

/*
 * Behind a failure: the rest of the pending command's answer is waited for, so that the next command is not sent into it, and
 * written down, so that the transcript plays again.  Nothing of it is judged.
 */
static void
write_down_rest(struct runner *r)
{
	enum stream_result got;
	uint64_t last_us = r->header.at_us > r->sent.at_us ? r->header.at_us : r->sent.at_us, until, now;

	stream_step(&r->stream);
	r->echo_due = false;
	do {
		now = stream_now(&r->stream);
		until = r->sent.at_us + r->response_us;
		got = stream_event(&r->stream, r->pending && until > now ? until : now);
		if (got != STREAM_EVENT)
			break;
		last_us = r->stream.event.when.at_us;
		run_take(r);
	} while (true);
	if (got == STREAM_LOST || got == STREAM_STOPPED)
		r->lost = true;
	now = stream_now(&r->stream);
	if (r->payload_due)
		transcript_payload(r, now);
	else if (stream_bytes(&r->stream).len > 0)
		run_write_raw(r, stream_bytes(&r->stream), now);
	else if (r->pending && now > last_us)
		transcript_silence(r, now - last_us);
}

static void
play_finally(struct runner *r, const struct test_case *c)
{
	if (c->finally == NULL || r->lost || r->gone)
		return;
	transcript_block(&r->transcript, "finally");
	r->finally = true;
	r->untils = 0;
	r->echo = ECHO_ANY;
	r->echo_due = false;
	if (!r->judged) {
		/* Whatever lies about belongs to what failed. */
		stream_wait(&r->stream, stream_now(&r->stream));
		stream_reset(&r->stream, AT_LENIENT);
		r->pending = false;
		r->payload_due = false;
		for (const struct step *s = c->finally; s != NULL && !r->lost; s = s->next)
			if (s->kind == STEP_SEND || s->kind == STEP_DATA || s->kind == STEP_WAIT)
				play_step(r, s);
		return;
	}
	if (run_block(r, c->finally) == PLAYED)
		run_settle(r, last_of(c->finally));
}

void
run_case(struct runner *r, const struct test_case *c, uint64_t seed, struct outcome *out)
{
	struct err e;

	start(r, c, out);
	if (skipped(r, c))
		return;
	if (describe(r, c, seed, &e) != 0 || r->wire->ops->begin(r->wire, &c->setting, seed, &e) != 0) {
		/* On a real wire the module of this case has not been seen yet. */
		out->verdict = r->wire->ops->health != NULL && e.status == EXIT_RIG ? VERDICT_INCONCLUSIVE : VERDICT_ERROR;
		snprintf(out->type, sizeof(out->type),
		    out->verdict == VERDICT_INCONCLUSIVE ? "RigAbsent"
		    : e.status == EXIT_USAGE             ? "BadCase"
							 : "WireLost");
		snprintf(out->message, sizeof(out->message), "%.390s", e.text);
		return;
	}
	r->sent = r->header = run_now(r);
	r->begin_us = r->sent.at_us;
	transcript_start(&r->transcript, &r->mask, r->begin_us);
	transcript_header(r, c);
	play_steps(r, c);
	run_blame(r);
	if (out->verdict == VERDICT_FAIL && !r->lost && !r->gone && strcmp(out->type, "Flood") != 0)
		write_down_rest(r);
	play_finally(r, c);
	out->wire_us = stream_now(&r->stream) - r->begin_us;
	run_finish(r);
	if (out->verdict != VERDICT_PASS && out->verdict != VERDICT_SKIP)
		out->transcript = transcript_text_of(&r->transcript);
}
