#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "at_reply.h"
#include "escape.h"
#include "prng.h"

/*
 * A stream and what it means: one line an event, its kind and its text.  sent names the commands, separated by
 * LF; NULL: they are known by their echo, if at all.
 */
struct dialogue {
	const char *name, *sent;
	struct span said;
	const char *replies;
};

#define B(literal)                                                                                                                         \
	{                                                                                                                                  \
		(literal), sizeof(literal) - 1                                                                                             \
	}
#define BOOT "\0IIII\xff\xff\xff\xff"

/* clang-format off */
static const struct dialogue dialogues[] = {
	{ "simple", NULL, B("AT\r\r\nOK\r\n"), "echo AT\nfinal OK\n" },
	{ "information text", NULL, B("AT+SAPBR=2,1\r\r\n+SAPBR: 1,1,\"10.141.7.244\"\r\n\r\nOK\r\n"),
	    "echo AT+SAPBR=2,1\ninfo +SAPBR: 1,1,\"10.141.7.244\"\nfinal OK\n" },
	{ "HTTP GET", "AT+HTTPACTION=0\nAT+HTTPREAD",
	    B("\r\nOK\r\n\r\n+HTTPACTION: 0,200,11\r\n\r\n+HTTPREAD: 11\r\n\r\nOK\r\nERROR\r\nOK\r\n"),
	    "final OK\nurc +HTTPACTION: 0,200,11\ninfo +HTTPREAD: 11\npayload \\r\\nOK\\r\\nERROR\nfinal OK\n" },
	{ "a body that looks like answers", "AT+HTTPREAD",
	    B("\r\n+HTTPREAD: 46\r\n\r\nOK\r\n\r\n+HTTPREAD: 99\r\n+HTTPACTION: 0,200,1\r\n\0\r\nOK\r\n"),
	    "info +HTTPREAD: 46\npayload \\r\\nOK\\r\\n\\r\\n+HTTPREAD: 99\\r\\n+HTTPACTION: 0,200,1\\r\\n\\x00\nfinal OK\n" },
	{ "HTTPREAD with nothing to read", NULL, B("AT+HTTPREAD\r\r\nOK\r\n"), "echo AT+HTTPREAD\nfinal OK\n" },
	{ "HTTPREAD=?", NULL, B("AT+HTTPREAD=?\r\r\n+HTTPREAD: (0-319488),(1-319488)\r\n\r\nOK\r\n"),
	    "echo AT+HTTPREAD=?\ninfo +HTTPREAD: (0-319488),(1-319488)\nfinal OK\n" },
	{ "HTTPREAD with a list for a length", NULL, B("AT+HTTPREAD\r\r\n+HTTPREAD: (5)\r\n\r\nOK\r\n"),
	    "echo AT+HTTPREAD\nfault +HTTPREAD: (5)\nfinal OK\n" },
	{ "HTTPACTION=?", NULL, B("AT+HTTPACTION=?\r\r\n+HTTPACTION: (0-2)\r\n\r\nOK\r\n"),
	    "echo AT+HTTPACTION=?\ninfo +HTTPACTION: (0-2)\nfinal OK\n" },
	{ "HTTPDATA", NULL, B("AT+HTTPDATA=10,10000\r\r\nDOWNLOAD\r\n\r\nOK\r\n"), "echo AT+HTTPDATA=10,10000\nprompt DOWNLOAD\nfinal OK\n" },
	{ "HTTPSTATUS? while an action runs", NULL,
	    B("AT+HTTPSTATUS?\r\r\n+HTTPSTATUS: GET,1,1440,7915\r\n\r\nOK\r\n\r\n+HTTPACTION: 0, 200,9335\r\n"),
	    "echo AT+HTTPSTATUS?\ninfo +HTTPSTATUS: GET,1,1440,7915\nfinal OK\nurc +HTTPACTION: 0, 200,9335\n" },
	{ "FTP get", NULL,
	    B("AT+FTPGET=1\r\r\nOK\r\n\r\n+FTPGET: 1,1\r\nAT+FTPGET=2,1024\r\r\n+FTPGET: 2,5\r\n12345\r\nOK\r\n"
	      "AT+FTPGET=2,1024\r\r\n+FTPGET: 2,0\r\n\r\nOK\r\n\r\n+FTPGET: 1,0\r\n"),
	    "echo AT+FTPGET=1\nfinal OK\nurc +FTPGET: 1,1\necho AT+FTPGET=2,1024\ninfo +FTPGET: 2,5\npayload 12345\nfinal OK\n"
	    "echo AT+FTPGET=2,1024\ninfo +FTPGET: 2,0\nfinal OK\nurc +FTPGET: 1,0\n" },
	{ "SIM900 without blanks", "AT+FTPGET=2,10", B("\r\n+FTPGET:2,3\r\nabc\r\nOK\r\n\r\n+FTPGET:1,0\r\n\r\n+HTTPACTION:0,200,7438\r\n"),
	    "info +FTPGET:2,3\npayload abc\nfinal OK\nurc +FTPGET:1,0\nurc +HTTPACTION:0,200,7438\n" },
	{ "a session's URC before its command's OK", "AT+FTPGET=1", B("\r\n+FTPGET: 1,66\r\n\r\nOK\r\n"), "urc +FTPGET: 1,66\nfinal OK\n" },
	{ "FTP put", "AT+FTPPUT=1\nAT+FTPPUT=2,100\nAT+FTPPUT=2,0",
	    B("\r\nOK\r\n\r\n+FTPPUT: 1,1,1360\r\n\r\n+FTPPUT: 2,100\r\n\r\nOK\r\n\r\n+FTPPUT: 1,1,1360\r\n\r\nOK\r\n\r\n+FTPPUT: 1,0\r\n"),
	    "final OK\nurc +FTPPUT: 1,1,1360\nprompt +FTPPUT: 2,100\nfinal OK\nurc +FTPPUT: 1,1,1360\nfinal OK\nurc +FTPPUT: 1,0\n" },
	{ "FTP extended put", NULL,
	    B("AT+FTPEXTPUT?\r\r\n+FTPEXTPUT: 1\r\n\r\nOK\r\nAT+FTPEXTPUT=2,0,1024,10000\r\r\n+FTPEXTPUT: 0,1024\r\n\r\nOK\r\n"),
	    "echo AT+FTPEXTPUT?\ninfo +FTPEXTPUT: 1\nfinal OK\necho AT+FTPEXTPUT=2,0,1024,10000\nprompt +FTPEXTPUT: 0,1024\nfinal OK\n" },
	{ "FTPSIZE, FTPMKD", "AT+FTPSIZE\nAT+FTPMKD", B("\r\nOK\r\n\r\n+FTPSIZE: 1,0,1024\r\n\r\nOK\r\n\r\n+FTPMKD: 1,77\r\n"),
	    "final OK\nurc +FTPSIZE: 1,0,1024\nfinal OK\nurc +FTPMKD: 1,77\n" },
	{ "a list", "AT+FTPLIST=2,1024", B("\r\n+FTPLIST: 2,9\r\ntotal 0\r\n\r\nOK\r\n\r\n+FTPLIST: 1,0\r\n"),
	    "info +FTPLIST: 2,9\npayload total 0\\r\\n\nfinal OK\nurc +FTPLIST: 1,0\n" },
	{ "errors", NULL, B("AT+CSQ\r\r\n+CME ERROR: operation not allowed\r\n\r\nERROR\r\n\r\n+CMS ERROR: 500\r\n"),
	    "echo AT+CSQ\nfinal +CME ERROR: operation not allowed\nfinal ERROR\nfinal +CMS ERROR: 500\n" },
	{ "URCs between command and answer", NULL,
	    B("AT+CGMR\r\r\n+CREG: 5\r\n\r\nRevision:1418B05SIM800L24\r\n\r\n*PSUTTZ: 2013\r\n\r\nSMS Ready\r\n\r\nOK\r\n"),
	    "echo AT+CGMR\nurc +CREG: 5\ninfo Revision:1418B05SIM800L24\nurc *PSUTTZ: 2013\nurc SMS Ready\nfinal OK\n" },
	{ "CREG asked for and not", NULL, B("AT+CREG?\r\r\n+CREG: 0,1\r\n\r\nOK\r\n\r\n+CREG: 5\r\n"),
	    "echo AT+CREG?\ninfo +CREG: 0,1\nfinal OK\nurc +CREG: 5\n" },
	{ "free text of several lines", NULL, B("AT+GSV\r\r\nSIMCOM_Ltd\r\nSIMCOM_SIM800\r\nRevision:1308B05SIM800M32\r\n\r\nOK\r\n"),
	    "echo AT+GSV\ninfo SIMCOM_Ltd\ninfo SIMCOM_SIM800\ninfo Revision:1308B05SIM800M32\nfinal OK\n" },
	{ "digits as free text", "AT+GSN", B("\r\n863071014123456\r\n\r\nOK\r\n"), "info 863071014123456\nfinal OK\n" },
	{ "SAPBR=4", NULL, B("AT+SAPBR=4,1\r\r\n+SAPBR:\r\nCONTYPE: GPRS\r\nAPN: \r\nRATE: 2\r\n\r\nOK\r\n"),
	    "echo AT+SAPBR=4,1\ninfo +SAPBR:\ninfo CONTYPE: GPRS\ninfo APN: \ninfo RATE: 2\nfinal OK\n" },
	{ "HTTPSCONT?", NULL, B("AT+HTTPSCONT?\r\r\n+HTTPSCONT:0\r\nCID:1\r\nURL: x\r\nUA: \r\n\r\nOK\r\n"),
	    "echo AT+HTTPSCONT?\ninfo +HTTPSCONT:0\ninfo CID:1\ninfo URL: x\ninfo UA: \nfinal OK\n" },
	{ "FTPSCONT?", NULL, B("AT+FTPSCONT?\r\r\n+FTPSCONT:0\r\n+FTPSERV: x\r\n+FTPTIMEOUT: 75\r\n\r\nOK\r\n"),
	    "echo AT+FTPSCONT?\ninfo +FTPSCONT:0\ninfo +FTPSERV: x\ninfo +FTPTIMEOUT: 75\nfinal OK\n" },
	{ "text that the command does not answer with", NULL, B("AT+SAPBR=2,1\r\r\nCONTYPE: GPRS\r\n\r\nOK\r\n"),
	    "echo AT+SAPBR=2,1\nfault CONTYPE: GPRS\nfinal OK\n" },
	{ "CIPSTATUS, whose lines follow OK", NULL, B("AT+CIPSTATUS\r\r\nOK\r\n\r\nSTATE: IP STATUS\r\n\r\nC: 0,,\"\",\"\",\"\",\"INITIAL\"\r\n"),
	    "echo AT+CIPSTATUS\nfinal OK\nurc STATE: IP STATUS\nurc C: 0,,\"\",\"\",\"\",\"INITIAL\"\n" },
	{ "finals of their own", "AT+CIPSHUT\nAT+CPOWD=1", B("\r\nSHUT OK\r\n\r\nNORMAL POWER DOWN\r\n\r\nNORMAL POWER DOWN\r\n"),
	    "final SHUT OK\nfinal NORMAL POWER DOWN\nurc NORMAL POWER DOWN\n" },
	{ "commands of one line", NULL, B("AT+CSQ;+HTTPSTATUS?\r\r\n+CSQ: 18,0\r\n\r\n+HTTPSTATUS: GET,0,0,0\r\n\r\nOK\r\n\r\n+CSQ: 18,0\r\n"),
	    "echo AT+CSQ;+HTTPSTATUS?\ninfo +CSQ: 18,0\ninfo +HTTPSTATUS: GET,0,0,0\nfinal OK\nurc +CSQ: 18,0\n" },
	{ "a command that is not in the table", NULL, B("AT+FOO?\r\r\n+FOO: 1\r\n\r\nOK\r\n\r\n+FOO: 1\r\n"),
	    "echo AT+FOO?\ninfo +FOO: 1\nfinal OK\nfault +FOO: 1\n" },
	{ "lower case", NULL, B("at+csq\r\r\n+CSQ: 18,0\r\n\r\nOK\r\n"), "echo at+csq\ninfo +CSQ: 18,0\nfinal OK\n" },
	{ "the bearer's URC has its digit before the colon", "AT+SAPBR=2,1", B("\r\n+SAPBR 1: DEACT\r\n\r\nOK\r\n"), "urc +SAPBR 1: DEACT\nfinal OK\n" },
	{ "nothing pending", NULL, B("\r\n+CSQ: 18,0\r\n\r\nRING\r\n\r\nOK\r\n\r\nOK\r\n"), "urc +CSQ: 18,0\nurc RING\nfinal OK\nfinal OK\n" },
	{ "nothing pending, a payload all the same", NULL, B("\r\n+HTTPREAD: 4\r\nOK\r\n\r\nOK\r\n"), "urc +HTTPREAD: 4\npayload OK\\r\\n\nfinal OK\n" },
	{ "after a restart", NULL, B(BOOT "\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\nCall Ready\r\n\r\nSMS Ready\r\n"),
	    "fault \\x00IIII\\xff\\xff\\xff\\xff\nurc RDY\nurc +CFUN: 1\nurc +CPIN: READY\nurc Call Ready\nurc SMS Ready\n" },
	/* the quirks of real modules and lines */
	{ "start-up bytes right before a line", NULL, B(BOOT "RDY\r\n" BOOT "AT\r\r\nOK\r\n"),
	    "fault \\x00IIII\\xff\\xff\\xff\\xff\nurc RDY\nfault \\x00IIII\\xff\\xff\\xff\\xff\necho AT\nfinal OK\n" },
	{ "NULs before and inside lines", NULL, B("\0\0OK\r\nO\0K\r\nOK\0\r\nAT+CSQ\r\r\n+CSQ: 1\0" "8,0\r\n"),
	    "fault \\x00\\x00\nfinal OK\nfault O\\x00K\\r\\nOK\\x00\necho AT+CSQ\nfault +CSQ: 1\\x008,0\n" },
	{ "high bytes are no noise", NULL, B("AT+COPS?\r\r\n+COPS: 0,0,\"\xe4\xb8\xad\"\r\n\r\nOK\r\nATI\r\r\n\xe4\xb8\xad\r\n\r\nOK\r\n"),
	    "echo AT+COPS?\ninfo +COPS: 0,0,\"\\xe4\\xb8\\xad\"\nfinal OK\necho ATI\ninfo \\xe4\\xb8\\xad\nfinal OK\n" },
	{ "a glued URC is one line", "AT+SAPBR=2,1", B("\r\n+HTTPACTION: 1,200,94+SAPBR: 1,1,\"10.0.0.1\"\r\n\r\nOK\r\n"),
	    "urc +HTTPACTION: 1,200,94+SAPBR: 1,1,\"10.0.0.1\"\nfinal OK\n" },
	{ "leading bytes lost", "AT+HTTPREAD", B("+HTTPREAD3 9\r\nab\r\nOK\r\n"), "fault +HTTPREAD3 9\\r\\nab\nfinal OK\n" },
	{ "a final is never a prefix", "AT+CSQ", B("\r\nOKAY\r\n\r\nERRORS\r\n\r\nOK \r\n\r\n+CSQ: 1,0\r\n\r\nOK\r\n"),
	    "fault OKAY\\r\\n\\r\\nERRORS\\r\\n\\r\\nOK \ninfo +CSQ: 1,0\nfinal OK\n" },
	{ "lengths that are none", "AT+HTTPREAD",
	    B("\r\n+HTTPREAD: 12a\r\n\r\n+HTTPREAD: -5\r\n\r\n+HTTPREAD:\r\n\r\n+HTTPREAD: 5,6\r\n\r\n+FTPGET: 2,\r\n\r\n+FTPGET: 2\r\n\r\n+FTPPUT: 2,x\r\n"
	      "\r\n+HTTPREAD: 99999999999999999999999\r\n\r\n+HTTPREAD: 319489\r\n\r\n+FTPGET: 2,1461\r\n\r\nOK\r\n"),
	    "fault +HTTPREAD: 12a\nfault +HTTPREAD: -5\nfault +HTTPREAD:\nfault +HTTPREAD: 5,6\nfault +FTPGET: 2,\nfault +FTPGET: 2\nfault +FTPPUT: 2,x\n"
	    "fault +HTTPREAD: 99999999999999999999999\nfault +HTTPREAD: 319489\nfault +FTPGET: 2,1461\nfinal OK\n" },
	{ "a payload cut short", "AT+HTTPREAD", B("\r\n+HTTPREAD: 10\r\nOK\r\n"), "info +HTTPREAD: 10\nfault OK\\r\\n\n" },
	{ "a payload that did not begin", "AT+HTTPREAD", B("\r\n+HTTPREAD: 10\r\n"), "info +HTTPREAD: 10\nfault \n" },
	{ "a payload longer than its count", "AT+HTTPREAD", B("\r\n+HTTPREAD: 3\r\nabcdef\r\nOK\r\n"),
	    "info +HTTPREAD: 3\npayload abc\nfault def\nfinal OK\n" },
	{ "a line without its end", "AT", B("\r\nOK\r\n\r\n+CREG: 5"), "final OK\nfault +CREG: 5\n" },
	{ "noise at the end", "AT", B("\r\nOK\r\nxyz\r\nzyx"), "final OK\nfault xyz\\r\\nzyx\n" },
	{ "LF for line ends", NULL, B("AT+CSQ\n\n+CSQ: 18,0\n\nOK\nAT+HTTPREAD\n+HTTPREAD: 3\nOK\n\nOK\n"),
	    "echo AT+CSQ\ninfo +CSQ: 18,0\nfinal OK\necho AT+HTTPREAD\ninfo +HTTPREAD: 3\npayload OK\\n\nfinal OK\n" },
	{ "CR CRLF for line ends", NULL, B("AT+CSQ\r\r\n\r\r\n+CSQ: 18,0\r\r\nOK\r\r\n+HTTPREAD: 2\r\r\nab\r\r\nOK\r\r\n"),
	    "echo AT+CSQ\ninfo +CSQ: 18,0\nfinal OK\nurc +HTTPREAD: 2\npayload ab\nfinal OK\n" },
	{ "ATV0 by its command", NULL, B("ATV0\r0\rAT+CSQ\r+CSQ: 18,0\r\n0\rAT+X\r4\rATV1\r\r\nOK\r\nAT\r\r\nOK\r\n"),
	    "echo ATV0\nfinal 0\necho AT+CSQ\ninfo +CSQ: 18,0\nfinal 0\necho AT+X\nfinal 4\necho ATV1\nfinal OK\necho AT\nfinal OK\n" },
	{ "ATV0 left from an earlier host", NULL, B("AT+GSN\r863071014123456\r\n0\rAT\r0\rAT+CSQ\r4\r"),
	    "echo AT+GSN\ninfo 863071014123456\nfinal 0\necho AT\nfinal 0\necho AT+CSQ\nfinal 4\n" },
	{ "a digit in verbose mode is none", "AT+CSQ", B("\r\n0\r\n\r\nOK\r\n"), "fault 0\nfinal OK\n" },
	{ "an echo while nothing is pending", NULL, B("\r\nOK\r\nAT+CSQ\r\r\n+CSQ: 18,0\r\n\r\nOK\r\n"), "final OK\necho AT+CSQ\ninfo +CSQ: 18,0\nfinal OK\n" },
	{ "an echo although the last answer is lost", NULL, B("AT+CSQ\rAT+GMR\r\r\nRevision:1\r\n\r\nOK\r\n"),
	    "echo AT+CSQ\necho AT+GMR\ninfo Revision:1\nfinal OK\n" },
	{ "a damaged echo", "AT+FTPGET=2,9", B("AT+FTPGEAT=2,9\r\r\n+FTPGET: 2,2\r\nab\r\nOK\r\n"),
	    "echo AT+FTPGEAT=2,9\ninfo +FTPGET: 2,2\npayload ab\nfinal OK\n" },
	{ "an overrun command", NULL, B("AT+CGPDDRAT+FTPGET=1OK\r\n"), "echo AT+CGPDDRAT+FTPGET=1OK\n" },
	{ "A/ repeats the command before", NULL, B("AT+CSQ\r\r\n+CSQ: 18,0\r\n\r\nOK\r\nA/\r\n+CSQ: 18,0\r\n\r\nOK\r\n"),
	    "echo AT+CSQ\ninfo +CSQ: 18,0\nfinal OK\necho A/\ninfo +CSQ: 18,0\nfinal OK\n" },
	{ "what is sent without AT is echoed", "HTTPTERM\nAT+CSQ", B("HTTPTERM\rAT+CSQ\r\r\n+CSQ: 18,0\r\n\r\nOK\r\n"),
	    "echo HTTPTERM\necho AT+CSQ\ninfo +CSQ: 18,0\nfinal OK\n" },
	{ "a CR alone ends no line", "AT", B("\r\nOK\rX\r\n\r\nOK\r\n"), "fault OK\\rX\nfinal OK\n" },
	{ "nothing", NULL, B(""), "" },
	{ "empty lines", NULL, B("\r\n\n\r\r\n\r\n\r"), "" },
};
/* clang-format on */

