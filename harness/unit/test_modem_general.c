#include "answer_rig.h"

static void
commands_answer_their_forms(void **state)
{
	static const struct {
		const char *command, *answer;
	} rows[] = {
		{ "AT+CMEE=?", LINE("+CMEE: (0-2)") OK },
		{ "AT+CMEE?", LINE("+CMEE: 0") OK },
		{ "AT+CMEE=3", ERROR },
		{ "AT+CMEE=1,1", ERROR },
		{ "AT+CMEE=", OK },
		{ "AT+CMEE", ERROR },
		{ "AT+GMI", LINE("SIMCOM_Ltd") OK },
		{ "AT+GMI=?", OK },
		{ "AT+GMI?", ERROR },
		{ "AT+CGMI", LINE("SIMCOM_Ltd") OK },
		{ "AT+GMM", LINE("SIMCOM_SIM800L") OK },
		{ "AT+CGMM", LINE("SIMCOM_SIM800L") OK },
		{ "AT+GMR", LINE("Revision:1418B05SIM800L24") OK },
		{ "AT+CGMR", LINE("Revision:1418B05SIM800L24") OK },
		{ "AT+GSV", "\r\nSIMCOM_Ltd\r\nSIMCOM_SIM800L\r\nRevision:1418B05SIM800L24\r\n" OK },
		{ "AT+GSN", LINE("865691036148755") OK },
		{ "AT+CGSN", LINE("865691036148755") OK },
		{ "AT+CCID", LINE("89860025128306012474") OK },
		{ "AT+CCID=?", OK },
		{ "AT+CIMI", LINE("460002343101245") OK },
		{ "ATS5=127", OK },
		{ "ATS5=", OK },
		{ "ATS5?", LINE("008") OK },
		{ "AT+IPR=?", LINE("+IPR: (),(0,1200,2400,4800,9600,19200,38400,57600,115200,230400,460800)") OK },
		{ "AT+IPR?", LINE("+IPR: 0") OK },
		{ "AT+IPR=9601", ERROR },
		{ "AT+IPR=115200", OK },
		{ "AT+IPR?", LINE("+IPR: 115200") OK },
		{ "AT+IFC=?", LINE("+IFC: (0-2),(0-2)") OK },
		{ "AT+IFC=2,1", OK },
		{ "AT+IFC?", LINE("+IFC: 2,1") OK },
		{ "AT+IFC=3", ERROR },
		{ "AT+IFC=0", OK },
		{ "AT+IFC?", LINE("+IFC: 0,1") OK },
		{ "AT+CFUN=?", LINE("+CFUN: (0,1,4),(0,1)") OK },
		{ "AT+CFUN?", LINE("+CFUN: 1") OK },
		{ "AT+CFUN=2", ERROR },
		{ "AT+CFUN=4", OK },
		{ "AT+CFUN=0", ERROR },
		{ "AT+CFUN?", LINE("+CFUN: 4") OK },
		{ "AT+CFUN=1", OK },
		{ "AT+CPIN=?", OK },
		{ "AT+CPIN?", LINE("+CPIN: READY") OK },
		{ "AT+CPIN=1234", ERROR },
		{ "AT+CREG=?", LINE("+CREG: (0-2)") OK },
		{ "AT+CREG?", LINE("+CREG: 0,1") OK },
		{ "AT+CREG=2", OK },
		{ "AT+CREG?", LINE("+CREG: 2,1,\"18D8\",\"3D1F\"") OK },
		{ "AT+CREG=3", ERROR },
		{ "AT+CREG=", OK },
		{ "AT+CREG?", LINE("+CREG: 0,1") OK },
		{ "AT+CGREG=1", OK },
		{ "AT+CGREG?", LINE("+CGREG: 1,1") OK },
		{ "AT+CGATT=?", LINE("+CGATT: (0,1)") OK },
		{ "AT+CGATT?", LINE("+CGATT: 1") OK },
		{ "AT+CGATT=0", OK },
		{ "AT+CGATT?", LINE("+CGATT: 0") OK },
		{ "AT+CGATT=2", ERROR },
		{ "AT+CSQ=?", LINE("+CSQ: (0-31,99),(0-7,99)") OK },
		{ "AT+CSQ", LINE("+CSQ: 18,0") OK },
		{ "AT+CSQ?", ERROR },
		{ "AT+CBC", LINE("+CBC: 0,85,4012") OK },
		{ "AT+COPS?", LINE("+COPS: 0,0,\"CHINA MOBILE\"") OK },
		{ "AT+COPS=3,2", OK },
		{ "AT+COPS?", LINE("+COPS: 0,2,\"46000\"") OK },
		{ "AT+COPS=5", ERROR },
		{ "AT+CIURC=0", OK },
		{ "AT+CIURC?", LINE("+CIURC: 0") OK },
		{ "AT+CPOWD=2", ERROR },
		{ "at+csq", LINE("+CSQ: 18,0") OK },
		{ "AT+CSQ ", LINE("+CSQ: 18,0") OK },
		{ "AT+CNACT?", ERROR },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_answer(rows[i].command, rows[i].answer);
}

static void
host_programs_find_what_they_need_to_start(void **state)
{
	static const struct {
		const char *command, *answer;
	} rows[] = {
		{ "AT+CVHU=0", OK },
		{ "AT+CPMS=\"SM\",\"SM\",\"SM\"", LINE("+CPMS: 0,50,0,50,0,50") OK },
		{ "AT+CPMS=\"XX\"", ERROR },
		{ "AT+CLTS=1", OK },
		{ "AT+CLTS?", LINE("+CLTS: 1") OK },
		{ "AT+CLIP=1", OK },
		{ "AT+CLIP?", LINE("+CLIP: 1,1") OK },
		{ "AT+CMGF=1", OK },
		{ "AT+CSCLK=2", OK },
		{ "AT+CSCLK=3", ERROR },
		{ "AT+CSCS=\"gsm\"", OK },
		{ "AT+CSCS?", LINE("+CSCS: \"GSM\"") OK },
		{ "AT+CSCS=\"x\"", ERROR },
		{ "AT+CIPSHUT", LINE("SHUT OK") },
		{ "AT+CSTT=\"internet\",\"\",\"\"", OK },
		{ "AT+CIICR", OK },
		{ "AT+CIFSR", LINE("10.89.193.1") },
		{ "AT+CIPMUX=1", OK },
		{ "AT+CIPMUX?", LINE("+CIPMUX: 1") OK },
		{ "AT+CIPRXGET=1", OK },
		{ "AT+CIPRXGET?", LINE("+CIPRXGET: 1") OK },
		{ "AT+CIPQSEND=1", OK },
		{ "AT+CIPQSEND?", LINE("+CIPQSEND: 1") OK },
		{ "AT+CIPSSL=?", LINE("+CIPSSL: (0-1)") OK },
		{ "AT+CIPHEAD=0", OK },
		{ "AT+CIPMUX=0", OK },
		{ "AT+CIPSTATUS", OK LINE("STATE: IP STATUS") },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_answer(rows[i].command, rows[i].answer);
	rig_ask(&r, "AT+CIPMUX=1;+CIPSTATUS");
	assert_true(span_starts(span_of(r.said, r.said_len), SPAN(OK "\r\nSTATE: IP STATUS\r\n\r\nC: 0,")));
	assert_non_null(strstr(r.said, "\r\nC: 5,"));
	assert_int_equal(r.bursts, 1);
}

static void
errors_are_told_as_cmee_says(void **state)
{
	(void)state;
	assert_answer("AT+CMEE=1", OK);
	assert_answer("AT+NONE", "\r\n+CME ERROR: 100\r\n");
	assert_answer("AT+CREG=9", "\r\n+CME ERROR: 3\r\n");
	assert_answer("AT+CMEE=2", OK);
	assert_answer("AT+NONE", "\r\n+CME ERROR: unknown\r\n");
	assert_answer("AT+CREG=9", "\r\n+CME ERROR: operation not allowed\r\n");
	assert_int_equal(modem_switch_set(&r.m, SPAN("range-error"), SPAN("765")), 0);
	assert_answer("AT+CMEE=1;+CREG=9", "\r\n+CME ERROR: 765\r\n");
}

static void
minimum_functionality_says_so_and_registers_again(void **state)
{
	(void)state;
	assert_answer("AT+CREG=1", OK);
	rig_send(&r, SPAN("AT+CFUN=0\r"), 1000);
	assert_string_equal(r.said, OK LINE("+CPIN: NOT READY") LINE("+CREG: 0"));
	assert_answer("AT+CREG?", LINE("+CREG: 1,0") OK);
	assert_answer("AT+CSQ", LINE("+CSQ: 99,99") OK);
	assert_answer("AT+SAPBR=1,1", ERROR);
	rig_send(&r, SPAN("AT+CFUN=1\r"), 1000);
	assert_string_equal(r.said, OK LINE("+CPIN: READY") LINE("+CREG: 1") LINE("Call Ready") LINE("SMS Ready"));
}

static void
call_ready_can_be_switched_off(void **state)
{
	(void)state;
	assert_answer("AT+CIURC=0;&W", OK);
	rig_send(&r, SPAN("AT+CFUN=1,1\r"), 10000);
	assert_null(strstr(r.said, "Call Ready"));
	assert_non_null(strstr(r.said, "SMS Ready"));
}

static void
power_off_in_a_hurry_says_nothing(void **state)
{
	(void)state;
	assert_answer("AT+CPOWD=0", "");
	assert_answer("AT", "");
	assert_int_equal(modem_lines(&r.m), 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
		TEST(commands_answer_their_forms),
		TEST(host_programs_find_what_they_need_to_start),
		TEST(errors_are_told_as_cmee_says),
		TEST(minimum_functionality_says_so_and_registers_again),
		TEST(call_ready_can_be_switched_off),
		TEST(power_off_in_a_hurry_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
