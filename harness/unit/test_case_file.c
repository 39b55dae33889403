/* case_file: files, tables, used files, and their limits. */
#include <time.h>

#include "case_text.h"

struct wrong {
	const char *text, *message;
};

/* clang-format off */
static const struct wrong table_errors[] = {
	{ "each\n  | a | b |\n  | 1 |\n> AT\n",
	    "t.case:3:3: a row of 1 cell, expected 2" },
	{ "each\n  | a | a |\n  | 1 | 2 |\n> AT\n",
	    "t.case:2:9: column 'a' a second time, expected another name" },
	{ "each\n  | a |\n> AT\n",
	    "t.case:3:1: a table without a row, expected a row of names and one of cells at least" },
	{ "each\n  | a \n> AT\n",
	    "t.case:2:6: the end of the row, expected a closing |" },
	{ "> AT\neach\n  | a |\n  | 1 |\n",
	    "t.case:2:1: 'each' after the first step or within a block, expected it in the header" },
	{ "each\neach\n  | a |\n  | 1 |\n> AT\n",
	    "t.case:2:1: a second table, expected one" },
	{ "  | a |\n> AT\n",
	    "t.case:1:3: a line indented by 2 blanks, expected a table row below 'each'" },
};
/* clang-format on */

static void
wrong_tables_are_said_with_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table_errors) / sizeof(table_errors[0]); i++)
		assert_error(table_errors[i].text, table_errors[i].message);
}

/* Loading path gives no file and this as its first error. */
static void
assert_refused(const char *path, const char *message)
{
	struct errors es = { .count = 0, .more = 0 };

	assert_null(case_load(path, &es));
	assert_string_equal(es.list[0].text, message);
}

static void
what_is_no_case_file_is_refused(void **state)
{
	char *big = malloc(10u << 20);

	(void)state;
	assert_refused("none.case", "none.case:1:1: cannot be read: No such file or directory");
	assert_refused(".", ".:1:1: a folder, expected a file");
	file_text("e.case", "");
	assert_refused("e.case", "e.case:1:1: an empty file, expected a case");
	file_write("b.case", "> A\n> \0T\n", 9);
	assert_refused("b.case", "b.case:2:3: byte 0x00, expected UTF-8 text");
	file_text("b.case", "> \x1b[2J\n");
	assert_refused("b.case", "b.case:1:3: byte 0x1b, expected UTF-8 text");
	file_text("b.case", "> \xc0\xaf\n");
	assert_refused("b.case", "b.case:1:3: byte 0xc0, expected UTF-8 text");
	file_text("b.case", "# \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\n> \xed\xa0\x80\n");
	assert_refused("b.case", "b.case:2:3: byte 0xed, expected UTF-8 text");
	file_text("b.case", "\xef\xbb\xbf> AT\n");
	assert_refused("b.case", "b.case:1:1: a byte order mark, expected UTF-8 without one");
	memset(big, 'A', 10u << 20);
	file_write("b.case", big, 10u << 20);
	assert_refused("b.case", "b.case:1:1: a file of more than 8388608 bytes, expected at most that");
	file_write("b.case", big, 70000);
	assert_refused("b.case", "b.case:1:65537: a line of 70000 bytes, expected at most 65536");
	free(big);
}

static void
a_file_with_many_lines_is_refused_not_truncated(void **state)
{
	char *big = malloc(65537u * 4);

	(void)state;
	for (size_t i = 0; i < 65537; i++)
		memcpy(big + i * 4, "> A\n", 4);
	file_write("b.case", big, 65537u * 4);
	assert_refused("b.case", "b.case:20001:1: step number 20001 with the files used, expected at most 20000");
	free(big);
}

static void
lines_may_end_in_crlf_and_the_last_one_in_nothing(void **state)
{
	(void)state;
	assert_reads("# \tcomment\r\n\r\n> AT\r\n< OK");
	assert_int_equal(parsed.steps->text->part[0].literal.len, 2);
	assert_int_equal(parsed.steps->next->line, 4);
}

static const char table[] = "title   {command} in its test form  # a comment\n"
			    "each\n"
			    "  | command     | answer              |\n"
			    "  # a comment between rows\n"
			    "  | AT+A=?      | +A: (0-1) \\| {error} |\n"
			    "  | AT+B=?      | -                   |\n"
			    "\n"
			    "  | AT+C=?      | {n: nmber}          |\n"
			    "\n"
			    "> {command}\n"
			    "< {answer}  within 5s\n"
			    "< OK\n";

