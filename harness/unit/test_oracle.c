/*
 * What must hold for the response parser (fuzz/oracle_reply.h), for all captures of corpus/at_reply and in places where
 * a parser of another make would go wrong.
 *
 *	corpus/at_reply/NAME		what a module said, header lines of fuzz/host.h before it
 *	corpus/at_reply/NAME.sent	or the host's commands in a file of their own
 *
 * A property that does not hold aborts, with its name on standard error.
 */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "oracle.h"
#include "oracle_reply.h"

#define CAPTURES "corpus/at_reply"
#define CAPTURES_MAX 2000

static char bytes[1 << 20];

/* A file in a heap block that is just as long. */
static char *
contents(const char *name, const char *suffix, size_t *len)
{
	char path[512];
	FILE *f;
	char *exact;

	assert_true((size_t)snprintf(path, sizeof(path), "%s/%s%s", CAPTURES, name, suffix) < sizeof(path));
	f = fopen(path, "rb");
	if (f == NULL)
		return NULL;
	*len = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	exact = malloc(*len > 0 ? *len : 1);
	assert_non_null(exact);
	memcpy(exact, bytes, *len);
	return exact;
}

/* The lines of a list of commands, as acts. */
static void
read_sent(struct host *h, struct span sent)
{
	h->count = 0;
	while (sent.len > 0 && h->count < HOST_ACTS_MAX) {
		const char *lf = memchr(sent.at, '\n', sent.len);
		struct span line = span_first(sent, lf != NULL ? (size_t)(lf - sent.at) : sent.len);

		sent = span_after(sent, line.len + (lf != NULL));
		while (line.len > 0 && line.at[line.len - 1] == '\r')
			line.len--;
		if (line.len > 0)
			host_add(h, line);
	}
}

static void
a_capture_keeps_all_properties(void **state)
{
	const char *name = *state;
	size_t len, sent_len;
	char *said = contents(name, "", &len), *sent = contents(name, ".sent", &sent_len);
	struct host host;

	assert_non_null(said);
	oracle_reply(span_of(said, len), true);
	if (sent != NULL) {
		read_sent(&host, span_of(sent, sent_len));
		oracle_reply_said(span_of(said, len), &host, true);
	}
	free(said);
	free(sent);
}

/* ---- streams made here --------------------------------------------------- */

static void
all_hold(const char *header, struct span said)
{
	size_t len = strlen(header) + said.len;
	char *input = malloc(len > 0 ? len : 1);

	assert_non_null(input);
	memcpy(input, header, strlen(header));
	if (said.len > 0)
		memcpy(input + strlen(header), said.at, said.len);
	oracle_reply(span_of(input, len), true);
	free(input);
}

/* Every stream of up to five of the bytes that framing turns on, with what a host may wait for. */
static void
all_short_streams_keep_all_properties(void **state)
{
	static const char *const headers[] = { "", "> AT\n", "> ATV0\n", "> A\n", "> AT+GMR\n", "> AT+FTPGET=2,1\n" };
	static const char alphabet[] = { '\r', '\n', 'A', 'T', '/', '0', '2', '\0', 'I' };
	const size_t n = sizeof(alphabet);

	(void)state;
	for (size_t h = 0; h < sizeof(headers) / sizeof(headers[0]); h++) {
		for (size_t len = 0, count = 1; len <= 5; len++, count *= n) {
			for (size_t i = 0; i < count; i++) {
				char said[5];
				size_t rest = i;

				for (size_t k = 0; k < len; k++, rest /= n)
					said[k] = alphabet[rest % n];
				all_hold(len < 5 || h < 3 ? headers[h] : "", span_of(said, len));
			}
		}
	}
}

