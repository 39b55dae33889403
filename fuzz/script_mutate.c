#include "script_mutate.h"

#include <stdio.h>

#include "prng.h"
#include "quiet.h"
#include "span.h"

QUIET_BEGIN

/* libFuzzer's own mutations; other engines have none to offer. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max) __attribute__((weak));

static const char *const boundaries[] = { "0", "1", "2", "3", "4", "5", "9", "10", "50", "99", "100", "127", "128", "255", "256", "600",
	"999", "1000", "1024", "1360", "1361", "1459", "1460", "1461", "4096", "10000", "65535", "65536", "120000", "120001", "307200",
	"307201", "319488", "319489", "1000000", "2147483647", "2147483648", "4294967295", "4294967296", "9999999999", "-1" };

struct text {
	char *at;
	size_t len, max;
};

/* Replace n bytes at from by s.  false: no room. */
static bool
replace(struct text *t, size_t from, size_t n, struct span s)
{
	if (t->len - n + s.len > t->max)
		return false;
	memmove(t->at + from + s.len, t->at + from + n, t->len - from - n);
	memcpy(t->at + from, s.at, s.len);
	t->len = t->len - n + s.len;
	return true;
}

/* The beginning of the line that a chance place lies in, and its length with its LF. */
static size_t
some_line(const struct text *t, struct prng *r, size_t *len)
{
	size_t from = t->len == 0 ? 0 : prng_below(r, t->len), end;

	while (from > 0 && t->at[from - 1] != '\n')
		from--;
	for (end = from; end < t->len && t->at[end] != '\n'; end++)
		;
	*len = end - from + (end < t->len);
	return from;
}

static bool
insert_line(struct text *t, struct prng *r, struct span line)
{
	size_t len, from = some_line(t, r, &len);

	if (prng_below(r, 2) == 0)
		from += len;
	if (from > 0 && t->at[from - 1] != '\n' && replace(t, from, 0, SPAN("\n")))
		from++;
	return replace(t, from, 0, line) && replace(t, from + line.len, 0, SPAN("\n"));
}

static bool
insert_pause(struct text *t, struct prng *r)
{
	static const char *const pauses[] = { "~", "~1", "~20", "~50", "~500", "~2000", "~10000", "~75000", "~120000" };

	return insert_line(t, r, span_str(pauses[prng_below(r, sizeof(pauses) / sizeof(pauses[0]))]));
}

/* A line from elsewhere in the script, taken along or left where it was. */
static bool
copy_line(struct text *t, struct prng *r, bool move)
{
	char copy[600];
	size_t len, from = some_line(t, r, &len);
	struct span line = span_of(copy, len);

	if (len == 0 || len > sizeof(copy))
		return false;
	memcpy(copy, t->at + from, len);
	if (line.at[len - 1] == '\n')
		line.len--;
	if (move)
		replace(t, from, len, SPAN(""));
	return insert_line(t, r, line);
}

static bool
delete_line(struct text *t, struct prng *r)
{
	size_t len, from = some_line(t, r, &len);

	return len > 0 && replace(t, from, len, SPAN(""));
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number becomes one at a boundary, or one more or less. */
static bool
change_number(struct text *t, struct prng *r)
{
	char written[24];
	size_t from = t->len == 0 ? 0 : prng_below(r, t->len), n = 0;
	unsigned long long value = 0;

	while (from < t->len && !is_digit(t->at[from]))
		from++;
	while (from > 0 && from < t->len && is_digit(t->at[from - 1]))
		from--;
	for (; from + n < t->len && n < 19 && is_digit(t->at[from + n]); n++)
		value = value * 10 + (unsigned long long)(t->at[from + n] - '0');
	if (n == 0)
		return false;
	if (prng_below(r, 3) > 0)
		return replace(t, from, n, span_str(boundaries[prng_below(r, sizeof(boundaries) / sizeof(boundaries[0]))]));
	value = prng_below(r, 2) == 0 ? value + 1 : value == 0 ? 0 : value - 1;
	return replace(t, from, n, span_of(written, (size_t)snprintf(written, sizeof(written), "%llu", value)));
}

size_t
script_mutate(uint8_t *data, size_t size, size_t max, unsigned seed, const char *const *lines, size_t count)
{
	struct text t = { (char *)data, size, max };
	struct prng r;
	bool done = false;

	prng_seed(&r, seed);
	if (LLVMFuzzerMutate != NULL && prng_below(&r, 2) == 0)
		return LLVMFuzzerMutate(data, size, max);
	for (int times = 1 + (int)prng_below(&r, 3); times > 0; times--) {
		switch (prng_below(&r, 8)) {
		case 0:
		case 1: done |= insert_line(&t, &r, span_str(lines[prng_below(&r, count)])); break;
		case 2: done |= insert_pause(&t, &r); break;
		case 3: done |= delete_line(&t, &r); break;
		case 4: done |= copy_line(&t, &r, false); break;
		case 5: done |= copy_line(&t, &r, true); break;
		default: done |= change_number(&t, &r); break;
		}
	}
	if (!done && LLVMFuzzerMutate != NULL)
		return LLVMFuzzerMutate(data, size, max);
	return t.len;
}

QUIET_END
