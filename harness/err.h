/*
 * err: what went wrong, and where, as a value.
 *
 * Functions that can fail return 0 or -1 and fill in the last parameter.  Only main
 * prints it and exits.  The text is clean for a terminal (see escape.h).
 */
#ifndef ERR_H
#define ERR_H

#include <stddef.h>

/* Exit statuses of the program (fixed). */
enum exit_status {
	EXIT_AS_EXPECTED = 0,
	EXIT_BROKEN = 1,	/* the module broke a clause, or a deviation has expired */
	EXIT_USAGE = 2,		/* usage, or a bad case file */
	EXIT_RIG = 3,		/* port, server, disk */
	EXIT_NO_CASE = 4,
	EXIT_INTERNAL = 5,
};

#define ERR_TEXT_MAX 512

struct err {
	enum exit_status status;
	char text[ERR_TEXT_MAX];	/* "path:line:column: what, and what was expected" */
};

/* Fill in e (which may be NULL) and return -1. */
int err_set(struct err *e, enum exit_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same, followed by ": " and what errno says. */
int err_errno(struct err *e, enum exit_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
