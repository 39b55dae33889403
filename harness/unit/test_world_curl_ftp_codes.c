/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include "span.h"
#include "world_curl_ftp.h"

static struct curl_ftp_talk talk;

/* A dialogue: lines of ours begin with '>', the others are the server's. */
static void
hear(const char *const *lines)
{
	talk_begin(&talk);
	for (; *lines != NULL; lines++) {
		char line[600];

		snprintf(line, sizeof(line), "%s\r\n", *lines + (**lines == '>'));
		if (**lines == '>')
			talk_sent(&talk, span_str(line));
		else
			talk_heard(&talk, span_str(line));
	}
}

#define HEAR(...) hear((const char *const[]){ __VA_ARGS__, NULL })

static int
error_of(CURLcode result, enum world_ftp_verb verb)
{
	return curl_ftp_error(result, &talk, verb, true, "");
}

static void
a_reply_ends_with_three_digits_and_a_blank(void **state)
{
	(void)state;
	HEAR("220-Hello", "220 there");
	assert_true(talk.greeted);
	assert_int_equal(talk.code, 220);
	assert_string_equal(talk.text, "there");
	HEAR("220 Hello", ">USER me", "331-Well", "530", "12 x", "x530 no", "530-no");
	assert_int_equal(talk.verb, FTP_USER);
	assert_int_equal(talk.code, 0);
	HEAR(">SIZE x", "213 12");
	assert_string_equal(talk.text, "12");
}

static void
a_command_is_known_by_its_whole_name(void **state)
{
	(void)state;
	HEAR(">PASSWORD x");
	assert_int_equal(talk.verb, FTP_VERBS);
	HEAR(">PWD");
	assert_int_equal(talk.verb, FTP_VERBS);
	HEAR(">PASV");
	assert_int_equal(talk.verb, FTP_PASV);
	HEAR(">EPSV");
	assert_int_equal(talk.verb, FTP_PASV);
	HEAR(">EPRT |1|127.0.0.1|4|");
	assert_int_equal(talk.verb, FTP_PORT);
}

static void
a_reply_is_for_the_first_command_that_waits(void **state)
{
	(void)state;
	HEAR("220 Hello", ">PASV", "227 Here (1,2,3,4,5,6)", ">RETR /x", ">PASV", "550 No");
	assert_int_equal(talk.verb, FTP_RETR);
	assert_int_equal(error_of(CURLE_FTP_WEIRD_PASV_REPLY, WORLD_RETR), 77);
}

static void
replies_have_a_limit_for_each_command(void **state)
{
	char line[500];

	(void)state;
	memset(line, 'x', sizeof(line));
	talk_begin(&talk);
	for (int i = 0; i < CURL_FTP_REPLY_MAX / 500; i++)
		talk_heard(&talk, span_of(line, sizeof(line)));
	assert_false(talk.endless);
	talk_sent(&talk, SPAN("USER me\r\n"));
	for (int i = 0; i < CURL_FTP_REPLY_MAX / 500; i++)
		talk_heard(&talk, span_of(line, sizeof(line)));
	assert_false(talk.endless);
	talk_heard(&talk, span_of(line, sizeof(line)));
	assert_true(talk.endless);
	assert_int_equal(error_of(CURLE_WRITE_ERROR, WORLD_RETR), 70);
}

static void
tls_has_errors_of_its_own(void **state)
{
	(void)state;
	HEAR("220 Hello", ">AUTH TLS", "500 What?", ">AUTH SSL", "500 What?");
	assert_int_equal(error_of(CURLE_USE_SSL_FAILED, WORLD_RETR), 82);
	HEAR("220 Hello", ">AUTH TLS", "234 Go on");
	assert_int_equal(error_of(CURLE_SSL_CONNECT_ERROR, WORLD_RETR), 80);
	assert_int_equal(error_of(CURLE_PEER_FAILED_VERIFICATION, WORLD_RETR), 80);
	assert_int_equal(
	    curl_ftp_error(CURLE_SSL_CONNECT_ERROR, &talk, WORLD_RETR, true, "error:0A000410:SSL routines::sslv3 alert handshake failure"),
	    81);
	/* The data connection was closed before there was TLS on it: the server has refused. */
	HEAR("220 Hello", ">AUTH TLS", "234 Go on", ">RETR /x");
	assert_int_equal(error_of(CURLE_SSL_CONNECT_ERROR, WORLD_RETR), 77);
	HEAR("220 Hello", ">PBSZ 0", "500 What?");
	assert_int_equal(error_of(CURLE_USE_SSL_FAILED, WORLD_RETR), 83);
	HEAR("220 Hello", ">PROT P", "536 Not that");
	assert_int_equal(error_of(CURLE_USE_SSL_FAILED, WORLD_RETR), 84);
}

