/*
 * rig_state: put a module back into the state in which a case begins: echo on, words for result codes, numberless errors, no HTTP
 * service, no FTP session, bearers closed, parameters as after power on.
 *
 * What a module refuses (a command that its firmware lacks) is left alone: the case that needs it says so.  Nothing is stored.
 */
#include <stdio.h>
#include <stdlib.h>

#include "rig_parts.h"

#define BEARER_US 70000000u     /* AT+SAPBR=0: at most 65 s (manual 9.2) */
#define STACK_US 70000000u      /* AT+CIPSHUT: 65 s */
#define HTTP_BUSY_US 130000000u /* an action ends by itself after its TIMEOUT, 120 s unless set */
#define POLL_US 500000u
#define BOOT_QUIET_US 4000000u /* between two lines of a start it is silent for less */
#define BOOT_US 40000000u
#define FTP_END_US 1500000u /* +FTPGET: 1,86 comes behind the OK of FTPQUIT */
#define FTP_IDLE_US 200000u /* the manual does not say that FTPSTATE knows of each kind of session */

int
rig_complain(struct rig *r, enum talk_result got, const char *line, struct err *e)
{
	switch (got) {
	case TALK_LOST: r->lost = true; return err_set(e, EXIT_RIG, "%s", r->talk.err.text);
	case TALK_STOPPED: return err_set(e, EXIT_RIG, "stopped by a signal");
	case TALK_OK:
	case TALK_NUMBER:
	case TALK_ERROR:
	case TALK_NOTHING:
	case TALK_ECHO:
	case TALK_TEXT:
	case TALK_GARBAGE:
	case TALK_FLOOD: break;
	}
	return err_set(e, EXIT_RIG, "the module does not answer %s", line);
}

/* A command whose result code does not matter, but that there is one.  1: OK, 0: an error, -1: none. */
static int
ask(struct rig *r, const char *line, uint64_t within_us, struct err *e)
{
	enum talk_result got = talk_command(&r->talk, line, true, within_us);

	if (got == TALK_OK)
		return 1;
	return got == TALK_ERROR ? 0 : rig_complain(r, got, line, e);
}

/* Settings in one line; if the module refuses one of them, each by itself. */
static int
set(struct rig *r, const char *settings, struct err *e)
{
	char line[512];
	int got;

	snprintf(line, sizeof(line), "AT%s", settings);
	got = ask(r, line, RIG_COMMAND_US, e);
	while (got == 0 && *settings != '\0') {
		size_t n = strcspn(settings, ";");

		snprintf(line, sizeof(line), "AT%.*s", (int)n, settings);
		if (ask(r, line, RIG_COMMAND_US, e) < 0)
			return -1;
		settings += n + (settings[n] == ';');
	}
	return got < 0 ? -1 : 0;
}

/* The echo is not known yet, and a lone digit may be the result code. */
static int
basics(struct rig *r, struct err *e)
{
	enum talk_result got;

	r->talk.numeric = true;
	got = talk_command(&r->talk, "ATE1Q0V1", false, RIG_ANSWER_US);
	r->talk.numeric = false;
	if (got != TALK_OK && got != TALK_NUMBER)
		return rig_complain(r, got, "ATE1Q0V1", e);
	return set(r, "X4;&C1;S5=8", e);
}

/* ---- sessions -------------------------------------------------------------------- */

/* An HTTPTERM that is refused means that there is no service, or that it is busy: only a service that is not there can be initialised. */
static int
http_off(struct rig *r, struct err *e)
{
	uint64_t until_us = talk_now(&r->talk) + HTTP_BUSY_US;

	for (;;) {
		int got = ask(r, "AT+HTTPTERM", RIG_COMMAND_US, e);

		if (got != 0)
			return got < 0 ? -1 : 0;
		got = ask(r, "AT+HTTPINIT", RIG_COMMAND_US, e);
		if (got < 0)
			return -1;
		if (got == 0 && talk_now(&r->talk) >= until_us)
			return err_set(e, EXIT_RIG, "the module neither ends its HTTP service nor begins one");
		/* A module that refuses both at once has no HTTP at all. */
		if (got == 0 && ask(r, "AT+HTTPSTATUS?", RIG_COMMAND_US, e) == 0)
			return 0;
		if (got == 0 && talk_pause(&r->talk, POLL_US) != TALK_NOTHING)
			return rig_complain(r, talk_stopped(&r->talk) ? TALK_STOPPED : TALK_LOST, "AT+HTTPTERM", e);
	}
}

