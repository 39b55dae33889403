/* The ranges of parameters that are no settings, and how a handler asks for them. */
#include "modem.h"
#include "modem_sessions.h"

#define NUMBER_MAX 2147483647

/* clang-format off */
const struct parameter modem_parameters[] = {
	/* command, place, min, max, clause, evidence */
	{ "I",           0, 0, 9,               "M 2.2.9",   EV_MANUAL },
	{ "+CFUN",       0, 0, 4,               "M 3.2",     EV_MANUAL },
	{ "+CFUN",       1, 0, 1,               "M 3.2",     EV_MANUAL },
	{ "+CPOWD",      0, 0, 1,               "M 6.2",     EV_MANUAL },
	{ "+COPS",       0, 0, 4,               "M 3.2",     EV_MANUAL },
	{ "+SAPBR",      0, 0, 4,               "M 9.2.1",   EV_MANUAL },
	{ "+SAPBR",      1, 1, MODEM_CIDS,      "M 9.2.1",   EV_MANUAL },
	{ "+HTTPDATA",   0, 0, HTTP_BUFFER_MAX, "M 11.2.4",  EV_LOG },
	{ "+HTTPDATA",   1, 1000, 120000,       "M 11.2.4",  EV_LOG },
	{ "+HTTPREAD",   0, 0, HTTP_BUFFER_MAX, "M 11.2.6",  EV_MANUAL },
	{ "+HTTPREAD",   1, 1, HTTP_BUFFER_MAX, "M 11.2.6",  EV_MANUAL },
	{ "+FTPGET",     0, 1, 2,               "M 12.2.14", EV_MANUAL },
	{ "+FTPGET",     1, 1, FTP_READ_MAX,    "M 12.2.14", EV_MANUAL },
	{ "+FTPPUT",     0, 1, 2,               "M 12.2.15", EV_MANUAL },
	{ "+FTPPUT",     1, 0, NUMBER_MAX,      "M 12.2.15", EV_INFERRED },
	{ "+FTPEXTPUT",  0, 0, 2,               "M 12.2.20", EV_MANUAL },
	{ "+FTPEXTPUT",  1, 0, FTP_EXTEND_MAX,  "M 12.2.20", EV_MANUAL },
	{ "+FTPEXTPUT",  2, 0, FTP_EXTEND_MAX,  "M 12.2.20", EV_MANUAL },
	{ "+FTPEXTPUT",  3, 1000, 1000000,      "M 12.2.20", EV_MANUAL },
	{ "+FTPLIST",    0, 1, 2,               "M 12.2.23", EV_MANUAL },
	{ "+FTPLIST",    1, 1, FTP_READ_MAX,    "M 12.2.23", EV_MANUAL },
	{ .command = NULL },
};
/* clang-format on */

bool
parameter_takes(struct modem *m, const struct at_command *c, int i, int64_t *out)
{
	const struct parameter *p;

	for (p = m->tables->parameter; p->command != NULL; p++) {
		if (p->place != i || !at_same(span_str(p->command), span_str(m->command->name)))
			continue;
		m->parameter_hits[p - m->tables->parameter]++;
		return parameter_range(c, i, p->min, p->max, out);
	}
	return false;
}
