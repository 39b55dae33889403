/* The FTP session of the net world: none can be had yet, which is the module's net error. */
#include "world_curl_parts.h"

enum { FTP_NET_ERROR = 61 };

void
curl_ftp_start(struct modem_world *mw, const struct world_ftp_request *rq)
{
	(void)rq;
	world_curl_of(mw)->ftp.state = WORLD_FAILED;
}

void
curl_ftp_poll(struct modem_world *mw, struct world_ftp *out)
{
	*out = (struct world_ftp){ .state = world_curl_of(mw)->ftp.state };
	if (out->state == WORLD_FAILED)
		out->error = FTP_NET_ERROR;
}

size_t
curl_ftp_read(struct modem_world *mw, char *into, size_t cap)
{
	(void)mw;
	(void)into;
	(void)cap;
	return 0;
}

size_t
curl_ftp_write(struct modem_world *mw, struct span bytes)
{
	(void)mw;
	(void)bytes;
	return 0;
}

void
curl_ftp_finish(struct modem_world *mw)
{
	(void)mw;
}

void
curl_ftp_close(struct modem_world *mw)
{
	world_curl_of(mw)->ftp.state = WORLD_IDLE;
}
