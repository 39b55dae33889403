/* modem_ftp_acts: what the rules of the FTP session ask and do, what they say, and what the world brings. */

#include <stddef.h>

#include "modem.h"
#include "modem_ftp.h"

struct span
ftp_verb_name(enum world_ftp_verb verb)
{
	switch (verb) {
	case WORLD_RETR: return SPAN("FTPGET");
	case WORLD_STORE: return SPAN("FTPPUT");
	case WORLD_LIST: return SPAN("FTPLIST");
	case WORLD_SIZE: return SPAN("FTPSIZE");
	case WORLD_DELE: return SPAN("FTPDELE");
	case WORLD_MKD: return SPAN("FTPMKD");
	case WORLD_RMD: return SPAN("FTPRMD");
	}
	return SPAN("");
}

static bool
is_reading(const struct modem *m)
{
	return m->ftp.verb == WORLD_RETR || m->ftp.verb == WORLD_LIST;
}

static uint32_t
unsent(const struct modem *m)
{
	return m->ftp.extended - m->ftp.sent;
}

#define LINE_START_MAX 24

/* How the session's lines of this kind begin: "+FTPGET: 1,1". */
static struct span
line_start(const struct modem *m, struct span kind, char into[LINE_START_MAX])
{
	struct span name = ftp_verb_name(m->ftp.verb);
	size_t n = 0;

	into[n++] = '+';
	n += span_write(name, into + n, LINE_START_MAX - n);
	n += span_write(kind, into + n, LINE_START_MAX - n);
	return span_of(into, n);
}

static bool
is_queued(const struct modem *m, struct span kind)
{
	char text[LINE_START_MAX];
	struct span start = line_start(m, kind, text);
	uint32_t i;

	for (i = 0; i < m->urcs; i++)
		if (span_starts(span_of(m->urc[i].text, m->urc[i].len), start))
			return true;
	return false;
}

/* An announcement that has not left yet is not true any more. */
static void
unannounce(struct modem *m)
{
	char text[LINE_START_MAX];

	modem_urc_cancel(m, line_start(m, SPAN(": 1,1"), text));
}

/* ---- guards ------------------------------------------------------------ */

bool
ftp_bearer_closed(const struct modem *m)
{
	return !bearer_is_open(m, m->set.ftp_cid);
}

bool
ftp_name_missing(const struct modem *m)
{
	if (m->set.ftp_server[0] == '\0')
		return true;
	switch (m->ftp.asked) {
	case WORLD_RETR:
	case WORLD_SIZE:
	case WORLD_DELE: return m->set.ftp_get_name[0] == '\0';
	case WORLD_STORE: return m->set.ftp_put_name[0] == '\0';
	case WORLD_MKD:
	case WORLD_RMD: return m->set.ftp_get_path[0] == '\0';
	case WORLD_LIST: return false;
	}
	return true;
}

bool
ftp_is_get(const struct modem *m)
{
	return m->ftp.asked == WORLD_RETR;
}

bool
ftp_is_list(const struct modem *m)
{
	return m->ftp.asked == WORLD_LIST;
}

bool
ftp_is_put(const struct modem *m)
{
	return m->ftp.asked == WORLD_STORE && m->set.ftp_extend == 0;
}

bool
ftp_is_extended_put(const struct modem *m)
{
	return m->ftp.asked == WORLD_STORE && m->set.ftp_extend == 1;
}

bool
ftp_is_size(const struct modem *m)
{
	return m->ftp.asked == WORLD_SIZE;
}

bool
ftp_is_dele(const struct modem *m)
{
	return m->ftp.asked == WORLD_DELE;
}

bool
ftp_is_mkd(const struct modem *m)
{
	return m->ftp.asked == WORLD_MKD;
}

bool
ftp_does_size(const struct modem *m)
{
	return m->ftp.verb == WORLD_SIZE;
}

bool
ftp_does_dele(const struct modem *m)
{
	return m->ftp.verb == WORLD_DELE;
}

bool
ftp_does_mkd(const struct modem *m)
{
	return m->ftp.verb == WORLD_MKD;
}

