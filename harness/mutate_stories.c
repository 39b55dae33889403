/* mutate_stories: what firmware has got wrong, or plausibly would: the line and the bearer; and the rows that stories name. */
#include "mutate_tables.h"

/* ---- rows by name ------------------------------------------------------------ */

struct rule *
mutant_rule(struct mutant *t, const char *id)
{
	for (int i = 0; i < SESSION_MAX; i++)
		for (struct rule *r = t->rule[i]; r->id != NULL; r++)
			if (strcmp(r->id, id) == 0)
				return r;
	return NULL;
}

/* ---- how they are planted ------------------------------------------------------------- */

#define SAYS(name, id, i, ...)                                                                                                             \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		mutant_rule(t, id)->say[i] = (struct say)__VA_ARGS__;                                                                      \
	}

#define ACTS(name, id, f)                                                                                                                  \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		story_acts(t, id, f);                                                                                                      \
	}

#define EVERY(name, f)                                                                                                                     \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		hook.after = f;                                                                                                            \
		hook_every(t);                                                                                                             \
	}

void
story_acts(struct mutant *t, const char *id, void (*f)(struct modem *))
{
	struct rule *r = mutant_rule(t, id);

	hook.act = r->act;
	r->act = f;
}

void
story_own_act(struct modem *m)
{
	if (hook.act != NULL)
		hook.act(m);
}

/* ---- the line --------------------------------------------------------------------------- */

static bool
echoed(const struct modem *m)
{
	return m->echo_len > 0 && m->out_len > m->echo_len && memcmp(m->out, m->echo, m->echo_len) == 0 && m->out[m->echo_len] == '\r';
}

static void
echo_with_lf(struct modem *m, uint32_t mark)
{
	(void)mark;
	if (echoed(m))
		filter_replace(m, m->echo_len + 1, 0, SPAN("\n"));
}

static void
echo_without_cr(struct modem *m, uint32_t mark)
{
	(void)mark;
	if (echoed(m))
		filter_replace(m, m->echo_len, 1, SPAN(""));
}

static void
ok_lower(struct modem *m, uint32_t mark)
{
	if (m->out_len >= mark + 6 && memcmp(m->out + m->out_len - 6, "\r\nOK\r\n", 6) == 0)
		filter_replace(m, m->out_len - 4, 2, SPAN("ok"));
}

static void
blank_behind_ok(struct modem *m, uint32_t mark)
{
	if (m->out_len >= mark + 6 && memcmp(m->out + m->out_len - 6, "\r\nOK\r\n", 6) == 0)
		filter_replace(m, m->out_len - 2, 0, SPAN(" "));
}

static void
ok_after_each(struct modem *m, uint32_t mark)
{
	(void)mark;
	if (m->running && m->ended)
		filter_replace(m, m->out_len, 0, SPAN("\r\nOK\r\n"));
}

static void
error_is_ok(struct modem *m, uint32_t mark)
{
	if (m->command->setting != NULL && m->out_len >= mark + 9 && memcmp(m->out + m->out_len - 9, "\r\nERROR\r\n", 9) == 0)
		filter_replace(m, m->out_len - 9, 9, SPAN("\r\nOK\r\n"));
}

static void
one_cr_lf(struct modem *m, uint32_t mark)
{
	for (uint32_t i = mark + 1; i + 4 <= m->out_len; i++) {
		if (memcmp(m->out + i, "\r\n\r\n", 4) == 0) {
			filter_replace(m, i, 2, SPAN(""));
			return;
		}
	}
}

EVERY(line_echo_lf, echo_with_lf)
EVERY(line_echo_cr, echo_without_cr)
EVERY(line_ok_lower, ok_lower)
EVERY(line_ok_blank, blank_behind_ok)
EVERY(line_ok_each, ok_after_each)
EVERY(line_lenient, error_is_ok)
EVERY(line_frames_shared, one_cr_lf)

/* ---- the bearer --------------------------------------------------------------------------- */

