/*
 * session_world: a far side whose every move a test writes down, and a modem on it, for the session tests.
 *
 * A moment is milliseconds after the exchange or session was started.  Content is the alphabet over and over.
 */
#ifndef SESSION_WORLD_H
#define SESSION_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "modem.h"
#include "modem_sessions.h"

#define AFTER_ALL UINT32_MAX /* never */

struct script {
	/* HTTP */
	uint32_t http_ms; /* the answer is there */
	int http_status;  /* 600 and above: the exchange fails with it */
	uint32_t http_length;
	bool http_echo; /* the answer is what was sent, and 62 bytes more */
	bool http_sending;
	const char *http_header;
	/* FTP */
	struct {
		uint32_t ms, bytes;
	} arrive[8];        /* RETR, LIST */
	uint32_t end_ms;    /* RETR, LIST: the server has sent all; other verbs: it is through */
	uint32_t ready_ms;  /* STORE: the data connection is open */
	uint32_t window[8]; /* STORE: max lengths, in turn; 0 is 1360 */
	uint32_t block_ms;  /* STORE: a block takes this long to go */
	uint32_t fail_ms;
	int fail_error;
	uint64_t size;
};

struct session_world {
	struct modem_world world; /* first: what the modem is given */
	struct script script;
	uint64_t now_us;
	bool bearer[MODEM_CIDS], bearer_dropped;

	bool http_on;
	uint64_t http_start_us;
	struct world_http_request http; /* spans as the modem gave them */
	char http_body[4096];
	uint32_t http_body_length;
	int http_starts, http_closes;

	bool ftp_on, ftp_finished;
	uint64_t ftp_start_us, ftp_finish_us, ftp_block_us;
	struct world_ftp_request ftp;
	uint32_t ftp_read, ftp_blocks;
	char *stored; /* what a STORE has brought: FTP_EXTEND_MAX bytes */
	uint32_t stored_length;
	int ftp_starts, ftp_closes;
};

static inline struct session_world *
world_of(struct modem_world *w)
{
	return (struct session_world *)(void *)w;
}

static inline char
letter(uint32_t i)
{
	return (char)('a' + i % 26);
}

static inline void
w_bearer_open(struct modem_world *w, int cid, struct span apn, struct span user, struct span password)
{
	(void)apn, (void)user, (void)password;
	world_of(w)->bearer[cid - 1] = true;
}

static inline void
w_bearer_poll(struct modem_world *w, int cid, struct world_bearer *out)
{
	struct session_world *s = world_of(w);

	*out = (struct world_bearer){ .state = s->bearer[cid - 1] ? WORLD_READY : WORLD_IDLE, .ip = { 10, 55, 102, 122 } };
	if (s->bearer[cid - 1] && s->bearer_dropped)
		out->state = WORLD_FAILED;
}

static inline void
w_bearer_close(struct modem_world *w, int cid)
{
	world_of(w)->bearer[cid - 1] = false;
}

static inline void
w_http_start(struct modem_world *w, const struct world_http_request *r)
{
	struct session_world *s = world_of(w);

	assert_false(s->http_on);
	assert_true(r->body.len <= sizeof(s->http_body));
	s->http_on = true;
	s->http_starts++;
	s->http_start_us = s->now_us;
	s->http = *r;
	s->http_body_length = (uint32_t)r->body.len;
	if (r->body.len > 0)
		memcpy(s->http_body, r->body.at, r->body.len);
}

static inline void
w_http_poll(struct modem_world *w, struct world_http *out)
{
	struct session_world *s = world_of(w);
	uint64_t ms = (s->now_us - s->http_start_us) / 1000;

	*out = (struct world_http){ .state = WORLD_IDLE };
	if (!s->http_on)
		return;
	out->state = WORLD_BUSY;
	out->sending = s->script.http_sending;
	out->finished = 1440;
	out->remaining = s->script.http_sending ? 608 : 7915;
	if (s->script.http_ms == AFTER_ALL || ms < s->script.http_ms)
		return;
	out->status = s->script.http_status;
	out->state = out->status >= 600 ? WORLD_FAILED : WORLD_DONE;
	out->length = s->script.http_echo ? s->http_body_length + 62 : s->script.http_length;
	if (s->script.http_header != NULL)
		out->header = span_str(s->script.http_header);
}

static inline size_t
w_http_read(struct modem_world *w, uint32_t offset, char *into, size_t cap)
{
	struct session_world *s = world_of(w);
	size_t i, n = cap < 1000 ? cap : 1000;

	for (i = 0; i < n; i++)
		into[i] = letter(offset + (uint32_t)i);
	return s->http_on ? n : 0;
}

static inline void
w_http_close(struct modem_world *w)
{
	world_of(w)->http_on = false;
	world_of(w)->http_closes++;
}

