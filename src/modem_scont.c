/* modem_scont: what the lists of AT+HTTPSCONT? and AT+FTPSCONT? share.  Manual 11.2.7, 12.2.16. */

#include "modem_scont.h"
#include "modem.h"

int
scont_mode(const struct modem *m, const struct setting *table, enum setting_saved saved, const struct modem_settings *stored)
{
	const struct setting *s;

	for (s = table; s->name != NULL; s++) {
		char now[16], then[16];

		if (s->saved == saved && !span_equal(setting_in(&m->set, s, now), setting_in(stored, s, then)))
			return 1;
	}
	return 0;
}