/* A line of each kind that is as long as is kept, one byte shorter, and one and two longer. */
static void
lines_about_the_limit_keep_all_properties(void **state)
{
	static const char *const begins[] = { "", "AT", "AT+GMR", "+CSQ: ", "RING", "+CREG: ", "\x80", "\t", "A/", "OK",
		"+HTTPREAD: ", "+FTPGET: 1,", "UNDER-VOLTAGE WARN", "0", "+CME ERROR: " };
	static const char *const ends[] = { "\r\n", "\n", "\r", "\r\r\n", "", "\r\nOK\r\n", "\rAT\r", "\rx\r\n" };
	static const char *const headers[] = { "", "> AT+GMR\n", "> AT+CSQ\n", "> ATV0\n" };
	static char line[AT_LINE_MAX + 100];

	(void)state;
	for (size_t length = AT_LINE_MAX - 1; length <= AT_LINE_MAX + 2; length++) {
		for (size_t b = 0; b < sizeof(begins) / sizeof(begins[0]); b++) {
			for (size_t e = 0; e < sizeof(ends) / sizeof(ends[0]); e++) {
				memset(line, b % 2 == 0 ? 'x' : '0', sizeof(line));
				memcpy(line, begins[b], strlen(begins[b]));
				memcpy(line + length, ends[e], strlen(ends[e]));
				for (size_t h = 0; h < sizeof(headers) / sizeof(headers[0]); h++)
					all_hold(headers[h], span_of(line, length + strlen(ends[e])));
			}
		}
	}
}

/* Every length from 0 on that is announced, with so many bytes, one less and one more behind it. */
static void
payloads_of_all_lengths_keep_all_properties(void **state)
{
	static const char *const lines[] = { "+HTTPREAD: ", "+HTTPHEAD:", "+FTPGET: 2,", "+FTPLIST:2, " };
	static char said[3000];

	(void)state;
	for (size_t n = 0; n <= 1500; n += n < 70 || n > 1450 ? 1 : 97) {
		for (int more = -1; more <= 1; more++) {
			int head = snprintf(said, sizeof(said), "\r\n%s%zu\r\n", lines[n % 4], n);
			size_t len = (size_t)head + (more < 0 && n == 0 ? 0 : n + (size_t)more);

			memset(said + head, n % 3 == 0 ? '\n' : n % 3 == 1 ? '\r' : 'A', n + 1);
			all_hold("", span_of(said, len));
			memcpy(said + len, "\r\nOK\r\n", 6);
			all_hold("> AT+HTTPREAD\n> AT+FTPGET=2,1460\n", span_of(said, len + 6));
		}
	}
}

/* What may stand for a length: each with a payload behind it that has it, or not. */
static void
lengths_at_all_limits_keep_all_properties(void **state)
{
	static const char *const lengths[] = { "", "0", "00", "1459", "1460", "1461", "01460", "319488", "319489", "0319488", "2147483647",
		"2147483648", "4294967295", "4294967296", "4294967297", "18446744073709551615", "18446744073709551616",
		"18446744073709551617", "99999999999999999999999999", "-1", "+1", "1a", "a1", "0x1", "1 ", " 1", "1,", "1,1", ",", "(1)",
		"(0-1460)", "\"1\"", "1.", "\t1", "1\t" };
	static const char *const lines[] = { "+HTTPREAD: ", "+HTTPREAD:", "+HTTPHEAD: ", "+FTPGET: 2,", "+FTPLIST: 2,", "+FTPPUT: 2,",
		"+FTPEXTPUT: 0,", "+FTPEXTPUT: 18446744073709551615,", "+FTPEXTPUT: 18446744073709551616,", "+FTPGET: 02,", "+FTPGET: 2",
		"+httpread: " };
	static const char *const headers[] = { "", "> AT+HTTPREAD\n", "> AT+HTTPREAD=?\n", "> AT+FTPGET=2,1\n", "> AT+GMR\n",
		"> AT+HTTPREAD=?;+HTTPREAD\n" };
	static char said[200];

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (size_t l = 0; l < sizeof(lines) / sizeof(lines[0]); l++) {
			int len = snprintf(
			    said, sizeof(said), "\r\n%s%s\r\nAT\r\n\r\nOK\r\n\r\n+HTTPREAD: 2\r\nOK\r\nOK\r\n", lines[l], lengths[i]);

			for (size_t h = 0; h < sizeof(headers) / sizeof(headers[0]); h++)
				all_hold(headers[h], span_of(said, (size_t)len));
		}
	}
}

