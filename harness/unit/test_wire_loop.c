#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "case.h"
#include "modem.h"
#include "wire.h"
#include "world_sim.h"

static struct wire *wire;

static int
setup(void **state)
{
	struct err e = { 0 };

	(void)state;
	wire = wire_loop_open(SPAN(""), &e);
	return wire == NULL ? -1 : wire->ops->begin(wire, NULL, 1, &e);
}

static int
teardown(void **state)
{
	(void)state;
	wire->ops->close(wire);
	return 0;
}

static void
send(const char *bytes)
{
	struct err e = { 0 };

	assert_int_equal(wire->ops->send(wire, span_str(bytes), &e), 0);
}

/* What comes until the wire has been silent for 100 ms. */
static const char *
said(void)
{
	static char text[4096];
	size_t used = 0;
	struct err e = { 0 };
	struct wire_when when;
	long n;

	while ((n = wire->ops->recv(wire, text + used, sizeof(text) - 1 - used, wire->ops->now(wire) + 100000, &when, &e)) > 0) {
		assert_int_equal(when.at_us, wire->ops->now(wire));
		used += (size_t)n;
	}
	assert_int_equal(n, 0);
	text[used] = '\0';
	return text;
}

static void
order(struct wire_order o)
{
	struct err e = { 0 };

	assert_int_equal(wire->ops->order(wire, &o, &e), 0);
}

static void
a_command_is_answered(void **state)
{
	(void)state;
	send("AT\r");
	assert_string_equal(said(), "AT\r\r\nOK\r\n");
}

static void
time_passes_only_by_waiting_and_stops_at_until(void **state)
{
	char into[16];
	struct wire_when when;
	uint64_t begun = wire->ops->now(wire);
	struct err e = { 0 };

	(void)state;
	send("AT\r");
	assert_int_equal(wire->ops->now(wire), begun);
	assert_int_equal(wire->ops->recv(wire, into, sizeof(into), begun + 5, &when, &e), 0);
	assert_int_equal(wire->ops->now(wire), begun + 5);
	assert_int_equal(wire->ops->recv(wire, into, sizeof(into), begun + 3600000000u, &when, &e), 9);
	assert_in_range(when.at_us - begun, 10000, 50000);
	assert_int_equal(wire->ops->recv(wire, into, sizeof(into), begun + 3600000000u, &when, &e), 0);
	assert_int_equal(wire->ops->now(wire), begun + 3600000000u);
}

static void
small_buffers_lose_nothing(void **state)
{
	char text[16] = "";
	struct wire_when when;
	struct err e = { 0 };

	(void)state;
	send("AT\r");
	for (int i = 0; i < 9; i++)
		assert_int_equal(wire->ops->recv(wire, text + i, 1, wire->ops->now(wire) + 1000000, &when, &e), 1);
	assert_string_equal(text, "AT\r\r\nOK\r\n");
}

static void
a_case_begins_with_a_fresh_module(void **state)
{
	struct err e = { 0 };

	(void)state;
	send("ATE0\r");
	said();
	send("AT\r");
	assert_string_equal(said(), "\r\nOK\r\n");
	assert_int_equal(wire->ops->begin(wire, NULL, 1, &e), 0);
	send("AT\r");
	assert_string_equal(said(), "AT\r\r\nOK\r\n");
}

static void
scripted_answers_come_instead_of_the_modules(void **state)
{
	struct wire_when when;
	uint64_t begun = wire->ops->now(wire);
	char into[64];
	struct err e = { 0 };

	(void)state;
	order((struct wire_order){ .kind = ORDER_ANSWERS, .text = SPAN("\r\nBUSY"), .delay_us = 20000 });
	order((struct wire_order){ .kind = ORDER_ANSWERS, .text = SPAN("\r\n"), .delay_us = 30000 });
	assert_string_equal(said(), "");
	begun = wire->ops->now(wire);
	send("AT+C");
	send("SQ\r\n");
	assert_int_equal(wire->ops->recv(wire, into, sizeof(into), begun + 1000000, &when, &e), 6);
	assert_int_equal(when.at_us, begun + 20000);
	assert_int_equal(wire->ops->recv(wire, into, sizeof(into), begun + 1000000, &when, &e), 2);
	assert_int_equal(when.at_us, begun + 50000);
	send("AT\r");
	assert_string_equal(said(), "AT\r\r\nOK\r\n");
}

static void
what_follows_a_scripted_command_reaches_the_module(void **state)
{
	(void)state;
	order((struct wire_order){ .kind = ORDER_ANSWERS, .text = SPAN("mine") });
	send("AT+X\rAT\r");
	assert_string_equal(said(), "mineAT\r\r\nOK\r\n");
}

