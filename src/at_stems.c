#include "at_stems.h"
#include "at_scan.h"

#define FINAL AT_SAYS_FINAL
#define ERROR AT_SAYS_ERROR
#define PROMPT AT_SAYS_PROMPT
#define URC AT_SAYS_URC
#define UNASKED AT_SAYS_UNASKED
#define NONE AT_FINAL_NONE

/* clang-format off */
/* Sources: V.250 5.7.1; manual 19.3, chapters 9, 11, 12. */
const struct at_stem at_stems[] = {
	/* text			says		final			colon */
	{ "OK",			FINAL,		AT_FINAL_OK,		false },
	{ "CONNECT",		FINAL,		AT_FINAL_CONNECT,	false },
	{ "NO CARRIER",		FINAL,		AT_FINAL_NO_CARRIER,	false },
	{ "ERROR",		FINAL,		AT_FINAL_ERROR,		false },
	{ "NO DIALTONE",	FINAL,		AT_FINAL_NO_DIALTONE,	false },
	{ "BUSY",		FINAL,		AT_FINAL_BUSY,		false },
	{ "NO ANSWER",		FINAL,		AT_FINAL_NO_ANSWER,	false },
	{ "PROCEEDING",		FINAL,		AT_FINAL_PROCEEDING,	false },
	{ "SHUT OK",		FINAL,		AT_FINAL_SHUT_OK,	false },
	{ "+CME ERROR",		ERROR,		NONE,			true },
	{ "+CMS ERROR",		ERROR,		NONE,			true },
	{ "DOWNLOAD",		PROMPT,		NONE,			false },
	{ "RDY",		URC,		NONE,			false },
	{ "RING",		URC,		NONE,			false },
	{ "Call Ready",		URC,		NONE,			false },
	{ "SMS Ready",		URC,		NONE,			false },
	{ "CHARGE-ONLY MODE",	URC,		NONE,			false },
	{ "MO RING",		URC,		NONE,			false },
	{ "MO CONNECTED",	URC,		NONE,			false },
	{ "+CBM",		UNASKED,	NONE,			true },
	{ "+CCWA",		UNASKED,	NONE,			true },
	{ "+CDS",		UNASKED,	NONE,			true },
	{ "+CDSI",		UNASKED,	NONE,			true },
	{ "+CGEV",		UNASKED,	NONE,			true },
	{ "+CIEV",		UNASKED,	NONE,			true },
	{ "+CMT",		UNASKED,	NONE,			true },
	{ "+CMTI",		UNASKED,	NONE,			true },
	{ "+COLP",		UNASKED,	NONE,			true },
	{ "+CRING",		UNASKED,	NONE,			true },
	{ "+CSQN",		UNASKED,	NONE,			true },
	{ "+CSSI",		UNASKED,	NONE,			true },
	{ "+CSSU",		UNASKED,	NONE,			true },
	{ "+CTZE",		UNASKED,	NONE,			true },
	{ "+CTZV",		UNASKED,	NONE,			true },
	{ "+DTMF",		UNASKED,	NONE,			true },
	{ "+PDP",		UNASKED,	NONE,			true },
	{ "*PSUTTZ",		UNASKED,	NONE,			true },
	{ "*PSNWID",		UNASKED,	NONE,			true },
	{ "DST",		UNASKED,	NONE,			true },
	/* AT+CIPSTATUS says these after its OK */
	{ "STATE",		UNASKED,	NONE,			true },
	{ "C",			UNASKED,	NONE,			true },
};
/* clang-format on */

const size_t at_stem_count = sizeof(at_stems) / sizeof(at_stems[0]);

/* Multipliers that leave nearly every stem a slot of its own; test_at_stems.c says what the slots must be. */
#define HASH_LOW 0x4a60a22efa9eaa65u
#define HASH_HIGH 0x744b7636f1100c39u

