/*
 * bench_parser: how fast the response parser is, against loops that do less or the same.
 *
 * Streams of 64 MiB, fed from memory in pieces of 64 B, 1 KiB and 64 KiB by the caller's loop of the README.
 * Every contender runs once a round, one after the other; values are process CPU time, MB is 10^6 bytes.
 * Single numbers depend on the machine and its neighbours: the ratios are taken inside a round.
 * What the parser says is compared with what the stream holds: a fast wrong number fails.
 *
 * usage: bench_parser [--rounds N] [--mib N] [a|a-echo|b|c|long|size]...
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "at_fields.h"
#include "baseline.h"
#include "stream.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ROUNDS_MAX 99
#define SEED 1

static const size_t pieces[] = { 64, 1024, 65536 };
static const char *const piece_names[] = { "64 B", "1 KiB", "64 KiB" };

static double
cpu_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(const double *values, int n)
{
	double sorted[ROUNDS_MAX];

	memcpy(sorted, values, (size_t)n * sizeof(values[0]));
	qsort(sorted, (size_t)n, sizeof(sorted[0]), by_value);
	return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

/* ---- the caller's loop ----------------------------------------------------- */

/* What a host would do next depends on the kind; counting does not, lest the bench's own branches be measured. */
static inline void
count_reply(const struct at_reply *r, struct tally *out)
{
	bool payload = r->kind == AT_REPLY_PAYLOAD;

	out->kind[r->kind] += !payload | r->last;
	out->final[r->final]++;
	out->payload_bytes += payload ? r->text.len : 0;
}

static void
parse_end(struct at_reply_parser *p, struct tally *out)
{
	struct at_reply r;

	do {
		at_reply_end(p, &r);
		count_reply(&r, out);
	} while (r.kind != AT_REPLY_MORE);
	/* what is no reply, and replies that are no final result code: the stream does not know how many */
	out->kind[AT_REPLY_MORE] = 0;
	out->final[AT_FINAL_NONE] = 0;
}

static void
parse(const struct stream *s, size_t piece, struct tally *out)
{
	struct at_reply_parser p;
	struct at_reply r;

	at_reply_init(&p, AT_LENIENT);
	for (size_t from = 0; from < s->len; from += piece) {
		struct span in = span_first(span_of(s->bytes + from, s->len - from), piece);

		do {
			in = span_after(in, at_reply_feed(&p, in, &r));
			count_reply(&r, out);
		} while (in.len > 0 || at_reply_waiting(&p));
	}
	parse_end(&p, out);
}

/* Not timed: the counts are the truth's, and each reply's text is what stands at its offset. */
static void
verify(const struct stream *s, size_t piece)
{
	struct tally got = { 0 };
	struct at_reply_parser p;
	struct at_reply r;

	at_reply_init(&p, AT_LENIENT);
	for (size_t from = 0; from < s->len; from += piece) {
		struct span in = span_first(span_of(s->bytes + from, s->len - from), piece);

		do {
			in = span_after(in, at_reply_feed(&p, in, &r));
			count_reply(&r, &got);
			if (r.kind == AT_REPLY_MORE)
				continue;
			if (r.offset + r.text.len > from + piece || memcmp(r.text.at, s->bytes + r.offset, r.text.len) != 0) {
				fprintf(stderr, "bench: stream %s in pieces of %zu: wrong text of the reply at %llu\n", s->name, piece,
				    (unsigned long long)r.offset);
				exit(1);
			}
		} while (in.len > 0 || at_reply_waiting(&p));
	}
	parse_end(&p, &got);
	if (memcmp(&got, &s->truth, sizeof(got)) == 0)
		return;
	fprintf(stderr, "bench: stream %s in pieces of %zu: wrong counts\n", s->name, piece);
	for (size_t k = AT_REPLY_ECHO; k < COUNT(got.kind); k++)
		fprintf(
		    stderr, "    kind %zu: %llu, true %llu\n", k, (unsigned long long)got.kind[k], (unsigned long long)s->truth.kind[k]);
	exit(1);
}

/* ---- contenders -------------------------------------------------------------- */

enum contender { PARSER, MEMCHR, GETLINE, LINES, MEMCPY, CONTENDERS };

static const char *const contender_names[] = { "parser", "memchr", "getline", "lines", "memcpy" };

static void (*const baselines[])(const struct stream *, size_t, struct count *) = {
	[MEMCHR] = baseline_memchr,
	[GETLINE] = baseline_getline,
	[LINES] = baseline_lines,
	[MEMCPY] = baseline_memcpy,
};

/* A goal: the parser's rate over a contender's, at pieces of one size. */
struct goal {
	enum contender against;
	double least[COUNT(pieces)], aim[COUNT(pieces)]; /* 0: none */
};

struct plan {
	const char *stream, *what;
	struct goal goals[4];
};

