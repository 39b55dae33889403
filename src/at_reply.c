#include "at_reply.h"
#include "at_meaning.h"
#include "at_reply_parts.h"
#include "at_stems.h"

void
at_reply_init(struct at_reply_parser *p, enum at_mode mode)
{
	p->mode = mode;
	p->verbose = true;
	p->pending = false;
	p->told = false;
	p->head = false;
	p->previous = AT_REPLY_MORE;
	p->pending_count = 0;
	p->sent_len = 0;
	p->queued = 0;
	p->given = 0;
	p->noise.open = false;
	at_lexer_init(&p->lexer);
	p->ordinary = mode == AT_LENIENT;
}

/* Whether the next line may take the short way; said again at the end of each call that could have changed it. */
static void
settle(struct at_reply_parser *p)
{
	/* the echo of what is no command may be any line */
	p->ordinary = p->mode == AT_LENIENT && p->queued == 0 && !p->noise.open && p->lexer.echo.len == 0 && !at_lexer_inside(&p->lexer);
}

/* ---- what is pending --------------------------------------------------- */

/* The arguments are what makes a command answer with free text: "=4" of "= 4,1" or "=04,1". */
static bool
begins_with(struct span arguments, const char *what)
{
	for (; *what != '\0'; what++) {
		while (arguments.len > 0 && arguments.at[0] == ' ')
			arguments = span_after(arguments, 1);
		while (*what > '0' && *what <= '9' && arguments.len > 0 && arguments.at[0] == '0')
			arguments = span_after(arguments, 1);
		if (arguments.len == 0 || arguments.at[0] != *what)
			return false;
		arguments = span_after(arguments, 1);
	}
	return true;
}

static bool
is_bit(struct span arguments)
{
	return arguments.len == 1 && (arguments.at[0] == '0' || arguments.at[0] == '1');
}

static void
remember(struct at_reply_parser *p, const struct at_command_text *c)
{
	struct at_pending *command = &p->commands[p->pending_count++];

	command->name = c->name;
	command->facts = at_command_named(c->name);
	command->test = begins_with(c->arguments, "=?");
	command->free = false;
	if (command->facts == NULL)
		return;
	switch (command->facts->answer) {
	case AT_ANSWER_NONE:
	case AT_ANSWER_PREFIX: break;
	case AT_ANSWER_FREE: command->free = true; break;
	case AT_ANSWER_BOTH:
		command->free = command->facts->free_when == NULL || begins_with(c->arguments, command->facts->free_when);
		break;
	}
	/* the result code of ATV0 is a digit already; what is neither 0 nor 1 changes nothing (V.250 6.2.6) */
	if (at_same(c->name, SPAN("V")) && (c->arguments.len == 0 || is_bit(c->arguments)))
		at_reply_verbose(p, c->arguments.len > 0 && c->arguments.at[0] == '1');
	if (at_same(c->name, SPAN("&F")))
		at_reply_verbose(p, true);
}

/* Make a command line pending; what does not begin with AT is none. */
static void
make_pending(struct at_reply_parser *p, struct span line)
{
	struct at_command_text c;

	p->pending_count = 0;
	p->pending = at_lexer_is_echo(line);
	if (!p->pending) {
		size_t n = line.len < AT_SENT_MAX ? line.len : AT_SENT_MAX;

		if (n > 0)
			memcpy(p->stray, line.at, n);
		p->lexer.echo = span_of(p->stray, n);
		return;
	}
	/* A/ repeats the line before, which is still here */
	if (line.len != 2 || line.at[1] != '/') {
		p->sent_len = line.len < AT_SENT_MAX ? line.len : AT_SENT_MAX;
		memcpy(p->sent, line.at, p->sent_len);
	}
	line = span_of(p->sent, p->sent_len);
	while (p->pending_count < AT_PENDING_MAX && at_command_cut(line, &c)) {
		remember(p, &c);
		line = c.rest;
	}
}

void
at_reply_expect(struct at_reply_parser *p, struct span command)
{
	make_pending(p, command);
	p->told = true;
	settle(p);
}

void
at_reply_verbose(struct at_reply_parser *p, bool verbose)
{
	p->verbose = verbose;
	p->lexer.numeric = !verbose;
}

bool
at_reply_pending(const struct at_reply_parser *p)
{
	return p->pending;
}

/*
 * An echo makes a command pending, unless it is the echo of what at_reply_expect named: that stays as it
 * was told, also where its echo was damaged on the way.
 */
static void
take_echo(struct at_reply_parser *p, struct span line)
{
	struct span sent = span_of(p->sent, p->sent_len);
	struct at_command_text c;
	bool damaged;

	if (p->lexer.echo.len > 0 && span_equal(line, p->lexer.echo)) {
		p->lexer.echo = SPAN("");
		return;
	}
	damaged = !at_command_cut(line, &c) || at_command_named(c.name) == NULL;
	if (p->told && p->pending && (damaged || at_same(span_first(line, AT_SENT_MAX), sent))) {
		p->told = false;
		return;
	}
	make_pending(p, line);
	p->told = false;
}

