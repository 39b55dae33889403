/*
 * FTP servers: a session is its command lines, the replies to them, and then data; all of it worked out when
 * it starts, but for what the module reads and writes.
 *
 *	USER PASS TYPE (PASV or PORT) REST, then RETR, STOR, ... with the whole path
 *
 * Facts 5.3: which command failed decides which error the module reports.
 */
#include "world_parts.h"

enum {
	FTP_NET_ERROR = 61,
	FTP_DNS_ERROR = 62,
	FTP_CONNECT_ERROR = 63,
	FTP_TIMEOUT = 64,
	FTP_SERVER_ERROR = 65,
	FTP_REPLY_ERROR = 70,
	FTP_OPERATE_ERROR = 77,
	FTP_UPLOAD_ERROR = 78,
	FTP_DOWNLOAD_ERROR = 79,
};

/* What a good reply to each command begins with (RFC 959 5.4), and what any other makes of the session. */
static const struct {
	int good, also, error;
} commands[] = {
	[FTP_USER] = { 3, 2, 71 },
	[FTP_PASS] = { 2, 2, 72 },
	[FTP_TYPE] = { 2, 2, 73 },
	[FTP_PASV] = { 2, 2, 75 },
	[FTP_PORT] = { 2, 2, 76 },
	[FTP_REST] = { 3, 3, 74 },
	[FTP_RETR] = { 1, 1, FTP_OPERATE_ERROR },
	[FTP_STOR] = { 1, 1, FTP_OPERATE_ERROR },
	[FTP_APPE] = { 1, 1, FTP_OPERATE_ERROR },
	[FTP_STOU] = { 1, 1, FTP_OPERATE_ERROR },
	[FTP_SIZE] = { 2, 2, FTP_OPERATE_ERROR },
	[FTP_DELE] = { 2, 2, FTP_OPERATE_ERROR },
	[FTP_MKD] = { 2, 2, FTP_OPERATE_ERROR },
	[FTP_RMD] = { 2, 2, FTP_OPERATE_ERROR },
	[FTP_LIST] = { 1, 1, FTP_OPERATE_ERROR },
	[FTP_QUIT] = { 2, 2, FTP_REPLY_ERROR },
};

/* The module's error for reply code to verb; 0: it may go on. */
static int
error_of(enum ftp_verb verb, int code)
{
	bool upload = verb == FTP_STOR || verb == FTP_APPE || verb == FTP_STOU;

	if (code < 100 || code > 599)
		return FTP_REPLY_ERROR;
	if (code == 421)
		return FTP_SERVER_ERROR;
	if (verb == FTP_PASV && code / 100 == 2 && code != 227)
		return FTP_REPLY_ERROR;
	if (code / 100 == commands[verb].good || code / 100 == commands[verb].also)
		return 0;
	if (code < 400)
		return FTP_REPLY_ERROR;
	/* 425, 426: the data connection; 452, 552: the server's disk is full. */
	if (upload && (code == 425 || code == 426 || code == 452 || code == 552))
		return FTP_UPLOAD_ERROR;
	if ((verb == FTP_RETR || verb == FTP_LIST) && (code == 425 || code == 426))
		return FTP_DOWNLOAD_ERROR;
	return commands[verb].error;
}

/* ---- the server's own replies ---------------------------------------------- */

static const struct ftp_user *
user_named(const struct ftp_server *s, struct span name)
{
	for (const struct ftp_user *u = s->users; u != NULL; u = u->next)
		if (span_equal(u->name, name))
			return u;
	return NULL;
}

static int
reply_store(struct world_sim *w, struct ftp_session *f, const struct ftp_node *n)
{
	const struct ftp_node *parent = files_find(f->server, files_parent(f->path));

	(void)w;
	if (f->path.len <= 1 || (n != NULL && n->dir) || parent == NULL || !parent->dir)
		return 553;
	return 150;
}

