/* lint: what is found in cases that read well. */
#include "case_text.h"
#include "lint.h"

static struct lint *lint;

static int
fresh(void **state)
{
	(void)state;
	lint = lint_new();
	memset(&errors, 0, sizeof(errors));
	return 0;
}

static int
done(void **state)
{
	(void)state;
	lint_free(lint);
	return 0;
}

static int
linted(const char *path, const char *text)
{
	memset(&errors, 0, sizeof(errors));
	file_text(path, text);
	lint_file(lint, path, &errors);
	return errors.count + errors.more;
}

static void
assert_clean(const char *text)
{
	lint_free(lint);
	lint = lint_new();
	if (linted("t.case", text) != 0)
		fail_msg("%s", errors.list[0].text);
}

static void
assert_finds(const char *text, const char *message)
{
	lint_free(lint);
	lint = lint_new();
	assert_int_equal(linted("t.case", text), 1);
	assert_string_equal(errors.list[0].text, message);
}

static void
unknown_commands_are_found_unless_meant(void **state)
{
	(void)state;
	assert_finds("> AT+NOSUCH=1\n< {error}\n",
	    "t.case:1:1: 'AT+NOSUCH=1', no command of the manual, expected one, or the words: unknown command");
	assert_finds("> AT+CSQ;+NOSUCH\n< {error}\n",
	    "t.case:1:1: '+NOSUCH', no command of the manual, expected one, or the words: unknown command");
	assert_clean("> AT+NOSUCH=1  unknown command\n< {error}\n");
	assert_clean("unknown command\n> AT+NOSUCH=1\n< {error}\n");
	assert_clean(
	    "> AT\n< OK\n> at+csq;+cgatt?\n< +CSQ: {: text}\n< +CGATT: 1\n< OK\n> ATE1\n< OK\n> AT+HTTPPARA=\"URL\",\"a;b\"\n< OK\n");
}

static void
a_command_has_an_expected_answer(void **state)
{
	(void)state;
	assert_finds("> AT\n> AT\n< OK\n", "t.case:1:1: a command without an answer, expected '<' or silence behind it");
	assert_finds("< RING\n> AT\nwait 1s\n", "t.case:2:1: a command without an answer, expected '<' or silence behind it");
	assert_clean("> AT\n> AT+CSQ  at once\n< OK\n< +CSQ: {: text}\n< OK\nfinally\n  > AT\n  > ATE1\n");
	assert_clean("> A  ends nothing\n> T\n< OK\nrepeat at most 2\n  < RING\n  > AT\nuntil < OK\n> AT\nsilence 1s\n");
}

static void
an_answer_answers_something(void **state)
{
	(void)state;
	assert_finds("> AT\n< OK\n< OK\n", "t.case:3:1: a final result code with no command left that it answers");
	assert_finds(
	    "> AT+GMI;+CSQ\n< +CSQ: {: text}\n< OK\n< {error}\n", "t.case:4:1: a final result code with no command left that it answers");
	assert_finds("> AT\neither\n  < OK\nor\n  < ERROR\n< OK\n", "t.case:6:1: a final result code with no command left that it answers");
	assert_clean("> AT\n> AT+CSQ  at once\n< OK\n< +CSQ: {: text}\n< OK\n");
	assert_clean("module fault line-double 1/2\n> AT\n< OK\n< OK\n");
	assert_clean("> AT\n< OK\nrepeat at most 3\n  > AT+CSQ\n  < +CSQ: {: text}\nuntil < OK\n");
}

static void
a_line_comes_of_a_command_that_was_sent(void **state)
{
	(void)state;
	assert_finds(
	    "> AT+FTPPUT=1\n< OK\n< +FTPGET: 1,1\n", "t.case:3:1: a line that only AT+FTPGET brings, expected that command before it");
	assert_finds("> AT\n< OK\n< DOWNLOAD\n", "t.case:3:1: a line that only AT+HTTPDATA brings, expected that command before it");
	assert_clean("> AT+FTPGET=1\n< OK\n< +FTPGET: 1,1 | +FTPPUT: 1,0\n");
	assert_clean("module says \"+FTPGET: 1,1\"\n< +FTPGET: 1,1\n");
}

