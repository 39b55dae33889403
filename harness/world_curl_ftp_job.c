/* One FTP session's thread: libcurl, its callbacks, and the ring between it and the module. */
#include "world_curl_ftp_job.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

/* The thread looks by itself so often; whatever matters wakes it. */
#define WAIT_MS 1000

/* ---- the ring -------------------------------------------------------------------- */

uint32_t
ring_put(struct curl_ftp_job *j, const char *at, size_t n)
{
	uint32_t room = CURL_FTP_RING - j->fill, end = (j->head + j->fill) % CURL_FTP_RING, first;

	if (n > room)
		n = room;
	first = n < CURL_FTP_RING - end ? (uint32_t)n : CURL_FTP_RING - end;
	memcpy(j->ring + end, at, first);
	memcpy(j->ring, at + first, n - first);
	j->fill += (uint32_t)n;
	return (uint32_t)n;
}

uint32_t
ring_take(struct curl_ftp_job *j, char *into, size_t cap)
{
	uint32_t n = j->fill < cap ? j->fill : (uint32_t)cap, first = n < CURL_FTP_RING - j->head ? n : CURL_FTP_RING - j->head;

	memcpy(into, j->ring + j->head, first);
	memcpy(into + first, j->ring, n - first);
	j->head = (j->head + n) % CURL_FTP_RING;
	j->fill -= n;
	return n;
}

/* The module's side should look. */
static void
tell(struct curl_ftp_job *j)
{
	uint64_t one = 1;

	if (write(j->event, &one, sizeof(one)) < 0)
		return; /* it is full: nobody has looked since, and will */
}

/* ---- the control connection --------------------------------------------------------- */

static int
overhear(CURL *easy, curl_infotype type, char *at, size_t n, void *job)
{
	struct curl_ftp_job *j = job;

	(void)easy;
	if (type == CURLINFO_HEADER_OUT)
		talk_sent(&j->talk, span_of(at, n));
	else if (type == CURLINFO_HEADER_IN)
		talk_heard(&j->talk, span_of(at, n));
	if (type == CURLINFO_TEXT)
		return 0;
	pthread_mutex_lock(&j->lock);
	j->last_us = clock_us();
	pthread_mutex_unlock(&j->lock);
	return 0;
}

/* The line has been overheard: whether it may go on. */
static size_t
take_reply(char *at, size_t size, size_t count, void *job)
{
	struct curl_ftp_job *j = job;

	(void)at;
	return j->talk.endless || talk_refused(&j->talk) != 0 ? 0 : size * count;
}

/* ---- data ------------------------------------------------------------------------------ */

static bool
is_unique(const struct curl_ftp_job *j)
{
	return j->verb == WORLD_STORE && j->put == WORLD_STOU;
}

/* libcurl lists by type A and takes the CR from each CRLF: the lines get back what they came with. */
static void
put_listing(struct curl_ftp_job *j, const char *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (at[i] == '\n' && !j->last_cr)
			ring_put(j, "\r", 1);
		ring_put(j, at + i, 1);
		j->last_cr = at[i] == '\r';
	}
}

static size_t
take_data(char *at, size_t size, size_t count, void *job)
{
	struct curl_ftp_job *j = job;
	size_t n = size * count, most = j->verb == WORLD_LIST ? 2 * n : n;
	bool news = false, full;

	/* Nothing is to come while a file goes out. */
	if (is_unique(j))
		return n;
	pthread_mutex_lock(&j->lock);
	full = j->paused = most > CURL_FTP_RING - j->fill;
	if (!full) {
		news = j->fill == 0;
		j->flowing = true;
		if (j->verb == WORLD_LIST)
			put_listing(j, at, n);
		else
			ring_put(j, at, n);
	}
	pthread_mutex_unlock(&j->lock);
	if (news)
		tell(j);
	return full ? CURL_WRITEFUNC_PAUSE : n;
}

static bool
has_room(const struct curl_ftp_job *j)
{
	return CURL_FTP_RING - j->fill >= CURL_FTP_SEGMENT;
}

static size_t
give_data(char *into, size_t size, size_t count, void *job)
{
	struct curl_ftp_job *j = job;
	bool news;
	size_t n;

	pthread_mutex_lock(&j->lock);
	news = !j->flowing || !has_room(j);
	j->flowing = true;
	n = ring_take(j, into, size * count);
	j->paused = n == 0 && !j->finish && !j->peer_spoke;
	if (n == 0 && j->peer_spoke)
		n = CURL_READFUNC_ABORT;
	else if (j->paused)
		n = CURL_READFUNC_PAUSE;
	pthread_mutex_unlock(&j->lock);
	if (news)
		tell(j);
	return n;
}

/* ---- sockets ---------------------------------------------------------------------------- */

static curl_socket_t
open_socket(void *job, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct curl_ftp_job *j = job;
	curl_socket_t fd = transfer_open_socket(&j->t, purpose, address);

	if (fd == CURL_SOCKET_BAD)
		return fd;
	pthread_mutex_lock(&j->lock);
	if (j->quit || j->opened == CURL_FTP_SOCKETS_MAX) {
		close(fd);
		fd = CURL_SOCKET_BAD;
	} else {
		j->sockets[j->opened++] = fd;
		if (j->passive && j->talk.verb == FTP_PASV)
			j->data = fd;
	}
	pthread_mutex_unlock(&j->lock);
	return fd;
}

