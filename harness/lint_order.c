/* lint_order: steps that can never be, whatever the module does: answers to nothing, and alternatives that are never taken. */
#include <limits.h>

#include "at_codes.h"
#include "case_parse.h"
#include "lint.h"

#define SENT_MAX 256 /* rows of the table of commands */
#define LINE_BYTES 1024
#define UNBOUNDED INT_MAX

struct order {
	struct errors *es;
	bool table;          /* rows of a table may make two alternatives one */
	int due;             /* final result codes that may come at most, UNBOUNDED: nobody can say */
	bool sent[SENT_MAX]; /* by row of at_commands */
	bool sent_any;       /* something was sent that cannot be told here: any command may have been */
};

/* ---- texts ------------------------------------------------------------------- */

/* The text as far as it is plain, a 1 for each hole. */
static struct span
plain(const struct text *t, char *into, size_t cap)
{
	size_t n = 0;

	for (int i = 0; i < t->count; i++) {
		struct span s = span_first(t->part[i].kind == HOLE_LITERAL ? t->part[i].literal : SPAN("1"), cap - n);

		if (s.len > 0)
			memcpy(into + n, s.at, s.len);
		n += s.len;
	}
	return span_of(into, n);
}

static bool
is_final(const struct text *t)
{
	char bytes[LINE_BYTES];
	int cme;

	return t->any_error || at_final_of(plain(t, bytes, sizeof(bytes)), &cme) != AT_FINAL_NONE;
}

/* The row of the command that alone brings a line: a URC of the end of an action or a session, or a prompt.  -1: no such line. */
static int
brought_by(const struct text *t)
{
	char bytes[LINE_BYTES];
	struct span line = plain(t, bytes, sizeof(bytes)), name = line;
	const char *colon = memchr(line.at, ':', line.len);
	bool step;

	if (span_equal(line, SPAN("DOWNLOAD")))
		return (int)(at_command_named(SPAN("+HTTPDATA")) - at_commands);
	if (colon == NULL)
		return -1;
	name.len = (size_t)(colon - line.at);
	step = span_starts(name, SPAN("+FTP")) && span_starts(span_after(line, name.len), SPAN(": 1,"));
	if (!step && !span_equal(name, SPAN("+HTTPACTION")))
		return -1;
	return at_command_named(name) == NULL ? -1 : (int)(at_command_named(name) - at_commands);
}

/* ---- what is sent ------------------------------------------------------------- */

static void
send(struct order *o, const struct step *s)
{
	char bytes[LINE_BYTES];
	struct span line = plain(&s->text[0], bytes, sizeof(bytes));
	struct at_command_text c;

	if (s->terminator == END_NOTHING || line.len < 2 || (line.at[0] | 0x20) != 'a' || line.at[1] == '/' ||
	    memchr(line.at, '\r', line.len)) {
		o->due = UNBOUNDED;
		o->sent_any = true;
		return;
	}
	if (o->due != UNBOUNDED)
		o->due++;
	while (at_command_cut(line, &c)) {
		const struct at_command_facts *facts = at_command_named(c.name);

		if (facts != NULL && facts - at_commands < SENT_MAX)
			o->sent[facts - at_commands] = true;
		line = c.rest;
	}
}

/* ---- what is expected ------------------------------------------------------------ */

static void
alternatives(const struct order *o, const struct step *s)
{
	for (int i = 1; i < s->texts; i++)
		for (int j = 0; j < i; j++) {
			const struct text *t = &s->text[j];

			if ((!o->table && span_equal(t->source, s->text[i].source)) || (t->count == 1 && t->part[0].kind == HOLE_TEXT)) {
				errors_add(o->es, s->path, s->line, s->column, "alternative %s is never taken, since %s takes all it would",
				    shown(s->text[i].source), shown(t->source));
				return;
			}
		}
}

static void
expect(struct order *o, const struct step *s)
{
	bool final = s->texts > 0, unsent = s->texts > 0 && !o->sent_any;
	int row = -1;

	alternatives(o, s);
	for (int i = 0; i < s->texts; i++) {
		final = final && is_final(&s->text[i]);
		row = brought_by(&s->text[i]);
		unsent = unsent && row >= 0 && !o->sent[row];
	}
	if (unsent)
		errors_add(o->es, s->path, s->line, s->column, "a line that only AT%s brings, expected that command before it",
		    at_commands[row].name);
	if (!final || o->due == UNBOUNDED)
		return;
	if (o->due == 0)
		errors_add(o->es, s->path, s->line, s->column, "a final result code with no command left that it answers");
	else
		o->due--;
}

/* ---- blocks ------------------------------------------------------------------------ */

static void steps(struct order *o, const struct step *s);

/* A branch that begins as an earlier one does is never taken. */
static void
branches(struct order *o, const struct step *s)
{
	struct order before = *o, most = *o;

	most.due = 0;
	for (const struct step *b = s->body; b != NULL; b = b->branch) {
		struct order one = before;

		/* which branch it is depends on the row */
		if (o->table && one.due == 0)
			one.due = 1;
		for (const struct step *a = s->body; a != b; a = a->branch)
			if (a->kind == STEP_EXPECT && b->kind == STEP_EXPECT && a->path == b->path && span_equal(a->source, b->source)) {
				errors_add(o->es, b->path, b->line, b->column,
				    "a branch that is never taken: the one of line %d begins with the same", a->line);
				break;
			}
		steps(&one, b);
		most.due = one.due > most.due ? one.due : most.due;
		most.sent_any = most.sent_any || one.sent_any;
		for (int i = 0; i < SENT_MAX; i++)
			most.sent[i] = most.sent[i] || one.sent[i];
	}
	*o = most;
}

static void
steps(struct order *o, const struct step *s)
{
	for (; s != NULL; s = s->next) {
		int before = o->due;

		switch (s->kind) {
		case STEP_SEND: send(o, s); break;
		case STEP_EXPECT: expect(o, s); break;
		case STEP_EITHER: branches(o, s); break;
		case STEP_ANY_ORDER: steps(o, s->body); break;
		case STEP_REPEAT:
			steps(o, s->body);
			if (o->due > before)
				o->due = UNBOUNDED;
			expect(o, s);
			break;
		case STEP_ANSWERS:
		case STEP_SAYS:
		case STEP_FAULT:
		case STEP_DATA: /* what is too much of it may be commands */
			o->due = UNBOUNDED;
			o->sent_any = o->sent_any || s->kind != STEP_DATA;
			break;
		case STEP_RAW:
		case STEP_PAYLOAD:
		case STEP_NOTHING:
		case STEP_WAIT:
		case STEP_SILENCE:
		case STEP_LINE:
		case STEP_FAR:
		case STEP_BEARER_LOST:
		case STEP_REBOOT:
		case STEP_SET:
		case STEP_DTR:
		case STEP_ALLOW:
		case STEP_NEVER:
		case STEP_ECHO:
		case STEP_CURSOR: break;
		}
	}
}

void
lint_order(const struct test_case *c, struct errors *es)
{
	struct order o = { .es = es, .table = c->row >= 0 };

	for (const struct case_line *l = c->setting.module; l != NULL; l = l->next)
		if (span_starts(l->text, SPAN("fault")))
			o.due = UNBOUNDED;
	steps(&o, c->steps);
}
