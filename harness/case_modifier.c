/* case_modifier: what may follow a step's text: within 5s, as asked, pieces 3, and comments. */
#include "case_parse.h"

struct modifier {
	const char *word, *second;
	unsigned bit;
};

static const struct modifier table[] = {
	{ "within", NULL, MOD_WITHIN },
	{ "after", NULL, MOD_AFTER },
	{ "since", NULL, MOD_SINCE },
	{ "as", NULL, MOD_AS },
	{ "informational", NULL, MOD_INFORMATIONAL },
	{ "timing", "informational", MOD_TIMING },
	{ "timing", "tight", MOD_TIGHT },
	{ "ends", NULL, MOD_ENDS },
	{ "pieces", NULL, MOD_PIECES },
	{ "pause", NULL, MOD_PAUSE },
	{ "at", "once", MOD_AT_ONCE },
	{ "unknown", "command", MOD_UNKNOWN },
};

static const char *const names[] = { "within", "after", "since", "as", "informational", "timing informational", "timing tight", "ends",
	"pieces", "pause", "at once", "unknown command", NULL };

#define MODIFIERS (sizeof(table) / sizeof(table[0]))

/* The modifier w begins with, taken; NULL: none. */
static const struct modifier *
modifier_take(struct words *w)
{
	struct span s = words_peek(w);

	for (size_t i = 0; i < MODIFIERS; i++) {
		struct words next = *w;

		if (!word_is(s, table[i].word))
			continue;
		words_take(&next);
		if (table[i].second != NULL && !words_eat(&next, table[i].second))
			continue;
		*w = next;
		return &table[i];
	}
	return NULL;
}

struct span
without_comment(struct span s)
{
	bool quoted = false;

	if (memchr(s.at, '#', s.len) == NULL)
		return s;
	for (size_t i = 0; i < s.len; i++) {
		if (quoted && s.at[i] == '\\')
			i++;
		else if (s.at[i] == '"')
			quoted = !quoted;
		else if (!quoted && s.at[i] == '#' && i >= 2 && s.at[i - 1] == ' ' && s.at[i - 2] == ' ') {
			s.len = i;
			break;
		}
	}
	while (s.len > 0 && s.at[s.len - 1] == ' ')
		s.len--;
	return s;
}

/* A word that two blanks set apart and that is nearly a modifier is one that was mistyped. */
static void
mistyped(struct parser *p, struct words *w)
{
	struct span s = words_peek(w);

	for (size_t i = 0; i < MODIFIERS && s.len >= 4; i++)
		if (table[i].second == NULL && word_distance(s, table[i].word) < (s.len >= 7 ? 3 : 2)) {
			fail(p, s.at, "%s behind two blanks; did you mean '%s'? (a blank of the text itself is \\s)", shown(s),
			    table[i].word);
			return;
		}
}

struct span
text_front(struct parser *p, struct span s, struct words *rest)
{
	const char *end = s.at + s.len, *at = s.at;

	*rest = (struct words){ end, end };
	while (at < end && (at = memchr(at, ' ', (size_t)(end - at))) != NULL) {
		struct words w = { at, end }, next;

		words_skip(&w);
		next = w;
		if (w.at - at < 2) {
			at = w.at;
			continue;
		}
		if (*w.at == '#')
			return span_of(s.at, (size_t)(at - s.at));
		if (modifier_take(&next) != NULL) {
			struct span r = without_comment(span_of(w.at, (size_t)(end - w.at)));

			*rest = words_of(r);
			return span_of(s.at, (size_t)(at - s.at));
		}
		mistyped(p, &w);
		at = w.at;
	}
	return s;
}

struct span
words_front(struct span s, struct words *rest)
{
	bool quoted = false;

	s = without_comment(s);
	*rest = (struct words){ s.at + s.len, s.at + s.len };
	for (size_t i = 0; i < s.len; i++) {
		struct words w = { s.at + i, s.at + s.len };

		if (quoted && s.at[i] == '\\')
			i++;
		else if (s.at[i] == '"')
			quoted = !quoted;
		else if (!quoted && (i == 0 || s.at[i - 1] == ' ') && modifier_take(&w) != NULL) {
			*rest = (struct words){ s.at + i, s.at + s.len };
			s.len = i;
			break;
		}
	}
	while (s.len > 0 && s.at[s.len - 1] == ' ')
		s.len--;
	return s;
}