static int
reply_of_path(struct world_sim *w, struct ftp_session *f, enum ftp_verb verb)
{
	const struct ftp_node *n = files_find(f->server, f->path), *parent = files_find(f->server, files_parent(f->path));

	switch (verb) {
	case FTP_RETR: return n != NULL && !n->dir ? 150 : 550;
	case FTP_SIZE: return n != NULL && !n->dir ? 213 : 550;
	case FTP_DELE: return n != NULL && !n->dir ? 250 : 550;
	case FTP_MKD: return n == NULL && parent != NULL && parent->dir ? 257 : 550;
	case FTP_RMD: return n != NULL && n->dir && f->path.len > 1 && files_dir_empty(f->server, f->path) ? 250 : 550;
	case FTP_LIST: return n != NULL ? 150 : 550;
	case FTP_STOR:
	case FTP_APPE:
	case FTP_STOU: return reply_store(w, f, n);
	case FTP_USER:
	case FTP_PASS:
	case FTP_TYPE:
	case FTP_PASV:
	case FTP_PORT:
	case FTP_REST:
	case FTP_QUIT:
	case FTP_VERBS: break;
	}
	return 500;
}

static int
reply_of(struct world_sim *w, struct ftp_session *f, enum ftp_verb verb, const struct world_ftp_request *rq)
{
	const struct ftp_server *s = f->server;
	const struct ftp_user *u = user_named(s, rq->user);

	switch (verb) {
	case FTP_USER: return s->users == NULL || u != NULL ? 331 : 530;
	case FTP_PASS: return s->users == NULL || (u != NULL && span_equal(u->password, rq->password)) ? 230 : 530;
	case FTP_TYPE: return 200;
	case FTP_PASV: return 227;
	case FTP_PORT: return 200;
	case FTP_REST: return 350;
	case FTP_QUIT: return 221;
	case FTP_RETR:
	case FTP_STOR:
	case FTP_APPE:
	case FTP_STOU:
	case FTP_SIZE:
	case FTP_DELE:
	case FTP_MKD:
	case FTP_RMD:
	case FTP_LIST:
	case FTP_VERBS: break;
	}
	return reply_of_path(w, f, verb);
}

/* ---- a session's commands -------------------------------------------------- */

static bool
fail(struct ftp_session *f, int error, uint64_t at_us)
{
	f->failed = true;
	f->error = error;
	f->fail_us = at_us;
	return false;
}

static void
remember(struct world_sim *w, enum ftp_verb verb, struct span argument, uint64_t at_us)
{
	struct ftp_seen *s = arena_alloc(&w->arena, sizeof(*s));

	s->before = w->ftp_seen;
	s->at_us = at_us;
	s->verb = verb;
	s->argument = argument;
	w->ftp_seen = s;
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

	remember(w, verb, argument, at_us);
	if (s->silent_after == verb)
		return fail(f, FTP_TIMEOUT, at_us + rq->timeout_ms * UINT64_C(1000));
	for (r = s->replies; r != NULL && r->verb != verb; r = r->next)
		;
	reply = r != NULL ? r->code : reply_of(w, f, verb, rq);
	*text = r != NULL ? r->text : SPAN("");
	*code = reply;
	error = error_of(verb, reply);
	if (verb <= FTP_PASS)
		reply_us += s->login_us / 2;
	else if (verb >= FTP_RETR)
		reply_us += s->latency_us;
	f->ready_us = reply_us;
	return error == 0 || fail(f, error, reply_us);
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

	return world_textf(w, "%u,%u,%u,%u,%u,%u", ip[0], ip[1], ip[2], ip[3], port >> 8, port & 0xff);
}

/* USER and PASS take the time of the log-in; a server may want no password. */
static bool
log_in(struct world_sim *w, const struct world_ftp_request *rq)
{
	struct ftp_session *f = &w->ftp;
	int code;
	struct span text;

	if (!command(w, rq, FTP_USER, arena_copy(&w->arena, rq->user), w->now_us, &code, &text))
		return false;
	return code / 100 == 2 || plain(w, rq, FTP_PASS, SPAN("*****"), f->ready_us);
}

