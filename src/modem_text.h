/*
 * modem_text: the small part of printf that the emulator needs, without streams or locale.
 */
#ifndef MODEM_TEXT_H
#define MODEM_TEXT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * %d %u %ld %lu %lld %llu %zu %s %.*s %c %%, without widths.  Write at most cap bytes, no NUL; return
 * how many the whole text takes, so that a result above cap says it did not fit.
 */
size_t text_format(char *into, size_t cap, const char *format, va_list values);

#endif
