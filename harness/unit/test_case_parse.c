/* case_parse: steps, blocks, and what is said of what is wrong. */
#include "case_text.h"

struct wrong {
	const char *text, *message; /* one message a line */
};

/* clang-format off */
static const struct wrong block_errors[] = {
	{ "> AT\ntitel x\n",
	    "t.case:2:1: 'titel', expected a step: > >> < << = wait silence line far module allow never use spec covers echo cursor either any repeat; did you mean 'title'?" },
	{ "> AT\n   < OK\n",
	    "t.case:2:4: a line indented by 3 blanks, expected 0, two a level" },
	{ "> AT\n\t< OK\n",
	    "t.case:2:1: a tab, expected blanks (\\t in a text)" },
	{ "> AT\n < OK\n",
	    "t.case:2:2: a line indented by 1 blank, expected 0, two a level" },
	{ "> AT\n  < OK\n< OK\n",
	    "t.case:2:3: a line indented by 2 blanks, expected 0, as the line above begins no block" },
	{ "either\n  < OK\n",
	    "t.case:1:1: 'either' without 'or', expected one branch more" },
	{ "either\nor\n  < OK\n",
	    "t.case:1:1: 'either' without a block, expected steps below it, indented by 2 blanks" },
	{ "repeat at most 3\n  < OK\n",
	    "t.case:1:1: 'repeat' without 'until', expected until < LINE below its block" },
	{ "repeat 3\n  < OK\nuntil < X\n",
	    "t.case:1:8: '3', expected repeat at most N" },
	{ "until < X\n",
	    "t.case:1:1: 'until' without 'repeat' above it, expected a step" },
	{ "or\n  < OK\n",
	    "t.case:1:1: 'or' without 'either' above it, expected a step" },
	{ "> AT\nfinally\n  > AT\n> AT\n",
	    "t.case:4:1: '> AT' after 'finally', expected the end of the file" },
	{ "any order\n  > AT\n",
	    "t.case:2:3: '> AT' in 'any order', expected '<' lines only" },
	{ "either\n  > AT\nor\n  < OK\n",
	    "t.case:2:3: '> AT' at the front of a branch, expected '<', '<<', '=' or 'nothing' there" },
	{ "any\n  < OK\n",
	    "t.case:1:4: the end of the line, expected any order" },
	{ "# only a comment\n",
	    "t.case:1:1: the end of the file, expected a step at least" },
	{ "eiter\n  < A\nor\n  < B\n",
	    "t.case:1:1: 'eiter', expected a header line or a step; did you mean 'either'?" },
	{ "repeat at most 1000001\n  < OK\nuntil < X\n",
	    "t.case:1:16: '1000001', expected a number of rounds from 1 to 1000000" },
	{ "< A\nuse\n",
	    "t.case:2:4: the end of the line, expected the name of a .steps file" },
	{ "module set x\n> AT\n",
	    "t.case:1:13: the end of the line, expected a name and a value" },
	{ "finally\n  > AT\nfinally\n  > AT\n",
	    "t.case:3:1: 'finally' after 'finally', expected the end of the file" },
	{ "either\n  finally\n    > AT\nor\n  < OK\n",
	    "t.case:2:3: 'finally' within a block, expected it at the end, not indented" },
	{ "> AT\nspec\n",
	    "t.case:2:5: the end of the line, expected a clause" },
	{ "until\n",
	    "t.case:1:1: 'until' without 'repeat' above it, expected a step" },
};

