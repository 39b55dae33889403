#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mask.h"

static struct mask mask;

/* Mask text in an exact-size block. */
static void
check(const char *text, const char *want)
{
	size_t len = strlen(text);
	char *in = malloc(len + 1), out[1024];
	size_t n;

	memcpy(in + 1, text, len);
	n = mask_copy(&mask, span_of(in + 1, len), out, sizeof(out));
	assert_string_equal(out, want);
	assert_int_equal(n, strlen(want));
	free(in);
}

static int
start(void **state)
{
	(void)state;
	mask_clear(&mask);
	return 0;
}

static void
ftp_passwords_are_masked_in_commands(void **state)
{
	(void)state;
	check("AT+FTPPW=\"hunter2\"", "AT+FTPPW=\"*****\"");
	check("at+ftppw = hunter2\r\n", "at+ftppw = *****\r\n");
	check("AT+FTPPW=hunter2;+FTPGET=1", "AT+FTPPW=*****;+FTPGET=1");
	check("AT+FTPPW=hun;ter2", "AT+FTPPW=*****");
	check("AT+CSQ;+FTPPW=\"a;+b\";+CSQ", "AT+CSQ;+FTPPW=\"*****\";+CSQ");
	check("AT+FTPPW=\"unclosed\r\nOK", "AT+FTPPW=\"*****\r\nOK");
	check("AT+FTPPW=\"\"", "AT+FTPPW=\"\"");
}

static void
asking_forms_show_no_secret_and_stay(void **state)
{
	(void)state;
	check("AT+FTPPW=?", "AT+FTPPW=?");
	check("AT+FTPPW?", "AT+FTPPW?");
	check("AT+FTPPW", "AT+FTPPW");
}

static void
what_a_read_form_answers_is_masked(void **state)
{
	(void)state;
	check("\r\n+FTPPW: hunter2\r\n\r\nOK\r\n", "\r\n+FTPPW: *****\r\n\r\nOK\r\n");
	check("+FTPUN: me\r\n+FTPPW: \"hunter2\"\r\n+FTPCID: 1", "+FTPUN: me\r\n+FTPPW: \"*****\"\r\n+FTPCID: 1");
	check("+SAPBR:\r\nUSER: me\r\nPWD: hunter2\r\nRATE: 2", "+SAPBR:\r\nUSER: me\r\nPWD: *****\r\nRATE: 2");
	check("PWD,hunter2", "PWD,*****");
	check("PWD: \r\nRATE: 2", "PWD: \r\nRATE: 2");
}

static void
bearer_passwords_are_masked_quoted_or_not(void **state)
{
	(void)state;
	check("AT+SAPBR=3,1,\"PWD\",\"hunter2\"", "AT+SAPBR=3,1,\"PWD\",\"*****\"");
	check("AT+SAPBR=3,1,pwd,hunter2", "AT+SAPBR=3,1,pwd,*****");
	check("AT+SAPBR=3,1,\"APN\",\"internet\"", "AT+SAPBR=3,1,\"APN\",\"internet\"");
	check("a far side's PWD command", "a far side's PWD command");
}

static void
passwords_in_urls_are_masked(void **state)
{
	(void)state;
	check("AT+HTTPPARA=\"URL\",\"http://me:hunter2@host/x?a=b\"", "AT+HTTPPARA=\"URL\",\"http://me:*****@host/x?a=b\"");
	check("AT+HTTPPARA=\"URL\",\"me:hunter2@host/x\"", "AT+HTTPPARA=\"URL\",\"me:*****@host/x\"");
	check("ftp://me:p%40ss@host", "ftp://me:*****@host");
	check("ftp://me:a@b@host", "ftp://me:*****@host");
	check("http://host:80/mail@x", "http://host:80/mail@x");
	check("http://me@host:80/", "http://me@host:80/");
	check("http://:@", "http://:@");
}

static void
a_learnt_secret_is_masked_wherever_it_comes_again(void **state)
{
	(void)state;
	mask_learn(&mask, SPAN("AT+FTPPW=\"hunter2\""));
	mask_learn(&mask, SPAN("AT+SAPBR=3,1,\"PWD\",\"s3cret\""));
	check("530 hunter2 is wrong, s3cret too", "530 ***** is wrong, ***** too");
	check("hunter", "hunter");
	check("hunter2hunter2", "**********");
}

static void
a_learnt_secret_is_known_in_other_spellings(void **state)
{
	(void)state;
	mask_learn(&mask, SPAN("AT+HTTPPARA=\"URL\",\"http://me:p%40s%7bs@host/\""));
	check("p@s{s", "*****");
	check("GET /?pw=p%40s%7Bs&x=1", "GET /?pw=*****&x=1");
	check("p@s\\{s and p\\x40s\\x7bs", "***** and *****");
}

