/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */

#include "fake_world.h"
#include "modem_sessions.h"

static const struct session_table *const tables[] = { &bearer_session_table, &http_session_table, &ftp_session_table };

#define TABLES (sizeof(tables) / sizeof(tables[0]))

static const uint32_t profiles[] = { PROFILE_R14, PROFILE_N101, PROFILE_900 };

static bool
holds(const struct rule *rule, uint32_t state, uint8_t event, uint32_t profile)
{
	return (rule->in & state) != 0 && rule->event == event && (rule->profiles == 0 || (rule->profiles & profile) != 0);
}

static void
every_event_has_a_rule_in_every_state(void **state)
{
	int missing = 0;

	(void)state;
	for (size_t t = 0; t < TABLES; t++) {
		for (uint32_t s = 1; s != 0 && s <= tables[t]->states; s <<= 1) {
			for (uint8_t e = 1; e <= tables[t]->events && (s & tables[t]->states); e++) {
				for (size_t p = 0; p < 3; p++) {
					bool found = false;

					for (const struct rule *rule = tables[t]->rules; rule->id != NULL && !found; rule++)
						found = rule->guard == NULL && holds(rule, s, e, profiles[p]);
					if (!found)
						print_error("%s: state %#x, event %d, profile %#x\n", tables[t]->name, s, e, profiles[p]);
					missing += !found;
				}
			}
		}
	}
	assert_int_equal(missing, 0);
}

/* A row is dead if rows above it, without guards, take every state and profile it holds in, or if its event does not exist. */
static void
no_rule_is_dead(void **state)
{
	int dead = 0;

	(void)state;
	for (size_t t = 0; t < TABLES; t++) {
		for (const struct rule *rule = tables[t]->rules; rule->id != NULL; rule++) {
			bool reached = false;

			for (uint32_t s = 1; s != 0 && s <= tables[t]->states && !reached; s <<= 1) {
				for (size_t p = 0; p < 3 && !reached; p++) {
					bool taken = !(s & tables[t]->states) || !holds(rule, s, rule->event, profiles[p]);

					for (const struct rule *above = tables[t]->rules; above < rule && !taken; above++)
						taken = (above->guard == NULL || above->guard == rule->guard) &&
							holds(above, s, rule->event, profiles[p]);
					reached = !taken;
				}
			}
			if (!reached || rule->event < 1 || rule->event > tables[t]->events)
				print_error("%s is never taken\n", rule->id);
			dead += !reached || rule->event < 1 || rule->event > tables[t]->events;
		}
	}
	assert_int_equal(dead, 0);
}

static void
rules_have_ids_of_their_own_and_clauses(void **state)
{
	(void)state;
	for (size_t t = 0; t < TABLES; t++) {
		for (const struct rule *rule = tables[t]->rules; rule->id != NULL; rule++) {
			assert_true(span_starts(span_str(rule->id), span_str(tables[t]->name)));
			assert_non_null(rule->clause);
			for (size_t u = 0; u <= t; u++)
				for (const struct rule *other = tables[u]->rules; other->id != NULL && other != rule; other++)
					assert_string_not_equal(other->id, rule->id);
		}
	}
}

static void
next_states_are_one_known_state_or_none(void **state)
{
	(void)state;
	for (size_t t = 0; t < TABLES; t++) {
		assert_int_equal(tables[t]->first & (tables[t]->first - 1), 0);
		for (const struct rule *rule = tables[t]->rules; rule->id != NULL; rule++) {
			assert_int_equal(rule->then & (rule->then - 1), 0);
			assert_int_equal(rule->then & ~tables[t]->states, 0);
			assert_int_equal(rule->in & ~tables[t]->states, 0);
			assert_true(rule->arm < TIMER_MAX && rule->disarm < TIMER_MAX);
		}
	}
}

static const struct slot *
slot_find(struct span name)
{
	const struct slot *const slots[] = { modem_slots_bearer, modem_slots_http, modem_slots_ftp };

	for (size_t t = 0; t < 3; t++)
		for (const struct slot *s = slots[t]; s->name != NULL; s++)
			if (span_equal(span_str(s->name), name))
				return s;
	return NULL;
}

