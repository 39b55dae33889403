#include "reply_mutate.h"

#include <stdio.h>

#include "at_reply.h"
#include "prng.h"
#include "quiet.h"
#include "reply_words.h"

/* libFuzzer's own mutations; other engines have none to offer. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max) __attribute__((weak));

QUIET_BEGIN

struct text {
	char *at;
	size_t len, max;
	struct prng chance;
};

static size_t
below(struct text *t, size_t bound)
{
	return (size_t)prng_below(&t->chance, bound);
}

static struct span
word(struct text *t, const struct reply_words *words)
{
	return words->at[below(t, words->count)];
}

/* Replace n bytes at from by s.  false: no room. */
static bool
replace(struct text *t, size_t from, size_t n, struct span s)
{
	if (t->len - n + s.len > t->max)
		return false;
	memmove(t->at + from + s.len, t->at + from + n, t->len - from - n);
	if (s.len > 0)
		memcpy(t->at + from, s.at, s.len);
	t->len = t->len - n + s.len;
	return true;
}

static bool
fill(struct text *t, size_t from, size_t n, char byte)
{
	if (n > t->max - t->len)
		return false;
	memmove(t->at + from + n, t->at + from, t->len - from);
	memset(t->at + from, byte, n);
	t->len += n;
	return true;
}

/* Where the header lines end. */
static size_t
header_end(const struct text *t)
{
	size_t at = 0;

	while (t->len - at > 2 && t->at[at] == '>' && t->at[at + 1] == ' ') {
		const char *lf = memchr(t->at + at, '\n', t->len - at);

		if (lf == NULL)
			break;
		at = (size_t)(lf - t->at) + 1;
	}
	return at;
}

/* The beginning of the line that a chance place from at on lies in; its length with its LF. */
static size_t
some_line(struct text *t, size_t at, size_t *len)
{
	size_t from = t->len > at ? at + below(t, t->len - at) : at, end;

	while (from > at && t->at[from - 1] != '\n')
		from--;
	for (end = from; end < t->len && t->at[end] != '\n'; end++)
		;
	*len = end - from + (end < t->len);
	return from;
}

/* ---- lines -------------------------------------------------------------- */

static bool
insert_frame(struct text *t, const struct reply_words *words)
{
	size_t len, at = some_line(t, header_end(t), &len);

	/* now and then in the middle of a line */
	if (len > 0 && below(t, 5) == 0)
		at += below(t, len);
	return replace(t, at, 0, SPAN("\r\n")) && replace(t, at, 0, word(t, words)) && replace(t, at, 0, SPAN("\r\n"));
}

static bool
insert_urc(struct text *t)
{
	return insert_frame(t, &reply_urcs);
}

static bool
insert_line(struct text *t)
{
	return insert_frame(t, &reply_lines);
}

/* The echo of a command, then perhaps nothing of its answer. */
static bool
insert_echo(struct text *t)
{
	size_t len, at = some_line(t, header_end(t), &len);

	return replace(t, at, 0, SPAN("\r")) && replace(t, at, 0, word(t, &reply_commands));
}

static bool
double_line(struct text *t)
{
	char line[AT_LINE_MAX];
	size_t len, to_len, from = some_line(t, 0, &len), to = some_line(t, 0, &to_len);

	if (len == 0 || len > sizeof(line))
		return false;
	memcpy(line, t->at + from, len);
	return replace(t, to, 0, span_of(line, len));
}

static bool
drop_line(struct text *t)
{
	size_t len, from = some_line(t, 0, &len);

	return len > 0 && replace(t, from, len, SPAN(""));
}

static bool
swap_lines(struct text *t)
{
	char line[AT_LINE_MAX];
	size_t len, from = some_line(t, 0, &len), to_len, to;

	if (len == 0 || len > sizeof(line))
		return false;
	memcpy(line, t->at + from, len);
	replace(t, from, len, SPAN(""));
	to = some_line(t, 0, &to_len);
	return replace(t, to, 0, span_of(line, len));
}

static bool
grow_line(struct text *t)
{
	size_t len, from = some_line(t, header_end(t), &len), to = AT_LINE_MAX - 1 + below(t, 4);
	size_t text = len;

	while (text > 0 && (t->at[from + text - 1] == '\r' || t->at[from + text - 1] == '\n'))
		text--;
	return text < to && fill(t, from + text, to - text, "x0 \"A"[below(t, 5)]);
}

/* A line grows to just about what is kept of one.  Seldom: it takes as long to read as twenty that have not grown. */
static bool
lengthen_line(struct text *t)
{
	if (below(t, 8) > 0)
		return false;
	return grow_line(t);
}

/* ---- numbers and payloads ----------------------------------------------- */

/* A run of digits at or behind a chance place; its length, 0 where there is none. */
static size_t
some_number(struct text *t, size_t *len)
{
	size_t at = t->len > 0 ? below(t, t->len) : 0;

	while (at < t->len && (t->at[at] < '0' || t->at[at] > '9'))
		at++;
	for (*len = 0; at + *len < t->len && t->at[at + *len] >= '0' && t->at[at + *len] <= '9'; (*len)++)
		;
	return at;
}

static bool
change_number(struct text *t)
{
	size_t len, at = some_number(t, &len);

	return len > 0 && replace(t, at, len, word(t, &reply_numbers));
}

