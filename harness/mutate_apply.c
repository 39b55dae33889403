/* mutate_apply: a deviation becomes a changed row in a copy of the tables. */
#include <stdlib.h>

#include "mutate_tables.h"

static size_t
length_of(const void *rows, size_t row, size_t name_at)
{
	size_t n = 0;
	const char *name;

	for (;; n++) {
		memcpy(&name, (const char *)rows + n * row + name_at, sizeof(name));
		if (name == NULL)
			return n;
	}
}

/* Copy a table with its last row. */
static void
copy(void *to, const void *from, size_t row, size_t name_at, size_t room)
{
	size_t n = length_of(from, row, name_at) + 1;

	if (n > room)
		abort();
	memcpy(to, from, n * row);
}

/* A command names its setting by address: that of the copy. */
static void
relocate(struct mutant *t, struct command *c)
{
	for (int f = 0; f < SETTINGS_MAX && c->setting != NULL; f++) {
		const struct setting *from = modem_tables.setting[f];
		size_t n = length_of(from, sizeof(*from), offsetof(struct setting, name));

		if (c->setting >= from && c->setting < from + n) {
			c->setting = t->setting[f] + (c->setting - from);
			return;
		}
	}
}

void
mutant_whole(struct mutant *t)
{
	t->tables = modem_tables;
	t->texts = 0;
	for (int i = 0; i < SESSION_MAX; i++) {
		t->session[i] = *modem_tables.session[i];
		copy(t->rule[i], t->session[i].rules, sizeof(struct rule), offsetof(struct rule, id), MODEM_RULES_MAX);
		copy(t->slot[i], modem_tables.slot[i], sizeof(struct slot), offsetof(struct slot, name), 31);
		t->session[i].rules = t->rule[i];
		t->tables.session[i] = &t->session[i];
		t->tables.slot[i] = t->slot[i];
	}
	for (int i = 0; i < SETTINGS_MAX; i++) {
		copy(t->setting[i], modem_tables.setting[i], sizeof(struct setting), offsetof(struct setting, name), MODEM_SETTINGS_MAX);
		t->tables.setting[i] = t->setting[i];
	}
	for (int i = 0; i < COMMAND_FAMILIES; i++) {
		copy(t->command[i], modem_tables.command[i], sizeof(struct command), offsetof(struct command, name), MODEM_COMMANDS_MAX);
		for (struct command *c = t->command[i]; c->name != NULL; c++)
			relocate(t, c);
		t->tables.command[i] = t->command[i];
	}
	copy(t->parameter, modem_tables.parameter, sizeof(struct parameter), offsetof(struct parameter, command), MODEM_PARAMETERS_MAX);
	t->tables.parameter = t->parameter;
	t->profile = *modem_profile_find(SPAN(""));
	t->profile.tables = &t->tables;
	hook = (struct hook){ .in_rows = true };
}

uint64_t
mutant_applied(void)
{
	return hook.in_rows ? UINT64_MAX : hook.applied;
}

uint64_t
mutant_asked(void)
{
	return hook.asked;
}

/* ---- texts ----------------------------------------------------------------------- */

static char *
text_copy(struct mutant *t, const char *text)
{
	char *into = t->text[t->texts++];

	if (strlen(text) + 64 > MUTANT_TEXT_MAX)
		abort();
	return strcpy(into, text);
}

static void
text_put(char *at, size_t gone, const char *in)
{
	size_t n = strlen(in);

	memmove(at + n, at + gone, strlen(at + gone) + 1);
	memcpy(at, in, n);
}

/* The item-th value in text: a run of digits, or a <slot>; its length in *len.  NULL: there are not so many. */
static char *
field_at(char *text, int item, size_t *len)
{
	for (char *c = text; *c != '\0'; c += *len) {
		*len = 1;
		if (*c >= '0' && *c <= '9')
			*len = strspn(c, "0123456789");
		else if (*c == '<' && strchr(c, '>') != NULL)
			*len = (size_t)(strchr(c, '>') - c) + 1;
		else
			continue;
		if (item-- == 0)
			return c;
	}
	return NULL;
}

