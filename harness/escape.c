#include "escape.h"

/* How a byte is written: into unit (4 bytes at most); returns how many. */
static size_t
unit_of(unsigned char c, char unit[4])
{
	static const char hex[] = "0123456789abcdef";

	switch (c) {
	case '\r': unit[0] = '\\', unit[1] = 'r'; return 2;
	case '\n': unit[0] = '\\', unit[1] = 'n'; return 2;
	case '\t': unit[0] = '\\', unit[1] = 't'; return 2;
	case '\\': unit[0] = '\\', unit[1] = '\\'; return 2;
	}
	if (c >= 0x20 && c < 0x7f) {
		unit[0] = (char)c;
		return 1;
	}
	unit[0] = '\\', unit[1] = 'x', unit[2] = hex[c >> 4], unit[3] = hex[c & 15];
	return 4;
}

/* The same in a case line, where a blank at an end or behind another and the marks of the language need an escape. */
static size_t
case_unit_of(struct span s, size_t i, char unit[4])
{
	char c = s.at[i];

	if (c == '{' || c == '}' || c == '|' || c == '#') {
		unit[0] = '\\', unit[1] = c;
		return 2;
	}
	if (c == ' ' && (i == 0 || i + 1 == s.len || s.at[i - 1] == ' ')) {
		unit[0] = '\\', unit[1] = 's';
		return 2;
	}
	return unit_of((unsigned char)c, unit);
}

static size_t
unit_at(struct span s, size_t i, bool in_case, char unit[4])
{
	return in_case ? case_unit_of(s, i, unit) : unit_of((unsigned char)s.at[i], unit);
}

/* "..." and a number, as far as there is room. */
static size_t
put_left_out(char *into, size_t room, size_t left_out)
{
	char text[3 + 20];
	size_t at = sizeof(text), n;

	do
		text[--at] = (char)('0' + left_out % 10);
	while ((left_out /= 10) != 0);
	at -= 3;
	memcpy(text + at, "...", 3);
	n = sizeof(text) - at < room ? sizeof(text) - at : room;
	memcpy(into, text + at, n);
	return n;
}

static size_t
digits_of(size_t n)
{
	size_t digits = 1;

	while ((n /= 10) != 0)
		digits++;
	return digits;
}

static size_t
escape(char *into, size_t cap, struct span s, bool in_case)
{
	size_t used = 0, kept = 0, kept_used = 0, room, tail;
	char unit[4];

	if (cap == 0)
		return 0;
	room = cap - 1;
	tail = 3 + digits_of(s.len);
	for (size_t i = 0; i < s.len; i++) {
		size_t n = unit_at(s, i, in_case, unit);

		if (used + n > room) {
			used = kept_used + put_left_out(into + kept_used, room - kept_used, s.len - kept);
			break;
		}
		memcpy(into + used, unit, n);
		used += n;
		if (used + tail <= room) {
			kept = i + 1;
			kept_used = used;
		}
	}
	into[used] = '\0';
	return used;
}

size_t
escape_bytes(char *into, size_t cap, struct span s)
{
	return escape(into, cap, s, false);
}

size_t
escape_case(char *into, size_t cap, struct span s)
{
	return escape(into, cap, s, true);
}
