/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include <sys/resource.h>

#include "curl_rig.h"

static void
assert_fails(struct world_http a, int status)
{
	assert_int_equal(a.state, WORLD_FAILED);
	assert_int_equal(a.status, status);
}

static struct world_http
get(struct scripted s)
{
	server_script(s);
	return rig_http(rig_get(rig_url("127.0.0.1", "/")));
}

/* The most memory this process has had, in KiB. */
static long
peak_kib(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

/* ---- 600: not HTTP ---------------------------------------------------------------------- */

static void
what_does_not_begin_as_http_is_600(void **state)
{
	(void)state;
	rig_open();
	assert_fails(rig_answer("\x16\x03\x01 garbage\r\n\r\n"), 600);
	assert_fails(rig_answer("<html>HTTP/0.9 has no header</html>"), 600);
	assert_fails(rig_answer("220 ftp.example FTP server ready\r\n"), 600);
	assert_fails(rig_answer("HTTP/9.9 200 OK\r\n\r\n"), 600);
	assert_fails(rig_answer("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx"), 600);
	assert_fails(rig_answer("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx"), 600);
	assert_fails(rig_answer("HTTP/1.1 200 OK\r\nNo colon here\r\n\r\nx"), 600);
}

/* ---- 601: the network ---------------------------------------------------------------------- */

static void
nobody_listening_is_601(void **state)
{
	char url[64];

	(void)state;
	rig_open();
	/* Port 1 of loopback: tcpmux, which nobody runs. */
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", 1);
	assert_fails(rig_http(rig_get(url)), 601);
}

static void
a_connection_that_ends_too_early_is_601(void **state)
{
	(void)state;
	rig_open();
	assert_fails(get((struct scripted){ .say = NULL }), 601);
	assert_fails(get((struct scripted){ .end = ENDS_RESETTING }), 601);
	assert_fails(get((struct scripted){ .say = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc" }), 601);
	assert_fails(get((struct scripted){ .say = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab" }), 601);
	assert_fails(get((struct scripted){ .say = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nab\r\n" }), 601);
}

static void
a_connection_that_ends_in_the_header_is_no_answer(void **state)
{
	struct world_http a;

	(void)state;
	rig_open();
	a = get((struct scripted){ .say = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-Cut" });
	assert_int_equal(a.state, WORLD_FAILED);
	assert_in_range(a.status, 600, 601);
}

/* The module's TIMEOUT, 30 s at least, is not waited for here: the world ends a little behind what it is told. */
static void
a_server_that_stalls_or_drips_is_601_in_time(void **state)
{
	static const struct scripted servers[] = {
		{ .end = ENDS_STALLING },
		{ .say = "HTTP/1.1 200 OK\r\nX-Drip: ", .end = ENDS_DRIPPING },
		{ .say = "HTTP/1.1 200 OK\r\n\r\n", .end = ENDS_DRIPPING },
	};

	(void)state;
	rig_open();
	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		struct world_http_request rq = rig_get(rig_url("127.0.0.1", "/"));
		uint64_t began = clock_us();

		rq.timeout_ms = 100;
		server_script(servers[i]);
		assert_fails(rig_http(rq), 601);
		assert_true(clock_us() - began > 100000);
	}
}

/* ---- 602: no memory -------------------------------------------------------------------------- */

static void
more_than_a_module_keeps_is_seen_and_not_read(void **state)
{
	struct world_http a;

	(void)state;
	rig_open();
	a = get((struct scripted){ .say = "HTTP/1.1 200 OK\r\nContent-Length: 319489\r\n\r\nx", .end = ENDS_STALLING });
	assert_int_equal(a.state, WORLD_DONE);
	assert_true(a.length > 319488);
	a = get((struct scripted){ .say = "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\nx", .end = ENDS_STALLING });
	assert_int_equal(a.state, WORLD_DONE);
	assert_true(a.length > 319488);
	assert_fails(
	    get((struct scripted){ .say = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx", .end = ENDS_STALLING }), 602);
}

static void
a_flood_costs_neither_memory_nor_time(void **state)
{
	struct world_http a;
	long before;

	(void)state;
	rig_open();
	before = peak_kib();
	a = get((struct scripted){
	    .say = "HTTP/1.1 200 OK\r\n\r\n", .again = "all work and no play makes a long body\n", .end = ENDS_FLOODING });
	assert_int_equal(a.state, WORLD_DONE);
	assert_true(a.length > 319488);
	assert_true(server.flooded < 32 << 20);
	server.flooded = 0;
	a = get((struct scripted){
	    .say = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .again = "2\r\nxy\r\n", .end = ENDS_FLOODING });
	assert_int_not_equal(a.state, WORLD_BUSY);
	/* ASan keeps what was freed for a while. */
	assert_true(peak_kib() - before < 64 << 10);
}

static void
headers_without_end_are_602(void **state)
{
	char *line = malloc(200000);

	(void)state;
	rig_open();
	assert_fails(get((struct scripted){ .say = "HTTP/1.1 200 OK\r\n", .again = "X-Again: and again\r\n", .end = ENDS_FLOODING }), 602);
	/* Interim answers, one after the other. */
	assert_fails(get((struct scripted){ .say = NULL, .again = "HTTP/1.1 100 Continue\r\n\r\n", .end = ENDS_FLOODING }), 602);
	sprintf(line, "HTTP/1.1 200 OK\r\nX-Long: %0190000d", 1);
	assert_fails(get((struct scripted){ .say = line, .end = ENDS_STALLING }), 602);
	assert_true(server.flooded < 32 << 20);
	free(line);
}

/* ---- 603: names ---------------------------------------------------------------------------------- */

static void
a_name_that_does_not_exist_is_603(void **state)
{
	struct world_http_request rq;

	(void)state;
	rig_allow("*");
	rig_open();
	assert_fails(rig_http(rig_get("http://nobody.example/")), 603);
	assert_int_equal(lookups, 1);
	rq = rig_get("http://127.0.0.1/");
	rq.proxy = SPAN("nobody.example");
	rq.proxy_port = 8080;
	assert_fails(rig_http(rq), 603);
	assert_int_equal(lookups, 2);
}

/* ---- 604: the stack --------------------------------------------------------------------------------- */

static void
no_descriptor_for_a_socket_is_604(void **state)
{
	struct rlimit old, few;
	struct world_http a;

	(void)state;
	rig_open();
	getrlimit(RLIMIT_NOFILE, &old);
	few = old;
	few.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &few);
	a = rig_http(rig_get(rig_url("127.0.0.1", "/")));
	setrlimit(RLIMIT_NOFILE, &old);
	assert_fails(a, 604);
}

/* ---- 605 and 606: TLS ---------------------------------------------------------------------------------- */

static struct world_http
get_tls(struct scripted s)
{
	struct world_http_request rq = rig_get(rig_url("127.0.0.1", "/"));

	server_script(s);
	/* AT+HTTPSSL=1 makes http:// the same. */
	rq.tls = true;
	return rig_http(rq);
}

static void
a_handshake_that_fails_is_605(void **state)
{
	(void)state;
	rig_open();
	assert_fails(get_tls((struct scripted){ .until = "", .say = "HTTP/1.1 400 Bad Request\r\n\r\n" }), 605);
	assert_fails(get_tls((struct scripted){ .until = "", .say = NULL }), 605);
}

/* RFC 8446, 6: an alert record, fatal, handshake_failure. */
static void
a_fatal_alert_is_606(void **state)
{
	(void)state;
	rig_open();
	assert_fails(
	    get_tls((struct scripted){ .until = "", .say = "\x15\x03\x03\x00\x02\x02\x28", .say_len = 7, .end = ENDS_STALLING }), 606);
}

static void
a_proxy_that_makes_no_channel_is_605(void **state)
{
	struct world_http_request rq;

	(void)state;
	server_script((struct scripted){ .say = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n" });
	rig_open();
	rq = rig_get("https://127.0.0.1/");
	rq.proxy = SPAN("127.0.0.1");
	rq.proxy_port = (uint16_t)server.port;
	assert_fails(rig_http(rq), 605);
	assert_got(0, "CONNECT 127.0.0.1:443 HTTP/1.1\r\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_does_not_begin_as_http_is_600),
		TEST(nobody_listening_is_601),
		TEST(a_connection_that_ends_too_early_is_601),
		TEST(a_connection_that_ends_in_the_header_is_no_answer),
		TEST(a_server_that_stalls_or_drips_is_601_in_time),
		TEST(more_than_a_module_keeps_is_seen_and_not_read),
		TEST(a_flood_costs_neither_memory_nor_time),
		TEST(headers_without_end_are_602),
		TEST(a_name_that_does_not_exist_is_603),
		TEST(no_descriptor_for_a_socket_is_604),
		TEST(a_handshake_that_fails_is_605),
		TEST(a_fatal_alert_is_606),
		TEST(a_proxy_that_makes_no_channel_is_605),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
