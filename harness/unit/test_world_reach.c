/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include "world_reach.h"

static struct world_reach r;

static int
clear(void **state)
{
	(void)state;
	memset(&r, 0, sizeof(r));
	return 0;
}

static void
allow(const char *rule)
{
	struct err e;

	assert_int_equal(reach_allow(&r, rule, &e), 0);
}

static bool
may_ask(const char *host, uint16_t port)
{
	struct reach_place p;

	assert_true(reach_place(&p, host, strlen(host), port));
	return reach_may_ask(&r, &p);
}

/* Asking for host has led to address. */
static bool
may_connect(const char *host, const char *address, uint16_t port)
{
	struct sockaddr_storage a;
	struct reach_place p;

	assert_true(reach_place(&p, host, strlen(host), port));
	reach_address_read(address, port, &a);
	assert_int_not_equal(a.ss_family, 0);
	return reach_may_connect(&r, &p, (struct sockaddr *)&a);
}

static void
without_a_rule_loopback_is_all_there_is(void **state)
{
	(void)state;
	assert_true(may_ask("127.0.0.1", 80));
	assert_true(may_ask("127.255.0.9", 1));
	assert_true(may_ask("[::1]", 80));
	assert_true(may_ask("::ffff:127.0.0.1", 80));
	assert_true(may_ask("localhost", 80));
	assert_true(may_ask("LocalHost.", 80));
	assert_true(may_ask("a.localhost", 80));
	assert_false(may_ask("128.0.0.1", 80));
	assert_false(may_ask("0.0.0.0", 80));
	assert_false(may_ask("::", 80));
	assert_false(may_ask("10.0.0.1", 80));
	assert_false(may_ask("::ffff:10.0.0.1", 80));
	assert_false(may_ask("www.sim.com", 80));
	assert_false(may_ask("notlocalhost", 80));
	assert_false(may_ask("localhost.example", 80));
	assert_true(may_connect("localhost", "127.0.0.1", 80));
	assert_true(may_connect("localhost", "::1", 80));
	assert_false(may_connect("localhost", "10.0.0.1", 80));
	assert_false(may_connect("localhost", "::ffff:10.0.0.1", 80));
}

static void
with_a_rule_only_what_is_named_is_allowed(void **state)
{
	(void)state;
	allow("lab.example");
	assert_true(may_ask("lab.example", 80));
	assert_true(may_ask("LAB.example", 8080));
	assert_true(may_connect("lab.example", "10.1.2.3", 8080));
	assert_false(may_ask("127.0.0.1", 80));
	assert_false(may_ask("x.lab.example", 80));
	assert_false(may_ask("10.1.2.3", 80));
	/* localhost may be looked up, but what it leads to is not allowed. */
	assert_false(may_connect("localhost", "127.0.0.1", 80));
}

static void
a_port_in_a_rule_is_the_only_one(void **state)
{
	(void)state;
	allow("lab.example:8080");
	allow("10.0.0.1:21");
	assert_true(may_ask("lab.example", 8080));
	assert_false(may_ask("lab.example", 80));
	assert_true(may_ask("10.0.0.1", 21));
	assert_false(may_ask("10.0.0.1", 22));
	assert_true(may_connect("lab.example", "10.9.9.9", 8080));
	assert_false(may_connect("lab.example", "10.9.9.9", 22));
}

static void
an_address_is_the_same_in_either_spelling(void **state)
{
	(void)state;
	allow("10.0.0.1");
	allow("[2001:db8::1]:443");
	assert_true(may_ask("::ffff:10.0.0.1", 80));
	assert_true(may_connect("10.0.0.1", "::ffff:10.0.0.1", 80));
	assert_true(may_ask("2001:db8:0:0::1", 443));
	assert_false(may_ask("2001:db8::1", 80));
}

static void
a_star_is_everything(void **state)
{
	(void)state;
	allow("*:443");
	assert_true(may_ask("anything.example", 443));
	assert_false(may_ask("anything.example", 80));
	assert_true(may_connect("anything.example", "10.0.0.1", 443));
	allow("*");
	assert_true(may_connect("anything.example", "10.0.0.1", 80));
}

