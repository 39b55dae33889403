/*
 * chat: a host program and the emulator talk over a bad line.
 *
 * An input is a script: what the host wants (chat_dialogue.h), what the line does (chat_link.c), and profile, set, fault and world as in
 * modem_script.h.
 *
 *	ftp-put 3000 7
 *	lose < 120 3			three bytes of the module's are lost, from the 120th on
 *	flip > 1/500 2			bit 2 of the host's bytes, each with this chance
 *	double < 7   nul < 9   pause > 30 200   urc before-final < 90 +CREG: 5   seed 4
 *
 * What must hold: how what comes is cut changes nothing (split).  Delays and lines said unasked change no data, and the host is content
 * (benign).  Whatever the line does, the talk ends in time, with a verdict (bounded), and the emulator stays sane.  A host that is
 * content has the right data, unless bytes of a payload, which has no checksum, were damaged (datum): no other damage may go unnoticed.
 */
#include <stdlib.h>

#include "chat_dialogue.h"
#include "modem_script.h"
#include "oracle.h"
#include "quiet.h"
#include "script_mutate.h"
#include "target.h"

QUIET_BEGIN

static struct chat_link link;
static struct chat_host host;
static char sent[CHAT_SENT_MAX], first_data[CHAT_DATA_MAX];

/* Dialogues that end well on a good line. */
static bool
is_possible(const struct chat_task *t)
{
	static const char *const names[] = { "www.sim.com", "www.sim.com/2k", "www.sim.com/slow", CHAT_PUT_HOST "/1K.txt",
		CHAT_PUT_HOST "/50.txt", CHAT_PUT_HOST "/4K.bin", CHAT_PUT_HOST "/0.txt", "slow.sim.com/4K.bin", "slow.sim.com" };

	if (t->kind == CHAT_POST || t->kind == CHAT_FTP_PUT)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *slash = strchr(names[i], '/');
		bool has_path = slash != NULL, ftp = at_begins(span_str(names[i]), CHAT_PUT_HOST) || at_begins(span_str(names[i]), "slow");

		if (span_equal(t->name, span_str(names[i])) &&
		    ((t->kind == CHAT_GET && !ftp) || (t->kind == CHAT_FTP_GET && ftp && has_path) ||
			(t->kind == CHAT_FTP_LIST && ftp && !has_path)))
			return true;
	}
	return false;
}

/* Nothing but cuts, delays that a host has to live with, and lines said unasked. */
static bool
is_benign(struct span script)
{
	struct script_step s;

	while (script_next(&script, &s)) {
		if (s.kind == SCRIPT_SET || s.kind == SCRIPT_WORLD)
			return false;
		if (s.kind == SCRIPT_FAULT && !span_equal(s.name, SPAN("delay")) && !span_equal(s.name, SPAN("pause")))
			return false;
	}
	return !link.damaged && link.m.fault.delay_ms <= CHAT_PAUSE_MAX_MS && link.m.fault.pause_ms <= CHAT_PAUSE_MAX_MS;
}

/* Whether the host, or the server, has what it should have. */
static bool
data_is_right(const struct chat_task *t)
{
	struct content c = { .kind = CONTENT_STRING };

	switch (t->kind) {
	case CHAT_GET:
		return world_sim_content(link.world, t->name, &c) && c.length == host.got &&
		       content_differs(&c, 0, span_of(host.data, host.got)) == host.got;
	case CHAT_POST: return host.got == t->size && memcmp(host.data, sent, t->size) == 0;
	case CHAT_FTP_GET:
		while (t->name.at[c.text.len] != '/')
			c.text.len++;
		return world_sim_content(link.world, span_after(t->name, c.text.len), &c) && c.length == host.got &&
		       content_differs(&c, 0, span_of(host.data, host.got)) == host.got;
	case CHAT_FTP_PUT:
		return world_sim_content(link.world, SPAN("/" CHAT_PUT_NAME), &c) && c.length == t->size &&
		       content_differs(&c, 0, span_of(sent, t->size)) == t->size;
	case CHAT_FTP_LIST: return link.far.given_len == host.got && memcmp(link.far.given, host.data, host.got) == 0;
	}
	return false;
}

