/* modem_ftp_commands: the AT+FTP... commands: their forms, their parameters' ranges, their lists.  Manual chapter 12. */

#include <stddef.h>

#include "modem.h"
#include "modem_ftp.h"
#include "modem_scont.h"

#define AT(field) offsetof(struct modem_settings, field)
#define NUMBER_MAX 2147483647

/* Rows of the settings. */
enum { SERV, PORT, UN, PW, CID, MODE, TYPE, PUTOPT, REST, GETNAME, GETPATH, PUTNAME, PUTPATH, SSL, EXTPUT };

/* clang-format off */
/* In the order in which AT+FTPSCONT? lists them; the rest is not saved. */
const struct setting modem_settings_ftp[] = {
	/* name, kind, choices, min, max, preset, offset, resets, saved, clause, evidence */
	[SERV] = { "+FTPSERV", SETTING_TEXT, NULL, 0, 49, NULL, AT(ftp_server), RESET_POWER, SAVED_FTPSCONT, "M 12.2.7", EV_MANUAL },
	[PORT] = { "+FTPPORT", SETTING_NUMBER, NULL, 1, 65535, "21", AT(ftp_port), RESET_POWER, SAVED_FTPSCONT, "M 12.2.1", EV_MANUAL },
	[UN] = { "+FTPUN", SETTING_TEXT, NULL, 0, 49, NULL, AT(ftp_user), RESET_POWER, SAVED_FTPSCONT, "M 12.2.8", EV_MANUAL },
	[PW] = { "+FTPPW", SETTING_TEXT, NULL, 0, 49, NULL, AT(ftp_password), RESET_POWER, SAVED_FTPSCONT, "M 12.2.9", EV_MANUAL },
	[CID] = { "+FTPCID", SETTING_NUMBER, NULL, 1, MODEM_CIDS, "1", AT(ftp_cid), RESET_POWER, SAVED_FTPSCONT, "M 12.2.5", EV_UNKNOWN },
	[MODE] = { "+FTPMODE", SETTING_NUMBER, NULL, 0, 1, "0", AT(ftp_mode), RESET_POWER, SAVED_FTPSCONT, "M 12.2.2", EV_UNKNOWN },
	[TYPE] = { "+FTPTYPE", SETTING_CHOICE, "A|I", 0, 0, "I", AT(ftp_type), RESET_POWER, SAVED_FTPSCONT, "M 12.2.3", EV_UNKNOWN },
	[PUTOPT] = { "+FTPPUTOPT", SETTING_CHOICE, "APPE|STOU|STOR", 0, 0, "STOR", AT(ftp_putopt), RESET_POWER, SAVED_FTPSCONT, "M 12.2.4", EV_UNKNOWN },
	[REST] = { "+FTPREST", SETTING_NUMBER, NULL, 0, NUMBER_MAX, "0", AT(ftp_rest), RESET_POWER, SAVED_FTPSCONT, "M 12.2.6", EV_INFERRED },
	[GETNAME] = { "+FTPGETNAME", SETTING_TEXT, NULL, 0, 99, NULL, AT(ftp_get_name), RESET_POWER, SAVED_FTPSCONT, "M 12.2.10", EV_MANUAL },
	[GETPATH] = { "+FTPGETPATH", SETTING_TEXT, NULL, 0, 255, NULL, AT(ftp_get_path), RESET_POWER, SAVED_FTPSCONT, "M 12.2.11", EV_MANUAL },
	[PUTNAME] = { "+FTPPUTNAME", SETTING_TEXT, NULL, 0, 99, NULL, AT(ftp_put_name), RESET_POWER, SAVED_FTPSCONT, "M 12.2.12", EV_MANUAL },
	[PUTPATH] = { "+FTPPUTPATH", SETTING_TEXT, NULL, 0, 255, NULL, AT(ftp_put_path), RESET_POWER, SAVED_FTPSCONT, "M 12.2.13", EV_MANUAL },
	[SSL] = { "+FTPSSL", SETTING_NUMBER, NULL, 0, 2, "0", AT(ftp_ssl), RESET_POWER, SAVED_NEVER, "SSL 3.2", EV_MANUAL },
	[EXTPUT] = { "+FTPEXTPUT", SETTING_NUMBER, NULL, 0, 1, "0", AT(ftp_extend), RESET_POWER, SAVED_NEVER, "M 12.2.20", EV_MANUAL },
	{ .name = NULL },
};
/* clang-format on */

static void
event(struct modem *m, enum ftp_event e)
{
	session_event(m, &m->ftp.session, (uint8_t)e);
}

