/*
 * run_internal: the runner's own struct and what run*.c share.  Nobody else includes it.
 */
#ifndef RUN_INTERNAL_H
#define RUN_INTERNAL_H

#include "content.h"
#include "mask.h"
#include "match.h"
#include "run.h"
#include "run_stream.h"
#include "transcript.h"
#include "world_sim.h"

#define RUN_CURSORS_MAX 16	/* files that "next n bytes of" reads in one case */
#define RUN_COMMAND_MAX 4096	/* a command line that is sent */
#define RUN_ECHO_MAX 1024	/* of an echo that the transcript keeps; a command line has 556 */
#define RUN_TEXT_MAX (68u << 10)	/* a rendered description: a case line, values put in */
#define RUN_STRAY_WHY "noise"	/* at_reply's word for lines nobody knows: a printable one may be what a case expects */
#define RUN_URC_US 75000000u	/* default for what a module announces by itself */
#define RUN_UNTIL_US 300000u	/* default for a loop's until line */
#define RUN_LATE_US 10000u	/* as late as that, this program may have changed what happened */
#define RUN_ANY_MAX 64		/* steps in one any order block */

/* How a step, or a block, ended. */
enum played {
	PLAYED,
	FAILED,	/* the outcome is filled in */
	LEFT,	/* the until line of repeat number left_level came: leave everything inside that loop */
};

struct runner {
	struct wire *wire;
	struct stream stream;
	struct values values;
	struct mask mask;
	struct transcript transcript;
	const struct test_case *c;
	struct outcome *out;
	const struct lab_file *lab;	/* NULL: there is none */
	struct world_sim *described;	/* on a wire that shows no far side: what the case says its servers hold; NULL until needed */

	uint64_t begin_us;	/* times of transcript and notes count from here */
	struct wire_when sent;	/* when the last thing was sent: while the wire took it */
	struct wire_when header;	/* when the last line came */
	struct wire_when payload;	/* when the last payload ended */
	bool pending;		/* a command has no final result code yet */
	uint64_t response_us;	/* the longest time to it that the manual states */
	char command[RUN_COMMAND_MAX];	/* the pending or the last command, as sent */
	size_t command_len;
	char typed[RUN_COMMAND_MAX];	/* sent without a terminator so far */
	size_t typed_len;
	enum echo_policy echo;
	bool echo_due;		/* the command has not come back yet */
	char echoed[RUN_ECHO_MAX];	/* the echo, while nothing has come behind it */
	size_t echoed_len;
	bool payload_due;	/* the last line announced payload_length bytes that no step has taken */
	uint64_t payload_length;
	bool restarting;	/* the case has ordered a restart: start-up bytes are no surprise */
	bool loose;		/* an informational step was not met: the answer may lie about */
	bool finally;		/* in the finally block */
	bool judged;		/* false: nothing counts any more */
	bool lost;		/* the wire is gone */
	bool gone;		/* the module is: it was silent or restarted, and is the rig's business now */

	const struct text *allow[CASE_LISTS_MAX], *never[CASE_LISTS_MAX];
	int allows, nevers;
	struct { struct span file; uint64_t at; } cursor[RUN_CURSORS_MAX];
	int cursors;
	const struct step *until[CASE_DEPTH_MAX];
	int untils, left_level;

	struct match match;
	char text[RUN_TEXT_MAX], scratch[RUN_TEXT_MAX];
};

/* ---- run_judge.c: filling in the outcome -------------------------------- */

/* "5s", "0.300s", "2m30s" never: seconds with as many decimals as say something. */
const char *run_duration(char into[32], uint64_t us);
/* The step's alternatives as written, joined by " | ". */
void run_expected(const struct step *s, char *into, size_t cap);
/* What an event was, in words: its text, "100 bytes of payload", "noise ...". */
void run_received(const struct event *e, char *into, size_t cap);

/*
 * The step was not met.  Fills in the outcome and gives FAILED, or, for an informational step (all of it, or its timing
 * when timing is set), notes it and gives PLAYED.  received_us: when what came came; 0: nothing came.
 */
enum played run_fail(struct runner *r, const struct step *s, bool timing, const char *type, const char *expected,
    const char *received, uint64_t received_us, const char *format, ...) __attribute__((format(printf, 8, 9)));
/* As run_fail, and no step is informational enough for it: a restart, a missing echo, bytes without end. */
enum played run_fail_hard(struct runner *r, const struct step *s, const char *type, const char *expected, const char *received,
    uint64_t received_us, const char *format, ...) __attribute__((format(printf, 7, 8)));
