/* case_block: steps and the blocks of steps that some of them have. */
#include "case_parse.h"

void
steps_append(struct step_list *list, struct step *first)
{
	if (first == NULL)
		return;
	if (list->last != NULL)
		list->last->next = first;
	else
		list->first = first;
	for (list->last = first; list->last->next != NULL;)
		list->last = list->last->next;
}

static struct step *
step_new(struct parser *p)
{
	struct step *s = arena_alloc(p->arena, sizeof(*s));

	s->path = p->line.source->path;
	s->line = p->line.number;
	s->column = p->line.indent + 1;
	s->source = p->line.text;
	s->clause = p->frame->clause;
	s->when.since = s->when.as = -1;
	if (++p->steps > STEPS_MAX && !p->too_many) {
		p->too_many = true;
		fail(p, p->line.text.at, "step number %d with the files used, expected at most %d", p->steps, STEPS_MAX);
	}
	return s;
}

/* The next line of f stands deeper than level. */
static bool
deeper(const struct frame *f, int level)
{
	return f->at < f->source->lines && f->source->line[f->at].indent > (uint32_t)level * 2;
}

/* The next line begins with this keyword, at this level; it becomes the line at hand. */
bool
block_next_is(struct parser *p, struct frame *f, int level, enum keyword key, struct words *w)
{
	const struct source_line *l = &f->source->line[f->at];
	struct span text;

	if (f->at >= f->source->lines || l->indent != (uint32_t)level * 2)
		return false;
	text = span_of(f->source->bytes + l->at, l->length);
	*w = words_of(text);
	if (!words_eat(w, keyword_names[key]))
		return false;
	if (!line_take(p, f, f->at++))
		return false;
	*w = words_of(p->line.text);
	return words_eat(w, keyword_names[key]);
}

/* The block below the line at hand; what names it. */
static struct step *
block_below(struct parser *p, struct frame *f, int level, int nest, const char *what)
{
	struct step_list list = { NULL, NULL };
	struct line line = p->line;
	bool any = deeper(f, level);
	int failures = p->failures;

	if (!any) {
		fail(p, line.text.at, "%s without a block, expected steps below it, indented by %d blanks", what, (level + 1) * 2);
		return NULL;
	}
	if (nest >= CASE_DEPTH_MAX)
		fail(p, line.text.at, "blocks more than %d deep, expected fewer", CASE_DEPTH_MAX);
	/* What lies too deep is read for its other errors only as far as that is bounded. */
	if (nest >= CASE_DEPTH_MAX)
		while (deeper(f, level))
			f->at++;
	else
		block_read(p, f, level + 1, nest + 1, &list);
	p->line = line;
	p->frame = f;
	if (list.first == NULL && p->failures == failures)
		fail(p, line.text.at, "%s without a step in its block, expected one at least", what);
	return list.first;
}

/* A line went wrong: read the block below it for its errors, and forget it. */
void
block_forget(struct parser *p, struct frame *f, int level, int nest)
{
	struct step_list list = { NULL, NULL };

	if (!deeper(f, level))
		return;
	if (nest >= CASE_DEPTH_MAX)
		while (deeper(f, level))
			f->at++;
	else
		block_read(p, f, level + 1, nest + 1, &list);
}

static void
step_error(struct parser *p, const struct step *s, const char *what)
{
	p->failures++;
	errors_add(p->errors, s->path, s->line, s->column, "%s %s", shown(s->source), what);
}

static void
branch_begins(struct parser *p, const struct step *first)
{
	if (first != NULL && first->kind != STEP_EXPECT && first->kind != STEP_RAW && first->kind != STEP_PAYLOAD &&
	    first->kind != STEP_NOTHING)
		step_error(p, first, "at the front of a branch, expected '<', '<<', '=' or 'nothing' there");
}

