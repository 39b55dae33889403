#include "modem_far.h"

#include "hash.h"
#include "modem.h"
#include "oracle.h"
#include "quiet.h"

QUIET_BEGIN

static struct modem_far *
far_of(struct modem_world *w)
{
	return (struct modem_far *)(void *)w;
}

static uint64_t
sum(const struct modem_far_texts *t)
{
	uint64_t h = HASH_BEGIN;

	for (size_t i = 0; i < sizeof(t->text) / sizeof(t->text[0]); i++)
		h = hash_bytes(h, t->text[i]);
	return h;
}

static void
unchanged(const struct modem_far_texts *t, const char *of)
{
	if (sum(t) != t->sum)
		oracle_fail("world", "the texts of a running %s changed before it was closed", of);
}

static void
number(const char *name, uint64_t n, uint64_t least, uint64_t most)
{
	if (n < least || n > most)
		oracle_fail("world", "%s is %llu", name, (unsigned long long)n);
}

static void
text(const char *name, struct span s, size_t most)
{
	if (s.len > most)
		oracle_fail("world", "%s has %zu bytes", name, s.len);
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == '\0' || s.at[i] == '\r' || s.at[i] == '\n')
			oracle_fail("world", "%s holds a NUL or a line end: %.*s", name, (int)s.len, s.at);
}

static void
holds(bool condition, const char *what)
{
	if (!condition)
		oracle_fail("world", "%s", what);
}

/* ---- bearer -------------------------------------------------------------- */

static void
bearer_open(struct modem_world *w, int cid, struct span apn, struct span user, struct span password)
{
	struct modem_far *f = far_of(w);

	number("cid", (uint64_t)cid, 1, MODEM_CIDS);
	holds((f->bearers & 1u << cid) == 0, "a bearer is opened twice");
	text("apn", apn, 64);
	text("user", user, 32);
	text("password", password, 32);
	f->bearers |= 1u << cid;
	f->behind->ops->bearer_open(f->behind, cid, apn, user, password);
}

static void
bearer_poll(struct modem_world *w, int cid, struct world_bearer *out)
{
	struct modem_far *f = far_of(w);

	number("cid", (uint64_t)cid, 1, MODEM_CIDS);
	f->behind->ops->bearer_poll(f->behind, cid, out);
}

static void
bearer_close(struct modem_world *w, int cid)
{
	struct modem_far *f = far_of(w);

	number("cid", (uint64_t)cid, 1, MODEM_CIDS);
	holds((f->bearers & 1u << cid) != 0, "a bearer is closed that was not opened");
	f->bearers &= ~(1u << cid);
	f->behind->ops->bearer_close(f->behind, cid);
}

/* ---- HTTP ---------------------------------------------------------------- */

static void
http_start(struct modem_world *w, const struct world_http_request *r)
{
	struct modem_far *f = far_of(w);

	holds(!f->http, "an HTTP exchange begins while one runs");
	number("method", r->method, WORLD_GET, WORLD_DELETE);
	number("cid", (uint64_t)r->cid, 1, MODEM_CIDS);
	holds((f->bearers & 1u << r->cid) != 0, "an HTTP exchange over a closed bearer");
	holds(r->url.len > 0, "an HTTP exchange without a URL");
	text("url", r->url, MODEM_LINE_MAX);
	text("user agent", r->user_agent, MODEM_LINE_MAX);
	text("content type", r->content_type, MODEM_LINE_MAX);
	text("user data", r->user_data, MODEM_LINE_MAX);
	text("proxy", r->proxy, MODEM_LINE_MAX);
	number("proxy port", r->proxy_port, 1, 65535);
	number("range", r->range_first, 0, INT32_MAX);
	number("range end", r->range_last, 0, INT32_MAX);
	number("timeout", r->timeout_ms, 30000, 1000000);
	number("body", r->body.len, 0, r->method == WORLD_POST ? HTTP_BUFFER_MAX : 0);
	f->http = true;
	f->http_texts = (struct modem_far_texts){ { r->url, r->user_agent, r->content_type, r->user_data, r->proxy, r->body }, 0 };
	f->http_texts.sum = sum(&f->http_texts);
	f->behind->ops->http_start(f->behind, r);
}

static void
http_poll(struct modem_world *w, struct world_http *out)
{
	struct modem_far *f = far_of(w);

	if (f->http)
		unchanged(&f->http_texts, "HTTP exchange");
	f->behind->ops->http_poll(f->behind, out);
}

static size_t
http_read(struct modem_world *w, uint32_t offset, char *into, size_t cap)
{
	struct modem_far *f = far_of(w);
	struct world_http now;

	f->behind->ops->http_poll(f->behind, &now);
	holds(f->http && now.state == WORLD_DONE, "an answer is read that is not there");
	number("offset", offset, 0, now.length);
	number("room", cap, 1, HTTP_BUFFER_MAX - offset);
	/* The answer takes the memory of the body that has been sent. */
	f->http_texts = (struct modem_far_texts){ { SPAN("") }, 0 };
	f->http_texts.sum = sum(&f->http_texts);
	return f->behind->ops->http_read(f->behind, offset, into, cap);
}