static void
a_map_holds_for_its_host_and_port_and_the_last_wins(void **state)
{
	struct reach_place asked, out;
	struct err e;

	(void)state;
	assert_int_equal(reach_map(&r, "www.sim.com:80=127.0.0.1:8080", &e), 0);
	assert_int_equal(reach_map(&r, "www.sim.com:21=[::1]:2121", &e), 0);
	reach_place(&asked, "WWW.sim.com", 11, 80);
	assert_true(reach_mapped(&r, &asked, &out));
	assert_string_equal(out.host, "127.0.0.1");
	assert_int_equal(out.port, 8080);
	asked.port = 21;
	assert_true(reach_mapped(&r, &asked, &out));
	assert_string_equal(out.host, "::1");
	asked.port = 443;
	assert_false(reach_mapped(&r, &asked, &out));
	assert_string_equal(out.host, "WWW.sim.com");
	assert_int_equal(reach_map(&r, "www.sim.com:80=127.0.0.1:9", &e), 0);
	asked.port = 80;
	assert_true(reach_mapped(&r, &asked, &out));
	assert_int_equal(out.port, 9);
}

static void
what_is_no_rule_is_an_error_that_says_so(void **state)
{
	static const char *const rules[] = { "", ":80", "host:", "host:0", "host:65536", "host:80x", "::1", "[::1", "[::1]x", "[host]:80",
		"a b", "http://host/", "user@host", "host,other", "10.0.0.0/8" };
	static const char *const maps[] = { "", "a:1", "a:1=", "a:1=b", "a=b:1", "a:0=b:1", "*:1=b:1", "a:1=*:1", "a:1=b:1=c:1",
		"::1:80=b:1" };
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (reach_allow(&r, rules[i], &e) == 0)
			fail_msg("--may-connect '%s' was taken", rules[i]);
		assert_int_equal(e.status, EXIT_USAGE);
		assert_non_null(strstr(e.text, "--may-connect"));
	}
	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		if (reach_map(&r, maps[i], &e) == 0)
			fail_msg("--map '%s' was taken", maps[i]);
		assert_int_equal(e.status, EXIT_USAGE);
		assert_non_null(strstr(e.text, "--map"));
	}
	assert_int_equal(r.count, 0);
	assert_int_equal(r.maps, 0);
}

static void
more_rules_than_there_is_room_for_are_an_error(void **state)
{
	struct err e;

	(void)state;
	for (int i = 0; i < REACH_MAX; i++) {
		allow("a");
		assert_int_equal(reach_map(&r, "a:1=b:1", &e), 0);
	}
	assert_int_equal(reach_allow(&r, "a", &e), -1);
	assert_int_equal(reach_map(&r, "a:1=b:1", &e), -1);
}

static void
a_host_that_is_too_long_is_no_place(void **state)
{
	char host[REACH_HOST_MAX + 1];
	struct reach_place p;

	(void)state;
	memset(host, 'a', sizeof(host));
	assert_true(reach_place(&p, host, REACH_HOST_MAX - 1, 1));
	assert_false(reach_place(&p, host, REACH_HOST_MAX, 1));
	assert_false(reach_place(&p, host, 0, 1));
	assert_false(reach_place(&p, "[]", 2, 1));
}

static void
addresses_are_compared_without_their_ports(void **state)
{
	struct sockaddr_storage a, b, c;
	char text[64];

	(void)state;
	reach_address_read("10.0.0.1", 21, &a);
	reach_address_read("::ffff:10.0.0.1", 50000, &b);
	reach_address_read("10.0.0.2", 21, &c);
	assert_true(reach_same_host((struct sockaddr *)&a, (struct sockaddr *)&b));
	assert_false(reach_same_host((struct sockaddr *)&a, (struct sockaddr *)&c));
	reach_address_text((struct sockaddr *)&b, text, sizeof(text));
	assert_string_equal(text, "10.0.0.1:50000");
	reach_address_read("::1", 0, &a);
	assert_true(reach_is_portless((struct sockaddr *)&a));
	assert_false(reach_is_portless((struct sockaddr *)&b));
	reach_address_text((struct sockaddr *)&a, text, sizeof(text));
	assert_string_equal(text, "[::1]:0");
	reach_address_read("no address", 1, &a);
	assert_int_equal(a.ss_family, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(without_a_rule_loopback_is_all_there_is, clear),
		cmocka_unit_test_setup(with_a_rule_only_what_is_named_is_allowed, clear),
		cmocka_unit_test_setup(a_port_in_a_rule_is_the_only_one, clear),
		cmocka_unit_test_setup(an_address_is_the_same_in_either_spelling, clear),
		cmocka_unit_test_setup(a_star_is_everything, clear),
		cmocka_unit_test_setup(a_map_holds_for_its_host_and_port_and_the_last_wins, clear),
		cmocka_unit_test_setup(what_is_no_rule_is_an_error_that_says_so, clear),
		cmocka_unit_test_setup(more_rules_than_there_is_room_for_are_an_error, clear),
		cmocka_unit_test_setup(a_host_that_is_too_long_is_no_place, clear),
		cmocka_unit_test_setup(addresses_are_compared_without_their_ports, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
