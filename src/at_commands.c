/* The commands of the field: the other half of at_codes.h. */
#include "at_codes.h"

#define NONE AT_ANSWER_NONE
#define PREFIX AT_ANSWER_PREFIX
#define FREE AT_ANSWER_FREE
#define BOTH AT_ANSWER_BOTH
#define MS AT_RESPONSE_MS
#define STEP AT_SAYS_STEP
#define ACTION AT_SAYS_ACTION
#define UNASKED AT_SAYS_UNASKED
#define BYTES AT_SAYS_BYTES

/* clang-format off */
/* In ASCII order.  test_at_stems.c says what at_stem_slots must be when a row comes or goes. */
const struct at_command_facts at_commands[] = {
	{ "&C",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "&D",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "&F",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "&V",			FREE,	0,		MS,	"M 2.2",	NULL },
	{ "&W",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "+CBC",		PREFIX,	0,		MS,	"M 3.2",	NULL },
	{ "+CCID",		FREE,	0,		MS,	"M",		NULL },
	{ "+CCLK",		PREFIX,	0,		MS,	"M 3.2",	NULL },
	{ "+CDNSCFG",		BOTH,	0,		MS,	"M 8.2",	"?" },
	{ "+CDNSGIP",		PREFIX,	0,		MS,	"M 8.2",	NULL },
	{ "+CENG",		PREFIX,	0,		MS,	"M",		NULL },
	{ "+CFUN",		PREFIX,	UNASKED,	10000,	"M 3.2",	NULL },
	{ "+CGACT",		PREFIX,	0,		150000,	"M 7.2",	NULL },
	{ "+CGATT",		PREFIX,	0,		75000,	"M 7.2",	NULL },
	{ "+CGDCONT",		PREFIX,	0,		MS,	"M 7.2",	NULL },
	{ "+CGMI",		FREE,	0,		MS,	"M 3.2",	NULL },
	{ "+CGMM",		FREE,	0,		MS,	"M 3.2",	NULL },
	{ "+CGMR",		FREE,	0,		MS,	"M 3.2",	NULL },
	{ "+CGPADDR",		PREFIX,	0,		MS,	"M 7.2",	NULL },
	{ "+CGREG",		PREFIX,	UNASKED,	MS,	"M 7.2",	NULL },
	{ "+CGSN",		FREE,	0,		MS,	"M 3.2",	NULL },
	{ "+CIFSR",		FREE,	0,		MS,	"M 8.2",	NULL },
	{ "+CIICR",		NONE,	0,		85000,	"M 8.2",	NULL },
	{ "+CIMI",		FREE,	0,		20000,	"M 3.2",	NULL },
	{ "+CIPCLOSE",		NONE,	0,		MS,	"M 8.2",	NULL },
	{ "+CIPHEAD",		PREFIX,	0,		MS,	"M 8.2",	NULL },
	{ "+CIPMODE",		PREFIX,	0,		MS,	"M 8.2",	NULL },
	{ "+CIPMUX",		PREFIX,	0,		MS,	"M 8.2",	NULL },
	{ "+CIPQSEND",		PREFIX,	0,		MS,	"M 8.2",	NULL },
	{ "+CIPRXGET",		PREFIX,	0,		MS,	"M 8.2",	NULL },
	{ "+CIPSHUT",		NONE,	0,		65000,	"M 8.2",	NULL },
	{ "+CIPSPRT",		PREFIX,	0,		MS,	"M 8.2",	NULL },
	{ "+CIPSSL",		PREFIX,	0,		MS,	"SSL",		NULL },
	{ "+CIPSTART",		NONE,	0,		160000,	"M 8.2",	NULL },
	{ "+CIPSTATUS",		PREFIX,	0,		MS,	"M 8.2",	NULL },
	{ "+CIURC",		PREFIX,	0,		MS,	"M",		NULL },
	{ "+CLIP",		PREFIX,	UNASKED,	15000,	"M 3.2",	NULL },
	{ "+CLTS",		PREFIX,	0,		MS,	"M",		NULL },
	{ "+CMEE",		PREFIX,	0,		MS,	"M 3.2.20",	NULL },
	{ "+CMGF",		PREFIX,	0,		MS,	"M 4.2",	NULL },
	{ "+CMGL",		BOTH,	0,		MS,	"M 4.2",	NULL },
	{ "+CMGR",		BOTH,	0,		MS,	"M 4.2",	NULL },
	{ "+CMTE",		PREFIX,	UNASKED,	MS,	"M",		NULL },
	{ "+CNACT",		PREFIX,	0,		MS,	"",		NULL },
	{ "+CNETLIGHT",		PREFIX,	0,		MS,	"M",		NULL },
	{ "+CNMI",		PREFIX,	0,		MS,	"M 4.2",	NULL },
	{ "+CNUM",		PREFIX,	0,		MS,	"M 3.2",	NULL },
	{ "+COPS",		PREFIX,	0,		120000,	"M 3.2",	NULL },
	{ "+CPAS",		PREFIX,	0,		MS,	"M 3.2",	NULL },
	{ "+CPIN",		PREFIX,	UNASKED,	5000,	"M 3.2",	NULL },
	{ "+CPMS",		PREFIX,	0,		MS,	"M 4.2",	NULL },
	{ "+CPOWD",		NONE,	0,		MS,	"M",		NULL },
	{ "+CREG",		PREFIX,	UNASKED,	MS,	"M 3.2",	NULL },
	{ "+CSCA",		PREFIX,	0,		MS,	"M 4.2",	NULL },
	{ "+CSCLK",		PREFIX,	0,		MS,	"M",		NULL },
	{ "+CSCS",		PREFIX,	0,		MS,	"M 3.2",	NULL },
	{ "+CSQ",		PREFIX,	0,		MS,	"M 3.2",	NULL },
	{ "+CSTT",		PREFIX,	0,		MS,	"M 8.2",	NULL },
	{ "+CUSD",		PREFIX,	UNASKED,	MS,	"M 3.2",	NULL },
	{ "+CVHU",		PREFIX,	0,		MS,	"M",		NULL },
	/* FTP: the result code of a session command comes at once, its URC within 75 s */
	{ "+FTPCID",		PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPDELE",		PREFIX,	STEP,		MS,	"M 12.2",	NULL },
	{ "+FTPEXTGET",		PREFIX,	STEP,		MS,	"M 12.2",	NULL },
	{ "+FTPEXTPUT",		PREFIX,	BYTES,		MS,	"M 12.2",	NULL },
	{ "+FTPFILEPUT",	PREFIX,	STEP,		MS,	"M 12.2",	NULL },
	{ "+FTPGET",		PREFIX,	STEP | BYTES,	MS,	"M 12.2",	NULL },
	{ "+FTPGETNAME",	PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPGETPATH",	PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPGETTOFS",	PREFIX,	STEP,		MS,	"M 12.2",	NULL },
	{ "+FTPLIST",		PREFIX,	STEP | BYTES,	MS,	"M 12.2",	NULL },
	{ "+FTPMKD",		PREFIX,	STEP,		MS,	"M 12.2",	NULL },
	{ "+FTPMODE",		PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPPORT",		PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPPUT",		PREFIX,	STEP | BYTES,	MS,	"M 12.2",	NULL },
	{ "+FTPPUTFRMFS",	PREFIX,	STEP,		MS,	"M 12.2",	NULL },
	{ "+FTPPUTNAME",	PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPPUTOPT",		PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPPUTPATH",	PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPPW",		PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPQUIT",		PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPREST",		PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPRMD",		PREFIX,	STEP,		MS,	"M 12.2",	NULL },
	{ "+FTPSCONT",		BOTH,	0,		MS,	"M 12.2",	"?" },
	{ "+FTPSERV",		PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPSIZE",		PREFIX,	STEP,		MS,	"M 12.2",	NULL },
	{ "+FTPSSL",		PREFIX,	0,		MS,	"SSL",		NULL },
	{ "+FTPSTATE",		PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPTYPE",		PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+FTPUN",		PREFIX,	0,		MS,	"M 12.2",	NULL },
	{ "+GCAP",		PREFIX,	0,		MS,	"M 2.2",	NULL },
	{ "+GMI",		FREE,	0,		MS,	"M 2.2",	NULL },
	{ "+GMM",		FREE,	0,		MS,	"M 2.2",	NULL },
	{ "+GMR",		FREE,	0,		MS,	"M 2.2",	NULL },
	{ "+GOI",		FREE,	0,		MS,	"M 2.2",	NULL },
	{ "+GSN",		FREE,	0,		MS,	"M 2.2",	NULL },
	{ "+GSV",		FREE,	0,		MS,	"M",		NULL },
	{ "+HTTPACTION",	PREFIX,	ACTION,		5000,	"M 11.2.5",	NULL },
	{ "+HTTPDATA",		PREFIX,	0,		MS,	"M 11.2",	NULL },
	{ "+HTTPHEAD",		PREFIX,	BYTES,		MS,	"M 11.2",	NULL },
	{ "+HTTPINIT",		NONE,	0,		MS,	"M 11.2",	NULL },
	{ "+HTTPPARA",		BOTH,	0,		MS,	"M 11.2",	"?" },
	{ "+HTTPREAD",		PREFIX,	BYTES,		MS,	"M 11.2",	NULL },
	{ "+HTTPSCONT",		BOTH,	0,		MS,	"M 11.2",	"?" },
	{ "+HTTPSSL",		PREFIX,	0,		MS,	"SSL",		NULL },
	{ "+HTTPSTATUS",	PREFIX,	0,		MS,	"M 11.2",	NULL },
	{ "+HTTPTERM",		NONE,	0,		MS,	"M 11.2",	NULL },
	{ "+ICF",		PREFIX,	0,		MS,	"M 2.2",	NULL },
	{ "+IFC",		PREFIX,	0,		MS,	"M 2.2",	NULL },
	{ "+IPR",		PREFIX,	0,		MS,	"M 2.2.41",	NULL },
	{ "+SAPBR",		BOTH,	0,		85000,	"M 9.2",	"=4" },
	{ "A",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "D",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "E",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "H",			NONE,	0,		20000,	"M 2.2",	NULL },
	{ "I",			FREE,	0,		MS,	"M 2.2",	NULL },
	{ "L",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "M",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "O",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "P",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "Q",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "S0",			BOTH,	0,		MS,	"M 2.2",	"?" },
	{ "S10",		BOTH,	0,		MS,	"M 2.2",	"?" },
	{ "S3",			BOTH,	0,		MS,	"M 2.2",	"?" },
	{ "S4",			BOTH,	0,		MS,	"M 2.2",	"?" },
	{ "S5",			BOTH,	0,		MS,	"M 2.2",	"?" },
	{ "S6",			BOTH,	0,		MS,	"M 2.2",	"?" },
	{ "S7",			BOTH,	0,		MS,	"M 2.2",	"?" },
	{ "S8",			BOTH,	0,		MS,	"M 2.2",	"?" },
	{ "T",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "V",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "X",			NONE,	0,		MS,	"M 2.2",	NULL },
	{ "Z",			NONE,	0,		MS,	"M 2.2",	NULL },
};
/* clang-format on */

const size_t at_command_count = sizeof(at_commands) / sizeof(at_commands[0]);

/* ---- command lines (V.250 5.3, 5.4; manual 1.4) ------------------------ */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static struct span
skip_blanks(struct span s)
{
	while (s.len > 0 && s.at[0] == ' ')
		s = span_after(s, 1);
	return s;
}

size_t
at_command_end(struct span s)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.at[i] == '"')
			quoted = !quoted;
		else if (s.at[i] == ';' && !quoted)
			break;
	}
	return i;
}

