/*
 * The HTTP exchange: one transfer, and one more for each redirect that is followed.
 *
 *	start --hop--> libcurl --answer--> done | failed
 *	          ^-----redirect----'
 *
 * Redirects are followed here and not by libcurl, so that each is judged like a first URL before anything is looked up,
 * takes no credentials to another server, and counts.
 */
#include "world_curl_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clock.h"
#include "modem.h"

/* Manual 11.2.3.  libcurl's own end of an exchange lies behind the module's, which says that TIMEOUT has passed. */
#define TIMEOUT_MS 120000u
#define TIMEOUT_SLACK_MS 2000u

static void
fail(struct curl_http *x, int status)
{
	x->state = WORLD_FAILED;
	x->status = status;
}

/* ---- what comes ---------------------------------------------------------------------- */

static struct curl_http *
http_of(struct curl_transfer *t)
{
	return (struct curl_http *)(void *)((char *)t - offsetof(struct curl_http, t));
}

/* A line of a header, with its line end.  The last answer's is kept; interim answers' (100) are not, nor are trailers. */
static size_t
take_header(char *at, size_t size, size_t count, void *exchange)
{
	struct curl_http *x = exchange;
	struct span line = span_of(at, size * count);
	size_t room;

	if (line.len > CURL_HTTP_HEADER_MAX - x->header_seen)
		return 0;
	x->header_seen += (uint32_t)line.len;
	if (span_starts(line, SPAN("HTTP/"))) {
		x->header_kept = 0;
		x->header_whole = false;
	}
	if (x->header_whole)
		return line.len;
	if (line.at[0] == '\r' || line.at[0] == '\n') {
		x->header_whole = true;
		return line.len;
	}
	room = sizeof(x->header) - x->header_kept;
	memcpy(x->header + x->header_kept, line.at, line.len < room ? line.len : room);
	x->header_kept += (uint32_t)(line.len < room ? line.len : room);
	return line.len;
}

static bool
is_redirect(long status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Where this answer leads, if it is to be followed.  A Location that no module could follow is the host's to see. */
static bool
leads_on(struct curl_http *x, struct curl_http_url *out)
{
	struct curl_header *location;
	const char *from = NULL;
	long status = 0;

	curl_easy_getinfo(x->t.easy, CURLINFO_RESPONSE_CODE, &status);
	if (!x->rq.redirect || !is_redirect(status) || x->hops == CURL_HTTP_HOPS_MAX ||
	    curl_easy_header(x->t.easy, "Location", 0, CURLH_HEADER, -1, &location) != CURLHE_OK)
		return false;
	curl_easy_getinfo(x->t.easy, CURLINFO_EFFECTIVE_URL, &from);
	return from != NULL && curl_http_url_follow(out, from, location->value);
}

static void
body_grow(struct curl_http *x, uint32_t wanted)
{
	uint32_t cap = x->body_cap == 0 ? 16384 : x->body_cap;

	while (cap < wanted)
		cap *= 2;
	if (cap == x->body_cap)
		return;
	if ((x->body = realloc(x->body, cap)) == NULL)
		abort();
	x->body_cap = cap;
}

/* What is more than a module keeps is not read: the module says 602 when it hears of it.  Nor is what a redirect has to say. */
static size_t
take_body(char *at, size_t size, size_t count, void *exchange)
{
	struct curl_http *x = exchange;
	size_t n = size * count;
	struct curl_http_url u;
	curl_off_t length = -1;

	if (leads_on(x, &u)) {
		curl_free(u.text);
		x->enough = true;
		return 0;
	}
	curl_easy_getinfo(x->t.easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	x->announced = length;
	if (length > HTTP_BUFFER_MAX || n > HTTP_BUFFER_MAX - x->body_length) {
		x->too_long = x->enough = true;
		return 0;
	}
	body_grow(x, x->body_length + (uint32_t)n);
	memcpy(x->body + x->body_length, at, n);
	x->body_length += (uint32_t)n;
	return n;
}

/* ---- one hop ------------------------------------------------------------------------------ */

static void ended(struct curl_transfer *t);

static void
set_method(struct curl_http *x)
{
	CURL *easy = x->t.easy;

	switch (x->method) {
	case WORLD_GET: curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L); break;
	case WORLD_HEAD: curl_easy_setopt(easy, CURLOPT_NOBODY, 1L); break;
	case WORLD_DELETE: curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE"); break;
	case WORLD_POST:
		curl_easy_setopt(easy, CURLOPT_POST, 1L);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->rq.body.len);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, x->rq.body.len > 0 ? x->rq.body.at : "");
		break;
	}
}

