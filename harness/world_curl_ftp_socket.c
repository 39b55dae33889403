/* A session's sockets: who may be connected, and how they are all shut from the other thread. */
#include "world_curl_ftp_job.h"

#include <sys/socket.h>
#include <unistd.h>

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

/* An upload that is given up: the server is to see that it was cut, and not an end. */
void
job_break_data(struct curl_ftp_job *j)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	pthread_mutex_lock(&j->lock);
	if (j->verb == WORLD_STORE && j->data != CURL_SOCKET_BAD)
		setsockopt(j->data, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	pthread_mutex_unlock(&j->lock);
}
