/*
 * modem_text: write numbers and text into buffers, and the small part of printf that the emulator needs.
 *
 *	values --> modem_text --> bytes of information text and of slots
 *
 * No streams, no locale, no NUL at the end.
 */
#ifndef MODEM_TEXT_H
#define MODEM_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

/*
 * %d %u %ld %lu %lld %llu %zu %s %.*s %c %%, without widths.  Write at most cap bytes, no NUL; return
 * how many the whole text takes, so that a result above cap says it did not fit.
 */
size_t text_format(char *into, size_t cap, const char *format, va_list values);

/* Write n in decimal digits, at most 20 bytes and cap; return how many were written. */
size_t number_write(int64_t n, char *into, size_t cap);

/* Copy s, at most cap bytes; return how many. */
size_t span_write(struct span s, char *into, size_t cap);

/* A string constant is displayable: no control characters (V.250 5.4.2.2).  What is above ASCII may be part of a name. */
bool text_displayable(struct span s);

#endif
