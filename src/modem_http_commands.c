/* modem_http_commands: the AT+HTTP... commands: their forms, their parameters' ranges, their lists.  Manual chapter 11. */

#include <stddef.h>

#include "modem.h"
#include "modem_http.h"
#include "modem_scont.h"

#define AT(field) offsetof(struct modem_settings, field)
#define SSL_NAME "+HTTPSSL"
#define SSL_ROW 11
#define TAG_RESETS (RESET_TERM | RESET_POWER)
#define NUMBER_MAX 2147483647

/* The tags of AT+HTTPPARA in the order of the manual's table, then the one setting with a command of its own. */
const struct setting modem_settings_http[] = {
	/* name, kind, choices, min, max, preset, offset, resets, saved, clause, evidence */
	{ "CID", SETTING_NUMBER, NULL, 1, MODEM_CIDS, "1", AT(http_cid), TAG_RESETS, SAVED_HTTPSCONT, "M 11.2.3", EV_MANUAL },
	{ "URL", SETTING_TEXT, NULL, 0, MODEM_LINE_MAX, NULL, AT(http_url), TAG_RESETS, SAVED_HTTPSCONT, "M 11.2.3", EV_MANUAL },
	/* The manual writes SIMCom_MODULE; this is what servers see. */
	{ "UA", SETTING_TEXT, NULL, 0, MODEM_LINE_MAX, "SIMCOM_MODULE", AT(http_agent), TAG_RESETS, SAVED_HTTPSCONT, "M 11.2.3", EV_LOG },
	{ "PROIP", SETTING_TEXT, NULL, 0, MODEM_LINE_MAX, NULL, AT(http_proxy), TAG_RESETS, SAVED_HTTPSCONT, "M 11.2.3", EV_MANUAL },
	{ "PROPORT", SETTING_NUMBER, NULL, 1, 65535, "80", AT(http_proxy_port), TAG_RESETS, SAVED_HTTPSCONT, "M 11.2.3", EV_MANUAL },
	{ "REDIR", SETTING_NUMBER, NULL, 0, 1, "0", AT(http_redirect), TAG_RESETS, SAVED_HTTPSCONT, "M 11.2.3", EV_MANUAL },
	{ "BREAK", SETTING_NUMBER, NULL, 0, NUMBER_MAX, "0", AT(http_break), TAG_RESETS, SAVED_HTTPSCONT, "M 11.2.3", EV_MANUAL },
	{ "BREAKEND", SETTING_NUMBER, NULL, 0, NUMBER_MAX, "0", AT(http_breakend), TAG_RESETS, SAVED_HTTPSCONT, "M 11.2.3", EV_MANUAL },
	{ "TIMEOUT", SETTING_NUMBER, NULL, 30, 1000, "120", AT(http_timeout), TAG_RESETS, SAVED_NEVER, "M 11.2.3", EV_MANUAL },
	{ "CONTENT", SETTING_TEXT, NULL, 0, MODEM_LINE_MAX, NULL, AT(http_content), TAG_RESETS, SAVED_NEVER, "M 11.2.3", EV_MANUAL },
	{ "USERDATA", SETTING_TEXT, NULL, 0, MODEM_LINE_MAX, NULL, AT(http_userdata), TAG_RESETS, SAVED_HTTPSCONT, "M 11.2.3", EV_MANUAL },
	{ SSL_NAME, SETTING_NUMBER, NULL, 0, 1, "0", AT(http_ssl), RESET_POWER, SAVED_NEVER, "SSL 3.1", EV_MANUAL },
	{ .name = NULL },
};

static const struct setting *
setting_named(const struct modem *m, struct span name)
{
	const struct setting *s;

	for (s = m->tables->setting[SETTINGS_HTTP]; s->name != NULL; s++)
		if (at_same(span_str(s->name), name))
			return s;
	return NULL;
}

static void
event(struct modem *m, enum http_event e)
{
	session_event(m, &m->http.session, (uint8_t)e);
}

static void
init_execute(struct modem *m, const struct at_command *c)
{
	(void)c;
	event(m, HTTP_CMD_INIT);
}

