/*
 * What real host programs expect of a module with its default settings, and cases cannot say: what is one burst, what
 * comes how many milliseconds after what.  The numbers are the items of the list of expectations.
 */
#include "hosts_rig.h"

#include <string.h>

#define FTP_WORLD "ftp file /1K.txt 1074 bytes digits\nftp file /5.txt \"hello\""

static void
http_ready(const char *world)
{
	begin(world);
	echo_off();
	bearer_open();
	tell("AT+HTTPINIT");
	tell("AT+HTTPPARA=\"URL\",\"http://www.sim.com/\"");
}

static void
ftp_ready(const char *world)
{
	begin(world);
	echo_off();
	bearer_open();
	tell("AT+FTPSERV=\"116.228.221.52\"");
	tell("AT+FTPUN=\"u\"");
	tell("AT+FTPPW=\"p\"");
	tell("AT+FTPGETNAME=\"1K.txt\"");
	tell("AT+FTPGETPATH=\"/\"");
	tell("AT+FTPPUTNAME=\"up.txt\"");
	tell("AT+FTPPUTPATH=\"/\"");
}

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

/* ---- gaps ---------------------------------------------------------------------- */

/* A host that asks again as soon as it has an answer leaves no time between: the URC takes some all the same. */
static void
item_14_a_urc_keeps_its_distance_from_a_host_that_never_pauses(void **state)
{
	bool came = false;

	(void)state;
	http_ready("http www.sim.com \"hello\"");
	tell("AT+HTTPACTION=0");
	for (int i = 0; i < 500 && !came; i++) {
		send("AT+CSQ\r");
		assert_true(until_burst(h.sent_us + 500000));
		if (strcmp(h.burst, "\r\n+HTTPACTION: 0,200,5\r\n") == 0) {
			came = true;
			assert_in_range(h.gap_us, 50000, 500000);
			assert_true(until_burst(h.sent_us + 500000));
			assert_in_range(h.gap_us, 50000, 500000);
		}
		assert_burst("\r\n+CSQ: 18,0\r\n" OK);
	}
	assert_true(came);
	quiet(1000);
}

static void
item_14_the_end_of_a_get_is_no_neighbour_of_its_last_data(void **state)
{
	(void)state;
	ftp_ready(FTP_WORLD);
	tell("AT+FTPGETNAME=\"5.txt\"");
	tell("AT+FTPGET=1");
	hear_ftp("\r\n+FTPGET: 1,1\r\n");
	ask("AT+FTPGET=2,1024", "\r\n+FTPGET: 2,5\r\nhello" OK);
	hear_ftp("\r\n+FTPGET: 1,0\r\n");
	quiet(2000);
}

/* ---- windows of time --------------------------------------------------------------- */

static void
item_16_every_immediate_answer_takes_10_to_500_ms(void **state)
{
	static const char *const lines[] = { "AT", "ATE0", "ATI", "AT+GMR", "AT&W", "AT&W0", "AT+CSQ", "AT+CBC", "AT+CREG?", "AT+CGATT?",
		"AT+CMEE=0", "AT+CIPSHUT", "AT+CIPSTATUS", "AT+SAPBR=2,1", "AT+SAPBR=3,1,\"APN\",\"x\"", "AT+SAPBR=0,2", "AT+HTTPINIT",
		"AT+HTTPPARA=\"CID\",1", "AT+HTTPREAD", "AT+HTTPSTATUS?", "AT+HTTPSSL=0", "AT+HTTPTERM", "AT+HTTPTERM", "AT+FTPCID=1",
		"AT+FTPSTATE", "AT+FTPQUIT", "AT+FTPGET=2,10", "AT+FTPPUT=2,0", "AT+FTPEXTPUT=0", "AT+NOSUCH", "AT+CGATT=0", "AT+CGATT=1",
		"AT+CFUN=1", "AT+CPIN?", "AT+CREG?;+CSQ;+CGATT?" };

	(void)state;
	begin("");
	echo_off();
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		send(lines[i]);
		send("\r");
		assert_true(until_burst(h.sent_us + ANSWER_MOST_MS * 1000));
		assert_in_range(h.now_us - h.sent_us, ANSWER_LEAST_MS * 1000, ANSWER_MOST_MS * 1000);
		assert_int_equal(h.pulls, 1);
	}
	quiet(2000);
}

