/*
 * Whole dialogues as host programs hold them with a module, byte by byte and in their time; each program has its habits.
 * What each waits for, and for how long, is said where it decides.
 */
#include "hosts_rig.h"

/* ---- HTTP -------------------------------------------------------------------- */

/* fona: ATE0 twice, exact lines, 500 ms for every answer; the line behind the upload must be OK. */
static void
fona_posts_and_reads(void **state)
{
	(void)state;
	begin("http httpbin.org/post \"got \" echo");
	send("ATE0\r\n");
	hear("ATE0\r" OK);
	ask("ATE0\r\n", OK);
	ask("AT+CVHU=0\r\n", OK);
	ask("AT+CPMS=\"SM\",\"SM\",\"SM\"\r\n", "\r\n+CPMS: 0,50,0,50,0,50\r\n" OK);
	ask("AT+CIPSHUT\r\n", "\r\nSHUT OK\r\n");
	ask("AT+CGATT=1\r\n", OK);
	ask("AT+SAPBR=3,1,\"CONTYPE\",\"GPRS\"\r\n", OK);
	ask("AT+SAPBR=3,1,\"APN\",\"internet\"\r\n", OK);
	ask("AT+CSTT=\"internet\"\r\n", OK);
	bearer_open();
	ask("AT+CIICR\r\n", OK);
	ask("AT+HTTPTERM\r\n", ERR);
	ask("AT+HTTPINIT\r\n", OK);
	ask("AT+HTTPPARA=\"CID\",1\r\n", OK);
	ask("AT+HTTPPARA=\"UA\",\"FONA\"\r\n", OK);
	ask("AT+HTTPPARA=\"URL\",\"http://httpbin.org/post\"\r\n", OK);
	ask("AT+HTTPPARA=\"CONTENT\",\"text/plain\"\r\n", OK);
	ask("AT+HTTPDATA=5,10000\r\n", "\r\nDOWNLOAD\r\n");
	send("hello");
	hear(OK);
	ask("AT+HTTPACTION=1\r\n", OK);
	hear_http("\r\n+HTTPACTION: 1,200,9\r\n");
	ask("AT+HTTPREAD\r\n", "\r\n+HTTPREAD: 9\r\ngot hello" OK);
	ask("AT+HTTPTERM\r\n", OK);
	far_is("http saw POST http://httpbin.org/post header \"User-Agent: FONA\" header \"Content-Type: text/plain\" body \"hello\"");
}

/* ostaquet: echo is needed for AT+CSQ; it looks for R14, ignores the upload's OK and goes on 500 ms later. */
static void
ostaquet_asks_the_signal_with_echo_and_posts(void **state)
{
	(void)state;
	begin("http postman-echo.com/post \"{}\" method POST");
	send("AT+CSQ\r\n");
	hear("AT+CSQ\r\r\n+CSQ: 18,0\r\n" OK);
	send("ATI\r\n");
	hear("ATI\r\r\nSIM800 R14.18\r\n" OK);
	send("AT+SAPBR=1,1\r\n");
	hear_between("AT+SAPBR=1,1\r" OK, 10, 5000);
	echo_off();
	ask("AT+HTTPINIT\r\n", OK);
	ask("AT+HTTPPARA=\"CID\",1\r\n", OK);
	ask("AT+HTTPPARA=\"URL\",\"https://postman-echo.com/post\"\r\n", OK);
	ask("AT+HTTPSSL=1\r\n", OK);
	ask("AT+HTTPPARA=\"CONTENT\",\"application/json\"\r\n", OK);
	ask("AT+HTTPDATA=7,10000\r\n", "\r\nDOWNLOAD\r\n");
	send("{\"a\":1}");
	hear(OK);
	quiet(500);
	ask("AT+HTTPACTION=1\r\n", OK);
	hear_http("\r\n+HTTPACTION: 1,200,2\r\n");
	ask("AT+HTTPREAD\r\n", "\r\n+HTTPREAD: 2\r\n{}" OK);
	ask("AT+HTTPTERM\r\n", OK);
	ask("AT+SAPBR=0,1\r\n", OK);
}

