#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "journal.h"
#include "sanitise.h"

/* A transcript longer than this keeps its head and its tail. */
#define TRANSCRIPT_HEAD (64u << 10)
#define TRANSCRIPT_TAIL (192u << 10)

struct journal {
	int fd;
	char *path;
	off_t size; /* of whole lines; -1: not a regular file */
	time_t synced;
	bool dirty;
	struct growing line;
};

/* A JSON string.  What sanitise_char does not let pass is written as the text \xNN, so any bytes make valid JSON. */
static void
put_string(struct growing *g, struct span s)
{
	size_t plain = 0, i = 0;

	growing_str(g, "\"");
	while (i < s.len) {
		unsigned char c = (unsigned char)s.at[i];
		size_t n = 1;
		bool shown = c >= 0x20 && c < 0x7f;

		if (c >= 0x80)
			n = sanitise_char(span_after(s, i), &shown);
		if (shown && c != '"' && c != '\\') {
			i += n;
			continue;
		}
		growing_bytes(g, span_of(s.at + plain, i - plain));
		for (plain = i + n; i < plain; i++) {
			char code[8];

			c = (unsigned char)s.at[i];
			if (c == '"' || c == '\\')
				snprintf(code, sizeof(code), "\\%c", c);
			else if (c == '\n' || c == '\t')
				snprintf(code, sizeof(code), "\\%c", c == '\n' ? 'n' : 't');
			else if (c == '\r')
				snprintf(code, sizeof(code), "\\\\r");
			else
				snprintf(code, sizeof(code), "\\\\x%02x", c);
			growing_str(g, code);
		}
	}
	growing_bytes(g, span_of(s.len != 0 ? s.at + plain : "", s.len - plain));
	growing_str(g, "\"");
}

static void
put_key(struct growing *g, const char *key)
{
	growing_str(g, g->at[g->len - 1] == '{' ? "\"" : ",\"");
	growing_str(g, key);
	growing_str(g, "\":");
}

/* Empty strings and zeros are what a reader takes a missing key for. */
static void
put_span(struct growing *g, const char *key, struct span s)
{
	if (s.len == 0)
		return;
	put_key(g, key);
	put_string(g, s);
}

static void
put_str(struct growing *g, const char *key, const char *s)
{
	if (s != NULL)
		put_span(g, key, span_str(s));
}

static void
put_number(struct growing *g, const char *key, int64_t n)
{
	if (n == 0)
		return;
	put_key(g, key);
	growing_number(g, n);
}

/* 64 bits do not fit a JSON number everywhere. */
static void
put_u64(struct growing *g, const char *key, const char *format, uint64_t n)
{
	char text[32];

	snprintf(text, sizeof(text), strcmp(format, "x") == 0 ? "%016" PRIx64 : "%" PRIu64, n);
	put_str(g, key, text);
}

/* One write a line: a reader sees it whole or torn at the end, never mixed with another.  What was torn by an error is taken back. */
static int
write_line(struct journal *j, struct err *e)
{
	size_t done = 0;
	struct timespec now;

	growing_str(&j->line, "}\n");
	while (done < j->line.len) {
		ssize_t n = write(j->fd, j->line.at + done, j->line.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_errno(e, EXIT_RIG, "%s", j->path);
			if (j->size >= 0 && done != 0 && ftruncate(j->fd, j->size) != 0)
				return -1;
			return -1;
		}
		done += (size_t)n;
	}
	if (j->size >= 0)
		j->size += (off_t)done;
	j->dirty = true;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec == j->synced)
		return 0;
	j->synced = now.tv_sec;
	j->dirty = false;
	if (fdatasync(j->fd) != 0 && errno != EINVAL && errno != EROFS)
		return err_errno(e, EXIT_RIG, "%s: sync", j->path);
	return 0;
}

static struct journal *
journal_of(const char *path, int flags, struct err *e)
{
	struct journal *j = calloc(1, sizeof(*j));
	struct timespec now;
	struct stat st;

	if (j == NULL || (j->path = strdup(path)) == NULL)
		abort();
	j->fd = open(path, flags | O_APPEND | O_CLOEXEC | O_NOCTTY, 0666);
	if (j->fd < 0 || fstat(j->fd, &st) != 0) {
		err_errno(e, EXIT_RIG, "%s", path);
	} else if (S_ISREG(st.st_mode) && flock(j->fd, LOCK_EX | LOCK_NB) != 0) {
		err_set(e, EXIT_RIG, "%s: another run is writing this journal", path);
	} else {
		j->size = S_ISREG(st.st_mode) ? st.st_size : -1;
		clock_gettime(CLOCK_MONOTONIC, &now);
		j->synced = now.tv_sec;
		return j;
	}
	journal_close(j, NULL);
	return NULL;
}