static void
what_breaks_is_the_servers_or_the_datas(void **state)
{
	(void)state;
	HEAR("220 Hello", ">RETR /x");
	assert_int_equal(error_of(CURLE_RECV_ERROR, WORLD_RETR), 65);
	assert_int_equal(error_of(CURLE_SEND_ERROR, WORLD_STORE), 65);
	HEAR("220 Hello", ">RETR /x", "150 Here");
	assert_int_equal(error_of(CURLE_RECV_ERROR, WORLD_RETR), 79);
	assert_int_equal(error_of(CURLE_RECV_ERROR, WORLD_LIST), 79);
	assert_int_equal(error_of(CURLE_SEND_ERROR, WORLD_STORE), 78);
	assert_int_equal(error_of(CURLE_ABORTED_BY_CALLBACK, WORLD_STORE), 78);
}

static void
no_connection_is_the_servers_or_the_modes(void **state)
{
	(void)state;
	HEAR(">nothing was said");
	assert_int_equal(error_of(CURLE_COULDNT_CONNECT, WORLD_RETR), 63);
	HEAR("220 Hello", ">PASV", "227 Here (1,2,3,4,5,6)");
	assert_int_equal(error_of(CURLE_COULDNT_CONNECT, WORLD_RETR), 75);
	assert_int_equal(curl_ftp_error(CURLE_COULDNT_CONNECT, &talk, WORLD_RETR, false, ""), 76);
}

static void
a_good_end_has_a_good_reply(void **state)
{
	(void)state;
	HEAR("220 Hello", ">RETR /x", "150 Here", "226 Done");
	assert_int_equal(error_of(CURLE_OK, WORLD_RETR), 0);
	HEAR("220 Hello", ">RETR /x", "125 Here", "250 Done");
	assert_int_equal(error_of(CURLE_OK, WORLD_RETR), 0);
	HEAR("220 Hello", ">LIST /x", "450 No files");
	assert_int_equal(error_of(CURLE_OK, WORLD_LIST), 77);
	HEAR("220 Hello", ">DELE /x", "250 Gone");
	assert_int_equal(error_of(CURLE_OK, WORLD_DELE), 0);
	HEAR("220 Hello", ">DELE /x", "350 And then?");
	assert_int_equal(error_of(CURLE_OK, WORLD_DELE), 70);
	HEAR("220 Hello", ">PWD", "257 \"/\"");
	assert_int_equal(error_of(CURLE_OK, WORLD_DELE), 70);
}

static void
every_result_of_libcurls_has_an_error(void **state)
{
	(void)state;
	HEAR("220 Hello", ">RETR /x", "550 No");
	for (int result = 1; result < CURL_LAST; result++) {
		int error = error_of((CURLcode)result, WORLD_RETR);

		assert_in_range(error, 61, 84);
		assert_true(error <= 66 || error >= 70);
	}
	assert_int_equal(error_of(CURLE_OUT_OF_MEMORY, WORLD_RETR), 61);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_ends_with_three_digits_and_a_blank),
		cmocka_unit_test(a_command_is_known_by_its_whole_name),
		cmocka_unit_test(a_reply_is_for_the_first_command_that_waits),
		cmocka_unit_test(replies_have_a_limit_for_each_command),
		cmocka_unit_test(tls_has_errors_of_its_own),
		cmocka_unit_test(what_breaks_is_the_servers_or_the_datas),
		cmocka_unit_test(no_connection_is_the_servers_or_the_modes),
		cmocka_unit_test(a_good_end_has_a_good_reply),
		cmocka_unit_test(every_result_of_libcurls_has_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