/* What runs ends with a URC of its own, which must not come in the next case. */
static int
ftp_off(struct rig *r, struct err *e)
{
	int got = ask(r, "AT+FTPSTATE", RIG_COMMAND_US, e);
	enum talk_result quiet;
	char info[TALK_INFO_MAX];
	bool idle;

	if (got < 0)
		return -1;
	talk_info(&r->talk, info);
	idle = got == 1 && strcmp(info, "+FTPSTATE: 0") == 0;
	got = ask(r, "AT+FTPQUIT", RIG_COMMAND_US, e);
	if (got <= 0)
		return got;
	quiet = talk_drain(&r->talk, idle ? FTP_IDLE_US : FTP_END_US, 4 * FTP_END_US);
	return quiet == TALK_LOST || quiet == TALK_STOPPED ? rig_complain(r, quiet, "AT+FTPQUIT", e) : 0;
}

/* +SAPBR: 1,3,"0.0.0.0" is a closed bearer. */
static int
bearer_off(struct rig *r, int cid, struct err *e)
{
	char line[32], info[TALK_INFO_MAX];
	const char *status;
	int got;

	snprintf(line, sizeof(line), "AT+SAPBR=2,%d", cid);
	got = ask(r, line, RIG_COMMAND_US, e);
	if (got <= 0)
		return got;
	talk_info(&r->talk, info);
	status = strchr(info, ',');
	if (status != NULL && status[1] == '3')
		return 0;
	snprintf(line, sizeof(line), "AT+SAPBR=0,%d", cid);
	return ask(r, line, BEARER_US, e) < 0 ? -1 : 0;
}

static int
bearers_off(struct rig *r, unsigned touched, struct err *e)
{
	char line[160];

	for (int cid = 1; cid <= RIG_CIDS; cid++) {
		if ((touched & (unsigned)RIG_BEARER << (cid - 1)) != 0 && bearer_off(r, cid, e) < 0)
			return -1;
		if ((touched & (unsigned)RIG_BEARER_SET << (cid - 1)) == 0)
			continue;
		snprintf(line, sizeof(line),
		    "+SAPBR=3,%d,\"CONTYPE\",\"GPRS\";+SAPBR=3,%d,\"APN\",\"\";+SAPBR=3,%d,\"USER\",\"\";+SAPBR=3,%d,\"PWD\",\"\"", cid,
		    cid, cid, cid);
		if (set(r, line, e) < 0)
			return -1;
	}
	return 0;
}

static int
ftp_settings(struct rig *r, struct err *e)
{
	char line[300];

	snprintf(line, sizeof(line),
	    "+FTPPORT=21;+FTPTYPE=\"I\";+FTPPUTOPT=\"STOR\";+FTPCID=1;+FTPREST=0;+FTPSERV=\"\";+FTPUN=\"\";+FTPPW=\"\";"
	    "+FTPGETNAME=\"\";+FTPGETPATH=\"\";+FTPPUTNAME=\"\";+FTPPUTPATH=\"\"%s%s",
	    r->mode[0] == '\0' ? "" : ";+FTPMODE=", r->mode);
	return set(r, line, e);
}

