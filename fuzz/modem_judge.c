#include "modem_judge.h"

#include "modem_sessions.h"
#include "oracle.h"
#include "quiet.h"

QUIET_BEGIN

/* What one byte of a command line can bring: AT+HTTPSCONT? five values of 556; a payload for every AT+HTTPREAD. */
#define TEXT_PER_BYTE 320u
#define LINE_EXTRA 1024u
#define READ_COMMAND 10u
#define URC_PER_SECOND 2000u
#define URC_EXTRA 65536u
/* Beyond the stated response time: a start-up or a URC in front, and what a handler may round. */
#define PATIENCE_MS 1000u

/* ---- what is judged -------------------------------------------------------- */

/* A planted fault changes bytes or lines on their way. */
static bool
spoilt(const struct modem *m)
{
	const struct modem_faults_planted *f = &m->fault;

	return (f->drop | f->doubled | f->garble | f->cut | f->line_drop | f->line_double | f->urc_every) != 0;
}

/* Echo byte by byte, mixed with whatever is said meanwhile. */
static bool
echoes_early(const struct modem *m)
{
	return m->set.e != 0 && m->sw.echo_late == 0;
}

static void
start_reading(struct modem_judge *j)
{
	j->loose = spoilt(j->m) || echoes_early(j->m);
	at_reply_init(&j->parser, AT_STRICT);
	at_reply_verbose(&j->parser, j->m->set.v != 0);
	modem_far_forget(j->far);
}

static bool
printable(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < 0x20 || (unsigned char)s.at[i] >= 0x7f)
			return false;
	return true;
}

static bool
holds_name(struct span line, const char *name)
{
	for (size_t i = 0; i + strlen(name) <= line.len; i++)
		if (at_same(span_of(line.at + i, strlen(name)), span_str(name)))
			return true;
	return false;
}

