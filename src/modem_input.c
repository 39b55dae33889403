/* What the host sends: command lines being typed, data behind a prompt. */
#include "at_command.h"
#include "modem.h"
#include "modem_sessions.h"

/* A URC that has waited this long goes before the next answer, so that a host that never pauses still sees it. */
#define URC_OVERDUE_US 1000000u

static void
echo_now(struct modem *m, char c)
{
	if (!m->sw.echo_late && m->set.e)
		modem_raw(m, span_of(&c, 1));
}

/* The line is complete: its commands run when the latency is over. */
static void
line_complete(struct modem *m, bool with_cr)
{
	enum at_line_kind kind;

	memcpy(m->echo, m->line, m->line_len);
	m->echo_len = m->line_len;
	m->echo_cr = with_cr;
	m->line_len = (uint32_t)at_line_edit(m->line, m->line_len, (char)m->set.s5);
	kind = at_line_read(span_of(m->line, m->line_len), m->set.ipr != 0, &m->body);
	m->line_len = 0;
	if (kind == AT_LINE_EMPTY && !m->line_too_long)
		return;
	if (with_cr)
		echo_now(m, '\r');
	m->silent = kind != AT_LINE_COMMANDS;
	m->line_too_long = m->line_too_long || m->body.len > MODEM_LINE_MAX;
	if (!m->silent && !m->line_too_long) {
		memcpy(m->last_line, m->body.at, m->body.len);
		m->last_len = (uint32_t)m->body.len;
	}
	m->line_next = 0;
	m->run_at_us = m->now_us + m->sw.latency_ms * 1000ull;
	m->urc_first = false;
	if (m->urcs > 0 && m->urc[0].not_before_us + URC_OVERDUE_US <= m->now_us) {
		uint64_t gap_us = m->sw.urc_gap_ms * 1000ull, free_us = m->quiet_since_us + gap_us;

		/* Even then it keeps its distance from the answers on both sides (host programs 14). */
		m->urc_first = true;
		m->run_at_us += gap_us + (free_us > m->now_us ? free_us - m->now_us : 0);
	}
	m->running = true;
	m->line_serial++;
	m->begun = m->later = m->ended = false;
}

/* A/ repeats the last line and needs no CR (V.250 5.2.4). */
static void
repeat_last(struct modem *m)
{
	line_complete(m, false);
	memcpy(m->line, m->last_line, m->last_len);
	m->body = span_of(m->line, m->last_len);
	m->silent = m->line_too_long = false;
	m->running = true;
}

static void
type(struct modem *m, char c)
{
	bool after_cr = m->in_after_cr;

	m->in_after_cr = c == '\r';
	if (c == '\n' && after_cr)
		return;
	if (c == '\r' || c == '\n') {
		line_complete(m, true);
		return;
	}
	echo_now(m, c);
	if (m->line_len < sizeof(m->line))
		m->line[m->line_len++] = c;
	else
		m->line_too_long = true;
	if (m->line_len == 2 && (m->line[0] | 0x20) == 'a' && m->line[1] == '/')
		repeat_last(m);
}

void
modem_intake(struct modem *m)
{
	while (m->in_len > 0 && !m->running && !m->taking && !m->off) {
		char c = m->in[m->in_head];

		m->in_head = (m->in_head + 1) % MODEM_IN_MAX;
		m->in_len--;
		type(m, c);
	}
}

/* false: there is no room, the byte is lost. */
static bool
ring_add(struct modem *m, char c)
{
	if (m->in_len == MODEM_IN_MAX)
		return false;
	m->in[(m->in_head + m->in_len) % MODEM_IN_MAX] = c;
	m->in_len++;
	return true;
}

size_t
modem_data(struct modem *m, struct span s)
{
	size_t n = s.len < m->take_left ? s.len : m->take_left;

	if (n > 0 && m->take != NULL)
		m->take(m, span_of(s.at, n));
	m->take_left -= (uint32_t)n;
	if (m->take_left == 0 && !m->take_over) {
		m->take_over = m->take_complete = true;
		m->take_until_us = m->now_us + m->sw.latency_ms * 1000ull;
	}
	return n;
}

void
modem_data_due(struct modem *m)
{
	bool complete = m->take_over && m->take_complete;

	m->taking = m->take_armed = m->take_over = m->take_complete = false;
	m->take_done(m, complete);
}

void
modem_take_data(
    struct modem *m, uint32_t n, uint32_t limit_ms, void (*take)(struct modem *, struct span), void (*done)(struct modem *, bool complete))
{
	m->taking = true;
	m->take_armed = m->take_over = m->take_complete = m->take_stray = false;
	m->take_left = n;
	m->take_limit_ms = limit_ms;
	m->take = take;
	m->take_done = done;
	m->later = true;
	if (!m->out_open)
		modem_release(m);
}

/*
 * A byte that follows the last one of the data before its OK is out.  A command line waits for its turn: hosts send it without
 * waiting for that OK (host programs 22).  Any other line is dropped (host programs 3; log LA).
 */
static void
surplus(struct modem *m, char c)
{
	static const char prefix[] = "at";

	if (m->in_len >= 2) {
		ring_add(m, c);
	} else if (c == '\r' || c == '\n') {
		m->in_len = 0;
		m->take_stray = false;
	} else if (m->take_stray || (m->in_len == 0 && (unsigned char)c <= ' ')) {
		return;
	} else if ((c | 0x20) == prefix[m->in_len]) {
		ring_add(m, c);
	} else {
		m->in_len = 0;
		m->take_stray = true;
	}
}

void
modem_feed(struct modem *m, struct span bytes, uint64_t now_us)
{
	modem_advance(m, now_us);
	if (m->off || m->booting)
		return;
	/* What these bytes start in the world starts now. */
	m->world->ops->advance(m->world, m->now_us);
	if (m->taking && m->take_armed && !m->take_over)
		bytes = span_after(bytes, modem_data(m, bytes));
	for (size_t i = 0; i < bytes.len; i++) {
		if (m->taking && m->take_over) {
			surplus(m, bytes.at[i]);
			continue;
		}
		if (!ring_add(m, bytes.at[i]))
			break;
		/* What can be read now makes room. */
		if (m->in_len == MODEM_IN_MAX)
			modem_intake(m);
	}
	modem_intake(m);
}

size_t
modem_room(const struct modem *m)
{
	return m->off || m->booting ? MODEM_IN_MAX : MODEM_IN_MAX - m->in_len;
}
