/* Whole FTP dialogues as host programs hold them with a module, byte by byte and in their time. */
#include "hosts_rig.h"

static void
tell_all(const char *const *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ask(lines[i], OK);
}

#define TELL_ALL(lines) tell_all(lines, sizeof(lines) / sizeof((lines)[0]))

/*
 * attentive: attaches through the TCP stack's stubs, tags without quotes; reads every second and takes only ERROR before
 * +FTPGET: 1,0 for a failure; a URC glued to an answer overwrites it.
 */
static void
attentive_reads_every_second_until_the_end(void **state)
{
	static const char *const set_up[] = { "AT+CMEE=2\r", "AT+IPR=0\r", "AT+IFC=0,0\r", "AT+CGATT=1\r", "AT+CIPMUX=1\r",
		"AT+CIPRXGET=1\r", "AT+CIPQSEND=1\r" };
	static const char *const session[] = { "AT+SAPBR=3,1,APN,\"internet\"\r", "AT+FTPCID=1\r", "AT+FTPSERV=\"116.228.221.52\"\r",
		"AT+FTPPORT=21\r", "AT+FTPUN=\"u\"\r", "AT+FTPPW=\"p\"\r", "AT+FTPMODE=1\r", "AT+FTPTYPE=I\r", "AT+FTPGETNAME=\"f\"\r",
		"AT+FTPGETPATH=\"/\"\r" };
	char got[64] = "";
	int reads = 0;

	(void)state;
	begin("ftp file /f 30 bytes digits\nftp burst 12,18 pause 4s");
	echo_off();
	TELL_ALL(set_up);
	ask("AT+CIPMUX?\r", "\r\n+CIPMUX: 1\r\n" OK);
	ask("AT+CIPRXGET?\r", "\r\n+CIPRXGET: 1\r\n" OK);
	ask("AT+CIPQSEND?\r", "\r\n+CIPQSEND: 1\r\n" OK);
	ask("AT+CIPSTATUS\r", OK "\r\nSTATE: IP STATUS\r\n\r\nC: 0,,\"\",\"\",\"\",\"INITIAL\"\r\nC: 1,,\"\",\"\",\"\",\"INITIAL\"\r\n"
				 "C: 2,,\"\",\"\",\"\",\"INITIAL\"\r\nC: 3,,\"\",\"\",\"\",\"INITIAL\"\r\n"
				 "C: 4,,\"\",\"\",\"\",\"INITIAL\"\r\nC: 5,,\"\",\"\",\"\",\"INITIAL\"\r\n");
	bearer_open();
	TELL_ALL(session);
	ask("AT+FTPGET=1\r", OK);
	hear_ftp("\r\n+FTPGET: 1,1\r\n");
	for (;;) {
		const char *data;

		if (until_burst(h.now_us + 1000000)) {
			if (strcmp(h.burst, "\r\n+FTPGET: 1,0\r\n") == 0)
				break;
			assert_burst("\r\n+FTPGET: 1,1\r\n");
		}
		send("AT+FTPGET=2,512\r");
		assert_true(until_burst(h.sent_us + 500000));
		assert_memory_equal(h.burst, "\r\n+FTPGET: 2,", 13);
		data = strchr(h.burst + 2, '\n') + 1;
		assert_true(h.len >= (size_t)(data - h.burst) + strlen(OK));
		strncat(got, data, h.len - (size_t)(data - h.burst) - strlen(OK));
		assert_string_equal(h.burst + h.len - strlen(OK), OK);
		reads++;
		assert_true(reads < 20);
	}
	assert_string_equal(got, "012345678901234567890123456789");
	assert_true(reads > (HOSTS_BURSTS ? 3 : 0));
	ask("AT+FTPGET=2,512\r", "\r\n+CME ERROR: operation not allowed\r\n");
}

