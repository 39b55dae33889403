/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include "emulate_options.h"

static struct emulate_options o;

/* The command line, ended by NULL. */
static int
read_options(char **argv, struct err *e)
{
	int argc = 0;

	while (argv[argc] != NULL)
		argc++;
	return emulate_options_read(&o, argc, argv, e);
}

#define READ(e, ...) read_options((char *[]){ (char[]){ "emulate" }, __VA_ARGS__, NULL }, e)
#define WORD(text) ((char[]){ text })

static void
the_world_is_described_unless_the_net_is_asked_for(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(READ(&e, WORD("--stdio")), 0);
	assert_false(o.net);
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--world"), WORD("sim")), 0);
	assert_false(o.net);
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--world=net")), 0);
	assert_true(o.net);
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--world"), WORD("moon")), -1);
	assert_int_equal(e.status, EXIT_USAGE);
	assert_non_null(strstr(e.text, "--world moon"));
}

static void
where_it_may_connect_and_what_leads_where_may_be_said_again_and_again(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(READ(&e, WORD("--pty"), WORD("--world"), WORD("net"), WORD("--may-connect"), WORD("a:80"), WORD("--may-connect=b"),
			     WORD("--map"), WORD("www.sim.com:80=a:80"), WORD("--map=c:1=b:2")),
	    0);
	assert_int_equal(o.reach.count, 2);
	assert_string_equal(o.reach.allowed[1].host, "b");
	assert_int_equal(o.reach.maps, 2);
	assert_string_equal(o.reach.from[1].host, "c");
	assert_string_equal(o.reach.to[1].host, "b");
}

static void
what_belongs_to_one_world_is_refused_for_the_other(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--may-connect"), WORD("a")), -1);
	assert_int_equal(e.status, EXIT_USAGE);
	assert_non_null(strstr(e.text, "--may-connect"));
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--map"), WORD("a:1=b:1")), -1);
	assert_non_null(strstr(e.text, "--map"));
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--world"), WORD("net"), WORD("--world-file"), WORD("x")), -1);
	assert_non_null(strstr(e.text, "--world-file"));
}

static void
a_rule_that_is_none_names_its_option(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--world"), WORD("net"), WORD("--may-connect"), WORD("http://a/")), -1);
	assert_non_null(strstr(e.text, "--may-connect http://a/"));
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--world"), WORD("net"), WORD("--map"), WORD("a:1")), -1);
	assert_non_null(strstr(e.text, "--map a:1: expected HOST:PORT=HOST:PORT"));
}

/* As attest run reads it: what is printed with zeros before it is the same seed there and here. */
static void
a_seed_is_decimal_or_hexadecimal(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--seed"), WORD("010")), 0);
	assert_int_equal(o.seed, 10);
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--seed=089")), 0);
	assert_int_equal(o.seed, 89);
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--seed=0x1F")), 0);
	assert_int_equal(o.seed, 31);
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--seed=1f")), -1);
	assert_int_equal(READ(&e, WORD("--stdio"), WORD("--seed=0x")), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_world_is_described_unless_the_net_is_asked_for),
		cmocka_unit_test(where_it_may_connect_and_what_leads_where_may_be_said_again_and_again),
		cmocka_unit_test(what_belongs_to_one_world_is_refused_for_the_other),
		cmocka_unit_test(a_rule_that_is_none_names_its_option),
		cmocka_unit_test(a_seed_is_decimal_or_hexadecimal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
