/* Registration, signal, attachment, operator, battery (manual chapters 3, 6 and 7). */
#include "modem.h"
#include "modem_sessions.h"

#define AT(field) offsetof(struct modem_settings, field)
#define KEPT RESET_FACTORY | RESET_POWER

/* clang-format off */
enum { CREG, CGREG, CGATT, COPS };

const struct setting modem_settings_network[] = {
	/* name, kind, choices, min, max, preset, offset, resets, saved, clause, evidence */
	[CREG] = { "+CREG", SETTING_NUMBER, NULL, 0, 2, "0", AT(creg), KEPT, SAVED_W, "M 3.2", EV_MANUAL },
	[CGREG] = { "+CGREG", SETTING_NUMBER, NULL, 0, 2, "0", AT(cgreg), KEPT, SAVED_W, "M 7.2", EV_MANUAL },
	[CGATT] = { "+CGATT", SETTING_NUMBER, NULL, 0, 1, "1", AT(cgatt), RESET_POWER, SAVED_NEVER, "M 7.2", EV_MANUAL },
	[COPS] = { "+COPS", SETTING_NUMBER, NULL, 0, 2, "0", AT(cops_format), KEPT, SAVED_NEVER, "M 3.2", EV_MANUAL },
	{ 0 }
};
/* clang-format on */

#define AREA_AND_CELL ",\"18D8\",\"3D1F\""

static bool
on_air(const struct modem *m)
{
	return m->set.cfun == 1;
}

static void
creg_read(struct modem *m, const struct at_command *c)
{
	int n = (int)(at_same(c->name, SPAN("+CREG")) ? m->set.creg : m->set.cgreg);
	const char *name = at_same(c->name, SPAN("+CREG")) ? "+CREG" : "+CGREG";

	modem_infof(m, "%s: %d,%d%s", name, n, on_air(m) ? 1 : 0, n == 2 && on_air(m) ? AREA_AND_CELL : "");
	modem_ok(m);
}

/* No number means 0 (27.007). */
static void
creg_write(struct modem *m, const struct at_command *c)
{
	struct span value = c->count == 0 || c->parameter[0].empty ? SPAN("0") : parameter_text(c, 0);

	if (c->count <= 1 && setting_set(m, m->command->setting, value))
		modem_ok(m);
	else
		modem_fail_range(m);
}

static void
cgatt_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_infof(m, "+CGATT: %d", on_air(m) ? (int)m->set.cgatt : 0);
	modem_ok(m);
}

static void
cgatt_write(struct modem *m, const struct at_command *c)
{
	const struct setting *attached = &m->tables->setting[SETTINGS_NETWORK][CGATT];

	if (c->count != 1 || !setting_takes(m, attached, parameter_text(c, 0))) {
		modem_fail_range(m);
		return;
	}
	if (!on_air(m)) {
		modem_fail(m, 3);
		return;
	}
	setting_set(m, attached, parameter_text(c, 0));
	modem_ok(m);
	if (m->set.cgatt == 0)
		bearers_gone(m);
}

static void
csq(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_info(m, on_air(m) ? "+CSQ: 18,0" : "+CSQ: 99,99");
	modem_ok(m);
}

static void
cbc(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_info(m, "+CBC: 0,85,4012");
	modem_ok(m);
}

static void
cops_read(struct modem *m, const struct at_command *c)
{
	static const char *const operators[] = { "CHINA MOBILE", "CMCC", "46000" };

	(void)c;
	if (on_air(m))
		modem_infof(m, "+COPS: 0,%d,\"%s\"", (int)m->set.cops_format, operators[m->set.cops_format]);
	else
		modem_info(m, "+COPS: 0");
	modem_ok(m);
}

/* There is one network: choosing it by hand or by itself leads to the same; only the format is kept. */
static void
cops_write(struct modem *m, const struct at_command *c)
{
	const struct setting *format = &m->tables->setting[SETTINGS_NETWORK][COPS];
	bool formatted = c->count > 1 && !c->parameter[1].empty;
	int64_t mode, technology;

	if (c->count > 4 || !parameter_takes(m, c, 0, &mode) || (formatted && !setting_takes(m, format, parameter_text(c, 1))) ||
	    (mode == 1 && c->count < 3) || (c->count == 4 && !parameter_range(c, 3, 0, 0, &technology))) {
		modem_fail_range(m);
		return;
	}
	if (formatted)
		setting_set(m, format, parameter_text(c, 1));
	modem_ok(m);
}

/* clang-format off */
const struct command modem_commands_network[] = {
	/* name, test, read, write, execute, setting, clause, evidence, profiles */
	{ "+CREG", "+CREG: (0-2)", creg_read, creg_write, creg_write, &modem_settings_network[CREG], "M 3.2", EV_LOG, 0 },
	{ "+CGREG", "+CGREG: (0-2)", creg_read, creg_write, creg_write, &modem_settings_network[CGREG], "M 7.2", EV_MANUAL, 0 },
	{ "+CGATT", "+CGATT: (0,1)", cgatt_read, cgatt_write, NULL, NULL, "M 7.2", EV_MANUAL, 0 },
	{ "+CSQ", "+CSQ: (0-31,99),(0-7,99)", NULL, NULL, csq, NULL, "M 3.2", EV_MANUAL, 0 },
	{ "+CBC", "+CBC: (0-2),(1-100),(voltage)", NULL, NULL, cbc, NULL, "M 3.2", EV_MANUAL, 0 },
	{ "+COPS", "+COPS: (2,\"CHINA MOBILE\",\"CMCC\",\"46000\"),,(0-4),(0-2)", cops_read, cops_write, NULL, NULL, "M 3.2", EV_MANUAL, 0 },
	{ 0 }
};
/* clang-format on */
