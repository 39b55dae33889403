/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include "curl_rig.h"

#define OK_HEADER "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
#define OK_ANSWER OK_HEADER "\r\nhello"

static void
a_page_comes_with_its_header_and_body(void **state)
{
	struct world_http a;

	(void)state;
	server_script((struct scripted){ .say = OK_ANSWER });
	rig_open();
	a = rig_http(rig_get(rig_url("127.0.0.1", "/x?y=1")));
	assert_int_equal(a.state, WORLD_DONE);
	assert_int_equal(a.status, 200);
	assert_int_equal(a.length, 5);
	assert_string_equal(rig_body(), "hello");
	assert_true(span_equal(a.header, SPAN(OK_HEADER)));
	assert_got(0, "GET /x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:");
	assert_got(0, "\r\nUser-Agent: SIMCOM_MODULE\r\n");
}

static void
a_bearer_is_open_at_once(void **state)
{
	struct world_bearer b;

	(void)state;
	rig_open();
	world->ops->bearer_poll(world, 1, &b);
	assert_int_equal(b.state, WORLD_IDLE);
	world->ops->bearer_open(world, 1, SPAN("CMNET"), SPAN(""), SPAN(""));
	world->ops->bearer_poll(world, 1, &b);
	assert_int_equal(b.state, WORLD_READY);
	assert_int_equal(b.ip[0], 10);
	world->ops->bearer_close(world, 1);
	world->ops->bearer_poll(world, 1, &b);
	assert_int_equal(b.state, WORLD_IDLE);
}

static void
only_loopback_is_connected_to_unless_more_is_allowed(void **state)
{
	struct world_http a;

	(void)state;
	rig_open();
	a = rig_http(rig_get("http://192.0.2.1/"));
	assert_int_equal(a.state, WORLD_FAILED);
	assert_int_equal(a.status, 603);
	assert_string_equal(
	    rig_said(), "attest emulate: not connected to 192.0.2.1:80: not allowed; --may-connect 192.0.2.1:80 allows it\n");
	/* Said once. */
	a = rig_http(rig_get("http://192.0.2.1/again"));
	assert_int_equal(a.state, WORLD_FAILED);
	assert_non_null(strchr(rig_said(), '\n'));
	assert_string_equal(strchr(rig_said(), '\n'), "\n");
	/* A name that is not allowed is not looked up. */
	a = rig_http(rig_get("http://secrets.two/"));
	assert_int_equal(a.status, 603);
	assert_int_equal(lookups, 0);
}

static void
a_name_is_allowed_with_its_addresses_and_its_port(void **state)
{
	struct world_http a;
	struct err e;
	char rule[64];

	(void)state;
	server_script((struct scripted){ .say = OK_ANSWER });
	snprintf(rule, sizeof(rule), "www.two:%u", server.port);
	assert_int_equal(reach_allow(&reach, rule, &e), 0);
	rig_open();
	a = rig_http(rig_get(rig_url("www.two", "/")));
	assert_int_equal(a.state, WORLD_DONE);
	assert_int_equal(lookups, 1);
	/* With a rule of the user's own, loopback is not allowed by itself. */
	a = rig_http(rig_get(rig_url("127.0.0.1", "/")));
	assert_int_equal(a.status, 603);
	a = rig_http(rig_get("http://www.two:1/"));
	assert_int_equal(a.status, 603);
	assert_int_equal(server.connections, 1);
}

static void
an_address_that_is_not_allowed_is_not_connected_to_whatever_led_there(void **state)
{
	struct world_http a;

	(void)state;
	rig_allow("www.two");
	rig_open();
	a = rig_http(rig_get(rig_url("localhost", "/")));
	assert_int_equal(a.state, WORLD_FAILED);
	assert_int_equal(a.status, 601);
	assert_int_equal(server.connections, 0);
	assert_non_null(strstr(rig_said(), "not connected to localhost:"));
	assert_non_null(strstr(rig_said(), "(127.0.0.1:"));
}

static void
a_map_leads_elsewhere_and_the_request_stays_as_it_was(void **state)
{
	struct world_http a;
	struct err e;
	char map[64];

	(void)state;
	server_script((struct scripted){ .say = OK_ANSWER });
	snprintf(map, sizeof(map), "www.sim.com:80=127.0.0.1:%u", server.port);
	assert_int_equal(reach_map(&reach, map, &e), 0);
	rig_open();
	a = rig_http(rig_get("www.sim.com"));
	assert_int_equal(a.state, WORLD_DONE);
	assert_int_equal(lookups, 0);
	assert_non_null(strstr(server.script[0].got, "GET / HTTP/1.1\r\nHost: www.sim.com\r\n"));
}

static void
a_close_in_the_middle_ends_it_at_once(void **state)
{
	struct world_http_request rq;
	struct world_http a;
	struct err e;
	uint64_t began;

	(void)state;
	server_script((struct scripted){ .end = ENDS_STALLING });
	assert_int_equal(reach_allow(&reach, "*", &e), 0);
	rig_open();
	rq = rig_get(rig_url("127.0.0.1", "/"));
	world->ops->http_start(world, &rq);
	for (int i = 0; i < 5; i++)
		rig_turn();
	world->ops->http_close(world);
	world->ops->http_poll(world, &a);
	assert_int_equal(a.state, WORLD_IDLE);
	/* A name server that does not answer is no reason to wait, either. */
	began = clock_us();
	rq = rig_get("http://www.slow/");
	world->ops->http_start(world, &rq);
	for (int i = 0; i < 5; i++)
		rig_turn();
	assert_int_equal(lookups, 1);
	world->ops->http_close(world);
	assert_true(clock_us() - began < 5000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_page_comes_with_its_header_and_body, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(a_bearer_is_open_at_once, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(only_loopback_is_connected_to_unless_more_is_allowed, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(a_name_is_allowed_with_its_addresses_and_its_port, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(
		    an_address_that_is_not_allowed_is_not_connected_to_whatever_led_there, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(a_map_leads_elsewhere_and_the_request_stays_as_it_was, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(a_close_in_the_middle_ends_it_at_once, rig_setup, rig_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
