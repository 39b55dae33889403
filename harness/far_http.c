/* far http lines. */
#include <stdio.h>
#include <strings.h>

#include "far_parts.h"

static const struct http_seen *
arrived(const struct world_sim *w)
{
	const struct http_seen *s = w->log.http;

	while (s != NULL && s->at_us > w->now_us)
		s = s->before;
	return s;
}

/* The last request with that method, and URL unless it is empty; how many there were. */
static const struct http_seen *
find_request(const struct world_sim *w, enum world_http_method method, struct span url, uint64_t *count)
{
	const struct http_seen *found = NULL;

	*count = 0;
	for (const struct http_seen *s = arrived(w); s != NULL; s = s->before) {
		if (s->method != method || (url.len > 0 && !span_equal(s->url, url)))
			continue;
		found = found == NULL ? s : found;
		++*count;
	}
	return found;
}

/* The value of a header line by its name; false: none is there. */
static bool
header_value(struct span header, struct span name, struct span *value)
{
	while (header.len > 0) {
		const char *end = memchr(header.at, '\n', header.len);
		size_t len = end == NULL ? header.len : (size_t)(end - header.at) + 1;
		struct span line = span_of(header.at, len);

		header = span_after(header, len);
		while (line.len > 0 && (line.at[line.len - 1] == '\r' || line.at[line.len - 1] == '\n'))
			line.len--;
		if (line.len <= name.len || line.at[name.len] != ':' || strncasecmp(line.at, name.at, name.len) != 0)
			continue;
		*value = span_after(line, name.len + 1);
		while (value->len > 0 && value->at[0] == ' ')
			*value = span_after(*value, 1);
		return true;
	}
	return false;
}

static int
judge_header(struct judge *j, const struct http_seen *s, bool wanted)
{
	struct span line, name, value, seen;
	const char *colon;
	bool there;

	if (!scan_string(&j->sc, &line))
		return WRONG;
	colon = line.len == 0 ? NULL : memchr(line.at, ':', line.len);
	if (wanted && colon == NULL)
		return far_wrong(j, "expected a header before this: \"Name: value\"");
	name = colon == NULL ? line : span_of(line.at, (size_t)(colon - line.at));
	if (s == NULL)
		return SO;
	there = header_value(s->header, name, &seen);
	if (!wanted)
		return there ? far_not_so(j, "%.*s has the header %.*s: %.*s", TEXT(s->url), TEXT(name), TEXT(seen)) : SO;
	value = span_after(line, name.len + 1);
	while (value.len > 0 && value.at[0] == ' ')
		value = span_after(value, 1);
	if (!there)
		return far_not_so(j, "%.*s has no header %.*s", TEXT(s->url), TEXT(name));
	if (!span_equal(value, seen))
		return far_not_so(j, "%.*s has %.*s: %.*s, expected %.*s", TEXT(s->url), TEXT(name), TEXT(seen), TEXT(value));
	return SO;
}

static int
judge_body(struct judge *j, const struct http_seen *s)
{
	struct content want, seen = { .kind = CONTENT_STRING };
	char what[512];
	int result = far_take_content(j, &want);

	if (result != SO || s == NULL)
		return result;
	seen.text = s->body;
	seen.length = s->body.len;
	snprintf(what, sizeof(what), "%s %.*s", world_http_methods[s->method], TEXT(s->url));
	return far_content(j, span_str(what), &seen, &want);
}

static int
judge_proxy(struct judge *j, const struct http_seen *s)
{
	struct span host;
	uint16_t port = 80;

	if (!scan_host_port(&j->sc, &host, &port))
		return WRONG;
	if (s == NULL)
		return SO;
	if (s->proxy.len == 0)
		return far_not_so(j, "%.*s came directly, expected it through %.*s:%u", TEXT(s->url), TEXT(host), port);
	if (!at_same(s->proxy, host) || s->proxy_port != port)
		return far_not_so(
		    j, "%.*s came through %.*s:%u, expected %.*s:%u", TEXT(s->url), TEXT(s->proxy), s->proxy_port, TEXT(host), port);
	return SO;
}

static int
judge_count(struct judge *j, enum world_http_method method, uint64_t count)
{
	uint64_t want;

	if (!scan_number(&j->sc, 0, UINT32_MAX, &want, "expected how many"))
		return WRONG;
	if (j->w != NULL && j->w->log.http_forgotten > 0)
		return far_wrong(j, FAR_FORGOTTEN);
	if (j->w != NULL && want != count)
		return far_not_so(j, "there were %llu such %s requests, expected %llu", (unsigned long long)count,
		    world_http_methods[method], (unsigned long long)want);
	return SO;
}

