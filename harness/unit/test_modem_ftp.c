/* The FTP session: reference dialogues B and C byte for byte, every row of the facts' state table, and the rule table itself. */
#include "session_world.h"

static struct rig *
ready(const char *profile)
{
	struct rig *r = rig_new(profile, true);

	r->world.script.end_ms = AFTER_ALL;
	ask(r, "AT+FTPCID=1", OK_LINE);
	ask(r, "AT+FTPSERV=\"116.228.221.52\"", OK_LINE);
	ask(r, "AT+FTPUN=\"sim.cs1\"", OK_LINE);
	ask(r, "AT+FTPPW=\"secret\"", OK_LINE);
	ask(r, "AT+FTPGETNAME=\"1K.txt\"", OK_LINE);
	ask(r, "AT+FTPGETPATH=\"/\"", OK_LINE);
	ask(r, "AT+FTPPUTNAME=\"1K.txt\"", OK_LINE);
	ask(r, "AT+FTPPUTPATH=\"/\"", OK_LINE);
	return r;
}

static void
dialogue_b_byte_for_byte(void **state)
{
	struct rig *r = ready("");

	(void)state;
	r->world.script = (struct script){ .arrive = { { 100, 50 }, { 1500, 1024 } }, .end_ms = 1500 };
	ask(r, "AT+FTPGET=2,1000", ERROR_LINE);
	ask(r, "AT+FTPGET=1", OK_LINE);
	hear(r, 600, "\r\n+FTPGET: 1,1\r\n");
	ask_content(r, "AT+FTPGET=2,1024", "\r\n+FTPGET: 2,50\r\n", 0, 50);
	ask(r, "AT+FTPGET=2,1024", "\r\n+FTPGET: 2,0\r\n\r\nOK\r\n");
	hear(r, 1200, "\r\n+FTPGET: 1,1\r\n");
	ask_content(r, "AT+FTPGET=2,1024", "\r\n+FTPGET: 2,1024\r\n", 50, 1024);
	hear(r, 600, "\r\n+FTPGET: 1,0\r\n");
	assert_false(r->world.ftp_on);
	ask(r, "AT+FTPGET=2,1000", ERROR_LINE);
	rig_free(r);
}

static void
dialogue_c_byte_for_byte(void **state)
{
	struct rig *r = ready("");
	uint32_t i;

	(void)state;
	r->world.script = (struct script){ .ready_ms = 100, .end_ms = 100 };
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,1,1360\r\n");
	ask(r, "AT+FTPPUT=2,100", "\r\n+FTPPUT: 2,100\r\n");
	assert_false(modem_lines(&r->m) & MODEM_DCD);
	give(r, 100, OK_LINE);
	assert_true(modem_lines(&r->m) & MODEM_DCD);
	hear(r, 1000, "\r\n+FTPPUT: 1,1,1360\r\n");
	ask(r, "AT+FTPPUT=2,0", OK_LINE);
	hear(r, 1000, "\r\n+FTPPUT: 1,0\r\n");
	assert_int_equal(r->world.stored_length, 100);
	ask(r, "AT+FTPEXTPUT=1", OK_LINE);
	ask(r, "AT+FTPEXTPUT=2,0,1024,10000", "\r\n+FTPEXTPUT: 0,1024\r\n");
	assert_false(modem_lines(&r->m) & MODEM_DCD);
	give(r, 1024, OK_LINE);
	assert_true(modem_lines(&r->m) & MODEM_DCD);
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 1000, "\r\n+FTPPUT: 1,0\r\n");
	ask(r, "AT+FTPEXTPUT=0", OK_LINE);
	assert_int_equal(r->world.stored_length, 1024);
	for (i = 0; i < 1024; i++)
		assert_int_equal(r->world.stored[i], letter(i));
	rig_free(r);
}

static void
every_event_has_a_rule_in_every_state(void **state)
{
	(void)state;
	table_is_total(&ftp_session_table);
}

static void
no_rule_is_dead(void **state)
{
	(void)state;
	table_has_no_dead_rows(&ftp_session_table);
}

static void
every_rule_names_its_clause_and_has_an_id_of_its_own(void **state)
{
	(void)state;
	table_is_documented(&ftp_session_table);
}