bool
ftp_end_unsaid(const struct modem *m)
{
	return m->ftp.asked == m->ftp.verb && is_queued(m, SPAN(": 1,"));
}

bool
ftp_other_verb(const struct modem *m)
{
	return m->ftp.asked != m->ftp.verb;
}

bool
ftp_unannounced(const struct modem *m)
{
	return m->ftp.sent == 0 && is_queued(m, SPAN(": 1,1"));
}

bool
ftp_read_drains(const struct modem *m)
{
	return ftp_has_data(m) && m->ftp.progress.available <= m->ftp.request;
}

bool
ftp_has_data(const struct modem *m)
{
	return m->ftp.progress.available > 0;
}

bool
ftp_held(const struct modem *m)
{
	return m->timer_us[TIMER_FTP_URC] != MODEM_NEVER;
}

bool
ftp_too_much(const struct modem *m)
{
	return m->ftp.request > m->ftp.window && m->sw.ftp_put_beyond == 0;
}

bool
ftp_no_room(const struct modem *m)
{
	return m->ftp.request > FTP_EXTEND_MAX - m->ftp.extended && m->ftp.window > FTP_EXTEND_MAX - m->ftp.extended;
}

bool
ftp_took_short(const struct modem *m)
{
	return m->sw.ftp_put_short == 1;
}

bool
ftp_lost(const struct modem *m)
{
	return m->ftp.error != 0;
}

bool
ftp_set_refuses(const struct modem *m)
{
	return m->sw.ftp_busy_set == 1;
}

bool
ftp_quit_refuses(const struct modem *m)
{
	return m->sw.ftp_quit_idle == 1;
}

bool
ftp_not_extended(const struct modem *m)
{
	return m->set.ftp_extend == 0;
}

bool
ftp_extends_nothing(const struct modem *m)
{
	return m->ftp.length == 0;
}

bool
ftp_more_refused(const struct modem *m)
{
	return m->ftp.refusals > 0;
}

bool
ftp_refused_full(const struct modem *m)
{
	return m->ftp.refusals == FTP_REFUSED_MAX;
}

bool
ftp_refused_size(const struct modem *m)
{
	return ftp_more_refused(m) && m->ftp.refused[0] == WORLD_SIZE;
}

/* ---- timers of a session ------------------------------------------------- */

/* The server has to do something now. */
static void
await_server(struct modem *m)
{
	modem_disarm(m, TIMER_FTP_AGAIN);
	modem_disarm(m, TIMER_FTP_IDLE);
	modem_arm(m, TIMER_FTP_SERVER, m->sw.ftp_response_ms);
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
	m->ftp.finished = false;
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
	r.timeout_ms = m->sw.ftp_response_ms;
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

/* ---- what the rules say ------------------------------------------------- */

static size_t
write_verb(const struct modem *m, char *into, size_t cap)
{
	return span_write(ftp_verb_name(m->ftp.verb), into, cap);
}

static size_t
write_refused(const struct modem *m, char *into, size_t cap)
{
	return span_write(ftp_verb_name(m->ftp.refused_now), into, cap);
}

static size_t
write_error(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->ftp.error, into, cap);
}

static size_t
write_given(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->ftp.given, into, cap);
}

static size_t
write_request(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->ftp.request, into, cap);
}

static size_t
write_window(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->ftp.window, into, cap);
}

static size_t
write_size(const struct modem *m, char *into, size_t cap)
{
	return number_write((int64_t)m->ftp.size, into, cap);
}

static size_t
write_position(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->ftp.position, into, cap);
}

static size_t
write_length(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->ftp.length, into, cap);
}

const struct slot modem_slots_ftp[] = {
	{ "ftp-verb", write_verb },
	{ "ftp-refused", write_refused },
	{ "ftp-error", write_error },
	{ "ftp-given", write_given },
	{ "ftp-request", write_request },
	{ "ftp-window", write_window },
	{ "ftp-size", write_size },
	{ "ftp-position", write_position },
	{ "ftp-length", write_length },
	{ NULL, NULL },
};