/* Each command and URC of the tables, each result code and error text, whole and a byte off. */
static void
all_words_of_the_tables_keep_all_properties(void **state)
{
	static char said[400], header[200];
	int n;

	(void)state;
	for (size_t i = 0; i < at_command_count; i++) {
		const char *name = at_commands[i].name;

		n = snprintf(said, sizeof(said), "\r\n%s: 1,1\r\n\r\n%sX: 1\r\n\r\n%.*s: 1\r\n\r\nfree\r\n\r\nOK\r\n\r\n%s: 1\r\n", name,
		    name, (int)strlen(name) - 1, name, name);
		all_hold("", span_of(said, (size_t)n));
		for (size_t form = 0; form < 5; form++) {
			static const char *const forms[] = { "", "?", "=?", "=4", "=1,2;+CSQ" };

			snprintf(header, sizeof(header), "> AT%s%s\n", name, forms[form]);
			all_hold(header, span_of(said, (size_t)n));
		}
	}
	for (size_t i = 0; i < at_cme_count; i++) {
		n = snprintf(said, sizeof(said), "\r\n+CME ERROR: %s\r\n\r\n+CME ERROR:%d\r\n\r\n+CME ERROR: %s.\r\n\r\n+CMS ERROR: %s\r\n",
		    at_cme_table[i].text, at_cme_table[i].number, at_cme_table[i].text, at_cme_table[i].text);
		all_hold("> AT\n> AT\n> AT\n", span_of(said, (size_t)n));
		for (int k = 0; k < n; k++)
			said[k] = (char)(said[k] ^ (said[k] >= 'a' && said[k] <= 'z' ? 0x20 : 0));
		all_hold("", span_of(said, (size_t)n));
	}
}

/* ---- the oracles themselves ---------------------------------------------- */

static struct oracle_events events;

