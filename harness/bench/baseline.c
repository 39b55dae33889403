#include "baseline.h"

#include <stdio.h>
#include <stdlib.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void *
need(void *memory)
{
	if (memory == NULL) {
		fprintf(stderr, "bench: no memory\n");
		exit(3);
	}
	return memory;
}

void
baseline_memchr(const struct stream *s, size_t piece, struct count *out)
{
	for (size_t from = 0; from < s->len; from += piece) {
		const char *at = s->bytes + from, *end = at + (s->len - from < piece ? s->len - from : piece);

		while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
			out->lf++;
			at++;
		}
	}
}

void
baseline_memcpy(const struct stream *s, size_t piece, struct count *out)
{
	char *buffer = need(malloc(piece));

	for (size_t from = 0; from < s->len; from += piece) {
		memcpy(buffer, s->bytes + from, s->len - from < piece ? s->len - from : piece);
		/* the copy is wanted, whatever the compiler thinks of it */
		__asm__ volatile("" : : "r"(buffer) : "memory");
	}
	out->lf = s->lf;
	free(buffer);
}

/* ---- lines, and a chain of comparisons --------------------------------------- */

static const char *const finals[] = {
	"OK",
	"ERROR",
	"CONNECT",
	"NO CARRIER",
	"BUSY",
	"NO ANSWER",
	"NO DIALTONE",
	"SHUT OK",
};

static const char *const urcs[] = {
	"RING",
	"Call Ready",
	"SMS Ready",
	"RDY",
	"UNDER-VOLTAGE",
	"OVER-VOLTAGE",
	"+HTTPACTION:",
	"+FTPGET: 1,",
	"+FTPPUT: 1,",
	"+FTPSIZE:",
	"+FTPMKD:",
	"+FTPRMD:",
	"+FTPDELE:",
	"+FTPLIST: 1,",
	"+SAPBR 1: DEACT",
	"+CMTI:",
	"+CREG:",
	"+CGREG:",
	"+CUSD:",
	"+CLIP:",
	"+CTZV:",
	"*PSUTTZ:",
	"DST:",
	"+CPIN:",
};

static void
classify(const char *line, struct count *out)
{
	for (size_t i = 0; i < COUNT(finals); i++) {
		if (strcmp(line, finals[i]) == 0) {
			out->finals++;
			return;
		}
	}
	if (strncmp(line, "+CME ERROR:", 11) == 0 || strncmp(line, "+CMS ERROR:", 11) == 0) {
		out->finals++;
		return;
	}
	for (size_t i = 0; i < COUNT(urcs); i++) {
		if (strncmp(line, urcs[i], strlen(urcs[i])) == 0) {
			out->urcs++;
			return;
		}
	}
	out->others++;
}

/* A line of n bytes, its '\n' included, in a buffer that may be written to. */
static void
take_line(char *line, size_t n, struct count *out)
{
	out->lf++;
	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		n--;
	line[n] = '\0';
	if (n > 0)
		classify(line, out);
}

void
baseline_lines(const struct stream *s, size_t piece, struct count *out)
{
	size_t cap = 256, len = 0;
	char *line = need(malloc(cap));

	for (size_t from = 0; from < s->len; from += piece) {
		const char *at = s->bytes + from, *end = at + (s->len - from < piece ? s->len - from : piece);

		while (at < end) {
			const char *lf = memchr(at, '\n', (size_t)(end - at));
			size_t n = (size_t)((lf != NULL ? lf + 1 : end) - at);

			if (len + n + 1 > cap)
				line = need(realloc(line, cap = 2 * (len + n + 1)));
			memcpy(line + len, at, n);
			len += n;
			at += n;
			if (lf != NULL) {
				take_line(line, len, out);
				len = 0;
			}
		}
	}
	free(line);
}

/* ---- the C library's getline ---------------------------------------------------- */

struct source {
	const struct stream *s;
	size_t piece, from;
};

static ssize_t
source_read(void *cookie, char *into, size_t cap)
{
	struct source *source = cookie;
	size_t n = source->s->len - source->from;

	if (n > source->piece)
		n = source->piece;
	if (n > cap)
		n = cap;
	memcpy(into, source->s->bytes + source->from, n);
	source->from += n;
	return (ssize_t)n;
}

void
baseline_getline(const struct stream *s, size_t piece, struct count *out)
{
	struct source source = { s, piece, 0 };
	FILE *f = need(fopencookie(&source, "r", (cookie_io_functions_t){ .read = source_read }));
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	setvbuf(f, NULL, _IOFBF, piece);
	while ((n = getline(&line, &cap, f)) > 0)
		take_line(line, (size_t)n, out);
	free(line);
	fclose(f);
}
