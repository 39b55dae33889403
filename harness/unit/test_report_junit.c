#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include "journal_cases.h"
#include "report_junit.h"
#include "report_validate.h"
#include "sanitise.h"

#define SCHEMA "reports/attest-junit.xsd"

static char *journal[2], *xml;
static struct err err;

static int
start(void **state)
{
	(void)state;
	unsetenv("SOURCE_DATE_EPOCH");
	journal[0] = temporary();
	journal[1] = temporary();
	xml = temporary();
	return 0;
}

static int
stop(void **state)
{
	char **all[] = { &journal[0], &journal[1], &xml };

	(void)state;
	unsetenv("SOURCE_DATE_EPOCH");
	for (size_t i = 0; i < 3; i++) {
		unlink(*all[i]);
		free(*all[i]);
	}
	return 0;
}

static void
write_journal(int i, const struct journal_head *head, const struct journal_case *cases, size_t count, int status)
{
	struct journal *j = journal_create(journal[i], head, &err);

	assert_non_null(j);
	for (size_t k = 0; k < count; k++)
		assert_int_equal(journal_write(j, &cases[k], &err), 0);
	if (status >= 0)
		assert_int_equal(journal_end(j, status, &err), 0);
	assert_int_equal(journal_close(j, &err), 0);
}

/* Write the report of the first n journals and hold it against the schema. */
static void
make_report(int n)
{
	const char *const paths[] = { journal[0], journal[1] };

	if (report_junit(paths, n, xml, &err) != 0 || report_validate(xml, SCHEMA, &err) != 0)
		fail_msg("%s", err.text);
}

/* What an XPath expression says of the report, as text. */
static void
assert_xpath(const char *expression, const char *want)
{
	xmlDocPtr doc = xmlReadFile(xml, NULL, XML_PARSE_NONET);
	xmlXPathContextPtr xpath = xmlXPathNewContext(doc);
	xmlXPathObjectPtr found = xmlXPathEvalExpression((const xmlChar *)expression, xpath);
	xmlChar *text = xmlXPathCastToString(found);

	assert_string_equal((const char *)text, want);
	xmlFree(text);
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(xpath);
	xmlFreeDoc(doc);
}

static void
status_is(int n, int want)
{
	const char *const paths[] = { journal[0], journal[1] };
	struct report_index x;

	assert_int_equal(report_index_build(&x, paths, n, &err), 0);
	assert_int_equal(report_status(&x), want);
	report_index_free(&x);
}

static void
every_verdict_has_its_element(void **state)
{
	struct journal_head head = head_of("sim800-r14.18", "R14.18", "", 7);
	struct journal_case c[VERDICT_MAX];

	(void)state;
	for (int v = 0; v < VERDICT_MAX; v++)
		c[v] = case_of("http", verdict_name((enum verdict)v), (enum verdict)v, 1);
	write_journal(0, &head, c, VERDICT_MAX, 3);
	make_report(1);
	assert_xpath("string(/testsuites/testsuite/@name)", "sim800-r14.18/R14.18.http");
	assert_xpath("string(//testcase/@classname)", "attest.sim800-r14_18_R14_18.http");
	assert_xpath("string(//testsuite/@timestamp)", "2023-11-14T22:13:21");
	assert_xpath("concat(//testsuite/@tests,' ',//testsuite/@failures,' ',//testsuite/@errors,' ',//testsuite/@skipped)", "7 1 2 2");
	assert_xpath("concat(/*/@tests,' ',/*/@failures,' ',/*/@errors,' ',/*/@skipped)", "7 1 2 2");
	assert_xpath("string(count(//testcase[@name='skip']/skipped))", "1");
	assert_xpath("starts-with(//testcase[@name='xfail']/skipped/@message,'known deviation: ')", "true");
	assert_xpath("string(count(//testcase[@name='fail']/failure))", "1");
	assert_xpath("string(count(//testcase[@name='error']/error))", "1");
	assert_xpath("string(count(//testcase[@name='inconclusive']/error))", "1");
	assert_xpath("string(count(//testcase[@name='pass' or @name='xpass'][failure or error or skipped]))", "0");
	assert_xpath("string(//testcase[@name='xpass']/properties/property[@name='verdict']/@value)", "xpass");
	assert_xpath("string(count(//testcase[@name='pass']/system-out))", "0");
	assert_xpath("string(count(//testcase/system-out))", "6");
	status_is(1, EXIT_RIG);
}

