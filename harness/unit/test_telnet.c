/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include "telnet.h"

#define BINARY TELNET_BIT(TELNET_BINARY)

static struct telnet t;
static char data[1024], answers[1024], told[1024];
static size_t data_len, answers_len, told_len;

/* Append one character for what kind of event it was. */
static void
note(const struct telnet_event *event)
{
	static const char letters[] = {
		[TELNET_COMMAND] = 'c', [TELNET_CHANGE] = 'o', [TELNET_SUBNEGOTIATION] = 's', [TELNET_FAULT] = 'f'
	};

	memcpy(answers + answers_len, event->answer, event->answer_len);
	answers_len += event->answer_len;
	if (event->kind == TELNET_DATA) {
		memcpy(data + data_len, event->bytes.at, event->bytes.len);
		data_len += event->bytes.len;
	} else if (event->kind != TELNET_MORE) {
		told[told_len++] = letters[event->kind];
		told[told_len] = '\0';
	}
}

/* Feed from an exact-size block, in pieces of n bytes. */
static void
feed_pieces(const char *bytes, size_t len, size_t n)
{
	while (len > 0) {
		size_t piece = len < n ? len : n;
		char *block = malloc(piece);
		struct span in = span_of(block, piece);

		memcpy(block, bytes, piece);
		while (in.len > 0) {
			struct telnet_event event;

			in = span_after(in, telnet_feed(&t, in, &event));
			note(&event);
		}
		free(block);
		bytes += piece;
		len -= piece;
	}
}

static void
start(uint64_t ours, uint64_t theirs)
{
	telnet_init(&t, ours, theirs);
	data_len = answers_len = told_len = 0;
	told[0] = '\0';
}

/* The same comes out, however it is cut. */
static void
check(uint64_t theirs_on, const char *bytes, size_t len, const char *want, size_t want_len, const char *want_told, const char *answer,
    size_t answer_len)
{
	for (size_t n = 1; n <= len; n++) {
		start(BINARY, BINARY);
		t.on[TELNET_THEIRS] = theirs_on;
		feed_pieces(bytes, len, n);
		assert_int_equal(data_len, want_len);
		assert_memory_equal(data, want, want_len);
		assert_string_equal(told, want_told);
		assert_int_equal(answers_len, answer_len);
		assert_memory_equal(answers, answer, answer_len);
	}
}

#define CHECK(on, bytes, want, told, answer) check(on, bytes, sizeof(bytes) - 1, want, sizeof(want) - 1, told, answer, sizeof(answer) - 1)

static void
text_has_nul_behind_cr_and_iac_twice(void **state)
{
	(void)state;
	CHECK(0, "AT\r\0+X\r\nOK\xff\xff\r\r\0.", "AT\r+X\r\nOK\xff\r\r.", "", "");
	/* A NUL elsewhere is data; commands in between make no difference. */
	CHECK(0, "\0a\0\r\xff\xf1\0\0b", "\0a\0\r\0b", "c", "");
}

static void
binary_is_as_it_is_but_for_iac(void **state)
{
	(void)state;
	CHECK(BINARY, "\r\0\r\n\0\xff\xff", "\r\0\r\n\0\xff", "", "");
}

static void
what_is_wanted_is_agreed_to_once(void **state)
{
	(void)state;
	CHECK(0, "\xff\xfb\0\xff\xfb\0\xff\xfd\0", "", "oo", "\xff\xfd\0\xff\xfb\0");
	CHECK(0, "\xff\xfb\0\xff\xfc\0\xff\xfc\0", "", "oo", "\xff\xfd\0\xff\xfe\0");
}

static void
what_is_not_wanted_is_declined_each_time(void **state)
{
	(void)state;
	CHECK(0, "\xff\xfb\x18\xff\xfd\x18\xff\xfd\xff\xff\xfe\x18", "", "ooo", "\xff\xfe\x18\xff\xfc\x18\xff\xfc\xff");
}

static void
a_peer_that_changes_its_mind_for_ever_is_not_followed(void **state)
{
	(void)state;
	start(BINARY, BINARY);
	for (int i = 0; i < 2 * TELNET_AGREED_MAX; i++)
		feed_pieces("\xff\xfb\0\xff\xfc\0", 6, 6);
	assert_false(telnet_is_on(&t, TELNET_THEIRS, TELNET_BINARY));
	/* Yes and no at first, then no to the one and nothing to the other. */
	assert_int_equal(answers_len, TELNET_AGREED_MAX * 6 + TELNET_AGREED_MAX * 3);
	assert_memory_equal(answers + answers_len - 3, "\xff\xfe\0", 3);
}

static void
a_yes_to_what_was_asked_is_not_answered(void **state)
{
	char asked[TELNET_ANSWER_MAX];

	(void)state;
	start(BINARY, BINARY);
	assert_int_equal(telnet_ask(&t, TELNET_OURS, TELNET_BINARY, asked), 3);
	assert_memory_equal(asked, "\xff\xfb\0", 3);
	assert_int_equal(telnet_ask(&t, TELNET_OURS, TELNET_BINARY, asked), 0);
	feed_pieces("\xff\xfd\0", 3, 3);
	assert_int_equal(answers_len, 0);
	assert_true(telnet_is_on(&t, TELNET_OURS, TELNET_BINARY));
	assert_false(telnet_is_on(&t, TELNET_THEIRS, TELNET_BINARY));
}

