/*
 * HTTP servers and the proxy: what a request meets, worked out when it starts; the rest is time.
 *
 *	begin_us --body goes out--> sent_us --latency--> answer_us --body comes in--> end_us
 */
#include "world_parts.h"

#define HOPS_MAX 10

/* Statuses of the module's own (manual 11.2.5; 605 and 606: SSL note). */
enum {
	HTTP_NOT_A_PDU = 600,
	HTTP_NETWORK_ERROR = 601,
	HTTP_DNS_ERROR = 603,
	HTTP_TLS_CHANNEL = 605,
	HTTP_TLS_ALERT = 606,
};

uint64_t
world_duration_us(uint64_t bytes, uint32_t rate)
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
 * Nobody answers: the module gives up after its TIMEOUT.  601 Network Error is what the table of manual 11.2.5 has for it: 408 is a
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
	x->header =
	    world_textf(&w->http_work, "HTTP/1.1 %d %s\r\nServer: attest\r\n%s%.*s%sContent-Length: %llu\r\n%.*sConnection: close\r\n",
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
	if (r->ranges == RANGES_NO || r->status != 200 || world_range_header(w, rq).len == 0)
		return SPAN("");
	if (rq->range_first >= length) {
		x->status = 416;
		x->total = 0;
		return world_textf(&w->http_work, "Content-Range: bytes */%llu\r\n", (unsigned long long)length);
	}
	if (rq->range_last >= rq->range_first && rq->range_last != 0 && rq->range_last < last)
		last = rq->range_last;
	x->first = rq->range_first;
	x->total = last - x->first + 1;
	if (r->ranges == RANGES_OK)
		return SPAN("");
	x->status = 206;
	return world_textf(&w->http_work, "Content-Range: bytes %llu-%llu/%llu\r\n", (unsigned long long)x->first, (unsigned long long)last,
	    (unsigned long long)length);
}

/* The request as it arrived, and was remembered: its line, its header, its body. */
static struct span
request_text(struct world_sim *w, const struct http_resource *r, enum world_http_method method, struct span body)
{
	const struct http_seen *seen = w->log.http;
	struct span line =
	    world_textf(&w->http_work, "%s %.*s HTTP/1.1\r\n", world_http_methods[method], (int)r->url.path.len, r->url.path.at);
	char *at = arena_alloc(&w->http_work, line.len + seen->header.len + 2 + body.len);

	memcpy(at, line.at, line.len);
	memcpy(at + line.len, seen->header.at, seen->header.len);
	memcpy(at + line.len + seen->header.len, "\r\n", 2);
	if (body.len > 0)
		memcpy(at + line.len + seen->header.len + 2, body.at, body.len);
	return span_of(at, line.len + seen->header.len + 2 + body.len);
}

/* The resource answers. */
static void
answer(struct world_sim *w, struct http_exchange *x, const struct http_resource *r, const struct world_http_request *rq,
    enum world_http_method method)
{
	struct span extra = SPAN(""), body = method == WORLD_POST ? rq->body : SPAN("");
	uint64_t length, whole;

	x->status = r->status;
	x->content = r->content;
	x->rate = r->rate;
	x->body_length = body.len;
	x->sent_us = x->begin_us + world_duration_us(x->body_length, r->rate);
	x->answer_us = x->sent_us + r->latency_us;
	/* The module reads the answer into the memory that its body came from. */
	if (r->echo)
		x->echo = arena_copy(&w->http_work, body);
	if (r->echo_request)
		x->echo = request_text(w, r, method, body);
	length = x->content.length + x->echo.len;
	if (r->redirect.len > 0)
		extra = world_textf(&w->http_work, "Location: %.*s\r\n", (int)r->redirect.len, r->redirect.at);
	if (method == WORLD_GET)
		extra = extra.len > 0 ? (x->total = length, extra) : apply_range(w, x, r, rq, length);
	else
		x->total = method == WORLD_HEAD ? 0 : length;
	whole = method == WORLD_HEAD ? length : x->total;
	answer_header(w, x, r->type, extra, whole);
	if (r->has_cut && r->cut < x->total) {
		x->total = r->cut;
		fail(x, HTTP_NETWORK_ERROR, x->answer_us + world_duration_us(x->total, r->rate));
		return;
	}
	x->end_us = x->answer_us + world_duration_us(x->total, r->rate);
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
		if (at_same(p->host, rq->proxy) && p->port == rq->proxy_port)
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

	*out = r;
	if (!connect_to(w, x, rq, u))
		return false;
	if (!listens || (r != NULL && r->refuse)) {
		if (!proxied)
			return fail(x, HTTP_NETWORK_ERROR, x->begin_us + WORLD_HTTP_LATENCY_US);
		world_http_remember(w, rq, u, method, x->begin_us);
		return answer_bare(w, x, 502, WORLD_HTTP_LATENCY_US);
	}
	if (r != NULL && u->tls && (r->tls_fails || r->tls_alert))
		return fail(x, r->tls_fails ? HTTP_TLS_CHANNEL : HTTP_TLS_ALERT, x->begin_us + r->latency_us);
	world_http_remember(w, rq, u, method, x->begin_us);
	if (r == NULL)
		return answer_bare(w, x, world_http_find(w, u, -1, &listens) == NULL ? 404 : 405, WORLD_HTTP_LATENCY_US);
	if (r->silent)
		return never_answers(x);
	answer(w, x, r, rq, method);
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
		return world_url_parse(&w->http_work, location, false, u);
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

	arena_shrink(&w->http_work);
	log_begin(w);
	*x = (struct http_exchange){ .started = true, .cid = rq->cid, .begin_us = begin_us };
	x->deadline_us = begin_us + (rq->timeout_ms == 0 ? 120000u : rq->timeout_ms) * UINT64_C(1000);
	if (!world_bearer_up(w, rq->cid)) {
		fail(x, HTTP_NETWORK_ERROR, begin_us);
		return;
	}
	if (!world_url_parse(&w->http_work, rq->url, rq->tls, &u)) {
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

	log_http_stop(w);
	w->http.started = false;
}
