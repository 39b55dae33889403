/* Breaking the emulator: what is derived, what is noticed, and what becomes of a deviation that breaks more than it should. */
#include "case_text.h"
#include "mutate.h"

static const char query[] = "title Query\nspec SIM800 IP Application Note V1.01, 3.1\n> AT+SAPBR=2,1\n< +SAPBR: 1,3,\"0.0.0.0\"\n< OK\n";
static const char blind[] = "title Blind\nspec SIM800 IP Application Note V1.01, 3.1\n> AT+SAPBR=2,1\n< {: text}\n< OK\n";
static const char unsure[] =
    "title Unsure\nspec SIM800 IP Application Note V1.01, 3.1\ninformational\n> AT+SAPBR=2,1\n< +SAPBR: 1,3,\"0.0.0.0\"\n< OK\n";
static const char wrong[] = "title Wrong\nspec SIM800 IP Application Note V1.01, 3.1\n> AT+SAPBR=2,1\n< +SAPBR: 1,1,\"0.0.0.0\"\n< OK\n";

static struct mutate_list list;
static struct mutate_result *result;
static struct mutate_suite suite;
static char argument[] = "it.case";
static char *arguments[] = { argument };

static const struct deviation *
deviation(const char *row, enum mutate_operator op, int item, int64_t value)
{
	static struct mutate_list all;

	if (all.count == 0)
		mutate_derive(&all);
	for (uint32_t i = 0; i < all.count; i++)
		if (strcmp(all.at[i].row, row) == 0 && all.at[i].op == op && all.at[i].item == item && all.at[i].value == value)
			return &all.at[i];
	fail_msg("no such deviation of %s: %s", row, mutate_operator_name(op));
	return NULL;
}

static int
open_suite(const char *text, struct err *e)
{
	struct plan_options o = { .argument = arguments, .arguments = 1, .shard = 1, .shards = 1, .seed = 1 };

	file_text("it.case", text);
	return mutate_suite_open(&suite, &o, e);
}

/* Play these deviations against a case. */
static void
play(const char *text, const struct deviation *d, uint32_t count, unsigned jobs)
{
	struct err e;

	free(result);
	result = calloc(count, sizeof(*result));
	list = (struct mutate_list){ .at = malloc(count * sizeof(*d)), .count = count };
	memcpy(list.at, d, count * sizeof(*d));
	assert_int_equal(open_suite(text, &e), 0);
	assert_int_equal(mutate_play(&suite, &list, jobs, result, &e), 0);
	mutate_suite_close(&suite);
	mutate_free(&list);
}

static void
every_deviation_says_what_it_is(void **state)
{
	struct mutate_list all = { .at = NULL };

	(void)state;
	mutate_derive(&all);
	assert_true(all.count > 1500);
	for (uint32_t i = 0; i < all.count; i++) {
		const struct deviation *d = &all.at[i];

		assert_true(d->row[0] != '\0' && d->op < OP_MAX && d->clause[0] != '\0' && d->area[0] != '\0');
		assert_non_null(strchr("NMSLCXI?", d->evidence[0]));
		/* The key of a deviation is its own. */
		for (uint32_t k = i + 1; k < all.count && strcmp(all.at[k].row, d->row) == 0; k++)
			if (all.at[k].op == d->op && strcmp(all.at[k].argument, d->argument) == 0 && all.at[k].item == d->item)
				fail_msg("twice: %s: %s: %s", d->row, mutate_operator_name(d->op), d->argument);
	}
	mutate_free(&all);
}

static void
a_step_that_fails_kills_and_names_its_line(void **state)
{
	(void)state;
	play(query, deviation("bearer-query-1", OP_ANSWER_GONE, 0, 0), 1, 1);
	assert_int_equal(result[0].end, END_KILLED);
	assert_int_equal(result[0].line, 4);
	assert_int_equal(result[0].played, 1);
}

