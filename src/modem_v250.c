/* V.250's own commands: echo, result codes, S parameters, profiles in memory (manual chapter 2). */
#include "modem.h"
#include "modem_sessions.h"

#define AT(field) offsetof(struct modem_settings, field)
#define KEPT RESET_FACTORY | RESET_POWER

/* clang-format off */
const struct setting modem_settings_v250[] = {
	/* name, kind, choices, min, max, preset, offset, resets, saved, clause, evidence */
	{ "E",   SETTING_NUMBER, NULL, 0, 1,   "1",  AT(e),   KEPT, SAVED_W, "M 2.2.7", EV_MANUAL },
	{ "Q",   SETTING_NUMBER, NULL, 0, 1,   "0",  AT(q),   KEPT, SAVED_W, "M 2.2.15", EV_MANUAL },
	{ "V",   SETTING_NUMBER, NULL, 0, 1,   "1",  AT(v),   KEPT, SAVED_W, "M 2.2.25", EV_MANUAL },
	{ "X",   SETTING_NUMBER, NULL, 0, 4,   "4",  AT(x),   KEPT, SAVED_W, "M 2.2.26", EV_MANUAL },
	{ "&C",  SETTING_NUMBER, NULL, 0, 1,   "1",  AT(c),   KEPT, SAVED_W, "M 2.2.28", EV_MANUAL },
	{ "&D",  SETTING_NUMBER, NULL, 0, 2,   "1",  AT(d),   KEPT, SAVED_W, "M 2.2.29", EV_MANUAL },
	{ "S0",  SETTING_NUMBER, NULL, 0, 255, "0",  AT(s0),  KEPT, SAVED_W, "M 2.2.16", EV_MANUAL },
	{ "S3",  SETTING_NUMBER, NULL, 13, 13, "13", AT(s3),  KEPT, SAVED_W, "M 2.2.17", EV_MANUAL },
	{ "S4",  SETTING_NUMBER, NULL, 10, 10, "10", AT(s4),  KEPT, SAVED_W, "M 2.2.18", EV_MANUAL },
	{ "S5",  SETTING_NUMBER, NULL, 0, 127, "8",  AT(s5),  KEPT, SAVED_W, "M 2.2.19", EV_MANUAL },
	{ "S7",  SETTING_NUMBER, NULL, 1, 255, "60", AT(s7),  KEPT, SAVED_W, "M 2.2.21", EV_MANUAL },
	{ "S8",  SETTING_NUMBER, NULL, 0, 255, "2",  AT(s8),  KEPT, SAVED_W, "M 2.2.22", EV_MANUAL },
	{ "S10", SETTING_NUMBER, NULL, 1, 254, "15", AT(s10), KEPT, SAVED_W, "M 2.2.23", EV_MANUAL },
	{ 0 }
};
/* clang-format on */

/* A letter with its number; no number means 0 (V.250 5.3.1). */
static void
letter_set(struct modem *m, const struct at_command *c)
{
	struct span value = c->count > 0 ? parameter_text(c, 0) : SPAN("0");

	for (const struct setting *s = m->tables->setting[SETTINGS_V250]; s->name != NULL; s++) {
		if (!at_same(span_str(s->name), c->name))
			continue;
		if (setting_set(m, s, value))
			modem_ok(m);
		else
			modem_fail_range(m);
		return;
	}
}

static void
reset_to_saved(struct modem *m, const struct at_command *c)
{
	int64_t n;

	if (c->count > 0 && !parameter_range(c, 0, 0, 0, &n)) {
		modem_fail_range(m);
		return;
	}
	settings_z(m);
	modem_ok(m);
}

static void
reset_to_factory(struct modem *m, const struct at_command *c)
{
	int64_t n;

	if (c->count > 0 && !parameter_range(c, 0, 0, 0, &n)) {
		modem_fail_range(m);
		return;
	}
	settings_factory(m);
	modem_ok(m);
}

static void
save(struct modem *m, const struct at_command *c)
{
	int64_t n;

	if (c->count > 0 && !parameter_range(c, 0, 0, 0, &n)) {
		modem_fail_range(m);
		return;
	}
	settings_save(m, SAVED_W);
	modem_ok(m);
}

static void
identify(struct modem *m, const struct at_command *c)
{
	int64_t n;

	if (c->count > 0 && !parameter_takes(m, c, 0, &n)) {
		modem_fail_range(m);
		return;
	}
	modem_info_span(m, span_str(m->profile->ati));
	modem_ok(m);
}

/* clang-format off */
#define LETTER(name, clause) { name, NO_TEST, NULL, letter_set, letter_set, NULL, clause, EV_MANUAL, 0 }
#define REGISTER(name, row, clause) { name, NO_TEST, NULL, NULL, NULL, &modem_settings_v250[row], clause, EV_MANUAL, 0 }

const struct command modem_commands_v250[] = {
	/* name, test, read, write, execute, setting, clause, evidence, profiles */
	LETTER("E", "M 2.2.7"),
	LETTER("Q", "M 2.2.15"),
	LETTER("V", "M 2.2.25"),
	LETTER("X", "M 2.2.26"),
	LETTER("&C", "M 2.2.28"),
	LETTER("&D", "M 2.2.29"),
	REGISTER("S0", 6, "M 2.2.16"),
	REGISTER("S3", 7, "M 2.2.17"),
	REGISTER("S4", 8, "M 2.2.18"),
	REGISTER("S5", 9, "M 2.2.19"),
	REGISTER("S7", 10, "M 2.2.21"),
	REGISTER("S8", 11, "M 2.2.22"),
	REGISTER("S10", 12, "M 2.2.23"),
	{ "I", NO_TEST, NULL, identify, identify, NULL, "M 2.2.9", EV_MANUAL, 0 },
	{ "Z", NO_TEST, NULL, reset_to_saved, reset_to_saved, NULL, "M 2.2.27", EV_MANUAL, 0 },
	{ "&F", NO_TEST, NULL, reset_to_factory, reset_to_factory, NULL, "M 2.2.30", EV_MANUAL, 0 },
	{ "&W", NO_TEST, NULL, save, save, NULL, "M 2.2.32", EV_MANUAL, 0 },
	{ 0 }
};
/* clang-format on */
