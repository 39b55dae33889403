/* What is asked of libcurl for each of the module's FTP commands. */
#include "world_curl_ftp_job.h"

#include <stdlib.h>
#include <string.h>

#include "modem_text.h"

#define PATH_MAX_BYTES 512
/* Each byte of a path may become three. */
#define URL_MAX_BYTES (PATH_MAX_BYTES * 3 + REACH_HOST_MAX + 32)

enum { TLS_OFF, TLS_IMPLICIT, TLS_EXPLICIT }; /* AT+FTPSSL */

/* A line of the control connection ends where its text says so: such text goes nowhere. */
static bool
is_line(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == '\r' || s.at[i] == '\n' || s.at[i] == '\0')
			return false;
	return true;
}

/* Path and name as the simulated world puts them together: from the root on, one slash between them.  false: too long. */
static bool
join(struct span path, struct span name, char into[PATH_MAX_BYTES])
{
	size_t n = 0;

	if (path.len + name.len + 3 > PATH_MAX_BYTES)
		return false;
	if (path.len == 0 || path.at[0] != '/')
		into[n++] = '/';
	n += span_write(path, into + n, PATH_MAX_BYTES - n);
	if (name.len > 0 && into[n - 1] != '/')
		into[n++] = '/';
	n += span_write(name, into + n, PATH_MAX_BYTES - n);
	while (name.len == 0 && n > 1 && into[n - 1] == '/')
		n--;
	into[n] = '\0';
	return true;
}

/*
 * The URL of a path, every byte of which is to reach the server: its first slash is %2F, so that it stands for the root
 * and not for where the log-in leads (RFC 1738 3.2.2), and nothing in it means anything to libcurl.
 */
static void
url_write(char into[URL_MAX_BYTES], const char *scheme, const struct reach_place *place, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/";
	bool six = strchr(place->host, ':') != NULL;
	size_t n = (size_t)snprintf(into, URL_MAX_BYTES, six ? "%s://[%s]:%u/" : "%s://%s:%u/", scheme, place->host, place->port);

	for (size_t i = 0; path[i] != '\0'; i++) {
		if (i > 0 && strchr(plain, path[i]) != NULL)
			into[n++] = path[i];
		else
			n += (size_t)snprintf(into + n, URL_MAX_BYTES - n, "%%%02X", (unsigned)(unsigned char)path[i]);
	}
	into[n] = '\0';
}

/* A command of ours, before or after libcurl has said TYPE. */
static void
add(struct curl_slist **list, const char *verb, const char *argument)
{
	char line[PATH_MAX_BYTES + 16];
	struct curl_slist *longer;

	snprintf(line, sizeof(line), "%s %s", verb, argument);
	if ((longer = curl_slist_append(*list, line)) == NULL)
		abort();
	*list = longer;
}

/*
 * libcurl turns CRLF into LF in what it fetches by type A.  So it is made to think of type I, and TYPE A is said after
 * its own: the bytes arrive as the server sent them, as a module hands them on.
 */
static void
set_data(struct curl_ftp_job *j, const struct world_ftp_request *rq)
{
	CURL *easy = j->t.easy;
	char number[16];

	if (rq->ascii)
		add(&j->prequote, "TYPE", "A");
	/* No SIZE before RETR: a module asks for none, and servers refuse it in type A.  REST is then ours to say. */
	curl_easy_setopt(easy, CURLOPT_IGNORE_CONTENT_LENGTH, 1L);
	if (rq->verb == WORLD_RETR && rq->rest > 0) {
		snprintf(number, sizeof(number), "%u", rq->rest);
		add(&j->prequote, "REST", number);
	}
	if (rq->verb == WORLD_STORE) {
		curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(easy, CURLOPT_APPEND, rq->put == WORLD_APPE ? 1L : 0L);
	}
}

/* One question, one answer, and no data: libcurl is to list nothing and to fetch nothing. */
static void
set_question(struct curl_ftp_job *j, const struct world_ftp_request *rq, const char *path)
{
	const char *verb = "";

	switch (rq->verb) {
	case WORLD_SIZE: verb = "SIZE"; break;
	case WORLD_DELE: verb = "DELE"; break;
	case WORLD_MKD: verb = "MKD"; break;
	case WORLD_RMD: verb = "RMD"; break;
	case WORLD_RETR:
	case WORLD_STORE:
	case WORLD_LIST: break;
	}
	/* A size depends on the type (RFC 3659 4.1), and servers refuse to count in type A. */
	add(&j->quote, "TYPE", rq->ascii && rq->verb != WORLD_SIZE ? "A" : "I");
	add(&j->quote, verb, path);
	curl_easy_setopt(j->t.easy, CURLOPT_NOBODY, 1L);
}

/*
 * libcurl has no STOU.  It is said in place of LIST, in the folder where the file is to be, and what goes out is written to
 * the data connection by us (job_send_data).
 */
static void
set_unique(struct curl_ftp_job *j, const struct world_ftp_request *rq, const char *folder)
{
	char command[PATH_MAX_BYTES + 16];

	add(&j->quote, "CWD", folder);
	snprintf(command, sizeof(command), "STOU %.*s", (int)rq->name.len, rq->name.at);
	curl_easy_setopt(j->t.easy, CURLOPT_CUSTOMREQUEST, command);
}

