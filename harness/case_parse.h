/*
 * case_parse: the inside of the case reader; nobody but case_*.c includes it.
 *
 *	bytes --> source (lines) --> line ({column} put in) --> words, texts --> steps
 *
 * A source is a file cut into lines, read once.  A row is parsed from the sources each time
 * anew, into an arena.  Whatever is wrong is added to the errors with its place, and reading
 * goes on with the next line.
 */
#ifndef CASE_PARSE_H
#define CASE_PARSE_H

#include "case.h"

#define SOURCES_MAX 64		/* .steps files of one case */
#define SOURCE_LINES_MAX 65536	/* without comments and table rows */
#define STEPS_MAX 20000		/* of one case, used files included */
#define COLUMNS_MAX 32		/* of a table; also parameters of a .steps file */
#define HOLES_MAX 32		/* columns put into one line; holes of one text are PARTS_MAX */
#define PARTS_MAX 64
#define USE_DEPTH_MAX 8
#define USES_MAX 256		/* of one case: files that use each other multiply */
#define NUMBER_MAX 999999999999999	/* fifteen digits */
#define DURATION_MAX_US (24ull * 3600 * 1000000)

/* ---- sources (case_source.c, case_table.c) ----------------------------- */

/* A line that is neither empty, comment nor table row.  at and length leave out indentation and trailing blanks. */
struct source_line {
	uint32_t at, length;
	uint32_t number;
	uint32_t indent;
};

struct cell {
	uint32_t at, length;
};

/* The rows of a case's table; the first row, which names the columns, is not among them. */
struct table {
	struct span column[COLUMNS_MAX];
	int columns;
	struct cell *cell;	/* rows * columns */
	uint32_t *row_line;
	int rows, capacity;
	bool present;
};

struct source {
	char *path;
	char *bytes;
	size_t size;
	struct source_line *line;
	int lines, capacity;
	int last_number;	/* lines of the file */
	bool cut_short;		/* the last of them cannot be read, and what follows was not looked at */
	bool is_steps;
	struct table table;
};

/* "use NAME" in source from means source to; to is -1 for a file that could not be read (said already). */
struct used {
	int from, to;
	struct span name;
};

struct case_file {
	const struct case_store *store;		/* NULL: the file system */
	const struct lab_file *lab;		/* NULL: {lab.x} has the described world's values */
	struct source source[SOURCES_MAX];	/* the first is the case itself */
	int sources;
	struct used *used;
	int useds, capacity;
	struct span title;	/* behind the keyword, columns not put in; empty: none */
	int title_line;		/* 1 if there is none */
};

/* Read path from a store (NULL: the file system) and cut it; -1 with errors added.  The source is to be freed either way. */
int source_read(struct source *s, const struct case_store *store, const char *path, bool is_steps, struct errors *es);
void source_free(struct source *s);
/* Take a table line: the first names the columns. */
int table_take(struct source *s, struct span line, int number, int column, struct errors *es);

/* ---- the line at hand (case_line.c) --------------------------------------- */

/* A column or parameter and its text. */
struct value {
	struct span name, text;
};

/* Where text was put in: out in the line as read, in in the line as written. */
struct piece {
	uint32_t out, out_length, in, in_length;
};

struct line {
	struct span text;
	const struct source *source;
	int number, indent;
	struct piece piece[HOLES_MAX];
	int pieces;
};

/* One source being read: the case, or a .steps file within it. */
struct frame {
	const struct source *source;
	int index;		/* of the source in the case_file */
	int at;			/* the next line */
	struct value value[COLUMNS_MAX];
	int values;
	const struct frame *up;	/* who uses it */
	int up_line;
	struct span clause;	/* of the spec line in force */
};

enum variable_kind { VARIABLE_NUMBER, VARIABLE_STRING, VARIABLE_MOMENT };

struct step_list {
	struct step *first, *last;
};

struct line_list {
	struct case_line *first, *last;
};

struct text_list {
	struct text *text;
	int count, capacity;
};