/* The rig spoilt the first try, so the case was played once more. */
static void
an_inconclusive_try_is_told_and_makes_no_case_flaky(void **state)
{
	struct journal_head head = head_of("p", "r", "", 2);
	struct journal_case c[3] = { case_of("ftp", "t", VERDICT_INCONCLUSIVE, 1), case_of("ftp", "t", VERDICT_PASS, 1),
		case_of("ftp", "u", VERDICT_PASS, 1) };

	(void)state;
	head.module = "SIM800 R14.18";
	c[0].again = true;
	strcpy(c[0].outcome.type, "WireLost");
	strcpy(c[0].outcome.message, "the port is lost");
	write_journal(0, &head, c, 3, 0);
	make_report(1);
	assert_xpath("string(count(//failure | //error | //flakyFailure | //rerunFailure))", "0");
	assert_xpath("string(//testcase[@name='t']/properties/property[@name='inconclusive']/@value)", "the port is lost");
	assert_xpath("string(//testcase[@name='t']/properties/property[@name='tries']/@value)", "2");
	assert_xpath("string(//testsuite/properties/property[@name='flaky']/@value)", "0");
	assert_xpath("string(//testsuite/properties/property[@name='module']/@value)", "SIM800 R14.18");
	status_is(1, EXIT_AS_EXPECTED);
}

static void
a_failure_says_what_was_expected_what_came_where_and_why(void **state)
{
	struct journal_head head = head_of("p", "r", "", 1);
	struct journal_case c = case_of("ftp", "t", VERDICT_FAIL, 1);

	(void)state;
	write_journal(0, &head, &c, 1, 1);
	make_report(1);
	assert_xpath("string(//failure/@type)", "ResultCodeMismatch");
	assert_xpath("string(//failure)",
	    "expected OK, received ERROR\nexpected: OK within 5s\nreceived: ERROR at 0.020s\nat cases/sim800/x.case:12:3\n"
	    "clause 3.15 of SIM800 IP Application Note V1.01\n");
	assert_xpath("concat(//testcase/@file,':',//testcase/@line,' ',//testcase/@time)", "cases/sim800/x.case:12 0.002");
	assert_xpath("string(//system-out)", "> AT\n< ERROR  # 0.020s\n");
	status_is(1, EXIT_BROKEN);
}

static void
types_that_mean_something_else_to_consumers_do_not_pass(void **state)
{
	const char *types[] = { "date", "file", "", "Two Words", "\x1b[2J" };
	struct journal_head head = head_of("p", "r", "", 5);
	struct journal_case c[5];

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		c[i] = case_of("x", "t", VERDICT_FAIL, 1);
		c[i].row = (int)i;
		strcpy(c[i].outcome.type, types[i]);
	}
	write_journal(0, &head, c, 5, 1);
	make_report(1);
	assert_xpath("string(count(//failure[@type='ClauseBroken']))", "5");
}

static void
hostile_text_leaves_a_valid_file_without_controls(void **state)
{
	static const char hostile[] =
	    "\x1b[2J\x1b]0;x\x07 <script>alert(1)</script> ]]> &#0; &amp; \xff\xfe \xc0\x80 \xed\xa0\x80 \xe2\x80\xae"
	    "gnp \xef\xbf\xbf \xef\xbf\xbe \xc2\x9b \xe2\x80\xa8 \"'\r\n\t\x7f \0 end";
	struct span s = { hostile, sizeof(hostile) - 1 };
	struct journal_head head = head_of("p<\x1b>\xff", "&\"]]>", "\x01", 2);
	struct journal_case c = case_of("x", "t", VERDICT_FAIL, 1), out[2];
	size_t len;
	char *text;

	(void)state;
	c.title = c.path = c.area = c.document = c.clause = c.outcome.clause = c.outcome.transcript = s;
	memcpy(c.outcome.message, hostile, 90);
	memcpy(c.outcome.expected, hostile + 20, 70);
	c.outcome.path = hostile;
	c.outcome.notes = 1;
	strcpy(c.outcome.note[0].text, hostile);
	head.host = head.port = head.suite = hostile;
	out[0] = c;
	out[1] = c;
	out[1].title = SPAN("\xe2\x80");
	write_journal(0, &head, out, 2, 1);
	make_report(1);
	text = slurp(xml, &len);
	assert_int_equal(strlen(text), len);
	for (size_t i = 0; i < len; i++) {
		bool shown;
		size_t n = sanitise_char(span_of(text + i, len - i), &shown);

		assert_true(shown || text[i] == '\n' || text[i] == '\t');
		i += n - 1;
	}
	assert_null(strstr(text, "<script>"));
	assert_null(strstr(text, "CDATA"));
	assert_non_null(strstr(text, "\\x1b[2J"));
	assert_non_null(strstr(text, "\\xe2\\x80\\xae"));
	assert_xpath("contains(//system-out,'<script>alert(1)</script> ]]> &#0; &amp; \\xff\\xfe')", "true");
	assert_xpath("contains(//system-out,'\\x7f \\x00 end')", "true");
	free(text);
}

