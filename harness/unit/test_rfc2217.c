/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include "rfc2217.h"

static struct rfc2217 client, server;
static struct rfc2217_event last; /* the last event but MORE, and bytes of it */
static char last_bytes[256];

/* Take everything from one to the other; how many bytes that were. */
static size_t
carry(struct rfc2217 *from, struct rfc2217 *to)
{
	char bytes[RFC2217_SAY_MAX];
	size_t n = rfc2217_pull(from, bytes, sizeof(bytes));
	struct span in = span_of(bytes, n);

	while (in.len > 0) {
		struct rfc2217_event event;
		size_t taken = rfc2217_feed(to, in, &event);

		assert_true(taken > 0);
		in = span_after(in, taken);
		if (event.kind == RFC2217_MORE)
			continue;
		last = event;
		if (event.bytes.len > 0)
			memcpy(last_bytes, event.bytes.at, event.bytes.len);
	}
	return n;
}

/* Until neither has anything to say. */
static void
settle(void)
{
	for (int turns = 0; turns < 10; turns++)
		if (carry(&client, &server) + carry(&server, &client) == 0)
			return;
	fail_msg("they answer each other for ever");
}

static int
setup(void **state)
{
	(void)state;
	rfc2217_init(&client, RFC2217_CLIENT);
	rfc2217_init(&server, RFC2217_SERVER);
	memset(&last, 0, sizeof(last));
	return 0;
}

static int
agreed(void **state)
{
	setup(state);
	settle();
	return 0;
}

static void
two_ends_agree_and_are_silent(void **state)
{
	(void)state;
	settle();
	assert_true(rfc2217_is_on(&client) && rfc2217_is_on(&server));
	assert_true(rfc2217_is_binary(&client) && rfc2217_is_binary(&server));
	assert_true(rfc2217_is_settled(&client) && rfc2217_is_settled(&server));
}

static void
nothing_is_said_before_the_option_is_on(void **state)
{
	(void)state;
	assert_false(rfc2217_say(&client, RFC2217_BAUD, 9600));
	assert_false(rfc2217_sign(&server, SPAN("x")));
}

static void
every_number_arrives(void **state)
{
	static const uint32_t bauds[] = { 0, 1, 255, 9600, 115200, 0xffffffff, 0xff00ff00 };

	(void)state;
	for (size_t i = 0; i < sizeof(bauds) / sizeof(bauds[0]); i++) {
		assert_true(rfc2217_say(&client, RFC2217_BAUD, bauds[i]));
		carry(&client, &server);
		assert_int_equal(last.kind, RFC2217_EVENT);
		assert_int_equal(last.command, RFC2217_BAUD);
		assert_int_equal(last.value, bauds[i]);
	}
	for (uint32_t value = 0; value < 256; value++) {
		assert_true(rfc2217_say(&server, RFC2217_MODEMSTATE, value));
		carry(&server, &client);
		assert_int_equal(last.command, RFC2217_MODEMSTATE);
		assert_int_equal(last.value, value);
	}
	assert_true(rfc2217_say(&client, RFC2217_SUSPEND, 0));
	carry(&client, &server);
	assert_int_equal(last.command, RFC2217_SUSPEND);
}

static void
the_wire_has_the_numbers_of_the_standard(void **state)
{
	char bytes[64];

	(void)state;
	rfc2217_say(&client, RFC2217_BAUD, 115200);
	assert_int_equal(rfc2217_pull(&client, bytes, sizeof(bytes)), 10);
	assert_memory_equal(bytes, "\xff\xfa\x2c\x01\x00\x01\xc2\x00\xff\xf0", 10);
	rfc2217_say(&server, RFC2217_CONTROL, RFC2217_DTR_ON);
	assert_int_equal(rfc2217_pull(&server, bytes, sizeof(bytes)), 7);
	assert_memory_equal(bytes, "\xff\xfa\x2c\x69\x08\xff\xf0", 7);
	rfc2217_say(&server, RFC2217_MODEMSTATE, 0xff);
	assert_int_equal(rfc2217_pull(&server, bytes, sizeof(bytes)), 8);
	assert_memory_equal(bytes, "\xff\xfa\x2c\x6b\xff\xff\xff\xf0", 8);
}

