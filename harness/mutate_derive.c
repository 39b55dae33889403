/* mutate_derive: what can be wrong with a row, row by row. */
#include <fnmatch.h>
#include <stdlib.h>

#include "mutate_tables.h"

#define OPERATOR_NAME(constant, name) name,
static const char *const operator_names[] = { MUTATE_OPERATORS(OPERATOR_NAME) };

const char *
mutate_operator_name(enum mutate_operator op)
{
	return operator_names[op];
}

bool
mutate_counts(const struct deviation *d)
{
	return strchr("NMSL", d->evidence[0]) != NULL;
}

bool
mutate_is(const struct deviation *d, const char *pattern)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "%s/%s/%s", d->area, d->row, mutate_operator_name(d->op));
	if (strpbrk(pattern, "*?[\\") == NULL)
		return strstr(whole, pattern) != NULL;
	return fnmatch(pattern, whole, 0) == 0 || fnmatch(pattern, d->row, 0) == 0;
}

void
mutate_free(struct mutate_list *list)
{
	free(list->at);
	*list = (struct mutate_list){ .at = NULL };
}

/* ---- adding ---------------------------------------------------------------------------- */

/* The row at hand, and where its deviations go. */
struct source {
	struct mutate_list *list;
	struct deviation row;
};

static struct deviation *
add(struct source *s, enum mutate_operator op, int item, int64_t value, const char *argument)
{
	struct mutate_list *l = s->list;
	struct deviation *d;

	if (l->count == l->room) {
		l->room = l->room == 0 ? 4096 : l->room * 2;
		l->at = realloc(l->at, l->room * sizeof(*l->at));
		if (l->at == NULL)
			abort();
	}
	d = &l->at[l->count++];
	*d = s->row;
	d->op = op;
	d->item = item;
	d->value = value;
	snprintf(d->argument, sizeof(d->argument), "%s", argument);
	d->evidence = mutate_evidence(d);
	return d;
}

static void
add_numbered(struct source *s, enum mutate_operator op, int item, int64_t value, const char *what, long long n)
{
	char argument[MUTATE_ARGUMENT_MAX];

	snprintf(argument, sizeof(argument), "%s %lld", what, n);
	add(s, op, item, value, argument);
}

/* ---- what is said ------------------------------------------------------------------------- */

static int
fields_in(const char *text)
{
	int n = 0;

	for (const char *c = text; *c != '\0';) {
		if (*c >= '0' && *c <= '9') {
			c += strspn(c, "0123456789");
			n++;
		} else if (*c == '<' && strchr(c, '>') != NULL) {
			c = strchr(c, '>') + 1;
			n++;
		} else {
			c++;
		}
	}
	return n;
}

/* item: 16 times the place of what is said. */
static void
text_operators(struct source *s, const char *text, int item)
{
	int fields = fields_in(text);

	for (int i = 0; i < fields && i < 15; i++) {
		add_numbered(s, OP_FIELD_OTHER, item + i, 1, "one more in field", i + 1);
		add_numbered(s, OP_FIELD_OTHER, item + i, -1, "one less in field", i + 1);
	}
	add(s, OP_NAME_OTHER, item, 0, "a letter");
	if (strchr(text, ' ') != NULL)
		add(s, OP_BLANK_GONE, item, 0, "the first one");
	add(s, OP_FRAME_OFF, item, 0, "one CR too many");
	add(s, OP_FRAME_OFF, item + 1, 0, "an empty line before it");
	add(s, OP_URC_INSIDE, item, 0, "+CREG: 1");
}

static void
final_operators(struct source *s, const struct say *say, int i)
{
	add(s, OP_ANSWER_GONE, i, 0, "the result code");
	add(s, OP_ANSWER_TWICE, i, 0, "the result code");
	add(s, OP_FINAL_OTHER, i, 0, say->kind == SAY_FAIL ? "OK" : "an error");
	if (say->kind == SAY_FAIL)
		add(s, OP_CME_OTHER, i, 4, "4");
	add(s, OP_FRAME_OFF, 16 * i, 0, "the first CR LF is missing");
	add(s, OP_FRAME_OFF, 16 * i + 1, 0, "LF alone behind it");
}

