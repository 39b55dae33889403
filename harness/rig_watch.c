/* rig_watch: what a case leaves behind, read from what goes over the wire. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "rig_parts.h"

#define PIECE_MAX 256 /* bytes that are looked through at once */

/* Words of a command line, in capitals, and what they may leave behind.  Payload that reads like one costs a command too many. */
static const struct {
	const char *word;
	unsigned touched;
} words[] = {
	{ "+CMEE", RIG_GENERAL },
	{ "+CREG=", RIG_GENERAL },
	{ "+CGREG=", RIG_GENERAL },
	{ "+CIURC=", RIG_GENERAL },
	{ "+CLIP=", RIG_GENERAL },
	{ "+CLTS=", RIG_GENERAL },
	{ "+CSCLK=", RIG_GENERAL },
	{ "+CFUN=", RIG_RADIO },
	{ "+CGATT=", RIG_RADIO },
	{ "+HTTPINIT", RIG_HTTP },
	{ "+HTTPSSL=", RIG_HTTP_SSL },
	{ "+FTPGET=1", RIG_FTP },
	{ "+FTPPUT=1", RIG_FTP },
	{ "+FTPLIST=1", RIG_FTP },
	{ "+FTPSIZE", RIG_FTP },
	{ "+FTPDELE", RIG_FTP },
	{ "+FTPMKD", RIG_FTP },
	{ "+FTPRMD", RIG_FTP },
	{ "+FTPSERV=", RIG_FTP_SET },
	{ "+FTPPORT=", RIG_FTP_SET },
	{ "+FTPUN=", RIG_FTP_SET },
	{ "+FTPPW=", RIG_FTP_SET },
	{ "+FTPCID=", RIG_FTP_SET },
	{ "+FTPMODE=", RIG_FTP_SET },
	{ "+FTPTYPE=", RIG_FTP_SET },
	{ "+FTPPUTOPT=", RIG_FTP_SET },
	{ "+FTPREST=", RIG_FTP_SET },
	{ "+FTPGETNAME=", RIG_FTP_SET },
	{ "+FTPGETPATH=", RIG_FTP_SET },
	{ "+FTPPUTNAME=", RIG_FTP_SET },
	{ "+FTPPUTPATH=", RIG_FTP_SET },
	{ "+FTPEXTPUT=", RIG_FTP_EXT },
	{ "+FTPSSL=", RIG_FTP_EXT },
	{ "+SAPBR=1,1", RIG_BEARER },
	{ "+SAPBR=1,2", RIG_BEARER << 1 },
	{ "+SAPBR=1,3", RIG_BEARER << 2 },
	{ "+SAPBR=3,1", RIG_BEARER_SET },
	{ "+SAPBR=3,2", RIG_BEARER_SET << 1 },
	{ "+SAPBR=3,3", RIG_BEARER_SET << 2 },
	{ "+CIP", RIG_STACK },
	{ "+CSTT", RIG_STACK },
	{ "+CIICR", RIG_STACK },
	{ "+IPR=", RIG_RATE },
	{ "+CFUN=1,1", RIG_RESTART },
	{ "+CPOWD", RIG_RESTART },
};

/* Basic commands (E, V, Q, X, S, &F, Z, ...) stand right behind AT, or behind another one or a semicolon. */
static bool
has_basic(const char *line)
{
	for (const char *c = line + 2; *c != '\0'; c = strchr(c, ';') == NULL ? c + strlen(c) : strchr(c, ';') + 1)
		if (*c != '+' && *c != '*' && *c != ';' && *c != ' ')
			return !(*c == 'I' && (c[1] == '\0' || c[1] == ';'));
	return false;
}

/* The n of +HTTPDATA=n,t, +FTPPUT=2,n, +FTPEXTPUT=2,p,n,t; 0: it asks for none. */
static uint32_t
input_of(const char *line)
{
	const char *at, *number = NULL;
	unsigned long n;

	if ((at = strstr(line, "+HTTPDATA=")) != NULL)
		number = at + 10;
	else if ((at = strstr(line, "+FTPPUT=2,")) != NULL)
		number = at + 10;
	else if ((at = strstr(line, "+FTPEXTPUT=2,")) != NULL)
		number = strchr(at + 13, ',') != NULL ? strchr(at + 13, ',') + 1 : NULL;
	if (number == NULL || !isdigit((unsigned char)*number))
		return 0;
	n = strtoul(number, NULL, 10);
	return n > RIG_INPUT_MAX ? RIG_INPUT_MAX : (uint32_t)n;
}

