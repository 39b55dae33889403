/*
 * modem_table: the shape of the emulator's tables, and the one engine that reads them.
 *
 * A session (bearer, HTTP, FTP) is a table of rules, one row a sentence of the
 * documents; a setting is a row with its range, default, and what resets or
 * saves it; a command is a row that says which of its forms exist and what
 * each does.  Code that is not a row is a guard (asks), an action (does, but
 * never assigns a state) or a slot (gives a field of what is said its value).
 *
 * A rule says one burst.  What comes later is a timer's or the world's event
 * with a rule of its own, and can still be cancelled.
 */
#ifndef MODEM_TABLE_H
#define MODEM_TABLE_H

#include <stdint.h>

#include "at_codes.h"
#include "span.h"

struct modem;
struct modem_settings;

/* Where a fact comes from; the letters and what stands behind them: cases/sources.md. */
enum evidence {
	EV_NOTE,	/* N: the application note */
	EV_MANUAL,	/* M: a SIMCom AT manual or SSL note */
	EV_SAMPLE,	/* S: SIMCom's own sample code */
	EV_LOG,		/* L: a real published log */
	EV_CLIENT,	/* C: client code that works with real modules */
	EV_CLONE,	/* X: a clone's documentation */
	EV_INFERRED,	/* I */
	EV_UNKNOWN,	/* ?: not found */
};

/* The letter of cases/sources.md for it: "N", "M", "S", "L", "C", "X", "I", "?". */
const char *evidence_letter(enum evidence e);

/* Profiles as bits, for rows that hold for some only. */
enum {
	PROFILE_R14  = 1u << 0,	/* sim800-r14.18 */
	PROFILE_N101 = 1u << 1,	/* sim800-note-1.01 */
	PROFILE_900  = 1u << 2,	/* sim900 */
	PROFILE_ALL  = PROFILE_R14 | PROFILE_N101 | PROFILE_900,
};

/* One item of a burst.  text holds <slot> fields, filled in from the tables modem_slots_*: "+FTPGET: 2,<read-length>". */
enum say_kind {
	SAY_NOTHING,	/* ends the list */
	SAY_INFO,	/* a line of information text */
	SAY_PAYLOAD,	/* the raw bytes that the action staged (m->stage) */
	SAY_PROMPT,	/* DOWNLOAD, +FTPPUT: 2,n: like INFO, but no final follows until the data is in */
	SAY_FINAL,	/* a result code: final says which */
	SAY_FAIL,	/* a final that reads ERROR or +CME ERROR by +CMEE: cme is the number */
	SAY_URC,	/* an unsolicited line; kept apart from the answer before it by the URC gap */
	SAY_BY,		/* what no text can say: by says it */
};

struct say {
	enum say_kind kind;
	const char *text;
	enum at_final final;
	int cme;
	void (*by)(struct modem *);
};

#define INFO(t)    { .kind = SAY_INFO, .text = (t) }
#define PAYLOAD    { .kind = SAY_PAYLOAD }
#define PROMPT(t)  { .kind = SAY_PROMPT, .text = (t) }
#define FINAL_OK   { .kind = SAY_FINAL, .final = AT_FINAL_OK }
#define FAIL(n)    { .kind = SAY_FAIL, .cme = (n) }
#define URC(t)     { .kind = SAY_URC, .text = (t) }
#define SAID_BY(f) { .kind = SAY_BY, .by = (f) }

#define SAY_MAX 4

/* What a session's control line does when a rule is taken. */
enum line_move { LINE_STAY, LINE_DCD_LOW, LINE_DCD_HIGH };

/*
 * One sentence of a document.  The first row of a table that fits (profile,
 * state, event, guard) is taken: action, then what is said, then timer and
 * line, then the next state.  Order of a row's fields is the order of reading.
 */
struct rule {
	const char *id;				/* stable: "http-action-2"; the key of coverage and of deviations */
	uint32_t in;				/* states it holds in, as bits */
	uint8_t event;
	bool (*guard)(const struct modem *);	/* NULL: always */
	void (*act)(struct modem *);		/* NULL: nothing; what it starts comes back as an event */
	struct say say[SAY_MAX];
	uint32_t then;				/* next state (one bit), or STAY */
	uint8_t arm;				/* timer to arm: enum modem_timer, or 0 */
	uint8_t disarm;				/* timer to cancel: enum modem_timer, or 0 */
	enum line_move line;
	const char *clause;
	enum evidence evidence;
	uint32_t profiles;			/* 0: all */
};

#define STAY 0u

/* A session: a table and where it stands.  One line of modem_table.c assigns state. */
struct session {
	const char *name;
	const struct rule *rules;
	uint32_t state;
	uint64_t *hits;				/* one a rule */
};

/*
 * Take the rule that fits event in session s.  false: no rule fits, which the unit tests show
 * never happens (every event has a rule in every state).
 */
bool session_event(struct modem *m, struct session *s, uint8_t event);

/* A named field of what is said. */
struct slot {
	const char *name;			/* as written between < and > */
	/* Write the value, at most cap bytes, no NUL; return its length. */
	size_t (*write)(const struct modem *m, char *into, size_t cap);
};

/* Tables of slots, one a family file, searched in turn. */
extern const struct slot modem_slots_bearer[], modem_slots_http[], modem_slots_ftp[];	/* end with name NULL */