static const struct slot *
slot_named(struct span name)
{
	for (int i = 0; i < SESSION_MAX; i++)
		for (const struct slot *s = modem_tables.slot[i]; s->name != NULL; s++)
			if (span_equal(span_str(s->name), name))
				return s;
	return NULL;
}

/* Another number, or a slot that writes something else. */
static void
field_break(struct mutant *t, char *text, const struct deviation *d)
{
	size_t len;
	char *at = field_at(text, d->item, &len), number[32];

	if (at == NULL)
		return;
	if (*at != '<') {
		long long n = strtoll(at, NULL, 10) + d->value;

		snprintf(number, sizeof(number), "%lld", n);
		text_put(at, len, number);
		return;
	}
	hook.write = slot_named(span_of(at + 1, len - 2))->write;
	hook.in_rows = false;
	text_put(at, len, "<deviant>");
	t->slot[0][length_of(t->slot[0], sizeof(struct slot), 0)] = (struct slot){ "deviant", hook_slot_write };
}

/* The letter of a name that is changed: its last one before the colon or the end of the word. */
static void
name_break(char *text)
{
	char *at = text + strcspn(text, ": \r") - 1;

	*at = *at == 'X' ? 'Y' : 'X';
}

static void
text_break(struct mutant *t, char *text, const struct deviation *d)
{
	char *blank = strchr(text, ' ');

	switch ((int)d->op) {
	case OP_FIELD_OTHER: field_break(t, text, d); break;
	case OP_NAME_OTHER: name_break(text); break;
	case OP_BLANK_GONE:
		if (blank != NULL)
			text_put(blank, 1, "");
		break;
	case OP_FRAME_OFF:
		if (d->item == 0)
			strcat(text, "\r");
		else
			text_put(text, 0, "\r\n");
		break;
	case OP_URC_INSIDE: text_put(text + strlen(text) / 2, 0, "\r\n+CREG: 1\r\n"); break;
	}
}

/* ---- what a rule says --------------------------------------------------------------- */

static int
says(const struct rule *r)
{
	int n = 0;

	while (n < SAY_MAX && r->say[n].kind != SAY_NOTHING)
		n++;
	return n;
}

static void
say_remove(struct rule *r, int i)
{
	for (; i + 1 < SAY_MAX; i++)
		r->say[i] = r->say[i + 1];
	r->say[SAY_MAX - 1] = (struct say){ .kind = SAY_NOTHING };
}

static void
say_twice(struct rule *r, int i)
{
	if (says(r) == SAY_MAX)
		abort();
	for (int k = SAY_MAX - 1; k > i; k--)
		r->say[k] = r->say[k - 1];
}

static void
say_swap(struct rule *r, int i)
{
	struct say first = r->say[i];

	r->say[i] = r->say[i + 1];
	r->say[i + 1] = first;
}

static void
final_turn(struct say *s)
{
	if (s->kind == SAY_FAIL)
		*s = (struct say)FINAL_OK;
	else
		*s = (struct say)FAIL(3);
}

