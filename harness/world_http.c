/*
 * HTTP servers and the proxy: what a request meets, worked out when it starts; the rest is time.
 *
 *	begin_us --body goes out--> sent_us --latency--> answer_us --body comes in--> end_us
 */
#include <stdio.h>
#include <strings.h>

#include "world_parts.h"

#define HOPS_MAX 10

/* Answers of the module's own, facts 4.4. */
enum {
	HTTP_NOT_A_PDU = 600,
	HTTP_NETWORK_ERROR = 601,
	HTTP_DNS_ERROR = 603,
	HTTP_TLS_CHANNEL = 605,
	HTTP_TLS_ALERT = 606,
};

/* ---- URLs ---------------------------------------------------------------- */

static bool
take_scheme(struct span *s, struct span scheme)
{
	if (s->len < scheme.len || strncasecmp(s->at, scheme.at, scheme.len) != 0)
		return false;
	*s = span_after(*s, scheme.len);
	return true;
}

/* Digits behind the colon of an authority; an empty port is the default one. */
static bool
take_port(struct span digits, uint16_t *port)
{
	uint32_t n = 0;

	for (size_t i = 0; i < digits.len; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return false;
		n = n * 10 + (uint32_t)(digits.at[i] - '0');
		if (n > 65535)
			return false;
	}
	*port = (uint16_t)n;
	return true;
}

/*
 * The scheme may be missing or upper case (note 3.2, 3.7).  A user and password before @ are dropped: they belong in
 * no log.  w may be NULL: then a query without a path has no slash put before it.
 */
bool
world_url_parse(struct world_sim *w, struct span text, bool tls, struct http_url *out)
{
	size_t end = 0;
	const char *at;

	*out = (struct http_url){ .tls = tls, .path = SPAN("/") };
	if (take_scheme(&text, SPAN("https://")))
		out->tls = true;
	else
		take_scheme(&text, SPAN("http://"));
	while (end < text.len && text.at[end] != '/' && text.at[end] != '?' && text.at[end] != '#')
		end++;
	out->host = span_of(text.at, end);
	text = span_after(text, end);
	if (text.len > 0 && (at = memchr(text.at, '#', text.len)) != NULL)
		text.len = (size_t)(at - text.at);
	if (text.len > 0 && text.at[0] == '?' && w != NULL)
		out->path = world_textf(w, "/%.*s", (int)text.len, text.at);
	else if (text.len > 0)
		out->path = text;
	if (out->host.len > 0 && (at = memrchr(out->host.at, '@', out->host.len)) != NULL)
		out->host = span_after(out->host, (size_t)(at - out->host.at) + 1);
	if (out->host.len > 0 && (at = memchr(out->host.at, ':', out->host.len)) != NULL) {
		size_t len = (size_t)(at - out->host.at);

		if (!take_port(span_after(out->host, len + 1), &out->port))
			return false;
		out->host.len = len;
	}
	return out->host.len > 0;
}

static uint16_t
port_of(const struct http_url *u)
{
	if (u->port != 0)
		return u->port;
	return u->tls ? 443 : 80;
}

struct span
world_url_text(struct world_sim *w, const struct http_url *u)
{
	const char *scheme = u->tls ? "https" : "http";

	if (port_of(u) == (u->tls ? 443 : 80))
		return world_textf(w, "%s://%.*s%.*s", scheme, (int)u->host.len, u->host.at, (int)u->path.len, u->path.at);
	return world_textf(w, "%s://%.*s:%u%.*s", scheme, (int)u->host.len, u->host.at, port_of(u), (int)u->path.len, u->path.at);
}

/* A resource described without a port and scheme answers on 80 and 443. */
static bool
listens_on(const struct http_resource *r, const struct http_url *u)
{
	uint16_t port = port_of(u);

	if (!world_same(r->url.host, u->host))
		return false;
	if (r->url.port != 0)
		return r->url.port == port;
	return port == 443 || (port == 80 && !r->url.tls);
}

static struct span
without_query(struct span path)
{
	const char *at = memchr(path.at, '?', path.len);

	return at == NULL ? path : span_of(path.at, (size_t)(at - path.at));
}

/*
 * The resource of a URL: the last line that describes it, so that a case can override what it uses.  A path with a query
 * that is not described as it stands is looked up without it.  method -1: any.  listens: somebody does on that port.
 */