#define DIALOGUES (sizeof(dialogues) / sizeof(dialogues[0]))

static const char *const kinds[] = { "more", "echo", "info", "final", "urc", "prompt", "payload", "fault" };

/* What a parser said of a stream, as text, and where: so that two runs can be compared. */
struct log {
	char kinds_and_texts[8192], places[8192], whys[8192];
	char payload[4096];
	size_t payload_len;
};

static void
log_reply(struct log *log, const struct at_reply *r, struct span said)
{
	struct span text = r->text;
	uint64_t offset = r->offset;
	size_t n;

	if (r->kind == AT_REPLY_PAYLOAD) {
		assert_int_equal(r->done, log->payload_len);
		assert_true(r->length <= sizeof(log->payload));
		memcpy(log->payload + log->payload_len, text.at, text.len);
		log->payload_len += text.len;
		assert_int_equal(r->last, log->payload_len == r->length);
		if (!r->last)
			return;
		text = span_of(log->payload, log->payload_len);
		offset -= r->done;
		log->payload_len = 0;
	}
	/* text is what stands there */
	assert_true(offset + r->length <= said.len);
	assert_true(span_equal(text, span_first(span_of(said.at + offset, (size_t)r->length), AT_LINE_MAX)));
	n = strlen(log->kinds_and_texts);
	n += (size_t)snprintf(log->kinds_and_texts + n, sizeof(log->kinds_and_texts) - n, "%s ", kinds[r->kind]);
	escape_bytes(log->kinds_and_texts + n, sizeof(log->kinds_and_texts) - n - 1, text);
	strcat(log->kinds_and_texts, "\n");
	n = strlen(log->places);
	snprintf(log->places + n, sizeof(log->places) - n, "%llu+%llu %d %d\n", (unsigned long long)offset, (unsigned long long)r->length,
	    r->final, r->cme);
	n = strlen(log->whys);
	snprintf(log->whys + n, sizeof(log->whys) - n, "%s\n", r->why != NULL ? r->why : "");
	assert_int_equal(r->kind == AT_REPLY_FAULT, r->why != NULL);
	assert_int_equal(r->kind == AT_REPLY_FINAL, r->final != AT_FINAL_NONE);
}

