/* world_sim: its lines and its life from case to case. */
#include "far_side.h"

static void
wrong_world_lines_are_placed(void **state)
{
	static const struct {
		const char *line;
		size_t column;
		const char *why;
	} rows[] = {
		{ "", 0, "expected http, proxy, dns, ftp or bearer" },
		{ "gopher x", 0, "expected http, proxy, dns, ftp or bearer" },
		{ "http", 4, "expected HOST[:PORT][/PATH]" },
		{ "http x:99999 \"a\"", 5, "expected HOST[:PORT][/PATH]" },
		{ "http x 10 bites", 10, "expected the word bytes" },
		{ "http x 4294967296 bytes", 7, "expected a content of at most 4294967295 bytes" },
		{ "http x \"a\" status 99", 18, "expected a status, 100..599" },
		{ "http x \"a\" latency 2", 19, "expected a duration: 20ms, 1.5s, 2min" },
		{ "http x \"a\" rate 0", 16, "expected a number of bytes a second, at least 1" },
		{ "http x \"a\" ranges maybe", 18, "expected ranges yes, no or ok" },
		{ "http x \"a\" cut 3", 15, "expected after N bytes" },
		{ "proxy", 5, "expected HOST:PORT" },
		{ "proxy a:80 loud", 11, "expected refuse, silent, or the end of the line" },
		{ "dns a works", 6, "expected fails or silent" },
		{ "ftp file x 10 bytes", 9, "expected a path that begins with /" },
		{ "ftp window 0", 11, "expected numbers of at least 1 with commas between them" },
		{ "ftp window 1,", 13, "expected numbers of at least 1 with commas between them" },
		{ "ftp reply HELO 200", 10,
		    "expected USER, PASS, TYPE, PASV, PORT, REST, AUTH, PBSZ, PROT, RETR, STOR, APPE, STOU, SIZE, DELE, MKD, RMD or LIST" },
		{ "ftp silent before RETR", 11,
		    "expected user, file, dir, latency, login, rate, window, burst, pause, cut, reply, port, refuse, silent, tls-fails or "
		    "tls-alert" },
		{ "bearer ip 10.0.0", 10, "expected an address: 10.89.193.1" },
		{ "bearer ip 10.0.0.256", 10, "expected an address: 10.89.193.1" },
		{ "bearer", 6, "expected ip, latency, refuse, apn or lost" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t column = 999, n = strlen(rows[i].line);
		const char *why = "";
		char *copy = malloc(n == 0 ? 1 : n);

		memcpy(copy, rows[i].line, n);
		assert_int_equal(world_check(span_of(copy, n), &column, &why), -1);
		assert_string_equal(why, rows[i].why);
		assert_int_equal(column, rows[i].column);
		free(copy);
	}
	assert_int_equal(world_check(SPAN("http x 10 bytes of /f rate 1440 bytes a second"), &(size_t){ 0 }, &(const char *){ "" }), 0);
	assert_int_equal(
	    world_check(SPAN("ftp www.sim.com login 1.5s window 1360,1280 reply USER 530 \"no\""), &(size_t){ 0 }, &(const char *){ "" }),
	    0);
}

static void
an_error_at_begin_names_path_line_and_column(void **state)
{
	struct case_line line = { .text = SPAN("ftp file /f 10 bites"), .path = "a.case", .line = 3, .column = 9 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(world_sim_begin(w, &line, 0, &e), -1);
	assert_string_equal(e.text, "a.case:3:24: expected the word bytes");
	assert_int_equal(e.status, EXIT_USAGE);
}

static void
nothing_is_left_of_the_case_before(void **state)
{
	struct world_http_request rq = request(WORLD_GET, "www.sim.com");
	struct content c;

	(void)state;
	begin("http www.sim.com \"x\"\nftp file /f \"x\"");
	exchange(&rq);
	upload(WORLD_STOR, "g", SPAN("y"), false);
	assert_true(world_sim_content(w, SPAN("/g"), &c));
	assert_true(world_sim_content(w, SPAN("http://www.sim.com/"), &c));
	begin("");
	far_is("http saw nothing", NULL);
	far_is("ftp saw nothing", NULL);
	far_is("http saw GET", "no HTTP request arrived");
	far_is("http saw GET count 0", NULL);
	far_is("ftp saw USER", "no FTP command arrived");
	assert_false(world_sim_content(w, SPAN("/f"), &c));
	assert_false(world_sim_content(w, SPAN("http://www.sim.com/"), &c));
	assert_int_equal(exchange(&rq).status, 603);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_world_lines_are_placed),
		cmocka_unit_test(an_error_at_begin_names_path_line_and_column),
		cmocka_unit_test(nothing_is_left_of_the_case_before),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