static void
either(struct parser *p, struct frame *f, int level, int nest, struct step *s)
{
	struct step **link = &s->body, *first;
	struct line line = p->line;
	struct words w;
	int branches = 1;

	s->kind = STEP_EITHER;
	*link = first = block_below(p, f, level, nest, "'either'");
	branch_begins(p, first);
	while (block_next_is(p, f, level, KEY_OR, &w)) {
		branches++;
		if (first != NULL)
			link = &first->branch;
		words_skip(&w);
		if (words_eat(&w, "nothing")) {
			w.end = w.at + without_comment(span_of(w.at, (size_t)(w.end - w.at))).len;
			first = step_new(p);
			step_line(p, KEY_NOTHING, w, first);
			if (deeper(f, level))
				first->next = block_below(p, f, level, nest, "'or nothing'");
		} else {
			w.end = w.at + without_comment(span_of(w.at, (size_t)(w.end - w.at))).len;
			words_end(p, &w, "'or' but nothing within DURATION");
			first = block_below(p, f, level, nest, "'or'");
		}
		branch_begins(p, first);
		*link = first;
	}
	p->line = line;
	p->frame = f;
	if (branches < 2)
		fail(p, line.text.at, "'either' without 'or', expected one branch more");
}

static void
any_order(struct parser *p, struct frame *f, int level, int nest, struct words w, struct step *s)
{
	s->kind = STEP_ANY_ORDER;
	if (!words_eat(&w, "order"))
		fail(p, w.at, "%s, expected any order", w.at == w.end ? "the end of the line" : shown(words_peek(&w)));
	else
		words_end(p, &w, "'any order'");
	s->body = block_below(p, f, level, nest, "'any order'");
	for (const struct step *b = s->body; b != NULL; b = b->next)
		if (b->kind != STEP_EXPECT)
			step_error(p, b, "in 'any order', expected '<' lines only");
}

static void
repeat(struct parser *p, struct frame *f, int level, int nest, struct words w, struct step *s)
{
	struct line line = p->line;

	s->kind = STEP_REPEAT;
	words_skip(&w);
	if (!words_eat(&w, "at") || !words_eat(&w, "most"))
		fail(p, w.at, "%s, expected repeat at most N", w.at == w.end ? "the end of the line" : shown(words_peek(&w)));
	else if (word_number(p, &w, 1, 1000000, "a number of rounds", &s->number) == 0)
		words_end(p, &w, "the number");
	s->body = block_below(p, f, level, nest, "'repeat'");
	if (!block_next_is(p, f, level, KEY_UNTIL, &w)) {
		p->line = line;
		p->frame = f;
		fail(p, line.text.at, "'repeat' without 'until', expected until < LINE below its block");
		return;
	}
	words_skip(&w);
	if (!words_eat(&w, "<"))
		fail(p, w.at, "%s, expected until < LINE", w.at == w.end ? "the end of the line" : shown(words_peek(&w)));
	else
		expect_read(p, w, MOD_WHEN, "'until'", s);
	if (deeper(f, level)) {
		line_take(p, f, f->at);
		fail(p, p->line.text.at, "a block below 'until', expected the block above it");
		block_forget(p, f, level, nest);
	}
}

static void
finally(struct parser *p, struct frame *f, int level, int nest, struct words w)
{
	struct step_list list = { NULL, NULL };
	struct line line = p->line;

	words_end(p, &w, "'finally'");
	if (level > 0) {
		fail(p, line.text.at, "'finally' within a block, expected it at the end, not indented");
		block_forget(p, f, level, nest);
		return;
	}
	steps_append(&list, block_below(p, f, level, nest, "'finally'"));
	if (f->source->is_steps) {
		steps_append(&list, p->later); /* put back in the reverse order of set-up */
		p->later = list.first;
	} else {
		p->out->finally = list.first;
	}
	if (f->at < f->source->lines) {
		line_take(p, f, f->at);
		fail(p, p->line.text.at, "%s after 'finally', expected the end of the file", shown(p->line.text));
		f->at = f->source->lines;
	}
}

/* A line that is no step at this place. */
static void
misplaced(struct parser *p, enum keyword key)
{
	struct span line = p->line.text, word = words_peek(&(struct words){ line.at, line.at + line.len });

	if (key == KEY_OR)
		fail(p, line.at, "'or' without 'either' above it, expected a step");
	else if (key == KEY_UNTIL)
		fail(p, line.at, "'until' without 'repeat' above it, expected a step");
	else if (key != KEY_NONE)
		fail(p, line.at, "%s after the first step or within a block, expected it in the header", shown(word));
	else if (word.len > 1 && (word.at[0] == '>' || word.at[0] == '<' || word.at[0] == '='))
		fail(p, line.at, "%s, expected a blank behind '%.*s'", shown(word), word.at[1] == word.at[0] && word.at[0] != '=' ? 2 : 1,
		    line.at);
	else if (word.at[0] == '|')
		fail(p, line.at, "a table row, expected it below 'each'");
	else
		fail(p, line.at,
		    "%s, expected a step: > >> < << = wait silence line far module allow never use spec covers echo cursor either any "
		    "repeat%s",
		    shown(word), did_you_mean(word, keyword_names));
}

