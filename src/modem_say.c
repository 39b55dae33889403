#include "modem_say.h"

#include "at_out.h"
#include "modem.h"
#include "modem_sessions.h"

/* Longest text of one item: AT+HTTPSCONT? prints five values of up to 556 bytes. */
#define SAY_TEXT_MAX 4096

static struct at_style
style(const struct modem *m)
{
	return (struct at_style){
		.verbose = m->set.v != 0,
		.quiet = m->set.q != 0,
		.cmee = (int)m->set.cmee,
		.engine = (int)m->profile->cme_engine,
		.colon_blank = m->sw.colon_blank != 0,
	};
}

void
modem_raw(struct modem *m, struct span bytes)
{
	if (bytes.len > MODEM_OUT_MAX - m->out_len) {
		m->out_lost += (uint32_t)bytes.len;
		return;
	}
	m->out_len += (uint32_t)span_write(bytes, m->out + m->out_len, bytes.len);
}

/* A line in its frame, as often as a planted fault wants it; a further line of a list has the CRLF before it already. */
static void
line_say(struct modem *m, struct span text, bool further)
{
	struct at_style framed = style(m);

	framed.verbose = framed.verbose && !further;
	for (int times = fault_line(m); times > 0; times--) {
		long n = at_out_line(framed, text, m->out + m->out_len, MODEM_OUT_MAX - m->out_len);

		if (n < 0)
			m->out_lost += (uint32_t)text.len;
		else
			m->out_len += (uint32_t)n;
	}
}

/* Put text into into, its <slots> filled in. */
static struct span
fill_in(const struct modem *m, const char *text, char into[SAY_TEXT_MAX])
{
	size_t len = 0;

	while (*text != '\0') {
		const char *end = *text == '<' ? strchr(text, '>') : NULL;
		const struct slot *found = NULL;

		if (end != NULL) {
			struct span name = span_of(text + 1, (size_t)(end - text) - 1);

			for (size_t t = 0; t < SESSION_MAX && found == NULL; t++)
				for (const struct slot *s = m->tables->slot[t]; s->name != NULL && found == NULL; s++)
					if (span_equal(span_str(s->name), name))
						found = s;
		}
		if (found != NULL) {
			len += found->write(m, into + len, SAY_TEXT_MAX - len);
			text = end + 1;
		} else if (len < SAY_TEXT_MAX) {
			into[len++] = *text++;
		} else {
			break;
		}
	}
	return span_of(into, len);
}

static void
says_put(struct modem *m, enum modem_where where)
{
	if (!m->says[where].set)
		return;
	m->says[where].set = false;
	line_say(m, span_of(m->says[where].text, m->says[where].len), false);
}

void
modem_answer_begin(struct modem *m)
{
	m->out_open = true;
	if (m->begun)
		return;
	m->begun = true;
	m->urc_first = false;
	if (m->set.e && m->sw.echo_late) {
		modem_raw(m, span_of(m->echo, m->echo_len));
		if (m->echo_cr)
			modem_raw(m, SPAN("\r"));
	}
	if (!m->silent)
		says_put(m, MODEM_BEFORE_ANSWER);
}

void
modem_release(struct modem *m)
{
	m->out_open = false;
	m->out_ready_us = m->now_us;
	m->quiet_since_us = m->now_us;
	fault_burst(m, m->out_len + m->payload.len);
	if (m->line_move != LINE_STAY) {
		enum line_move move = m->line_move;

		m->line_move = LINE_STAY;
		modem_line(m, move);
	}
	if (m->taking && !m->take_armed) {
		/* What was waiting is the LF of the command's CRLF (host programs 2). */
		m->in_len = 0;
		m->in_after_cr = false;
		m->take_armed = true;
		m->take_until_us = m->out_ready_us + m->take_limit_ms * 1000ull;
		if (m->take_left == 0)
			modem_data(m, span_of("", 0));
	}
}

/* The answer is complete. */
static void
answer_end(struct modem *m)
{
	m->running = m->begun = m->later = false;
	m->ended = true;
	m->trailer = NULL;
	modem_release(m);
	modem_intake(m);
}

static bool
is_last(const struct modem *m)
{
	struct span rest = span_after(m->body, m->line_next);

	for (size_t i = 0; i < rest.len; i++)
		if (rest.at[i] != ' ')
			return false;
	return true;
}

static void
final_say(struct modem *m, enum at_final final, int cme)
{
	long n;

	if (!m->running)
		return;
	modem_answer_begin(m);
	if (final == AT_FINAL_OK && !is_last(m)) {
		/* One final result code for the whole line (manual 1.4.4): go on with the next command. */
		m->ended = true;
		if (m->later)
			m->run_at_us = m->now_us;
		m->later = false;
		return;
	}
	says_put(m, MODEM_BEFORE_FINAL);
	for (int times = fault_line(m); times > 0; times--) {
		n = at_out_final(style(m), final, cme, m->out + m->out_len, MODEM_OUT_MAX - m->out_len);
		if (n < 0)
			m->out_lost++;
		else
			m->out_len += (uint32_t)n;
	}
	if (m->trailer != NULL && final == AT_FINAL_OK)
		line_say(m, span_str(m->trailer), false);
	says_put(m, MODEM_AFTER_FINAL);
	answer_end(m);
}

void
modem_answer_without_final(struct modem *m)
{
	answer_end(m);
}

void
modem_line_end(struct modem *m)
{
	final_say(m, AT_FINAL_OK, -1);
}

