/*
 * world_curl: the world of attest emulate --world net: real servers, in real time, through libcurl's multi interface.
 *
 *	modem --> modem_world --> world_curl --> libcurl --> sockets
 *	             ^ emulate_far: one descriptor that is readable when something has come
 *
 * Nothing blocks: names are looked up by libcurl's own threads, sockets are watched through one epoll descriptor, and
 * what was started is given up at once when the module closes it.  Memory is bounded whatever a server sends.  It
 * connects only where world_reach allows; who was refused is said once.  No cookies, no .netrc, no proxy from the
 * environment, no signals, no protocols but HTTP and FTP (and these over TLS); certificates are not verified, since
 * a module does not either unless it is told to (AT+SSLOPT).
 *
 * A bearer is open as soon as it is asked for; its address is made up, as a carrier's private one is.
 */
#ifndef WORLD_CURL_H
#define WORLD_CURL_H

#include <stdio.h>

#include "emulate.h"
#include "err.h"
#include "modem_world.h"
#include "world_reach.h"

struct world_curl;

/* A world that connects where reach says (which must outlive it); what is refused goes to says (NULL: unsaid).  NULL on error. */
struct world_curl *world_curl_open(const struct world_reach *reach, FILE *says, struct err *e);
struct modem_world *world_curl_modem(struct world_curl *w);
/* What the emulator's loop has to poll for it. */
struct emulate_far *world_curl_far(struct world_curl *w);
/* Ends what runs. */
void world_curl_close(struct world_curl *w);

#endif
