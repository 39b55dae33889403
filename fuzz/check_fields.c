/* What holds for at_fields on every line. */
#include "oracle.h"
#include "reference_fields.h"

/* So many fields of a line are tried, and so many lengths of a prefix: the cost of a byte has a bound. */
#define FIELDS_MAX 64
#define PREFIX_MAX 20

/* What readers must leave alone when they say no. */
#define UNTOUCHED 0x5a5a5a5a5a5a5a5au
static const char untouched[] = "untouched";

static const char *const names[] = { "number", "quoted", "word", "address", "list", "range", "skip" };

/* A reader's call and what it gave. */
struct call {
	enum field_reader reader;
	uint64_t min, max;
	struct at_fields f;
	uint64_t low, high;
	struct span text;
	uint8_t address[4];
	bool ok;
};

static void
make(struct call *c)
{
	c->low = c->high = UNTOUCHED;
	c->text = span_of(untouched, sizeof(untouched));
	memset(c->address, 0x5a, sizeof(c->address));
	switch (c->reader) {
	case READ_NUMBER: c->ok = at_fields_number(&c->f, c->min, c->max, &c->low); break;
	case READ_QUOTED: c->ok = at_fields_quoted(&c->f, &c->text); break;
	case READ_WORD: c->ok = at_fields_word(&c->f, &c->text); break;
	case READ_ADDRESS: c->ok = at_fields_address(&c->f, c->address); break;
	case READ_LIST: c->ok = at_fields_list(&c->f, &c->text); break;
	case READ_RANGE: c->ok = at_fields_range(&c->f, &c->low, &c->high); break;
	case READ_SKIP: c->ok = at_fields_skip(&c->f); break;
	case FIELD_READERS: break;
	}
}

static bool
results_are(const struct call *c, const struct reference_field *want, struct span rest)
{
	bool number = want->ok && (c->reader == READ_NUMBER || c->reader == READ_RANGE), range = want->ok && c->reader == READ_RANGE;
	bool text = want->ok && (c->reader == READ_QUOTED || c->reader == READ_WORD || c->reader == READ_LIST);

	if (c->low != (number ? want->low : UNTOUCHED) || c->high != (range ? want->high : UNTOUCHED))
		return false;
	if (c->text.at != (text ? rest.at + want->text_at : untouched) || c->text.len != (text ? want->text_len : sizeof(untouched)))
		return false;
	return memcmp(c->address, want->ok && c->reader == READ_ADDRESS ? want->address : (const uint8_t *)"ZZZZ", 4) == 0;
}

/* Read the field at the front of rest; its copy is what the reference reads.  Return what the reference says. */
static struct reference_field
check_reader(struct span rest, const char *copy, bool ended, enum field_reader reader, uint64_t min, uint64_t max)
{
	struct call c = { .reader = reader, .min = min, .max = max, .f = { rest, ended } };
	struct reference_field want = reference_field(copy, ended, reader, min, max);

	make(&c);
	if (c.ok != want.ok || c.f.rest.at != rest.at + want.taken || c.f.rest.len != rest.len - want.taken || c.f.ended != want.ended ||
	    at_fields_end(&c.f) != want.ended || !results_are(&c, &want, rest))
		oracle_fail("fields", "%s %llu..%llu of '%.*s'%s: %s, %zu taken, ended %d, %llu, %llu; expected %s, %zu, %d, %llu, %llu",
		    names[reader], (unsigned long long)min, (unsigned long long)max, (int)rest.len, rest.at, ended ? " at the end" : "",
		    c.ok ? "yes" : "no", rest.len - c.f.rest.len, c.f.ended, (unsigned long long)c.low, (unsigned long long)c.high,
		    want.ok ? "yes" : "no", want.taken, want.ended, (unsigned long long)want.low, (unsigned long long)want.high);
	return want;
}

/* A number is read with limits right at it, and not with limits one off. */
static void
check_limits(struct span rest, const char *copy, uint64_t n)
{
	check_reader(rest, copy, false, READ_NUMBER, n, n);
	check_reader(rest, copy, false, READ_NUMBER, 0, n);
	if (n < UINT64_MAX)
		check_reader(rest, copy, false, READ_NUMBER, n + 1, UINT64_MAX);
	if (n > 0)
		check_reader(rest, copy, false, READ_NUMBER, 0, n - 1);
}

