/*
 * no_curl: the static attest has no net world.  Debian has no static GSSAPI library, which its static libcurl needs, and
 * the machine that it is made for has no network.
 */
#include "world_curl.h"

struct world_curl *
world_curl_open(const struct world_reach *reach, FILE *says, struct err *e)
{
	(void)reach, (void)says;
	err_set(e, EXIT_USAGE, "--world net: this attest was built without libcurl");
	return NULL;
}

struct modem_world *
world_curl_modem(struct world_curl *w)
{
	(void)w;
	return NULL;
}

struct emulate_far *
world_curl_far(struct world_curl *w)
{
	(void)w;
	return NULL;
}

void
world_curl_close(struct world_curl *w)
{
	(void)w;
}