static void
a_no_to_what_was_asked_is_not_answered(void **state)
{
	char asked[TELNET_ANSWER_MAX];

	(void)state;
	start(BINARY, BINARY);
	telnet_ask(&t, TELNET_THEIRS, TELNET_BINARY, asked);
	assert_memory_equal(asked, "\xff\xfd\0", 3);
	feed_pieces("\xff\xfc\0\xff\xfc\0", 6, 6);
	assert_int_equal(answers_len, 0);
	assert_string_equal(told, "o");
	assert_false(telnet_is_on(&t, TELNET_THEIRS, TELNET_BINARY));
}

static void
a_subnegotiation_is_one_event(void **state)
{
	struct telnet_event event;

	(void)state;
	start(0, 0);
	assert_int_equal(telnet_feed(&t, SPAN("\xff\xfa\x2c\x01\xff\xff\x02\xff\xf0rest"), &event), 9);
	assert_int_equal(event.kind, TELNET_SUBNEGOTIATION);
	assert_int_equal(event.code, TELNET_COM_PORT);
	assert_int_equal(event.bytes.len, 3);
	assert_memory_equal(event.bytes.at, "\x01\xff\x02", 3);
	CHECK(0,
	    "a\xff\xfa\x2c\x01\xff\xf0"
	    "b",
	    "ab", "s", "");
}

static void
one_that_is_too_long_is_skipped_and_told_once(void **state)
{
	char bytes[600] = "\xff\xfa\x2c";

	(void)state;
	memset(bytes + 3, 'x', 500);
	memcpy(bytes + 503, "\xff\xf0ok", 4);
	for (size_t n = 1; n < 600; n += 13) {
		start(0, 0);
		feed_pieces(bytes, 507, n);
		assert_string_equal(told, "f");
		assert_int_equal(data_len, 2);
		assert_memory_equal(data, "ok", 2);
	}
}

static void
what_is_no_telnet_is_a_fault_and_over(void **state)
{
	(void)state;
	CHECK(0,
	    "\xff"
	    "a",
	    "", "f", "");
	CHECK(0, "\xff\xf0z", "z", "f", "");
	CHECK(0, "\xff\xfa\xff\xf0z", "z", "f", "");
	/* One that was never ended is over with the next command, which counts. */
	CHECK(0, "\xff\xfa\x2c\x01\xff\xfb\0z", "z", "fo", "\xff\xfd\0");
}

static void
data_is_written_as_the_peer_reads_it(void **state)
{
	static const char all[] = "\r\n\xff\r\0\xff\xff\r";

	(void)state;
	for (int binary = 0; binary < 2; binary++) {
		for (size_t cap = 2; cap < 24; cap++) {
			struct span from = span_of(all, sizeof(all) - 1);
			char bytes[64];
			size_t len = 0;

			start(BINARY, BINARY);
			t.on[TELNET_OURS] = t.on[TELNET_THEIRS] = binary ? BINARY : 0;
			while (from.len > 0) {
				size_t n = telnet_encode(&t, &from, bytes + len, cap);

				assert_true(n > 0 && n <= cap);
				len += n;
			}
			assert_int_equal(len, sizeof(all) - 1 + (binary ? 3 : 6));
			feed_pieces(bytes, len, 5);
			assert_int_equal(data_len, sizeof(all) - 1);
			assert_memory_equal(data, all, data_len);
		}
	}
}

static void
while_binary_is_asked_for_cr_goes_alone(void **state)
{
	struct span from = SPAN("AT\r");
	char bytes[8];

	(void)state;
	start(BINARY, BINARY);
	telnet_ask(&t, TELNET_OURS, TELNET_BINARY, bytes);
	assert_int_equal(telnet_encode(&t, &from, bytes, sizeof(bytes)), 3);
	feed_pieces("\xff\xfe\0", 3, 3);
	from = SPAN("AT\r");
	assert_int_equal(telnet_encode(&t, &from, bytes, sizeof(bytes)), 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_has_nul_behind_cr_and_iac_twice),
		cmocka_unit_test(binary_is_as_it_is_but_for_iac),
		cmocka_unit_test(what_is_wanted_is_agreed_to_once),
		cmocka_unit_test(what_is_not_wanted_is_declined_each_time),
		cmocka_unit_test(a_peer_that_changes_its_mind_for_ever_is_not_followed),
		cmocka_unit_test(a_yes_to_what_was_asked_is_not_answered),
		cmocka_unit_test(a_no_to_what_was_asked_is_not_answered),
		cmocka_unit_test(a_subnegotiation_is_one_event),
		cmocka_unit_test(one_that_is_too_long_is_skipped_and_told_once),
		cmocka_unit_test(what_is_no_telnet_is_a_fault_and_over),
		cmocka_unit_test(data_is_written_as_the_peer_reads_it),
		cmocka_unit_test(while_binary_is_asked_for_cr_goes_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
