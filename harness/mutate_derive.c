/* mutate_derive: what can be wrong with a row, row by row. */
#include <fnmatch.h>
#include <stdlib.h>

#include "mutate_derive.h"

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

struct deviation *
derive_add(struct source *s, enum mutate_operator op, int item, int64_t value, const char *argument)
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

struct deviation *
derive_numbered(struct source *s, enum mutate_operator op, int item, int64_t value, const char *what, long long n)
{
	char argument[MUTATE_ARGUMENT_MAX];

	snprintf(argument, sizeof(argument), "%s %lld", what, n);
	return derive_add(s, op, item, value, argument);
}

/* ---- a line of text ------------------------------------------------------------------- */

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

void
derive_text(struct source *s, const char *text, int item)
{
	int fields = fields_in(text);

	for (int i = 0; i < fields && i < 15; i++) {
		derive_numbered(s, OP_FIELD_OTHER, item + i, 1, "one more in field", i + 1);
		derive_numbered(s, OP_FIELD_OTHER, item + i, -1, "one less in field", i + 1);
	}
	derive_add(s, OP_NAME_OTHER, item, 0, "a letter");
	if (strchr(text, ' ') != NULL)
		derive_add(s, OP_BLANK_GONE, item, 0, "the first one");
	derive_add(s, OP_FRAME_OFF, item, 0, "one CR too many");
	derive_add(s, OP_FRAME_OFF, item + 1, 0, "an empty line before it");
	derive_add(s, OP_URC_INSIDE, item, 0, "+CREG: 1");
}

/* ---- commands -------------------------------------------------------------------------------- */

static const char *const families[COMMAND_FAMILIES] = { "general", "general", "general", "general", "general", "bearer", "http", "ftp" };
static const char *const marks[FORM_MAX] = { "", "?", "=?", "=" };

static void
test_operators(struct source *s, const struct command *c)
{
	derive_add(s, OP_FINAL_OTHER, 0, 0, c->test == NO_TEST ? "OK" : "an error")->evidence = c->test == NO_TEST ? "I" : s->row.evidence;
	if (c->test == NULL || c->test == NO_TEST)
		return;
	derive_add(s, OP_ANSWER_GONE, 0, 0, "the line");
	derive_text(s, c->test, 0);
}

/* own: what the lines say is the module's own, not the document's (its serial number ...). */
static void
form_operators(struct source *s, const struct command *c, enum at_form form, bool own)
{
	bool there = (form == FORM_READ && c->read != NULL) || (form == FORM_WRITE && c->write != NULL) ||
		     (form == FORM_EXECUTE && c->execute != NULL) || (c->setting != NULL && form != FORM_EXECUTE);

	/* The manual gives the forms that there are; that the others are errors is inferred. */
	derive_add(s, OP_FINAL_OTHER, 0, 0, "")->evidence = there ? s->row.evidence : "I";
	if (!there)
		return;
	derive_add(s, OP_ANSWER_GONE, 0, 0, "line 1");
	derive_add(s, OP_ANSWER_GONE, 1, 0, "line 2");
	derive_add(s, OP_ANSWER_TWICE, 0, 0, "line 1");
	derive_add(s, OP_ANSWER_TWICE, 1, 0, "line 2");
	derive_add(s, OP_ANSWER_MOVED, 0, 0, "line 1 and 2");
	derive_add(s, OP_ANSWER_LATE, 0, 0, "200 s");
	for (int i = 0; i < 3 && !own; i++) {
		derive_numbered(s, OP_FIELD_OTHER, i, 1, "one more in number", i + 1);
		derive_numbered(s, OP_FIELD_OTHER, i, -1, "one less in number", i + 1);
	}
	if (!own)
		derive_add(s, OP_NAME_OTHER, 0, 0, "a letter");
	derive_add(s, OP_BLANK_GONE, 0, 0, "the first one");
	derive_add(s, OP_FRAME_OFF, 0, 0, "the first CR LF is missing");
	derive_add(s, OP_FRAME_OFF, 1, 0, "LF alone at the end");
	derive_add(s, OP_URC_INSIDE, 0, 0, "+CREG: 1");
	derive_add(s, OP_ECHO_OFF, 0, 0, "missing");
	derive_add(s, OP_ECHO_OFF, 2, 0, "a letter");
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
		derive_add(s, OP_LIMIT_OFF, 0, -1, "one less at the lower end");
	if (numbers)
		derive_add(s, OP_LIMIT_OFF, 0, 1, "one more at the lower end");
	derive_add(s, OP_LIMIT_OFF, 1, 1, "one more at the upper end");
	if (max > min)
		derive_add(s, OP_LIMIT_OFF, 1, -1, "one less at the upper end");
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
		derive_add(s, OP_PRESET_OTHER, 0, preset < row->max ? preset + 1 : preset - 1, "one beside it");
	if (row->kind == SETTING_NUMBER && row->max == row->min)
		return;
	for (unsigned i = 0; i < 4; i++)
		if (row->resets & 1u << i)
			derive_add(s, OP_RESET_GONE, 0, 1u << i, resets[i]);
	if (row->saved != SAVED_NEVER)
		derive_add(s, OP_SAVED_OTHER, 0, SAVED_NEVER, "never");
	if (row->saved != SAVED_W)
		derive_add(s, OP_SAVED_OTHER, 0, SAVED_W, "by AT&W");
	derive_add(s, OP_STORED_OTHER, 0, 0, "the value before it stays");
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

static void
derive_stories(struct mutate_list *list, const struct story *stories)
{
	for (const struct story *x = stories; x->id != NULL; x++) {
		struct source s = { .list = list,
			.row = { .kind = ROW_STORY,
			    .place = UINT32_MAX,
			    .area = x->area,
			    .clause = x->clause,
			    .evidence = x->evidence,
			    .story = x } };

		snprintf(s.row.row, sizeof(s.row.row), "%s", x->id);
		for (uint32_t i = 0; i < list->count && x->row != NULL && s.row.place == UINT32_MAX; i++)
			if (strcmp(list->at[i].row, x->row) == 0)
				s.row.place = list->at[i].place;
		if (x->row != NULL && s.row.place == UINT32_MAX)
			abort();
		derive_add(&s, OP_STORY, 0, 0, x->text);
	}
}

void
mutate_derive(struct mutate_list *list)
{
	unsigned place = derive_rules(list, 0);

	place = derive_commands(list, place);
	place = derive_settings(list, place);
	place = derive_parameters(list, place);
	derive_stories(list, mutate_stories);
	derive_stories(list, mutate_stories_http);
	derive_stories(list, mutate_stories_ftp);
}
