/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>
/* clang-format on */

#include "emulate_world.h"

/* Write text to a file of its own; path is at least 64 bytes. */
static void
file_of(const char *text, char *path)
{
	int fd;

	strcpy(path, "/tmp/attest-world-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
the_built_in_world_holds_what_the_note_fetches(void **state)
{
	struct err e = { 0 };
	struct world_sim *w = emulate_world_sim(NULL, 1, &e);
	struct content c;

	(void)state;
	assert_non_null(w);
	assert_true(world_sim_content(w, SPAN("http://www.sim.com/"), &c));
	assert_int_equal(c.length, 1000);
	assert_true(world_sim_content(w, SPAN("/1K.txt"), &c));
	assert_int_equal(c.length, 1024);
	world_sim_free(w);
}

static void
a_file_may_leave_the_word_world_out(void **state)
{
	struct err e = { 0 };
	struct world_sim *w;
	struct content c;
	char path[64];

	(void)state;
	file_of("# a comment\n\n  world http a.b 5 bytes digits\r\nftp file /f 7 bytes digits", path);
	w = emulate_world_sim(path, 1, &e);
	unlink(path);
	assert_non_null(w);
	assert_true(world_sim_content(w, SPAN("http://a.b/"), &c));
	assert_true(world_sim_content(w, SPAN("/f"), &c));
	assert_int_equal(c.length, 7);
	world_sim_free(w);
}

static void
a_wrong_line_is_named_by_its_place(void **state)
{
	struct err e = { 0 };
	char path[64], want[80];

	(void)state;
	file_of("http a.b 5 bytes digits\n world bogus\n", path);
	assert_null(emulate_world_sim(path, 1, &e));
	unlink(path);
	snprintf(want, sizeof(want), "%s:2:8: ", path);
	assert_true(span_starts(span_str(e.text), span_str(want)));
	assert_int_equal(e.status, EXIT_USAGE);
}

static void
a_file_that_is_not_there_is_an_error(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_null(emulate_world_sim("/nonexistent/world", 1, &e));
	assert_non_null(strstr(e.text, "/nonexistent/world"));
}

static void
a_file_that_cannot_be_read_is_an_error(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_null(emulate_world_sim("/", 1, &e));
	assert_string_equal(e.text, "/: Is a directory");
	assert_int_equal(e.status, EXIT_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_built_in_world_holds_what_the_note_fetches),
		cmocka_unit_test(a_file_may_leave_the_word_world_out),
		cmocka_unit_test(a_wrong_line_is_named_by_its_place),
		cmocka_unit_test(a_file_that_is_not_there_is_an_error),
		cmocka_unit_test(a_file_that_cannot_be_read_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