static void
tell_next(struct at_reply_parser *p, const char **sent)
{
	const char *lf;

	if (*sent == NULL)
		return;
	lf = strchr(*sent, '\n');
	at_reply_expect(p, span_of(*sent, lf != NULL ? (size_t)(lf - *sent) : strlen(*sent)));
	*sent = lf != NULL ? lf + 1 : NULL;
}

/* Feed said in pieces of exactly their size: step bytes each, or at random when cuts is given. */
static void
parse(struct log *log, struct span said, const char *sent, enum at_mode mode, size_t step, struct prng *cuts)
{
	struct at_reply_parser *p = malloc(sizeof(*p));
	struct at_reply r;
	size_t at = 0;

	memset(log, 0, sizeof(*log));
	at_reply_init(p, mode);
	tell_next(p, &sent);
	while (at < said.len) {
		size_t n = cuts != NULL ? 1 + prng_next(cuts) % 7 : step;
		size_t done = 0;
		char *block;

		if (n > said.len - at)
			n = said.len - at;
		block = memcpy(malloc(n), said.at + at, n);
		for (;;) {
			done += at_reply_feed(p, span_of(block + done, n - done), &r);
			if (r.kind == AT_REPLY_MORE)
				break;
			log_reply(log, &r, said);
			if (r.kind == AT_REPLY_FINAL || (r.kind == AT_REPLY_ECHO && !at_reply_pending(p)))
				tell_next(p, &sent);
		}
		assert_int_equal(done, n);
		free(block);
		at += n;
	}
	log->payload_len = 0;
	for (at_reply_end(p, &r); r.kind != AT_REPLY_MORE; at_reply_end(p, &r))
		log_reply(log, &r, said);
	free(p);
}

