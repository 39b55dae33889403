/*
 * modem_state: struct modem, for modem_*.c and for whoever needs its size.
 *
 * Nobody but modem_*.c reads its fields; tests go through modem.h.
 */
#ifndef MODEM_STATE_H
#define MODEM_STATE_H

#include <stdint.h>

#include "modem_fault_world.h"
#include "modem_table.h"
#include "modem_world.h"
#include "prng.h"
#include "span.h"

#define MODEM_LINE_MAX 556	/* manual 1.4.4: characters after AT */
#define MODEM_TYPED_MAX 2048	/* of one line as typed: kept for its echo even when it is too long to run */
#define MODEM_IN_MAX 4096	/* waiting input; more is lost, as in a UART's driver */
#define MODEM_OUT_MAX 16384	/* said and not pulled yet, payloads of the HTTP buffer apart */
#define MODEM_CIDS 3
#define HTTP_BUFFER_MAX 319488	/* manual 11.2.4: answer and POST data share it (log LA) */
#define FTP_EXTEND_MAX 307200	/* manual: 300k for FTPEXTPUT */
#define FTP_READ_MAX 1460
#define FTP_REFUSED_MAX 8	/* second sessions whose error is still to come */
#define MODEM_URCS_MAX 16	/* lines waiting for a free line */

/* Every timer the sessions arm.  0 is no timer. */
enum modem_timer {
	TIMER_NONE,
	TIMER_BOOT,		/* the next line of the start-up sequence */
	TIMER_BEARER_1, TIMER_BEARER_2, TIMER_BEARER_3,	/* opening or closing took too long */
	TIMER_HTTP_URC,		/* the answer of the server may be announced */
	TIMER_HTTP,		/* TIMEOUT of the exchange; HTTPDATA's time */
	TIMER_HTTP_REFUSED,	/* 604 for an action that came while one ran */
	TIMER_FTP_URC,		/* the next announcement may come */
	TIMER_FTP_AGAIN,	/* +FTPGET: 1,1 comes again */
	TIMER_FTP_IDLE,		/* nobody read or wrote for long */
	TIMER_FTP_SERVER,	/* the server does not answer */
	TIMER_FTP_REFUSED,	/* 66 for a session that came while one was open */
	TIMER_MAX
};

/* All settings by name; the tables in the family files say what each is. */
struct modem_settings {
	/* V.250 and general */
	int32_t e, q, v, x, c, d, s0, s3, s4, s5, s7, s8, s10;
	int32_t cmee, ipr, ifc_te, ifc_ta, creg, cgreg, ciurc, cfun, cgatt, cops_format, clts, csclk, cmgf, clip;
	int32_t cipmux, ciprxget, cipqsend, ciphead, cvhu, cipssl;
	char cscs[16];
	/* HTTPPARA */
	int32_t http_cid, http_proxy_port, http_redirect, http_break, http_breakend, http_timeout, http_ssl;
	char http_url[MODEM_LINE_MAX + 1], http_agent[MODEM_LINE_MAX + 1], http_proxy[MODEM_LINE_MAX + 1];
	char http_content[MODEM_LINE_MAX + 1], http_userdata[MODEM_LINE_MAX + 1];
	/* FTP */
	int32_t ftp_port, ftp_mode, ftp_cid, ftp_rest, ftp_extend, ftp_ssl;
	char ftp_type[2], ftp_putopt[5], ftp_server[50], ftp_user[50], ftp_password[50];
	char ftp_get_name[100], ftp_put_name[100], ftp_get_path[256], ftp_put_path[256];
};

/* One bearer profile: SAPBR=3 sets, SAPBR=1 opens. */
struct modem_bearer {
	struct session session;
	bool gprs;		/* CONTYPE */
	char apn[65], user[33], password[33], phone[33];
	int32_t rate;
	uint8_t ip[4];
};

struct modem_http {
	struct session session;
	enum world_http_method method;
	enum world_http_method asked;	/* by the AT+HTTPACTION at hand, which may be refused */
	enum world_http_method refused;	/* whose 604 is still to come */
	int cid;		/* bearer of the exchange */
	struct modem_settings used;	/* of the exchange: the world's spans lie in it, so setters may go on */
	const struct setting *tag;	/* HTTPPARA: which, and its value */
	struct span value;
	int status;		/* of the last exchange */
	uint32_t length;	/* bytes in buffer: answer or POST data */
	uint32_t announced;	/* <len> of the URC */
	uint32_t want;		/* HTTPDATA: bytes to take */
	uint32_t time_ms;	/* HTTPDATA: time for them */
	uint32_t read_start, read_size;
	struct world_http progress;
	char header[2048];	/* of the last answer, for HTTPHEAD */
	uint32_t header_length;
	char buffer[HTTP_BUFFER_MAX];
};