/* clang-format off */
static const struct plan plans[] = {
	{ "a", "short lines with URCs", {
		{ MEMCHR,	{ 0.35, 0.6, 0.6 },	{ 0.9, 1.0, 1.1 } },
		{ GETLINE,	{ 0, 4, 4 },		{ 0 } },
		{ LINES,	{ 0, 4, 4 },		{ 0 } } } },
	{ "a-echo", "the same with the commands' echoes", {
		{ MEMCHR,	{ 0 },			{ 0 } },
		{ LINES,	{ 0 },			{ 0 } } } },
	{ "b", "payloads of 1 KiB to 300 KiB", {
		{ MEMCPY,	{ 0.8, 1.0, 1.0 },	{ 0 } } } },
	{ "c", "lines of 10 KB to 210 KB, lone CR and LF, near misses, NULs", {
		{ MEMCHR,	{ 0.5, 0.5, 0.5 },	{ 0 } } } },
};
/* clang-format on */

/* MB/s of one pass. */
static double
rate(const struct stream *s, size_t piece, enum contender who)
{
	struct count count = { 0 };
	struct tally tally = { 0 };
	double began = cpu_seconds(), took;

	if (who == PARSER)
		parse(s, piece, &tally);
	else
		baselines[who](s, piece, &count);
	took = cpu_seconds() - began;
	if (who == PARSER ? memcmp(&tally, &s->truth, sizeof(tally)) != 0 : count.lf != s->lf) {
		fprintf(stderr, "bench: stream %s: %s counts wrong\n", s->name, contender_names[who]);
		exit(1);
	}
	return (double)s->len / took / 1e6;
}

static void
say_truth(const struct stream *s)
{
	double lines = 0;

	for (size_t k = 0; k < COUNT(s->said); k++)
		lines += (double)s->said[k];
	printf("%zu bytes", s->len);
	if (s->name[0] == 'a') {
		printf(", %.1f a line; lines: %.0f %% final, %.0f %% URC, %.0f %% information, %.0f %% prompt", (double)s->len / lines,
		    100 * (double)s->said[AT_REPLY_FINAL] / lines, 100 * (double)s->said[AT_REPLY_URC] / lines,
		    100 * (double)s->said[AT_REPLY_INFO] / lines, 100 * (double)s->said[AT_REPLY_PROMPT] / lines);
		if (s->said[AT_REPLY_ECHO] > 0)
			printf(", %.0f %% echo", 100 * (double)s->said[AT_REPLY_ECHO] / lines);
	} else {
		printf(", %llu payloads, %llu faults", (unsigned long long)s->truth.kind[AT_REPLY_PAYLOAD],
		    (unsigned long long)s->truth.kind[AT_REPLY_FAULT]);
	}
	printf("\n");
}

static void
run_piece(const struct stream *s, const struct plan *plan, size_t i, int rounds)
{
	double rates[CONTENDERS][ROUNDS_MAX], ratios[ROUNDS_MAX];

	verify(s, pieces[i]);
	for (int round = 0; round < rounds; round++) {
		rates[PARSER][round] = rate(s, pieces[i], PARSER);
		for (const struct goal *g = plan->goals; g->against != PARSER; g++)
			rates[g->against][round] = rate(s, pieces[i], g->against);
	}
	printf("  %-7s %-8s %9.0f MB/s", piece_names[i], contender_names[PARSER], median(rates[PARSER], rounds));
	if (s->name[0] == 'a')
		printf(", %.1f ns a line", 1e3 * (double)s->len / (double)s->lines / median(rates[PARSER], rounds));
	printf("\n");
	for (const struct goal *g = plan->goals; g->against != PARSER; g++) {
		double ratio;

		for (int round = 0; round < rounds; round++)
			ratios[round] = rates[PARSER][round] / rates[g->against][round];
		ratio = median(ratios, rounds);
		qsort(ratios, (size_t)rounds, sizeof(ratios[0]), by_value);
		printf("          %-8s %9.0f MB/s, ratio %6.2f [%.2f to %.2f]", contender_names[g->against],
		    median(rates[g->against], rounds), ratio, ratios[0], ratios[rounds - 1]);
		if (g->least[i] > 0)
			printf(", goal %.2f: %s", g->least[i], ratio >= g->least[i] ? "reached" : "MISSED");
		if (g->aim[i] > 0)
			printf(", aim %.1f: %s", g->aim[i], ratio >= g->aim[i] ? "reached" : "not yet");
		printf("\n");
	}
	fflush(stdout);
}

static void
run_plan(const struct plan *plan, size_t size, int rounds)
{
	struct stream s;

	if (!stream_make(&s, plan->stream, size, SEED))
		exit(2);
	printf("stream %s: %s; ", plan->stream, plan->what);
	say_truth(&s);
	for (size_t i = 0; i < COUNT(pieces); i++)
		run_piece(&s, plan, i, rounds);
	stream_free(&s);
}

/* ---- without end ---------------------------------------------------------------- */

#define REPEATED 65536

struct endless {
	const char *what, *unit;
};

static const struct endless endless[] = {
	{ "text", "=bcdefghijklmnop" },
	{ "NULs", "\0\0\0\0\0\0\0\0" },
	{ "CRs", "\r\r\r\r\r\r\r\r" },
	{ "lone CRs in text", "bcdefgh\r" },
	{ "lines of noise", "=noise without end\r\n=noise again.\r\n" },
	{ "empty lines after noise", "\r\n\r\n\r\n\r\n" },
};