/* The line's depth: the level it stands on, or -1 with an error. */
static int
depth(struct parser *p, const struct source_line *l, int level)
{
	if (l->indent == (uint32_t)level * 2)
		return level;
	if (l->indent < (uint32_t)level * 2 && l->indent % 2 == 0)
		return (int)l->indent / 2;
	fail(p, p->line.text.at, "a line indented by %u blank%s, expected %d%s", l->indent, l->indent == 1 ? "" : "s", level * 2,
	    l->indent > (uint32_t)level * 2 && l->indent % 2 == 0 ? ", as the line above begins no block" : ", two a level");
	return -1;
}

/* spec among the steps: what stands behind the last comma is the clause of the steps below. */
static bool
clause(struct parser *p, struct frame *f, struct words w)
{
	struct span s;
	size_t i;

	words_skip(&w);
	s = span_of(w.at, (size_t)(w.end - w.at));
	for (i = s.len; i > 0 && s.at[i - 1] != ',';)
		i--;
	s = span_after(s, i);
	while (s.len > 0 && s.at[0] == ' ')
		s = span_after(s, 1);
	if (s.len == 0)
		return fail(p, w.end, "the end of the line, expected a clause") == 0;
	f->clause = s;
	return true;
}

/* A step line of any kind.  false: it was wrong. */
static bool
statement(struct parser *p, struct frame *f, int level, int nest, struct step_list *out)
{
	struct words w = words_of(p->line.text), plain;
	enum keyword key = keyword_take(&w);
	int failures = p->failures;
	struct step *s;

	plain = words_of(without_comment(span_of(w.at, (size_t)(w.end - w.at))));
	if (key == KEY_FINALLY) {
		finally(p, f, level, nest, plain);
		return true;
	}
	if (key == KEY_USE)
		return use_line(p, plain, out, nest) == 0;
	if (key == KEY_SPEC)
		return clause(p, f, plain);
	if (key == KEY_COVERS)
		return covers_line(p, plain) > 0;
	if (key == KEY_OR || key == KEY_UNTIL || key >= KEY_TITLE) {
		misplaced(p, key);
		return false;
	}
	s = step_new(p);
	if (p->steps > STEPS_MAX)
		return true;
	if (key == KEY_EITHER) {
		words_end(p, &plain, "'either'");
		either(p, f, level, nest, s);
	} else if (key == KEY_ANY) {
		any_order(p, f, level, nest, plain, s);
	} else if (key == KEY_REPEAT) {
		repeat(p, f, level, nest, plain, s);
	} else {
		step_line(p, key, w, s);
	}
	steps_append(out, s);
	return p->failures == failures;
}

/* Steps of one level, up to a line of a lower one. */
void
block_read(struct parser *p, struct frame *f, int level, int nest, struct step_list *out)
{
	bool orphans = false; /* or and until of something that was wrong are not wrong once more */

	while (f->at < f->source->lines && p->steps <= STEPS_MAX) {
		const struct source_line *l = &f->source->line[f->at];
		struct words w;
		bool ok;
		int d;

		if (l->indent < (uint32_t)level * 2 && l->indent % 2 == 0)
			return;
		if (!line_take(p, f, f->at)) {
			f->at++;
			continue;
		}
		f->at++;
		d = depth(p, l, level);
		if (d < 0) {
			/* Its neighbours of that depth, and what is below them, would say the same. */
			while (f->at < f->source->lines && f->source->line[f->at].indent >= l->indent)
				f->at++;
			continue;
		}
		w = words_of(p->line.text);
		if (orphans && (words_eat(&w, "or") || words_eat(&w, "until"))) {
			block_forget(p, f, level, nest);
			continue;
		}
		ok = statement(p, f, level, nest, out);
		orphans = !ok;
		if (!ok)
			block_forget(p, f, level, nest);
	}
	if (p->steps > STEPS_MAX)
		f->at = f->source->lines;
}
