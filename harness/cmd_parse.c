/* attest parse: what a module said, as events. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at_reply.h"
#include "cmd.h"
#include "err.h"
#include "report_events.h"

const char cmd_parse_usage[] =
    "usage: attest parse [--sent FILE] [--strict] [FILE]\n"
    "\n"
    "Reads what a module said (from FILE, or standard input) and prints one JSON object an event:\n"
    "  {\"kind\": \"echo|info|final|urc|prompt|payload|fault\", \"text\": \"...\", \"offset\": N, \"length\": N}\n"
    "text is the line without its framing, or the payload's bytes; bytes outside printable ASCII as \\xNN.\n"
    "offset and length say where text lies in the input.\n"
    "\n"
    "  --sent FILE  the commands that were sent, one a line, for a capture without echo\n"
    "  --strict     each deviation from <CR><LF>text<CR><LF> is a fault of its own\n"
    "\n"
    "Faults are part of what was said: the exit status is 0 with or without them.\n";

struct bytes {
	char *at;
	size_t len, cap;
};

/* All of a file, in memory that the caller frees. */
static int
read_all(FILE *from, const char *name, struct bytes *all, struct err *e)
{
	size_t n;

	do {
		if (all->cap - all->len < 65536) {
			size_t cap = all->cap > 0 ? 2 * all->cap : 131072;
			char *at = realloc(all->at, cap);

			if (at == NULL)
				return err_set(e, EXIT_INTERNAL, "%s: out of memory", name);
			all->at = at;
			all->cap = cap;
		}
		n = fread(all->at + all->len, 1, all->cap - all->len, from);
		all->len += n;
	} while (n > 0);
	return ferror(from) ? err_errno(e, EXIT_RIG, "%s: cannot read", name) : 0;
}

static int
read_file(const char *path, struct bytes *all, struct err *e)
{
	FILE *f = fopen(path, "rb");
	int status;

	if (f == NULL)
		return err_errno(e, EXIT_USAGE, "%s: cannot open", path);
	status = read_all(f, path, all, e);
	fclose(f);
	return status;
}

/* The next command of the --sent file that is not an empty line.  false: none is left. */
static bool
next_sent(struct span *sent, struct span *command)
{
	while (sent->len > 0) {
		const char *lf = memchr(sent->at, '\n', sent->len);
		size_t n = lf != NULL ? (size_t)(lf - sent->at) : sent->len;

		*command = span_first(*sent, n);
		*sent = span_after(*sent, lf != NULL ? n + 1 : n);
		while (command->len > 0 && command->at[command->len - 1] == '\r')
			command->len--;
		if (command->len > 0)
			return true;
	}
	return false;
}

/* A command becomes pending when the one before it has its final result code, the first at once.  What is none has no answer to wait for. */
static void
tell_next(struct at_reply_parser *p, struct span *sent)
{
	struct span command;

	do {
		if (!next_sent(sent, &command))
			return;
		at_reply_expect(p, command);
	} while (!at_reply_pending(p));
}

/* Print one reply.  Pieces of a payload are one event: the last one stands for all, as all bytes are in memory. */
static int
print_reply(struct span input, struct at_reply *r, struct err *e)
{
	if (r->kind == AT_REPLY_PAYLOAD) {
		if (!r->last)
			return 0;
		r->offset -= r->done;
	}
	return report_event(stdout, input, r, e);
}

static int
print_all(struct span input, struct span sent, enum at_mode mode, struct err *e)
{
	static struct at_reply_parser p;
	struct span rest = input;
	struct at_reply r;

	at_reply_init(&p, mode);
	tell_next(&p, &sent);
	for (;;) {
		rest = span_after(rest, at_reply_feed(&p, rest, &r));
		if (r.kind == AT_REPLY_MORE)
			break;
		if (print_reply(input, &r, e) != 0)
			return -1;
		if (r.kind == AT_REPLY_FINAL)
			tell_next(&p, &sent);
	}
	for (at_reply_end(&p, &r); r.kind != AT_REPLY_MORE; at_reply_end(&p, &r)) {
		if (print_reply(input, &r, e) != 0)
			return -1;
	}
	return 0;
}

struct options {
	const char *sent, *input;
	enum at_mode mode;
};

static int
read_options(int argc, char **argv, struct options *o, struct err *e)
{
	bool names = false;

	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];

		if (!names && strcmp(a, "--") == 0) {
			names = true;
		} else if (!names && strcmp(a, "--strict") == 0) {
			o->mode = AT_STRICT;
		} else if (!names && strcmp(a, "--sent") == 0) {
			if (++i == argc)
				return err_set(e, EXIT_USAGE, "--sent: the name of a file expected");
			o->sent = argv[i];
		} else if (!names && strncmp(a, "--sent=", 7) == 0) {
			o->sent = a + 7;
		} else if (!names && a[0] == '-' && a[1] != '\0') {
			return err_set(e, EXIT_USAGE, "%.60s: no such option; try `attest parse --help`", a);
		} else if (o->input != NULL) {
			return err_set(e, EXIT_USAGE, "one file at most expected");
		} else {
			o->input = a;
		}
	}
	return 0;
}

int
cmd_parse(int argc, char **argv)
{
	struct options o = { .mode = AT_LENIENT };
	struct bytes input = { 0 }, sent = { 0 };
	struct err e = { .status = EXIT_AS_EXPECTED };
	int status = read_options(argc, argv, &o, &e);

	if (status == 0 && o.sent != NULL)
		status = read_file(o.sent, &sent, &e);
	if (status == 0 && o.input != NULL && strcmp(o.input, "-") != 0)
		status = read_file(o.input, &input, &e);
	else if (status == 0)
		status = read_all(stdin, "standard input", &input, &e);
	if (status == 0)
		status = print_all(span_of(input.at, input.len), span_of(sent.at, sent.len), o.mode, &e);
	if (status != 0)
		fprintf(stderr, "attest parse: %s\n", e.text);
	free(input.at);
	free(sent.at);
	return e.status;
}