static void
reading_before_data_is_announced_is_an_error_and_the_session_goes_on(void **state)
{
	struct rig *r = ready("");

	(void)state;
	r->world.script = (struct script){ .arrive = { { 200, 10 } }, .end_ms = 200 };
	ask(r, "AT+FTPGET=1", OK_LINE);
	ask(r, "AT+FTPGET=2,1000", ERROR_LINE);
	ask(r, "AT+FTPSTATE", "\r\n+FTPSTATE: 1\r\n\r\nOK\r\n");
	hear(r, 600, "\r\n+FTPGET: 1,1\r\n");
	ask(r, "AT+FTPLIST=2,1000", ERROR_LINE);
	ask_content(r, "AT+FTPGET=2,4", "\r\n+FTPGET: 2,4\r\n", 0, 4);
	ask_content(r, "AT+FTPGET=2,4", "\r\n+FTPGET: 2,4\r\n", 4, 4);
	ask_content(r, "AT+FTPGET=2,4", "\r\n+FTPGET: 2,2\r\n", 8, 2);
	hear(r, 1000, "\r\n+FTPGET: 1,0\r\n");
	ask(r, "AT+FTPSTATE", "\r\n+FTPSTATE: 0\r\n\r\nOK\r\n");
	rig_free(r);
}

static void
until_the_end_is_said_a_read_gets_nothing_and_ok(void **state)
{
	struct rig *r = ready("");

	(void)state;
	r->world.script = (struct script){ .arrive = { { 0, 10 } } };
	ask(r, "AT+FTPGET=1", OK_LINE);
	hear(r, 600, "\r\n+FTPGET: 1,1\r\n");
	ask_content(r, "AT+FTPGET=2,100", "\r\n+FTPGET: 2,10\r\n", 0, 10);
	ask(r, "AT+FTPGET=2,100", "\r\n+FTPGET: 2,0\r\n\r\nOK\r\n");
	/* Each command comes before the line was free for long enough: the end waits, and is not yet true for the host. */
	rig_wait(r, 240);
	ask(r, "AT+FTPGET=2,100", "\r\n+FTPGET: 2,0\r\n\r\nOK\r\n");
	ask(r, "AT+FTPGET=2,100", "\r\n+FTPGET: 2,0\r\n\r\nOK\r\n");
	ask(r, "AT+FTPGET=2,100", "\r\n+FTPGET: 2,0\r\n\r\nOK\r\n");
	hear(r, 600, "\r\n+FTPGET: 1,0\r\n");
	assert_true(hits(r, "ftp-read-1") > 0);
	ask(r, "AT+FTPGET=2,100", ERROR_LINE);
	rig_free(r);
}

static void
unread_data_is_announced_again_until_the_session_times_out(void **state)
{
	struct rig *r = ready("");

	(void)state;
	r->world.script.arrive[0].bytes = 50;
	ask(r, "AT+FTPGET=1", OK_LINE);
	hear(r, 600, "\r\n+FTPGET: 1,1\r\n");
	hear(r, 10000, "\r\n+FTPGET: 1,1\r\n");
	hear(r, 10000, "\r\n+FTPGET: 1,1\r\n");
	ask_content(r, "AT+FTPGET=2,10", "\r\n+FTPGET: 2,10\r\n", 0, 10);
	hear(r, 9900, "");
	hear(r, 100, "\r\n+FTPGET: 1,1\r\n");
	rig_wait(r, 55000);
	hear(r, 5000, "\r\n+FTPGET: 1,1\r\n");
	hear(r, 5100, "\r\n+FTPGET: 1,64\r\n");
	hear(r, 100000, "");
	assert_false(r->world.ftp_on);
	rig_free(r);
}

static void
an_empty_file_ends_at_once(void **state)
{
	struct rig *r = ready("");

	(void)state;
	r->world.script = (struct script){ .end_ms = 100 };
	ask(r, "AT+FTPREST=20", OK_LINE);
	ask(r, "AT+FTPGET=1", OK_LINE);
	assert_int_equal(r->world.ftp.rest, 20);
	hear(r, 600, "\r\n+FTPGET: 1,0\r\n");
	ask(r, "AT+FTPREST?", "\r\n+FTPREST: 20\r\n\r\nOK\r\n");
	rig_set(r, "ftp-rest-keeps", "no");
	ask(r, "AT+FTPGET=1", OK_LINE);
	assert_int_equal(r->world.ftp.rest, 20);
	hear(r, 600, "\r\n+FTPGET: 1,0\r\n");
	ask(r, "AT+FTPREST?", "\r\n+FTPREST: 0\r\n\r\nOK\r\n");
	rig_free(r);
}

