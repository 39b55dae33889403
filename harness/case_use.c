/* case_use: the steps of a shared file, its parameters put in. */
#include "case_parse.h"

/* A parameter's value: a word, or a string without its quotes (what is between them stays as written). */
static int
value_read(struct parser *p, struct words *w, struct span *out)
{
	if (w->at < w->end && *w->at == '"')
		return word_string(p, w, out);
	*out = words_take(w);
	return 0;
}

/* Take the parameters that the used file declares, with their defaults (text.at NULL: none). */
static void
parameters(struct parser *p, struct frame *f)
{
	for (int i = 0; i < f->source->lines; i++) {
		const struct source_line *l = &f->source->line[i];
		struct words w = words_of(without_comment(span_of(f->source->bytes + l->at, l->length)));
		struct value v = { { NULL, 0 }, { NULL, 0 } };
		int values = f->values;
		bool taken;

		if (l->indent != 0 || !words_eat(&w, "param"))
			continue;
		/* A default is text as it stands: what parameters above it say is not put in. */
		f->values = 0;
		taken = line_take(p, f, i);
		f->values = values;
		if (!taken)
			continue;
		if (word_name(p, &w, "a parameter's name", &v.name) < 0)
			continue;
		words_skip(&w);
		if (w.at < w.end && (value_read(p, &w, &v.text) < 0 || words_end(p, &w, "the default") < 0))
			continue;
		if (f->values == COLUMNS_MAX) {
			fail(p, v.name.at, "one parameter more than the %d a file may have", COLUMNS_MAX);
			return;
		}
		f->value[f->values++] = v;
	}
}

static struct value *
parameter_find(struct frame *f, struct span name)
{
	for (int i = 0; i < f->values; i++)
		if (span_equal(f->value[i].name, name))
			return &f->value[i];
	return NULL;
}

/* One name=value. */
static int
argument(struct parser *p, struct words *w, struct frame *f, uint32_t *given)
{
	struct span word = words_peek(w);
	const char *equals = memchr(word.at, '=', word.len);
	struct value *v;

	if (equals == NULL)
		return fail(p, word.at, "%s, expected NAME=VALUE", shown(word));
	v = parameter_find(f, span_of(word.at, (size_t)(equals - word.at)));
	if (v == NULL) {
		char names[COLUMNS_MAX][32];
		const char *known[COLUMNS_MAX + 1] = { NULL };

		for (int i = 0; i < f->values; i++) {
			struct span n = span_first(f->value[i].name, sizeof(names[i]) - 1);

			memcpy(names[i], n.at, n.len);
			names[i][n.len] = '\0';
			known[i] = names[i];
		}
		word.len = (size_t)(equals - word.at);
		return fail(p, word.at, "%s, expected a parameter of %s%s", shown(word), f->source->path, did_you_mean(word, known));
	}
	if (*given & 1u << (v - f->value))
		return fail(p, word.at, "%s a second time, expected it once", shown(v->name));
	*given |= 1u << (v - f->value);
	w->at = equals + 1;
	v->text = span_of(w->at, 0);
	return w->at < w->end && *w->at != ' ' ? value_read(p, w, &v->text) : 0;
}

static int
arguments(struct parser *p, struct words *w, struct frame *f)
{
	uint32_t given = 0;
	int result = 0;

	for (words_skip(w); w->at < w->end; words_skip(w))
		if (argument(p, w, f, &given) < 0)
			return -1;
	for (int i = 0; i < f->values; i++)
		if (f->value[i].text.at == NULL) {
			f->value[i].text = SPAN("");
			result =
			    fail(p, w->end, "the end of the line, expected a value for %s, which has no default", shown(f->value[i].name));
		}
	return result;
}

static const struct used *
used_find(const struct case_file *file, int from, struct span name)
{
	for (int i = 0; i < file->useds; i++)
		if (file->used[i].from == from && span_equal(file->used[i].name, name))
			return &file->used[i];
	return NULL;
}

int
use_line(struct parser *p, struct words w, struct step_list *out, int nest)
{
	struct span name = words_take(&w);
	const struct used *u = used_find(p->file, p->frame->index, name);
	struct frame *above = p->frame, *f;
	struct line line = p->line;
	int deep = 0, result;

	if (name.len == 0)
		return fail(p, name.at, "the end of the line, expected the name of a .steps file");
	if (u == NULL)
		return fail(p, name.at, "%s, expected the name of a .steps file as it is, no column in it", shown(name));
	if (u->to < 0)
		return -1; /* said when the files were read */
	for (const struct frame *g = above; g != NULL; g = g->up, deep++)
		if (g->index == u->to)
			return fail(p, name.at, "%s within itself, expected a file that does not use itself", shown(name));
	if (deep > USE_DEPTH_MAX)
		return fail(p, name.at, "'use' more than %d deep, expected fewer", USE_DEPTH_MAX);
	if (p->too_many)
		return -1;
	if (++p->uses > USES_MAX) {
		p->too_many = true;
		return fail(p, line.text.at, "'use' number %d, expected at most %d in a case", p->uses, USES_MAX);
	}
	f = arena_alloc(p->arena, sizeof(*f));
	f->source = &p->file->source[u->to];
	f->index = u->to;
	f->up = above;
	f->up_line = line.number;
	f->clause = above->clause;
	parameters(p, f);
	p->frame = above;
	p->line = line;
	result = arguments(p, &w, f);
	source_parse(p, f, out, nest);
	p->frame = above;
	p->line = line;
	return result;
}