static void
urc_operators(struct source *s, const struct say *say, int i)
{
	add(s, OP_URC_GONE, i, 0, "");
	add(s, OP_URC_TWICE, i, 0, "");
	add(s, OP_URC_LATE, i, 0, "200 s");
	text_operators(s, say->text, 16 * i);
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
			add(s, OP_ANSWER_GONE, i, 0, "the line");
			add(s, OP_ANSWER_TWICE, i, 0, "the line");
			text_operators(s, say->text, 16 * i);
			break;
		case SAY_PAYLOAD:
			add(s, OP_ANSWER_GONE, i, 0, "the payload");
			add(s, OP_PAYLOAD_FLIPPED, 0, 0, "the first byte");
			add(s, OP_PAYLOAD_FLIPPED, 1, 0, "one in the middle");
			add(s, OP_PAYLOAD_FLIPPED, 2, 0, "the last byte");
			add(s, OP_PAYLOAD_LENGTH, 0, -1, "one byte less");
			add(s, OP_PAYLOAD_LENGTH, 0, 1, "one byte more");
			break;
		case SAY_FINAL:
		case SAY_FAIL: final_operators(s, say, i); break;
		case SAY_URC: urc_operators(s, say, i); break;
		}
		if (i + 1 < SAY_MAX && r->say[i + 1].kind != SAY_NOTHING)
			add(s, OP_ANSWER_MOVED, i, 0, "this and the next");
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
		add(s, OP_FAR_OTHER, f, 0, far_fields[f]);
	/* Only FTP says goodbye: that a bearer or an answered exchange is given up nobody on the other side can tell. */
	if (session == SESSION_FTP) {
		add(s, OP_FAR_OTHER, 14, 0, far_fields[14]);
		add(s, OP_FAR_OTHER, 29, 0, far_fields[29]);
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

		settled(add(s, OP_TIMER_EARLY, 1 + (int)timer, 0, name), (int)timer);
		settled(add(s, OP_TIMER_LATE, 1 + (int)timer, 0, name), (int)timer);
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
		add(s, OP_ACT_GONE, 0, 0, "");
		act_timers(s);
		far_operators(s, s->row.table);
	}
	if (r->guard != NULL) {
		if (!any_row_does(r)) {
			add(s, OP_GUARD_TURNED, 0, 0, "");
			add(s, OP_GUARD_GONE, 0, 0, "");
		}
	}
	if (r->arm != TIMER_NONE) {
		settled(add(s, OP_TIMER_GONE, 0, 0, "not armed"), r->arm);
		settled(add(s, OP_TIMER_EARLY, 0, 0, "at once"), r->arm);
		settled(add(s, OP_URC_EARLY, 0, 0, "glued to the answer"), r->arm);
		add(s, OP_TIMER_LATE, 0, 0, "200 s");
	}
	if (r->disarm != TIMER_NONE)
		add(s, OP_TIMER_GONE, 1, 0, "not stopped");
	if (r->line != LINE_STAY) {
		add(s, OP_LINE_OTHER, 0, LINE_STAY, "not moved");
		add(s, OP_LINE_OTHER, 0, r->line == LINE_DCD_LOW ? LINE_DCD_HIGH : LINE_DCD_LOW, "the other way");
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
		add(s, OP_ROW_GONE, 0, 0, "");
	if (own == 0)
		next = state_outside(r->in, table->states);
	else if ((next & table->states) == 0)
		next = table->first != own ? table->first : own >> 1;
	add_numbered(s, OP_NEXT_OTHER, 0, next, "state", __builtin_ctz(next));
	if (r->then != STAY && r->then != r->in)
		add(s, OP_NEXT_OTHER, 0, STAY, "none");
	if (own != 0 && own != table->first && next != table->first)
		add_numbered(s, OP_NEXT_OTHER, 0, table->first, "state", __builtin_ctz(table->first));
	if (alone)
		return;
	for (uint32_t bit = 1; bit != 0 && bit <= table->states; bit <<= 1)
		if (r->in & bit)
			add_numbered(s, OP_STATE_GONE, 0, bit, "state", __builtin_ctz(bit));
}

static unsigned
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

/* ---- commands -------------------------------------------------------------------------------- */