static const struct wrong header_errors[] = {
	{ "> AT\ntitle late\n",
	    "t.case:2:1: 'title' after the first step or within a block, expected it in the header" },
	{ "> AT\nworld http x\n",
	    "t.case:2:1: 'world' after the first step or within a block, expected it in the header" },
	{ "use nothing-here\n> AT\n",
	    "t.case:1:5: 'nothing-here', expected shared/nothing-here.steps in the folder of this file or one above it" },
	{ "use\n> AT\n",
	    "t.case:1:4: the end of the line, expected the name of a .steps file" },
	{ "need speed\n> AT\n",
	    "t.case:1:6: 'speed', expected world, lab, slow, destructive or paid" },
	{ "must fail at x: y\n> AT\n",
	    "t.case:1:14: 'x', expected a line number from 1 to 2147483647" },
	{ "title This is a title that is much longer than sixty-six characters may be\n> AT\n",
	    "t.case:1:7: a title of 68 characters, expected at most 66" },
	{ "title a\ntitle b\n> AT\n",
	    "t.case:2:1: a second title, expected one" },
	{ "title {x} y\n> AT\n",
	    "t.case:1:8: 'x', expected a column of the table" },
	{ "world nonsense\n> AT\n",
	    "t.case:1:7: 'nonsense', expected http, proxy, dns, ftp or bearer" },
	{ "title x\n",
	    "t.case:1:1: the end of the file, expected a step at least" },
	{ "param x\n> AT\n",
	    "t.case:1:1: 'param' in a case, expected it in a .steps file only" },
	{ "profile\n> AT\n",
	    "t.case:1:8: the end of the line, expected the name of a profile" },
	{ "spec\n> AT\n",
	    "t.case:1:5: the end of the line, expected a document and a clause: SIM800 IP Application Note V1.01, 3.14" },
	{ "world http x 100 bytes status 20O\n> AT\n",
	    "t.case:1:31: '20O', expected a status, 100..599" },
	{ "need\n> AT\n",
	    "t.case:1:5: the end of the line, expected world, lab, slow, destructive or paid" },
	{ "allow\n> AT\n",
	    "t.case:1:6: the end of the line, expected the text of a line" },
	{ "unknown things\n> AT\n",
	    "t.case:1:9: 'things', expected unknown command" },
};

static const struct wrong step_errors[] = {
	{ ">> 99999999999999 bytes pattern 1\n",
	    "t.case:1:4: '99999999999999', expected a content of at most 4294967295 bytes" },
	{ "sned AT\n",
	    "t.case:1:1: 'sned', expected a header line or a step" },
	{ ">AT\n",
	    "t.case:1:1: '>AT', expected a blank behind '>'" },
	{ "< OK  withn 5s\n",
	    "t.case:1:7: 'withn' behind two blanks; did you mean 'within'? (a blank of the text itself is \\s)" },
	{ ">> 100 byte pattern\n",
	    "t.case:1:8: 'byte', expected the word bytes" },
	{ ">> \"abc\n",
	    "t.case:1:8: the end of the content, expected a closing double quote" },
	{ "= all /f\n",
	    "t.case:1:7: '/f', expected all of FILE" },
	{ "= all of f\n",
	    "t.case:1:10: 'f', expected a file: /path or a URL" },
	{ "line DTR low\n",
	    "t.case:1:6: 'DTR', expected DCD, RI, DSR or CTS; did you mean 'DSR'?" },
	{ "line DCD up\n",
	    "t.case:1:10: 'up', expected low or high" },
	{ "module jumps\n",
	    "t.case:1:8: 'jumps', expected says, answers, loses, reboots, set, fault or dtr" },
	{ "module says \"x\" sometimes\n",
	    "t.case:1:17: 'sometimes', expected now, before answer, before final or after final" },
	{ "module loses bearer 9\n",
	    "t.case:1:21: '9', expected a bearer profile from 1 to 3" },
	{ "echo maybe\n",
	    "t.case:1:6: 'maybe', expected on, off or any" },
	{ "far nonsense\n",
	    "t.case:1:5: 'nonsense', expected http or ftp" },
	{ "nothing\n",
	    "t.case:1:8: the end of the line, expected within DURATION" },
	{ "cursor /f -1\n",
	    "t.case:1:11: '-1', expected {expression} or a number from 0 to 999999999999999" },
	{ "= 100 bytes patern 3\n",
	    "t.case:1:13: 'patern', expected nothing after the content" },
	{ "far http sa GET\n",
	    "t.case:1:10: 'sa', expected saw" },
	{ "> AT  ends CRCR\n",
	    "t.case:1:12: 'CRCR', expected ends CR, LF, CRLF or nothing" },
	{ "module set x\n",
	    "t.case:1:13: the end of the line, expected a name and a value" },
};

