/* What an HTTP request is made of: its URL, and the header lines that the host asks for. */
#include "world_curl_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- URLs ----------------------------------------------------------------------------- */

static bool
take_scheme(struct span *s, struct span scheme)
{
	if (s->len < scheme.len || strncasecmp(s->at, scheme.at, scheme.len) != 0)
		return false;
	*s = span_after(*s, scheme.len);
	return true;
}

/* What is read, as libcurl will have it; numeric hosts are in their usual spelling then, whichever they had. */
static bool
url_take(struct curl_http_url *u, CURLU *parsed)
{
	char *host = NULL, *port = NULL;
	bool ok;

	curl_url_set(parsed, CURLUPART_USER, NULL, 0);
	curl_url_set(parsed, CURLUPART_PASSWORD, NULL, 0);
	curl_url_set(parsed, CURLUPART_FRAGMENT, NULL, 0);
	ok = curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	     curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	     reach_place(&u->place, host, strlen(host), (uint16_t)atoi(port)) && u->place.port != 0 &&
	     curl_url_get(parsed, CURLUPART_URL, &u->text, CURLU_NO_DEFAULT_PORT) == CURLUE_OK;
	curl_free(host);
	curl_free(port);
	return ok;
}

/* "scheme://": before any part of a path, or it is none. */
static bool
has_scheme(struct span text)
{
	for (size_t i = 0; i < text.len && strchr("/?#", text.at[i]) == NULL; i++)
		if (text.at[i] == ':' && span_starts(span_after(text, i), SPAN("://")))
			return true;
	return false;
}

#define URL_FLAGS (CURLU_ALLOW_SPACE | CURLU_URLENCODE | CURLU_PATH_AS_IS)

bool
curl_http_url_read(struct curl_http_url *u, struct span text, bool tls)
{
	char *whole;
	CURLU *parsed;
	bool ok;

	*u = (struct curl_http_url){ .tls = tls };
	if (take_scheme(&text, SPAN("https://")))
		u->tls = true;
	else
		take_scheme(&text, SPAN("http://"));
	if (has_scheme(text))
		return false;
	parsed = curl_url();
	if (parsed == NULL || (whole = malloc(text.len + sizeof("https://"))) == NULL)
		abort();
	strcpy(whole, u->tls ? "https://" : "http://");
	strncat(whole, text.at, text.len);
	ok = curl_url_set(parsed, CURLUPART_URL, whole, URL_FLAGS) == CURLUE_OK && url_take(u, parsed);
	free(whole);
	curl_url_cleanup(parsed);
	return ok;
}

bool
curl_http_url_follow(struct curl_http_url *u, const char *from, const char *location)
{
	CURLU *parsed = curl_url();
	char *scheme = NULL;
	bool ok;

	if (parsed == NULL)
		abort();
	*u = (struct curl_http_url){ .tls = false };
	ok = curl_url_set(parsed, CURLUPART_URL, from, CURLU_PATH_AS_IS) == CURLUE_OK &&
	     curl_url_set(parsed, CURLUPART_URL, location, URL_FLAGS) == CURLUE_OK &&
	     curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK;
	if (ok) {
		u->tls = strcmp(scheme, "https") == 0;
		ok = (u->tls || strcmp(scheme, "http") == 0) && url_take(u, parsed);
	}
	curl_free(scheme);
	curl_url_cleanup(parsed);
	return ok;
}

/* ---- header lines ---------------------------------------------------------------------- */

enum line_rule {
	LINE_GOES,  /* as often as the host says it */
	LINE_ONCE,  /* in place of what would be said otherwise, and only the first of them */
	LINE_HOME,  /* the same, but to no other server than the one that the host named */
	LINE_NEVER, /* how bytes are framed is not the host's to say: it would read or send another message than it means */
};

static enum line_rule
rule_of(struct span name)
{
	static const struct {
		const char *name;
		enum line_rule rule;
	} known[] = {
		{ "Host", LINE_HOME },
		{ "User-Agent", LINE_ONCE },
		{ "Accept", LINE_ONCE },
		{ "Content-Type", LINE_ONCE },
		{ "Range", LINE_ONCE },
		{ "Connection", LINE_ONCE },
		{ "Keep-Alive", LINE_ONCE },
		{ "Authorization", LINE_HOME },
		{ "Cookie", LINE_HOME },
		{ "Proxy-Authorization", LINE_HOME },
		{ "Content-Length", LINE_NEVER },
		{ "Transfer-Encoding", LINE_NEVER },
		{ "TE", LINE_NEVER },
		{ "Trailer", LINE_NEVER },
		{ "Upgrade", LINE_NEVER },
		{ "Expect", LINE_NEVER },
		{ "Proxy-Connection", LINE_NEVER },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i].name) == name.len && strncasecmp(known[i].name, name.at, name.len) == 0)
			return known[i].rule;
	return LINE_GOES;
}

