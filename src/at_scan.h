/*
 * at_scan: how far text goes.
 *
 *	bytes --> at_scan --> a count, for at_lexer and at_meaning
 *
 * Most of a parser's time goes into finding the byte that ends what came
 * before it.  Each search here looks at 16 bytes at a time where the processor
 * can (SSE2, which every x86-64 has), and has a portable twin that looks at
 * one.  Both give the same counts; neither looks behind the last byte.
 */
#ifndef AT_SCAN_H
#define AT_SCAN_H

#include <stdint.h>

#include "span.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A control byte: none occurs in a line's text but the tab. */
static inline bool
at_scan_is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

/* ---- the portable twins ------------------------------------------------ */

static inline size_t
at_scan_text_portable(struct span s)
{
	size_t n = 0;

	while (n < s.len && !at_scan_is_control(s.at[n]))
		n++;
	return n;
}

static inline size_t
at_scan_line_portable(struct span s)
{
	size_t n = 0;

	while (n < s.len && s.at[n] != '\r' && s.at[n] != '\n')
		n++;
	return n;
}

static inline size_t
at_scan_run_portable(struct span s, char c)
{
	size_t n = 0;

	while (n < s.len && s.at[n] == c)
		n++;
	return n;
}

/* ---- 16 bytes at a time -------------------------------------------------- */

#ifdef __SSE2__
static inline __m128i
at_scan_load(const char *at)
{
	return _mm_loadu_si128((const __m128i *)(const void *)at);
}

/* One bit a byte that is a control byte. */
static inline unsigned int
at_scan_controls(__m128i bytes)
{
	__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);

	return (unsigned int)_mm_movemask_epi8(_mm_or_si128(low, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
}

static inline unsigned int
at_scan_equal(__m128i bytes, char c)
{
	return (unsigned int)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
}

static inline size_t
at_scan_first(unsigned int bits)
{
	return (size_t)__builtin_ctz(bits);
}
#endif

/* How many bytes at the front are no control bytes. */
static inline size_t
at_scan_text(struct span s)
{
	size_t n = 0;
#ifdef __SSE2__
	for (; s.len - n >= 16; n += 16) {
		unsigned int controls = at_scan_controls(at_scan_load(s.at + n));

		if (controls != 0)
			return n + at_scan_first(controls);
	}
#endif
	return n + at_scan_text_portable(span_after(s, n));
}

/* How many bytes at the front are neither CR nor LF. */
static inline size_t
at_scan_line(struct span s)
{
	size_t n = 0;
#ifdef __SSE2__
	for (; s.len - n >= 16; n += 16) {
		__m128i bytes = at_scan_load(s.at + n);
		unsigned int ends = at_scan_equal(bytes, '\r') | at_scan_equal(bytes, '\n');

		if (ends != 0)
			return n + at_scan_first(ends);
	}
#endif
	return n + at_scan_line_portable(span_after(s, n));
}

/* How many bytes at the front are all c. */
static inline size_t
at_scan_run(struct span s, char c)
{
	size_t n = 0;
#ifdef __SSE2__
	for (; s.len - n >= 16; n += 16) {
		unsigned int equal = at_scan_equal(at_scan_load(s.at + n), c);

		if (equal != 0xffff)
			return n + at_scan_first(~equal);
	}
#endif
	return n + at_scan_run_portable(span_after(s, n), c);
}

#endif
