/* A transcript is case language, bounded, and without secrets. */
#include "case_text.h"
#include "transcript.h"

static struct transcript transcript;
static struct mask mask;
static char text[TRANSCRIPT_MAX + 512];

static void
start(void)
{
	mask_clear(&mask);
	transcript_start(&transcript, &mask, 1000000);
	transcript_plain(&transcript, "title  ", SPAN("A case"));
	transcript_plain(&transcript, "spec   ", SPAN("A document, 1.1"));
}

static const char *
written(void)
{
	struct span s = transcript_text_of(&transcript);

	assert_true(s.len < sizeof(text));
	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	return text;
}

static void
lines_carry_their_moment_as_a_comment(void **state)
{
	(void)state;
	start();
	transcript_text(&transcript, ">", SPAN("AT"), "ends LF", 1020000);
	transcript_text(&transcript, "<", SPAN("OK"), "", 2345000);
	assert_string_equal(written(), "title   A case\nspec    A document, 1.1\n> AT  ends LF  # 0.020s\n< OK  # 1.345s\n");
}

static void
what_is_written_reads_back_as_the_same_bytes(void **state)
{
	static const char odd[] = "+X: {a|b} \\ # \"q\"  two blanks";
	const struct step *s;

	(void)state;
	start();
	transcript_text(&transcript, ">", SPAN("AT"), "", 1000000);
	transcript_text(&transcript, "<", span_str(odd), "", 1000000);
	transcript_string(&transcript, "<<", span_of("\0\r\n\"{}\\\xff", 8), 1000000);
	assert_reads(written());
	s = parsed.steps->next;
	assert_int_equal(s->kind, STEP_EXPECT);
	assert_int_equal(s->text->count, 1);
	assert_int_equal(s->text->part[0].literal.len, sizeof(odd) - 1);
	assert_memory_equal(s->text->part[0].literal.at, odd, sizeof(odd) - 1);
	s = s->next;
	assert_int_equal(s->kind, STEP_RAW);
	assert_int_equal(s->raw.len, 8);
	assert_memory_equal(s->raw.at, "\0\r\n\"{}\\\xff", 8);
}

static void
long_bytes_are_written_whole_over_lines(void **state)
{
	char bytes[1300];
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7);
	start();
	transcript_string(&transcript, "<<", span_of(bytes, sizeof(bytes)), 1000000);
	assert_reads(written());
	for (const struct step *s = parsed.steps; s != NULL; s = s->next) {
		assert_memory_equal(s->raw.at, bytes + seen, s->raw.len);
		seen += s->raw.len;
	}
	assert_int_equal(seen, sizeof(bytes));
}

static void
a_long_one_keeps_its_first_and_its_last_part(void **state)
{
	struct span s;
	char line[64];

	(void)state;
	start();
	for (int i = 0; i < 100000; i++) {
		snprintf(line, sizeof(line), "AT+LINE=%d", i);
		transcript_text(&transcript, ">", span_str(line), "", 1000000);
	}
	s = transcript_text_of(&transcript);
	assert_true(s.len <= TRANSCRIPT_MAX + 64);
	assert_true(s.len > TRANSCRIPT_MAX / 2);
	written();
	assert_non_null(strstr(text, "> AT+LINE=0  # 0.000s\n"));
	assert_non_null(strstr(text, "> AT+LINE=99999  # 0.000s\n"));
	assert_non_null(strstr(text, "lines are not shown\n"));
	assert_null(strstr(text, "> AT+LINE=50000 "));
}

static void
a_secret_is_masked_wherever_it_comes(void **state)
{
	(void)state;
	start();
	mask_learn(&mask, SPAN("AT+FTPPW=\"hunter2\""));
	transcript_text(&transcript, ">", SPAN("AT+FTPPW=\"hunter2\""), "", 1000000);
	transcript_string(&transcript, "<<", SPAN("hunter2\r\n"), 1000000);
	transcript_comment(&transcript, SPAN("saw PASS hunter2"), 1000000);
	assert_null(strstr(written(), "hunter2"));
	assert_non_null(strstr(text, "> AT+FTPPW=\"*****\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_carry_their_moment_as_a_comment),
		cmocka_unit_test(what_is_written_reads_back_as_the_same_bytes),
		cmocka_unit_test(long_bytes_are_written_whole_over_lines),
		cmocka_unit_test(a_long_one_keeps_its_first_and_its_last_part),
		cmocka_unit_test(a_secret_is_masked_wherever_it_comes),
	};
	int failed = cmocka_run_group_tests_name("transcript", tests, folder_make, folder_remove);

	forget();
	return failed;
}