/* ---- what happens --------------------------------------------------------- */

void
ftp_init(struct modem *m)
{
	memset(&m->ftp, 0, offsetof(struct modem_ftp, extend));
	session_start(m, &m->ftp.session, &ftp_session_table);
}

void
ftp_reset(struct modem *m)
{
	if (m->ftp.session.state & (FTP_LIVE | FTP_PUT_TAKING))
		m->world->ops->ftp_close(m->world);
	ftp_init(m);
}

void
ftp_timer(struct modem *m, enum modem_timer timer)
{
	struct session *s = &m->ftp.session;

	if (timer == TIMER_FTP_URC) {
		session_event(m, s, FTP_URC_DUE);
		ftp_world(m);
	} else if (timer == TIMER_FTP_AGAIN) {
		session_event(m, s, FTP_AGAIN);
	} else if (timer == TIMER_FTP_IDLE) {
		session_event(m, s, FTP_IDLED);
	} else if (timer == TIMER_FTP_SERVER) {
		session_event(m, s, FTP_SILENT);
	} else if (timer == TIMER_FTP_REFUSED) {
		session_event(m, s, FTP_REFUSED);
	}
}

/* Give the server what it takes now.  Progress starts its time-out anew. */
static void
send_unsent(struct modem *m)
{
	const struct modem_world_ops *ops = m->world->ops;
	struct world_ftp *w = &m->ftp.progress;

	while (unsent(m) > 0 && w->state == WORLD_READY && w->window > 0) {
		struct span rest = span_of(m->ftp.extend + m->ftp.sent, unsent(m));
		size_t n = ops->ftp_write(m->world, span_first(rest, w->window));

		if (n == 0)
			return;
		m->ftp.sent += (uint32_t)n;
		if (m->timer_us[TIMER_FTP_SERVER] != MODEM_NEVER)
			modem_arm(m, TIMER_FTP_SERVER, m->sw.ftp_response_ms);
		ops->ftp_poll(m->world, w);
	}
	if (unsent(m) > 0)
		return;
	if (!m->ftp.extended_put)
		m->ftp.extended = m->ftp.sent = 0;
	if ((m->ftp.session.state & (FTP_PUT_CLOSING | FTP_EXT_SENDING)) && w->state == WORLD_READY && !m->ftp.finished) {
		m->ftp.finished = true;
		ops->ftp_finish(m->world);
		ops->ftp_poll(m->world, w);
	}
}

void
ftp_look(struct modem *m)
{
	m->world->ops->ftp_poll(m->world, &m->ftp.progress);
	if (m->ftp.verb == WORLD_STORE)
		send_unsent(m);
}

/* What is new in ftp.progress, or 0. */
static enum ftp_event
news(const struct modem *m)
{
	const struct world_ftp *w = &m->ftp.progress;
	uint32_t state = m->ftp.session.state;

	switch (w->state) {
	case WORLD_DONE:
	case WORLD_READY:
		if (is_reading(m) && w->available > 0)
			return state & (FTP_GET_DIAL | FTP_GET_DRY) ? FTP_READY : 0;
		if (w->state == WORLD_DONE || (is_reading(m) && w->ended))
			return FTP_DONE;
		if (m->ftp.verb == WORLD_STORE && unsent(m) == 0 && w->window > 0)
			return state & (FTP_PUT_DIAL | FTP_PUT_BUSY) ? FTP_READY : 0;
		return 0;
	case WORLD_FAILED: return FTP_FAILED;
	case WORLD_IDLE:
	case WORLD_BUSY: return 0;
	}
	return 0;
}

void
ftp_world(struct modem *m)
{
	enum ftp_event e;

	if (!(m->ftp.session.state & FTP_LIVE))
		return;
	ftp_look(m);
	e = ftp_held(m) ? 0 : news(m);
	if (e != 0)
		session_event(m, &m->ftp.session, (uint8_t)e);
}

void
ftp_bearer_lost(struct modem *m, int cid)
{
	if (cid == m->ftp.cid)
		session_event(m, &m->ftp.session, FTP_BEARER_LOST);
}
