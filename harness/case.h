/*
 * case: a test case as the runner plays it.  The language is cases/README.md.
 *
 *	case text --> case_file (lines, header, rows) --> case_parse --> test_case --> run
 *
 * A file is read once; each of its table rows becomes a test_case of its own when it is
 * about to be played, in an arena that is reset afterwards, so memory does not grow with
 * the number of rows.  {column} and a .steps file's parameters are put in as text before a
 * line is read.  All spans of a test_case lie in its arena or in its file.
 */
#ifndef CASE_H
#define CASE_H

#include <stdint.h>

#include "arena.h"
#include "err.h"
#include "span.h"

#define CASE_TITLE_MAX 66
#define CASE_FILE_MAX (8u << 20)
#define CASE_LINE_MAX (64u << 10)
#define CASE_DEPTH_MAX 8	/* blocks in blocks */
#define CASE_VARIABLES_MAX 64	/* captures and moments of one case */
#define CASE_LISTS_MAX 64	/* allow lines of one case, and never lines */
#define CASE_ERRORS_MAX 20	/* shown of one file */

/* ---- text with holes --------------------------------------------------- */

enum expr_op { EXPR_NUMBER, EXPR_VARIABLE, EXPR_ADD, EXPR_SUBTRACT, EXPR_MULTIPLY };

/* Arithmetic in reverse Polish order. */
struct expr {
	struct { enum expr_op op; int64_t number; int variable; } *item;
	int count;
};

enum hole { HOLE_LITERAL, HOLE_NUMBER, HOLE_QUOTED, HOLE_ADDRESS, HOLE_WORD, HOLE_TEXT, HOLE_VALUE };

struct part {
	enum hole kind;
	struct span literal;		/* HOLE_LITERAL: escapes already undone */
	int variable;			/* captured into, or -1 */
	bool has_min, has_max;		/* HOLE_NUMBER */
	struct expr min, max;
	struct expr value;		/* HOLE_VALUE: what is inserted or compared; one variable may hold a string */
};

/* A line of a case, escapes undone and holes compiled. */
struct text {
	struct part *part;
	int count;
	struct span source;		/* as written, for messages */
	bool any_error;			/* the whole line is {error} */
};

/* ---- steps -------------------------------------------------------------- */

enum step_kind {
	STEP_SEND, STEP_DATA, STEP_EXPECT, STEP_RAW, STEP_PAYLOAD, STEP_NOTHING, STEP_WAIT, STEP_SILENCE,
	STEP_LINE, STEP_FAR, STEP_SAYS, STEP_ANSWERS, STEP_BEARER_LOST, STEP_REBOOT, STEP_SET, STEP_FAULT, STEP_DTR,
	STEP_ALLOW, STEP_NEVER, STEP_ECHO, STEP_CURSOR, STEP_EITHER, STEP_ANY_ORDER, STEP_REPEAT
};

enum terminator { END_CR, END_LF, END_CRLF, END_NOTHING };
enum echo_policy { ECHO_ON, ECHO_OFF, ECHO_ANY };

/* What a payload must be. */
enum payload_kind {
	PAYLOAD_CONTENT,	/* content: exactly this */
	PAYLOAD_COUNT,		/* count bytes, whatever they are */
	PAYLOAD_CONTAINS,	/* count bytes with content (a string) in them */
	PAYLOAD_NEXT,		/* the next count bytes of file */
	PAYLOAD_ALL,		/* all of file: as a payload, or asserted of what was seen */
};

struct when {
	bool has_within, has_after;
	uint64_t within_us, after_us;
	int since;			/* variable of a moment, -1: the last thing sent */
	int as;				/* variable of a moment to set, -1: none */
	bool informational, timing_informational;
	bool timing_tight;		/* within is shorter than the manual's response time, and meant so */
};

struct step {
	enum step_kind kind;
	const char *path;		/* of the file it stands in (a .steps file for what was used) */
	int line, column;		/* from 1 */
	struct span source;		/* the line as written, without indentation */
	struct span clause;		/* of the spec line in force; empty: the case's */
	struct step *next;
	struct step *body;		/* EITHER: first branch; ANY_ORDER, REPEAT: the block.  A branch's steps are linked by next */
	struct step *branch;		/* EITHER: on a body's first step, the first step of the branch after it */

