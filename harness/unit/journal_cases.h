/* journal_cases: records for tests, and files to keep them in. */
#ifndef JOURNAL_CASES_H
#define JOURNAL_CASES_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "journal.h"

static inline struct journal_head
head_of(const char *profile, const char *revision, const char *shard, uint64_t selected)
{
	return (struct journal_head){ .suite = "attest test", .port = "emulator", .profile = profile, .revision = revision, .host = "bench",
		.shard = shard, .seed = UINT64_MAX, .started = 1700000000, .selected = selected };
}

static inline struct journal_case
case_of(const char *area, const char *title, enum verdict verdict, int attempt)
{
	struct journal_case c = { .path = SPAN("cases/sim800/x.case"), .title = span_str(title), .row = -1, .hash = UINT64_MAX,
		.document = SPAN("SIM800 IP Application Note V1.01"), .clause = SPAN("3.14"), .area = span_str(area), .attempt = attempt,
		.started = 1700000001, .real_us = 1500 };

	c.outcome.verdict = verdict;
	c.outcome.wire_us = 75000000;
	if (verdict == VERDICT_PASS)
		return c;
	strcpy(c.outcome.type, "ResultCodeMismatch");
	strcpy(c.outcome.message, "expected OK, received ERROR");
	strcpy(c.outcome.expected, "OK within 5s");
	strcpy(c.outcome.received, "ERROR at 0.020s");
	c.outcome.path = "cases/sim800/x.case";
	c.outcome.line = 12;
	c.outcome.column = 3;
	c.outcome.clause = SPAN("3.15");
	c.outcome.transcript = SPAN("> AT\n< ERROR  # 0.020s\n");
	return c;
}

/* A temporary file's name; the caller unlinks and frees. */
static inline char *
temporary(void)
{
	char *path = strdup("/tmp/attest-test-XXXXXX");
	int fd = mkstemp(path);

	if (fd < 0)
		abort();
	close(fd);
	return path;
}

/* The file's bytes with a NUL behind; the caller frees. */
static inline char *
slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0)
		abort();
	*len = (size_t)ftell(f);
	rewind(f);
	text = malloc(*len + 1);
	if (text == NULL || fread(text, 1, *len, f) != *len)
		abort();
	text[*len] = '\0';
	fclose(f);
	return text;
}

static inline void
spill(const char *path, const char *text, size_t len)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL || fwrite(text, 1, len, f) != len || fclose(f) != 0)
		abort();
}

#endif