static void
check_number(struct span text, const char *copy)
{
	uint64_t got = UNTOUCHED, want = 0;
	bool ok = at_number(text, &got), expected = reference_number(copy, text.len, &want);

	if (ok != expected || got != (ok ? want : UNTOUCHED))
		oracle_fail("fields", "at_number '%.*s': %d %llu, expected %d %llu", (int)text.len, text.at, ok, (unsigned long long)got,
		    expected, (unsigned long long)want);
}

/* Every reader at every field that another reader comes to. */
static void
check_text(struct span text, const char *copy)
{
	static char reached[CHECK_FIELDS_MAX + 2]; /* fields begin there; the last one is the end without a field */
	size_t first = strspn(copy, " "), fields = 0;

	memset(reached, 0, text.len + 2);
	reached[copy[first] == '\0' ? text.len + 1 : first] = 1;
	for (size_t at = first; at <= text.len + 1 && fields < FIELDS_MAX; at++) {
		bool ended = at == text.len + 1;
		size_t place = ended ? text.len : at;
		struct span rest = span_after(text, place);

		if (!reached[at])
			continue;
		fields++;
		for (enum field_reader reader = READ_NUMBER; reader < FIELD_READERS; reader++) {
			struct reference_field f = check_reader(rest, copy + place, ended, reader, 0, UINT64_MAX);

			if (!f.ok)
				continue;
			reached[f.ended ? text.len + 1 : place + f.taken] = 1;
			if (reader == READ_NUMBER)
				check_limits(rest, copy + place, f.low);
		}
		check_number(span_first(rest, strcspn(copy + place, ",")), copy + place);
	}
}

static void
check_start(struct span text, const char *copy)
{
	size_t blanks = strspn(copy, " ");
	struct at_fields f;

	memset(&f, 0xa5, sizeof(f));
	at_fields_start(&f, text);
	if (f.rest.at != text.at + blanks || f.rest.len != text.len - blanks || f.ended != (copy[blanks] == '\0'))
		oracle_fail("fields", "start of '%.*s': %zu left, ended %d", (int)text.len, text.at, f.rest.len, f.ended);
}

/* The line opens with what stands before its colon, whole, and with nothing else. */
static void
check_open(struct span line, const char *copy)
{
	char prefix[PREFIX_MAX + 2];

	for (size_t n = 0; n <= line.len && n <= PREFIX_MAX; n++) {
		const struct at_fields before = { span_of(untouched, sizeof(untouched)), true };
		struct at_fields f = before;
		bool ok, expected = copy[n] == ':';
		const char *rest = copy + n + 1;

		memcpy(prefix, line.at, n);
		ok = at_fields_open(&f, line, span_of(prefix, n));
		if (ok != expected)
			oracle_fail("fields", "'%.*s' opens with '%.*s': %d", (int)line.len, line.at, (int)n, prefix, ok);
		if (ok && (f.rest.at != line.at + (rest - copy) + strspn(rest, " ") || f.rest.len != strlen(rest + strspn(rest, " ")) ||
			      f.ended != (f.rest.len == 0)))
			oracle_fail("fields", "'%.*s' opened with '%.*s': %zu left, ended %d", (int)line.len, line.at, (int)n, prefix,
			    f.rest.len, f.ended);
		if (!ok && (f.rest.at != before.rest.at || f.rest.len != before.rest.len || f.ended != before.ended))
			oracle_fail(
			    "fields", "'%.*s' does not open with '%.*s' but leaves its mark", (int)line.len, line.at, (int)n, prefix);
		if (ok && n > 0) {
			prefix[n - 1] ^= 1;
			if (at_fields_open(&f, line, span_of(prefix, n)))
				oracle_fail("fields", "'%.*s' opens with '%.*s'", (int)line.len, line.at, (int)n, prefix);
		}
	}
}

void
check_fields(struct span line)
{
	static char copy[CHECK_FIELDS_MAX + 1];
	const char *colon;

	line = span_first(line, CHECK_FIELDS_MAX);
	for (size_t i = 0; i < line.len; i++)
		copy[i] = line.at[i] != '\0' ? line.at[i] : '\1';
	copy[line.len] = '\0';
	check_open(line, copy);
	check_start(line, copy);
	check_text(line, copy);
	colon = strchr(copy, ':');
	if (colon != NULL)
		check_text(span_after(line, (size_t)(colon - copy) + 1), colon + 1);
	check_number(line, copy);
}
