/* One line, of at_reply: its framing, its meaning, and what follows from it. */
#include "at_meaning.h"
#include "at_reply_parts.h"

/* ---- the queue: what one line gives ------------------------------------ */

static struct at_reply *
push(struct at_reply_parser *p, enum at_reply_kind kind, struct span text, uint64_t offset, uint64_t length)
{
	struct at_reply *r = &p->queue[p->queued++];

	*r = (struct at_reply){ .kind = kind, .cme = -1, .text = text, .offset = offset, .length = length };
	return r;
}

/* Something else follows: the run is over. */
void
at_reply_noise_ends(struct at_reply_parser *p)
{
	if (!p->noise.open)
		return;
	p->noise.open = false;
	push(p, AT_REPLY_FAULT, at_noise_text(&p->noise), p->noise.offset, p->noise.end - p->noise.offset)->why = "noise";
}

/* ---- framing (strict mode) --------------------------------------------- */

/* The bytes that ended the line are at fault. */
static void
push_end_fault(struct at_reply_parser *p, const struct at_token *t, const char *why)
{
	size_t n = 0;

	for (; n < t->cr && n < sizeof(p->framing); n++)
		p->framing[n] = '\r';
	if (t->lf && n < sizeof(p->framing))
		p->framing[n++] = '\n';
	push(p, AT_REPLY_FAULT, span_of(p->framing, n), t->offset + t->length, t->cr + t->lf)->why = why;
}

/* A line has what is to stand before it: <CR><LF> of its own, or an information text whose answer goes on. */
static bool
head_is_right(const struct at_reply_parser *p, enum at_reply_kind kind)
{
	if (kind == AT_REPLY_ECHO || !p->verbose || p->head)
		return true;
	return kind == AT_REPLY_INFO && p->previous == AT_REPLY_INFO;
}

/* The echo of A/, which the <CR><LF> before the next line ends. */
static bool
is_repeat(enum at_reply_kind kind, struct span line)
{
	return kind == AT_REPLY_ECHO && line.len == 2 && line.at[1] == '/';
}

/* A result code as its digit: a final one, or RING. */
static bool
is_numeric(enum at_reply_kind kind, struct span text)
{
	return (kind == AT_REPLY_FINAL || kind == AT_REPLY_URC) && text.len == 1 && text.at[0] >= '0' && text.at[0] <= '9';
}

/* V.250 5.7.1: <CR><LF> ends a line, but a CR alone an echo and a numeric result code. */
static bool
end_is_right(enum at_reply_kind kind, struct span text, const struct at_token *t)
{
	if (is_repeat(kind, text))
		return t->cr == 1;
	if (kind == AT_REPLY_ECHO || is_numeric(kind, text))
		return !t->lf && t->cr == 1;
	return t->lf && t->cr == 1;
}

/* An empty line is the <CR><LF> before the next line. */
static void
take_empty(struct at_reply_parser *p, const struct at_token *t)
{
	if (p->noise.open) {
		at_noise_break(&p->noise, t);
	} else if (p->mode == AT_STRICT) {
		if (!t->lf || t->cr != 1)
			push_end_fault(p, t, "not <CR><LF> before a line");
		else if (p->head)
			push_end_fault(p, t, "<CR><LF> too many");
	}
	p->head = true;
}

/* ---- lines ------------------------------------------------------------- */

/*
 * Junk before a line that means something is noise of its own: "\0OK", or start-up bytes right before RDY.
 * Return its length; 0 where there is none, or where without it the line means nothing either.
 */
static size_t
junk_before(const struct at_reply_parser *p, struct span line, bool bare_cr)
{
	size_t junk = at_lexer_junk(line);
	struct at_meaning m;

	if (junk == 0 || junk == line.len)
		return 0;
	m = at_meaning_of(p, span_after(line, junk), bare_cr);
	return m.noise || m.by_free ? 0 : junk;
}

