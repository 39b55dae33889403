/* What at_stems promises: each stem is found by its spelling, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "at_stems.h"

static struct span
stem_text(size_t row)
{
	const char *text = row < at_command_count ? at_commands[row].name : at_stems[row - at_command_count].text;

	return span_of(text, strnlen(text, AT_STEM_MAX));
}

static bool
stem_colon(size_t row)
{
	return row < at_command_count || at_stems[row - at_command_count].colon;
}

static size_t
stem_count(void)
{
	return at_command_count + at_stem_count;
}

/* What is known of a line of n bytes, both ways: alone in a block of its own size, and with more behind it. */
static struct at_known
known(const char *line, size_t n)
{
	char *alone = malloc(n > 0 ? n : 1);
	char more[64];
	struct at_known a, b;

	assert_non_null(alone);
	assert_true(n + AT_STEM_MAX <= sizeof(more));
	memcpy(alone, line, n);
	memset(more, ':', sizeof(more));
	memcpy(more, line, n);
	a = at_known_of(span_of(alone, n), n);
	b = at_known_of(span_of(more, n), n + AT_STEM_MAX);
	free(alone);
	assert_ptr_equal(a.facts, b.facts);
	assert_int_equal(a.prefix, b.prefix);
	assert_int_equal(a.says, b.says);
	assert_int_equal(a.final, b.final);
	return a;
}

/* The slots are a table, so that they may stand in flash memory; when a stem comes or goes, this prints what they must be. */
static void
the_slots_hold_each_stem_at_its_hash_or_in_the_next_free_one(void **state)
{
	static uint8_t slots[AT_STEM_SLOTS];
	(void)state;

	assert_in_range(stem_count(), 1, UINT8_MAX);
	memset(slots, 0, sizeof(slots));
	for (size_t row = 0; row < stem_count(); row++) {
		unsigned int i = at_stem_hash(stem_text(row), stem_colon(row));

		while (slots[i] != 0)
			i = (i + 1) % AT_STEM_SLOTS;
		slots[i] = (uint8_t)(row + 1);
	}
	if (memcmp(slots, at_stem_slots, sizeof(slots)) == 0)
		return;
	for (size_t i = 0; i < AT_STEM_SLOTS; i++)
		fprintf(stderr, "%s%u,%s", i % 16 == 0 ? "\t" : "", slots[i], i % 16 == 15 ? "\n" : " ");
	fail_msg("at_stem_slots in src/at_stems.c must be what is printed above");
}

static void
each_stem_is_found_and_says_what_its_row_says(void **state)
{
	(void)state;
	for (size_t row = 0; row < stem_count(); row++) {
		struct span stem = stem_text(row);
		char line[32] = "";
		struct at_known k;

		memcpy(line, stem.at, stem.len);
		line[stem.len] = ':';
		k = known(line, stem.len + stem_colon(row));
		assert_int_equal(k.prefix, stem_colon(row) ? stem.len : 0);
		if (row < at_command_count) {
			assert_ptr_equal(k.facts, &at_commands[row]);
			assert_int_equal(k.says, at_commands[row].says);
			assert_ptr_equal(at_command_named(stem), &at_commands[row]);
		} else {
			assert_null(k.facts);
			assert_int_equal(k.says, at_stems[row - at_command_count].says);
			assert_int_equal(k.final, at_stems[row - at_command_count].final);
		}
	}
}

static bool
nothing_is_known(const char *line, size_t n)
{
	struct at_known k = known(line, n);

	return k.facts == NULL && k.says == 0 && k.prefix == 0;
}

static void
a_stem_with_a_byte_more_less_or_other_is_not_found(void **state)
{
	(void)state;
	for (size_t row = 0; row < stem_count(); row++) {
		struct span stem = stem_text(row);
		char line[32] = "";

		/* the other ending: "OK:" is no result code, "+CSQ" no answer */
		memcpy(line, stem.at, stem.len);
		line[stem.len] = ':';
		assert_true(nothing_is_known(line, stem.len + !stem_colon(row)));
		/* a byte more, of which NUL is the one that pads */
		line[stem.len] = '\0';
		line[stem.len + 1] = ':';
		assert_true(nothing_is_known(line, stem.len + 1 + stem_colon(row)));
		line[stem.len] = '~';
		assert_true(nothing_is_known(line, stem.len + 1 + stem_colon(row)));
		/* each byte another */
		for (size_t i = 0; i < stem.len; i++) {
			memcpy(line, stem.at, stem.len);
			line[stem.len] = ':';
			line[i] ^= 0x20;
			assert_true(nothing_is_known(line, stem.len + stem_colon(row)));
		}
	}
	assert_true(nothing_is_known("", 0));
	assert_true(nothing_is_known(":", 1));
	assert_true(nothing_is_known("+CHARGE-ONLY MODES", 18));
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
		cmocka_unit_test(the_slots_hold_each_stem_at_its_hash_or_in_the_next_free_one),
		cmocka_unit_test(each_stem_is_found_and_says_what_its_row_says),
		cmocka_unit_test(a_stem_with_a_byte_more_less_or_other_is_not_found),
		cmocka_unit_test(a_command_is_named_in_any_case_and_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
