/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */

#include "stop.h"

static void
a_signal_is_a_value(void **state)
{
	(void)state;
	stop_on_signals();
	assert_int_equal(stop_signal, 0);
	raise(SIGTERM);
	assert_int_equal(stop_signal, SIGTERM);
	raise(SIGHUP);
	assert_int_equal(stop_signal, SIGHUP);
	stop_on_signals();
	assert_int_equal(stop_signal, 0);
}

static void
what_nohup_ignores_stays_ignored(void **state)
{
	(void)state;
	signal(SIGHUP, SIG_IGN);
	stop_on_signals();
	raise(SIGHUP);
	assert_int_equal(stop_signal, 0);
	signal(SIGHUP, SIG_DFL);
}

static void
a_reader_that_went_away_is_no_signal(void **state)
{
	(void)state;
	stop_on_signals();
	raise(SIGPIPE);
	raise(SIGXFSZ);
	assert_int_equal(stop_signal, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signal_is_a_value),
		cmocka_unit_test(what_nohup_ignores_stays_ignored),
		cmocka_unit_test(a_reader_that_went_away_is_no_signal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
