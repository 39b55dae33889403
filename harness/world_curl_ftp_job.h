/*
 * world_curl_ftp_job: one FTP session with its thread, as the files of world_curl_ftp see it.
 *
 * The emulator's thread makes it, starts it, and frees it once it is gone; in between it touches nothing but what stands
 * under the lock.
 */
#ifndef WORLD_CURL_FTP_JOB_H
#define WORLD_CURL_FTP_JOB_H

#include "world_curl_parts.h"

/* Sockets of a session that libcurl has open at once: a name's addresses, the data connection. */
#define CURL_FTP_SOCKETS_MAX 8

struct curl_ftp_job {
	/* Set before the thread starts. */
	struct curl_transfer t;
	enum world_ftp_verb verb;
	enum world_ftp_put put;
	bool passive, ascii, tls;
	uint64_t timeout_us;
	int event;			/* the world's: written when there is news */
	struct curl_slist *quote, *prequote;	/* owned */
	pthread_t thread;

	/* The thread's own. */
	struct curl_ftp_talk talk;
	bool last_cr;			/* LIST: how the last piece ended */
	bool peer_spoke;		/* STORE: the server has closed or said something while it should take */
	bool image;			/* STOU: TYPE I was said */
	bool junk;			/* the data connection has bytes that nobody wants */

	/* Under the lock, both threads. */
	pthread_mutex_t lock;
	CURLM *multi;			/* to be woken; NULL: not any more */
	char ring[CURL_FTP_RING];
	uint32_t head, fill;
	bool flowing;			/* the server has said that data may flow */
	bool paused;			/* libcurl waits for the module's side, for room or for bytes */
	bool finish;			/* STORE: what is in the ring is the rest */
	bool quit;			/* nobody wants it any more */
	bool ended;			/* by itself: error, and size, are set */
	bool gone;			/* the thread has nothing left to do but to end */
	int error;
	uint64_t size;
	uint64_t last_us;		/* when something last moved, on clock_us */
	uint64_t closed_us;		/* when the module's side left it */
	curl_socket_t sockets[CURL_FTP_SOCKETS_MAX];
	int opened;
	curl_socket_t data;		/* the connection for data, or CURL_SOCKET_BAD; one that was accepted is not in sockets */
};

/* Free what was made before the thread started, or after it was joined. */
void job_free(struct curl_ftp_job *j);
/* Set its easy handle's options for what is asked; world_curl_ftp_setup.c.  The module's error, or 0. */
int job_setup(struct curl_ftp_job *j, const struct world_ftp_request *rq);
/* Its callbacks and its thread.  false: there is no thread to be had. */
bool job_start(struct curl_ftp_job *j);
/* Shut its sockets down and have it end; world_curl_ftp_socket.c.  Never waits. */
void job_kill(struct curl_ftp_job *j);

/* ---- world_curl_ftp_data.c ---- */

/* Bytes into and out of the ring, under the lock; as many as go. */
uint32_t ring_put(struct curl_ftp_job *j, const char *at, size_t n);
uint32_t ring_take(struct curl_ftp_job *j, char *into, size_t cap);
/* The module's side should look. */
void job_tell(struct curl_ftp_job *j);
bool job_is_unique(const struct curl_ftp_job *j);	/* STOU */
/* CURLOPT_WRITEFUNCTION and CURLOPT_READFUNCTION, with the job as their data. */
size_t job_take_data(char *at, size_t size, size_t count, void *job);
size_t job_give_data(char *into, size_t size, size_t count, void *job);
/* STOU's data goes out here; else nothing happens. */
void job_send_data(struct curl_ftp_job *j);
/* Whether libcurl may go on where it was paused. */
bool job_resumes(struct curl_ftp_job *j);

/* ---- world_curl_ftp_socket.c ---- */

/* CURLOPT_OPENSOCKETFUNCTION, CURLOPT_CLOSESOCKETFUNCTION and CURLOPT_SOCKOPTFUNCTION, with the job as their data. */
curl_socket_t job_open_socket(void *job, curlsocktype purpose, struct curl_sockaddr *address);
int job_close_socket(void *job, curl_socket_t fd);
int job_accepted(void *job, curl_socket_t fd, curlsocktype purpose);
/* The control connection, or CURL_SOCKET_BAD. */
curl_socket_t job_control(struct curl_ftp_job *j);
/* TYPE I and its reply, between two commands of libcurl's, on a connection without TLS.  false: it was refused. */
bool job_say_image(struct curl_ftp_job *j);
/* An upload that is given up: the server is to see that it was cut, and not an end.  Only while libcurl has its sockets. */
void job_break_data(struct curl_ftp_job *j);

#endif