static bool
split_number(struct text *t)
{
	size_t len, at = some_number(t, &len);

	return len > 0 && replace(t, at + below(t, len + 1), 0, word(t, &reply_splits));
}

/* A line that ends in a count: payload grows or shrinks behind it, and the count with it or not. */
static bool
change_payload(struct text *t)
{
	size_t len, from = some_line(t, header_end(t), &len), digits, end = from + len, by = 1 + below(t, 20);
	bool grow = below(t, 2) == 0, count_too = below(t, 2) == 0;
	char number[24];
	unsigned long n = 0;

	while (end > from && (t->at[end - 1] == '\n' || t->at[end - 1] == '\r'))
		end--;
	for (digits = 0; digits < 6 && end - digits > from && t->at[end - digits - 1] >= '0' && t->at[end - digits - 1] <= '9'; digits++)
		;
	if (digits == 0)
		return false;
	for (size_t i = end - digits; i < end; i++)
		n = n * 10 + (unsigned long)(t->at[i] - '0');
	if (grow) {
		struct span more = span_first(word(t, &reply_payloads), by);

		if (!replace(t, from + len, 0, more))
			return false;
		n += more.len;
	} else {
		by = by < t->len - (from + len) ? by : t->len - (from + len);
		by = by < n ? by : (size_t)n;
		replace(t, from + len, by, SPAN(""));
		n -= by;
	}
	snprintf(number, sizeof(number), "%lu", n);
	return !count_too || replace(t, end - digits, digits, span_str(number));
}

/* ---- bytes -------------------------------------------------------------- */

/* A CR or LF at or behind a chance place; t->len: none. */
static size_t
some_end(struct text *t)
{
	size_t at = t->len > 0 ? below(t, t->len) : 0;

	while (at < t->len && t->at[at] != '\r' && t->at[at] != '\n')
		at++;
	return at;
}

static bool
change_end(struct text *t)
{
	size_t at = some_end(t);

	return at < t->len && replace(t, at, 1, word(t, &reply_ends));
}

/* All that is between two lines goes. */
static bool
glue_lines(struct text *t)
{
	size_t at = some_end(t), n = 0;

	while (at + n < t->len && (t->at[at + n] == '\r' || t->at[at + n] == '\n'))
		n++;
	return n > 0 && replace(t, at, n, SPAN(""));
}

static bool
insert_junk(struct text *t)
{
	return replace(t, below(t, t->len + 1), 0, word(t, &reply_junk));
}

/* ---- the host ----------------------------------------------------------- */

static bool
insert_act(struct text *t)
{
	size_t end = header_end(t), at = 0;
	char place[24] = "> ";

	for (size_t i = 0; i < end; i++)
		if (t->at[i] == '\n' && below(t, 2) == 0)
			at = i + 1;
	if (below(t, 4) == 0)
		snprintf(place, sizeof(place), "> @%u ", (unsigned)below(t, t->len - end + 2));
	return replace(t, at, 0, SPAN("\n")) && replace(t, at, 0, word(t, &reply_commands)) && replace(t, at, 0, span_str(place));
}

static bool
change_act(struct text *t)
{
	size_t end = header_end(t), at = 0, len;

	for (size_t i = 0; i + 1 < end; i++)
		if (t->at[i] == '\n' && below(t, 2) == 0)
			at = i + 1;
	if (at >= end)
		return insert_act(t);
	for (len = 0; t->at[at + len] != '\n'; len++)
		;
	return below(t, 3) == 0 ? replace(t, at, len + 1, SPAN("")) : replace(t, at + 2, len - 2, word(t, &reply_commands));
}

/* ------------------------------------------------------------------------- */

static bool (*const changes[])(struct text *) = { insert_urc, insert_line, insert_echo, double_line, drop_line, swap_lines, lengthen_line,
	change_number, change_number, split_number, change_payload, change_payload, change_end, change_end, glue_lines, insert_junk,
	insert_act, change_act };

#define CHANGES (sizeof(changes) / sizeof(changes[0]))

size_t
reply_mutate(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	struct text t = { .at = (char *)data, .len = size, .max = max };
	bool changed = false;

	prng_seed(&t.chance, seed);
	if (LLVMFuzzerMutate != NULL && below(&t, 2) == 0)
		return LLVMFuzzerMutate(data, size, max);
	for (size_t n = 1 + below(&t, 3); n > 0; n--)
		changed = changes[below(&t, CHANGES)](&t) || changed;
	if (!changed && LLVMFuzzerMutate != NULL)
		return LLVMFuzzerMutate(data, size, max);
	return t.len;
}

size_t
reply_cross(struct span one, struct span other, uint8_t *out, size_t max, unsigned seed)
{
	struct text a = { .at = (char *)(uintptr_t)one.at, .len = one.len, .max = one.len };
	struct text b = { .at = (char *)(uintptr_t)other.at, .len = other.len, .max = other.len };
	size_t len, front, rear;

	prng_seed(&a.chance, seed);
	prng_seed(&b.chance, seed + 1);
	front = one.len == 0 ? 0 : some_line(&a, header_end(&a), &len);
	rear = other.len == 0 ? 0 : some_line(&b, header_end(&b), &len);
	front = front < max ? front : max;
	if (front > 0)
		memcpy(out, one.at, front);
	other = span_first(span_after(other, rear), max - front);
	if (other.len > 0)
		memcpy(out + front, other.at, other.len);
	return front + other.len;
}

QUIET_END
