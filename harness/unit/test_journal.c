#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>
#include <jansson.h>

#include "journal_cases.h"

static char *path;
static struct err err;

static int
start(void **state)
{
	(void)state;
	path = temporary();
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	unlink(path);
	free(path);
	return 0;
}

static struct journal *
create(void)
{
	struct journal_head head = head_of("sim800-r14.18", "R14.18", "1/4", 3);
	struct journal *j = journal_create(path, &head, &err);

	assert_non_null(j);
	return j;
}

static void
write_case(struct journal *j, const struct journal_case *c)
{
	assert_int_equal(journal_write(j, c, &err), 0);
}

static void
what_was_written_is_read_again(void **state)
{
	struct journal_case in = case_of("http/get", "A title with \"quotes\" and \\ and \xc3\xa4", VERDICT_FAIL, 2), out;
	struct journal *j = create();
	struct journal_reader *r;
	int status;

	(void)state;
	in.informational = true;
	in.outcome.notes = 1;
	in.outcome.note[0].line = 7;
	strcpy(in.outcome.note[0].text, "DCD is not shown here");
	in.outcome.notes_more = 2;
	write_case(j, &in);
	assert_int_equal(journal_end(j, 1, &err), 0);
	assert_int_equal(journal_close(j, &err), 0);
	r = journal_open(path, &err);
	assert_non_null(r);
	assert_string_equal(journal_head_of(r)->profile, "sim800-r14.18");
	assert_string_equal(journal_head_of(r)->shard, "1/4");
	assert_true(journal_head_of(r)->seed == UINT64_MAX && journal_head_of(r)->selected == 3);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(journal_next(r, &out, &err), 1);
		assert_true(span_equal(in.title, out.title) && span_equal(in.path, out.path) && span_equal(in.area, out.area));
		assert_true(span_equal(in.document, out.document) && span_equal(in.clause, out.clause));
		assert_true(in.row == out.row && in.hash == out.hash && in.attempt == out.attempt && in.started == out.started);
		assert_true(in.real_us == out.real_us && out.informational);
		assert_int_equal(out.outcome.verdict, VERDICT_FAIL);
		assert_string_equal(out.outcome.message, in.outcome.message);
		assert_string_equal(out.outcome.expected, in.outcome.expected);
		assert_string_equal(out.outcome.received, in.outcome.received);
		assert_string_equal(out.outcome.path, in.outcome.path);
		assert_true(out.outcome.line == 12 && out.outcome.column == 3 && out.outcome.wire_us == 75000000);
		assert_true(span_equal(in.outcome.transcript, out.outcome.transcript));
		assert_true(out.outcome.notes == 1 && out.outcome.note[0].line == 7 && out.outcome.notes_more == 2);
		assert_string_equal(out.outcome.note[0].text, "DCD is not shown here");
		assert_int_equal(journal_next(r, &out, &err), 0);
		assert_true(journal_ended(r, &status) && status == 1);
		journal_rewind(r);
	}
	journal_reader_close(r);
}

static void
any_bytes_make_a_line_of_valid_json(void **state)
{
	char bytes[512];
	struct journal_case c = case_of("x", "t", VERDICT_FAIL, 1);
	struct journal *j = create();
	size_t len, lines = 0;
	char *text;

	(void)state;
	for (int i = 0; i < 256; i++)
		bytes[i] = bytes[511 - i] = (char)i;
	c.title = c.path = c.area = c.outcome.transcript = span_of(bytes, sizeof(bytes));
	memcpy(c.outcome.message, bytes + 1, 300);
	c.outcome.message[300] = '\0';
	write_case(j, &c);
	journal_close(j, &err);
	text = slurp(path, &len);
	for (char *at = text, *end; at < text + len; at = end + 1, lines++) {
		json_t *value;

		end = strchr(at, '\n');
		value = json_loadb(at, (size_t)(end - at), 0, NULL);
		assert_non_null(value);
		json_decref(value);
		for (const char *p = at; p < end; p++)
			assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
	}
	assert_int_equal(lines, 2);
	assert_non_null(strstr(text, "\\\\x00\\\\x01"));
	assert_non_null(strstr(text, "\\\\xff"));
	free(text);
}

static void
a_journal_cut_anywhere_gives_its_whole_records(void **state)
{
	struct journal *j = create();
	struct journal_case c = case_of("x", "first", VERDICT_PASS, 1), out;
	size_t len, after_head, after_first;
	char *text;

	(void)state;
	write_case(j, &c);
	c = case_of("x", "second", VERDICT_FAIL, 1);
	write_case(j, &c);
	journal_close(j, &err);
	text = slurp(path, &len);
	after_head = (size_t)(strchr(text, '\n') - text) + 1;
	after_first = (size_t)(strchr(text + after_head, '\n') - text) + 1;
	for (size_t cut = 0; cut <= len; cut++) {
		int want = cut == len ? 2 : cut >= after_first ? 1 : 0, got = 0, status;
		struct journal_reader *r;

		spill(path, text, cut);
		r = journal_open(path, &err);
		if (cut < after_head) {
			assert_null(r);
			assert_int_equal(err.status, EXIT_RIG);
			continue;
		}
		assert_non_null(r);
		while (journal_next(r, &out, &err) == 1)
			got++;
		assert_int_equal(got, want);
		assert_false(journal_ended(r, &status));
		journal_reader_close(r);
	}
	free(text);
}

