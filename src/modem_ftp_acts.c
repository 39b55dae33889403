/* modem_ftp_acts: what the rules of the FTP session do. */

#include "modem.h"
#include "modem_ftp.h"

/* An announcement that has not left yet is not true any more. */
static void
unannounce(struct modem *m)
{
	char text[FTP_LINE_START_MAX];

	modem_urc_cancel(m, ftp_line_start(m, SPAN(": 1,1"), text));
}

/* ---- timers of a session ------------------------------------------------- */

/* The manual's time without an answer is counted from the command, which came its latency ago (manual 12.2.14). */
static uint32_t
response_ms(const struct modem *m)
{
	return m->sw.ftp_response_ms > m->sw.latency_ms ? m->sw.ftp_response_ms - m->sw.latency_ms : m->sw.ftp_response_ms;
}

/* The server has to do something now. */
static void
await_server(struct modem *m)
{
	modem_disarm(m, TIMER_FTP_AGAIN);
	modem_disarm(m, TIMER_FTP_IDLE);
	modem_arm(m, TIMER_FTP_SERVER, response_ms(m));
}

/* The host has. */
static void
await_host(struct modem *m)
{
	modem_disarm(m, TIMER_FTP_SERVER);
	modem_arm(m, TIMER_FTP_IDLE, m->sw.ftp_idle_ms);
}

static void
await_nobody(struct modem *m)
{
	modem_disarm(m, TIMER_FTP_SERVER);
	modem_disarm(m, TIMER_FTP_IDLE);
	modem_disarm(m, TIMER_FTP_AGAIN);
}

/* ---- actions ----------------------------------------------------------- */

/* What a session that never reaches the server needs, too. */
static void
begin(struct modem *m)
{
	m->ftp.verb = m->ftp.asked;
	m->ftp.used = m->set;
	m->ftp.cid = m->set.ftp_cid;
	m->ftp.error = 0;
	m->ftp.size = 0;
	m->ftp.window = 0;
	m->ftp.sent = 0;
	m->ftp.finished = m->ftp.repeated = false;
	m->ftp.progress = (struct world_ftp){ .state = WORLD_BUSY };
	m->ftp.extended_put = ftp_is_extended_put(m);
	if (!m->ftp.extended_put && m->set.ftp_extend == 0)
		m->ftp.extended = 0;
}

void
ftp_fail_61(struct modem *m)
{
	begin(m);
	m->ftp.error = 61;
}

/* The note says both Timeout and operation error (3.13); a log has 66. */
void
ftp_fail_name(struct modem *m)
{
	begin(m);
	m->ftp.error = (int)m->sw.ftp_empty_name;
}

static enum world_ftp_put
put_option(const char *option)
{
	switch (option[2]) {
	case 'P': return WORLD_APPE;
	case 'O': return option[3] == 'U' ? WORLD_STOU : WORLD_STOR;
	}
	return WORLD_STOR;
}

void
ftp_dial(struct modem *m)
{
	const struct modem_settings *s = &m->ftp.used;
	struct world_ftp_request r = { 0 };
	bool put;

	begin(m);
	put = m->ftp.verb == WORLD_STORE;
	r.verb = m->ftp.verb;
	r.server = span_str(s->ftp_server);
	r.port = (uint16_t)s->ftp_port;
	r.user = span_str(s->ftp_user);
	r.password = span_str(s->ftp_password);
	r.path = span_str(put ? s->ftp_put_path : s->ftp_get_path);
	r.name = span_str(put ? s->ftp_put_name : s->ftp_get_name);
	r.passive = s->ftp_mode == 1;
	r.ascii = s->ftp_type[0] == 'A';
	r.tls = (int)s->ftp_ssl;
	r.put = put_option(s->ftp_putopt);
	r.rest = m->ftp.verb == WORLD_RETR ? (uint32_t)s->ftp_rest : 0;
	r.timeout_ms = response_ms(m);
	r.cid = m->ftp.cid;
	if (m->ftp.verb == WORLD_RETR && m->sw.ftp_rest_keeps == 0)
		m->set.ftp_rest = 0;
	await_server(m);
	m->world->ops->ftp_start(m->world, &r);
}

void
ftp_announce(struct modem *m)
{
	await_host(m);
	modem_arm(m, TIMER_FTP_AGAIN, m->sw.ftp_again_ms);
}

void
ftp_repeat(struct modem *m)
{
	unannounce(m);
	m->ftp.repeated = true;
}

void
ftp_take(struct modem *m)
{
	uint32_t n = m->ftp.progress.available < m->ftp.request ? m->ftp.progress.available : m->ftp.request;

	unannounce(m);
	m->ftp.given = (uint32_t)m->world->ops->ftp_read(m->world, m->ftp.read, n);
	m->ftp.sent += m->ftp.given;
	m->stage = span_of(m->ftp.read, m->ftp.given);
	if (n == m->ftp.progress.available)
		await_server(m);
	else
		ftp_announce(m);
}

