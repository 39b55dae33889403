/*
 * modem_http: the HTTP session, as its files see it.
 *
 *	commands --> modem_http_commands.c --events--> modem_http_rules.c --> modem_http_acts.c --> world
 *	world, timers --> modem_http_world.c --events--^
 *
 * The commands check parameters and name what was asked; the rules know what holds in which state; the acts ask and do
 * what the rules name.
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

/* ---- guards and actions of the rules ------------------------------------- */

bool http_bearer_closed(const struct modem *m);		/* the one that CID names */
bool http_bearer_closed_refuses(const struct modem *m);
bool http_no_url(const struct modem *m);
bool http_busy_says_604(const struct modem *m);
bool http_busy_refuses_para(const struct modem *m);
bool http_busy_refuses_term(const struct modem *m);
bool http_nothing_wanted(const struct modem *m);
bool http_nothing_to_read(const struct modem *m);
bool http_read_beyond(const struct modem *m);
bool http_read_beyond_refuses(const struct modem *m);
bool http_no_header(const struct modem *m);
bool http_header_too_long(const struct modem *m);
bool http_answer_too_long(const struct modem *m);
bool http_held(const struct modem *m);			/* the OK is too young for the URC (host programs 17) */

void http_forget(struct modem *m);			/* content, header and status */
void http_start_fresh(struct modem *m);
void http_terminate(struct modem *m);
void http_abort_and_terminate(struct modem *m);
void http_set_value(struct modem *m);
void http_save(struct modem *m);
void http_ask_server(struct modem *m);
void http_begin_without_bearer(struct modem *m);
void http_take_answer(struct modem *m);
void http_take_no_answer(struct modem *m);		/* 602 */
void http_take_failure(struct modem *m);
void http_give_up(struct modem *m);			/* TIMEOUT is over */
void http_lose_bearer(struct modem *m);			/* 601 */
void http_lose_bearer_early(struct modem *m);
void http_refuse(struct modem *m);
void http_ask_for_data(struct modem *m);
void http_keep_partial(struct modem *m);
void http_stage_body(struct modem *m);
void http_stage_header(struct modem *m);

#endif
