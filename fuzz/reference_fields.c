/* The rules of at_fields.h, by strtoull and its kin. */
#include <errno.h>
#include <stdlib.h>

#include "reference_fields.h"

bool
reference_number(const char *text, size_t len, uint64_t *value)
{
	char *end;

	/* strtoull itself would take blanks and a sign */
	if (len == 0 || strspn(text, "0123456789") < len)
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno != ERANGE && end == text + len;
}

/* Length of the field that begins with open and ends with close, or 0 if it is not of that kind. */
static size_t
enclosed(const char *s, char open, char close)
{
	const char *end = s[0] == open ? strchr(s + 1, close) : NULL;

	if (end == NULL || (end[1] != ',' && end[1] != '\0'))
		return 0;
	return (size_t)(end + 1 - s);
}

static struct reference_field
taken(struct reference_field f, const char *rest, size_t length)
{
	f.ok = true;
	f.ended = rest[length] == '\0';
	f.taken = f.ended ? length : length + 1 + strspn(rest + length + 1, " ");
	return f;
}

static struct reference_field
text_is(struct reference_field f, size_t at, size_t len)
{
	f.text_at = at;
	f.text_len = len;
	return f;
}

/* Four numbers up to 255 of at most three digits, with points between them, that end at end. */
static bool
address(const char *s, const char *end, uint8_t out[4])
{
	for (int i = 0; i < 4; i++) {
		size_t digits = strspn(s, "0123456789");
		unsigned long n;

		if (digits < 1 || digits > 3 || (n = strtoul(s, NULL, 10)) > 255)
			return false;
		out[i] = (uint8_t)n;
		s += digits;
		if (i < 3 && *s++ != '.')
			return false;
	}
	return s == end;
}

static bool
range(const char *s, size_t len, struct reference_field *f)
{
	size_t digits = strspn(s, "0123456789");

	if (!reference_number(s, digits, &f->low))
		return false;
	f->high = f->low;
	if (digits == len)
		return true;
	return s[digits] == '-' && digits < len && reference_number(s + digits + 1, len - digits - 1, &f->high) && f->low <= f->high;
}

struct reference_field
reference_field(const char *rest, bool ended, enum field_reader reader, uint64_t min, uint64_t max)
{
	const struct reference_field none = { .ended = ended };
	struct reference_field f = none;
	size_t bare = strcspn(rest, ","), quoted = enclosed(rest, '"', '"'), list = enclosed(rest, '(', ')');

	if (ended)
		return none;
	switch (reader) {
	case READ_NUMBER:
		if (reference_number(rest, bare, &f.low) && f.low >= min && f.low <= max)
			return taken(f, rest, bare);
		return none;
	case READ_QUOTED: return quoted > 0 ? taken(text_is(f, 1, quoted - 2), rest, quoted) : none;
	case READ_WORD: return rest[0] != '"' ? taken(text_is(f, 0, bare), rest, bare) : none;
	case READ_ADDRESS:
		if (quoted > 0 && address(rest + 1, rest + quoted - 1, f.address))
			return taken(f, rest, quoted);
		if (quoted == 0 && address(rest, rest + bare, f.address))
			return taken(f, rest, bare);
		return none;
	case READ_LIST: return list > 0 ? taken(text_is(f, 1, list - 2), rest, list) : none;
	case READ_RANGE: return range(rest, bare, &f) ? taken(f, rest, bare) : none;
	case READ_SKIP: return taken(f, rest, quoted > 0 ? quoted : list > 0 ? list : bare);
	case FIELD_READERS: break;
	}
	return none;
}
