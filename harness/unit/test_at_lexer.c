#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "at_lexer.h"
#include "escape.h"
#include "reference_lexer.h"

static char events[65536];
static struct at_lexer lx;

static void
note(const struct at_token *t)
{
	static const char *const names[] = { "more", "line", "data", "cut" };
	size_t n = strlen(events);

	n += (size_t)snprintf(
	    events + n, sizeof(events) - n, "%s %llu+%llu ", names[t->kind], (unsigned long long)t->offset, (unsigned long long)t->length);
	if (t->kind == AT_LINE)
		n += (size_t)snprintf(
		    events + n, sizeof(events) - n, "%s%llu%s ", t->cr > 0 ? "CR" : "", (unsigned long long)t->cr, t->lf ? "LF" : "");
	n += escape_bytes(events + n, sizeof(events) - n - 2, span_first(t->text, 40));
	strcat(events, "\n");
}

/* Feed s in blocks of exactly step bytes; raw: so many bytes after the first line are data. */
static void
lex(struct span s, size_t step, uint64_t raw)
{
	struct at_token t;

	while (s.len > 0) {
		size_t n = step < s.len ? step : s.len, done = 0;
		char *block = memcpy(malloc(n), s.at, n);

		for (;;) {
			done += at_lexer_feed(&lx, span_of(block + done, n - done), &t);
			if (t.kind == AT_MORE)
				break;
			note(&t);
			if (raw > 0 && t.kind == AT_LINE && t.length > 0) {
				at_lexer_data(&lx, raw);
				raw = 0;
			}
		}
		assert_int_equal(done, n);
		free(block);
		s = span_after(s, n);
	}
	for (at_lexer_end(&lx, &t); t.kind != AT_MORE; at_lexer_end(&lx, &t))
		note(&t);
}

static void
expect_events(struct span s, bool numeric, const char *expected)
{
	for (size_t step = 1; step <= s.len + 1; step++) {
		events[0] = '\0';
		at_lexer_init(&lx);
		lx.numeric = numeric;
		lex(s, step, 0);
		assert_string_equal(events, expected);
	}
}

static void
a_line_ends_at_lf_with_the_crs_before_it(void **state)
{
	(void)state;
	expect_events(SPAN("\r\nOK\r\n"), false, "line 0+0 CR1LF \nline 2+2 CR1LF OK\n");
	expect_events(SPAN("A\nB\r\nC\r\r\nD\r\r\r\n"), false, "line 0+1 0LF A\nline 2+1 CR1LF B\nline 5+1 CR2LF C\nline 9+1 CR3LF D\n");
	expect_events(SPAN("\n\n\r\r\n"), false, "line 0+0 0LF \nline 1+0 0LF \nline 2+0 CR2LF \n");
}

static void
a_cr_alone_ends_an_echo_and_what_stands_before_one(void **state)
{
	(void)state;
	expect_events(SPAN("AT+CSQ\rat\r"), false, "line 0+6 CR1 AT+CSQ\nline 7+2 CR1 at\n");
	expect_events(SPAN("B\rAT\r\n"), false, "line 0+1 CR1 B\nline 2+2 CR1 AT\nline 5+0 0LF \n");
	expect_events(SPAN("A/\r\n"), false, "line 0+2 CR1LF A/\n");
	expect_events(SPAN("\rOK\r\n"), false, "line 0+0 CR1 \nline 1+2 CR1LF OK\n");
	expect_events(SPAN("A/B\r\rC\n"), false, "line 0+6 0LF A/B\\r\\rC\n");
	expect_events(SPAN("\0IIII\xff\xff\xff\xff"
			   "AT\r\r\n"),
	    false, "line 0+11 CR1 \\x00IIII\\xff\\xff\\xff\\xffAT\nline 12+0 CR1LF \n");
}

static void
a_cr_alone_ends_a_digit(void **state)
{
	(void)state;
	expect_events(SPAN("0\rAT\r"), false, "line 0+1 CR1 0\nline 2+2 CR1 AT\n");
	expect_events(SPAN("0\r\r\nX\n"), false, "line 0+1 CR2LF 0\nline 4+1 0LF X\n");
	expect_events(SPAN("4\r"), false, "line 0+1 CR1 4\n");
	expect_events(SPAN("4\r\nX\n"), true, "line 0+1 CR1 4\nline 2+0 0LF \nline 3+1 0LF X\n");
	expect_events(SPAN("44\rX\n"), true, "line 0+4 0LF 44\\rX\n");
}

static void
what_was_sent_without_at_ends_at_its_cr(void **state)
{
	(void)state;
	at_lexer_init(&lx);
	lx.echo = SPAN("HTTPTERM");
	events[0] = '\0';
	lex(SPAN("HTTPTERM\rAT\r"), 1, 0);
	assert_string_equal(events, "line 0+8 CR1 HTTPTERM\nline 9+2 CR1 AT\n");
}

static void
the_end_shows_what_is_not_complete(void **state)
{
	(void)state;
	expect_events(SPAN("OK"), false, "cut 0+2 OK\n");
	expect_events(SPAN("OK\r"), false, "cut 0+2 OK\n");
	expect_events(SPAN("\r\n\r"), false, "line 0+0 CR1LF \n");
	for (size_t step = 1; step < 9; step++) {
		char *last;

		events[0] = '\0';
		at_lexer_init(&lx);
		lex(SPAN("N\nab\r\n"), step, 5);
		last = strstr(events, "cut");
		assert_non_null(last);
		assert_string_equal(last, "cut 2+4 ab\\r\\n\n");
	}
}

