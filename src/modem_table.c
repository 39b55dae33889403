#include "modem.h"
#include "modem_sessions.h"

const struct modem_tables modem_tables = {
	.session = { &bearer_session_table, &http_session_table, &ftp_session_table },
	.command = { modem_commands_v250, modem_commands_general, modem_commands_identity, modem_commands_network, modem_commands_stubs,
	    modem_commands_bearer, modem_commands_http, modem_commands_ftp },
	.setting = { modem_settings_v250, modem_settings_general, modem_settings_network, modem_settings_stubs, modem_settings_http,
	    modem_settings_ftp },
	.slot = { modem_slots_bearer, modem_slots_http, modem_slots_ftp },
	.parameter = modem_parameters,
};

static unsigned
rules_of(const struct session_table *table)
{
	unsigned n = 0;

	while (table->rules[n].id != NULL)
		n++;
	return n;
}

/* The one place where a session comes into a state. */
static void
enter(struct session *s, uint32_t state)
{
	if (state != STAY)
		s->state = state;
}

void
session_start(struct modem *m, struct session *s, enum modem_session which)
{
	const struct session_table *table = m->tables->session[which];

	s->name = table->name;
	s->rules = table->rules;
	s->hits = m->hits;
	for (int i = 0; i < (int)which; i++)
		s->hits += rules_of(m->tables->session[i]);
	enter(s, table->first);
}

static bool
fits(const struct modem *m, const struct session *s, const struct rule *r, uint8_t event)
{
	return r->event == event && (r->in & s->state) != 0 && (r->profiles == 0 || modem_is(m, r->profiles)) &&
	       (r->guard == NULL || r->guard(m));
}

static void
take(struct modem *m, struct session *s, const struct rule *r)
{
	if (r->act != NULL)
		r->act(m);
	for (int i = 0; i < SAY_MAX && r->say[i].kind != SAY_NOTHING; i++)
		modem_say(m, &r->say[i]);
	if (r->disarm != TIMER_NONE)
		modem_disarm(m, r->disarm);
	if (r->arm != TIMER_NONE)
		modem_arm(m, r->arm, modem_timer_ms(m, r->arm));
	if (r->line != LINE_STAY)
		modem_line(m, r->line);
	enter(s, r->then);
}

bool
session_event(struct modem *m, struct session *s, uint8_t event)
{
	for (const struct rule *r = s->rules; r->id != NULL; r++) {
		if (!fits(m, s, r, event))
			continue;
		s->hits[r - s->rules]++;
		take(m, s, r);
		return true;
	}
	return false;
}

/* The letters of cases/sources.md. */
const char *
evidence_letter(enum evidence e)
{
	switch (e) {
	case EV_NOTE: return "N";
	case EV_MANUAL: return "M";
	case EV_SAMPLE: return "S";
	case EV_LOG: return "L";
	case EV_CLIENT: return "C";
	case EV_CLONE: return "X";
	case EV_INFERRED: return "I";
	case EV_UNKNOWN: return "?";
	}
	return "?";
}

bool
modem_rule(const struct modem *m, unsigned i, struct modem_rule_count *out)
{
	unsigned at = i;

	for (size_t t = 0; t < SESSION_MAX; t++) {
		unsigned n = rules_of(m->tables->session[t]);

		if (at < n) {
			const struct rule *r = &m->tables->session[t]->rules[at];

			*out = (struct modem_rule_count){ r->id, r->clause, evidence_letter(r->evidence), m->hits[i] };
			return true;
		}
		at -= n;
	}
	return false;
}
