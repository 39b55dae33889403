/* Settings and commands of the module itself: errors, rate, power, SIM (manual chapters 2 to 6). */
#include "modem.h"
#include "modem_sessions.h"

#define AT(field) offsetof(struct modem_settings, field)
#define KEPT RESET_FACTORY | RESET_POWER

/* clang-format off */
const struct setting modem_settings_general[] = {
	/* name, kind, choices, min, max, preset, offset, resets, saved, clause, evidence */
	{ "+CMEE", SETTING_NUMBER, NULL, 0, 2, "0", AT(cmee), KEPT, SAVED_W, "M 3.2.20", EV_LOG },
	{ "+CFUN", SETTING_NUMBER, NULL, 0, 4, "1", AT(cfun), RESET_POWER, SAVED_NEVER, "M 3.2.11", EV_MANUAL },
	{ "+CIURC", SETTING_NUMBER, NULL, 0, 1, "1", AT(ciurc), KEPT, SAVED_W, "M 6.2.27", EV_MANUAL },
	{ "+IPR", SETTING_NUMBER, NULL, 0, 460800, "0", AT(ipr), KEPT, SAVED_W, "M 2.2.41", EV_MANUAL },
	{ 0 }
};

const struct command modem_commands_general[] = {
	{ "+CMEE", "+CMEE: (0-2)", NULL, NULL, NULL, &modem_settings_general[0], "M 3.2.20", EV_MANUAL, 0 },
	{ 0 }
};
/* clang-format on */
