/*
 * The grammar of world lines: cases/README.md, section Steps.
 */
#include "world_parts.h"

const char *const world_http_methods[] = { [WORLD_GET] = "GET", [WORLD_POST] = "POST", [WORLD_HEAD] = "HEAD", [WORLD_DELETE] = "DELETE" };

bool
world_text_content(struct world_sim *w, struct world_scan *sc, struct content *c, bool check_only)
{
	size_t at;

	scan_end(sc);
	at = sc->at;
	if (!scan_content(sc, c))
		return false;
	if (check_only || world_resolve_content(w, c))
		return true;
	sc->at = at;
	return scan_fail(sc, "expected the name of a file that a world line above describes, with at least so many bytes");
}

bool
world_text_bytes(struct world_scan *sc, uint64_t *n)
{
	if (!scan_word(sc, "after"))
		return scan_fail(sc, "expected after N bytes");
	if (!scan_number(sc, 0, INT64_MAX / 16, n, "expected a number of bytes"))
		return false;
	return scan_word(sc, "bytes") || scan_fail(sc, "expected the word bytes");
}

bool
world_text_rate(struct world_scan *sc, uint32_t *rate)
{
	uint64_t n;

	if (!scan_number(sc, 1, UINT32_MAX, &n, "expected a number of bytes a second, at least 1"))
		return false;
	*rate = (uint32_t)n;
	/* The unit may be written out. */
	if (scan_word(sc, "bytes") && !(scan_word(sc, "a") && scan_word(sc, "second")))
		return scan_fail(sc, "expected bytes a second");
	return true;
}

/* ---- http ---------------------------------------------------------------- */

static bool
status_here(struct world_scan *sc, int *status)
{
	uint64_t n;

	if (!scan_number(sc, 100, 599, &n, "expected a status, 100..599"))
		return false;
	*status = (int)n;
	return true;
}

static bool
ranges_here(struct world_scan *sc, enum http_ranges *ranges)
{
	if (scan_word(sc, "yes"))
		*ranges = RANGES_YES;
	else if (scan_word(sc, "no"))
		*ranges = RANGES_NO;
	else if (scan_word(sc, "ok"))
		*ranges = RANGES_OK;
	else
		return scan_fail(sc, "expected ranges yes, no or ok");
	return true;
}

static bool
method_here(struct world_scan *sc, unsigned *methods)
{
	for (int i = WORLD_GET; i <= WORLD_DELETE; i++)
		if (scan_word(sc, world_http_methods[i])) {
			*methods |= 1u << i;
			return true;
		}
	return scan_fail(sc, "expected GET, POST, HEAD or DELETE");
}

