/* One FTP session's thread. */
#include "world_curl_ftp_job.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

/* The thread looks by itself so often; whatever matters wakes it. */
#define WAIT_MS 1000

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

/*
 * The line has been overheard: whether it may go on.  Before what it takes for a listing libcurl says TYPE A, and lets nobody
 * say anything after it; STOU of type I is not to be garbled by that.
 */
static size_t
take_reply(char *at, size_t size, size_t count, void *job)
{
	struct curl_ftp_job *j = job;

	(void)at;
	if (j->talk.endless || talk_refused(&j->talk) != 0)
		return 0;
	if (job_is_unique(j) && !j->ascii && j->talk.verb == FTP_TYPE && j->talk.code != 0 && !j->image) {
		j->image = true;
		if (!job_say_image(j))
			return 0;
	}
	return size * count;
}

/* ---- the thread ----------------------------------------------------------------------------- */

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
	full = job_is_unique(j) && j->fill > 0;
	pthread_mutex_unlock(&j->lock);
	if (idle && !job_is_unique(j) && (control = job_control(j)) != CURL_SOCKET_BAD)
		also[count++] = (struct curl_waitfd){ .fd = control, .events = CURL_WAIT_POLLIN };
	/* TLS has things of its own to say on it. */
	if (idle && !job_is_unique(j) && !j->tls && !j->junk && j->data != CURL_SOCKET_BAD)
		also[count++] = (struct curl_waitfd){ .fd = j->data, .events = CURL_WAIT_POLLIN };
	if (full && j->talk.data && j->data != CURL_SOCKET_BAD)
		also[count++] = (struct curl_waitfd){ .fd = j->data, .events = CURL_WAIT_POLLOUT };
	curl_multi_poll(multi, also, count, WAIT_MS, NULL);
	for (unsigned i = 0; idle && !job_is_unique(j) && i < count; i++)
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
		job_send_data(j);
		if (job_resumes(j))
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
	job_tell(j);
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
		job_break_data(j);
	pthread_mutex_lock(&j->lock);
	j->multi = NULL;
	pthread_mutex_unlock(&j->lock);
	curl_multi_remove_handle(multi, j->t.easy);
	/* Here QUIT is said, and its answer waited for. */
	curl_multi_cleanup(multi);
	pthread_mutex_lock(&j->lock);
	j->gone = true;
	pthread_mutex_unlock(&j->lock);
	job_tell(j);
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
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, job_take_data);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, j);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, job_give_data);
	curl_easy_setopt(easy, CURLOPT_READDATA, j);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, job_open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, j);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, job_close_socket);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, j);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, job_accepted);
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