/* carrascoacd: the action is sent 10 ms behind the body and ends in LF: its line and the upload's OK cross. */
static void
carrascoacd_does_not_wait_for_the_uploads_ok(void **state)
{
	(void)state;
	begin("http www.sim.com/post \"{\\\"ok\\\":true}\" method POST");
	echo_off();
	ask("AT+SAPBR=3,1,\"APN\",\"internet\"\r\n", OK);
	bearer_open();
	ask("AT+SAPBR=2,1\r\n", "\r\n+SAPBR: 1,1,\"10.89.193.1\"\r\n" OK);
	ask("AT+HTTPSSL=0\r\n", OK);
	ask("AT+HTTPINIT\r\n", OK);
	ask("AT+HTTPPARA=\"CID\",1\r\n", OK);
	ask("AT+HTTPPARA=\"URL\",\"www.sim.com/post\"\r\n", OK);
	ask("AT+HTTPDATA=8,10000\r\n", "\r\nDOWNLOAD\r\n");
	send("{\"a\": 1}");
	quiet(9);
	send("AT+HTTPACTION=1\n");
	hear_between(OK, 0, 500);
	hear_between(OK, ANSWER_LEAST_MS, 500);
	hear_http("\r\n+HTTPACTION: 1,200,11\r\n");
	ask("AT+HTTPREAD\r\n", "\r\n+HTTPREAD: 11\r\n{\"ok\":true}" OK);
	ask("AT+HTTPTERM\r\n", OK);
	far_is("http saw POST body \"{\\\"a\\\": 1}\"");
}

/* The same when the operating system hands over both writes as one piece, or byte by byte. */
static void
a_command_behind_the_body_is_kept_however_it_is_cut(void **state)
{
	const char *all = "hello\r\nAT+HTTPREAD\n";

	(void)state;
	for (int cut = 0; cut < 3; cut++) {
		begin("");
		echo_off();
		ask("AT+HTTPINIT\r\n", OK);
		ask("AT+HTTPDATA=5,10000\r\n", "\r\nDOWNLOAD\r\n");
		for (size_t at = 0, n; at < strlen(all); at += n) {
			n = cut == 0 ? strlen(all) : cut == 1 ? 1 : at == 0 ? 8 : strlen(all) - at;
			send_bytes(span_of(all + at, n));
		}
		hear(OK);
		hear_between("\r\n+HTTPREAD: 5\r\nhello" OK, ANSWER_LEAST_MS, 500);
		quiet(2000);
	}
}

/* What is no command behind the body is dropped, also byte by byte and with letters that could begin one. */
static void
text_behind_the_body_is_dropped_however_it_is_cut(void **state)
{
	(void)state;
	for (int cut = 0; cut < 2; cut++) {
		const char *all = "hello, a wall\r";

		begin("");
		echo_off();
		ask("AT+HTTPINIT\r\n", OK);
		ask("AT+HTTPDATA=5,10000\r\n", "\r\nDOWNLOAD\r\n");
		if (cut == 0)
			send(all);
		for (; cut == 1 && *all != '\0'; all++)
			send_bytes(span_of(all, 1));
		hear(OK);
		quiet(2000);
		ask("AT+HTTPREAD\r\n", "\r\n+HTTPREAD: 5\r\nhello" OK);
	}
}

/* gsmsim: all that comes within a second of OK is swallowed, the URC must come later; a CR trails the body. */
static void
gsmsim_hears_the_urc_a_second_behind_ok(void **state)
{
	(void)state;
	begin("http www.sim.com \"hello\"");
	echo_off();
	ask("AT+CREG?\r", "\r\n+CREG: 0,1\r\n" OK);
	bearer_open();
	ask("AT+HTTPTERM\r", ERR);
	ask("AT+HTTPINIT\r", OK);
	ask("AT+HTTPPARA=\"CID\",1\r", OK);
	ask("AT+HTTPPARA=\"URL\",\"www.sim.com\"\r", OK);
	ask("AT+HTTPDATA=5,5000\r", "\r\nDOWNLOAD\r\n");
	send("abcde\r");
	hear(OK);
	ask("AT+HTTPACTION=1\r", OK);
	quiet(1050);
	hear_http("\r\n+HTTPACTION: 1,200,5\r\n");
	ask("AT+HTTPREAD\r", "\r\n+HTTPREAD: 5\r\nhello" OK);
	far_is("http saw POST body \"abcde\"");
}

