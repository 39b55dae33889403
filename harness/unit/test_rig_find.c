/* A module is looked for: at which baud rate, in which state, and what is said when there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "rig.h"

/* A port at a rate, and a module that answers at another; the clock is the test's. */
static struct port_at {
	struct wire wire; /* first */
	uint64_t now_us;
	unsigned baud, answers_at; /* 0: it never does */
	const char *otherwise;     /* what a command line gets at another rate */
	bool fixed;                /* the port cannot change its rate */
	char said[4096], line[256];
	size_t said_len, line_len;
} at;

static void
say(const char *text)
{
	size_t n = strlen(text);

	if (at.said_len + n > sizeof(at.said))
		n = sizeof(at.said) - at.said_len;
	memcpy(at.said + at.said_len, text, n);
	at.said_len += n;
}

static int
at_send(struct wire *w, struct span bytes, struct err *e)
{
	(void)w, (void)e;
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.at[i] != '\r' && at.line_len + 1 < sizeof(at.line)) {
			at.line[at.line_len++] = bytes.at[i];
			continue;
		}
		at.line[at.line_len] = '\0';
		if (at.line_len > 0 && at.baud != at.answers_at) {
			say(at.otherwise);
		} else if (at.line_len > 0) {
			say(at.line);
			say(strcmp(at.line, "AT+CGMR") == 0 ? "\r\r\nRevision:1418B05SIM800L24\r\n\r\nOK\r\n" : "\r\r\nOK\r\n");
		}
		at.line_len = 0;
	}
	return 0;
}

static long
at_recv(struct wire *w, char *into, size_t cap, uint64_t until_us, struct wire_when *when, struct err *e)
{
	size_t n = at.said_len < cap ? at.said_len : cap;

	(void)w, (void)e;
	if (n == 0 && until_us > at.now_us)
		at.now_us = until_us;
	memcpy(into, at.said, n);
	memmove(at.said, at.said + n, at.said_len - n);
	at.said_len -= n;
	when->after_us = when->at_us = at.now_us;
	return (long)n;
}

static uint64_t
at_now(struct wire *w)
{
	(void)w;
	return at.now_us;
}

static int
at_baud(struct wire *w, unsigned baud, struct err *e)
{
	(void)w, (void)e;
	if (!at.fixed)
		at.baud = baud;
	return at.fixed;
}

static void
at_close(struct wire *w)
{
	(void)w;
}

static const struct wire_ops ops = { .send = at_send, .recv = at_recv, .now = at_now, .baud = at_baud, .close = at_close };

static struct err err;

static int
find_on(const struct rig_options *options, const char *greeting, unsigned answers_at, const char *otherwise, bool fixed)
{
	struct rig_identity is;
	struct rig *r;
	int found;

	memset(&at, 0, sizeof(at));
	memset(&err, 0, sizeof(err));
	at.wire.ops = &ops;
	at.now_us = 1000000;
	at.baud = 9600;
	at.answers_at = answers_at;
	at.otherwise = otherwise;
	at.fixed = fixed;
	say(greeting);
	r = rig_new(&at.wire, options);
	found = rig_find(r, &is, &err);
	if (found == 0)
		assert_string_equal(is.revision, "1418B05SIM800L24");
	rig_wire(r)->ops->close(rig_wire(r));
	return found;
}

static int
find(unsigned answers_at, const char *otherwise, bool fixed)
{
	static const struct rig_options options = { .port = "/dev/ttyUSB0", .baud = 9600, .wait_us = 30000000 };

	return find_on(&options, "", answers_at, otherwise, fixed);
}

static void
assert_says(const char *text)
{
	assert_int_equal(err.status, EXIT_RIG);
	if (strstr(err.text, text) == NULL)
		fail_msg("%s; expected %s", err.text, text);
}

static void
a_module_at_the_given_rate_is_found(void **state)
{
	(void)state;
	assert_int_equal(find(9600, "", false), 0);
	assert_int_equal(at.baud, 9600);
}

static void
one_at_another_rate_is_named_with_it(void **state)
{
	(void)state;
	assert_int_equal(find(115200, "\x80\xfe\x03", false), -1);
	assert_says("only garbage at 9600 baud; the module answers at 115200: give the port as /dev/ttyUSB0,115200");
	assert_int_equal(at.baud, 9600);
	assert_int_equal(find(19200, "", false), -1);
	assert_says("no answer to AT at 9600 baud; the module answers at 19200");
}

static void
garbage_at_every_rate_is_garbage(void **state)
{
	(void)state;
	assert_int_equal(find(0, "\x80\xfe\x03", false), -1);
	assert_says("only garbage at 9600 baud (first \"\\x80\\xfe\\x03");
	assert_int_equal(find(115200, "\x80\xfe\x03", true), -1);
	assert_says("only garbage at 9600 baud");
	assert_int_equal(at.baud, 9600);
}

static void
a_silent_port_is_given_up_in_bounded_time(void **state)
{
	(void)state;
	assert_int_equal(find(0, "", false), -1);
	assert_says("no answer to AT at 9600 baud in 30 s");
	assert_in_range(at.now_us, 30000000, 33000000);
}

static void
text_and_echo_are_given_up_sooner(void **state)
{
	(void)state;
	assert_int_equal(find(0, "login: ", false), -1);
	assert_says("what answers is no module: it said \"login: ");
	assert_in_range(at.now_us, 1000000, 20000000);
}

/* Telnet doubles the bytes 255 of a payload: played on, such a port would blame the module for them. */
static void
a_port_that_begins_with_telnet_is_no_raw_one(void **state)
{
	static const struct rig_options tcp = { .port = "tcp:lab:4000", .wait_us = 3000000 };

	(void)state;
	assert_int_equal(find_on(&tcp, "\xff\xfb\x2c\xff\xfb\x03", 9600, "", true), -1);
	assert_says("tcp:lab:4000: the server speaks telnet (first \"\\xff\\xfb,");
	assert_says("give the port as rfc2217:lab:4000, or set the server to raw");
	assert_int_equal(find_on(&tcp, "\xff\xfd\x03", 0, "", true), -1);
	assert_says("the server speaks telnet");
	assert_int_equal(find_on(&tcp, "\r\nRDY\r\n", 9600, "", true), 0);
	assert_int_equal(find_on(&tcp, "\xff\xff\xfb", 9600, "", true), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_module_at_the_given_rate_is_found),
		cmocka_unit_test(one_at_another_rate_is_named_with_it),
		cmocka_unit_test(garbage_at_every_rate_is_garbage),
		cmocka_unit_test(a_silent_port_is_given_up_in_bounded_time),
		cmocka_unit_test(text_and_echo_are_given_up_sooner),
		cmocka_unit_test(a_port_that_begins_with_telnet_is_no_raw_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
