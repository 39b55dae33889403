/*
 * modem: a script into the emulator (modem_script.h), which must say only what a strict host accepts, keep its invariants, ask the
 * world only what the contract allows, and say the same when bytes, waits and pulls are cut otherwise.
 */
#include <stdlib.h>

#include "modem_play.h"
#include "oracle.h"
#include "quiet.h"
#include "script_mutate.h"
#include "target.h"

QUIET_BEGIN

static struct modem_play play;
static struct modem_said whole, torn;

/* What both said, up to the shorter; the play that was stopped may have got less far. */
static void
compare(void)
{
	size_t len = whole.len < torn.len ? whole.len : torn.len;
	uint32_t bursts = whole.bursts < torn.bursts ? whole.bursts : torn.bursts;

	for (size_t i = 0; memcmp(whole.bytes, torn.bytes, len) != 0; i++)
		if (whole.bytes[i] != torn.bytes[i])
			oracle_fail("split", "byte %zu differs: ...%.*s and ...%.*s", i, (int)(len - i < 60 ? len - i : 60),
			    whole.bytes + i, (int)(len - i < 60 ? len - i : 60), torn.bytes + i);
	for (uint32_t i = 0; i < bursts; i++)
		if (whole.burst[i].at_us != torn.burst[i].at_us || whole.burst[i].from != torn.burst[i].from)
			oracle_fail("split", "burst %u comes at %llu us and at %llu us", i, (unsigned long long)whole.burst[i].at_us,
			    (unsigned long long)torn.burst[i].at_us);
	if (!play.stop && (whole.len != torn.len || whole.bursts != torn.bursts))
		oracle_fail("split", "%zu bytes in %u bursts, and %zu in %u", whole.len, whole.bursts, torn.len, torn.bursts);
}

/* Every profile is found by its name, and tells of itself. */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name, *about;

	(void)argc;
	(void)argv;
	for (unsigned i = 0; (name = modem_profile_name(i, &about)) != NULL; i++) {
		const struct modem_profile *profile = modem_profile_find(span_str(name));

		if (profile == NULL || about[0] == '\0' || modem_profile_revision(profile)[0] == '\0')
			oracle_fail("profile", "%s", name);
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *exact = malloc(size > 0 ? size : 1);
	bool stopped;

	if (exact == NULL)
		abort();
	if (size > 0)
		memcpy(exact, data, size);
	modem_play(&play, span_of(exact, size), false, &whole);
	stopped = play.stop;
	modem_play(&play, span_of(exact, size), true, &torn);
	play.stop = play.stop || stopped;
	compare();
	free(exact);
	return 0;
}

