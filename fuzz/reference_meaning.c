#include "quiet.h"
#include "reference_parts.h"

QUIET_BEGIN

/* V.250 5.7.1 and the manual's own; the digit is that of ATV0, or a blank. */
static const struct {
	const char *text;
	char digit;
	enum at_final final;
} finals[] = {
	{ "OK", '0', AT_FINAL_OK },
	{ "CONNECT", '1', AT_FINAL_CONNECT },
	{ "NO CARRIER", '3', AT_FINAL_NO_CARRIER },
	{ "ERROR", '4', AT_FINAL_ERROR },
	{ "NO DIALTONE", '6', AT_FINAL_NO_DIALTONE },
	{ "BUSY", '7', AT_FINAL_BUSY },
	{ "NO ANSWER", '8', AT_FINAL_NO_ANSWER },
	{ "PROCEEDING", '9', AT_FINAL_PROCEEDING },
	{ "SHUT OK", ' ', AT_FINAL_SHUT_OK },
	{ "NORMAL POWER DOWN", ' ', AT_FINAL_POWER_DOWN },
};

/* Manual 19.3, chapters 9, 11 and 12.  What comes unasked: as a whole line, */
static const char *const urc_lines[] = { "RDY", "RING", "Call Ready", "SMS Ready", "NORMAL POWER DOWN", "UNDER-VOLTAGE POWER DOWN",
	"OVER-VOLTAGE POWER DOWN", "CHARGE-ONLY MODE", "MO RING", "MO CONNECTED", NULL };
/* as a line that begins so, */
static const char *const urc_beginnings[] = { "UNDER-VOLTAGE WARN", "OVER-VOLTAGE WARN", NULL };
/* as a line that begins with this and 1, behind its colon, */
static const char *const urc_ends_of_ftp[] = { "+FTPGET", "+FTPPUT", "+FTPDELE", "+FTPSIZE", "+FTPMKD", "+FTPRMD", "+FTPLIST",
	"+FTPGETTOFS", "+FTPPUTFRMFS", "+FTPEXTGET", "+FTPFILEPUT", NULL };
/* as a line with this before its colon, unless a command of that name is pending. */
static const char *const urc_prefixes[] = { "+CBM", "+CCWA", "+CDS", "+CDSI", "+CFUN", "+CGEV", "+CGREG", "+CIEV", "+CLIP", "+CMT", "+CMTE",
	"+CMTI", "+COLP", "+CPIN", "+CREG", "+CRING", "+CSQN", "+CSSI", "+CSSU", "+CTZE", "+CTZV", "+CUSD", "+DTMF", "+PDP", "*PSUTTZ",
	"*PSNWID", "DST", "STATE", "C", NULL };

#define FINALS (sizeof(finals) / sizeof(finals[0]))

static bool
among(struct span s, const char *const *list)
{
	for (; *list != NULL; list++)
		if (reference_is(s, *list))
			return true;
	return false;
}

bool
reference_printable(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if (((unsigned char)line.at[i] < 0x20 && line.at[i] != '\t') || line.at[i] == 0x7f)
			return false;
	return true;
}

/* ---- numbers, as text --------------------------------------------------- */

static bool
all_digits(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!reference_is_digit(s.at[i]))
			return false;
	return s.len > 0;
}

static struct span
unzeroed(struct span digits)
{
	while (digits.len > 1 && digits.at[0] == '0')
		digits = span_after(digits, 1);
	return digits;
}

/* The number in digits is at most the one in limit, however long they are. */
static bool
at_most(struct span digits, const char *limit)
{
	size_t len = strlen(limit);

	digits = unzeroed(digits);
	if (digits.len != len)
		return digits.len < len;
	for (size_t i = 0; i < len; i++)
		if (digits.at[i] != limit[i])
			return digits.at[i] < limit[i];
	return true;
}

/* A number that is known to be small. */
static uint64_t
small_number(struct span digits)
{
	uint64_t n = 0;

	for (size_t i = 0; i < digits.len; i++)
		n = 10 * n + (uint64_t)(digits.at[i] - '0');
	return n;
}

/* ---- what stands in a line ---------------------------------------------- */