/* AT+CIPSHUT answers SHUT OK, and no OK. */
static int
stack_off(struct rig *r, struct err *e)
{
	enum talk_result got = talk_command(&r->talk, "AT+CIPSHUT", true, RIG_COMMAND_US);

	if (got == TALK_NOTHING || got == TALK_ECHO)
		got = talk_drain(&r->talk, POLL_US, STACK_US);
	return got == TALK_LOST || got == TALK_STOPPED ? rig_complain(r, got, "AT+CIPSHUT", e) : 0;
}

static int
rate_back(struct rig *r, struct err *e)
{
	char line[32];

	if (r->rate[0] == '\0')
		return 0;
	snprintf(line, sizeof(line), "AT+IPR=%s", r->rate);
	return ask(r, line, RIG_COMMAND_US, e) < 0 ? -1 : 0;
}

/* ---- all of it ------------------------------------------------------------------- */

int
rig_put_back(struct rig *r, unsigned touched, struct err *e)
{
	struct err why;

	if ((touched & (RIG_RESTART | RIG_UNSURE)) != 0) {
		enum talk_result got = (touched & RIG_RESTART) != 0 ? talk_boot(&r->talk, BOOT_QUIET_US, BOOT_US)
								    : talk_drain(&r->talk, RIG_SLICE_US, RIG_COMMAND_US);

		if (got == TALK_LOST || got == TALK_STOPPED)
			return rig_complain(r, got, "AT", e);
		touched |= RIG_BASIC;
	}
	/* Otherwise echo and result codes are as they were. */
	if ((touched & RIG_BASIC) != 0 && basics(r, &why) != 0) {
		if (r->lost || talk_stopped(&r->talk))
			return err_set(e, EXIT_RIG, "%.400s", why.text);
		/* It may wait for input, or have lost its baud rate. */
		if (rig_search(r, talk_now(&r->talk) + r->options.wait_us, e) != 0 || basics(r, e) != 0)
			return -1;
	}
	if ((touched & RIG_STACK) != 0 && stack_off(r, e) < 0)
		return -1;
	if ((touched & RIG_HTTP) != 0 && http_off(r, e) < 0)
		return -1;
	if ((touched & RIG_FTP) != 0 && ftp_off(r, e) < 0)
		return -1;
	if ((touched & RIG_HTTP_SSL) != 0 && set(r, "+HTTPSSL=0", e) < 0)
		return -1;
	if ((touched & RIG_FTP_EXT) != 0 && set(r, "+FTPEXTPUT=0;+FTPSSL=0", e) < 0)
		return -1;
	if ((touched & RIG_FTP_SET) != 0 && ftp_settings(r, e) < 0)
		return -1;
	if (bearers_off(r, touched, e) < 0)
		return -1;
	if ((touched & RIG_GENERAL) != 0 && set(r, "+CMEE=0;+CREG=0;+CGREG=0;+CIURC=1;+CLIP=0;+CLTS=0;+CSCLK=0", e) < 0)
		return -1;
	if ((touched & RIG_RADIO) != 0 && (ask(r, "AT+CFUN=1", 2 * RIG_COMMAND_US, e) < 0 || ask(r, "AT+CGATT=1", 75000000, e) < 0))
		return -1;
	if ((touched & RIG_RATE) != 0 && rate_back(r, e) < 0)
		return -1;
	return 0;
}

/* The value of "+NAME: value", if it is a number. */
static void
read_number(struct rig *r, const char *line, char *into, size_t cap)
{
	char info[TALK_INFO_MAX];
	const char *at;
	struct err e;
	size_t n;

	into[0] = '\0';
	if (ask(r, line, RIG_COMMAND_US, &e) != 1)
		return;
	talk_info(&r->talk, info);
	at = strchr(info, ':');
	if (at == NULL)
		return;
	at += strspn(at, ": ");
	n = strspn(at, "0123456789");
	if (n > 0 && n < cap && at[n] == '\0')
		snprintf(into, cap, "%s", at);
}

void
rig_remember(struct rig *r)
{
	read_number(r, "AT+FTPMODE?", r->mode, sizeof(r->mode));
	read_number(r, "AT+IPR?", r->rate, sizeof(r->rate));
}