struct modem_ftp {
	struct session session;
	enum world_ftp_verb verb;
	enum world_ftp_verb asked;	/* by the command at hand, which may be refused */
	enum world_ftp_verb refused[FTP_REFUSED_MAX];	/* whose 66 is still to come, oldest first */
	uint32_t refusals;
	enum world_ftp_verb refused_now;	/* the one that is being said */
	int cid;		/* bearer of the session */
	struct modem_settings used;	/* of the session: the world's spans lie in it, so setters may go on */
	const struct setting *setter;	/* a setter at hand, and its value */
	struct span value;
	bool extend_asked;	/* FTPEXTPUT=0 or 1 */
	bool extended_put;	/* the session sends what FTPEXTPUT took */
	bool repeated;		/* the first 1,1 has been said: what is queued says it again */
	bool finished;		/* the world was told that nothing more will be written */
	int error;		/* second field of the URC: 61..86 */
	uint32_t request;	/* bytes asked for by =2,n */
	uint32_t given;		/* bytes it gets */
	uint32_t window;	/* max length it was told last */
	uint32_t position, length, time_ms;	/* FTPEXTPUT=2 */
	uint32_t extended;	/* bytes in extend */
	uint32_t sent;		/* of them already handed to the world */
	uint64_t size;
	struct world_ftp progress;
	char read[FTP_READ_MAX];	/* what FTPGET=2 and FTPLIST=2 put on the stage */
	char extend[FTP_EXTEND_MAX];	/* FTPEXTPUT's content; in a plain FTPPUT, what the server has not taken yet */
};

/* Switches as numbers; modem_switch.c names them and gives their defaults. */
struct modem_switches {
	uint32_t latency_ms;		/* command line to its answer: 20 (host programs 16) */
	uint32_t urc_gap_ms;		/* answer to URC: 100 (host programs 14) */
	uint32_t http_urc_ms;		/* HTTPACTION's OK to its URC at least: 1500 (host programs 17) */
	uint32_t ftp_urc_ms;		/* FTP commands' OK to their URC at least: 400 (host programs 18) */
	uint32_t ftp_chunk_ms;		/* OK of a chunk to the next +FTPPUT: 1,1 */
	uint32_t bearer_ms;		/* SAPBR=1 to OK: 1300 (TinyGSM #184) */
	uint32_t ftp_again_ms;		/* +FTPGET: 1,1 comes again: 10000 */
	uint32_t ftp_idle_ms;		/* unread data, then 64: 75000 */
	uint32_t ftp_response_ms;	/* server does not answer: 75000, note age 60000 */
	uint32_t ftp_window;		/* <maxlength>: 1360 */
	uint32_t range_error_cme;	/* 3, alternatives 793, 765 */
	uint32_t unknown_command_cme;	/* 100 */
	uint32_t http_busy_action;	/* 0: CME 3; 604: OK and URC 604 */
	uint32_t http_busy_para;	/* 0: OK, 1: CME 3 */
	uint32_t http_busy_term;	/* 0: OK, no URC; 1: CME 3 */
	uint32_t http_read_beyond;	/* 0: bare OK, 1: CME 3 */
	uint32_t http_delete;		/* 0: methods 0-2, 1: 0-3 as of manual V1.10 */
	uint32_t http_range_status;	/* 0: what the server says, 200: the note's 200 for a range */
	uint32_t http_no_bearer;	/* 0: OK and URC 601, 1: CME 3 */
	uint32_t http_timeout_status;	/* TIMEOUT is over: 601, alternatives 408, 604 */
	uint32_t http_partial_keeps;	/* HTTPDATA's time is over: 1: what came stays, 0: nothing does */
	uint32_t ftp_empty_name;	/* 66, alternatives 64, 77 */
	uint32_t ftp_rest_keeps;	/* 1: till changed, 0: cleared by the session */
	uint32_t ftp_put_beyond;	/* FTPPUT=2,n above the maximum: 0: error, 1: confirmed with the maximum */
	uint32_t ftp_put_short;		/* fewer bytes came than confirmed: 0: OK, what came is sent, 1: error, nothing is */
	uint32_t ftp_input_ms;		/* the time for the bytes of FTPPUT=2,n: 60000 */
	uint32_t ftp_quit_idle;		/* 0: OK (host programs 31), 1: error */
	uint32_t ftp_busy_set;		/* 0: OK, 1: error */
	uint32_t blanks_round_equals;	/* 0: reject, 1: accept */
	uint32_t colon_blank;		/* 1: "+X: ", 0: "+X:" (SIM900) */
	uint32_t quote_settings;	/* 0: +FTPSERV: x, 1: +FTPSERV: "x" */
	uint32_t echo_late;		/* 1: with the answer, 0: per character */
};

struct modem_profile {
	const char *name, *about;
	uint32_t bit;			/* PROFILE_ */
	const char *ati, *revision, *model;
	const struct modem_tables *tables;	/* NULL: modem_tables */
	uint32_t cme_engine;		/* 600 or 810: first number of the command engine's errors */
	/* Differences to modem_switches' defaults, ended by name NULL. */
	struct { const char *name, *value; } differs[12];
};

struct modem {
	const struct modem_profile *profile;
	const struct modem_tables *tables;
	const struct command *command;	/* the row whose form runs, or ran last */
	struct modem_world *world;
	struct prng prng;
	uint64_t now_us;
	struct modem_switches sw;
	struct modem_settings set, saved_w, saved_http, saved_ftp;
	bool has_saved_w, has_saved_http, has_saved_ftp;
	bool settings_known;		/* set holds values already */

