/* Which cases are chosen, in which order, and what was done before. */
#include "case_text.h"
#include "plan.h"

static const char one[] = "title One\nspec A document, 1.1\n> AT\n< OK\n";
static const char table[] =
    "title Row {n}\nspec A document, 1.2\neach\n  | n |\n  | 1 |\n  | 2 |\n  | 3 |\n  | 4 |\n  | 5 |\n> AT+X={n}\n< OK\n";

static struct plan plan;
static char suite[] = "suite", missing[] = "missing.case";
static char *arguments[] = { suite }, *others[] = { missing };

static void
files(void)
{
	mkdir("suite", 0700);
	mkdir("suite/a", 0700);
	file_text("suite/a/one.case", one);
	file_text("suite/table.case", table);
}

static uint32_t
choose(const char *only, unsigned shard, unsigned shards)
{
	struct plan_options o = { .argument = arguments, .arguments = 1, .only = only, .shard = shard, .shards = shards, .seed = 1 };
	struct err e;

	files();
	plan_free(&plan);
	memset(&plan, 0, sizeof(plan));
	assert_int_equal(plan_make(&plan, &o, &e), 0);
	return plan.entries;
}

static void
a_folder_means_every_row_of_every_case_below(void **state)
{
	(void)state;
	assert_int_equal(choose(NULL, 1, 1), 6);
	assert_string_equal(case_path(plan.file[plan.entry[0].file].file), "suite/a/one.case");
	assert_int_equal(plan.entry[5].row, 4);
}

static void
a_pattern_chooses_by_path_and_by_title(void **state)
{
	(void)state;
	assert_int_equal(choose("Row [24]", 1, 1), 2);
	assert_int_equal(choose("suite/a/*", 1, 1), 1);
	assert_int_equal(choose("table", 1, 1), 5);
	assert_int_equal(choose("table*", 1, 1), 5);
	assert_int_equal(choose("Row", 1, 1), 5);
	assert_int_equal(choose("row ?", 1, 1), 0);
	assert_true(plan_pattern("Row \\[1]", "x", "Row [1]"));
}

static void
shards_are_disjoint_and_complete(void **state)
{
	uint32_t all = 0, rows = 0;

	(void)state;
	for (unsigned i = 1; i <= 4; i++) {
		all += choose(NULL, i, 4);
		for (uint32_t k = 0; k < plan.entries; k++)
			rows |= 1u << (plan.entry[k].file * 8 + plan.entry[k].row);
	}
	assert_int_equal(all, 6);
	assert_int_equal(__builtin_popcount(rows), 6);
}

static void
a_shuffle_depends_on_the_seed_alone(void **state)
{
	struct plan_entry first[6];

	(void)state;
	choose(NULL, 1, 1);
	plan_shuffle(&plan, 7);
	memcpy(first, plan.entry, sizeof(first));
	choose(NULL, 1, 1);
	plan_shuffle(&plan, 7);
	assert_memory_equal(first, plan.entry, sizeof(first));
	choose(NULL, 1, 1);
	plan_shuffle(&plan, 8);
	assert_memory_not_equal(first, plan.entry, sizeof(first));
}

static void
what_is_done_is_known_by_path_row_and_hash(void **state)
{
	uint64_t hash;

	(void)state;
	choose(NULL, 1, 1);
	hash = plan.file[1].hash;
	assert_int_equal(plan_done(&plan, SPAN("suite/table.case"), 2, hash), PLAN_DONE);
	assert_int_equal(plan_done(&plan, SPAN("suite/table.case"), 3, hash + 1), PLAN_EDITED);
	assert_int_equal(plan_done(&plan, SPAN("suite/table.case"), 9, hash), PLAN_NOT_CHOSEN);
	assert_int_equal(plan_done(&plan, SPAN("suite/other.case"), 0, hash), PLAN_NOT_CHOSEN);
	assert_int_equal(plan_done(&plan, SPAN("suite/a/one.case"), -1, plan.file[0].hash), PLAN_DONE);
	for (uint32_t i = 0; i < plan.entries; i++)
		assert_int_equal(plan.entry[i].done, i == 0 || i == 3);
}

static void
a_case_has_its_own_seed_whatever_is_played_beside_it(void **state)
{
	(void)state;
	assert_int_equal(plan_seed(1, "a.case", 0, 1), plan_seed(1, "a.case", 0, 1));
	assert_int_not_equal(plan_seed(1, "a.case", 0, 1), plan_seed(2, "a.case", 0, 1));
	assert_int_not_equal(plan_seed(1, "a.case", 0, 1), plan_seed(1, "b.case", 0, 1));
	assert_int_not_equal(plan_seed(1, "a.case", 0, 1), plan_seed(1, "a.case", 1, 1));
	assert_int_not_equal(plan_seed(1, "a.case", 0, 1), plan_seed(1, "a.case", 0, 2));
}

static void
the_area_is_the_folder_below_the_suite(void **state)
{
	(void)state;
	assert_true(span_equal(plan_area("cases/sim800/http/3.3-get.case"), SPAN("http")));
	assert_true(span_equal(plan_area("/x/cases/sim800/ftp/deep/a.case"), SPAN("ftp")));
	assert_true(span_equal(plan_area("cases/selftest/a.case"), SPAN("selftest")));
	assert_true(span_equal(plan_area("a.case"), SPAN("")));
}

static void
a_name_that_is_not_there_is_an_error(void **state)
{
	struct plan_options o = { .argument = others, .arguments = 1, .shard = 1, .shards = 1 };
	struct err e = { 0 };

	(void)state;
	plan_free(&plan);
	memset(&plan, 0, sizeof(plan));
	assert_int_equal(plan_make(&plan, &o, &e), -1);
	assert_int_equal(e.status, EXIT_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folder_means_every_row_of_every_case_below),
		cmocka_unit_test(a_pattern_chooses_by_path_and_by_title),
		cmocka_unit_test(shards_are_disjoint_and_complete),
		cmocka_unit_test(a_shuffle_depends_on_the_seed_alone),
		cmocka_unit_test(what_is_done_is_known_by_path_row_and_hash),
		cmocka_unit_test(a_case_has_its_own_seed_whatever_is_played_beside_it),
		cmocka_unit_test(the_area_is_the_folder_below_the_suite),
		cmocka_unit_test(a_name_that_is_not_there_is_an_error),
	};
	int failed = cmocka_run_group_tests_name("plan", tests, folder_make, folder_remove);

	plan_free(&plan);
	forget();
	return failed;
}
