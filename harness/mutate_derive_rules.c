/* mutate_derive_rules: what can be wrong with a rule of a session. */
#include "mutate_derive.h"

/* ---- what is said ------------------------------------------------------------------------- */

static void
final_operators(struct source *s, const struct say *say, int i)
{
	derive_add(s, OP_ANSWER_GONE, i, 0, "the result code");
	derive_add(s, OP_ANSWER_TWICE, i, 0, "the result code");
	derive_add(s, OP_FINAL_OTHER, i, 0, say->kind == SAY_FAIL ? "OK" : "an error");
	if (say->kind == SAY_FAIL)
		derive_add(s, OP_CME_OTHER, i, 4, "4");
	derive_add(s, OP_FRAME_OFF, 16 * i, 0, "the first CR LF is missing");
	derive_add(s, OP_FRAME_OFF, 16 * i + 1, 0, "LF alone behind it");
}

static void
urc_operators(struct source *s, const struct say *say, int i)
{
	derive_add(s, OP_URC_GONE, i, 0, "");
	derive_add(s, OP_URC_TWICE, i, 0, "");
	derive_add(s, OP_URC_LATE, i, 0, "200 s");
	derive_text(s, say->text, 16 * i);
}

static void
say_operators(struct source *s, const struct rule *r)
{
	for (int i = 0; i < SAY_MAX && r->say[i].kind != SAY_NOTHING; i++) {
		const struct say *say = &r->say[i];

		switch (say->kind) {
		case SAY_NOTHING:
		case SAY_BY: break;
		case SAY_INFO:
		case SAY_PROMPT:
			derive_add(s, OP_ANSWER_GONE, i, 0, "the line");
			derive_add(s, OP_ANSWER_TWICE, i, 0, "the line");
			derive_text(s, say->text, 16 * i);
			break;
		case SAY_PAYLOAD:
			derive_add(s, OP_ANSWER_GONE, i, 0, "the payload");
			derive_add(s, OP_PAYLOAD_FLIPPED, 0, 0, "the first byte");
			derive_add(s, OP_PAYLOAD_FLIPPED, 1, 0, "one in the middle");
			derive_add(s, OP_PAYLOAD_FLIPPED, 2, 0, "the last byte");
			derive_add(s, OP_PAYLOAD_LENGTH, 0, -1, "one byte less");
			derive_add(s, OP_PAYLOAD_LENGTH, 0, 1, "one byte more");
			break;
		case SAY_FINAL:
		case SAY_FAIL: final_operators(s, say, i); break;
		case SAY_URC: urc_operators(s, say, i); break;
		}
		if (i + 1 < SAY_MAX && r->say[i + 1].kind != SAY_NOTHING)
			derive_add(s, OP_ANSWER_MOVED, i, 0, "this and the next");
	}
}

/* ---- what is done -------------------------------------------------------------------------- */

static void
far_operators(struct source *s, int session)
{
	static const struct {
		int first, last;
	} fields[] = { { 26, 28 }, { 0, 13 }, { 15, 25 } };

	for (int f = fields[session].first; f <= fields[session].last; f++)
		derive_add(s, OP_FAR_OTHER, f, 0, far_fields[f]);
	/* Only FTP says goodbye: that a bearer or an answered exchange is given up nobody on the other side can tell. */
	if (session == SESSION_FTP) {
		derive_add(s, OP_FAR_OTHER, 14, 0, far_fields[14]);
		derive_add(s, OP_FAR_OTHER, 29, 0, far_fields[29]);
	}
}

/*
 * Who says how long a timer runs: for most it is not the row's clause but what host programs need (14, 17, 18, 26), and how
 * long a host may be idle is not settled at all (note 3.11: long time).
 */
static const char *
when_evidence(int timer, const char *own)
{
	switch ((enum modem_timer)timer) {
	case TIMER_HTTP_URC:
	case TIMER_HTTP_REFUSED:
	case TIMER_FTP_URC:
	case TIMER_FTP_REFUSED:
	case TIMER_FTP_AGAIN: return "C";
	case TIMER_FTP_IDLE: return "?";
	case TIMER_NONE:
	case TIMER_BOOT:
	case TIMER_BEARER_1:
	case TIMER_BEARER_2:
	case TIMER_BEARER_3:
	case TIMER_HTTP:
	case TIMER_FTP_SERVER:
	case TIMER_MAX: break;
	}
	return own;
}

static void
settled(struct deviation *d, int timer)
{
	d->evidence = when_evidence(timer, d->evidence);
}

/* The timers that an action of the session can arm. */
static void
act_timers(struct source *s)
{
	static const struct {
		enum modem_timer timer;
		const char *name;
	} timers[SESSION_MAX][5] = { { { TIMER_BEARER_1, "of the bearer" } },
		{ { TIMER_HTTP_URC, "of the URC" }, { TIMER_HTTP, "TIMEOUT" } },
		{ { TIMER_FTP_URC, "of the URC" }, { TIMER_FTP_AGAIN, "until it is said again" }, { TIMER_FTP_IDLE, "for the host" },
		    { TIMER_FTP_SERVER, "for the server" }, { TIMER_FTP_REFUSED, "of the refusal" } } };

	for (int i = 0; i < 5 && timers[s->row.table][i].timer != TIMER_NONE; i++) {
		enum modem_timer timer = timers[s->row.table][i].timer;
		const char *name = timers[s->row.table][i].name;

		settled(derive_add(s, OP_TIMER_EARLY, 1 + (int)timer, 0, name), (int)timer);
		settled(derive_add(s, OP_TIMER_LATE, 1 + (int)timer, 0, name), (int)timer);
	}
}

