#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "wire_rig.h"

static int
teardown(void **state)
{
	(void)state;
	if (wire != NULL)
		close_wire();
	return 0;
}

static void
a_program_is_talked_to_byte_by_byte(void **state)
{
	(void)state;
	open_wire("exec:read line; printf 'got %s\\r\\n\\000\\377' \"$line\"; read line");
	send_text("AT+X=\"a\x03\x04\x11\x13\"\n");
	receive_text("got AT+X=\"a\x03\x04\x11\x13\"\r\n");
	{
		char text[2];
		struct wire_when when;

		receive(text, 2, &when);
		assert_memory_equal(text, "\0\377", 2);
	}
}

static void
a_program_that_ends_says_how(void **state)
{
	static const struct {
		const char *port, *expected;
	} ends[] = {
		{ "exec:exit 3", "exec:exit 3: the program has ended with status 3" },
		{ "exec:true", "exec:true: the program has ended with status 0" },
		{ "exec:no-such-program 2>/dev/null",
		    "exec:no-such-program 2>/dev/null: the program has ended with status 127 (not found?)" },
		{ "exec:kill -KILL $$", "exec:kill -KILL $$: the program was ended by signal 9 (Killed)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		open_wire(ends[i].port);
		receive_loss();
		assert_string_equal(error.text, ends[i].expected);
		close_wire();
	}
}

static void
its_last_words_come_before_its_end(void **state)
{
	(void)state;
	open_wire("exec:printf 'POWER DOWN'");
	receive_text("POWER DOWN");
	receive_loss();
}

static void
it_may_be_started_again(void **state)
{
	(void)state;
	open_wire("exec:printf RDY; read line");
	receive_text("RDY");
	send_text("\n");
	receive_loss();
	assert_int_equal(wire->ops->reopen(wire, &error), 0);
	receive_text("RDY");
}

/* The process that the program said it is; it leads its group. */
static pid_t
program_number(void)
{
	char text[32] = "";
	struct wire_when when;

	for (size_t i = 0; i == 0 || text[i - 1] != '.'; i++) {
		assert_true(i < sizeof(text) - 1);
		receive(text + i, 1, &when);
	}
	return (pid_t)atoi(text);
}

static void
a_program_ends_with_its_wire(void **state)
{
	static const char *const programs[] = {
		"exec:printf %s. $$; read line",
		"exec:trap '' HUP; printf %s. $$; while :; do sleep 1; done",
		"exec:trap '' HUP TERM; printf %s. $$; while :; do sleep 1; done",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		pid_t program;

		open_wire(programs[i]);
		program = program_number();
		assert_int_equal(kill(program, 0), 0);
		close_wire();
		assert_int_equal(kill(program, 0), -1);
		assert_int_equal(errno, ESRCH);
		/* Nor is there anybody left of its group. */
		for (uint64_t until_us = clock_us() + PATIENCE_US; kill(-program, 0) == 0;)
			assert_true(clock_us() < until_us);
	}
}

static void
both_sides_may_send_much_at_once(void **state)
{
	static char much[100000];
	char text[200];
	struct wire_when when;

	(void)state;
	memset(much, 'm', sizeof(much));
	/* It reads nothing before all that it has to say has been taken. */
	open_wire("exec:head -c 100000 /dev/zero; head -c 100000 | tr -d m | wc -c; read line");
	assert_int_equal(wire->ops->send(wire, span_of(much, sizeof(much)), &error), 0);
	for (size_t left = 100000; left > 0;) {
		size_t n = left < sizeof(text) ? left : sizeof(text);

		receive(text, n, &when);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(text[i], 0);
		left -= n;
	}
	receive_text("0\n");
}

static void
what_lay_there_is_not_dated_by_when_it_was_read(void **state)
{
	char command[120], done[] = "/tmp/test_wire_exec-XXXXXX", text[16384];
	int fd = mkstemp(done);
	uint64_t until_us = clock_us() + PATIENCE_US, written_us;
	struct wire_when when;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(unlink(done), 0);
	/* More than a pseudo-terminal hands out in one read, and all of it written before the first. */
	snprintf(command, sizeof(command), "exec:head -c 12000 /dev/zero; >%s; read line", done);
	open_wire(command);
	while (access(done, F_OK) != 0) {
		assert_true(clock_us() < until_us);
		usleep(1000);
	}
	written_us = clock_us();
	unlink(done);
	for (size_t used = 0; used < 12000;) {
		long n = wire->ops->recv(wire, text, sizeof(text), until_us, &when, &error);

		assert_true(n > 0);
		used += (size_t)n;
		assert_true(when.after_us <= written_us);
	}
}

static void
signals_that_we_ignore_end_it_as_ever(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	open_wire("exec:sh -c 'kill -PIPE $$'; printf %s $?; read line");
	receive_text("141");
	signal(SIGPIPE, SIG_DFL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_program_is_talked_to_byte_by_byte, teardown),
		cmocka_unit_test_teardown(a_program_that_ends_says_how, teardown),
		cmocka_unit_test_teardown(its_last_words_come_before_its_end, teardown),
		cmocka_unit_test_teardown(it_may_be_started_again, teardown),
		cmocka_unit_test_teardown(a_program_ends_with_its_wire, teardown),
		cmocka_unit_test_teardown(both_sides_may_send_much_at_once, teardown),
		cmocka_unit_test_teardown(what_lay_there_is_not_dated_by_when_it_was_read, teardown),
		cmocka_unit_test_teardown(signals_that_we_ignore_end_it_as_ever, teardown),
	};

	alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
