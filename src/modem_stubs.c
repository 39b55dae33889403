/*
 * Commands outside of the note without which host programs refuse to start: they keep their setting and
 * do nothing else.  The TCP stack (+CIP...) is not emulated.
 */
#include "modem.h"
#include "modem_sessions.h"

#define AT(field) offsetof(struct modem_settings, field)
#define KEPT RESET_FACTORY | RESET_POWER

/* clang-format off */
enum { CVHU, CMGF, CIPMUX, CIPQSEND, CIPHEAD, CIPSSL, CIPRXGET, CSCS, CLIP };

#define FLAG(name, field, preset, saved, clause) \
	{ name, SETTING_NUMBER, NULL, 0, 1, preset, AT(field), KEPT, saved, clause, EV_MANUAL }

const struct setting modem_settings_stubs[] = {
	[CVHU] =     FLAG("+CVHU", cvhu, "0", SAVED_NEVER, "M 3.2"),
	[CMGF] =     FLAG("+CMGF", cmgf, "0", SAVED_W, "M 4.2"),
	[CIPMUX] =   FLAG("+CIPMUX", cipmux, "0", SAVED_NEVER, "M 8.2"),
	[CIPQSEND] = FLAG("+CIPQSEND", cipqsend, "0", SAVED_NEVER, "M 8.2"),
	[CIPHEAD] =  FLAG("+CIPHEAD", ciphead, "0", SAVED_NEVER, "M 8.2"),
	[CIPSSL] =   FLAG("+CIPSSL", cipssl, "0", SAVED_NEVER, "SSL note"),
	[CIPRXGET] = FLAG("+CIPRXGET", ciprxget, "0", SAVED_NEVER, "M 8.2"),
	[CSCS] =     { "+CSCS", SETTING_CHOICE, "IRA|GSM|UCS2|HEX|PCCP|PCDN|8859-1", 0, 15, "IRA", AT(cscs), KEPT, SAVED_W, "M 3.2", EV_MANUAL },
	[CLIP] =     FLAG("+CLIP", clip, "0", SAVED_NEVER, "M 3.2"),
	{ 0 }
};
/* clang-format on */

static void
accept(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_ok(m);
}

static void
cscs_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_infof(m, "+CSCS: \"%s\"", m->set.cscs);
	modem_ok(m);
}

/* <m>: whether the subscriber has the service. */
static void
clip_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_infof(m, "+CLIP: %d,1", (int)m->set.clip);
	modem_ok(m);
}

#define STORES "(\"SM\",\"ME\",\"SM_P\",\"ME_P\",\"MT\")"

static void
cpms_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_info(m, "+CPMS: \"SM\",0,50,\"SM\",0,50,\"SM\",0,50");
	modem_ok(m);
}

static void
cpms_write(struct modem *m, const struct at_command *c)
{
	static const char *const stores[] = { "SM", "ME", "SM_P", "ME_P", "MT" };
	int known = 0;

	for (int i = 0; i < c->count; i++)
		for (size_t s = 0; s < sizeof(stores) / sizeof(stores[0]); s++)
			known += at_same(parameter_text(c, i), span_str(stores[s]));
	if (known != c->count || c->count > 3) {
		modem_fail_range(m);
		return;
	}
	modem_info(m, "+CPMS: 0,50,0,50,0,50");
	modem_ok(m);
}

static void
cstt_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_info(m, "+CSTT: \"CMNET\",\"\",\"\"");
	modem_ok(m);
}

static void
cipshut(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_say(m, &(struct say){ .kind = SAY_FINAL, .final = AT_FINAL_SHUT_OK });
}

/* AT+CIFSR ends with the address, without OK (manual 8.2). */
static void
cifsr(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_info(m, "10.89.193.1");
	modem_answer_without_final(m);
}

/* The state comes behind the OK (manual 8.2). */
static void
cipstatus(struct modem *m, const struct at_command *c)
{
	(void)c;
	m->trailer = m->set.cipmux == 0 ? "STATE: IP STATUS"
					: "STATE: IP STATUS\r\n\r\nC: 0,,\"\",\"\",\"\",\"INITIAL\"\r\nC: 1,,\"\",\"\",\"\",\"INITIAL\"\r\n"
					  "C: 2,,\"\",\"\",\"\",\"INITIAL\"\r\nC: 3,,\"\",\"\",\"\",\"INITIAL\"\r\n"
					  "C: 4,,\"\",\"\",\"\",\"INITIAL\"\r\nC: 5,,\"\",\"\",\"\",\"INITIAL\"";
	modem_ok(m);
}

/* Mode 0 and 1 are kept; there is no connection to read from. */
static void
ciprxget_write(struct modem *m, const struct at_command *c)
{
	if (c->count == 1 && setting_set(m, m->command->setting, parameter_text(c, 0)))
		modem_ok(m);
	else
		modem_fail(m, 3);
}

/* clang-format off */
#define KEEPS(name, row, test, clause) { name, test, NULL, NULL, NULL, &modem_settings_stubs[row], clause, EV_CLIENT, 0 }

const struct command modem_commands_stubs[] = {
	/* name, test, read, write, execute, setting, clause, evidence, profiles */
	KEEPS("+CVHU", CVHU, "+CVHU: (0,1)", "M 3.2"),
	KEEPS("+CMGF", CMGF, "+CMGF: (0,1)", "M 4.2"),
	KEEPS("+CIPMUX", CIPMUX, "+CIPMUX: (0,1)", "M 8.2"),
	KEEPS("+CIPQSEND", CIPQSEND, "+CIPQSEND: (0,1)", "M 8.2"),
	KEEPS("+CIPHEAD", CIPHEAD, "+CIPHEAD: (0,1)", "M 8.2"),
	{ "+CIPSSL", "+CIPSSL: (0-1)", NULL, NULL, NULL, &modem_settings_stubs[CIPSSL], "SSL note", EV_CLIENT, PROFILE_R14 },
	{ "+CIPRXGET", "+CIPRXGET: (0-4),(0-5),(1-1460)", NULL, ciprxget_write, NULL, &modem_settings_stubs[CIPRXGET], "M 8.2", EV_CLIENT, 0 },
	{ "+CSCS", "+CSCS: (\"IRA\",\"GSM\",\"UCS2\",\"HEX\",\"PCCP\",\"PCDN\",\"8859-1\")", cscs_read, NULL, NULL, &modem_settings_stubs[CSCS],
	  "M 3.2", EV_CLIENT, 0 },
	{ "+CLIP", "+CLIP: (0,1)", clip_read, NULL, NULL, &modem_settings_stubs[CLIP], "M 3.2", EV_CLIENT, 0 },
	{ "+CPMS", "+CPMS: " STORES "," STORES "," STORES, cpms_read, cpms_write, NULL, NULL, "M 4.2", EV_CLIENT, 0 },
	{ "+CSTT", "+CSTT: \"APN\",\"USER\",\"PWD\"", cstt_read, accept, accept, NULL, "M 8.2", EV_CLIENT, 0 },
	{ "+CIICR", NULL, NULL, NULL, accept, NULL, "M 8.2", EV_CLIENT, 0 },
	{ "+CIFSR", NULL, NULL, NULL, cifsr, NULL, "M 8.2", EV_CLIENT, 0 },
	{ "+CIPSHUT", NULL, NULL, NULL, cipshut, NULL, "M 8.2", EV_CLIENT, 0 },
	{ "+CIPSTATUS", NULL, NULL, NULL, cipstatus, NULL, "M 8.2", EV_CLIENT, 0 },
	{ 0 }
};
/* clang-format on */
