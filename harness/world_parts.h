/*
 * world_parts: what the files of world_sim share.
 *
 *	world_text, world_text_ftp		world lines -> struct world_sim
 *	world_sim				bearer, names, time
 *	world_url, world_request, world_http	an HTTP request and what it meets; world_exchange: how far it is
 *	world_log				what arrived, the newest of it
 *	world_reply, world_ftp			an FTP session and what it meets; world_transfer: its data; world_files: the server's
 *	far, far_http, far_ftp			judge it
 *
 * What the lines describe lies in the arena and ends with the case; what an exchange or a session needs, in an arena of
 * its own that the next one empties; what arrived, in the log (world_log).  Bytes a module stores are malloc'd, and freed with
 * their file.  So a world that runs for days stays as small as one of a case.  Nobody but these files looks inside, and lab/fixtures.c,
 * which makes real files of what the lines describe.
 */
#ifndef WORLD_PARTS_H
#define WORLD_PARTS_H

#include "arena.h"
#include "at_codes.h"
#include "world_ftp_codes.h"
#include "world_scan.h"
#include "world_sim.h"

#define WORLD_CIDS 4		/* 1..3 are used */
#define WORLD_FILES_MAX 4096	/* on all servers; one more is 452 */
#define FILES_PATH_MAX 384	/* FTPPUTPATH, FTPPUTNAME, and what STOU puts behind them */
#define WORLD_NUMBERS_MAX 16	/* of a window or burst list */
#define HTTP_SEGMENT 1440	/* data moves in TCP segments of so many bytes, as note 3.8 shows */
#define FTP_SEGMENT 1360	/* note 3.10 */

/* ---- HTTP ---- */

struct http_url {
	bool tls;
	struct span host, path;	/* path begins with a slash and holds the query */
	uint16_t port;		/* 0: none was given */
};

enum http_ranges { RANGES_YES, RANGES_NO, RANGES_OK };

struct http_resource {
	struct http_resource *next;
	struct http_url url;
	struct content content;
	unsigned methods;	/* bits, 1 << enum world_http_method; 0: all */
	int status;
	struct span type;
	uint64_t latency_us;
	uint32_t rate;		/* bytes a second, both ways; 0: all at once */
	enum http_ranges ranges;
	struct span redirect;	/* empty: none */
	bool has_cut;
	uint64_t cut;
	bool refuse, silent, garbage, echo, echo_request, tls_fails, tls_alert;
};

struct http_proxy {
	struct http_proxy *next;
	struct span host;
	uint16_t port;
	bool refuse, silent;
};

/* A request as it arrived. */
struct http_seen {
	struct http_seen *before;
	unsigned half;		/* of the log */
	uint64_t at_us;
	enum world_http_method method;
	struct span url;	/* with its scheme; default port left out; no user or password */
	struct span header;	/* lines, each with its CRLF */
	struct span body;
	struct span proxy;	/* empty: it came directly */
	uint16_t proxy_port;
};

/* The exchange as it will go; poll says how far it is. */
struct http_exchange {
	bool started, failed;
	int cid;
	int status;
	uint64_t deadline_us;
	uint64_t begin_us;	/* of the last hop */
	uint64_t sent_us;	/* the body is out */
	uint64_t answer_us;	/* the answer begins */
	uint64_t end_us;
	uint32_t rate;
	uint64_t body_length;
	uint64_t total;		/* bytes of the answer's body, as far as they come */
	uint64_t first;		/* of content */
	struct content content;
	struct span echo;	/* behind content */
	struct span header;
};

/* ---- FTP ---- */

struct ftp_user { struct ftp_user *next; struct span name, password; };
struct ftp_reply { struct ftp_reply *next; enum ftp_verb verb; int code; struct span text; };

struct ftp_node {
	struct ftp_node *next;
	struct span path;	/* from the root, no slash at the end but the root's */
	bool dir, gone;
	struct content content;	/* stored: a CONTENT_STRING of bytes */
	char *path_bytes;	/* where path lies */
	size_t path_cap;
	char *bytes;		/* malloc'd, or NULL */
	size_t cap;
};

