/* Who made the module, which one it is, whose SIM it holds (manual chapters 2, 3 and 6). */
#include "modem.h"
#include "modem_sessions.h"

#define MAKER "SIMCOM_Ltd"
#define SERIAL "865691036148755"        /* IMEI; its last digit is the Luhn digit */
#define SIM_CARD "89860025128306012474" /* ICCID */
#define SUBSCRIBER "460002343101245"    /* IMSI */

static void
say_line(struct modem *m, const char *line)
{
	modem_info_span(m, span_str(line));
	modem_ok(m);
}

static void
maker(struct modem *m, const struct at_command *c)
{
	(void)c;
	say_line(m, MAKER);
}

static void
model(struct modem *m, const struct at_command *c)
{
	(void)c;
	say_line(m, m->profile->model);
}

static void
revision(struct modem *m, const struct at_command *c)
{
	(void)c;
	say_line(m, m->profile->revision);
}

static void
serial(struct modem *m, const struct at_command *c)
{
	(void)c;
	say_line(m, SERIAL);
}

static void
sim_card(struct modem *m, const struct at_command *c)
{
	(void)c;
	say_line(m, SIM_CARD);
}

static void
subscriber(struct modem *m, const struct at_command *c)
{
	(void)c;
	say_line(m, SUBSCRIBER);
}

static void
product(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_infof(m, MAKER "\r\n%s\r\n%s", m->profile->model, m->profile->revision);
	modem_ok(m);
}

/* clang-format off */
#define TELLS(name, handler, clause) { name, NULL, NULL, NULL, handler, NULL, clause, EV_MANUAL, 0 }

const struct command modem_commands_identity[] = {
	TELLS("+GMI", maker, "M 2.2"),
	TELLS("+CGMI", maker, "M 3.2"),
	TELLS("+GMM", model, "M 2.2"),
	TELLS("+CGMM", model, "M 3.2"),
	TELLS("+GMR", revision, "M 2.2"),
	TELLS("+CGMR", revision, "M 3.2"),
	TELLS("+GSV", product, "M 6.2"),
	TELLS("+GSN", serial, "M 2.2"),
	TELLS("+CGSN", serial, "M 3.2"),
	TELLS("+CCID", sim_card, "M 6.2"),
	TELLS("+CIMI", subscriber, "M 3.2"),
	{ 0 }
};
/* clang-format on */
