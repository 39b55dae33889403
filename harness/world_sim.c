#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "world_parts.h"

/* ---- names -------------------------------------------------------------- */

static bool
is_address(struct span host)
{
	int dots = 0;

	for (size_t i = 0; i < host.len; i++) {
		if (host.at[i] == '.')
			dots++;
		else if (host.at[i] < '0' || host.at[i] > '9')
			return false;
	}
	return dots == 3;
}

/* A described server has a name; an FTP server without a host answers to every name. */
enum world_name
world_name(const struct world_sim *w, struct span host)
{
	for (const struct dns_line *d = w->dns; d != NULL; d = d->next)
		if (at_same(d->host, host))
			return d->silent ? NAME_SILENT : NAME_UNKNOWN;
	if (is_address(host))
		return NAME_KNOWN;
	for (const struct http_resource *r = w->resources; r != NULL; r = r->next)
		if (at_same(r->url.host, host))
			return NAME_KNOWN;
	for (const struct http_proxy *p = w->proxies; p != NULL; p = p->next)
		if (at_same(p->host, host))
			return NAME_KNOWN;
	for (const struct ftp_server *s = w->servers; s != NULL; s = s->next)
		if (at_same(s->host, host))
			return NAME_KNOWN;
	return NAME_UNKNOWN;
}

struct span
world_textf(struct arena *a, const char *format, ...)
{
	va_list ap;
	int len;
	char *at;

	va_start(ap, format);
	len = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	at = arena_alloc(a, (size_t)len + 1);
	va_start(ap, format);
	vsnprintf(at, (size_t)len + 1, format, ap);
	va_end(ap);
	return span_of(at, (size_t)len);
}

/* ---- the bearer's network ------------------------------------------------ */

static struct bearer_net *
bearer_of(struct modem_world *mw, int cid)
{
	struct world_sim *w = (struct world_sim *)mw;

	return &w->bearer[(unsigned)cid % WORLD_CIDS];
}

bool
world_bearer_up(const struct world_sim *w, int cid)
{
	const struct bearer_net *b = &w->bearer[(unsigned)cid % WORLD_CIDS];

	return b->opened && !b->refused && w->now_us >= b->ready_us && w->now_us < b->lost_us;
}

static void
bearer_open(struct modem_world *mw, int cid, struct span apn, struct span user, struct span password)
{
	struct world_sim *w = (struct world_sim *)mw;
	struct bearer_net *b = bearer_of(mw, cid);

	(void)user;
	(void)password;
	b->opened = true;
	b->refused = w->network.refuse || (w->network.has_apn && !at_same(apn, w->network.apn));
	b->ready_us = w->now_us + w->network.latency_us;
	b->lost_us = WORLD_NEVER;
	if (w->network.lost_after_us != 0)
		b->lost_us = b->ready_us + w->network.lost_after_us;
}

static void
bearer_poll(struct modem_world *mw, int cid, struct world_bearer *out)
{
	struct world_sim *w = (struct world_sim *)mw;
	const struct bearer_net *b = bearer_of(mw, cid);

	*out = (struct world_bearer){ .state = WORLD_IDLE };
	if (!b->opened)
		return;
	if (w->now_us < b->ready_us) {
		out->state = WORLD_BUSY;
	} else if (b->refused || w->now_us >= b->lost_us) {
		out->state = WORLD_FAILED;
	} else {
		out->state = WORLD_READY;
		memcpy(out->ip, w->network.ip, sizeof(out->ip));
	}
}

/* What runs over a bearer ends with it. */
static void
bearer_gone(struct world_sim *w, int cid, uint64_t at_us)
{
	if (w->http.started && w->http.cid == cid)
		world_http_bearer_gone(w, at_us);
	if (w->ftp.started && w->ftp.cid == cid)
		world_ftp_bearer_gone(w, at_us);
}

static void
bearer_close(struct modem_world *mw, int cid)
{
	struct world_sim *w = (struct world_sim *)mw;
	struct bearer_net *b = bearer_of(mw, cid);

	if (b->opened)
		bearer_gone(w, cid, w->now_us);
	b->opened = false;
}

/* ---- time ---------------------------------------------------------------- */

static uint64_t
sooner(uint64_t due, uint64_t moment, uint64_t now_us)
{
	return moment > now_us && moment < due ? moment : due;
}

