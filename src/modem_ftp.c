/* No FTP yet. */
#include "modem_sessions.h"

const struct rule ftp_rules[] = { { 0 } };
const struct session_table ftp_session_table = { "ftp", ftp_rules, 1, 1, 0 };
const struct command modem_commands_ftp[] = { { 0 } };
const struct slot modem_slots_ftp[] = { { 0 } };
const struct setting modem_settings_ftp[] = { { 0 } };

void
ftp_init(struct modem *m)
{
	session_start(m, &m->ftp.session, &ftp_session_table);
}

void
ftp_reset(struct modem *m)
{
	ftp_init(m);
}

void
ftp_timer(struct modem *m, enum modem_timer timer)
{
	(void)m, (void)timer;
}

void
ftp_world(struct modem *m)
{
	(void)m;
}

void
ftp_bearer_lost(struct modem *m, int cid)
{
	(void)m, (void)cid;
}