static bool
open_data(struct world_sim *w, const struct world_ftp_request *rq)
{
	struct ftp_session *f = &w->ftp;

	if (rq->passive ? !plain(w, rq, FTP_PASV, SPAN(""), f->ready_us) : !plain(w, rq, FTP_PORT, port_argument(w), f->ready_us))
		return false;
	return rq->verb != WORLD_RETR || rq->rest == 0 || plain(w, rq, FTP_REST, world_textf(w, "%u", rq->rest), f->ready_us);
}

/* STOU: a name that is not taken yet, like the one that was asked for. */
static struct span
fresh_name(struct world_sim *w, struct ftp_session *f)
{
	struct span path = f->path;

	for (unsigned i = 1; files_find(f->server, path) != NULL; i++)
		path = world_textf(w, "%.*s.%u", (int)f->path.len, f->path.at, i);
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
			fail(f, FTP_REPLY_ERROR, f->ready_us);
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

static void
begin_upload(struct world_sim *w, const struct world_ftp_request *rq)
{
	struct ftp_session *f = &w->ftp;
	bool room;

	f->ascii = rq->ascii;
	if (rq->put == WORLD_STOU)
		f->path = fresh_name(w, f);
	f->node = files_make(w, f->server, f->path, false);
	room = files_open(w, f->node, rq->put == WORLD_APPE);
	f->window_us = f->ready_us;
	if (!room || (f->server->has_cut[CUT_STOR] && f->server->cut[CUT_STOR] == 0))
		fail(f, FTP_UPLOAD_ERROR, f->ready_us);
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
	case WORLD_STORE: begin_upload(w, rq); break;
	case WORLD_SIZE: f->size = size_said(f, text); break;
	case WORLD_DELE:
	case WORLD_MKD:
	case WORLD_RMD: f->effect = true; break;
	}
}