static void
term_execute(struct modem *m, const struct at_command *c)
{
	(void)c;
	event(m, HTTP_CMD_TERM);
}

/*
 * USERDATA with the third parameter of the SIM900: a delimiter that stands for CR LF.  The text goes on with the \r\n
 * escape that modules without that parameter know.  false: longer than fits.
 */
static bool
split_by(struct span text, struct span delimiter, char *into, size_t cap, struct span *out)
{
	size_t n = 0;

	while (text.len > 0) {
		bool here = delimiter.len > 0 && span_starts(text, delimiter);
		struct span piece = here ? SPAN("\\r\\n") : span_first(text, 1);

		if (piece.len > cap - n)
			return false;
		memcpy(into + n, piece.at, piece.len);
		n += piece.len;
		text = span_after(text, here ? delimiter.len : 1);
	}
	*out = span_of(into, n);
	return true;
}

static void
para_write(struct modem *m, const struct at_command *c)
{
	const struct setting *tag = setting_named(m, parameter_text(c, 0));
	struct span value = parameter_text(c, 1);
	char split[MODEM_LINE_MAX];
	bool userdata = tag != NULL && tag->offset == AT(http_userdata);

	if (tag == NULL || tag->offset == AT(http_ssl) || c->count < 2 || c->count > 3) {
		modem_fail_range(m);
		return;
	}
	/* Only the SIM900's manual has a third parameter. */
	if (c->count == 3 && !(userdata && modem_is(m, PROFILE_900))) {
		modem_fail_range(m);
		return;
	}
	if (c->count == 3 && !split_by(value, parameter_text(c, 2), split, sizeof split, &value)) {
		modem_fail_range(m);
		return;
	}
	if (!setting_takes(m, tag, value)) {
		modem_fail_range(m);
		return;
	}
	m->http.tag = tag;
	m->http.value = value;
	event(m, HTTP_CMD_PARA);
}

static void
para_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	event(m, HTTP_CMD_PARA_READ);
}

void
http_list_parameters(struct modem *m)
{
	const struct setting *s;
	char number[16];

	modem_info(m, "+HTTPPARA:");
	for (s = m->tables->setting[SETTINGS_HTTP]; s->name != NULL; s++) {
		struct span v = setting_in(&m->set, s, number);

		setting_hit(m, s);
		if (s->offset != AT(http_ssl))
			modem_listf(m, "%s,%.*s", s->name, (int)v.len, v.at);
	}
}

/* No blank follows the colon of CID, one follows the others' (manual 11.2.7); TIMEOUT and CONTENT are not in it. */
void
http_list_context(struct modem *m)
{
	const struct setting *s;
	char number[16];

	modem_infof(
	    m, "+HTTPSCONT: %d", m->has_saved_http ? scont_mode(m, m->tables->setting[SETTINGS_HTTP], SAVED_HTTPSCONT, &m->saved_http) : 1);
	for (s = m->tables->setting[SETTINGS_HTTP]; s->name != NULL; s++) {
		struct span v = setting_in(&m->set, s, number);

		/* The list of the note's time has no USERDATA yet. */
		if (s->saved != SAVED_HTTPSCONT || (s->offset == AT(http_userdata) && modem_is(m, PROFILE_N101)))
			continue;
		modem_listf(m, "%s:%s%.*s", s->name, s->offset == AT(http_cid) ? "" : " ", (int)v.len, v.at);
	}
}

static void
data_write(struct modem *m, const struct at_command *c)
{
	int64_t size, time_ms;

	/* The time is judged even with size 0 (log LA). */
	if (c->count != 2 || !parameter_takes(m, c, 0, &size) || !parameter_takes(m, c, 1, &time_ms)) {
		modem_fail_range(m);
		return;
	}
	m->http.want = (uint32_t)size;
	m->http.time_ms = (uint32_t)time_ms;
	event(m, HTTP_CMD_DATA);
}