static void
a_block_before_the_offer_is_an_error_and_the_next_may_come_before_it(void **state)
{
	struct rig *r = ready("");

	(void)state;
	r->world.script = (struct script){ .window = { 1360, 1280, 1260 }, .block_ms = 150, .end_ms = 100 };
	ask(r, "AT+FTPPUT=1", OK_LINE);
	ask(r, "AT+FTPPUT=2,100", ERROR_LINE);
	ask(r, "AT+FTPPUT=2,0", ERROR_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,1,1360\r\n");
	ask(r, "AT+FTPPUT=2,1361", ERROR_LINE);
	ask(r, "AT+FTPPUT=2,1360", "\r\n+FTPPUT: 2,1360\r\n");
	give(r, 1360, OK_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,1,1280\r\n");
	ask(r, "AT+FTPPUT=2,26", "\r\n+FTPPUT: 2,26\r\n");
	give(r, 26, OK_LINE);
	/* Neither of these waits for the offer, which is not made any more. */
	ask(r, "AT+FTPPUT=2,52", "\r\n+FTPPUT: 2,52\r\n");
	give(r, 52, OK_LINE);
	ask(r, "AT+FTPPUT=2,0", OK_LINE);
	ask(r, "AT+FTPPUT=2,100", ERROR_LINE);
	hear(r, 2000, "\r\n+FTPPUT: 1,0\r\n");
	assert_int_equal(r->world.stored_length, 1360 + 26 + 52);
	ask(r, "AT+FTPPUT=2,100", ERROR_LINE);
	rig_free(r);
}

static void
an_offer_that_waits_for_the_line_is_cancelled(void **state)
{
	struct rig *r = ready("");

	(void)state;
	r->world.script = (struct script){ .end_ms = 100 };
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,1,1360\r\n");
	ask(r, "AT+FTPPUT=2,10", "\r\n+FTPPUT: 2,10\r\n");
	give(r, 10, OK_LINE);
	/* The offer is due 400 ms after OK, while the answer to this command is still to come. */
	rig_wait(r, 365);
	ask(r, "AT+FTPPUT=2,0", OK_LINE);
	hear(r, 1000, "\r\n+FTPPUT: 1,0\r\n");
	assert_int_equal(hits(r, "ftp-put-2"), 2);
	rig_free(r);
}

static void
a_block_above_the_offer_by_switch(void **state)
{
	struct rig *r = ready("");

	(void)state;
	rig_set(r, "ftp-window", "100");
	rig_set(r, "ftp-put-beyond", "cut");
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,1,100\r\n");
	ask(r, "AT+FTPPUT=2,200", "\r\n+FTPPUT: 2,100\r\n");
	give(r, 100, OK_LINE);
	rig_free(r);
}

static void
a_short_block(void **state)
{
	struct rig *r = ready("");

	(void)state;
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,1,1360\r\n");
	ask(r, "AT+FTPPUT=2,100", "\r\n+FTPPUT: 2,100\r\n");
	give(r, 40, "");
	hear(r, 60100, "\r\nOK\r\n");
	hear(r, 600, "\r\n+FTPPUT: 1,1,1360\r\n");
	assert_int_equal(r->world.stored_length, 40);
	rig_set(r, "ftp-put-short", "error");
	ask(r, "AT+FTPPUT=2,100", "\r\n+FTPPUT: 2,100\r\n");
	give(r, 40, "");
	hear(r, 60100, ERROR_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,1,1360\r\n");
	assert_int_equal(r->world.stored_length, 40);
	hear(r, 76000, "\r\n+FTPPUT: 1,64\r\n");
	rig_free(r);
}

static void
type_a_clears_the_most_significant_bit(void **state)
{
	struct rig *r = ready("");

	(void)state;
	ask(r, "AT+FTPTYPE=a", OK_LINE);
	ask(r, "AT+FTPPUTOPT=\"APPE\"", OK_LINE);
	ask(r, "AT+FTPMODE=1", OK_LINE);
	ask(r, "AT+FTPPORT=2121", OK_LINE);
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,1,1360\r\n");
	assert_true(r->world.ftp.ascii && r->world.ftp.passive);
	assert_int_equal(r->world.ftp.put, WORLD_APPE);
	assert_int_equal(r->world.ftp.port, 2121);
	ask(r, "AT+FTPPUT=2,3", "\r\n+FTPPUT: 2,3\r\n");
	rig_send(r, SPAN("\xe1\xff\x41"), 500);
	assert_memory_equal(r->world.stored, "\x61\x7f\x41", 3);
	rig_free(r);
}

static void
put_options_reach_the_world(void **state)
{
	static const struct {
		const char *line;
		enum world_ftp_put put;
	} options[] = { { "AT+FTPPUTOPT=\"APPE\"", WORLD_APPE }, { "AT+FTPPUTOPT=\"STOU\"", WORLD_STOU },
		{ "AT+FTPPUTOPT=\"STOR\"", WORLD_STOR } };
	struct rig *r = ready("");
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		ask(r, options[i].line, OK_LINE);
		ask(r, "AT+FTPPUT=1", OK_LINE);
		hear(r, 600, "\r\n+FTPPUT: 1,1,1360\r\n");
		assert_int_equal(r->world.ftp.put, options[i].put);
		ask(r, "AT+FTPQUIT", OK_LINE);
		hear(r, 600, "\r\n+FTPPUT: 1,86\r\n");
	}
	rig_free(r);
}

static void
one_question_one_answer(void **state)
{
	static const struct {
		const char *line, *urc, *fail;
		enum world_ftp_verb verb;
	} shots[] = {
		{ "AT+FTPSIZE", "\r\n+FTPSIZE: 1,0,1024\r\n", "\r\n+FTPSIZE: 1,77,0\r\n", WORLD_SIZE },
		{ "AT+FTPDELE", "\r\n+FTPDELE: 1,0\r\n", "\r\n+FTPDELE: 1,77\r\n", WORLD_DELE },
		{ "AT+FTPMKD", "\r\n+FTPMKD: 1,0\r\n", "\r\n+FTPMKD: 1,77\r\n", WORLD_MKD },
		{ "AT+FTPRMD", "\r\n+FTPRMD: 1,0\r\n", "\r\n+FTPRMD: 1,77\r\n", WORLD_RMD },
		{ "AT+FTPLIST=1", "\r\n+FTPLIST: 1,0\r\n", "\r\n+FTPLIST: 1,77\r\n", WORLD_LIST },
	};
	struct rig *r = ready("");
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		r->world.script = (struct script){ .end_ms = 100, .size = 1024 };
		ask(r, shots[i].line, OK_LINE);
		hear(r, 600, shots[i].urc);
		assert_int_equal(r->world.ftp.verb, shots[i].verb);
		assert_true(span_equal(r->world.ftp.name, SPAN("1K.txt")));
		assert_true(span_equal(r->world.ftp.path, SPAN("/")));
		r->world.script = (struct script){ .fail_error = 77 };
		ask(r, shots[i].line, OK_LINE);
		hear(r, 600, shots[i].fail);
	}
	rig_free(r);
}

static void
a_listing_is_read_as_a_file_is(void **state)
{
	struct rig *r = ready("");

	(void)state;
	r->world.script = (struct script){ .arrive = { { 0, 126 } } };
	ask(r, "AT+FTPLIST=1", OK_LINE);
	hear(r, 600, "\r\n+FTPLIST: 1,1\r\n");
	ask(r, "AT+FTPGET=2,1024", ERROR_LINE);
	ask_content(r, "AT+FTPLIST=2,1024", "\r\n+FTPLIST: 2,126\r\n", 0, 126);
	hear(r, 600, "\r\n+FTPLIST: 1,0\r\n");
	rig_free(r);
}

static void
a_second_session_fails_with_66_and_the_first_goes_on(void **state)
{
	struct rig *r = ready("");

	(void)state;
	r->world.script = (struct script){ .ready_ms = 2000, .end_ms = 100 };
	ask(r, "AT+FTPPUT=1", OK_LINE);
	ask(r, "AT+FTPPUT=1", OK_LINE);
	ask(r, "AT+FTPSIZE", OK_LINE);
	ask(r, "AT+FTPGET=1", OK_LINE);
	hear(r, 450, "\r\n+FTPPUT: 1,66\r\n");
	hear(r, 900, "\r\n+FTPSIZE: 1,66,0\r\n\r\n+FTPGET: 1,66\r\n");
	hear(r, 1000, "\r\n+FTPPUT: 1,1,1360\r\n");
	ask(r, "AT+FTPPUT=2,10", "\r\n+FTPPUT: 2,10\r\n");
	give(r, 10, OK_LINE);
	ask(r, "AT+FTPPUT=2,0", OK_LINE);
	hear(r, 1000, "\r\n+FTPPUT: 1,0\r\n");
	assert_int_equal(r->world.ftp_starts, 1);
	rig_free(r);
}

static void
an_empty_name_fails_without_asking_the_server(void **state)
{
	struct rig *r = ready("");

	(void)state;
	ask(r, "AT+FTPGETNAME=\"\"", OK_LINE);
	ask(r, "AT+FTPGET=1", OK_LINE);
	hear(r, 600, "\r\n+FTPGET: 1,66\r\n");
	rig_set(r, "ftp-empty-name", "64");
	ask(r, "AT+FTPSIZE", OK_LINE);
	hear(r, 600, "\r\n+FTPSIZE: 1,64,0\r\n");
	ask(r, "AT+FTPPUTNAME=\"\"", OK_LINE);
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,64\r\n");
	ask(r, "AT+FTPGETPATH=\"\"", OK_LINE);
	ask(r, "AT+FTPMKD", OK_LINE);
	hear(r, 600, "\r\n+FTPMKD: 1,64\r\n");
	assert_int_equal(r->world.ftp_starts, 0);
	rig_free(r);
}

static void
errors_of_the_server_are_reported(void **state)
{
	struct rig *r = ready("");
	int error;

	(void)state;
	for (error = 61; error <= 84; error++) {
		char urc[] = "\r\n+FTPGET: 1,61\r\n";

		urc[13] = (char)('0' + error / 10);
		urc[14] = (char)('0' + error % 10);
		r->world.script = (struct script){ .fail_error = error };
		ask(r, "AT+FTPGET=1", OK_LINE);
		hear(r, 600, urc);
	}
	r->world.script = (struct script){ .fail_error = 78, .fail_ms = 700 };
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 500, "\r\n+FTPPUT: 1,1,1360\r\n");
	ask(r, "AT+FTPPUT=2,10", "\r\n+FTPPUT: 2,10\r\n");
	rig_wait(r, 500);
	give(r, 10, OK_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,78\r\n");
	rig_free(r);
}

static void
a_silent_server_is_64(void **state)
{
	struct rig *r = ready("");

	(void)state;
	ask(r, "AT+FTPGET=1", OK_LINE);
	hear(r, 74900, "");
	hear(r, 200, "\r\n+FTPGET: 1,64\r\n");
	r->world.script.ready_ms = AFTER_ALL;
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 76000, "\r\n+FTPPUT: 1,64\r\n");
	ask(r, "AT+FTPSIZE", OK_LINE);
	hear(r, 76000, "\r\n+FTPSIZE: 1,64,0\r\n");
	r->world.script = (struct script){ .end_ms = AFTER_ALL };
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,1,1360\r\n");
	ask(r, "AT+FTPPUT=2,0", OK_LINE);
	hear(r, 76000, "\r\n+FTPPUT: 1,64\r\n");
	assert_false(r->world.ftp_on);
	rig_free(r);
}

