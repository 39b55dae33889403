/* Settings and commands of the module itself: errors, rate, power, SIM (manual chapters 2, 3 and 6). */
#include "modem.h"
#include "modem_sessions.h"

#define AT(field) offsetof(struct modem_settings, field)
#define KEPT RESET_FACTORY | RESET_POWER

/* clang-format off */
enum { CMEE, CIURC, CSCLK, CLTS, IFC_TE, IFC_TA };

const struct setting modem_settings_general[] = {
	/* name, kind, choices, min, max, preset, offset, resets, saved, clause, evidence */
	[CMEE] =  { "+CMEE", SETTING_NUMBER, NULL, 0, 2, "0", AT(cmee), KEPT, SAVED_W, "M 3.2.20", EV_LOG },
	[CIURC] = { "+CIURC", SETTING_NUMBER, NULL, 0, 1, "1", AT(ciurc), KEPT, SAVED_W, "M 6.2", EV_MANUAL },
	[CSCLK] = { "+CSCLK", SETTING_NUMBER, NULL, 0, 2, "0", AT(csclk), KEPT, SAVED_W, "M 6.2", EV_MANUAL },
	[CLTS] =  { "+CLTS", SETTING_NUMBER, NULL, 0, 1, "0", AT(clts), KEPT, SAVED_W, "M 6.2", EV_MANUAL },
	[IFC_TE] = { "+IFC te", SETTING_NUMBER, NULL, 0, 2, "0", AT(ifc_te), KEPT, SAVED_W, "M 2.2", EV_MANUAL },
	[IFC_TA] = { "+IFC ta", SETTING_NUMBER, NULL, 0, 2, "0", AT(ifc_ta), KEPT, SAVED_W, "M 2.2", EV_MANUAL },
	/* Set by handlers below, kept and reset as rows. */
	{ "+IPR", SETTING_NUMBER, NULL, 0, 460800, "0", AT(ipr), KEPT, SAVED_W, "M 2.2.41", EV_LOG },
	{ "+CFUN", SETTING_NUMBER, NULL, 0, 4, "1", AT(cfun), RESET_POWER, SAVED_NEVER, "M 3.2", EV_MANUAL },
	{ 0 }
};
/* clang-format on */

/* ---- rate and flow control ------------------------------------------------ */

static void
ipr_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_infof(m, "+IPR: %d", (int)m->set.ipr);
	modem_ok(m);
}

/* AT+CMEE=[<n>] (manual 3.2.20): no number means 0 (27.007). */
static void
cmee_write(struct modem *m, const struct at_command *c)
{
	struct span value = c->count == 0 || c->parameter[0].empty ? SPAN("0") : parameter_text(c, 0);

	if (c->count <= 1 && setting_set(m, m->command->setting, value))
		modem_ok(m);
	else
		modem_fail_range(m);
}

static void
ipr_write(struct modem *m, const struct at_command *c)
{
	static const int32_t rates[] = { 0, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800 };
	int64_t rate;

	if (c->count == 1 && parameter_number(c, 0, &rate)) {
		for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
			if (rates[i] == rate) {
				m->set.ipr = rates[i];
				modem_ok(m);
				return;
			}
		}
	}
	modem_fail_range(m);
}

static void
ifc_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_infof(m, "+IFC: %d,%d", (int)m->set.ifc_te, (int)m->set.ifc_ta);
	modem_ok(m);
}

static void
ifc_write(struct modem *m, const struct at_command *c)
{
	const struct setting *te = &m->tables->setting[SETTINGS_GENERAL][IFC_TE], *ta = &m->tables->setting[SETTINGS_GENERAL][IFC_TA];

	if (c->count > 2 || !setting_takes(m, te, parameter_text(c, 0)) || (c->count == 2 && !setting_takes(m, ta, parameter_text(c, 1)))) {
		modem_fail_range(m);
		return;
	}
	setting_set(m, te, parameter_text(c, 0));
	if (c->count == 2)
		setting_set(m, ta, parameter_text(c, 1));
	modem_ok(m);
}

/* ---- power and SIM ----------------------------------------------------------- */

