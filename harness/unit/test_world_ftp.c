/* FTP servers of world_sim. */
#include "far_side.h"

static void
a_get_comes_in_bursts_as_the_note_shows(void **state)
{
	struct world_ftp_request rq = session(WORLD_RETR, "/", "1K.txt");
	struct world_ftp f;
	char bytes[1460];

	(void)state;
	begin("ftp 116.228.221.52 user \"sim.cs1\" password \"12345\"\n"
	      "ftp 116.228.221.52 file /1K.txt 1074 bytes digits\n"
	      "ftp 116.228.221.52 burst 50,1024 pause 2s");
	f = start(&rq);
	assert_int_equal(f.state, WORLD_READY);
	assert_int_equal(now_us, 100000);
	assert_int_equal(f.available, 50);
	assert_int_equal(net->ops->ftp_read(net, bytes, 1024), 50);
	assert_int_equal(net->ops->ftp_read(net, bytes, 1024), 0);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.state, WORLD_READY);
	assert_false(f.ended);
	assert_int_equal(until(now_us), 2100000);
	until(2100000);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.available, 1024);
	assert_true(f.ended);
	assert_int_equal(net->ops->ftp_read(net, bytes, 1024), 1024);
	assert_memory_equal(bytes, "01234", 5);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.state, WORLD_DONE);
	net->ops->ftp_close(net);
	far_is("ftp saw USER sim.cs1", NULL);
	far_is("ftp saw PASS *****", NULL);
	far_is("ftp saw TYPE I", NULL);
	far_is("ftp saw PORT", NULL);
	far_is("ftp saw no PASV", NULL);
	far_is("ftp saw no REST", NULL);
	far_is("ftp saw RETR /1K.txt", NULL);
	far_is("ftp saw QUIT", NULL);
	far_is("ftp saw RETR /2K.txt", "no RETR /2K.txt arrived, but RETR /1K.txt");
	far_is("ftp saw no RETR", "RETR /1K.txt arrived");
}

static void
rest_begins_where_it_says(void **state)
{
	struct world_ftp_request rq = session(WORLD_RETR, "/", "29.txt");
	char bytes[64];

	(void)state;
	begin("ftp file /29.txt \"wodeceshijieguo,zhgeshigeshia\"");
	rq.rest = 20;
	rq.passive = true;
	assert_int_equal(start(&rq).available, 9);
	assert_int_equal(net->ops->ftp_read(net, bytes, sizeof(bytes)), 9);
	assert_memory_equal(bytes, "shigeshia", 9);
	far_is("ftp saw REST 20", NULL);
	far_is("ftp saw PASV", NULL);
	rq.rest = 29;
	assert_int_equal(start(&rq).state, WORLD_DONE);
	rq.rest = 30;
	assert_int_equal(start(&rq).state, WORLD_DONE);
}

static void
a_listing_has_the_length_of_the_note(void **state)
{
	struct world_ftp_request rq = session(WORLD_LIST, "/empty/", "1K.txt");
	char bytes[1460];

	(void)state;
	begin("ftp dir /empty file /a/1K.txt 1024 bytes");
	assert_int_equal(start(&rq).available, 126);
	assert_int_equal(net->ops->ftp_read(net, bytes, sizeof(bytes)), 126);
	assert_memory_equal(bytes, "total 0\r\ndrw-rw-rw-   1 user       group         0 Oct 12 14:58 .\r\n", 67);
	far_is("ftp saw LIST /empty/", NULL);
	rq.path = SPAN("/a");
	assert_int_equal(start(&rq).available, 126 + 63);
	net->ops->ftp_read(net, bytes, sizeof(bytes));
	assert_memory_equal(bytes + 126, "-rw-rw-rw-   1 user       group      1024 Oct 12 14:58 1K.txt\r\n", 63);
	rq.path = SPAN("/missing/");
	assert_int_equal(start(&rq).error, 77);
}

