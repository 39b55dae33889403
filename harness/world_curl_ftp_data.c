/* What flows: the ring between the module and the thread, and libcurl at its other end. */
#include "world_curl_ftp_job.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

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
void
job_tell(struct curl_ftp_job *j)
{
	uint64_t one = 1;

	if (write(j->event, &one, sizeof(one)) < 0)
		return; /* it is full: nobody has looked since, and will */
}

/* ---- libcurl's callbacks ------------------------------------------------------------- */

bool
job_is_unique(const struct curl_ftp_job *j)
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

size_t
job_take_data(char *at, size_t size, size_t count, void *job)
{
	struct curl_ftp_job *j = job;
	size_t n = size * count, most = j->verb == WORLD_LIST ? 2 * n : n;
	bool news = false, full;

	/* Nothing is to come while a file goes out. */
	if (job_is_unique(j))
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
		job_tell(j);
	return full ? CURL_WRITEFUNC_PAUSE : n;
}

static bool
has_room(const struct curl_ftp_job *j)
{
	return CURL_FTP_RING - j->fill >= CURL_FTP_SEGMENT;
}

size_t
job_give_data(char *into, size_t size, size_t count, void *job)
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
		job_tell(j);
	return n;
}

/* ---- the thread -------------------------------------------------------------------------- */

/* STOU: we write, in libcurl's place. */
void
job_send_data(struct curl_ftp_job *j)
{
	char piece[4096];
	ssize_t sent = 0;
	bool news;

	if (!job_is_unique(j) || !j->talk.data || j->data == CURL_SOCKET_BAD || j->peer_spoke)
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
		job_tell(j);
}

/* Whether libcurl may go on where it was paused. */
bool
job_resumes(struct curl_ftp_job *j)
{
	bool on;

	pthread_mutex_lock(&j->lock);
	if (j->verb == WORLD_STORE)
		on = j->fill > 0 || j->finish || j->peer_spoke;
	else
		on = j->fill <= CURL_FTP_RING / 2;
	on = on && j->paused && !job_is_unique(j);
	pthread_mutex_unlock(&j->lock);
	return on;
}
