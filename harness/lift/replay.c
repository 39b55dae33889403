/*
 * replay: one number for all that the parser says of the captures and of short streams.
 *
 * It is built for processors of other word sizes and byte orders, and the number must be the same on all of them.
 * Each input is fed whole and in pieces, in both modes; how it is cut must not show in the number either.
 *
 * usage: replay CAPTURE...      CAPTURE.sent, where there is one, holds the commands that were sent
 */
#include <stdio.h>
#include <stdlib.h>

#include "at_fields.h"
#include "stream.h"

#define CAPTURE_MAX (1 << 20)
#define SENT_MAX 65536
#define STREAM_SIZE (1 << 18)

/* A hash of all that was said (FNV-1a), and how much that was. */
struct said {
	uint64_t hash, replies;
};

static void
hash_bytes(struct said *said, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		said->hash = (said->hash ^ (unsigned char)bytes.at[i]) * 0x100000001b3u;
}

/* Byte by byte, so that the order of the processor's bytes does not show. */
static void
hash_number(struct said *said, uint64_t n)
{
	for (int i = 0; i < 8; i++, n >>= 8)
		said->hash = (said->hash ^ (n & 0xff)) * 0x100000001b3u;
}

/* What at_fields makes of a line, each field as the first thing that it can be. */
static void
hash_fields(struct said *said, struct span line)
{
	struct at_fields f, elements;
	struct span text;
	uint8_t address[4];
	uint64_t low, high;

	if (!at_fields_open(&f, line, at_prefix_of(line)))
		return;
	while (!at_fields_end(&f)) {
		if (at_fields_number(&f, 0, UINT64_MAX, &low)) {
			hash_number(said, low);
		} else if (at_fields_address(&f, address)) {
			hash_number(said, (uint64_t)address[0] << 24 | (uint64_t)address[1] << 16 | (uint64_t)address[2] << 8 | address[3]);
		} else if (at_fields_quoted(&f, &text) || at_fields_word(&f, &text)) {
			hash_bytes(said, text);
		} else if (at_fields_list(&f, &text)) {
			at_fields_start(&elements, text);
			while (at_fields_range(&elements, &low, &high)) {
				hash_number(said, low);
				hash_number(said, high);
			}
		} else if (!at_fields_skip(&f)) {
			break;
		}
		hash_number(said, 0);
	}
}

static void
hash_reply(struct said *said, const struct at_reply *r)
{
	if (r->kind == AT_REPLY_MORE)
		return;
	/* pieces of a payload differ with the cuts, their bytes do not */
	if (r->kind != AT_REPLY_PAYLOAD || r->done == 0) {
		said->replies++;
		hash_number(said, r->kind);
		hash_number(said, r->offset);
		hash_number(said, r->length);
	}
	hash_bytes(said, r->text);
	if (r->kind == AT_REPLY_FINAL) {
		hash_number(said, r->final);
		hash_number(said, (uint64_t)r->cme);
	}
	if (r->why != NULL)
		hash_bytes(said, span_str(r->why));
	if (r->kind == AT_REPLY_INFO || r->kind == AT_REPLY_URC)
		hash_fields(said, r->text);
}

/* ---- one input ------------------------------------------------------------- */

/* A command becomes pending when the one before it has its final result code. */
static void
tell_next(struct at_reply_parser *p, struct span *sent)
{
	do {
		const char *lf = sent->len > 0 ? memchr(sent->at, '\n', sent->len) : NULL;
		size_t n = lf != NULL ? (size_t)(lf - sent->at) : sent->len;

		if (n > 0)
			at_reply_expect(p, span_first(*sent, n));
		*sent = span_after(*sent, lf != NULL ? n + 1 : n);
	} while (sent->len > 0 && !at_reply_pending(p));
}

/* All that is said of an input, fed in pieces, by the loop that asks what waits; 0 feeds it whole, until AT_REPLY_MORE. */
static struct said
listen(struct span input, struct span sent, enum at_mode mode, size_t piece)
{
	static struct at_reply_parser p;
	struct said said = { 0xcbf29ce484222325u, 0 };
	struct at_reply r;

	at_reply_init(&p, mode);
	tell_next(&p, &sent);
	while (input.len > 0) {
		struct span in = span_first(input, piece > 0 ? piece : input.len);

		input = span_after(input, in.len);
		do {
			in = span_after(in, at_reply_feed(&p, in, &r));
			hash_reply(&said, &r);
			if (r.kind == AT_REPLY_FINAL)
				tell_next(&p, &sent);
		} while (piece == 0 ? r.kind != AT_REPLY_MORE : in.len > 0 || at_reply_waiting(&p));
	}
	do {
		at_reply_end(&p, &r);
		hash_reply(&said, &r);
	} while (r.kind != AT_REPLY_MORE);
	return said;
}

/* Add what is said of an input to the sum.  Exits when it depends on the cuts. */
static void
replay(const char *name, struct span input, struct span sent, struct said *sum)
{
	static const enum at_mode modes[] = { AT_LENIENT, AT_STRICT };
	static const size_t pieces[] = { 1, 7, 64, 1000 };

	for (size_t m = 0; m < 2; m++) {
		struct said whole = listen(input, sent, modes[m], 0);

		for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
			struct said cut = listen(input, sent, modes[m], pieces[i]);

			if (cut.hash == whole.hash && cut.replies == whole.replies)
				continue;
			fprintf(stderr, "replay: %s: pieces of %zu say other than the whole\n", name, pieces[i]);
			exit(1);
		}
		hash_number(sum, whole.hash);
		sum->replies += whole.replies;
	}
}

/* ---- inputs ------------------------------------------------------------------ */

/* A file's bytes in buffer; nothing when there is none. */
static struct span
read_file(const char *path, char *buffer, size_t cap)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		return span_of(buffer, 0);
	n = fread(buffer, 1, cap, f);
	fclose(f);
	if (n == cap) {
		fprintf(stderr, "replay: %s: longer than %zu bytes\n", path, cap - 1);
		exit(1);
	}
	return span_of(buffer, n);
}

static void
replay_capture(const char *path, struct said *sum)
{
	static char input[CAPTURE_MAX], sent[SENT_MAX];
	char sent_path[512];

	if ((size_t)snprintf(sent_path, sizeof(sent_path), "%s.sent", path) >= sizeof(sent_path))
		return;
	replay(path, read_file(path, input, sizeof(input)), read_file(sent_path, sent, sizeof(sent)), sum);
}

static void
replay_stream(const char *name, struct said *sum)
{
	struct stream s;

	if (!stream_make(&s, name, STREAM_SIZE, 1))
		exit(2);
	replay(name, span_of(s.bytes, s.len), SPAN(""), sum);
	stream_free(&s);
}

int
main(int argc, char **argv)
{
	struct said sum = { 0xcbf29ce484222325u, 0 };
	int captures = 0;

	for (int i = 1; i < argc; i++) {
		size_t n = strlen(argv[i]);

		if (n > 5 && strcmp(argv[i] + n - 5, ".sent") == 0)
			continue;
		replay_capture(argv[i], &sum);
		captures++;
	}
	replay_stream("a", &sum);
	replay_stream("a-echo", &sum);
	replay_stream("b", &sum);
	replay_stream("c", &sum);
	printf("%d captures and 4 streams: %llu replies, hash %016llx\n", captures, (unsigned long long)sum.replies,
	    (unsigned long long)sum.hash);
	return captures > 0 ? 0 : 1;
}
