/* What holds for at_lexer on every stream and for all cuts. */
#include <stdlib.h>

#include "at_lexer_parts.h"
#include "hash.h"
#include "oracle.h"
#include "prng.h"
#include "reference_lexer.h"

/* Random cuts are tried so often; a stream longer than BYTEWISE_MAX is cut into single bytes only near its line ends. */
#define ROUNDS 4
#define BYTEWISE_MAX 512

/* One way to cut a stream, and where its reading stands. */
struct reading {
	struct at_lexer lexer;
	struct span stream;
	const struct reference_token *token; /* the reference's; tokens of them */
	size_t tokens, given;
	uint64_t fed;        /* bytes */
	uint64_t place;      /* where the token that comes next must begin */
	uint64_t data, done; /* raw data asked for, and what came of it */
	const char *oracle;  /* what a difference from the reference shows */
	const char *how;
	bool short_ways; /* as a caller goes who knows them: at_lexer_whole, _rest, _piece */
};

static bool
same_text(struct span a, struct span b)
{
	return span_equal(a, span_first(b, AT_LINE_MAX));
}

/* Every byte is in one token, its CRs or its LF, in order: told by offsets and lengths alone. */
static void
conserve(struct reading *r, const struct at_token *t)
{
	if (t->kind == AT_CUT && t->raw) {
		if (t->offset + t->length != r->place)
			oracle_fail("conservation", "%s: raw data cut at %llu, but its pieces end at %llu", r->how,
			    (unsigned long long)(t->offset + t->length), (unsigned long long)r->place);
		return;
	}
	if (t->offset != r->place)
		oracle_fail("conservation", "%s: a token at %llu, but the one before ended at %llu", r->how, (unsigned long long)t->offset,
		    (unsigned long long)r->place);
	if (t->kind == AT_DATA)
		r->place += t->text.len;
	else
		r->place += t->length + t->cr + t->lf;
	if (r->place > r->fed)
		oracle_fail("conservation", "%s: tokens up to %llu of %llu bytes fed", r->how, (unsigned long long)r->place,
		    (unsigned long long)r->fed);
}

static void
obey(struct reading *r, const struct reference_token *t)
{
	switch (t->order) {
	case ORDER_NONE: break;
	case ORDER_DATA:
		at_lexer_data(&r->lexer, t->count);
		r->data = t->count;
		r->done = 0;
		break;
	case ORDER_NUMERIC: r->lexer.numeric = true; break;
	case ORDER_VERBOSE: r->lexer.numeric = false; break;
	case ORDER_ECHO: r->lexer.echo = t->echo; break;
	}
}

/* A piece of raw data: it continues the piece before and lies in the bytes fed. */
static bool
piece(struct reading *r, const struct at_token *t, const struct reference_token *want, struct span block)
{
	struct span all = span_of(r->stream.at + want->at, want->length);

	if (t->length != r->data || t->done != r->done || t->text.len == 0 || t->text.len > r->data - r->done)
		oracle_fail(r->oracle, "%s: data %llu of %llu, piece of %zu at %llu", r->how, (unsigned long long)r->done,
		    (unsigned long long)r->data, t->text.len, (unsigned long long)t->done);
	if (t->text.at < block.at || t->text.at + t->text.len > block.at + block.len)
		oracle_fail(r->oracle, "%s: a piece of data that lies not in the bytes fed", r->how);
	if (r->done + t->text.len > all.len || !span_equal(t->text, span_first(span_after(all, (size_t)r->done), t->text.len)))
		oracle_fail(r->oracle, "%s: data that is not what came", r->how);
	r->done += t->text.len;
	if (t->last != (r->done == r->data))
		oracle_fail(r->oracle, "%s: last is %d after %llu of %llu", r->how, t->last, (unsigned long long)r->done,
		    (unsigned long long)r->data);
	return t->last;
}