/* Whether the step was met cannot be told, since this program was late by gap_us: VERDICT_INCONCLUSIVE. */
enum played run_unsure(struct runner *r, const struct step *s, const char *expected, const char *received, uint64_t gap_us,
    const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The case itself is wrong (a value that nothing captured): VERDICT_ERROR. */
enum played run_bad_case(struct runner *r, const struct step *s, const char *why);
/* The stream gave no more: lost wire, flood, stopped. */
enum played run_stream_failed(struct runner *r, const struct step *s, enum stream_result got);
void run_note(struct runner *r, const struct step *s, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- run_blame.c: the rig's faults, and a module that is gone ---------------- */

/* The case has come to its end or failed: a module that hangs or has started anew is said to have, and what the rig did is the rig's. */
void run_blame(struct runner *r);
/* The last word (run_finish.c): an informational case does not fail, and one that must fail passes if it did just so. */
void run_finish(struct runner *r);

/* ---- run_window.c, run_event.c, run_lists.c, run_unmatched.c: the next thing that counts ------------------------------ */

/* From when to when a step may be met. */
struct window {
	struct wire_when base;	/* what it is counted from */
	uint64_t after_us, within_us;	/* counted from it */
	uint64_t until_us;	/* so long is waited: base.at_us + within_us */
};

/* Work out the window of a receiving step.  false: a bad case (reported). */
bool run_window(struct runner *r, const struct step *s, struct window *w);

/* The default for a line that is announced later and is no part of an answer ("+FTPGET: 1,...", "+SAPBR 1: DEACT"); 0: it is none. */
uint64_t run_urc_window(struct span start);

/*
 * The next event that is no echo, held in r->stream.event.  TIME: none came by until_us.  *how is set when something was
 * wrong with an echo or the stream (BROKEN).
 */
enum next { NEXT_EVENT, NEXT_TIME, NEXT_BROKEN };
enum next run_next(struct runner *r, const struct step *s, uint64_t until_us, enum played *how);
/* The held event counts as read: transcript, final result codes, announced payloads. */
void run_take(struct runner *r);
/* Into the transcript: bytes that are no line of an answer, and the echo in front of them. */
void run_write_raw(struct runner *r, struct span bytes, uint64_t at_us);
/* It can be a line that a case expects. */
bool run_is_line(const struct event *e);
/* Which of n texts the held line is (captures in r->match), or -1.  *bad: the case is wrong. */
int run_match(struct runner *r, const struct text *texts, int n, const char **bad);

/*
 * The held event is nothing the step waits for: it ends a loop (LEFT), is allowed anywhere and dropped (PLAYED: go on waiting), or fails
 * the step (FAILED); an informational step is over then (*over) and the event was its answer.
 */
enum played run_unmatched(struct runner *r, const struct step *s, const char *expected, bool *over);
/* Judge what the parser has to say of the framing of the line that was just taken. */
enum played run_framing(struct runner *r, const struct step *s, const char *expected);
/* The held event may come anywhere. */
bool run_is_allowed(struct runner *r);
/* The held event must never come: *forbidden, by the case's own list; else it means that the module restarted or lost power. */
bool run_is_never(struct runner *r, bool *forbidden);
/* Nothing came in time. */
enum played run_late(struct runner *r, const struct step *s, const struct window *w, const char *expected);
/*
 * The event came then: too early or too late?  Neither the moment it came nor what it is counted from need be known exactly; where
 * that leaves it open, the case is inconclusive.
 */
enum played run_timing(struct runner *r, const struct step *s, const struct window *w, struct wire_when when, const char *expected);
void run_moment(struct runner *r, const struct step *s, struct wire_when when);
/* This moment, as one. */
struct wire_when run_now(const struct runner *r);
/* Let the answer of a pending command pass, whatever it is. */
enum played run_settle(struct runner *r, const struct step *s);

/* ---- the steps -------------------------------------------------------------- */

enum played run_block(struct runner *r, const struct step *s);	/* run.c: s and what follows it */
enum played run_send(struct runner *r, const struct step *s);	/* run_send.c */
enum played run_data(struct runner *r, const struct step *s);
enum played run_order(struct runner *r, const struct step *s);
enum played run_line(struct runner *r, const struct step *s);
enum played run_far(struct runner *r, const struct step *s);
enum played run_expect(struct runner *r, const struct step *s);	/* run_expect.c */
enum played run_raw(struct runner *r, const struct step *s);
enum played run_silence(struct runner *r, const struct step *s, uint64_t for_us);	/* run_silence.c */
enum played run_either(struct runner *r, const struct step *s);
enum played run_any_order(struct runner *r, const struct step *s);
enum played run_repeat(struct runner *r, const struct step *s);
enum played run_payload(struct runner *r, const struct step *s);	/* run_payload.c */
enum played run_cursor(struct runner *r, const struct step *s);

/* Read a step's content (values put in); FILE is looked up in the described world. */
bool run_content(struct runner *r, const struct step *s, struct content *out, enum played *how);

#endif