const struct http_resource *
world_http_find(const struct world_sim *w, const struct http_url *u, int method, bool *listens)
{
	const struct http_resource *exact = NULL, *bare = NULL;
	struct span path = without_query(u->path);

	*listens = false;
	for (const struct http_resource *r = w->resources; r != NULL; r = r->next) {
		if (!listens_on(r, u))
			continue;
		*listens = true;
		if (method >= 0 && r->methods != 0 && (r->methods & 1u << method) == 0)
			continue;
		if (span_equal(r->url.path, u->path))
			exact = r;
		else if (span_equal(r->url.path, path))
			bare = r;
	}
	return exact != NULL ? exact : bare;
}

/* ---- what was asked ------------------------------------------------------- */

static size_t
undo_line_ends(char *into, struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		bool pair = s.at[i] == '\\' && i + 1 < s.len;

		if (pair && (s.at[i + 1] == 'r' || s.at[i + 1] == 'n'))
			into[n++] = s.at[++i] == 'r' ? '\r' : '\n';
		else
			into[n++] = s.at[i];
	}
	while (n > 0 && (into[n - 1] == '\r' || into[n - 1] == '\n'))
		n--;
	return n;
}

/* USERDATA: header lines with a literal \r\n between them (facts 4.2). */
static struct span
user_header(struct world_sim *w, struct span data)
{
	char *at;
	size_t n;

	if (data.len == 0)
		return SPAN("");
	at = arena_alloc(&w->arena, data.len + 2);
	n = undo_line_ends(at, data);
	if (n == 0)
		return SPAN("");
	memcpy(at + n, "\r\n", 2);
	return span_of(at, n + 2);
}

static struct span
range_header(struct world_sim *w, const struct world_http_request *rq)
{
	if (rq->method != WORLD_GET || (rq->range_first == 0 && rq->range_last == 0))
		return SPAN("");
	/* BREAKEND below BREAK: to the end (facts 4.2). */
	if (rq->range_last == 0 || rq->range_last < rq->range_first)
		return world_textf(w, "Range: bytes=%u-\r\n", rq->range_first);
	return world_textf(w, "Range: bytes=%u-%u\r\n", rq->range_first, rq->range_last);
}

static struct span
request_header(struct world_sim *w, const struct world_http_request *rq, const struct http_url *u, bool body)
{
	struct span user = user_header(w, rq->user_data), range = range_header(w, rq), port = SPAN(""), type = SPAN(""), length = SPAN("");

	if (port_of(u) != (u->tls ? 443 : 80))
		port = world_textf(w, ":%u", port_of(u));
	if (rq->content_type.len > 0)
		type = world_textf(w, "Content-Type: %.*s\r\n", (int)rq->content_type.len, rq->content_type.at);
	if (body)
		length = world_textf(w, "Content-Length: %zu\r\n", rq->body.len);
	return world_textf(w, "Host: %.*s%.*s\r\nUser-Agent: %.*s\r\nAccept: */*\r\n%.*s%.*s%.*s%.*s", (int)u->host.len, u->host.at,
	    (int)port.len, port.at, (int)rq->user_agent.len, rq->user_agent.at, (int)range.len, range.at, (int)type.len, type.at,
	    (int)length.len, length.at, (int)user.len, user.at);
}

static struct http_seen *
remember(struct world_sim *w, const struct world_http_request *rq, const struct http_url *u, enum world_http_method method, uint64_t at_us)
{
	struct http_seen *s = arena_alloc(&w->arena, sizeof(*s));

	s->before = w->http_seen;
	s->at_us = at_us;
	s->method = method;
	s->url = world_url_text(w, u);
	s->header = request_header(w, rq, u, method == WORLD_POST);
	s->body_kept = true;
	if (method == WORLD_POST) {
		s->body_kept = rq->body.len <= WORLD_STORED_MAX - w->held;
		s->body.len = rq->body.len;
		if (s->body_kept) {
			s->body = arena_copy(&w->arena, rq->body);
			w->held += rq->body.len;
		}
	}
	if (rq->proxy.len > 0) {
		s->proxy = arena_copy(&w->arena, rq->proxy);
		s->proxy_port = rq->proxy_port;
	}
	w->http_seen = s;
	return s;
}

/* ---- what it meets -------------------------------------------------------- */

static uint64_t
duration_us(uint64_t bytes, uint32_t rate)
{
	return rate == 0 ? 0 : (bytes * 1000000 + rate - 1) / rate;
}

