/* modem_http_world: what the rules of the HTTP session say, and what the engine and the world bring. */

#include <stddef.h>

#include "modem.h"
#include "modem_http.h"

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

static size_t
write_last_method(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->sw.http_delete ? WORLD_DELETE : WORLD_HEAD, into, cap);
}

const struct slot modem_slots_http[] = {
	{ "http-method", write_method },
	{ "http-last-method", write_last_method },
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
	session_start(m, &m->http.session, SESSION_HTTP);
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

	if (m->http.session.state != HTTP_RUNNING || http_held(m))
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
