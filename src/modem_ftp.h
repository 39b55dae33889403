/*
 * modem_ftp: the FTP session, as its files see it.
 *
 *	commands --> modem_ftp_commands.c --events--> modem_ftp_rules.c --> modem_ftp_guards.c, modem_ftp_acts.c
 *	world, timers --> modem_ftp_world.c --events--^
 *
 * The commands check parameters and name what was asked; the rules know what holds in which state; guards ask and acts do
 * what the rules name.
 */
#ifndef MODEM_FTP_H
#define MODEM_FTP_H

#include "modem_sessions.h"

/* States, named for what the host has been told. */
enum ftp_state {
	FTP_IDLE = 1u << 0,
	FTP_GET_DIAL = 1u << 1,		/* GET or LIST: OK, and no 1,1 yet */
	FTP_GET_OPEN = 1u << 2,		/* 1,1 was said and data is there */
	FTP_GET_DRY = 1u << 3,		/* all that had come was read: more comes, or the end */
	FTP_PUT_DIAL = 1u << 4,		/* OK, and no 1,1,max yet */
	FTP_PUT_OPEN = 1u << 5,		/* 1,1,max was said */
	FTP_PUT_TAKING = 1u << 6,	/* a block comes in */
	FTP_PUT_BUSY = 1u << 7,		/* it is in, the next 1,1,max has not been said */
	FTP_PUT_CLOSING = 1u << 8,	/* FTPPUT=2,0: what is left goes out */
	FTP_EXT_TAKING = 1u << 9,	/* FTPEXTPUT's data comes in; no session */
	FTP_EXT_SENDING = 1u << 10,	/* FTPPUT=1 of what FTPEXTPUT took */
	FTP_SHOT = 1u << 11,		/* SIZE, DELE, MKD, RMD: one answer ends it */
	FTP_FAILING = 1u << 12,		/* it ended without the server; the URC may not be said yet */

	FTP_GET = FTP_GET_DIAL | FTP_GET_OPEN | FTP_GET_DRY,
	FTP_PUT = FTP_PUT_DIAL | FTP_PUT_OPEN | FTP_PUT_BUSY | FTP_PUT_CLOSING,
	FTP_WAITING = FTP_GET_DIAL | FTP_GET_DRY | FTP_PUT_DIAL | FTP_PUT_BUSY | FTP_PUT_CLOSING | FTP_EXT_SENDING | FTP_SHOT,
	FTP_TAKING = FTP_PUT_TAKING | FTP_EXT_TAKING,
	FTP_LIVE = FTP_GET | FTP_PUT | FTP_EXT_SENDING | FTP_SHOT,	/* the world is at work and the line is free */
	FTP_SESSION = FTP_LIVE | FTP_FAILING,
	FTP_ANY = FTP_IDLE | FTP_SESSION | FTP_TAKING,
};

enum ftp_event {
	FTP_CMD_OPEN = 1,	/* ftp.asked: FTPGET=1, FTPLIST=1, FTPPUT=1, FTPSIZE, FTPDELE, FTPMKD, FTPRMD */
	FTP_CMD_READ,		/* ftp.asked, ftp.request: FTPGET=2,n and FTPLIST=2,n */
	FTP_CMD_WRITE,		/* ftp.request: FTPPUT=2,n */
	FTP_CMD_CLOSE,		/* FTPPUT=2,0 */
	FTP_CMD_EXTEND,		/* ftp.extend_asked: FTPEXTPUT=0 and 1 */
	FTP_CMD_EXTEND_DATA,	/* ftp.position, ftp.length, ftp.time_ms: FTPEXTPUT=2 */
	FTP_CMD_SET,		/* ftp.setter, ftp.value, which fits */
	FTP_CMD_STATE,
	FTP_CMD_QUIT,
	FTP_CMD_SCONT,
	FTP_CMD_SCONT_READ,
	FTP_TAKEN,		/* all bytes of the block are in */
	FTP_CUT,		/* the time for them is over */
	FTP_READY,		/* data can be read, or the next block can be taken */
	FTP_DONE,		/* the server is through */
	FTP_FAILED,		/* progress.error says why */
	FTP_URC_DUE,		/* what failed without the server may be announced */
	FTP_AGAIN,		/* nobody read: announce again */
	FTP_IDLED,		/* nobody read or wrote for long */
	FTP_SILENT,		/* the server does not answer */
	FTP_REFUSED,		/* the 66 of a second session is due */
	FTP_BEARER_LOST,
	FTP_EVENTS = FTP_BEARER_LOST,
};