static void
action_write(struct modem *m, const struct at_command *c)
{
	int64_t method;

	if (c->count != 1 || !parameter_range(c, 0, WORLD_GET, m->sw.http_delete ? WORLD_DELETE : WORLD_HEAD, &method)) {
		modem_fail_range(m);
		return;
	}
	m->http.asked = (enum world_http_method)method;
	event(m, HTTP_CMD_ACTION);
}

static void
read_execute(struct modem *m, const struct at_command *c)
{
	(void)c;
	m->http.read_start = 0;
	m->http.read_size = HTTP_BUFFER_MAX;
	event(m, HTTP_CMD_READ);
}

static void
read_write(struct modem *m, const struct at_command *c)
{
	int64_t start, size;

	if (c->count != 2 || !parameter_takes(m, c, 0, &start) || !parameter_takes(m, c, 1, &size)) {
		modem_fail_range(m);
		return;
	}
	m->http.read_start = (uint32_t)start;
	m->http.read_size = (uint32_t)size;
	event(m, HTTP_CMD_READ);
}

static void
scont_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	event(m, HTTP_CMD_SCONT_READ);
}

static void
scont_execute(struct modem *m, const struct at_command *c)
{
	(void)c;
	event(m, HTTP_CMD_SCONT);
}

static void
status_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	/* The numbers of this moment, also while the URC is held back. */
	if (m->http.session.state == HTTP_RUNNING)
		m->world->ops->http_poll(m->world, &m->http.progress);
	event(m, HTTP_CMD_STATUS);
}

static void
head_execute(struct modem *m, const struct at_command *c)
{
	(void)c;
	event(m, HTTP_CMD_HEAD);
}

static void
ssl_read(struct modem *m, const struct at_command *c)
{
	(void)c;
	modem_infof(m, "+HTTPSSL: %d", (int)m->set.http_ssl);
	modem_ok(m);
}

static void
ssl_write(struct modem *m, const struct at_command *c)
{
	m->http.tag = m->command->setting;
	m->http.value = parameter_text(c, 0);
	if (c->count != 1 || !setting_takes(m, m->http.tag, m->http.value)) {
		modem_fail_range(m);
		return;
	}
	event(m, HTTP_CMD_SSL);
}

/* clang-format off */
const struct command modem_commands_http[] = {
	/* name, test, read, write, execute, setting, clause, evidence, profiles */
	{ "+HTTPINIT", NULL, NULL, NULL, init_execute, NULL, "M 11.2.1", EV_MANUAL, 0 },
	{ "+HTTPTERM", NULL, NULL, NULL, term_execute, NULL, "M 11.2.2", EV_MANUAL, 0 },
	{ "+HTTPPARA", "+HTTPPARA: \"HTTPParamTag\",\"HTTPParmValue\"", para_read, para_write, NULL, NULL, "M 11.2.3", EV_MANUAL, 0 },
	{ "+HTTPDATA", "+HTTPDATA: (0-319488),(1000-120000)", NULL, data_write, NULL, NULL, "M 11.2.4", EV_LOG, 0 },
	{ "+HTTPACTION", "+HTTPACTION: (0-<http-last-method>)", NULL, action_write, NULL, NULL, "M 11.2.5", EV_MANUAL, 0 },
	{ "+HTTPREAD", "+HTTPREAD: (0-319488),(1-319488)", NULL, read_write, read_execute, NULL, "M 11.2.6", EV_INFERRED, 0 },
	{ "+HTTPSCONT", NO_TEST, scont_read, NULL, scont_execute, NULL, "M 11.2.7", EV_MANUAL, 0 },
	{ "+HTTPSTATUS", NULL, status_read, NULL, NULL, NULL, "M 11.2.8", EV_MANUAL, 0 },
	/* Later than the note: HTTPHEAD came with V1.09 of the manual, HTTPSSL with the firmware of 1418. */
	{ "+HTTPHEAD", NULL, NULL, NULL, head_execute, NULL, "M 21.13", EV_MANUAL, PROFILE_R14 },
	{ SSL_NAME, "+HTTPSSL: (0-1)", ssl_read, ssl_write, NULL, &modem_settings_http[SSL_ROW], "SSL 3.1", EV_MANUAL, PROFILE_R14 },
	{ .name = NULL },
};
/* clang-format on */
