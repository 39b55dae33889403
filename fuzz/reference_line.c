#include "quiet.h"
#include "reference_parts.h"

QUIET_BEGIN

void
reference_placed(struct reference *r, uint64_t said)
{
	const struct host_act *act;

	while ((act = host_placed(r->host, &r->done, said)) != NULL) {
		if (act->what == HOST_VERBOSE) {
			r->verbose = act->verbose;
			continue;
		}
		reference_pend(r, act->text);
		r->told = true;
	}
}

void
reference_turn(struct reference *r)
{
	const struct host_act *act;

	while ((act = host_turn(r->host, &r->done)) != NULL) {
		if (act->what == HOST_VERBOSE) {
			r->verbose = act->verbose;
			continue;
		}
		reference_pend(r, act->text);
		r->told = true;
		if (r->pending)
			return;
	}
}

size_t
reference_junk(struct span line)
{
	static const char boot[8] = { 'I', 'I', 'I', 'I', '\xff', '\xff', '\xff', '\xff' };
	size_t n = 0;

	for (;;) {
		struct span rest = span_after(line, n);

		if (rest.len >= 8 && memcmp(rest.at, boot, 8) == 0)
			n += 8;
		else if (rest.len > 0 && ((unsigned char)rest.at[0] < 0x20 || (unsigned char)rest.at[0] > 0x7e))
			n += 1;
		else
			return n;
	}
}

bool
reference_looks_echoed(struct span line)
{
	if (line.len == 2 && reference_is_nocase(line, "a/"))
		return true;
	return line.len >= 2 && reference_is_nocase(span_first(line, 2), "at");
}

static bool
one_digit(struct span text)
{
	return text.len == 1 && reference_is_digit(text.at[0]);
}

/* A CR behind text, the first CR of its line, ends it by itself: of an echo (V.250 5.2.1), of a digit of ATV0 (5.7.1). */
static bool
cr_alone_ends(const struct reference *r, struct span text)
{
	if (text.len == 0 || text.len > AT_LINE_MAX)
		return false;
	text = span_after(text, reference_junk(text));
	if (reference_looks_echoed(text) && text.at[1] != '/')
		return true;
	if (!r->verbose && one_digit(text))
		return true;
	return r->stray.len > 0 && reference_same(text, r->stray, false);
}

/* CRs between text and next, another text, end the line: before an echo, behind a digit, and behind nothing. */
static bool
crs_before_text_end(struct span text, char next)
{
	return text.len == 0 || one_digit(text) || next == 'A' || next == 'a';
}

struct reference_line
reference_cut(struct reference *r, uint64_t offset)
{
	struct span said = r->said;
	struct reference_line line = { .what = REFERENCE_LINE, .offset = offset };
	uint64_t at = offset;
	bool first = true;

	for (;;) {
		uint64_t crs;
		struct span text;

		while (at < said.len && said.at[at] != '\r' && said.at[at] != '\n')
			at++;
		text = span_of(said.at + offset, at - offset);
		for (crs = 0; at + crs < said.len && said.at[at + crs] == '\r'; crs++)
			;
		line.length = text.len;
		if (crs > 0 && first && (reference_placed(r, at), cr_alone_ends(r, text))) {
			line.cr = 1;
			line.settled = at;
			line.next = at + 1;
			return line;
		}
		first = crs == 0;
		line.cr = crs;
		line.settled = at + crs;
		line.next = at + crs;
		if (at + crs == said.len) {
			line.what = text.len == 0 ? REFERENCE_NOTHING : crs > 0 && one_digit(text) ? REFERENCE_LINE : REFERENCE_CUT;
			return line;
		}
		if (said.at[at + crs] == '\n') {
			line.lf = true;
			line.next++;
			return line;
		}
		if (crs_before_text_end(text, said.at[at + crs]))
			return line;
		at += crs;
	}
}

QUIET_END