static void
item_17_httpactions_urc_comes_between_1_1_and_2_1_s(void **state)
{
	(void)state;
	http_ready("http www.sim.com \"hello\"\nhttp www.sim.com/none refuse");
	tell("AT+HTTPACTION=0");
	hear_http("\r\n+HTTPACTION: 0,200,5\r\n");
	tell("AT+HTTPACTION=2");
	hear_http("\r\n+HTTPACTION: 2,200,0\r\n");
	ask("AT+HTTPDATA=2,5000", "\r\nDOWNLOAD\r\n");
	send("hi");
	hear(OK);
	tell("AT+HTTPACTION=1");
	hear_http("\r\n+HTTPACTION: 1,200,5\r\n");
	tell("AT+HTTPPARA=\"URL\",\"www.sim.com/missing\"");
	tell("AT+HTTPACTION=0");
	assert_true(until_burst(h.now_us + 2100000));
	assert_memory_equal(h.burst, "\r\n+HTTPACTION: 0,404,", 21);
	assert_in_range(h.gap_us, 1100000, 2100000);
	tell("AT+HTTPPARA=\"URL\",\"www.nowhere.com\"");
	tell("AT+HTTPACTION=0");
	hear_http("\r\n+HTTPACTION: 0,603,0\r\n");
	tell("AT+SAPBR=0,1");
	tell("AT+HTTPACTION=0");
	hear_http("\r\n+HTTPACTION: 0,601,0\r\n");
}

static void
item_18_ftp_urcs_come_within_1_1_s_and_never_glued(void **state)
{
	(void)state;
	ftp_ready(FTP_WORLD);
	tell("AT+FTPSIZE");
	hear_ftp("\r\n+FTPSIZE: 1,0,1074\r\n");
	tell("AT+FTPGET=1");
	hear_ftp("\r\n+FTPGET: 1,1\r\n");
	tell("AT+FTPQUIT");
	hear_ftp("\r\n+FTPGET: 1,86\r\n");
	tell("AT+FTPPUT=1");
	hear_ftp("\r\n+FTPPUT: 1,1,1360\r\n");
	ask("AT+FTPPUT=2,5", "\r\n+FTPPUT: 2,5\r\n");
	send("12345");
	hear(OK);
	hear_ftp("\r\n+FTPPUT: 1,1,1360\r\n");
	tell("AT+FTPPUT=2,0");
	hear_ftp("\r\n+FTPPUT: 1,0\r\n");
	tell("AT+FTPDELE");
	hear_ftp("\r\n+FTPDELE: 1,0\r\n");
	tell("AT+FTPSIZE");
	hear_ftp("\r\n+FTPSIZE: 1,77,0\r\n");
	tell("AT+FTPGETPATH=\"/d/\"");
	tell("AT+FTPLIST=1");
	hear_ftp("\r\n+FTPLIST: 1,77\r\n");
	tell("AT+FTPMKD");
	hear_ftp("\r\n+FTPMKD: 1,0\r\n");
	tell("AT+FTPLIST=1");
	hear_ftp("\r\n+FTPLIST: 1,1\r\n");
	tell("AT+FTPQUIT");
	hear_ftp("\r\n+FTPLIST: 1,86\r\n");
	tell("AT+FTPRMD");
	hear_ftp("\r\n+FTPRMD: 1,0\r\n");
	tell("AT+SAPBR=0,1");
	tell("AT+FTPGET=1");
	hear_ftp("\r\n+FTPGET: 1,61\r\n");
}

static void
item_19_the_bearer_opens_within_5_s(void **state)
{
	(void)state;
	begin("");
	echo_off();
	send("AT+SAPBR=1,1\r");
	hear_between(OK, 10, 5000);
}

/* ---- what belongs to FTP alone -------------------------------------------------------- */