static void
a_bearer_that_is_closed_or_lost_is_61(void **state)
{
	struct rig *r = ready("");

	(void)state;
	ask(r, "AT+FTPCID=2", OK_LINE);
	ask(r, "AT+FTPGET=1", OK_LINE);
	hear(r, 600, "\r\n+FTPGET: 1,61\r\n");
	ask(r, "AT+FTPSIZE", OK_LINE);
	hear(r, 600, "\r\n+FTPSIZE: 1,61,0\r\n");
	ask(r, "AT+FTPCID=1", OK_LINE);
	ask(r, "AT+FTPSIZE", OK_LINE);
	modem_bearer_lost(&r->m, 1, r->now_us);
	rig_forget(r);
	rig_wait(r, 1000);
	assert_non_null(strstr(r->said, "\r\n+FTPSIZE: 1,61,0\r\n"));
	assert_non_null(strstr(r->said, "\r\n+SAPBR 1: DEACT\r\n"));
	ask(r, "AT+SAPBR=1,1", "");
	hear(r, 2000, OK_LINE);
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,1,1360\r\n");
	ask(r, "AT+FTPPUT=2,10", "\r\n+FTPPUT: 2,10\r\n");
	modem_bearer_lost(&r->m, 1, r->now_us);
	give(r, 10, OK_LINE);
	rig_forget(r);
	rig_wait(r, 1000);
	assert_non_null(strstr(r->said, "\r\n+FTPPUT: 1,61\r\n"));
	ask(r, "AT+FTPSTATE", "\r\n+FTPSTATE: 0\r\n\r\nOK\r\n");
	ask(r, "AT+SAPBR=1,1", "");
	hear(r, 2000, OK_LINE);
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,1,1360\r\n");
	ask(r, "AT+SAPBR=0,1", OK_LINE);
	hear(r, 600, "\r\n+FTPPUT: 1,61\r\n");
	ask(r, "AT+SAPBR=1,1", "");
	hear(r, 2000, OK_LINE);
	ask(r, "AT+FTPPUT=1", OK_LINE);
	ask(r, "AT+SAPBR=0,1", OK_LINE);
	hear(r, 300, "");
	hear(r, 300, "\r\n+FTPPUT: 1,61\r\n");
	rig_free(r);
}