static void
every_row_is_a_case_with_its_cells_put_in(void **state)
{
	char title[CASE_TITLE_MAX + 1];

	(void)state;
	assert_reads(table);
	assert_int_equal(case_rows(loaded), 3);
	assert_int_equal(parsed.row, 0);
	assert_int_equal(parsed.row_line, 5);
	assert_memory_equal(parsed.title.at, "AT+A=? in its test form", parsed.title.len);
	assert_memory_equal(parsed.steps->source.at, "> AT+A=?", 8);
	assert_int_equal(parsed.steps->next->texts, 2);
	assert_true(parsed.steps->next->text[1].any_error);

	assert_true(case_title(loaded, 1, title, sizeof(title)));
	assert_string_equal(title, "AT+B=? in its test form");
	assert_false(case_title(loaded, 1, title, 10));

	assert_int_equal(read_text(table, 1), 0);
	assert_int_equal(parsed.steps->next->line, 12); /* a line of an empty column alone is left out */

	assert_int_equal(read_text(table, 2), 1);
	assert_string_equal(errors.list[0].text, "t.case:11:3: 'nmber', expected number, quoted, address, word, text or a range like "
						 "0..999; did you mean 'number'? (row at line 8)");
}

static void
columns_behind_one_put_in_keep_their_place(void **state)
{
	(void)state;
	assert_error("each\n  | a |\n  | something long |\n> x {a} {b}\n",
	    "t.case:4:10: 'b', expected a column of the table or what a step before this one captures (row at line 3)");
}

static void
an_escaped_brace_is_no_column(void **state)
{
	(void)state;
	assert_reads("each\n  | a |\n  | 1 |\n> \\{a}\n");
	assert_int_equal(parsed.steps->text->part[0].literal.len, 3);
}

static void
shared_files(void)
{
	mkdir("shared", 0700);
	mkdir("deep", 0700);
	mkdir("deep/er", 0700);
	file_text("shared/login.steps", "param user\nparam host 1.2.3.4\nworld ftp {host} user \"{user}\" password \"x\"\nspec note, 3.9\n"
					"> AT+FTPUN={user}\n< OK\nfinally\n  > AT+FTPQUIT\n");
	file_text("shared/both.steps", "use login user=me\n> AT\n< OK\nfinally\n  > AT+BOTH\n");
	file_text("shared/loop.steps", "use loop\n");
	file_text("shared/bad.steps", "> AT\n< {x\n");
}

static void
used_steps_stand_where_they_are_used(void **state)
{
	(void)state;
	shared_files();
	assert_reads("use both\nspec own, 1.1\nworld bearer latency 1s\n> AT+CSQ\n< OK\nfinally\n  > ATE1\n");
	assert_memory_equal(parsed.steps->source.at, "> AT+FTPUN=me", 13);
	assert_string_equal(parsed.steps->path, "shared/login.steps");
	assert_memory_equal(parsed.steps->clause.at, "3.9", 3);
	assert_memory_equal(parsed.clause.at, "1.1", 3);
	assert_int_equal(parsed.steps->next->next->clause.len, 0);
	assert_memory_equal(parsed.setting.world->text.at, "ftp 1.2.3.4 user \"me\"", 21);
	assert_memory_equal(parsed.setting.world->next->text.at, "bearer", 6);
	/* Torn down in the reverse order of set-up. */
	assert_memory_equal(parsed.finally->source.at, "> ATE1", 6);
	assert_memory_equal(parsed.finally->next->source.at, "> AT+BOTH", 9);
	assert_memory_equal(parsed.finally->next->next->source.at, "> AT+FTPQUIT", 12);

	assert_reads("> AT\n< OK\nrepeat at most 2\n  use login user=\"a b\" host=5.6.7.8\nuntil < X\n");
	assert_memory_equal(parsed.steps->next->next->body->source.at, "> AT+FTPUN=a b", 14);
}

static void
used_files_are_found_in_folders_above(void **state)
{
	(void)state;
	shared_files();
	forget();
	file_text("deep/er/x.case", "use both\n");
	loaded = case_load("deep/er/x.case", &errors);
	assert_non_null(loaded);
	case_free(loaded);
	assert_int_equal(chdir("deep/er"), 0);
	loaded = case_load("x.case", &errors);
	assert_int_equal(chdir("../.."), 0);
	assert_non_null(loaded);
	assert_int_equal(case_parse(loaded, 0, &arena, &parsed, &errors), 0);
}