static void
a_journal_cut_anywhere_makes_a_valid_report(void **state)
{
	struct journal_head head = head_of("p", "r", "", 3);
	struct journal_case c[3] = { case_of("x", "a", VERDICT_PASS, 1), case_of("x", "b", VERDICT_FAIL, 1),
		case_of("y", "c", VERDICT_SKIP, 1) };
	const char *const paths[] = { journal[0] };
	size_t len, after_head;
	char *text;

	(void)state;
	write_journal(0, &head, c, 3, 1);
	text = slurp(journal[0], &len);
	after_head = (size_t)(strchr(text, '\n') - text) + 1;
	for (size_t cut = after_head; cut <= len; cut++) {
		struct report_index x;
		uint64_t lines = 0;

		spill(journal[0], text, cut);
		make_report(1);
		for (size_t i = after_head; i < cut; i++)
			lines += text[i] == '\n';
		assert_int_equal(report_index_build(&x, paths, 1, &err), 0);
		assert_int_equal(x.missing, lines >= 3 ? 0 : 3 - lines);
		assert_int_equal(report_status(&x), lines >= 3 ? EXIT_BROKEN : EXIT_RIG);
		report_index_free(&x);
	}
	free(text);
}

static void
tries_of_one_case_become_one_testcase(void **state)
{
	struct journal_head head = head_of("p", "r", "", 3);
	struct journal_case c[] = {
		case_of("x", "all pass", VERDICT_PASS, 1),
		case_of("x", "flaky", VERDICT_FAIL, 1),
		case_of("x", "broken", VERDICT_FAIL, 1),
		case_of("x", "all pass", VERDICT_PASS, 2),
		case_of("x", "flaky", VERDICT_FAIL, 2),
		case_of("x", "broken", VERDICT_FAIL, 2),
		case_of("x", "flaky", VERDICT_PASS, 3),
	};

	(void)state;
	write_journal(0, &head, c, 7, 1);
	make_report(1);
	assert_xpath("string(count(//testcase))", "3");
	assert_xpath("string(count(//testcase[@name='all pass']/*))", "1");
	assert_xpath("string(count(//testcase[@name='flaky']/flakyFailure))", "2");
	assert_xpath("string(count(//testcase[@name='flaky']/failure))", "0");
	assert_xpath("string(count(//testcase[@name='broken']/rerunFailure))", "1");
	assert_xpath("string(//testsuite/@failures)", "1");
	assert_xpath("string(//testsuite/properties/property[@name='flaky']/@value)", "1");
	status_is(1, EXIT_BROKEN);
}

static void
shards_merge_and_suites_are_in_one_piece(void **state)
{
	struct journal_head one = head_of("p", "r", "1/2", 2), two = head_of("p", "r", "2/2", 2);
	struct journal_case a[] = { case_of("x", "a", VERDICT_PASS, 1), case_of("y", "b", VERDICT_PASS, 1) };
	struct journal_case b[] = { case_of("y", "c", VERDICT_PASS, 1), case_of("x", "d", VERDICT_PASS, 1) };

	(void)state;
	write_journal(0, &one, a, 2, 0);
	write_journal(1, &two, b, 2, 0);
	make_report(2);
	assert_xpath("string(count(//testsuite))", "2");
	assert_xpath("string(count(//testsuite[@name='p/r.x']/testcase))", "2");
	status_is(2, EXIT_AS_EXPECTED);
}

