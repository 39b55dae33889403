/* case_step: the steps that have no block. */
#include "case_parse.h"
#include "content.h"
#include "modem.h"
#include "world_sim.h"

#define CHECK_MAX 512

/* What is left of the line, one blank taken off its front. */
static struct span
text_of(struct words w)
{
	if (w.at < w.end)
		w.at++;
	return span_of(w.at, (size_t)(w.end - w.at));
}

/* The text as it might be rendered, a 1 for every hole, to be checked; where: the byte each byte comes from. */
static size_t
render(const struct text *t, char *into, const char **where)
{
	size_t n = 0;

	for (int i = 0; i < t->count; i++) {
		struct span s = t->part[i].kind == HOLE_LITERAL ? t->part[i].literal : SPAN("1");

		for (size_t j = 0; j < s.len; j++) {
			if (n == CHECK_MAX)
				return n + 1;
			where[n] = t->part[i].kind == HOLE_LITERAL ? s.at + j
				   : i > 0                         ? t->part[i - 1].literal.at + t->part[i - 1].literal.len
								   : t->source.at;
			into[n++] = s.at[j];
		}
	}
	return n;
}

static int
content_check(struct parser *p, const struct text *t, bool far)
{
	char bytes[CHECK_MAX], scratch[CHECK_MAX];
	const char *where[CHECK_MAX + 1], *why = NULL;
	size_t n = render(t, bytes, where), column = 0, took;
	struct content c;

	if (n > CHECK_MAX)
		return 0; /* a text that long is judged when it is played */
	if (far) {
		if (far_check(span_of(bytes, n), &column, &why) == 0)
			return 0;
	} else {
		took = content_parse(span_of(bytes, n), &c, scratch, &column, &why);
		if (took == n && n > 0)
			return 0;
		if (took > 0) {
			column = took;
			why = "nothing after the content";
		}
	}
	for (; column < n && bytes[column] == ' ';)
		column++;
	if (column >= n)
		return fail_expected(p, t->source.at + t->source.len, SPAN(""), far ? "line" : "content", why);
	return fail_expected(p, where[column], words_peek(&(struct words){ bytes + column, bytes + n }), "", why);
}

static int
send(struct parser *p, struct words w, struct step *s)
{
	struct words rest;
	struct span text = text_front(p, text_of(w), &rest);

	s->kind = STEP_SEND;
	s->text = arena_alloc(p->arena, sizeof(*s->text));
	s->texts = 1;
	s->pause_us = 1000;
	if (text_read(p, text, TEXT_SEND, s->text) < 0)
		return -1;
	return modifiers(p, &rest, MOD_SEND, "'>'", s);
}

static int
data(struct parser *p, struct words w, struct step *s)
{
	struct words rest;
	struct span text;

	words_skip(&w);
	text = words_front(span_of(w.at, (size_t)(w.end - w.at)), &rest);
	s->kind = STEP_DATA;
	s->pause_us = 1000;
	if (text_read(p, text, TEXT_CONTENT, &s->content) < 0 || content_check(p, &s->content, false) < 0)
		return -1;
	return modifiers(p, &rest, MOD_DATA, "'>>'", s);
}

int
expect_read(struct parser *p, struct words w, unsigned allowed, const char *of, struct step *s)
{
	struct words rest;
	struct span text = text_front(p, text_of(w), &rest);

	if (texts_read(p, text, s) < 0)
		return -1;
	return modifiers(p, &rest, allowed, of, s);
}

static int
raw(struct parser *p, struct words w, struct step *s)
{
	struct words rest;

	words_skip(&w);
	words_front(span_of(w.at, (size_t)(w.end - w.at)), &rest);
	s->kind = STEP_RAW;
	w.end = rest.at;
	if (word_bytes(p, &w, &s->raw) < 0)
		return -1;
	if (s->raw.len == 0)
		return fail(p, w.at, "an empty string, expected the bytes to come");
	return words_end(p, &w, "the string") < 0 ? -1 : modifiers(p, &rest, MOD_WHEN, "'<<'", s);
}

