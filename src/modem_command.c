/* Find a command in the families' tables and run one of its forms. */
#include "modem.h"
#include "modem_sessions.h"

static const struct command *
find(const struct modem *m, struct span name, size_t *place)
{
	/* Its second character tells it from most rows at one look; 0x20 is the case of a letter. */
	const char second = name.len > 1 ? name.at[1] | 0x20 : '\0' | 0x20;

	*place = 0;
	for (size_t t = 0; t < COMMAND_FAMILIES; t++)
		for (const struct command *c = m->tables->command[t]; c->name != NULL; c++, ++*place)
			if ((c->name[1] | 0x20) == second && at_order(name, c->name) == 0 && (c->profiles == 0 || modem_is(m, c->profiles)))
				return c;
	return NULL;
}

/* The value of a plain setting: S parameters as three digits (V.250 5.3.2), others behind their name. */
static void
setting_say(struct modem *m, const struct command *c)
{
	char digits[16];
	struct span value = setting_in(&m->set, c->setting, digits);

	setting_hit(m, c->setting);
	if (c->name[0] == 'S')
		modem_infof(m, "%s%.*s", value.len >= 3 ? "" : value.len == 2 ? "0" : "00", (int)value.len, value.at);
	else if (m->sw.quote_settings && c->setting->kind != SETTING_NUMBER)
		modem_infof(m, "%s: \"%.*s\"", c->name, (int)value.len, value.at);
	else
		modem_infof(m, "%s: %.*s", c->name, (int)value.len, value.at);
	modem_ok(m);
}

static void
setting_write(struct modem *m, const struct setting *s, const struct at_command *c)
{
	struct span value = c->parameter[0].text;

	/* ATS5= takes the default back (manual 1.4.2). */
	if (s->name[0] == 'S' && c->count == 1 && c->parameter[0].empty)
		value = span_str(s->preset);
	if (c->count == 1 && setting_set(m, s, value))
		modem_ok(m);
	else
		modem_fail_range(m);
}

static void
test(struct modem *m, const struct command *row)
{
	if (row->test == NO_TEST) {
		modem_fail(m, (int)m->sw.unknown_command_cme);
		return;
	}
	if (row->test != NULL)
		modem_info(m, row->test);
	modem_ok(m);
}

void
modem_command(struct modem *m, const struct at_command *c)
{
	size_t place;
	const struct command *row = find(m, c->name, &place);

	if (row == NULL) {
		modem_fail(m, (int)m->sw.unknown_command_cme);
		return;
	}
	if (c->form < FORM_MAX)
		m->form_hits[place][c->form]++;
	modem_command_run(m, row, c);
}

void
modem_command_run(struct modem *m, const struct command *row, const struct at_command *c)
{
	command_handler *handler = NULL;

	m->command = row;
	switch (c->form) {
	case FORM_TEST: test(m, row); return;
	case FORM_READ: handler = row->read; break;
	case FORM_WRITE: handler = row->write; break;
	case FORM_EXECUTE: handler = row->execute; break;
	case FORM_MAX: break;
	}
	if (handler != NULL)
		handler(m, c);
	else if (row->setting != NULL && c->form == FORM_READ)
		setting_say(m, row);
	else if (row->setting != NULL && c->form == FORM_WRITE)
		setting_write(m, row->setting, c);
	else
		modem_fail(m, (int)m->sw.unknown_command_cme);
}
