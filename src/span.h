/*
 * span: a view of bytes somebody else owns.
 *
 * Nothing here is NUL-terminated unless a comment says so: what a module says
 * may hold NULs.  A span is passed by value and is valid for as long as the
 * bytes behind it are.
 */
#ifndef SPAN_H
#define SPAN_H

#include <stdbool.h>
#include <stddef.h>
#if __STDC_HOSTED__
#include <string.h>
#else
/* A toolchain for firmware may have no C library at all; these four it has, since a compiler calls them by itself, or can be given. */
void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memset(void *at, int value, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *at, int value, size_t n);
size_t strlen(const char *s); /* of span_str alone, which the parser does not call */
#endif

struct span {
	const char *at;
	size_t len;
};

/* A string literal as a span, without its terminating NUL. */
#define SPAN(literal) ((struct span){ (literal), sizeof(literal) - 1 })

static inline struct span
span_of(const char *at, size_t len)
{
	return (struct span){ at, len };
}

/* A NUL-terminated string as a span. */
static inline struct span
span_str(const char *s)
{
	return (struct span){ s, strlen(s) };
}

static inline bool
span_equal(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool
span_starts(struct span s, struct span prefix)
{
	return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.at, prefix.at, prefix.len) == 0);
}

/* What is left of s after its first n bytes; n is at most s.len. */
static inline struct span
span_after(struct span s, size_t n)
{
	return (struct span){ s.at + n, s.len - n };
}

/* The first n bytes of s, or all of it when it is shorter. */
static inline struct span
span_first(struct span s, size_t n)
{
	return (struct span){ s.at, n < s.len ? n : s.len };
}

#endif