/* What stands before the colon, if it is a name: letters and digits, perhaps a sign before them.  Else empty. */
static struct span
prefix_of(struct span line)
{
	size_t n = 0;

	if (line.len > 0 && line.at[0] != '\0' && strchr("+*^%$&", line.at[0]) != NULL)
		n = 1;
	while (n < line.len && (reference_is_letter(line.at[n]) || reference_is_digit(line.at[n])))
		n++;
	return span_first(line, n < line.len && line.at[n] == ':' ? n : 0);
}

/* What stands behind the colon and blanks. */
static struct span
value_of(struct span line, struct span prefix)
{
	return reference_unblank(span_after(line, prefix.len + 1));
}

/* The next field of a list and the rest behind its comma; false: there is none. */
static bool
cut_field(struct span *rest, bool *more, struct span *field)
{
	size_t n = 0;

	if (!*more)
		return false;
	while (n < rest->len && rest->at[n] != ',')
		n++;
	*field = span_first(*rest, n);
	*more = n < rest->len;
	*rest = *more ? reference_unblank(span_after(*rest, n + 1)) : span_after(*rest, n);
	return true;
}

static const struct reference_command *
pending_named(const struct reference *r, struct span name)
{
	for (int i = 0; i < r->commands_len; i++)
		if (reference_same(r->commands[i].name, name, true))
			return &r->commands[i];
	return NULL;
}

static bool
pending_free(const struct reference *r)
{
	bool free = false;

	for (int i = 0; i < r->commands_len; i++)
		free = free || r->commands[i].free;
	return free;
}

/* ---- the kinds of lines ------------------------------------------------- */

enum at_final
reference_digit(struct span line)
{
	for (size_t i = 0; i < FINALS && line.len == 1; i++)
		if (finals[i].digit == line.at[0] && finals[i].digit != ' ')
			return finals[i].final;
	return AT_FINAL_NONE;
}

/* The number that stands behind +CME ERROR:, or whose text does; -1 for none that is known. */
static int
error_number(struct span value, bool texts)
{
	if (all_digits(value))
		return at_most(value, "99999") ? (int)small_number(unzeroed(value)) : -1;
	for (size_t i = 0; texts && i < at_cme_count; i++)
		if (reference_is(value, at_cme_table[i].text))
			return at_cme_table[i].number;
	for (size_t i = 0; texts && i < at_cme_count; i++)
		if (reference_is_nocase(value, at_cme_table[i].text))
			return at_cme_table[i].number;
	return -1;
}

static bool
final_of(const struct reference *r, struct span line, bool bare_cr, struct reference_meaning *m)
{
	for (size_t i = 0; i < FINALS; i++)
		if (reference_is(line, finals[i].text))
			m->final = finals[i].final;
	if (reference_begins(line, "CONNECT ") && line.len > 8 && reference_is_digit(line.at[8]))
		m->final = AT_FINAL_CONNECT;
	if (reference_begins(line, "+CME ERROR:") || reference_begins(line, "+CMS ERROR:")) {
		struct span value = reference_unblank(span_after(line, 11));
		bool equipment = line.at[3] == 'E';

		if (value.len == 0)
			return false;
		m->final = equipment ? AT_FINAL_CME_ERROR : AT_FINAL_CMS_ERROR;
		m->cme = error_number(value, equipment);
	}
	if (m->final == AT_FINAL_NONE && (bare_cr || !r->verbose))
		m->final = reference_digit(line);
	/* a module also powers down by a key or a low voltage: then nobody waits for it */
	if (m->final == AT_FINAL_POWER_DOWN && pending_named(r, SPAN("+CPOWD")) == NULL)
		m->final = AT_FINAL_NONE;
	m->kind = AT_REPLY_FINAL;
	return m->final != AT_FINAL_NONE;
}