static bool
has_line(const struct curl_slist *lines, struct span name)
{
	for (; lines != NULL; lines = lines->next)
		if (strncasecmp(lines->data, name.at, name.len) == 0 && (lines->data[name.len] == ':' || lines->data[name.len] == ';'))
			return true;
	return false;
}

/* RFC 9110, 5.6.2. */
static bool
is_token(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", s.at[i]) == NULL ||
		    s.at[i] == '\0')
			return false;
	return s.len > 0;
}

static bool
is_text(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.at[i] < ' ' && s.at[i] != '\t') || s.at[i] == 0x7f)
			return false;
	return true;
}

static struct span
trim(struct span s)
{
	while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
		s = span_after(s, 1);
	while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* "Name: value", or as libcurl has it "Name;" for one without a value; "Name:" alone would take the line out. */
static struct curl_slist *
add(struct curl_slist *lines, struct span name, struct span value)
{
	size_t cap = name.len + value.len + 4;
	char *line = malloc(cap);
	struct curl_slist *longer;

	if (line == NULL)
		abort();
	if (value.len > 0)
		snprintf(line, cap, "%.*s: %.*s", (int)name.len, name.at, (int)value.len, value.at);
	else
		snprintf(line, cap, "%.*s;", (int)name.len, name.at);
	longer = curl_slist_append(lines, line);
	free(line);
	if (longer == NULL)
		abort();
	return longer;
}

static struct curl_slist *
without(struct curl_slist *lines, const char *colon_only)
{
	struct curl_slist *longer = curl_slist_append(lines, colon_only);

	if (longer == NULL)
		abort();
	return longer;
}

/* One line of USERDATA; what is no header line goes nowhere. */
static struct curl_slist *
add_user_line(struct curl_slist *lines, struct span line, bool same_origin)
{
	const char *colon = memchr(line.at, ':', line.len);
	struct span name, value;

	if (colon == NULL)
		return lines;
	name = span_of(line.at, (size_t)(colon - line.at));
	value = trim(span_after(line, name.len + 1));
	if (!is_token(name) || !is_text(value))
		return lines;
	switch (rule_of(name)) {
	case LINE_GOES: return add(lines, name, value);
	case LINE_ONCE: return has_line(lines, name) ? lines : add(lines, name, value);
	case LINE_HOME: return !same_origin || has_line(lines, name) ? lines : add(lines, name, value);
	case LINE_NEVER: return lines;
	}
	return lines;
}

/* USERDATA holds its line ends as the two characters \r and \n, as host programs send them. */
static struct curl_slist *
add_user_data(struct curl_slist *lines, struct span data, bool same_origin)
{
	size_t from = 0;

	for (size_t i = 0; i <= data.len; i++) {
		bool pair = i + 1 < data.len && data.at[i] == '\\' && (data.at[i + 1] == 'r' || data.at[i + 1] == 'n');

		if (i < data.len && !pair)
			continue;
		if (i > from)
			lines = add_user_line(lines, span_of(data.at + from, i - from), same_origin);
		from = i + 2;
		i++;
	}
	return lines;
}

struct curl_slist *
curl_http_lines(const struct world_http_request *rq, enum world_http_method method, bool same_origin)
{
	struct curl_slist *lines = add_user_data(NULL, rq->user_data, same_origin);

	if (!has_line(lines, SPAN("User-Agent")) && rq->user_agent.len > 0 && is_text(rq->user_agent))
		lines = add(lines, SPAN("User-Agent"), rq->user_agent);
	if (!has_line(lines, SPAN("Content-Type"))) {
		if (rq->content_type.len > 0 && is_text(rq->content_type))
			lines = add(lines, SPAN("Content-Type"), rq->content_type);
		else if (method == WORLD_POST)
			lines = without(lines, "Content-Type:"); /* libcurl would make one up */
	}
	/* A module does not wait for 100 Continue. */
	return without(lines, "Expect:");
}