static void
going_on_drops_the_torn_line_and_appends(void **state)
{
	struct journal *j = create();
	struct journal_case c = case_of("x", "first", VERDICT_PASS, 1), out;
	struct journal_reader *r;
	int fd, status;

	(void)state;
	write_case(j, &c);
	journal_end(j, 3, &err);
	journal_close(j, &err);
	fd = open(path, O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, "{\"case\":\"to", 11), 11);
	close(fd);
	j = journal_append(path, &err);
	assert_non_null(j);
	c = case_of("x", "second", VERDICT_PASS, 1);
	write_case(j, &c);
	journal_close(j, &err);
	r = journal_open(path, &err);
	assert_int_equal(journal_next(r, &out, &err), 1);
	assert_int_equal(journal_next(r, &out, &err), 1);
	assert_true(span_equal(out.title, SPAN("second")));
	assert_int_equal(journal_next(r, &out, &err), 0);
	assert_false(journal_ended(r, &status));
	journal_reader_close(r);
}

static void
what_is_no_journal_is_refused_and_not_touched(void **state)
{
	const char *bad[] = { "", "hello\n", "{}\n", "{\"attest\":99}\n", "[1]\n", "{\"attest\":1}" };
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *text;

		spill(path, bad[i], strlen(bad[i]));
		assert_null(journal_open(path, &err));
		assert_int_equal(err.status, EXIT_RIG);
		assert_null(journal_append(path, &err));
		text = slurp(path, &len);
		assert_string_equal(text, bad[i]);
		free(text);
	}
	assert_null(journal_open("/nonexistent/journal", &err));
}

static void
a_broken_line_is_an_error_with_its_place(void **state)
{
	const char *bad[] = { "\x1b[2J\n", "{\"case\":1}\n", "{\"case\":\"x\",\"verdict\":\"fine\"}\n", "{}\n", "\n" };
	struct journal_case out;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char text[100];
		struct journal_reader *r;

		snprintf(text, sizeof(text), "{\"attest\":1}\n%s", bad[i]);
		spill(path, text, strlen(text));
		r = journal_open(path, &err);
		assert_non_null(r);
		assert_int_equal(journal_next(r, &out, &err), -1);
		assert_non_null(strstr(err.text, ":2:"));
		assert_null(strchr(err.text, '\x1b'));
		journal_reader_close(r);
	}
}

static void
two_runs_cannot_write_the_same_journal(void **state)
{
	struct journal_head head = head_of("p", "r", "", 1);
	struct journal *j = create();

	(void)state;
	assert_null(journal_create(path, &head, &err));
	assert_non_null(strstr(err.text, "another run"));
	journal_close(j, &err);
}

static void
a_record_can_be_found_again_by_its_place(void **state)
{
	struct journal *j = create();
	struct journal_case c, out;
	struct journal_reader *r;
	uint64_t place[500];
	char title[16];

	(void)state;
	for (int i = 0; i < 500; i++) {
		snprintf(title, sizeof(title), "case %d", i);
		c = case_of("x", title, VERDICT_FAIL, 1);
		write_case(j, &c);
	}
	journal_close(j, &err);
	r = journal_open(path, &err);
	for (int i = 0; i < 500; i++) {
		assert_int_equal(journal_next(r, &out, &err), 1);
		place[i] = journal_tell(r);
	}
	for (int i = 499; i >= 0; i -= 7) {
		snprintf(title, sizeof(title), "case %d", i);
		journal_seek(r, place[i]);
		assert_int_equal(journal_next(r, &out, &err), 1);
		assert_true(span_equal(out.title, span_str(title)));
	}
	journal_reader_close(r);
}

static void
a_long_transcript_keeps_its_head_and_tail_and_says_so(void **state)
{
	size_t len = 1 << 20;
	char *text = malloc(len);
	struct journal_case c = case_of("x", "t", VERDICT_FAIL, 1), out;
	struct journal *j = create();
	struct journal_reader *r;

	(void)state;
	for (size_t i = 0; i < len; i++)
		text[i] = i % 64 == 63 ? '\n' : 'x';
	memcpy(text, "HEAD", 4);
	memcpy(text + len - 5, "TAIL\n", 5);
	c.outcome.transcript = span_of(text, len);
	write_case(j, &c);
	journal_close(j, &err);
	r = journal_open(path, &err);
	assert_int_equal(journal_next(r, &out, &err), 1);
	assert_true(out.outcome.transcript.len < len / 2);
	assert_true(span_starts(out.outcome.transcript, SPAN("HEAD")));
	assert_memory_equal(out.outcome.transcript.at + out.outcome.transcript.len - 5, "TAIL\n", 5);
	assert_non_null(memmem(out.outcome.transcript.at, out.outcome.transcript.len, "left out", 8));
	journal_reader_close(r);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_written_is_read_again, start, stop),
		cmocka_unit_test_setup_teardown(any_bytes_make_a_line_of_valid_json, start, stop),
		cmocka_unit_test_setup_teardown(a_journal_cut_anywhere_gives_its_whole_records, start, stop),
		cmocka_unit_test_setup_teardown(going_on_drops_the_torn_line_and_appends, start, stop),
		cmocka_unit_test_setup_teardown(what_is_no_journal_is_refused_and_not_touched, start, stop),
		cmocka_unit_test_setup_teardown(a_broken_line_is_an_error_with_its_place, start, stop),
		cmocka_unit_test_setup_teardown(two_runs_cannot_write_the_same_journal, start, stop),
		cmocka_unit_test_setup_teardown(a_record_can_be_found_again_by_its_place, start, stop),
		cmocka_unit_test_setup_teardown(a_long_transcript_keeps_its_head_and_tail_and_says_so, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