static void
two_modules_stay_apart(void **state)
{
	struct journal_head one = head_of("p", "r1", "", 1), two = head_of("p", "r2", "", 1);
	struct journal_case c = case_of("x", "a", VERDICT_PASS, 1);

	(void)state;
	write_journal(0, &one, &c, 1, 0);
	write_journal(1, &two, &c, 1, 0);
	make_report(2);
	assert_xpath("string(count(//testsuite))", "2");
	assert_xpath("string(count(//testcase))", "2");
}

static void
two_cases_of_one_title_keep_their_own_verdicts(void **state)
{
	struct journal_head head = head_of("p", "r", "", 2);
	struct journal_case c[] = { case_of("x", "same", VERDICT_FAIL, 1), case_of("x", "same", VERDICT_PASS, 1) };

	(void)state;
	c[1].path = SPAN("cases/sim800/other.case");
	write_journal(0, &head, c, 2, 1);
	make_report(1);
	assert_xpath("string(count(//testcase))", "2");
	assert_xpath("string(count(//failure))", "1");
	status_is(1, EXIT_BROKEN);
}

static void
an_informational_case_never_fails(void **state)
{
	struct journal_head head = head_of("p", "r", "", 1);
	struct journal_case c = case_of("x", "t", VERDICT_FAIL, 1);

	(void)state;
	c.informational = true;
	write_journal(0, &head, &c, 1, 0);
	make_report(1);
	assert_xpath("string(count(//failure))", "0");
	assert_xpath("string(//property[@name='seen']/@value)", "expected OK, received ERROR");
	status_is(1, EXIT_AS_EXPECTED);
}

static void
what_a_run_ended_with_counts_where_verdicts_do_not_tell(void **state)
{
	struct journal_head head = head_of("p", "r", "", 1);
	struct journal_case c = case_of("x", "t", VERDICT_PASS, 1);

	(void)state;
	write_journal(0, &head, &c, 1, 143);
	status_is(1, 143);
	write_journal(0, &head, &c, 1, EXIT_USAGE);
	status_is(1, EXIT_USAGE);
	write_journal(0, &head, &c, 1, EXIT_BROKEN); /* tried again and passed since */
	status_is(1, EXIT_AS_EXPECTED);
	c = case_of("x", "t", VERDICT_ERROR, 1);
	strcpy(c.outcome.type, "BadCase");
	write_journal(0, &head, &c, 1, EXIT_USAGE);
	status_is(1, EXIT_USAGE);
	strcpy(c.outcome.type, "WireLost");
	write_journal(0, &head, &c, 1, EXIT_RIG);
	status_is(1, EXIT_RIG);
	head.selected = 0;
	write_journal(0, &head, &c, 0, EXIT_NO_CASE);
	status_is(1, EXIT_NO_CASE);
}

static void
source_date_epoch_makes_reports_repeatable(void **state)
{
	struct journal_head head = head_of("p", "r", "", 1);
	struct journal_case c = case_of("x", "t", VERDICT_FAIL, 1);
	char *first, *second;
	size_t len;

	(void)state;
	setenv("SOURCE_DATE_EPOCH", "86400", 1);
	write_journal(0, &head, &c, 1, 1);
	make_report(1);
	assert_xpath("string(//testsuite/@timestamp)", "1970-01-02T00:00:00");
	first = slurp(xml, &len);
	head.started += 1000;
	head.host = "elsewhere";
	c.started += 1000;
	c.real_us += 1000000;
	write_journal(0, &head, &c, 1, 1);
	make_report(1);
	second = slurp(xml, &len);
	assert_string_equal(first, second);
	free(first);
	free(second);
}

static void
a_long_transcript_is_cut_in_its_middle(void **state)
{
	struct journal_head head = head_of("p", "r", "", 2);
	struct journal_case c[] = { case_of("x", "lines", VERDICT_FAIL, 1), case_of("x", "one line", VERDICT_FAIL, 1) };
	size_t len = 200000;
	char *lines = malloc(len), *line = malloc(len);

	(void)state;
	for (size_t i = 0; i < len; i++)
		lines[i] = i % 50 == 49 ? '\n' : 'x';
	for (size_t i = 0; i < len; i += 2)
		memcpy(line + i, "\xc3\xa4", 2);
	memcpy(lines, "HEAD", 4);
	memcpy(lines + len - 5, "TAIL\n", 5);
	c[0].outcome.transcript = span_of(lines, len);
	c[1].outcome.transcript = span_of(line, len);
	write_journal(0, &head, c, 2, 1);
	make_report(1);
	assert_xpath("string(count(//system-out[string-length(.) > 65536]))", "0");
	assert_xpath("starts-with((//system-out)[1],'HEAD')", "true");
	assert_xpath("contains((//system-out)[1],'TAIL')", "true");
	assert_xpath("string(count(//system-out[contains(.,'bytes left out')]))", "2");
	free(lines);
	free(line);
}

