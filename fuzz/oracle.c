#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "oracle.h"

/* One line of the report; a longer one is cut. */
#define ORACLE_TEXT_MAX 8192

void
oracle_fail(const char *oracle, const char *format, ...)
{
	static char text[ORACLE_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(stderr, "ORACLE %s: ", oracle);
	for (const char *at = text; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;

		if ((c < 0x20 && c != '\n') || c >= 0x7f)
			fprintf(stderr, "\\x%02X", c);
		else
			fputc(c, stderr);
	}
	fputc('\n', stderr);
	fflush(stderr);
	abort();
}
