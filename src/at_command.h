/*
 * at_command: take a command line apart, as a module does.
 *
 *	typed line --> at_line_edit, at_line_read --> body --> at_command_next --> commands
 *
 * It knows the syntax of V.250 chapter 5 and SIM800 manual 1.4 and no command by name: basic
 * commands (a letter or & and a letter, S parameters), extended ones (+, * or ^ and a name), their four forms,
 * parameters with and without quotes, and where the next command of the line begins.
 *
 * It never copies: spans lie in the line.
 */
#ifndef AT_COMMAND_H
#define AT_COMMAND_H

#include "modem_table.h"
#include "span.h"

enum at_line_kind {
	AT_LINE_EMPTY,		/* nothing but blanks and control characters */
	AT_LINE_STRAY,		/* does not begin with AT: no command line */
	AT_LINE_COMMANDS,
};

/* Do the backspaces (S5) of a line as typed, in place; return its length then. */
size_t at_line_edit(char *line, size_t len, char backspace);

/* What a line is.  body is what follows AT.  mixed: aT and At are prefixes, too (not under autobauding, manual 2.2.41). */
enum at_line_kind at_line_read(struct span line, bool mixed, struct span *body);

enum at_next {
	AT_NEXT_END,		/* nothing is left */
	AT_NEXT_COMMAND,
	AT_NEXT_SYNTAX,		/* no command: a missing name, a quote that does not close, text behind one, too many parameters */
};

/*
 * Take the command of body that begins at *at, and move *at behind it.  blanks: blanks round the = of a
 * write command are accepted.  Blanks before a command, behind a comma, and at the end always are (logs LA and LC).
 */
enum at_next at_command_next(struct span body, size_t *at, bool blanks, struct at_command *out);

#endif
