#include "modem.h"
#include "modem_sessions.h"

static int32_t *
number_of(struct modem_settings *set, const struct setting *s)
{
	return (int32_t *)(void *)((char *)set + s->offset);
}

static char *
text_of(struct modem_settings *set, const struct setting *s)
{
	return (char *)set + s->offset;
}

/* The choice that value names, as the table spells it; an empty span: none. */
static struct span
choice_of(const struct setting *s, struct span value)
{
	const char *at = s->choices;

	while (*at != '\0') {
		struct span choice = span_of(at, strcspn(at, "|"));

		if (at_same(choice, value))
			return choice;
		at += choice.len + (at[choice.len] == '|');
	}
	return span_of(at, 0);
}

static bool
number_read(struct span text, int64_t *out)
{
	int64_t n = 0;

	if (text.len == 0 || text.len > 10)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		n = n * 10 + (text.at[i] - '0');
	}
	*out = n;
	return true;
}

bool
setting_fits(const struct setting *s, struct span value)
{
	int64_t n;

	switch (s->kind) {
	case SETTING_NUMBER: return number_read(value, &n) && n >= s->min && n <= s->max;
	case SETTING_CHOICE: return choice_of(s, value).len > 0;
	case SETTING_TEXT: return (int64_t)value.len <= s->max && text_displayable(value);
	}
	return false;
}

static bool
set_in(struct modem_settings *set, const struct setting *s, struct span value)
{
	int64_t n = 0;

	if (!setting_fits(s, value))
		return false;
	if (s->kind == SETTING_NUMBER) {
		number_read(value, &n);
		*number_of(set, s) = (int32_t)n;
		return true;
	}
	if (s->kind == SETTING_CHOICE)
		value = choice_of(s, value);
	memcpy(text_of(set, s), value.at, value.len);
	text_of(set, s)[value.len] = '\0';
	return true;
}

void
setting_hit(struct modem *m, const struct setting *s)
{
	size_t before = 0;

	for (size_t t = 0; t < SETTINGS_MAX; t++) {
		for (const struct setting *row = m->tables->setting[t]; row->name != NULL; row++, before++) {
			if (row != s)
				continue;
			m->setting_hits[before]++;
			return;
		}
	}
}

bool
setting_takes(struct modem *m, const struct setting *s, struct span value)
{
	setting_hit(m, s);
	return setting_fits(s, value);
}

bool
setting_set(struct modem *m, const struct setting *s, struct span value)
{
	setting_hit(m, s);
	return set_in(&m->set, s, value);
}

struct span
setting_in(const struct modem_settings *set, const struct setting *s, char into[16])
{
	const char *field = (const char *)set + s->offset;
	int32_t number;

	if (s->kind != SETTING_NUMBER)
		return span_str(field);
	memcpy(&number, field, sizeof(number));
	return span_of(into, number_write(number, into, 16));
}

static void
to_preset(struct modem_settings *set, const struct setting *s)
{
	if (s->kind != SETTING_NUMBER)
		text_of(set, s)[0] = '\0';
	if (s->preset != NULL)
		set_in(set, s, span_str(s->preset));
}

void
settings_reset(struct modem *m, const struct setting *table, uint32_t resets)
{
	for (const struct setting *s = table; s->name != NULL; s++)
		if (s->resets & resets)
			to_preset(&m->set, s);
}

/* Copy what names saved from one set to another. */
static void
copy_saved(const struct modem_tables *tables, struct modem_settings *to, struct modem_settings *from, enum setting_saved saved)
{
	for (size_t t = 0; t < SETTINGS_MAX; t++) {
		for (const struct setting *s = tables->setting[t]; s->name != NULL; s++) {
			if (s->saved != saved)
				continue;
			if (s->kind == SETTING_NUMBER)
				*number_of(to, s) = *number_of(from, s);
			else
				memcpy(text_of(to, s), text_of(from, s), strlen(text_of(from, s)) + 1);
		}
	}
}

void
settings_save(struct modem *m, enum setting_saved saved)
{
	switch (saved) {
	case SAVED_W:
		copy_saved(m->tables, &m->saved_w, &m->set, saved);
		m->has_saved_w = true;
		break;
	case SAVED_HTTPSCONT:
		copy_saved(m->tables, &m->saved_http, &m->set, saved);
		m->has_saved_http = true;
		break;
	case SAVED_FTPSCONT:
		copy_saved(m->tables, &m->saved_ftp, &m->set, saved);
		m->has_saved_ftp = true;
		break;
	case SAVED_NEVER:
	case SAVED_AT_ONCE: break;
	}
}

/* Every setting to its default that power off puts there; all of them, when the module is new. */
static void
all_to_preset(struct modem *m, bool first)
{
	for (size_t t = 0; t < SETTINGS_MAX; t++)
		for (const struct setting *s = m->tables->setting[t]; s->name != NULL; s++)
			if (first || (s->resets & RESET_POWER))
				to_preset(&m->set, s);
}

void
settings_power_on(struct modem *m)
{
	bool first = !m->settings_known;

	m->settings_known = true;
	all_to_preset(m, first);
	if (m->has_saved_w)
		copy_saved(m->tables, &m->set, &m->saved_w, SAVED_W);
	if (m->has_saved_http)
		copy_saved(m->tables, &m->set, &m->saved_http, SAVED_HTTPSCONT);
	if (m->has_saved_ftp)
		copy_saved(m->tables, &m->set, &m->saved_ftp, SAVED_FTPSCONT);
}

void
settings_z(struct modem *m)
{
	if (m->has_saved_w)
		copy_saved(m->tables, &m->set, &m->saved_w, SAVED_W);
	else
		settings_factory(m);
}

void
settings_factory(struct modem *m)
{
	for (size_t t = 0; t < SETTINGS_MAX; t++)
		settings_reset(m, m->tables->setting[t], RESET_FACTORY);
}

bool
parameter_number(const struct at_command *c, int i, int64_t *out)
{
	return i < c->count && number_read(c->parameter[i].text, out);
}

bool
parameter_range(const struct at_command *c, int i, int64_t min, int64_t max, int64_t *out)
{
	return parameter_number(c, i, out) && *out >= min && *out <= max;
}

struct span
parameter_text(const struct at_command *c, int i)
{
	return i < c->count ? c->parameter[i].text : span_of("", 0);
}
