/*
 * modem_sessions: what the engine (modem.c) asks of the session files, and what they share.
 *
 *	modem.c --init, reset, timers, world, bearer lost--> modem_bearer.c, modem_http_*.c, modem_ftp_*.c
 *
 * A family x exports: x_session_table, modem_commands_x, modem_slots_x, modem_settings_x, and
 * the hooks below.  Hooks turn what happened into events of the family's session; only session_event changes a state.
 */
#ifndef MODEM_SESSIONS_H
#define MODEM_SESSIONS_H

#include "modem_say.h"
#include "modem_state.h"
#include "modem_table.h"
#include "modem_text.h"

/* A session's table and its bounds, for the engine and for the tests that show the table is total. */
struct session_table {
	const char *name;		/* "bearer", "http", "ftp" */
	const struct rule *rules;	/* ends with id NULL */
	uint32_t states;		/* every state's bit */
	uint32_t first;			/* the state after power on */
	uint8_t events;			/* events are 1 .. events */
};

extern const struct session_table bearer_session_table, http_session_table, ftp_session_table;

/* Put s into the first state of its table and give it its rows' hit counters. */
void session_start(struct modem *m, struct session *s, enum modem_session which);

/*
 * How long a row arms a timer for: TIMER_HTTP_URC and _REFUSED http_urc_ms, TIMER_HTTP the TIMEOUT setting, TIMER_FTP_URC and _REFUSED ftp_urc_ms,
 * TIMER_FTP_AGAIN ftp_again_ms, TIMER_FTP_IDLE ftp_idle_ms, TIMER_FTP_SERVER ftp_response_ms, TIMER_BEARER_n 84.5 s.  An action that
 * wants another time calls modem_arm itself.
 */
uint64_t modem_timer_ms(const struct modem *m, uint8_t timer);

/* Settings of the families; each ends with name NULL. */
extern const struct setting modem_settings_v250[], modem_settings_general[], modem_settings_network[], modem_settings_stubs[],
    modem_settings_http[], modem_settings_ftp[];

/* Store every setting that names saved (AT&W, AT+HTTPSCONT, AT+FTPSCONT); it comes back after modem_reboot (AT&W's: after ATZ, too). */
void settings_save(struct modem *m, enum setting_saved saved);

/*
 * From modem_init: everything the family owns in struct modem becomes as after power on.  session_start, then what
 * stands before the big buffer: never clear the buffers.  Settings have their defaults already.
 */
void bearer_init(struct modem *m);
void http_init(struct modem *m);
void ftp_init(struct modem *m);

/* From modem_reboot and AT+CFUN=1,1: close what is open in the world, then as *_init.  Says nothing; the settings are restored by the engine. */
void bearer_reset(struct modem *m);
void http_reset(struct modem *m);
void ftp_reset(struct modem *m);

/* A timer of the family ran out (it is disarmed already). */
void bearer_timer(struct modem *m, enum modem_timer timer);
void http_timer(struct modem *m, enum modem_timer timer);
void ftp_timer(struct modem *m, enum modem_timer timer);

/*
 * The world's time has moved, or a command has run: poll it and feed the session what is new.  Called often; a poll that
 * shows nothing new must do nothing, and nothing is polled while the session has nothing running.
 */
void bearer_world(struct modem *m);
void http_world(struct modem *m);
void ftp_world(struct modem *m);

/* Bearer cid (1..3) has gone, by the network or by AT+SAPBR=0: what runs over it fails.  +SAPBR <cid>: DEACT is the bearer's to say. */
void http_bearer_lost(struct modem *m, int cid);
void ftp_bearer_lost(struct modem *m, int cid);

/* Whether bearer cid (1..3) is open. */
bool bearer_is_open(const struct modem *m, int cid);

/* The network drops every bearer that is open: modem_bearer_lost from within. */
void bearers_gone(struct modem *m);

/* ---- the engine's own, between modem*.c --------------------------------- */

/* Run one command of a line: find it, and call the handler of its form.  An unknown command or form is an error. */
void modem_command(struct modem *m, const struct at_command *c);
/* The same when the row is known. */
void modem_command_run(struct modem *m, const struct command *row, const struct at_command *c);
/* Count that a setting's row was looked at. */
void setting_hit(struct modem *m, const struct setting *s);
/* The command has answered with information text alone (AT+CIFSR), which ends the line. */
void modem_answer_without_final(struct modem *m);
/* AT+CPOWD: off until modem_reboot; normal: with a NORMAL POWER DOWN. */
void modem_power_off(struct modem *m, bool normal);
/* The line has no command left (AT alone): its OK. */
void modem_line_end(struct modem *m);
/* Begin an answer: the line's echo, and what modem_says put before it. */
void modem_answer_begin(struct modem *m);
/* What was collected leaves in one burst. */
void modem_release(struct modem *m);
/* Whether everything said has been pulled. */
bool modem_drained(const struct modem *m);
/* When the first URC that waits may leave, or MODEM_NEVER. */
uint64_t modem_urc_due(const struct modem *m);
void modem_urc_leave(struct modem *m);
/* The host is free to send commands: read what has waited in the ring. */
void modem_intake(struct modem *m);
/* Data mode: take from the front of s, return how many; and what is due when its time is over. */
size_t modem_data(struct modem *m, struct span s);
void modem_data_due(struct modem *m);
/* Restart now; power_on: with the noise of power on.  boot_timer: the next line of the start-up sequence. */
void modem_boot(struct modem *m, bool power_on);
/* AT+CFUN=1,1: restart when the answer has left. */
void modem_boot_soon(struct modem *m);
void boot_timer(struct modem *m);
/* Default switches, then the profile's differences. */
void modem_switches_reset(struct modem *m);
/* All settings to their defaults, then what was saved. */
void settings_power_on(struct modem *m);
/* What AT&W saved, or the defaults: ATZ.  AT&F: the defaults of what RESET_FACTORY names. */
void settings_z(struct modem *m);
void settings_factory(struct modem *m);
/* Add raw bytes to what is said. */
void modem_raw(struct modem *m, struct span bytes);
/* Faults: a released burst of n bytes; bytes on their way out; a line about to be said (how often: 0, 1, 2); a command line run. */
void fault_burst(struct modem *m, size_t n);
size_t modem_pull_plain(struct modem *m, char *into, size_t cap);
size_t fault_pull(struct modem *m, char *into, size_t cap);
int fault_line(struct modem *m);
void fault_command(struct modem *m);

/* ---- parameters, for handlers ------------------------------------------ */

/* The i-th parameter as a decimal number of at most 10 digits, quoted or not.  false: absent, empty, no number. */
bool parameter_number(const struct at_command *c, int i, int64_t *out);
/* The same, and within min..max. */
bool parameter_range(const struct at_command *c, int i, int64_t min, int64_t max, int64_t *out);
/* The same, and within what the row of the command at hand takes there. */
bool parameter_takes(struct modem *m, const struct at_command *c, int i, int64_t *out);
/* The i-th parameter's text, empty when it is absent. */
struct span parameter_text(const struct at_command *c, int i);

#endif
