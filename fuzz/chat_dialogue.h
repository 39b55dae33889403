/*
 * chat_dialogue: what a host wants of the module, from the bearer to the last byte.
 *
 *	get URL [PIECE]			HTTP GET, read whole or in pieces
 *	post N K [PIECE]		N bytes of pattern K to a server that sends them back
 *	ftp-get HOST/PATH [PIECE]	size, then the file
 *	ftp-put N K [PIECE]		N bytes of pattern K, in blocks, then the size of what is there
 *	ftp-list HOST [PIECE]
 */
#ifndef CHAT_DIALOGUE_H
#define CHAT_DIALOGUE_H

#include "chat_host.h"
#include "content.h"

#define CHAT_SENT_MAX 20000
#define CHAT_PUT_HOST "116.228.221.52"
#define CHAT_PUT_NAME "put.bin"
#define CHAT_ECHO_URL "http://www.sim.com/echo"

enum chat_kind { CHAT_GET, CHAT_POST, CHAT_FTP_GET, CHAT_FTP_PUT, CHAT_FTP_LIST };

struct chat_task {
	enum chat_kind kind;
	struct span name;		/* URL, or HOST/PATH; in the script */
	uint32_t size, pattern;		/* of what is sent */
	uint32_t piece;			/* 0: whole, as far as that goes */
};

/* The script's last line that names one; get www.sim.com when none does. */
void chat_task_read(struct chat_task *t, struct span script);

/* Do it; h->verdict and h->data are what came of it.  sent: what is to be sent, t->size bytes. */
void chat_dialogue(struct chat_host *h, const struct chat_task *t, const char *sent);

#endif