static int
ends_read(struct parser *p, struct words *w, enum terminator *out)
{
	static const char *const word[] = { [END_CR] = "CR", [END_LF] = "LF", [END_CRLF] = "CRLF", [END_NOTHING] = "nothing" };
	struct span s = words_peek(w);

	for (int i = 0; i <= END_NOTHING; i++)
		if (words_eat(w, word[i])) {
			*out = (enum terminator)i;
			return 0;
		}
	return fail(p, s.at, "%s, expected ends CR, LF, CRLF or nothing", s.len == 0 ? "the end of the line" : shown(s));
}

static int
moment_get(struct parser *p, struct words *w, int *out)
{
	struct span name;

	if (word_name(p, w, "the name of a moment", &name) < 0)
		return -1;
	*out = variable_get(p, name);
	if (*out < 0)
		return -1;
	if (p->kind[*out] != VARIABLE_MOMENT)
		return fail(p, name.at, "%s, a captured value, expected the name of a moment (as NAME)", shown(name));
	return 0;
}

static int
one(struct parser *p, struct words *w, const struct modifier *m, struct step *s)
{
	struct span name;
	int64_t n;

	switch (m->bit) {
	case MOD_WITHIN: s->when.has_within = true; return word_duration(p, w, &s->when.within_us);
	case MOD_AFTER: s->when.has_after = true; return word_duration(p, w, &s->when.after_us);
	case MOD_SINCE: return moment_get(p, w, &s->when.since);
	case MOD_AS:
		if (word_name(p, w, "the name of a moment", &name) < 0)
			return -1;
		s->when.as = variable_set(p, name, VARIABLE_MOMENT);
		return s->when.as < 0 ? -1 : 0;
	case MOD_INFORMATIONAL: s->when.informational = true; return 0;
	case MOD_TIMING: s->when.timing_informational = true; return 0;
	case MOD_TIGHT: s->when.timing_tight = true; return 0;
	case MOD_ENDS: return ends_read(p, w, &s->terminator);
	case MOD_PIECES:
		if (word_number(p, w, 1, CASE_FILE_MAX, "the bytes a piece", &n) < 0)
			return -1;
		s->pieces = (uint32_t)n;
		return 0;
	case MOD_PAUSE: return word_duration(p, w, &s->pause_us);
	case MOD_AT_ONCE: s->at_once = true; return 0;
	default: s->unknown_command = true; return 0;
	}
}

static void
list_allowed(unsigned allowed, char *into, size_t cap)
{
	size_t used = 0;

	into[0] = '\0';
	for (size_t i = 0; i < MODIFIERS; i++) {
		if ((allowed & table[i].bit) == 0 || used + strlen(names[i]) + 3 > cap)
			continue;
		if (used > 0) {
			memcpy(into + used, ", ", 2);
			used += 2;
		}
		memcpy(into + used, names[i], strlen(names[i]) + 1);
		used += strlen(names[i]);
	}
}

int
modifiers(struct parser *p, struct words *w, unsigned allowed, const char *of, struct step *s)
{
	unsigned seen = 0;
	char list[160];

	s->when.since = s->when.as = -1;
	for (words_skip(w); w->at < w->end; words_skip(w)) {
		struct span word = words_peek(w);
		const struct modifier *m = modifier_take(w);

		if (m == NULL || (m->bit & allowed) == 0) {
			list_allowed(allowed, list, sizeof(list));
			if (*word.at == '#')
				return fail(p, word.at, "'#', expected two blanks before a comment");
			return fail(p, word.at, "%s, expected a modifier of %s: %s%s", shown(word), of, list,
			    m == NULL ? did_you_mean(word, names) : "");
		}
		if (seen & m->bit)
			return fail(p, word.at, "%s a second time, expected it once", shown(word));
		seen |= m->bit;
		if (one(p, w, m, s) < 0)
			return -1;
		if (w->at < w->end && *w->at != ' ')
			return fail(p, w->at, "%s, expected a blank", shown(words_peek(w)));
	}
	if (s->when.has_within && s->when.has_after && s->when.after_us >= s->when.within_us)
		return fail(p, w->end, "an 'after' that is not before 'within', expected after less than within");
	return 0;
}