/* A read finds nothing and may be repeated as often as the host likes until the end has been announced; only then it is an error. */
static void
item_27_reads_before_the_announced_end_find_nothing(void **state)
{
	static const int every_ms[] = { 1000, 300, 120, 30, 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(every_ms) / sizeof(every_ms[0]); i++) {
		int empty = 0;

		ftp_ready(FTP_WORLD "\nftp burst 1024,50 pause 3s");
		tell("AT+FTPGET=1");
		hear_ftp("\r\n+FTPGET: 1,1\r\n");
		send("AT+FTPGET=2,1024\r");
		assert_true(until_burst(h.sent_us + 500000));
		assert_memory_equal(h.burst, "\r\n+FTPGET: 2,1024\r\n0123", 23);
		for (;;) {
			/* URCs may come before the next question, or before its answer. */
			while (until_burst(h.now_us + (uint64_t)every_ms[i] * 1000))
				if (strcmp(h.burst, "\r\n+FTPGET: 1,0\r\n") == 0)
					goto end;
			send("AT+FTPGET=2,1024\r");
			do {
				assert_true(until_burst(h.sent_us + 700000));
				if (strcmp(h.burst, "\r\n+FTPGET: 1,0\r\n") == 0) {
					hear_between(ERR, 50, 500);
					goto end;
				}
			} while (strncmp(h.burst, "\r\n+FTPGET: 1,", 13) == 0);
			assert_memory_equal(h.burst, "\r\n+FTPGET: 2,", 13);
			empty += strcmp(h.burst, "\r\n+FTPGET: 2,0\r\n" OK) == 0;
			assert_true(empty < 6000);
		}
	end:
		assert_true(empty > 0);
		quiet(3000 + 400);
		ask("AT+FTPGET=2,1024", ERR);
	}
}

static void
item_28_closing_or_writing_on_cancels_the_pending_offer(void **state)
{
	(void)state;
	for (uint64_t pause_ms = 0; pause_ms <= 300; pause_ms += 60) {
		ftp_ready(FTP_WORLD);
		tell("AT+FTPPUT=1");
		hear_ftp("\r\n+FTPPUT: 1,1,1360\r\n");
		for (int block = 0; block < 3; block++) {
			ask("AT+FTPPUT=2,2", "\r\n+FTPPUT: 2,2\r\n");
			send("ab");
			hear(OK);
			quiet(pause_ms);
		}
		tell("AT+FTPPUT=2,0");
		hear_ftp("\r\n+FTPPUT: 1,0\r\n");
		quiet(3000);
		far_is("ftp has /up.txt \"ababab\"");
	}
}

/* The host has seen +FTPPUT: 2 and sends; the rest of the line is still on its way. */
static void
item_29_data_may_come_while_the_header_is_leaving(void **state)
{
	char head[64];
	size_t n;

	(void)state;
	ftp_ready(FTP_WORLD);
	tell("AT+FTPPUT=1");
	hear_ftp("\r\n+FTPPUT: 1,1,1360\r\n");
	for (size_t seen = 1; seen < 15; seen++) {
		send("AT+FTPPUT=2,8\r\n");
		while (modem_due(&h.m) <= h.sent_us + 30000) {
			h.now_us = modem_due(&h.m) > h.now_us ? modem_due(&h.m) : h.now_us;
			modem_advance(&h.m, h.now_us);
		}
		n = modem_pull(&h.m, head, seen);
		assert_int_equal(n, seen);
		send("abc");
		n += modem_pull(&h.m, head + n, sizeof(head) - n);
		assert_int_equal(n, 16);
		assert_memory_equal(head, "\r\n+FTPPUT: 2,8\r\n", 16);
		send("defgh");
		hear(OK);
		hear_ftp("\r\n+FTPPUT: 1,1,1360\r\n");
	}
	tell("AT+FTPPUT=2,0");
	hear_ftp("\r\n+FTPPUT: 1,0\r\n");
	far_is("ftp has /up.txt 112 bytes repeat \"abcdefgh\"");
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
		HOSTS_TEST(item_14_a_urc_keeps_its_distance_from_a_host_that_never_pauses),
		HOSTS_TEST(item_14_the_end_of_a_get_is_no_neighbour_of_its_last_data),
		HOSTS_TEST(item_16_every_immediate_answer_takes_10_to_500_ms),
		HOSTS_TEST(item_17_httpactions_urc_comes_between_1_1_and_2_1_s),
		HOSTS_TEST(item_18_ftp_urcs_come_within_1_1_s_and_never_glued),
		HOSTS_TEST(item_19_the_bearer_opens_within_5_s),
		HOSTS_TEST(item_27_reads_before_the_announced_end_find_nothing),
		HOSTS_TEST(item_28_closing_or_writing_on_cancels_the_pending_offer),
		HOSTS_TEST(item_29_data_may_come_while_the_header_is_leaving),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