static bool
same_say(const struct say *a, const struct say *b)
{
	bool texts = a->text == NULL || b->text == NULL ? a->text == b->text : strcmp(a->text, b->text) == 0;

	return a->kind == b->kind && texts && a->final == b->final && a->cme == b->cme;
}

static bool
same_effect(const struct rule *a, const struct rule *b)
{
	bool same = a->act == b->act && a->then == b->then && a->arm == b->arm && a->disarm == b->disarm && a->line == b->line;

	for (int i = 0; i < SAY_MAX && same; i++)
		same = same_say(&a->say[i], &b->say[i]);
	return same;
}

/* Without this row, or with it for whatever comes, the rows below do the same: there is nothing to tell. */
static bool
any_row_does(const struct rule *r)
{
	for (const struct rule *below = r + 1; below->id != NULL; below++) {
		if (below->event != r->event || (below->in & r->in) == 0)
			continue;
		if (!same_effect(r, below))
			return false;
		if (below->guard == NULL && (r->in & ~below->in) == 0)
			return true;
	}
	return false;
}

static void
act_operators(struct source *s, const struct rule *r)
{
	if (r->act != NULL) {
		derive_add(s, OP_ACT_GONE, 0, 0, "");
		act_timers(s);
		far_operators(s, s->row.table);
	}
	if (r->guard != NULL) {
		if (!any_row_does(r)) {
			derive_add(s, OP_GUARD_TURNED, 0, 0, "");
			derive_add(s, OP_GUARD_GONE, 0, 0, "");
		}
	}
	if (r->arm != TIMER_NONE) {
		settled(derive_add(s, OP_TIMER_GONE, 0, 0, "not armed"), r->arm);
		settled(derive_add(s, OP_TIMER_EARLY, 0, 0, "at once"), r->arm);
		settled(derive_add(s, OP_URC_EARLY, 0, 0, "glued to the answer"), r->arm);
		derive_add(s, OP_TIMER_LATE, 0, 0, "200 s");
	}
	if (r->disarm != TIMER_NONE)
		derive_add(s, OP_TIMER_GONE, 1, 0, "not stopped");
	if (r->line != LINE_STAY) {
		derive_add(s, OP_LINE_OTHER, 0, LINE_STAY, "not moved");
		derive_add(s, OP_LINE_OTHER, 0, r->line == LINE_DCD_LOW ? LINE_DCD_HIGH : LINE_DCD_LOW, "the other way");
	}
}

/* The first state that the rule does not hold in; the last of all when it holds in every one. */
static uint32_t
state_outside(uint32_t in, uint32_t states)
{
	uint32_t bit = 1;

	while ((bit << 1 & states) != 0 && (in & bit) != 0)
		bit <<= 1;
	return bit;
}

static void
state_operators(struct source *s, const struct rule *r, const struct session_table *table)
{
	bool alone = (r->in & (r->in - 1)) == 0;
	uint32_t own = r->then != STAY ? r->then : alone ? r->in : 0, next = own << 1;

	if (!any_row_does(r))
		derive_add(s, OP_ROW_GONE, 0, 0, "");
	if (own == 0)
		next = state_outside(r->in, table->states);
	else if ((next & table->states) == 0)
		next = table->first != own ? table->first : own >> 1;
	derive_numbered(s, OP_NEXT_OTHER, 0, next, "state", __builtin_ctz(next));
	/* A rule of one state that leads back there stays there: one deviation, not two. */
	if (r->then != STAY && r->then != r->in && next != r->in)
		derive_add(s, OP_NEXT_OTHER, 0, STAY, "none");
	if (own != 0 && own != table->first && next != table->first && !(r->then != STAY && r->in == table->first))
		derive_numbered(s, OP_NEXT_OTHER, 0, table->first, "state", __builtin_ctz(table->first));
	if (alone)
		return;
	for (uint32_t bit = 1; bit != 0 && bit <= table->states; bit <<= 1)
		if (r->in & bit)
			derive_numbered(s, OP_STATE_GONE, 0, bit, "state", __builtin_ctz(bit));
}

unsigned
derive_rules(struct mutate_list *list, unsigned place)
{
	for (int t = 0; t < SESSION_MAX; t++) {
		const struct session_table *table = modem_tables.session[t];

		for (const struct rule *r = table->rules; r->id != NULL; r++, place++) {
			struct source s = { .list = list,
				.row = { .kind = ROW_RULE,
				    .table = t,
				    .index = (int)(r - table->rules),
				    .place = place,
				    .area = table->name,
				    .clause = r->clause,
				    .evidence = evidence_letter(r->evidence) } };

			snprintf(s.row.row, sizeof(s.row.row), "%s", r->id);
			say_operators(&s, r);
			act_operators(&s, r);
			state_operators(&s, r, table);
		}
	}
	return place;
}
