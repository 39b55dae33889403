/* modem_http_acts: what the rules of the HTTP session ask and do. */

#include "modem.h"
#include "modem_http.h"

/* ---- guards ------------------------------------------------------------ */

bool
http_bearer_closed(const struct modem *m)
{
	return !bearer_is_open(m, m->set.http_cid);
}

bool
http_bearer_closed_refuses(const struct modem *m)
{
	return http_bearer_closed(m) && m->sw.http_no_bearer == 1;
}

bool
http_no_url(const struct modem *m)
{
	return m->set.http_url[0] == '\0';
}

bool
http_busy_says_604(const struct modem *m)
{
	return m->sw.http_busy_action == 604 && m->timer_us[TIMER_HTTP_REFUSED] == MODEM_NEVER;
}

bool
http_busy_refuses_para(const struct modem *m)
{
	return m->sw.http_busy_para == 1;
}

bool
http_busy_refuses_term(const struct modem *m)
{
	return m->sw.http_busy_term == 1;
}

bool
http_nothing_wanted(const struct modem *m)
{
	return m->http.want == 0;
}

bool
http_nothing_to_read(const struct modem *m)
{
	return m->http.length == 0;
}

bool
http_read_beyond(const struct modem *m)
{
	return m->http.read_start >= m->http.length;
}

bool
http_read_beyond_refuses(const struct modem *m)
{
	return http_read_beyond(m) && m->sw.http_read_beyond == 1;
}

bool
http_no_header(const struct modem *m)
{
	return m->http.header_length == 0;
}

bool
http_header_too_long(const struct modem *m)
{
	return m->http.header_length > sizeof m->http.header;
}

bool
http_answer_too_long(const struct modem *m)
{
	return m->http.method != WORLD_HEAD && m->http.progress.length > HTTP_BUFFER_MAX;
}

/* The OK of AT+HTTPACTION is younger than http-urc: its URC has to wait (host programs 17). */
bool
http_held(const struct modem *m)
{
	return m->timer_us[TIMER_HTTP_URC] != MODEM_NEVER;
}

/* ---- actions ----------------------------------------------------------- */

void
http_forget(struct modem *m)
{
	m->http.length = m->http.header_length = 0;
	m->http.announced = 0;
	m->http.status = 0;
}

void
http_start_fresh(struct modem *m)
{
	http_forget(m);
	m->http.method = WORLD_GET;
}

static void
end_exchange(struct modem *m)
{
	modem_disarm(m, TIMER_HTTP);
	modem_disarm(m, TIMER_HTTP_URC);
	/* What failed without a server has nothing to close. */
	if (m->http.session.state == HTTP_RUNNING)
		m->world->ops->http_close(m->world);
}

void
http_terminate(struct modem *m)
{
	http_forget(m);
	settings_reset(m, m->tables->setting[SETTINGS_HTTP], RESET_TERM);
}

/* An action that is running, or whose URC is still queued, is not announced any more. */
void
http_abort_and_terminate(struct modem *m)
{
	end_exchange(m);
	modem_disarm(m, TIMER_HTTP_REFUSED);
	modem_urc_cancel(m, SPAN("+HTTPACTION:"));
	http_terminate(m);
}

void
http_set_value(struct modem *m)
{
	setting_set(m, m->http.tag, m->http.value);
}

void
http_save(struct modem *m)
{
	settings_save(m, SAVED_HTTPSCONT);
}

/* The method and the settings are those of this moment; what is set later is for the next exchange. */
static void
begin(struct modem *m)
{
	m->http.method = m->http.asked;
	m->http.used = m->set;
	m->http.cid = m->set.http_cid;
	m->http.announced = 0;
	m->http.header_length = 0;
	m->http.progress = (struct world_http){ .state = WORLD_BUSY };
	/* The body of a POST is what the buffer holds, be it HTTPDATA's or the last answer (log LA). */
	if (m->http.method != WORLD_POST)
		m->http.length = 0;
}

void
http_begin_without_bearer(struct modem *m)
{
	begin(m);
	m->http.status = 601;
}

