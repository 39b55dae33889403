/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <unistd.h>
#include <cmocka.h>
/* clang-format on */

#include "emulate_rig.h"

static int
start(void **state)
{
	(void)state;
	return emulator_start(SOCK_STREAM);
}

static void
an_answer_comes_in_one_piece(void **state)
{
	(void)state;
	ask("AT+CSQ\r", "AT+CSQ\r\r\n+CSQ: 18,0\r\n\r\nOK\r\n");
	close(host);
	assert_int_equal(emulator_status(), 0);
}

static void
the_end_of_input_waits_for_the_answer(void **state)
{
	char got[64];
	ssize_t n;

	(void)state;
	assert_int_equal(write(host, "ATE0\r", 5), 5);
	assert_int_equal(shutdown(host, SHUT_WR), 0);
	n = read(host, got, sizeof(got));
	assert_int_equal(n, 11);
	assert_memory_equal(got, "ATE0\r\r\nOK\r\n", 11);
	assert_int_equal(emulator_status(), 0);
	close(host);
}

static void
a_signal_ends_it_with_128_and_its_number(void **state)
{
	(void)state;
	ask("AT\r", "AT\r\r\nOK\r\n");
	kill(emulator, SIGINT);
	assert_int_equal(emulator_status(), 128 + SIGINT);
	close(host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_answer_comes_in_one_piece, start),
		cmocka_unit_test_setup(the_end_of_input_waits_for_the_answer, start),
		cmocka_unit_test_setup(a_signal_ends_it_with_128_and_its_number, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