static void
a_blind_case_lets_another_value_survive(void **state)
{
	(void)state;
	play(query, deviation("bearer-query-1", OP_FIELD_OTHER, 1, 1), 1, 1);
	assert_int_equal(result[0].end, END_KILLED);
	play(blind, deviation("bearer-query-1", OP_FIELD_OTHER, 1, 1), 1, 1);
	assert_int_equal(result[0].end, END_SURVIVED);
}

static void
what_no_case_comes_to_is_not_reached(void **state)
{
	(void)state;
	play(query, deviation("http-init-1", OP_ANSWER_GONE, 0, 0), 1, 1);
	assert_int_equal(result[0].end, END_UNREACHED);
	assert_int_equal(result[0].played, 0);
}

static void
an_informational_case_kills_nothing(void **state)
{
	(void)state;
	play(unsure, deviation("bearer-query-1", OP_ANSWER_GONE, 0, 0), 1, 1);
	assert_int_equal(result[0].end, END_UNREACHED);
}

static void
a_suite_that_fails_on_the_unbroken_module_is_refused(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(open_suite(wrong, &e), -1);
	assert_int_equal(e.status, EXIT_BROKEN);
	assert_non_null(strstr(e.text, "it.case:4"));
	mutate_suite_close(&suite);
}

/* One that crashes is no kill, and the others behind it are played all the same. */
static void
a_crash_is_no_kill_and_stops_nothing(void **state)
{
	const struct deviation *sound = deviation("bearer-query-1", OP_ANSWER_GONE, 0, 0);
	struct deviation three[3] = { *sound, *sound, *sound };

	(void)state;
	/* A story that nobody tells: there is nothing to be planted. */
	three[1].kind = ROW_STORY;
	three[1].story = NULL;
	play(query, three, 3, 1);
	assert_int_equal(result[0].end, END_KILLED);
	assert_int_equal(result[1].end, END_BROKEN);
	assert_int_equal(result[2].end, END_KILLED);
}

static void
two_processes_find_what_one_finds(void **state)
{
	struct mutate_list all = { .at = NULL };
	uint32_t first = 0, count = 0;
	struct mutate_result *alone;

	(void)state;
	mutate_derive(&all);
	while (strcmp(all.at[first].row, "bearer-query-1") != 0)
		first++;
	while (count < 200 && first + count < all.count)
		count++;
	play(query, &all.at[first], count, 1);
	alone = malloc(count * sizeof(*alone));
	memcpy(alone, result, count * sizeof(*alone));
	play(query, &all.at[first], count, 2);
	assert_memory_equal(alone, result, count * sizeof(*alone));
	free(alone);
	mutate_free(&all);
}

/* Whatever was planted before leaves nothing behind in the tables. */
static void
the_tables_are_whole_again_behind_each(void **state)
{
	const struct deviation *d = deviation("bearer-query-1", OP_ANSWER_GONE, 0, 0), *far = deviation("http-init-1", OP_ROW_GONE, 0, 0);
	struct deviation both[2] = { *d, *far };

	(void)state;
	/* Played against the same case, as if it were reached: the second one does not show. */
	both[1].place = d->place;
	play(query, both, 2, 1);
	assert_int_equal(result[0].end, END_KILLED);
	assert_int_equal(result[1].end, END_SURVIVED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_deviation_says_what_it_is),
		cmocka_unit_test(a_step_that_fails_kills_and_names_its_line),
		cmocka_unit_test(a_blind_case_lets_another_value_survive),
		cmocka_unit_test(what_no_case_comes_to_is_not_reached),
		cmocka_unit_test(an_informational_case_kills_nothing),
		cmocka_unit_test(a_suite_that_fails_on_the_unbroken_module_is_refused),
		cmocka_unit_test(a_crash_is_no_kill_and_stops_nothing),
		cmocka_unit_test(two_processes_find_what_one_finds),
		cmocka_unit_test(the_tables_are_whole_again_behind_each),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