static const char *const families[COMMAND_FAMILIES] = { "general", "general", "general", "general", "general", "bearer", "http", "ftp" };
static const char *const marks[FORM_MAX] = { "", "?", "=?", "=" };

static void
test_operators(struct source *s, const struct command *c)
{
	add(s, OP_FINAL_OTHER, 0, 0, c->test == NO_TEST ? "OK" : "an error")->evidence = c->test == NO_TEST ? "I" : s->row.evidence;
	if (c->test == NULL || c->test == NO_TEST)
		return;
	add(s, OP_ANSWER_GONE, 0, 0, "the line");
	text_operators(s, c->test, 0);
}

/* own: what the lines say is the module's own, not the document's (its serial number ...). */
static void
form_operators(struct source *s, const struct command *c, enum at_form form, bool own)
{
	bool there = (form == FORM_READ && c->read != NULL) || (form == FORM_WRITE && c->write != NULL) ||
		     (form == FORM_EXECUTE && c->execute != NULL) || (c->setting != NULL && form != FORM_EXECUTE);

	/* The manual gives the forms that there are; that the others are errors is inferred. */
	add(s, OP_FINAL_OTHER, 0, 0, "")->evidence = there ? s->row.evidence : "I";
	if (!there)
		return;
	add(s, OP_ANSWER_GONE, 0, 0, "line 1");
	add(s, OP_ANSWER_GONE, 1, 0, "line 2");
	add(s, OP_ANSWER_TWICE, 0, 0, "line 1");
	add(s, OP_ANSWER_TWICE, 1, 0, "line 2");
	add(s, OP_ANSWER_MOVED, 0, 0, "line 1 and 2");
	add(s, OP_ANSWER_LATE, 0, 0, "200 s");
	for (int i = 0; i < 3 && !own; i++) {
		add_numbered(s, OP_FIELD_OTHER, i, 1, "one more in number", i + 1);
		add_numbered(s, OP_FIELD_OTHER, i, -1, "one less in number", i + 1);
	}
	if (!own)
		add(s, OP_NAME_OTHER, 0, 0, "a letter");
	add(s, OP_BLANK_GONE, 0, 0, "the first one");
	add(s, OP_FRAME_OFF, 0, 0, "the first CR LF is missing");
	add(s, OP_FRAME_OFF, 1, 0, "LF alone at the end");
	add(s, OP_URC_INSIDE, 0, 0, "+CREG: 1");
	add(s, OP_ECHO_OFF, 0, 0, "missing");
	add(s, OP_ECHO_OFF, 2, 0, "a letter");
}

static unsigned
derive_commands(struct mutate_list *list, unsigned place)
{
	for (int t = 0; t < COMMAND_FAMILIES; t++) {
		for (const struct command *c = modem_tables.command[t]; c->name != NULL; c++) {
			for (int f = 0; f < FORM_MAX; f++, place++) {
				struct source s = { .list = list,
					.row = { .kind = ROW_COMMAND,
					    .table = t,
					    .index = (int)(c - modem_tables.command[t]),
					    .form = (enum at_form)f,
					    .place = place,
					    .area = families[t],
					    .clause = c->clause,
					    .evidence = evidence_letter(c->evidence) } };

				snprintf(s.row.row, sizeof(s.row.row), "AT%s%s", c->name, marks[f]);
				if (f == FORM_TEST)
					test_operators(&s, c);
				else
					form_operators(&s, c, (enum at_form)f,
					    c->execute != NULL && modem_tables.command[t] == modem_commands_identity);
			}
		}
	}
	return place;
}

/* ---- settings and parameters ----------------------------------------------------------------- */

static void
limit_operators(struct source *s, int64_t min, int64_t max, bool numbers)
{
	if (numbers && min > 0)
		add(s, OP_LIMIT_OFF, 0, -1, "one less at the lower end");
	if (numbers)
		add(s, OP_LIMIT_OFF, 0, 1, "one more at the lower end");
	add(s, OP_LIMIT_OFF, 1, 1, "one more at the upper end");
	if (max > min)
		add(s, OP_LIMIT_OFF, 1, -1, "one less at the upper end");
}