static void
every_slot_that_is_said_exists(void **state)
{
	(void)state;
	for (size_t t = 0; t < TABLES; t++) {
		for (const struct rule *rule = tables[t]->rules; rule->id != NULL; rule++) {
			for (int i = 0; i < SAY_MAX && rule->say[i].kind != SAY_NOTHING; i++) {
				const char *at = rule->say[i].text;

				while (at != NULL && (at = strchr(at, '<')) != NULL) {
					const char *end = strchr(at, '>');

					assert_non_null(end);
					if (slot_find(span_of(at + 1, (size_t)(end - at) - 1)) == NULL)
						fail_msg("%s: no slot %.*s", rule->id, (int)(end - at) + 1, at);
					at = end;
				}
			}
		}
	}
}

static void
hits_are_counted_by_rule(void **state)
{
	static struct rig r;
	struct modem_rule_count count;
	uint64_t queries = 0;
	unsigned i;

	(void)state;
	rig_start(&r, "");
	rig_ask(&r, "AT+SAPBR=2,1");
	rig_ask(&r, "AT+SAPBR=2,3");
	for (i = 0; modem_rule(&r.m, i, &count); i++) {
		assert_true(i < sizeof(r.m.hits) / sizeof(r.m.hits[0]));
		if (strcmp(count.id, "bearer-query-1") == 0) {
			queries = count.hits;
			assert_string_equal(count.clause, "3.1");
			assert_string_equal(count.evidence, "N");
		} else {
			assert_int_equal(count.hits, 0);
		}
	}
	assert_int_equal(queries, 2);
	assert_true(i > 10);
}

static void
there_is_a_counter_for_every_row(void **state)
{
	size_t commands = 0, rows = 0, parameters = 0;

	(void)state;
	for (size_t t = 0; t < COMMAND_FAMILIES; t++)
		for (const struct command *c = modem_tables.command[t]; c->name != NULL; c++)
			commands++;
	for (size_t t = 0; t < SETTINGS_MAX; t++)
		for (const struct setting *s = modem_tables.setting[t]; s->name != NULL; s++)
			rows++;
	while (modem_tables.parameter[parameters].command != NULL)
		parameters++;
	assert_true(commands <= MODEM_COMMANDS_MAX && rows <= MODEM_SETTINGS_MAX && parameters <= MODEM_PARAMETERS_MAX);
}

static void
forms_settings_and_parameters_are_counted(void **state)
{
	static struct rig r;
	uint32_t forms = 0, settings_seen = 0, parameters = 0;

	(void)state;
	rig_start(&r, "");
	rig_ask(&r, "AT+FTPPORT=99999");
	rig_ask(&r, "AT+FTPPORT?");
	rig_ask(&r, "AT+HTTPDATA=0,1");
	for (size_t i = 0; i < MODEM_COMMANDS_MAX; i++)
		for (size_t f = 0; f < FORM_MAX; f++)
			forms += r.m.form_hits[i][f];
	for (size_t i = 0; i < MODEM_SETTINGS_MAX; i++)
		settings_seen += r.m.setting_hits[i];
	for (size_t i = 0; i < MODEM_PARAMETERS_MAX; i++)
		parameters += r.m.parameter_hits[i];
	assert_int_equal(forms, 3);
	assert_int_equal(settings_seen, 2);
	assert_int_equal(parameters, 2);
}

/* The engine goes by the profile's tables: with a row changed in a copy, the module says so. */
static void
a_profile_may_bring_its_own_tables(void **state)
{
	static struct rig r;
	static struct parameter row = { "+SAPBR", 1, 1, 2, "M 9.2.1", EV_MANUAL }, mine[3];
	static struct modem_tables copy;
	static struct modem_profile profile;

	(void)state;
	mine[0] = (struct parameter){ "+SAPBR", 0, 0, 4, "M 9.2.1", EV_MANUAL };
	mine[1] = row;
	copy = modem_tables;
	copy.parameter = mine;
	rig_start(&r, "");
	assert_non_null(strstr(rig_ask(&r, "AT+SAPBR=2,3"), "OK"));
	profile = *modem_profile_find(SPAN(""));
	profile.tables = &copy;
	r.m.profile = &profile;
	modem_init(&r.m, &profile, r.m.world, 1, r.m.now_us);
	assert_non_null(strstr(rig_ask(&r, "AT+SAPBR=2,3"), "ERROR"));
	assert_non_null(strstr(rig_ask(&r, "AT+SAPBR=2,2"), "OK"));
}

