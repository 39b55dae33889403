/*
 * What real host programs expect of a module's lines with its default settings, and cases cannot say: what is one burst,
 * what a read takes, what comes of pieces.  The numbers are the items of the list of expectations.
 */
#include "hosts_rig.h"

#include <string.h>

/* ---- line discipline ------------------------------------------------------- */

static void
item_1_cr_lf_and_crlf_end_a_line_and_empty_lines_are_silent(void **state)
{
	static const char *const ends[] = { "\r", "\n", "\r\n", "\r\n\r\n", "\r\r\n", "\n\n" };

	(void)state;
	begin("");
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		send("AT+CSQ");
		send(ends[i]);
		hear("AT+CSQ\r\r\n+CSQ: 18,0\r\n" OK);
		quiet(1000);
	}
	send("\r");
	quiet(150);
	send("AT\r");
	hear("AT\r" OK);
	quiet(1000);
}

static void
item_1_an_lf_far_behind_its_cr_is_dropped(void **state)
{
	(void)state;
	begin("");
	send("AT\r");
	quiet(5);
	send("\n");
	hear_between("AT\r" OK, 10, 500);
	send("AT\r");
	hear("AT\r" OK);
	quiet(300);
	send("\n");
	quiet(300);
	send("AT\r");
	hear("AT\r" OK);
}

static void
item_2_the_lf_behind_the_command_is_no_payload(void **state)
{
	(void)state;
	for (int apart = 0; apart < 2; apart++) {
		http_ready("http www.sim.com 0 bytes");
		send(apart ? "AT+HTTPDATA=3,10000\r" : "AT+HTTPDATA=3,10000\r\n");
		quiet(5);
		send(apart ? "\n" : "");
		hear_between("\r\nDOWNLOAD\r\n", 0, 500);
		send("abc");
		hear(OK);
		ask("AT+HTTPREAD", "\r\n+HTTPREAD: 3\r\nabc" OK);

		ftp_ready(FTP_WORLD);
		tell("AT+FTPPUT=1");
		hear_ftp("\r\n+FTPPUT: 1,1,1360\r\n");
		send(apart ? "AT+FTPPUT=2,3\r" : "AT+FTPPUT=2,3\r\n");
		quiet(5);
		send(apart ? "\n" : "");
		hear_between("\r\n+FTPPUT: 2,3\r\n", 0, 500);
		send("abc");
		hear(OK);
		tell("AT+FTPPUT=2,0");
		hear_ftp("\r\n+FTPPUT: 1,0\r\n");
		far_is("ftp has /up.txt \"abc\"");

		ftp_ready(FTP_WORLD);
		tell("AT+FTPEXTPUT=1");
		send(apart ? "AT+FTPEXTPUT=2,0,3,10000\r" : "AT+FTPEXTPUT=2,0,3,10000\r\n");
		quiet(5);
		send(apart ? "\n" : "");
		hear_between("\r\n+FTPEXTPUT: 0,3\r\n", 0, 500);
		send("abc");
		hear(OK);
		tell("AT+FTPPUT=1");
		hear_ftp("\r\n+FTPPUT: 1,0\r\n");
		far_is("ftp has /up.txt \"abc\"");
	}
}

/* With the last byte, right behind it, and when the OK is out: with echo on nothing comes back of it either. */
static void
item_3_what_hosts_send_behind_a_payload_is_harmless(void **state)
{
	static const char *const tails[] = { "\r", "\r\n", "\n", "\x1a\r", "\x1a" };
	static const int apart_ms[] = { -1, 0, 5, 40 };

	(void)state;
	for (size_t t = 0; t < sizeof(tails) / sizeof(tails[0]); t++) {
		for (size_t i = 0; i < sizeof(apart_ms) / sizeof(apart_ms[0]); i++) {
			char all[16] = "abc";

			begin("");
			send("AT+HTTPINIT\r");
			hear("AT+HTTPINIT\r" OK);
			send("AT+HTTPDATA=3,10000\r");
			hear("AT+HTTPDATA=3,10000\r\r\nDOWNLOAD\r\n");
			quiet(50);
			if (apart_ms[i] < 0)
				strcat(all, tails[t]);
			send(all);
			if (apart_ms[i] > 20)
				hear(OK);
			else if (apart_ms[i] > 0)
				quiet((uint64_t)apart_ms[i]);
			if (apart_ms[i] >= 0)
				send(tails[t]);
			if (apart_ms[i] <= 20)
				hear_between(OK, 10, 500);
			quiet(1000);
			if (strcmp(tails[t], "\x1a") == 0 && apart_ms[i] > 20)
				continue;
			send("AT\r");
			hear("AT\r" OK);
		}
	}
}

