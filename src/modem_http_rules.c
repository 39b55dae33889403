/* modem_http_rules: what the HTTP session does in which state.  Facts 4.3 to 4.10; manual chapter 11; note 3.2 to 3.8. */

#include <stddef.h>

#include "modem.h"
#include "modem_http.h"

/* ---- guards ------------------------------------------------------------ */

static bool
bearer_closed(const struct modem *m)
{
	return !bearer_is_open(m, m->set.http_cid);
}

static bool
bearer_closed_refuses(const struct modem *m)
{
	return bearer_closed(m) && m->sw.http_no_bearer == 1;
}

static bool
no_url(const struct modem *m)
{
	return m->set.http_url[0] == '\0';
}

static bool
busy_says_604(const struct modem *m)
{
	return m->sw.http_busy_action == 604 && m->timer_us[TIMER_HTTP_REFUSED] == MODEM_NEVER;
}

static bool
busy_refuses_para(const struct modem *m)
{
	return m->sw.http_busy_para == 1;
}

static bool
busy_refuses_term(const struct modem *m)
{
	return m->sw.http_busy_term == 1;
}

static bool
nothing_wanted(const struct modem *m)
{
	return m->http.want == 0;
}

static bool
nothing_to_read(const struct modem *m)
{
	return m->http.length == 0;
}

static bool
read_beyond(const struct modem *m)
{
	return m->http.read_start >= m->http.length;
}

static bool
read_beyond_refuses(const struct modem *m)
{
	return read_beyond(m) && m->sw.http_read_beyond == 1;
}

static bool
no_header(const struct modem *m)
{
	return m->http.header_length == 0;
}

static bool
header_too_long(const struct modem *m)
{
	return m->http.header_length > sizeof m->http.header;
}

static bool
answer_too_long(const struct modem *m)
{
	return m->http.method != WORLD_HEAD && m->http.progress.length > HTTP_BUFFER_MAX;
}

/* The OK of AT+HTTPACTION is younger than http-urc: its URC has to wait (host expectations 17). */
static bool
held(const struct modem *m)
{
	return m->timer_us[TIMER_HTTP_URC] != MODEM_NEVER;
}

/* ---- actions ----------------------------------------------------------- */

static void
forget(struct modem *m)
{
	m->http.length = m->http.header_length = 0;
	m->http.announced = 0;
	m->http.status = 0;
}

static void
start_fresh(struct modem *m)
{
	forget(m);
	m->http.method = WORLD_GET;
}

static void
end_exchange(struct modem *m)
{
	modem_disarm(m, TIMER_HTTP);
	modem_disarm(m, TIMER_HTTP_URC);
	m->world->ops->http_close(m->world);
}

static void
terminate(struct modem *m)
{
	forget(m);
	settings_reset(m, modem_settings_http, RESET_TERM);
}

/* An action that is running, or whose URC is still queued, is not announced any more. */
static void
abort_and_terminate(struct modem *m)
{
	end_exchange(m);
	modem_disarm(m, TIMER_HTTP_REFUSED);
	modem_urc_cancel(m, SPAN("+HTTPACTION:"));
	terminate(m);
}

static void
set_value(struct modem *m)
{
	setting_set(m, m->http.tag, m->http.value);
}

static void
save(struct modem *m)
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
	/* The body of a POST is what the buffer holds, be it HTTPDATA's or the last answer (facts 4.6). */
	if (m->http.method != WORLD_POST)
		m->http.length = 0;
}

static void
begin_without_bearer(struct modem *m)
{
	begin(m);
	m->http.status = 601;
}

