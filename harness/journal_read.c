#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal.h"
#include "sanitise.h"

#define JOURNAL_LINE_MAX (16u << 20)
#define JOURNAL_BLOCK (64u << 10)

struct journal_reader {
	int fd;
	char *path;
	json_t *head_json, *record; /* what the strings handed out belong to */
	struct journal_head head;
	char *buf;
	size_t cap, len, pos;
	uint64_t base;        /* offset of buf in the file */
	uint64_t first, last; /* of the first case line; of the record given last */
	uint64_t line;        /* number of the line read last, while reading in order */
	bool ended;
	int status;
};

/* The next whole line: 1, 0 at the end (a torn line is no line), -1. */
static int
next_line(struct journal_reader *r, struct span *line, struct err *e)
{
	size_t seen = r->pos;

	for (;;) {
		char *end = seen < r->len ? memchr(r->buf + seen, '\n', r->len - seen) : NULL;
		ssize_t n;

		if (end != NULL) {
			*line = span_of(r->buf + r->pos, (size_t)(end - r->buf) - r->pos);
			r->last = r->base + r->pos;
			r->pos += line->len + 1;
			r->line++;
			return 1;
		}
		if (r->len - r->pos > JOURNAL_LINE_MAX)
			return err_set(
			    e, EXIT_RIG, "%s:%llu: line longer than %u bytes", r->path, (unsigned long long)r->line + 1, JOURNAL_LINE_MAX);
		memmove(r->buf, r->buf + r->pos, r->len - r->pos);
		r->base += r->pos;
		r->len -= r->pos;
		seen = r->len;
		r->pos = 0;
		if (r->cap == r->len) {
			r->cap *= 2;
			r->buf = realloc(r->buf, r->cap);
			if (r->buf == NULL)
				abort();
		}
		n = pread(r->fd, r->buf + r->len, r->cap - r->len, (off_t)(r->base + r->len));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, EXIT_RIG, "%s", r->path);
		if (n == 0)
			return 0;
		r->len += (size_t)n;
	}
}

static struct span
get_span(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return json_is_string(v) ? span_of(json_string_value(v), json_string_length(v)) : SPAN("");
}

static const char *
get_str(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return json_is_string(v) ? json_string_value(v) : "";
}

static int64_t
get_number(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return json_is_integer(v) ? json_integer_value(v) : 0;
}

/* For fields of an int: what does not fit is held at the nearest that does. */
static int
get_int(const json_t *o, const char *key)
{
	int64_t n = get_number(o, key);

	return n > INT32_MAX ? INT32_MAX : n < INT32_MIN ? INT32_MIN : (int)n;
}

static uint64_t
get_size(const json_t *o, const char *key)
{
	int64_t n = get_number(o, key);

	return n < 0 ? 0 : (uint64_t)n;
}

static int
read_head(struct journal_reader *r, struct err *e)
{
	struct journal_head *h = &r->head;
	struct span line;
	json_error_t why;
	int got = next_line(r, &line, e);

	if (got < 0)
		return -1;
	if (got != 0)
		r->head_json = json_loadb(line.at, line.len, 0, &why);
	if (!json_is_object(r->head_json) || get_number(r->head_json, "attest") == 0)
		return err_set(e, EXIT_RIG, "%s:1: not a journal of attest", r->path);
	if (get_number(r->head_json, "attest") != JOURNAL_VERSION)
		return err_set(e, EXIT_RIG, "%s:1: a journal of version %lld; this attest reads version %d", r->path,
		    (long long)get_number(r->head_json, "attest"), JOURNAL_VERSION);
	h->suite = get_str(r->head_json, "suite");
	h->port = get_str(r->head_json, "port");
	h->profile = get_str(r->head_json, "profile");
	h->revision = get_str(r->head_json, "revision");
	h->module = get_str(r->head_json, "module");
	h->host = get_str(r->head_json, "host");
	h->shard = get_str(r->head_json, "shard");
	h->seed = strtoull(get_str(r->head_json, "seed"), NULL, 10);
	h->started = get_number(r->head_json, "started");
	h->selected = get_size(r->head_json, "selected");
	r->first = r->base + r->pos;
	return 0;
}