static void
assert_same(const struct log *a, const struct log *b)
{
	assert_string_equal(a->kinds_and_texts, b->kinds_and_texts);
	assert_string_equal(a->places, b->places);
	assert_string_equal(a->whys, b->whys);
}

static struct log whole, cut;

static void
every_dialogue_has_its_replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < DIALOGUES; i++) {
		const struct dialogue *d = &dialogues[i];

		parse(&whole, d->said, d->sent, AT_LENIENT, d->said.len, NULL);
		if (strcmp(whole.kinds_and_texts, d->replies) != 0)
			print_error("dialogue: %s\n", d->name);
		assert_string_equal(whole.kinds_and_texts, d->replies);
	}
}

static void
how_a_stream_is_split_does_not_change_its_replies(void **state)
{
	struct prng cuts;

	(void)state;
	prng_seed(&cuts, 1);
	for (size_t i = 0; i < 2 * DIALOGUES; i++) {
		const struct dialogue *d = &dialogues[i / 2];
		enum at_mode mode = i % 2 == 0 ? AT_LENIENT : AT_STRICT;

		parse(&whole, d->said, d->sent, mode, d->said.len, NULL);
		for (size_t step = 1; step <= 17; step++) {
			parse(&cut, d->said, d->sent, mode, step, NULL);
			assert_same(&cut, &whole);
		}
		for (int n = 0; n < 50; n++) {
			parse(&cut, d->said, d->sent, mode, 0, &cuts);
			assert_same(&cut, &whole);
		}
	}
}