/* "next N bytes of FILE" */
static int
payload_next(struct parser *p, struct words *w, struct step *s)
{
	s->payload = PAYLOAD_NEXT;
	if (count_read(p, w, &s->count) < 0)
		return -1;
	if (!words_eat(w, "bytes") || !words_eat(w, "of"))
		return fail(p, w->at, "%s, expected next N bytes of FILE", shown(words_peek(w)));
	return word_file(p, w, &s->file);
}

/* "N bytes" and "N bytes containing STRING": 1; 0: it is a content. */
static int
payload_count(struct parser *p, struct words *w, struct step *s)
{
	struct words at = *w, next;
	struct span string;

	if (at.at == at.end || (*at.at != '{' && !(*at.at >= '0' && *at.at <= '9')))
		return 0;
	if (count_read(p, &at, &s->count) < 0)
		return -1;
	if (!words_eat(&at, "bytes"))
		return 0;
	next = at;
	if (words_peek(&at).len == 0) {
		s->payload = PAYLOAD_COUNT;
		return 1;
	}
	if (!words_eat(&at, "containing"))
		return 0;
	s->payload = PAYLOAD_CONTAINS;
	words_skip(&at);
	next = at;
	if (word_string(p, &at, &string) < 0 || words_end(p, &at, "the string") < 0)
		return -1;
	return text_read(p, span_of(next.at, (size_t)(at.at - next.at)), TEXT_CONTENT, &s->content) < 0 ||
		       content_check(p, &s->content, false) < 0
		   ? -1
		   : 1;
}

static int
payload_what(struct parser *p, struct words *w, struct step *s)
{
	int counted;

	words_skip(w);
	if (words_eat(w, "next"))
		return payload_next(p, w, s) < 0 ? -1 : words_end(p, w, "the file");
	if (words_eat(w, "all")) {
		s->payload = PAYLOAD_ALL;
		if (!words_eat(w, "of"))
			return fail(p, w->at, "%s, expected all of FILE", shown(words_peek(w)));
		return word_file(p, w, &s->file) < 0 ? -1 : words_end(p, w, "the file");
	}
	counted = payload_count(p, w, s);
	if (counted != 0)
		return counted < 0 ? -1 : 0;
	s->payload = PAYLOAD_CONTENT;
	if (text_read(p, span_of(w->at, (size_t)(w->end - w->at)), TEXT_CONTENT, &s->content) < 0)
		return -1;
	return content_check(p, &s->content, false);
}

static int
payload(struct parser *p, struct words w, struct step *s)
{
	struct words rest, what;

	words_skip(&w);
	what = words_of(words_front(span_of(w.at, (size_t)(w.end - w.at)), &rest));
	s->kind = STEP_PAYLOAD;
	if (payload_what(p, &what, s) < 0)
		return -1;
	return modifiers(p, &rest, MOD_WHEN, "'='", s);
}

static int
line(struct parser *p, struct words w, struct step *s)
{
	static const char *const name[] = { "DCD", "RI", "DSR", "CTS", NULL };
	static const unsigned bit[] = { MODEM_DCD, MODEM_RI, MODEM_DSR, MODEM_CTS };
	struct span word;
	int i;

	s->kind = STEP_LINE;
	word = words_take(&w);
	for (i = 0; name[i] != NULL && !word_is(word, name[i]);)
		i++;
	if (name[i] == NULL)
		return fail(p, word.at, "%s, expected DCD, RI, DSR or CTS%s", word.len == 0 ? "the end of the line" : shown(word),
		    did_you_mean(word, name));
	s->lines = bit[i];
	word = words_take(&w);
	if (!word_is(word, "low") && !word_is(word, "high"))
		return fail(p, word.at, "%s, expected low or high", word.len == 0 ? "the end of the line" : shown(word));
	s->lines_high = word_is(word, "high") ? bit[i] : 0;
	return modifiers(p, &w, MOD_WITHIN | MOD_INFORMATIONAL, "'line'", s);
}