static void
urc_queue(struct modem *m, struct span text)
{
	if (m->urcs == MODEM_URCS_MAX || text.len > sizeof(m->urc[0].text)) {
		m->urcs_lost++;
		return;
	}
	memcpy(m->urc[m->urcs].text, text.at, text.len);
	m->urc[m->urcs].len = (uint32_t)text.len;
	m->urc[m->urcs].not_before_us = m->now_us;
	m->urcs++;
}

/* Small payloads are copied, so that their source is free at once; a large one is the HTTP buffer and stays where it is. */
static void
payload_say(struct modem *m)
{
	struct span p = m->stage;

	m->stage = span_of("", 0);
	if (p.len <= FTP_READ_MAX && p.len <= MODEM_OUT_MAX / 2 - (m->out_len < MODEM_OUT_MAX / 2 ? m->out_len : MODEM_OUT_MAX / 2)) {
		modem_raw(m, p);
		return;
	}
	m->payload = p;
	m->payload_at = m->out_len;
	m->payload_taken = 0;
}

void
modem_say(struct modem *m, const struct say *s)
{
	char text[SAY_TEXT_MAX];

	switch (s->kind) {
	case SAY_NOTHING: break;
	case SAY_INFO: modem_info_span(m, fill_in(m, s->text, text)); break;
	case SAY_PROMPT:
		modem_info_span(m, fill_in(m, s->text, text));
		m->later = true;
		modem_release(m);
		break;
	case SAY_PAYLOAD: payload_say(m); break;
	case SAY_FINAL: final_say(m, s->final, -1); break;
	case SAY_FAIL: final_say(m, AT_FINAL_CME_ERROR, s->cme); break;
	case SAY_URC: urc_queue(m, fill_in(m, s->text, text)); break;
	case SAY_BY: s->by(m); break;
	}
}

void
modem_info(struct modem *m, const char *text)
{
	modem_say(m, &(struct say){ .kind = SAY_INFO, .text = text });
}

void
modem_info_span(struct modem *m, struct span line)
{
	if (m->running)
		modem_answer_begin(m);
	line_say(m, line, false);
}

void
modem_infof(struct modem *m, const char *format, ...)
{
	char text[600];
	va_list values;
	size_t n;

	va_start(values, format);
	n = text_format(text, sizeof(text), format, values);
	va_end(values);
	modem_info_span(m, span_of(text, n < sizeof(text) ? n : sizeof(text)));
}

void
modem_listf(struct modem *m, const char *format, ...)
{
	char text[600];
	va_list values;
	size_t n;

	va_start(values, format);
	n = text_format(text, sizeof(text), format, values);
	va_end(values);
	line_say(m, span_of(text, n < sizeof(text) ? n : sizeof(text)), true);
}

void
modem_ok(struct modem *m)
{
	final_say(m, AT_FINAL_OK, -1);
}

void
modem_fail(struct modem *m, int cme)
{
	final_say(m, AT_FINAL_CME_ERROR, cme);
}

void
modem_fail_range(struct modem *m)
{
	modem_fail(m, (int)m->sw.range_error_cme);
}

void
modem_urcf(struct modem *m, const char *format, ...)
{
	char text[600];
	va_list values;
	size_t n;

	va_start(values, format);
	n = text_format(text, sizeof(text), format, values);
	va_end(values);
	urc_queue(m, span_of(text, n));
}

static void
urc_remove(struct modem *m, uint32_t i)
{
	m->urcs--;
	for (; i < m->urcs; i++) {
		memcpy(m->urc[i].text, m->urc[i + 1].text, m->urc[i + 1].len);
		m->urc[i].len = m->urc[i + 1].len;
		m->urc[i].not_before_us = m->urc[i + 1].not_before_us;
	}
}

void
modem_urc_cancel(struct modem *m, struct span prefix)
{
	for (uint32_t i = m->urcs; i-- > 0;)
		if (span_starts(span_of(m->urc[i].text, m->urc[i].len), prefix))
			urc_remove(m, i);
}

/* A case's own line is to be said.  Before its start-up sequence the UART of a module says nothing. */
static bool
says_now(const struct modem *m)
{
	return m->says[MODEM_NOW].set && !m->off && !m->booting;
}

uint64_t
modem_urc_due(const struct modem *m)
{
	uint64_t gap = m->quiet_since_us + m->sw.urc_gap_ms * 1000ull;

	if (m->out_open || m->taking || !modem_drained(m) || (m->running && !m->urc_first))
		return MODEM_NEVER;
	if (says_now(m))
		return m->now_us;
	if (m->urcs == 0)
		return MODEM_NEVER;
	return gap > m->urc[0].not_before_us ? gap : m->urc[0].not_before_us;
}

void
modem_urc_leave(struct modem *m)
{
	if (says_now(m)) {
		says_put(m, MODEM_NOW);
	} else {
		line_say(m, span_of(m->urc[0].text, m->urc[0].len), false);
		urc_remove(m, 0);
		m->urc_first = false;
	}
	modem_release(m);
}

bool
modem_says(struct modem *m, struct span line, enum modem_where where, uint64_t now_us)
{
	modem_advance(m, now_us);
	if (line.len > MODEM_SAYS_MAX || m->says[where].set)
		return false;
	memcpy(m->says[where].text, line.at, line.len);
	m->says[where].len = (uint32_t)line.len;
	m->says[where].set = true;
	return true;
}

bool
modem_is(const struct modem *m, uint32_t profiles)
{
	return (m->profile->bit & profiles) != 0;
}