/* Every dialogue with one byte changed, lost or doubled: nothing is read past an end, and no split changes the replies. */
static void
damaged_streams_do_not_depend_on_the_split_either(void **state)
{
	struct prng random;

	(void)state;
	prng_seed(&random, 2);
	for (size_t i = 0; i < 40 * DIALOGUES; i++) {
		const struct dialogue *d = &dialogues[i / 40];
		static const char bytes[] = "\r\n\0"
					    "A0,: \xff";
		char said[512];
		size_t n = d->said.len, at;

		if (n == 0)
			continue;
		assert_true(n < sizeof(said));
		memcpy(said, d->said.at, n);
		at = prng_next(&random) % n;
		switch (prng_next(&random) % 3) {
		case 0: said[at] = bytes[prng_next(&random) % (sizeof(bytes) - 1)]; break;
		case 1:
			memmove(said + at, said + at + 1, n - at - 1);
			n--;
			break;
		case 2:
			memmove(said + at + 1, said + at, n - at);
			n++;
			break;
		}
		parse(&whole, span_of(said, n), d->sent, i % 2 == 0 ? AT_LENIENT : AT_STRICT, n + 1, NULL);
		parse(&cut, span_of(said, n), d->sent, i % 2 == 0 ? AT_LENIENT : AT_STRICT, 1, NULL);
		assert_same(&cut, &whole);
		parse(&cut, span_of(said, n), d->sent, i % 2 == 0 ? AT_LENIENT : AT_STRICT, 0, &random);
		assert_same(&cut, &whole);
	}
}

/* What strict mode says besides; why, where. */
struct framing {
	struct span said;
	const char *faults;
};

