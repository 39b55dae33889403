/*
 * FTP servers: a session is its command lines, the replies to them, and then data; all of it worked out when
 * it starts, but for what the module reads and writes.
 *
 *	USER PASS TYPE (PASV or PORT) REST, then RETR, STOR, ... with the whole path
 */
#include "world_parts.h"

enum { PORT_PLAIN = 21, PORT_TLS = 990 };
enum { TLS_IMPLICIT = 1, TLS_EXPLICIT = 2 }; /* AT+FTPSSL */

/* ---- a session's commands -------------------------------------------------- */

bool
world_ftp_fail(struct ftp_session *f, int error, uint64_t at_us)
{
	f->failed = true;
	f->error = error;
	f->fail_us = at_us;
	return false;
}

/*
 * Send one command at at_us and judge the reply.  code, unless NULL, is what the server said, text what stood behind it.
 */
static bool
command(struct world_sim *w, const struct world_ftp_request *rq, enum ftp_verb verb, struct span argument, uint64_t at_us, int *code,
    struct span *text)
{
	struct ftp_session *f = &w->ftp;
	const struct ftp_server *s = f->server;
	const struct ftp_reply *r;
	int reply, error;
	uint64_t reply_us = at_us;

	log_ftp(w, verb, argument, at_us);
	if (s->silent_after == verb)
		return world_ftp_fail(f, FTP_TIMEOUT, at_us + rq->timeout_ms * UINT64_C(1000));
	for (r = s->replies; r != NULL && r->verb != verb; r = r->next)
		;
	reply = r != NULL ? r->code : world_ftp_reply(w, f, verb, rq);
	*text = r != NULL ? r->text : SPAN("");
	*code = reply;
	error = world_ftp_error(verb, reply);
	if (verb <= FTP_PASS)
		reply_us += s->login_us / 2;
	else if (verb >= FTP_RETR)
		reply_us += s->latency_us;
	f->ready_us = reply_us;
	return error == 0 || world_ftp_fail(f, error, reply_us);
}

static bool
plain(struct world_sim *w, const struct world_ftp_request *rq, enum ftp_verb verb, struct span argument, uint64_t at_us)
{
	int code;
	struct span text;

	return command(w, rq, verb, argument, at_us, &code, &text);
}

/* The module's own address and a port of its choice, as PORT says them. */
static struct span
port_argument(struct world_sim *w)
{
	unsigned port = 1024 + (unsigned)(w->seed % 60000);
	const uint8_t *ip = w->network.ip;

	return world_textf(&w->ftp_work, "%u,%u,%u,%u,%u,%u", ip[0], ip[1], ip[2], ip[3], port >> 8, port & 0xff);
}

/* AT+FTPSSL: the channel is made before the log-in, by AUTH or at once. */
static bool
secure(struct world_sim *w, const struct world_ftp_request *rq)
{
	struct ftp_session *f = &w->ftp;

	if (rq->tls == 0)
		return true;
	if (rq->tls == TLS_EXPLICIT && !plain(w, rq, FTP_AUTH, SPAN("TLS"), f->ready_us))
		return false;
	if (f->server->tls_fails || f->server->tls_alert)
		return world_ftp_fail(f, f->server->tls_fails ? FTP_TLS_CHANNEL : FTP_TLS_ALERT, f->ready_us + WORLD_FTP_LOGIN_US);
	return true;
}

/* USER and PASS take the time of the log-in; a server may want no password. */
static bool
log_in(struct world_sim *w, const struct world_ftp_request *rq)
{
	struct ftp_session *f = &w->ftp;
	int code;
	struct span text;

	if (!command(w, rq, FTP_USER, rq->user, f->ready_us, &code, &text))
		return false;
	if (code / 100 != 2 && !plain(w, rq, FTP_PASS, SPAN("*****"), f->ready_us))
		return false;
	/* RFC 4217: data is protected, too. */
	return rq->tls == 0 || (plain(w, rq, FTP_PBSZ, SPAN("0"), f->ready_us) && plain(w, rq, FTP_PROT, SPAN("P"), f->ready_us));
}

static bool
open_data(struct world_sim *w, const struct world_ftp_request *rq)
{
	struct ftp_session *f = &w->ftp;

	if (rq->passive ? !plain(w, rq, FTP_PASV, SPAN(""), f->ready_us) : !plain(w, rq, FTP_PORT, port_argument(w), f->ready_us))
		return false;
	return rq->verb != WORLD_RETR || rq->rest == 0 || plain(w, rq, FTP_REST, world_textf(&w->ftp_work, "%u", rq->rest), f->ready_us);
}

/* STOU: a name that is not taken yet, like the one that was asked for. */
static struct span
fresh_name(struct world_sim *w, struct ftp_session *f)
{
	struct span path = f->path;

	for (unsigned i = 1; files_find(f->server, path) != NULL; i++)
		path = world_textf(&w->ftp_work, "%.*s.%u", (int)f->path.len, f->path.at, i);
	return path;
}

