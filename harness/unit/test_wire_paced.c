/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include "port.h"
#include "wire.h"

#define BYTE_US (10 * 1000000.0 / 9600)

static struct wire *wire;
static struct err e;

static int
open_it(const char *text)
{
	struct port port;

	if (port_read(&port, text, &e) != 0 || (wire = wire_open(&port, &e)) == NULL)
		return -1;
	return wire->ops->begin(wire, NULL, 1, &e);
}

static int
setup(void **state)
{
	(void)state;
	return open_it("emulator,9600");
}

static int
teardown(void **state)
{
	(void)state;
	wire->ops->close(wire);
	return 0;
}

/* Read want, whole; when its last byte came. */
static uint64_t
read_all(const char *want)
{
	char got[64];
	size_t have = 0, len = strlen(want);
	struct wire_when when = { 0 };
	uint64_t before_us = 0;

	while (have < len) {
		long n = wire->ops->recv(wire, got + have, len - have, wire->ops->now(wire) + 5000000, &when, &e);

		assert_true(n > 0);
		assert_true(when.at_us > before_us && when.at_us <= wire->ops->now(wire));
		before_us = when.at_us;
		have += (size_t)n;
	}
	assert_memory_equal(got, want, len);
	return when.at_us;
}

static void
sending_takes_ten_bits_a_byte(void **state)
{
	uint64_t began_us = wire->ops->now(wire);

	(void)state;
	assert_int_equal(wire->ops->send(wire, SPAN("AT\r"), &e), 0);
	assert_in_range(wire->ops->now(wire) - began_us, 3 * BYTE_US, 3 * BYTE_US + 2);
}

static void
so_does_the_answer(void **state)
{
	uint64_t began_us, asked_us, echo_us;

	(void)state;
	assert_int_equal(wire->ops->send(wire, SPAN("ATE0\r"), &e), 0);
	echo_us = read_all("ATE0\r");
	began_us = read_all("\r\nOK\r\n");
	assert_true(began_us - echo_us >= 6 * BYTE_US - 1);
	assert_int_equal(wire->ops->send(wire, SPAN("AT+CSQ\r"), &e), 0);
	asked_us = wire->ops->now(wire);
	/* 20 bytes, behind the module's own latency. */
	assert_in_range(read_all("\r\n+CSQ: 18,0\r\n\r\nOK\r\n") - asked_us, 20 * BYTE_US - 1, 20 * BYTE_US + 25000);
}

static void
nothing_comes_before_its_time(void **state)
{
	char got[8];
	struct wire_when when;
	uint64_t now_us;

	(void)state;
	assert_int_equal(wire->ops->send(wire, SPAN("ATE0\r"), &e), 0);
	read_all("ATE0\r\r\nOK\r\n");
	now_us = wire->ops->now(wire);
	assert_int_equal(wire->ops->recv(wire, got, sizeof(got), now_us + 3000000, &when, &e), 0);
	assert_int_equal(wire->ops->now(wire), now_us + 3000000);
}

static void
a_baud_is_part_of_the_port(void **state)
{
	static const char *const wrong[] = { "emulator,", "emulator,x", "emulator,0", "emulator,9600,8n1", "emulator:,9600", "emulators" };
	struct port port;

	(void)state;
	assert_int_equal(port_read(&port, "emulator:sim900,1200", &e), 0);
	assert_int_equal(port.baud, 1200);
	assert_string_equal(port.profile, "sim900");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(port_read(&port, wrong[i], &e), -1);
		assert_int_equal(e.status, EXIT_USAGE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sending_takes_ten_bits_a_byte, setup, teardown),
		cmocka_unit_test_setup_teardown(so_does_the_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_comes_before_its_time, setup, teardown),
		cmocka_unit_test(a_baud_is_part_of_the_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