/* The exchange ends at at_us without an answer.  false: nothing more is to be looked at. */
static bool
fail(struct http_exchange *x, int status, uint64_t at_us)
{
	x->failed = true;
	x->status = status;
	x->end_us = at_us;
	if (x->answer_us > at_us || x->answer_us == 0)
		x->answer_us = at_us;
	if (x->sent_us > at_us || x->sent_us == 0)
		x->sent_us = x->answer_us;
	return false;
}

/*
 * Nobody answers: the module gives up after its TIMEOUT.  601 Network Error is what the table of facts 4.4 has for it: 408 is a
 * server's answer, and no module was seen to make one up.
 */
static bool
never_answers(struct http_exchange *x)
{
	return fail(x, HTTP_NETWORK_ERROR, x->deadline_us);
}

static bool
find_name(struct world_sim *w, struct http_exchange *x, struct span host)
{
	switch (world_name(w, host)) {
	case NAME_KNOWN: return true;
	case NAME_UNKNOWN: return fail(x, HTTP_DNS_ERROR, x->begin_us + WORLD_HTTP_LATENCY_US);
	case NAME_SILENT: return fail(x, HTTP_DNS_ERROR, x->begin_us + WORLD_DNS_TIMEOUT_US);
	}
	return false;
}

static const char *
reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} known[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 204, "No Content" },
		{ 206, "Partial Content" },
		{ 301, "Moved Permanently" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 307, "Temporary Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 413, "Payload Too Large" },
		{ 416, "Range Not Satisfiable" },
		{ 500, "Internal Server Error" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].status == status)
			return known[i].reason;
	return "Status";
}

/* An answer with extra header lines and a body of length bytes, whatever of it comes. */
static void
answer_header(struct world_sim *w, struct http_exchange *x, struct span type, struct span extra, uint64_t length)
{
	x->header = world_textf(w, "HTTP/1.1 %d %s\r\nServer: attest\r\n%s%.*s%sContent-Length: %llu\r\n%.*sConnection: close\r\n",
	    x->status, reason(x->status), type.len > 0 ? "Content-Type: " : "", (int)type.len, type.at, type.len > 0 ? "\r\n" : "",
	    (unsigned long long)length, (int)extra.len, extra.at);
}

/* An answer of the server's own, without a body: 404, 405, 502. */
static bool
answer_bare(struct world_sim *w, struct http_exchange *x, int status, uint64_t latency_us)
{
	x->status = status;
	x->sent_us = x->begin_us;
	x->answer_us = x->end_us = x->begin_us + latency_us;
	answer_header(w, x, SPAN(""), SPAN(""), 0);
	return false;
}

/* The part of the body that a range asks for; x->first, x->total and x->status by it.  The extra header line. */
static struct span
apply_range(
    struct world_sim *w, struct http_exchange *x, const struct http_resource *r, const struct world_http_request *rq, uint64_t length)
{
	uint64_t last = length - 1;

	x->total = length;
	if (r->ranges == RANGES_NO || r->status != 200 || range_header(w, rq).len == 0)
		return SPAN("");
	if (rq->range_first >= length) {
		x->status = 416;
		x->total = 0;
		return world_textf(w, "Content-Range: bytes */%llu\r\n", (unsigned long long)length);
	}
	if (rq->range_last >= rq->range_first && rq->range_last != 0 && rq->range_last < last)
		last = rq->range_last;
	x->first = rq->range_first;
	x->total = last - x->first + 1;
	if (r->ranges == RANGES_OK)
		return SPAN("");
	x->status = 206;
	return world_textf(w, "Content-Range: bytes %llu-%llu/%llu\r\n", (unsigned long long)x->first, (unsigned long long)last,
	    (unsigned long long)length);
}

/* The resource answers. */
static void
answer(struct world_sim *w, struct http_exchange *x, const struct http_resource *r, const struct world_http_request *rq,
    enum world_http_method method, const struct http_seen *seen)
{
	struct span extra = SPAN("");
	uint64_t length, whole;

