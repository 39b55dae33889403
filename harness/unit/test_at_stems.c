/* What at_stems promises: each stem is found by its spelling, and nothing else is. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "at_stems.h"
#include "prng.h"

static struct span
stem_text(const struct at_command_facts *row)
{
	return span_of(row->name, strnlen(row->name, AT_STEM_MAX));
}

static bool
has_colon(const struct at_command_facts *row)
{
	return row->says >= AT_SAYS_ERROR;
}

/* The row of a line of n bytes, both ways: alone in a block of its own size, and with more behind it. */
static const struct at_command_facts *
row_of(const char *line, size_t n)
{
	char *alone = malloc(n > 0 ? n : 1);
	const struct at_command_facts *a, *b;
	char more[64];

	assert_non_null(alone);
	assert_true(n + AT_STEM_MAX <= sizeof(more));
	memcpy(alone, line, n);
	memset(more, ':', sizeof(more));
	memcpy(more, line, n);
	a = at_stem_row(span_of(alone, n));
	b = at_stem_row_in(span_of(more, n));
	free(alone);
	assert_ptr_equal(a, b);
	if (a != NULL)
		assert_int_equal(at_stem_prefix(a, span_of(line, n)).len, has_colon(a) ? stem_text(a).len : 0);
	return a;
}

static struct at_stem
stem_of(const struct at_command_facts *row)
{
	return at_stem_of(row->name, stem_text(row).len, has_colon(row));
}

/* Fill the slots.  false: two rows share one. */
static bool
fill(uint8_t slots[AT_STEM_SLOTS], uint64_t by_low, uint64_t by_high)
{
	memset(slots, (int)at_stem_count, AT_STEM_SLOTS);
	for (size_t i = 0; i < at_stem_count; i++) {
		unsigned int slot = at_stem_hash(stem_of(&at_commands[i]), by_low, by_high);

		if (slots[slot] != at_stem_count)
			return false;
		slots[slot] = (uint8_t)i;
	}
	return true;
}

/* The slots are a table, so that they may stand in flash memory; when a row comes or goes, this prints what they must be. */
static void
each_row_has_a_slot_of_its_own(void **state)
{
	static uint8_t slots[AT_STEM_SLOTS];
	uint64_t by_low = AT_STEM_LOW, by_high = AT_STEM_HIGH;
	struct prng r;
	(void)state;

	assert_in_range(at_stem_count, 1, UINT8_MAX);
	assert_int_equal(sizeof(at_stem_slots), AT_STEM_SLOTS);
	for (size_t i = 0; i < at_stem_count; i++)
		assert_in_range(stem_text(&at_commands[i]).len, 1, AT_STEM_MAX - 1);
	prng_seed(&r, 800);
	while (!fill(slots, by_low, by_high)) {
		by_low = prng_next(&r) | 1;
		by_high = prng_next(&r) | 1;
	}
	if (by_low == AT_STEM_LOW && memcmp(slots, at_stem_slots, sizeof(slots)) == 0)
		return;
	fprintf(stderr, "#define AT_STEM_LOW 0x%" PRIx64 "u\n#define AT_STEM_HIGH 0x%" PRIx64 "u\n", by_low, by_high);
	for (size_t i = 0; i < AT_STEM_SLOTS; i++)
		fprintf(stderr, "%s%u,%s", i % 16 == 0 ? "\t" : "", slots[i], i % 16 == 15 ? "\n" : " ");
	fail_msg("src/at_stems.[ch] must hold what is printed above");
}

static void
the_commands_come_first_and_only_they_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < at_stem_count; i++)
		assert_int_equal((at_commands[i].says & AT_SAYS_ANSWER) != 0, i < at_command_count);
}

/* What looks like an echo, a result code of ATV0 or start-up bytes has rules of its own, which a row would hide. */
static void
no_stem_looks_like_an_echo_a_digit_or_start_up_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < at_stem_count; i++) {
		struct span s = stem_text(&at_commands[i]);

		assert_false(s.at[0] == 'A' && s.len > 1 && (s.at[1] == 'T' || s.at[1] == '/'));
		assert_false(s.at[0] >= '0' && s.at[0] <= '9');
		assert_false(s.len >= 4 && memcmp(s.at, "IIII", 4) == 0);
		assert_in_range(s.at[0], 0x21, 0x7e);
	}
}

static void
each_row_is_found_by_its_stem(void **state)
{
	(void)state;
	for (size_t i = 0; i < at_stem_count; i++) {
		const struct at_command_facts *row = &at_commands[i];
		struct span stem = stem_text(row);
		char line[32] = "";

		memcpy(line, stem.at, stem.len);
		line[stem.len] = ':';
		assert_ptr_equal(row_of(line, stem.len + has_colon(row)), row);
		assert_ptr_equal(at_command_named(stem), i < at_command_count ? row : NULL);
	}
}

static void
a_stem_with_a_byte_more_less_or_other_is_not_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < at_stem_count; i++) {
		const struct at_command_facts *row = &at_commands[i];
		struct span stem = stem_text(row);
		char line[32] = "";

		/* the other ending: "OK:" is no result code, "+CSQ" no answer */
		memcpy(line, stem.at, stem.len);
		line[stem.len] = ':';
		assert_null(row_of(line, stem.len + !has_colon(row)));
		/* a byte more */
		line[stem.len + 1] = ':';
		line[stem.len] = '~';
		assert_null(row_of(line, stem.len + 1 + has_colon(row)));
		/* each byte another */
		for (size_t at = 0; at < stem.len; at++) {
			memcpy(line, stem.at, stem.len);
			line[stem.len] = ':';
			line[at] ^= 0x20;
			assert_null(row_of(line, stem.len + has_colon(row)));
		}
	}
	assert_null(row_of(":", 1));
	assert_null(row_of("::", 2));
	assert_null(row_of("+FTPPUTFRMFSSSSS", 16));
	assert_null(row_of("+FTPPUTFRMFSSSSS:", 17));
}

static void
a_command_is_named_in_any_case_and_whole(void **state)
{
	(void)state;
	assert_ptr_equal(at_command_named(SPAN("+httpRead")), at_command_named(SPAN("+HTTPREAD")));
	assert_ptr_equal(at_command_named(SPAN("e")), at_command_named(SPAN("E")));
	assert_null(at_command_named(SPAN("+HTTPREAD\0")));
	assert_null(at_command_named(SPAN("+HTTPREAD:")));
	assert_null(at_command_named(SPAN("+HTTPREADHTTPREAD")));
	assert_null(at_command_named(SPAN("OK")));
	assert_null(at_command_named(SPAN("+CME ERROR")));
	assert_null(at_command_named(SPAN("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_has_a_slot_of_its_own),
		cmocka_unit_test(the_commands_come_first_and_only_they_answer),
		cmocka_unit_test(no_stem_looks_like_an_echo_a_digit_or_start_up_bytes),
		cmocka_unit_test(each_row_is_found_by_its_stem),
		cmocka_unit_test(a_stem_with_a_byte_more_less_or_other_is_not_found),
		cmocka_unit_test(a_command_is_named_in_any_case_and_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