static void
quit_ends_a_running_session_with_86(void **state)
{
	struct rig *r = ready("");

	(void)state;
	ask(r, "AT+FTPQUIT", OK_LINE);
	hear(r, 1000, "");
	rig_set(r, "ftp-quit-idle", "error");
	ask(r, "AT+FTPQUIT", ERROR_LINE);
	r->world.script.arrive[0].bytes = 50;
	ask(r, "AT+FTPGET=1", OK_LINE);
	hear(r, 600, "\r\n+FTPGET: 1,1\r\n");
	ask(r, "AT+FTPQUIT", OK_LINE);
	assert_false(r->world.ftp_on);
	ask(r, "AT+FTPQUIT", OK_LINE);
	hear(r, 90000, "\r\n+FTPGET: 1,86\r\n");
	ask(r, "AT+FTPGET=2,10", ERROR_LINE);
	rig_free(r);
	r = rig_new("sim800-note-1.01", false);
	ask(r, "AT+FTPQUIT", ERROR_LINE);
	rig_free(r);
}

static void
extended_put(void **state)
{
	struct rig *r = ready("");
	char large[1400];

	(void)state;
	memset(large, 'x', sizeof(large));
	r->world.script = (struct script){ .end_ms = 100, .block_ms = 50 };
	ask(r, "AT+FTPEXTPUT=2,0,10,1000", ERROR_LINE);
	ask(r, "AT+FTPEXTPUT=1", OK_LINE);
	ask(r, "AT+FTPEXTPUT=2,0,10,999", ERROR_LINE);
	ask(r, "AT+FTPEXTPUT=2,0,10,1000001", ERROR_LINE);
	ask(r, "AT+FTPEXTPUT=2,0,307201,1000", ERROR_LINE);
	ask(r, "AT+FTPEXTPUT=2,307200,1,1000", ERROR_LINE);
	ask(r, "AT+FTPEXTPUT=2,0,10", ERROR_LINE);
	ask(r, "AT+FTPEXTPUT=3", ERROR_LINE);
	ask(r, "AT+FTPEXTPUT=2,0,0,1000", OK_LINE);
	ask(r, "AT+FTPEXTPUT=2,0,26,1000", "\r\n+FTPEXTPUT: 0,26\r\n");
	give(r, 26, OK_LINE);
	ask(r, "AT+FTPEXTPUT=2,30,1400,1000", "\r\n+FTPEXTPUT: 30,1400\r\n");
	rig_send(r, span_of(large, 1400), 50);
	assert_string_equal(r->said, OK_LINE);
	ask(r, "AT+FTPEXTPUT=2,13,26,1000", "\r\n+FTPEXTPUT: 13,26\r\n");
	give(r, 4, "");
	hear(r, 1000, OK_LINE);
	ask(r, "AT+FTPPUT=1", OK_LINE);
	ask(r, "AT+FTPPUT=2,10", ERROR_LINE);
	ask(r, "AT+FTPEXTPUT=0", ERROR_LINE);
	hear(r, 1000, "\r\n+FTPPUT: 1,0\r\n");
	assert_int_equal(r->world.stored_length, 1430);
	assert_memory_equal(r->world.stored, "abcdefghijklmabcdrstuvwxyz\0\0\0\0xxx", 33);
	/* A failure keeps the content for the next try, a finished upload does not. */
	ask(r, "AT+FTPEXTPUT=2,0,26,1000", "\r\n+FTPEXTPUT: 0,26\r\n");
	give(r, 26, OK_LINE);
	r->world.script = (struct script){ .fail_error = 63 };
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 1000, "\r\n+FTPPUT: 1,63\r\n");
	r->world.script = (struct script){ .end_ms = 0 };
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 1000, "\r\n+FTPPUT: 1,0\r\n");
	assert_int_equal(r->world.stored_length, 26);
	ask(r, "AT+FTPPUT=1", OK_LINE);
	hear(r, 1000, "\r\n+FTPPUT: 1,0\r\n");
	assert_int_equal(r->world.stored_length, 0);
	rig_free(r);
}

