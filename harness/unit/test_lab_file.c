#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "lab_file.h"

static struct lab_file lab;
static struct err e;

static void
assert_reads(const char *text)
{
	e.text[0] = '\0';
	if (lab_file_parse(&lab, "a.conf", span_str(text), &e) != 0)
		fail_msg("%s", e.text);
}

static void
assert_error(const char *text, const char *expected)
{
	assert_int_equal(lab_file_parse(&lab, "a.conf", span_str(text), &e), -1);
	assert_int_equal(e.status, EXIT_USAGE);
	assert_string_equal(e.text, expected);
}

static void
assert_value(const struct lab_file *of, const char *name, const char *expected)
{
	char text[LAB_TEXT_MAX];

	assert_int_equal(lab_value(of, span_str(name), "cases/sim800/ftp/3.9-get.case", 1, text), LAB_FOUND);
	assert_string_equal(text, expected);
}

static void
keys_have_the_values_behind_the_equals_sign(void **state)
{
	(void)state;
	assert_reads("# a lab\n\n  apn = internet.example  \nhttp_host=lab.example\r\nhttp_port = 8080\nrecover = sh -c \"relay off; relay "
		     "on\"\nrevision = \" x \"");
	assert_string_equal(lab_file_get(&lab, LAB_APN), "internet.example");
	assert_string_equal(lab_file_get(&lab, LAB_HTTP_HOST), "lab.example");
	assert_int_equal(lab_file_number(&lab, LAB_HTTP_PORT), 8080);
	assert_string_equal(lab_file_get(&lab, LAB_RECOVER), "sh -c \"relay off; relay on\"");
	assert_string_equal(lab_file_get(&lab, LAB_REVISION), " x ");
	assert_null(lab_file_get(&lab, LAB_PORT));
	assert_int_equal(lab_file_number(&lab, LAB_BAUD), 0);
	assert_null(lab_file_get(NULL, LAB_PORT));
}

static void
an_error_has_its_place(void **state)
{
	(void)state;
	assert_error("apn = a\n  apm = b\n",
	    "a.conf:2:3: 'apm', expected a key: port, baud, revision, recover, apn, apn_user, apn_password, http_host, http_port, "
	    "http_dir, "
	    "ftp_host, ftp_port, ftp_dir, ftp_user, ftp_password, proxy_host, proxy_port, refused_port, unknown_host");
	assert_error("apn = a\napn = b\n", "a.conf:2:1: 'apn', expected each key once");
	assert_error("apn", "a.conf:1:4: the end of the line, expected '=' and a value: key = value");
	assert_error("ftp_port = 0", "a.conf:1:12: '0', expected a number from 1 to 65535");
	assert_error("ftp_port = 65536", "a.conf:1:12: '65536', expected a number from 1 to 65535");
	assert_error("ftp_port = 99999999999999999999", "a.conf:1:12: '99999999999999999999', expected a number from 1 to 65535");
	assert_error("baud =", "a.conf:1:7: the end of the line, expected a number from 1200 to 4000000");
	assert_error("ftp_user = a\"b", "a.conf:1:13: '\"', expected no quotes and no control characters in a value");
	assert_error("ftp_user = a\001b", "a.conf:1:13: '\\x01', expected no quotes and no control characters in a value");
	assert_error("ftp_dir = in/", "a.conf:1:11: 'in/', expected a folder with a slash before it and none behind it, or nothing");
}

static void
a_value_that_is_too_long_is_refused(void **state)
{
	char text[LAB_VALUE_MAX + 8] = "apn=";

	(void)state;
	memset(text + 4, 'a', LAB_VALUE_MAX - 1);
	assert_reads(text);
	text[4 + LAB_VALUE_MAX - 1] = 'a';
	assert_error(text, "a.conf:1:5: a value of 256 bytes, expected at most 255");
}

static void
a_value_may_come_from_the_environment(void **state)
{
	(void)state;
	setenv("ATTEST_TEST_PW", "s3cret", 1);
	unsetenv("ATTEST_TEST_NONE");
	assert_reads("ftp_password.env = ATTEST_TEST_PW\n");
	assert_string_equal(lab_file_get(&lab, LAB_FTP_PASSWORD), "s3cret");
	assert_error(
	    "ftp_password.env = ATTEST_TEST_NONE", "a.conf:1:20: 'ATTEST_TEST_NONE', expected an environment variable that is set");
	assert_error("ftp_password.env =", "a.conf:1:19: the end of the line, expected the name of an environment variable");
	setenv("ATTEST_TEST_PW", "99999x", 1);
	assert_error("ftp_port.env = ATTEST_TEST_PW", "a.conf:1:1: the environment's ATTEST_TEST_PW, expected a number from 1 to 65535");
	setenv("ATTEST_TEST_PW", "a\nb", 1);
	assert_error("ftp_password.env = ATTEST_TEST_PW",
	    "a.conf:1:1: the environment's ATTEST_TEST_PW, expected no quotes and no control characters in it");
}

