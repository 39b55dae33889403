#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd.h"
#include "cmd_output.h"
#include "err.h"

static char out[1 << 20];

/* A new file with these bytes; its name is for the caller to unlink and free. */
static char *
file_of(const char *bytes, size_t n)
{
	char *name = strdup("/tmp/attest-parse-XXXXXX");
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), (ssize_t)n);
	close(fd);
	return name;
}

/* Run the subcommand with its output going to out. */
static int
run(int argc, char **argv)
{
	return cmd_output(cmd_parse, argc, argv, out, sizeof(out));
}

/* What the program prints for a capture and the commands that were sent (or NULL). */
static void
expect_output(const char *said, size_t n, const char *sent, const char *expected)
{
	char *capture = file_of(said, n), *commands = sent != NULL ? file_of(sent, strlen(sent)) : NULL;
	char *with[] = { (char[]){ "parse" }, (char[]){ "--sent" }, commands, capture };
	char *without[] = { (char[]){ "parse" }, capture };

	assert_int_equal(sent != NULL ? run(4, with) : run(2, without), EXIT_AS_EXPECTED);
	assert_string_equal(out, expected);
	unlink(capture);
	free(capture);
	if (commands != NULL)
		unlink(commands);
	free(commands);
}

static void
an_event_says_kind_text_and_place(void **state)
{
	static const char said[] = "AT+CSQ\r\r\n+CSQ: 18,0\r\n\r\nOK\r\n\0\xff\r\n";

	(void)state;
	expect_output(said, sizeof(said) - 1, NULL,
	    "{\"kind\": \"echo\", \"text\": \"AT+CSQ\", \"offset\": 0, \"length\": 6}\n"
	    "{\"kind\": \"info\", \"text\": \"+CSQ: 18,0\", \"offset\": 9, \"length\": 10}\n"
	    "{\"kind\": \"final\", \"text\": \"OK\", \"offset\": 23, \"length\": 2}\n"
	    "{\"kind\": \"fault\", \"text\": \"\\\\x00\\\\xff\", \"offset\": 27, \"length\": 2}\n");
	expect_output("", 0, NULL, "");
}

static void
a_sent_command_is_pending_when_the_one_before_it_is_done(void **state)
{
	static const char said[] = "\r\nOK\r\n\r\n863071014123456\r\n\r\nOK\r\n\r\n+CSQ: 1,0\r\n";

	(void)state;
	expect_output(said, sizeof(said) - 1, "AT\r\n\nAT+GSN\r\nAT+CSQ",
	    "{\"kind\": \"final\", \"text\": \"OK\", \"offset\": 2, \"length\": 2}\n"
	    "{\"kind\": \"info\", \"text\": \"863071014123456\", \"offset\": 8, \"length\": 15}\n"
	    "{\"kind\": \"final\", \"text\": \"OK\", \"offset\": 27, \"length\": 2}\n"
	    "{\"kind\": \"info\", \"text\": \"+CSQ: 1,0\", \"offset\": 33, \"length\": 9}\n");
	expect_output(said, sizeof(said) - 1, NULL,
	    "{\"kind\": \"final\", \"text\": \"OK\", \"offset\": 2, \"length\": 2}\n"
	    "{\"kind\": \"fault\", \"text\": \"863071014123456\", \"offset\": 8, \"length\": 15}\n"
	    "{\"kind\": \"final\", \"text\": \"OK\", \"offset\": 27, \"length\": 2}\n"
	    "{\"kind\": \"urc\", \"text\": \"+CSQ: 1,0\", \"offset\": 33, \"length\": 9}\n");
}

/* A payload of the largest size is one event with all its bytes; one byte less is a fault. */
static void
a_payload_is_one_event_whatever_its_size(void **state)
{
	enum { SIZE = 100000 };
	static char said[SIZE + 64];
	char expected[128];
	int head = sprintf(said, "\r\n+HTTPREAD: %d\r\n", SIZE);
	const char *text;

	(void)state;
	memset(said + head, 'x', SIZE);
	memcpy(said + head + SIZE, "\r\nOK\r\n", 6);
	for (int whole = 0; whole < 2; whole++) {
		char *name = file_of(said, (size_t)head + SIZE - 1 + (whole ? 7 : 0));
		char *argv[] = { (char[]){ "parse" }, name };

		assert_int_equal(run(2, argv), EXIT_AS_EXPECTED);
		text = strchr(out, '\n') + 1;
		snprintf(expected, sizeof(expected), "{\"kind\": \"%s\", \"text\": \"x", whole ? "payload" : "fault");
		assert_memory_equal(text, expected, strlen(expected));
		text = strchr(text, '\n');
		snprintf(expected, sizeof(expected), "x\", \"offset\": %d, \"length\": %d}", head, SIZE - 1 + whole);
		assert_memory_equal(text - strlen(expected), expected, strlen(expected));
		unlink(name);
		free(name);
	}
}

static void
strict_adds_faults(void **state)
{
	char *name = file_of("\r\nOK\n", 5);
	char *argv[] = { (char[]){ "parse" }, (char[]){ "--strict" }, (char[]){ "--" }, name };

	(void)state;
	assert_int_equal(run(4, argv), EXIT_AS_EXPECTED);
	assert_string_equal(out, "{\"kind\": \"final\", \"text\": \"OK\", \"offset\": 2, \"length\": 2}\n"
				 "{\"kind\": \"fault\", \"text\": \"\\\\x0a\", \"offset\": 4, \"length\": 1}\n");
	unlink(name);
	free(name);
}

static void
wrong_usage_is_refused(void **state)
{
	char *unknown[] = { (char[]){ "parse" }, (char[]){ "--no-such" } };
	char *no_name[] = { (char[]){ "parse" }, (char[]){ "--sent" } };
	char *two[] = { (char[]){ "parse" }, (char[]){ "/dev/null" }, (char[]){ "/dev/null" } };
	char *absent[] = { (char[]){ "parse" }, (char[]){ "/nonexistent/capture" } };

	(void)state;
	assert_int_equal(run(2, unknown), EXIT_USAGE);
	assert_int_equal(run(2, no_name), EXIT_USAGE);
	assert_int_equal(run(3, two), EXIT_USAGE);
	assert_int_equal(run(2, absent), EXIT_USAGE);
	assert_string_equal(out, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_says_kind_text_and_place),
		cmocka_unit_test(a_sent_command_is_pending_when_the_one_before_it_is_done),
		cmocka_unit_test(a_payload_is_one_event_whatever_its_size),
		cmocka_unit_test(strict_adds_faults),
		cmocka_unit_test(wrong_usage_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