static void
set_write(struct modem *m, const struct at_command *c)
{
	const struct setting *s = m->command->setting;

	if (c->count != 1 || !setting_takes(m, s, parameter_text(c, 0))) {
		modem_fail_range(m);
		return;
	}
	m->ftp.setter = s;
	m->ftp.value = parameter_text(c, 0);
	event(m, FTP_CMD_SET);
}

static void
session_open(struct modem *m, enum world_ftp_verb verb)
{
	m->ftp.asked = verb;
	event(m, FTP_CMD_OPEN);
}

/* FTPGET and FTPLIST: =1 opens, =2,n reads. */
static void
get_or_list(struct modem *m, const struct at_command *c, enum world_ftp_verb verb)
{
	int64_t mode, n;

	if (!parameter_takes(m, c, 0, &mode) || c->count != mode) {
		modem_fail_range(m);
		return;
	}
	if (mode == 1) {
		session_open(m, verb);
		return;
	}
	if (!parameter_takes(m, c, 1, &n)) {
		modem_fail_range(m);
		return;
	}
	m->ftp.asked = verb;
	m->ftp.request = (uint32_t)n;
	/* What has come up to this moment can be read. */
	if (m->ftp.session.state & FTP_GET)
		ftp_look(m);
	event(m, FTP_CMD_READ);
}

static void
get_write(struct modem *m, const struct at_command *c)
{
	get_or_list(m, c, WORLD_RETR);
}

static void
list_write(struct modem *m, const struct at_command *c)
{
	get_or_list(m, c, WORLD_LIST);
}

static void
put_write(struct modem *m, const struct at_command *c)
{
	int64_t mode, n;

	if (!parameter_takes(m, c, 0, &mode) || c->count != mode) {
		modem_fail_range(m);
		return;
	}
	if (mode == 1) {
		session_open(m, WORLD_STORE);
		return;
	}
	if (!parameter_takes(m, c, 1, &n)) {
		modem_fail_range(m);
		return;
	}
	m->ftp.request = (uint32_t)n;
	event(m, n == 0 ? FTP_CMD_CLOSE : FTP_CMD_WRITE);
}

static void
extput_write(struct modem *m, const struct at_command *c)
{
	int64_t mode, position, length, time_ms;

	if (!parameter_takes(m, c, 0, &mode) || c->count != (mode == 2 ? 4 : 1)) {
		modem_fail_range(m);
		return;
	}
	if (mode < 2) {
		m->ftp.extend_asked = mode == 1;
		event(m, FTP_CMD_EXTEND);
		return;
	}
	if (!parameter_takes(m, c, 1, &position) || !parameter_takes(m, c, 2, &length) || !parameter_takes(m, c, 3, &time_ms) ||
	    position + length > FTP_EXTEND_MAX) {
		modem_fail_range(m);
		return;
	}
	m->ftp.position = (uint32_t)position;
	m->ftp.length = (uint32_t)length;
	m->ftp.time_ms = (uint32_t)time_ms;
	event(m, FTP_CMD_EXTEND_DATA);
}

static void
size_execute(struct modem *m, const struct at_command *c)
{
	(void)c;
	session_open(m, WORLD_SIZE);
}

static void
dele_execute(struct modem *m, const struct at_command *c)
{
	(void)c;
	session_open(m, WORLD_DELE);
}

static void
mkd_execute(struct modem *m, const struct at_command *c)
{
	(void)c;
	session_open(m, WORLD_MKD);
}

static void
rmd_execute(struct modem *m, const struct at_command *c)
{
	(void)c;
	session_open(m, WORLD_RMD);
}

static void
state_execute(struct modem *m, const struct at_command *c)
{
	(void)c;
	event(m, FTP_CMD_STATE);
}

static void
quit_execute(struct modem *m, const struct at_command *c)
{
	(void)c;
	event(m, FTP_CMD_QUIT);
}

static void
scont_execute(struct modem *m, const struct at_command *c)
{
	(void)c;
	event(m, FTP_CMD_SCONT);
}

static void
scont_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	event(m, FTP_CMD_SCONT_READ);
}

/* The last line has no command of its own in any edition of the manual: it is the time the server is waited for. */
void
ftp_list_context(struct modem *m)
{
	const struct setting *s;
	char number[16];

	modem_infof(
	    m, "+FTPSCONT: %d", m->has_saved_ftp ? scont_mode(m, m->tables->setting[SETTINGS_FTP], SAVED_FTPSCONT, &m->saved_ftp) : 1);
	for (s = m->tables->setting[SETTINGS_FTP]; s->name != NULL; s++) {
		struct span v = setting_in(&m->set, s, number);

		setting_hit(m, s);
		if (s->saved == SAVED_FTPSCONT)
			modem_listf(m, "%s: %.*s", s->name, (int)v.len, v.at);
	}
	modem_listf(m, "+FTPTIMEOUT: %u", (unsigned)(m->sw.ftp_response_ms / 1000));
}