static void
a_signature_is_text(void **state)
{
	(void)state;
	assert_true(rfc2217_sign(&client, SPAN("")));
	carry(&client, &server);
	assert_int_equal(last.command, RFC2217_SIGNATURE);
	assert_int_equal(last.bytes.len, 0);
	assert_true(rfc2217_sign(&server, SPAN("who \xff am I")));
	carry(&server, &client);
	assert_int_equal(last.bytes.len, 10);
	assert_memory_equal(last_bytes, "who \xff am I", 10);
}

/* What is fed to one of them, and the one event that comes of it. */
static enum rfc2217_kind
kind_of(struct rfc2217 *r, struct span in)
{
	struct rfc2217_event event;

	assert_int_equal(rfc2217_feed(r, in, &event), in.len);
	return event.kind;
}

static void
what_means_nothing_is_a_fault(void **state)
{
	(void)state;
	assert_int_equal(kind_of(&server, SPAN("\xff\xfa\x2c\x01\x01\xff\xf0")), RFC2217_FAULT);
	assert_int_equal(kind_of(&server, SPAN("\xff\xfa\x2c\x63\x01\xff\xf0")), RFC2217_FAULT);
	assert_int_equal(kind_of(&server, SPAN("\xff\xfa\x2c\xff\xf0")), RFC2217_FAULT);
	assert_int_equal(kind_of(&server, SPAN("\xff\xfa\x2c\x69\x01\xff\xf0")), RFC2217_FAULT);
	assert_int_equal(kind_of(&server, SPAN("\xff\xfa\x18\x01\xff\xf0")), RFC2217_FAULT);
	assert_int_equal(kind_of(&client, SPAN("\xff\xfa\x2c\x71\x01\xff\xf0")), RFC2217_FAULT);
}

static void
the_clients_own_request_is_an_echo(void **state)
{
	(void)state;
	assert_int_equal(kind_of(&client, SPAN("\xff\xfa\x2c\x01\0\0\0\0\xff\xf0")), RFC2217_ECHOED);
	assert_int_equal(kind_of(&client, SPAN("\xff\xfa\x2c\x05\x08\xff\xf0")), RFC2217_ECHOED);
}

static void
pyserial_asks_for_the_state_with_nothing(void **state)
{
	(void)state;
	assert_int_equal(kind_of(&server, SPAN("\xff\xfa\x2c\x07\xff\xf0")), RFC2217_EVENT);
}

static void
a_peer_that_does_not_read_is_not_read(void **state)
{
	char bytes[4096];
	struct span in = span_of(bytes, sizeof(bytes));
	size_t fed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)"\xff\xfb\x18"[i % 3];
	for (;;) {
		struct rfc2217_event event;
		size_t n = rfc2217_feed(&server, in, &event);

		fed += n;
		in = span_after(in, n);
		if (n == 0)
			break;
	}
	assert_true(fed <= RFC2217_SAY_MAX + 3);
	assert_true(server.say_len <= RFC2217_SAY_MAX);
	assert_false(rfc2217_say(&server, RFC2217_BAUD, 1));
	rfc2217_pull(&server, bytes, sizeof(bytes));
	assert_true(rfc2217_say(&server, RFC2217_BAUD, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(two_ends_agree_and_are_silent, setup),
		cmocka_unit_test_setup(nothing_is_said_before_the_option_is_on, setup),
		cmocka_unit_test_setup(every_number_arrives, agreed),
		cmocka_unit_test_setup(the_wire_has_the_numbers_of_the_standard, agreed),
		cmocka_unit_test_setup(a_signature_is_text, agreed),
		cmocka_unit_test_setup(what_means_nothing_is_a_fault, agreed),
		cmocka_unit_test_setup(the_clients_own_request_is_an_echo, agreed),
		cmocka_unit_test_setup(pyserial_asks_for_the_state_with_nothing, agreed),
		cmocka_unit_test_setup(a_peer_that_does_not_read_is_not_read, agreed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