static void
rule_break(struct mutant *t, struct rule *r, const struct deviation *d)
{
	struct say *s = &r->say[d->item & 3];

	switch (d->op) {
	case OP_ANSWER_GONE:
	case OP_URC_GONE: say_remove(r, d->item); break;
	case OP_ANSWER_TWICE:
	case OP_URC_TWICE:
		/* The engine ends an answer once: a second result code is put in behind it. */
		if (s->kind == SAY_FINAL || s->kind == SAY_FAIL)
			hook_rule(t, r, d);
		else
			say_twice(r, d->item);
		break;
	case OP_ANSWER_MOVED: say_swap(r, d->item); break;
	case OP_FINAL_OTHER: final_turn(s); break;
	case OP_CME_OTHER: s->cme = (int)d->value; break;
	case OP_FIELD_OTHER:
	case OP_NAME_OTHER:
	case OP_BLANK_GONE:
	case OP_FRAME_OFF:
	case OP_URC_INSIDE: {
		struct deviation within = *d;

		/* item is 16 times the place among what is said, and the field in it. */
		s = &r->say[d->item / 16];
		within.item = d->item % 16;
		if (s->kind == SAY_FINAL || s->kind == SAY_FAIL) {
			hook_rule(t, r, d);
			break;
		}
		s->text = text_copy(t, s->text);
		text_break(t, t->text[t->texts - 1], &within);
		break;
	}
	case OP_ACT_GONE: r->act = NULL; break;
	case OP_GUARD_GONE: r->guard = NULL; break;
	case OP_ROW_GONE: r->in = 0; break;
	case OP_NEXT_OTHER: r->then = (uint32_t)d->value; break;
	case OP_TIMER_GONE:
		if (d->item == 0)
			r->arm = TIMER_NONE;
		else
			r->disarm = TIMER_NONE;
		break;
	case OP_LINE_OTHER: r->line = (enum line_move)d->value; break;
	case OP_ANSWER_LATE:
	case OP_URC_LATE:
	case OP_URC_EARLY:
	case OP_PAYLOAD_FLIPPED:
	case OP_PAYLOAD_LENGTH:
	case OP_GUARD_TURNED:
	case OP_STATE_GONE:
	case OP_TIMER_EARLY:
	case OP_TIMER_LATE:
	case OP_FAR_OTHER: hook_rule(t, r, d); break;
	case OP_ECHO_OFF:
	case OP_LIMIT_OFF:
	case OP_PRESET_OTHER:
	case OP_RESET_GONE:
	case OP_SAVED_OTHER:
	case OP_STORED_OTHER:
	case OP_STORY:
	case OP_MAX: break;
	}
}

/* ---- the other rows -------------------------------------------------------------------- */

static void
command_break(struct mutant *t, struct command *c, const struct deviation *d)
{
	if (d->form != FORM_TEST) {
		hook_command(c, d);
		return;
	}
	if (d->op == OP_ANSWER_GONE)
		c->test = NULL;
	else if (d->op == OP_FINAL_OTHER)
		c->test = NO_TEST;
	else
		text_break(t, text_copy(t, c->test), d);
	if (t->texts > 0)
		c->test = t->text[0];
}

static void
setting_break(struct mutant *t, struct setting *s, const struct deviation *d)
{
	switch ((int)d->op) {
	case OP_LIMIT_OFF:
		if (d->item == 0)
			s->min += d->value;
		else
			s->max += d->value;
		break;
	case OP_PRESET_OTHER:
		/* A choice may have only its own: the last one. */
		snprintf(t->value, sizeof(t->value), "%lld", (long long)d->value);
		if (s->kind == SETTING_CHOICE)
			s->preset = strrchr(s->choices, '|') + 1;
		else
			s->preset = t->value;
		break;
	case OP_RESET_GONE: s->resets ^= (uint32_t)d->value; break;
	case OP_SAVED_OTHER: s->saved = (enum setting_saved)d->value; break;
	case OP_STORED_OTHER: hook_setting(t, d); break;
	}
}

void
mutant_break(struct mutant *t, const struct deviation *d)
{
	hook = (struct hook){ .d = d, .in_rows = true };
	switch (d->kind) {
	case ROW_RULE: rule_break(t, &t->rule[d->table][d->index], d); break;
	case ROW_COMMAND: command_break(t, &t->command[d->table][d->index], d); break;
	case ROW_SETTING: setting_break(t, &t->setting[d->table][d->index], d); break;
	case ROW_PARAMETER:
		if ((d->item == 0) == (d->value < 0))
			hook_parameter(t, d);
		else if (d->item == 0)
			t->parameter[d->index].min += d->value;
		else
			t->parameter[d->index].max += d->value;
		break;
	case ROW_TIME:
		snprintf(t->value, sizeof(t->value), "%lld", (long long)d->value);
		t->profile.differs[0].name = modem_switches[d->index].name;
		t->profile.differs[0].value = t->value;
		break;
	case ROW_STORY: d->story->plant(t); break;
	}
}
