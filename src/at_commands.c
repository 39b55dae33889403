/* The commands of the field, and what else a line may begin with: the other half of at_codes.h. */
#include "at_codes.h"

#define NONE AT_ANSWER_NONE
#define PREFIX AT_ANSWER_PREFIX
#define FREE AT_ANSWER_FREE
#define BOTH AT_ANSWER_BOTH
#define MS AT_RESPONSE_MS
#define ANSWER AT_SAYS_ANSWER
#define ACTION AT_SAYS_ACTION
#define STEP AT_SAYS_STEP
#define UNASKED AT_SAYS_UNASKED

/* clang-format off */
#define COMMAND(name, answer, says, ms, clause, free) { name, ANSWER | (says), 0, answer, ms, clause, free }
#define BYTES(name, says, which, clause) { name, ANSWER | AT_SAYS_BYTES | (says), which, PREFIX, MS, clause, NULL }
#define STEM(text, says, which, clause) { text, says, which, NONE, 0, clause, NULL }

/* In ASCII order.  test_at_stems.c says what at_stem_slots must be when a row comes or goes. */
const struct at_command_facts at_commands[] = {
	COMMAND("&C",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("&D",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("&F",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("&V",		FREE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("&W",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("+CBC",		PREFIX,	0,		MS,	"M 3.2",	NULL),
	COMMAND("+CCID",	FREE,	0,		MS,	"M",		NULL),
	COMMAND("+CCLK",	PREFIX,	0,		MS,	"M 3.2",	NULL),
	COMMAND("+CDNSCFG",	BOTH,	0,		MS,	"M 8.2",	"?"),
	COMMAND("+CDNSGIP",	PREFIX,	0,		MS,	"M 8.2",	NULL),
	COMMAND("+CENG",	PREFIX,	0,		MS,	"M",		NULL),
	COMMAND("+CFUN",	PREFIX,	UNASKED,	10000,	"M 3.2",	NULL),
	COMMAND("+CGACT",	PREFIX,	0,		150000,	"M 7.2",	NULL),
	COMMAND("+CGATT",	PREFIX,	0,		75000,	"M 7.2",	NULL),
	COMMAND("+CGDCONT",	PREFIX,	0,		MS,	"M 7.2",	NULL),
	COMMAND("+CGMI",	FREE,	0,		MS,	"M 3.2",	NULL),
	COMMAND("+CGMM",	FREE,	0,		MS,	"M 3.2",	NULL),
	COMMAND("+CGMR",	FREE,	0,		MS,	"M 3.2",	NULL),
	COMMAND("+CGPADDR",	PREFIX,	0,		MS,	"M 7.2",	NULL),
	COMMAND("+CGREG",	PREFIX,	UNASKED,	MS,	"M 7.2",	NULL),
	COMMAND("+CGSN",	FREE,	0,		MS,	"M 3.2",	NULL),
	COMMAND("+CIFSR",	FREE,	0,		MS,	"M 8.2",	NULL),
	COMMAND("+CIICR",	NONE,	0,		85000,	"M 8.2",	NULL),
	COMMAND("+CIMI",	FREE,	0,		20000,	"M 3.2",	NULL),
	COMMAND("+CIPCLOSE",	NONE,	0,		MS,	"M 8.2",	NULL),
	COMMAND("+CIPHEAD",	PREFIX,	0,		MS,	"M 8.2",	NULL),
	COMMAND("+CIPMODE",	PREFIX,	0,		MS,	"M 8.2",	NULL),
	COMMAND("+CIPMUX",	PREFIX,	0,		MS,	"M 8.2",	NULL),
	COMMAND("+CIPQSEND",	PREFIX,	0,		MS,	"M 8.2",	NULL),
	COMMAND("+CIPRXGET",	PREFIX,	0,		MS,	"M 8.2",	NULL),
	COMMAND("+CIPSHUT",	NONE,	0,		65000,	"M 8.2",	NULL),
	COMMAND("+CIPSPRT",	PREFIX,	0,		MS,	"M 8.2",	NULL),
	COMMAND("+CIPSSL",	PREFIX,	0,		MS,	"SSL",		NULL),
	COMMAND("+CIPSTART",	NONE,	0,		160000,	"M 8.2",	NULL),
	COMMAND("+CIPSTATUS",	PREFIX,	0,		MS,	"M 8.2",	NULL),
	COMMAND("+CIURC",	PREFIX,	0,		MS,	"M",		NULL),
	COMMAND("+CLIP",	PREFIX,	UNASKED,	15000,	"M 3.2",	NULL),
	COMMAND("+CLTS",	PREFIX,	0,		MS,	"M",		NULL),
	COMMAND("+CMEE",	PREFIX,	0,		MS,	"M 3.2.20",	NULL),
	COMMAND("+CMGF",	PREFIX,	0,		MS,	"M 4.2",	NULL),
	COMMAND("+CMGL",	BOTH,	0,		MS,	"M 4.2",	NULL),
	COMMAND("+CMGR",	BOTH,	0,		MS,	"M 4.2",	NULL),
	COMMAND("+CMTE",	PREFIX,	UNASKED,	MS,	"M",		NULL),
	COMMAND("+CNACT",	PREFIX,	0,		MS,	"",		NULL),
	COMMAND("+CNETLIGHT",	PREFIX,	0,		MS,	"M",		NULL),
	COMMAND("+CNMI",	PREFIX,	0,		MS,	"M 4.2",	NULL),
	COMMAND("+CNUM",	PREFIX,	0,		MS,	"M 3.2",	NULL),
	COMMAND("+COPS",	PREFIX,	0,		120000,	"M 3.2",	NULL),
	COMMAND("+CPAS",	PREFIX,	0,		MS,	"M 3.2",	NULL),
	COMMAND("+CPIN",	PREFIX,	UNASKED,	5000,	"M 3.2",	NULL),
	COMMAND("+CPMS",	PREFIX,	0,		MS,	"M 4.2",	NULL),
	COMMAND("+CPOWD",	NONE,	0,		MS,	"M",		NULL),
	COMMAND("+CREG",	PREFIX,	UNASKED,	MS,	"M 3.2",	NULL),
	COMMAND("+CSCA",	PREFIX,	0,		MS,	"M 4.2",	NULL),
	COMMAND("+CSCLK",	PREFIX,	0,		MS,	"M",		NULL),
	COMMAND("+CSCS",	PREFIX,	0,		MS,	"M 3.2",	NULL),
	COMMAND("+CSQ",		PREFIX,	0,		MS,	"M 3.2",	NULL),
	COMMAND("+CSTT",	PREFIX,	0,		MS,	"M 8.2",	NULL),
	COMMAND("+CUSD",	PREFIX,	UNASKED,	MS,	"M 3.2",	NULL),
	COMMAND("+CVHU",	PREFIX,	0,		MS,	"M",		NULL),
	/* FTP: the result code of a session command comes at once, its URC within 75 s */
	COMMAND("+FTPCID",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPDELE",	PREFIX,	STEP,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPEXTGET",	PREFIX,	STEP,		MS,	"M 12.2",	NULL),
	BYTES("+FTPEXTPUT",	0,	AT_BYTES_FTPEXTPUT,	"M 12.2"),
	COMMAND("+FTPFILEPUT",	PREFIX,	STEP,		MS,	"M 12.2",	NULL),
	BYTES("+FTPGET",	STEP,	AT_BYTES_FTPGET,	"M 12.2"),
	COMMAND("+FTPGETNAME",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPGETPATH",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPGETTOFS",	PREFIX,	STEP,		MS,	"M 12.2",	NULL),
	BYTES("+FTPLIST",	STEP,	AT_BYTES_FTPLIST,	"M 12.2"),
	COMMAND("+FTPMKD",	PREFIX,	STEP,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPMODE",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPPORT",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	BYTES("+FTPPUT",	STEP,	AT_BYTES_FTPPUT,	"M 12.2"),
	COMMAND("+FTPPUTFRMFS",	PREFIX,	STEP,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPPUTNAME",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPPUTOPT",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPPUTPATH",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPPW",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPQUIT",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPREST",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPRMD",	PREFIX,	STEP,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPSCONT",	BOTH,	0,		MS,	"M 12.2",	"?"),
	COMMAND("+FTPSERV",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPSIZE",	PREFIX,	STEP,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPSSL",	PREFIX,	0,		MS,	"SSL",		NULL),
	COMMAND("+FTPSTATE",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPTYPE",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+FTPUN",	PREFIX,	0,		MS,	"M 12.2",	NULL),
	COMMAND("+GCAP",	PREFIX,	0,		MS,	"M 2.2",	NULL),
	COMMAND("+GMI",		FREE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("+GMM",		FREE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("+GMR",		FREE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("+GOI",		FREE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("+GSN",		FREE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("+GSV",		FREE,	0,		MS,	"M",		NULL),
	COMMAND("+HTTPACTION",	PREFIX,	ACTION,		5000,	"M 11.2.5",	NULL),
	COMMAND("+HTTPDATA",	PREFIX,	0,		MS,	"M 11.2",	NULL),
	BYTES("+HTTPHEAD",	0,	AT_BYTES_HTTPHEAD,	"M 11.2"),
	COMMAND("+HTTPINIT",	NONE,	0,		MS,	"M 11.2",	NULL),
	COMMAND("+HTTPPARA",	BOTH,	0,		MS,	"M 11.2",	"?"),
	BYTES("+HTTPREAD",	0,	AT_BYTES_HTTPREAD,	"M 11.2"),
	COMMAND("+HTTPSCONT",	BOTH,	0,		MS,	"M 11.2",	"?"),
	COMMAND("+HTTPSSL",	PREFIX,	0,		MS,	"SSL",		NULL),
	COMMAND("+HTTPSTATUS",	PREFIX,	0,		MS,	"M 11.2",	NULL),
	COMMAND("+HTTPTERM",	NONE,	0,		MS,	"M 11.2",	NULL),
	COMMAND("+ICF",		PREFIX,	0,		MS,	"M 2.2",	NULL),
	COMMAND("+IFC",		PREFIX,	0,		MS,	"M 2.2",	NULL),
	COMMAND("+IPR",		PREFIX,	0,		MS,	"M 2.2.41",	NULL),
	COMMAND("+SAPBR",	BOTH,	0,		85000,	"M 9.2",	"=4"),
	COMMAND("A",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("D",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("E",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("H",		NONE,	0,		20000,	"M 2.2",	NULL),
	COMMAND("I",		FREE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("L",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("M",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("O",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("P",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("Q",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("S0",		BOTH,	0,		MS,	"M 2.2",	"?"),
	COMMAND("S10",		BOTH,	0,		MS,	"M 2.2",	"?"),
	COMMAND("S3",		BOTH,	0,		MS,	"M 2.2",	"?"),
	COMMAND("S4",		BOTH,	0,		MS,	"M 2.2",	"?"),
	COMMAND("S5",		BOTH,	0,		MS,	"M 2.2",	"?"),
	COMMAND("S6",		BOTH,	0,		MS,	"M 2.2",	"?"),
	COMMAND("S7",		BOTH,	0,		MS,	"M 2.2",	"?"),
	COMMAND("S8",		BOTH,	0,		MS,	"M 2.2",	"?"),
	COMMAND("T",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("V",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("X",		NONE,	0,		MS,	"M 2.2",	NULL),
	COMMAND("Z",		NONE,	0,		MS,	"M 2.2",	NULL),

	/* what is no command, nor the answer to one: result codes (V.250 5.7.1), prompts, URCs (manual 19.3, chapters 8, 11, 12) */
	STEM("OK",			AT_SAYS_FINAL,		AT_FINAL_OK,		"V.250 5.7.1"),
	STEM("CONNECT",			AT_SAYS_FINAL,		AT_FINAL_CONNECT,	"V.250 5.7.1"),
	STEM("NO CARRIER",		AT_SAYS_FINAL,		AT_FINAL_NO_CARRIER,	"V.250 5.7.1"),
	STEM("ERROR",			AT_SAYS_FINAL,		AT_FINAL_ERROR,		"V.250 5.7.1"),
	STEM("NO DIALTONE",		AT_SAYS_FINAL,		AT_FINAL_NO_DIALTONE,	"V.250 5.7.1"),
	STEM("BUSY",			AT_SAYS_FINAL,		AT_FINAL_BUSY,		"V.250 5.7.1"),
	STEM("NO ANSWER",		AT_SAYS_FINAL,		AT_FINAL_NO_ANSWER,	"V.250 5.7.1"),
	STEM("PROCEEDING",		AT_SAYS_FINAL,		AT_FINAL_PROCEEDING,	"V.250 5.7.1"),
	STEM("SHUT OK",			AT_SAYS_FINAL,		AT_FINAL_SHUT_OK,	"V.250 5.7.1"),
	STEM("+CME ERROR",		AT_SAYS_ERROR,		AT_FINAL_NONE,		"M 19"),
	STEM("+CMS ERROR",		AT_SAYS_ERROR,		AT_FINAL_NONE,		"M 19"),
	STEM("DOWNLOAD",		AT_SAYS_PROMPT,		AT_FINAL_NONE,		"M 11.2"),
	STEM("RDY",			AT_SAYS_URC,		AT_FINAL_NONE,		"M 19.3"),
	STEM("RING",			AT_SAYS_URC,		AT_FINAL_NONE,		"M 19.3"),
	STEM("Call Ready",		AT_SAYS_URC,		AT_FINAL_NONE,		"M 19.3"),
	STEM("SMS Ready",		AT_SAYS_URC,		AT_FINAL_NONE,		"M 19.3"),
	STEM("MO RING",			AT_SAYS_URC,		AT_FINAL_NONE,		"M 19.3"),
	STEM("MO CONNECTED",		AT_SAYS_URC,		AT_FINAL_NONE,		"M 19.3"),
	STEM("+CBM",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CCWA",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CDS",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CDSI",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CGEV",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CIEV",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CMT",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CMTI",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+COLP",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CRING",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CSQN",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CSSI",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CSSU",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CTZE",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+CTZV",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+DTMF",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("+PDP",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("*PSUTTZ",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("*PSNWID",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	STEM("DST",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 19.3"),
	/* AT+CIPSTATUS says these after its OK */
	STEM("STATE",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 8.2"),
	STEM("C",			AT_SAYS_UNASKED,	AT_FINAL_NONE,		"M 8.2"),

	/* where at_stem_slots points to nothing: no text has a line end */
	STEM("\n",			0,			AT_FINAL_NONE,		""),
};
/* clang-format on */

const size_t at_stem_count = sizeof(at_commands) / sizeof(at_commands[0]) - 1;
const size_t at_command_count = 132;

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
