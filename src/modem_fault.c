/* Planted faults: what a bad line, a weak supply or a bad network does, by seed.  A filter between what is said and what is pulled. */
#include "modem.h"
#include "modem_sessions.h"

#define URC_PRESET "+CREG: 1"

enum fault_kind { ONE_IN, MILLISECONDS, COUNT, ONE_IN_TEXT };

/* clang-format off */
#define FAULTS(X) \
	X(drop, ONE_IN, "drop", "1/N; 1/100", "each byte is lost with this chance (a serial line overrun, TinyGSM #94)") \
	X(doubled, ONE_IN, "double", "1/N; 1/100", "each byte is said twice with this chance") \
	X(garble, ONE_IN, "garble", "1/N; 1/100", "one bit of each byte is flipped with this chance") \
	X(cut, ONE_IN, "cut", "1/N; 1/100", "the rest of a burst is lost with this chance, from a byte of it on") \
	X(delay_ms, MILLISECONDS, "delay", "N ms; 100 ms", "each burst leaves up to so much later") \
	X(pause_ms, MILLISECONDS, "pause", "N ms; 100 ms", "each burst rests once for so long, in front of one of its bytes") \
	X(line_drop, ONE_IN, "line-drop", "1/N; 1/100", "each line is lost with this chance") \
	X(line_double, ONE_IN, "line-double", "1/N; 1/100", "each line is said twice with this chance (a stray second OK, LA)") \
	X(urc_every, ONE_IN_TEXT, "urc", "1/N [TEXT]; 1/100 +CREG: 1", "behind each byte an unsolicited line comes with this chance, also within a line") \
	X(reboot_after, COUNT, "reboot", "N; 10", "the module restarts instead of running the N-th command line (weak supply, ostaquet #18)") \
	X(bearer_after, COUNT, "bearer-lost", "N; 10", "the network drops every bearer before the N-th command line runs") \
	X(net.refused, ONE_IN, "net-refused", "1/N; 1/100", "each HTTP exchange or FTP session is refused the connection with this chance: 601, 63") \
	X(net.slow_ms, MILLISECONDS, "net-slow", "N ms; 100 ms", "each thing that a server says is heard so much later: an answer, more data, room for more") \
	X(net.cut_short, ONE_IN, "net-short", "1/N; 1/100", "each transfer of content breaks off within with this chance: 601; 78 or 79")

#define ROW(field, kind, name, values, about) { name, values, about },
const struct modem_fault modem_faults[] = { FAULTS(ROW) };
const size_t modem_fault_count = sizeof(modem_faults) / sizeof(modem_faults[0]);

#define PLACE(field, kind, name, values, about) { offsetof(struct modem_faults_planted, field), kind },
static const struct { size_t offset; enum fault_kind kind; } places[] = { FAULTS(PLACE) };
/* clang-format on */

static bool
number_at(struct span *s, uint32_t *out)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < s->len && i < 9 && s->at[i] >= '0' && s->at[i] <= '9'; i++)
		n = n * 10 + (uint64_t)(s->at[i] - '0');
	*s = span_after(*s, i);
	*out = (uint32_t)n;
	return i > 0;
}

/* The line that breaks in, framed. */
static bool
urc_keep(struct modem *m, struct span text)
{
	char *into = m->fault.urc_text;

	if (text.len + 4 > sizeof(m->fault.urc_text))
		return false;
	memcpy(into, "\r\n", 2);
	memcpy(into + 2, text.at, text.len);
	memcpy(into + 2 + text.len, "\r\n", 2);
	m->fault.urc_len = (uint32_t)text.len + 4;
	return true;
}

static bool
value_read(struct modem *m, enum fault_kind kind, struct span value, uint32_t *out)
{
	if ((kind == ONE_IN || kind == ONE_IN_TEXT) && span_starts(value, SPAN("1/")))
		value = span_after(value, 2);
	if (value.len == 0) {
		/* No value: one that shows. */
		*out = kind == COUNT ? 10 : 100;
		return kind != ONE_IN_TEXT || urc_keep(m, SPAN(URC_PRESET));
	}
	if (!number_at(&value, out))
		return false;
	while (value.len > 0 && value.at[0] == ' ')
		value = span_after(value, 1);
	switch (kind) {
	case ONE_IN:
	case COUNT: return value.len == 0;
	case MILLISECONDS: return value.len == 0 || span_equal(value, SPAN("ms"));
	case ONE_IN_TEXT: return urc_keep(m, value.len > 0 ? value : SPAN(URC_PRESET));
	}
	return false;
}

