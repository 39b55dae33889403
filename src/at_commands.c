/* The commands of the field: the other half of at_codes.h. */
#include "at_codes.h"

#define NONE AT_ANSWER_NONE
#define PREFIX AT_ANSWER_PREFIX
#define FREE AT_ANSWER_FREE
#define BOTH AT_ANSWER_BOTH
#define MS AT_RESPONSE_MS

/* clang-format off */
/* In ASCII order, so that at_command_named can halve. */
const struct at_command_facts at_commands[] = {
	{ "&C",			NONE,	MS,	"M 2.2",	NULL },
	{ "&D",			NONE,	MS,	"M 2.2",	NULL },
	{ "&F",			NONE,	MS,	"M 2.2",	NULL },
	{ "&V",			FREE,	MS,	"M 2.2",	NULL },
	{ "&W",			NONE,	MS,	"M 2.2",	NULL },
	{ "+CBC",		PREFIX,	MS,	"M 3.2",	NULL },
	{ "+CCID",		FREE,	MS,	"M",		NULL },
	{ "+CCLK",		PREFIX,	MS,	"M 3.2",	NULL },
	{ "+CDNSCFG",		BOTH,	MS,	"M 8.2",	"?" },
	{ "+CDNSGIP",		PREFIX,	MS,	"M 8.2",	NULL },
	{ "+CENG",		PREFIX,	MS,	"M",		NULL },
	{ "+CFUN",		PREFIX,	10000,	"M 3.2",	NULL },
	{ "+CGACT",		PREFIX,	150000,	"M 7.2",	NULL },
	{ "+CGATT",		PREFIX,	75000,	"M 7.2",	NULL },
	{ "+CGDCONT",		PREFIX,	MS,	"M 7.2",	NULL },
	{ "+CGMI",		FREE,	MS,	"M 3.2",	NULL },
	{ "+CGMM",		FREE,	MS,	"M 3.2",	NULL },
	{ "+CGMR",		FREE,	MS,	"M 3.2",	NULL },
	{ "+CGPADDR",		PREFIX,	MS,	"M 7.2",	NULL },
	{ "+CGREG",		PREFIX,	MS,	"M 7.2",	NULL },
	{ "+CGSN",		FREE,	MS,	"M 3.2",	NULL },
	{ "+CIFSR",		FREE,	MS,	"M 8.2",	NULL },
	{ "+CIICR",		NONE,	85000,	"M 8.2",	NULL },
	{ "+CIMI",		FREE,	20000,	"M 3.2",	NULL },
	{ "+CIPCLOSE",		NONE,	MS,	"M 8.2",	NULL },
	{ "+CIPHEAD",		PREFIX,	MS,	"M 8.2",	NULL },
	{ "+CIPMODE",		PREFIX,	MS,	"M 8.2",	NULL },
	{ "+CIPMUX",		PREFIX,	MS,	"M 8.2",	NULL },
	{ "+CIPQSEND",		PREFIX,	MS,	"M 8.2",	NULL },
	{ "+CIPRXGET",		PREFIX,	MS,	"M 8.2",	NULL },
	{ "+CIPSHUT",		NONE,	65000,	"M 8.2",	NULL },
	{ "+CIPSPRT",		PREFIX,	MS,	"M 8.2",	NULL },
	{ "+CIPSSL",		PREFIX,	MS,	"SSL",		NULL },
	{ "+CIPSTART",		NONE,	160000,	"M 8.2",	NULL },
	{ "+CIPSTATUS",		PREFIX,	MS,	"M 8.2",	NULL },
	{ "+CIURC",		PREFIX,	MS,	"M",		NULL },
	{ "+CLIP",		PREFIX,	15000,	"M 3.2",	NULL },
	{ "+CLTS",		PREFIX,	MS,	"M",		NULL },
	{ "+CMEE",		PREFIX,	MS,	"M 3.2.20",	NULL },
	{ "+CMGF",		PREFIX,	MS,	"M 4.2",	NULL },
	{ "+CMGL",		BOTH,	MS,	"M 4.2",	NULL },
	{ "+CMGR",		BOTH,	MS,	"M 4.2",	NULL },
	{ "+CMTE",		PREFIX,	MS,	"M",		NULL },
	{ "+CNACT",		PREFIX,	MS,	"",		NULL },
	{ "+CNETLIGHT",		PREFIX,	MS,	"M",		NULL },
	{ "+CNMI",		PREFIX,	MS,	"M 4.2",	NULL },
	{ "+CNUM",		PREFIX,	MS,	"M 3.2",	NULL },
	{ "+COPS",		PREFIX,	120000,	"M 3.2",	NULL },
	{ "+CPAS",		PREFIX,	MS,	"M 3.2",	NULL },
	{ "+CPIN",		PREFIX,	5000,	"M 3.2",	NULL },
	{ "+CPMS",		PREFIX,	MS,	"M 4.2",	NULL },
	{ "+CPOWD",		NONE,	MS,	"M",		NULL },
	{ "+CREG",		PREFIX,	MS,	"M 3.2",	NULL },
	{ "+CSCA",		PREFIX,	MS,	"M 4.2",	NULL },
	{ "+CSCLK",		PREFIX,	MS,	"M",		NULL },
	{ "+CSCS",		PREFIX,	MS,	"M 3.2",	NULL },
	{ "+CSQ",		PREFIX,	MS,	"M 3.2",	NULL },
	{ "+CSTT",		PREFIX,	MS,	"M 8.2",	NULL },
	{ "+CUSD",		PREFIX,	MS,	"M 3.2",	NULL },
	{ "+CVHU",		PREFIX,	MS,	"M",		NULL },
	/* FTP: the result code of a session command comes at once, its URC within 75 s */
	{ "+FTPCID",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPDELE",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPEXTGET",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPEXTPUT",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPFILEPUT",	PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPGET",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPGETNAME",	PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPGETPATH",	PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPGETTOFS",	PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPLIST",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPMKD",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPMODE",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPPORT",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPPUT",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPPUTFRMFS",	PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPPUTNAME",	PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPPUTOPT",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPPUTPATH",	PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPPW",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPQUIT",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPREST",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPRMD",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPSCONT",		BOTH,	MS,	"M 12.2",	"?" },
	{ "+FTPSERV",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPSIZE",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPSSL",		PREFIX,	MS,	"SSL",		NULL },
	{ "+FTPSTATE",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPTYPE",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+FTPUN",		PREFIX,	MS,	"M 12.2",	NULL },
	{ "+GCAP",		PREFIX,	MS,	"M 2.2",	NULL },
	{ "+GMI",		FREE,	MS,	"M 2.2",	NULL },
	{ "+GMM",		FREE,	MS,	"M 2.2",	NULL },
	{ "+GMR",		FREE,	MS,	"M 2.2",	NULL },
	{ "+GOI",		FREE,	MS,	"M 2.2",	NULL },
	{ "+GSN",		FREE,	MS,	"M 2.2",	NULL },
	{ "+GSV",		FREE,	MS,	"M",		NULL },
	{ "+HTTPACTION",	PREFIX,	5000,	"M 11.2.5",	NULL },
	{ "+HTTPDATA",		PREFIX,	MS,	"M 11.2",	NULL },
	{ "+HTTPHEAD",		PREFIX,	MS,	"M 11.2",	NULL },
	{ "+HTTPINIT",		NONE,	MS,	"M 11.2",	NULL },
	{ "+HTTPPARA",		BOTH,	MS,	"M 11.2",	"?" },
	{ "+HTTPREAD",		PREFIX,	MS,	"M 11.2",	NULL },
	{ "+HTTPSCONT",		BOTH,	MS,	"M 11.2",	"?" },
	{ "+HTTPSSL",		PREFIX,	MS,	"SSL",		NULL },
	{ "+HTTPSTATUS",	PREFIX,	MS,	"M 11.2",	NULL },
	{ "+HTTPTERM",		NONE,	MS,	"M 11.2",	NULL },
	{ "+ICF",		PREFIX,	MS,	"M 2.2",	NULL },
	{ "+IFC",		PREFIX,	MS,	"M 2.2",	NULL },
	{ "+IPR",		PREFIX,	MS,	"M 2.2.41",	NULL },
	{ "+SAPBR",		BOTH,	85000,	"M 9.2",	"=4" },
	{ "A",			NONE,	MS,	"M 2.2",	NULL },
	{ "D",			NONE,	MS,	"M 2.2",	NULL },
	{ "E",			NONE,	MS,	"M 2.2",	NULL },
	{ "H",			NONE,	20000,	"M 2.2",	NULL },
	{ "I",			FREE,	MS,	"M 2.2",	NULL },
	{ "L",			NONE,	MS,	"M 2.2",	NULL },
	{ "M",			NONE,	MS,	"M 2.2",	NULL },
	{ "O",			NONE,	MS,	"M 2.2",	NULL },
	{ "P",			NONE,	MS,	"M 2.2",	NULL },
	{ "Q",			NONE,	MS,	"M 2.2",	NULL },
	{ "S0",			BOTH,	MS,	"M 2.2",	"?" },
	{ "S10",		BOTH,	MS,	"M 2.2",	"?" },
	{ "S3",			BOTH,	MS,	"M 2.2",	"?" },
	{ "S4",			BOTH,	MS,	"M 2.2",	"?" },
	{ "S5",			BOTH,	MS,	"M 2.2",	"?" },
	{ "S6",			BOTH,	MS,	"M 2.2",	"?" },
	{ "S7",			BOTH,	MS,	"M 2.2",	"?" },
	{ "S8",			BOTH,	MS,	"M 2.2",	"?" },
	{ "T",			NONE,	MS,	"M 2.2",	NULL },
	{ "V",			NONE,	MS,	"M 2.2",	NULL },
	{ "X",			NONE,	MS,	"M 2.2",	NULL },
	{ "Z",			NONE,	MS,	"M 2.2",	NULL },
};
/* clang-format on */

const size_t at_command_count = sizeof(at_commands) / sizeof(at_commands[0]);

const struct at_command_facts *
at_command_named(struct span name)
{
	size_t low = 0, high = at_command_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = at_order(name, at_commands[middle].name);

		if (order == 0)
			return &at_commands[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

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