/* A number in the text of a scripted 213, else the file's size. */
static uint64_t
size_said(struct ftp_session *f, struct span text)
{
	const struct ftp_node *n = files_find(f->server, f->path);
	uint64_t size = 0;

	if (text.len == 0)
		return n == NULL ? 0 : n->content.length;
	for (size_t i = 0; i < text.len && i < 18; i++) {
		if (text.at[i] < '0' || text.at[i] > '9') {
			world_ftp_fail(f, FTP_REPLY_ERROR, f->ready_us);
			return 0;
		}
		size = size * 10 + (uint64_t)(text.at[i] - '0');
	}
	return size;
}

/* ---- data ------------------------------------------------------------------ */

/* How long after the one before it a burst of bytes is there. */
static uint64_t
burst_us(const struct ftp_server *s, uint64_t bytes)
{
	if (s->rate != 0)
		return (bytes * 1000000 + s->rate - 1) / s->rate;
	return s->bursts > 0 ? s->pause_us : 0;
}

/* How many bytes the next burst holds; the last size of the list goes on. */
static uint64_t
burst_size(const struct ftp_session *f)
{
	const struct ftp_server *s = f->server;
	uint64_t left = f->total - f->arrived, n = left;

	if (s->bursts > 0)
		n = s->burst[f->burst < s->bursts ? f->burst : s->bursts - 1];
	else if (s->rate != 0)
		n = FTP_SEGMENT;
	return n < left ? n : left;
}

/* Data begins to come: RETR and LIST. */
static void
begin_download(struct ftp_session *f, struct content content, uint64_t first, int cut)
{
	const struct ftp_server *s = f->server;

	f->content = content;
	f->first = first < content.length ? first : content.length;
	f->total = content.length - f->first;
	if (s->has_cut[cut] && s->cut[cut] < f->total) {
		f->total = s->cut[cut];
		f->cut = true;
	}
	/* With a pause instead of a rate the first burst is there when the connection is. */
	f->next_us = f->ready_us + (s->rate == 0 ? 0 : burst_us(s, burst_size(f)));
}

/* The server opens the file. */
static void
begin_upload(struct world_sim *w)
{
	struct ftp_session *f = &w->ftp;
	bool room;

	if (f->put == WORLD_STOU)
		f->path = fresh_name(w, f);
	f->node = files_make(w, f->server, f->path, false);
	room = files_open(w, f->node, f->put == WORLD_APPE);
	f->window_us = f->ready_us;
	if (!room || (f->server->has_cut[CUT_STOR] && f->server->cut[CUT_STOR] == 0))
		world_ftp_fail(f, FTP_UPLOAD_ERROR, f->ready_us);
}

static enum ftp_verb
verb_of(const struct world_ftp_request *rq)
{
	switch (rq->verb) {
	case WORLD_RETR: return FTP_RETR;
	case WORLD_STORE:
		switch (rq->put) {
		case WORLD_STOR: return FTP_STOR;
		case WORLD_APPE: return FTP_APPE;
		case WORLD_STOU: return FTP_STOU;
		}
		break;
	case WORLD_LIST: return FTP_LIST;
	case WORLD_SIZE: return FTP_SIZE;
	case WORLD_DELE: return FTP_DELE;
	case WORLD_MKD: return FTP_MKD;
	case WORLD_RMD: return FTP_RMD;
	}
	return FTP_STOR;
}

static void
begin_verb(struct world_sim *w, const struct world_ftp_request *rq, struct span whole)
{
	struct ftp_session *f = &w->ftp;
	int code;
	struct span text;
	struct ftp_node *n;

	if (!command(w, rq, verb_of(rq), whole, f->ready_us, &code, &text))
		return;
	n = files_find(f->server, f->path);
	switch (rq->verb) {
	case WORLD_RETR:
		begin_download(f, n == NULL || n->dir ? (struct content){ .kind = CONTENT_STRING } : n->content, rq->rest, CUT_RETR);
		break;
	case WORLD_LIST:
		begin_download(f, n == NULL ? (struct content){ .kind = CONTENT_STRING } : files_list(w, f->server, n), 0, CUT_LIST);
		break;
	case WORLD_SIZE: f->size = size_said(f, text); break;
	case WORLD_STORE:
	case WORLD_DELE:
	case WORLD_MKD:
	case WORLD_RMD: f->effect = true; break;
	}
}

static bool
listens_on(const struct ftp_server *s, uint16_t port)
{
	return s->port != 0 ? s->port == port : port == PORT_PLAIN || port == PORT_TLS;
}