	struct text *text;		/* SEND; EXPECT: alternatives; SAYS, ALLOW, NEVER; REPEAT: the until line's */
	int texts;			/* how many alternatives */
	struct when when;		/* EXPECT, RAW, PAYLOAD, NOTHING, LINE; SEND and DATA: as only; REPEAT: of the until line */
	struct text content;		/* DATA, PAYLOAD, FAR: to be rendered (escapes stay), then read by content_parse or far_judge */
	enum payload_kind payload;
	struct expr count;		/* PAYLOAD_*: bytes; CURSOR: offset */
	struct span file;		/* PAYLOAD_NEXT, PAYLOAD_ALL, CURSOR */
	struct span raw;		/* RAW, ANSWERS: the bytes */
	enum terminator terminator;	/* SEND */
	uint32_t pieces;		/* SEND, DATA: bytes a piece, 0: whole */
	uint64_t pause_us;		/* SEND, DATA: between pieces; ANSWERS: after; WAIT, SILENCE: how long */
	bool at_once;			/* SEND */
	bool unknown_command;		/* SEND: no command of the tables, and meant so */
	unsigned lines, lines_high;	/* LINE: enum modem_line bit; high wanted */
	int where;			/* SAYS: enum modem_where */
	int64_t number;			/* BEARER_LOST: cid; DTR: on; REPEAT: at most; ECHO: enum echo_policy */
	struct span name, value;	/* SET, FAULT */
};

/* ---- a case --------------------------------------------------------------- */

enum {
	NEED_WORLD = 1u << 0,		/* a described far side, or a module step: only the emulator has it */
	NEED_LAB = 1u << 1,		/* the servers of a lab; with NEED_WORLD: either will do */
	NEED_SLOW = 1u << 2,
	NEED_DESTRUCTIVE = 1u << 3,
	NEED_PAID = 1u << 4,
};

/* A header line kept as text, with where it stands. */
struct case_line {
	struct span text;		/* behind the keyword */
	const char *path;
	int line, column;
	struct case_line *next;
};

/* What surrounds a case: handed to the wire before the first step. */
struct case_setting {
	struct case_line *world;	/* world lines, in order, those of used files first */
	struct case_line *module;	/* "set NAME VALUE" and "fault NAME VALUE" header lines */
};

struct test_case {
	const char *path;
	int row;			/* from 0; -1: the file has no table */
	int row_line;			/* line of that row */
	struct span title;
	struct span document, clause;	/* of the first spec line: "SIM800 IP Application Note V1.01", "3.14" */
	struct case_line *specs;	/* all of them */
	struct case_line *covers;	/* ids of requirements, as a covers line each */
	struct case_setting setting;
	struct case_line *profiles;	/* one a name; NULL: all */
	unsigned needs;
	const char *lab_lacks;		/* a {lab.NAME} of the case that the lab file does not give, or NULL */
	bool informational;
	uint64_t quiet_us;
	struct text *allow, *never;	/* header's lists */
	int allows, nevers;
	bool unknown_commands;		/* every command of the case may be one that the tables do not know */
	bool must_fail;
	int must_line;
	struct span must_message;
	struct step *steps, *finally;
	const char *variable[CASE_VARIABLES_MAX];	/* their names */
	int variables;
};

/* Up to CASE_ERRORS_MAX errors of one file, and how many more there were. */
struct errors {
	struct err list[CASE_ERRORS_MAX];
	int count, more;
};

void errors_add(struct errors *es, const char *path, int line, int column, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Add one that names its place already. */
void errors_take(struct errors *es, const struct err *e);

struct case_file;

/* Where case and .steps files come from when that is not the file system. */
struct case_store {
	void *of;					/* the caller's, handed to both */
	bool (*there)(void *of, const char *path);
	/* The bytes of a file (the case reader frees them) and how many there are; NULL with errno set. */
	char *(*read)(void *of, const char *path, size_t *size);
};

/* Read a file and cut it into header, rows and steps.  NULL with at least one error.  Caller frees. */
struct case_file *case_load(const char *path, struct errors *es);
/* The same from a store, which must live until the case_file is freed; no other file is looked at. */
struct case_file *case_load_from(const struct case_store *store, const char *path, struct errors *es);
void case_free(struct case_file *f);
/* From here on {lab.x} has the values of this lab file, which must outlive f; NULL (at first): of the described world. */
struct lab_file;
void case_lab(struct case_file *f, const struct lab_file *lab);
const char *case_path(const struct case_file *f);
/* How many cases it holds: its table's rows, or 1. */
int case_rows(const struct case_file *f);
/* 64-bit hash of the file's text and of the .steps files it uses, for --resume. */
uint64_t case_hash(const struct case_file *f);
/* The title of a row, {column} put in, into cap bytes; false: too long. */
bool case_title(const struct case_file *f, int row, char *into, size_t cap);

/* Read row of f (0 for a file without a table) into out.  -1 with errors added. */
int case_parse(struct case_file *f, int row, struct arena *a, struct test_case *out, struct errors *es);

#endif