static const struct wrong number_errors[] = {
	{ "repeat at most 0\n  < OK\nuntil < X\n",
	    "t.case:1:16: '0', expected a number of rounds from 1 to 1000000" },
	{ "repeat at most 99999999999999999999\n  < OK\nuntil < X\n",
	    "t.case:1:16: '99999999999999999999', expected a number of rounds from 1 to 1000000" },
	{ "< {n: 0..99999999999999999999}\n",
	    "t.case:1:10: a number above 999999999999999, expected at most that" },
	{ "< OK  within -5s\n",
	    "t.case:1:14: '-5s', expected a duration like 20ms, 1.5s or 2min" },
	{ "< OK  within 5\n",
	    "t.case:1:14: '5', expected the unit ms, s or min right behind the number" },
	{ "< OK  within 5 s\n",
	    "t.case:1:14: '5', expected the unit ms, s or min right behind the number" },
	{ "< OK  within 99999999999s\n",
	    "t.case:1:14: '99999999999s', expected at most 24 hours (1440min)" },
	{ "< OK  within 5s after 6s\n",
	    "t.case:1:25: an 'after' that is not before 'within', expected after less than within" },
	{ "< OK  within 5s within 6s\n",
	    "t.case:1:17: 'within' a second time, expected it once" },
	{ "< OK  since nothing\n",
	    "t.case:1:13: 'nothing', expected what a step before this one captures (and there is no table with that column)" },
	{ "< OK  within 5s # not a comment\n",
	    "t.case:1:17: '#', expected two blanks before a comment" },
	{ "> AT  within 5s\n",
	    "t.case:1:7: 'within', expected a modifier of '>': as, ends, pieces, pause, at once, unknown command" },
	{ "wait\n",
	    "t.case:1:5: the end of the line, expected a duration like 20ms, 1.5s or 2min" },
	{ "wait five\n",
	    "t.case:1:6: 'five', expected a duration like 20ms, 1.5s or 2min" },
	{ "quiet -1s\n> AT\n",
	    "t.case:1:7: '-1s', expected a duration like 20ms, 1.5s or 2min" },
	{ "> AT  pieces 0\n",
	    "t.case:1:14: '0', expected the bytes a piece from 1 to 8388608" },
	{ "silence 25h\n",
	    "t.case:1:9: '25h', expected the unit ms, s or min right behind the number" },
	{ "silence 1.1234567s\n",
	    "t.case:1:9: '1.1234567s', expected at most six digits behind the point" },
	{ "wait 0.0001ms\n",
	    "t.case:1:6: '0.0001ms', expected no part finer than a microsecond" },
};

/* clang-format on */

static void
check(const struct wrong *w, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char got[4096] = "";
		size_t used = 0;

		read_text(w[i].text, 0);
		for (int k = 0; k < errors.count; k++)
			used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%s", k > 0 ? "\n" : "", errors.list[k].text);
		assert_string_equal(got, w[i].message);
	}
}

#define CHECK(table) check(table, sizeof(table) / sizeof(table[0]))

static void
wrong_blocks_are_said_with_their_place(void **state)
{
	(void)state;
	CHECK(block_errors);
}

static void
wrong_header_lines_are_said_with_their_place(void **state)
{
	(void)state;
	CHECK(header_errors);
}

static void
wrong_steps_are_said_with_their_place(void **state)
{
	(void)state;
	CHECK(step_errors);
}

static void
impossible_numbers_and_durations_are_refused(void **state)
{
	(void)state;
	CHECK(number_errors);
}

/* The example of the language's description, with what it uses left out. */
static const char sample[] = "title   FTPGET=2 before data is announced is refused\n"
			     "spec    SIM800 IP Application Note V1.01, 3.14\n"
			     "world   ftp file /1K.txt 1024 bytes latency 2s\n"
			     "\n"
			     "> AT+FTPGET=1\n"
			     "< OK\n"
			     "< +FTPGET: 1,1                       within 75s\n"
			     "repeat at most 20\n"
			     "  > AT+FTPGET=2,1024   as asked\n"
			     "  either\n"
			     "    < +FTPGET: 2,{n: 1..1024}\n"
			     "    = next {n} bytes of /1K.txt\n"
			     "    < OK\n"
			     "  or\n"
			     "    < +FTPGET: 2,0 | ERROR\n"
			     "until < +FTPGET: 1,0   within 1.5s\n"
			     "spec    note, 3.9\n"
			     "= all of /1K.txt  within 250ms since asked\n"
			     "line DCD high  within 100ms\n"
			     "far ftp saw RETR 1K.txt\n"
			     "finally\n"
			     "  > AT+FTPQUIT  pieces 3 pause 20ms\n";