static int
far(struct parser *p, struct words w, struct step *s)
{
	words_skip(&w);
	s->kind = STEP_FAR;
	p->has_far = true;
	if (text_read(p, span_of(w.at, (size_t)(w.end - w.at)), TEXT_CONTENT, &s->content) < 0)
		return -1;
	return content_check(p, &s->content, true);
}

static int
listed(struct parser *p, struct words w, struct step *s)
{
	struct words rest;
	struct span text = text_front(p, text_of(w), &rest);

	s->text = arena_alloc(p->arena, sizeof(*s->text));
	s->texts = 1;
	if (text.len == 0)
		return fail(p, text.at, "the end of the line, expected the text of a line");
	return text_read(p, text, TEXT_EXPECT, s->text) < 0 ? -1 : words_end(p, &rest, "the text");
}

static int
echo(struct parser *p, struct words w, struct step *s)
{
	static const char *const name[] = { [ECHO_ON] = "on", [ECHO_OFF] = "off", [ECHO_ANY] = "any" };
	struct span word = words_take(&w);

	s->kind = STEP_ECHO;
	for (int i = 0; i <= ECHO_ANY; i++)
		if (word_is(word, name[i])) {
			s->number = i;
			return words_end(p, &w, "'echo'");
		}
	return fail(p, word.at, "%s, expected on, off or any", word.len == 0 ? "the end of the line" : shown(word));
}

static int
cursor(struct parser *p, struct words w, struct step *s)
{
	s->kind = STEP_CURSOR;
	return word_file(p, &w, &s->file) < 0 || count_read(p, &w, &s->count) < 0 ? -1 : words_end(p, &w, "the offset");
}

static int
pause_step(struct parser *p, struct words w, struct step *s, enum step_kind kind)
{
	s->kind = kind;
	return word_duration(p, &w, &s->pause_us) < 0 ? -1 : words_end(p, &w, "the duration");
}

static int
nothing(struct parser *p, struct words w, struct step *s)
{
	s->kind = STEP_NOTHING;
	if (modifiers(p, &w, MOD_WITHIN | MOD_SINCE, "'nothing'", s) < 0)
		return -1;
	return s->when.has_within ? 0 : fail(p, w.end, "the end of the line, expected within DURATION");
}

int
step_line(struct parser *p, enum keyword key, struct words w, struct step *s)
{
	struct words plain = w;

	s->when.since = s->when.as = -1;
	plain.end = w.at + without_comment(span_of(w.at, (size_t)(w.end - w.at))).len;
	if (key == KEY_SEND)
		return send(p, w, s);
	if (key == KEY_EXPECT) {
		s->kind = STEP_EXPECT;
		return expect_read(p, w, MOD_WHEN, "'<'", s);
	}
	if (key == KEY_DATA)
		return data(p, w, s);
	if (key == KEY_RAW)
		return raw(p, w, s);
	if (key == KEY_PAYLOAD)
		return payload(p, w, s);
	if (key == KEY_WAIT || key == KEY_SILENCE)
		return pause_step(p, plain, s, key == KEY_WAIT ? STEP_WAIT : STEP_SILENCE);
	if (key == KEY_NOTHING)
		return nothing(p, plain, s);
	if (key == KEY_LINE)
		return line(p, plain, s);
	if (key == KEY_FAR)
		return far(p, plain, s);
	if (key == KEY_ALLOW || key == KEY_NEVER) {
		s->kind = key == KEY_ALLOW ? STEP_ALLOW : STEP_NEVER;
		return listed(p, w, s);
	}
	if (key == KEY_ECHO)
		return echo(p, plain, s);
	if (key == KEY_CURSOR)
		return cursor(p, plain, s);
	return module_step(p, plain, s);
}
