/* The HTTP session: reference dialogue A byte for byte, every row of the facts' state table, and the rule table itself. */
#include "session_world.h"

static struct rig *
ready(void)
{
	struct rig *r = rig_new("", true);

	r->world.script.http_status = 200;
	r->world.script.http_length = 69;
	ask(r, "AT+HTTPINIT", OK_LINE);
	ask(r, "AT+HTTPPARA=\"URL\",\"www.sim.com\"", OK_LINE);
	return r;
}

static void
dialogue_a_byte_for_byte(void **state)
{
	struct rig *r = rig_new("", false);

	(void)state;
	ask(r, "AT+SAPBR=1,1", "");
	hear(r, 2000, OK_LINE);
	ask(r, "AT+SAPBR=2,1", "\r\n+SAPBR: 1,1,\"10.55.102.122\"\r\n\r\nOK\r\n");
	ask(r, "AT+HTTPINIT", OK_LINE);
	ask(r, "AT+HTTPACTION=0", ERROR_LINE);
	ask(r, "AT+HTTPPARA=\"URL\",\"x\"", OK_LINE);
	r->world.script = (struct script){ .http_ms = 300, .http_status = 200, .http_length = 69 };
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 0,200,69\r\n");
	ask_content(r, "AT+HTTPREAD", "\r\n+HTTPREAD: 69\r\n", 0, 69);
	ask_content(r, "AT+HTTPREAD=0,40", "\r\n+HTTPREAD: 40\r\n", 0, 40);
	ask(r, "AT+HTTPDATA=10,10000", "\r\nDOWNLOAD\r\n");
	give(r, 10, OK_LINE);
	r->world.script.http_echo = true;
	ask(r, "AT+HTTPACTION=1", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 1,200,72\r\n");
	assert_int_equal(r->world.http_body_length, 10);
	assert_memory_equal(r->world.http_body, "abcdefghij", 10);
	ask(r, "AT+HTTPDATA=0,10000", OK_LINE);
	ask(r, "AT+HTTPREAD=0,400", OK_LINE);
	ask(r, "AT+HTTPDATA=0,200", ERROR_LINE);
	ask(r, "AT+HTTPTERM", OK_LINE);
	ask(r, "AT+HTTPTERM", ERROR_LINE);
	rig_free(r);
}

static void
every_event_has_a_rule_in_every_state(void **state)
{
	(void)state;
	table_is_total(&http_session_table);
}

static void
no_rule_is_dead(void **state)
{
	(void)state;
	table_has_no_dead_rows(&http_session_table);
}

static void
every_rule_names_its_clause_and_has_an_id_of_its_own(void **state)
{
	(void)state;
	table_is_documented(&http_session_table);
}

static void
before_init_every_command_is_refused(void **state)
{
	static const char *const lines[] = { "AT+HTTPTERM", "AT+HTTPPARA=\"CID\",1", "AT+HTTPPARA?", "AT+HTTPDATA=10,1000", "AT+HTTPREAD",
		"AT+HTTPREAD=0,10", "AT+HTTPACTION=0", "AT+HTTPSCONT", "AT+HTTPSCONT?", "AT+HTTPSTATUS?", "AT+HTTPHEAD" };
	struct rig *r = rig_new("", true);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ask(r, lines[i], ERROR_LINE);
	ask(r, "AT+CMEE=1", OK_LINE);
	ask(r, "AT+HTTPREAD", "\r\n+CME ERROR: 3\r\n");
	rig_free(r);
}

static void
a_second_init_is_refused_and_the_session_goes_on(void **state)
{
	struct rig *r = ready();

	(void)state;
	ask(r, "AT+HTTPINIT", ERROR_LINE);
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 0,200,69\r\n");
	rig_free(r);
}

static void
after_term_and_init_the_url_is_gone(void **state)
{
	struct rig *r = ready();

	(void)state;
	ask(r, "AT+HTTPTERM", OK_LINE);
	ask(r, "AT+HTTPINIT", OK_LINE);
	ask(r, "AT+HTTPACTION=0", ERROR_LINE);
	rig_free(r);
}

static void
a_closed_bearer_gives_ok_and_601(void **state)
{
	struct rig *r = rig_new("", false);

	(void)state;
	ask(r, "AT+HTTPINIT", OK_LINE);
	ask(r, "AT+HTTPPARA=\"URL\",\"x\"", OK_LINE);
	ask(r, "AT+HTTPACTION=2", OK_LINE);
	ask(r, "AT+HTTPREAD", OK_LINE);
	ask(r, "AT+HTTPSTATUS?", "\r\n+HTTPSTATUS: HEAD,0,0,0\r\n\r\nOK\r\n");
	hear(r, 2000, "\r\n+HTTPACTION: 2,601,0\r\n");
	rig_set(r, "http-no-bearer", "error");
	ask(r, "AT+HTTPACTION=0", ERROR_LINE);
	assert_int_equal(r->world.http_starts, 0);
	rig_free(r);
}

static void
cid_names_the_bearer(void **state)
{
	struct rig *r = ready();

	(void)state;
	ask(r, "AT+HTTPPARA=\"CID\",2", OK_LINE);
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 0,601,0\r\n");
	ask(r, "AT+SAPBR=1,2", "");
	hear(r, 2000, OK_LINE);
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 0,200,69\r\n");
	assert_int_equal(r->world.http.cid, 2);
	rig_free(r);
}

static void
the_urc_waits_for_the_world_and_for_the_gap(void **state)
{
	struct rig *r = ready();

	(void)state;
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	hear(r, 1400, "");
	hear(r, 100, "\r\n+HTTPACTION: 0,200,69\r\n");
	r->world.script.http_ms = 5000;
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	hear(r, 4900, "");
	hear(r, 100, "\r\n+HTTPACTION: 0,200,69\r\n");
	rig_free(r);
}

static void
while_an_action_runs(void **state)
{
	struct rig *r = ready();

	(void)state;
	r->world.script.http_ms = 5000;
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	ask(r, "AT+HTTPREAD", OK_LINE);
	ask(r, "AT+HTTPSTATUS?", "\r\n+HTTPSTATUS: GET,1,1440,7915\r\n\r\nOK\r\n");
	ask(r, "AT+HTTPACTION=0", ERROR_LINE);
	ask(r, "AT+HTTPDATA=10,1000", ERROR_LINE);
	ask(r, "AT+HTTPINIT", ERROR_LINE);
	ask(r, "AT+HTTPPARA=\"URL\",\"y\"", OK_LINE);
	assert_memory_equal(r->world.http.url.at, "www.sim.com", 11);
	rig_set(r, "http-busy-para", "error");
	ask(r, "AT+HTTPPARA=\"URL\",\"z\"", ERROR_LINE);
	rig_set(r, "http-busy-action", "604");
	ask(r, "AT+HTTPACTION=2", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 2,604,0\r\n");
	hear(r, 5000, "\r\n+HTTPACTION: 0,200,69\r\n");
	ask(r, "AT+HTTPSTATUS?", "\r\n+HTTPSTATUS: GET,0,0,0\r\n\r\nOK\r\n");
	r->world.script.http_sending = true;
	ask(r, "AT+HTTPACTION=1", OK_LINE);
	ask(r, "AT+HTTPSTATUS?", "\r\n+HTTPSTATUS: POST,2,1440,608\r\n\r\nOK\r\n");
	rig_set(r, "http-busy-term", "error");
	ask(r, "AT+HTTPTERM", ERROR_LINE);
	rig_set(r, "http-busy-term", "ok");
	ask(r, "AT+HTTPTERM", OK_LINE);
	hear(r, 130000, "");
	assert_false(r->world.http_on);
	rig_free(r);
}

static void
failures_of_the_world_are_reported(void **state)
{
	static const int status[] = { 600, 601, 602, 603, 604, 605, 606 };
	struct rig *r = ready();
	size_t i;

	(void)state;
	for (i = 0; i < 7; i++) {
		char urc[] = "\r\n+HTTPACTION: 0,600,0\r\n";

		urc[19] = (char)('0' + i);
		r->world.script.http_status = status[i];
		ask(r, "AT+HTTPACTION=0", OK_LINE);
		hear(r, 2000, urc);
		ask(r, "AT+HTTPREAD", OK_LINE);
	}
	rig_free(r);
}

static void
an_answer_larger_than_the_buffer_is_602(void **state)
{
	struct rig *r = ready();

	(void)state;
	r->world.script.http_length = HTTP_BUFFER_MAX + 1;
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 0,602,0\r\n");
	ask(r, "AT+HTTPREAD", OK_LINE);
	r->world.script.http_length = HTTP_BUFFER_MAX;
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 0,200,319488\r\n");
	ask_content(r, "AT+HTTPREAD", "\r\n+HTTPREAD: 319488\r\n", 0, HTTP_BUFFER_MAX);
	rig_free(r);
}

static void
a_head_has_no_body_but_a_header(void **state)
{
	struct rig *r = ready();

	(void)state;
	ask(r, "AT+HTTPHEAD", OK_LINE);
	r->world.script.http_header = "HTTP/1.1 200 OK\r\n\r\n";
	ask(r, "AT+HTTPACTION=2", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 2,200,0\r\n");
	ask(r, "AT+HTTPREAD", OK_LINE);
	ask(r, "AT+HTTPHEAD", "\r\n+HTTPHEAD: 19\r\nHTTP/1.1 200 OK\r\n\r\n\r\nOK\r\n");
	rig_free(r);
}

static void
data_that_does_not_come_in_time_gives_ok_and_the_line_moves(void **state)
{
	struct rig *r = ready();

	(void)state;
	assert_true(modem_lines(&r->m) & MODEM_DCD);
	ask(r, "AT+HTTPDATA=100,1000", "\r\nDOWNLOAD\r\n");
	assert_false(modem_lines(&r->m) & MODEM_DCD);
	give(r, 30, "");
	hear(r, 1000, OK_LINE);
	assert_true(modem_lines(&r->m) & MODEM_DCD);
	ask_content(r, "AT+HTTPREAD", "\r\n+HTTPREAD: 30\r\n", 0, 30);
	rig_set(r, "http-partial-keeps", "no");
	ask(r, "AT+HTTPDATA=100,1000", "\r\nDOWNLOAD\r\n");
	give(r, 30, "");
	hear(r, 1000, OK_LINE);
	ask(r, "AT+HTTPREAD", OK_LINE);
	ask(r, "AT+HTTPDATA=100,1000", "\r\nDOWNLOAD\r\n");
	hear(r, 1000, OK_LINE);
	rig_free(r);
}

static void
surplus_bytes_are_dropped(void **state)
{
	struct rig *r = ready();

	(void)state;
	ask(r, "AT+HTTPDATA=10,10000", "\r\nDOWNLOAD\r\n");
	give(r, 16, OK_LINE);
	ask_content(r, "AT+HTTPREAD", "\r\n+HTTPREAD: 10\r\n", 0, 10);
	rig_free(r);
}

/* Only what begins a line may be a command, however the bytes come. */
static void
a_command_in_surplus_bytes_does_not_depend_on_the_cuts(void **state)
{
	static const struct {
		struct span behind;
		const char *answer;
	} given[] = {
		{ { "abcAT+CBC\r", 10 }, "" },
		{ { "aAT+CBC\r", 8 }, "" },
		{ { "\032\r\nAT+CBC\r\n", 11 }, "\r\n+CBC: 0,85,4012\r\n\r\nOK\r\n" },
		{ { "abc\rAT+CBC\r", 11 }, "\r\n+CBC: 0,85,4012\r\n\r\nOK\r\n" },
	};
	struct rig *r = ready();

	(void)state;
	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]) * 2; i++) {
		struct span behind = given[i / 2].behind;
		char want[100] = "\r\nOK\r\n";

		strcat(want, given[i / 2].answer);
		ask(r, "AT+HTTPDATA=5,10000", "\r\nDOWNLOAD\r\n");
		rig_forget(r);
		modem_feed(&r->m, SPAN("hello"), r->now_us);
		for (size_t k = 0; k < behind.len; k += i % 2 == 0 ? behind.len : 1)
			modem_feed(&r->m, span_of(behind.at + k, i % 2 == 0 ? behind.len : 1), r->now_us);
		rig_wait(r, 1000);
		assert_string_equal(r->said, want);
	}
	rig_free(r);
}