/* Whether somebody listens; finds f->server. */
static bool
connect_to(struct world_sim *w, const struct world_ftp_request *rq)
{
	struct ftp_session *f = &w->ftp;
	struct ftp_server *s, *any = NULL;
	enum world_name name = world_name(w, rq->server);

	for (s = w->servers; s != NULL && !(s->host.len > 0 && at_same(s->host, rq->server)); s = s->next)
		if (s->host.len == 0)
			any = s;
	if (s == NULL)
		s = any;
	for (const struct dns_line *d = w->dns; d != NULL; d = d->next)
		if (at_same(d->host, rq->server))
			return world_ftp_fail(f, FTP_DNS_ERROR, w->now_us + (d->silent ? WORLD_DNS_TIMEOUT_US : WORLD_FTP_LOGIN_US));
	if (s == NULL)
		return world_ftp_fail(f, name == NAME_KNOWN ? FTP_CONNECT_ERROR : FTP_DNS_ERROR, w->now_us + WORLD_FTP_LOGIN_US);
	f->server = s;
	if (s->refuse || !listens_on(s, rq->port))
		return world_ftp_fail(f, FTP_CONNECT_ERROR, w->now_us + WORLD_FTP_LOGIN_US);
	/* A server on 990 waits for TLS, and one on 21 for none. */
	if (s->silent || (s->port == 0 && rq->port == PORT_TLS && rq->tls != TLS_IMPLICIT))
		return world_ftp_fail(f, FTP_TIMEOUT, w->now_us + rq->timeout_ms * UINT64_C(1000));
	if (rq->tls == TLS_IMPLICIT && s->port == 0 && rq->port == PORT_PLAIN)
		return world_ftp_fail(f, FTP_TLS_CHANNEL, w->now_us + WORLD_FTP_LOGIN_US);
	return true;
}

void
world_ftp_start(struct modem_world *mw, const struct world_ftp_request *request)
{
	struct world_sim *w = (struct world_sim *)mw;
	struct ftp_session *f = &w->ftp;
	struct world_ftp_request rq = *request;
	struct span whole;
	bool names_file = rq.verb == WORLD_RETR || rq.verb == WORLD_STORE || rq.verb == WORLD_SIZE || rq.verb == WORLD_DELE;
	bool data = rq.verb == WORLD_RETR || rq.verb == WORLD_STORE || rq.verb == WORLD_LIST;

	if (rq.timeout_ms == 0)
		rq.timeout_ms = 75000;
	arena_shrink(&w->ftp_work);
	log_begin(w);
	*f = (struct ftp_session){
		.started = true, .cid = rq.cid, .verb = rq.verb, .put = rq.put, .ascii = rq.ascii, .ready_us = w->now_us
	};
	if (!world_bearer_up(w, rq.cid)) {
		world_ftp_fail(f, FTP_NET_ERROR, w->now_us);
		return;
	}
	if (!connect_to(w, &rq) || !secure(w, &rq) || !log_in(w, &rq))
		return;
	/* FTPGETNAME is set in note 3.19, too, but LIST, MKD and RMD are about the path alone (manual 12.2.11). */
	whole = files_join(w, rq.path, names_file ? rq.name : SPAN(""));
	f->path = files_path(whole);
	if (!plain(w, &rq, FTP_TYPE, rq.ascii ? SPAN("A") : SPAN("I"), f->ready_us))
		return;
	if (data && !open_data(w, &rq))
		return;
	begin_verb(w, &rq, whole);
}

/* ---- time ------------------------------------------------------------------ */

static void
apply_effect(struct world_sim *w)
{
	struct ftp_session *f = &w->ftp;
	struct ftp_node *n = files_find(f->server, f->path);

	f->effect = false;
	if (f->verb == WORLD_STORE)
		begin_upload(w);
	else if (f->verb == WORLD_MKD)
		files_make(w, f->server, f->path, true);
	else if (n != NULL)
		files_remove(w, n);
}

static void
arrive(struct world_sim *w)
{
	struct ftp_session *f = &w->ftp;

	while (f->arrived < f->total && f->next_us <= w->now_us) {
		f->arrived += burst_size(f);
		f->burst++;
		f->next_us += burst_us(f->server, burst_size(f));
	}
}

void
world_ftp_advance(struct world_sim *w)
{
	struct ftp_session *f = &w->ftp;

	if (!f->started || f->failed || w->now_us < f->ready_us)
		return;
	if (f->effect)
		apply_effect(w);
	if (f->verb == WORLD_RETR || f->verb == WORLD_LIST)
		arrive(w);
}

uint64_t
world_ftp_due(const struct world_sim *w)
{
	const struct ftp_session *f = &w->ftp;

	if (f->failed)
		return f->fail_us;
	if (w->now_us < f->ready_us)
		return f->ready_us;
	if (f->verb == WORLD_STORE)
		return f->window_us;
	return f->arrived < f->total ? f->next_us : WORLD_NEVER;
}

void
world_ftp_bearer_gone(struct world_sim *w, uint64_t at_us)
{
	struct ftp_session *f = &w->ftp;

	if (!f->failed || at_us < f->fail_us)
		world_ftp_fail(f, FTP_NET_ERROR, at_us);
}

/* Commands that had not gone out yet never arrive; a session that ended well says QUIT. */
void
world_ftp_close(struct modem_world *mw)
{
	struct world_sim *w = (struct world_sim *)mw;
	struct world_ftp end;

	if (!w->ftp.started)
		return;
	world_ftp_poll(mw, &end);
	log_ftp_stop(w);
	if (end.state == WORLD_DONE)
		log_ftp(w, FTP_QUIT, SPAN(""), w->now_us);
	w->ftp.started = false;
}