static void
compare(struct reading *r, const struct at_token *t, struct span block)
{
	const struct reference_token *want = &r->token[r->given];
	struct span all = span_of(r->stream.at + want->at, want->length);

	conserve(r, t);
	if (r->given == r->tokens)
		oracle_fail(r->oracle, "%s: a token of kind %d at %llu where none is left", r->how, t->kind, (unsigned long long)t->offset);
	if (t->kind == AT_DATA && want->length == 0)
		oracle_fail(r->oracle, "%s: data at %llu", r->how, (unsigned long long)t->offset);
	if (t->kind == AT_DATA && (want->kind == AT_DATA || want->raw)) {
		if (piece(r, t, want, block)) {
			r->data = r->done = 0;
			r->given++;
		}
		return;
	}
	if (t->kind == AT_CUT && t->raw)
		r->data = r->done = 0;
	if (t->kind != want->kind || t->raw != want->raw || t->offset != want->at || t->length != want->length || !same_text(t->text, all))
		oracle_fail(r->oracle, "%s: kind %d raw %d at %llu+%llu '%.*s', expected kind %d raw %d at %zu+%zu '%.*s'", r->how, t->kind,
		    t->raw, (unsigned long long)t->offset, (unsigned long long)t->length, (int)t->text.len, t->text.at, want->kind,
		    want->raw, want->at, want->length, (int)span_first(all, AT_LINE_MAX).len, all.at);
	if (t->kind == AT_LINE && (t->lf != want->lf || t->cr != want->cr))
		oracle_fail(r->oracle, "%s: '%.*s' ends with %llu CR, LF %d, expected %zu, %d", r->how, (int)t->text.len, t->text.at,
		    (unsigned long long)t->cr, t->lf, want->cr, want->lf);
	obey(r, want);
	r->given++;
}

/* What is not a token yet, but for the CRs at its end, is shown. */
static void
check_partial(struct reading *r)
{
	struct span open = span_of(r->stream.at + r->place, (size_t)(r->fed - r->place));

	if (r->data > 0)
		open.len = 0;
	while (open.len > 0 && open.at[open.len - 1] == '\r')
		open.len--;
	if (!same_text(at_lexer_partial(&r->lexer), open))
		oracle_fail("partial", "%s: '%.*s' after %llu bytes, expected '%.*s'", r->how, (int)at_lexer_partial(&r->lexer).len,
		    at_lexer_partial(&r->lexer).at, (unsigned long long)r->fed, (int)span_first(open, AT_LINE_MAX).len, open.at);
}

/* What at_lexer_feed gives, by one of the short ways if one is open. */
static size_t
take(struct reading *r, struct span in, struct at_token *t)
{
	struct at_lexer *lx = &r->lexer;
	size_t n;

	if (!r->short_ways || in.len == 0)
		return at_lexer_feed(lx, in, t);
	memset(t, 0, sizeof(*t));
	t->offset = r->place;
	if (lx->data > 0) {
		t->kind = AT_DATA;
		t->length = lx->data;
		t->done = lx->data_done;
		t->text = at_lexer_piece(lx, in, &t->last);
		return t->text.len;
	}
	t->kind = AT_LINE;
	t->lf = true;
	t->cr = 1;
	n = at_lexer_inside(lx) ? 0 : at_lexer_whole(in);
	t->text = span_first(in, n);
	t->length = n;
	if (n > 0 && !reference_ends_at_cr(t->text, lx->numeric, lx->echo)) {
		at_lexer_took(lx, n + 2);
		return n + 2;
	}
	n = lx->length > 0 ? at_lexer_rest(lx, in, &t->text) : 0;
	t->length = t->text.len;
	return n > 0 ? n : at_lexer_feed(lx, in, t);
}

/* Feed the next n bytes from a block of exactly their size; what was in it is gone when they are taken. */
static void
feed_from(struct reading *r, char *block, size_t n)
{
	struct span in = span_of(block, n);
	struct at_token t;
	size_t calls = 0;

	memcpy(block, r->stream.at + r->fed, n);
	r->fed += n;
	do {
		size_t taken = take(r, in, &t);

		if (taken > in.len)
			oracle_fail("bounded", "%s: %zu of %zu bytes taken", r->how, taken, in.len);
		in = span_after(in, taken);
		if (++calls > 2 * n + 2)
			oracle_fail("bounded", "%s: no end of tokens in %zu bytes", r->how, n);
		if (t.kind != AT_MORE)
			compare(r, &t, span_of(block, n));
	} while (t.kind != AT_MORE);
	if (in.len > 0)
		oracle_fail("conservation", "%s: %zu bytes not taken, and no token", r->how, in.len);
	memset(block, 'A', n);
	check_partial(r);
}