static uint64_t
advance(struct modem_world *mw, uint64_t now_us)
{
	struct world_sim *w = (struct world_sim *)mw;
	uint64_t due = WORLD_NEVER;

	if (now_us > w->now_us)
		w->now_us = now_us;
	for (int cid = 0; cid < WORLD_CIDS; cid++) {
		const struct bearer_net *b = &w->bearer[cid];

		if (!b->opened)
			continue;
		if (!b->refused && b->lost_us <= w->now_us)
			bearer_gone(w, cid, b->lost_us);
		due = sooner(due, b->ready_us, w->now_us);
		if (!b->refused)
			due = sooner(due, b->lost_us, w->now_us);
	}
	if (w->http.started)
		due = sooner(due, world_http_due(w), w->now_us);
	if (w->ftp.started) {
		world_ftp_advance(w);
		due = sooner(due, world_ftp_due(w), w->now_us);
	}
	return due;
}

static const struct modem_world_ops ops = {
	.bearer_open = bearer_open,
	.bearer_poll = bearer_poll,
	.bearer_close = bearer_close,
	.http_start = world_http_start,
	.http_poll = world_http_poll,
	.http_read = world_http_read,
	.http_close = world_http_close,
	.ftp_start = world_ftp_start,
	.ftp_poll = world_ftp_poll,
	.ftp_read = world_ftp_read,
	.ftp_write = world_ftp_write,
	.ftp_finish = world_ftp_finish,
	.ftp_close = world_ftp_close,
	.advance = advance,
};

/* ---- its life ------------------------------------------------------------ */

struct world_sim *
world_sim_new(void)
{
	struct world_sim *w = calloc(1, sizeof(*w));

	if (w == NULL)
		abort();
	world_sim_begin(w, NULL, 0, NULL);
	return w;
}

void
world_sim_free(struct world_sim *w)
{
	if (w == NULL)
		return;
	files_forget(w);
	log_free(w);
	arena_free(&w->http_work);
	arena_free(&w->ftp_work);
	arena_free(&w->arena);
	free(w);
}

int
world_sim_begin(struct world_sim *w, const struct case_line *lines, uint64_t seed, struct err *e)
{
	const struct world_sim had = *w;

	files_forget(w);
	*w = (struct world_sim){ .modem = { &ops }, .seed = seed, .arena = had.arena, .log = had.log };
	w->http_work = had.http_work;
	w->ftp_work = had.ftp_work;
	arena_reset(&w->arena);
	arena_shrink(&w->http_work);
	arena_shrink(&w->ftp_work);
	log_forget(w);
	memcpy(w->network.ip, (const uint8_t[]){ 10, 89, 193, 1 }, 4); /* note 3.1 */
	w->resources_end = &w->resources;
	for (const struct case_line *l = lines; l != NULL; l = l->next) {
		struct world_scan sc;

		scan_begin(&sc, arena_copy(&w->arena, l->text), &w->arena);
		if (!world_line(w, &sc, false))
			return err_set(e, EXIT_USAGE, "%s:%d:%d: %s", l->path, l->line, l->column + (int)sc.column, sc.why);
	}
	return 0;
}

struct modem_world *
world_sim_modem(struct world_sim *w)
{
	return &w->modem;
}

int
world_check(struct span line, size_t *column, const char **why)
{
	struct world_sim *w = world_sim_new();
	struct world_scan sc;
	int result = 0;

	scan_begin(&sc, line, &w->arena);
	if (!world_line(w, &sc, true)) {
		*column = sc.column;
		*why = sc.why;
		result = -1;
	}
	world_sim_free(w);
	return result;
}

bool
world_sim_content(const struct world_sim *w, struct span name, struct content *out)
{
	struct http_url url;
	const struct http_resource *r;
	bool listens;

	if (name.len > 0 && name.at[0] == '/') {
		for (const struct ftp_server *s = w->servers; s != NULL; s = s->next) {
			const struct ftp_node *n = files_find(s, name);

			if (n != NULL && !n->dir) {
				*out = n->content;
				return true;
			}
		}
		return false;
	}
	if (!world_url_parse(NULL, name, false, &url))
		return false;
	r = world_http_find(w, &url, -1, &listens);
	if (r != NULL)
		*out = r->content;
	return r != NULL;
}

bool
world_resolve_content(const struct world_sim *w, struct content *c)
{
	struct content of;

	if (c->kind != CONTENT_FILE)
		return true;
	if (!world_sim_content(w, c->text, &of) || of.length < c->length)
		return false;
	of.length = c->length;
	*c = of;
	return true;
}