/* BREAK and BREAKEND; BREAKEND below BREAK is to the end (manual 11.2.3). */
static void
set_range(struct curl_http *x)
{
	char range[32];

	if (x->method != WORLD_GET || (x->rq.range_first == 0 && x->rq.range_last == 0))
		return;
	if (x->rq.range_last == 0 || x->rq.range_last < x->rq.range_first)
		snprintf(range, sizeof(range), "%u-", x->rq.range_first);
	else
		snprintf(range, sizeof(range), "%u-%u", x->rq.range_first, x->rq.range_last);
	curl_easy_setopt(x->t.easy, CURLOPT_RANGE, range);
}

/* PROIP is an address, or a name; nothing of another syntax may get into the option. */
static bool
set_proxy(struct curl_http *x)
{
	char proxy[REACH_HOST_MAX + 16];
	struct reach_place place;
	bool six;

	if (!reach_place(&place, x->rq.proxy.at, x->rq.proxy.len, x->rq.proxy_port) || !reach_is_host(place.host)) {
		fail(x, 603);
		return false;
	}
	if (!transfer_aim_proxy(&x->t, &place)) {
		fail(x, 603);
		return false;
	}
	six = strchr(x->t.leads.host, ':') != NULL;
	snprintf(proxy, sizeof(proxy), six ? "http://[%s]:%u" : "http://%s:%u", x->t.leads.host, x->t.leads.port);
	curl_easy_setopt(x->t.easy, CURLOPT_PROXY, proxy);
	return true;
}

/* The way to the URL's host: straight, or through the proxy, which then must be allowed to be asked for it. */
static bool
set_way(struct curl_http *x, const struct reach_place *place)
{
	if (x->rq.proxy.len > 0 && !set_proxy(x))
		return false;
	if (x->rq.proxy.len > 0 ? transfer_may_ask(&x->t, place) : transfer_aim(&x->t, place))
		return true;
	fail(x, 603);
	return false;
}

static bool
same_place(const struct reach_place *a, const struct reach_place *b)
{
	return a->port == b->port && strcasecmp(a->host, b->host) == 0;
}

/* TIMEOUT is for all hops together. */
static long
left_ms(const struct curl_http *x)
{
	uint64_t now_us = clock_us();

	return now_us >= x->until_us ? 1 : (long)((x->until_us - now_us) / 1000) + 1;
}

static void
set_options(struct curl_http *x, const struct curl_http_url *u)
{
	CURL *easy = x->t.easy;

	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_URL, u->text);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
	/* The body as the server coded it, but for its chunks. */
	curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	/* An announced length that no number holds is an error only for whoever has a limit. */
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)INT64_MAX);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, left_ms(x));
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, x);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, x);
	x->lines = curl_http_lines(&x->rq, x->method, u->tls == x->origin_tls && same_place(&u->place, &x->origin));
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, x->lines);
	set_method(x);
	set_range(x);
}

static void
hop_close(struct curl_http *x)
{
	transfer_close(&x->t);
	curl_slist_free_all(x->lines);
	x->lines = NULL;
}

static void
hop(struct world_curl *w, const struct curl_http_url *u)
{
	struct curl_http *x = &w->http;

	x->header_kept = 0;
	x->header_whole = false;
	x->body_length = 0;
	x->announced = -1;
	x->enough = false;
	if (!transfer_open(&x->t, w, ended)) {
		fail(x, 604);
		return;
	}
	if (!set_way(x, &u->place))
		return;
	set_options(x, u);
	transfer_start(&x->t);
	if (!x->t.running)
		fail(x, curl_http_status(&x->t));
}

