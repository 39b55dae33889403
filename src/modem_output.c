/* What leaves: bursts with a payload in their midst, timers, control lines. */
#include "modem.h"
#include "modem_sessions.h"

bool
modem_drained(const struct modem *m)
{
	return m->out_taken == m->out_len && m->payload_taken == m->payload.len;
}

/* The next bytes that may leave, as one piece. */
static struct span
next_piece(const struct modem *m)
{
	if (m->out_open || m->now_us < m->out_ready_us)
		return span_of("", 0);
	if (m->payload.len > m->payload_taken) {
		if (m->out_taken < m->payload_at)
			return span_of(m->out + m->out_taken, m->payload_at - m->out_taken);
		return span_after(m->payload, m->payload_taken);
	}
	return span_of(m->out + m->out_taken, m->out_len - m->out_taken);
}

size_t
modem_pull_plain(struct modem *m, char *into, size_t cap)
{
	struct span piece = next_piece(m);
	size_t n = span_write(piece, into, cap);

	if (n == 0)
		return 0;
	if (m->payload.len > m->payload_taken && m->out_taken == m->payload_at)
		m->payload_taken += (uint32_t)n;
	else
		m->out_taken += (uint32_t)n;
	if (modem_drained(m)) {
		m->out_len = m->out_taken = m->payload_at = m->payload_taken = 0;
		m->payload = span_of("", 0);
		m->quiet_since_us = m->now_us;
	}
	return n;
}

size_t
modem_pull(struct modem *m, char *into, size_t cap)
{
	return fault_pull(m, into, cap);
}

bool
modem_lost(const struct modem *m, struct modem_lost *out)
{
	*out = (struct modem_lost){ .bytes = m->out_lost, .urcs = m->urcs_lost };
	return out->bytes > 0 || out->urcs > 0;
}

unsigned
modem_lines(const struct modem *m)
{
	return m->lines;
}

void
modem_line(struct modem *m, enum line_move move)
{
	if (m->out_open) {
		m->line_move = move;
		return;
	}
	/* With AT&C0 DCD is always on (manual 2.2.11). */
	if (move == LINE_DCD_LOW && m->set.c != 0)
		m->lines &= ~(unsigned)MODEM_DCD;
	if (move == LINE_DCD_HIGH)
		m->lines |= MODEM_DCD;
}

void
modem_dtr(struct modem *m, bool on, uint64_t now_us)
{
	modem_advance(m, now_us);
	m->dtr = on;
}

void
modem_arm(struct modem *m, uint8_t timer, uint64_t delay_ms)
{
	m->timer_us[timer] = m->now_us + delay_ms * 1000;
}

void
modem_disarm(struct modem *m, uint8_t timer)
{
	m->timer_us[timer] = MODEM_NEVER;
}

uint64_t
modem_timer_ms(const struct modem *m, uint8_t timer)
{
	switch ((enum modem_timer)timer) {
	case TIMER_NONE:
	case TIMER_BOOT:
	case TIMER_MAX: break;
	case TIMER_BEARER_1:
	case TIMER_BEARER_2:
	case TIMER_BEARER_3: return 84500; /* manual 9.2.1: 85 s at most, and the answer has yet to go over a line */
	case TIMER_HTTP_URC:
	case TIMER_HTTP_REFUSED: return m->sw.http_urc_ms;
	case TIMER_HTTP: return (uint64_t)m->set.http_timeout * 1000;
	case TIMER_FTP_URC:
	case TIMER_FTP_REFUSED: return m->sw.ftp_urc_ms;
	case TIMER_FTP_AGAIN: return m->sw.ftp_again_ms;
	case TIMER_FTP_IDLE: return m->sw.ftp_idle_ms;
	case TIMER_FTP_SERVER: return m->sw.ftp_response_ms;
	}
	return 0;
}