/* clang-format off */
static const struct framing framings[] = {
	{ B("AT\r\r\nOK\r\n"), "" },
	{ B("\r\nA\r\n\r\nOK\r\n"), "" },
	{ B("ATI\r\r\nA\r\nB\r\n\r\nOK\r\n"), "" },
	{ B("ATI\r\r\nA\r\n\r\nB\r\n\r\nOK\r\n"), "" },
	{ B("ATI\r\r\nA\r\nOK\r\n"), "9+0 no <CR><LF> before the line\n" },
	{ B("AT+HTTPREAD\r\r\n+HTTPREAD: 2\r\nab\r\nOK\r\n"), "" },
	{ B("AT+HTTPREAD\r\r\n+HTTPREAD:2\r\nab\r\nOK\r\n"), "" },
	{ B("AT+HTTPREAD\r\r\n+HTTPREAD: 2\r\nabOK\r\n"), "30+0 no <CR><LF> before the line\n" },
	{ B("AT+HTTPREAD\r\r\n+HTTPREAD: 2\r\nab\r\n\r\nOK\r\n"), "32+2 <CR><LF> too many\n" },
	{ B("AT+FTPGET=2,9\r\r\n+FTPGET: 2,0\r\n\r\nOK\r\n"), "" },
	{ B("OK\r\n"), "0+0 no <CR><LF> before the line\n" },
	{ B("\r\nOK\n"), "4+1 line does not end in <CR><LF>\n" },
	{ B("\nOK\r\n"), "0+1 not <CR><LF> before a line\n" },
	{ B("\r\r\nOK\r\r\n"), "0+3 not <CR><LF> before a line\n5+3 line does not end in <CR><LF>\n" },
	{ B("AT\r\n\r\nOK\r\n"), "3+1 not <CR><LF> before a line\n4+2 <CR><LF> too many\n" },
	{ B("\r\nOK\r\n\r\n\r\nRING\r\n"), "8+2 <CR><LF> too many\n" },
	{ B("\r\nRING\r\nRING\r\n"), "8+0 no <CR><LF> before the line\n" },
	{ B("ATV0\r0\rAT+CSQ\r+CSQ: 1,0\r\n0\r"), "" },
	{ B("ATV0\r0\r\n"), "7+1 not <CR><LF> before a line\n" },
	{ B("AT\r\r\nOK\r\nA/\r\nOK\r\n"), "" },
	{ B(BOOT "\r\nRDY\r\n"), "" },
	{ B("\r\nxyz\r\n\r\nOK\r\n"), "" },
	{ B("\r\nxyz\r\n\r\nzyx\r\n"), "" },
	{ B("xyz\r\n"), "0+0 no <CR><LF> before the line\n" },
	{ B("\r\nxyz\n"), "5+1 line does not end in <CR><LF>\n" },
	{ B("\r\nxyz\r\r\n"), "5+3 line does not end in <CR><LF>\n" },
	{ B("\r\nxyz\r\n\r\n\r\nOK\r\n"), "9+2 <CR><LF> too many\n" },
	/* RING is a digit in ATV0, too; what stands before a digit or A/ is a fault already */
	{ B("ATV0\r0\r2\r"), "" },
	{ B("ATV0\r0\r2\r\n"), "9+1 not <CR><LF> before a line\n" },
	{ B("ATV0\r\0" "0\r"), "" },
	{ B("\0A/\r\n\r\nOK\r\n"), "5+2 <CR><LF> too many\n" },
};
/* clang-format on */

static void
strict_mode_judges_the_framing_to_the_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(framings) / sizeof(framings[0]); i++) {
		static struct at_reply_parser p;
		struct span rest = framings[i].said;
		char faults[512] = "";
		struct at_reply r;

		at_reply_init(&p, AT_STRICT);
		do {
			rest = span_after(rest, at_reply_feed(&p, rest, &r));
			if (r.kind == AT_REPLY_FAULT && strcmp(r.why, "noise") != 0)
				snprintf(faults + strlen(faults), sizeof(faults) - strlen(faults), "%llu+%llu %s\n",
				    (unsigned long long)r.offset, (unsigned long long)r.length, r.why);
		} while (r.kind != AT_REPLY_MORE);
		if (strcmp(faults, framings[i].faults) != 0)
			print_error("framing %zu\n", i);
		assert_string_equal(faults, framings[i].faults);
	}
}

/* Lines of a log, less those of faults that only strict mode finds. */
static void
without_framing_faults(char *into, const struct log *log)
{
	const char *text = log->kinds_and_texts, *why = log->whys;

	*into = '\0';
	while (*text != '\0') {
		size_t n = strcspn(text, "\n") + 1;

		if (strncmp(why, "no <CR>", 7) != 0 && strncmp(why, "not <CR>", 8) != 0 && strncmp(why, "<CR>", 4) != 0 &&
		    strncmp(why, "line does not end", 17) != 0)
			strncat(into, text, n);
		text += n;
		why += strcspn(why, "\n") + 1;
	}
}

/* A printable line that nobody knows is a reply of its own in strict mode, where lenient mode gives one for a run of them. */
static void
noise_by_lines(char *into, const char *replies)
{
	static const char breaks[] = "\\r\\n";

	while (*replies != '\0') {
		size_t n = strcspn(replies, "\n");
		bool run = strncmp(replies, "fault ", 6) == 0 && memmem(replies, n, "\\x", 2) == NULL;

		for (size_t i = 0; i < n; i++) {
			size_t end = i;

			while (run && n - end >= 4 && memcmp(replies + end, breaks, 4) == 0)
				end += 4;
			/* at the end of the text they are the bytes of a payload that was cut */
			if (end > i && end < n) {
				into = stpcpy(into, "\nfault ");
				i = end;
			}
			*into++ = replies[i];
		}
		*into++ = '\n';
		replies += n + 1;
	}
	*into = '\0';
}