static void
a_report_that_cannot_be_written_leaves_nothing_behind(void **state)
{
	struct journal_head head = head_of("p", "r", "", 1);
	struct journal_case c = case_of("x", "t", VERDICT_PASS, 1);
	const char *const paths[] = { journal[0] }, *const none[] = { "/nonexistent" };
	struct stat before, after;

	(void)state;
	write_journal(0, &head, &c, 1, 0);
	assert_int_equal(report_junit(paths, 1, "/dev/null/report.xml", &err), -1);
	assert_int_equal(err.status, EXIT_RIG);
	assert_int_equal(report_junit(paths, 1, "/dev/full", &err), -1);
	assert_int_equal(err.status, EXIT_RIG);
	assert_int_equal(stat(xml, &before), 0);
	assert_int_equal(report_junit(none, 1, xml, &err), -1);
	assert_int_equal(err.status, EXIT_RIG);
	assert_int_equal(stat(xml, &after), 0);
	assert_true(before.st_ino == after.st_ino && after.st_size == 0);
}

static void
the_validator_finds_what_is_wrong(void **state)
{
	const char *bad[] = { "", "<testsuites>", "<testsuites/>", "<a/>", "<testsuites name='\x01'/>",
		"<testsuites name='a' tests='x' failures='0' errors='0' skipped='0' time='0.000' timestamp='1970-01-01T00:00:00'/>",
		"<testsuites name='a' tests='0' failures='0' errors='0' skipped='0' time='0.0000' timestamp='1970-01-01T00:00:00'/>" };
	const char *good =
	    "<testsuites name='a' tests='0' failures='0' errors='0' skipped='0' time='0.000' timestamp='1970-01-01T00:00:00'/>";

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		spill(xml, bad[i], strlen(bad[i]));
		assert_int_equal(report_validate(xml, SCHEMA, &err), -1);
	}
	spill(xml, good, strlen(good));
	assert_int_equal(report_validate(xml, SCHEMA, &err), 0);
	assert_int_equal(report_validate(xml, "/nonexistent.xsd", &err), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_verdict_has_its_element, start, stop),
		cmocka_unit_test_setup_teardown(an_inconclusive_try_is_told_and_makes_no_case_flaky, start, stop),
		cmocka_unit_test_setup_teardown(a_failure_says_what_was_expected_what_came_where_and_why, start, stop),
		cmocka_unit_test_setup_teardown(types_that_mean_something_else_to_consumers_do_not_pass, start, stop),
		cmocka_unit_test_setup_teardown(hostile_text_leaves_a_valid_file_without_controls, start, stop),
		cmocka_unit_test_setup_teardown(a_journal_cut_anywhere_makes_a_valid_report, start, stop),
		cmocka_unit_test_setup_teardown(tries_of_one_case_become_one_testcase, start, stop),
		cmocka_unit_test_setup_teardown(shards_merge_and_suites_are_in_one_piece, start, stop),
		cmocka_unit_test_setup_teardown(two_modules_stay_apart, start, stop),
		cmocka_unit_test_setup_teardown(two_cases_of_one_title_keep_their_own_verdicts, start, stop),
		cmocka_unit_test_setup_teardown(an_informational_case_never_fails, start, stop),
		cmocka_unit_test_setup_teardown(what_a_run_ended_with_counts_where_verdicts_do_not_tell, start, stop),
		cmocka_unit_test_setup_teardown(source_date_epoch_makes_reports_repeatable, start, stop),
		cmocka_unit_test_setup_teardown(a_long_transcript_is_cut_in_its_middle, start, stop),
		cmocka_unit_test_setup_teardown(a_report_that_cannot_be_written_leaves_nothing_behind, start, stop),
		cmocka_unit_test_setup_teardown(the_validator_finds_what_is_wrong, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