static void
take_final(struct at_reply_parser *p)
{
	p->pending = false;
	p->told = false;
	p->pending_count = 0;
	p->lexer.echo = SPAN("");
}

/* ---- the queue: what one line gives ------------------------------------ */

static struct at_reply *
push(struct at_reply_parser *p, enum at_reply_kind kind, struct span text, uint64_t offset, uint64_t length)
{
	struct at_reply *r = &p->queue[p->queued++];

	*r = (struct at_reply){ .kind = kind, .cme = -1, .text = text, .offset = offset, .length = length };
	return r;
}

static bool
give(struct at_reply_parser *p, struct at_reply *out)
{
	if (p->given == p->queued)
		return false;
	*out = p->queue[p->given++];
	if (p->given == p->queued)
		p->given = p->queued = 0;
	return true;
}

/* Something else follows: the run is over. */
static void
noise_flush(struct at_reply_parser *p)
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

static void
begin_payload(struct at_reply_parser *p, uint64_t length)
{
	p->ordinary = false;
	at_lexer_data(&p->lexer, length);
	p->previous = AT_REPLY_PAYLOAD;
}

/* Give a line its reply, and do what follows from it. */
static void
take_meaning(struct at_reply_parser *p, const struct at_token *t, struct span text, const struct at_meaning *m)
{
	bool strict = p->mode == AT_STRICT;
	uint64_t offset = t->offset + (t->text.len - text.len);
	struct at_reply *r;

	noise_flush(p);
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
		take_echo(p, text);
	if (m->kind == AT_REPLY_FINAL)
		take_final(p);
	if (m->payload > 0)
		begin_payload(p, m->payload);
}

/* A line that means nothing: part of a run. */
static void
take_noise(struct at_reply_parser *p, const struct at_token *t)
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
		take_noise(p, t);
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

	noise_flush(p);
	push(p, AT_REPLY_FAULT, t->text, t->offset, t->length)->why = "noise";
	if (headless)
		push(p, AT_REPLY_FAULT, SPAN(""), t->offset, 0)->why = "no <CR><LF> before the line";
	if (!end_is_right(AT_REPLY_FAULT, t->text, t))
		push_end_fault(p, t, "line does not end in <CR><LF>");
	p->head = false;
	p->previous = AT_REPLY_FAULT;
}

static void
take_line(struct at_reply_parser *p, const struct at_token *t)
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
			take_noise(p, t);
		return;
	}
	if (junk > 0)
		at_noise_add(&p->noise, t->offset, span_first(t->text, junk), junk);
	take_meaning(p, t, span_after(t->text, junk), &m);
}

static void
take_data(struct at_reply_parser *p, const struct at_token *t)
{
	struct at_reply *r = push(p, AT_REPLY_PAYLOAD, t->text, t->offset, t->length);

	r->done = t->done;
	r->last = t->last;
}

/* The stream ended inside a line, or inside a payload. */
static void
take_cut(struct at_reply_parser *p, const struct at_token *t)
{
	if (!t->raw && at_meaning_of(p, t->text, false).noise) {
		at_noise_add(&p->noise, t->offset, t->text, t->length);
		return;
	}
	noise_flush(p);
	push(p, AT_REPLY_FAULT, t->text, t->offset, t->length)->why = t->raw ? "payload cut short" : "line without its end";
}

/* ---- the stream -------------------------------------------------------- */

static void
give_more(struct at_reply *out)
{
	*out = (struct at_reply){ .kind = AT_REPLY_MORE, .cme = -1 };
}

/* What stands between two lines and what means nothing comes in long runs: these have a short way. */

/* Line ends and nothing between them, up to the last LF: empty lines.  Return the bytes taken. */
static size_t
take_empty_lines(struct at_reply_parser *p, struct span in)
{
	struct at_lexer *lx = &p->lexer;
	size_t n;

	if ((lx->length | lx->data) != 0 || (p->mode == AT_STRICT && !p->noise.open))
		return 0;
	n = at_scan(in, AT_SCAN_TEXT);
	if (n == 0 || memchr(in.at, '\n', n) == NULL)
		return 0;
	while (in.at[n - 1] != '\n')
		n--;
	if (p->noise.open) {
		for (uint64_t i = lx->cr; i > 0; i--)
			at_noise_keep(&p->noise, lx->taken - i, SPAN("\r"));
		at_noise_keep(&p->noise, lx->taken, span_first(in, n));
	}
	lx->cr = 0;
	at_lexer_took(lx, n);
	p->head = true;
	return n;
}

/* A line that lies in in whole, has no control bytes, and means nothing.  Return the bytes taken. */
static size_t
take_noise_line(struct at_reply_parser *p, struct span in)
{
	struct at_token t = { .kind = AT_LINE, .lf = true, .cr = 1, .offset = p->lexer.taken };
	const struct at_command_facts *row;

	if (p->mode == AT_STRICT || p->lexer.echo.len > 0 || at_lexer_inside(&p->lexer))
		return 0;
	t.text = span_of(in.at, at_lexer_whole(in));
	t.length = t.text.len;
	if (t.length == 0 || at_lexer_is_special(t.text))
		return 0;
	row = at_stem_row(t.text);
	if (row != NULL || !at_meaning_of_row(p, t.text, row, false).noise)
		return 0;
	take_noise(p, &t);
	at_lexer_took(&p->lexer, t.text.len + 2);
	return t.text.len + 2;
}