static void
command_left(struct rig_watch *w)
{
	const char *at = strstr(w->out, "AT");

	if (at != w->out || w->out_len < 3)
		return;
	memcpy(w->last, w->out, w->out_len + 1);
	w->input = input_of(w->last);
	if (has_basic(w->last))
		w->touched |= RIG_BASIC;
	if (strstr(w->last, "&F") != NULL || strstr(w->last, "ATZ") != NULL)
		w->touched |= RIG_GENERAL;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(w->last, words[i].word) != NULL)
			w->touched |= words[i].touched;
}

/* A command has its OK: some undo what an earlier one did. */
static void
command_done(struct rig_watch *w)
{
	char close[] = "+SAPBR=0,1";

	if (strstr(w->last, "+HTTPTERM") != NULL && strstr(w->last, "+HTTPINIT") == NULL)
		w->touched &= ~(unsigned)RIG_HTTP;
	for (unsigned cid = 0; cid < RIG_CIDS; cid++, close[9]++)
		if (strstr(w->last, close) != NULL)
			w->touched &= ~((unsigned)RIG_BEARER << cid);
}

/* "+FTPGET: 1,0", "+FTPSIZE:1,77,0": a session is over, unless there is data or room, or 66 was said to a second one beside it. */
static bool
ends_session(const char *line)
{
	const char *c = strchr(line, ':');

	if (strncmp(line, "+FTP", 4) != 0 || c == NULL)
		return false;
	c += strspn(c, ": ");
	if (c[0] != '1' || c[1] != ',')
		return false;
	c += 2;
	return !(c[0] == '1' && (c[1] == '\0' || c[1] == ',')) && !(c[0] == '6' && c[1] == '6' && (c[2] == '\0' || c[2] == ','));
}

static void
line_came(struct rig_watch *w)
{
	const char *line = w->in;

	if (strcmp(line, "OK") == 0)
		command_done(w);
	else if (ends_session(line))
		w->touched &= ~(unsigned)RIG_FTP;
	else if (strcmp(line, "Call Ready") == 0)
		w->call_ready = true;
	else if (strcmp(line, "SMS Ready") == 0)
		w->sms_ready = true;
	else if (strncmp(line, "UNDER-VOLTAGE", 13) == 0 || strncmp(line, "OVER-VOLTAGE", 12) == 0)
		w->supply = true;
}

void
rig_watch_case(struct rig_watch *w)
{
	w->out_len = w->in_len = 0;
	w->last[0] = '\0';
	w->input = 0;
	w->call_ready = w->sms_ready = w->supply = false;
}

void
rig_watch_out(struct rig_watch *w, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		char c = bytes.at[i];

		if (c == '\r' || c == '\n') {
			w->out[w->out_len] = '\0';
			command_left(w);
			w->out_len = 0;
		} else if (w->out_len + 1 < sizeof(w->out)) {
			w->out[w->out_len++] = (char)(c == '\0' ? ' ' : toupper((unsigned char)c));
		}
	}
}

/* How many bytes lie before the first CR or LF of a piece so short that looking through it twice costs nothing. */
static size_t
before_end(struct span piece)
{
	const char *cr = memchr(piece.at, '\r', piece.len), *lf;

	if (cr != NULL)
		piece.len = (size_t)(cr - piece.at);
	lf = piece.len == 0 ? NULL : memchr(piece.at, '\n', piece.len);
	return lf == NULL ? piece.len : (size_t)(lf - piece.at);
}

void
rig_watch_in(struct rig_watch *w, struct span bytes)
{
	/* Payloads come this way, too, byte after byte of megabytes. */
	while (bytes.len > 0) {
		struct span piece = span_first(bytes, PIECE_MAX);
		size_t n = before_end(piece);

		for (size_t i = 0; i < n && w->in_len + 1 < sizeof(w->in); i++)
			w->in[w->in_len++] = piece.at[i] == '\0' ? ' ' : piece.at[i];
		if (n < piece.len) {
			w->in[w->in_len] = '\0';
			if (w->in_len > 0)
				line_came(w);
			w->in_len = 0;
			n++;
		}
		bytes = span_after(bytes, n);
	}
}
