/* A session's sockets: who may be connected, and how they are all shut from the other thread. */
#include "world_curl_ftp_job.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINE_MAX_BYTES 512

curl_socket_t
job_open_socket(void *job, curlsocktype purpose, struct curl_sockaddr *address)
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
int
job_close_socket(void *job, curl_socket_t fd)
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
int
job_accepted(void *job, curl_socket_t fd, curlsocktype purpose)
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
	/* What is half sent is not to look whole: the thread resets the connection for data (job_break_data). */
	for (int i = 0; i < j->opened; i++)
		if (j->verb != WORLD_STORE || j->tls || j->sockets[i] != j->data)
			shutdown(j->sockets[i], SHUT_RDWR);
	if (j->multi != NULL)
		curl_multi_wakeup(j->multi);
	pthread_mutex_unlock(&j->lock);
}

curl_socket_t
job_control(struct curl_ftp_job *j)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	curl_socket_t fd = CURL_SOCKET_BAD;

	pthread_mutex_lock(&j->lock);
	for (int i = 0; i < j->opened && fd == CURL_SOCKET_BAD; i++)
		if (j->sockets[i] != j->data && getpeername(j->sockets[i], (struct sockaddr *)&peer, &len) == 0)
			fd = j->sockets[i];
	pthread_mutex_unlock(&j->lock);
	return fd;
}

/* A line of a reply, byte by byte, since what follows is libcurl's to read.  Its length; 0: none came in time, or it is too long. */
static size_t
read_line(struct curl_ftp_job *j, int fd, char into[LINE_MAX_BYTES])
{
	struct pollfd one = { .fd = fd, .events = POLLIN };

	for (size_t n = 0; n < LINE_MAX_BYTES;) {
		if (poll(&one, 1, (int)(j->timeout_us / 1000)) <= 0 || recv(fd, into + n, 1, MSG_DONTWAIT) != 1)
			return 0;
		if (into[n++] == '\n')
			return n;
	}
	return 0;
}

bool
job_say_image(struct curl_ftp_job *j)
{
	curl_socket_t fd = job_control(j);
	char line[LINE_MAX_BYTES] = "TYPE I\r\n";
	size_t n = strlen(line);

	if (fd == CURL_SOCKET_BAD || send(fd, line, n, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)n)
		return false;
	talk_sent(&j->talk, span_of(line, n));
	while (j->talk.code == 0 && !j->talk.endless) {
		if ((n = read_line(j, fd, line)) == 0)
			return false;
		talk_heard(&j->talk, span_of(line, n));
	}
	return talk_refused(&j->talk) == 0;
}

void
job_break_data(struct curl_ftp_job *j)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	pthread_mutex_lock(&j->lock);
	if (j->verb == WORLD_STORE && j->data != CURL_SOCKET_BAD)
		setsockopt(j->data, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	pthread_mutex_unlock(&j->lock);
}