struct journal *
journal_create(const char *path, const struct journal_head *head, struct err *e)
{
	struct journal *j = journal_of(path, O_WRONLY | O_CREAT, e);
	struct growing *g;

	if (j == NULL)
		return NULL;
	if (j->size > 0 && ftruncate(j->fd, 0) != 0) {
		err_errno(e, EXIT_RIG, "%s", path);
		journal_close(j, NULL);
		return NULL;
	}
	j->size = j->size < 0 ? -1 : 0;
	g = &j->line;
	growing_str(g, "{");
	put_number(g, "attest", JOURNAL_VERSION);
	put_str(g, "suite", head->suite);
	put_str(g, "port", head->port);
	put_str(g, "profile", head->profile);
	put_str(g, "revision", head->revision);
	put_str(g, "module", head->module);
	put_str(g, "host", head->host);
	put_str(g, "shard", head->shard);
	put_u64(g, "seed", "u", head->seed);
	put_number(g, "started", head->started);
	put_number(g, "selected", (int64_t)head->selected);
	if (write_line(j, e) != 0) {
		journal_close(j, NULL);
		return NULL;
	}
	return j;
}

/* Where the last whole line ends. */
static off_t
whole_lines(int fd, off_t size)
{
	char block[4096];

	while (size > 0) {
		off_t from = size > (off_t)sizeof(block) ? size - (off_t)sizeof(block) : 0;
		ssize_t n = pread(fd, block, (size_t)(size - from), from);

		if (n <= 0)
			return -1;
		for (ssize_t i = n; i > 0; i--)
			if (block[i - 1] == '\n')
				return from + i;
		size = from;
	}
	return 0;
}

struct journal *
journal_append(const char *path, struct err *e)
{
	struct journal_reader *r = journal_open(path, e);
	struct journal *j;

	if (r == NULL) /* not there, or no journal: nothing of it is touched */
		return NULL;
	journal_reader_close(r);
	j = journal_of(path, O_RDWR, e);
	if (j == NULL)
		return NULL;
	j->size = whole_lines(j->fd, j->size);
	if (j->size <= 0 || ftruncate(j->fd, j->size) != 0) {
		err_errno(e, EXIT_RIG, "%s: cannot go on with it", path);
		journal_close(j, NULL);
		return NULL;
	}
	return j;
}

static void
put_transcript(struct growing *g, struct span s)
{
	struct growing cut = { 0 };
	size_t head = TRANSCRIPT_HEAD, tail;

	if (s.len <= TRANSCRIPT_HEAD + TRANSCRIPT_TAIL) {
		put_span(g, "transcript", s);
		return;
	}
	tail = s.len - TRANSCRIPT_TAIL;
	while (head > 1 && s.at[head - 1] != '\n')
		head--;
	while (tail < s.len - 1 && s.at[tail - 1] != '\n')
		tail++;
	growing_bytes(&cut, span_first(s, head));
	growing_str(&cut, "# ... ");
	growing_number(&cut, (int64_t)(tail - head));
	growing_str(&cut, " bytes of this transcript left out ...\n");
	growing_bytes(&cut, span_after(s, tail));
	put_span(g, "transcript", span_of(cut.at, cut.len));
	growing_free(&cut);
}

static void
put_outcome(struct growing *g, const struct outcome *o)
{
	put_str(g, "verdict", verdict_name(o->verdict));
	put_str(g, "type", o->type);
	put_str(g, "message", o->message);
	put_str(g, "expected", o->expected);
	put_str(g, "received", o->received);
	put_str(g, "step_path", o->path);
	put_number(g, "line", o->line);
	put_number(g, "column", o->column);
	put_span(g, "step_clause", o->clause);
	put_number(g, "wire_us", (int64_t)o->wire_us);
	if (o->notes > 0) {
		put_key(g, "notes");
		growing_str(g, "[");
		for (int i = 0; i < o->notes && i < VERDICT_NOTES_MAX; i++) {
			growing_str(g, i == 0 ? "{" : ",{");
			put_number(g, "line", o->note[i].line);
			put_str(g, "text", o->note[i].text);
			growing_str(g, "}");
		}
		growing_str(g, "]");
	}
	put_number(g, "notes_more", o->notes_more);
	put_transcript(g, o->transcript);
}

int
journal_write(struct journal *j, const struct journal_case *c, struct err *e)
{
	struct growing *g = &j->line;

	growing_clear(g);
	growing_str(g, "{");
	put_key(g, "case");
	put_string(g, c->title);
	put_span(g, "path", c->path);
	put_number(g, "row", c->row);
	put_u64(g, "hash", "x", c->hash);
	put_span(g, "document", c->document);
	put_span(g, "clause", c->clause);
	put_span(g, "area", c->area);
	put_number(g, "attempt", c->attempt);
	put_number(g, "started", c->started);
	put_number(g, "real_us", (int64_t)c->real_us);
	put_number(g, "informational", c->informational);
	put_number(g, "again", c->again);
	put_outcome(g, &c->outcome);
	return write_line(j, e);
}

int
journal_end(struct journal *j, int status, struct err *e)
{
	growing_clear(&j->line);
	growing_str(&j->line, "{");
	put_key(&j->line, "end");
	growing_number(&j->line, status);
	return write_line(j, e);
}

int
journal_close(struct journal *j, struct err *e)
{
	int result = 0;

	if (j == NULL)
		return 0;
	if (j->fd >= 0) {
		if (j->dirty && fdatasync(j->fd) != 0 && errno != EINVAL && errno != EROFS)
			result = err_errno(e, EXIT_RIG, "%s: sync", j->path);
		if (close(j->fd) != 0 && result == 0)
			result = err_errno(e, EXIT_RIG, "%s", j->path);
	}
	growing_free(&j->line);
	free(j->path);
	free(j);
	return result;
}