/* Whether somebody listens; finds f->server. */
static bool
connect_to(struct world_sim *w, const struct world_ftp_request *rq)
{
	struct ftp_session *f = &w->ftp;
	struct ftp_server *s, *any = NULL;
	enum world_name name = world_name(w, rq->server);

	for (s = w->servers; s != NULL && !(s->host.len > 0 && world_same(s->host, rq->server)); s = s->next)
		if (s->host.len == 0)
			any = s;
	if (s == NULL)
		s = any;
	for (const struct dns_line *d = w->dns; d != NULL; d = d->next)
		if (world_same(d->host, rq->server))
			return fail(f, FTP_DNS_ERROR, w->now_us + (d->silent ? WORLD_DNS_TIMEOUT_US : WORLD_FTP_LOGIN_US));
	if (s == NULL)
		return fail(f, name == NAME_KNOWN ? FTP_CONNECT_ERROR : FTP_DNS_ERROR, w->now_us + WORLD_FTP_LOGIN_US);
	f->server = s;
	if (s->refuse || s->port != rq->port)
		return fail(f, FTP_CONNECT_ERROR, w->now_us + WORLD_FTP_LOGIN_US);
	return !s->silent || fail(f, FTP_TIMEOUT, w->now_us + rq->timeout_ms * UINT64_C(1000));
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
	*f = (struct ftp_session){ .started = true, .cid = rq.cid, .verb = rq.verb, .ready_us = w->now_us };
	if (!world_bearer_up(w, rq.cid)) {
		fail(f, FTP_NET_ERROR, w->now_us);
		return;
	}
	if (!connect_to(w, &rq) || !log_in(w, &rq))
		return;
	/* FTPGETNAME is set in note 3.19, too, but LIST, MKD and RMD are about the path alone (facts 5.1). */
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
	if (f->verb == WORLD_MKD)
		files_make(w, f->server, f->path, true);
	else if (n != NULL)
		n->gone = true;
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

static uint32_t
window_size(const struct ftp_session *f)
{
	const struct ftp_server *s = f->server;

	if (s->windows == 0)
		return FTP_SEGMENT;
	return s->window[f->window < s->windows ? f->window : s->windows - 1];
}

static void
poll_download(const struct ftp_session *f, struct world_ftp *out)
{
	out->state = WORLD_READY;
	out->available = (uint32_t)(f->arrived - f->read);
	out->ended = f->arrived == f->total && !f->cut;
	if (f->read < f->total)
		return;
	/* A connection that breaks gives what came before; then it has failed. */
	out->state = f->cut ? WORLD_FAILED : WORLD_DONE;
	out->error = f->cut ? FTP_DOWNLOAD_ERROR : 0;
	out->ended = true;
}

static void
poll_upload(const struct world_sim *w, const struct ftp_session *f, struct world_ftp *out)
{
	bool open = w->now_us >= f->window_us;

	out->state = f->finished && open ? WORLD_DONE : WORLD_READY;
	out->window = open && !f->finished ? window_size(f) : 0;
}

void
world_ftp_poll(struct modem_world *mw, struct world_ftp *out)
{
	struct world_sim *w = (struct world_sim *)mw;
	const struct ftp_session *f = &w->ftp;

	*out = (struct world_ftp){ .state = WORLD_IDLE };
	if (!f->started)
		return;
	out->state = WORLD_BUSY;
	if (f->failed) {
		if (w->now_us >= f->fail_us) {
			out->state = WORLD_FAILED;
			out->error = f->error;
		}
		return;
	}
	world_ftp_advance(w);
	if (w->now_us < f->ready_us)
		return;
	switch (f->verb) {
	case WORLD_RETR:
	case WORLD_LIST: poll_download(f, out); break;
	case WORLD_STORE: poll_upload(w, f, out); break;
	case WORLD_SIZE:
	case WORLD_DELE:
	case WORLD_MKD:
	case WORLD_RMD:
		out->state = WORLD_DONE;
		out->size = f->size;
		break;
	}
}

size_t
world_ftp_read(struct modem_world *mw, char *into, size_t cap)
{
	struct world_sim *w = (struct world_sim *)mw;
	struct ftp_session *f = &w->ftp;
	size_t n;

	world_ftp_advance(w);
	if (!f->started || f->failed || (f->verb != WORLD_RETR && f->verb != WORLD_LIST))
		return 0;
	n = f->arrived - f->read < cap ? (size_t)(f->arrived - f->read) : cap;
	content_fill(&f->content, f->first + f->read, into, n);
	f->read += n;
	return n;
}

size_t
world_ftp_write(struct modem_world *mw, struct span bytes)
{
	struct world_sim *w = (struct world_sim *)mw;
	struct ftp_session *f = &w->ftp;
	const struct ftp_server *s = f->server;
	size_t n;

	if (!f->started || f->failed || f->verb != WORLD_STORE || f->finished || w->now_us < f->ready_us || w->now_us < f->window_us)
		return 0;
	n = bytes.len < window_size(f) ? bytes.len : window_size(f);
	if (s->has_cut[CUT_STOR] && n >= s->cut[CUT_STOR] - f->stored) {
		files_append(w, f->node, span_first(bytes, (size_t)(s->cut[CUT_STOR] - f->stored)), f->ascii);
		fail(f, FTP_UPLOAD_ERROR, w->now_us);
		return n;
	}
	if (!files_append(w, f->node, span_first(bytes, n), f->ascii)) {
		fail(f, FTP_UPLOAD_ERROR, w->now_us);
		return n;
	}
	f->stored += n;
	f->window++;
	if (s->rate != 0)
		f->window_us = w->now_us + (n * 1000000 + s->rate - 1) / s->rate;
	return n;
}

void
world_ftp_finish(struct modem_world *mw)
{
	struct world_sim *w = (struct world_sim *)mw;

	w->ftp.finished = true;
}

void
world_ftp_bearer_gone(struct world_sim *w, uint64_t at_us)
{
	struct ftp_session *f = &w->ftp;

	if (!f->failed || at_us < f->fail_us)
		fail(f, FTP_NET_ERROR, at_us);
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
	while (w->ftp_seen != NULL && w->ftp_seen->at_us > w->now_us)
		w->ftp_seen = w->ftp_seen->before;
	if (end.state == WORLD_DONE)
		remember(w, FTP_QUIT, SPAN(""), w->now_us);
	w->ftp.started = false;
}
