/*
 * world_curl_parts: what the files of world_curl share.
 *
 *	world_curl.c            the multi handle, its sockets and timer, bearers, the ops
 *	world_curl_transfer.c   one easy handle: options all have, where it may connect
 *	world_curl_codes.c      libcurl's results as the module's statuses
 *	world_curl_http*.c      the HTTP exchange: one transfer a redirect hop
 *	world_curl_ftp*.c       the FTP session
 *
 * A callback of libcurl's never starts or ends a transfer: it only notes what has come.  When libcurl has returned,
 * ended transfers are told of it by their ended function, and that one may start the next.
 */
#ifndef WORLD_CURL_PARTS_H
#define WORLD_CURL_PARTS_H

#include <curl/curl.h>

#include "world_curl.h"
#include "world_curl_ftp.h"

#define WORLD_CURL_CIDS 3
/* Refusals that are said; of more it is said once that there are more. */
#define WORLD_CURL_SAID_MAX 32

/* ---- one transfer ---------------------------------------------------------------- */

/* One easy handle from its start to its end. */
struct curl_transfer {
	struct world_curl *world;
	CURL *easy;			/* owned; NULL: none */
	struct reach_place asked;	/* the host and port that the module means */
	struct reach_place leads;	/* where they lead: a map's other side, or the same */
	struct curl_slist *connect_to;	/* owned */
	struct sockaddr_storage peer;	/* of its first connection; family 0: none yet */
	bool running;			/* in the multi handle */
	bool refused;			/* some address was not allowed */
	bool no_room;			/* no descriptor was to be had */
	CURLcode result;		/* once it has ended */
	char why[CURL_ERROR_SIZE];	/* libcurl's own words, hostile */
	/* It has ended by itself, with result; called from the world's advance.  The transfer still has its easy handle. */
	void (*ended)(struct curl_transfer *);
};

/* A fresh easy handle with the options that all have.  The caller closes it.  false: out of memory or descriptors. */
bool transfer_open(struct curl_transfer *t, struct world_curl *w, void (*ended)(struct curl_transfer *));

/*
 * Say which host and port it is for, which decides where it may connect, and lead it where a map says, by
 * CURLOPT_CONNECT_TO.  Before transfer_start.  false: not allowed; that has been said.
 */
bool transfer_aim(struct curl_transfer *t, const struct reach_place *place);

/* The same for a proxy: the connection goes there, and the caller puts t->leads into CURLOPT_PROXY. */
bool transfer_aim_proxy(struct curl_transfer *t, const struct reach_place *proxy);

/* Whether that place may be asked for, through a proxy.  false: not allowed; that has been said. */
bool transfer_may_ask(struct curl_transfer *t, const struct reach_place *place);

/* CURLOPT_OPENSOCKETFUNCTION of all, with the transfer as its data. */
curl_socket_t transfer_open_socket(void *transfer, curlsocktype purpose, struct curl_sockaddr *address);

/* Let it run.  Nothing is sent before the world's next advance. */
void transfer_start(struct curl_transfer *t);

/* End it at once, wherever it is; also one that has ended or was never opened. */
void transfer_close(struct curl_transfer *t);

/* ---- what libcurl's results are to the module -------------------------------------- */

/* The status of +HTTPACTION, 600..606 (manual 11.2.5, SSL note), for a transfer that has not ended with an answer. */
int curl_http_status(const struct curl_transfer *t);

/* ---- HTTP -------------------------------------------------------------------------- */

/* An answer's header as it is kept for AT+HTTPHEAD: more than the module has room for, so that it knows. */
#define CURL_HTTP_HEADER_KEPT 4096
/* Header bytes of a whole exchange, redirects and interim answers included: beyond, it is given up. */
#define CURL_HTTP_HEADER_MAX (64u << 10)
/* As many redirects as the simulated world follows; the next is the answer. */
#define CURL_HTTP_HOPS_MAX 10

struct curl_http {
	struct curl_transfer t;		/* of the hop that runs */
	struct world_http_request rq;	/* its spans belong to the module */
	enum world_http_method method;	/* of this hop */
	enum world_state state;
	int status;
	uint64_t until_us;		/* on clock_us: given up then, whatever hop it is in */
	int hops;			/* redirects that were followed */
	struct reach_place origin;	/* host and port of the first URL; beyond it no credentials go */
	bool origin_tls;
	struct curl_slist *lines;	/* owned; header lines of this hop */

	char header[CURL_HTTP_HEADER_KEPT];
	uint32_t header_kept;		/* bytes of the last answer's header */
	uint32_t header_seen;		/* bytes of all headers */
	bool header_whole;		/* its empty line has come: what follows is trailers or another answer */
	char *body;			/* owned; at most HTTP_BUFFER_MAX + 1 bytes */
	uint32_t body_length, body_cap;
	int64_t announced;		/* Content-Length; -1: unknown */
	bool enough;			/* we stopped it: nothing more of this answer is wanted */
	bool too_long;			/* the body is longer than a module keeps */
};

void curl_http_start(struct modem_world *mw, const struct world_http_request *rq);
void curl_http_poll(struct modem_world *mw, struct world_http *out);
size_t curl_http_read(struct modem_world *mw, uint32_t offset, char *into, size_t cap);
void curl_http_close(struct modem_world *mw);

/* A URL as the module or a server names it. */
struct curl_http_url {
	char *text;			/* owned by libcurl: curl_free */
	struct reach_place place;
	bool tls;
};

/*
 * Read a URL.  The scheme may be missing or in upper case (note 3.2, 3.7); tls makes it https, whatever it says.  User,
 * password and fragment are dropped, blanks become %20.  false: no URL, or neither http nor https; nothing to free.
 */
bool curl_http_url_read(struct curl_http_url *u, struct span text, bool tls);

/* Read where a server's Location leads from the URL from (its text).  false: nowhere, or out of HTTP; nothing to free. */
bool curl_http_url_follow(struct curl_http_url *u, const char *from, const char *location);

/*
 * The header lines that the host's settings ask for, beyond what libcurl says by itself, as CURLOPT_HTTPHEADER wants
 * them.  same_origin: the request goes to the host that the settings were made for, so that credentials may go along.
 */
struct curl_slist *curl_http_lines(const struct world_http_request *rq, enum world_http_method method, bool same_origin);

/* ---- the world ------------------------------------------------------------------------ */

struct world_curl {
	struct modem_world world;	/* first: ops are given its address */
	struct emulate_far far;
	CURLM *multi;			/* owned */
	int epoll;			/* owned; watches libcurl's sockets */
	uint64_t due_us;		/* libcurl's timer on clock_us, or WORLD_NEVER */
	const struct world_reach *reach;
	FILE *says;
	struct reach_place said[WORLD_CURL_SAID_MAX];
	int saids;
	pthread_mutex_t saying;		/* over both */
	bool bearer[WORLD_CURL_CIDS + 1];	/* by cid */
	struct curl_http http;
	struct curl_ftp ftp;
};

static inline struct world_curl *
world_curl_of(struct modem_world *mw)
{
	return (struct world_curl *)(void *)mw;
}

#endif
