/*
 * A journal as it may be found on a disk: whole, torn, or damaged.
 *
 * What a record says is compared in the form that the writer gives it, so that reader and writer are tried
 * against each other: nothing that was read before a damage is lost, and what is written reads the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hash.h"
#include "journal.h"
#include "oracle.h"
#include "prng.h"
#include "sanitise.h"
#include "target.h"

#define RECORDS_MAX 256

/* A file in memory, kept from input to input. */
struct file {
	int fd;
	char path[32];
};

enum { READ, WRITTEN, AGAIN, FILES };
static struct file files[FILES];

/* How far a journal could be read. */
struct reading {
	int result; /* 0 to its end, -1 not: why says it */
	struct err why;
	size_t records;
	uint64_t end[RECORDS_MAX]; /* where each record's line ends */
	struct growing text;       /* the records as they are written again */
};

static void
put(struct file *f, struct span bytes)
{
	if (f->path[0] == '\0') {
		f->fd = memfd_create("journal", MFD_CLOEXEC);
		snprintf(f->path, sizeof(f->path), "/proc/self/fd/%d", f->fd);
	}
	if (f->fd < 0 || ftruncate(f->fd, 0) != 0 || (bytes.len > 0 && pwrite(f->fd, bytes.at, bytes.len, 0) != (ssize_t)bytes.len))
		abort();
}

static void
get(const struct file *f, struct growing *into)
{
	char block[4096];
	ssize_t n;

	growing_clear(into);
	for (off_t at = 0; (n = pread(f->fd, block, sizeof(block), at)) > 0; at += n)
		growing_bytes(into, span_of(block, (size_t)n));
	if (n < 0)
		abort();
}

static struct span
text_of(const struct growing *g)
{
	return span_of(g->len > 0 ? g->at : "", g->len);
}

/* An error names the file and a line of it, and is clean for a terminal. */
static uint64_t
check_error(const struct reading *r, const char *path, struct span bytes)
{
	struct span text = span_str(r->why.text);
	uint64_t lines = 1, line;

	for (size_t i = 0; i < bytes.len; i++)
		lines += bytes.at[i] == '\n';
	line = span_starts(text, span_str(path)) && text.at[strlen(path)] == ':' ? strtoull(text.at + strlen(path) + 1, NULL, 10) : 0;
	if (line < 1 || line > lines)
		oracle_fail("error", "'%s' names no line of the %llu", r->why.text, (unsigned long long)lines);
	while (text.len > 0) {
		bool shown;
		size_t n = sanitise_char(text, &shown);

		if (!shown)
			oracle_fail("error", "'%s' has a byte that is no text", r->why.text);
		text = span_after(text, n);
	}
	return line;
}

/* Read bytes as a journal; what is read is written to to. */
static void
read_journal(struct reading *r, struct span bytes, struct file *to)
{
	struct err why = { .text = "" };
	struct journal_reader *reader;
	struct journal_case c;
	struct journal *out;
	int status;

	r->records = 0;
	r->why.text[0] = '\0';
	put(&files[READ], bytes);
	put(to, SPAN(""));
	reader = journal_open(files[READ].path, &r->why);
	r->result = reader == NULL ? -1 : 0;
	if (reader != NULL) {
		out = journal_create(to->path, journal_head_of(reader), &why);
		while (out != NULL && (r->result = journal_next(reader, &c, &r->why)) == 1) {
			const char *end = memchr(bytes.at + journal_tell(reader), '\n', bytes.len - journal_tell(reader));

			if (end == NULL)
				oracle_fail("torn", "record %zu has no line end", r->records);
			if (r->records < RECORDS_MAX)
				r->end[r->records] = (uint64_t)(end - bytes.at) + 1;
			r->records++;
			if (journal_write(out, &c, &why) != 0)
				oracle_fail("round-trip", "record %zu cannot be written: %s", r->records, why.text);
		}
		if (out == NULL || (journal_ended(reader, &status) && journal_end(out, status, &why) != 0) || journal_close(out, &why) != 0)
			oracle_fail("round-trip", "cannot be written: %s", why.text);
		journal_reader_close(reader);
	}
	get(to, &r->text);
	if (r->result != 0 && r->why.text[0] == '\0')
		oracle_fail("error", "no word on why it cannot be read");
}

