/*
 * at_stems: what a line may be, by what it begins with.
 *
 *	a line --> its stem --> its row of at_codes.h, for at_meaning
 *
 * The stem of a line is what stands before its colon ("+HTTPREAD"), or the
 * whole line ("OK").  Known ones are found by hash, so that a line costs the
 * same however many there are; and without a branch that depends on the line
 * but the one that tells known from unknown, since most time goes into
 * branches that the processor guesses wrong.
 */
#ifndef AT_STEMS_H
#define AT_STEMS_H

#include <stdint.h>

#include "at_codes.h"
#include "at_scan.h"
#include "span.h"

/*
 * Where the rows of at_commands are found: at_stem_slots[hash] is the index of a row; without one, of the row
 * behind all others, which nothing equals.  No two rows share a slot: test_at_stems.c finds other
 * multipliers when a new one does.
 */
#define AT_STEM_SLOTS 1024
#define AT_STEM_LOW 0x2d832708e79dd447u
#define AT_STEM_HIGH 0xc0ebe07c96748081u
extern const uint8_t at_stem_slots[AT_STEM_SLOTS];

/* The first bytes of a stem, the first byte lowest, zeros above the last. */
struct at_stem {
	uint64_t low, high;
	bool colon; /* a colon follows */
};

static inline uint64_t
at_stem_load(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
	       (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

/* The stem of n bytes, at most AT_STEM_MAX; AT_STEM_MAX bytes may be read at at. */
static inline struct at_stem
at_stem_of(const char *at, size_t n, bool colon)
{
	static const char kept[2 * AT_STEM_MAX] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
	const char *mask = kept + AT_STEM_MAX - n;

	return (struct at_stem){ at_stem_load(at) & at_stem_load(mask), at_stem_load(at + 8) & at_stem_load(mask + 8), colon };
}

static inline unsigned int
at_stem_hash(struct at_stem s, uint64_t by_low, uint64_t by_high)
{
	return (unsigned int)(((s.low + s.colon) * by_low ^ s.high * by_high) >> 54);
}

/* The row of a stem, or NULL; a row has a zero at its end, so that AT_STEM_MAX bytes are none. */
static inline const struct at_command_facts *
at_stem_find(struct at_stem s)
{
	const struct at_command_facts *row = &at_commands[at_stem_slots[at_stem_hash(s, AT_STEM_LOW, AT_STEM_HIGH)]];
	uint64_t other = (at_stem_load(row->name) ^ s.low) | (at_stem_load(row->name + 8) ^ s.high);

	return (other | ((row->says >= AT_SAYS_ERROR) ^ s.colon)) == 0 ? row : NULL;
}

/* Where the first colon stands in a line of n bytes, or else n, AT_STEM_MAX at most; AT_STEM_MAX bytes may be read at at. */
static inline size_t
at_stem_len(const char *at, size_t n)
{
	size_t colon = AT_STEM_MAX;

#ifdef AT_SCAN_SSE2
	colon = (size_t)__builtin_ctz(at_scan_equal(at, ':') | 1u << AT_STEM_MAX);
#else
	const char *first = memchr(at, ':', AT_STEM_MAX);

	if (first != NULL)
		colon = (size_t)(first - at);
#endif
	return colon < n ? colon : n;
}

/*
 * The row of a line's stem, spelled as in the table, or NULL.  The line is not empty and has neither NUL nor LF.
 * at_stem_row_in: AT_STEM_MAX bytes may be read from line.at.
 */
static inline const struct at_command_facts *
at_stem_row_in(struct span line)
{
	size_t len = at_stem_len(line.at, line.len);

	/* AT_STEM_MAX bytes without a colon are not told from a stem: neither is a row's */
	return at_stem_find(at_stem_of(line.at, len, len < line.len));
}

const struct at_command_facts *at_stem_row(struct span line);

/* What stands before the colon of a line that has a row, if that is what its row is about; else empty. */
static inline struct span
at_stem_prefix(const struct at_command_facts *row, struct span line)
{
	const char *colon = row->says >= AT_SAYS_ERROR ? memchr(line.at, ':', line.len) : NULL;

	return span_of(line.at, colon != NULL ? (size_t)(colon - line.at) : 0);
}

/* A line whose stem has that row (or none: NULL) is a URC whatever is pending. */
bool at_stem_is_urc(const struct at_command_facts *row, struct span line);

#endif