static void
orders_reach_the_module(void **state)
{
	(void)state;
	order((struct wire_order){ .kind = ORDER_SAYS, .text = SPAN("+CREG: 5"), .where = MODEM_NOW });
	assert_string_equal(said(), "\r\n+CREG: 5\r\n");
	order((struct wire_order){ .kind = ORDER_SWITCH, .name = SPAN("latency"), .text = SPAN("400") });
	send("AT\r");
	assert_string_equal(said(), "");
	order((struct wire_order){ .kind = ORDER_DTR, .number = 0 });
}

static void
orders_that_cannot_be_say_so(void **state)
{
	struct err e = { 0 };
	struct wire_order o = { .kind = ORDER_SWITCH, .name = SPAN("no-such"), .text = SPAN("1") };

	(void)state;
	assert_int_equal(wire->ops->order(wire, &o, &e), -1);
	assert_string_equal(e.text, "no switch no-such, expected one that attest emulate --help lists");
	o = (struct wire_order){ .kind = ORDER_SWITCH, .name = SPAN("latency"), .text = SPAN("soon") };
	assert_int_equal(wire->ops->order(wire, &o, &e), -1);
	assert_string_equal(e.text, "soon is no value of the switch latency");
	o = (struct wire_order){ .kind = ORDER_FAULT, .name = SPAN("no-such"), .text = SPAN("1") };
	assert_int_equal(wire->ops->order(wire, &o, &e), -1);
	assert_null(wire_loop_open(SPAN("sim9000"), &e));
	assert_string_equal(e.text, "no profile sim9000");
}

static void
header_lines_are_set_and_wrong_ones_placed(void **state)
{
	struct case_line line = { .text = SPAN("set latency 400"), .path = "a.case", .line = 4, .column = 10 };
	struct case_setting setting = { .module = &line };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(wire->ops->begin(wire, &setting, 1, &e), 0);
	send("AT\r");
	assert_string_equal(said(), "");
	line.text = SPAN("set latency soon");
	assert_int_equal(wire->ops->begin(wire, &setting, 1, &e), -1);
	assert_string_equal(e.text, "a.case:4:10: soon is no value of the switch latency");
	line.text = SPAN("unset latency");
	assert_int_equal(wire->ops->begin(wire, &setting, 1, &e), -1);
	assert_string_equal(e.text, "a.case:4:10: expected set SWITCH VALUE or fault NAME VALUE");
}

static void
the_far_side_is_the_cases(void **state)
{
	struct case_line line = { .text = SPAN("http www.sim.com \"x\""), .path = "a.case", .line = 2, .column = 9 };
	struct case_setting setting = { .world = &line };
	struct err e = { 0 };
	struct content c;

	(void)state;
	assert_int_equal(wire->ops->begin(wire, &setting, 1, &e), 0);
	assert_true(world_sim_content(wire->ops->far(wire), SPAN("www.sim.com"), &c));
	line.text = SPAN("http www.sim.com 1 bit");
	assert_int_equal(wire->ops->begin(wire, &setting, 1, &e), -1);
	assert_string_equal(e.text, "a.case:2:28: expected the word bytes");
}

static void
a_bearer_opens_over_the_world(void **state)
{
	struct case_line line = { .text = SPAN("bearer ip 10.1.2.3"), .path = "a.case", .line = 2, .column = 9 };
	struct case_setting setting = { .world = &line };
	struct err e = { 0 };
	char into[256];
	struct wire_when when;
	long n;

	(void)state;
	assert_int_equal(wire->ops->begin(wire, &setting, 1, &e), 0);
	send("ATE0\r");
	said();
	send("AT+SAPBR=1,1\r");
	n = wire->ops->recv(wire, into, sizeof(into), wire->ops->now(wire) + 85000000, &when, &e);
	assert_int_equal(n, 6);
	assert_memory_equal(into, "\r\nOK\r\n", 6);
	send("AT+SAPBR=2,1\r");
	assert_string_equal(said(), "\r\n+SAPBR: 1,1,\"10.1.2.3\"\r\n\r\nOK\r\n");
}

