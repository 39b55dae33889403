/* case_source: a case file's bytes, checked and cut into lines. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case_parse.h"

/* All of a file, at most CASE_FILE_MAX bytes; -1 with *why (errno) or too long. */
static int
read_all(struct source *s, int fd)
{
	size_t cap = 4096;
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && st.st_size <= (off_t)CASE_FILE_MAX)
		cap = (size_t)st.st_size + 1;
	s->bytes = malloc(cap);
	if (s->bytes == NULL)
		abort();
	for (;;) {
		ssize_t n = read(fd, s->bytes + s->size, cap - s->size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		s->size += (size_t)n;
		if (s->size > CASE_FILE_MAX) {
			errno = EFBIG;
			return -1;
		}
		if (s->size == cap) {
			cap *= 2;
			s->bytes = realloc(s->bytes, cap);
			if (s->bytes == NULL)
				abort();
		}
	}
}

/* Bytes of the UTF-8 character at the front of s, or 0: it is none (RFC 3629: no overlong forms, no surrogates). */
static size_t
utf8_length(const unsigned char *s, size_t n)
{
	size_t need = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;

	if (need == 0 || need > n)
		return 0;
	for (size_t i = 1; i < need; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
	    (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return need;
}

/* The first byte of a line that is no text, or its length.  Tabs are judged later, where a comment may hold them. */
static size_t
bad_byte(struct span line)
{
	const unsigned char *s = (const unsigned char *)line.at;
	size_t i = 0;

	while (i < line.len) {
		size_t n;

		if (s[i] >= 0x20 && s[i] < 0x7f) {
			i++;
			continue;
		}
		if (s[i] == 0x7f || (s[i] < 0x20 && s[i] != '\t'))
			return i;
		n = utf8_length(s + i, line.len - i);
		if (n == 0)
			return i;
		i += n;
	}
	return i;
}

static void
line_add(struct source *s, const struct source_line *line)
{
	if (s->lines == s->capacity) {
		s->capacity = s->capacity == 0 ? 64 : s->capacity * 2;
		s->line = realloc(s->line, (size_t)s->capacity * sizeof(*s->line));
		if (s->line == NULL)
			abort();
	}
	s->line[s->lines++] = *line;
}

/* A line without its end.  0, or -1: reading on makes no sense. */
static int
line_cut(struct source *s, struct span line, int number, bool *in_table, struct errors *es)
{
	size_t indent = 0, bad;
	struct span text;

	if (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	if (line.len > CASE_LINE_MAX) {
		errors_add(
		    es, s->path, number, (int)CASE_LINE_MAX + 1, "a line of %zu bytes, expected at most %u", line.len, CASE_LINE_MAX);
		return 0;
	}
	bad = bad_byte(line);
	if (bad < line.len) {
		errors_add(es, s->path, number, (int)bad + 1, "byte 0x%02x, expected UTF-8 text", (unsigned char)line.at[bad]);
		return -1;
	}
	while (indent < line.len && line.at[indent] == ' ')
		indent++;
	text = span_after(line, indent);
	while (text.len > 0 && text.at[text.len - 1] == ' ')
		text.len--;
	if (text.len == 0 || text.at[0] == '#')
		return 0;
	if (*in_table && indent > 0 && text.at[0] == '|') {
		table_take(s, text, number, (int)indent + 1, es);
		return 0;
	}
	*in_table = indent == 0 && word_is(text, "each");
	if (*in_table && s->table.present)
		errors_add(es, s->path, number, 1, "a second table, expected one");
	if (*in_table)
		s->table.present = true;
	if (s->lines == SOURCE_LINES_MAX) {
		errors_add(es, s->path, number, 1, "another line, expected at most %d", SOURCE_LINES_MAX);
		return -1;
	}
	line_add(s, &(struct source_line){ .at = (uint32_t)(text.at - s->bytes),
			.length = (uint32_t)text.len,
			.number = (uint32_t)number,
			.indent = (uint32_t)indent });
	return 0;
}

static int
cut(struct source *s, struct errors *es)
{
	bool in_table = false;
	size_t at = 0;
	int number = 0;

	if (s->size >= 3 && memcmp(s->bytes, "\xef\xbb\xbf", 3) == 0) {
		errors_add(es, s->path, 1, 1, "a byte order mark, expected UTF-8 without one");
		return -1;
	}
	while (at < s->size) {
		const char *nl = memchr(s->bytes + at, '\n', s->size - at);
		size_t end = nl != NULL ? (size_t)(nl - s->bytes) : s->size;

		s->last_number = ++number;
		if (line_cut(s, span_of(s->bytes + at, end - at), number, &in_table, es) < 0) {
			s->cut_short = true;
			return -1;
		}
		at = end + 1;
	}
	return 0;
}

/* The file's bytes; -1 with an error added. */
static int
read_file(struct source *s, const char *path, struct errors *es)
{
	struct stat st;
	int fd, result;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		errors_add(es, path, 1, 1, "cannot be read: %s", strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		errors_add(es, path, 1, 1, "%s, expected a file", S_ISDIR(st.st_mode) ? "a folder" : "not a regular file");
		close(fd);
		return -1;
	}
	result = read_all(s, fd);
	if (result < 0 && errno == EFBIG)
		errors_add(es, path, 1, 1, "a file of more than %u bytes, expected at most that", CASE_FILE_MAX);
	else if (result < 0)
		errors_add(es, path, 1, 1, "cannot be read: %s", strerror(errno));
	close(fd);
	return result;
}

static int
read_store(struct source *s, const struct case_store *store, const char *path, struct errors *es)
{
	s->bytes = store->read(store->of, path, &s->size);
	if (s->bytes != NULL)
		return 0;
	s->size = 0;
	errors_add(es, path, 1, 1, "cannot be read: %s", strerror(errno));
	return -1;
}

int
source_read(struct source *s, const struct case_store *store, const char *path, bool is_steps, struct errors *es)
{
	int before = es->count + es->more;

	memset(s, 0, sizeof(*s));
	s->is_steps = is_steps;
	s->path = strdup(path);
	if (s->path == NULL)
		abort();
	if ((store != NULL ? read_store(s, store, path, es) : read_file(s, path, es)) < 0)
		return -1;
	if (s->size == 0)
		errors_add(es, path, 1, 1, "an empty file, expected %s", is_steps ? "steps" : "a case");
	else
		cut(s, es);
	return es->count + es->more > before ? -1 : 0;
}

void
source_free(struct source *s)
{
	free(s->path);
	free(s->bytes);
	free(s->line);
	free(s->table.cell);
	free(s->table.row_line);
}