	x->status = r->status;
	x->content = r->content;
	x->rate = r->rate;
	x->body_length = seen->body.len;
	x->sent_us = x->begin_us + duration_us(x->body_length, r->rate);
	x->answer_us = x->sent_us + r->latency_us;
	if (r->echo && !seen->body_kept) {
		x->status = 413;
		x->content.length = 0;
	} else if (r->echo) {
		x->echo = seen->body;
	}
	length = x->content.length + x->echo.len;
	if (r->redirect.len > 0)
		extra = world_textf(w, "Location: %.*s\r\n", (int)r->redirect.len, r->redirect.at);
	if (method == WORLD_GET)
		extra = extra.len > 0 ? (x->total = length, extra) : apply_range(w, x, r, rq, length);
	else
		x->total = method == WORLD_HEAD ? 0 : length;
	whole = method == WORLD_HEAD ? length : x->total;
	answer_header(w, x, r->type, extra, whole);
	if (r->has_cut && r->cut < x->total) {
		x->total = r->cut;
		fail(x, HTTP_NETWORK_ERROR, x->answer_us + duration_us(x->total, r->rate));
		return;
	}
	x->end_us = x->answer_us + duration_us(x->total, r->rate);
}

/* Whether a connection for u comes about; through the proxy when there is one. */
static bool
connect_to(struct world_sim *w, struct http_exchange *x, const struct world_http_request *rq, const struct http_url *u)
{
	const struct http_proxy *p;

	if (rq->proxy.len == 0)
		return find_name(w, x, u->host);
	if (!find_name(w, x, rq->proxy))
		return false;
	for (p = w->proxies; p != NULL; p = p->next)
		if (world_same(p->host, rq->proxy) && p->port == rq->proxy_port)
			break;
	if (p == NULL || p->refuse)
		return fail(x, HTTP_NETWORK_ERROR, x->begin_us + WORLD_HTTP_LATENCY_US);
	return p->silent ? never_answers(x) : true;
}

/* One URL.  true: it is answered by r, and a redirect may follow. */
static bool
hop(struct world_sim *w, struct http_exchange *x, const struct world_http_request *rq, enum world_http_method method,
    const struct http_url *u, const struct http_resource **out)
{
	bool proxied = rq->proxy.len > 0, listens;
	const struct http_resource *r = world_http_find(w, u, (int)method, &listens);
	const struct http_seen *seen;

	*out = r;
	if (!connect_to(w, x, rq, u))
		return false;
	if (!listens || (r != NULL && r->refuse)) {
		if (!proxied)
			return fail(x, HTTP_NETWORK_ERROR, x->begin_us + WORLD_HTTP_LATENCY_US);
		remember(w, rq, u, method, x->begin_us);
		return answer_bare(w, x, 502, WORLD_HTTP_LATENCY_US);
	}
	if (r != NULL && u->tls && (r->tls_fails || r->tls_alert))
		return fail(x, r->tls_fails ? HTTP_TLS_CHANNEL : HTTP_TLS_ALERT, x->begin_us + r->latency_us);
	seen = remember(w, rq, u, method, x->begin_us);
	if (r == NULL)
		return answer_bare(w, x, world_http_find(w, u, -1, &listens) == NULL ? 404 : 405, WORLD_HTTP_LATENCY_US);
	if (r->silent)
		return never_answers(x);
	answer(w, x, r, rq, method, seen);
	if (r->garbage) {
		x->total = 0;
		return fail(x, HTTP_NOT_A_PDU, x->answer_us);
	}
	return !x->failed;
}

static bool
is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Where Location leads from u: a path stays on the server. */
static bool
follow(struct world_sim *w, struct span location, struct http_url *u)
{
	if (location.at[0] != '/')
		return world_url_parse(w, location, false, u);
	u->path = location;
	return true;
}

void
world_http_start(struct modem_world *mw, const struct world_http_request *rq)
{
	struct world_sim *w = (struct world_sim *)mw;
	struct http_exchange *x = &w->http;
	enum world_http_method method = rq->method;
	const struct http_resource *r;
	struct http_url u;
	uint64_t begin_us = w->now_us;

	*x = (struct http_exchange){ .started = true, .cid = rq->cid, .begin_us = begin_us };
	x->deadline_us = begin_us + (rq->timeout_ms == 0 ? 120000u : rq->timeout_ms) * UINT64_C(1000);
	if (!world_bearer_up(w, rq->cid)) {
		fail(x, HTTP_NETWORK_ERROR, begin_us);
		return;
	}
	if (!world_url_parse(w, rq->url, rq->tls, &u)) {
		fail(x, HTTP_DNS_ERROR, begin_us + WORLD_HTTP_LATENCY_US);
		return;
	}
	for (int hops = 0; hop(w, x, rq, method, &u, &r) && rq->redirect && is_redirect(x->status) && r->redirect.len > 0; hops++) {
		if (hops == HOPS_MAX || !follow(w, r->redirect, &u))
			break;
		/* RFC 9110 15.4: a POST becomes a GET, but for 307 and 308. */
		if (method == WORLD_POST && x->status < 307)
			method = WORLD_GET;
		begin_us = x->end_us;
		*x = (struct http_exchange){ .started = true, .cid = rq->cid, .begin_us = begin_us, .deadline_us = x->deadline_us };
	}
	if (x->end_us > x->deadline_us)
		never_answers(x);
}

