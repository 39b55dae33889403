/* What libcurl's results are to the module, as errors of FTP. */
#include "world_curl_ftp.h"

#include <stdbool.h>
#include <string.h>

/* Not numbers of the module: who has to be asked. */
enum {
	BY_REPLY = 1, /* the server said no: which command, and by which reply */
	BY_PHASE,     /* a connection broke: the one for data, or the one for commands */
	BY_TIME,      /* libcurl's word for a server that closes, too (421) */
	BY_MODE,      /* there is a control connection, and none for data: passive or active */
};

/*
 * What is not listed is 61, net error: something in between failed, and the manual has no number for what.  The
 * simulated world gives the same errors for the same causes.
 */
/* clang-format off */
static const struct {
	CURLcode result;
	int error;
} table[] = {
	/* Before there is a connection. */
	{ CURLE_URL_MALFORMAT, FTP_DNS_ERROR }, /* no host to look up */
	{ CURLE_COULDNT_RESOLVE_HOST, FTP_DNS_ERROR }, /* the name is unknown, or nobody could be asked */
	{ CURLE_COULDNT_CONNECT, BY_MODE }, /* refused, unreachable, or not allowed by --may-connect */

	/* Time. */
	{ CURLE_OPERATION_TIMEDOUT, BY_TIME }, /* whatever was waited for: the module has one time-out for all (manual 12.2.14) */

	/* The server's replies. */
	{ CURLE_WEIRD_SERVER_REPLY, BY_REPLY }, /* a greeting that is none, or a refusal in its place */
	{ CURLE_LOGIN_DENIED, BY_REPLY }, /* at USER it is the user, at PASS the password: libcurl has one result for both */
	{ CURLE_REMOTE_ACCESS_DENIED, BY_REPLY }, /* a folder that cannot be entered (STOU) */
	{ CURLE_FTP_WEIRD_PASS_REPLY, BY_REPLY }, /* neither in nor out */
	{ CURLE_FTP_COULDNT_SET_TYPE, BY_REPLY }, /* TYPE */
	{ CURLE_QUOTE_ERROR, BY_REPLY }, /* TYPE, REST, SIZE, DELE, MKD, RMD, CWD */
	{ CURLE_FTP_COULDNT_USE_REST, BY_REPLY }, /* REST */
	{ CURLE_BAD_DOWNLOAD_RESUME, BY_REPLY }, /* the same, beyond the file's end */
	{ CURLE_FTP_COULDNT_RETR_FILE, BY_REPLY }, /* RETR, LIST */
	{ CURLE_REMOTE_FILE_NOT_FOUND, BY_REPLY }, /* the same, with 550 */
	{ CURLE_UPLOAD_FAILED, BY_REPLY }, /* STOR, APPE */
	{ CURLE_REMOTE_DISK_FULL, BY_REPLY }, /* 452 and 552, before or after the data */
	{ CURLE_REMOTE_FILE_EXISTS, BY_REPLY }, /* MKD, in libcurl's own words */
	{ CURLE_PARTIAL_FILE, BY_REPLY }, /* the reply at the end of the data is no 226: what came or went may not be all */
	{ CURLE_USE_SSL_FAILED, BY_REPLY }, /* AUTH, PBSZ, PROT (SSL note) */
	{ CURLE_WRITE_ERROR, BY_REPLY }, /* we stopped it: replies without end, or one to TYPE or REST that libcurl lets pass */

	/* Connections for data. */
	{ CURLE_FTP_WEIRD_PASV_REPLY, BY_REPLY }, /* PASV was refused, or answered with something else than 227 */
	{ CURLE_FTP_WEIRD_227_FORMAT, FTP_PASSIVE_ERROR }, /* 227 without an address in it */
	{ CURLE_FTP_CANT_GET_HOST, FTP_PASSIVE_ERROR }, /* ... or with one that is none */
	{ CURLE_FTP_PORT_FAILED, FTP_ACTIVE_ERROR }, /* PORT was refused, or there is nothing to listen at */
	{ CURLE_FTP_ACCEPT_FAILED, FTP_ACTIVE_ERROR }, /* the server said that it cannot connect, or somebody else did */
	{ CURLE_FTP_ACCEPT_TIMEOUT, FTP_ACTIVE_ERROR }, /* ... or said nothing and did not connect */
	{ CURLE_INTERFACE_FAILED, FTP_ACTIVE_ERROR }, /* no address of ours to listen at */
	{ CURLE_ABORTED_BY_CALLBACK, BY_PHASE }, /* we stopped it: the server closed what we send to, or a stranger connected for data */

	/* What breaks. */
	{ CURLE_SEND_ERROR, BY_PHASE }, /* reset while bytes or a command went out */
	{ CURLE_RECV_ERROR, BY_PHASE }, /* closed or reset while bytes or a reply came in */
	{ CURLE_GOT_NOTHING, BY_PHASE }, /* closed without a byte */
	{ CURLE_READ_ERROR, FTP_UPLOAD_ERROR }, /* what was to go out could not be had */

	/* TLS; a fatal alert among these is 81: tls_error. */
	{ CURLE_SSL_CONNECT_ERROR, FTP_TLS_CHANNEL }, /* the handshake failed, for commands or for data */
	{ CURLE_PEER_FAILED_VERIFICATION, FTP_TLS_CHANNEL }, /* not the server that it should be */
	{ CURLE_SSL_CERTPROBLEM, FTP_TLS_CHANNEL }, /* a certificate that cannot be used */
	{ CURLE_SSL_CIPHER, FTP_TLS_CHANNEL }, /* no common cipher */
	{ CURLE_SSL_CLIENTCERT, FTP_TLS_CHANNEL }, /* the server wants a certificate of ours */
	{ CURLE_SSL_ENGINE_INITFAILED, FTP_TLS_CHANNEL }, /* TLS itself does not work here */
	{ CURLE_SSL_SHUTDOWN_FAILED, FTP_TLS_CHANNEL }, /* the channel did not end as it should */
};
/* clang-format on */

