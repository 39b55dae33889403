/* case_parse: a source as a whole, and a row of a case. */
#include "case_parse.h"

/* Header lines up to the first step. */
static void
header(struct parser *p, struct frame *f, struct step_list *out, int nest)
{
	for (; f->at < f->source->lines; f->at++) {
		struct words w;
		enum keyword key;

		if (!line_take(p, f, f->at))
			continue;
		w = words_of(p->line.text);
		key = keyword_take(&w);
		if (p->line.indent > 0) {
			fail(p, p->line.text.at, "a line indented by %d blank%s, expected %s", p->line.indent,
			    p->line.indent == 1 ? "" : "s", p->line.text.at[0] == '|' ? "a table row below 'each'" : "no indentation");
			continue;
		}
		if (key == KEY_USE) {
			w = words_of(without_comment(span_of(w.at, (size_t)(w.end - w.at))));
			use_line(p, w, out, nest);
			continue;
		}
		if (key == KEY_NONE && p->line.text.at[0] != '>' && p->line.text.at[0] != '<' && p->line.text.at[0] != '=') {
			struct span word = words_peek(&w);

			fail(p, word.at, "%s, expected a header line or a step%s", shown(word), did_you_mean(word, keyword_names));
			f->at++;
			block_forget(p, f, 0, nest);
			while (block_next_is(p, f, 0, KEY_OR, &w) || block_next_is(p, f, 0, KEY_UNTIL, &w))
				block_forget(p, f, 0, nest); /* of an either or a repeat mistyped */
			f->at--;
			continue;
		}
		if (header_line(p, key, w) == 0)
			return;
	}
}

void
source_parse(struct parser *p, struct frame *f, struct step_list *out, int nest)
{
	header(p, f, out, nest);
	block_read(p, f, 0, nest, out);
}

static void
row_values(struct parser *p, struct frame *f, int row)
{
	const struct table *t = &f->source->table;

	for (int i = 0; i < t->columns && row < t->rows; i++) {
		const struct cell *c = &t->cell[(size_t)row * (size_t)t->columns + (size_t)i];
		struct span s = span_of(f->source->bytes + c->at, c->length);

		if (memchr(s.at, '\\', s.len) != NULL) {
			char *into = arena_alloc(p->arena, s.len);
			size_t n = 0;

			for (size_t j = 0; j < s.len; j++) {
				if (s.at[j] == '\\' && j + 1 < s.len && s.at[j + 1] != '|')
					into[n++] = s.at[j++];
				else if (s.at[j] == '\\' && j + 1 < s.len)
					j++;
				into[n++] = s.at[j];
			}
			s = span_of(into, n);
		}
		f->value[f->values++] = (struct value){ t->column[i], s };
	}
}

static void
finish(struct parser *p, struct step_list *steps)
{
	struct test_case *c = p->out;
	struct step_list finally_list = { NULL, NULL };

	if (p->used_world.first != NULL)
		p->used_world.last->next = p->world.first;
	c->setting.world = p->used_world.first != NULL ? p->used_world.first : p->world.first;
	c->setting.module = p->module.first;
	c->specs = p->specs.first;
	c->profiles = p->profiles.first;
	c->covers = p->covers.first;
	c->allow = p->allow.text;
	c->allows = p->allow.count;
	c->never = p->never.text;
	c->nevers = p->never.count;
	c->steps = steps->first;
	steps_append(&finally_list, c->finally);
	steps_append(&finally_list, p->later);
	c->finally = finally_list.first;
	/* A lab has what the world lines describe when the case says so; orders to the module only the emulator takes. */
	if (p->has_module || c->setting.module != NULL || ((c->needs & NEED_LAB) == 0 && (p->has_far || c->setting.world != NULL)))
		c->needs |= NEED_WORLD;
	if (p->need_path != NULL && (p->has_module || c->setting.module != NULL)) {
		errors_add(p->errors, p->need_path, p->need_line, p->need_column, "'lab' beside a 'module' line, expected 'need world': %s",
		    "no lab can do what such a line orders");
		p->failures++;
	}
	if (c->title.len == 0) {
		char own[CASE_TITLE_MAX + 1];

		title_of_file(c->path, c->row, own, sizeof(own));
		c->title = arena_copy(p->arena, span_str(own));
	}
}

int
case_parse(struct case_file *file, int row, struct arena *a, struct test_case *out, struct errors *es)
{
	struct parser *p = arena_alloc(a, sizeof(*p));
	struct frame *f = arena_alloc(a, sizeof(*f));
	const struct source *s = &file->source[0];
	struct step_list steps = { NULL, NULL };
	int failures;

	memset(out, 0, sizeof(*out));
	*p = (struct parser){ .file = file, .arena = a, .out = out, .errors = es };
	out->path = s->path;
	out->row = s->table.present ? row : -1;
	out->row_line = row < s->table.rows ? (int)s->table.row_line[row] : 0;
	out->quiet_us = 1000000;
	f->source = s;
	row_values(p, f, row);
	source_parse(p, f, &steps, 0);
	finish(p, &steps);
	failures = p->failures;
	if (steps.first == NULL && failures == 0) {
		if (!s->cut_short)
			errors_add(es, s->path, s->last_number, 1, "the end of the file, expected a step at least");
		failures++;
	}
	if (failures > 0)
		errors_sort(es, s->path);
	return failures > 0 ? -1 : 0;
}