/* Under the lock, so that job_kill never shuts down what has become another one's descriptor. */
static int
close_socket(void *job, curl_socket_t fd)
{
	struct curl_ftp_job *j = job;
	int failed;

	pthread_mutex_lock(&j->lock);
	for (int i = 0; i < j->opened; i++)
		if (j->sockets[i] == fd)
			j->sockets[i--] = j->sockets[--j->opened];
	if (j->data == fd)
		j->data = CURL_SOCKET_BAD;
	failed = close(fd);
	pthread_mutex_unlock(&j->lock);
	return failed;
}

/* Active: whoever connects for the data must be the server (RFC 2577 5). */
static int
accepted(void *job, curl_socket_t fd, curlsocktype purpose)
{
	struct curl_ftp_job *j = job;
	struct sockaddr_storage from = { 0 };
	socklen_t len = sizeof(from);

	if (purpose != CURLSOCKTYPE_ACCEPT)
		return CURL_SOCKOPT_OK;
	if (getpeername(fd, (struct sockaddr *)&from, &len) != 0 ||
	    !reach_same_host((const struct sockaddr *)&j->t.peer, (const struct sockaddr *)&from))
		return CURL_SOCKOPT_ERROR;
	pthread_mutex_lock(&j->lock);
	j->data = fd;
	pthread_mutex_unlock(&j->lock);
	return CURL_SOCKOPT_OK;
}

void
job_kill(struct curl_ftp_job *j)
{
	pthread_mutex_lock(&j->lock);
	j->quit = true;
	/* What is half sent is not to look whole: the thread resets the connection for data (break_data). */
	for (int i = 0; i < j->opened; i++)
		if (j->verb != WORLD_STORE || j->tls || j->sockets[i] != j->data)
			shutdown(j->sockets[i], SHUT_RDWR);
	if (j->multi != NULL)
		curl_multi_wakeup(j->multi);
	pthread_mutex_unlock(&j->lock);
}

/* ---- the thread ----------------------------------------------------------------------------- */

