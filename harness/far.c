/*
 * far lines: what arrived at the servers, judged.  cases/README.md, section Steps.
 *
 * A line is read and judged by the same function, so that far_check accepts just what far_judge can judge.
 */
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "escape.h"
#include "world_parts.h"

/* The line is being read, and if w is there, judged; what was seen instead goes to why. */
struct judge {
	struct world_sim *w;
	struct world_scan sc;
	char *why;
	size_t cap;
};

enum { SO, NOT_SO, WRONG = -1 };

static int not_so(struct judge *j, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int
not_so(struct judge *j, const char *format, ...)
{
	va_list ap;
	char raw[1024];
	int n;

	va_start(ap, format);
	n = vsnprintf(raw, sizeof(raw), format, ap);
	va_end(ap);
	escape_bytes(j->why, j->cap, span_of(raw, n < (int)sizeof(raw) ? (size_t)n : sizeof(raw) - 1));
	return NOT_SO;
}

static int
wrong(struct judge *j, const char *why)
{
	scan_fail(&j->sc, why);
	return WRONG;
}

#define TEXT(s) (int)(s).len, (s).at

/* ---- bytes against a content ---------------------------------------------- */

/* A byte of what was seen, at offset. */
static unsigned char
byte_of(const struct content *c, uint64_t offset)
{
	char b = 0;

	content_fill(c, offset, &b, 1);
	return (unsigned char)b;
}

/* The first byte in which a and b differ, below both their lengths; or the shorter length. */
static uint64_t
contents_differ(const struct content *a, const struct content *b)
{
	char piece[1024];
	uint64_t length = a->length < b->length ? a->length : b->length;

	for (uint64_t at = 0; at < length;) {
		size_t n = length - at < sizeof(piece) ? (size_t)(length - at) : sizeof(piece), same;

		content_fill(a, at, piece, n);
		same = content_differs(b, at, span_of(piece, n));
		at += same;
		if (same < n)
			return at;
	}
	return length;
}

static int
judge_content(struct judge *j, struct span what, const struct content *seen, const struct content *want)
{
	uint64_t at = contents_differ(seen, want);
	unsigned long long length = want->length;

	if (at < seen->length && at < want->length)
		return not_so(j, "%.*s differs at byte %llu of %llu: expected 0x%02X, saw 0x%02X", TEXT(what), (unsigned long long)at,
		    length, byte_of(want, at), byte_of(seen, at));
	if (seen->length != want->length)
		return not_so(j, "%.*s has %llu bytes, expected %llu", TEXT(what), (unsigned long long)seen->length, length);
	return SO;
}

/* Read a content; a file's is looked up when there is a world. */
static int
take_content(struct judge *j, struct content *c)
{
	size_t at;

	scan_end(&j->sc);
	at = j->sc.at;
	if (!scan_content(&j->sc, c))
		return WRONG;
	if (j->w == NULL || world_resolve_content(j->w, c))
		return SO;
	j->sc.at = at;
	return wrong(j, "expected the name of a described file, with at least so many bytes");
}

/* ---- http ------------------------------------------------------------------ */

static const struct http_seen *
arrived(const struct world_sim *w)
{
	const struct http_seen *s = w->http_seen;

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
		return wrong(j, "expected a header before this: \"Name: value\"");
	name = colon == NULL ? line : span_of(line.at, (size_t)(colon - line.at));
	if (s == NULL)
		return SO;
	there = header_value(s->header, name, &seen);
	if (!wanted)
		return there ? not_so(j, "%.*s has the header %.*s: %.*s", TEXT(s->url), TEXT(name), TEXT(seen)) : SO;
	value = span_after(line, name.len + 1);
	while (value.len > 0 && value.at[0] == ' ')
		value = span_after(value, 1);
	if (!there)
		return not_so(j, "%.*s has no header %.*s", TEXT(s->url), TEXT(name));
	if (!span_equal(value, seen))
		return not_so(j, "%.*s has %.*s: %.*s, expected %.*s", TEXT(s->url), TEXT(name), TEXT(seen), TEXT(value));
	return SO;
}

static int
judge_body(struct judge *j, const struct http_seen *s)
{
	struct content want, seen = { .kind = CONTENT_STRING };
	char what[512];
	int result = take_content(j, &want);

	if (result != SO || s == NULL)
		return result;
	if (!s->body_kept)
		return not_so(j, "the body of %.*s was not kept: more than %u bytes in all", TEXT(s->url), WORLD_STORED_MAX);
	seen.text = s->body;
	seen.length = s->body.len;
	snprintf(what, sizeof(what), "%s %.*s", world_http_methods[s->method], TEXT(s->url));
	return judge_content(j, span_str(what), &seen, &want);
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
		return not_so(j, "%.*s came directly, expected it through %.*s:%u", TEXT(s->url), TEXT(host), port);
	if (!world_same(s->proxy, host) || s->proxy_port != port)
		return not_so(
		    j, "%.*s came through %.*s:%u, expected %.*s:%u", TEXT(s->url), TEXT(s->proxy), s->proxy_port, TEXT(host), port);
	return SO;
}

static int
judge_count(struct judge *j, enum world_http_method method, uint64_t count)
{
	uint64_t want;

	if (!scan_number(&j->sc, 0, UINT32_MAX, &want, "expected how many"))
		return WRONG;
	if (j->w != NULL && want != count)
		return not_so(j, "there were %llu such %s requests, expected %llu", (unsigned long long)count, world_http_methods[method],
		    (unsigned long long)want);
	return SO;
}

/* One thing said of the request s, which is NULL when only the line is read. */
static int
judge_option(struct judge *j, const struct http_seen *s, enum world_http_method method, uint64_t count)
{
	if (scan_word(&j->sc, "header"))
		return judge_header(j, s, true);
	if (scan_word(&j->sc, "no"))
		return scan_word(&j->sc, "header") ? judge_header(j, s, false) : wrong(j, "expected header");
	if (scan_word(&j->sc, "body"))
		return judge_body(j, s);
	if (scan_word(&j->sc, "proxy"))
		return judge_proxy(j, s);
	if (scan_word(&j->sc, "count"))
		return judge_count(j, method, count);
	if (scan_word(&j->sc, "direct"))
		return s == NULL || s->proxy.len == 0
			   ? SO
			   : not_so(j, "%.*s came through %.*s:%u, expected it directly", TEXT(s->url), TEXT(s->proxy), s->proxy_port);
	return wrong(j, "expected header, no header, body, proxy, direct or count");
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
	if (!scan_name(&j->sc, url, "expected a URL") || !world_url_parse(w, *url, false, &u))
		return wrong(j, "expected a URL");
	if (w != NULL)
		*url = world_url_text(w, &u);
	return SO;
}

static int
no_request(struct judge *j, enum world_http_method method, struct span url)
{
	const struct http_seen *last = arrived(j->w);

	if (last == NULL)
		return not_so(j, "no HTTP request arrived");
	return not_so(j, "no %s%s%.*s arrived; the last request was %s %.*s", world_http_methods[method], url.len > 0 ? " " : "", TEXT(url),
	    world_http_methods[last->method], TEXT(last->url));
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
		return wrong(j, "expected the end of the line");
	return s == NULL ? SO : not_so(j, "%s %.*s arrived", world_http_methods[s->method], TEXT(s->url));
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

static int
judge_http(struct judge *j)
{
	struct span url = SPAN("");
	int method = WORLD_GET, result;

	if (!scan_word(&j->sc, "saw"))
		return wrong(j, "expected saw");
	if (scan_word(&j->sc, "nothing"))
		return judge_nothing(j);
	while (method <= WORLD_DELETE && !scan_word(&j->sc, world_http_methods[method]))
		method++;
	if (method > WORLD_DELETE)
		return wrong(j, "expected GET, POST, HEAD, DELETE or nothing");
	if (!at_body(j) && (result = take_url(j, &url)) != SO)
		return result;
	return judge_request(j, (enum world_http_method)method, url);
}

/* ---- ftp ------------------------------------------------------------------- */

static struct span
trimmed(struct span s)
{
	while (s.len > 1 && s.at[s.len - 1] == '/')
		s.len--;
	return s;
}

static const struct ftp_seen *
find_command(const struct world_sim *w, int verb, bool any_argument, struct span argument, const struct ftp_seen **last)
{
	*last = NULL;
	for (const struct ftp_seen *s = w->ftp_seen; s != NULL; s = s->before) {
		if (s->at_us > w->now_us)
			continue;
		if (*last == NULL || (s->verb == (enum ftp_verb)verb && (*last)->verb != (enum ftp_verb)verb))
			*last = s;
		if (s->verb == (enum ftp_verb)verb && (any_argument || span_equal(trimmed(s->argument), trimmed(argument))))
			return s;
	}
	return NULL;
}

/* What stands behind a verb: to the end of the line, or a string. */
static int
take_argument(struct judge *j, struct span *argument)
{
	if (scan_at_string(&j->sc)) {
		if (!scan_string(&j->sc, argument))
			return WRONG;
		return scan_end(&j->sc) ? SO : wrong(j, "expected the end of the line");
	}
	*argument = span_after(j->sc.line, j->sc.at);
	while (argument->len > 0 && argument->at[argument->len - 1] == ' ')
		argument->len--;
	j->sc.at = j->sc.line.len;
	return SO;
}

static int
judge_ftp_saw(struct judge *j)
{
	bool wanted = !scan_word(&j->sc, "no"), any;
	const struct ftp_seen *s, *last;
	struct span argument = SPAN("");
	int verb = 0;

	if (wanted && scan_word(&j->sc, "nothing")) {
		if (!scan_end(&j->sc))
			return wrong(j, "expected the end of the line");
		s = j->w == NULL ? NULL : find_command(j->w, FTP_USER, true, argument, &last);
		return s == NULL ? SO : not_so(j, "USER %.*s arrived", TEXT(s->argument));
	}
	while (verb < FTP_VERBS && !scan_word(&j->sc, world_ftp_verbs[verb]))
		verb++;
	if (verb == FTP_VERBS)
		return wrong(j, "expected USER, PASS, TYPE, PASV, PORT, REST, RETR, STOR, APPE, STOU, SIZE, DELE, MKD, RMD, LIST or QUIT");
	any = scan_end(&j->sc);
	if (!any && take_argument(j, &argument) != SO)
		return WRONG;
	if (j->w == NULL)
		return SO;
	s = find_command(j->w, verb, any, argument, &last);
	if (!wanted)
		return s == NULL ? SO : not_so(j, "%s %.*s arrived", world_ftp_verbs[verb], TEXT(s->argument));
	if (s != NULL)
		return SO;
	if (last == NULL)
		return not_so(j, "no FTP command arrived");
	return not_so(j, "no %s%s%.*s arrived, but %s %.*s", world_ftp_verbs[verb], any ? "" : " ", TEXT(argument),
	    world_ftp_verbs[last->verb], TEXT(last->argument));
}

static int
judge_ftp_file(struct judge *j, bool wanted)
{
	struct span path;
	struct content want = { .kind = CONTENT_STRING };
	struct ftp_node *n = NULL;
	int result = SO;

	if (!scan_name(&j->sc, &path, "expected a path that begins with /"))
		return WRONG;
	if (wanted)
		result = take_content(j, &want);
	if (result != SO)
		return result;
	if (!scan_end(&j->sc))
		return wrong(j, "expected the end of the line");
	if (j->w == NULL)
		return SO;
	for (const struct ftp_server *s = j->w->servers; s != NULL && n == NULL; s = s->next)
		n = files_find(s, files_path(path));
	if (!wanted)
		return n == NULL ? SO : not_so(j, "%.*s is there", TEXT(path));
	if (n == NULL || n->dir)
		return not_so(j, "%.*s is %s", TEXT(path), n == NULL ? "not there" : "a folder");
	return judge_content(j, path, &n->content, &want);
}

static int
judge_ftp(struct judge *j)
{
	if (scan_word(&j->sc, "saw"))
		return judge_ftp_saw(j);
	if (scan_word(&j->sc, "has"))
		return judge_ftp_file(j, true);
	if (scan_word(&j->sc, "lacks"))
		return judge_ftp_file(j, false);
	return wrong(j, "expected saw, has or lacks");
}

/* ---- both ------------------------------------------------------------------ */

static int
judge_line(struct judge *j)
{
	if (scan_word(&j->sc, "http"))
		return judge_http(j);
	if (scan_word(&j->sc, "ftp"))
		return judge_ftp(j);
	return wrong(j, "expected http or ftp");
}

int
far_judge(struct world_sim *w, struct span line, char *why, size_t cap)
{
	struct judge j = { .w = w, .why = why, .cap = cap };
	int result;

	scan_begin(&j.sc, line, &w->arena);
	result = judge_line(&j);
	if (result == WRONG)
		snprintf(why, cap, "%s", j.sc.why);
	return result;
}

int
far_check(struct span line, size_t *column, const char **why)
{
	struct arena a = { 0 };
	struct judge j = { .w = NULL };
	int result;

	scan_begin(&j.sc, line, &a);
	result = judge_line(&j);
	if (result == WRONG) {
		*column = j.sc.column;
		*why = j.sc.why;
	}
	arena_free(&a);
	return result == WRONG ? -1 : 0;
}