static void
feed(struct reading *r, size_t n)
{
	char *block = malloc(n);

	if (block == NULL)
		abort();
	feed_from(r, block, n);
	free(block);
}

static void
finish(struct reading *r)
{
	struct at_token t;

	at_lexer_end(&r->lexer, &t);
	if (t.kind != AT_MORE) {
		if (t.kind != AT_CUT && t.kind != AT_LINE)
			oracle_fail(r->oracle, "%s: kind %d at the end", r->how, t.kind);
		compare(r, &t, SPAN(""));
		at_lexer_end(&r->lexer, &t);
	}
	if (t.kind != AT_MORE)
		oracle_fail(r->oracle, "%s: the end is shown twice", r->how);
	if (r->given != r->tokens)
		oracle_fail(r->oracle, "%s: %zu tokens, expected %zu", r->how, r->given, r->tokens);
	while (r->place < r->stream.len && r->stream.at[r->place] == '\r')
		r->place++;
	if (r->place != r->stream.len)
		oracle_fail("conservation", "%s: %llu of %zu bytes in tokens", r->how, (unsigned long long)r->place, r->stream.len);
}

/* Single bytes where a cut may matter: near CRs and LFs, and at the ends of the stream. */
static size_t
bytewise(struct span stream, size_t at)
{
	size_t n = 1;

	if (stream.len <= BYTEWISE_MAX)
		return 1;
	while (at + n + 1 < stream.len && stream.at[at + n] != '\r' && stream.at[at + n] != '\n' && stream.at[at + n - 1] != '\r' &&
	       stream.at[at + n - 1] != '\n')
		n++;
	return n;
}

static void
start(struct reading *r, const char *oracle, const char *how)
{
	memset(&r->lexer, 0xa5, sizeof(r->lexer)); /* what init leaves out is seen */
	r->lexer.echo = SPAN("GO");
	at_lexer_init(&r->lexer);
	r->given = 0;
	r->fed = r->place = r->data = r->done = 0;
	r->short_ways = false;
	r->oracle = oracle;
	r->how = how;
}

static void
check_cuts(struct reading *r)
{
	struct prng chance;
	char *single;

	start(r, "reference", "whole");
	if (r->stream.len > 0)
		feed(r, r->stream.len);
	finish(r);
	start(r, "split", "in single bytes");
	single = malloc(1);
	if (single == NULL)
		abort();
	while (r->fed < r->stream.len) {
		size_t n = bytewise(r->stream, (size_t)r->fed);

		if (n == 1)
			feed_from(r, single, n);
		else
			feed(r, n);
	}
	free(single);
	finish(r);
	prng_seed(&chance, hash_bytes(HASH_BEGIN, r->stream));
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t most = i % 2 == 0 ? 8 : r->stream.len / 2 + 1;

		start(r, "split", i < 2 ? "at random cuts" : "by the short ways");
		r->short_ways = i >= 2;
		while (r->fed < r->stream.len) {
			uint64_t n = 1 + prng_below(&chance, most);

			feed(r, (size_t)(n < r->stream.len - r->fed ? n : r->stream.len - r->fed));
		}
		finish(r);
	}
}

/* What at_lexer tells of a line alone. */
static void
check_looks(struct span line)
{
	size_t junk = line.len - reference_without_junk(line).len;

	if (at_lexer_junk(line) != junk)
		oracle_fail("reference", "%zu bytes of junk in '%.*s', expected %zu", at_lexer_junk(line), (int)line.len, line.at, junk);
	line = span_after(line, junk);
	if (at_lexer_is_echo(line) != reference_is_echo(line))
		oracle_fail("reference", "'%.*s' is an echo: %d", (int)line.len, line.at, at_lexer_is_echo(line));
}

void
check_lexer(struct span stream)
{
	static struct reading r;
	struct reference_lexer reference;
	struct reference_token *token = malloc((stream.len + 2) * sizeof(*token));

	if (token == NULL)
		abort();
	r.stream = stream;
	r.token = token;
	r.tokens = 0;
	reference_lexer_init(&reference, stream);
	for (; reference_lexer_next(&reference, &token[r.tokens]); r.tokens++)
		check_looks(span_of(stream.at + token[r.tokens].at, token[r.tokens].length));
	check_cuts(&r);
	free(token);
}
