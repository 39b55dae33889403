/*
 * What real host programs expect of a module's time with its default settings: how long after what something comes, and
 * what happens when a host does not wait for it.  The numbers are the items of the list of expectations.
 */
#include "hosts_rig.h"

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

/* Also when the offer falls due between the command and its answer. */
static void
item_28_closing_or_writing_on_cancels_the_pending_offer(void **state)
{
	(void)state;
	for (uint64_t pause_ms = 0; pause_ms < 400; pause_ms += 5) {
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