/* basanovase: fixed pauses, no CID; what is not there when a pause is over is not seen. */
static void
basanovase_waits_for_fixed_times(void **state)
{
	(void)state;
	begin("http www.sim.com \"hello\"\nftp file /1K.txt 20 bytes digits");
	echo_off();
	ask("AT+SAPBR=3,1,\"Contype\",\"GPRS\"\r\n", OK);
	bearer_open();
	ask("AT+HTTPINIT\r\n", OK);
	ask("AT+HTTPPARA=\"URL\",\"http://www.sim.com/\"\r\n", OK);
	send("AT+HTTPACTION=0\r\n");
	hear(OK);
	quiet(1100);
	assert_true(until_burst(h.sent_us + 2100000));
	assert_burst("\r\n+HTTPACTION: 0,200,5\r\n");
	ask("AT+HTTPREAD\r\n", "\r\n+HTTPREAD: 5\r\nhello" OK);
	ask("AT+HTTPTERM\r\n", OK);
	ask("AT+FTPCID=1\r\n", OK);
	ask("AT+FTPSERV=\"ftp.sim.com\"\r\n", OK);
	ask("AT+FTPUN=\"u\"\r\n", OK);
	ask("AT+FTPPW=\"p\"\r\n", OK);
	ask("AT+FTPGETPATH=\"/\"\r\n", OK);
	ask("AT+FTPGETNAME=\"1K.txt\"\r\n", OK);
	send("AT+FTPGET=1\r\n");
	hear(OK);
	assert_true(until_burst(h.sent_us + 1100000));
	assert_burst("\r\n+FTPGET: 1,1\r\n");
	quiet(h.sent_us / 1000 + 1100 - h.now_us / 1000);
	ask("AT+FTPGET=2,1024\r\n", "\r\n+FTPGET: 2,20\r\n01234567890123456789" OK);
	hear_ftp("\r\n+FTPGET: 1,0\r\n");
}

/* ircama: LF alone ends everything, several commands on a line, quotes hold semicolons and commas, an LF trails the body. */
static void
ircama_ends_every_line_with_lf(void **state)
{
	(void)state;
	begin("http www.sim.com/a;b,c \"{}\"");
	send("ATE0\n");
	hear("ATE0\r" OK);
	ask("AT+HTTPINIT\n", OK);
	ask("AT+HTTPINIT\n", ERR);
	ask("AT+HTTPTERM\n", OK);
	ask("AT+SAPBR=2,1\n", "\r\n+SAPBR: 1,3,\"0.0.0.0\"\r\n" OK);
	send("AT+SAPBR=3,1,\"CONTYPE\",\"GPRS\";+SAPBR=3,1,\"APN\",\"x\";+SAPBR=1,1\n");
	hear_between(OK, 10, 5000);
	ask("AT+HTTPINIT\n", OK);
	ask("AT+HTTPPARA=\"CID\",1;+HTTPPARA=\"URL\",\"www.sim.com/a;b,c\";+HTTPPARA=\"REDIR\",0;+HTTPSSL=0\n", OK);
	ask("AT+HTTPDATA=3,5000\n", "\r\nDOWNLOAD\r\n");
	send("a=1\n");
	hear(OK);
	ask("AT+HTTPACTION=1\n", OK);
	hear_http("\r\n+HTTPACTION: 1,200,2\r\n");
	ask("AT+HTTPREAD\n", "\r\n+HTTPREAD: 2\r\n{}" OK);
	ask("AT+HTTPTERM\n", OK);
	ask("AT+SAPBR=0,1\n", OK);
	far_is("http saw POST http://www.sim.com/a;b,c body \"a=1\"");
}

