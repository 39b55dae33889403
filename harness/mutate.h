/*
 * mutate: break the emulator one row at a time, and see whether the suite notices.
 *
 *	tables --> mutate_derive --> deviations --> mutate_play (cases that reach the row) --> killed, survived
 *	                                                |
 *	                                       mutate_apply: a copy of the tables
 *
 * A deviation is a row of the emulator's tables, an operator and an argument.  It is applied to a copy of the tables; where a
 * table's text cannot say it, a function of mutate_hook.c takes the place of a guard, an action, a handler or a slot of that row.
 * The emulator's own code knows nothing of it.
 *
 * What it refuses to do: count an error, a hang or a crash as noticed.  Only a step that fails counts.
 */
#ifndef MUTATE_H
#define MUTATE_H

#include <stdint.h>
#include <stdio.h>

#include "err.h"
#include "modem_table.h"
#include "plan.h"

/* X(constant, name): the names are what --list and the table print. */
#define MUTATE_OPERATORS(X) \
	X(ANSWER_GONE, "answer missing") \
	X(ANSWER_TWICE, "answer doubled") \
	X(ANSWER_MOVED, "answer reordered") \
	X(ANSWER_LATE, "answer late") \
	X(FINAL_OTHER, "another final code") \
	X(CME_OTHER, "another CME number") \
	X(FIELD_OTHER, "another value in a field") \
	X(NAME_OTHER, "another name") \
	X(BLANK_GONE, "blank missing") \
	X(FRAME_OFF, "framing off") \
	X(ECHO_OFF, "echo wrong") \
	X(URC_GONE, "URC missing") \
	X(URC_TWICE, "URC twice") \
	X(URC_LATE, "URC late") \
	X(URC_EARLY, "URC early") \
	X(URC_INSIDE, "URC inside a line") \
	X(PAYLOAD_FLIPPED, "payload byte flipped") \
	X(PAYLOAD_LENGTH, "payload short or long") \
	X(ACT_GONE, "action skipped") \
	X(GUARD_TURNED, "guard inverted") \
	X(GUARD_GONE, "guard missing") \
	X(ROW_GONE, "rule missing") \
	X(STATE_GONE, "rule missing in a state") \
	X(NEXT_OTHER, "another next state") \
	X(TIMER_GONE, "timer not armed or not stopped") \
	X(TIMER_EARLY, "timer too early") \
	X(TIMER_LATE, "timer too late") \
	X(LINE_OTHER, "DCD wrong") \
	X(FAR_OTHER, "far side asked wrongly") \
	X(LIMIT_OFF, "limit off by one") \
	X(PRESET_OTHER, "another default") \
	X(RESET_GONE, "not reset") \
	X(SAVED_OTHER, "wrongly saved") \
	X(STORED_OTHER, "not stored") \
	X(STORY, "a firmware's mistake")

#define MUTATE_CONSTANT(constant, name) OP_##constant,
enum mutate_operator { MUTATE_OPERATORS(MUTATE_CONSTANT) OP_MAX };

enum mutate_row { ROW_RULE, ROW_COMMAND, ROW_SETTING, ROW_PARAMETER, ROW_TIME, ROW_STORY };

#define MUTATE_ID_MAX 48
#define MUTATE_ARGUMENT_MAX 160

struct story;

struct deviation {
	enum mutate_row kind;
	int table, index;		/* which row of which table (mutate_tables.h) */
	enum at_form form;		/* ROW_COMMAND */
	unsigned place;			/* of the row among all that are counted: a bit of mutate_case.reached */
	enum mutate_operator op;
	int item;			/* of what is said, a field, a state's bit ...: the operator knows */
	int64_t value;
	char row[MUTATE_ID_MAX];
	char argument[MUTATE_ARGUMENT_MAX];	/* in words */
	const char *area;		/* "ftp" */
	const char *clause;
	const char *evidence;		/* "N" */
	const struct story *story;	/* ROW_STORY; else NULL */
};

enum mutate_end {
	END_WAITING,
	END_VOID,	/* nothing to break: the deviation changed nothing in any case, and cannot */
	END_UNREACHED,	/* no case comes to it */
	END_SURVIVED,
	END_KILLED,
	END_BROKEN,	/* it crashed or did not come to an end */
};

struct mutate_result {
	enum mutate_end end;
	uint32_t killer;		/* END_KILLED: which case, and the line of the step that failed */
	int line;
	uint32_t played, errors;	/* cases; those that ended in an error */
};

struct mutate_list {
	struct deviation *at;
	uint32_t count, room;
};

/* Every deviation that the tables give, in the order of their rows; then the stories.  Aborts without memory. */
void mutate_derive(struct mutate_list *list);
void mutate_free(struct mutate_list *list);
const char *mutate_operator_name(enum mutate_operator op);
/* Whether pattern is part of, or as a shell pattern matches, area, row or operator. */
bool mutate_is(const struct deviation *d, const char *pattern);
/* What stands behind it: mostly its row's evidence. */
const char *mutate_evidence(const struct deviation *d);
/* Why it may survive, looked at by a person; or NULL. */
const char *mutate_reviewed(const struct deviation *d);
/* It counts: the note, a manual, its sample code or a log says so. */
bool mutate_counts(const struct deviation *d);

/* ---- playing (mutate_play.c, mutate_cases.c) ------------------------------- */

/* A case, read once, and what it reaches on the unbroken emulator. */
struct mutate_case {
	struct test_case c;
	uint64_t seed;
	uint8_t *reached;		/* a bit a row */
	uint32_t breadth;		/* how many rows: the fewer, the nearer to one of them */
};

struct mutate_suite {
	struct plan plan;
	struct arena arena;		/* of all cases */
	struct mutate_case *at;
	uint32_t count;
	uint32_t *order;		/* of at, by breadth */
	uint32_t skipped;		/* informational, or of another profile: they cannot kill */
	unsigned rows;			/* bits of reached */
	uint64_t real_us;		/* the whole suite once */
};

/* Read the cases and play them on the unbroken emulator.  -1: bad cases, or one that does not pass there. */
int mutate_suite_open(struct mutate_suite *s, const struct plan_options *o, struct err *e);
void mutate_suite_close(struct mutate_suite *s);
bool mutate_reaches(const struct mutate_case *c, unsigned place);
/* Whether c may tell d: it reaches the row, or, when d moves the line between this rule and those below it, one of them. */
bool mutate_comes_to(const struct mutate_case *c, const struct deviation *d);

/* Play every deviation of list, in jobs processes.  result: one each, the caller's. */
int mutate_play(const struct mutate_suite *s, const struct mutate_list *list, unsigned jobs, struct mutate_result *result,
    struct err *e);

/* ---- printing (mutate_print.c) ---------------------------------------------- */

/* Deviations; rows_left: rows that count and that no case reaches. */
struct mutate_score { uint32_t killed, survived, unreached, broken, reviewed, rows_left; };

/* Operator by area, what survived, the score; returns that of the rows that count. */
struct mutate_score mutate_print(FILE *to, const struct mutate_suite *s, const struct mutate_list *list, const struct mutate_result *result);

/* ---- right modules that differ (mutate_benign.c) ------------------------------ */

/*
 * Play the whole suite against each way in which a right module may differ from this one, or those that only means (NULL: all), and
 * print the cases that fail.  *failed: how many did.  -1 with e: none is meant.
 */
int mutate_benign(FILE *to, const struct mutate_suite *s, const char *only, uint32_t *failed, struct err *e);

#endif