static void
the_answer_and_the_data_share_one_buffer(void **state)
{
	struct rig *r = ready();

	(void)state;
	r->world.script.http_echo = true;
	ask(r, "AT+HTTPACTION=1", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 1,200,62\r\n");
	ask(r, "AT+HTTPACTION=1", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 1,200,124\r\n");
	ask(r, "AT+HTTPDATA=0,1000", OK_LINE);
	ask(r, "AT+HTTPACTION=1", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 1,200,62\r\n");
	rig_free(r);
}

static void
reading_in_parts(void **state)
{
	struct rig *r = ready();

	(void)state;
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 0,200,69\r\n");
	ask_content(r, "AT+HTTPREAD=60,400", "\r\n+HTTPREAD: 9\r\n", 60, 9);
	ask_content(r, "AT+HTTPREAD=0,500", "\r\n+HTTPREAD: 69\r\n", 0, 69);
	ask_content(r, "AT+HTTPREAD=68,1", "\r\n+HTTPREAD: 1\r\n", 68, 1);
	ask(r, "AT+HTTPREAD=69,1", OK_LINE);
	rig_set(r, "http-read-beyond", "error");
	ask(r, "AT+HTTPREAD=69,1", ERROR_LINE);
	ask(r, "AT+HTTPREAD=0,0", ERROR_LINE);
	ask(r, "AT+HTTPREAD=0,319489", ERROR_LINE);
	ask(r, "AT+HTTPREAD=0", ERROR_LINE);
	rig_free(r);
}

static void
a_server_that_never_answers_ends_with_the_timeout(void **state)
{
	struct rig *r = ready();

	(void)state;
	r->world.script.http_ms = AFTER_ALL;
	ask(r, "AT+HTTPPARA=\"TIMEOUT\",30", OK_LINE);
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	assert_int_equal(r->world.http.timeout_ms, 30000);
	hear(r, 29900, "");
	hear(r, 100, "\r\n+HTTPACTION: 0,601,0\r\n");
	rig_set(r, "http-timeout-status", "408");
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	hear(r, 31000, "\r\n+HTTPACTION: 0,408,0\r\n");
	rig_free(r);
}

static void
a_lost_bearer_is_601_and_deact(void **state)
{
	struct rig *r = ready();

	(void)state;
	r->world.script.http_ms = 5000;
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	rig_wait(r, 2000);
	rig_forget(r);
	modem_bearer_lost(&r->m, 1, r->now_us);
	rig_wait(r, 1000);
	assert_non_null(strstr(r->said, "\r\n+HTTPACTION: 0,601,0\r\n"));
	assert_non_null(strstr(r->said, "\r\n+SAPBR 1: DEACT\r\n"));
	assert_int_equal(r->said_len, strlen("\r\n+HTTPACTION: 0,601,0\r\n\r\n+SAPBR 1: DEACT\r\n"));
	ask(r, "AT+SAPBR=1,1", "");
	hear(r, 2000, OK_LINE);
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	ask(r, "AT+SAPBR=0,1", OK_LINE);
	hear(r, 1300, "");
	hear(r, 8000, "\r\n+HTTPACTION: 0,601,0\r\n");
	rig_free(r);
}

static void
every_parameter_reaches_the_world(void **state)
{
	struct rig *r = ready();

	(void)state;
	ask(r, "AT+HTTPPARA=\"BREAK\",2000", OK_LINE);
	ask(r, "AT+HTTPPARA=\"BREAKEND\",3000", OK_LINE);
	ask(r, "AT+HTTPPARA=\"REDIR\",1", OK_LINE);
	ask(r, "AT+HTTPPARA=\"PROIP\",\"10.0.0.172\"", OK_LINE);
	ask(r, "AT+HTTPPARA=\"PROPORT\",8080", OK_LINE);
	ask(r, "AT+HTTPPARA=\"content\",\"text/plain\"", OK_LINE);
	ask(r, "AT+HTTPPARA=USERDATA,\"X: 1\\r\\nY: 2\"", OK_LINE);
	ask(r, "AT+HTTPSSL=1", OK_LINE);
	ask(r, "AT+HTTPSSL?", "\r\n+HTTPSSL: 1\r\n\r\nOK\r\n");
	r->world.script.http_status = 206;
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 0,206,69\r\n");
	assert_int_equal(r->world.http.range_first, 2000);
	assert_int_equal(r->world.http.range_last, 3000);
	assert_true(r->world.http.redirect && r->world.http.tls);
	assert_int_equal(r->world.http.proxy_port, 8080);
	assert_true(span_equal(r->world.http.proxy, SPAN("10.0.0.172")));
	assert_true(span_equal(r->world.http.content_type, SPAN("text/plain")));
	assert_true(span_equal(r->world.http.user_data, SPAN("X: 1\\r\\nY: 2")));
	assert_true(span_equal(r->world.http.user_agent, SPAN("SIMCOM_MODULE")));
	rig_set(r, "http-range-status", "200");
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	hear(r, 2000, "\r\n+HTTPACTION: 0,200,69\r\n");
	rig_free(r);
}

static void
what_is_out_of_range_is_refused_and_changes_nothing(void **state)
{
	static const char *const lines[] = { "AT+HTTPPARA=\"CID\",0", "AT+HTTPPARA=\"CID\",4", "AT+HTTPPARA=\"TIMEOUT\",29",
		"AT+HTTPPARA=\"TIMEOUT\",1001", "AT+HTTPPARA=\"REDIR\",2", "AT+HTTPPARA=\"PROPORT\",0", "AT+HTTPPARA=\"PROPORT\",65536",
		"AT+HTTPPARA=\"BREAK\",-1", "AT+HTTPPARA=\"NOTAG\",1", "AT+HTTPPARA=\"URL\"", "AT+HTTPPARA=\"URL\",\"a\",\"b\"",
		"AT+HTTPPARA=\"+HTTPSSL\",1", "AT+HTTPPARA", "AT+HTTPACTION=4", "AT+HTTPACTION", "AT+HTTPACTION=0,1", "AT+HTTPACTION?",
		"AT+HTTPDATA", "AT+HTTPDATA=10", "AT+HTTPDATA=10,999", "AT+HTTPDATA=10,120001", "AT+HTTPDATA=319489,1000", "AT+HTTPSSL=2",
		"AT+HTTPINIT?", "AT+HTTPINIT=1", "AT+HTTPTERM?", "AT+HTTPREAD?", "AT+HTTPSTATUS", "AT+HTTPSCONT=?" };
	struct rig *r = ready();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ask(r, lines[i], ERROR_LINE);
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	assert_true(span_equal(r->world.http.url, SPAN("www.sim.com")));
	assert_int_equal(r->world.http.timeout_ms, 120000);
	rig_free(r);
}

static void
test_forms(void **state)
{
	struct rig *r = rig_new("", false);

	(void)state;
	ask(r, "AT+HTTPINIT=?", OK_LINE);
	ask(r, "AT+HTTPTERM=?", OK_LINE);
	ask(r, "AT+HTTPSTATUS=?", OK_LINE);
	ask(r, "AT+HTTPHEAD=?", OK_LINE);
	ask(r, "AT+HTTPPARA=?", "\r\n+HTTPPARA: \"HTTPParamTag\",\"HTTPParmValue\"\r\n\r\nOK\r\n");
	ask(r, "AT+HTTPDATA=?", "\r\n+HTTPDATA: (0-319488),(1000-120000)\r\n\r\nOK\r\n");
	ask(r, "AT+HTTPACTION=?", "\r\n+HTTPACTION: (0-2)\r\n\r\nOK\r\n");
	assert_int_equal(modem_switch_set(&r->m, SPAN("http-delete"), SPAN("yes")), 0);
	ask(r, "AT+HTTPACTION=?", "\r\n+HTTPACTION: (0-3)\r\n\r\nOK\r\n");
	ask(r, "AT+HTTPREAD=?", "\r\n+HTTPREAD: (0-319488),(1-319488)\r\n\r\nOK\r\n");
	ask(r, "AT+HTTPSSL=?", "\r\n+HTTPSSL: (0-1)\r\n\r\nOK\r\n");
	rig_free(r);
	r = rig_new("sim800-note-1.01", false);
	ask(r, "AT+HTTPACTION=?", "\r\n+HTTPACTION: (0-2)\r\n\r\nOK\r\n");
	ask(r, "AT+HTTPSSL=?", ERROR_LINE);
	ask(r, "AT+HTTPHEAD=?", ERROR_LINE);
	rig_free(r);
}

#define CONTEXT_END                                                                                                                        \
	"\r\nPROIP: \r\nPROPORT: 80\r\nREDIR: 0\r\nBREAK: 0\r\nBREAKEND: 0\r\nUSERDATA: \r\n"                                              \
	"\r\nOK\r\n"

static void
the_saved_context_survives_a_reboot(void **state)
{
	struct rig *r = ready();

	(void)state;
	ask(r, "AT+HTTPSCONT?", "\r\n+HTTPSCONT: 1\r\nCID:1\r\nURL: www.sim.com\r\nUA: SIMCOM_MODULE" CONTEXT_END);
	ask(r, "AT+HTTPSCONT", OK_LINE);
	ask(r, "AT+HTTPSCONT?", "\r\n+HTTPSCONT: 0\r\nCID:1\r\nURL: www.sim.com\r\nUA: SIMCOM_MODULE" CONTEXT_END);
	ask(r, "AT+HTTPPARA=\"URL\",\"y\"", OK_LINE);
	ask(r, "AT+HTTPSCONT?", "\r\n+HTTPSCONT: 1\r\nCID:1\r\nURL: y\r\nUA: SIMCOM_MODULE" CONTEXT_END);
	modem_reboot(&r->m, r->now_us);
	rig_wait(r, 20000);
	ask(r, "ATE0", "ATE0\r\r\nOK\r\n");
	ask(r, "AT+HTTPINIT", OK_LINE);
	ask(r, "AT+HTTPSCONT?", "\r\n+HTTPSCONT: 0\r\nCID:1\r\nURL: www.sim.com\r\nUA: SIMCOM_MODULE" CONTEXT_END);
	rig_free(r);
}

static void
the_parameters_are_listed(void **state)
{
	struct rig *r = ready();

	(void)state;
	ask(r, "AT+HTTPPARA?",
	    "\r\n+HTTPPARA:\r\nCID,1\r\nURL,www.sim.com\r\nUA,SIMCOM_MODULE\r\nPROIP,\r\nPROPORT,80\r\nREDIR,0\r\n"
	    "BREAK,0\r\nBREAKEND,0\r\nTIMEOUT,120\r\nCONTENT,\r\nUSERDATA,\r\n\r\nOK\r\n");
	rig_free(r);
}

static void
a_sim900_delimiter_in_userdata_becomes_a_line_end(void **state)
{
	struct rig *r = rig_new("sim900", true);

	(void)state;
	ask(r, "AT+HTTPINIT", OK_LINE);
	ask(r, "AT+HTTPPARA=\"URL\",\"x\"", OK_LINE);
	ask(r, "AT+HTTPPARA=\"USERDATA\",\"A: 1;;B: 2\",\";;\"", OK_LINE);
	ask(r, "AT+HTTPACTION=0", OK_LINE);
	assert_true(span_equal(r->world.http.user_data, SPAN("A: 1\\r\\nB: 2")));
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dialogue_a_byte_for_byte),
		cmocka_unit_test(every_event_has_a_rule_in_every_state),
		cmocka_unit_test(no_rule_is_dead),
		cmocka_unit_test(every_rule_names_its_clause_and_has_an_id_of_its_own),
		cmocka_unit_test(before_init_every_command_is_refused),
		cmocka_unit_test(a_second_init_is_refused_and_the_session_goes_on),
		cmocka_unit_test(after_term_and_init_the_url_is_gone),
		cmocka_unit_test(a_closed_bearer_gives_ok_and_601),
		cmocka_unit_test(cid_names_the_bearer),
		cmocka_unit_test(the_urc_waits_for_the_world_and_for_the_gap),
		cmocka_unit_test(while_an_action_runs),
		cmocka_unit_test(failures_of_the_world_are_reported),
		cmocka_unit_test(an_answer_larger_than_the_buffer_is_602),
		cmocka_unit_test(a_head_has_no_body_but_a_header),
		cmocka_unit_test(data_that_does_not_come_in_time_gives_ok_and_the_line_moves),
		cmocka_unit_test(surplus_bytes_are_dropped),
		cmocka_unit_test(a_command_in_surplus_bytes_does_not_depend_on_the_cuts),
		cmocka_unit_test(the_answer_and_the_data_share_one_buffer),
		cmocka_unit_test(reading_in_parts),
		cmocka_unit_test(a_server_that_never_answers_ends_with_the_timeout),
		cmocka_unit_test(a_lost_bearer_is_601_and_deact),
		cmocka_unit_test(every_parameter_reaches_the_world),
		cmocka_unit_test(what_is_out_of_range_is_refused_and_changes_nothing),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(the_saved_context_survives_a_reboot),
		cmocka_unit_test(the_parameters_are_listed),
		cmocka_unit_test(a_sim900_delimiter_in_userdata_becomes_a_line_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