struct parser {
	struct case_file *file;
	struct arena *arena;
	struct test_case *out;
	struct errors *errors;
	int failures;
	struct line line;	/* being read */
	struct frame *frame;
	enum variable_kind kind[CASE_VARIABLES_MAX];
	int steps, uses;
	bool has_far, has_module;
	const char *need_path;		/* where "need lab" stands, NULL: nowhere */
	int need_line, need_column;
	bool too_many;		/* said already */
	struct step *later;	/* finally blocks of used files, the last used first */
	struct line_list used_world, world, module, specs, profiles, covers;
	struct text_list allow, never;
};

/*
 * Make the frame's line number at the line at hand, values put in.  false: it is to be left out
 * (a column alone, and its cell is empty), or it is wrong and that has been said.
 */
bool line_take(struct parser *p, struct frame *f, int at);
/* Add an error at a byte of the line at hand (which may be its end); always -1. */
int fail(struct parser *p, const char *at, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same with a reason from elsewhere, which may or may not begin with "expected"; an empty found is the end of what. */
int fail_expected(struct parser *p, const char *at, struct span found, const char *what, const char *why);
/* Where a byte of the line at hand stands in the file, from 1. */
int line_column(const struct line *l, const char *at);

/* ---- errors (case_error.c) -------------------------------------------------- */

/* s between apostrophes, escaped and cut to what a message bears; valid until SHOWN_RING more calls. */
const char *shown(struct span s);
/* Levenshtein's distance, letters compared without case; of words longer than 24 bytes it is 24. */
int word_distance(struct span a, const char *word);
/* The nearest of the words (NULL ends them) if it is near enough to be meant: ", did you mean 'x'?"; or "". */
const char *did_you_mean(struct span word, const char *const *words);
/* Put the errors of path into the order of their lines. */
void errors_sort(struct errors *es, const char *path);

/* ---- words (case_word.c) ------------------------------------------------------ */

/* What is left of the line at hand. */
struct words {
	const char *at, *end;
};

struct words words_of(struct span s);
void words_skip(struct words *w);
/* The next word without taking it; empty at the end. */
struct span words_peek(struct words *w);
struct span words_take(struct words *w);
/* Take the next word if it is this one. */
bool words_eat(struct words *w, const char *word);
/* 0 if nothing is left; -1 with an error that says what after was. */
int words_end(struct parser *p, struct words *w, const char *after);
bool word_is(struct span s, const char *word);

int word_number(struct parser *p, struct words *w, int64_t min, int64_t max, const char *what, int64_t *out);
int word_duration(struct parser *p, struct words *w, uint64_t *us);
/* A name: a letter, then letters, digits and _. */
int word_name(struct parser *p, struct words *w, const char *what, struct span *out);
/* A string in double quotes; out lies between the quotes, escapes as written. */
int word_string(struct parser *p, struct words *w, struct span *out);
/* The same, escapes undone. */
int word_bytes(struct parser *p, struct words *w, struct span *out);
/* A file: /path or a URL. */
int word_file(struct parser *p, struct words *w, struct span *out);

/* Undo one escape at s->at; take it; -1: not one. */
int escape_undo(struct span *s);

/* ---- modifiers (case_modifier.c) ---------------------------------------------- */

enum {
	MOD_WITHIN = 1u << 0,
	MOD_AFTER = 1u << 1,
	MOD_SINCE = 1u << 2,
	MOD_AS = 1u << 3,
	MOD_INFORMATIONAL = 1u << 4,
	MOD_TIMING = 1u << 5,
	MOD_TIGHT = 1u << 6,
	MOD_ENDS = 1u << 7,
	MOD_PIECES = 1u << 8,
	MOD_PAUSE = 1u << 9,
	MOD_AT_ONCE = 1u << 10,
	MOD_UNKNOWN = 1u << 11,
	MOD_WHEN = MOD_WITHIN | MOD_AFTER | MOD_SINCE | MOD_AS | MOD_INFORMATIONAL | MOD_TIMING | MOD_TIGHT,
	MOD_SEND = MOD_ENDS | MOD_PIECES | MOD_PAUSE | MOD_AS | MOD_AT_ONCE | MOD_UNKNOWN,
	MOD_DATA = MOD_PIECES | MOD_PAUSE | MOD_AS,
};

/* The front of s that is text: up to two or more blanks before a modifier or a comment.  rest is what follows, without the comment. */
struct span text_front(struct parser *p, struct span s, struct words *rest);
/* The same for what is built of words: one blank before a modifier is enough, and strings are minded. */
struct span words_front(struct span s, struct words *rest);
/* s without a comment behind it; strings are minded. */
struct span without_comment(struct span s);
/* Read modifiers to the end of the line. */
int modifiers(struct parser *p, struct words *w, unsigned allowed, const char *of, struct step *s);

/* ---- texts (case_text.c, case_expr.c) ------------------------------------------- */

enum text_mode {
	TEXT_SEND,	/* values */
	TEXT_EXPECT,	/* values and captures */
	TEXT_CONTENT,	/* values; escapes stay as they are, for content_parse and far_judge */
};

int text_read(struct parser *p, struct span s, enum text_mode mode, struct text *out);
/* Alternatives between " | ". */
int texts_read(struct parser *p, struct span s, struct step *out);
/* An expression, up to what is none. */
int expr_read(struct parser *p, struct words *w, struct expr *out);
/* A number or {expr}, as a count. */
int count_read(struct parser *p, struct words *w, struct expr *out);
/* The variable of that name: to be set (a new one is made), or to be used (-1 with an error if nothing sets it before). */
int variable_set(struct parser *p, struct span name, enum variable_kind kind);
int variable_get(struct parser *p, struct span name);

/* ---- statements -------------------------------------------------------------------- */

enum keyword {
	KEY_SEND, KEY_DATA, KEY_EXPECT, KEY_RAW, KEY_PAYLOAD, KEY_WAIT, KEY_SILENCE, KEY_NOTHING, KEY_LINE, KEY_FAR, KEY_MODULE,
	KEY_ALLOW, KEY_NEVER, KEY_USE, KEY_SPEC, KEY_COVERS, KEY_ECHO, KEY_CURSOR, KEY_EITHER, KEY_OR, KEY_ANY, KEY_REPEAT, KEY_UNTIL, KEY_FINALLY,
	KEY_TITLE, KEY_WORLD, KEY_PROFILE, KEY_NEED, KEY_INFORMATIONAL, KEY_QUIET, KEY_EACH, KEY_MUST, KEY_PARAM, KEY_UNKNOWN,
	KEY_NONE
};

/* Take the keyword at the front of the line at hand. */
enum keyword keyword_take(struct words *w);
/* Its names, NULL at the end; for suggestions. */
extern const char *const keyword_names[];

/* The line at hand is a header line (case_header.c): 1 it was taken, 0 it is a step, -1 wrong and said. */
int header_line(struct parser *p, enum keyword key, struct words w);
/* covers ID ..., in the header or among the steps: 1, or -1 wrong and said. */
int covers_line(struct parser *p, struct words w);
/* The line at hand is a step without a block (case_step.c). */
int step_line(struct parser *p, enum keyword key, struct words w, struct step *s);
int module_step(struct parser *p, struct words w, struct step *s);
int expect_read(struct parser *p, struct words w, unsigned allowed, const char *of, struct step *s);
/* use NAME name=value ...: its steps go to out (case_use.c). */
int use_line(struct parser *p, struct words w, struct step_list *out, int nest);
/* Steps of one level, up to a line of a lower one (case_block.c). */
void block_read(struct parser *p, struct frame *f, int level, int nest, struct step_list *out);
/* A line went wrong: read the block below it for its errors, and forget it. */
void block_forget(struct parser *p, struct frame *f, int level, int nest);
/* The next line begins with this keyword, at this level; it becomes the line at hand. */
bool block_next_is(struct parser *p, struct frame *f, int level, enum keyword key, struct words *w);
void steps_append(struct step_list *list, struct step *first);
/* Read a whole source (case_parse.c). */
void source_parse(struct parser *p, struct frame *f, struct step_list *out, int nest);

/* The file's name without folder and suffix, and the row, for a case that gives itself no title. */
void title_of_file(const char *path, int row, char *into, size_t cap);

#endif