static void
settings_during_a_session_by_switch(void **state)
{
	struct rig *r = ready("");

	(void)state;
	ask(r, "AT+FTPGET=1", OK_LINE);
	ask(r, "AT+FTPGETNAME=\"other\"", OK_LINE);
	assert_true(span_equal(r->world.ftp.name, SPAN("1K.txt")));
	rig_set(r, "ftp-busy-set", "error");
	ask(r, "AT+FTPGETNAME=\"third\"", ERROR_LINE);
	ask(r, "AT+FTPGETNAME?", "\r\n+FTPGETNAME: other\r\n\r\nOK\r\n");
	rig_set(r, "quote-settings", "yes");
	ask(r, "AT+FTPGETNAME?", "\r\n+FTPGETNAME: \"other\"\r\n\r\nOK\r\n");
	rig_free(r);
}

static void
ranges_and_defaults(void **state)
{
	static const char *const wrong[] = { "AT+FTPPORT=0", "AT+FTPPORT=65536", "AT+FTPMODE=2", "AT+FTPTYPE=\"E\"", "AT+FTPPUTOPT=\"X\"",
		"AT+FTPCID=0", "AT+FTPCID=4", "AT+FTPREST=x", "AT+FTPREST=-1", "AT+FTPPORT", "AT+FTPPORT=21,21",
		"AT+FTPSERV=\"12345678901234567890123456789012345678901234567890\"", "AT+FTPGET=0", "AT+FTPGET=3", "AT+FTPGET",
		"AT+FTPGET?", "AT+FTPGET=1,1", "AT+FTPGET=2", "AT+FTPGET=2,0", "AT+FTPGET=2,1461", "AT+FTPPUT=2", "AT+FTPPUT=3",
		"AT+FTPLIST=2,1461", "AT+FTPSSL=3", "AT+FTPGETTOFS=0,\"x\"", "AT+FTPEXTGET=1", "AT+FTPSCONT=?", "AT+FTPRESET=20",
		"AT+FTPSTATE?" };
	static const char *const right[] = { "AT+FTPPORT?", "\r\n+FTPPORT: 21\r\n\r\nOK\r\n", "AT+FTPMODE?",
		"\r\n+FTPMODE: 0\r\n\r\nOK\r\n", "AT+FTPTYPE?", "\r\n+FTPTYPE: I\r\n\r\nOK\r\n", "AT+FTPPUTOPT?",
		"\r\n+FTPPUTOPT: STOR\r\n\r\nOK\r\n", "AT+FTPCID?", "\r\n+FTPCID: 1\r\n\r\nOK\r\n", "AT+FTPREST?",
		"\r\n+FTPREST: 0\r\n\r\nOK\r\n", "AT+FTPSSL=?", "\r\n+FTPSSL: (0-2)\r\n\r\nOK\r\n", "AT+FTPPORT=?", OK_LINE, "AT+FTPGET=?",
		OK_LINE, "AT+FTPSTATE=?", OK_LINE, "AT+FTPGETPATH=/", OK_LINE, "AT+FTPSERV=116.228.221.52", OK_LINE, "AT+FTPTYPE=I",
		OK_LINE };
	struct rig *r = rig_new("", true);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ask(r, wrong[i], ERROR_LINE);
	for (i = 0; i < sizeof(right) / sizeof(right[0]); i += 2)
		ask(r, right[i], right[i + 1]);
	rig_free(r);
}