static void
what_is_never_taken_is_found(void **state)
{
	(void)state;
	assert_finds("> AT\n< OK | ERROR | OK\n", "t.case:2:1: alternative 'OK' is never taken, since 'OK' takes all it would");
	assert_finds(
	    "> ATI\n< {: text} | R14\n< OK\n", "t.case:2:1: alternative 'R14' is never taken, since '{: text}' takes all it would");
	assert_finds(
	    "> AT\neither\n  < OK\nor\n  < OK\n", "t.case:5:3: a branch that is never taken: the one of line 3 begins with the same");
}

static void
an_announced_payload_is_looked_at(void **state)
{
	(void)state;
	assert_finds(
	    "> AT+HTTPREAD\n< +HTTPREAD: {n: 1..}\n< OK\n", "t.case:2:1: a line that announces bytes, expected '=' right behind it");
	assert_finds("> AT+FTPGET=2,10\n< +FTPGET: 2,10\n< OK\n", "t.case:2:1: a line that announces bytes, expected '=' right behind it");
	assert_clean("world ftp file /f 10 bytes\n> AT+FTPGET=2,10\n< +FTPGET: 2,10\ncursor /f 0\n= next 10 bytes of /f\n< OK\n"
		     "> AT+FTPGET=2,10\n< +FTPGET: 2,0\n< OK\n> AT+HTTPREAD=?\n< +HTTPREAD: (list of start)\n< OK\n");
}

static void
deadlines_below_the_manual_s_are_meant_so(void **state)
{
	(void)state;
	assert_finds("> AT+SAPBR=1,1\n< OK  within 10s\n", "t.case:2:1: within 10000ms of a command that may take 85000ms, expected more, "
							   "or the words: timing tight, timing informational");
	assert_clean("> AT+SAPBR=1,1\n< OK  within 10s timing tight\n> AT+SAPBR=1,1\n< OK  within 10s timing informational\n"
		     "> AT+SAPBR=0,1\n< OK  within 65s\n> AT+CSQ  as a\n< OK\n< RING  within 1s\n");
	assert_clean("informational\n> AT+SAPBR=1,1\n< OK  within 10s\n");
}

static void
a_capture_is_set_once_in_a_row_of_steps(void **state)
{
	(void)state;
	assert_finds("> AT\n< {n: 1..2}\n< {n: 3..4}\n", "t.case:3:1: 'n' captured a second time, expected another name");
	assert_finds("> AT\n< {n: 1..2},{n: 3..4}\n", "t.case:2:1: 'n' captured a second time, expected another name");
	assert_clean("> AT\n< {n: 1..2} | {n: 3..4}\n");
	assert_clean("> AT\neither\n  < {n: 1..2}\nor\n  < A {n: 3..4}\n");
}

static void
names_of_profiles_switches_and_faults_exist(void **state)
{
	(void)state;
	assert_finds("profile sim800-r14.81\n> AT\n< OK\n",
	    "t.case:1:9: 'sim800-r14.81', expected the name of a profile; did you mean 'sim800-r14.18'?");
	assert_finds("module set no-such-switch 1\n> AT\n< OK\n",
	    "t.case:1:12: 'no-such-switch', expected a switch of the emulator (attest emulate --help lists them)");
	assert_finds("> AT\n< OK\nmodule fault no-such-fault 1\n",
	    "t.case:3:1: 'no-such-fault', expected a fault of the emulator (attest emulate --help lists them)");
	assert_clean("profile sim800-r14.18 sim900\n> AT\n< OK\n");
}