/* ATE, ATV, ATQ, and what sets them among others. */
static bool
changes_looks(const struct at_command_text *c)
{
	static const char *const names[] = { "E", "V", "Q", "Z", "&F" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (at_same(c->name, span_str(names[i])))
			return true;
	return false;
}

/* The line is ATV1 or its like, to the byte: what answers look like afterwards, and in its own answer, can be told from it. */
static bool
looks_are_known(const struct at_command_text *c, struct span line)
{
	struct span value = c->arguments;

	return !at_same(c->name, SPAN("Z")) && !at_same(c->name, SPAN("&F")) && line.len == 2 + c->name.len + value.len &&
	       (value.len == 0 || (value.len == 1 && (value.at[0] == '0' || value.at[0] == '1')));
}

/* How answers look changes within the line, or nobody can tell its echo from noise. */
static bool
line_is_loose(const struct modem_judge *j)
{
	const struct modem *m = j->m;
	struct span line = span_of(j->line, j->line_len), echo = span_of(m->echo, m->echo_len), rest = line;
	struct at_command_text c;
	int commands = 0;

	while (at_command_cut(rest, &c)) {
		if (changes_looks(&c) && !looks_are_known(&c, line))
			return true;
		rest = c.rest;
		commands++;
	}
	/* Of its list of six connections only the first has a CRLF of its own in front (host programs). */
	if (commands > AT_PENDING_MAX || holds_name(line, "+CIPSTATUS"))
		return true;
	return m->set.e && (m->silent || !printable(echo) || !at_same(echo, line));
}

/* ---- a line begins, and ends ------------------------------------------------- */

/* The line as the host sent it, its backspaces done. */
static void
take_line(struct modem_judge *j)
{
	const struct modem *m = j->m;

	if (m->silent) {
		memcpy(j->line, m->echo, m->echo_len);
		j->line_len = m->echo_len;
		return;
	}
	memcpy(j->line, "AT", 2);
	memcpy(j->line + 2, m->body.at, m->body.len);
	j->line_len = (uint32_t)m->body.len + 2;
}

static uint64_t
own_time_us(const struct modem *m)
{
	uint64_t ms = PATIENCE_MS + m->sw.latency_ms + 2ull * m->sw.urc_gap_ms + m->fault.delay_ms + m->fault.pause_ms;

	return ms * 1000;
}

static void
line_begins(struct modem_judge *j, uint64_t now_us)
{
	struct span line;
	struct at_command_text c;

	take_line(j);
	line = span_of(j->line, j->line_len);
	j->serial = j->m->line_serial;
	j->pending = !j->m->silent;
	j->finals = 0;
	j->single = at_command_cut(line, &c) && c.rest.len == 0;
	j->may_stay_mute = holds_name(line, "+CIFSR") || holds_name(line, "+CPOWD");
	j->deadline_us = now_us + at_response_ms(line) * 1000ull + own_time_us(j->m);
	j->allowed += LINE_EXTRA + (uint64_t)TEXT_PER_BYTE * j->line_len + (uint64_t)(j->line_len / READ_COMMAND + 1) * HTTP_BUFFER_MAX;
	j->loose = j->loose || line_is_loose(j);
	if (j->loose || j->m->silent)
		return;
	at_reply_expect(&j->parser, line);
}

static void
line_ends(struct modem_judge *j)
{
	bool quiet = j->m->set.q != 0;

	/* a fault planted since the line began may have taken all of its answer */
	if (spoilt(j->m))
		j->loose = true;
	if (!j->loose && !quiet && j->finals != 1 && !(j->may_stay_mute && j->finals == 0))
		oracle_fail("one-final", "%d final result codes to: %.*s", j->finals, (int)j->line_len, j->line);
	if (!j->loose && quiet && j->finals != 0)
		oracle_fail("one-final", "a final result code with ATQ1 to: %.*s", (int)j->line_len, j->line);
	if (!j->loose && j->far->given_len > 0)
		oracle_fail("payload", "%u bytes of the server were not passed on", j->far->given_len);
	j->pending = false;
	if (j->loose) {
		start_reading(j);
		return;
	}
	/* nothing says to a host that a quiet line is over: it waits no longer */
	if (quiet)
		at_reply_expect(&j->parser, SPAN(""));
	at_reply_verbose(&j->parser, j->m->set.v != 0);
}

void
modem_judge_look(struct modem_judge *j, uint64_t now_us)
{
	const struct modem *m = j->m;
	uint64_t seconds = (now_us - j->begin_us) / 1000000;

	if (j->said > j->allowed + URC_PER_SECOND * seconds + URC_EXTRA)
		oracle_fail("bounded", "%llu bytes were said, %llu allowed", (unsigned long long)j->said, (unsigned long long)j->allowed);
	if (!modem_drained(m))
		return;
	if (m->off)
		modem_judge_restart(j, false);
	if (j->pending && (!m->running || m->line_serial != j->serial))
		line_ends(j);
	if (m->running && m->line_serial != j->serial)
		line_begins(j, now_us);
	if (!j->pending && !m->running && (j->loose || spoilt(m) || echoes_early(m)))
		start_reading(j);
	/* The time of the data that the host was asked for does not count. */
	if (j->pending && m->taking && m->take_armed)
		j->deadline_us = m->take_until_us + own_time_us(m);
	if (j->pending && now_us > j->deadline_us)
		oracle_fail("response-time", "no answer in time to: %.*s", (int)j->line_len, j->line);
}

void
modem_judge_restart(struct modem_judge *j, bool power_on)
{
	j->pending = false;
	j->serial = j->m->line_serial;
	j->noise = power_on ? 9 : 0;
	start_reading(j);
}

void
modem_judge_begin(struct modem_judge *j, struct modem *m, struct modem_far *far, uint64_t now_us)
{
	memset(j, 0, offsetof(struct modem_judge, line));
	j->m = m;
	j->far = far;
	j->begin_us = now_us;
	modem_judge_restart(j, false);
}

/* ---- what is said ------------------------------------------------------------- */

static void
final(struct modem_judge *j, const struct at_reply *r, uint64_t now_us)
{
	const struct modem *m = j->m;
	bool known = false;

	if (!j->pending)
		oracle_fail("one-final", "no command line asked for: %.*s", (int)r->text.len, r->text.at);
	j->finals++;
	j->quiet_until_us = now_us + m->sw.urc_gap_ms * 1000ull;
	switch (r->final) {
	case AT_FINAL_OK:
	case AT_FINAL_ERROR: known = true; break;
	case AT_FINAL_CME_ERROR: known = r->cme >= 0 && (m->set.cmee == 1 || m->set.cmee == 2 || j->loose); break;
	case AT_FINAL_SHUT_OK: known = holds_name(span_of(j->line, j->line_len), "+CIPSHUT"); break;
	case AT_FINAL_POWER_DOWN: known = holds_name(span_of(j->line, j->line_len), "+CPOWD"); break;
	case AT_FINAL_NONE:
	case AT_FINAL_CONNECT:
	case AT_FINAL_NO_CARRIER:
	case AT_FINAL_NO_DIALTONE:
	case AT_FINAL_BUSY:
	case AT_FINAL_NO_ANSWER:
	case AT_FINAL_PROCEEDING:
	case AT_FINAL_CMS_ERROR:
	case AT_FINAL_MAX: break;
	}
	if (known && r->final == AT_FINAL_CME_ERROR && at_cme_text(r->cme) == NULL)
		known = m->profile->cme_engine != 600 && r->cme >= 810 && r->cme <= 824;
	if (!known)
		oracle_fail("known", "final result code %.*s to %.*s", (int)r->text.len, r->text.at, (int)j->line_len, j->line);
}

static void
payload(struct modem_judge *j, const struct at_reply *r)
{
	const struct modem_http *h = &j->m->http;
	struct span line = span_of(j->line, j->line_len);

	if (holds_name(line, "+FTPGET") || holds_name(line, "+FTPLIST")) {
		if (!modem_far_given(j->far, r->text) && !holds_name(line, "+HTTP"))
			oracle_fail("payload", "not what the server gave to %.*s", (int)line.len, line.at);
	} else if (j->single && holds_name(line, "+HTTPREAD")) {
		if (r->length > h->length - h->read_start || memcmp(h->buffer + h->read_start + r->done, r->text.at, r->text.len) != 0)
			oracle_fail("payload", "not what the buffer holds to %.*s", (int)line.len, line.at);
	} else if (j->single && memcmp(h->header + r->done, r->text.at, r->text.len) != 0) {
		oracle_fail("payload", "not the header to %.*s", (int)line.len, line.at);
	}
}

static void
prompt(struct modem_judge *j, struct span text)
{
	/* A burst that comes late may be heard when the data has been sent blindly. */
	bool late = (j->m->fault.delay_ms | j->m->fault.pause_ms) != 0;

	if (!j->pending || !(j->m->taking || late))
		oracle_fail("known", "nothing was asked for: %.*s", (int)text.len, text.at);
}

static void
reply(struct modem_judge *j, const struct at_reply *r, uint64_t now_us)
{
	switch (r->kind) {
	case AT_REPLY_MORE: break;
	case AT_REPLY_ECHO:
		if (!j->pending)
			oracle_fail("strict", "an echo of nothing: %.*s", (int)r->text.len, r->text.at);
		break;
	case AT_REPLY_INFO:
		if (!j->pending)
			oracle_fail("known", "information text to nothing: %.*s", (int)r->text.len, r->text.at);
		break;
	case AT_REPLY_FINAL: final(j, r, now_us); break;
	case AT_REPLY_URC: modem_judge_urc(j, r->text, now_us); break;
	case AT_REPLY_PROMPT: prompt(j, r->text); break;
	case AT_REPLY_PAYLOAD: payload(j, r); break;
	case AT_REPLY_FAULT:
		oracle_fail("strict", "%s: [%.*s] after %.*s", r->why, (int)r->text.len, r->text.at, (int)j->line_len, j->line);
	}
}

/* The bytes of a power on are no text and have no meaning. */
static struct span
without_noise(struct modem_judge *j, struct span bytes)
{
	while (j->noise > 0 && bytes.len > 0 && bytes.at[0] != '\r') {
		if (bytes.at[0] != '\0' && bytes.at[0] != 'I' && (unsigned char)bytes.at[0] != 0xff)
			oracle_fail("strict", "not the noise of a power on: %02X", (unsigned char)bytes.at[0]);
		bytes = span_after(bytes, 1);
		j->noise--;
	}
	return bytes;
}

void
modem_judge_says(struct modem_judge *j, struct span bytes, uint64_t now_us)
{
	struct at_reply r;

	j->said += bytes.len;
	if (spoilt(j->m))
		j->noise = 0;
	bytes = without_noise(j, bytes);
	/* Without latency a line behind one that has no answer begins and is answered before anybody can look. */
	if (!j->pending && j->m->line_serial != j->serial && j->m->sw.latency_ms == 0)
		j->loose = true;
	if (j->loose || spoilt(j->m) || echoes_early(j->m)) {
		j->loose = true;
		return;
	}
	do {
		bytes = span_after(bytes, at_reply_feed(&j->parser, bytes, &r));
		reply(j, &r, now_us);
	} while (r.kind != AT_REPLY_MORE);
}

void
modem_judge_end(struct modem_judge *j)
{
	struct at_reply r;

	if (j->loose || !modem_drained(j->m))
		return;
	do {
		at_reply_end(&j->parser, &r);
		reply(j, &r, UINT64_MAX);
	} while (r.kind != AT_REPLY_MORE);
}

QUIET_END