/* clang-format off */
const uint8_t at_stem_slots[AT_STEM_SLOTS] = {
	99, 134, 166, 0, 0, 0, 0, 74, 0, 152, 63, 0, 0, 0, 0, 94,
	137, 124, 0, 0, 0, 0, 0, 0, 112, 0, 0, 0, 0, 0, 48, 0,
	0, 0, 0, 39, 44, 109, 169, 143, 0, 0, 83, 46, 0, 0, 0, 0,
	0, 0, 67, 0, 164, 78, 73, 0, 0, 0, 0, 0, 0, 153, 0, 0,
	0, 19, 0, 0, 23, 0, 70, 0, 0, 51, 0, 15, 0, 0, 0, 0,
	0, 0, 0, 42, 0, 127, 0, 5, 0, 111, 138, 157, 0, 6, 0, 103,
	0, 0, 0, 53, 151, 0, 0, 61, 0, 77, 56, 114, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 71, 0, 0, 0, 0, 0, 118, 0, 22, 62,
	0, 0, 0, 172, 0, 0, 133, 170, 0, 0, 158, 0, 0, 130, 90, 14,
	0, 0, 33, 41, 66, 0, 0, 0, 0, 0, 0, 0, 0, 58, 0, 122,
	0, 68, 0, 0, 0, 0, 0, 167, 0, 0, 0, 0, 113, 0, 0, 0,
	79, 26, 0, 0, 0, 163, 165, 0, 0, 0, 0, 82, 0, 0, 25, 116,
	0, 0, 12, 0, 105, 154, 86, 160, 0, 0, 0, 30, 0, 0, 135, 0,
	0, 110, 125, 93, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 45, 0,
	132, 0, 148, 0, 0, 0, 0, 0, 0, 0, 0, 0, 18, 0, 144, 0,
	47, 0, 0, 0, 0, 0, 95, 0, 0, 7, 0, 0, 0, 0, 92, 115,
	65, 0, 0, 0, 0, 0, 0, 50, 0, 0, 0, 57, 121, 142, 0, 0,
	81, 119, 0, 0, 0, 0, 128, 87, 0, 0, 0, 0, 0, 0, 0, 32,
	0, 0, 17, 0, 52, 0, 0, 0, 150, 0, 29, 104, 54, 0, 0, 0,
	171, 97, 0, 31, 0, 0, 101, 0, 11, 149, 0, 0, 0, 0, 1, 0,
	0, 0, 0, 107, 84, 0, 13, 28, 0, 0, 0, 21, 0, 16, 0, 0,
	20, 123, 89, 117, 102, 0, 0, 0, 0, 0, 0, 35, 0, 0, 0, 0,
	0, 0, 0, 0, 129, 0, 0, 0, 75, 69, 0, 0, 140, 0, 0, 0,
	0, 0, 36, 136, 59, 106, 85, 0, 0, 159, 0, 0, 168, 0, 0, 0,
	0, 0, 3, 173, 0, 0, 91, 0, 0, 141, 0, 0, 0, 0, 34, 0,
	0, 0, 161, 126, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	80, 0, 0, 0, 43, 120, 146, 0, 0, 27, 0, 0, 0, 55, 0, 0,
	0, 0, 0, 0, 155, 9, 0, 131, 0, 0, 0, 139, 0, 0, 76, 0,
	145, 0, 10, 162, 0, 0, 0, 0, 8, 38, 0, 0, 0, 0, 0, 0,
	0, 156, 0, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 72, 0, 147,
	37, 49, 98, 0, 0, 0, 96, 0, 0, 64, 0, 0, 0, 0, 100, 0,
	0, 88, 0, 0, 0, 0, 108, 0, 60, 0, 0, 0, 0, 0, 0, 2,
};
/* clang-format on */

/* ---- a stem as two words, its first byte lowest ------------------------- */

struct words {
	uint64_t low, high;
};

static uint64_t
load4(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24;
}