/* eat_ftp: nothing is quoted; a short read means: wait for the next +FTPGET: 1,1 or for 1,0. */
static void
eat_ftp_waits_for_the_next_announcement_after_a_short_read(void **state)
{
	static const char *const set_up[] = { "AT+FTPCID=1\r\n", "AT+FTPSERV=116.228.221.52\r\n", "AT+FTPUN=sim.cs1\r\n",
		"AT+FTPPW=12345\r\n", "AT+FTPGETNAME=1K.txt\r\n", "AT+FTPGETPATH=/\r\n", "AT+FTPPUTNAME=up.txt\r\n",
		"AT+FTPPUTPATH=/\r\n" };

	(void)state;
	begin("ftp user \"sim.cs1\" password \"12345\" file /1K.txt 50 bytes digits\nftp burst 20,20,10 pause 2s");
	echo_off();
	bearer_open();
	TELL_ALL(set_up);
	ask("AT+FTPGET=1\r\n", OK);
	hear_ftp("\r\n+FTPGET: 1,1\r\n");
	if (HOSTS_BURSTS) {
		ask("AT+FTPGET=2,1024\r\n", "\r\n+FTPGET: 2,20\r\n01234567890123456789" OK);
		hear_between("\r\n+FTPGET: 1,1\r\n", 50, 2000);
		ask("AT+FTPGET=2,1024\r\n", "\r\n+FTPGET: 2,20\r\n01234567890123456789" OK);
		hear_between("\r\n+FTPGET: 1,1\r\n", 50, 2500);
		ask("AT+FTPGET=2,1024\r\n", "\r\n+FTPGET: 2,10\r\n0123456789" OK);
	} else {
		ask("AT+FTPGET=2,1024\r\n", "\r\n+FTPGET: 2,50\r\n01234567890123456789012345678901234567890123456789" OK);
	}
	hear_ftp("\r\n+FTPGET: 1,0\r\n");
	ask("AT+FTPPUT=1\r\n", OK);
	hear_ftp("\r\n+FTPPUT: 1,1,1360\r\n");
	ask("AT+FTPPUT=2,5\r\n", "\r\n+FTPPUT: 2,5\r\n");
	send("12345");
	hear(OK);
	hear_ftp("\r\n+FTPPUT: 1,1,1360\r\n");
	ask("AT+FTPPUT=2,0\r\n", OK);
	hear_ftp("\r\n+FTPPUT: 1,0\r\n");
	far_is("ftp has /up.txt \"12345\"");
}

/* rpisim808: echo on; the echoed line of FTPPUT=2,n and its answer stand one behind the other; a restart goes through FTPREST. */
static void
rpisim808_uploads_with_echo_and_restarts_a_download(void **state)
{
	(void)state;
	begin("ftp file /f 30 bytes digits\nftp burst 12,18 pause 20s");
	send("AT+SAPBR=1,1\r\n");
	hear_between("AT+SAPBR=1,1\r" OK, 10, 5000);
	send("AT+FTPSERV=\"116.228.221.52\";+FTPUN=\"u\";+FTPPW=\"p\";+FTPGETPATH=\"/\";+FTPGETNAME=\"f\";+FTPPUTPATH=\"/\"\r\n\r\n");
	assert_true(until_burst(h.sent_us + 500000));
	send("AT+FTPPUTNAME=\"up\"\r\n\r\n");
	hear("AT+FTPPUTNAME=\"up\"\r" OK);
	send("AT+FTPSIZE\r\n\r\n");
	hear("AT+FTPSIZE\r" OK);
	hear_ftp("\r\n+FTPSIZE: 1,0,30\r\n");
	send("AT+FTPPUT=1\r\n\r\n");
	hear("AT+FTPPUT=1\r" OK);
	hear_ftp("\r\n+FTPPUT: 1,1,1360\r\n");
	send("AT+FTPPUT=2,4\r\n\r\n");
	hear("AT+FTPPUT=2,4\r\r\n+FTPPUT: 2,4\r\n");
	send("data");
	hear(OK);
	hear_ftp("\r\n+FTPPUT: 1,1,1360\r\n");
	send("AT+FTPPUT=2,0\r\n\r\n");
	hear("AT+FTPPUT=2,0\r" OK);
	hear_ftp("\r\n+FTPPUT: 1,0\r\n");
	far_is("ftp has /up \"data\"");

	echo_off();
	ask("AT+FTPREST=0\r\n", OK);
	ask("AT+FTPGET=1\r\n", OK);
	hear_ftp("\r\n+FTPGET: 1,1\r\n");
	ask(HOSTS_BURSTS ? "AT+FTPGET=2,1024\r\n" : "AT+FTPGET=2,12\r\n", "\r\n+FTPGET: 2,12\r\n012345678901" OK);
	ask("AT+FTPQUIT\r\n", OK);
	hear_ftp("\r\n+FTPGET: 1,86\r\n");
	ask("AT+FTPREST=12\r\n", OK);
	ask("AT+FTPGET=1\r\n", OK);
	hear_ftp("\r\n+FTPGET: 1,1\r\n");
	ask("AT+FTPGET=2,12\r\n", "\r\n+FTPGET: 2,12\r\n234567890123" OK);
}

