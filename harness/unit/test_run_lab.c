/* Cases that run in a lab: on a wire that shows no far side, with a lab file. */
#include "fake_wire.h"

static struct lab_file lab;

/* Play text in a lab that this lab file describes (NULL: no lab). */
static void
play_in_lab(const char *file, const char *text, const struct saying *script, size_t n)
{
	char whole[4096];
	struct err e;

	fake_reset();
	if (file != NULL) {
		if (lab_file_parse(&lab, "l.conf", span_str(file), &e) != 0)
			fail_msg("%s", e.text);
		runner_lab(runner, &lab);
	}
	snprintf(whole, sizeof(whole), "title A case\nspec A document, 1.1\n%s", text);
	assert_reads(whole);
	case_lab(loaded, file != NULL ? &lab : NULL);
	if (case_parse(loaded, 0, &arena, &parsed, &errors) < 0)
		fail_msg("%s", errors.list[0].text);
	fake.script = script;
	fake.sayings = n;
	run_case(runner, &parsed, 1, &outcome);
}

#define PLAY_IN_LAB(file, text, ...)                                                                                                       \
	do {                                                                                                                               \
		static const struct saying script_[] = { __VA_ARGS__ };                                                                    \
		play_in_lab((file), (text), script_, sizeof(script_) / sizeof(script_[0]));                                                \
	} while (0)

static void
assert_skipped(const char *why)
{
	assert_string_equal(outcome.message, why);
	assert_int_equal(outcome.verdict, VERDICT_SKIP);
	assert_int_equal(fake.sends, 0);
}

#define BOTH                                                                                                                               \
	"need world lab\nworld ftp file /f.bin 5 bytes digits\n"                                                                           \
	"> AT+FTPGET=2,5\n< +FTPGET: 2,{n: 1..5}\n= all of /f.bin\n< OK\n"

static void
what_the_labs_servers_hold_is_what_the_world_lines_say(void **state)
{
	(void)state;
	PLAY_IN_LAB("ftp_host = lab\n", BOTH, { 1, 0, "AT+FTPGET=2,5\r\r\n+FTPGET: 2,5\r\n01234\r\nOK\r\n", 0 });
	assert_passes();
	PLAY_IN_LAB("ftp_host = lab\n", BOTH, { 1, 0, "AT+FTPGET=2,5\r\r\n+FTPGET: 2,5\r\n01239\r\nOK\r\n", 0 });
	assert_int_equal(outcome.verdict, VERDICT_FAIL);
	assert_string_equal(outcome.type, "PayloadMismatch");
}

static void
without_a_lab_it_needs_the_described_world(void **state)
{
	(void)state;
	play_in_lab(NULL, BOTH, NULL, 0);
	assert_skipped("needs the emulator's described servers or a lab: --lab FILE");
	play_in_lab("ftp_host = lab\n", "world ftp file /f.bin 5 bytes\n> AT\n< OK\n", NULL, 0);
	assert_skipped("needs the emulator and its described servers");
}

static void
what_the_server_saw_is_noted_as_not_judged(void **state)
{
	(void)state;
	PLAY_IN_LAB(
	    "http_host = lab\n", "need world lab\nworld http www.sim.com\n> AT\n< OK\nfar http saw GET\n", { 1, 0, "AT\r\r\nOK\r\n", 0 });
	assert_passes();
	assert_int_equal(outcome.notes, 1);
	assert_string_equal(outcome.note[0].text, "what arrived at the server is not seen here: not judged");
}

static void
a_value_that_the_lab_does_not_have_skips_the_case(void **state)
{
	(void)state;
	play_in_lab("ftp_host = lab\n", "> AT+HTTPPARA=\"URL\",\"{lab.http}\"\n< OK\n", NULL, 0);
	assert_skipped("the lab file does not give http");
	play_in_lab("ftp_host = lab\n", "need world lab\nworld http {lab.proxy_host} 5 bytes\n> AT\n< OK\n", NULL, 0);
	assert_skipped("the lab file does not give proxy_host");
}

static void
the_labs_values_are_sent(void **state)
{
	(void)state;
	PLAY_IN_LAB("apn = a{b}\n", "> AT+CSTT=\"{lab.apn}\"\n< OK\n", { 1, 0, "AT+CSTT=\"a{b}\"\r\r\nOK\r\n", 0 });
	assert_passes();
	assert_memory_equal(fake.sent, "AT+CSTT=\"a{b}\"\r", 15);
}

static void
a_cell_may_name_the_labs_values(void **state)
{
	(void)state;
	PLAY_IN_LAB("apn = net\n", "each\n  | what | x |\n  | ,\"{lab.apn}\" | y |\n> AT+CSTT={x}{what}\n< OK\n",
	    { 1, 0, "AT+CSTT=y,\"net\"\r\r\nOK\r\n", 0 });
	assert_passes();
	forget();
	assert_error("each\n  | what |\n  | {lab.apm} |\n> AT{what}\n< OK\n",
	    "t.case:4:5: 'lab.apm', expected a value of the lab; did you mean 'apn'?");
}

static bool
holds(struct span text, struct span what)
{
	return memmem(text.at, text.len, what.at, what.len) != NULL;
}

static void
passwords_of_the_lab_are_masked(void **state)
{
	(void)state;
	PLAY_IN_LAB(
	    "ftp_password = hunter22\n", "> AT+X=\"{lab.ftp_password}\"\n< OK\n", { 1, 0, "AT+X=\"hunter22\"\r\r\nwrong hunter22\r\n", 0 });
	assert_int_equal(outcome.verdict, VERDICT_FAIL);
	assert_null(strstr(outcome.message, "hunter22"));
	assert_null(strstr(outcome.received, "hunter22"));
	assert_true(holds(outcome.transcript, SPAN("*****")));
	assert_false(holds(outcome.transcript, SPAN("hunter22")));
}

static void
an_order_to_the_module_is_for_no_lab(void **state)
{
	(void)state;
	assert_error("need world lab\nmodule set stack-busy 1\n> AT\n< OK\n",
	    "t.case:1:12: 'lab' beside a 'module' line, expected 'need world': no lab can do what such a line orders");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_labs_servers_hold_is_what_the_world_lines_say),
		cmocka_unit_test(without_a_lab_it_needs_the_described_world),
		cmocka_unit_test(what_the_server_saw_is_noted_as_not_judged),
		cmocka_unit_test(a_value_that_the_lab_does_not_have_skips_the_case),
		cmocka_unit_test(the_labs_values_are_sent),
		cmocka_unit_test(a_cell_may_name_the_labs_values),
		cmocka_unit_test(passwords_of_the_lab_are_masked),
		cmocka_unit_test(an_order_to_the_module_is_for_no_lab),
	};
	int failed = cmocka_run_group_tests_name("run_lab", tests, folder_make, folder_remove);

	runner_free(runner);
	forget();
	return failed;
}