/* The process ends in oracle_fail with this name. */
static void
fails_by(const char *oracle, void (*what)(void))
{
	char said[4000] = "", expected[100];
	int ends[2], status;
	size_t len = 0;
	ssize_t n;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		dup2(ends[1], STDERR_FILENO);
		what();
		_exit(0);
	}
	close(ends[1]);
	while (len < sizeof(said) - 1 && (n = read(ends[0], said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)n;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
	snprintf(expected, sizeof(expected), "ORACLE %s: ", oracle);
	if (strstr(said, expected) == NULL)
		fail_msg("not %sbut %s", expected, said);
}

static struct host nobody;

static void
read_as(struct span said, enum at_mode mode)
{
	events.len = reference_read(said, mode, &nobody, events.at, &events.pending);
}

#define SAID SPAN("\r\n+HTTPREAD: 5\r\nhello\r\nOK\r\n")

static void
with_another_length(void)
{
	read_as(SAID, AT_LENIENT);
	events.at[1].length--;
	oracle_feed(SAID, &nobody, AT_LENIENT, &events, ORACLE_BYTES, 1, "split");
}

static void
with_an_event_less(void)
{
	read_as(SAID, AT_LENIENT);
	events.len--;
	oracle_feed(SAID, &nobody, AT_LENIENT, &events, ORACLE_WHOLE, 1, "reference");
}

static void
with_an_event_more(void)
{
	read_as(SAID, AT_LENIENT);
	events.at[events.len] = events.at[events.len - 1];
	events.len++;
	oracle_feed(SAID, &nobody, AT_LENIENT, &events, ORACLE_WHOLE, 1, "reference");
}

static void
with_a_byte_in_no_event(void)
{
	read_as(SAID, AT_LENIENT);
	events.at[0].offset++;
	events.at[0].length--;
	oracle_conservation(SAID, AT_LENIENT, &events);
}

static void
with_a_byte_in_two_events(void)
{
	read_as(SAID, AT_LENIENT);
	events.at[0].length = SAID.len - 3;
	oracle_conservation(SAID, AT_LENIENT, &events);
}

static void
with_framing_passed_over(void)
{
	read_as(SPAN("\r\nOK\r\n\r\n\r\n\r\nRDY\r\n"), AT_LENIENT);
	oracle_conservation(SPAN("\r\nOK\r\n\r\n\r\n\r\nRDY\r\n"), AT_STRICT, &events);
}

static void
with_an_event_in_strict_mode_alone(void)
{
	static struct oracle_events less;

	read_as(SAID, AT_STRICT);
	less = events;
	less.len--;
	oracle_strict_lenient(&events, &less);
}

static void
with_a_urc_for_an_answer(void)
{
	read_as(SPAN("\r\nRING\r\n"), AT_LENIENT);
	events.at[0].kind = AT_REPLY_INFO;
	oracle_round_trip(SPAN("\r\nRING\r\n"), &nobody, AT_LENIENT, &events);
}

static void
an_oracle_fails_by_its_name(void **state)
{
	(void)state;
	fails_by("split", with_another_length);
	fails_by("reference", with_an_event_less);
	fails_by("reference", with_an_event_more);
	fails_by("conservation", with_a_byte_in_no_event);
	fails_by("conservation", with_a_byte_in_two_events);
	fails_by("conservation", with_framing_passed_over);
	fails_by("strict-lenient", with_an_event_in_strict_mode_alone);
	fails_by("round-trip", with_a_urc_for_an_answer);
}

static void
a_header_says_what_the_host_does(void **state)
{
	struct host h;
	struct host_done done = { 0 };
	struct span said = host_read(&h, SPAN("> AT\n> @12 AT+CSQ\n> !verbose 0\n> @x\n\r\nOK\r\n> \n"));

	(void)state;
	assert_true(span_equal(said, SPAN("\r\nOK\r\n> \n")));
	assert_int_equal(h.count, 4);
	assert_true(span_equal(host_turn(&h, &done)->text, SPAN("AT")));
	assert_int_equal(host_turn(&h, &done)->what, HOST_VERBOSE);
	assert_true(span_equal(host_turn(&h, &done)->text, SPAN("@x")));
	assert_null(host_turn(&h, &done));
	assert_int_equal(host_next_place(&h, &done, 3), 12);
	assert_null(host_placed(&h, &done, 11));
	assert_true(span_equal(host_placed(&h, &done, 12)->text, SPAN("AT+CSQ")));
	assert_null(host_placed(&h, &done, 100));
	assert_true(host_next_place(&h, &done, 3) == UINT64_MAX);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
main(void)
{
	static struct CMUnitTest tests[CAPTURES_MAX + 10] = {
		cmocka_unit_test(a_header_says_what_the_host_does),
		cmocka_unit_test(an_oracle_fails_by_its_name),
		cmocka_unit_test(all_short_streams_keep_all_properties),
		cmocka_unit_test(lines_about_the_limit_keep_all_properties),
		cmocka_unit_test(payloads_of_all_lengths_keep_all_properties),
		cmocka_unit_test(lengths_at_all_limits_keep_all_properties),
		cmocka_unit_test(all_words_of_the_tables_keep_all_properties),
	};
	static char *names[CAPTURES_MAX];
	DIR *d = opendir(CAPTURES);
	struct dirent *entry;
	size_t n = 0;

	while (d != NULL && (entry = readdir(d)) != NULL && n < CAPTURES_MAX) {
		if (entry->d_name[0] != '.')
			names[n++] = strdup(entry->d_name);
	}
	if (d != NULL)
		closedir(d);
	qsort(names, n, sizeof(names[0]), by_name);
	if (n == 0) {
		fprintf(stderr, "%s: no captures\n", CAPTURES);
		return 1;
	}
	for (size_t i = 0; i < n; i++)
		tests[7 + i] =
		    (struct CMUnitTest){ .name = names[i], .test_func = a_capture_keeps_all_properties, .initial_state = names[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