static const struct setting *const settings[] = { modem_settings_v250, modem_settings_general, modem_settings_network, modem_settings_stubs,
	modem_settings_http, modem_settings_ftp };

static void
every_setting_starts_at_its_preset_and_within_its_range(void **state)
{
	static struct rig r;

	(void)state;
	rig_start(&r, "");
	for (size_t t = 0; t < sizeof(settings) / sizeof(settings[0]); t++) {
		for (const struct setting *s = settings[t]; s->name != NULL; s++) {
			char digits[16];
			struct span value = setting_in(&r.m.set, s, digits);

			assert_true(span_equal(value, span_str(s->preset == NULL ? s->kind == SETTING_NUMBER ? "0" : "" : s->preset)));
			if (s->kind == SETTING_NUMBER)
				assert_true(setting_fits(s, value));
		}
	}
}

static void
a_value_out_of_range_changes_nothing(void **state)
{
	static struct rig r;
	static const struct setting number = {
		.name = "x", .kind = SETTING_NUMBER, .min = 1, .max = 65535, .offset = offsetof(struct modem_settings, ftp_port)
	};
	static const struct setting text = {
		.name = "y", .kind = SETTING_TEXT, .max = 49, .offset = offsetof(struct modem_settings, ftp_user)
	};
	static const struct setting choice = { .name = "z",
		.kind = SETTING_CHOICE,
		.choices = "APPE|STOU|STOR",
		.max = 4,
		.offset = offsetof(struct modem_settings, ftp_putopt) };
	static const char *const bad[] = { "0", "65536", "", "1x", "-1", "99999999999", " 1" };
	char fifty[50], digits[16];

	(void)state;
	rig_start(&r, "");
	assert_true(setting_set(&r.m, &number, SPAN("2121")));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(setting_set(&r.m, &number, span_str(bad[i])));
	assert_int_equal(r.m.set.ftp_port, 2121);
	memset(fifty, 'u', sizeof(fifty));
	assert_false(setting_set(&r.m, &text, span_of(fifty, 50)));
	assert_true(setting_set(&r.m, &text, span_of(fifty, 49)));
	assert_int_equal(setting_in(&r.m.set, &text, digits).len, 49);
	assert_false(setting_set(&r.m, &text, span_of("a\0b", 3)));
	assert_false(setting_set(&r.m, &text, SPAN("a\033b")));
	assert_false(setting_set(&r.m, &text, SPAN("a\177")));
	assert_true(setting_set(&r.m, &text, SPAN("a b\xc3\xa4")));
	assert_true(setting_set(&r.m, &choice, SPAN("appe")));
	assert_string_equal(r.m.set.ftp_putopt, "APPE");
	assert_false(setting_set(&r.m, &choice, SPAN("STO")));
	assert_string_equal(r.m.set.ftp_putopt, "APPE");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_has_a_rule_in_every_state),
		cmocka_unit_test(no_rule_is_dead),
		cmocka_unit_test(rules_have_ids_of_their_own_and_clauses),
		cmocka_unit_test(next_states_are_one_known_state_or_none),
		cmocka_unit_test(every_slot_that_is_said_exists),
		cmocka_unit_test(hits_are_counted_by_rule),
		cmocka_unit_test(there_is_a_counter_for_every_row),
		cmocka_unit_test(forms_settings_and_parameters_are_counted),
		cmocka_unit_test(a_profile_may_bring_its_own_tables),
		cmocka_unit_test(every_setting_starts_at_its_preset_and_within_its_range),
		cmocka_unit_test(a_value_out_of_range_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