/* Records read once are read again: after a rewind, and at their places. */
static void
check_places(struct span bytes, const struct reading *whole)
{
	struct err why;
	struct journal_reader *reader;
	struct journal_case c;
	uint64_t place[8];
	size_t n = 0, again = 0;

	put(&files[READ], bytes);
	reader = journal_open(files[READ].path, &why);
	if (reader == NULL)
		oracle_fail("places", "cannot be opened again: %s", why.text);
	while (journal_next(reader, &c, &why) == 1)
		if (n < 8)
			place[n++] = journal_tell(reader);
	for (size_t i = n; i > 0; i--) {
		journal_seek(reader, place[i - 1]);
		if (journal_next(reader, &c, &why) != 1 || journal_tell(reader) != place[i - 1])
			oracle_fail("places", "record %zu is not at %llu", i - 1, (unsigned long long)place[i - 1]);
	}
	journal_rewind(reader);
	while (journal_next(reader, &c, &why) == 1)
		again++;
	if (again != whole->records)
		oracle_fail("places", "%zu records after a rewind, expected %zu", again, whole->records);
	journal_reader_close(reader);
}

/* The first bytes alone, or with something else behind them: the records that were whole in them are read, and no others of them. */
static void
check_front(const struct reading *whole, struct span front, struct span behind, const char *how)
{
	static struct reading r;
	static struct growing bytes;
	size_t want = 0;

	while (want < whole->records && want < RECORDS_MAX && whole->end[want] <= front.len)
		want++;
	if (want == RECORDS_MAX || want == 0)
		return;
	growing_clear(&bytes);
	growing_bytes(&bytes, front);
	growing_bytes(&bytes, behind);
	read_journal(&r, text_of(&bytes), &files[AGAIN]);
	if (r.records < want)
		oracle_fail("lost", "%s: %zu records, expected %zu: %s", how, r.records, want, r.why.text);
	if (behind.len == 0 && r.records != want)
		oracle_fail("lost", "%s: %zu records of %zu", how, r.records, want);
	for (size_t i = 0, lines = 0; lines <= want; i++) {
		if (i == r.text.len || i == whole->text.len || r.text.at[i] != whole->text.at[i])
			oracle_fail("lost", "%s: another record %zu", how, lines);
		lines += r.text.at[i] == '\n';
	}
}

static void
check_damage(const struct reading *whole, struct span bytes)
{
	static const struct span garbage[] = { { "{", 1 }, { "\0\xff\n", 3 }, { "{}\n", 3 }, { "[[[[", 4 },
		{ "{\"case\":\"x\",\"verdict\":\"", 22 } };
	struct prng chance;

	prng_seed(&chance, hash_bytes(HASH_BEGIN, bytes));
	for (int i = 0; i < 2; i++) {
		size_t n = (size_t)prng_below(&chance, bytes.len + 1);

		check_front(whole, span_first(bytes, n), SPAN(""), "torn");
		check_front(
		    whole, span_first(bytes, n), garbage[prng_below(&chance, sizeof(garbage) / sizeof(garbage[0]))], "garbage behind");
	}
}

/* Going on with a journal keeps its records and adds to them. */
static void
check_append(const struct reading *whole)
{
	static struct growing text;
	static struct reading r;
	const struct journal_case c = { .title = SPAN("one more"), .row = -1, .outcome = { .verdict = VERDICT_PASS } };
	struct err why;
	struct journal *j = journal_append(files[READ].path, &why);

	if (j == NULL || journal_write(j, &c, &why) != 0 || journal_close(j, &why) != 0)
		oracle_fail("append", "%s", why.text);
	get(&files[READ], &text);
	read_journal(&r, text_of(&text), &files[AGAIN]);
	if (r.result != 0 || r.records != whole->records + 1)
		oracle_fail("append", "%zu records became %zu: %s", whole->records, r.records, r.why.text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reading whole, again;
	static struct growing copy;
	struct span bytes;

	growing_clear(&copy);
	growing_bytes(&copy, span_of((const char *)data, size));
	bytes = text_of(&copy);
	read_journal(&whole, bytes, &files[WRITTEN]);
	if (whole.result != 0) {
		uint64_t line = check_error(&whole, files[READ].path, bytes);
		size_t front = 0;

		/* What stands before the line that is wrong is a journal by itself. */
		while (line > 1) {
			front += (size_t)((const char *)memchr(bytes.at + front, '\n', bytes.len - front) - (bytes.at + front)) + 1;
			line--;
		}
		read_journal(&again, span_first(bytes, front), &files[AGAIN]);
		if (front > 0 && (again.result != 0 || again.records != whole.records))
			oracle_fail(
			    "lost", "%zu records before the error, %zu without it: %s", whole.records, again.records, again.why.text);
	}
	if (whole.text.len == 0)
		return 0;
	read_journal(&again, text_of(&whole.text), &files[AGAIN]);
	if (again.result != 0 || again.records != whole.records || !span_equal(text_of(&again.text), text_of(&whole.text)))
		oracle_fail("round-trip", "'%s' reads as '%s': %s", whole.text.at, again.text.len > 0 ? again.text.at : "", again.why.text);
	check_places(bytes, &whole);
	check_damage(&whole, bytes);
	put(&files[READ], bytes);
	if (whole.result == 0)
		check_append(&whole);
	return 0;
}