void
http_ask_server(struct modem *m)
{
	const struct modem_settings *s = &m->http.used;
	struct world_http_request r = { 0 };

	begin(m);
	r.method = m->http.method;
	r.url = span_str(s->http_url);
	r.user_agent = span_str(s->http_agent);
	r.content_type = span_str(s->http_content);
	r.user_data = span_str(s->http_userdata);
	r.proxy = span_str(s->http_proxy);
	r.proxy_port = (uint16_t)s->http_proxy_port;
	r.redirect = s->http_redirect == 1;
	r.tls = s->http_ssl == 1;
	r.range_first = (uint32_t)s->http_break;
	r.range_last = (uint32_t)s->http_breakend;
	if (r.method == WORLD_POST)
		r.body = span_of(m->http.buffer, m->http.length);
	r.timeout_ms = (uint32_t)s->http_timeout * 1000;
	r.cid = m->http.cid;
	modem_arm(m, TIMER_HTTP, r.timeout_ms);
	m->world->ops->http_start(m->world, &r);
}

/* The answer takes the buffer's place; a HEAD has none. */
void
http_take_answer(struct modem *m)
{
	const struct world_http *w = &m->http.progress;
	uint32_t length = m->http.method == WORLD_HEAD ? 0 : w->length;
	uint32_t have = 0;

	m->http.status = w->status;
	/* The note answers a range with 200 where servers say 206 (note 3.7). */
	if (w->status == 206 && m->sw.http_range_status == 200)
		m->http.status = 200;
	while (have < length) {
		size_t n = m->world->ops->http_read(m->world, have, m->http.buffer + have, length - have);

		if (n == 0)
			break;
		have += (uint32_t)n;
	}
	m->http.length = m->http.announced = have;
	m->http.header_length = (uint32_t)w->header.len;
	if (w->header.len > 0 && w->header.len <= sizeof m->http.header)
		memcpy(m->http.header, w->header.at, w->header.len);
	end_exchange(m);
}

void
http_take_no_answer(struct modem *m)
{
	m->http.status = 602;
	m->http.length = 0;
	end_exchange(m);
}

void
http_take_failure(struct modem *m)
{
	m->http.status = m->http.progress.status;
	end_exchange(m);
}

void
http_give_up(struct modem *m)
{
	m->http.status = (int)m->sw.http_timeout_status;
	end_exchange(m);
}

void
http_lose_bearer(struct modem *m)
{
	m->http.status = 601;
	end_exchange(m);
}

/* The same while the URC still has to wait: its timer goes on. */
void
http_lose_bearer_early(struct modem *m)
{
	m->http.status = 601;
	modem_disarm(m, TIMER_HTTP);
	m->world->ops->http_close(m->world);
}

void
http_refuse(struct modem *m)
{
	m->http.refused = m->http.asked;
}

static void
store_data(struct modem *m, struct span piece)
{
	size_t room = HTTP_BUFFER_MAX - m->http.length;
	struct span fits = span_first(piece, room);

	if (fits.len > 0)
		memcpy(m->http.buffer + m->http.length, fits.at, fits.len);
	m->http.length += (uint32_t)fits.len;
}

static void
data_done(struct modem *m, bool complete)
{
	session_event(m, &m->http.session, complete ? HTTP_TAKEN : HTTP_CUT);
}

void
http_ask_for_data(struct modem *m)
{
	http_forget(m);
	modem_take_data(m, m->http.want, m->http.time_ms, store_data, data_done);
}

void
http_keep_partial(struct modem *m)
{
	if (m->sw.http_partial_keeps == 0)
		m->http.length = 0;
}

void
http_stage_body(struct modem *m)
{
	uint32_t left = m->http.length - m->http.read_start;

	if (m->http.read_size > left)
		m->http.read_size = left;
	m->stage = span_of(m->http.buffer + m->http.read_start, m->http.read_size);
}

void
http_stage_header(struct modem *m)
{
	m->stage = span_of(m->http.header, m->http.header_length);
}