/* ---- settings --------------------------------------------------------- */

enum setting_kind {
	SETTING_NUMBER,	/* min..max */
	SETTING_TEXT,	/* at most max bytes */
	SETTING_CHOICE,	/* one of choices, case-insensitive: "APPE|STOU|STOR" */
};

/* What puts a setting back to its default; bits. */
enum {
	RESET_TERM   = 1u << 0,	/* AT+HTTPTERM, and so AT+HTTPINIT finds it fresh */
	RESET_END    = 1u << 1,	/* the end of the session that used it */
	RESET_FACTORY = 1u << 2,	/* AT&F */
	RESET_POWER  = 1u << 3,	/* power off, AT+CFUN=1,1, unless saved */
};

/* What saves it over power off. */
enum setting_saved { SAVED_NEVER, SAVED_W, SAVED_HTTPSCONT, SAVED_FTPSCONT, SAVED_AT_ONCE };

struct setting {
	const char *name;	/* "CID" of HTTPPARA, "+FTPPORT", "E" */
	enum setting_kind kind;
	const char *choices;
	int64_t min, max;	/* number: range; text: max is the longest length */
	const char *preset;	/* default, as text; NULL for empty */
	size_t offset;		/* of the int32_t or the char[] (NUL-terminated) in struct modem_settings */
	uint32_t resets;
	enum setting_saved saved;
	const char *clause;
	enum evidence evidence;
};

/* Set from a parameter as a command gave it (quotes taken off).  false: out of range, too long, no choice; nothing changed. */
bool setting_set(struct modem *m, const struct setting *s, struct span value);
/* Whether setting_set would take value; changes nothing. */
bool setting_fits(const struct setting *s, struct span value);
/* The same for a value that a command gave: the row counts as looked at. */
bool setting_takes(struct modem *m, const struct setting *s, struct span value);
/* Its value in set as text; a number is written to into.  Valid until it changes or the next call with the same into. */
struct span setting_in(const struct modem_settings *set, const struct setting *s, char into[16]);
/* Put every setting of table (ends with name NULL) that names one of resets back to its default. */
void settings_reset(struct modem *m, const struct setting *table, uint32_t resets);

/* ---- commands --------------------------------------------------------- */

enum at_form { FORM_EXECUTE, FORM_READ, FORM_TEST, FORM_WRITE, FORM_MAX };

#define AT_PARAMETERS_MAX 8

/* One parameter of a write command. */
struct at_parameter {
	struct span text;	/* without its quotes */
	bool quoted;
	bool empty;		/* nothing between the commas */
};

/* A command taken apart: at_command.h fills it in.  Spans lie in the command line. */
struct at_command {
	struct span name;	/* "+HTTPREAD" as typed, in any case */
	enum at_form form;
	int count;		/* parameters given; beyond AT_PARAMETERS_MAX is a syntax error */
	struct at_parameter parameter[AT_PARAMETERS_MAX];
};

/*
 * What a form of a command does.  A handler says everything itself (modem_say.h).  When it returns without
 * a final result code, the answer is still to come: from a session's rule, or behind a prompt.
 */
typedef void command_handler(struct modem *m, const struct at_command *c);

struct command {
	const char *name;		/* "+HTTPREAD" */
	const char *test;		/* what =? answers before OK: NULL none (only OK); see NO_TEST */
	command_handler *read;		/* NULL: this form is an error */
	command_handler *write;
	command_handler *execute;
	const struct setting *setting;	/* what it sets: a form without a handler is done by the engine; or NULL */
	const char *clause;
	enum evidence evidence;
	uint32_t profiles;		/* 0: all */
};

/* What a numeric parameter of a write form may be, where it is no setting. */
struct parameter {
	const char *command;
	int place;			/* from 0 */
	int64_t min, max;
	const char *clause;
	enum evidence evidence;
};

extern const struct parameter modem_parameters[];	/* ends with command NULL */

#define NO_TEST ((const char *)-1)	/* the test form is an error, too */

/* One table a family file; each ends with name NULL. */
extern const struct command modem_commands_v250[], modem_commands_general[], modem_commands_identity[], modem_commands_network[],
    modem_commands_stubs[], modem_commands_bearer[], modem_commands_http[], modem_commands_ftp[];

/* ---- all of them ------------------------------------------------------- */

enum modem_session { SESSION_BEARER, SESSION_HTTP, SESSION_FTP, SESSION_MAX };
enum modem_settings_family { SETTINGS_V250, SETTINGS_GENERAL, SETTINGS_NETWORK, SETTINGS_STUBS, SETTINGS_HTTP, SETTINGS_FTP, SETTINGS_MAX };

#define COMMAND_FAMILIES 8		/* families */
#define MODEM_RULES_MAX 256	/* rows that are counted */
#define MODEM_COMMANDS_MAX 160
#define MODEM_SETTINGS_MAX 96
#define MODEM_PARAMETERS_MAX 64

/* Every table a module goes by.  The profile names its own (NULL: modem_tables), so that a module can be told apart from this one by a row. */
struct modem_tables {
	const struct session_table *session[SESSION_MAX];
	const struct command *command[COMMAND_FAMILIES];
	const struct setting *setting[SETTINGS_MAX];
	const struct slot *slot[SESSION_MAX];
	const struct parameter *parameter;
};

extern const struct modem_tables modem_tables;

#endif