int
modem_fault_set(struct modem *m, struct span name, struct span value)
{
	for (size_t i = 0; i < modem_fault_count; i++) {
		uint32_t n;

		if (!span_equal(name, span_str(modem_faults[i].name)))
			continue;
		if (!value_read(m, places[i].kind, value, &n))
			return -2;
		memcpy((char *)&m->fault + places[i].offset, &n, sizeof(n));
		if (places[i].kind == COUNT && n > 0) {
			/* Counted from now on. */
			n += m->commands;
			memcpy((char *)&m->fault + places[i].offset, &n, sizeof(n));
		}
		if ((m->fault.net.refused | m->fault.net.slow_ms | m->fault.net.cut_short) != 0)
			m->world = fault_world_between(&m->fault.net, m->world, &m->prng);
		return 0;
	}
	return -1;
}

/* Chance 1/n; never with n 0. */
static bool
strikes(struct modem *m, uint32_t n)
{
	return n > 0 && prng_below(&m->prng, n) == 0;
}

int
fault_line(struct modem *m)
{
	if (strikes(m, m->fault.line_drop))
		return 0;
	return strikes(m, m->fault.line_double) ? 2 : 1;
}

void
fault_burst(struct modem *m, size_t n)
{
	m->fault.cut_left = n > 0 && strikes(m, m->fault.cut) ? (uint32_t)prng_below(&m->prng, n) : UINT32_MAX;
	m->fault.pausing = n > 0 && m->fault.pause_ms > 0;
	m->fault.pause_at = m->fault.pausing ? (uint32_t)prng_below(&m->prng, n) : 0;
	if (m->fault.delay_ms > 0)
		m->out_ready_us += prng_below(&m->prng, m->fault.delay_ms + 1ull) * 1000;
}

void
fault_command(struct modem *m)
{
	m->commands++;
	if (m->fault.reboot_after != 0 && m->commands == m->fault.reboot_after) {
		modem_boot(m, true);
		return;
	}
	if (m->fault.bearer_after != 0 && m->commands == m->fault.bearer_after)
		bearers_gone(m);
}

/* Whether the burst rests here: then nothing leaves until out_ready_us. */
static bool
rests(struct modem *m)
{
	if (!m->fault.pausing || m->now_us < m->out_ready_us)
		return false;
	if (m->fault.pause_at > 0) {
		m->fault.pause_at--;
		return false;
	}
	m->fault.pausing = false;
	m->out_ready_us = m->now_us + m->fault.pause_ms * 1000ull;
	return true;
}

/* One byte through the filter.  false: there is none. */
static bool
byte_pull(struct modem *m, char *c)
{
	struct modem_faults_planted *f = &m->fault;

	if (f->again != 0) {
		*c = (char)(f->again - 1);
		f->again = 0;
		return true;
	}
	if (f->urc_left > 0) {
		*c = f->urc_text[f->urc_len - f->urc_left--];
		return true;
	}
	for (;;) {
		if (rests(m) || modem_pull_plain(m, c, 1) == 0)
			return false;
		if (f->cut_left == 0 || strikes(m, f->drop))
			continue;
		if (f->cut_left != UINT32_MAX)
			f->cut_left--;
		if (strikes(m, f->garble))
			*c = (char)(*c ^ (1 << prng_below(&m->prng, 8)));
		if (strikes(m, f->doubled))
			f->again = 1u + (unsigned char)*c;
		if (strikes(m, f->urc_every))
			f->urc_left = f->urc_len;
		return true;
	}
}

size_t
fault_pull(struct modem *m, char *into, size_t cap)
{
	const struct modem_faults_planted *f = &m->fault;
	size_t n = 0;

	if (!(f->drop | f->doubled | f->garble | f->pausing | f->urc_every | f->again | f->urc_left) && f->cut_left == UINT32_MAX)
		return modem_pull_plain(m, into, cap);
	while (n < cap && byte_pull(m, &into[n]))
		n++;
	return n;
}
