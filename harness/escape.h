/*
 * escape: what a module sends is hostile; this makes it fit to show.
 *
 * The one notation for bytes everywhere (cases, traces, reports, test failures): printable ASCII as it is,
 * CR LF TAB as \r \n \t, a backslash as \\, everything else as \xNN.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stddef.h>

#include "span.h"

/*
 * Write s escaped into into (cap bytes, NUL added) and return how long it is.  What does not fit is cut between two
 * bytes and ends in "..." and the number of bytes left out.
 */
size_t escape_bytes(char *into, size_t cap, struct span s);

/* The same as text of a case line: also { } | # and double blanks escaped, so that it reads back as these bytes. */
size_t escape_case(char *into, size_t cap, struct span s);

#endif