static void
ftp_failures_have_the_numbers_of_the_facts(void **state)
{
	static const struct {
		const char *world;
		int verb, error;
	} rows[] = {
		{ "", WORLD_RETR, 63 },
		{ "ftp www.sim.com file /f \"x\"", WORLD_RETR, 63 },
		{ "dns 116.228.221.52 fails\nftp file /f \"x\"", WORLD_RETR, 62 },
		{ "ftp refuse", WORLD_RETR, 63 },
		{ "ftp port 2121", WORLD_RETR, 63 },
		{ "ftp silent", WORLD_RETR, 64 },
		{ "ftp file /f \"x\" silent after RETR", WORLD_RETR, 64 },
		{ "ftp silent after PASS", WORLD_SIZE, 64 },
		{ "ftp user \"other\" password \"12345\"", WORLD_RETR, 71 },
		{ "ftp user \"sim.cs1\" password \"1\"", WORLD_RETR, 72 },
		{ "ftp reply USER 331 user \"other\" password \"12345\"", WORLD_RETR, 72 },
		{ "ftp reply USER 530 \"no\"", WORLD_RETR, 71 },
		{ "ftp reply USER 421 \"busy\"", WORLD_RETR, 65 },
		{ "ftp reply TYPE 504", WORLD_RETR, 73 },
		{ "ftp reply REST 502", WORLD_RETR, 74 },
		{ "ftp reply PASV 500", WORLD_RETR, 75 },
		{ "ftp reply PASV 200", WORLD_RETR, 70 },
		{ "ftp reply PORT 500", WORLD_LIST, 76 },
		{ "ftp reply TYPE 999", WORLD_RETR, 70 },
		{ "ftp reply TYPE 350", WORLD_RETR, 70 },
		{ "ftp file /g \"x\"", WORLD_RETR, 77 },
		{ "ftp file /g \"x\"", WORLD_SIZE, 77 },
		{ "ftp file /g \"x\"", WORLD_DELE, 77 },
		{ "ftp file /f \"x\" reply RETR 426", WORLD_RETR, 79 },
		{ "ftp reply STOR 452", WORLD_STORE, 78 },
		{ "ftp cut STOR after 0 bytes", WORLD_STORE, 78 },
		{ "ftp file /f \"x\" cut RETR after 0 bytes", WORLD_RETR, 79 },
		{ "ftp cut LIST after 0 bytes", WORLD_LIST, 79 },
		{ "ftp reply SIZE 213 \"many\"", WORLD_SIZE, 70 },
		{ "ftp login 3s\nbearer lost after 2s", WORLD_SIZE, 61 },
		{ "ftp tls-fails", WORLD_SIZE, 80 },
		{ "ftp tls-alert", WORLD_SIZE, 81 },
		{ "ftp reply AUTH 500", WORLD_SIZE, 82 },
		{ "ftp reply PBSZ 500", WORLD_SIZE, 83 },
		{ "ftp reply PROT 536", WORLD_SIZE, 84 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world_ftp_request rq = session((enum world_ftp_verb)rows[i].verb, "/", "f");
		struct world_ftp f;

		begin(rows[i].world);
		rq.rest = strstr(rows[i].world, "REST") != NULL ? 5 : 0;
		rq.passive = strstr(rows[i].world, "PASV") != NULL;
		rq.tls = rows[i].error >= 80 ? 2 : 0;
		if (rows[i].verb == WORLD_LIST)
			rq.name = SPAN("");
		f = start(&rq);
		if (f.state != WORLD_FAILED || f.error != rows[i].error)
			fail_msg("%s: state %d, error %d, expected %d", rows[i].world, f.state, f.error, rows[i].error);
		net->ops->ftp_close(net);
	}
	begin("ftp www.sim.com file /f \"x\"");
	{
		struct world_ftp_request rq = session(WORLD_RETR, "/", "f");

		rq.server = SPAN("ftp.nowhere.com");
		assert_int_equal(start(&rq).error, 62);
		rq.server = SPAN("WWW.sim.com");
		assert_int_equal(start(&rq).available, 1);
	}
}

static void
tls_is_made_before_the_log_in(void **state)
{
	struct world_ftp_request rq = session(WORLD_SIZE, "/", "f");

	(void)state;
	begin("ftp file /f \"x\"");
	rq.tls = 2;
	assert_int_equal(start(&rq).size, 1);
	far_is("ftp saw AUTH TLS", NULL);
	far_is("ftp saw PBSZ 0", NULL);
	far_is("ftp saw PROT P", NULL);
	net->ops->ftp_close(net);
	rq.tls = 1;
	assert_int_equal(start(&rq).error, 80);
	rq.port = 990;
	assert_int_equal(start(&rq).size, 1);
	rq.tls = 0;
	assert_int_equal(start(&rq).error, 64);
}

static void
timeouts_are_those_of_the_request(void **state)
{
	(void)state;
	begin("ftp login 1s silent after SIZE");
	assert_int_equal(simple(WORLD_SIZE, "/", "f"), 64);
	assert_int_equal(now_us, 76000000);
	far_is("ftp saw SIZE /f", NULL);
}

static void
a_download_that_is_cut_gives_what_came(void **state)
{
	struct world_ftp_request rq = session(WORLD_RETR, "/", "f");
	struct world_ftp f;
	char bytes[100];

	(void)state;
	begin("ftp file /f 1000 bytes cut RETR after 30 bytes");
	f = start(&rq);
	assert_int_equal(f.available, 30);
	assert_false(f.ended);
	assert_int_equal(net->ops->ftp_read(net, bytes, sizeof(bytes)), 30);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.state, WORLD_FAILED);
	assert_int_equal(f.error, 79);
}