static void
a_short_secret_is_masked_at_its_parameter_only(void **state)
{
	(void)state;
	mask_learn(&mask, SPAN("AT+FTPPW=\"OK\""));
	mask_learn(&mask, SPAN("AT+FTPPW=1"));
	assert_int_equal(mask.count, 0);
	check("AT+FTPPW=\"OK\"\r\r\nOK\r\n", "AT+FTPPW=\"*****\"\r\r\nOK\r\n");
	check("+FTPPW: 1\r\n+FTPCID: 1", "+FTPPW: *****\r\n+FTPCID: 1");
}

static void
the_far_sides_words_are_masked(void **state)
{
	(void)state;
	check("PASS hunter2\r\n", "PASS *****\r\n");
	check("world ftp user \"me\" password \"hunter2\"", "world ftp user \"me\" password \"*****\"");
	check("the password is wrong", "the password is wrong");
	check("world ftp reply PASS 530 \"No\"", "world ftp reply PASS 530 \"No\"");
	check("AT+HTTPPARA=\"USERDATA\",\"Authorization: Basic bTpo\"", "AT+HTTPPARA=\"USERDATA\",\"Authorization: *****\"");
}

static void
escaped_text_is_masked_like_raw_text(void **state)
{
	(void)state;
	check("AT+FTPPW=\\\"hunter2\\\"\\r", "AT+FTPPW=\\\"*****\\\"\\r");
	check("\\r\\n+FTPPW: hunter2\\r\\n", "\\r\\n+FTPPW: *****");
}

static void
secrets_up_to_the_limits_are_masked_whole(void **state)
{
	char text[600], long_one[301];

	(void)state;
	memset(long_one, 'q', 300);
	long_one[300] = '\0';
	strcpy(text, "AT+FTPPW=");
	strcat(text, long_one);
	mask_learn(&mask, span_str(text));
	check(text, "AT+FTPPW=*****");
	check(long_one, "*****");
	for (int i = 0; i < MASK_SECRETS_MAX; i++) {
		char one[] = "AT+FTPPW=secret0";

		one[15] = (char)('0' + i);
		mask_learn(&mask, span_str(one));
		mask_learn(&mask, span_str(one));
	}
	assert_int_equal(mask.count, MASK_SECRETS_MAX);
	check("secret0 secret7", "***** *****");
}

static void
a_small_buffer_is_never_overrun(void **state)
{
	(void)state;
	for (size_t cap = 0; cap < 24; cap++) {
		char *out = malloc(cap + 1);
		size_t n = mask_copy(&mask, SPAN("AT+FTPPW=\"x\" and more"), out + 1, cap);

		assert_true(cap == 0 ? n == 0 : n < cap && out[1 + n] == '\0');
		free(out);
	}
}

static void
secrets_known_from_elsewhere_are_never_forgotten(void **state)
{
	struct mask own = { .count = 0 };
	char out[64], command[64];

	(void)state;
	mask_keep(&own, SPAN("lab-secret"));
	mask_clear(&own);
	for (int i = 0; i < 3 * MASK_SECRETS_MAX; i++) {
		snprintf(command, sizeof(command), "AT+FTPPW=\"secret-%d\"", i);
		mask_learn(&own, span_str(command));
	}
	mask_copy(&own, SPAN("lab-secret secret-23 secret-1"), out, sizeof(out));
	assert_string_equal(out, "***** ***** secret-1");
	mask_clear(&own);
	mask_copy(&own, SPAN("lab-secret secret-23"), out, sizeof(out));
	assert_string_equal(out, "***** secret-23");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(ftp_passwords_are_masked_in_commands, start),
		cmocka_unit_test_setup(asking_forms_show_no_secret_and_stay, start),
		cmocka_unit_test_setup(what_a_read_form_answers_is_masked, start),
		cmocka_unit_test_setup(bearer_passwords_are_masked_quoted_or_not, start),
		cmocka_unit_test_setup(passwords_in_urls_are_masked, start),
		cmocka_unit_test_setup(a_learnt_secret_is_masked_wherever_it_comes_again, start),
		cmocka_unit_test_setup(a_learnt_secret_is_known_in_other_spellings, start),
		cmocka_unit_test_setup(a_short_secret_is_masked_at_its_parameter_only, start),
		cmocka_unit_test_setup(the_far_sides_words_are_masked, start),
		cmocka_unit_test_setup(escaped_text_is_masked_like_raw_text, start),
		cmocka_unit_test_setup(secrets_up_to_the_limits_are_masked_whole, start),
		cmocka_unit_test(secrets_known_from_elsewhere_are_never_forgotten),
		cmocka_unit_test_setup(a_small_buffer_is_never_overrun, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
