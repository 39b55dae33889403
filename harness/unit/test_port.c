#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "port.h"

static struct port port;

static void
reads(const char *text)
{
	struct err e = { 0 };

	memset(&port, 0xa5, sizeof(port));
	if (port_read(&port, text, &e) != 0)
		fail_msg("%s: %s", text, e.text);
	assert_ptr_equal(port.text, text);
}

static void
refused(const char *text, const char *why)
{
	struct err e = { 0 };

	if (port_read(&port, text, &e) == 0)
		fail_msg("%s is taken", text);
	assert_string_equal(e.text, why);
	assert_int_equal(e.status, EXIT_USAGE);
}

static void
the_emulator_may_name_its_profile(void **state)
{
	(void)state;
	reads("emulator");
	assert_int_equal(port.kind, PORT_EMULATOR);
	assert_string_equal(port.profile, "");
	reads("emulator:sim900");
	assert_int_equal(port.kind, PORT_EMULATOR);
	assert_string_equal(port.profile, "sim900");
	refused("emulator:", "profile (nothing) given, expected the name of a profile");
}

static void
a_serial_port_has_the_usual_settings_until_told_others(void **state)
{
	(void)state;
	reads("/dev/ttyUSB0");
	assert_int_equal(port.kind, PORT_SERIAL);
	assert_string_equal(port.path, "/dev/ttyUSB0");
	assert_int_equal(port.baud, 0);
	assert_int_equal(port.data_bits, 8);
	assert_int_equal(port.parity, 'n');
	assert_int_equal(port.stop_bits, 1);
	assert_false(port.rtscts);
	reads("/dev/serial/by-id/usb-FTDI_FT232R,9600,7e2,rtscts");
	assert_string_equal(port.path, "/dev/serial/by-id/usb-FTDI_FT232R");
	assert_int_equal(port.baud, 9600);
	assert_int_equal(port.data_bits, 7);
	assert_int_equal(port.parity, 'e');
	assert_int_equal(port.stop_bits, 2);
	assert_true(port.rtscts);
}

static void
a_wrong_part_of_a_serial_port_is_named(void **state)
{
	static const char baud[] = "a number from 1 to 4000000",
			  format[] = "data bits 5 to 8, parity n, e, o, m or s, stop bits 1 or 2: 8n1";
	static const char *const wrong[][3] = {
		{ "/dev/ttyUSB0,", "baud (nothing)", baud },
		{ "/dev/ttyUSB0,fast", "baud fast", baud },
		{ "/dev/ttyUSB0,0", "baud 0", baud },
		{ "/dev/ttyUSB0,4000001", "baud 4000001", baud },
		{ "/dev/ttyUSB0,-1", "baud -1", baud },
		{ "/dev/ttyUSB0,99999999999999999999", "baud 99999999999999999999", baud },
		{ "/dev/ttyUSB0,9600,9n1", "character format 9n1", format },
		{ "/dev/ttyUSB0,9600,8x1", "character format 8x1", format },
		{ "/dev/ttyUSB0,9600,8n3", "character format 8n3", format },
		{ "/dev/ttyUSB0,9600,8n", "character format 8n", format },
		{ "/dev/ttyUSB0,9600,8n1,xonxoff", "flow control xonxoff", "rtscts, or no third comma" },
		{ "/dev/ttyUSB0,9600,8n1,rtscts,more", "behind the flow control more", "nothing" },
		{ "/dev/ttyUSB0,\x1b[31m", "baud \\x1b[31m", baud },
	};
	char why[400];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(why, sizeof(why), "%s given, expected %s", wrong[i][1], wrong[i][2]);
		refused(wrong[i][0], why);
	}
}

