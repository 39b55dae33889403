/*
 * One answer is one write: a host program that reads once per answer, or drops what comes 50 ms later, depends on it
 * (item 13).  The emulator writes to a socket that keeps the bounds of what was written.
 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include "emulate_rig.h"

#define OK "\r\nOK\r\n"

static int
start(void **state)
{
	(void)state;
	return emulator_start(SOCK_SEQPACKET);
}

static void
item_13_echo_header_data_and_ok_are_one_write(void **state)
{
	static char data[3001], want[4096];

	(void)state;
	memset(data, 'x', 3000);
	ask("AT+CSQ\r\n", "AT+CSQ\r\r\n+CSQ: 18,0\r\n" OK);
	ask("AT+HTTPINIT\r\n", "AT+HTTPINIT\r" OK);
	ask("AT+HTTPDATA=3000,10000\r\n", "AT+HTTPDATA=3000,10000\r\r\nDOWNLOAD\r\n");
	ask(data, OK);
	snprintf(want, sizeof(want), "AT+HTTPREAD\r\r\n+HTTPREAD: 3000\r\n%s%s", data, OK);
	ask("AT+HTTPREAD\r\n", want);
	close(host);
	assert_int_equal(emulator_status(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(item_13_echo_header_data_and_ok_are_one_write, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