/* usim800: a lone CR 150 ms before every command; what is buffered when the body has come is all that is dropped. */
static void
usim800_sends_a_cr_before_every_command(void **state)
{
	static const char *const lines[][2] = {
		{ "AT+HTTPTERM\r", ERR },
		{ "AT+HTTPINIT\r", OK },
		{ "AT+HTTPPARA=\"CID\",1\r", OK },
		{ "AT+HTTPPARA=\"URL\",\"www.sim.com\"\r", OK },
		{ "AT+HTTPACTION=2\r", OK },
		{ NULL, "\r\n+HTTPACTION: 2,200,0\r\n" },
		{ "AT+HTTPACTION=0\r", OK },
		{ NULL, "\r\n+HTTPACTION: 0,200,5\r\n" },
		{ "AT+HTTPREAD\r", "\r\n+HTTPREAD: 5\r\nhello" OK },
		{ "AT+HTTPREAD\r", "\r\n+HTTPREAD: 5\r\nhello" OK },
		{ "AT+HTTPTERM\r", OK },
	};

	(void)state;
	begin("http www.sim.com \"hello\"");
	echo_off();
	bearer_open();
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (lines[i][0] == NULL) {
			hear_http(lines[i][1]);
			continue;
		}
		send("\r");
		quiet(150);
		ask(lines[i][0], lines[i][1]);
	}
}

/* gsmjs: needs the echo, OK and URC in two reads, 0x1A and CR behind the body. */
static void
gsmjs_keeps_the_last_read_only(void **state)
{
	(void)state;
	begin("http www.sim.com \"hello\"");
	send("AT+SAPBR=1,1\r");
	hear_between("AT+SAPBR=1,1\r" OK, 10, 5000);
	send("AT+HTTPINIT\r");
	hear("AT+HTTPINIT\r" OK);
	send("AT+HTTPPARA=\"URL\",\"www.sim.com\"\r");
	hear("AT+HTTPPARA=\"URL\",\"www.sim.com\"\r" OK);
	send("AT+HTTPDATA=3,10000\r");
	hear("AT+HTTPDATA=3,10000\r\r\nDOWNLOAD\r\n");
	send("abc");
	send("\x1a\r");
	hear(OK);
	quiet(1000);
	send("AT+HTTPACTION=1\r");
	hear("AT+HTTPACTION=1\r" OK);
	hear_http("\r\n+HTTPACTION: 1,200,5\r\n");
	send("AT+HTTPREAD=0,5\r");
	hear("AT+HTTPREAD=0,5\r\r\n+HTTPREAD: 5\r\nhello" OK);
	send("AT+HTTPTERM\r");
	hear("AT+HTTPTERM\r" OK);
}

/* pythings: asks whether there is TLS, compares with the command and CR CR LF, sends CR LF behind the body. */
static void
pythings_strips_the_echo(void **state)
{
	(void)state;
	begin("http www.sim.com \"hello\"");
	send("AT+CIPSSL=?\r\n");
	hear("AT+CIPSSL=?\r\r\n+CIPSSL: (0-1)\r\n" OK);
	send("AT+SAPBR=2,1\r\n");
	hear("AT+SAPBR=2,1\r\r\n+SAPBR: 1,3,\"0.0.0.0\"\r\n" OK);
	send("AT+SAPBR=1,1\r\n");
	hear_between("AT+SAPBR=1,1\r" OK, 10, 5000);
	send("AT+HTTPINIT\r\n");
	hear("AT+HTTPINIT\r" OK);
	send("AT+HTTPPARA=\"URL\",\"http://www.sim.com/\"\r\n");
	hear("AT+HTTPPARA=\"URL\",\"http://www.sim.com/\"\r" OK);
	send("AT+HTTPSSL=0\r\n");
	hear("AT+HTTPSSL=0\r" OK);
	send("AT+HTTPDATA=3,10000\r\n");
	hear("AT+HTTPDATA=3,10000\r\r\nDOWNLOAD\r\n");
	send("abc\r\n");
	hear(OK);
	send("AT+HTTPACTION=1\r\n");
	hear("AT+HTTPACTION=1\r" OK);
	hear_http("\r\n+HTTPACTION: 1,200,5\r\n");
	send("AT+HTTPREAD\r\n");
	hear("AT+HTTPREAD\r\r\n+HTTPREAD: 5\r\nhello" OK);
	far_is("http saw POST body \"abc\"");
}

