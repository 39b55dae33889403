/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */

#include "pace.h"

static void
a_byte_takes_ten_bits(void **state)
{
	struct pace p = { 0 };

	(void)state;
	pace_set(&p, 9600);
	pace_put(&p, 0, 1000);
	assert_int_equal(pace_due(&p), 1000 + 1042);
	assert_int_equal(pace_take(&p, 3, 2041), 0);
	assert_int_equal(pace_take(&p, 3, 2042), 1);
	/* The line was never idle: the rest follow without a gap. */
	assert_int_equal(pace_last(&p, 2), 1000 + 3126);
	assert_int_equal(pace_take(&p, 2, 1000000), 2);
}

static void
a_second_carries_a_tenth_of_the_baud(void **state)
{
	struct pace p = { 0 };
	size_t queued = 50000, taken = 0;

	(void)state;
	pace_set(&p, 115200);
	pace_put(&p, 0, 5000000);
	/* However often it is looked at, nothing is lost to rounding. */
	for (uint64_t now_us = 5000000; now_us <= 6000000; now_us += 7)
		taken += pace_take(&p, queued - taken, now_us);
	taken += pace_take(&p, queued - taken, 6000000);
	assert_in_range(taken, 11519, 11520);
}

static void
idle_time_is_not_saved_up(void **state)
{
	struct pace p = { 0 };

	(void)state;
	pace_set(&p, 1000);
	pace_put(&p, 0, 0);
	assert_int_equal(pace_take(&p, 1, 10000), 1);
	pace_put(&p, 0, 5000000);
	assert_int_equal(pace_take(&p, 4, 5009999), 0);
	assert_int_equal(pace_take(&p, 4, 5010000), 1);
	/* Nor does a byte that comes while the line is busy go before its turn. */
	pace_put(&p, 3, 5010001);
	assert_int_equal(pace_last(&p, 4), 5050000);
}

static void
a_line_without_a_baud_takes_no_time(void **state)
{
	struct pace p = { 0 };

	(void)state;
	pace_set(&p, 0);
	pace_put(&p, 0, 77);
	assert_int_equal(pace_due(&p), 77);
	assert_int_equal(pace_last(&p, 1000), 77);
	assert_int_equal(pace_take(&p, 1000, 76), 0);
	assert_int_equal(pace_take(&p, 1000, 77), 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_byte_takes_ten_bits),
		cmocka_unit_test(a_second_carries_a_tenth_of_the_baud),
		cmocka_unit_test(idle_time_is_not_saved_up),
		cmocka_unit_test(a_line_without_a_baud_takes_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
