/* What libcurl's results are to the module. */
#include "world_curl_parts.h"

#include <string.h>

/* Statuses of the module's own (manual 11.2.5; 605 and 606: SSL note). */
enum {
	HTTP_NOT_A_PDU = 600,
	HTTP_NETWORK_ERROR = 601,
	HTTP_NO_MEMORY = 602,
	HTTP_DNS_ERROR = 603,
	HTTP_STACK_BUSY = 604,
	HTTP_TLS_CHANNEL = 605,
	HTTP_TLS_ALERT = 606,
};

/*
 * What is not listed is 601: something on the way to the server or back failed, and the manual has no number for what.
 * The simulated world gives the same statuses for the same causes.
 */
/* clang-format off */
static const struct {
	CURLcode result;
	int status;
} http_table[] = {
	{ CURLE_UNSUPPORTED_PROTOCOL, HTTP_NOT_A_PDU }, /* what came does not begin with HTTP/1 (HTTP/0.9 is not taken); URLs of other schemes never start */
	{ CURLE_WEIRD_SERVER_REPLY, HTTP_NOT_A_PDU }, /* a status line or header line that is none, a length that is no number */
	{ CURLE_BAD_CONTENT_ENCODING, HTTP_NOT_A_PDU }, /* a transfer coding that does not decode */
	{ CURLE_HTTP2, HTTP_NOT_A_PDU }, /* answered in another protocol */
	{ CURLE_HTTP2_STREAM, HTTP_NOT_A_PDU }, /* answered in another protocol */

	{ CURLE_COULDNT_CONNECT, HTTP_NETWORK_ERROR }, /* refused, unreachable, or not allowed by --may-connect */
	{ CURLE_OPERATION_TIMEDOUT, HTTP_NETWORK_ERROR }, /* TIMEOUT passed; 408 is a server's answer, and no module was seen to make one up */
	{ CURLE_PARTIAL_FILE, HTTP_NETWORK_ERROR }, /* closed before the announced length had come: a body cut short is no answer */
	{ CURLE_GOT_NOTHING, HTTP_NETWORK_ERROR }, /* closed without a byte: nothing came that could be a PDU or not */
	{ CURLE_SEND_ERROR, HTTP_NETWORK_ERROR }, /* reset while the request went out */
	{ CURLE_RECV_ERROR, HTTP_NETWORK_ERROR }, /* reset while the answer came in; also a chunk without a length, which libcurl does not tell apart */
	{ CURLE_ABORTED_BY_CALLBACK, HTTP_NETWORK_ERROR }, /* stopped from our side */
	{ CURLE_PROXY, HTTP_NETWORK_ERROR }, /* the proxy's part of the way failed */

	{ CURLE_OUT_OF_MEMORY, HTTP_NO_MEMORY }, /* no memory here is no memory there */
	{ CURLE_FILESIZE_EXCEEDED, HTTP_NO_MEMORY }, /* an announced length that no number holds: more than any module keeps */
	{ CURLE_WRITE_ERROR, HTTP_NO_MEMORY }, /* we stopped it: headers without end */

	{ CURLE_COULDNT_RESOLVE_HOST, HTTP_DNS_ERROR }, /* the name is unknown, or nobody could be asked */
	{ CURLE_COULDNT_RESOLVE_PROXY, HTTP_DNS_ERROR }, /* the same of PROIP, when it is a name */
	{ CURLE_URL_MALFORMAT, HTTP_DNS_ERROR }, /* no host to look up */

	{ CURLE_FAILED_INIT, HTTP_STACK_BUSY }, /* the stack has no room for one more: handles, descriptors */
	{ CURLE_NO_CONNECTION_AVAILABLE, HTTP_STACK_BUSY }, /* the same */
	{ CURLE_AGAIN, HTTP_STACK_BUSY }, /* the same */

	/* A fatal alert among these is 606: tls_status. */
	{ CURLE_SSL_CONNECT_ERROR, HTTP_TLS_CHANNEL }, /* the handshake failed */
	{ CURLE_PEER_FAILED_VERIFICATION, HTTP_TLS_CHANNEL }, /* not the server that it should be */
	{ CURLE_SSL_ENGINE_NOTFOUND, HTTP_TLS_CHANNEL }, /* TLS itself does not work here */
	{ CURLE_SSL_ENGINE_SETFAILED, HTTP_TLS_CHANNEL }, /* the same */
	{ CURLE_SSL_ENGINE_INITFAILED, HTTP_TLS_CHANNEL }, /* the same */
	{ CURLE_SSL_CERTPROBLEM, HTTP_TLS_CHANNEL }, /* a certificate that cannot be used */
	{ CURLE_SSL_CACERT_BADFILE, HTTP_TLS_CHANNEL }, /* the same */
	{ CURLE_SSL_INVALIDCERTSTATUS, HTTP_TLS_CHANNEL }, /* the same */
	{ CURLE_SSL_PINNEDPUBKEYNOTMATCH, HTTP_TLS_CHANNEL }, /* the same */
	{ CURLE_SSL_ISSUER_ERROR, HTTP_TLS_CHANNEL }, /* the same */
	{ CURLE_SSL_CLIENTCERT, HTTP_TLS_CHANNEL }, /* the server wants a certificate of ours */
	{ CURLE_SSL_CIPHER, HTTP_TLS_CHANNEL }, /* no common cipher */
	{ CURLE_SSL_SHUTDOWN_FAILED, HTTP_TLS_CHANNEL }, /* the channel did not end as it should */
	{ CURLE_SSL_CRL_BADFILE, HTTP_TLS_CHANNEL }, /* a revocation list that cannot be used */
	{ CURLE_USE_SSL_FAILED, HTTP_TLS_CHANNEL }, /* TLS was wanted and not to be had */
};
/* clang-format on */

/* libcurl has one result for all of a handshake; that the server sent an alert only OpenSSL's (and GnuTLS's) words say. */
static int
tls_status(const struct curl_transfer *t)
{
	return strstr(t->why, " alert ") != NULL ? HTTP_TLS_ALERT : HTTP_TLS_CHANNEL;
}

int
curl_http_status(const struct curl_transfer *t)
{
	long connected = 0;

	/* The stack has no room for one more; libcurl only knows that it did not connect. */
	if (t->no_room && t->result == CURLE_COULDNT_CONNECT)
		return HTTP_STACK_BUSY;
	/* CONNECT was refused by the proxy: there is no channel for TLS. */
	if (t->result == CURLE_RECV_ERROR && curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &connected) == CURLE_OK &&
	    connected != 0)
		return connected / 100 == 2 ? HTTP_NETWORK_ERROR : HTTP_TLS_CHANNEL;
	for (size_t i = 0; i < sizeof(http_table) / sizeof(http_table[0]); i++)
		if (http_table[i].result == t->result)
			return http_table[i].status == HTTP_TLS_CHANNEL ? tls_status(t) : http_table[i].status;
	return HTTP_NETWORK_ERROR;
}
