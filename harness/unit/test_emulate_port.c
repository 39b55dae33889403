/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <cmocka.h>
/* clang-format on */

#include "emulate.h"

static void
the_slave_is_raw_and_stays_open(void **state)
{
	struct emulate_port p;
	struct err e = { 0 };
	char got[8];

	(void)state;
	assert_int_equal(emulate_pty(&p, &e), 0);
	for (int host = 0; host < 2; host++) {
		int fd = open(p.name, O_RDWR | O_NOCTTY);
		struct pollfd back = { .fd = p.in, .events = POLLIN };

		assert_true(fd >= 0);
		assert_int_equal(write(p.out, "OK\r\n", 4), 4);
		assert_int_equal(read(fd, got, sizeof(got)), 4);
		assert_memory_equal(got, "OK\r\n", 4);
		/* A cooked slave would have echoed it. */
		assert_int_equal(poll(&back, 1, 20), 0);
		close(fd);
	}
	emulate_close(&p);
	assert_int_equal(p.in, -1);
}

static void
port_0_takes_a_free_one_and_says_which(void **state)
{
	struct emulate_port p;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(emulate_tcp(&p, "127.0.0.1:0", 0, false, false, &e), 0);
	assert_memory_equal(p.name, "127.0.0.1:", 10);
	assert_true(atoi(p.name + 10) > 0);
	emulate_close(&p);
}

static void
only_loopback_unless_said(void **state)
{
	struct emulate_port p;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(emulate_tcp(&p, "0.0.0.0:0", 0, false, false, &e), -1);
	assert_int_equal(e.status, EXIT_USAGE);
	assert_int_equal(p.listening, -1);
	assert_int_equal(emulate_tcp(&p, "0.0.0.0:0", 0, true, false, &e), 0);
	emulate_close(&p);
}

static void
what_is_no_address_is_refused(void **state)
{
	static const char *const wrong[] = { "", "5000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct emulate_port p;
		struct err e = { 0 };

		assert_int_equal(emulate_tcp(&p, wrong[i], 0, false, false, &e), -1);
		assert_int_equal(e.status, EXIT_USAGE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_slave_is_raw_and_stays_open),
		cmocka_unit_test(port_0_takes_a_free_one_and_says_which),
		cmocka_unit_test(only_loopback_unless_said),
		cmocka_unit_test(what_is_no_address_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