/* Length of a basic command's name: E, &F, S10. */
static size_t
basic_name(struct span s)
{
	size_t n = 1;

	if (s.at[0] == '&')
		return s.len > 1 ? 2 : 1;
	if (s.at[0] == 'S' || s.at[0] == 's') {
		while (n < s.len && is_digit(s.at[n]))
			n++;
	}
	return n;
}

/* Length of a basic command's arguments: digits, or of an S-parameter =digits or ?; D takes all up to a semicolon. */
static size_t
basic_arguments(struct span name, struct span s)
{
	size_t n = 0;

	if (name.at[0] == 'D' || name.at[0] == 'd')
		return at_command_end(s);
	if (s.len > 0 && s.at[0] == '?')
		return 1;
	if (s.len > 0 && s.at[0] == '=')
		n = s.len > 1 && s.at[1] == '?' ? 2 : 1;
	while (n < s.len && is_digit(s.at[n]))
		n++;
	return n;
}

bool
at_command_cut(struct span line, struct at_command_text *out)
{
	size_t n;

	line = skip_blanks(line);
	if (line.len >= 2 && at_same(span_first(line, 2), SPAN("AT")))
		line = span_after(line, 2);
	while (line.len > 0 && (line.at[0] == ' ' || line.at[0] == ';'))
		line = span_after(line, 1);
	if (line.len == 0)
		return false;
	if (is_letter(line.at[0]) || line.at[0] == '&') {
		n = basic_name(line);
		out->name = span_first(line, n);
		line = span_after(line, n);
		n = basic_arguments(out->name, line);
	} else {
		for (n = 1; n < line.len && (is_letter(line.at[n]) || is_digit(line.at[n])); n++)
			;
		out->name = span_first(line, n);
		line = span_after(line, n);
		n = at_command_end(line);
	}
	out->arguments = skip_blanks(span_first(line, n));
	line = span_after(line, n);
	out->rest = line.len > 0 && line.at[0] == ';' ? span_after(line, 1) : line;
	return true;
}

