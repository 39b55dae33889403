/* Both sessions under chance: whatever comes in whatever order, a command gets one final result code, and nothing is stuck. */
#include "prng.h"
#include "session_world.h"

static const char *const lines[] = { "AT+HTTPINIT", "AT+HTTPTERM", "AT+HTTPPARA=\"URL\",\"x\"", "AT+HTTPPARA=\"TIMEOUT\",30",
	"AT+HTTPPARA?", "AT+HTTPACTION=0", "AT+HTTPACTION=1", "AT+HTTPACTION=2", "AT+HTTPACTION=3", "AT+HTTPREAD", "AT+HTTPREAD=10,20",
	"AT+HTTPSTATUS?", "AT+HTTPHEAD", "AT+HTTPSCONT", "AT+HTTPSCONT?", "AT+HTTPDATA=20,1000", "AT+HTTPDATA=0,1000", "AT+HTTPSSL=1",
	"AT+FTPGET=1", "AT+FTPGET=2,100", "AT+FTPGET=2,1460", "AT+FTPLIST=1", "AT+FTPLIST=2,50", "AT+FTPPUT=1", "AT+FTPPUT=2,20",
	"AT+FTPPUT=2,1360", "AT+FTPPUT=2,0", "AT+FTPEXTPUT=0", "AT+FTPEXTPUT=1", "AT+FTPEXTPUT=2,0,30,1000", "AT+FTPEXTPUT=2,300,30,1000",
	"AT+FTPSIZE", "AT+FTPDELE", "AT+FTPMKD", "AT+FTPRMD", "AT+FTPSTATE", "AT+FTPQUIT", "AT+FTPSCONT", "AT+FTPSCONT?", "AT+FTPREST=5",
	"AT+FTPGETNAME=\"\"", "AT+FTPGETNAME=\"f\"", "AT+FTPPUTNAME=\"f\"", "AT+FTPGETPATH=\"/\"", "AT+FTPSERV=\"s\"", "AT+SAPBR=1,1",
	"AT+SAPBR=0,1", "AT+HTTPREAD;+FTPSTATE;+HTTPACTION=0", "AT+FTPGET=1;+FTPGET=1;+FTPSIZE" };

static const struct {
	const char *name, *value;
} switches[] = { { "http-busy-action", "604" }, { "http-busy-action", "error" }, { "http-busy-para", "error" },
	{ "http-busy-term", "error" }, { "http-busy-term", "ok" }, { "http-no-bearer", "error" }, { "http-no-bearer", "urc" },
	{ "ftp-put-short", "error" }, { "ftp-put-beyond", "cut" }, { "ftp-busy-set", "error" }, { "ftp-busy-set", "ok" },
	{ "ftp-window", "10" }, { "ftp-window", "1360" } };

static void
new_script(struct rig *r, struct prng *p)
{
	static const int status[] = { 200, 200, 206, 404, 601, 603, 606 };
	struct script *s = &r->world.script;

	*s = (struct script){ .http_ms = (uint32_t)prng_below(p, 40000), .http_status = status[prng_below(p, 7)] };
	s->http_length = (uint32_t)prng_below(p, 3) * 700;
	s->http_echo = prng_below(p, 8) == 0;
	s->http_header = prng_below(p, 2) == 0 ? "HTTP/1.1 200 OK\r\n\r\n" : NULL;
	s->arrive[0].bytes = (uint32_t)prng_below(p, 3000);
	s->arrive[1].ms = (uint32_t)prng_below(p, 5000);
	s->arrive[1].bytes = (uint32_t)prng_below(p, 500);
	s->end_ms = prng_below(p, 4) == 0 ? AFTER_ALL : (uint32_t)prng_below(p, 8000);
	s->ready_ms = (uint32_t)prng_below(p, 1000);
	s->block_ms = (uint32_t)prng_below(p, 1000);
	s->window[0] = 1 + (uint32_t)prng_below(p, 1360);
	s->fail_ms = (uint32_t)prng_below(p, 5000);
	s->fail_error = prng_below(p, 3) == 0 ? 61 + (int)prng_below(p, 19) : 0;
}

/* How many result codes there are in what was said; content is lower-case letters. */
static int
finals(const struct rig *r)
{
	int n = 0;
	const char *at;

	for (at = r->said; (at = strstr(at, "\r\nOK\r\n")) != NULL; at++)
		n++;
	for (at = r->said; (at = strstr(at, "\r\nERROR\r\n")) != NULL; at++)
		n++;
	return n;
}

static bool
prompts(const struct rig *r)
{
	return strstr(r->said, "DOWNLOAD\r\n") != NULL || strstr(r->said, "+FTPPUT: 2,") != NULL || strstr(r->said, "+FTPEXTPUT: ") != NULL;
}

static void
one_command(struct rig *r, struct prng *p)
{
	char typed[128];
	size_t n;

	strcpy(typed, lines[prng_below(p, sizeof(lines) / sizeof(lines[0]))]);
	strcat(typed, "\r");
	n = strlen(typed);
	rig_send(r, span_of(typed, n), 30);
	if (finals(r) == 0 && prompts(r)) {
		char data[1400];

		memset(data, 'd', sizeof(data));
		n = (size_t)prng_below(p, sizeof(data));
		modem_feed(&r->m, span_of(data, n), r->now_us);
	}
	/* Longer than a prompt whose data never come, and than a bearer that does not open. */
	if (finals(r) == 0)
		rig_wait(r, 100000);
	if (finals(r) != 1)
		fail_msg("%s %d final result codes: %s", typed, finals(r), r->said);
}

static void
whatever_happens_a_command_gets_one_final_result_code(void **state)
{
	struct rig *r = rig_new("", true);
	struct prng p;
	int i;

	(void)state;
	prng_seed(&p, 1);
	for (i = 0; i < 4000; i++) {
		if (prng_below(&p, 10) == 0)
			new_script(r, &p);
		if (prng_below(&p, 50) == 0) {
			size_t s = (size_t)prng_below(&p, sizeof(switches) / sizeof(switches[0]));

			rig_set(r, switches[s].name, switches[s].value);
		}
		if (prng_below(&p, 100) == 0)
			modem_bearer_lost(&r->m, 1, r->now_us);
		one_command(r, &p);
		rig_wait(r, prng_below(&p, 4) == 0 ? prng_below(&p, 20000) : prng_below(&p, 600));
	}
	/* Long after the last command nothing runs any more, and nothing more is said. */
	rig_wait(r, 2000000);
	hear(r, 1000000, "");
	assert_false(r->world.http_on || r->world.ftp_on);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_happens_a_command_gets_one_final_result_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
