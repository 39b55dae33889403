/* mutate_evidence: where a row's document does not say what the deviation is about, and what nobody can tell. */
#include <fnmatch.h>

#include "mutate_tables.h"

/* What of a row another source says, or none (cases/sources.md: C host programs, I inferred, ? not found). */
static const struct {
	const char *row; /* shell pattern */
	enum mutate_operator op;
	const char *argument; /* shell pattern */
	const char *evidence;
} elsewhere[] = {
	/* A log shows that HTTPTERM takes the URL; of the other tags nothing is known. */
	{ "setting URL", OP_RESET_GONE, "by HTTPTERM", "L" },
	{ "setting *", OP_RESET_GONE, "by HTTPTERM", "?" },
	/* The manual gives no range and no default for these. */
	{ "setting PROPORT", OP_LIMIT_OFF, "*", "?" },
	{ "setting PROPORT", OP_PRESET_OTHER, "*", "I" },
	/* Logs show that bearer 1 is used without it. */
	{ "setting CID", OP_PRESET_OTHER, "*", "L" },
	{ "setting BREAK*", OP_LIMIT_OFF, "*", "?" },
	{ "setting +CIP*", OP_MAX, "*", "C" },
	{ "setting +CVHU", OP_MAX, "*", "C" },
	{ "setting +CLIP", OP_MAX, "*", "C" },
	/* That AT&W keeps these four, and that they are taken, is in its list (M 2.2.32); of their values this suite has no document. */
	{ "setting +CMGF", OP_SAVED_OTHER, "never", "M" },
	{ "setting +CSCS", OP_SAVED_OTHER, "never", "M" },
	{ "setting +CSCLK", OP_SAVED_OTHER, "never", "M" },
	{ "setting +CLTS", OP_SAVED_OTHER, "never", "M" },
	{ "setting +CMGF", OP_STORED_OTHER, "*", "M" },
	{ "setting +CSCS", OP_STORED_OTHER, "*", "M" },
	{ "setting +CSCLK", OP_STORED_OTHER, "*", "M" },
	{ "setting +CLTS", OP_STORED_OTHER, "*", "M" },
	{ "setting +CMGF", OP_MAX, "*", "C" },
	{ "setting +CSCS", OP_MAX, "*", "C" },
	{ "setting +CSCLK", OP_MAX, "*", "C" },
	{ "setting +CLTS", OP_MAX, "*", "C" },
	/* "300k": of 1000 or 1024 bytes, the manual does not say. */
	{ "AT+FTPEXTPUT parameter [23]", OP_LIMIT_OFF, "one less at the upper end", "?" },
	{ "AT+HTTPREAD parameter 1", OP_LIMIT_OFF, "one less at the upper end", "I" },
	/* How soon a bearer opens, and what becomes of one that is set while it is open. */
	{ "bearer-*", OP_TIMER_EARLY, "of the bearer", "?" },
	{ "bearer-set-1", OP_STATE_GONE, "state [123]", "?" },
	/* Names and numbers of the network's and the module's own. */
	{ "AT+C*REG?", OP_FIELD_OTHER, "* number 3", "?" },
	{ "AT+COPS[?]", OP_FIELD_OTHER, "* number 3", "?" },
	{ "AT+COPS=[?]", OP_FIELD_OTHER, "* field [12]", "?" },
	{ "bearer-get-1", OP_BLANK_GONE, "*", "?" },
	{ "ATI*", OP_FIELD_OTHER, "*", "?" },
	{ "ATI*", OP_NAME_OTHER, "*", "?" },
	/* An action runs: which of these are taken then no document says, save HTTPSTATUS? and HTTPREAD. */
	{ "http-para-[23]", OP_STATE_GONE, "state [234]", "?" },
	{ "http-scont-[12]", OP_STATE_GONE, "state [234]", "?" },
	{ "http-ssl-1", OP_STATE_GONE, "state [234]", "?" },
	/* AT+HTTPSTATUS? after another session, and what a block cut short leaves, no log shows. */
	{ "http-init-1", OP_ACT_GONE, "*", "?" },
	{ "http-data-4", OP_ACT_GONE, "*", "?" },
	{ "AT+COPS parameter 1", OP_LIMIT_OFF, "one less at the upper end", "?" },
	/* Whether an FTP setting may be changed while a session runs. */
	{ "ftp-set-2", OP_STATE_GONE, "state [1-9]*", "?" },
	{ "ftp-scont-[12]", OP_STATE_GONE, "state [1-9]*", "?" },
	/* Note 3.11: after a long time. */
	{ "ftp-more-4", OP_URC_LATE, "*", "?" },
	/* Announcements between two reads: host programs 26.  State 3 is GET_DRY: what was announced has been read. */
	{ "ftp-read-[67]", OP_STATE_GONE, "state 3", "C" },
	{ "ftp-read-7", OP_NEXT_OTHER, "none", "C" },
	/* The manual prints other numbers than modules do, or none. */
	{ "bearer-open-5", OP_CME_OTHER, "*", "I" },
	{ "bearer-open-6", OP_CME_OTHER, "*", "I" },
	{ "ftp-read-*", OP_CME_OTHER, "*", "?" },
	{ "ftp-put-*", OP_CME_OTHER, "*", "?" },
	{ "http-off-*", OP_CME_OTHER, "*", "I" },
	{ "http-term-2", OP_CME_OTHER, "*", "I" },
	{ "http-action-1", OP_CME_OTHER, "*", "I" },
	{ "bearer-close-2", OP_CME_OTHER, "*", "I" },
};