size_t
at_reply_by_grammar(struct at_reply_parser *p, struct span in, struct at_reply *out)
{
	struct at_token t;
	size_t n = 0, more;

	while (!give(p, out)) {
		do {
			more = take_empty_lines(p, span_after(in, n));
			more += take_noise_line(p, span_after(in, n + more));
			n += more;
		} while (more > 0);
		n += at_lexer_feed(&p->lexer, span_after(in, n), &t);
		switch (t.kind) {
		case AT_LINE: take_line(p, &t); break;
		case AT_DATA: take_data(p, &t); break;
		case AT_CUT:
		case AT_MORE:
			give_more(out);
			settle(p);
			return n;
		}
	}
	settle(p);
	return n;
}

/* ---- what at_reply_feed.c leaves, and that is not rare either ------------- */

size_t
at_reply_by_row(struct at_reply_parser *p, struct span in, struct at_reply *out, const struct at_command_facts *row)
{
	size_t n = (size_t)(out->text.at - in.at) + out->text.len + 2;
	struct at_meaning m;

	if (row == NULL && at_lexer_is_special(out->text))
		return at_reply_by_grammar(p, in, out);
	m = at_meaning_of_row(p, out->text, row, false);
	if (m.noise)
		return at_reply_by_grammar(p, in, out);
	out->kind = m.kind;
	out->final = m.final;
	out->cme = m.cme;
	out->last = false;
	out->done = 0;
	out->why = m.why;
	at_lexer_took(&p->lexer, n);
	if (m.kind == AT_REPLY_FINAL)
		take_final(p);
	if (m.payload > 0)
		begin_payload(p, m.payload);
	return n;
}

/* The beginning of a line that goes on in the next piece. */
size_t
at_reply_begin(struct at_reply_parser *p, struct span in, size_t head, struct at_reply *out)
{
	struct span text = span_after(in, head);

	if (text.len == 0 || at_scan(text, AT_SCAN_CONTROL) < text.len)
		return at_reply_by_grammar(p, in, out);
	at_lexer_took(&p->lexer, head);
	at_lexer_begin(&p->lexer, text);
	p->ordinary = false;
	give_more(out);
	return in.len;
}

/* The end of a line that began in an earlier piece. */
static size_t
take_rest(struct at_reply_parser *p, struct span in, struct at_reply *out)
{
	struct at_token t = { .kind = AT_LINE, .lf = true, .cr = 1 };
	size_t n = at_lexer_rest(&p->lexer, in, &t.text);
	const struct at_command_facts *row;

	if (n == 0)
		return at_reply_by_grammar(p, in, out);
	t.length = t.text.len;
	t.offset = p->lexer.taken - 2 - t.length;
	row = at_stem_row(t.text);
	if (row != NULL && !at_reply_depends(p, row) && (p->mode == AT_LENIENT || p->head)) {
		out->text = t.text;
		out->offset = t.offset;
		out->length = t.length;
		at_reply_plain(row, out);
		p->head = false;
		p->previous = out->kind;
		settle(p);
		return n;
	}
	take_line(p, &t);
	return n + at_reply_by_grammar(p, span_after(in, n), out);
}

size_t
at_reply_go_on(struct at_reply_parser *p, struct span in, struct at_reply *out)
{
	/* nothing may be nowhere */
	if (in.len == 0)
		in = SPAN("");
	if (p->queued == 0 && p->lexer.data > 0 && in.len > 0)
		return at_reply_piece(p, in, out);
	if (p->queued > 0 || p->lexer.length == 0)
		return at_reply_by_grammar(p, in, out);
	/* in the middle of a line of which enough is kept */
	if (p->lexer.length > AT_LINE_MAX && at_lexer_middle(&p->lexer, in)) {
		give_more(out);
		return in.len;
	}
	if (p->noise.open || p->lexer.echo.len > 0)
		return at_reply_by_grammar(p, in, out);
	return take_rest(p, in, out);
}

void
at_reply_end(struct at_reply_parser *p, struct at_reply *out)
{
	struct at_token t;

	if (give(p, out))
		return;
	at_lexer_end(&p->lexer, &t);
	switch (t.kind) {
	case AT_LINE: take_line(p, &t); break;
	case AT_CUT: take_cut(p, &t); break;
	case AT_DATA:
	case AT_MORE: break;
	}
	noise_flush(p);
	settle(p);
	if (!give(p, out))
		give_more(out);
}

struct span
at_reply_partial(const struct at_reply_parser *p)
{
	return p->noise.open ? at_noise_text(&p->noise) : at_lexer_partial(&p->lexer);
}
