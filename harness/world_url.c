/*
 * URLs, and the resource that a URL names.
 */
#include <strings.h>

#include "world_parts.h"

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
 * no log.  a may be NULL: then a query without a path has no slash put before it.
 */
bool
world_url_parse(struct arena *a, struct span text, bool tls, struct http_url *out)
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
	if (text.len > 0 && text.at[0] == '?' && a != NULL)
		out->path = world_textf(a, "/%.*s", (int)text.len, text.at);
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

uint16_t
world_url_port(const struct http_url *u)
{
	if (u->port != 0)
		return u->port;
	return u->tls ? 443 : 80;
}

struct span
world_url_text(struct arena *a, const struct http_url *u)
{
	const char *scheme = u->tls ? "https" : "http";

	if (world_url_port(u) == (u->tls ? 443 : 80))
		return world_textf(a, "%s://%.*s%.*s", scheme, (int)u->host.len, u->host.at, (int)u->path.len, u->path.at);
	return world_textf(a, "%s://%.*s:%u%.*s", scheme, (int)u->host.len, u->host.at, world_url_port(u), (int)u->path.len, u->path.at);
}

/* A resource described without a port and scheme answers on 80 and 443. */
static bool
listens_on(const struct http_resource *r, const struct http_url *u)
{
	uint16_t port = world_url_port(u);

	if (!at_same(r->url.host, u->host))
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