void
ftp_offer(struct modem *m)
{
	m->ftp.window = m->ftp.progress.window < m->sw.ftp_window ? m->ftp.progress.window : m->sw.ftp_window;
	await_host(m);
}

/* Type A is 7 bits: the most significant one is cleared in what is sent (manual 12.2.3). */
static void
store_bytes(struct modem *m, struct span piece, uint32_t at)
{
	size_t i;

	if (piece.len > FTP_EXTEND_MAX - at)
		piece.len = FTP_EXTEND_MAX - at;
	if (piece.len > 0)
		memcpy(m->ftp.extend + at, piece.at, piece.len);
	if (m->set.ftp_type[0] == 'A')
		for (i = 0; i < piece.len; i++)
			m->ftp.extend[at + i] &= 0x7f;
	m->ftp.given += (uint32_t)piece.len;
}

static void
store_block(struct modem *m, struct span piece)
{
	uint32_t before = m->ftp.given;

	store_bytes(m, piece, m->ftp.extended);
	m->ftp.extended += m->ftp.given - before;
}

static void
taken(struct modem *m, bool complete)
{
	session_event(m, &m->ftp.session, complete ? FTP_TAKEN : FTP_CUT);
}

void
ftp_take_block(struct modem *m)
{
	unannounce(m);
	await_nobody(m);
	if (m->ftp.request > m->ftp.window)
		m->ftp.request = m->ftp.window;
	m->ftp.given = 0;
	modem_take_data(m, m->ftp.request, m->sw.ftp_input_ms, store_block, taken);
}

void
ftp_block_done(struct modem *m)
{
	await_server(m);
	modem_arm(m, TIMER_FTP_URC, m->sw.ftp_chunk_ms);
}

void
ftp_block_dropped(struct modem *m)
{
	m->ftp.extended -= m->ftp.given;
	ftp_block_done(m);
}

void
ftp_close_put(struct modem *m)
{
	unannounce(m);
	await_server(m);
}

void
ftp_hang_up(struct modem *m)
{
	unannounce(m);
	await_nobody(m);
	m->ftp.size = m->ftp.progress.size;
	m->world->ops->ftp_close(m->world);
}

void
ftp_sent(struct modem *m)
{
	ftp_hang_up(m);
	m->ftp.extended = 0;
}

void
ftp_take_error(struct modem *m)
{
	m->ftp.error = m->ftp.progress.error;
	ftp_hang_up(m);
}

void
ftp_time_out(struct modem *m)
{
	m->ftp.error = 64;
	ftp_hang_up(m);
}

void
ftp_lose_bearer(struct modem *m)
{
	m->ftp.error = 61;
	ftp_hang_up(m);
}

void
ftp_quit(struct modem *m)
{
	m->ftp.error = 86;
	ftp_hang_up(m);
}

void
ftp_refuse(struct modem *m)
{
	m->ftp.refused[m->ftp.refusals++] = m->ftp.asked;
	if (m->ftp.refusals == 1)
		modem_arm(m, TIMER_FTP_REFUSED, m->sw.ftp_urc_ms);
}

/* The slot has still to say the verb: it goes when the next one's turn comes. */
void
ftp_refusal_said(struct modem *m)
{
	uint32_t i;

	m->ftp.refused_now = m->ftp.refused[0];
	m->ftp.refusals--;
	for (i = 0; i < m->ftp.refusals; i++)
		m->ftp.refused[i] = m->ftp.refused[i + 1];
	if (m->ftp.refusals > 0)
		modem_arm(m, TIMER_FTP_REFUSED, m->sw.ftp_urc_ms);
}

void
ftp_set(struct modem *m)
{
	setting_set(m, m->ftp.setter, m->ftp.value);
}

/* Either mode begins without content. */
void
ftp_extend(struct modem *m)
{
	m->set.ftp_extend = m->ftp.extend_asked ? 1 : 0;
	m->ftp.extended = m->ftp.sent = 0;
}

static void
store_extended(struct modem *m, struct span piece)
{
	uint32_t at = m->ftp.position + m->ftp.given;

	store_bytes(m, piece, at);
	at = m->ftp.position + m->ftp.given;
	if (at > m->ftp.extended)
		m->ftp.extended = at;
}

/* A gap that no block has filled is sent as zeros. */
void
ftp_take_extended(struct modem *m)
{
	m->ftp.given = 0;
	if (m->ftp.position > m->ftp.extended) {
		memset(m->ftp.extend + m->ftp.extended, 0, m->ftp.position - m->ftp.extended);
		m->ftp.extended = m->ftp.position;
	}
	modem_take_data(m, m->ftp.length, m->ftp.time_ms, store_extended, taken);
}

void
ftp_save(struct modem *m)
{
	settings_save(m, SAVED_FTPSCONT);
}