	/* What the host sent and was not looked at yet; a ring. */
	char in[MODEM_IN_MAX];
	uint32_t in_head, in_len;
	bool in_after_cr;		/* an LF now is the CRLF's and is dropped */

	/* The command line that is being typed or run. */
	char line[MODEM_TYPED_MAX];	/* as typed, then with its backspaces done */
	uint32_t line_len;
	bool line_too_long;
	char echo[MODEM_TYPED_MAX];	/* what comes back of the line: as typed */
	uint32_t echo_len;
	bool echo_cr;			/* it ended with CR or LF; A/ does not */
	char last_line[MODEM_LINE_MAX + 8];	/* for A/ */
	uint32_t last_len;
	struct span body;		/* the line behind AT; lies in line */
	size_t line_next;		/* where in body the next command begins */
	uint32_t line_serial;		/* counts lines, so that one sees that the next has begun */
	bool running;			/* a line is complete and its answer has not ended */
	bool begun;			/* ... and its echo is in the burst */
	bool silent;			/* ... and it is no command line: an echo is all it gets */
	bool ended;			/* the command at hand has said its final */
	bool later;			/* ... or will say it later */
	uint64_t run_at_us;		/* the line's commands run then (latency) */
	const char *trailer;		/* a line that belongs behind the final result code (AT+CIPSTATUS) */

	/* Data mode: modem_take_data. */
	bool taking, take_armed;
	uint32_t take_left, take_limit_ms;
	uint64_t take_until_us;
	bool take_over, take_complete;	/* all is in, or the time is over: take_done runs at take_until_us */
	bool take_stray;		/* behind the data a line began that is no command line */
	void (*take)(struct modem *, struct span);
	void (*take_done)(struct modem *, bool complete);

	/* What is said: text, and where the one staged payload belongs in it. */
	char out[MODEM_OUT_MAX];
	uint32_t out_len, out_taken;
	uint32_t out_lost;		/* bytes that found no room because nobody pulled */
	bool out_open;			/* an answer is being collected: nothing leaves */
	uint64_t out_ready_us;		/* a released burst leaves then (fault delay) */
	enum line_move line_move;	/* to be made when the burst leaves */
	struct span stage;		/* payload an action put up for SAY_PAYLOAD */
	uint32_t payload_at, payload_taken;
	struct span payload;
	uint64_t quiet_since_us;	/* when the last byte left */

	/* URCs that wait for a free line. */
	struct { char text[MODEM_LINE_MAX]; uint32_t len; uint64_t not_before_us; } urc[MODEM_URCS_MAX];
	uint32_t urcs, urcs_lost;
	bool urc_first;			/* one has waited too long: it leaves before the answer to the line at hand */
	struct { char text[192]; uint32_t len; bool set; } says[4];	/* by enum modem_where */

	uint64_t timer_us[TIMER_MAX];	/* MODEM_NEVER: not armed */
	uint64_t world_us;		/* when to poll the world next */
	unsigned lines;
	bool dtr;
	int boot_step;			/* of the start-up sequence; below 0: it is to begin */
	bool booting;			/* deaf until the start-up sequence has come to its first line */
	bool power_on;			/* the start-up sequence begins with the noise of power on */
	uint32_t commands;		/* command lines run since modem_init */
	bool off;			/* powered down by AT+CPOWD=1 */

	struct modem_bearer bearer[MODEM_CIDS];
	int bearer_now;			/* the bearer a rule, guard or slot speaks of: 0.. */
	struct span bearer_tag, bearer_value;	/* AT+SAPBR=3: valid while its rule is taken */
	struct modem_faults_planted {
		uint32_t drop, doubled, garble, cut, delay_ms, urc_every, line_drop, line_double;	/* 1/n, 0: off */
		uint32_t reboot_after, bearer_after;	/* commands, 0: off */
		struct modem_fault_world net;	/* comes between world and what fills it in when one of its faults is planted */
		uint32_t pause_ms, pause_at;	/* a rest inside the burst, and before which byte of it */
		char urc_text[160];
		uint32_t urc_len, urc_left;	/* urc_left: bytes of it still to be put in */
		uint32_t again;			/* 1 + a byte that is to be said a second time, 0: none */
		uint32_t cut_left;		/* bytes until the rest of the burst is lost, UINT32_MAX: none is */
		bool pausing;
	} fault;
	uint64_t hits[MODEM_RULES_MAX];	/* of all rules, in the order bearer, http, ftp */
	uint32_t form_hits[MODEM_COMMANDS_MAX][FORM_MAX];	/* of all commands, in the order of the tables */
	uint32_t setting_hits[MODEM_SETTINGS_MAX];	/* how often a value was judged by the row or printed from it */
	uint32_t parameter_hits[MODEM_PARAMETERS_MAX];

	/* Last, because they are large: cleared by length only. */
	struct modem_http http;
	struct modem_ftp ftp;
};

#endif