static bool
http_option(struct world_scan *sc, struct http_resource *r)
{
	static const struct {
		const char *word;
		size_t offset;
	} flags[] = {
		{ "refuse", offsetof(struct http_resource, refuse) },
		{ "silent", offsetof(struct http_resource, silent) },
		{ "garbage", offsetof(struct http_resource, garbage) },
		{ "echo", offsetof(struct http_resource, echo) },
		{ "echo-request", offsetof(struct http_resource, echo_request) },
		{ "tls-fails", offsetof(struct http_resource, tls_fails) },
		{ "tls-alert", offsetof(struct http_resource, tls_alert) },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (scan_word(sc, flags[i].word)) {
			*(bool *)((char *)r + flags[i].offset) = true;
			return true;
		}
	if (scan_word(sc, "status"))
		return status_here(sc, &r->status);
	if (scan_word(sc, "type"))
		return scan_string(sc, &r->type);
	if (scan_word(sc, "latency"))
		return scan_duration(sc, &r->latency_us);
	if (scan_word(sc, "rate"))
		return world_text_rate(sc, &r->rate);
	if (scan_word(sc, "ranges"))
		return ranges_here(sc, &r->ranges);
	if (scan_word(sc, "method"))
		return method_here(sc, &r->methods);
	if (scan_word(sc, "cut")) {
		r->has_cut = true;
		return world_text_bytes(sc, &r->cut);
	}
	if (!scan_word(sc, "redirect"))
		return scan_fail(sc, "expected status, type, latency, rate, ranges, method, redirect, cut, refuse, silent, garbage, echo, "
				     "echo-request, tls-fails or tls-alert");
	if (!scan_string(sc, &r->redirect))
		return false;
	r->status = 302;
	return !scan_at_content(sc) || status_here(sc, &r->status);
}

static bool
http_line(struct world_sim *w, struct world_scan *sc, bool check_only)
{
	struct http_resource *r = arena_alloc(&w->arena, sizeof(*r));
	struct span url;
	size_t at;

	scan_end(sc);
	at = sc->at;
	if (!scan_name(sc, &url, "expected HOST[:PORT][/PATH]"))
		return false;
	if (!world_url_parse(&w->arena, url, false, &r->url)) {
		sc->at = at;
		return scan_fail(sc, "expected HOST[:PORT][/PATH]");
	}
	r->status = 200;
	r->type = SPAN("text/html");
	r->latency_us = WORLD_HTTP_LATENCY_US;
	r->content.kind = CONTENT_STRING;
	scan_end(sc);
	at = sc->at;
	if (scan_at_content(sc) && !world_text_content(w, sc, &r->content, check_only))
		return false;
	if (r->content.length > UINT32_MAX) {
		sc->at = at;
		return scan_fail(sc, "expected a content of at most 4294967295 bytes");
	}
	while (!scan_end(sc))
		if (!http_option(sc, r))
			return false;
	*w->resources_end = r;
	w->resources_end = &r->next;
	return true;
}

static bool
proxy_line(struct world_sim *w, struct world_scan *sc)
{
	struct http_proxy *p = arena_alloc(&w->arena, sizeof(*p));

	p->port = 80;
	if (!scan_host_port(sc, &p->host, &p->port))
		return false;
	p->refuse = scan_word(sc, "refuse");
	p->silent = scan_word(sc, "silent");
	p->next = w->proxies;
	w->proxies = p;
	return scan_end(sc) || scan_fail(sc, "expected refuse, silent, or the end of the line");
}

static bool
dns_line(struct world_sim *w, struct world_scan *sc)
{
	struct dns_line *d = arena_alloc(&w->arena, sizeof(*d));

	if (!scan_token(sc, &d->host, "expected the name of a host"))
		return false;
	d->silent = scan_word(sc, "silent");
	if (!d->silent && !scan_word(sc, "fails"))
		return scan_fail(sc, "expected fails or silent");
	d->next = w->dns;
	w->dns = d;
	return scan_end(sc) || scan_fail(sc, "expected the end of the line");
}

/* ---- bearer -------------------------------------------------------------- */

static bool
ip_here(struct world_scan *sc, uint8_t ip[4])
{
	struct span t;
	int part = 0, value = -1;
	size_t at;

	scan_end(sc);
	at = sc->at;
	if (!scan_token(sc, &t, "expected an address: 10.89.193.1"))
		return false;
	for (size_t i = 0; i <= t.len; i++) {
		if (i < t.len && t.at[i] >= '0' && t.at[i] <= '9' && value < 256) {
			value = (value < 0 ? 0 : value * 10) + (t.at[i] - '0');
			continue;
		}
		if ((i < t.len && t.at[i] != '.') || value < 0 || value > 255 || part == 4)
			break;
		ip[part++] = (uint8_t)value;
		value = -1;
	}
	if (part == 4 && value == -1 && t.at[t.len - 1] != '.')
		return true;
	sc->at = at;
	return scan_fail(sc, "expected an address: 10.89.193.1");
}

static bool
bearer_item(struct world_sim *w, struct world_scan *sc)
{
	if (scan_word(sc, "ip"))
		return ip_here(sc, w->network.ip);
	if (scan_word(sc, "latency"))
		return scan_duration(sc, &w->network.latency_us);
	if (scan_word(sc, "apn")) {
		w->network.has_apn = true;
		return scan_string(sc, &w->network.apn);
	}
	if (scan_word(sc, "lost")) {
		if (!scan_word(sc, "after"))
			return scan_fail(sc, "expected after");
		if (!scan_duration(sc, &w->network.lost_after_us))
			return false;
		w->network.lost_after_us += w->network.lost_after_us == 0;
		return true;
	}
	if (!scan_word(sc, "refuse"))
		return scan_fail(sc, "expected ip, latency, refuse, apn or lost");
	w->network.refuse = true;
	return true;
}

bool
world_line(struct world_sim *w, struct world_scan *sc, bool check_only)
{
	if (scan_word(sc, "http"))
		return http_line(w, sc, check_only);
	if (scan_word(sc, "proxy"))
		return proxy_line(w, sc);
	if (scan_word(sc, "dns"))
		return dns_line(w, sc);
	if (scan_word(sc, "ftp"))
		return world_text_ftp(w, sc, check_only);
	if (!scan_word(sc, "bearer"))
		return scan_fail(sc, "expected http, proxy, dns, ftp or bearer");
	do
		if (!bearer_item(w, sc))
			return false;
	while (!scan_end(sc));
	return true;
}
