/*
 * A case file and the .steps files that it uses, read and looked at as lint does.
 *
 * The input is the case.  A line "%% NAME" ends it and begins the file shared/NAME.steps, which lasts to the
 * next such line.  No other file is there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "case_dump.h"
#include "case_parse.h"
#include "lint.h"
#include "oracle.h"
#include "target.h"
#include "world_sim.h"

#define FILES_MAX 9 /* the case and its .steps files */
#define ROWS_MAX 3  /* of a table: each is a case of its own */

struct file {
	char path[160];
	struct span text;
	uint32_t lines;
};

struct files {
	struct file file[FILES_MAX];
	int count;
};

/* What reading and lint say of files. */
struct reading {
	struct errors errors;
	struct growing text; /* the rows that could be read */
	uint64_t hash;
	bool loaded;
};

static const struct file *
find(const struct files *f, const char *path)
{
	for (int i = 0; i < f->count; i++)
		if (strcmp(f->file[i].path, path) == 0)
			return &f->file[i];
	return NULL;
}

static bool
there(void *of, const char *path)
{
	return find(of, path) != NULL;
}

static char *
give(void *of, const char *path, size_t *size)
{
	const struct file *file = find(of, path);
	char *bytes;

	if (file == NULL) {
		errno = ENOENT;
		return NULL;
	}
	*size = file->text.len;
	bytes = malloc(file->text.len + (file->text.len == 0));
	if (bytes == NULL)
		abort();
	return file->text.len > 0 ? memcpy(bytes, file->text.at, file->text.len) : bytes;
}

/* The text up to a line that begins another file, and that file's name. */
static struct span
file_text(struct span *left, struct span *next)
{
	struct span all = *left;
	size_t at = 0;

	while (at < all.len) {
		const char *lf = memchr(all.at + at, '\n', all.len - at);
		size_t end = lf != NULL ? (size_t)(lf - all.at) : all.len;

		struct span line = span_of(all.at + at, end - at);

		while (line.len > 0 && (line.at[line.len - 1] == '\r' || line.at[line.len - 1] == ' '))
			line.len--;
		if (line.len > 3 && span_starts(line, SPAN("%% "))) {
			*next = span_after(line, 3);
			*left = span_after(all, lf != NULL ? end + 1 : end);
			return span_first(all, at);
		}
		at = end + 1;
	}
	*next = *left = span_of(all.at + all.len, 0);
	return all;
}

static void
files_of(struct files *f, struct span input)
{
	struct span name = SPAN("");

	f->count = 0;
	for (bool more = true; more && f->count<FILES_MAX; more = name.len> 0) {
		struct file *file = &f->file[f->count];

		if (f->count == 0)
			strcpy(file->path, "t.case");
		else
			snprintf(file->path, sizeof(file->path), "shared/%.*s.steps", name.len < 128 ? (int)name.len : 128, name.at);
		file->text = file_text(&input, &name);
		file->lines = 0;
		for (size_t i = 0; i < file->text.len; i++)
			file->lines += file->text.at[i] == '\n' || i + 1 == file->text.len;
		f->count++;
	}
}

/* The length of a line without its end; lines count from 1. */
static size_t
line_length(struct span text, long line)
{
	for (;;) {
		const char *lf = text.len > 0 ? memchr(text.at, '\n', text.len) : NULL;
		size_t n = lf != NULL ? (size_t)(lf - text.at) : text.len;

		if (--line == 0)
			return n > 0 && text.at[n - 1] == '\r' ? n - 1 : n;
		if (lf == NULL)
			return 0;
		text = span_after(text, n + 1);
	}
}

/* An error stands in one of the files, at a line and a column that it has, and is clean for a terminal. */
static void
check_error(const struct files *f, const char *text)
{
	const char *colon = strchr(text, ':');
	struct span left = span_str(text);
	char path[160] = "";
	const struct file *file;
	long line, column;
	char *end;

	if (colon != NULL && (size_t)(colon - text) < sizeof(path))
		memcpy(path, text, (size_t)(colon - text));
	file = find(f, path);
	if (file == NULL)
		oracle_fail("error", "'%s' is in no file", text);
	line = strtol(colon + 1, &end, 10);
	column = *end == ':' ? strtol(end + 1, &end, 10) : 0;
	if (*end != ':' || line < 1 || line > (long)(file->lines > 0 ? file->lines : 1) || column < 1 ||
	    column > (long)line_length(file->text, line) + 1)
		oracle_fail("error", "'%s' is at no place of its file of %u lines, line of %zu bytes", text, (unsigned)file->lines,
		    line_length(file->text, line));
	while (left.len > 0) {
		bool shown;
		size_t n = sanitise_char(left, &shown);

		if (!shown && left.len > 4 && strlen(text) < ERR_TEXT_MAX - 1) /* one cut to its longest may end within a character */
			oracle_fail("error", "'%s' has a byte that is no text", text);
		left = span_after(left, n);
	}
}

