#include "rig_talk.h"

#include <stdio.h>

#include "escape.h"

#define FILL_PIECE 1024
/* From a CR to its LF: one character takes 9 ms at 1200 baud, and a UART's queue is handed over in steps of some ms. */
#define LINE_END_US 50000u

void
talk_init(struct talk *t, struct wire *wire, const volatile sig_atomic_t *stop)
{
	memset(t, 0, sizeof(*t));
	t->wire = wire;
	t->stop = stop;
}

void
talk_forget(struct talk *t)
{
	t->first_len = 0;
	t->heard = 0;
}

uint64_t
talk_now(const struct talk *t)
{
	return t->wire->ops->now(t->wire);
}

bool
talk_stopped(const struct talk *t)
{
	return t->stop != NULL && *t->stop != 0;
}

/* ---- what comes ------------------------------------------------------------ */

static bool
is_text(unsigned char c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\r' || c == '\n' || c == '\t';
}

static void
keep(struct talk *t, const char *bytes, size_t n)
{
	size_t room = sizeof(t->first) - t->first_len;

	t->came += n;
	t->heard += n;
	for (size_t i = 0; i < n; i++)
		t->strange += !is_text((unsigned char)bytes[i]);
	room = n < room ? n : room;
	memcpy(t->first + t->first_len, bytes, room);
	t->first_len += room;
	if (n > sizeof(t->kept)) {
		bytes += n - sizeof(t->kept);
		n = sizeof(t->kept);
	}
	if (t->kept_len + n > sizeof(t->kept)) {
		size_t drop = t->kept_len + n - sizeof(t->kept);

		memmove(t->kept, t->kept + drop, t->kept_len - drop);
		t->kept_len -= drop;
	}
	memcpy(t->kept + t->kept_len, bytes, n);
	t->kept_len += n;
	t->call_ready = t->call_ready || memmem(t->kept, t->kept_len, "Call Ready", 10) != NULL;
	t->sms_ready = t->sms_ready || memmem(t->kept, t->kept_len, "SMS Ready", 9) != NULL;
}

/* Wait for bytes until then.  TEXT: some came. */
static enum talk_result
hear(struct talk *t, uint64_t until_us)
{
	char bytes[2048];
	struct wire_when when;
	long n;

	if (talk_stopped(t))
		return TALK_STOPPED;
	n = t->wire->ops->recv(t->wire, bytes, sizeof(bytes), until_us, &when, &t->err);
	if (n < 0)
		return TALK_LOST;
	if (talk_stopped(t))
		return TALK_STOPPED;
	if (n == 0)
		return TALK_NOTHING;
	keep(t, bytes, (size_t)n);
	return TALK_TEXT;
}

/* ---- lines ------------------------------------------------------------------- */

/* The next line that is complete and not empty, from *at on. */
static bool
next_line(const struct talk *t, size_t *at, struct span *line)
{
	for (;;) {
		size_t from = *at, n;

		while (from < t->kept_len && (t->kept[from] == '\r' || t->kept[from] == '\n'))
			from++;
		for (n = from; n < t->kept_len && t->kept[n] != '\r' && t->kept[n] != '\n'; n++)
			;
		if (n == t->kept_len)
			return false;
		*line = span_of(t->kept + from, n - from);
		*at = n;
		if (line->len > 0)
			return true;
	}
}

/* A result code, or TEXT: it is none. */
static enum talk_result
result_of(const struct talk *t, struct span line)
{
	if (span_equal(line, SPAN("OK")))
		return TALK_OK;
	if (span_equal(line, SPAN("ERROR")) || span_starts(line, SPAN("+CME ERROR:")) || span_starts(line, SPAN("+CMS ERROR:")))
		return TALK_ERROR;
	if (t->numeric && span_equal(line, SPAN("0")))
		return TALK_NUMBER;
	if (t->numeric && span_equal(line, SPAN("4")))
		return TALK_ERROR;
	return TALK_TEXT;
}

/* The result code that has come, or what else there is instead. */
static enum talk_result
judge(const struct talk *t, bool echo)
{
	struct span line, sent = span_str(t->sent);
	bool echoed = !echo, other = false;
	size_t at = 0;

	if (t->came == 0)
		return TALK_NOTHING;
	while (next_line(t, &at, &line)) {
		enum talk_result r = result_of(t, line);

		if (span_equal(line, sent)) {
			echoed = true;
			continue;
		}
		if (r != TALK_TEXT && echoed)
			return r;
		other = true;
	}
	if (t->came > TALK_FLOOD_MAX)
		return TALK_FLOOD;
	if (t->strange * 4 >= t->came)
		return TALK_GARBAGE;
	while (at < t->kept_len && (t->kept[at] == '\r' || t->kept[at] == '\n'))
		at++;
	return other || at < t->kept_len ? TALK_TEXT : TALK_ECHO;
}

