/* modem_ftp_world: what the rules of the FTP session say, and what the engine and the world bring. */

#include <stddef.h>

#include "modem.h"
#include "modem_ftp.h"

/* ---- what the rules say ------------------------------------------------- */

static struct span
verb_name(enum world_ftp_verb verb)
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

struct span
ftp_line_start(const struct modem *m, struct span kind, char into[FTP_LINE_START_MAX])
{
	struct span name = verb_name(m->ftp.verb);
	size_t n = 0;

	into[n++] = '+';
	n += span_write(name, into + n, FTP_LINE_START_MAX - n);
	n += span_write(kind, into + n, FTP_LINE_START_MAX - n);
	return span_of(into, n);
}

static size_t
write_verb(const struct modem *m, char *into, size_t cap)
{
	return span_write(verb_name(m->ftp.verb), into, cap);
}

static size_t
write_refused(const struct modem *m, char *into, size_t cap)
{
	return span_write(verb_name(m->ftp.refused_now), into, cap);
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

void
ftp_init(struct modem *m)
{
	memset(&m->ftp, 0, offsetof(struct modem_ftp, extend));
	session_start(m, &m->ftp.session, SESSION_FTP);
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