static bool
is_reading(enum world_ftp_verb verb)
{
	return verb == WORLD_RETR || verb == WORLD_LIST;
}

/* What became of the data. */
static int
data_error(enum world_ftp_verb verb)
{
	return is_reading(verb) ? FTP_DOWNLOAD_ERROR : FTP_UPLOAD_ERROR;
}

static int
by_reply(const struct curl_ftp_talk *k, enum world_ftp_verb verb)
{
	int error;

	if (k->code == 421 || k->code == 0)
		return FTP_SERVER_ERROR;
	/* RFC 959 4.2.2: 450, 550 and 553 are about the file, the others about its way. */
	if (k->data)
		return k->code == 450 || k->code == 550 || k->code == 553 ? FTP_OPERATE_ERROR : data_error(verb);
	/* The greeting, or PWD. */
	if (k->verb == FTP_VERBS)
		return k->code >= 400 ? FTP_SERVER_ERROR : FTP_REPLY_ERROR;
	error = world_ftp_error(k->verb, k->code);
	return error != 0 ? error : FTP_REPLY_ERROR;
}

/* The whole of it went well, for libcurl; it takes 450 for a folder without files, and any reply below 400 to what it was told to send. */
static int
well_error(const struct curl_ftp_talk *k, enum world_ftp_verb verb)
{
	if (k->data)
		return k->code / 100 == 2 ? 0 : by_reply(k, verb);
	if (is_reading(verb) || verb == WORLD_STORE)
		return by_reply(k, verb);
	return k->verb == FTP_VERBS ? FTP_REPLY_ERROR : world_ftp_error(k->verb, k->code);
}

/*
 * libcurl has one result for all of a handshake; that the server sent an alert only OpenSSL's (and GnuTLS's) words say.
 * On the data connection it begins one before it has read the reply to RETR or STOR.  A server that refuses these closes that
 * connection, and libcurl may hear of nothing else; one that does TLS for commands and none for data is not to be expected.
 */
static int
tls_error(const struct curl_ftp_talk *k, const char *why)
{
	if (strstr(why, " alert ") != NULL)
		return FTP_TLS_ALERT;
	return k->owed && talk_moves_data(k->verb) ? FTP_OPERATE_ERROR : FTP_TLS_CHANNEL;
}

int
curl_ftp_error(CURLcode result, const struct curl_ftp_talk *k, enum world_ftp_verb verb, bool passive, const char *why)
{
	int error = FTP_NET_ERROR;

	/* The same of a line without end, which libcurl keeps to itself. */
	if (k->endless || (result == CURLE_RECV_ERROR && strstr(why, "Too large response") != NULL))
		return FTP_REPLY_ERROR;
	if (result == CURLE_OK)
		return well_error(k, verb);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].result == result)
			error = table[i].error;
	switch (error) {
	case BY_REPLY: return by_reply(k, verb);
	case BY_PHASE: return k->data ? data_error(verb) : FTP_SERVER_ERROR;
	case BY_TIME: return k->code == 421 ? FTP_SERVER_ERROR : FTP_TIMEOUT;
	case BY_MODE:
		if (!k->greeted)
			return FTP_CONNECT_ERROR;
		return passive ? FTP_PASSIVE_ERROR : FTP_ACTIVE_ERROR;
	case FTP_TLS_CHANNEL: return tls_error(k, why);
	}
	return error;
}