static void
strict_replies_are_the_lenient_ones_and_faults(void **state)
{
	static char same[8192], lines[8192];

	(void)state;
	for (size_t i = 0; i < DIALOGUES; i++) {
		const struct dialogue *d = &dialogues[i];

		parse(&whole, d->said, d->sent, AT_STRICT, d->said.len, NULL);
		without_framing_faults(same, &whole);
		noise_by_lines(lines, d->replies);
		assert_string_equal(same, lines);
	}
}

static void
a_line_that_is_too_long_is_one_fault_of_its_length(void **state)
{
	const size_t n = 100 * AT_LINE_MAX;
	char *said = malloc(n + 8);

	(void)state;
	memset(said, 'x', n);
	memcpy(said, "+CSQ: ", 6);
	memcpy(said + n, "\r\n\r\nOK\r\n", 8);
	for (size_t step = 1; step <= n + 8; step *= 7) {
		struct at_reply_parser *p = malloc(sizeof(*p));
		struct at_reply r, got[3];
		size_t at = 0, replies = 0;

		at_reply_init(p, AT_LENIENT);
		while (at < n + 8) {
			at += at_reply_feed(p, span_first(span_of(said + at, n + 8 - at), step), &r);
			if (r.kind != AT_REPLY_MORE) {
				assert_true(replies < 2);
				if (replies == 0)
					assert_memory_equal(r.text.at, said, AT_LINE_MAX);
				got[replies++] = r;
			}
		}
		assert_int_equal(replies, 2);
		assert_int_equal(got[0].kind, AT_REPLY_FAULT);
		assert_int_equal(got[0].length, n);
		assert_int_equal(got[0].text.len, AT_LINE_MAX);
		assert_string_equal(got[0].why, "line too long");
		assert_int_equal(got[1].kind, AT_REPLY_FINAL);
		assert_int_equal(got[1].offset, n + 4);
		free(p);
	}
	free(said);
}

static void
a_line_of_exactly_the_limit_is_whole(void **state)
{
	static struct at_reply_parser p;
	char said[AT_LINE_MAX + 2];
	struct at_reply r;

	(void)state;
	memset(said, 'x', AT_LINE_MAX);
	memcpy(said, "+CUSD: ", 7);
	memcpy(said + AT_LINE_MAX, "\r\n", 2);
	at_reply_init(&p, AT_LENIENT);
	assert_int_equal(at_reply_feed(&p, span_of(said, sizeof(said)), &r), sizeof(said));
	assert_int_equal(r.kind, AT_REPLY_URC);
	assert_int_equal(r.text.len, AT_LINE_MAX);
}

static void
a_long_run_of_noise_is_one_fault(void **state)
{
	static struct at_reply_parser p;
	struct at_reply r;
	uint64_t fed = 0;

	(void)state;
	at_reply_init(&p, AT_LENIENT);
	for (int i = 0; i < 1000; i++, fed += 7) {
		at_reply_feed(&p, SPAN("\0noise\n"), &r);
		assert_int_equal(r.kind, AT_REPLY_MORE);
	}
	assert_int_equal(at_reply_partial(&p).len, AT_LINE_MAX);
	assert_int_equal(at_reply_feed(&p, SPAN("\r\nOK\r\n"), &r), 6);
	assert_int_equal(r.kind, AT_REPLY_FAULT);
	assert_int_equal(r.offset, 0);
	assert_int_equal(r.length, fed - 1);
	assert_int_equal(r.text.len, AT_LINE_MAX);
	for (size_t i = 0; i < AT_LINE_MAX; i++)
		assert_int_equal(r.text.at[i], "\0noise\n"[i % 7]);
	assert_int_equal(at_reply_feed(&p, SPAN(""), &r), 0);
	assert_int_equal(r.kind, AT_REPLY_FINAL);
	assert_int_equal(at_reply_partial(&p).len, 0);
}

static void
a_long_stray_line_is_part_of_the_noise_around_it(void **state)
{
	static struct at_reply_parser p;
	static char said[3 * AT_LINE_MAX];
	struct span in = span_of(said, sizeof(said));
	struct at_reply r;

	(void)state;
	memset(said, 'x', sizeof(said));
	memcpy(said, "stray\r\n", 7);
	memcpy(said + sizeof(said) - 13, "\r\nstray\r\nOK\r\n", 13);
	at_reply_init(&p, AT_LENIENT);
	in = span_after(in, at_reply_feed(&p, in, &r));
	assert_int_equal(r.kind, AT_REPLY_FAULT);
	assert_string_equal(r.why, "noise");
	assert_int_equal(r.offset, 0);
	assert_int_equal(r.length, sizeof(said) - 6);
	assert_int_equal(r.text.len, AT_LINE_MAX);
	assert_memory_equal(r.text.at, said, AT_LINE_MAX);
	at_reply_feed(&p, in, &r);
	assert_int_equal(r.kind, AT_REPLY_FINAL);
}

static void
a_command_is_pending_until_its_final_result_code(void **state)
{
	static struct at_reply_parser p;
	struct at_reply r;

	(void)state;
	at_reply_init(&p, AT_LENIENT);
	assert_false(at_reply_pending(&p));
	at_reply_expect(&p, SPAN("AT+HTTPDATA=3,1000"));
	assert_true(at_reply_pending(&p));
	at_reply_feed(&p, SPAN("\r\nDOWNLOAD\r\n"), &r);
	assert_int_equal(r.kind, AT_REPLY_PROMPT);
	assert_true(at_reply_pending(&p));
	at_reply_feed(&p, SPAN("\r\nO"), &r);
	assert_true(span_equal(at_reply_partial(&p), SPAN("O")));
	at_reply_feed(&p, SPAN("K\r\n"), &r);
	assert_int_equal(r.kind, AT_REPLY_FINAL);
	assert_false(at_reply_pending(&p));
	at_reply_expect(&p, SPAN("no command"));
	assert_false(at_reply_pending(&p));
	at_reply_feed(&p, SPAN("AT\r"), &r);
	assert_true(at_reply_pending(&p));
}