/* Lines that mean something here; the numbers in them are changed by the mutator. */
static const char *const lines[] = {
	"AT+SAPBR=1,1",
	"AT+SAPBR=0,1",
	"AT+SAPBR=2,1",
	"AT+SAPBR=4,1",
	"AT+SAPBR=3,1,\"APN\",\"CMNET\"",
	"AT+HTTPINIT",
	"AT+HTTPTERM",
	"AT+HTTPPARA=\"URL\",\"www.sim.com\"",
	"AT+HTTPPARA=\"URL\",\"www.sim.com/echo\"",
	"AT+HTTPPARA=\"URL\",\"www.sim.com/slow\"",
	"AT+HTTPPARA=\"URL\",\"www.sim.com/moved\"",
	"AT+HTTPPARA=\"URL\",\"www.sim.com/silent\"",
	"AT+HTTPPARA=\"REDIR\",1",
	"AT+HTTPPARA=\"BREAK\",10",
	"AT+HTTPPARA=\"BREAKEND\",20",
	"AT+HTTPPARA=\"TIMEOUT\",30",
	"AT+HTTPPARA=\"CID\",2",
	"AT+HTTPPARA?",
	"AT+HTTPPARA=\"USERDATA\",\"X-A: 1\"",
	"AT+HTTPDATA=100,5000",
	"data 100 1",
	"AT+HTTPACTION=0",
	"AT+HTTPACTION=1",
	"AT+HTTPACTION=2",
	"AT+HTTPREAD",
	"AT+HTTPREAD=0,10",
	"AT+HTTPHEAD",
	"AT+HTTPSTATUS?",
	"AT+HTTPSCONT",
	"AT+HTTPSCONT?",
	"AT+HTTPSSL=1",
	"AT+FTPSERV=\"116.228.221.52\"",
	"AT+FTPSERV=\"slow.sim.com\"",
	"AT+FTPSERV=\"silent.sim.com\"",
	"AT+FTPUN=\"sim.cs1\"",
	"AT+FTPPW=\"12345\"",
	"AT+FTPGETNAME=\"4K.bin\"",
	"AT+FTPGETPATH=\"/\"",
	"AT+FTPPUTNAME=\"new.txt\"",
	"AT+FTPPUTPATH=\"/\"",
	"AT+FTPGET=1",
	"AT+FTPGET=2,1024",
	"AT+FTPLIST=1",
	"AT+FTPLIST=2,1024",
	"AT+FTPPUT=1",
	"AT+FTPPUT=2,100",
	"AT+FTPPUT=2,0",
	"AT+FTPSIZE",
	"AT+FTPDELE",
	"AT+FTPMKD",
	"AT+FTPRMD",
	"AT+FTPSTATE",
	"AT+FTPQUIT",
	"AT+FTPEXTPUT=1",
	"AT+FTPEXTPUT=0",
	"AT+FTPEXTPUT=2,0,100,5000",
	"AT+FTPTYPE=\"A\"",
	"AT+FTPMODE=1",
	"AT+FTPREST=10",
	"AT+FTPPUTOPT=\"APPE\"",
	"AT+FTPCID=2",
	"AT+FTPSCONT",
	"AT+FTPSCONT?",
	"AT+FTPSSL=1",
	"AT+FTPPORT=2121",
	"AT+CMEE=1",
	"AT+CMEE=2",
	"AT+CFUN=0",
	"AT+CFUN=1",
	"AT+CFUN=1,1",
	"AT+CGATT=0",
	"AT+CREG=1",
	"AT+CIPSHUT",
	"AT+CIFSR",
	"AT+CIPSTATUS",
	"AT+CIPMUX=1",
	"AT+CPOWD=1",
	"AT+CSQ;+CREG?",
	"AT&F",
	"ATZ",
	"AT&W",
	"ATE1",
	"ATV0",
	"ATQ1",
	"ATE0V1Q0",
	"A/",
	"=AT\\r",
	"=\\x1a",
	"=\\r\\n",
	"reboot",
	"lost 1",
	"dtr 0",
	"says now RING",
	"says before-answer +CREG: 5",
	"says before-final SMS Ready",
	"says after-final +CREG: 1",
	"fault delay 100 ms",
	"fault pause 100 ms",
	"fault net-refused 1/2",
	"fault net-slow 500 ms",
	"fault net-short 1/2",
	"fault reboot 3",
	"fault bearer-lost 3",
	"fault drop 1/50",
	"fault line-double 1/3",
	"set latency 1 ms",
	"set urc-gap 1000 ms",
	"set http-urc 0 ms",
	"set ftp-urc 0 ms",
	"set http-busy-action 604",
	"set http-busy-para error",
	"set http-busy-term error",
	"set http-delete yes",
	"set ftp-put-short error",
	"set ftp-put-beyond cut",
	"set ftp-busy-set error",
	"set echo-late no",
	"set ftp-again 500 ms",
	"set blanks-round-equals accept",
	"profile sim900",
	"profile sim800-note-1.01",
	"world bearer lost after 20s",
	"world ftp slow.sim.com cut RETR after 100 bytes",
};

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	return script_mutate(data, size, max, seed, lines, sizeof(lines) / sizeof(lines[0]));
}

QUIET_END
