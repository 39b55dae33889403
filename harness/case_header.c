/* case_header: what stands before the first step. */
#include "case_parse.h"
#include "modem.h"
#include "world_sim.h"

const char *const keyword_names[] = { [KEY_SEND] = ">",
	[KEY_DATA] = ">>",
	[KEY_EXPECT] = "<",
	[KEY_RAW] = "<<",
	[KEY_PAYLOAD] = "=",
	[KEY_WAIT] = "wait",
	[KEY_SILENCE] = "silence",
	[KEY_NOTHING] = "nothing",
	[KEY_LINE] = "line",
	[KEY_FAR] = "far",
	[KEY_MODULE] = "module",
	[KEY_ALLOW] = "allow",
	[KEY_NEVER] = "never",
	[KEY_USE] = "use",
	[KEY_SPEC] = "spec",
	[KEY_COVERS] = "covers",
	[KEY_ECHO] = "echo",
	[KEY_CURSOR] = "cursor",
	[KEY_EITHER] = "either",
	[KEY_OR] = "or",
	[KEY_ANY] = "any",
	[KEY_REPEAT] = "repeat",
	[KEY_UNTIL] = "until",
	[KEY_FINALLY] = "finally",
	[KEY_TITLE] = "title",
	[KEY_WORLD] = "world",
	[KEY_PROFILE] = "profile",
	[KEY_NEED] = "need",
	[KEY_INFORMATIONAL] = "informational",
	[KEY_QUIET] = "quiet",
	[KEY_EACH] = "each",
	[KEY_MUST] = "must",
	[KEY_PARAM] = "param",
	[KEY_UNKNOWN] = "unknown",
	[KEY_NONE] = NULL };

enum keyword
keyword_take(struct words *w)
{
	struct span s = words_peek(w);

	for (int i = 0; i < KEY_NONE; i++)
		if (s.len > 0 && keyword_names[i][0] == s.at[0] && word_is(s, keyword_names[i])) {
			w->at += s.len;
			return (enum keyword)i;
		}
	return KEY_NONE;
}

/* What is left of the line, without blanks before it. */
static struct span
rest_of(struct words *w)
{
	words_skip(w);
	return span_of(w->at, (size_t)(w->end - w->at));
}

static struct case_line *
line_keep(struct parser *p, struct line_list *list, struct span text)
{
	struct case_line *l = arena_alloc(p->arena, sizeof(*l));

	l->text = text;
	l->path = p->line.source->path;
	l->line = p->line.number;
	l->column = line_column(&p->line, text.at);
	if (list->last != NULL)
		list->last->next = l;
	else
		list->first = l;
	list->last = l;
	return l;
}

static struct text *
text_room(struct parser *p, struct text_list *list)
{
	if (list->count == list->capacity) {
		struct text *more;

		list->capacity = list->capacity == 0 ? 8 : list->capacity * 2;
		more = arena_alloc(p->arena, (size_t)list->capacity * sizeof(*more));
		if (list->count > 0)
			memcpy(more, list->text, (size_t)list->count * sizeof(*more));
		list->text = more;
	}
	return &list->text[list->count++];
}

/* Characters of UTF-8 text. */
static size_t
characters(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += (s.at[i] & 0xc0) != 0x80;
	return n;
}

/* A {hole} of a title is a column that does not exist: those that do have been put in. */
static int
title(struct parser *p, struct words *w)
{
	struct words rest;
	struct span s = text_front(p, rest_of(w), &rest), raw;

	raw = span_of(p->frame->source->bytes, 0);
	for (size_t i = 0; p->line.pieces == 0 && i + 2 < s.len; i++) {
		const char *close = s.at[i] == '{' ? memchr(s.at + i, '}', s.len - i) : NULL;

		if (close != NULL && close > s.at + i + 1) {
			raw = span_of(s.at + i + 1, (size_t)(close - s.at - i - 1));
			return fail(p, raw.at, "%s, expected a column of the table", shown(raw));
		}
	}
	if (s.len == 0)
		return fail(p, s.at, "the end of the line, expected a title");
	if (rest.at < rest.end)
		return fail(
		    p, rest.at, "%s, expected nothing after a title (a blank of its own before it, not two)", shown(words_peek(&rest)));
	if (p->out->title.at != NULL)
		return fail(p, p->line.text.at, "a second title, expected one");
	if (characters(s) > CASE_TITLE_MAX)
		return fail(p, s.at, "a title of %zu characters, expected at most %d", characters(s), CASE_TITLE_MAX);
	p->out->title = s;
	return 1;
}

