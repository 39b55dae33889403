/* requirement, coverage: what the documents demand, what cases cover, and which outcomes they try. */
#include "case_text.h"
#include "citation.h"
#include "coverage.h"
#include "requirement.h"

static int
make_folder(void **state)
{
	return folder_make(state) < 0 ? -1 : mkdir("requirements", 0700);
}

static struct requirements *
requirements_of(const char *text)
{
	memset(&errors, 0, sizeof(errors));
	file_text("requirements/a.req", text);
	return requirements_load("requirements", &errors);
}

static void
assert_span(struct span s, const char *text)
{
	assert_int_equal(s.len, strlen(text));
	assert_memory_equal(s.at, text, s.len);
}

static void
a_requirement_has_an_id_a_statement_and_perhaps_a_reason(void **state)
{
	struct requirements *q =
	    requirements_of("# Reading\n\nN3.14-early  Reading before\n             data is there\n\n"
			    "?-code  Which number\n  informational: no document\n    says\nM12.2.14-x  t\n  not tested: no network can\n");

	(void)state;
	assert_int_equal(errors.count, 0);
	assert_int_equal(requirements_count(q), 3);
	assert_span(requirements_at(q, 0)->text, "Reading before data is there");
	assert_span(requirements_at(q, 0)->clause, "3.14");
	assert_int_equal(requirements_at(q, 0)->evidence, 'N');
	assert_int_equal(requirements_at(q, 1)->kind, REQUIREMENT_INFORMATIONAL);
	assert_span(requirements_at(q, 1)->reason, "no document says");
	assert_int_equal(requirements_at(q, 2)->kind, REQUIREMENT_NOT_TESTED);
	assert_ptr_equal(requirements_find(q, SPAN("M12.2.14-x")), requirements_at(q, 2));
	assert_null(requirements_find(q, SPAN("M12.2.14-y")));
	requirements_free(q);
}