static size_t
closed_is_2(const struct modem *m, char *into, size_t cap)
{
	size_t n = hook.write(m, into, cap);

	if (n == 1 && into[0] == '3')
		into[0] = '2';
	return n;
}

static void
bearer_status(struct mutant *t)
{
	for (struct slot *s = t->slot[SESSION_BEARER]; s->name != NULL; s++) {
		if (strcmp(s->name, "bearer-status") != 0)
			continue;
		hook.write = s->write;
		s->write = closed_is_2;
	}
}

static void
first_profile(struct modem *m)
{
	int asked = m->bearer_now;

	m->bearer_now = 0;
	story_own_act(m);
	m->bearer_now = asked;
}

static void
address_stays(struct modem *m)
{
	uint8_t ip[4];

	memcpy(ip, m->bearer[m->bearer_now].ip, sizeof(ip));
	story_own_act(m);
	memcpy(m->bearer[m->bearer_now].ip, ip, sizeof(ip));
}

static void
forgets_apn(struct modem *m)
{
	story_own_act(m);
	m->bearer[m->bearer_now].apn[0] = '\0';
}

SAYS(bearer_twice, "bearer-open-7", 0, FINAL_OK)
SAYS(bearer_close_twice, "bearer-close-2", 0, FINAL_OK)
SAYS(bearer_unquoted, "bearer-query-1", 0, INFO("+SAPBR: <cid>,<bearer-status>,<bearer-ip>"))
SAYS(bearer_deact, "bearer-lost-1", 0, URC("+SAPBR: <cid>,DEACT"))
ACTS(bearer_first, "bearer-set-1", first_profile)
ACTS(bearer_address, "bearer-close-1", address_stays)
ACTS(bearer_forgets, "bearer-close-1", forgets_apn)

/* clang-format off */
const struct story mutate_stories[] = {
	/* id, area, clause, evidence, what it does, plant, reached with */
	{ "story-echo-lf", "general", "V.250 5.2.3", "L", "echoes the line with CR and LF", line_echo_lf, NULL },
	{ "story-echo-cr", "general", "V.250 5.2.3", "L", "echoes the line without its CR", line_echo_cr, NULL },
	{ "story-ok-lower", "general", "V.250 5.7.1", "M", "says ok in small letters", line_ok_lower, NULL },
	{ "story-ok-blank", "general", "V.250 5.7.1", "L", "puts a blank behind OK", line_ok_blank, NULL },
	{ "story-ok-each", "general", "M 1.4.4", "M", "says OK after each command of a line", line_ok_each, NULL },
	{ "story-lenient", "general", "M 2.2.25", "M", "takes every value of a setting, and says OK", line_lenient, NULL },
	{ "story-frames-shared", "general", "V.250 5.7.1", "L", "puts only one CR LF between text and OK", line_frames_shared, NULL },
	{ "story-bearer-twice", "bearer", "M 9.2.1", "L", "opens an open bearer with OK", bearer_twice, "bearer-open-7" },
	{ "story-bearer-closed-twice", "bearer", "M 9.2.1", "L", "closes a closed bearer with OK", bearer_close_twice, "bearer-close-2" },
	{ "story-bearer-unquoted", "bearer", "3.1", "N", "says the address without quotes", bearer_unquoted, "bearer-query-1" },
	{ "story-bearer-closing", "bearer", "M 9.2.1", "L", "says 2, closing, of a bearer that is closed", bearer_status, "bearer-query-1" },
	{ "story-bearer-deact", "bearer", "M 19.3", "M", "says +SAPBR: 1,DEACT with the profile behind the colon", bearer_deact, "bearer-lost-1" },
	{ "story-bearer-first", "bearer", "M 9.2.1", "M", "keeps what is set of any profile in the first one", bearer_first, "bearer-set-1" },
	{ "story-bearer-address", "bearer", "M 9.2.1", "L", "still shows the address when the bearer is closed", bearer_address, "bearer-close-1" },
	{ "story-bearer-forgets", "bearer", "M 9.2.1", "M", "forgets the APN when the bearer is closed", bearer_forgets, "bearer-close-1" },
	{ .id = NULL },
};
/* clang-format on */
