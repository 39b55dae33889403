/* One easy handle: what all transfers have in common, and where they may connect. */
#include "world_curl_parts.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "escape.h"

/* ---- refusals ------------------------------------------------------------------------ */

/* What a server or the host made us ask for is hostile text. */
static void
say(struct world_curl *w, const struct reach_place *place, const struct sockaddr *address)
{
	char host[REACH_HOST_MAX * 4], at[64] = "";
	const char *left = strchr(place->host, ':') == NULL ? "" : "[", *right = *left == '\0' ? "" : "]";

	for (int i = 0; i < w->saids; i++)
		if (w->said[i].port == place->port && strcasecmp(w->said[i].host, place->host) == 0)
			return;
	if (w->saids == WORLD_CURL_SAID_MAX || w->says == NULL)
		return;
	w->said[w->saids++] = *place;
	escape_bytes(host, sizeof(host), span_str(place->host));
	if (address != NULL)
		reach_address_text(address, at, sizeof(at));
	fprintf(w->says, "attest emulate: not connected to %s%s%s:%u%s%s%s: not allowed; --may-connect %s%s%s:%u allows it\n", left, host,
	    right, place->port, at[0] == '\0' ? "" : " (", at, at[0] == '\0' ? "" : ")", left, host, right, place->port);
	if (w->saids == WORLD_CURL_SAID_MAX)
		fputs("attest emulate: refused connections are not said any more\n", w->says);
	fflush(w->says);
}

/* FTP sessions connect in threads of their own. */
static void
say_refused(struct world_curl *w, const struct reach_place *place, const struct sockaddr *address)
{
	pthread_mutex_lock(&w->saying);
	say(w, place, address);
	pthread_mutex_unlock(&w->saying);
}

bool
transfer_may_ask(struct curl_transfer *t, const struct reach_place *place)
{
	if (reach_may_ask(t->world->reach, place))
		return true;
	say_refused(t->world, place, NULL);
	return false;
}

/* ---- sockets ----------------------------------------------------------------------------- */

/* FTP's data connections go to the server that the control connection has reached, on whatever port it names. */
static bool
is_peer(const struct curl_transfer *t, const struct sockaddr *address)
{
	return t->peer.ss_family != 0 && reach_same_host((const struct sockaddr *)&t->peer, address);
}

/*
 * Every connection that libcurl makes begins here, redirects, proxies and data connections included; an address that
 * is not allowed gets no socket, and libcurl tries the name's next one.
 */
curl_socket_t
transfer_open_socket(void *transfer, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct curl_transfer *t = transfer;
	const struct sockaddr *to = &address->addr;
	curl_socket_t fd;

	/* Without a port it is the end at which active FTP listens. */
	if (purpose == CURLSOCKTYPE_IPCXN && !reach_is_portless(to) && !is_peer(t, to) &&
	    !reach_may_connect(t->world->reach, &t->leads, to)) {
		t->refused = true;
		say_refused(t->world, &t->leads, to);
		return CURL_SOCKET_BAD;
	}
	fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	t->no_room = t->no_room || (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM));
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

/* The connection that data may follow stands. */
static int
before_request(void *transfer, char *peer, char *local, int peer_port, int local_port)
{
	struct curl_transfer *t = transfer;

	(void)local;
	(void)local_port;
	if (t->peer.ss_family == 0)
		reach_address_read(peer, (uint16_t)peer_port, &t->peer);
	return CURL_PREREQFUNC_OK;
}

/* ---- the handle ---------------------------------------------------------------------------- */

bool
transfer_open(struct curl_transfer *t, struct world_curl *w, void (*ended)(struct curl_transfer *))
{
	*t = (struct curl_transfer){ .world = w, .ended = ended };
	if ((t->easy = curl_easy_init()) == NULL)
		return false;
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->why);
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https,ftp,ftps");
	curl_easy_setopt(t->easy, CURLOPT_REDIR_PROTOCOLS_STR, "");
	curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(t->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	/* Empty, and not unset: else http_proxy, all_proxy and no_proxy of the environment would hold. */
	curl_easy_setopt(t->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(t->easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	/* A look-up that is given up is left to its thread: to wait for it would stop the AT side. */
	curl_easy_setopt(t->easy, CURLOPT_QUICK_EXIT, 1L);
	/* What a name leads to is found out every time, and no connection is used that was judged for something else. */
	curl_easy_setopt(t->easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(t->easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, transfer_open_socket);
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_PREREQFUNCTION, before_request);
	curl_easy_setopt(t->easy, CURLOPT_PREREQDATA, t);
	return true;
}

bool
transfer_aim(struct curl_transfer *t, const struct reach_place *place)
{
	char line[REACH_HOST_MAX + 32];

	t->asked = *place;
	if (reach_mapped(t->world->reach, place, &t->leads)) {
		/* ::HOST:PORT holds for whatever is asked for: this handle asks for one place only. */
		bool six = strchr(t->leads.host, ':') != NULL;

		snprintf(line, sizeof(line), six ? "::[%s]:%u" : "::%s:%u", t->leads.host, t->leads.port);
		if ((t->connect_to = curl_slist_append(NULL, line)) == NULL)
			return false;
		curl_easy_setopt(t->easy, CURLOPT_CONNECT_TO, t->connect_to);
	}
	return transfer_may_ask(t, &t->leads);
}

bool
transfer_aim_proxy(struct curl_transfer *t, const struct reach_place *proxy)
{
	t->asked = *proxy;
	reach_mapped(t->world->reach, proxy, &t->leads);
	return transfer_may_ask(t, &t->leads);
}

void
transfer_start(struct curl_transfer *t)
{
	t->running = curl_multi_add_handle(t->world->multi, t->easy) == CURLM_OK;
	if (!t->running)
		t->result = CURLE_FAILED_INIT;
}

void
transfer_close(struct curl_transfer *t)
{
	if (t->running)
		curl_multi_remove_handle(t->world->multi, t->easy);
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->connect_to);
	t->easy = NULL;
	t->connect_to = NULL;
	t->running = false;
}