static uint64_t
load8(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
	       (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

/* The lowest n bytes of a word; n is at least 1 and at most 8. */
static uint64_t
lowest(uint64_t word, size_t n)
{
	return word & UINT64_MAX >> (64 - 8 * n);
}

/* n bytes, 1 to AT_STEM_MAX, where no more may be read: what is loaded twice falls on itself. */
static struct words
words_of(const char *at, size_t n)
{
	struct words w = { 0, 0 };

	if (n >= 8) {
		w.low = load8(at);
		w.high = n > 8 ? load8(at + n - 8) >> 8 * (16 - n) : 0;
	} else if (n >= 4) {
		w.low = load4(at) | load4(at + n - 4) << 8 * (n - 4);
	} else {
		for (size_t i = n; i-- > 0;)
			w.low = w.low << 8 | (unsigned char)at[i];
	}
	return w;
}

/* The same where AT_STEM_MAX bytes may be read. */
static struct words
words_in(const char *at, size_t n)
{
	struct words w = { load8(at), 0 };

	if (n > 8)
		w.high = lowest(load8(at + 8), n - 8);
	else
		w.low = lowest(w.low, n);
	return w;
}

static unsigned int
hash(struct words w, bool colon)
{
	return (unsigned int)(((w.low + colon) * HASH_LOW ^ w.high * HASH_HIGH) >> 55);
}

static bool
is_text(const char text[AT_STEM_MAX], struct words w)
{
	return load8(text) == w.low && load8(text + 8) == w.high;
}

/* ---- finding one.  A stem does not end in NUL, as zeros stand behind those of the tables. ---------------------------------------------------------- */

unsigned int
at_stem_hash(struct span stem, bool colon)
{
	return hash(words_of(stem.at, stem.len), colon);
}

static struct at_known
find(struct words w, bool colon)
{
	struct at_known k = { NULL, 0, 0, AT_FINAL_NONE };

	for (unsigned int i = hash(w, colon); at_stem_slots[i] != 0; i = (i + 1) % AT_STEM_SLOTS) {
		size_t row = at_stem_slots[i] - 1u;

		if (row < at_command_count) {
			if (!colon || !is_text(at_commands[row].name, w))
				continue;
			k.facts = &at_commands[row];
			k.says = k.facts->says;
			return k;
		}
		row -= at_command_count;
		if (at_stems[row].colon == colon && is_text(at_stems[row].text, w)) {
			k.says = at_stems[row].says;
			k.final = (enum at_final)at_stems[row].final;
			return k;
		}
	}
	return k;
}

/* Where the first colon stands in the first n bytes, or n. */
static size_t
colon_in(const char *at, size_t n)
{
	const char *colon = memchr(at, ':', n);

	return colon != NULL ? (size_t)(colon - at) : n;
}

/* The same where AT_STEM_MAX bytes may be read, and n is at most so many. */
static size_t
colon_in_block(const char *at, size_t n)
{
#ifdef __SSE2__
	size_t i = at_scan_first(at_scan_equal(at_scan_load(at), ':') | 1u << AT_STEM_MAX);

	return i < n ? i : n;
#else
	return colon_in(at, n);
#endif
}

struct at_known
at_known_of(struct span line, size_t room)
{
	struct at_known k = { NULL, 0, 0, AT_FINAL_NONE };
	size_t n = line.len < AT_STEM_MAX ? line.len : AT_STEM_MAX;
	size_t stem = room >= AT_STEM_MAX ? colon_in_block(line.at, n) : colon_in(line.at, n);
	bool colon = stem < line.len && line.at[stem] == ':';

	if (stem == 0 || (!colon && line.len > AT_STEM_MAX) || line.at[stem - 1] == '\0')
		return k;
	k = find(room >= AT_STEM_MAX ? words_in(line.at, stem) : words_of(line.at, stem), colon);
	if (colon && (k.facts != NULL || k.says != 0))
		k.prefix = stem;
	return k;
}

const struct at_command_facts *
at_command_named(struct span name)
{
	char upper[AT_STEM_MAX];

	if (name.len == 0 || name.len > AT_STEM_MAX || name.at[name.len - 1] == '\0')
		return NULL;
	for (size_t i = 0; i < name.len; i++)
		upper[i] = name.at[i] >= 'a' && name.at[i] <= 'z' ? (char)(name.at[i] - 'a' + 'A') : name.at[i];
	return find(words_of(upper, name.len), true).facts;
}