static void
talk(struct span script, const struct chat_task *t, uint64_t cuts)
{
	struct content c = { .kind = CONTENT_PATTERN, .length = t->size, .pattern = t->pattern };
	uint64_t begin_us;

	chat_link_begin(&link, script, cuts);
	begin_us = link.now_us;
	chat_host_begin(&host, &link);
	content_fill(&c, 0, sent, t->size);
	chat_dialogue(&host, t, sent);
	if (host.commands > CHAT_COMMANDS_MAX + 1 || link.now_us - begin_us > CHAT_TIME_MAX_US + UINT64_C(300000000))
		oracle_fail("bounded", "%u commands in %llu us", host.commands, (unsigned long long)(link.now_us - begin_us));
}

static void
judge(struct span script, const struct chat_task *t)
{
	bool content = host.verdict == CHAT_OK;

	if (!content && is_possible(t) && is_benign(script))
		oracle_fail("benign", "verdict %d: %s, after [%.*s]", host.verdict, host.why, (int)host.info_len, host.info);
	if (content && !link.blind && !link.payload_damaged && !data_is_right(t))
		oracle_fail("datum", "%u bytes are taken for good, and are not", host.got);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *exact = malloc(size > 0 ? size : 1);
	struct span script = span_of(exact, size);
	struct chat_task task;
	enum chat_verdict verdict;
	uint64_t now_us;
	uint32_t got;

	if (exact == NULL)
		abort();
	if (size > 0)
		memcpy(exact, data, size);
	chat_task_read(&task, script);
	talk(script, &task, 1);
	judge(script, &task);
	verdict = host.verdict;
	now_us = link.now_us;
	got = host.got;
	memcpy(first_data, host.data, got);
	talk(script, &task, size + 2);
	if (verdict != host.verdict || now_us != link.now_us || got != host.got || memcmp(first_data, host.data, got) != 0)
		oracle_fail("split", "verdict %d at %llu us with %u bytes, and %d at %llu us with %u", verdict, (unsigned long long)now_us,
		    got, host.verdict, (unsigned long long)link.now_us, host.got);
	free(exact);
	return 0;
}

static const char *const lines[] = {
	"get www.sim.com",
	"get www.sim.com/2k 100",
	"get www.sim.com/slow",
	"get www.sim.com/silent",
	"get www.sim.com/garbage",
	"post 300 7",
	"post 2000 1 500",
	"ftp-get 116.228.221.52/1K.txt 300",
	"ftp-get 116.228.221.52/50.txt",
	"ftp-get slow.sim.com/4K.bin",
	"ftp-put 3000 7",
	"ftp-put 100 1 30",
	"ftp-list 116.228.221.52",
	"ftp-list slow.sim.com 100",
	"lose < 100",
	"lose > 100",
	"lose < 1/500",
	"lose < 100 20",
	"double < 100",
	"double > 1/300",
	"flip < 100 2",
	"flip > 100 0",
	"flip < 1/300 1",
	"flip < 1/1000 5",
	"nul < 100",
	"nul > 100",
	"pause < 100 500",
	"pause > 100 500",
	"pause < 1/100 200",
	"urc now < 100 +CREG: 5",
	"urc before-answer < 100 RING",
	"urc before-final < 100 SMS Ready",
	"urc after-final < 100 +CREG: 1",
	"urc now < 1/50 RDY",
	"seed 2",
	"fault delay 300 ms",
	"fault pause 100 ms",
	"fault line-drop 1/30",
	"fault line-double 1/30",
	"fault net-refused 1/2",
	"fault net-slow 500 ms",
	"fault net-short 1/2",
	"fault reboot 7",
	"fault bearer-lost 8",
	"fault drop 1/300",
	"fault cut 1/20",
	"fault urc 1/300 +CREG: 1",
	"profile sim900",
	"profile sim800-note-1.01",
	"set latency 400 ms",
	"set urc-gap 0 ms",
	"world bearer lost after 10s",
};

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	return script_mutate(data, size, max, seed, lines, sizeof(lines) / sizeof(lines[0]));
}

QUIET_END
