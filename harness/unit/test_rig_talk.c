#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_wire.h"
#include "rig_talk.h"

static struct talk talk;

static void
script(const struct saying *sayings, size_t n)
{
	memset(&fake, 0, sizeof(fake));
	fake.wire.ops = &fake_ops;
	fake.now_us = FAKE_START_US;
	fake.script = sayings;
	fake.sayings = n;
	talk_init(&talk, &fake.wire, NULL);
}

static void
a_result_code_is_taken_with_its_line_end(void **state)
{
	static const struct saying sayings[] = { { .send = 1, .delay_us = 1000, .bytes = "AT\r\r\nOK\r" },
		{ .send = 1, .delay_us = 2000, .bytes = "\n" } };
	char rest[16];
	struct wire_when when;

	(void)state;
	script(sayings, 2);
	assert_int_equal(talk_command(&talk, "AT", true, 1000000), TALK_OK);
	/* Nothing of it is left for the case that follows. */
	assert_int_equal(fake.wire.ops->recv(&fake.wire, rest, sizeof(rest), fake.now_us + 1000000, &when, &talk.err), 0);
}

static void
a_line_that_never_gets_its_lf_is_a_result_code_all_the_same(void **state)
{
	static const struct saying sayings[] = { { .send = 1, .delay_us = 1000, .bytes = "AT\r\rOK\r" } };

	(void)state;
	script(sayings, 1);
	assert_int_equal(talk_command(&talk, "AT", true, 1000000), TALK_OK);
	assert_true(fake.now_us < FAKE_START_US + 100000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_result_code_is_taken_with_its_line_end),
		cmocka_unit_test(a_line_that_never_gets_its_lf_is_a_result_code_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