/* STOU: we write, in libcurl's place. */
static void
send_data(struct curl_ftp_job *j)
{
	char piece[4096];
	ssize_t sent = 0;
	bool news;

	if (!is_unique(j) || !j->talk.data || j->data == CURL_SOCKET_BAD || j->peer_spoke)
		return;
	pthread_mutex_lock(&j->lock);
	news = !j->flowing || !has_room(j);
	j->flowing = true;
	while (j->fill > 0 && sent >= 0) {
		uint32_t head = j->head, fill = j->fill, n = ring_take(j, piece, sizeof(piece));

		sent = send(j->data, piece, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		j->head = (head + (sent > 0 ? (uint32_t)sent : 0)) % CURL_FTP_RING;
		j->fill = fill - (sent > 0 ? (uint32_t)sent : 0);
		if (sent > 0)
			j->last_us = clock_us();
	}
	j->paused = j->fill == 0 && !j->finish;
	if (j->fill == 0 && j->finish)
		shutdown(j->data, SHUT_WR);
	news = news && has_room(j);
	pthread_mutex_unlock(&j->lock);
	if (news)
		tell(j);
}

/* Whether libcurl may go on where it was paused. */
static bool
resumes(struct curl_ftp_job *j)
{
	bool on;

	pthread_mutex_lock(&j->lock);
	if (j->verb == WORLD_STORE)
		on = j->fill > 0 || j->finish || j->peer_spoke;
	else
		on = j->fill <= CURL_FTP_RING / 2;
	on = on && j->paused && !is_unique(j);
	pthread_mutex_unlock(&j->lock);
	return on;
}

/* A server that has something to say while it should take, or has closed, takes no more. */
static void
watch_peer(struct curl_ftp_job *j, bool control, bool data)
{
	char byte;
	ssize_t n = data ? recv(j->data, &byte, 1, MSG_PEEK | MSG_DONTWAIT) : 1;

	if (data && n > 0)
		j->junk = true;
	if (control || n <= 0)
		j->peer_spoke = true;
}

/* Sleep until libcurl, the module's side or the server has something. */
static void
rest(struct curl_ftp_job *j, CURLM *multi)
{
	struct curl_waitfd also[2];
	unsigned count = 0;
	curl_socket_t control = CURL_SOCKET_BAD;
	bool idle, full;

	pthread_mutex_lock(&j->lock);
	idle = j->verb == WORLD_STORE && j->flowing && j->paused && !j->peer_spoke;
	full = is_unique(j) && j->fill > 0;
	pthread_mutex_unlock(&j->lock);
	if (idle && !is_unique(j) && curl_easy_getinfo(j->t.easy, CURLINFO_ACTIVESOCKET, &control) == CURLE_OK && control != CURL_SOCKET_BAD)
		also[count++] = (struct curl_waitfd){ .fd = control, .events = CURL_WAIT_POLLIN };
	/* TLS has things of its own to say on it. */
	if (idle && !is_unique(j) && !j->tls && !j->junk && j->data != CURL_SOCKET_BAD)
		also[count++] = (struct curl_waitfd){ .fd = j->data, .events = CURL_WAIT_POLLIN };
	if (full && j->talk.data && j->data != CURL_SOCKET_BAD)
		also[count++] = (struct curl_waitfd){ .fd = j->data, .events = CURL_WAIT_POLLOUT };
	curl_multi_poll(multi, also, count, WAIT_MS, NULL);
	for (unsigned i = 0; idle && !is_unique(j) && i < count; i++)
		if (also[i].revents != 0)
			watch_peer(j, also[i].fd == control, also[i].fd == j->data);
}

static bool
wanted(struct curl_ftp_job *j)
{
	bool quit;

	pthread_mutex_lock(&j->lock);
	quit = j->quit;
	pthread_mutex_unlock(&j->lock);
	return !quit;
}

/* Whether it came to an end by itself, with that result. */
static bool
perform(struct curl_ftp_job *j, CURLM *multi, CURLcode *result)
{
	CURLMsg *message;
	int running = 1;

	while (wanted(j) && curl_multi_perform(multi, &running) == CURLM_OK && running > 0) {
		send_data(j);
		if (resumes(j))
			curl_easy_pause(j->t.easy, CURLPAUSE_CONT);
		else
			rest(j, multi);
	}
	message = curl_multi_info_read(multi, &running);
	if (message == NULL || message->msg != CURLMSG_DONE)
		return false;
	*result = message->data.result;
	return true;
}

/* SIZE's answer. */
static int
read_size(struct curl_ftp_job *j, uint64_t *size)
{
	size_t n = strspn(j->talk.text, "0123456789");

	if (j->verb != WORLD_SIZE)
		return 0;
	if (n == 0 || n > 18 || j->talk.text[n] != '\0')
		return FTP_REPLY_ERROR;
	*size = strtoull(j->talk.text, NULL, 10);
	return 0;
}

static void
publish(struct curl_ftp_job *j, CURLcode result)
{
	int error = curl_ftp_error(result, &j->talk, j->verb, j->passive, j->t.why);
	uint64_t size = 0;

	if (error == 0)
		error = read_size(j, &size);
	pthread_mutex_lock(&j->lock);
	/* STOU: a server may well find the end before we have said it. */
	if (error == 0 && j->verb == WORLD_STORE && !j->finish)
		error = FTP_UPLOAD_ERROR;
	j->ended = true;
	j->error = error;
	j->size = size;
	pthread_mutex_unlock(&j->lock);
	tell(j);
}

/* An upload that is given up: the server is to see that it was cut, and not an end. */
static void
break_data(struct curl_ftp_job *j)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	pthread_mutex_lock(&j->lock);
	if (j->verb == WORLD_STORE && j->data != CURL_SOCKET_BAD)
		setsockopt(j->data, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	pthread_mutex_unlock(&j->lock);
}

static void *
session(void *job)
{
	struct curl_ftp_job *j = job;
	CURLM *multi = j->multi;
	CURLcode result = CURLE_FAILED_INIT;

	if (curl_multi_add_handle(multi, j->t.easy) != CURLM_OK || perform(j, multi, &result))
		publish(j, result);
	else
		break_data(j);
	pthread_mutex_lock(&j->lock);
	j->multi = NULL;
	pthread_mutex_unlock(&j->lock);
	curl_multi_remove_handle(multi, j->t.easy);
	/* Here QUIT is said, and its answer waited for. */
	curl_multi_cleanup(multi);
	pthread_mutex_lock(&j->lock);
	j->gone = true;
	pthread_mutex_unlock(&j->lock);
	tell(j);
	return NULL;
}

/* ---- its start and end ---------------------------------------------------------------------- */

static void
set_callbacks(struct curl_ftp_job *j)
{
	CURL *easy = j->t.easy;

	curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, overhear);
	curl_easy_setopt(easy, CURLOPT_DEBUGDATA, j);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_reply);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, j);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_data);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, j);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_data);
	curl_easy_setopt(easy, CURLOPT_READDATA, j);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, j);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, j);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, accepted);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, j);
}

bool
job_start(struct curl_ftp_job *j)
{
	sigset_t all, before;
	int failed;

	set_callbacks(j);
	talk_begin(&j->talk);
	j->data = CURL_SOCKET_BAD;
	j->last_us = clock_us();
	if ((j->multi = curl_multi_init()) == NULL)
		return false;
	/* Signals are the emulator's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&j->thread, NULL, session, j);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed != 0)
		curl_multi_cleanup(j->multi);
	return failed == 0;
}

void
job_free(struct curl_ftp_job *j)
{
	if (j == NULL)
		return;
	transfer_close(&j->t);
	curl_slist_free_all(j->quote);
	curl_slist_free_all(j->prequote);
	pthread_mutex_destroy(&j->lock);
	free(j);
}
