/*
 * modem_http: the HTTP session, as its two files see it.
 *
 *	commands --> modem_http_commands.c --events--> modem_http_rules.c --> world, modem_say
 *
 * The commands check parameters and name what was asked; the rules know what holds in which state.
 */
#ifndef MODEM_HTTP_H
#define MODEM_HTTP_H

#include "modem_sessions.h"

/* States, named for what the host has done so far. */
enum http_state {
	HTTP_OFF = 1u << 0,	/* no AT+HTTPINIT */
	HTTP_READY = 1u << 1,	/* nothing is going on */
	HTTP_TAKING = 1u << 2,	/* DOWNLOAD was said, data comes in */
	HTTP_RUNNING = 1u << 3,	/* the server was asked; also while its answer may not be announced yet */
	HTTP_FAILING = 1u << 4,	/* it failed without a server; the URC may not be announced yet */

	HTTP_ACTION = HTTP_RUNNING | HTTP_FAILING,
	HTTP_ON = HTTP_READY | HTTP_TAKING | HTTP_ACTION,
	HTTP_ANY = HTTP_OFF | HTTP_ON,
};

enum http_event {
	HTTP_CMD_INIT = 1,
	HTTP_CMD_TERM,
	HTTP_CMD_PARA,		/* http.tag and http.value, which fits */
	HTTP_CMD_PARA_READ,
	HTTP_CMD_DATA,		/* http.want, http.time_ms */
	HTTP_CMD_ACTION,	/* http.asked */
	HTTP_CMD_READ,		/* http.read_start, http.read_size */
	HTTP_CMD_SCONT,
	HTTP_CMD_SCONT_READ,
	HTTP_CMD_STATUS,
	HTTP_CMD_HEAD,
	HTTP_CMD_SSL,		/* http.tag and http.value, which fits */
	HTTP_TAKEN,		/* all data asked for is in */
	HTTP_CUT,		/* the time for it is over */
	HTTP_DONE,		/* the server has answered */
	HTTP_FAILED,		/* the exchange failed: progress.status is 600 to 606 */
	HTTP_URC_DUE,		/* what failed without a server may be announced */
	HTTP_EXPIRED,		/* TIMEOUT */
	HTTP_REFUSED,		/* the 604 of a second action is due */
	HTTP_BEARER_LOST,
	HTTP_EVENTS = HTTP_BEARER_LOST,
};

/* What AT+HTTPPARA? and AT+HTTPSCONT? list, a line each; the rules' actions. */
void http_list_parameters(struct modem *m);
void http_list_context(struct modem *m);

#endif