static void
what_is_wrong_in_a_file_names_its_place(void **state)
{
	static const struct {
		const char *text, *message;
	} wrong[] = {
		{ "Z3-x  t\n", ":1:1: 'Z3-x', expected an id: evidence (NMSLCXI?), clause, '-', a name" },
		{ "N3.14  t\n", ":1:1: 'N3.14', expected an id: evidence (NMSLCXI?), clause, '-', a name" },
		{ "N3.14-x t\n", ":1:8: ' t', expected two blanks and a statement" },
		{ "N3-x  t\n  informational:\n", ":2:17: the end of the line, expected a reason" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct requirements *q = requirements_of(wrong[i].text);

		assert_int_equal(errors.count, 1);
		assert_string_equal(errors.list[0].text + strlen("requirements/a.req"), wrong[i].message);
		requirements_free(q);
	}
}

static void
an_id_is_there_once(void **state)
{
	struct requirements *q = requirements_of("N3-x  t\nN3-x  u\n");

	(void)state;
	assert_int_equal(errors.count, 1);
	assert_non_null(strstr(errors.list[0].text, "a.req:2:1: 'N3-x', which "));
	requirements_free(q);
}

/* Parse one case and count it. */
static void
covered(struct requirements *q, struct arena *a, const char *text)
{
	struct case_file *f;
	struct test_case c;

	file_text("t.case", text);
	f = case_load("t.case", &errors);
	assert_non_null(f);
	assert_int_equal(case_parse(f, 0, a, &c, &errors), 0);
	requirements_cover(q, &c, &errors);
	case_free(f);
}

static void
a_case_covers_what_it_says_in_its_header_and_among_its_steps(void **state)
{
	struct requirements *q = requirements_of("N3-a  t\nN3-b  t\nN3-c  t\n");
	struct arena a = { NULL, NULL, 0 };

	(void)state;
	covered(q, &a, "covers N3-a\n> AT\n< OK\ncovers N3-b  # and this\n> AT\n< OK\n");
	assert_int_equal(errors.count, 0);
	assert_int_equal(requirements_at(q, 0)->cases, 1);
	assert_int_equal(requirements_at(q, 1)->cases, 1);
	requirements_unknown(q, &errors);
	assert_int_equal(errors.count, 1);
	assert_non_null(strstr(errors.list[0].text, "a.req:3:1: 'N3-c', expected a case that covers it, or a reason"));
	arena_free(&a);
	requirements_free(q);
}

static void
a_case_covers_only_what_there_is_and_what_can_be_tested(void **state)
{
	struct requirements *q = requirements_of("N3-a  t\nN3-b  t\n  not tested: r\n");
	struct arena a = { NULL, NULL, 0 };

	(void)state;
	covered(q, &a, "covers N3-z\n> AT\n< OK\n");
	assert_string_equal(errors.list[0].text, "t.case:1:8: 'N3-z', expected the id of a requirement");
	covered(q, &a, "covers N3-b\n> AT\n< OK\n");
	assert_non_null(strstr(errors.list[1].text, "t.case:1:8: 'N3-b', of which "));
	covered(q, &a, "informational\ncovers N3-a\n> AT\n< OK\n");
	assert_string_equal(errors.list[2].text, "t.case:2:8: 'N3-a', which a case that cannot fail does not test");
	arena_free(&a);
	requirements_free(q);
}

static void
the_folder_of_requirements_is_beside_or_above(void **state)
{
	char found[128];

	(void)state;
	assert_true(requirements_folder("sim800/ftp/x.case", found, sizeof(found)));
	assert_string_equal(found, "requirements");
	assert_true(requirements_folder("./", found, sizeof(found)));
	assert_string_equal(found, "./requirements");
	assert_false(requirements_folder("/nowhere/at/all", found, sizeof(found)));
}

static int
citation_errors(const struct citations *x, const char *text)
{
	struct arena a = { NULL, NULL, 0 };
	struct case_file *f;
	struct test_case c;

	file_text("t.case", text);
	memset(&errors, 0, sizeof(errors));
	f = case_load("t.case", &errors);
	assert_int_equal(case_parse(f, 0, &a, &c, &errors), 0);
	citations_check(x, &c, &errors);
	arena_free(&a);
	case_free(f);
	return errors.count;
}

static void
what_is_cited_must_be_listed(void **state)
{
	struct citations *x;

	(void)state;
	assert_null(citations_load("nowhere", &errors));
	file_text("requirements/documents", "# known\nA Note: 3.1, 3.2\nA Note: 3.3\nsome log: -\n");
	x = citations_load("requirements", &errors);
	assert_non_null(x);
	assert_int_equal(citation_errors(x, "spec A Note, 3.2\nspec some log\n> AT\n< OK\nspec 3.3\n> AT\n< OK\n"), 0);
	assert_int_equal(citation_errors(x, "spec A Note, 3.4\n> AT\n< OK\n"), 1);
	assert_string_equal(
	    errors.list[0].text, "t.case:1:6: 'A Note, 3.4', expected a document and clause that requirements/documents lists");
	assert_int_equal(citation_errors(x, "spec Another, 3.1\n> AT\n< OK\n"), 1);
	assert_int_equal(citation_errors(x, "spec A Note\n> AT\n< OK\n"), 1);
	assert_int_equal(citation_errors(x, "> AT\n< OK\nspec 9.9\n> AT\n< OK\n"), 1);
	assert_string_equal(errors.list[0].text, "t.case:4:1: clause '9.9', expected one that requirements/documents lists");
	citations_free(x);
}

static const struct coverage_cell *
cell(const struct coverage *x, const char *command, enum coverage_form form, const char *outcome)
{
	for (size_t i = 0; i < x->count; i++)
		if (strcmp(x->cell[i].command, command) == 0 && x->cell[i].form == form && strcmp(x->cell[i].outcome, outcome) == 0)
			return &x->cell[i];
	return NULL;
}

static void
commands_forms_and_outcomes_are_counted(void **state)
{
	static const char *const texts[] = {
		"> AT+FTPGET=?\n< OK\n> at+ftpget=1\n< OK\n< +FTPGET: 1,1\nrepeat at most 3\n  > AT+FTPGET=2,10\n  < +FTPGET: 2,{n: 0..}\n"
		"  = {n} bytes\n  < OK\nuntil < +FTPGET: 1,0\n",
		"> AT+HTTPACTION=0\neither\n  < OK\n  < +HTTPACTION: 0,601,{n: 0..}\nor\n  < {error}\n> AT+CSQ;+NOSUCH  unknown command\n< "
		"ERROR\n",
	};
	struct coverage x = { 0 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct arena a = { NULL, NULL, 0 };
		struct case_file *f;
		struct test_case c;

		file_text("t.case", texts[i]);
		f = case_load("t.case", &errors);
		assert_int_equal(case_parse(f, 0, &a, &c, &errors), 0);
		coverage_add(&x, &c, i == 0 ? VERDICT_PASS : VERDICT_MAX);
		arena_free(&a);
		case_free(f);
	}
	assert_int_equal(cell(&x, "+FTPGET", FORM_TEST, "OK")->cases, 1);
	assert_int_equal(cell(&x, "+FTPGET", FORM_WRITE, "OK")->cases, 1);
	assert_int_equal(cell(&x, "+FTPGET", FORM_WRITE, "OK")->seen[VERDICT_PASS], 1);
	assert_int_equal(cell(&x, "+FTPGET", FORM_WRITE, "+FTPGET: 1,0")->cases, 1);
	assert_null(cell(&x, "+FTPGET", FORM_WRITE, "+FTPGET: 2,*"));
	assert_int_equal(cell(&x, "+HTTPACTION", FORM_WRITE, "+HTTPACTION: 0,601")->cases, 1);
	assert_int_equal(cell(&x, "+HTTPACTION", FORM_WRITE, "ERROR")->seen[VERDICT_PASS], 0);
	assert_null(cell(&x, "+CSQ", FORM_EXECUTE, "ERROR"));
	assert_null(cell(&x, "+FTPGET", FORM_READ, ""));
	coverage_sort(&x);
	assert_int_equal(cell(&x, "+FTPGET", FORM_READ, "")->cases, 0);
	coverage_free(&x);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_requirement_has_an_id_a_statement_and_perhaps_a_reason),
		cmocka_unit_test(what_is_wrong_in_a_file_names_its_place),
		cmocka_unit_test(an_id_is_there_once),
		cmocka_unit_test(a_case_covers_what_it_says_in_its_header_and_among_its_steps),
		cmocka_unit_test(a_case_covers_only_what_there_is_and_what_can_be_tested),
		cmocka_unit_test(the_folder_of_requirements_is_beside_or_above),
		cmocka_unit_test(what_is_cited_must_be_listed),
		cmocka_unit_test(commands_forms_and_outcomes_are_counted),
	};

	return cmocka_run_group_tests(tests, make_folder, folder_remove);
}