static void
setting_operators(struct source *s, const struct setting *row)
{
	static const char *const resets[] = { "by HTTPTERM", "by the end of the session", "by AT&F", "by power" };
	int64_t preset = row->preset != NULL && row->kind == SETTING_NUMBER ? strtoll(row->preset, NULL, 10) : 0;

	bool handled = strcmp(row->name, "+IPR") == 0 || strcmp(row->name, "+CFUN") == 0 || strcmp(row->name, "+FTPEXTPUT") == 0;

	/* What is as long as a line has no limit of its own; three have lists of values in their handlers. */
	if (!handled && row->kind != SETTING_CHOICE && !(row->kind == SETTING_TEXT && row->max == MODEM_LINE_MAX))
		limit_operators(s, row->min, row->max, row->kind == SETTING_NUMBER);
	if (row->kind != SETTING_NUMBER || row->max > row->min)
		add(s, OP_PRESET_OTHER, 0, preset < row->max ? preset + 1 : preset - 1, "one beside it");
	if (row->kind == SETTING_NUMBER && row->max == row->min)
		return;
	for (unsigned i = 0; i < 4; i++)
		if (row->resets & 1u << i)
			add(s, OP_RESET_GONE, 0, 1u << i, resets[i]);
	if (row->saved != SAVED_NEVER)
		add(s, OP_SAVED_OTHER, 0, SAVED_NEVER, "never");
	if (row->saved != SAVED_W)
		add(s, OP_SAVED_OTHER, 0, SAVED_W, "by AT&W");
	add(s, OP_STORED_OTHER, 0, 0, "the value before it stays");
}

static unsigned
derive_settings(struct mutate_list *list, unsigned place)
{
	static const char *const areas[SETTINGS_MAX] = { "general", "general", "general", "general", "http", "ftp" };

	for (int t = 0; t < SETTINGS_MAX; t++) {
		for (const struct setting *row = modem_tables.setting[t]; row->name != NULL; row++, place++) {
			struct source s = { .list = list,
				.row = { .kind = ROW_SETTING,
				    .table = t,
				    .index = (int)(row - modem_tables.setting[t]),
				    .place = place,
				    .area = areas[t],
				    .clause = row->clause,
				    .evidence = evidence_letter(row->evidence) } };

			snprintf(s.row.row, sizeof(s.row.row), "setting %s", row->name);
			setting_operators(&s, row);
		}
	}
	return place;
}

static const char *
area_of(const char *command)
{
	if (strncmp(command, "+HTTP", 5) == 0)
		return "http";
	if (strncmp(command, "+FTP", 4) == 0)
		return "ftp";
	return strcmp(command, "+SAPBR") == 0 ? "bearer" : "general";
}

static unsigned
derive_parameters(struct mutate_list *list, unsigned place)
{
	for (const struct parameter *p = modem_tables.parameter; p->command != NULL; p++, place++) {
		struct source s = { .list = list,
			.row = { .kind = ROW_PARAMETER,
			    .index = (int)(p - modem_tables.parameter),
			    .place = place,
			    .area = area_of(p->command),
			    .clause = p->clause,
			    .evidence = evidence_letter(p->evidence) } };

		snprintf(s.row.row, sizeof(s.row.row), "AT%s parameter %d", p->command, p->place + 1);
		limit_operators(&s, p->min, p->max, true);
	}
	return place;
}

void
mutate_derive(struct mutate_list *list)
{
	unsigned place = derive_rules(list, 0);

	place = derive_commands(list, place);
	place = derive_settings(list, place);
	place = derive_parameters(list, place);
	for (const struct story *x = mutate_stories; x->id != NULL; x++) {
		struct source s = { .list = list,
			.row = { .kind = ROW_STORY,
			    .index = (int)(x - mutate_stories),
			    .place = UINT32_MAX,
			    .area = x->area,
			    .clause = x->clause,
			    .evidence = x->evidence,
			    .story = x->text } };

		snprintf(s.row.row, sizeof(s.row.row), "%s", x->id);
		for (uint32_t i = 0; i < list->count && x->row != NULL && s.row.place == UINT32_MAX; i++)
			if (strcmp(list->at[i].row, x->row) == 0)
				s.row.place = list->at[i].place;
		add(&s, OP_STORY, 0, 0, x->text);
	}
}