/* Whoever writes the password itself behind .env must not find it in a log. */
static void
what_may_be_a_password_is_not_shown(void **state)
{
	(void)state;
	unsetenv("hunter2");
	unsetenv("hunter");
	assert_error("ftp_password.env = hunter2",
	    "a.conf:1:20: what may be the password itself (not shown), expected the name of an environment variable that is set");
	assert_error("apn_password.env = HUNTER-2",
	    "a.conf:1:20: what may be the password itself (not shown), expected the name of an environment variable that is set");
	assert_error("ftp_user.env = hunter", "a.conf:1:16: 'hunter', expected an environment variable that is set");
}

static void
passwords_are_secrets_and_nothing_else_is(void **state)
{
	(void)state;
	for (int k = 0; k < LAB_KEYS; k++)
		assert_int_equal(lab_file_is_secret((enum lab_key)k), k == LAB_FTP_PASSWORD || k == LAB_APN_PASSWORD);
}

static void
without_a_lab_every_value_is_the_described_world_s(void **state)
{
	char text[LAB_TEXT_MAX];

	(void)state;
	assert_value(NULL, "http", "www.sim.com");
	assert_value(NULL, "ftp_dir", "");
	assert_value(NULL, "ftp_port", "21");
	for (int i = 0; lab_value_names[i] != NULL; i++)
		assert_int_equal(lab_value(NULL, span_str(lab_value_names[i]), "a.case", -1, text), LAB_FOUND);
	assert_int_equal(lab_value(NULL, SPAN("port"), "a.case", -1, text), LAB_NO_SUCH_NAME);
	assert_int_equal(lab_value(NULL, SPAN("recover"), "a.case", -1, text), LAB_NO_SUCH_NAME);
}

static void
a_case_has_folders_of_its_own_in_a_lab(void **state)
{
	char text[LAB_TEXT_MAX];

	(void)state;
	assert_reads("http_host = lab.example\nftp_host = lab.example\n");
	assert_value(&lab, "http", "lab.example/ftp-3.9-get-2");
	assert_value(&lab, "ftp_dir", "/ftp-3.9-get-2");
	assert_value(&lab, "ftp_port", "21");
	assert_reads("http_host = 10.0.0.1\nhttp_port = 8080\nhttp_dir = /attest\nftp_dir = /in/here\n");
	assert_value(&lab, "http", "10.0.0.1:8080/attest/ftp-3.9-get-2");
	assert_value(&lab, "ftp_dir", "/in/here/ftp-3.9-get-2");
	assert_int_equal(lab_value(&lab, SPAN("ftp_host"), "a.case", -1, text), LAB_NOT_GIVEN);
	lab_folder("http/get.case", -1, text, sizeof(text));
	assert_string_equal(text, "http-get");
	lab_folder("/x.y/http/3.14-read.case", 0, text, sizeof(text));
	assert_string_equal(text, "http-3.14-read-1");
	lab_folder("get.case", -1, text, sizeof(text));
	assert_string_equal(text, "get");
}

static void
a_value_is_only_ever_text(void **state)
{
	(void)state;
	assert_reads("ftp_password = a {n} | #\\\n");
	assert_value(&lab, "ftp_password", "a\\s\\{n\\}\\s\\|\\s\\#\\\\");
}

static void
a_file_that_is_not_there_says_so(void **state)
{
	(void)state;
	assert_int_equal(lab_file_read(&lab, "/nonexistent/lab.conf", &e), -1);
	assert_string_equal(e.text, "/nonexistent/lab.conf:1:1: the lab file cannot be read: No such file or directory");
}

static void
the_sample_reads(void **state)
{
	(void)state;
	setenv("LAB_FTP_PASSWORD", "x1y2z3", 1);
	if (lab_file_read(&lab, "harness/lab/sample.conf", &e) != 0)
		fail_msg("%s", e.text);
	for (int k = 0; k < LAB_KEYS; k++)
		if (!lab.given[k])
			fail_msg("the sample lacks %s", lab_file_name((enum lab_key)k));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_have_the_values_behind_the_equals_sign),
		cmocka_unit_test(an_error_has_its_place),
		cmocka_unit_test(a_value_that_is_too_long_is_refused),
		cmocka_unit_test(a_value_may_come_from_the_environment),
		cmocka_unit_test(what_may_be_a_password_is_not_shown),
		cmocka_unit_test(passwords_are_secrets_and_nothing_else_is),
		cmocka_unit_test(without_a_lab_every_value_is_the_described_world_s),
		cmocka_unit_test(a_case_has_folders_of_its_own_in_a_lab),
		cmocka_unit_test(a_value_is_only_ever_text),
		cmocka_unit_test(a_file_that_is_not_there_says_so),
		cmocka_unit_test(the_sample_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