static int
spec(struct parser *p, struct words *w)
{
	struct span s = without_comment(rest_of(w)), document = s, clause = { NULL, 0 };

	if (s.len == 0)
		return fail(p, s.at, "the end of the line, expected a document and a clause: SIM800 IP Application Note V1.01, 3.14");
	for (size_t i = s.len; i-- > 0;)
		if (s.at[i] == ',') {
			document = span_first(s, i);
			clause = span_after(s, i + 1);
			break;
		}
	while (clause.len > 0 && clause.at[0] == ' ')
		clause = span_after(clause, 1);
	if (p->frame->source->is_steps) {
		p->frame->clause = clause;
		return 1;
	}
	if (p->specs.first == NULL) {
		p->out->document = document;
		p->out->clause = clause;
	}
	line_keep(p, &p->specs, s);
	return 1;
}

static int
world(struct parser *p, struct words *w)
{
	struct span s = without_comment(rest_of(w));
	const char *why = NULL;
	size_t column = 0;

	line_keep(p, p->frame->source->is_steps ? &p->used_world : &p->world, s);
	if (world_check(s, &column, &why) == 0)
		return 1;
	if (column > s.len)
		column = s.len;
	return fail_expected(p, s.at + column, words_peek(&(struct words){ s.at + column, s.at + s.len }), "line", why);
}

static int
need(struct parser *p, struct words *w)
{
	static const char *const name[] = { "world", "lab", "slow", "destructive", "paid", NULL };
	struct span s = words_peek(w);

	if (s.len == 0)
		return fail(p, s.at, "the end of the line, expected world, lab, slow, destructive or paid");
	for (; (s = words_take(w)).len > 0; words_skip(w)) {
		int i;

		for (i = 0; name[i] != NULL && !word_is(s, name[i]);)
			i++;
		if (name[i] == NULL)
			return fail(p, s.at, "%s, expected world, lab, slow, destructive or paid%s", shown(s), did_you_mean(s, name));
		p->out->needs |= 1u << i;
		if (1u << i == NEED_LAB) {
			p->need_path = p->line.source->path;
			p->need_line = p->line.number;
			p->need_column = line_column(&p->line, s.at);
		}
	}
	return 1;
}

static int
profile(struct parser *p, struct words *w)
{
	struct span s = words_peek(w);

	if (s.len == 0)
		return fail(p, s.at, "the end of the line, expected the name of a profile");
	while ((s = words_take(w)).len > 0)
		line_keep(p, &p->profiles, s);
	return 1;
}

static int
case_only(struct parser *p, const char *what)
{
	if (!p->frame->source->is_steps)
		return 0;
	return fail(p, p->line.text.at, "'%s' in a .steps file, expected it in a case only", what);
}

int
covers_line(struct parser *p, struct words w)
{
	struct span s;

	if (case_only(p, "covers") < 0)
		return -1;
	words_skip(&w);
	if (words_peek(&w).len == 0)
		return fail(p, w.at, "the end of the line, expected the id of a requirement: N3.14-read-early");
	while ((s = words_take(&w)).len > 0) {
		line_keep(p, &p->covers, s);
		words_skip(&w);
	}
	return 1;
}