const struct at_command_facts *
at_command_of(struct span line, struct span *rest)
{
	struct at_command_text c;

	if (!at_command_cut(line, &c)) {
		if (rest != NULL)
			*rest = span_of(line.at, 0);
		return NULL;
	}
	if (rest != NULL)
		*rest = c.rest;
	return at_command_named(c.name);
}

/* ---- response times ---------------------------------------------------- */

/* The forms of AT+SAPBR differ (manual 9.2): opening takes its 85 s, closing 65 s, the others speak of the module only. */
static uint32_t
bearer_ms(struct span arguments)
{
	struct span type = arguments;

	if (type.len == 0 || type.at[0] != '=')
		return AT_RESPONSE_MS;
	type = skip_blanks(span_after(type, 1));
	if (type.len > 0 && type.at[0] == '1')
		return 85000;
	if (type.len > 0 && type.at[0] == '0')
		return 65000;
	return AT_RESPONSE_MS;
}

uint32_t
at_response_ms(struct span line)
{
	struct at_command_text c;
	uint32_t sum = 0;

	while (at_command_cut(line, &c)) {
		const struct at_command_facts *f = at_command_named(c.name);

		if (f == NULL)
			sum += AT_RESPONSE_MS;
		else if (at_same(c.name, SPAN("+SAPBR")))
			sum += bearer_ms(c.arguments);
		else
			sum += f->response_ms;
		line = c.rest;
	}
	return sum > 0 ? sum : AT_RESPONSE_MS;
}