enum { CUT_RETR, CUT_STOR, CUT_LIST, CUTS };

struct ftp_server {
	struct ftp_server *next;
	struct span host;	/* empty: answers to every name */
	uint16_t port;		/* 0: 21, and 990 for implicit TLS */
	struct ftp_user *users;
	struct ftp_reply *replies;
	struct ftp_node *nodes, **nodes_end;
	uint64_t latency_us, login_us;
	uint32_t rate;
	uint32_t window[WORLD_NUMBERS_MAX], burst[WORLD_NUMBERS_MAX];	/* lengths offered for upload; bytes that come at once */
	int windows, bursts;
	uint64_t pause_us;	/* between bursts; with a rate, what it makes of them */
	bool has_cut[CUTS];
	uint64_t cut[CUTS];
	bool refuse, silent, tls_fails, tls_alert;
	enum ftp_verb silent_after;	/* FTP_VERBS: none */
};

/* A command line of a control connection. */
struct ftp_seen {
	struct ftp_seen *before;
	unsigned half;		/* of the log */
	uint64_t at_us;
	enum ftp_verb verb;
	struct span argument;
};

struct ftp_session {
	bool started, failed, ascii, cut, finished;
	int error, cid;
	enum world_ftp_verb verb;
	enum world_ftp_put put;
	uint64_t fail_us, ready_us;	/* failed: when; else when the answer to the last command is there */
	bool effect;			/* STORE, DELE, MKD, RMD: to be done to the files at ready_us */
	struct ftp_server *server;
	struct ftp_node *node;
	struct span path;	/* as files_path makes it */
	uint64_t size;
	uint64_t first, total;		/* RETR, LIST: where in content, how many bytes come */
	struct content content;
	uint64_t arrived, read, next_us;	/* next_us: when the next burst is there */
	int burst;
	uint64_t stored, window_us;	/* STORE: bytes taken; when the window opens again */
	int window;
};

/* ---- all ---- */

struct bearer_net {
	bool opened, refused;
	uint64_t ready_us, lost_us;
};

struct dns_line { struct dns_line *next; struct span host; bool silent; };

/* What arrived, the newest first: world_log.  Two halves; when one is full the other, which is older, is forgotten and used anew. */
struct world_log {
	struct arena half[2];
	unsigned now;		/* which half is written */
	size_t used;		/* bytes of it, about */
	struct http_seen *http;
	struct ftp_seen *ftp;
	uint64_t http_forgotten, ftp_forgotten;	/* how many */
};

struct world_sim {
	struct modem_world modem;	/* first: the ops are given its address */
	uint64_t now_us, seed;
	struct arena arena;			/* what the lines describe */
	struct arena http_work, ftp_work;	/* of the last exchange, of the last session */
	struct world_log log;

	struct { uint8_t ip[4]; uint64_t latency_us, lost_after_us; bool refuse, has_apn; struct span apn; } network;
	struct bearer_net bearer[WORLD_CIDS];
	struct dns_line *dns;

	struct http_resource *resources, **resources_end;
	struct http_proxy *proxies;
	struct http_exchange http;

	struct ftp_server *servers;
	struct ftp_session ftp;
	size_t held;			/* bytes stored */
	unsigned files;			/* nodes of all servers */
};

#define WORLD_HTTP_LATENCY_US 300000
#define WORLD_FTP_LOGIN_US 100000
#define WORLD_FTP_PAUSE_US 1000000
#define WORLD_DNS_TIMEOUT_US 20000000

/* Read one line into w.  check_only: contents of files are not looked up. */
bool world_line(struct world_sim *w, struct world_scan *sc, bool check_only);
/* Pieces of it, for world_text and world_text_ftp. */
bool world_text_ftp(struct world_sim *w, struct world_scan *sc, bool check_only);
bool world_text_content(struct world_sim *w, struct world_scan *sc, struct content *c, bool check_only);
bool world_text_bytes(struct world_scan *sc, uint64_t *n);	/* after N bytes */
bool world_text_rate(struct world_scan *sc, uint32_t *rate);
/* A CONTENT_FILE turned into what the file holds.  false: no such file, or it is shorter. */
bool world_resolve_content(const struct world_sim *w, struct content *c);