/* ---- time ----------------------------------------------------------------- */

/* Whole segments of total bytes that have moved in elapsed_us. */
static uint64_t
moved(uint64_t total, uint32_t rate, uint64_t elapsed_us)
{
	uint64_t n;

	if (rate == 0)
		return total;
	n = elapsed_us * rate / 1000000;
	return n >= total ? total : n / HTTP_SEGMENT * HTTP_SEGMENT;
}

static uint64_t
answer_total(const struct http_exchange *x)
{
	return x->total;
}

void
world_http_poll(struct modem_world *mw, struct world_http *out)
{
	struct world_sim *w = (struct world_sim *)mw;
	const struct http_exchange *x = &w->http;
	uint64_t done;

	*out = (struct world_http){ .state = WORLD_IDLE };
	if (!x->started)
		return;
	if (w->now_us >= x->end_us) {
		out->state = x->failed ? WORLD_FAILED : WORLD_DONE;
		out->status = x->status;
		if (!x->failed) {
			out->length = (uint32_t)answer_total(x);
			out->finished = out->length;
			out->header = x->header;
		}
		return;
	}
	out->state = WORLD_BUSY;
	if (w->now_us < x->sent_us && x->body_length > 0) {
		done = moved(x->body_length, x->rate, w->now_us > x->begin_us ? w->now_us - x->begin_us : 0);
		out->sending = true;
		out->finished = (uint32_t)done;
		out->remaining = (uint32_t)(x->body_length - done);
	} else if (w->now_us >= x->answer_us) {
		done = moved(x->total, x->rate, w->now_us - x->answer_us);
		out->finished = (uint32_t)done;
		out->remaining = (uint32_t)(x->total - done);
	}
}

/* The end of the segment that is on its way in a phase that began at from_us. */
static uint64_t
segment_due(uint64_t total, uint32_t rate, uint64_t from_us, uint64_t now_us)
{
	uint64_t done = now_us > from_us ? moved(total, rate, now_us - from_us) : 0;
	uint64_t next = done + HTTP_SEGMENT;

	return from_us + duration_us(next < total ? next : total, rate);
}

uint64_t
world_http_due(const struct world_sim *w)
{
	const struct http_exchange *x = &w->http;
	uint64_t due = x->end_us;

	if (w->now_us >= x->end_us)
		return WORLD_NEVER;
	if (w->now_us < x->sent_us && x->body_length > 0 && x->rate != 0)
		due = segment_due(x->body_length, x->rate, x->begin_us, w->now_us);
	else if (w->now_us < x->answer_us)
		due = x->answer_us;
	else if (x->rate != 0)
		due = segment_due(x->total, x->rate, x->answer_us, w->now_us);
	return due < x->end_us ? due : x->end_us;
}

size_t
world_http_read(struct modem_world *mw, uint32_t offset, char *into, size_t cap)
{
	struct world_sim *w = (struct world_sim *)mw;
	const struct http_exchange *x = &w->http;
	uint64_t at = x->first + offset;
	size_t n, front = 0;

	if (!x->started || x->failed || w->now_us < x->end_us || offset >= x->total)
		return 0;
	n = x->total - offset < cap ? (size_t)(x->total - offset) : cap;
	if (at < x->content.length) {
		front = x->content.length - at < n ? (size_t)(x->content.length - at) : n;
		content_fill(&x->content, at, into, front);
	}
	if (n > front)
		memcpy(into + front, x->echo.at + (at + front - x->content.length), n - front);
	return n;
}

void
world_http_bearer_gone(struct world_sim *w, uint64_t at_us)
{
	if (at_us < w->http.end_us)
		fail(&w->http, HTTP_NETWORK_ERROR, at_us);
}

/* What had not been sent yet never arrives. */
void
world_http_close(struct modem_world *mw)
{
	struct world_sim *w = (struct world_sim *)mw;

	while (w->http_seen != NULL && w->http_seen->at_us > w->now_us)
		w->http_seen = w->http_seen->before;
	w->http.started = false;
}
