/*
 * modem_world: what the emulator asks of the network and of the servers behind it.
 *
 *	modem_bearer, modem_http, modem_ftp --> struct modem_world --> world_sim | world_curl
 *
 * The module starts something and later polls how far it is.  A world never
 * calls back and never blocks: whoever owns it (the wire) advances its time,
 * and world_due says when polling is worth while again.  All moments are
 * microseconds on the clock of whoever drives the module; spans handed to a
 * start function belong to the module and stay valid until the matching close.
 *
 * One bearer per profile identifier, one HTTP exchange and one FTP session at a
 * time: that is all a SIM800 has.
 */
#ifndef MODEM_WORLD_H
#define MODEM_WORLD_H

#include <stdint.h>

#include "span.h"

#define WORLD_NEVER UINT64_MAX

enum world_state {
	WORLD_IDLE,	/* nothing was started, or it was closed */
	WORLD_BUSY,	/* connecting, waiting for the other side */
	WORLD_READY,	/* bearer: open.  FTP: logged in and the data connection is open */
	WORLD_DONE,	/* ended well: all there is has arrived */
	WORLD_FAILED,
};

struct world_bearer {
	enum world_state state;		/* BUSY, READY, FAILED; READY turns to FAILED when the network drops it */
	uint8_t ip[4];			/* READY only */
};

enum world_http_method { WORLD_GET, WORLD_POST, WORLD_HEAD, WORLD_DELETE };

struct world_http_request {
	enum world_http_method method;
	struct span url;		/* as AT+HTTPPARA="URL" gave it: the scheme may be missing */
	struct span user_agent;
	struct span content_type;	/* empty: none was set */
	struct span user_data;		/* extra header lines as set, with its literal \r\n escapes */
	struct span proxy;		/* address of the proxy, empty for none */
	uint16_t proxy_port;
	bool redirect;			/* follow 30x answers */
	bool tls;			/* AT+HTTPSSL=1 */
	uint32_t range_first;		/* BREAK: first byte wanted */
	uint32_t range_last;		/* BREAKEND: last byte wanted, 0 for none; below range_first: to the end */
	struct span body;		/* POST */
	uint32_t timeout_ms;
	int cid;			/* bearer it goes through */
};

struct world_http {
	enum world_state state;		/* BUSY, DONE (status is the server's), FAILED (status is 600..606) */
	int status;
	bool sending;			/* the request is still going out */
	uint32_t finished;		/* bytes sent or received so far of the phase it is in */
	uint32_t remaining;		/* bytes to go in that phase, 0 when not known */
	uint32_t length;		/* DONE: bytes of the answer's body */
	struct span header;		/* DONE: the answer's header, for AT+HTTPHEAD */
};

enum world_ftp_verb { WORLD_RETR, WORLD_STORE, WORLD_LIST, WORLD_SIZE, WORLD_DELE, WORLD_MKD, WORLD_RMD };
enum world_ftp_put { WORLD_STOR, WORLD_APPE, WORLD_STOU };

struct world_ftp_request {
	enum world_ftp_verb verb;
	struct span server;
	uint16_t port;
	struct span user, password;
	struct span path, name;		/* FTPGETPATH and FTPGETNAME, or FTPPUTPATH and FTPPUTNAME */
	bool passive;
	bool ascii;			/* FTPTYPE="A" */
	int tls;			/* AT+FTPSSL: 0 off, 1 implicit, 2 explicit */
	enum world_ftp_put put;
	uint32_t rest;			/* restart offset, 0 for none */
	uint32_t timeout_ms;		/* how long to wait for the server */
	int cid;
};

struct world_ftp {
	enum world_state state;		/* BUSY, READY (data flows), DONE, FAILED (error is 61..79) */
	int error;
	uint32_t available;		/* RETR, LIST: bytes that ftp_read would give now */
	bool ended;			/* RETR, LIST: the server has sent all; DONE once it is read, too */
	uint32_t window;		/* STORE: bytes that ftp_write takes now */
	uint64_t size;			/* SIZE: the answer */
};

struct modem_world;

struct modem_world_ops {
	void (*bearer_open)(struct modem_world *, int cid, struct span apn, struct span user, struct span password);
	void (*bearer_poll)(struct modem_world *, int cid, struct world_bearer *out);
	void (*bearer_close)(struct modem_world *, int cid);

	void (*http_start)(struct modem_world *, const struct world_http_request *);
	void (*http_poll)(struct modem_world *, struct world_http *out);
	/* Copy the answer's body from offset on; return how many bytes were copied. */
	size_t (*http_read)(struct modem_world *, uint32_t offset, char *into, size_t cap);
	void (*http_close)(struct modem_world *);	/* also aborts one that is running */

	void (*ftp_start)(struct modem_world *, const struct world_ftp_request *);
	void (*ftp_poll)(struct modem_world *, struct world_ftp *out);
	size_t (*ftp_read)(struct modem_world *, char *into, size_t cap);
	size_t (*ftp_write)(struct modem_world *, struct span bytes);
	void (*ftp_finish)(struct modem_world *);	/* STORE: nothing more will be written */
	void (*ftp_close)(struct modem_world *);	/* also aborts one that is running */

	/*
	 * Let time pass up to now; then the moment at which a poll may next differ, or WORLD_NEVER.  now_us itself: something
	 * has come meanwhile, and a poll may differ already.
	 */
	uint64_t (*advance)(struct modem_world *, uint64_t now_us);
};

/* Embedded at the front of what fills it in. */
struct modem_world {
	const struct modem_world_ops *ops;
};

#endif