enum world_name { NAME_KNOWN, NAME_UNKNOWN, NAME_SILENT };
/* What the name service says of host. */
enum world_name world_name(const struct world_sim *w, struct span host);
bool world_bearer_up(const struct world_sim *w, int cid);
/* Text of the arena's, printf-like. */
struct span world_textf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

uint16_t world_url_port(const struct http_url *url);
bool world_url_parse(struct arena *a, struct span text, bool tls, struct http_url *out);
struct span world_url_text(struct arena *a, const struct http_url *url);
const struct http_resource *world_http_find(const struct world_sim *w, const struct http_url *url, int method, bool *listens);

void world_http_start(struct modem_world *mw, const struct world_http_request *rq);
void world_http_poll(struct modem_world *mw, struct world_http *out);
size_t world_http_read(struct modem_world *mw, uint32_t offset, char *into, size_t cap);
void world_http_close(struct modem_world *mw);
void world_http_bearer_gone(struct world_sim *w, uint64_t at_us);
uint64_t world_http_due(const struct world_sim *w);
extern const char *const world_http_methods[];
/* What bytes take at rate; 0: no time. */
uint64_t world_duration_us(uint64_t bytes, uint32_t rate);
/* The Range line of a request, empty when it asks for everything. */
struct span world_range_header(struct world_sim *w, const struct world_http_request *rq);
void world_http_remember(struct world_sim *w, const struct world_http_request *rq, const struct http_url *u, enum world_http_method method,
    uint64_t at_us);

void world_ftp_start(struct modem_world *mw, const struct world_ftp_request *rq);
void world_ftp_poll(struct modem_world *mw, struct world_ftp *out);
size_t world_ftp_read(struct modem_world *mw, char *into, size_t cap);
size_t world_ftp_write(struct modem_world *mw, struct span bytes);
void world_ftp_finish(struct modem_world *mw);
void world_ftp_close(struct modem_world *mw);
void world_ftp_bearer_gone(struct world_sim *w, uint64_t at_us);
void world_ftp_advance(struct world_sim *w);
uint64_t world_ftp_due(const struct world_sim *w);
/* The session ends with error at at_us.  Returns false. */
bool world_ftp_fail(struct ftp_session *f, int error, uint64_t at_us);
/* What the server says to verb by itself: a reply code. */
int world_ftp_reply(struct world_sim *w, struct ftp_session *f, enum ftp_verb verb, const struct world_ftp_request *rq);

/* world_log.  A new exchange or session begins: forget the older half when the newer is full.  Nothing else forgets. */
void log_begin(struct world_sim *w);
void log_http(struct world_sim *w, const struct http_seen *s);	/* copied, with its texts */
void log_ftp(struct world_sim *w, enum ftp_verb verb, struct span argument, uint64_t at_us);
/* What was to go out later than now never arrives. */
void log_http_stop(struct world_sim *w);
void log_ftp_stop(struct world_sim *w);
void log_forget(struct world_sim *w);
void log_free(struct world_sim *w);

/* world_files: paths are normal (files_path). */
struct span files_join(struct world_sim *w, struct span path, struct span name);
struct span files_path(struct span joined);
struct ftp_node *files_find(const struct ftp_server *s, struct span path);
struct span files_parent(struct span path);
/* The node of path, made with its folders when it is not there. */
struct ftp_node *files_make(struct world_sim *w, struct ftp_server *s, struct span path, bool dir);
void files_remove(struct world_sim *w, struct ftp_node *n);
/* Whether no file can be made any more. */
bool files_full(const struct world_sim *w, const struct ftp_server *s);
bool files_dir_empty(const struct ftp_server *s, struct span path);
struct content files_list(struct world_sim *w, const struct ftp_server *s, const struct ftp_node *n);
/* Empty n, or make it hold its own bytes, for writing.  false: WORLD_STORED_MAX. */
bool files_open(struct world_sim *w, struct ftp_node *n, bool keep);
bool files_append(struct world_sim *w, struct ftp_node *n, struct span bytes, bool ascii);
void files_forget(struct world_sim *w);

#endif