struct journal_reader *
journal_open(const char *path, struct err *e)
{
	struct journal_reader *r = calloc(1, sizeof(*r));
	struct stat st;

	if (r == NULL || (r->path = strdup(path)) == NULL || (r->buf = malloc(JOURNAL_BLOCK)) == NULL)
		abort();
	r->cap = JOURNAL_BLOCK;
	r->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (r->fd < 0 || fstat(r->fd, &st) != 0)
		err_errno(e, EXIT_RIG, "%s", path);
	else if (!S_ISREG(st.st_mode)) /* it is read twice */
		err_set(e, EXIT_RIG, "%s: not a regular file", path);
	else if (read_head(r, e) == 0)
		return r;
	journal_reader_close(r);
	return NULL;
}

const struct journal_head *
journal_head_of(const struct journal_reader *r)
{
	return &r->head;
}

static void
read_outcome(const json_t *o, struct outcome *out)
{
	const json_t *notes = json_object_get(o, "notes");

	out->verdict = verdict_of(get_span(o, "verdict"));
	sanitise_copy(out->type, sizeof(out->type), get_span(o, "type"));
	sanitise_copy(out->message, sizeof(out->message), get_span(o, "message"));
	sanitise_copy(out->expected, sizeof(out->expected), get_span(o, "expected"));
	sanitise_copy(out->received, sizeof(out->received), get_span(o, "received"));
	out->path = get_str(o, "step_path");
	out->line = get_int(o, "line");
	out->column = get_int(o, "column");
	out->clause = get_span(o, "step_clause");
	out->wire_us = get_size(o, "wire_us");
	for (size_t i = 0; i < json_array_size(notes) && i < VERDICT_NOTES_MAX; i++) {
		const json_t *note = json_array_get(notes, i);

		out->note[out->notes].line = get_int(note, "line");
		sanitise_copy(out->note[out->notes].text, sizeof(out->note[0].text), get_span(note, "text"));
		out->notes++;
	}
	out->notes_more = get_int(o, "notes_more");
	out->transcript = get_span(o, "transcript");
}

static void
read_case(const json_t *o, struct journal_case *out)
{
	memset(out, 0, sizeof(*out));
	out->title = get_span(o, "case");
	out->path = get_span(o, "path");
	out->row = get_int(o, "row");
	out->hash = strtoull(get_str(o, "hash"), NULL, 16);
	out->document = get_span(o, "document");
	out->clause = get_span(o, "clause");
	out->area = get_span(o, "area");
	out->attempt = get_int(o, "attempt");
	out->started = get_number(o, "started");
	out->real_us = get_size(o, "real_us");
	out->informational = get_number(o, "informational") != 0;
	out->again = get_number(o, "again") != 0;
	read_outcome(o, &out->outcome);
}

int
journal_next(struct journal_reader *r, struct journal_case *out, struct err *e)
{
	struct span line;
	json_error_t why;
	int got;

	while ((got = next_line(r, &line, e)) == 1) {
		json_decref(r->record);
		r->record = json_loadb(line.at, line.len, 0, &why);
		if (r->record == NULL) {
			char clean[JSON_ERROR_TEXT_LENGTH];

			sanitise_copy(clean, sizeof(clean), span_str(why.text));
			return err_set(e, EXIT_RIG, "%s:%llu:%d: %s", r->path, (unsigned long long)r->line, why.column, clean);
		}
		r->ended = json_is_integer(json_object_get(r->record, "end"));
		if (r->ended) {
			r->status = get_int(r->record, "end");
			continue;
		}
		if (!json_is_string(json_object_get(r->record, "case")) || verdict_of(get_span(r->record, "verdict")) == VERDICT_MAX)
			return err_set(e, EXIT_RIG, "%s:%llu: neither a case with its verdict nor the end of a run", r->path,
			    (unsigned long long)r->line);
		read_case(r->record, out);
		return 1;
	}
	return got;
}

bool
journal_ended(const struct journal_reader *r, int *status)
{
	*status = r->ended ? r->status : 0;
	return r->ended;
}

uint64_t
journal_tell(const struct journal_reader *r)
{
	return r->last;
}

void
journal_seek(struct journal_reader *r, uint64_t offset)
{
	if (offset >= r->base && offset < r->base + r->len) {
		r->pos = (size_t)(offset - r->base);
		return;
	}
	r->base = offset;
	r->len = r->pos = 0;
}

void
journal_rewind(struct journal_reader *r)
{
	journal_seek(r, r->first);
	r->line = 1;
	r->ended = false;
}

void
journal_reader_close(struct journal_reader *r)
{
	if (r == NULL)
		return;
	if (r->fd >= 0)
		close(r->fd);
	json_decref(r->record);
	json_decref(r->head_json);
	free(r->buf);
	free(r->path);
	free(r);
}
