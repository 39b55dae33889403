/* modem_scont: what the lists of AT+HTTPSCONT? and AT+FTPSCONT? share.  Manual 11.2.7, 12.2.16. */

#include "modem_scont.h"
#include "modem.h"

struct span
setting_in(const struct modem_settings *s, const struct setting *which, char into[16])
{
	const char *at = (const char *)s + which->offset;
	int32_t number;

	if (which->kind != SETTING_NUMBER)
		return span_str(at);
	memcpy(&number, at, sizeof number);
	return span_of(into, number_write(number, into, 16));
}

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
