#include "quiet.h"
#include "reference_parts.h"

QUIET_BEGIN

static struct reference_event *
give(struct reference *r, enum at_reply_kind kind, uint64_t offset, uint64_t length)
{
	struct reference_event *e = &r->events[r->events_len++];

	*e = (struct reference_event){ .kind = kind, .cme = -1, .offset = offset, .length = length, .verbose = r->verbose };
	e->text = length < AT_LINE_MAX ? (size_t)length : AT_LINE_MAX;
	return e;
}

static void
give_fault(struct reference *r, enum reference_fault fault, const char *why, uint64_t offset, uint64_t length)
{
	struct reference_event *e = give(r, AT_REPLY_FAULT, offset, length);

	e->fault = fault;
	e->why = why;
}

/* Of a faulty line end at most four bytes are text. */
static void
give_end_fault(struct reference *r, const char *why, const struct reference_line *line)
{
	give_fault(r, REFERENCE_FRAME, why, line->offset + line->length, line->cr + line->lf);
	if (r->events[r->events_len - 1].text > 4)
		r->events[r->events_len - 1].text = 4;
}

/* A run of noise reaches from its first to its last byte that means nothing. */
static void
noise_grow(struct reference *r, uint64_t from, uint64_t to)
{
	if (!r->noise)
		r->noise_from = from;
	r->noise = true;
	r->noise_to = to;
}

static void
noise_over(struct reference *r)
{
	if (r->noise)
		give_fault(r, REFERENCE_NOISE, "noise", r->noise_from, r->noise_to - r->noise_from);
	r->noise = false;
}

/* ---- framing, as V.250 5.7.1 has it ------------------------------------- */

static bool
headed(const struct reference *r, enum at_reply_kind kind)
{
	return kind == AT_REPLY_ECHO || !r->verbose || r->head || (kind == AT_REPLY_INFO && r->previous == AT_REPLY_INFO);
}

/* text: the line, junk before it included. */
static bool
ended_well(enum at_reply_kind kind, struct span text, const struct reference_line *line)
{
	bool lf_too = true;

	if (kind == AT_REPLY_ECHO && text.len == 2 && text.at[1] == '/')
		return line->cr == 1;
	if (kind == AT_REPLY_ECHO || (kind == AT_REPLY_FINAL && reference_digit(text) != AT_FINAL_NONE))
		lf_too = false;
	/* RING has a digit that is no final result code's */
	if (kind == AT_REPLY_URC && text.len == 1 && text.at[0] == '2')
		lf_too = false;
	return line->cr == 1 && line->lf == lf_too;
}

/* ---- lines -------------------------------------------------------------- */

static void
empty_line(struct reference *r, const struct reference_line *line)
{
	if (r->mode == AT_STRICT && !r->noise) {
		if (line->cr != 1 || !line->lf)
			give_end_fault(r, "not <CR><LF> before a line", line);
		else if (r->head)
			give_end_fault(r, "<CR><LF> too many", line);
	}
	r->head = true;
}

static void
line_without_meaning(struct reference *r, const struct reference_line *line, struct span text)
{
	bool headless = !headed(r, AT_REPLY_FAULT);

	r->previous = AT_REPLY_FAULT;
	if (r->mode == AT_LENIENT || line->length > AT_LINE_MAX || !reference_printable(text)) {
		noise_grow(r, line->offset, line->offset + line->length);
		r->head = true;
		return;
	}
	/* strict: a line that could be read is a fault of its own */
	noise_over(r);
	give_fault(r, REFERENCE_NOISE, "noise", line->offset, line->length);
	if (headless)
		give_fault(r, REFERENCE_HEAD, "no <CR><LF> before the line", line->offset, 0);
	if (!ended_well(AT_REPLY_FAULT, text, line))
		give_end_fault(r, "line does not end in <CR><LF>", line);
	r->head = false;
}