static void
http_close(struct modem_world *w)
{
	struct modem_far *f = far_of(w);

	holds(f->http, "an HTTP exchange is closed that does not run");
	unchanged(&f->http_texts, "HTTP exchange");
	f->http = false;
	f->behind->ops->http_close(f->behind);
}

/* ---- FTP ----------------------------------------------------------------- */

static void
ftp_start(struct modem_world *w, const struct world_ftp_request *r)
{
	struct modem_far *f = far_of(w);

	holds(!f->ftp, "an FTP session begins while one runs");
	number("verb", r->verb, WORLD_RETR, WORLD_RMD);
	number("put", r->put, WORLD_STOR, WORLD_STOU);
	number("cid", (uint64_t)r->cid, 1, MODEM_CIDS);
	holds((f->bearers & 1u << r->cid) != 0, "an FTP session over a closed bearer");
	holds(r->server.len > 0, "an FTP session without a server");
	text("server", r->server, 49);
	text("user", r->user, 49);
	text("password", r->password, 49);
	text("path", r->path, 255);
	text("name", r->name, 99);
	number("port", r->port, 1, 65535);
	number("tls", (uint64_t)r->tls, 0, 2);
	number("rest", r->rest, 0, r->verb == WORLD_RETR ? INT32_MAX : 0);
	number("timeout", r->timeout_ms, 1, 600000);
	f->ftp = true;
	f->finished = false;
	f->verb = r->verb;
	f->ftp_now = (struct world_ftp){ .state = WORLD_BUSY };
	f->ftp_texts = (struct modem_far_texts){ { r->server, r->user, r->password, r->path, r->name }, 0 };
	f->ftp_texts.sum = sum(&f->ftp_texts);
	f->behind->ops->ftp_start(f->behind, r);
}

static void
ftp_poll(struct modem_world *w, struct world_ftp *out)
{
	struct modem_far *f = far_of(w);

	if (f->ftp)
		unchanged(&f->ftp_texts, "FTP session");
	f->behind->ops->ftp_poll(f->behind, out);
	f->ftp_now = *out;
}

static size_t
ftp_read(struct modem_world *w, char *into, size_t cap)
{
	struct modem_far *f = far_of(w);
	size_t n;

	holds(f->ftp && (f->verb == WORLD_RETR || f->verb == WORLD_LIST), "data is read of a session that gives none");
	number("bytes asked for", cap, 0, f->ftp_now.available);
	n = f->behind->ops->ftp_read(f->behind, into, cap);
	holds(n <= cap, "more was given than asked for");
	if (n > MODEM_FAR_GIVEN_MAX - f->given_len)
		modem_far_forget(f);
	memcpy(f->given + f->given_len, into, n);
	f->given_len += (uint32_t)n;
	return n;
}

static size_t
ftp_write(struct modem_world *w, struct span bytes)
{
	struct modem_far *f = far_of(w);

	holds(f->ftp && f->verb == WORLD_STORE, "data is written to a session that takes none");
	holds(!f->finished, "data is written behind the end");
	number("bytes offered", bytes.len, 1, f->ftp_now.window);
	return f->behind->ops->ftp_write(f->behind, bytes);
}

static void
ftp_finish(struct modem_world *w)
{
	struct modem_far *f = far_of(w);

	holds(f->ftp && f->verb == WORLD_STORE && !f->finished, "an upload ends that is none, or twice");
	f->finished = true;
	f->behind->ops->ftp_finish(f->behind);
}

static void
ftp_close(struct modem_world *w)
{
	struct modem_far *f = far_of(w);

	holds(f->ftp, "an FTP session is closed that does not run");
	unchanged(&f->ftp_texts, "FTP session");
	f->ftp = false;
	f->behind->ops->ftp_close(f->behind);
}

/* ---- time, and what was given ---------------------------------------------- */

static uint64_t
advance(struct modem_world *w, uint64_t now_us)
{
	struct modem_far *f = far_of(w);

	holds(now_us >= f->now_us, "time goes back");
	f->now_us = now_us;
	return f->behind->ops->advance(f->behind, now_us);
}

static const struct modem_world_ops ops = {
	.bearer_open = bearer_open,
	.bearer_poll = bearer_poll,
	.bearer_close = bearer_close,
	.http_start = http_start,
	.http_poll = http_poll,
	.http_read = http_read,
	.http_close = http_close,
	.ftp_start = ftp_start,
	.ftp_poll = ftp_poll,
	.ftp_read = ftp_read,
	.ftp_write = ftp_write,
	.ftp_finish = ftp_finish,
	.ftp_close = ftp_close,
	.advance = advance,
};

struct modem_world *
modem_far_between(struct modem_far *f, struct modem_world *behind)
{
	memset(f, 0, offsetof(struct modem_far, given));
	f->world.ops = &ops;
	f->behind = behind;
	return &f->world;
}

bool
modem_far_given(struct modem_far *f, struct span piece)
{
	if (piece.len > f->given_len || memcmp(f->given, piece.at, piece.len) != 0)
		return false;
	f->given_len -= (uint32_t)piece.len;
	memmove(f->given, f->given + piece.len, f->given_len);
	return true;
}

void
modem_far_forget(struct modem_far *f)
{
	f->given_len = 0;
}

QUIET_END