#define FTP_LINE_START_MAX 24

/* How the session's lines of a kind begin: with kind ": 1,1", "+FTPGET: 1,1".  The bytes are in into. */
struct span ftp_line_start(const struct modem *m, struct span kind, char into[FTP_LINE_START_MAX]);

/* Poll the world and bring ftp.progress up to this moment; what FTPPUT has buffered goes out on the way. */
void ftp_look(struct modem *m);

/* What AT+FTPSCONT? lists; a rule's action. */
void ftp_list_context(struct modem *m);

/* ---- guards and actions of the rules ------------------------------------- */

bool ftp_bearer_closed(const struct modem *m);	/* the one that FTPCID names */
bool ftp_name_missing(const struct modem *m);	/* the server, or the name or path that the verb needs, is empty */
bool ftp_is_get(const struct modem *m);		/* what is asked for */
bool ftp_is_list(const struct modem *m);
bool ftp_is_put(const struct modem *m);
bool ftp_is_extended_put(const struct modem *m);
bool ftp_is_size(const struct modem *m);
bool ftp_is_dele(const struct modem *m);
bool ftp_is_mkd(const struct modem *m);
bool ftp_does_size(const struct modem *m);	/* what the session does */
bool ftp_does_dele(const struct modem *m);
bool ftp_does_mkd(const struct modem *m);
bool ftp_end_unsaid(const struct modem *m);	/* the end is queued and has not left yet, and this reads the same verb */
bool ftp_other_verb(const struct modem *m);	/* FTPGET=2 in a LIST session and the like */
bool ftp_unannounced(const struct modem *m);	/* the first 1,1 is queued and has not left yet */
bool ftp_read_drains(const struct modem *m);	/* the read takes all there is now */
bool ftp_has_data(const struct modem *m);
bool ftp_held(const struct modem *m);		/* the OK is too young for a URC (host programs 14, 18) */
bool ftp_too_much(const struct modem *m);	/* more than the maximum it was told */
bool ftp_no_room(const struct modem *m);
bool ftp_took_short(const struct modem *m);	/* a block cut short is an error, by switch */
bool ftp_lost(const struct modem *m);		/* the session ended while a block came in */
bool ftp_set_refuses(const struct modem *m);
bool ftp_quit_refuses(const struct modem *m);
bool ftp_not_extended(const struct modem *m);
bool ftp_extends_nothing(const struct modem *m);
bool ftp_more_refused(const struct modem *m);
bool ftp_refused_full(const struct modem *m);
bool ftp_refused_size(const struct modem *m);

void ftp_dial(struct modem *m);
void ftp_fail_61(struct modem *m);		/* without asking the server */
void ftp_fail_name(struct modem *m);
void ftp_announce(struct modem *m);		/* 1,1: the host has to read now */
void ftp_repeat(struct modem *m);
void ftp_take(struct modem *m);			/* put what is read on the stage */
void ftp_offer(struct modem *m);		/* 1,1,max: the host has to write now */
void ftp_take_block(struct modem *m);
void ftp_block_done(struct modem *m);
void ftp_block_dropped(struct modem *m);
void ftp_close_put(struct modem *m);
void ftp_hang_up(struct modem *m);		/* ends the session; ftp.error stays */
void ftp_sent(struct modem *m);			/* the same, and FTPEXTPUT's content has been sent */
void ftp_take_error(struct modem *m);		/* the server's, then hangs up */
void ftp_time_out(struct modem *m);		/* 64 */
void ftp_lose_bearer(struct modem *m);		/* 61 */
void ftp_quit(struct modem *m);			/* 86 */
void ftp_refuse(struct modem *m);
void ftp_refusal_said(struct modem *m);
void ftp_set(struct modem *m);
void ftp_extend(struct modem *m);
void ftp_take_extended(struct modem *m);
void ftp_save(struct modem *m);

#endif
