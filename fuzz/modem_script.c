#include "modem_script.h"
#include "quiet.h"

QUIET_BEGIN

struct span
script_word(struct span *s)
{
	struct span word;
	size_t n = 0;

	while (n < s->len && s->at[n] != ' ')
		n++;
	word = span_first(*s, n);
	while (n < s->len && s->at[n] == ' ')
		n++;
	*s = span_after(*s, n);
	return word;
}

bool
script_number(struct span *s, uint32_t *out)
{
	size_t n = 0;

	*out = 0;
	for (; n < s->len && n < 9 && s->at[n] >= '0' && s->at[n] <= '9'; n++)
		*out = *out * 10 + (uint32_t)(s->at[n] - '0');
	*s = span_after(*s, n);
	while (s->len > 0 && s->at[0] == ' ')
		*s = span_after(*s, 1);
	return n > 0;
}

static struct span
take_line(struct span *rest)
{
	const char *end = memchr(rest->at, '\n', rest->len);
	size_t n = end == NULL ? rest->len : (size_t)(end - rest->at);
	struct span line = span_first(*rest, n);

	*rest = span_after(*rest, end == NULL ? n : n + 1);
	return line;
}

static bool
says(struct span rest, struct script_step *out)
{
	static const char *const places[] = {
		[MODEM_NOW] = "now",
		[MODEM_BEFORE_ANSWER] = "before-answer",
		[MODEM_BEFORE_FINAL] = "before-final",
		[MODEM_AFTER_FINAL] = "after-final",
	};
	struct span place = script_word(&rest);

	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!span_equal(place, span_str(places[i])))
			continue;
		out->kind = SCRIPT_SAYS;
		out->where = (enum modem_where)i;
		out->text = rest;
		return true;
	}
	return false;
}

/* The line begins with one of the words: its step.  false: it does not, or what follows is not what the word wants. */
static bool
worded(struct span line, struct script_step *out)
{
	struct span rest = line, verb = script_word(&rest);

	out->text = rest;
	if (span_equal(verb, SPAN("profile"))) {
		out->kind = SCRIPT_PROFILE;
		return true;
	}
	if (span_equal(verb, SPAN("world"))) {
		out->kind = SCRIPT_WORLD;
		return true;
	}
	if (span_equal(verb, SPAN("set")) || span_equal(verb, SPAN("fault"))) {
		out->kind = verb.at[0] == 's' ? SCRIPT_SET : SCRIPT_FAULT;
		out->name = script_word(&rest);
		out->text = rest;
		return true;
	}
	if (span_equal(verb, SPAN("says")))
		return says(rest, out);
	if (span_equal(verb, SPAN("reboot"))) {
		out->kind = SCRIPT_REBOOT;
		return true;
	}
	if (span_equal(verb, SPAN("data"))) {
		out->kind = SCRIPT_DATA;
		if (!script_number(&rest, &out->number))
			return false;
		script_number(&rest, &out->pattern);
		out->number = out->number < SCRIPT_DATA_MAX ? out->number : SCRIPT_DATA_MAX;
		return true;
	}
	if (span_equal(verb, SPAN("lost")) || span_equal(verb, SPAN("dtr"))) {
		out->kind = verb.at[0] == 'l' ? SCRIPT_LOST : SCRIPT_DTR;
		return script_number(&rest, &out->number);
	}
	return false;
}

bool
script_next(struct span *rest, struct script_step *out)
{
	struct span line;

	if (rest->len == 0)
		return false;
	line = take_line(rest);
	*out = (struct script_step){ .kind = SCRIPT_LINE, .text = line };
	if (line.len == 0) {
		out->kind = SCRIPT_REMARK;
		return true;
	}
	switch (line.at[0]) {
	case '#': out->kind = SCRIPT_REMARK; return true;
	case '=':
		out->kind = SCRIPT_BYTES;
		out->text = span_after(line, 1);
		return true;
	case '~':
		line = span_after(line, 1);
		out->kind = script_number(&line, &out->number) ? SCRIPT_WAIT : SCRIPT_HEAR;
		out->number = out->number < SCRIPT_WAIT_MAX_MS ? out->number : SCRIPT_WAIT_MAX_MS;
		return true;
	}
	if (!worded(line, out)) {
		out->kind = SCRIPT_LINE;
		out->text = line;
	}
	return true;
}

QUIET_END