/* What follows from the line's meaning.  Return where the next line begins. */
static uint64_t
line_with_meaning(struct reference *r, const struct reference_line *line, struct span text, size_t junk, const struct reference_meaning *m)
{
	struct span meant = span_after(text, junk);
	bool repeat = m->kind == AT_REPLY_ECHO && meant.len == 2 && meant.at[1] == '/';
	uint64_t next = line->next, left;
	struct reference_event *e;

	if (junk > 0)
		noise_grow(r, line->offset, line->offset + junk);
	noise_over(r);
	if (r->mode == AT_STRICT && junk == 0 && !headed(r, m->kind))
		give_fault(r, REFERENCE_HEAD, "no <CR><LF> before the line", line->offset, 0);
	e = give(r, m->kind, line->offset + junk, line->length - junk);
	e->final = m->final;
	e->cme = m->cme;
	e->why = m->why;
	e->fault = m->why != NULL ? REFERENCE_WRONG : REFERENCE_SOUND;
	if (r->mode == AT_STRICT && !ended_well(m->kind, meant, line))
		give_end_fault(r, "line does not end in <CR><LF>", line);
	r->head = repeat && line->lf;
	r->previous = m->kind;
	if (m->kind == AT_REPLY_ECHO)
		reference_echoed(r, meant);
	if (m->kind == AT_REPLY_FINAL) {
		r->pending = r->told = false;
		r->commands_len = 0;
		r->stray = SPAN("");
	}
	if (m->payload > 0) {
		left = r->said.len - next;
		if (left >= m->payload) {
			give(r, AT_REPLY_PAYLOAD, next, m->payload);
			r->previous = AT_REPLY_PAYLOAD;
		} else {
			give_fault(r, REFERENCE_SHORT, "payload cut short", next, left);
			r->events[r->events_len - 1].announced = m->payload;
		}
		next += left >= m->payload ? m->payload : left;
	}
	return next;
}

/* Return where the next line begins. */
static uint64_t
take_line(struct reference *r, const struct reference_line *line)
{
	struct span text = span_of(r->said.at + line->offset, (size_t)line->length);
	bool bare_cr = !line->lf || (line->cr > 1 && r->pending);
	struct reference_meaning m;
	size_t junk;

	if (line->length == 0) {
		empty_line(r, line);
		return line->next;
	}
	if (line->length > AT_LINE_MAX) {
		/* only its beginning is kept: whether it means something is all that can be told */
		text.len = AT_LINE_MAX;
		if (reference_mean(r, text, false).noise) {
			line_without_meaning(r, line, text);
			return line->next;
		}
		m = (struct reference_meaning){ .kind = AT_REPLY_FAULT, .cme = -1, .why = "line too long" };
		return line_with_meaning(r, line, text, 0, &m);
	}
	junk = reference_junk(text);
	m = reference_mean(r, span_after(text, junk), bare_cr);
	if (junk > 0 && (junk == text.len || m.noise || m.by_free)) {
		/* without its junk it means nothing either, or anything */
		junk = 0;
		m = reference_mean(r, text, bare_cr);
	}
	/* a CR alone ends an echo or a digit; what it cut off of anything else is stray */
	if (m.noise || (!line->lf && m.kind != AT_REPLY_ECHO && text.len > junk + 1)) {
		line_without_meaning(r, line, text);
		return line->next;
	}
	return line_with_meaning(r, line, text, junk, &m);
}

static void
cut_line(struct reference *r, const struct reference_line *line)
{
	struct span text = span_of(r->said.at + line->offset, (size_t)line->length);

	if (reference_mean(r, span_first(text, AT_LINE_MAX), false).noise) {
		noise_grow(r, line->offset, line->offset + line->length);
		return;
	}
	noise_over(r);
	give_fault(r, REFERENCE_WRONG, "line without its end", line->offset, line->length);
}

size_t
reference_read(struct span said, enum at_mode mode, const struct host *host, struct reference_event *events, bool *pending)
{
	struct reference r = { .said = said, .mode = mode, .host = host, .verbose = true, .events = events };
	uint64_t at = 0;

	reference_turn(&r);
	for (;;) {
		struct reference_line line = reference_cut(&r, at);
		size_t before = r.events_len;

		reference_placed(&r, line.settled);
		if (line.what == REFERENCE_NOTHING)
			break;
		if (line.what == REFERENCE_CUT) {
			cut_line(&r, &line);
			break;
		}
		at = take_line(&r, &line);
		for (size_t i = before; i < r.events_len; i++)
			if (r.events[i].kind == AT_REPLY_FINAL)
				reference_turn(&r);
	}
	noise_over(&r);
	*pending = r.pending;
	return r.events_len;
}

QUIET_END