static void
a_case_is_read_into_its_steps(void **state)
{
	const struct step *s, *either;

	(void)state;
	assert_reads(sample);
	assert_memory_equal(parsed.title.at, "FTPGET=2 before data is announced is refused", parsed.title.len);
	assert_memory_equal(parsed.document.at, "SIM800 IP Application Note V1.01", parsed.document.len);
	assert_memory_equal(parsed.clause.at, "3.14", parsed.clause.len);
	assert_int_equal(parsed.row, -1);
	assert_int_equal(parsed.needs, NEED_WORLD);
	assert_true(parsed.quiet_us == 1000000);
	assert_memory_equal(parsed.setting.world->text.at, "ftp file /1K.txt 1024 bytes latency 2s", parsed.setting.world->text.len);
	assert_int_equal(parsed.setting.world->column, 9);

	s = parsed.steps;
	assert_int_equal(s->kind, STEP_SEND);
	assert_int_equal(s->line, 5);
	assert_int_equal(s->terminator, END_CR);
	s = s->next->next;
	assert_int_equal(s->kind, STEP_EXPECT);
	assert_true(s->when.has_within && s->when.within_us == 75000000);
	assert_int_equal(s->text->part[0].literal.len, strlen("+FTPGET: 1,1"));
	s = s->next;
	assert_int_equal(s->kind, STEP_REPEAT);
	assert_int_equal(s->number, 20);
	assert_true(s->when.within_us == 1500000);
	assert_int_equal(s->texts, 1);
	either = s->body->next;
	assert_int_equal(either->kind, STEP_EITHER);
	assert_null(either->next);
	assert_int_equal(either->body->line, 11);
	assert_int_equal(either->body->next->payload, PAYLOAD_NEXT);
	assert_int_equal(either->body->branch->line, 15);
	assert_int_equal(either->body->branch->texts, 2);
	assert_null(either->body->branch->branch);
	s = s->next;
	assert_int_equal(s->payload, PAYLOAD_ALL);
	assert_memory_equal(s->clause.at, "3.9", 3);
	assert_true(s->when.since >= 0);
	assert_string_equal(parsed.variable[s->when.since], "asked");
	assert_true(s->when.within_us == 250000);
	assert_int_equal(s->next->kind, STEP_LINE);
	assert_int_equal(s->next->lines, s->next->lines_high);
	assert_int_equal(s->next->next->kind, STEP_FAR);
	assert_int_equal(parsed.finally->pieces, 3);
	assert_true(parsed.finally->pause_us == 20000);
}

static void
every_step_of_the_language_is_read(void **state)
{
	(void)state;
	assert_reads("> AT  ends CRLF pieces 1 pause 1ms as a at once unknown command\n"
		     ">> 100 bytes pattern 7  pieces 10 as b\n"
		     ">> \"a \\\"quoted\\\" within 5s\"  # a comment\n"
		     "<< \"\\r\\nOK\\r\\n\"  within 5s after 1s since a as c\n"
		     "= 10 bytes\n= 10 bytes containing \"x\"\n= \"abc\"\n= {3} bytes\n"
		     "wait 1.5s\nsilence 20ms\n"
		     "line CTS low  informational\n"
		     "module says \"+CREG: 5\" before final\nmodule says \"RING\"\n"
		     "module answers \"\\r\\nOK\\r\\n\" after 20ms\nmodule loses bearer 1\nmodule reboots\nmodule dtr off\n"
		     "allow +X: {: text}\nnever FOO\necho off\ncursor /f 100\n"
		     "any order\n  < A\n  < B\n"
		     "either\n  < A\nor\n  nothing within 2s\n  > AT\n"
		     "< A  timing informational\n< B  timing tight within 1s\n< C  informational\n");
	assert_int_equal(parsed.needs, NEED_WORLD);
}

static void
every_header_line_is_read(void **state)
{
	(void)state;
	assert_reads("title t\nspec a document, 1.2\nspec another\nprofile sim800-r14.18 sim900\nneed slow paid\nneed lab\n"
		     "world ftp file /f 10 bytes\nallow +X\nnever Y\nquiet 2s\ninformational\nunknown command\n"
		     "must fail at 14: a message: with colon\n> AT\n");
	assert_int_equal(parsed.needs, NEED_SLOW | NEED_PAID | NEED_LAB);
	assert_int_equal(parsed.must_line, 14);
	assert_memory_equal(parsed.must_message.at, "a message: with colon", parsed.must_message.len);
	assert_int_equal(parsed.allows, 1);
	assert_int_equal(parsed.nevers, 1);
	assert_true(parsed.informational && parsed.unknown_commands && parsed.quiet_us == 2000000);
	assert_non_null(parsed.profiles->next);
}