/* botletics, ESP32Cam: two line ends behind the data, then 2,0 without waiting; a stale 1,1 behind its OK is a failure. */
static void
botletics_closes_without_waiting_for_the_offer(void **state)
{
	static const char *const set_up[] = { "AT+FTPCID=1\r\n", "AT+FTPSERV=\"ftp.sim.com\"\r\n", "AT+FTPUN=\"u\"\r\n",
		"AT+FTPPW=\"p\"\r\n", "AT+FTPPUTNAME=\"up\"\r\n", "AT+FTPPUTPATH=\"/\"\r\n", "AT+FTPPUTOPT=\"STOR\"\r\n",
		"AT+FTPTYPE=\"I\"\r\n" };

	(void)state;
	begin("ftp dir /");
	send("ATE0\r\n");
	hear("ATE0\r" OK);
	ask("ATE0\r\n", OK);
	/* Commands of later modules are refused, and it goes on. */
	ask("AT+CNACT=1,\"internet\"\r\n", ERR);
	ask("AT+CGDCONT=1,\"IP\",\"internet\"\r\n", ERR);
	bearer_open();
	TELL_ALL(set_up);
	ask("AT+FTPPUT=1\r\n", OK);
	hear_between("\r\n+FTPPUT: 1,1,1360\r\n", 50, 1100);
	ask("AT+FTPPUT=2,4\r\n", "\r\n+FTPPUT: 2,4\r\n");
	send("data\r\n");
	hear(OK);
	ask("AT+FTPPUT=2,0\r\n", OK);
	hear_ftp("\r\n+FTPPUT: 1,0\r\n");
	quiet(5000);
	far_is("ftp has /up \"data\"");
}

/* carrascoacd: blocks of the length that the third field names, each followed by 1,1 within 2 s; the end within 2 s, too. */
static void
carrascoacd_uploads_blocks_of_the_offered_length(void **state)
{
	static const char *const set_up[] = { "AT+FTPCID=1\r\n", "AT+FTPSERV=\"ftp.sim.com\"\r\n", "AT+FTPUN=\"u\"\r\n",
		"AT+FTPPW=\"p\"\r\n", "AT+FTPPUTPATH=\"/\"\r\n", "AT+FTPPUTNAME=\"up\"\r\n" };
	char data[1361];

	(void)state;
	memset(data, 'x', sizeof(data) - 1);
	data[sizeof(data) - 1] = '\0';
	begin("ftp dir /");
	echo_off();
	bearer_open();
	TELL_ALL(set_up);
	ask("AT+FTPPUT=1\r\n", OK);
	hear_ftp("\r\n+FTPPUT: 1,1,1360\r\n");
	for (int i = 0; i < 3; i++) {
		ask("AT+FTPPUT=2,1360\r\n", "\r\n+FTPPUT: 2,1360\r\n");
		send(data);
		hear(OK);
		hear_between("\r\n+FTPPUT: 1,1,1360\r\n", 50, 2000);
	}
	ask("AT+FTPPUT=2,0\r\n", OK);
	hear_between("\r\n+FTPPUT: 1,0\r\n", 50, 2000);
	far_is("ftp has /up 4080 bytes repeat \"x\"");
}