static inline void
w_ftp_start(struct modem_world *w, const struct world_ftp_request *r)
{
	struct session_world *s = world_of(w);

	assert_false(s->ftp_on);
	s->ftp_on = true;
	s->ftp_finished = false;
	s->ftp_starts++;
	s->ftp_start_us = s->ftp_block_us = s->now_us;
	s->ftp_read = s->ftp_blocks = 0;
	s->stored_length = 0;
	s->ftp = *r;
}

static inline uint32_t
arrived(const struct session_world *s, uint64_t ms)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < 8; i++)
		if (s->script.arrive[i].bytes > 0 && ms >= s->script.arrive[i].ms)
			n += s->script.arrive[i].bytes;
	return n;
}

static inline void
store_poll(const struct session_world *s, uint64_t ms, struct world_ftp *out)
{
	uint32_t window = s->script.window[s->ftp_blocks < 8 ? s->ftp_blocks : 7];

	if (ms < s->script.ready_ms)
		return;
	out->state = WORLD_READY;
	if (s->ftp_finished)
		out->state = (s->now_us - s->ftp_finish_us) / 1000 >= s->script.end_ms ? WORLD_DONE : WORLD_READY;
	else if (s->now_us >= s->ftp_block_us)
		out->window = window > 0 ? window : 1360;
}

static inline void
w_ftp_poll(struct modem_world *w, struct world_ftp *out)
{
	struct session_world *s = world_of(w);
	uint64_t ms = (s->now_us - s->ftp_start_us) / 1000;

	*out = (struct world_ftp){ .state = WORLD_IDLE };
	if (!s->ftp_on)
		return;
	out->state = WORLD_BUSY;
	out->size = s->script.size;
	if (s->script.fail_error != 0 && ms >= s->script.fail_ms) {
		out->state = WORLD_FAILED;
		out->error = s->script.fail_error;
		return;
	}
	if (s->ftp.verb == WORLD_STORE) {
		store_poll(s, ms, out);
		return;
	}
	if (s->ftp.verb == WORLD_RETR || s->ftp.verb == WORLD_LIST) {
		out->available = arrived(s, ms) - s->ftp_read;
		if (out->available > 0)
			out->state = WORLD_READY;
	}
	if (s->script.end_ms != AFTER_ALL && ms >= s->script.end_ms) {
		out->ended = true;
		out->state = out->available > 0 ? WORLD_READY : WORLD_DONE;
	}
}

static inline size_t
w_ftp_read(struct modem_world *w, char *into, size_t cap)
{
	struct session_world *s = world_of(w);
	uint32_t i, n = arrived(s, (s->now_us - s->ftp_start_us) / 1000) - s->ftp_read;

	if (n > cap)
		n = (uint32_t)cap;
	for (i = 0; i < n; i++)
		into[i] = letter(s->ftp_read + i);
	s->ftp_read += n;
	return n;
}

static inline size_t
w_ftp_write(struct modem_world *w, struct span bytes)
{
	struct session_world *s = world_of(w);

	assert_true(s->ftp_on && !s->ftp_finished && s->now_us >= s->ftp_block_us);
	assert_true(s->stored_length + bytes.len <= FTP_EXTEND_MAX);
	memcpy(s->stored + s->stored_length, bytes.at, bytes.len);
	s->stored_length += (uint32_t)bytes.len;
	s->ftp_blocks++;
	s->ftp_block_us = s->now_us + s->script.block_ms * 1000ull;
	return bytes.len;
}

static inline void
w_ftp_finish(struct modem_world *w)
{
	assert_false(world_of(w)->ftp_finished);
	world_of(w)->ftp_finished = true;
	world_of(w)->ftp_finish_us = world_of(w)->now_us;
}

static inline void
w_ftp_close(struct modem_world *w)
{
	world_of(w)->ftp_on = false;
	world_of(w)->ftp_closes++;
}

/* Every millisecond something may be new while something runs. */
static inline uint64_t
w_advance(struct modem_world *w, uint64_t now_us)
{
	struct session_world *s = world_of(w);

	s->now_us = now_us;
	return s->http_on || s->ftp_on || s->bearer[0] || s->bearer[1] || s->bearer[2] ? now_us + 1000 : WORLD_NEVER;
}

static const struct modem_world_ops session_world_ops = {
	.bearer_open = w_bearer_open,
	.bearer_poll = w_bearer_poll,
	.bearer_close = w_bearer_close,
	.http_start = w_http_start,
	.http_poll = w_http_poll,
	.http_read = w_http_read,
	.http_close = w_http_close,
	.ftp_start = w_ftp_start,
	.ftp_poll = w_ftp_poll,
	.ftp_read = w_ftp_read,
	.ftp_write = w_ftp_write,
	.ftp_finish = w_ftp_finish,
	.ftp_close = w_ftp_close,
	.advance = w_advance,
};

/* ---- a modem on that world ------------------------------------------------ */