/* One thing said of the request s, which is NULL when only the line is read. */
static int
judge_option(struct judge *j, const struct http_seen *s, enum world_http_method method, uint64_t count)
{
	if (scan_word(&j->sc, "header"))
		return judge_header(j, s, true);
	if (scan_word(&j->sc, "no"))
		return scan_word(&j->sc, "header") ? judge_header(j, s, false) : far_wrong(j, "expected header");
	if (scan_word(&j->sc, "body"))
		return judge_body(j, s);
	if (scan_word(&j->sc, "proxy"))
		return judge_proxy(j, s);
	if (scan_word(&j->sc, "count"))
		return judge_count(j, method, count);
	if (scan_word(&j->sc, "direct"))
		return s == NULL || s->proxy.len == 0
			   ? SO
			   : far_not_so(j, "%.*s came through %.*s:%u, expected it directly", TEXT(s->url), TEXT(s->proxy), s->proxy_port);
	return far_wrong(j, "expected header, no header, body, proxy, direct or count");
}

static bool
at_option(struct judge *j)
{
	static const char *const words[] = { "header", "no", "body", "proxy", "direct", "count" };
	size_t at = j->sc.at;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (scan_word(&j->sc, words[i])) {
			j->sc.at = at;
			return true;
		}
	return scan_end(&j->sc);
}

/* The URL of a line, in the form in which requests are remembered.  Empty when the line names none. */
static int
take_url(struct judge *j, struct span *url)
{
	struct http_url u;
	struct world_sim *w = j->w;

	*url = SPAN("");
	if (at_option(j))
		return SO;
	if (!scan_name(&j->sc, url, "expected a URL") || !world_url_parse(w == NULL ? NULL : &w->arena, *url, false, &u))
		return far_wrong(j, "expected a URL");
	if (w != NULL)
		*url = world_url_text(&w->arena, &u);
	return SO;
}

static int
no_request(struct judge *j, enum world_http_method method, struct span url)
{
	const struct http_seen *last = arrived(j->w);

	if (j->w->log.http_forgotten > 0)
		return far_wrong(j, FAR_FORGOTTEN);
	if (last == NULL)
		return far_not_so(j, "no HTTP request arrived");
	return far_not_so(j, "no %s%s%.*s arrived; the last request was %s %.*s", world_http_methods[method], url.len > 0 ? " " : "",
	    TEXT(url), world_http_methods[last->method], TEXT(last->url));
}

/* A digit begins a body or an address ("10 bytes", "10.0.0.1/x"), a quote a body: a URL with blanks writes them as %20. */
static bool
at_body(struct judge *j)
{
	struct world_scan ahead = j->sc;
	struct content c;

	return scan_at_content(&ahead) && scan_content(&ahead, &c);
}

static int
judge_nothing(struct judge *j)
{
	const struct http_seen *s = j->w == NULL ? NULL : arrived(j->w);

	if (!scan_end(&j->sc))
		return far_wrong(j, "expected the end of the line");
	return s == NULL ? SO : far_not_so(j, "%s %.*s arrived", world_http_methods[s->method], TEXT(s->url));
}

/* What is said of the requests with that method and URL; the whole line is read even when there were none. */
static int
judge_request(struct judge *j, enum world_http_method method, struct span url)
{
	const struct http_seen *s = NULL;
	uint64_t count = 0;
	bool counted = false;
	int result = SO;

	if (j->w != NULL)
		s = find_request(j->w, method, url, &count);
	if (at_body(j))
		result = judge_body(j, s);
	while (result == SO && !scan_end(&j->sc)) {
		size_t at = j->sc.at;

		counted = counted || scan_word(&j->sc, "count");
		j->sc.at = at;
		result = judge_option(j, s, method, count);
	}
	if (result != SO || j->w == NULL || s != NULL || counted)
		return result;
	return no_request(j, method, url);
}

int
far_http(struct judge *j)
{
	struct span url = SPAN("");
	int method = WORLD_GET, result;

	if (!scan_word(&j->sc, "saw"))
		return far_wrong(j, "expected saw");
	if (scan_word(&j->sc, "nothing"))
		return judge_nothing(j);
	while (method <= WORLD_DELETE && !scan_word(&j->sc, world_http_methods[method]))
		method++;
	if (method > WORLD_DELETE)
		return far_wrong(j, "expected GET, POST, HEAD, DELETE or nothing");
	if (!at_body(j) && (result = take_url(j, &url)) != SO)
		return result;
	return judge_request(j, (enum world_http_method)method, url);
}
