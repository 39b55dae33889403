/*
 * world_curl_ftp: an FTP session with a real server.
 *
 *	module --ops--> world_curl_ftp.c        in the emulator's thread
 *	                    ^ struct curl_ftp_job, a ring of bytes
 *	server <------- world_curl_ftp_job.c    in a thread of its own
 *
 * Why a thread: libcurl waits without its multi interface for a server's word in four places: the reply at the end of
 * a transfer (a minute), QUIT's, and TLS on either connection.  None of that may stop the AT side, so a session's multi
 * handle runs in a thread of its own.  What both threads use is in the job, under its lock; the emulator's thread never
 * waits for the other one, but ends it by shutting its sockets down, and joins it once it has ended.
 *
 * Data flows in constant memory: a full ring pauses libcurl, and then TCP stops the server.
 */
#ifndef WORLD_CURL_FTP_H
#define WORLD_CURL_FTP_H

#include <curl/curl.h>
#include <pthread.h>

#include "modem_world.h"
#include "world_ftp_codes.h"

struct world_curl;
struct curl_ftp_job;

/* Between the threads.  Four of libcurl's buffers. */
#define CURL_FTP_RING 65536
/* What is offered for upload at once, unless all of the ring is free (note 3.10; hosts compare with 1360). */
#define CURL_FTP_SEGMENT 1460
/* Bytes of replies to one command: beyond, the server is given up. */
#define CURL_FTP_REPLY_MAX 16384
/* Sessions that were closed and have not ended yet; one more must wait for them, and fails. */
#define CURL_FTP_LINGERING_MAX 4
/* So long may a server take to say goodbye. */
#define CURL_FTP_GOODBYE_US 2000000

/* ---- what is said on the control connection: world_curl_ftp_talk.c ------------------- */

/* Only what libcurl does not tell: at which command a session failed, and by which reply. */
struct curl_ftp_talk {
	enum ftp_verb verb;		/* last command; FTP_VERBS: none yet, or one that is libcurl's own (PWD) */
	int code;			/* of the reply to it; 0: none yet */
	bool owed;			/* a command went out, and no reply to it has come */
	bool greeted;			/* the first reply of the server has come */
	bool data;			/* 1xx to a command that moves data: it flows, or will */
	bool endless;			/* more than CURL_FTP_REPLY_MAX */
	uint32_t bytes;			/* of replies to this command */
	char text[64];			/* the last line's text behind the code, cut off at its end */
};

void talk_begin(struct curl_ftp_talk *k);
/* A command as it went out, with its line end. */
void talk_sent(struct curl_ftp_talk *k, struct span line);
/* A line of a reply as it came, with its line end. */
void talk_heard(struct curl_ftp_talk *k, struct span line);
/* RETR, LIST, STOR, APPE, STOU. */
bool talk_moves_data(enum ftp_verb verb);
/* A reply to a command that libcurl does not judge as the module does ends the session: the module's error, or 0. */
int talk_refused(const struct curl_ftp_talk *k);

/* ---- what libcurl's results are to the module: world_curl_ftp_codes.c ------------------ */

/*
 * The module's error, 61..84, for a transfer that ended with result; 0: it ended well.  why is libcurl's text.
 * What the server has said decides wherever it was the server that said no.
 */
int curl_ftp_error(CURLcode result, const struct curl_ftp_talk *k, enum world_ftp_verb verb, bool passive, const char *why);

/* ---- the world's part: world_curl_ftp.c ---------------------------------------------- */

struct curl_ftp {
	struct curl_ftp_job *job;	/* owned; NULL: none */
	struct curl_ftp_job *lingering[CURL_FTP_LINGERING_MAX];	/* owned; NULL: none */
	enum world_state state;		/* FAILED or DONE stays; else the job's */
	int error;			/* FAILED */
	int event;			/* readable when a job has news; -1: there was no session yet */
};

void curl_ftp_start(struct modem_world *mw, const struct world_ftp_request *rq);
void curl_ftp_poll(struct modem_world *mw, struct world_ftp *out);
size_t curl_ftp_read(struct modem_world *mw, char *into, size_t cap);
size_t curl_ftp_write(struct modem_world *mw, struct span bytes);
void curl_ftp_finish(struct modem_world *mw);
void curl_ftp_close(struct modem_world *mw);

/* Take the news; then the moment at which the server has been silent for too long, or WORLD_NEVER. */
uint64_t curl_ftp_advance(struct world_curl *w, uint64_t now_us);
/* End all of it, for good.  false: a thread could not be ended in time, so the world must stay in memory. */
bool curl_ftp_end(struct world_curl *w);

#endif
