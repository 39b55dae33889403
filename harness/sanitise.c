#include <stdlib.h>

#include "sanitise.h"

static void
growing_room(struct growing *g, size_t more)
{
	size_t cap = g->cap != 0 ? g->cap : 256;

	if (g->len + more + 1 <= g->cap)
		return;
	while (cap < g->len + more + 1)
		cap *= 2;
	g->at = realloc(g->at, cap);
	if (g->at == NULL)
		abort();
	g->cap = cap;
}

void
growing_bytes(struct growing *g, struct span s)
{
	growing_room(g, s.len);
	if (s.len != 0)
		memcpy(g->at + g->len, s.at, s.len);
	g->len += s.len;
	g->at[g->len] = '\0';
}

void
growing_str(struct growing *g, const char *s)
{
	growing_bytes(g, span_str(s));
}

void
growing_number(struct growing *g, int64_t n)
{
	char digits[21];
	size_t at = sizeof(digits);
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do
		digits[--at] = (char)('0' + left % 10);
	while ((left /= 10) != 0);
	if (n < 0)
		digits[--at] = '-';
	growing_bytes(g, span_of(digits + at, sizeof(digits) - at));
}

void
growing_clear(struct growing *g)
{
	g->len = 0;
	if (g->at != NULL)
		g->at[0] = '\0';
}

void
growing_free(struct growing *g)
{
	free(g->at);
	*g = (struct growing){ 0 };
}

/* Length of the well-formed UTF-8 sequence (Unicode table 3-7) at the front of s, and its code point; 0: none. */
static size_t
decode(struct span s, uint32_t *code)
{
	unsigned char lead = (unsigned char)s.at[0], low = 0x80, high = 0xbf;
	size_t n = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

	if (lead < 0xc2 || lead > 0xf4 || n > s.len)
		return 0;
	switch (lead) {
	case 0xe0: low = 0xa0; break;
	case 0xed: high = 0x9f; break; /* surrogates */
	case 0xf0: low = 0x90; break;
	case 0xf4: high = 0x8f; break;
	}
	*code = lead & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c < low || c > high)
			return 0;
		low = 0x80, high = 0xbf;
		*code = *code << 6 | (c & 0x3fu);
	}
	return n;
}

size_t
sanitise_char(struct span s, bool *shown)
{
	unsigned char c = (unsigned char)s.at[0];
	uint32_t code = 0;
	size_t n;

	if (c < 0x80) {
		*shown = c >= 0x20 && c != 0x7f;
		return 1;
	}
	n = decode(s, &code);
	*shown = n != 0 && code >= 0xa0 && (code & 0xfffe) != 0xfffe && code != 0x61c && code != 0x200e && code != 0x200f &&
		 !(code >= 0x2028 && code <= 0x202e) && !(code >= 0x2066 && code <= 0x2069) && code != 0xfeff;
	return n != 0 ? n : 1;
}

/* How a byte that may not be shown is written. */
static size_t
byte_escape(unsigned char c, char into[4])
{
	static const char hex[] = "0123456789abcdef";

	into[0] = '\\';
	switch (c) {
	case '\r': into[1] = 'r'; return 2;
	case '\n': into[1] = 'n'; return 2;
	case '\t': into[1] = 't'; return 2;
	}
	into[1] = 'x', into[2] = hex[c >> 4], into[3] = hex[c & 15];
	return 4;
}

void
sanitise(struct growing *g, struct span s, enum sanitise_lines lines)
{
	size_t plain = 0, i = 0;

	while (i < s.len) {
		bool shown;
		size_t n = sanitise_char(span_after(s, i), &shown);

		if (shown || (lines == SANITISE_LINES && (s.at[i] == '\n' || s.at[i] == '\t'))) {
			i += n;
			continue;
		}
		growing_bytes(g, span_of(s.at + plain, i - plain));
		for (plain = i + n; i < plain; i++) {
			char escaped[4];

			growing_bytes(g, span_of(escaped, byte_escape((unsigned char)s.at[i], escaped)));
		}
	}
	growing_bytes(g, span_of(s.len != 0 ? s.at + plain : "", s.len - plain));
}

size_t
sanitise_copy(char *into, size_t cap, struct span s)
{
	size_t used = 0, i = 0;

	while (i < s.len) {
		char unit[16];
		bool shown;
		size_t n = sanitise_char(span_after(s, i), &shown), size = 0;

		for (size_t k = 0; k < n; k++) {
			if (shown)
				unit[size++] = s.at[i + k];
			else
				size += byte_escape((unsigned char)s.at[i + k], unit + size);
		}
		if (used + size >= cap)
			break;
		memcpy(into + used, unit, size);
		used += size;
		i += n;
	}
	into[used] = '\0';
	return used;
}