static void
a_rate_makes_data_grow_segment_by_segment(void **state)
{
	struct world_ftp_request rq = session(WORLD_RETR, "/", "f");
	struct world_ftp f;

	(void)state;
	begin("ftp file /f 3000 bytes rate 1360 login 0ms");
	f = start(&rq);
	assert_int_equal(f.available, 0);
	assert_int_equal(until(0), 1000000);
	assert_int_equal(until(1000000), 2000000);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.available, 1360);
	until(10000000);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.available, 3000);
	assert_true(f.ended);
}

static void
what_is_stored_is_there(void **state)
{
	struct content c = { .kind = CONTENT_PATTERN, .length = 5000, .pattern = 20 };
	struct world_ftp_request rq = session(WORLD_SIZE, "/", "up.bin");
	char bytes[5000];

	(void)state;
	content_fill(&c, 0, bytes, sizeof(bytes));
	begin("ftp window 1360,1280,1260 file /have.txt \"have\"");
	assert_int_equal(upload(WORLD_STOR, "up.bin", span_of(bytes, sizeof(bytes)), false).state, WORLD_DONE);
	far_is("ftp has /up.bin 5000 bytes pattern 20", NULL);
	far_is("ftp has /up.bin 5001 bytes pattern 20", "/up.bin has 5000 bytes, expected 5001");
	far_is("ftp lacks /up.bin", "/up.bin is there");
	far_is("ftp lacks /down.bin", NULL);
	far_is("ftp has /down.bin \"x\"", "/down.bin is not there");
	far_is("ftp has / \"x\"", "/ is a folder");
	assert_int_equal(start(&rq).size, 5000);
	net->ops->ftp_close(net);
	upload(WORLD_APPE, "have.txt", SPAN(" more"), false);
	far_is("ftp has /have.txt \"have more\"", NULL);
	upload(WORLD_STOU, "have.txt", SPAN("new"), false);
	far_is("ftp has /have.txt \"have more\"", NULL);
	far_is("ftp has /have.txt.1 \"new\"", NULL);
	upload(WORLD_STOR, "have.txt", SPAN("\xc1\xc2 ascii"), true);
	far_is("ftp has /have.txt \"AB ascii\"", NULL);
	far_is("ftp has /have.txt \"AC ascii\"", "/have.txt differs at byte 1 of 8: expected 0x43, saw 0x42");
	assert_int_equal(simple(WORLD_DELE, "/", "have.txt"), 0);
	far_is("ftp lacks /have.txt", NULL);
	upload(WORLD_STOR, "have.txt", SPAN("again"), false);
	far_is("ftp has /have.txt \"again\"", NULL);
}

