/* modem_ftp_rules: what the FTP session does in which state.  Facts 5.2 to 5.4; manual chapter 12; note 3.9 to 3.20. */

#include "modem.h"
#include "modem_ftp.h"

/* clang-format off */
#define SILENT { { .kind = SAY_NOTHING } }
#define ANNOUNCE "+<ftp-verb>: 1,1"
#define END "+<ftp-verb>: 1,0"
#define ERROR_END "+<ftp-verb>: 1,<ftp-error>"
#define SIZE_ERROR_END "+FTPSIZE: 1,<ftp-error>,0"
#define OFFER "+FTPPUT: 1,1,<ftp-window>"

const struct rule ftp_rules[] = {
	/* A session opens: OK, and the rest is for its URC.  One session at a time: a second one fails and the first goes on. */
	{ "ftp-open-1", FTP_IDLE, FTP_CMD_OPEN, ftp_bearer_closed, ftp_fail_61, { FINAL_OK }, FTP_FAILING, TIMER_FTP_URC, 0, LINE_STAY, "M 12.2.14", EV_CLIENT, 0 },
	{ "ftp-open-2", FTP_IDLE, FTP_CMD_OPEN, ftp_name_missing, ftp_fail_name, { FINAL_OK }, FTP_FAILING, TIMER_FTP_URC, 0, LINE_STAY, "3.13", EV_NOTE, 0 },
	{ "ftp-open-3", FTP_SESSION, FTP_CMD_OPEN, ftp_refused_full, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "3.13", EV_INFERRED, 0 },
	{ "ftp-open-4", FTP_SESSION, FTP_CMD_OPEN, NULL, ftp_refuse, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "3.13", EV_NOTE, 0 },
	{ "ftp-open-5", FTP_ANY, FTP_REFUSED, ftp_refused_size, ftp_refusal_said, { URC("+FTPSIZE: 1,66,0") }, STAY, 0, 0, LINE_STAY, "3.13", EV_NOTE, 0 },
	{ "ftp-open-6", FTP_ANY, FTP_REFUSED, ftp_more_refused, ftp_refusal_said, { URC("+<ftp-refused>: 1,66") }, STAY, 0, 0, LINE_STAY, "3.13", EV_NOTE, 0 },

	/* FTPGET=1 and FTPLIST=1: 1,1 when data is there, 1,0 when there is none at all. */
	{ "ftp-get-1", FTP_IDLE, FTP_CMD_OPEN, ftp_is_get, ftp_dial, { FINAL_OK }, FTP_GET_DIAL, TIMER_FTP_URC, 0, LINE_STAY, "3.9", EV_NOTE, 0 },
	{ "ftp-list-1", FTP_IDLE, FTP_CMD_OPEN, ftp_is_list, ftp_dial, { FINAL_OK }, FTP_GET_DIAL, TIMER_FTP_URC, 0, LINE_STAY, "3.19", EV_NOTE, 0 },
	{ "ftp-get-2", FTP_GET_DIAL, FTP_READY, NULL, ftp_announce, { URC(ANNOUNCE) }, FTP_GET_OPEN, 0, 0, LINE_STAY, "3.9", EV_NOTE, 0 },
	{ "ftp-get-3", FTP_GET_DIAL, FTP_DONE, NULL, ftp_hang_up, { URC(END) }, FTP_IDLE, 0, 0, LINE_STAY, "3.15", EV_CLIENT, 0 },

	/* =2,n: what is there, at most n bytes; 2,0 while more is to come; ERROR before the first 1,1 and after 1,0. */
	{ "ftp-read-1", FTP_IDLE, FTP_CMD_READ, ftp_end_unsaid, NULL, { INFO("+<ftp-verb>: 2,0"), FINAL_OK }, STAY, 0, 0, LINE_STAY, "3.9", EV_CLIENT, 0 },
	{ "ftp-read-2", FTP_IDLE, FTP_CMD_READ, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "3.14", EV_NOTE, 0 },
	{ "ftp-read-3", FTP_GET_DIAL, FTP_CMD_READ, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "3.14", EV_NOTE, 0 },
	{ "ftp-read-4", FTP_GET_OPEN | FTP_GET_DRY, FTP_CMD_READ, ftp_other_verb, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "3.14", EV_INFERRED, 0 },
	{ "ftp-read-5", FTP_GET_OPEN, FTP_CMD_READ, ftp_unannounced, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "3.14", EV_NOTE, 0 },
	{ "ftp-read-6", FTP_GET_OPEN | FTP_GET_DRY, FTP_CMD_READ, ftp_read_drains, ftp_take, { INFO("+<ftp-verb>: 2,<ftp-given>"), PAYLOAD, FINAL_OK }, FTP_GET_DRY, TIMER_FTP_URC, 0, LINE_STAY, "3.9", EV_NOTE, 0 },
	{ "ftp-read-7", FTP_GET_OPEN | FTP_GET_DRY, FTP_CMD_READ, ftp_has_data, ftp_take, { INFO("+<ftp-verb>: 2,<ftp-given>"), PAYLOAD, FINAL_OK }, FTP_GET_OPEN, 0, 0, LINE_STAY, "3.9", EV_NOTE, 0 },
	{ "ftp-read-8", FTP_GET_OPEN | FTP_GET_DRY, FTP_CMD_READ, NULL, NULL, { INFO("+<ftp-verb>: 2,0"), FINAL_OK }, STAY, 0, 0, LINE_STAY, "3.9", EV_NOTE, 0 },
	{ "ftp-read-9", FTP_ANY & ~(FTP_GET | FTP_IDLE), FTP_CMD_READ, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "3.14", EV_NOTE, 0 },

	/* More has come after all was read: announced anew.  All is read: the end.  Nobody reads: 1,1 again, after long the time-out. */
	{ "ftp-more-1", FTP_GET_DRY, FTP_READY, NULL, ftp_announce, { URC(ANNOUNCE) }, FTP_GET_OPEN, 0, 0, LINE_STAY, "3.9", EV_NOTE, 0 },
	{ "ftp-more-2", FTP_GET_OPEN | FTP_GET_DRY, FTP_DONE, NULL, ftp_hang_up, { URC(END) }, FTP_IDLE, 0, 0, LINE_STAY, "3.9", EV_NOTE, 0 },
	{ "ftp-more-3", FTP_GET_OPEN, FTP_AGAIN, NULL, ftp_repeat, { URC(ANNOUNCE) }, STAY, TIMER_FTP_AGAIN, 0, LINE_STAY, "3.9", EV_NOTE, 0 },
	{ "ftp-more-4", FTP_GET_OPEN, FTP_IDLED, NULL, ftp_time_out, { URC(ERROR_END) }, FTP_IDLE, 0, 0, LINE_STAY, "3.11", EV_NOTE, 0 },

	/* FTPPUT=1, plain: 1,1,max offers a block of at most max bytes. */
	{ "ftp-put-1", FTP_IDLE, FTP_CMD_OPEN, ftp_is_put, ftp_dial, { FINAL_OK }, FTP_PUT_DIAL, TIMER_FTP_URC, 0, LINE_STAY, "3.10", EV_NOTE, 0 },
	{ "ftp-put-2", FTP_PUT_DIAL | FTP_PUT_BUSY, FTP_READY, NULL, ftp_offer, { URC(OFFER) }, FTP_PUT_OPEN, 0, 0, LINE_STAY, "3.10", EV_NOTE, 0 },
	{ "ftp-put-3", FTP_PUT_OPEN | FTP_PUT_BUSY, FTP_CMD_WRITE, ftp_too_much, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 12.2.15", EV_UNKNOWN, 0 },
	{ "ftp-put-4", FTP_PUT_OPEN | FTP_PUT_BUSY, FTP_CMD_WRITE, ftp_no_room, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 12.2.15", EV_INFERRED, 0 },
	{ "ftp-put-5", FTP_PUT_OPEN | FTP_PUT_BUSY, FTP_CMD_WRITE, NULL, ftp_take_block, { PROMPT("+FTPPUT: 2,<ftp-request>") }, FTP_PUT_TAKING, 0, TIMER_FTP_URC, LINE_DCD_LOW, "3.10", EV_NOTE, 0 },
	{ "ftp-put-6", FTP_ANY & ~(FTP_PUT_OPEN | FTP_PUT_BUSY), FTP_CMD_WRITE, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "3.14", EV_NOTE, 0 },
	{ "ftp-put-7", FTP_PUT_TAKING, FTP_TAKEN, ftp_lost, NULL, { FINAL_OK }, FTP_FAILING, TIMER_FTP_URC, 0, LINE_DCD_HIGH, "3.10", EV_INFERRED, 0 },
	{ "ftp-put-8", FTP_PUT_TAKING, FTP_TAKEN, NULL, ftp_block_done, { FINAL_OK }, FTP_PUT_BUSY, 0, 0, LINE_DCD_HIGH, "3.10", EV_NOTE, 0 },
	{ "ftp-put-9", FTP_PUT_TAKING, FTP_CUT, ftp_lost, NULL, { FINAL_OK }, FTP_FAILING, TIMER_FTP_URC, 0, LINE_DCD_HIGH, "M 12.2.15", EV_INFERRED, 0 },
	{ "ftp-put-10", FTP_PUT_TAKING, FTP_CUT, ftp_took_short, ftp_block_dropped, { FAIL(3) }, FTP_PUT_BUSY, 0, 0, LINE_DCD_HIGH, "M 12.2.15", EV_UNKNOWN, 0 },
	{ "ftp-put-11", FTP_PUT_TAKING, FTP_CUT, NULL, ftp_block_done, { FINAL_OK }, FTP_PUT_BUSY, 0, 0, LINE_DCD_HIGH, "M 12.2.15", EV_UNKNOWN, 0 },
	{ "ftp-put-12", FTP_PUT_OPEN | FTP_PUT_BUSY, FTP_CMD_CLOSE, NULL, ftp_close_put, { FINAL_OK }, FTP_PUT_CLOSING, TIMER_FTP_URC, 0, LINE_STAY, "3.10", EV_NOTE, 0 },
	{ "ftp-put-13", FTP_ANY & ~(FTP_PUT_OPEN | FTP_PUT_BUSY), FTP_CMD_CLOSE, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "3.14", EV_NOTE, 0 },
	{ "ftp-put-14", FTP_PUT, FTP_DONE, NULL, ftp_hang_up, { URC("+FTPPUT: 1,0") }, FTP_IDLE, 0, 0, LINE_STAY, "3.10", EV_NOTE, 0 },
	{ "ftp-put-15", FTP_PUT_OPEN, FTP_IDLED, NULL, ftp_time_out, { URC("+FTPPUT: 1,<ftp-error>") }, FTP_IDLE, 0, 0, LINE_STAY, "3.11", EV_INFERRED, 0 },

	/* FTPEXTPUT: the module takes the content first; FTPPUT=1 then sends it without asking for more. */
	{ "ftp-ext-1", FTP_IDLE, FTP_CMD_EXTEND, NULL, ftp_extend, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "3.20", EV_NOTE, 0 },
	{ "ftp-ext-2", FTP_ANY & ~FTP_IDLE, FTP_CMD_EXTEND, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 12.2.20", EV_INFERRED, 0 },
	{ "ftp-ext-3", FTP_IDLE, FTP_CMD_EXTEND_DATA, ftp_not_extended, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 12.2.20", EV_INFERRED, 0 },
	{ "ftp-ext-4", FTP_IDLE, FTP_CMD_EXTEND_DATA, ftp_extends_nothing, NULL, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 12.2.20", EV_INFERRED, 0 },
	{ "ftp-ext-5", FTP_IDLE, FTP_CMD_EXTEND_DATA, NULL, ftp_take_extended, { PROMPT("+FTPEXTPUT: <ftp-position>,<ftp-length>") }, FTP_EXT_TAKING, 0, 0, LINE_DCD_LOW, "3.20", EV_NOTE, 0 },
	{ "ftp-ext-6", FTP_ANY & ~FTP_IDLE, FTP_CMD_EXTEND_DATA, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 12.2.20", EV_INFERRED, 0 },
	{ "ftp-ext-7", FTP_EXT_TAKING, FTP_TAKEN, NULL, NULL, { FINAL_OK }, FTP_IDLE, 0, 0, LINE_DCD_HIGH, "3.20", EV_NOTE, 0 },
	{ "ftp-ext-8", FTP_EXT_TAKING, FTP_CUT, NULL, NULL, { FINAL_OK }, FTP_IDLE, 0, 0, LINE_DCD_HIGH, "M 12.2.20", EV_UNKNOWN, 0 },
	{ "ftp-ext-9", FTP_IDLE, FTP_CMD_OPEN, ftp_is_extended_put, ftp_dial, { FINAL_OK }, FTP_EXT_SENDING, TIMER_FTP_URC, 0, LINE_STAY, "3.20", EV_NOTE, 0 },
	{ "ftp-ext-10", FTP_EXT_SENDING, FTP_DONE, NULL, ftp_sent, { URC("+FTPPUT: 1,0") }, FTP_IDLE, 0, 0, LINE_STAY, "3.20", EV_NOTE, 0 },

	/* One question, one answer. */
	{ "ftp-size-1", FTP_IDLE, FTP_CMD_OPEN, ftp_is_size, ftp_dial, { FINAL_OK }, FTP_SHOT, TIMER_FTP_URC, 0, LINE_STAY, "3.17", EV_NOTE, 0 },
	{ "ftp-size-2", FTP_SHOT, FTP_DONE, ftp_does_size, ftp_hang_up, { URC("+FTPSIZE: 1,0,<ftp-size>") }, FTP_IDLE, 0, 0, LINE_STAY, "3.17", EV_NOTE, 0 },
	{ "ftp-dele-1", FTP_IDLE, FTP_CMD_OPEN, ftp_is_dele, ftp_dial, { FINAL_OK }, FTP_SHOT, TIMER_FTP_URC, 0, LINE_STAY, "3.16", EV_NOTE, 0 },
	{ "ftp-dele-2", FTP_SHOT, FTP_DONE, ftp_does_dele, ftp_hang_up, { URC("+FTPDELE: 1,0") }, FTP_IDLE, 0, 0, LINE_STAY, "3.16", EV_NOTE, 0 },
	{ "ftp-mkd-1", FTP_IDLE, FTP_CMD_OPEN, ftp_is_mkd, ftp_dial, { FINAL_OK }, FTP_SHOT, TIMER_FTP_URC, 0, LINE_STAY, "3.18", EV_NOTE, 0 },
	{ "ftp-mkd-2", FTP_SHOT, FTP_DONE, ftp_does_mkd, ftp_hang_up, { URC("+FTPMKD: 1,0") }, FTP_IDLE, 0, 0, LINE_STAY, "3.18", EV_NOTE, 0 },
	{ "ftp-rmd-1", FTP_IDLE, FTP_CMD_OPEN, NULL, ftp_dial, { FINAL_OK }, FTP_SHOT, TIMER_FTP_URC, 0, LINE_STAY, "3.18", EV_NOTE, 0 },
	{ "ftp-rmd-2", FTP_SHOT, FTP_DONE, NULL, ftp_hang_up, { URC("+FTPRMD: 1,0") }, FTP_IDLE, 0, 0, LINE_STAY, "3.18", EV_NOTE, 0 },

	/* A session fails: its URC names the error, and the connection is closed. */
	{ "ftp-fail-1", FTP_LIVE, FTP_FAILED, ftp_does_size, ftp_take_error, { URC(SIZE_ERROR_END) }, FTP_IDLE, 0, 0, LINE_STAY, "3.12", EV_MANUAL, 0 },
	{ "ftp-fail-2", FTP_LIVE, FTP_FAILED, NULL, ftp_take_error, { URC(ERROR_END) }, FTP_IDLE, 0, 0, LINE_STAY, "3.12", EV_NOTE, 0 },
	{ "ftp-fail-3", FTP_WAITING, FTP_SILENT, ftp_does_size, ftp_time_out, { URC(SIZE_ERROR_END) }, FTP_IDLE, 0, 0, LINE_STAY, "3.11", EV_MANUAL, 0 },
	{ "ftp-fail-4", FTP_WAITING, FTP_SILENT, NULL, ftp_time_out, { URC(ERROR_END) }, FTP_IDLE, 0, 0, LINE_STAY, "3.11", EV_NOTE, 0 },
	{ "ftp-fail-5", FTP_FAILING, FTP_URC_DUE, ftp_does_size, NULL, { URC(SIZE_ERROR_END) }, FTP_IDLE, 0, 0, LINE_STAY, "M 12.2.18", EV_MANUAL, 0 },
	{ "ftp-fail-6", FTP_FAILING, FTP_URC_DUE, NULL, NULL, { URC(ERROR_END) }, FTP_IDLE, 0, 0, LINE_STAY, "3.13", EV_NOTE, 0 },
	{ "ftp-fail-7", FTP_LIVE, FTP_BEARER_LOST, ftp_held, ftp_lose_bearer, SILENT, FTP_FAILING, 0, 0, LINE_STAY, "M 12.2.14", EV_CLIENT, 0 },
	{ "ftp-fail-8", FTP_LIVE, FTP_BEARER_LOST, ftp_does_size, ftp_lose_bearer, { URC(SIZE_ERROR_END) }, FTP_IDLE, 0, 0, LINE_STAY, "M 12.2.18", EV_CLIENT, 0 },
	{ "ftp-fail-9", FTP_LIVE, FTP_BEARER_LOST, NULL, ftp_lose_bearer, { URC(ERROR_END) }, FTP_IDLE, 0, 0, LINE_STAY, "M 12.2.14", EV_CLIENT, 0 },
	{ "ftp-fail-10", FTP_PUT_TAKING, FTP_BEARER_LOST, NULL, ftp_lose_bearer, SILENT, STAY, 0, 0, LINE_STAY, "M 12.2.15", EV_INFERRED, 0 },

	/* FTPQUIT: OK, and what runs ends with its own URC 1,86. */
	{ "ftp-quit-1", FTP_IDLE, FTP_CMD_QUIT, ftp_quit_refuses, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "N102 3.25", EV_UNKNOWN, 0 },
	{ "ftp-quit-2", FTP_IDLE | FTP_FAILING, FTP_CMD_QUIT, NULL, NULL, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "N102 3.25", EV_CLIENT, 0 },
	{ "ftp-quit-3", FTP_LIVE, FTP_CMD_QUIT, NULL, ftp_quit, { FINAL_OK }, FTP_FAILING, TIMER_FTP_URC, 0, LINE_STAY, "N102 3.25", EV_NOTE, 0 },
	{ "ftp-quit-4", FTP_TAKING, FTP_CMD_QUIT, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "N102 3.25", EV_INFERRED, 0 },

	/* What can be asked and set at any time. */
	{ "ftp-set-1", FTP_SESSION | FTP_TAKING, FTP_CMD_SET, ftp_set_refuses, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 12.2.1", EV_UNKNOWN, 0 },
	{ "ftp-set-2", FTP_ANY, FTP_CMD_SET, NULL, ftp_set, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "3.9", EV_NOTE, 0 },
	{ "ftp-state-1", FTP_IDLE | FTP_EXT_TAKING, FTP_CMD_STATE, NULL, NULL, { INFO("+FTPSTATE: 0"), FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 12.2.19", EV_MANUAL, 0 },
	{ "ftp-state-2", FTP_SESSION | FTP_PUT_TAKING, FTP_CMD_STATE, NULL, NULL, { INFO("+FTPSTATE: 1"), FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 12.2.19", EV_MANUAL, 0 },
	{ "ftp-scont-1", FTP_ANY, FTP_CMD_SCONT, NULL, ftp_save, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 12.2.16", EV_MANUAL, 0 },
	{ "ftp-scont-2", FTP_ANY, FTP_CMD_SCONT_READ, NULL, ftp_list_context, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 12.2.16", EV_MANUAL, 0 },

	/* What comes too late changes nothing; while data is taken no command is read at all. */
	{ "ftp-late-1", FTP_TAKING, FTP_CMD_OPEN, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 12.2.15", EV_INFERRED, 0 },
	{ "ftp-late-2", FTP_ANY & ~FTP_TAKING, FTP_TAKEN, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 12.2.15", EV_INFERRED, 0 },
	{ "ftp-late-3", FTP_ANY & ~FTP_TAKING, FTP_CUT, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 12.2.15", EV_INFERRED, 0 },
	{ "ftp-late-4", FTP_ANY & ~(FTP_GET_DIAL | FTP_GET_DRY | FTP_PUT_DIAL | FTP_PUT_BUSY), FTP_READY, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 12.2.14", EV_INFERRED, 0 },
	{ "ftp-late-5", FTP_IDLE | FTP_TAKING | FTP_FAILING, FTP_DONE, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 12.2.14", EV_INFERRED, 0 },
	{ "ftp-late-6", FTP_IDLE | FTP_TAKING | FTP_FAILING, FTP_FAILED, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 12.2.14", EV_INFERRED, 0 },
	{ "ftp-late-7", FTP_ANY & ~FTP_FAILING, FTP_URC_DUE, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 12.2.14", EV_INFERRED, 0 },
	{ "ftp-late-8", FTP_ANY & ~FTP_GET_OPEN, FTP_AGAIN, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "3.9", EV_INFERRED, 0 },
	{ "ftp-late-9", FTP_ANY & ~(FTP_GET_OPEN | FTP_PUT_OPEN), FTP_IDLED, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "3.11", EV_INFERRED, 0 },
	{ "ftp-late-10", FTP_ANY & ~FTP_WAITING, FTP_SILENT, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "3.11", EV_INFERRED, 0 },
	{ "ftp-late-11", FTP_ANY, FTP_REFUSED, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "3.13", EV_INFERRED, 0 },
	{ "ftp-late-12", FTP_IDLE | FTP_EXT_TAKING | FTP_FAILING, FTP_BEARER_LOST, NULL, NULL, SILENT, STAY, 0, 0, LINE_STAY, "M 12.2.14", EV_INFERRED, 0 },
	{ .id = NULL },
};
/* clang-format on */

const struct session_table ftp_session_table = { "ftp", ftp_rules, FTP_ANY, FTP_IDLE, FTP_EVENTS };
