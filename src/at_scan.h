/*
 * at_scan: how far text goes.
 *
 *	bytes --> at_scan --> a count, for at_lexer and at_meaning
 *
 * Much of a parser's time goes into finding the byte that ends what came
 * before it.  at_scan looks at 16 bytes at a time where the processor can
 * (SSE2, which every x86-64 has); its portable twin looks at one.  Both give
 * the same count, and neither looks behind the last byte.
 */
#ifndef AT_SCAN_H
#define AT_SCAN_H

#include <stdint.h>

#include "span.h"

/* Freestanding code may have no use of these registers, and the compiler's header wants a C library's. */
#if defined(__SSE2__) && __STDC_HOSTED__
#define AT_SCAN_SSE2
#include <emmintrin.h>
#endif

/* What ends the bytes that are counted. */
enum at_scan_end {
	AT_SCAN_CONTROL, /* a control byte: below the blank, also a tab, or DEL */
	AT_SCAN_LINE,    /* CR or LF */
	AT_SCAN_NOT_CR,	 /* any byte but CR */
	AT_SCAN_TEXT,	 /* any byte but CR and LF */
	AT_SCAN_PRINTABLE, /* printable ASCII: no control byte, nothing from 0x80 up */
};

static inline bool
at_scan_ends(char c, enum at_scan_end what)
{
	switch (what) {
	case AT_SCAN_CONTROL: return (unsigned char)c < 0x20 || c == 0x7f;
	case AT_SCAN_LINE: return c == '\r' || c == '\n';
	case AT_SCAN_NOT_CR: return c != '\r';
	case AT_SCAN_TEXT: return c != '\r' && c != '\n';
	case AT_SCAN_PRINTABLE: return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7f;
	}
	return true;
}

/* How many bytes at the front of s come before one that ends them. */
static inline size_t
at_scan_portable(struct span s, enum at_scan_end what)
{
	size_t n = 0;

	while (n < s.len && !at_scan_ends(s.at[n], what))
		n++;
	return n;
}

#define AT_SCAN_BLOCK 32

#ifdef AT_SCAN_SSE2
/* One bit for each of 16 bytes that is c. */
static inline unsigned int
at_scan_equal(const char *at, char c)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);

	return (unsigned int)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
}

/* One bit for each of 16 bytes that ends them. */
static inline unsigned int
at_scan_bits(const char *at, enum at_scan_end what)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);

	switch (what) {
	case AT_SCAN_CONTROL:
		bytes = _mm_or_si128(
		    _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)));
		return (unsigned int)_mm_movemask_epi8(bytes);
	case AT_SCAN_LINE: return at_scan_equal(at, '\r') | at_scan_equal(at, '\n');
	case AT_SCAN_NOT_CR: return at_scan_equal(at, '\r') ^ 0xffff;
	case AT_SCAN_PRINTABLE:
		bytes = _mm_add_epi8(bytes, _mm_set1_epi8(-0x20));
		bytes = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x5e)), bytes);
		return (unsigned int)_mm_movemask_epi8(bytes);
	case AT_SCAN_TEXT: return (at_scan_equal(at, '\r') | at_scan_equal(at, '\n')) ^ 0xffff;
	}
	return 0xffff;
}

/* The same in the first AT_SCAN_BLOCK bytes, all of which may be read: AT_SCAN_BLOCK if none ends them. */
static inline size_t
at_scan_block(const char *at, enum at_scan_end what)
{
	uint64_t bits = at_scan_bits(at, what) | (uint64_t)at_scan_bits(at + 16, what) << 16 | (uint64_t)1 << AT_SCAN_BLOCK;

	return (size_t)__builtin_ctzll(bits);
}

/* Lines are short: the first step looks at a block with one branch.  What is left at the end is looked at together with bytes before it. */
static inline size_t
at_scan(struct span s, enum at_scan_end what)
{
	size_t n = 0;

	for (; s.len - n >= AT_SCAN_BLOCK; n += AT_SCAN_BLOCK) {
		size_t found = at_scan_block(s.at + n, what);

		if (found < AT_SCAN_BLOCK)
			return n + found;
	}
	if (s.len < 16)
		return at_scan_portable(s, what);
	for (; n < s.len; n += 16) {
		size_t again = s.len - n < 16 ? 16 - (s.len - n) : 0;
		unsigned int bits = at_scan_bits(s.at + n - again, what) >> again;

		if (bits != 0)
			return n + (size_t)__builtin_ctz(bits);
	}
	return s.len;
}
#else
static inline size_t
at_scan_block(const char *at, enum at_scan_end what)
{
	return at_scan_portable(span_of(at, AT_SCAN_BLOCK), what);
}

static inline size_t
at_scan(struct span s, enum at_scan_end what)
{
	return at_scan_portable(s, what);
}
#endif

#endif