/* The world hears of the time before a command runs, not only after it. */
static void
a_latency_counts_from_the_command(void **state)
{
	struct case_line line = { .text = SPAN("http www.sim.com \"body\" latency 5s"), .path = "a.case", .line = 2, .column = 9 };
	struct case_setting setting = { .world = &line };
	struct err e = { 0 };
	char into[256];
	struct wire_when when;
	uint64_t ok_us;

	(void)state;
	assert_int_equal(wire->ops->begin(wire, &setting, 1, &e), 0);
	send("ATE0;+SAPBR=1,1\r");
	assert_int_equal(wire->ops->recv(wire, into, sizeof(into), wire->ops->now(wire) + 85000000, &when, &e), 22);
	send("AT+HTTPINIT;+HTTPPARA=\"URL\",\"www.sim.com\"\r");
	assert_string_equal(said(), "\r\nOK\r\n");
	assert_int_equal(wire->ops->recv(wire, into, sizeof(into), wire->ops->now(wire) + 100000000, &when, &e), 0);
	send("AT+HTTPACTION=0\r");
	assert_string_equal(said(), "\r\nOK\r\n");
	ok_us = wire->ops->now(wire) - 100000;
	assert_int_equal(wire->ops->recv(wire, into, sizeof(into), ok_us + 20000000, &when, &e), 24);
	assert_memory_equal(into, "\r\n+HTTPACTION: 0,200,4\r\n", 24);
	assert_in_range(when.at_us - ok_us, 4900000, 5100000);
	assert_int_equal(far_judge(wire->ops->far(wire), SPAN("http saw GET http://www.sim.com/ count 1"), into, sizeof(into)), 0);
}

/* Registration changes oftener in one line than lines can wait for its end: what is missing is no fault of the module under test. */
static long
lose_lines(struct err *e)
{
	char line[600] = "AT+CREG=1", into[4096];
	struct wire_when when;
	long n;

	for (int i = 0; i <= MODEM_URCS_MAX / 2; i++)
		strcat(line, ";+CFUN=4;+CFUN=1");
	strcat(line, "\r");
	send(line);
	while ((n = wire->ops->recv(wire, into, sizeof(into), wire->ops->now(wire) + 10000000, &when, e)) > 0)
		;
	return n;
}

static void
what_the_emulator_loses_is_its_error(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_int_equal(lose_lines(&e), -1);
	assert_int_equal(e.status, EXIT_INTERNAL);
	assert_string_equal(e.text, "the emulator lost 0 bytes and 2 unsolicited lines that it had no room for");
	assert_int_equal(wire->ops->begin(wire, NULL, 1, &e), 0);
	send("AT\r");
	assert_string_equal(said(), "AT\r\r\nOK\r\n");
}

static void
with_a_fault_planted_it_may_lose(void **state)
{
	struct err e = { 0 };

	(void)state;
	order((struct wire_order){ .kind = ORDER_FAULT, .name = SPAN("delay"), .text = SPAN("1") });
	assert_int_equal(lose_lines(&e), 0);
	assert_int_equal(wire->ops->begin(wire, NULL, 1, &e), 0);
	assert_int_equal(lose_lines(&e), -1);
}

static void
all_lines_are_shown(void **state)
{
	unsigned mask = 0;

	(void)state;
	assert_int_equal(wire->ops->lines(wire, &mask), MODEM_DCD | MODEM_DSR | MODEM_CTS);
	assert_int_equal(mask, MODEM_DCD | MODEM_RI | MODEM_DSR | MODEM_CTS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_command_is_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(time_passes_only_by_waiting_and_stops_at_until, setup, teardown),
		cmocka_unit_test_setup_teardown(small_buffers_lose_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(a_case_begins_with_a_fresh_module, setup, teardown),
		cmocka_unit_test_setup_teardown(scripted_answers_come_instead_of_the_modules, setup, teardown),
		cmocka_unit_test_setup_teardown(what_follows_a_scripted_command_reaches_the_module, setup, teardown),
		cmocka_unit_test_setup_teardown(orders_reach_the_module, setup, teardown),
		cmocka_unit_test_setup_teardown(orders_that_cannot_be_say_so, setup, teardown),
		cmocka_unit_test_setup_teardown(header_lines_are_set_and_wrong_ones_placed, setup, teardown),
		cmocka_unit_test_setup_teardown(the_far_side_is_the_cases, setup, teardown),
		cmocka_unit_test_setup_teardown(a_bearer_opens_over_the_world, setup, teardown),
		cmocka_unit_test_setup_teardown(a_latency_counts_from_the_command, setup, teardown),
		cmocka_unit_test_setup_teardown(what_the_emulator_loses_is_its_error, setup, teardown),
		cmocka_unit_test_setup_teardown(with_a_fault_planted_it_may_lose, setup, teardown),
		cmocka_unit_test_setup_teardown(all_lines_are_shown, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