/* Give a line its reply, and do what follows from it. */
static void
take_meaning(struct at_reply_parser *p, const struct at_token *t, struct span text, const struct at_meaning *m)
{
	bool strict = p->mode == AT_STRICT;
	uint64_t offset = t->offset + (t->text.len - text.len);
	struct at_reply *r;

	at_reply_noise_ends(p);
	if (strict && text.len == t->text.len && !head_is_right(p, m->kind))
		push(p, AT_REPLY_FAULT, SPAN(""), offset, 0)->why = "no <CR><LF> before the line";
	r = push(p, m->kind, text, offset, t->length - (t->text.len - text.len));
	r->final = m->final;
	r->cme = m->cme;
	r->why = m->why;
	if (strict && !end_is_right(m->kind, text, t))
		push_end_fault(p, t, "line does not end in <CR><LF>");
	p->head = is_repeat(m->kind, text) && t->lf;
	p->previous = m->kind;
	if (m->kind == AT_REPLY_ECHO)
		at_reply_echoed(p, text);
	if (m->kind == AT_REPLY_FINAL)
		at_reply_over(p);
	if (m->payload > 0)
		at_reply_payload(p, m->payload);
}

/* A line that means nothing: part of a run. */
void
at_reply_noise(struct at_reply_parser *p, const struct at_token *t)
{
	at_noise_add(&p->noise, t->offset, t->text, t->length);
	at_noise_break(&p->noise, t);
	p->head = true;
	p->previous = AT_REPLY_FAULT;
}

/* Of a line that is not kept whole only so much is known: whether it means something.  If so, that is lost, and the fault is its own. */
static void
take_long_line(struct at_reply_parser *p, const struct at_token *t)
{
	struct at_meaning m = at_meaning_of(p, t->text, false);

	if (m.noise) {
		at_reply_noise(p, t);
		return;
	}
	m = (struct at_meaning){ .kind = AT_REPLY_FAULT, .cme = -1, .why = "line too long" };
	take_meaning(p, t, t->text, &m);
}

/*
 * Strict mode: a printable line that nobody knows may be what a case expects.  It is a reply of its own, framed like
 * any other; its framing faults stand behind it, since it may be what is left of an echo.
 */
static void
take_unknown(struct at_reply_parser *p, const struct at_token *t)
{
	bool headless = !head_is_right(p, AT_REPLY_FAULT);

	at_reply_noise_ends(p);
	push(p, AT_REPLY_FAULT, t->text, t->offset, t->length)->why = "noise";
	if (headless)
		push(p, AT_REPLY_FAULT, SPAN(""), t->offset, 0)->why = "no <CR><LF> before the line";
	if (!end_is_right(AT_REPLY_FAULT, t->text, t))
		push_end_fault(p, t, "line does not end in <CR><LF>");
	p->head = false;
	p->previous = AT_REPLY_FAULT;
}

void
at_reply_line(struct at_reply_parser *p, const struct at_token *t)
{
	/* a digit's CR may stand alone, or right before the <CR><LF> of the next line */
	bool bare_cr = !t->lf || (t->cr > 1 && p->pending);
	struct at_meaning m;
	size_t junk;

	if (t->length == 0) {
		take_empty(p, t);
		return;
	}
	if (t->length > AT_LINE_MAX) {
		take_long_line(p, t);
		return;
	}
	junk = junk_before(p, t->text, bare_cr);
	m = at_meaning_of(p, span_after(t->text, junk), bare_cr);
	if (m.noise || (!t->lf && m.kind != AT_REPLY_ECHO && t->length > 1 + junk)) {
		/* a CR alone ends an echo or a digit; what it cuts off of anything else is stray */
		if (p->mode == AT_STRICT && at_meaning_printable(t->text))
			take_unknown(p, t);
		else
			at_reply_noise(p, t);
		return;
	}
	if (junk > 0)
		at_noise_add(&p->noise, t->offset, span_first(t->text, junk), junk);
	take_meaning(p, t, span_after(t->text, junk), &m);
}

/* The stream ended inside a line, or inside a payload. */
void
at_reply_cut(struct at_reply_parser *p, const struct at_token *t)
{
	if (!t->raw && at_meaning_of(p, t->text, false).noise) {
		at_noise_add(&p->noise, t->offset, t->text, t->length);
		return;
	}
	at_reply_noise_ends(p);
	push(p, AT_REPLY_FAULT, t->text, t->offset, t->length)->why = t->raw ? "payload cut short" : "line without its end";
}