static void
cfun_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_infof(m, "+CFUN: %d", (int)m->set.cfun);
	modem_ok(m);
}

/* What a change of functionality makes the module say unasked. */
static void
cfun_changed(struct modem *m, int32_t before)
{
	if (m->set.cfun != 1)
		bearers_gone(m);
	if (m->set.cfun == 0)
		modem_urcf(m, "+CPIN: NOT READY");
	else if (before == 0)
		modem_urcf(m, "+CPIN: READY");
	if (m->set.creg > 0 && (m->set.cfun == 1) != (before == 1))
		modem_urcf(m, "+CREG: %d", m->set.cfun == 1 ? 1 : 0);
	if (before == 0 && m->set.cfun == 1) {
		if (m->set.ciurc)
			modem_urcf(m, "Call Ready");
		modem_urcf(m, "SMS Ready");
	}
}

static void
cfun_write(struct modem *m, const struct at_command *c)
{
	int32_t before = m->set.cfun;
	int64_t fun, reset = 0;

	if (c->count > 2 || !parameter_takes(m, c, 0, &fun) || fun == 2 || fun == 3 ||
	    (c->count == 2 && !parameter_takes(m, c, 1, &reset)) || (reset == 1 && fun != 1)) {
		modem_fail_range(m);
		return;
	}
	/* Neither can be left for the other (manual 3.2.42). */
	if ((before == 0 && fun == 4) || (before == 4 && fun == 0)) {
		modem_fail(m, 3);
		return;
	}
	m->set.cfun = (int32_t)fun;
	modem_ok(m);
	if (reset == 1)
		modem_boot_soon(m);
	else if (fun != before)
		cfun_changed(m, before);
}

static void
cpin_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_info(m, m->set.cfun == 0 ? "+CPIN: NOT READY" : "+CPIN: READY");
	modem_ok(m);
}

/* The SIM asks for no PIN, so none may be given. */
static void
cpin_write(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_fail(m, 3);
}

static void
cpowd_write(struct modem *m, const struct at_command *c)
{
	int64_t normal;

	if (c->count != 1 || !parameter_takes(m, c, 0, &normal)) {
		modem_fail_range(m);
		return;
	}
	modem_power_off(m, normal == 1);
}

/* clang-format off */
#define IPR_TEST "+IPR: (),(0,1200,2400,4800,9600,19200,38400,57600,115200,230400,460800)"

const struct command modem_commands_general[] = {
	/* name, test, read, write, execute, setting, clause, evidence, profiles */
	{ "+CMEE", "+CMEE: (0-2)", NULL, cmee_write, NULL, &modem_settings_general[CMEE], "M 3.2.20", EV_MANUAL, 0 },
	{ "+CIURC", "+CIURC: (0,1)", NULL, NULL, NULL, &modem_settings_general[CIURC], "M 6.2", EV_MANUAL, 0 },
	{ "+CSCLK", "+CSCLK: (0-2)", NULL, NULL, NULL, &modem_settings_general[CSCLK], "M 6.2", EV_MANUAL, 0 },
	{ "+CLTS", "+CLTS: (0,1)", NULL, NULL, NULL, &modem_settings_general[CLTS], "M 6.2", EV_MANUAL, 0 },
	{ "+IPR", IPR_TEST, ipr_read, ipr_write, NULL, NULL, "M 2.2.41", EV_LOG, 0 },
	{ "+IFC", "+IFC: (0-2),(0-2)", ifc_read, ifc_write, NULL, NULL, "M 2.2", EV_MANUAL, 0 },
	{ "+CFUN", "+CFUN: (0,1,4),(0,1)", cfun_read, cfun_write, NULL, NULL, "M 3.2", EV_MANUAL, 0 },
	{ "+CPIN", NULL, cpin_read, cpin_write, NULL, NULL, "M 3.2", EV_MANUAL, 0 },
	{ "+CPOWD", "+CPOWD: (0,1)", NULL, cpowd_write, NULL, NULL, "M 6.2", EV_MANUAL, 0 },
	{ 0 }
};
/* clang-format on */