static void
a_title_that_is_missing_is_the_name_of_the_file(void **state)
{
	(void)state;
	assert_reads("> AT\n");
	assert_int_equal(parsed.title.len, 1);
	assert_memory_equal(parsed.title.at, "t", 1);
}

static void
errors_beyond_twenty_are_counted(void **state)
{
	char text[1024] = "";

	(void)state;
	for (int i = 0; i < 30; i++)
		strcat(text, "wait x\n");
	assert_int_equal(read_text(text, 0), 30);
	assert_int_equal(errors.count, CASE_ERRORS_MAX);
	assert_int_equal(errors.more, 10);
	assert_string_equal(errors.list[19].text, "t.case:20:6: 'x', expected a duration like 20ms, 1.5s or 2min");
}

static void
names_are_at_most_sixty_four(void **state)
{
	char text[4096] = "";
	size_t n = 0;

	(void)state;
	for (int i = 0; i < CASE_VARIABLES_MAX; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "< {v%d: number}\n", i);
	assert_reads(text);
	snprintf(text + n, sizeof(text) - n, "< {v: number}\n");
	assert_error(text, "t.case:65:4: 'v', one name more than the 64 a case may have");
}

/* What a case may look like when an editor, a disk or a foe has been at it: never a crash, and never silence about what is left. */
static void
every_prefix_of_a_case_is_read_or_refused(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(sample); n++)
		if (read_bytes(sample, n, 0) == 0)
			assert_true(parsed.steps != NULL);
		else
			assert_int_not_equal(errors.count, 0);
	assert_int_equal(errors.count, 0);
}

static void
every_byte_of_a_case_may_be_hostile(void **state)
{
	static const char hostile[] = { '\0', '\n', '\t', ' ', '{', '}', '\\', '"', '|', '<', '9', '\x80', '\xff' };
	char copy[sizeof(sample)];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(sample); i++)
		for (size_t k = 0; k < sizeof(hostile); k++) {
			memcpy(copy, sample, sizeof(copy));
			copy[i] = hostile[k];
			read_bytes(copy, sizeof(copy) - 1, 0);
		}
	assert_reads(sample);
}

static void
blocks_are_at_most_eight_deep(void **state)
{
	char text[512];
	size_t n = 0;

	(void)state;
	for (int depth = 7; depth <= 9; depth++) {
		n = 0;
		for (int i = 0; i < depth; i++)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%*srepeat at most 2\n", i * 2, "");
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%*s< A\n", depth * 2, "");
		for (int i = depth; i-- > 0;)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%*suntil < B\n", i * 2, "");
		if (depth <= CASE_DEPTH_MAX)
			assert_reads(text);
		else
			assert_error(text, "t.case:9:17: blocks more than 8 deep, expected fewer");
	}
}

static void
a_case_forbids_at_most_sixty_four_texts(void **state)
{
	char text[2048];
	size_t n = 0;

	(void)state;
	for (int i = 0; i <= CASE_LISTS_MAX; i++) {
		n += (size_t)snprintf(text + n, sizeof(text) - n, "never +A%d\n", i);
		if (i < CASE_LISTS_MAX) {
			snprintf(text + n, sizeof(text) - n, "> AT\n< OK\n");
			assert_reads(text);
		}
	}
	assert_error(text, "t.case:65:7: one such line more than the 64 a case may have");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_blocks_are_said_with_their_place),
		cmocka_unit_test(wrong_header_lines_are_said_with_their_place),
		cmocka_unit_test(wrong_steps_are_said_with_their_place),
		cmocka_unit_test(impossible_numbers_and_durations_are_refused),
		cmocka_unit_test(a_case_is_read_into_its_steps),
		cmocka_unit_test(every_step_of_the_language_is_read),
		cmocka_unit_test(every_header_line_is_read),
		cmocka_unit_test(a_title_that_is_missing_is_the_name_of_the_file),
		cmocka_unit_test(errors_beyond_twenty_are_counted),
		cmocka_unit_test(names_are_at_most_sixty_four),
		cmocka_unit_test(every_prefix_of_a_case_is_read_or_refused),
		cmocka_unit_test(every_byte_of_a_case_may_be_hostile),
		cmocka_unit_test(blocks_are_at_most_eight_deep),
		cmocka_unit_test(a_case_forbids_at_most_sixty_four_texts),
	};
	int failed = cmocka_run_group_tests(tests, folder_make, folder_remove);

	forget();
	return failed;
}