static int
must(struct parser *p, struct words *w)
{
	const char *from = rest_of(w).at, *colon;
	struct words number;
	int64_t line;

	if (!words_eat(w, "fail") || !words_eat(w, "at"))
		return fail(p, from, "%s, expected must fail at LINE: MESSAGE", shown(words_peek(&(struct words){ from, w->end })));
	colon = memchr(w->at, ':', (size_t)(w->end - w->at));
	if (colon == NULL)
		return fail(p, w->end, "the end of the line, expected ':' and the message it must fail with");
	if (p->out->must_fail)
		return fail(p, p->line.text.at, "a second 'must', expected one");
	number = (struct words){ w->at, colon };
	if (word_number(p, &number, 1, INT32_MAX, "a line number", &line) < 0 || words_end(p, &number, "the line") < 0)
		return -1;
	w->at = colon + 1;
	p->out->must_fail = true;
	p->out->must_line = (int)line;
	p->out->must_message = rest_of(w);
	if (p->out->must_message.len == 0)
		return fail(p, w->at, "the end of the line, expected the message it must fail with");
	return 1;
}

static int
listed(struct parser *p, struct text_list *list, struct words *w)
{
	struct words rest;
	struct span s = text_front(p, rest_of(w), &rest);

	if (s.len == 0)
		return fail(p, s.at, "the end of the line, expected the text of a line");
	if (list->count == CASE_LISTS_MAX)
		return fail(p, s.at, "one such line more than the %d a case may have", CASE_LISTS_MAX);
	if (text_read(p, s, TEXT_EXPECT, text_room(p, list)) < 0)
		return -1;
	return words_end(p, &rest, "the text") < 0 ? -1 : 1;
}

/* Of what a switch or a fault of the header is: lint looks at its name.  The value is the rest of the line. */
static int
module(struct parser *p, struct words *w)
{
	struct words at = *w;
	struct span s;

	if (!words_eat(&at, "set") && !words_eat(&at, "fault"))
		return 0;
	s = without_comment(rest_of(w));
	line_keep(p, &p->module, s);
	at = (struct words){ at.at, s.at + s.len };
	if (words_take(&at).len == 0 || words_peek(&at).len == 0)
		return fail(p, at.at, "the end of the line, expected a name and a value");
	return 1;
}

static int
quiet(struct parser *p, struct words *w)
{
	return word_duration(p, w, &p->out->quiet_us) < 0 || words_end(p, w, "the duration") < 0 ? -1 : 1;
}

int
header_line(struct parser *p, enum keyword key, struct words w)
{
	struct words plain = w;

	plain.end = w.at + without_comment(span_of(w.at, (size_t)(w.end - w.at))).len;
	if ((key == KEY_TITLE || key == KEY_EACH || key == KEY_MUST) && case_only(p, keyword_names[key]) < 0)
		return -1;
	if (key == KEY_TITLE)
		return title(p, &w);
	if (key == KEY_SPEC)
		return spec(p, &w);
	if (key == KEY_WORLD)
		return world(p, &w);
	if (key == KEY_COVERS)
		return covers_line(p, plain);
	if (key == KEY_PROFILE)
		return profile(p, &plain);
	if (key == KEY_NEED)
		return need(p, &plain);
	if (key == KEY_MUST)
		return must(p, &w);
	if (key == KEY_ALLOW)
		return listed(p, &p->allow, &w);
	if (key == KEY_NEVER)
		return listed(p, &p->never, &w);
	if (key == KEY_MODULE)
		return module(p, &w);
	if (key == KEY_QUIET)
		return quiet(p, &plain);
	if (key == KEY_INFORMATIONAL) {
		p->out->informational = true;
		return words_end(p, &plain, "'informational'") < 0 ? -1 : 1;
	}
	if (key == KEY_UNKNOWN) {
		p->out->unknown_commands = true;
		if (!words_eat(&plain, "command"))
			return fail(p, plain.at, "%s, expected unknown command", shown(words_peek(&plain)));
		return words_end(p, &plain, "'unknown command'") < 0 ? -1 : 1;
	}
	if (key == KEY_EACH)
		return words_end(p, &plain, "'each'; its rows are the lines below, indented") < 0 ? -1 : 1;
	if (key == KEY_PARAM) {
		if (p->frame->source->is_steps)
			return 1; /* taken by use_line */
		return fail(p, p->line.text.at, "'param' in a case, expected it in a .steps file only");
	}
	return 0;
}