static void
nothing_may_be_fed_from_nowhere(void **state)
{
	static struct at_reply_parser p;
	const struct span nowhere = { NULL, 0 };
	struct at_reply r;

	(void)state;
	at_reply_init(&p, AT_LENIENT);
	at_reply_expect(&p, nowhere);
	assert_int_equal(at_reply_feed(&p, nowhere, &r), 0);
	assert_int_equal(r.kind, AT_REPLY_MORE);
	at_reply_feed(&p, SPAN("\r\n+HTTPREAD: 5\r\n"), &r);
	assert_int_equal(at_reply_feed(&p, nowhere, &r), 0);
	assert_int_equal(r.kind, AT_REPLY_MORE);
}

static void
an_empty_line_ends_what_is_pending(void **state)
{
	static struct at_reply_parser p;
	struct at_reply r;

	(void)state;
	at_reply_init(&p, AT_LENIENT);
	at_reply_expect(&p, SPAN("AT+CREG?"));
	at_reply_feed(&p, SPAN("\r\n+CREG: 0,1\r\n"), &r);
	assert_int_equal(r.kind, AT_REPLY_INFO);
	at_reply_expect(&p, SPAN(""));
	assert_false(at_reply_pending(&p));
	at_reply_feed(&p, SPAN("\r\n+CREG: 5\r\n"), &r);
	assert_int_equal(r.kind, AT_REPLY_URC);
}

static void
numeric_result_codes_need_no_byte_behind_them(void **state)
{
	static struct at_reply_parser p;
	struct at_reply r;

	(void)state;
	at_reply_init(&p, AT_LENIENT);
	at_reply_verbose(&p, false);
	at_reply_feed(&p, SPAN("0\r"), &r);
	assert_int_equal(r.kind, AT_REPLY_FINAL);
	assert_int_equal(r.final, AT_FINAL_OK);
	at_reply_feed(&p, SPAN("2\r"), &r);
	assert_int_equal(r.kind, AT_REPLY_URC);
	/* V takes 0 or 1; what the module refuses changes nothing */
	at_reply_expect(&p, SPAN("ATV128"));
	at_reply_feed(&p, SPAN("4\r"), &r);
	assert_int_equal(r.kind, AT_REPLY_FINAL);
	assert_int_equal(r.final, AT_FINAL_ERROR);
	at_reply_verbose(&p, true);
	at_reply_feed(&p, SPAN("0\r"), &r);
	assert_int_equal(r.kind, AT_REPLY_MORE);
}

static void
a_command_line_of_any_length_is_bounded(void **state)
{
	static struct at_reply_parser p;
	static char line[5000];
	struct at_reply r;

	(void)state;
	at_reply_init(&p, AT_LENIENT);
	memset(line, ';', sizeof(line));
	memcpy(line, "AT", 2);
	for (size_t i = 2; i + 4 < sizeof(line); i += 5)
		memcpy(line + i, "+CSQ", 4);
	at_reply_expect(&p, span_of(line, sizeof(line)));
	assert_int_equal(p.pending_count, AT_PENDING_MAX);
	at_reply_feed(&p, SPAN("\r\n+CSQ: 1,0\r\n"), &r);
	assert_int_equal(r.kind, AT_REPLY_INFO);
}

/* A runner gives up a payload that stops, and reads on. */
static void
a_payload_that_was_cut_short_is_over_for_what_follows(void **state)
{
	static struct at_reply_parser p;
	static char body[AT_LINE_MAX + 1];
	struct at_reply r;

	(void)state;
	at_reply_init(&p, AT_LENIENT);
	at_reply_feed(&p, SPAN("\r\n+HTTPREAD: 4000\r\n"), &r);
	memset(body, 'x', sizeof(body));
	at_reply_feed(&p, span_of(body, sizeof(body)), &r);
	assert_int_equal(r.kind, AT_REPLY_PAYLOAD);
	at_reply_end(&p, &r);
	assert_int_equal(r.kind, AT_REPLY_FAULT);
	at_reply_end(&p, &r);
	assert_int_equal(r.kind, AT_REPLY_MORE);
	at_reply_feed(&p, SPAN("\r\nOK\r\n"), &r);
	assert_int_equal(r.kind, AT_REPLY_FINAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_dialogue_has_its_replies),
		cmocka_unit_test(how_a_stream_is_split_does_not_change_its_replies),
		cmocka_unit_test(damaged_streams_do_not_depend_on_the_split_either),
		cmocka_unit_test(strict_mode_judges_the_framing_to_the_byte),
		cmocka_unit_test(strict_replies_are_the_lenient_ones_and_faults),
		cmocka_unit_test(a_line_that_is_too_long_is_one_fault_of_its_length),
		cmocka_unit_test(a_line_of_exactly_the_limit_is_whole),
		cmocka_unit_test(a_long_run_of_noise_is_one_fault),
		cmocka_unit_test(a_long_stray_line_is_part_of_the_noise_around_it),
		cmocka_unit_test(a_command_is_pending_until_its_final_result_code),
		cmocka_unit_test(nothing_may_be_fed_from_nowhere),
		cmocka_unit_test(an_empty_line_ends_what_is_pending),
		cmocka_unit_test(numeric_result_codes_need_no_byte_behind_them),
		cmocka_unit_test(a_command_line_of_any_length_is_bounded),
		cmocka_unit_test(a_payload_that_was_cut_short_is_over_for_what_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