void
talk_info(const struct talk *t, char into[TALK_INFO_MAX])
{
	struct span line;
	size_t at = 0, used = 0;

	into[0] = '\0';
	while (next_line(t, &at, &line) && used + 8 < TALK_INFO_MAX) {
		if (result_of(t, line) != TALK_TEXT)
			return;
		if (span_equal(line, span_str(t->sent)))
			continue;
		if (used > 0)
			used += (size_t)snprintf(into + used, TALK_INFO_MAX - used, " / ");
		used += escape_bytes(into + used, TALK_INFO_MAX - used, line);
	}
}

/* ---- sending --------------------------------------------------------------------- */

static enum talk_result
say(struct talk *t, const char *bytes, size_t n)
{
	if (talk_stopped(t))
		return TALK_STOPPED;
	if (t->wire->ops->send(t->wire, span_of(bytes, n), &t->err) == 0)
		return TALK_NOTHING;
	return talk_stopped(t) ? TALK_STOPPED : TALK_LOST;
}

/* A result code's line has come up to its CR, and a UART brings the LF a moment later: it is no part of what follows. */
static enum talk_result
line_end(struct talk *t, enum talk_result r)
{
	enum talk_result got = TALK_NOTHING;

	if (r != TALK_NUMBER && t->kept[t->kept_len - 1] == '\r')
		got = hear(t, talk_now(t) + LINE_END_US);
	return got == TALK_LOST || got == TALK_STOPPED ? got : r;
}

enum talk_result
talk_command(struct talk *t, const char *line, bool echo, uint64_t within_us)
{
	uint64_t until_us;
	char bytes[sizeof(t->sent) + 1];
	enum talk_result r;
	int n;

	/* What is there already answers nothing that is sent now. */
	for (int i = 0; i < 64 && (r = hear(t, 0)) == TALK_TEXT; i++)
		;
	snprintf(t->sent, sizeof(t->sent), "%s", line);
	t->kept_len = 0;
	t->came = t->strange = 0;
	n = snprintf(bytes, sizeof(bytes), "%s\r", t->sent);
	r = say(t, bytes, (size_t)n);
	if (r != TALK_NOTHING)
		return r;
	until_us = talk_now(t) + within_us;
	do {
		r = hear(t, until_us);
		if (r == TALK_LOST || r == TALK_STOPPED)
			return r;
		if (r == TALK_TEXT) {
			r = judge(t, echo);
			if (r == TALK_OK || r == TALK_NUMBER || r == TALK_ERROR)
				return line_end(t, r);
			if (r == TALK_FLOOD)
				return r;
		}
	} while (talk_now(t) < until_us);
	return judge(t, echo);
}

static enum talk_result
drain(struct talk *t, uint64_t quiet_us, uint64_t within_us, bool boot)
{
	uint64_t end_us = talk_now(t) + within_us;

	for (;;) {
		uint64_t now = talk_now(t);
		enum talk_result r;

		if (boot && t->call_ready && t->sms_ready)
			return TALK_NOTHING;
		if (now >= end_us)
			return TALK_FLOOD;
		r = hear(t, now + quiet_us < end_us ? now + quiet_us : end_us);
		if (r == TALK_NOTHING && now + quiet_us > end_us)
			return TALK_FLOOD;
		if (r != TALK_TEXT)
			return r;
	}
}

enum talk_result
talk_drain(struct talk *t, uint64_t quiet_us, uint64_t within_us)
{
	return drain(t, quiet_us, within_us, false);
}

enum talk_result
talk_boot(struct talk *t, uint64_t quiet_us, uint64_t within_us)
{
	return drain(t, quiet_us, within_us, true);
}

enum talk_result
talk_fill(struct talk *t, size_t n, uint64_t until_us)
{
	char piece[FILL_PIECE];

	memset(piece, '\r', sizeof(piece));
	while (n > 0 && talk_now(t) < until_us) {
		size_t part = n < sizeof(piece) ? n : sizeof(piece);
		enum talk_result r = say(t, piece, part);

		if (r == TALK_NOTHING)
			r = hear(t, 0);
		if (r != TALK_NOTHING)
			return r;
		n -= part;
	}
	return hear(t, 0);
}

enum talk_result
talk_pause(struct talk *t, uint64_t us)
{
	uint64_t until_us = talk_now(t) + us;
	enum talk_result r;

	while ((r = hear(t, until_us)) == TALK_TEXT && talk_now(t) < until_us)
		;
	return r == TALK_TEXT ? TALK_NOTHING : r;
}