const char *
mutate_evidence(const struct deviation *d)
{
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if ((elsewhere[i].op == OP_MAX || elsewhere[i].op == d->op) && fnmatch(elsewhere[i].row, d->row, 0) == 0 &&
		    fnmatch(elsewhere[i].argument, d->argument, 0) == 0)
			return elsewhere[i].evidence;
	return d->evidence;
}

/* Survivors that a person has looked at: why no host, and no server, can tell. */
static const struct {
	const char *row;
	enum mutate_operator op;
	const char *argument;
	const char *why;
} reviewed[] = {
	{ "ftp-fail-[34]", OP_ROW_GONE, "*", "the connection has a clock of its own, which runs out at the same moment" },
	{ "ftp-fail-[34]", OP_STATE_GONE, "*", "the connection has a clock of its own, which runs out at the same moment" },
	{ "ftp-*", OP_TIMER_LATE, "for the server", "the connection has a clock of its own, which runs out at the same moment" },
	{ "http-action-4", OP_TIMER_LATE, "TIMEOUT", "the exchange has a clock of its own, which runs out at the same moment" },
	{ "http-action-4", OP_FAR_OTHER, "waits too long", "the session has a clock of its own, which runs out at the same moment" },
	{ "http-action-3", OP_ROW_GONE, "*", "without a bearer the exchange fails with 601 all the same" },
	{ "http-read-1", OP_ROW_GONE, "*", "nothing is read from beyond the end all the same" },
	{ "ftp-open-2", OP_ROW_GONE, "*", "without a name the server's refusal is one of the three errors that pass (3.13)" },
	{ "ftp-fail-*", OP_FAR_OTHER, "never closed",
	    "whether a session that failed says QUIT no document says, and no server here knows of more" },
	{ "ftp-more-4", OP_FAR_OTHER, "never closed",
	    "whether a session that failed says QUIT no document says, and no server here knows of more" },
	{ "ftp-open-6", OP_GUARD_GONE, "*", "its timer runs only while there is a refusal to say" },
	{ "ftp-more-3", OP_ACT_GONE, "*", "only an announcement that has waited for 10 seconds could be said twice" },
	{ "ftp-put-8", OP_TIMER_EARLY, "for the server", "a described server always takes something, which starts the clock anew" },
	{ "ftp-put-5", OP_TIMER_GONE, "*", "what it is for is not waited for any more" },
	{ "bearer-open-[456]", OP_ACT_GONE, "*", "it stops a clock and a connection that nothing comes of any more" },
	{ "bearer-open-5", OP_ROW_GONE, "*", "the manual gives the ERROR 85 seconds, and then it comes" },
	{ "bearer-open-5", OP_STATE_GONE, "*", "the manual gives the ERROR 85 seconds, and then it comes" },
	{ "bearer-open-2", OP_FAR_OTHER, "bearer's *", "the described network asks for no user" },
	{ "setting X", OP_MAX, "*", "ATX is about calls, and cannot be read" },
	{ "setting &D", OP_MAX, "*", "AT&D is about calls, and cannot be read" },
	{ "AT+HTTPACTION=[?]", OP_FIELD_OTHER, "one more in field 2", "manual V1.10 lists DELETE, too" },
	{ "setting USERDATA", OP_PRESET_OTHER, "*", "a header line without a colon is no header" },
};

const char *
mutate_reviewed(const struct deviation *d)
{
	for (size_t i = 0; i < sizeof(reviewed) / sizeof(reviewed[0]); i++)
		if ((reviewed[i].op == OP_MAX || reviewed[i].op == d->op) && fnmatch(reviewed[i].row, d->row, 0) == 0 &&
		    fnmatch(reviewed[i].argument, d->argument, 0) == 0)
			return reviewed[i].why;
	return NULL;
}