static void
ask_server(struct modem *m)
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
static void
take_answer(struct modem *m)
{
	const struct world_http *w = &m->http.progress;
	uint32_t length = m->http.method == WORLD_HEAD ? 0 : w->length;
	uint32_t have = 0;

	m->http.status = w->status;
	/* The note answers a range with 200 where servers say 206 (note 3.7, facts 4.10). */
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

static void
take_no_answer(struct modem *m)
{
	m->http.status = 602;
	m->http.length = 0;
	end_exchange(m);
}

static void
take_failure(struct modem *m)
{
	m->http.status = m->http.progress.status;
	end_exchange(m);
}

static void
give_up(struct modem *m)
{
	m->http.status = (int)m->sw.http_timeout_status;
	end_exchange(m);
}

static void
lose_bearer(struct modem *m)
{
	m->http.status = 601;
	end_exchange(m);
}

/* The same while the URC still has to wait: its timer goes on. */
static void
lose_bearer_early(struct modem *m)
{
	m->http.status = 601;
	modem_disarm(m, TIMER_HTTP);
	m->world->ops->http_close(m->world);
}

static void
refuse(struct modem *m)
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

static void
ask_for_data(struct modem *m)
{
	forget(m);
	modem_take_data(m, m->http.want, m->http.time_ms, store_data, data_done);
}

static void
keep_partial(struct modem *m)
{
	if (m->sw.http_partial_keeps == 0)
		m->http.length = 0;
}

static void
stage_body(struct modem *m)
{
	uint32_t left = m->http.length - m->http.read_start;

	if (m->http.read_size > left)
		m->http.read_size = left;
	m->stage = span_of(m->http.buffer + m->http.read_start, m->http.read_size);
}

static void
stage_header(struct modem *m)
{
	m->stage = span_of(m->http.header, m->http.header_length);
}

/* ---- the table --------------------------------------------------------- */

/* clang-format off */
#define SILENT { { .kind = SAY_NOTHING } }
#define URC_RESULT "+HTTPACTION: <http-method>,<http-status>,<http-announced>"

const struct rule http_rules[] = {
	/* AT+HTTPINIT comes first, and once; AT+HTTPTERM ends it and puts the parameters back. */
	{ "http-init-1", HTTP_OFF, HTTP_CMD_INIT, NULL, start_fresh, { FINAL_OK }, HTTP_READY, 0, 0, LINE_STAY, "M 11.2.1", EV_MANUAL, 0 },
	{ "http-init-2", HTTP_ON, HTTP_CMD_INIT, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_LOG, 0 },
	{ "http-term-1", HTTP_READY, HTTP_CMD_TERM, NULL, terminate, { FINAL_OK }, HTTP_OFF, 0, 0, LINE_STAY, "M 11.2.2", EV_MANUAL, 0 },
	{ "http-term-2", HTTP_OFF, HTTP_CMD_TERM, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.2", EV_LOG, 0 },
	{ "http-term-3", HTTP_ACTION, HTTP_CMD_TERM, busy_refuses_term, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.2", EV_UNKNOWN, 0 },
	{ "http-term-4", HTTP_ACTION, HTTP_CMD_TERM, NULL, abort_and_terminate, { FINAL_OK }, HTTP_OFF, 0, 0, LINE_STAY, "M 11.2.2", EV_UNKNOWN, 0 },

	/* Parameters: after AT+HTTPINIT, with the bearer open or closed. */
	{ "http-para-1", HTTP_ACTION, HTTP_CMD_PARA, busy_refuses_para, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.3", EV_UNKNOWN, 0 },
	{ "http-para-2", HTTP_READY | HTTP_ACTION, HTTP_CMD_PARA, NULL, set_value, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.3", EV_MANUAL, 0 },
	{ "http-para-3", HTTP_READY | HTTP_ACTION, HTTP_CMD_PARA_READ, NULL, http_list_parameters, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.3", EV_MANUAL, 0 },
	{ "http-scont-1", HTTP_READY | HTTP_ACTION, HTTP_CMD_SCONT, NULL, save, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.7", EV_MANUAL, 0 },
	{ "http-scont-2", HTTP_READY | HTTP_ACTION, HTTP_CMD_SCONT_READ, NULL, http_list_context, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.7", EV_MANUAL, 0 },
	{ "http-ssl-1", HTTP_ANY & ~HTTP_TAKING, HTTP_CMD_SSL, NULL, set_value, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "SSL 3.1", EV_MANUAL, 0 },

	/* AT+HTTPDATA: DOWNLOAD, exactly so many bytes, OK; OK as well when the time is over; size 0 deletes all content. */
	{ "http-data-1", HTTP_READY, HTTP_CMD_DATA, nothing_wanted, forget, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.4", EV_MANUAL, 0 },
	{ "http-data-2", HTTP_READY, HTTP_CMD_DATA, NULL, ask_for_data, { PROMPT("DOWNLOAD") }, HTTP_TAKING, 0, 0, LINE_DCD_LOW, "3.3", EV_NOTE, 0 },
	{ "http-data-3", HTTP_TAKING, HTTP_TAKEN, NULL, NULL, { FINAL_OK }, HTTP_READY, 0, 0, LINE_DCD_HIGH, "3.3", EV_NOTE, 0 },
	{ "http-data-4", HTTP_TAKING, HTTP_CUT, NULL, keep_partial, { FINAL_OK }, HTTP_READY, 0, 0, LINE_DCD_HIGH, "M 11.2.4", EV_LOG, 0 },
	{ "http-data-5", HTTP_ACTION, HTTP_CMD_DATA, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.4", EV_UNKNOWN, 0 },

	/* AT+HTTPACTION: OK, later +HTTPACTION: method,status,length. */
	{ "http-action-1", HTTP_READY, HTTP_CMD_ACTION, no_url, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_LOG, 0 },
	{ "http-action-2", HTTP_READY, HTTP_CMD_ACTION, bearer_closed_refuses, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_UNKNOWN, 0 },
	{ "http-action-3", HTTP_READY, HTTP_CMD_ACTION, bearer_closed, begin_without_bearer, { FINAL_OK }, HTTP_FAILING, TIMER_HTTP_URC, 0, LINE_STAY, "M 11.2.5", EV_LOG, 0 },
	{ "http-action-4", HTTP_READY, HTTP_CMD_ACTION, NULL, ask_server, { FINAL_OK }, HTTP_RUNNING, TIMER_HTTP_URC, 0, LINE_STAY, "3.2", EV_NOTE, 0 },
	{ "http-action-5", HTTP_ACTION, HTTP_CMD_ACTION, busy_says_604, refuse, { FINAL_OK }, STAY, TIMER_HTTP_REFUSED, 0, LINE_STAY, "M 11.2.5", EV_UNKNOWN, 0 },
	{ "http-action-6", HTTP_ACTION, HTTP_CMD_ACTION, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_UNKNOWN, 0 },
	{ "http-result-1", HTTP_RUNNING, HTTP_DONE, answer_too_long, take_no_answer, { URC(URC_RESULT) }, HTTP_READY, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ "http-result-2", HTTP_RUNNING, HTTP_DONE, NULL, take_answer, { URC(URC_RESULT) }, HTTP_READY, 0, 0, LINE_STAY, "3.2", EV_NOTE, 0 },
	{ "http-result-3", HTTP_RUNNING, HTTP_FAILED, NULL, take_failure, { URC(URC_RESULT) }, HTTP_READY, 0, 0, LINE_STAY, "M 11.2.5", EV_MANUAL, 0 },
	{ "http-result-4", HTTP_RUNNING, HTTP_EXPIRED, NULL, give_up, { URC(URC_RESULT) }, HTTP_READY, 0, 0, LINE_STAY, "M 11.2.3", EV_INFERRED, 0 },
	{ "http-result-5", HTTP_RUNNING, HTTP_BEARER_LOST, held, lose_bearer_early, SILENT, HTTP_FAILING, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ "http-result-6", HTTP_RUNNING, HTTP_BEARER_LOST, NULL, lose_bearer, { URC(URC_RESULT) }, HTTP_READY, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ "http-result-7", HTTP_FAILING, HTTP_URC_DUE, NULL, NULL, { URC(URC_RESULT) }, HTTP_READY, 0, 0, LINE_STAY, "M 11.2.5", EV_LOG, 0 },
	{ "http-result-8", HTTP_ANY, HTTP_REFUSED, NULL, NULL, { URC("+HTTPACTION: <http-refused>,604,0") }, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_UNKNOWN, 0 },

	/* AT+HTTPREAD: the buffer or a part of it, as often as wanted; OK alone where there is nothing, or nothing yet. */
	{ "http-read-1", HTTP_READY, HTTP_CMD_READ, nothing_to_read, NULL, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.6", EV_LOG, 0 },
	{ "http-read-2", HTTP_READY, HTTP_CMD_READ, read_beyond_refuses, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.6", EV_UNKNOWN, 0 },
	{ "http-read-3", HTTP_READY, HTTP_CMD_READ, read_beyond, NULL, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.6", EV_INFERRED, 0 },
	{ "http-read-4", HTTP_READY, HTTP_CMD_READ, NULL, stage_body, { INFO("+HTTPREAD: <http-read-size>"), PAYLOAD, FINAL_OK }, STAY, 0, 0, LINE_STAY, "3.2", EV_NOTE, 0 },
	{ "http-read-5", HTTP_ACTION, HTTP_CMD_READ, NULL, NULL, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.6", EV_LOG, 0 },

	/* AT+HTTPSTATUS?: live numbers; 0,0,0 when nothing is going on, the method stays the last one's. */
	{ "http-status-1", HTTP_RUNNING, HTTP_CMD_STATUS, NULL, NULL, { INFO("+HTTPSTATUS: <http-mode>,<http-phase>,<http-finish>,<http-remain>"), FINAL_OK }, STAY, 0, 0, LINE_STAY, "3.8", EV_NOTE, 0 },
	{ "http-status-2", HTTP_READY | HTTP_FAILING, HTTP_CMD_STATUS, NULL, NULL, { INFO("+HTTPSTATUS: <http-mode>,0,0,0"), FINAL_OK }, STAY, 0, 0, LINE_STAY, "3.8", EV_NOTE, 0 },

	/* AT+HTTPHEAD: the header of the last answer. */
	{ "http-head-1", HTTP_READY, HTTP_CMD_HEAD, no_header, NULL, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 21.13", EV_INFERRED, 0 },
	{ "http-head-2", HTTP_READY, HTTP_CMD_HEAD, header_too_long, NULL, { FAIL(20) }, STAY, 0, 0, LINE_STAY, "M 21.13", EV_INFERRED, 0 },
	{ "http-head-3", HTTP_READY, HTTP_CMD_HEAD, NULL, stage_header, { INFO("+HTTPHEAD: <http-header-length>"), PAYLOAD, FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 21.13", EV_MANUAL, 0 },
	{ "http-head-4", HTTP_ACTION, HTTP_CMD_HEAD, NULL, NULL, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 21.13", EV_INFERRED, 0 },

	/* AT+HTTPINIT first: every other command without it is refused.  While data is taken no command is read at all. */
	{ "http-off-1", HTTP_OFF | HTTP_TAKING, HTTP_CMD_PARA, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-2", HTTP_OFF | HTTP_TAKING, HTTP_CMD_PARA_READ, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-3", HTTP_OFF | HTTP_TAKING, HTTP_CMD_DATA, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-4", HTTP_OFF | HTTP_TAKING, HTTP_CMD_ACTION, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-5", HTTP_OFF | HTTP_TAKING, HTTP_CMD_READ, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-6", HTTP_OFF | HTTP_TAKING, HTTP_CMD_SCONT, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.7", EV_MANUAL, 0 },
	{ "http-off-7", HTTP_OFF | HTTP_TAKING, HTTP_CMD_SCONT_READ, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.7", EV_MANUAL, 0 },
	{ "http-off-8", HTTP_OFF | HTTP_TAKING, HTTP_CMD_STATUS, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-9", HTTP_OFF | HTTP_TAKING, HTTP_CMD_HEAD, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-10", HTTP_TAKING, HTTP_CMD_TERM, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.4", EV_INFERRED, 0 },
	{ "http-off-11", HTTP_TAKING, HTTP_CMD_SSL, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.4", EV_INFERRED, 0 },

	/* What comes too late changes nothing. */
	{ "http-late-1", HTTP_ANY & ~HTTP_TAKING, HTTP_TAKEN, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.4", EV_INFERRED, 0 },
	{ "http-late-2", HTTP_ANY & ~HTTP_TAKING, HTTP_CUT, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.4", EV_INFERRED, 0 },
	{ "http-late-3", HTTP_ANY & ~HTTP_RUNNING, HTTP_DONE, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ "http-late-4", HTTP_ANY & ~HTTP_RUNNING, HTTP_FAILED, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ "http-late-5", HTTP_ANY & ~HTTP_RUNNING, HTTP_EXPIRED, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.3", EV_INFERRED, 0 },
	{ "http-late-6", HTTP_ANY & ~HTTP_FAILING, HTTP_URC_DUE, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ "http-late-7", HTTP_ANY & ~HTTP_RUNNING, HTTP_BEARER_LOST, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ .id = NULL },
};
/* clang-format on */

const struct session_table http_session_table = { "http", http_rules, HTTP_ANY, HTTP_OFF, HTTP_EVENTS };

/* ---- what the rules say ------------------------------------------------- */

static size_t
write_method(const struct modem *m, char *into, size_t cap)
{
	return number_write((int64_t)m->http.method, into, cap);
}

static size_t
write_refused(const struct modem *m, char *into, size_t cap)
{
	return number_write((int64_t)m->http.refused, into, cap);
}

static size_t
write_status(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->http.status, into, cap);
}

static size_t
write_announced(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->http.announced, into, cap);
}

static size_t
write_read_size(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->http.read_size, into, cap);
}

static size_t
write_header_length(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->http.header_length, into, cap);
}

static size_t
write_mode(const struct modem *m, char *into, size_t cap)
{
	switch (m->http.method) {
	case WORLD_GET: return span_write(SPAN("GET"), into, cap);
	case WORLD_POST: return span_write(SPAN("POST"), into, cap);
	case WORLD_HEAD: return span_write(SPAN("HEAD"), into, cap);
	case WORLD_DELETE: return span_write(SPAN("DELETE"), into, cap);
	}
	return 0;
}

/* 1 receiving, 2 sending (manual 11.2.8). */
static size_t
write_phase(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->http.progress.sending ? 2 : 1, into, cap);
}

static size_t
write_finish(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->http.progress.finished, into, cap);
}

static size_t
write_remain(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->http.progress.remaining, into, cap);
}

const struct slot modem_slots_http[] = {
	{ "http-method", write_method },
	{ "http-refused", write_refused },
	{ "http-status", write_status },
	{ "http-announced", write_announced },
	{ "http-read-size", write_read_size },
	{ "http-header-length", write_header_length },
	{ "http-mode", write_mode },
	{ "http-phase", write_phase },
	{ "http-finish", write_finish },
	{ "http-remain", write_remain },
	{ NULL, NULL },
};

/* ---- what happens --------------------------------------------------------- */

void
http_init(struct modem *m)
{
	memset(&m->http, 0, offsetof(struct modem_http, buffer));
	session_start(m, &m->http.session, &http_session_table);
}

void
http_reset(struct modem *m)
{
	if (m->http.session.state == HTTP_RUNNING)
		m->world->ops->http_close(m->world);
	http_init(m);
}

void
http_timer(struct modem *m, enum modem_timer timer)
{
	if (timer == TIMER_HTTP_URC) {
		session_event(m, &m->http.session, HTTP_URC_DUE);
		http_world(m);
	} else if (timer == TIMER_HTTP) {
		session_event(m, &m->http.session, HTTP_EXPIRED);
	} else if (timer == TIMER_HTTP_REFUSED) {
		session_event(m, &m->http.session, HTTP_REFUSED);
	}
}

/* The world is asked again when the URC may come, so nothing is lost by not listening before. */
void
http_world(struct modem *m)
{
	struct world_http *w = &m->http.progress;

	if (m->http.session.state != HTTP_RUNNING || held(m))
		return;
	m->world->ops->http_poll(m->world, w);
	switch (w->state) {
	case WORLD_DONE: session_event(m, &m->http.session, HTTP_DONE); break;
	case WORLD_FAILED: session_event(m, &m->http.session, HTTP_FAILED); break;
	case WORLD_IDLE:
	case WORLD_BUSY:
	case WORLD_READY: break;
	}
}

void
http_bearer_lost(struct modem *m, int cid)
{
	if (cid == m->http.cid)
		session_event(m, &m->http.session, HTTP_BEARER_LOST);
}