/* A line that says how many bytes follow, or are to be sent. */
static bool
announcement(const struct reference *r, struct span line, struct span prefix, struct reference_meaning *m)
{
	bool plain = reference_is(prefix, "+HTTPREAD") || reference_is(prefix, "+HTTPHEAD");
	bool two = reference_is(prefix, "+FTPGET") || reference_is(prefix, "+FTPLIST");
	bool put = reference_is(prefix, "+FTPPUT"), extended = reference_is(prefix, "+FTPEXTPUT");
	const struct reference_command *command = pending_named(r, prefix);
	struct span rest, first, length = SPAN("");
	bool more;

	if (!plain && !two && !put && !extended)
		return false;
	rest = value_of(line, prefix);
	more = rest.len > 0;
	/* a test form's answer, whether asked for or not; to a command that is no test form it is a bad length */
	if (reference_begins(rest, "(") && (command == NULL || command->test))
		return false;
	if ((two || put) && (!cut_field(&rest, &more, &first) || !reference_is(first, "2")))
		return false;
	if (extended && (!cut_field(&rest, &more, &first) || !all_digits(first) || !at_most(first, "18446744073709551615") || !more))
		return false;
	length = rest;
	if (all_digits(length) && at_most(length, two ? "1460" : "319488")) {
		m->kind = put || extended ? AT_REPLY_PROMPT : command != NULL || pending_free(r) ? AT_REPLY_INFO : AT_REPLY_URC;
		m->payload = put || extended ? 0 : small_number(unzeroed(length));
		return true;
	}
	m->kind = AT_REPLY_FAULT;
	m->why = all_digits(length) ? "absurd length" : "length is no number";
	return true;
}

/* A line that is a URC whatever is pending. */
static bool
urc_always(const struct reference *r, struct span line, struct span prefix)
{
	struct span value = prefix.len > 0 ? value_of(line, prefix) : SPAN("");

	if (among(line, urc_lines) || (!r->verbose && reference_is(line, "2")))
		return true;
	for (size_t i = 0; urc_beginnings[i] != NULL; i++)
		if (reference_begins(line, urc_beginnings[i]))
			return true;
	/* the bearer is gone: a digit before the colon (manual 9.2) */
	if (reference_begins(line, "+SAPBR ") && line.len >= 9 && reference_is_digit(line.at[7]) && line.at[8] == ':')
		return reference_is(reference_unblank(span_after(line, 9)), "DEACT");
	if (reference_is(prefix, "+HTTPACTION"))
		return value.len > 0 && reference_is_digit(value.at[0]);
	return among(prefix, urc_ends_of_ftp) && reference_begins(value, "1,");
}

/* What no line has, a tab among it, makes no prefix here. */
bool
reference_urc(struct span line, bool always)
{
	static const struct reference anyone = { .verbose = true };
	struct span prefix = prefix_of(line);

	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.at[i] < 0x20 || line.at[i] == 0x7f)
			prefix.len = 0;
	return urc_always(&anyone, line, prefix) || (!always && prefix.len > 0 && among(prefix, urc_prefixes));
}

struct reference_meaning
reference_mean(const struct reference *r, struct span line, bool bare_cr)
{
	struct reference_meaning m = { .kind = AT_REPLY_FAULT, .cme = -1 };
	struct span prefix = prefix_of(line);

	if (reference_looks_echoed(line) || (r->stray.len > 0 && reference_same(line, r->stray, false))) {
		m.kind = AT_REPLY_ECHO;
		return m;
	}
	if (reference_printable(line)) {
		if (final_of(r, line, bare_cr, &m) || (prefix.len > 0 && announcement(r, line, prefix, &m)))
			return m;
		m.kind = AT_REPLY_PROMPT;
		if (reference_is(line, "DOWNLOAD"))
			return m;
		m.kind = AT_REPLY_URC;
		if (urc_always(r, line, prefix))
			return m;
		m.kind = AT_REPLY_INFO;
		if (prefix.len > 0 && pending_named(r, prefix) != NULL)
			return m;
		m.kind = AT_REPLY_URC;
		if (prefix.len > 0 && among(prefix, urc_prefixes))
			return m;
		m.kind = AT_REPLY_INFO;
		m.by_free = pending_free(r);
		if (m.by_free)
			return m;
		m.kind = AT_REPLY_URC;
		if (prefix.len > 0 && reference_known(prefix))
			return m;
	}
	m.kind = AT_REPLY_FAULT;
	m.noise = true;
	m.why = "noise";
	return m;
}

QUIET_END
