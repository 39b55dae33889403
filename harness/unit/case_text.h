/* For the tests of the case language: a case in a file of its own, and what is said of it. */
#ifndef CASE_TEXT_H
#define CASE_TEXT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "case.h"

static char folder[64];

/* A folder of this test program's own; what is in it goes when the test ends. */
static inline int
folder_make(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/attest-unit-XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : chdir(folder);
}

static inline int
folder_remove(void **state)
{
	char command[128];

	(void)state;
	if (chdir("/") != 0)
		return -1;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static inline void
file_write(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static inline void
file_text(const char *path, const char *text)
{
	file_write(path, text, strlen(text));
}

static struct case_file *loaded;
static struct arena arena;
static struct test_case parsed;
static struct errors errors;

static inline void
forget(void)
{
	case_free(loaded);
	loaded = NULL;
	arena_free(&arena);
	memset(&errors, 0, sizeof(errors));
	memset(&parsed, 0, sizeof(parsed));
}

/* Load t.case with these bytes and parse a row: how many errors there are. */
static inline int
read_bytes(const void *bytes, size_t n, int row)
{
	forget();
	file_write("t.case", bytes, n);
	loaded = case_load("t.case", &errors);
	if (loaded != NULL && row < case_rows(loaded))
		case_parse(loaded, row, &arena, &parsed, &errors);
	return errors.count + errors.more;
}

static inline int
read_text(const char *text, int row)
{
	return read_bytes(text, strlen(text), row);
}

static inline void
assert_reads(const char *text)
{
	if (read_text(text, 0) != 0)
		fail_msg("%s", errors.list[0].text);
}

/* The one error that text has. */
static inline void
assert_error(const char *text, const char *message)
{
	assert_int_not_equal(read_text(text, 0), 0);
	assert_string_equal(errors.list[0].text, message);
	if (errors.count != 1)
		fail_msg("one error more: %s", errors.list[1].text);
}

#endif
