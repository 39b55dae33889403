#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "err.h"

static void set(struct err *e, enum exit_status status, const char *format, va_list values) __attribute__((format(printf, 3, 0)));

static void
set(struct err *e, enum exit_status status, const char *format, va_list values)
{
	e->status = status;
	vsnprintf(e->text, sizeof(e->text), format, values);
}

int
err_set(struct err *e, enum exit_status status, const char *format, ...)
{
	va_list values;

	if (e == NULL)
		return -1;
	va_start(values, format);
	set(e, status, format, values);
	va_end(values);
	return -1;
}

int
err_errno(struct err *e, enum exit_status status, const char *format, ...)
{
	const int number = errno;
	va_list values;
	size_t used;

	if (e == NULL)
		return -1;
	va_start(values, format);
	set(e, status, format, values);
	va_end(values);
	used = strlen(e->text);
	snprintf(e->text + used, sizeof(e->text) - used, ": %s", strerror(number));
	return -1;
}
