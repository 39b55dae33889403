/*
 * expected_command: the rules of at_command.h, and of the command lines and result codes of at_codes.h,
 * once more, in the ways of C strings.
 *
 *	line (NUL-terminated) --> strspn, strchr, strcasecmp --> what each function must give
 *
 * It is written for being read beside the headers, not for speed.  A NUL within a line is to be given as any
 * other control character.  Positions count from the front of what was given.
 */
#ifndef EXPECTED_COMMAND_H
#define EXPECTED_COMMAND_H

#include "at_codes.h"
#include "at_command.h"

/* Where a parameter stands. */
struct expected_parameter {
	size_t at, len;
	bool quoted;
};

struct expected_command {
	enum at_next next;
	size_t start;		/* of the command, behind blanks */
	size_t end;		/* behind its separator; of what is no command: not known */
	size_t name_len;
	enum at_form form;
	int count;
	struct expected_parameter parameter[AT_PARAMETERS_MAX];
};

/* What typed leaves when its backspaces are done: read from its end.  Into into, as long as typed; returns the length. */
size_t expected_edit(const char *typed, size_t len, char backspace, char *into);

/* What a line is; body is where what follows AT begins, body_len how long it is. */
enum at_line_kind expected_line(const char *line, bool mixed, size_t *body, size_t *body_len);

/* The command at the front of body. */
struct expected_command expected_command(const char *body, bool blanks);

/* A command as at_command_cut takes it off. */
struct expected_cut {
	bool ok;
	size_t name, name_len, arguments, arguments_len, rest;
};

struct expected_cut expected_cut(const char *line);

/* Where in at_commands a name is, or would be. */
size_t expected_place(const char *name, size_t len);

/* The longest time to a result code of all commands of the line. */
uint32_t expected_response_ms(const char *line);

/* Result codes of whole lines. */
enum at_final expected_final(const char *line, int *cme);
int expected_cme_number(const char *text);

/* All that holds for the functions of at_command.h and at_codes.h on this line.  oracle_fail when something does not. */
void check_command(struct span line);
void check_codes(struct span line);

/* Longer lines are looked at as far as this. */
#define CHECK_COMMAND_MAX 2048

/* line with its NULs changed and one behind it, into copy of CHECK_COMMAND_MAX + 1 bytes. */
void expected_copy(char *copy, struct span line);

#endif