static void
a_host_is_a_name_or_an_address(void **state)
{
	(void)state;
	reads("tcp:lab-1.example:4001");
	assert_int_equal(port.kind, PORT_TCP);
	assert_string_equal(port.host, "lab-1.example");
	assert_string_equal(port.service, "4001");
	reads("tcp:127.0.0.1:65535");
	assert_string_equal(port.host, "127.0.0.1");
	assert_string_equal(port.service, "65535");
	reads("tcp:[fe80::1%eth0]:1");
	assert_string_equal(port.host, "fe80::1%eth0");
	assert_string_equal(port.service, "1");
	reads("rfc2217:lab:4001");
	assert_int_equal(port.kind, PORT_RFC2217);
	assert_string_equal(port.host, "lab");
}

static void
a_wrong_part_of_an_address_is_named(void **state)
{
	(void)state;
	refused("tcp:", "address (nothing) given, expected HOST:PORT");
	refused("tcp:lab", "address lab given, expected HOST:PORT");
	refused("tcp::4001", "host (nothing) given, expected a name or an address, at most 255 bytes");
	refused("tcp:lab:", "port number (nothing) given, expected 1 to 65535");
	refused("tcp:lab:0", "port number 0 given, expected 1 to 65535");
	refused("tcp:lab:65536", "port number 65536 given, expected 1 to 65535");
	refused("tcp:lab:http", "port number http given, expected 1 to 65535");
	refused("tcp:::1:4001", "address ::1:4001 given, expected an IPv6 address in brackets, as in [::1]:5000");
	refused("tcp:[::1:4001", "address [::1:4001 given, expected a ] behind the IPv6 address, as in [::1]:5000");
	refused("tcp:[::1]", "address [::1] given, expected HOST:PORT");
	refused("tcp:[]:4001", "host (nothing) given, expected a name or an address, at most 255 bytes");
}

static void
a_host_name_of_any_length_is_read_or_refused(void **state)
{
	char text[4 + 300 + 6];

	(void)state;
	for (int n = 250; n <= 260; n++) {
		struct err e = { 0 };

		snprintf(text, sizeof(text), "tcp:%0*d:9", n, 1);
		assert_int_equal(port_read(&port, text, &e), n <= 255 ? 0 : -1);
	}
}

static void
a_path_of_any_length_is_read_or_refused(void **state)
{
	char text[PORT_PATH_MAX + 20];

	(void)state;
	for (int n = PORT_PATH_MAX - 3; n <= PORT_PATH_MAX + 3; n++) {
		struct err e = { 0 };

		snprintf(text, sizeof(text), "/%0*d", n - 1, 1);
		assert_int_equal(port_read(&port, text, &e), n < PORT_PATH_MAX ? 0 : -1);
	}
}

static void
a_command_is_taken_as_it_is(void **state)
{
	(void)state;
	reads("exec:ssh lab 'socat - /dev/ttyUSB0,raw' # : , x");
	assert_int_equal(port.kind, PORT_EXEC);
	assert_string_equal(port.command, "ssh lab 'socat - /dev/ttyUSB0,raw' # : , x");
	refused("exec:", "command (nothing) given, expected a program and its arguments");
}

static void
what_is_no_port_is_answered_with_what_is(void **state)
{
	(void)state;
	refused("carrier-pigeon", "port carrier-pigeon given, expected " PORT_WORDS);
	refused("", "port (nothing) given, expected " PORT_WORDS);
	refused("tcp", "port tcp given, expected " PORT_WORDS);
	refused("ttyUSB0", "port ttyUSB0 given, expected " PORT_WORDS);
	refused("emulators", "port emulators given, expected " PORT_WORDS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_emulator_may_name_its_profile),
		cmocka_unit_test(a_serial_port_has_the_usual_settings_until_told_others),
		cmocka_unit_test(a_wrong_part_of_a_serial_port_is_named),
		cmocka_unit_test(a_host_is_a_name_or_an_address),
		cmocka_unit_test(a_wrong_part_of_an_address_is_named),
		cmocka_unit_test(a_host_name_of_any_length_is_read_or_refused),
		cmocka_unit_test(a_path_of_any_length_is_read_or_refused),
		cmocka_unit_test(a_command_is_taken_as_it_is),
		cmocka_unit_test(what_is_no_port_is_answered_with_what_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