static void
item_4_a_line_without_at_gets_no_answer(void **state)
{
	(void)state;
	begin("");
	echo_off();
	send("hello\r\n");
	quiet(2000);
	send("\"AT\"\r");
	quiet(2000);
	tell("AT");
}

/* ---- framing and echo -------------------------------------------------------- */

static void
item_10_and_12_the_echo_comes_with_the_answer_and_not_as_it_is_typed(void **state)
{
	const char *typed = "AT+SAPBR=2,1\r\n";

	(void)state;
	begin("");
	for (; *typed != '\0'; typed++) {
		send_bytes(span_of(typed, 1));
		quiet(1);
	}
	hear("AT+SAPBR=2,1\r\r\n+SAPBR: 1,3,\"0.0.0.0\"\r\n" OK);
	send("AT+SAPBR=1,1\r");
	quiet(1000);
	hear_between("AT+SAPBR=1,1\r" OK, 0, 5000);
}

static void
item_11_echo_is_on_at_first_and_ate0_may_come_twice(void **state)
{
	(void)state;
	begin("");
	send("ATE0\r\n");
	hear("ATE0\r" OK);
	send("ATE0\r\n");
	hear(OK);
	send("ATE1\r\n");
	hear(OK);
	send("AT\r\n");
	hear("AT\r" OK);
}

static void
item_13_echo_header_data_and_ok_are_one_burst(void **state)
{
	char want[4096] = "\r\n+HTTPREAD: 3000\r\n";
	size_t n = strlen(want);

	(void)state;
	http_ready("http www.sim.com 3000 bytes digits");
	tell("AT+HTTPACTION=0");
	hear_http("\r\n+HTTPACTION: 0,200,3000\r\n");
	send("AT+HTTPREAD\r\n");
	assert_true(until_burst(h.now_us + 500000));
	for (int i = 0; i < 3000; i++)
		want[n++] = (char)('0' + i % 10);
	memcpy(want + n, OK, sizeof(OK));
	assert_burst(want);
	quiet(1000);

	ftp_ready(FTP_WORLD);
	tell("ATE1");
	send("AT+FTPGET=1\r");
	hear("AT+FTPGET=1\r" OK);
	hear_ftp("\r\n+FTPGET: 1,1\r\n");
	send("AT+FTPGET=2,20\r");
	hear("AT+FTPGET=2,20\r\r\n+FTPGET: 2,20\r\n01234567890123456789" OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HOSTS_TEST(item_1_cr_lf_and_crlf_end_a_line_and_empty_lines_are_silent),
		HOSTS_TEST(item_1_an_lf_far_behind_its_cr_is_dropped),
		HOSTS_TEST(item_2_the_lf_behind_the_command_is_no_payload),
		HOSTS_TEST(item_3_what_hosts_send_behind_a_payload_is_harmless),
		HOSTS_TEST(item_4_a_line_without_at_gets_no_answer),
		HOSTS_TEST(item_10_and_12_the_echo_comes_with_the_answer_and_not_as_it_is_typed),
		HOSTS_TEST(item_11_echo_is_on_at_first_and_ate0_may_come_twice),
		HOSTS_TEST(item_13_echo_header_data_and_ok_are_one_burst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
