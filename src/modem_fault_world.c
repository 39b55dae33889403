#include "modem_fault_world.h"

/* What the module reports of it: manual 11.2.5 and 12.2.14. */
enum { HTTP_NETWORK_ERROR = 601, FTP_CONNECT_ERROR = 63, FTP_UPLOAD_ERROR = 78, FTP_DOWNLOAD_ERROR = 79 };

static struct modem_fault_world *
spoiler(struct modem_world *w)
{
	return (struct modem_fault_world *)(void *)w;
}

/* Chance 1/n; never with n 0. */
static bool
strikes(struct modem_fault_world *f, uint32_t n)
{
	return n > 0 && prng_below(f->prng, n) == 0;
}

/* Both lots are drawn at once, so that one fault does not change where the other strikes.  Whether the world behind hears of it. */
static bool
begin(struct modem_fault_world *f, struct fault_path *p)
{
	*p = (struct fault_path){ 0 };
	p->refused = strikes(f, f->refused);
	p->breaks = strikes(f, f->cut_short);
	return !p->refused;
}

/* Whether what the server has said by now is still on its way. */
static bool
is_late(struct modem_fault_world *f, struct fault_path *p, bool said)
{
	if (!said)
		p->heard_us = 0;
	else if (p->heard_us == 0)
		p->heard_us = f->now_us + f->slow_ms * 1000ull;
	return said && f->now_us < p->heard_us;
}

/* Of n bytes that are there or may be sent, how many come before the break; the place is drawn when the first bytes are. */
static uint32_t
before_break(struct modem_fault_world *f, struct fault_path *p, uint32_t n)
{
	if (!p->breaks || n == 0)
		return n;
	if (!p->placed) {
		p->placed = true;
		p->break_at = (uint32_t)prng_below(f->prng, n);
	}
	return n < p->break_at - p->moved ? n : p->break_at - p->moved;
}

/* ---- the bearer: as it is ------------------------------------------------- */

static void
bearer_open(struct modem_world *w, int cid, struct span apn, struct span user, struct span password)
{
	struct modem_world *behind = spoiler(w)->behind;

	behind->ops->bearer_open(behind, cid, apn, user, password);
}

static void
bearer_poll(struct modem_world *w, int cid, struct world_bearer *out)
{
	struct modem_world *behind = spoiler(w)->behind;

	behind->ops->bearer_poll(behind, cid, out);
}

static void
bearer_close(struct modem_world *w, int cid)
{
	struct modem_world *behind = spoiler(w)->behind;

	behind->ops->bearer_close(behind, cid);
}

/* ---- HTTP -------------------------------------------------------------------- */

static void
http_start(struct modem_world *w, const struct world_http_request *r)
{
	struct modem_fault_world *f = spoiler(w);

	if (begin(f, &f->http))
		f->behind->ops->http_start(f->behind, r);
}

static void
http_poll(struct modem_world *w, struct world_http *out)
{
	struct modem_fault_world *f = spoiler(w);

	if (f->http.refused) {
		*out = (struct world_http){ .state = WORLD_FAILED, .status = HTTP_NETWORK_ERROR };
		return;
	}
	f->behind->ops->http_poll(f->behind, out);
	if (is_late(f, &f->http, out->state == WORLD_DONE || out->state == WORLD_FAILED))
		*out = (struct world_http){ .state = WORLD_BUSY };
	/* A body that does not come whole is no answer (manual 11.2.5: 601). */
	if (f->http.breaks && out->state == WORLD_DONE && out->length > 0)
		*out = (struct world_http){ .state = WORLD_FAILED, .status = HTTP_NETWORK_ERROR };
}

static size_t
http_read(struct modem_world *w, uint32_t offset, char *into, size_t cap)
{
	struct modem_fault_world *f = spoiler(w);
	struct world_http now;

	http_poll(w, &now);
	return now.state == WORLD_DONE ? f->behind->ops->http_read(f->behind, offset, into, cap) : 0;
}

static void
http_close(struct modem_world *w)
{
	struct modem_fault_world *f = spoiler(w);

	if (!f->http.refused)
		f->behind->ops->http_close(f->behind);
	f->http = (struct fault_path){ 0 };
}

/* ---- FTP --------------------------------------------------------------------- */

static void
ftp_start(struct modem_world *w, const struct world_ftp_request *r)
{
	struct modem_fault_world *f = spoiler(w);

	if (begin(f, &f->ftp))
		f->behind->ops->ftp_start(f->behind, r);
	switch (r->verb) {
	case WORLD_RETR:
	case WORLD_LIST: f->ftp.break_error = FTP_DOWNLOAD_ERROR; break;
	case WORLD_STORE: f->ftp.break_error = FTP_UPLOAD_ERROR; break;
	case WORLD_SIZE:
	case WORLD_DELE:
	case WORLD_MKD:
	case WORLD_RMD: f->ftp.breaks = false; break;
	}
}