/* nimaltd: FTPEXTPUT, the data 100 ms behind its header, then FTPPUT=1 and directly the end; matches "\r\n+FTPPUT: 1," literally. */
static void
nimaltd_uploads_through_extput(void **state)
{
	static const char *const set_up[] = { "AT+FTPCID=1\r\n", "AT+FTPSERV=\"ftp.sim.com\"\r\n", "AT+FTPUN=\"u\"\r\n",
		"AT+FTPPW=\"p\"\r\n", "AT+FTPPUTPATH=\"/\"\r\n", "AT+FTPPUTNAME=\"up\"\r\n", "AT+FTPPUTOPT=\"APPE\"\r\n",
		"AT+FTPEXTPUT=0\r\n", "AT+FTPEXTPUT=1\r\n" };

	(void)state;
	begin("ftp file /up \"old \"");
	echo_off();
	bearer_open();
	TELL_ALL(set_up);
	ask("AT+FTPEXTPUT=2,0,4,5000\r\n", "\r\n+FTPEXTPUT: 0,4\r\n");
	quiet(100);
	send("new ");
	hear(OK);
	ask("AT+FTPEXTPUT=2,4,4,5000\r\n", "\r\n+FTPEXTPUT: 4,4\r\n");
	quiet(100);
	send("data");
	hear(OK);
	ask("AT+FTPPUT=1\r\n", OK);
	hear_ftp("\r\n+FTPPUT: 1,0\r\n");
	ask("AT+FTPEXTPUT=0\r\n", OK);
	quiet(2000);
	far_is("ftp has /up \"old new data\"");
}

/* What else is sent: settings, FTPQUIT with nothing to quit, a listing that is quit, then a session right behind it. */
static void
a_listing_may_be_quit(void **state)
{
	(void)state;
	begin("ftp file /d/f 5 bytes");
	echo_off();
	bearer_open();
	ask("AT+FTPQUIT\r\n", OK);
	quiet(2000);
	ask("AT+FTPSERV=\"ftp.sim.com\"\r\n", OK);
	ask("AT+FTPUN=\"u\"\r\n", OK);
	ask("AT+FTPPW=\"p\"\r\n", OK);
	ask("AT+FTPGETPATH=\"/d/\"\r\n", OK);
	ask("AT+FTPLIST=1\r\n", OK);
	hear_ftp("\r\n+FTPLIST: 1,1\r\n");
	ask("AT+FTPSTATE\r\n", "\r\n+FTPSTATE: 1\r\n" OK);
	ask("AT+FTPQUIT\r\n", OK);
	hear_ftp("\r\n+FTPLIST: 1,86\r\n");
	ask("AT+FTPSTATE\r\n", "\r\n+FTPSTATE: 0\r\n" OK);
	ask("AT+FTPGETNAME=\"f\"\r\n", OK);
	ask("AT+FTPSIZE\r\n", OK);
	hear_ftp("\r\n+FTPSIZE: 1,0,5\r\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HOSTS_TEST(attentive_reads_every_second_until_the_end),
		HOSTS_TEST(eat_ftp_waits_for_the_next_announcement_after_a_short_read),
		HOSTS_TEST(rpisim808_uploads_with_echo_and_restarts_a_download),
		HOSTS_TEST(botletics_closes_without_waiting_for_the_offer),
		HOSTS_TEST(carrascoacd_uploads_blocks_of_the_offered_length),
		HOSTS_TEST(nimaltd_uploads_through_extput),
		HOSTS_TEST(a_listing_may_be_quit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