static void
windows_come_in_turn_and_close_with_a_rate(void **state)
{
	struct world_ftp_request rq = session(WORLD_STORE, "/", "f");
	struct world_ftp f;
	char bytes[2000] = { 0 };

	(void)state;
	begin("ftp window 1000,500 rate 1000");
	assert_int_equal(start(&rq).window, 1000);
	assert_int_equal(net->ops->ftp_write(net, span_of(bytes, 2000)), 1000);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.window, 0);
	assert_int_equal(net->ops->ftp_write(net, span_of(bytes, 1)), 0);
	assert_int_equal(until(now_us), 1100000);
	until(1100000);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.window, 500);
	net->ops->ftp_finish(net);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.state, WORLD_DONE);
}

static void
an_upload_that_is_cut_keeps_what_came(void **state)
{
	char bytes[3000];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	begin("ftp cut STOR after 2000 bytes");
	assert_int_equal(upload(WORLD_STOR, "f", span_of(bytes, sizeof(bytes)), false).error, 78);
	far_is("ftp has /f 2000 bytes repeat \"x\"", NULL);
}

static void
stores_beyond_the_limit_fail_and_the_next_case_has_it_back(void **state)
{
	size_t len = WORLD_STORED_MAX + 1;
	char *bytes = calloc(1, len);

	(void)state;
	begin("ftp dir /x");
	assert_int_equal(upload(WORLD_STOR, "f", span_of(bytes, len), false).error, 78);
	begin("ftp dir /x");
	assert_int_equal(upload(WORLD_STOR, "f", span_of(bytes, len - 1), false).error, 0);
	assert_int_equal(upload(WORLD_STOR, "f", span_of(bytes, len - 1), false).error, 0);
	free(bytes);
}

static void
folders_are_made_and_removed(void **state)
{
	(void)state;
	begin("ftp file /a/b/c.txt \"x\"");
	assert_int_equal(simple(WORLD_MKD, "/test", ""), 0);
	assert_int_equal(simple(WORLD_MKD, "/test/", ""), 77);
	assert_int_equal(simple(WORLD_MKD, "/no/such", ""), 77);
	assert_int_equal(simple(WORLD_RMD, "/test", ""), 0);
	assert_int_equal(simple(WORLD_RMD, "/test", ""), 77);
	assert_int_equal(simple(WORLD_RMD, "/a", ""), 77);
	assert_int_equal(simple(WORLD_DELE, "/a/b/", "c.txt"), 0);
	assert_int_equal(simple(WORLD_RMD, "/a/b", ""), 0);
	far_is("ftp saw MKD /test", NULL);
	far_is("ftp lacks /test", NULL);
}

static void
a_session_closed_early_never_reached_its_command(void **state)
{
	struct world_ftp_request rq = session(WORLD_RETR, "/", "f");

	(void)state;
	begin("ftp login 2s file /f \"x\"");
	net->ops->ftp_start(net, &rq);
	until(500000);
	far_is("ftp saw USER", NULL);
	far_is("ftp saw RETR", "no RETR arrived, but USER sim.cs1");
	net->ops->ftp_close(net);
	until(9000000);
	far_is("ftp saw no RETR", NULL);
	far_is("ftp saw no QUIT", NULL);
	rq.verb = WORLD_STORE;
	rq.name = SPAN("new");
	net->ops->ftp_start(net, &rq);
	until(9500000);
	net->ops->ftp_close(net);
	until(20000000);
	far_is("ftp lacks /new", NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_get_comes_in_bursts_as_the_note_shows),
		cmocka_unit_test(rest_begins_where_it_says),
		cmocka_unit_test(a_listing_has_the_length_of_the_note),
		cmocka_unit_test(ftp_failures_have_the_numbers_of_the_facts),
		cmocka_unit_test(tls_is_made_before_the_log_in),
		cmocka_unit_test(timeouts_are_those_of_the_request),
		cmocka_unit_test(a_download_that_is_cut_gives_what_came),
		cmocka_unit_test(a_rate_makes_data_grow_segment_by_segment),
		cmocka_unit_test(what_is_stored_is_there),
		cmocka_unit_test(windows_come_in_turn_and_close_with_a_rate),
		cmocka_unit_test(an_upload_that_is_cut_keeps_what_came),
		cmocka_unit_test(stores_beyond_the_limit_fail_and_the_next_case_has_it_back),
		cmocka_unit_test(folders_are_made_and_removed),
		cmocka_unit_test(a_session_closed_early_never_reached_its_command),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