static void
wrong_uses_are_said_with_their_place(void **state)
{
	(void)state;
	shared_files();
	assert_error("use loop\n> AT\n", "shared/loop.steps:1:5: 'loop' within itself, expected a file that does not use itself");
	assert_error("use login\n> AT\n", "t.case:1:10: the end of the line, expected a value for 'user', which has no default");
	assert_error("use login usr=x\n> AT\n", "t.case:1:11: 'usr', expected a parameter of shared/login.steps; did you mean 'user'?");
	assert_error("use login user=a user=b\n> AT\n", "t.case:1:18: 'user' a second time, expected it once");
	assert_error("use login user\n> AT\n", "t.case:1:11: 'user', expected NAME=VALUE");
	file_text("shared/params.steps", "param u x\nparam uu={u}\n> AT\n< OK\n");
	assert_error("use params\n> AT\n< OK\n", "shared/params.steps:2:9: 'uu={u}', expected a parameter's name of letters, digits and _");
	assert_error("use bad\n> AT\n", "shared/bad.steps:2:3: '{' without '}', expected a hole; a literal brace is \\{");
	assert_error(
	    "use ../setup/login\n> AT\n", "t.case:1:5: '../setup/login', expected the name of a .steps file as it is, no column in it");
}

/* Files that use each other some times each would be read as often as all those times multiplied. */
static void
files_used_too_often_are_refused(void **state)
{
	char uses[12 * 40 + 1] = "";

	(void)state;
	for (int i = 0; i < 40; i++)
		strcat(uses, "use second\n");
	file_text("shared/first.steps", uses);
	for (char *s = uses; (s = strstr(s, "second")) != NULL; s += 6)
		memcpy(s, "third ", 6);
	file_text("shared/second.steps", uses);
	file_text("shared/third.steps", "spec note, 3.9\n");
	assert_error("use first\n> AT\n< OK\n", "shared/second.steps:9:1: 'use' number 257, expected at most 256 in a case");
}

static void
a_file_that_is_not_there_hides_no_other_error(void **state)
{
	(void)state;
	assert_int_equal(read_text("use none\n> AT\nwait x\n", 0), 2);
	assert_string_equal(errors.list[1].text, "t.case:3:6: 'x', expected a duration like 20ms, 1.5s or 2min");
}

static void
the_hash_minds_the_files_used(void **state)
{
	uint64_t h;

	(void)state;
	shared_files();
	assert_reads("use both\n");
	h = case_hash(loaded);
	assert_reads("use both\n");
	assert_true(case_hash(loaded) == h);
	file_text("shared/login.steps", "param user\n> AT+CSQ\n< OK\n");
	assert_reads("use both\n");
	assert_true(case_hash(loaded) != h);
}

/* 100,000 rows: offsets only, and a row's parse costs what one case costs. */
static void
a_large_table_is_read_in_time(void **state)
{
	size_t n = 0, cap = 8u << 20;
	char *text = malloc(cap);
	struct timespec t[2];

	(void)state;
	n += (size_t)snprintf(text, cap, "title row {a}\neach\n  | a | b |\n");
	for (int i = 0; i < 100000; i++)
		n += (size_t)snprintf(text + n, cap - n, "  | %d | +CSQ: %d |\n", i, i);
	n += (size_t)snprintf(text + n, cap - n, "> AT{a}\n< {b}\n");
	forget();
	file_write("t.case", text, n);
	clock_gettime(CLOCK_MONOTONIC, &t[0]);
	loaded = case_load("t.case", &errors);
	clock_gettime(CLOCK_MONOTONIC, &t[1]);
	assert_non_null(loaded);
	assert_int_equal(case_rows(loaded), 100000);
	assert_true(t[1].tv_sec - t[0].tv_sec < 5);
	for (int row = 0; row < 100000; row += 9999) {
		arena_reset(&arena);
		assert_int_equal(case_parse(loaded, row, &arena, &parsed, &errors), 0);
		assert_int_equal(parsed.row_line, row + 4);
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_tables_are_said_with_their_place),
		cmocka_unit_test(what_is_no_case_file_is_refused),
		cmocka_unit_test(a_file_with_many_lines_is_refused_not_truncated),
		cmocka_unit_test(lines_may_end_in_crlf_and_the_last_one_in_nothing),
		cmocka_unit_test(every_row_is_a_case_with_its_cells_put_in),
		cmocka_unit_test(columns_behind_one_put_in_keep_their_place),
		cmocka_unit_test(an_escaped_brace_is_no_column),
		cmocka_unit_test(used_steps_stand_where_they_are_used),
		cmocka_unit_test(used_files_are_found_in_folders_above),
		cmocka_unit_test(wrong_uses_are_said_with_their_place),
		cmocka_unit_test(files_used_too_often_are_refused),
		cmocka_unit_test(a_file_that_is_not_there_hides_no_other_error),
		cmocka_unit_test(the_hash_minds_the_files_used),
		cmocka_unit_test(a_large_table_is_read_in_time),
	};
	int failed = cmocka_run_group_tests(tests, folder_make, folder_remove);

	forget();
	return failed;
}