/* ns a byte of size bytes that come to no end, in pieces of 1 KiB. */
static double
endless_cost(const char *bytes, size_t repeated, uint64_t size)
{
	struct at_reply_parser p;
	struct tally got = { 0 };
	struct at_reply r;
	double began;
	size_t at = 0;

	at_reply_init(&p, AT_LENIENT);
	at_reply_feed(&p, SPAN("=\n="), &r);
	began = cpu_seconds();
	for (uint64_t fed = 0; fed < size; fed += 1024) {
		struct span in = span_of(bytes + at, 1024);

		at = at + 1024 == repeated ? 0 : at + 1024;
		do {
			in = span_after(in, at_reply_feed(&p, in, &r));
			count_reply(&r, &got);
		} while (in.len > 0 || at_reply_waiting(&p));
	}
	parse_end(&p, &got);
	if (got.kind[AT_REPLY_FAULT] != 1) {
		fprintf(stderr, "bench: %llu faults of one run of noise\n", (unsigned long long)got.kind[AT_REPLY_FAULT]);
		exit(1);
	}
	return (cpu_seconds() - began) * 1e9 / (double)size;
}

static void
run_endless(int rounds)
{
	static const uint64_t mib[] = { 1, 16, 256, 1024 };
	static char bytes[REPEATED + 64];
	double cost[COUNT(mib)][ROUNDS_MAX];

	printf("without end: ns a byte of one line, or one run of noise, in pieces of 1 KiB\n  %-24s", "");
	for (size_t i = 0; i < COUNT(mib); i++)
		printf(" %6llu MiB", (unsigned long long)mib[i]);
	printf("   longest over shortest\n");
	for (const struct endless *e = endless; e < endless + COUNT(endless); e++) {
		size_t unit = e->unit[0] == '\0' ? 8 : strlen(e->unit), repeated = REPEATED / 1024 * 1024;

		/* the unit need not divide the piece: what matters is that there is no end */
		for (size_t i = 0; i < repeated; i++)
			bytes[i] = e->unit[i % unit];
		for (int round = 0; round < rounds; round++) {
			for (size_t i = 0; i < COUNT(mib); i++)
				cost[i][round] = endless_cost(bytes, repeated, mib[i] << 20);
		}
		printf("  %-24s", e->what);
		for (size_t i = 0; i < COUNT(mib); i++)
			printf(" %10.3f", median(cost[i], rounds));
		printf("   %.2f\n", median(cost[COUNT(mib) - 1], rounds) / median(cost[0], rounds));
		fflush(stdout);
	}
}

static void
say_sizes(void)
{
	printf("memory of an instance: struct at_reply_parser %zu bytes (of which struct at_lexer %zu), struct at_reply %zu, struct "
	       "at_fields %zu\n",
	    sizeof(struct at_reply_parser), sizeof(struct at_lexer), sizeof(struct at_reply), sizeof(struct at_fields));
}

static bool
chosen(int argc, char **argv, const char *what)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], what) == 0)
			return true;
	}
	return argc == 1;
}

/* A number behind an option, taken out of argv. */
static long
option(int *argc, char **argv, const char *name, long otherwise, long max)
{
	for (int i = 1; i + 1 < *argc; i++) {
		long value;

		if (strcmp(argv[i], name) != 0)
			continue;
		value = strtol(argv[i + 1], NULL, 10);
		if (value < 1 || value > max) {
			fprintf(stderr, "bench_parser: %s is 1 to %ld\n", name, max);
			exit(2);
		}
		memmove(argv + i, argv + i + 2, (size_t)(*argc - i - 2) * sizeof(argv[0]));
		*argc -= 2;
		return value;
	}
	return otherwise;
}

int
main(int argc, char **argv)
{
	int rounds = (int)option(&argc, argv, "--rounds", 5, ROUNDS_MAX);
	long mib = option(&argc, argv, "--mib", 64, 1024);

	for (int i = 1; i < argc; i++) {
		bool known = strcmp(argv[i], "long") == 0 || strcmp(argv[i], "size") == 0;

		for (size_t k = 0; k < COUNT(plans); k++)
			known = known || strcmp(argv[i], plans[k].stream) == 0;
		if (!known) {
			fprintf(stderr, "usage: bench_parser [--rounds N] [--mib N] [a|a-echo|b|c|long|size]...\n");
			return 2;
		}
	}
	printf("response parser: process CPU time, median of %d rounds, ratios inside a round\n", rounds);
	for (size_t i = 0; i < COUNT(plans); i++) {
		if (chosen(argc, argv, plans[i].stream))
			run_plan(&plans[i], (size_t)mib << 20, rounds);
	}
	if (chosen(argc, argv, "long"))
		run_endless(rounds < 3 ? rounds : 3);
	if (chosen(argc, argv, "size"))
		say_sizes();
	return 0;
}
