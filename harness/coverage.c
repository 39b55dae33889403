#include "coverage.h"

#include <stdlib.h>
#include <string.h>

#include "at_codes.h"
#include "at_reply.h"
#include "modem_text.h"

#define LINE_MAX_HERE 600

const char *const coverage_forms[FORM_MAX] = {
	[FORM_TEST] = "test", [FORM_READ] = "read", [FORM_WRITE] = "write", [FORM_EXECUTE] = "execute"
};

/* One case on its way through. */
struct walk {
	struct coverage *x;
	enum verdict verdict;
	char sent[LINE_MAX_HERE]; /* the last command line, holes as stars */
	size_t sent_len;
};

/* ---- cells ------------------------------------------------------------------ */

static void
copy(char *into, size_t cap, struct span s)
{
	size_t n = s.len < cap - 1 ? s.len : cap - 1;

	memcpy(into, s.at, n);
	into[n] = '\0';
}

static struct coverage_cell *
cell_of(struct coverage *x, struct span command, enum coverage_form form, struct span outcome)
{
	struct coverage_cell key = { .form = form };

	copy(key.command, sizeof(key.command), command);
	for (char *c = key.command; *c != '\0'; c++)
		*c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
	copy(key.outcome, sizeof(key.outcome), outcome);
	for (size_t i = 0; i < x->count; i++) {
		struct coverage_cell *c = &x->cell[i];

		if (c->form == form && strcmp(c->command, key.command) == 0 && strcmp(c->outcome, key.outcome) == 0)
			return c;
	}
	if (x->count == x->room) {
		x->room = x->room == 0 ? 256 : x->room * 2;
		x->cell = realloc(x->cell, x->room * sizeof(*x->cell));
		if (x->cell == NULL)
			abort();
	}
	x->cell[x->count] = key;
	return &x->cell[x->count++];
}

static void
count(struct walk *w, struct span command, enum coverage_form form, struct span outcome)
{
	struct coverage_cell *c = cell_of(w->x, command, form, outcome);

	if (c->last == w->x->cases)
		return;
	c->last = w->x->cases;
	c->cases++;
	if (w->verdict < VERDICT_MAX)
		c->seen[w->verdict]++;
}

static enum coverage_form
form_of(struct span arguments)
{
	while (arguments.len > 0 && arguments.at[0] == ' ')
		arguments = span_after(arguments, 1);
	if (span_starts(arguments, SPAN("=?")))
		return FORM_TEST;
	if (arguments.len == 0)
		return FORM_EXECUTE;
	return arguments.at[0] == '?' ? FORM_READ : FORM_WRITE;
}

/* ---- what is sent and expected ------------------------------------------------ */

/* The text with a star for each hole. */
static size_t
flatten(const struct text *t, char *into, size_t cap)
{
	size_t n = 0;

	for (int i = 0; i < t->count; i++) {
		n += span_write(t->part[i].kind == HOLE_LITERAL ? t->part[i].literal : SPAN("*"), into + n, cap - n);
	}
	return n;
}

static void
count_final(struct walk *w, struct span outcome)
{
	struct span line = span_of(w->sent, w->sent_len);
	struct at_command_text c;
	int commands = 0;

	while (at_command_cut(line, &c) && commands++ < AT_PENDING_MAX) {
		line = c.rest;
		/* of a chain that ends in an error nobody can say here which command it was */
		if (!span_equal(outcome, SPAN("OK")) && (commands > 1 || line.len > 0))
			return;
		count(w, c.name, form_of(c.arguments), outcome);
	}
}

/* "+HTTPACTION: 0,200,*" to its second field: a code of the end of what a command began. */
static void
count_urc(struct walk *w, struct span line)
{
	const char *colon = memchr(line.at, ':', line.len);
	struct span name = colon == NULL ? line : span_of(line.at, (size_t)(colon - line.at)), s = line;
	struct span value = span_after(line, name.len);
	bool action = span_equal(name, SPAN("+HTTPACTION")) && value.len > 2 && value.at[2] >= '0' && value.at[2] <= '9';
	bool step = span_starts(line, SPAN("+FTP")) && span_starts(value, SPAN(": 1,"));
	int commas = 0;

	if (!action && !step)
		return;
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == ',' && ++commas == 2)
			s.len = i;
	count(w, name, FORM_WRITE, s);
}

static void
expected(struct walk *w, const struct text *t)
{
	char line[LINE_MAX_HERE];
	struct span s = span_of(line, flatten(t, line, sizeof(line)));

	if (span_equal(s, SPAN("OK")))
		count_final(w, s);
	else if (t->any_error || span_equal(s, SPAN("ERROR")) || span_starts(s, SPAN("+CME ERROR:")))
		count_final(w, SPAN("ERROR"));
	else
		count_urc(w, s);
}

static void
walk_steps(struct walk *w, const struct step *s)
{
	for (; s != NULL; s = s->next) {
		if (s->kind == STEP_SEND)
			w->sent_len = flatten(s->text, w->sent, sizeof(w->sent));
		if (s->kind == STEP_EXPECT && !s->when.informational)
			for (int i = 0; i < s->texts; i++)
				expected(w, &s->text[i]);
		for (const struct step *b = s->body; b != NULL; b = b->branch)
			walk_steps(w, b);
		if (s->kind == STEP_REPEAT)
			for (int i = 0; i < s->texts; i++)
				expected(w, &s->text[i]);
	}
}

void
coverage_add(struct coverage *x, const struct test_case *c, enum verdict verdict)
{
	struct walk w = { .x = x, .verdict = verdict };

	x->cases++;
	if (!c->informational)
		walk_steps(&w, c->steps);
}

/* ---- all of it ---------------------------------------------------------------- */

static int
by_name(const void *a, const void *b)
{
	const struct coverage_cell *x = a, *y = b;
	int order = strcmp(x->command, y->command);

	if (order != 0)
		return order;
	return x->form != y->form ? (int)x->form - (int)y->form : strcmp(x->outcome, y->outcome);
}

static bool
is_of_the_note(const char *name)
{
	return strncmp(name, "+HTTP", 5) == 0 || strncmp(name, "+FTP", 4) == 0 || strcmp(name, "+SAPBR") == 0;
}

static bool
is_tried(const struct coverage *x, const char *command, enum coverage_form form)
{
	for (size_t i = 0; i < x->count; i++)
		if (x->cell[i].form == form && strcmp(x->cell[i].command, command) == 0)
			return true;
	return false;
}

void
coverage_sort(struct coverage *x)
{
	for (size_t i = 0; i < at_command_count; i++)
		for (int form = 0; form < FORM_MAX; form++)
			if (is_of_the_note(at_commands[i].name) && !is_tried(x, at_commands[i].name, (enum coverage_form)form))
				cell_of(x, span_str(at_commands[i].name), (enum coverage_form)form, SPAN(""));
	if (x->count > 0)
		qsort(x->cell, x->count, sizeof(*x->cell), by_name);
}

void
coverage_free(struct coverage *x)
{
	free(x->cell);
	*x = (struct coverage){ 0 };
}