/* eat_http: only a URL, no scheme, and it does not wait for the upload's OK; Hamilkar247 sends CR LF and no FTPCID. */
static void
eat_http_sets_the_url_only(void **state)
{
	(void)state;
	begin("http www.sim.com \"hello\"");
	echo_off();
	bearer_open();
	ask("AT+HTTPINIT\r\n", OK);
	ask("AT+HTTPPARA=\"URL\",\"www.sim.com\"\r\n", OK);
	ask("AT+HTTPACTION=0\r\n", OK);
	hear_http("\r\n+HTTPACTION: 0,200,5\r\n");
	ask("AT+HTTPREAD\r\n", "\r\n+HTTPREAD: 5\r\nhello" OK);
	ask("AT+HTTPDATA=3,10000\r\n", "\r\nDOWNLOAD\r\n");
	send("abc");
	send("AT+HTTPACTION=1\r\n");
	hear(OK);
	hear_between(OK, ANSWER_LEAST_MS, 500);
	hear_http("\r\n+HTTPACTION: 1,200,5\r\n");
	ask("AT+HTTPTERM\r\n", OK);
	far_is("http saw POST body \"abc\"");
}

/* nimaltd: factory settings, echo on; content before CID and URL; asks for 500 bytes and takes the number it gets. */
static void
nimaltd_brings_the_content_first(void **state)
{
	(void)state;
	begin("http www.sim.com \"hello\"");
	send("AT&F0\r\n");
	hear("AT&F0\r" OK);
	send("ATE1\r\n");
	hear("ATE1\r" OK);
	send("AT+SAPBR=1,1\r\n");
	hear_between("AT+SAPBR=1,1\r" OK, 10, 5000);
	send("AT+HTTPINIT\r\n");
	hear("AT+HTTPINIT\r" OK);
	send("AT+HTTPPARA=\"CONTENT\",\"text/plain\"\r\n");
	hear("AT+HTTPPARA=\"CONTENT\",\"text/plain\"\r" OK);
	send("AT+HTTPDATA=3,5000\r\n");
	hear("AT+HTTPDATA=3,5000\r\r\nDOWNLOAD\r\n");
	send("abc");
	hear(OK);
	send("AT+HTTPPARA=\"CID\",1\r\n");
	hear("AT+HTTPPARA=\"CID\",1\r" OK);
	send("AT+HTTPPARA=\"URL\",\"www.sim.com\"\r\n");
	hear("AT+HTTPPARA=\"URL\",\"www.sim.com\"\r" OK);
	send("AT+HTTPSSL=0\r\n");
	hear("AT+HTTPSSL=0\r" OK);
	send("AT+HTTPACTION=1\r\n");
	hear("AT+HTTPACTION=1\r" OK);
	hear_http("\r\n+HTTPACTION: 1,200,5\r\n");
	send("AT+HTTPREAD=0,500\r\n");
	hear("AT+HTTPREAD=0,500\r\r\n+HTTPREAD: 5\r\nhello" OK);
	send("AT+HTTPTERM\r\n");
	hear("AT+HTTPTERM\r" OK);
	far_is("http saw POST header \"Content-Type: text/plain\" body \"abc\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HOSTS_TEST(fona_posts_and_reads),
		HOSTS_TEST(ostaquet_asks_the_signal_with_echo_and_posts),
		HOSTS_TEST(carrascoacd_does_not_wait_for_the_uploads_ok),
		HOSTS_TEST(a_command_behind_the_body_is_kept_however_it_is_cut),
		HOSTS_TEST(text_behind_the_body_is_dropped_however_it_is_cut),
		HOSTS_TEST(gsmsim_hears_the_urc_a_second_behind_ok),
		HOSTS_TEST(basanovase_waits_for_fixed_times),
		HOSTS_TEST(ircama_ends_every_line_with_lf),
		HOSTS_TEST(usim800_sends_a_cr_before_every_command),
		HOSTS_TEST(gsmjs_keeps_the_last_read_only),
		HOSTS_TEST(pythings_strips_the_echo),
		HOSTS_TEST(eat_http_sets_the_url_only),
		HOSTS_TEST(nimaltd_brings_the_content_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