static void
data_comes_in_pieces_that_add_up(void **state)
{
	struct span s = SPAN("N\r\n\r\nOK\r\n\r\nX\r\n");

	(void)state;
	for (size_t step = 1; step <= s.len; step++) {
		struct at_token t;
		char got[16];
		size_t n = 0, at = 0;
		bool last = false;

		at_lexer_init(&lx);
		while (at < s.len && !last) {
			struct span in = span_first(span_after(s, at), step);

			at += at_lexer_feed(&lx, in, &t);
			if (t.kind == AT_LINE && t.length == 1)
				at_lexer_data(&lx, 8);
			if (t.kind != AT_DATA)
				continue;
			assert_int_equal(t.done, n);
			assert_int_equal(t.length, 8);
			assert_int_equal(t.offset, 3 + n);
			memcpy(got + n, t.text.at, t.text.len);
			n += t.text.len;
			last = t.last;
		}
		assert_int_equal(n, 8);
		assert_memory_equal(got, "\r\nOK\r\n\r\n", 8);
		assert_int_equal(at_lexer_feed(&lx, span_after(s, at), &t), 3);
		assert_true(t.kind == AT_LINE && span_equal(t.text, SPAN("X")));
	}
}

static void
a_long_line_keeps_its_true_length(void **state)
{
	const size_t n = 3 * AT_LINE_MAX + 1;
	char *s = malloc(n + 5);

	(void)state;
	memset(s, 'x', n);
	memset(s + 10, '\r', n - 20);
	memcpy(s + n, "\r\nOK\n", 5);
	for (size_t step = 1; step <= n + 5; step = step * 3 + 1) {
		char expected[64];
		struct at_token t;
		size_t at = 0;

		at_lexer_init(&lx);
		do
			at += at_lexer_feed(&lx, span_first(span_of(s + at, n + 5 - at), step), &t);
		while (t.kind == AT_MORE);
		assert_int_equal(t.length, n);
		assert_int_equal(t.text.len, AT_LINE_MAX);
		assert_memory_equal(t.text.at, s, AT_LINE_MAX);
		assert_true(t.lf && t.cr == 1 && t.offset == 0);
		events[0] = '\0';
		lex(span_of(s + at, n + 5 - at), step, 0);
		snprintf(expected, sizeof(expected), "line %zu+2 0LF OK\n", n + 2);
		assert_string_equal(events, expected);
	}
	free(s);
}

static void
junk_is_control_bytes_high_bytes_and_the_start_up_bytes(void **state)
{
	(void)state;
	assert_int_equal(at_lexer_junk(SPAN("")), 0);
	assert_int_equal(at_lexer_junk(SPAN("OK")), 0);
	assert_int_equal(at_lexer_junk(SPAN("\0\0OK\0")), 2);
	assert_int_equal(at_lexer_junk(SPAN("\x80\xff\x1b\x7f~")), 4);
	assert_int_equal(at_lexer_junk(SPAN("\0IIII\xff\xff\xff\xff"
					    "RDY")),
	    9);
	assert_int_equal(at_lexer_junk(SPAN("\0IIII\xff\xff\xff")), 1);
	assert_int_equal(at_lexer_junk(SPAN("IIII")), 0);
}

/* Every stream of up to six bytes that the rules name, in either mode. */
static void
every_short_stream_has_the_tokens_of_the_reference(void **state)
{
	static const char alphabet[] = { 'A', 't', '\r', '\n', '0', 'x' };
	static const struct span modes[] = { { "", 0 }, { "numeric\n", 8 } };

	(void)state;
	for (size_t mode = 0; mode < sizeof(modes) / sizeof(modes[0]); mode++) {
		size_t streams = 1, head = modes[mode].len;

		for (size_t n = 0; n <= 6; n++, streams *= sizeof(alphabet)) {
			char *block = malloc(head + n + 1);

			memcpy(block, modes[mode].at, head);
			for (size_t stream = 0; stream < streams; stream++) {
				size_t rest = stream;

				for (size_t i = 0; i < n; i++) {
					block[head + i] = alphabet[rest % sizeof(alphabet)];
					rest /= sizeof(alphabet);
				}
				check_lexer(span_of(block, head + n));
			}
			free(block);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_ends_at_lf_with_the_crs_before_it),
		cmocka_unit_test(a_cr_alone_ends_an_echo_and_what_stands_before_one),
		cmocka_unit_test(a_cr_alone_ends_a_digit),
		cmocka_unit_test(what_was_sent_without_at_ends_at_its_cr),
		cmocka_unit_test(the_end_shows_what_is_not_complete),
		cmocka_unit_test(data_comes_in_pieces_that_add_up),
		cmocka_unit_test(a_long_line_keeps_its_true_length),
		cmocka_unit_test(junk_is_control_bytes_high_bytes_and_the_start_up_bytes),
		cmocka_unit_test(every_short_stream_has_the_tokens_of_the_reference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