#define CONTEXT(mode, server)                                                                                                              \
	"\r\n+FTPSCONT: " mode "\r\n+FTPSERV: " server "\r\n+FTPPORT: 21\r\n+FTPUN: sim.cs1\r\n"                                           \
	"+FTPPW: secret\r\n+FTPCID: 1\r\n+FTPMODE: 0\r\n+FTPTYPE: I\r\n+FTPPUTOPT: STOR\r\n+FTPREST: "                                     \
	"0\r\n+FTPGETNAME: 1K.txt\r\n"                                                                                                     \
	"+FTPGETPATH: /\r\n"                                                                                                               \
	"+FTPPUTNAME: 1K.txt\r\n+FTPPUTPATH: /\r\n+FTPTIMEOUT: 75\r\n\r\nOK\r\n"

static void
the_saved_context_survives_a_reboot(void **state)
{
	struct rig *r = ready("");

	(void)state;
	ask(r, "AT+FTPSCONT?", CONTEXT("1", "116.228.221.52"));
	ask(r, "AT+FTPSCONT", OK_LINE);
	ask(r, "AT+FTPSCONT?", CONTEXT("0", "116.228.221.52"));
	ask(r, "AT+FTPSERV=\"x\"", OK_LINE);
	ask(r, "AT+FTPSCONT?", CONTEXT("1", "x"));
	ask(r, "AT+FTPGET=1", OK_LINE);
	modem_reboot(&r->m, r->now_us);
	assert_false(r->world.ftp_on);
	rig_wait(r, 20000);
	ask(r, "ATE0", "ATE0\r\r\nOK\r\n");
	ask(r, "AT+FTPSCONT?", CONTEXT("0", "116.228.221.52"));
	ask(r, "AT+FTPSTATE", "\r\n+FTPSTATE: 0\r\n\r\nOK\r\n");
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dialogue_b_byte_for_byte),
		cmocka_unit_test(dialogue_c_byte_for_byte),
		cmocka_unit_test(every_event_has_a_rule_in_every_state),
		cmocka_unit_test(no_rule_is_dead),
		cmocka_unit_test(every_rule_names_its_clause_and_has_an_id_of_its_own),
		cmocka_unit_test(reading_before_data_is_announced_is_an_error_and_the_session_goes_on),
		cmocka_unit_test(until_the_end_is_said_a_read_gets_nothing_and_ok),
		cmocka_unit_test(unread_data_is_announced_again_until_the_session_times_out),
		cmocka_unit_test(an_empty_file_ends_at_once),
		cmocka_unit_test(a_block_before_the_offer_is_an_error_and_the_next_may_come_before_it),
		cmocka_unit_test(an_offer_that_waits_for_the_line_is_cancelled),
		cmocka_unit_test(a_block_above_the_offer_by_switch),
		cmocka_unit_test(a_short_block),
		cmocka_unit_test(type_a_clears_the_most_significant_bit),
		cmocka_unit_test(put_options_reach_the_world),
		cmocka_unit_test(one_question_one_answer),
		cmocka_unit_test(a_listing_is_read_as_a_file_is),
		cmocka_unit_test(a_second_session_fails_with_66_and_the_first_goes_on),
		cmocka_unit_test(an_empty_name_fails_without_asking_the_server),
		cmocka_unit_test(errors_of_the_server_are_reported),
		cmocka_unit_test(a_silent_server_is_64),
		cmocka_unit_test(a_bearer_that_is_closed_or_lost_is_61),
		cmocka_unit_test(quit_ends_a_running_session_with_86),
		cmocka_unit_test(extended_put),
		cmocka_unit_test(settings_during_a_session_by_switch),
		cmocka_unit_test(ranges_and_defaults),
		cmocka_unit_test(the_saved_context_survives_a_reboot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