#define RIG_WORLD struct session_world
#include "modem_rig.h"

/* A command line, and the exact bytes that come within 50 ms. */
static inline void
ask(struct rig *r, const char *line, const char *answer)
{
	assert_string_equal(rig_ask(r, line), answer);
}

/* The exact bytes that come within the next ms. */
static inline void
hear(struct rig *r, uint64_t ms, const char *bytes)
{
	rig_forget(r);
	rig_wait(r, ms);
	assert_string_equal(r->said, bytes);
}

/* n bytes of data for a prompt, and the exact bytes that come within 50 ms. */
static inline void
give(struct rig *r, uint32_t n, const char *answer)
{
	char *data = malloc(n);
	uint32_t i;

	for (i = 0; i < n; i++)
		data[i] = letter(i);
	rig_send(r, span_of(data, n), 50);
	free(data);
	assert_string_equal(r->said, answer);
}

/* A header line, n letters from offset on, and OK. */
static inline void
ask_content(struct rig *r, const char *line, const char *header, uint32_t offset, uint32_t n)
{
	size_t h = strlen(header);
	uint32_t i;

	rig_ask(r, line);
	assert_int_equal(r->said_len, h + n + 6);
	assert_memory_equal(r->said, header, h);
	for (i = 0; i < n; i++)
		assert_int_equal(r->said[h + i], letter(offset + i));
	assert_string_equal(r->said + h + n, "\r\nOK\r\n");
}

/* A modem with echo off and, unless told otherwise, bearer 1 open. */
static inline struct rig *
rig_new(const char *profile, bool bearer)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->world.world.ops = &session_world_ops;
	r->world.stored = malloc(FTP_EXTEND_MAX);
	assert_non_null(r->world.stored);
	modem_init(&r->m, modem_profile_find(span_str(profile)), &r->world.world, 1, 0);
	ask(r, "ATE0", "ATE0\r\r\nOK\r\n");
	if (bearer) {
		ask(r, "AT+SAPBR=1,1", "");
		hear(r, 2000, "\r\nOK\r\n");
	}
	return r;
}

static inline void
rig_set(struct rig *r, const char *name, const char *value)
{
	assert_int_equal(modem_switch_set(&r->m, span_str(name), span_str(value)), 0);
}

static inline void
rig_free(struct rig *r)
{
	free(r->world.stored);
	free(r);
}

/* How often a rule was taken. */
static inline uint64_t
hits(const struct rig *r, const char *id)
{
	struct modem_rule_count rule;
	unsigned i;

	for (i = 0; modem_rule(&r->m, i, &rule); i++)
		if (strcmp(rule.id, id) == 0)
			return rule.hits;
	fail_msg("no rule %s", id);
	return 0;
}

#define OK_LINE "\r\nOK\r\n"
#define ERROR_LINE "\r\nERROR\r\n"

/* ---- a session's table ------------------------------------------------------- */

/* Whether, in state and on event, a rule is taken whatever the guards say (one without a guard, or none before it). */
static inline bool
always_fits(const struct rule *r, uint32_t state, uint8_t event, uint32_t profile)
{
	for (; r->id != NULL; r++)
		if (r->event == event && (r->in & state) != 0 && (r->profiles == 0 || (r->profiles & profile)) && r->guard == NULL)
			return true;
	return false;
}

static inline void
table_is_total(const struct session_table *t)
{
	static const uint32_t profiles[] = { PROFILE_R14, PROFILE_N101, PROFILE_900 };
	uint32_t state;
	uint8_t event;
	size_t p;

	for (p = 0; p < 3; p++)
		for (state = 1; state != 0; state <<= 1)
			for (event = 1; (t->states & state) != 0 && event <= t->events; event++)
				if (!always_fits(t->rules, state, event, profiles[p]))
					fail_msg("%s: no rule for event %d in state %x", t->name, event, (unsigned)state);
}

static inline void
table_has_no_dead_rows(const struct session_table *t)
{
	const struct rule *r, *before;

	for (r = t->rules; r->id != NULL; r++) {
		uint32_t left = r->in & t->states;

		for (before = t->rules; before != r; before++)
			if (before->event == r->event && before->profiles == 0 && (before->guard == NULL || before->guard == r->guard))
				left &= ~before->in;
		if (left == 0 || r->event == 0 || r->event > t->events)
			fail_msg("%s is never taken", r->id);
	}
}

static inline void
table_is_documented(const struct session_table *t)
{
	const struct rule *r, *other;

	for (r = t->rules; r->id != NULL; r++) {
		assert_non_null(r->clause);
		assert_true(r->clause[0] != '\0');
		assert_true((r->then & (r->then - 1)) == 0 && (r->then & ~t->states) == 0);
		for (other = t->rules; other != r; other++)
			assert_string_not_equal(other->id, r->id);
	}
}

#endif
