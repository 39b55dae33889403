/*
 * mutate_tables: a copy of the emulator's tables that may be changed, and the functions that take a row's place.
 *
 * Between mutate_*.c; nobody else includes it.
 */
#ifndef MUTATE_TABLES_H
#define MUTATE_TABLES_H

#include "modem.h"
#include "modem_sessions.h"
#include "mutate.h"

#define MUTANT_TEXTS 4
#define MUTANT_TEXT_MAX 1024

/* It belongs to its caller; pointers of profile and tables lie in it, so it does not move. */
struct mutant {
	struct modem_profile profile;
	struct modem_tables tables;
	struct session_table session[SESSION_MAX];
	struct rule rule[SESSION_MAX][MODEM_RULES_MAX];
	struct command command[COMMAND_FAMILIES][MODEM_COMMANDS_MAX];
	struct setting setting[SETTINGS_MAX][MODEM_SETTINGS_MAX];
	struct parameter parameter[MODEM_PARAMETERS_MAX];
	struct slot slot[SESSION_MAX][32];
	char text[MUTANT_TEXTS][MUTANT_TEXT_MAX];
	int texts;
	char value[16];			/* of a switch */
};

/* Copy the tables: from here on it is the unbroken module. */
void mutant_whole(struct mutant *t);
/* Break it.  It was whole before. */
void mutant_break(struct mutant *t, const struct deviation *d);
/* How often the functions of the deviation have changed something since mutant_break; UINT64_MAX where the row itself is changed. */
uint64_t mutant_applied(void);
/* How often the far side was asked for anything by the deviation's row; 0, too, when the row does not look. */
uint64_t mutant_asked(void);

/* ---- what takes a row's place: mutate_hook.c, mutate_filter.c, mutate_far.c ---- */

struct hook {
	const struct deviation *d;
	void (*act)(struct modem *);			/* the row's own */
	bool (*guard)(const struct modem *);
	size_t (*write)(const struct modem *, char *, size_t);	/* the slot's own */
	const struct command *command;			/* the row's own */
	const struct setting *setting;
	/* Stories: what the far side is asked, and what every command has said from mark on. */
	void (*alter_http)(struct world_http_request *);
	void (*alter_ftp)(struct world_ftp_request *);
	void (*after)(struct modem *, uint32_t mark);
	uint8_t timer;
	uint64_t applied, asked;
	bool in_rows;					/* no function is needed: the table says it */
	uint32_t mark;					/* where in what is said the row's part begins */
};

extern struct hook hook;

void hook_rule(struct mutant *t, struct rule *r, const struct deviation *d);
void hook_command(struct command *row, const struct deviation *d);
void hook_setting(struct mutant *t, const struct deviation *d);
void hook_parameter(struct mutant *t, const struct deviation *d);
size_t hook_slot_write(const struct modem *m, char *into, size_t cap);
/* Edit what m said from mark on, as hook.d says. */
void filter_answer(struct modem *m, uint32_t mark);
void filter_echo(struct modem *m);
/* Run hook.act with a world between that asks the far side wrongly. */
void far_act(struct modem *m);
/* How many fields far_act can get wrong, and their names. */
extern const char *const far_fields[];

/* Put in bytes instead of the gone ones at at, among what m is about to say. */
void filter_replace(struct modem *m, uint32_t at, uint32_t gone, struct span in);
/* hook.after looks at the answer of every command. */
void hook_every(struct mutant *t);

/* ---- stories: mutate_stories*.c ---------------------------------------------- */

struct story {
	const char *id, *area, *clause, *evidence;
	const char *text;			/* one sentence: what that firmware does */
	void (*plant)(struct mutant *t);	/* changes rows; functions it puts there count hook.applied, or set hook.in_rows */
	const char *row;			/* the rule, command ("+HTTPREAD") or setting that a case has to reach; NULL: any */
};

extern const struct story mutate_stories[];	/* ends with id NULL */
extern const struct story mutate_stories_http[], mutate_stories_ftp[];
/* From now on the rule does f; what it did is hook.act, which story_own_act does if there was something. */
void story_acts(struct mutant *t, const char *id, void (*f)(struct modem *));
void story_own_act(struct modem *m);
/* The rule of that name in the copy, or NULL: for stories. */
struct rule *mutant_rule(struct mutant *t, const char *id);

#endif