/* The server waits for the module, or is at work: nothing that could be late. */
static bool
is_silent(const struct world_ftp *now)
{
	switch (now->state) {
	case WORLD_IDLE:
	case WORLD_BUSY: return true;
	case WORLD_READY: return now->available == 0 && now->window == 0 && !now->ended;
	case WORLD_DONE:
	case WORLD_FAILED: return false;
	}
	return false;
}

/* Data flows up to where it breaks off. */
static void
break_off(struct modem_fault_world *f, struct world_ftp *out)
{
	struct fault_path *p = &f->ftp;
	uint32_t available, window;

	if (!p->breaks || (out->state != WORLD_READY && !p->broken))
		return;
	available = before_break(f, p, out->available);
	window = before_break(f, p, out->window);
	p->broken = p->broken || (p->placed && p->moved == p->break_at);
	if (p->broken) {
		*out = (struct world_ftp){ .state = WORLD_FAILED, .error = p->break_error };
		return;
	}
	/* The end of what the server sent does not come. */
	out->ended = out->ended && available == out->available;
	out->available = available;
	out->window = window;
}

static void
ftp_poll(struct modem_world *w, struct world_ftp *out)
{
	struct modem_fault_world *f = spoiler(w);

	if (f->ftp.refused) {
		*out = (struct world_ftp){ .state = WORLD_FAILED, .error = FTP_CONNECT_ERROR };
		return;
	}
	f->behind->ops->ftp_poll(f->behind, out);
	if (is_late(f, &f->ftp, !is_silent(out))) {
		*out = (struct world_ftp){ .state = f->ftp.flows ? WORLD_READY : WORLD_BUSY };
		return;
	}
	f->ftp.flows = f->ftp.flows || out->state == WORLD_READY;
	break_off(f, out);
}

static size_t
ftp_read(struct modem_world *w, char *into, size_t cap)
{
	struct modem_fault_world *f = spoiler(w);
	struct world_ftp now;
	size_t n;

	ftp_poll(w, &now);
	n = f->behind->ops->ftp_read(f->behind, into, cap < now.available ? cap : now.available);
	f->ftp.moved += (uint32_t)n;
	return n;
}

static size_t
ftp_write(struct modem_world *w, struct span bytes)
{
	struct modem_fault_world *f = spoiler(w);
	struct world_ftp now;
	size_t n;

	ftp_poll(w, &now);
	n = f->behind->ops->ftp_write(f->behind, span_first(bytes, now.window));
	f->ftp.moved += (uint32_t)n;
	/* What the server says next, it says to this. */
	f->ftp.heard_us = 0;
	return n;
}

/* An upload whose break has not come by its end breaks there: the server never hears that it is whole. */
static void
ftp_finish(struct modem_world *w)
{
	struct modem_fault_world *f = spoiler(w);

	f->ftp.heard_us = 0;
	f->ftp.broken = f->ftp.broken || f->ftp.placed;
	if (!f->ftp.refused && !f->ftp.broken)
		f->behind->ops->ftp_finish(f->behind);
}

static void
ftp_close(struct modem_world *w)
{
	struct modem_fault_world *f = spoiler(w);

	if (!f->ftp.refused)
		f->behind->ops->ftp_close(f->behind);
	f->ftp = (struct fault_path){ 0 };
}

/* ---- time, and the way in between ----------------------------------------------- */

static uint64_t
advance(struct modem_world *w, uint64_t now_us)
{
	struct modem_fault_world *f = spoiler(w);
	uint64_t next = f->behind->ops->advance(f->behind, now_us);
	struct world_http http;
	struct world_ftp ftp;

	if (now_us > f->now_us)
		f->now_us = now_us;
	/* What the servers have said by now sets out now. */
	http_poll(w, &http);
	ftp_poll(w, &ftp);
	if (f->http.heard_us > f->now_us && f->http.heard_us < next)
		next = f->http.heard_us;
	if (f->ftp.heard_us > f->now_us && f->ftp.heard_us < next)
		next = f->ftp.heard_us;
	return next;
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
fault_world_between(struct modem_fault_world *f, struct modem_world *behind, struct prng *prng)
{
	if (f->behind == NULL) {
		f->world.ops = &ops;
		f->behind = behind;
		f->prng = prng;
	}
	return &f->world;
}
