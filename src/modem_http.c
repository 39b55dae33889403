/* No HTTP yet. */
#include "modem_sessions.h"

const struct rule http_rules[] = { { 0 } };
const struct session_table http_session_table = { "http", http_rules, 1, 1, 0 };
const struct command modem_commands_http[] = { { 0 } };
const struct slot modem_slots_http[] = { { 0 } };
const struct setting modem_settings_http[] = { { 0 } };

void
http_init(struct modem *m)
{
	session_start(m, &m->http.session, &http_session_table);
}

void
http_reset(struct modem *m)
{
	http_init(m);
}

void
http_timer(struct modem *m, enum modem_timer timer)
{
	(void)m, (void)timer;
}

void
http_world(struct modem *m)
{
	(void)m;
}

void
http_bearer_lost(struct modem *m, int cid)
{
	(void)m, (void)cid;
}
