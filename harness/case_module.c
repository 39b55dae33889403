/* case_module: orders to the emulator. */
#include "case_parse.h"
#include "modem.h"

static const char *const verbs[] = { "says", "answers", "loses", "reboots", "set", "fault", "dtr", NULL };

static const char *
found(struct span s)
{
	return s.len == 0 ? "the end of the line" : shown(s);
}

static int
where(struct parser *p, struct words *w, struct step *s)
{
	const char *from;

	words_skip(w);
	from = w->at;
	s->where = MODEM_NOW;
	if (w->at == w->end || words_eat(w, "now"))
		return 0;
	if (words_eat(w, "before")) {
		s->where = MODEM_BEFORE_ANSWER;
		if (words_eat(w, "answer"))
			return 0;
		s->where = MODEM_BEFORE_FINAL;
		if (words_eat(w, "final"))
			return 0;
	} else if (words_eat(w, "after")) {
		s->where = MODEM_AFTER_FINAL;
		if (words_eat(w, "final"))
			return 0;
	}
	return fail(p, from, "%s, expected now, before answer, before final or after final", shown(span_of(from, (size_t)(w->end - from))));
}

static int
says(struct parser *p, struct words *w, struct step *s)
{
	struct span text;

	s->kind = STEP_SAYS;
	s->text = arena_alloc(p->arena, sizeof(*s->text));
	s->texts = 1;
	if (word_string(p, w, &text) < 0)
		return -1;
	if (text.len > MODEM_SAYS_MAX)
		return fail(p, text.at, "a line of %zu bytes, expected at most %d", text.len, MODEM_SAYS_MAX);
	return text_read(p, text, TEXT_SEND, s->text) < 0 || where(p, w, s) < 0 ? -1 : words_end(p, w, "where it is said");
}

static int
answers(struct parser *p, struct words *w, struct step *s)
{
	s->kind = STEP_ANSWERS;
	if (word_bytes(p, w, &s->raw) < 0)
		return -1;
	if (words_eat(w, "after") && word_duration(p, w, &s->pause_us) < 0)
		return -1;
	return words_end(p, w, "the bytes, or after DURATION");
}

static int
loses(struct parser *p, struct words *w, struct step *s)
{
	s->kind = STEP_BEARER_LOST;
	if (!words_eat(w, "bearer"))
		return fail(p, w->at, "%s, expected loses bearer N", found(words_peek(w)));
	return word_number(p, w, 1, 3, "a bearer profile", &s->number) < 0 ? -1 : words_end(p, w, "the bearer");
}

/* NAME VALUE; the value is the rest of the line. */
static int
named(struct parser *p, struct words *w, struct step *s, enum step_kind kind)
{
	s->kind = kind;
	s->name = words_take(w);
	words_skip(w);
	if (s->name.len == 0 || w->at == w->end)
		return fail(p, w->at, "the end of the line, expected a name and a value");
	s->value = without_comment(span_of(w->at, (size_t)(w->end - w->at)));
	return 0;
}

static int
dtr(struct parser *p, struct words *w, struct step *s)
{
	struct span word = words_take(w);

	s->kind = STEP_DTR;
	s->number = word_is(word, "on");
	if (!word_is(word, "on") && !word_is(word, "off"))
		return fail(p, word.at, "%s, expected on or off", found(word));
	return words_end(p, w, "'dtr'");
}

int
module_step(struct parser *p, struct words w, struct step *s)
{
	struct span verb = words_take(&w);

	p->has_module = true;
	if (word_is(verb, "says"))
		return says(p, &w, s);
	if (word_is(verb, "answers"))
		return answers(p, &w, s);
	if (word_is(verb, "loses"))
		return loses(p, &w, s);
	if (word_is(verb, "set"))
		return named(p, &w, s, STEP_SET);
	if (word_is(verb, "fault"))
		return named(p, &w, s, STEP_FAULT);
	if (word_is(verb, "dtr"))
		return dtr(p, &w, s);
	if (word_is(verb, "reboots")) {
		s->kind = STEP_REBOOT;
		return words_end(p, &w, "'reboots'");
	}
	return fail(p, verb.at, "%s, expected says, answers, loses, reboots, set, fault or dtr%s", found(verb), did_you_mean(verb, verbs));
}