static bool
is_question(enum world_ftp_verb verb)
{
	return verb == WORLD_SIZE || verb == WORLD_DELE || verb == WORLD_MKD || verb == WORLD_RMD;
}

/* The URL, and what is said besides.  What names no file is about the path alone (manual 12.2.11). */
static int
set_verb(struct curl_ftp_job *j, const struct world_ftp_request *rq, const struct reach_place *place)
{
	bool unique = rq->verb == WORLD_STORE && rq->put == WORLD_STOU;
	bool names = (rq->verb == WORLD_RETR || rq->verb == WORLD_STORE || rq->verb == WORLD_SIZE || rq->verb == WORLD_DELE) && !unique;
	char path[PATH_MAX_BYTES], url[URL_MAX_BYTES];

	if (!is_line(rq->path) || !is_line(rq->name) || !join(rq->path, names ? rq->name : SPAN(""), path))
		return FTP_OPERATE_ERROR;
	url_write(url, rq->tls == TLS_IMPLICIT ? "ftps" : "ftp", place, is_question(rq->verb) || unique ? "" : path);
	if (rq->verb == WORLD_LIST && path[1] != '\0')
		strcat(url, "/");
	curl_easy_setopt(j->t.easy, CURLOPT_URL, url);
	/* TLS of the data connection is libcurl's, which would not send. */
	if (unique && rq->tls != TLS_OFF)
		return FTP_NOT_ALLOWED;
	if (is_question(rq->verb))
		set_question(j, rq, path);
	else if (unique)
		set_unique(j, rq, path);
	else
		set_data(j, rq);
	curl_easy_setopt(j->t.easy, CURLOPT_QUOTE, j->quote);
	curl_easy_setopt(j->t.easy, CURLOPT_PREQUOTE, j->prequote);
	return 0;
}

static int
set_user(struct curl_ftp_job *j, const struct world_ftp_request *rq)
{
	char text[256];

	if (!is_line(rq->user) || rq->user.len >= sizeof(text))
		return FTP_USER_ERROR;
	if (!is_line(rq->password) || rq->password.len >= sizeof(text))
		return FTP_PASSWORD_ERROR;
	snprintf(text, sizeof(text), "%.*s", (int)rq->user.len, rq->user.at);
	curl_easy_setopt(j->t.easy, CURLOPT_USERNAME, text);
	snprintf(text, sizeof(text), "%.*s", (int)rq->password.len, rq->password.at);
	curl_easy_setopt(j->t.easy, CURLOPT_PASSWORD, text);
	return 0;
}

/* How sessions are with a module, whatever they do. */
static void
set_manners(struct curl_ftp_job *j, const struct world_ftp_request *rq)
{
	CURL *easy = j->t.easy;
	uint32_t timeout_ms = (uint32_t)(j->timeout_us / 1000);

	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "ftp,ftps");
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	/* The whole path with the command, as the module says it. */
	curl_easy_setopt(easy, CURLOPT_FTP_FILEMETHOD, (long)CURLFTPMETHOD_NOCWD);
	/* PASV and PORT, as the module says them; with IPv6 libcurl takes EPSV and EPRT all the same. */
	curl_easy_setopt(easy, CURLOPT_FTP_USE_EPSV, 0L);
	curl_easy_setopt(easy, CURLOPT_FTP_USE_EPRT, 0L);
	/* Where data goes is where the server is, not where it says. */
	curl_easy_setopt(easy, CURLOPT_FTP_SKIP_PASV_IP, 1L);
	if (!rq->passive)
		curl_easy_setopt(easy, CURLOPT_FTPPORT, "-");
	if (rq->tls == TLS_EXPLICIT) {
		curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
		curl_easy_setopt(easy, CURLOPT_FTPSSLAUTH, (long)CURLFTPAUTH_TLS);
	}
	/* QUIT is said once the module knows how it ended, not before. */
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 0L);
	/* The world has a clock of its own for silence: these lie behind it, but for a server that does not connect, which is active error. */
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms + 1000);
	curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)timeout_ms / 1000 + 2);
	curl_easy_setopt(easy, CURLOPT_ACCEPTTIMEOUT_MS, (long)timeout_ms / 5 * 4);
}

/* From 7.87.0 until 8.0.0 libcurl forgets TLS on a data connection that it has accepted, and waits for ever. */
static bool
can_accept_tls(struct curl_ftp_job *j, const struct world_ftp_request *rq)
{
	const curl_version_info_data *library = curl_version_info(CURLVERSION_NOW);

	if (rq->passive || rq->tls == TLS_OFF || is_question(rq->verb) || library->version_num >= 0x080000)
		return true;
	if (j->t.world->says != NULL)
		fprintf(
		    j->t.world->says, "attest emulate: FTPSSL with FTPMODE=0 needs libcurl 8.0 or later; this is %s\n", library->version);
	return false;
}

int
job_setup(struct curl_ftp_job *j, const struct world_ftp_request *rq)
{
	struct reach_place place;
	int error;

	if (!reach_place(&place, rq->server.at, rq->server.len, rq->port) || !reach_is_host(place.host))
		return FTP_DNS_ERROR;
	if (!transfer_aim(&j->t, &place))
		return FTP_DNS_ERROR;
	if (!can_accept_tls(j, rq))
		return FTP_ACTIVE_ERROR;
	set_manners(j, rq);
	if ((error = set_user(j, rq)) != 0)
		return error;
	return set_verb(j, rq, &place);
}