static void
files_are_described_by_the_world(void **state)
{
	(void)state;
	assert_finds("world ftp file /f 10 bytes\n> AT\n= next 3 bytes of /g\n",
	    "t.case:3:1: '/g', expected a file or resource that a world line describes");
	assert_finds("> AT\n= all of http://www.sim.com/\n",
	    "t.case:2:1: 'http://www.sim.com/', expected a file or resource that a world line describes");
	assert_finds("world ftp file /a 3 bytes of /g\n> AT\n< OK\n",
	    "t.case:1:19: expected the name of a file that a world line above describes, with at least so many bytes");
	assert_finds(">> 3 bytes of /g\n", "t.case:1:1: '/g', expected a file or resource that a world line describes");
	assert_clean(
	    "world ftp file /f 10 bytes\nworld http www.sim.com 3 bytes\n> AT\n= next 3 bytes of /f\n= all of http://www.sim.com/\n"
	    ">> 3 bytes of /f\n");
}

static void
titles_are_unique_over_files_and_rows(void **state)
{
	char text[96];

	(void)state;
	assert_int_equal(linted("one.case", "# a\ntitle same\n> AT\n< OK\n"), 0);
	assert_int_equal(linted("two.case", "title same\n> AT\n< OK\n"), 1);
	assert_string_equal(errors.list[0].text, "two.case:1:1: title 'same', which one.case:2 has, too; expected another");
	assert_int_equal(linted("three.case", "title {a}\neach\n  | a | b |\n  | x | 1 |\n  | y | 2 |\n  | x | 3 |\n> AT\n< {b}\n"), 1);
	assert_string_equal(errors.list[0].text, "three.case:6:1: title 'x', which three.case:4 has, too; expected another");
	for (int i = 0; i < 3000; i++) { /* more than the places it starts with */
		snprintf(text, sizeof(text), "title t%d\n> AT\n< OK\n", i);
		assert_int_equal(linted("n.case", text), 0);
	}
	assert_int_equal(linted("n.case", "title t17\n> AT\n< OK\n"), 1);
}

static void
a_must_fail_line_is_one_of_the_file(void **state)
{
	(void)state;
	assert_finds("must fail at 9: x\n> AT\n< OK\n", "t.case:1:1: must fail at 9, expected a line of the file, which has 3");
	assert_clean("must fail at 3: x\n> AT\n< OK\n");
}

static void
files_cases_and_errors_are_counted(void **state)
{
	size_t files, cases, found;

	(void)state;
	linted("a.case", "title {a}\neach\n  | a |\n  | x |\n  | y |\n> AT\n< OK\n");
	linted("b.case", "title b\nwait x\nwait y\n");
	linted("c.case", "title x\n> AT\n< OK\n");
	lint_counts(lint, &files, &cases, &found);
	assert_int_equal(files, 3);
	assert_int_equal(cases, 4);
	assert_int_equal(found, 3);
}

/* What stands behind a byte that cannot be read was not looked at: that a step is missing is not known. */
static void
a_byte_that_cannot_be_read_is_the_only_error(void **state)
{
	(void)state;
	assert_finds("title a\n> \x1b[2J\n< OK\n", "t.case:2:3: byte 0x1b, expected UTF-8 text");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, done)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(unknown_commands_are_found_unless_meant),
		TEST(a_command_has_an_expected_answer),
		TEST(an_answer_answers_something),
		TEST(a_line_comes_of_a_command_that_was_sent),
		TEST(what_is_never_taken_is_found),
		TEST(an_announced_payload_is_looked_at),
		TEST(deadlines_below_the_manual_s_are_meant_so),
		TEST(a_capture_is_set_once_in_a_row_of_steps),
		TEST(names_of_profiles_switches_and_faults_exist),
		TEST(files_are_described_by_the_world),
		TEST(titles_are_unique_over_files_and_rows),
		TEST(a_must_fail_line_is_one_of_the_file),
		TEST(a_byte_that_cannot_be_read_is_the_only_error),
		TEST(files_cases_and_errors_are_counted),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