/* RFC 9110 15.4: a POST becomes a GET, but for 307 and 308. */
static void
follow(struct curl_http *x, const struct curl_http_url *u)
{
	struct world_curl *w = x->t.world;
	long status = 0;

	curl_easy_getinfo(x->t.easy, CURLINFO_RESPONSE_CODE, &status);
	if (x->method == WORLD_POST && status < 307)
		x->method = WORLD_GET;
	hop_close(x);
	x->hops++;
	hop(w, u);
}

static void
ended(struct curl_transfer *t)
{
	struct curl_http *x = http_of(t);
	struct curl_http_url u;
	long status = 0;

	if (t->result != CURLE_OK && !x->enough) {
		fail(x, curl_http_status(t));
		return;
	}
	if (leads_on(x, &u)) {
		follow(x, &u);
		curl_free(u.text);
		return;
	}
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	x->state = WORLD_DONE;
	x->status = (int)status;
}

/* ---- the exchange -------------------------------------------------------------------------- */

void
curl_http_start(struct modem_world *mw, const struct world_http_request *rq)
{
	struct world_curl *w = world_curl_of(mw);
	struct curl_http *x = &w->http;
	struct curl_http_url u;

	curl_http_close(mw);
	x->rq = *rq;
	x->method = rq->method;
	x->state = WORLD_BUSY;
	x->until_us = clock_us() + ((rq->timeout_ms == 0 ? TIMEOUT_MS : rq->timeout_ms) + TIMEOUT_SLACK_MS) * UINT64_C(1000);
	if (!curl_http_url_read(&u, rq->url, rq->tls)) {
		fail(x, 603);
		return;
	}
	x->origin = u.place;
	x->origin_tls = u.tls;
	hop(w, &u);
	curl_free(u.text);
}

/* Numbers of the phase it is in (AT+HTTPSTATUS?). */
static void
progress(struct curl_http *x, struct world_http *out)
{
	curl_off_t sent = 0;

	if (x->method == WORLD_POST && x->t.easy != NULL && x->header_seen == 0) {
		curl_easy_getinfo(x->t.easy, CURLINFO_SIZE_UPLOAD_T, &sent);
		if ((size_t)sent < x->rq.body.len) {
			out->sending = true;
			out->finished = (uint32_t)sent;
			out->remaining = (uint32_t)(x->rq.body.len - (size_t)sent);
			return;
		}
	}
	out->finished = x->body_length;
	if (x->announced > x->body_length)
		out->remaining = (uint32_t)(x->announced - x->body_length);
}

void
curl_http_poll(struct modem_world *mw, struct world_http *out)
{
	struct curl_http *x = &world_curl_of(mw)->http;

	*out = (struct world_http){ .state = x->state, .status = x->status };
	switch (x->state) {
	case WORLD_BUSY:
	case WORLD_READY: progress(x, out); break;
	case WORLD_DONE:
		out->length = x->too_long ? HTTP_BUFFER_MAX + 1 : x->body_length;
		out->finished = out->length;
		out->header = span_of(x->header, x->header_kept);
		break;
	case WORLD_IDLE:
	case WORLD_FAILED: break;
	}
}

size_t
curl_http_read(struct modem_world *mw, uint32_t offset, char *into, size_t cap)
{
	const struct curl_http *x = &world_curl_of(mw)->http;
	size_t n;

	if (x->state != WORLD_DONE || offset >= x->body_length)
		return 0;
	n = x->body_length - offset < cap ? x->body_length - offset : cap;
	memcpy(into, x->body + offset, n);
	return n;
}

void
curl_http_close(struct modem_world *mw)
{
	struct curl_http *x = &world_curl_of(mw)->http;

	hop_close(x);
	free(x->body);
	*x = (struct curl_http){ .state = WORLD_IDLE };
}