static void
read_files(struct reading *r, const struct files *f, struct world_sim *world)
{
	const struct case_store store = { (void *)(uintptr_t)f, there, give };
	struct case_file *file;
	struct arena a = { NULL, NULL, 0 };

	memset(&r->errors, 0, sizeof(r->errors));
	growing_clear(&r->text);
	file = case_load_from(&store, f->file[0].path, &r->errors);
	r->loaded = file != NULL;
	r->hash = file != NULL ? case_hash(file) : 0;
	if (file == NULL && r->errors.count == 0)
		oracle_fail("error", "a file that cannot be read, and no word on why");
	for (int row = 0; file != NULL && row < case_rows(file) && row < ROWS_MAX; row++) {
		struct test_case c;
		char title[CASE_TITLE_MAX + 1];
		int before = r->errors.count + r->errors.more;

		arena_reset(&a);
		case_title(file, row, title, sizeof(title));
		if (case_parse(file, row, &a, &c, &r->errors) == 0) {
			if (r->errors.count + r->errors.more != before)
				oracle_fail("error", "a row that was read, with an error: %s", r->errors.list[before].text);
			case_dump(&r->text, &c);
			lint_case(&c, file->source[0].last_number, world, &r->errors);
		}
	}
	arena_free(&a);
	case_free(file);
	for (int i = 0; i < r->errors.count; i++)
		check_error(f, r->errors.list[i].text);
}

static void
same(const struct reading *a, const struct reading *b, const char *how)
{
	if (a->loaded != b->loaded || a->errors.count != b->errors.count || a->errors.more != b->errors.more)
		oracle_fail("same", "%s: %d errors, %d without: %s", how, b->errors.count, a->errors.count,
		    b->errors.count > a->errors.count ? b->errors.list[a->errors.count].text : "");
	for (int i = 0; i < a->errors.count; i++)
		if (strcmp(a->errors.list[i].text, b->errors.list[i].text) != 0)
			oracle_fail("same", "%s: '%s', without '%s'", how, b->errors.list[i].text, a->errors.list[i].text);
	if (a->text.len != b->text.len || (a->text.len > 0 && memcmp(a->text.at, b->text.at, a->text.len) != 0))
		oracle_fail("same", "%s: %s, without %s", how, b->text.len > 0 ? b->text.at : "", a->text.len > 0 ? a->text.at : "");
}

/* Every line's end replaced; the last line has one too then. */
static void
with_ends(struct growing *g, struct span text, const char *end)
{
	growing_clear(g);
	while (text.len > 0) {
		const char *lf = memchr(text.at, '\n', text.len);
		size_t n = lf != NULL ? (size_t)(lf - text.at) : text.len;

		growing_bytes(g, span_first(text, n));
		growing_str(g, end);
		text = span_after(text, lf != NULL ? n + 1 : n);
	}
}

/* Line ends may be CRLF, the last line's may be missing, blanks at a line's end do not count (cases/README.md). */
static void
check_line_ends(const struct reading *plain, struct span input, struct world_sim *world)
{
	static const struct {
		const char *end, *how;
		bool good_only; /* blanks behind what is wrong may be a part of what is said of it */
	} ways[] = { { "\n", "with an end of its last line", false }, { "\r\n", "with CRLF line ends", false },
		{ "  \n", "with blanks at line ends", true } };
	static struct reading other;
	static struct growing text;
	static struct files files;

	if (memchr(input.at, '\r', input.len) != NULL)
		return;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (ways[i].good_only && plain->errors.count > 0)
			continue;
		with_ends(&text, input, ways[i].end);
		files_of(&files, span_of(text.at, text.len));
		read_files(&other, &files, world);
		same(plain, &other, ways[i].how);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world_sim *world;
	static struct files files;
	static struct reading first, second;
	static struct growing copy;

	if (world == NULL)
		world = world_sim_new();
	growing_clear(&copy);
	growing_bytes(&copy, span_of((const char *)data, size));
	files_of(&files, span_of(size > 0 ? copy.at : "", copy.len));
	read_files(&first, &files, world);
	read_files(&second, &files, world);
	same(&first, &second, "read again");
	if (first.hash != second.hash)
		oracle_fail("same", "another hash, read again");
	if (size > 0)
		check_line_ends(&first, span_of(copy.at, copy.len), world);
	return 0;
}
