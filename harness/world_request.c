/*
 * An HTTP request as it goes out and is remembered for far.
 */
#include "world_parts.h"

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

/* USERDATA: header lines with a literal \r\n between them, as host programs send them. */
static struct span
user_header(struct world_sim *w, struct span data)
{
	char *at;
	size_t n;

	if (data.len == 0)
		return SPAN("");
	at = arena_alloc(&w->http_work, data.len + 2);
	n = undo_line_ends(at, data);
	if (n == 0)
		return SPAN("");
	memcpy(at + n, "\r\n", 2);
	return span_of(at, n + 2);
}

struct span
world_range_header(struct world_sim *w, const struct world_http_request *rq)
{
	if (rq->method != WORLD_GET || (rq->range_first == 0 && rq->range_last == 0))
		return SPAN("");
	/* BREAKEND below BREAK: to the end (manual 11.2.3). */
	if (rq->range_last == 0 || rq->range_last < rq->range_first)
		return world_textf(&w->http_work, "Range: bytes=%u-\r\n", rq->range_first);
	return world_textf(&w->http_work, "Range: bytes=%u-%u\r\n", rq->range_first, rq->range_last);
}

static struct span
request_header(struct world_sim *w, const struct world_http_request *rq, const struct http_url *u, bool body)
{
	struct span user = user_header(w, rq->user_data), range = world_range_header(w, rq), port = SPAN(""), type = SPAN(""),
		    length = SPAN("");

	if (world_url_port(u) != (u->tls ? 443 : 80))
		port = world_textf(&w->http_work, ":%u", world_url_port(u));
	if (rq->content_type.len > 0)
		type = world_textf(&w->http_work, "Content-Type: %.*s\r\n", (int)rq->content_type.len, rq->content_type.at);
	if (body)
		length = world_textf(&w->http_work, "Content-Length: %zu\r\n", rq->body.len);
	return world_textf(&w->http_work, "Host: %.*s%.*s\r\nUser-Agent: %.*s\r\nAccept: */*\r\n%.*s%.*s%.*s%.*s", (int)u->host.len,
	    u->host.at, (int)port.len, port.at, (int)rq->user_agent.len, rq->user_agent.at, (int)range.len, range.at, (int)type.len,
	    type.at, (int)length.len, length.at, (int)user.len, user.at);
}

void
world_http_remember(
    struct world_sim *w, const struct world_http_request *rq, const struct http_url *u, enum world_http_method method, uint64_t at_us)
{
	struct http_seen s = { .at_us = at_us, .method = method };

	s.url = world_url_text(&w->http_work, u);
	s.header = request_header(w, rq, u, method == WORLD_POST);
	if (method == WORLD_POST)
		s.body = rq->body;
	if (rq->proxy.len > 0) {
		s.proxy = rq->proxy;
		s.proxy_port = rq->proxy_port;
	}
	log_http(w, &s);
}