#define SETTER(row) NULL, NULL, set_write, NULL, &modem_settings_ftp[row]

/* clang-format off */
const struct command modem_commands_ftp[] = {
	/* name, test, read, write, execute, setting, clause, evidence, profiles */
	{ "+FTPPORT", SETTER(PORT), "M 12.2.1", EV_MANUAL, 0 },
	{ "+FTPMODE", SETTER(MODE), "M 12.2.2", EV_MANUAL, 0 },
	{ "+FTPTYPE", SETTER(TYPE), "M 12.2.3", EV_MANUAL, 0 },
	{ "+FTPPUTOPT", SETTER(PUTOPT), "M 12.2.4", EV_MANUAL, 0 },
	{ "+FTPCID", SETTER(CID), "M 12.2.5", EV_MANUAL, 0 },
	{ "+FTPREST", SETTER(REST), "M 12.2.6", EV_MANUAL, 0 },
	{ "+FTPSERV", SETTER(SERV), "M 12.2.7", EV_MANUAL, 0 },
	{ "+FTPUN", SETTER(UN), "M 12.2.8", EV_MANUAL, 0 },
	{ "+FTPPW", SETTER(PW), "M 12.2.9", EV_MANUAL, 0 },
	{ "+FTPGETNAME", SETTER(GETNAME), "M 12.2.10", EV_MANUAL, 0 },
	{ "+FTPGETPATH", SETTER(GETPATH), "M 12.2.11", EV_MANUAL, 0 },
	{ "+FTPPUTNAME", SETTER(PUTNAME), "M 12.2.12", EV_MANUAL, 0 },
	{ "+FTPPUTPATH", SETTER(PUTPATH), "M 12.2.13", EV_MANUAL, 0 },
	{ "+FTPGET", NULL, NULL, get_write, NULL, NULL, "M 12.2.14", EV_MANUAL, 0 },
	{ "+FTPPUT", NULL, NULL, put_write, NULL, NULL, "M 12.2.15", EV_MANUAL, 0 },
	{ "+FTPSCONT", NO_TEST, scont_read, NULL, scont_execute, NULL, "M 12.2.16", EV_MANUAL, 0 },
	{ "+FTPDELE", NULL, NULL, NULL, dele_execute, NULL, "M 12.2.17", EV_MANUAL, 0 },
	{ "+FTPSIZE", NULL, NULL, NULL, size_execute, NULL, "M 12.2.18", EV_MANUAL, 0 },
	{ "+FTPSTATE", NULL, NULL, NULL, state_execute, NULL, "M 12.2.19", EV_MANUAL, 0 },
	{ "+FTPEXTPUT", NULL, NULL, extput_write, NULL, NULL, "M 12.2.20", EV_MANUAL, 0 },
	{ "+FTPMKD", NULL, NULL, NULL, mkd_execute, NULL, "M 12.2.21", EV_MANUAL, 0 },
	{ "+FTPRMD", NULL, NULL, NULL, rmd_execute, NULL, "M 12.2.22", EV_MANUAL, 0 },
	{ "+FTPLIST", NULL, NULL, list_write, NULL, NULL, "M 12.2.23", EV_MANUAL, 0 },
	/* Later than the note: FTPQUIT came with V1.04 of the manual, FTPSSL with the firmware of 1418. */
	{ "+FTPQUIT", NULL, NULL, NULL, quit_execute, NULL, "N102 3.25", EV_MANUAL, PROFILE_R14 | PROFILE_900 },
	{ "+FTPSSL", "+FTPSSL: (0-2)", NULL, set_write, NULL, &modem_settings_ftp[SSL], "SSL 3.2", EV_MANUAL, PROFILE_R14 },
	/* The variants for files in the module's own flash: there is none, so all their forms are errors. */
	{ "+FTPGETTOFS", NO_TEST, NULL, NULL, NULL, NULL, "M 12.2.24", EV_INFERRED, 0 },
	{ "+FTPPUTFRMFS", NO_TEST, NULL, NULL, NULL, NULL, "M 12.2.25", EV_INFERRED, 0 },
	{ "+FTPEXTGET", NO_TEST, NULL, NULL, NULL, NULL, "M 12.2.26", EV_INFERRED, 0 },
	{ "+FTPFILEPUT", NO_TEST, NULL, NULL, NULL, NULL, "M 12.2.27", EV_INFERRED, 0 },
	{ .name = NULL },
};
/* clang-format on */
