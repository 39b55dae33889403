/* AT+SAPBR: the bearer profiles (manual chapter 9). */
#include "modem.h"
#include "modem_sessions.h"

enum {
	CLOSED = 1u << 0,
	DIALLING = 1u << 1, /* open was asked for; the shortest time it takes is not over */
	OPENING = 1u << 2,  /* waiting for the network */
	OPEN = 1u << 3,
	ANY = CLOSED | DIALLING | OPENING | OPEN,
};

enum { CMD_CLOSE = 1, CMD_OPEN, CMD_QUERY, CMD_SET, CMD_GET, READY, FAILED, LOST, TIME_OVER, EVENTS = TIME_OVER };

static struct modem_bearer *
now(struct modem *m)
{
	return &m->bearer[m->bearer_now];
}

static int
cid(const struct modem *m)
{
	return m->bearer_now + 1;
}

/* ---- guards and actions ------------------------------------------------- */

static bool
radio_off(const struct modem *m)
{
	return m->set.cfun != 1;
}

static void
dial(struct modem *m)
{
	struct modem_bearer *b = now(m);

	m->world->ops->bearer_open(m->world, cid(m), span_str(b->apn), span_str(b->user), span_str(b->password));
	modem_arm(m, (uint8_t)(TIMER_BEARER_1 + m->bearer_now), m->sw.bearer_ms);
}

static void
wait_for_network(struct modem *m)
{
	uint8_t timer = (uint8_t)(TIMER_BEARER_1 + m->bearer_now);
	uint64_t limit_ms = modem_timer_ms(m, timer), spent_ms = (uint64_t)m->sw.bearer_ms + m->sw.latency_ms;

	/* The limit is the command's: the time since then counts, and the answer is out before it is over (manual 9.2.1). */
	modem_arm(m, timer, limit_ms > spent_ms ? limit_ms - spent_ms - 1 : 0);
}

static void
hang_up(struct modem *m)
{
	modem_disarm(m, (uint8_t)(TIMER_BEARER_1 + m->bearer_now));
	memset(now(m)->ip, 0, sizeof(now(m)->ip));
	m->world->ops->bearer_close(m->world, cid(m));
}

static void
connected(struct modem *m)
{
	modem_disarm(m, (uint8_t)(TIMER_BEARER_1 + m->bearer_now));
}

/* What runs over the bearer fails with it. */
static void
drop(struct modem *m)
{
	hang_up(m);
	http_bearer_lost(m, cid(m));
	ftp_bearer_lost(m, cid(m));
}

static bool
store(char *field, size_t cap, struct span value)
{
	if (value.len >= cap || !text_displayable(value))
		return false;
	if (field != NULL) {
		memcpy(field, value.at, value.len);
		field[value.len] = '\0';
	}
	return true;
}

/* One tag of AT+SAPBR=3; with b NULL only ask whether tag and value are right. */
static bool
tag_set(struct modem_bearer *b, struct span tag, struct span value)
{
	const struct {
		const char *name;
		char *field;
		size_t cap;
	} texts[] = {
		{ "APN", b ? b->apn : NULL, sizeof(b->apn) },
		{ "USER", b ? b->user : NULL, sizeof(b->user) },
		{ "PWD", b ? b->password : NULL, sizeof(b->password) },
		{ "PHONENUM", b ? b->phone : NULL, sizeof(b->phone) },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (at_same(tag, span_str(texts[i].name)))
			return store(texts[i].field, texts[i].cap, value);
	if (at_same(tag, SPAN("CONTYPE"))) {
		if (b != NULL)
			b->gprs = at_same(value, SPAN("GPRS"));
		return at_same(value, SPAN("GPRS")) || at_same(value, SPAN("CSD"));
	}
	if (!at_same(tag, SPAN("RATE")) || value.len != 1 || value.at[0] < '0' || value.at[0] > '3')
		return false;
	if (b != NULL)
		b->rate = value.at[0] - '0';
	return true;
}

static bool
tag_right(const struct modem *m)
{
	return tag_set(NULL, m->bearer_tag, m->bearer_value);
}

static void
keep_tag(struct modem *m)
{
	tag_set(now(m), m->bearer_tag, m->bearer_value);
}

/* ---- the session ---------------------------------------------------------- */

#define SAPBR_PARAMETERS                                                                                                                   \
	"+SAPBR:\r\nCONTYPE: <contype>\r\nAPN: <apn>\r\nPHONENUM: <phone>\r\nUSER: <bearer-user>\r\nPWD: <bearer-password>\r\nRATE: "      \
	"<rate>"

/* clang-format off */
static const struct rule bearer_rules[] = {
	/* id, in state, on event, guard, do, say, then, arm, disarm, line, clause, evidence, profiles */
	{ "bearer-open-1", CLOSED, CMD_OPEN, radio_off, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 9.2.1", EV_INFERRED, 0 },
	{ "bearer-open-2", CLOSED, CMD_OPEN, NULL, dial, { { 0 } }, DIALLING, 0, 0, LINE_STAY, "3.1", EV_NOTE, 0 },
	{ "bearer-open-3", DIALLING, TIME_OVER, NULL, wait_for_network, { { 0 } }, OPENING, 0, 0, LINE_STAY, "M 9.2.1", EV_LOG, 0 },
	{ "bearer-open-4", OPENING, READY, NULL, connected, { FINAL_OK }, OPEN, 0, 0, LINE_STAY, "3.1", EV_NOTE, 0 },
	{ "bearer-open-5", DIALLING | OPENING, FAILED, NULL, hang_up, { FAIL(3) }, CLOSED, 0, 0, LINE_STAY, "M 9.2.1", EV_LOG, 0 },
	{ "bearer-open-6", OPENING, TIME_OVER, NULL, hang_up, { FAIL(3) }, CLOSED, 0, 0, LINE_STAY, "M 9.2.1", EV_MANUAL, 0 },
	{ "bearer-open-7", OPEN, CMD_OPEN, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 9.2.1", EV_LOG, 0 },
	{ "bearer-open-8", DIALLING | OPENING, CMD_OPEN, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 9.2.1", EV_INFERRED, 0 },
	{ "bearer-open-9", DIALLING | OPENING, LOST, NULL, hang_up, { FAIL(3) }, CLOSED, 0, 0, LINE_STAY, "M 9.2.1", EV_INFERRED, 0 },

	{ "bearer-close-1", OPEN, CMD_CLOSE, NULL, drop, { FINAL_OK }, CLOSED, 0, 0, LINE_STAY, "3.1", EV_NOTE, 0 },
	{ "bearer-close-2", CLOSED, CMD_CLOSE, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 9.2.1", EV_LOG, 0 },
	{ "bearer-close-3", DIALLING | OPENING, CMD_CLOSE, NULL, hang_up, { FINAL_OK }, CLOSED, 0, 0, LINE_STAY, "M 9.2.1", EV_INFERRED, 0 },

	{ "bearer-query-1", ANY, CMD_QUERY, NULL, NULL, { INFO("+SAPBR: <cid>,<bearer-status>,\"<bearer-ip>\""), FINAL_OK },
	  STAY, 0, 0, LINE_STAY, "3.1", EV_NOTE, 0 },
	{ "bearer-set-1", ANY, CMD_SET, tag_right, keep_tag, { FINAL_OK }, STAY, 0, 0, LINE_STAY, "3.1", EV_NOTE, 0 },
	{ "bearer-set-2", ANY, CMD_SET, NULL, NULL, { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 9.2.1", EV_INFERRED, 0 },
	{ "bearer-get-1", ANY, CMD_GET, NULL, NULL, { INFO(SAPBR_PARAMETERS), FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 9.2.1", EV_LOG, 0 },

	{ "bearer-lost-1", OPEN, LOST, NULL, drop, { URC("+SAPBR <cid>: DEACT") }, CLOSED, 0, 0, LINE_STAY, "M 19.3", EV_MANUAL, 0 },
	{ "bearer-lost-2", OPEN, FAILED, NULL, drop, { URC("+SAPBR <cid>: DEACT") }, CLOSED, 0, 0, LINE_STAY, "M 19.3", EV_MANUAL, 0 },
	{ "bearer-lost-3", CLOSED, LOST, NULL, NULL, { { 0 } }, STAY, 0, 0, LINE_STAY, "M 19.3", EV_INFERRED, 0 },
	/* The world speaks again of what is known already; a timer that ran out with the event that made it needless. */
	{ "bearer-known-1", CLOSED, READY, NULL, hang_up, { { 0 } }, STAY, 0, 0, LINE_STAY, "M 9.2.1", EV_INFERRED, 0 },
	{ "bearer-known-2", DIALLING | OPEN, READY, NULL, NULL, { { 0 } }, STAY, 0, 0, LINE_STAY, "M 9.2.1", EV_INFERRED, 0 },
	{ "bearer-known-3", CLOSED, FAILED, NULL, NULL, { { 0 } }, STAY, 0, 0, LINE_STAY, "M 9.2.1", EV_INFERRED, 0 },
	{ "bearer-known-4", CLOSED | OPEN, TIME_OVER, NULL, NULL, { { 0 } }, STAY, 0, 0, LINE_STAY, "M 9.2.1", EV_INFERRED, 0 },
	{ 0 }
};
/* clang-format on */

const struct session_table bearer_session_table = { "bearer", bearer_rules, ANY, CLOSED, EVENTS };

static void
event(struct modem *m, int which, uint8_t what)
{
	m->bearer_now = which;
	session_event(m, &m->bearer[which].session, what);
}

/* ---- slots ------------------------------------------------------------------ */

static size_t
slot_cid(const struct modem *m, char *into, size_t cap)
{
	return number_write(cid(m), into, cap);
}

/* 0 connecting, 1 connected, 3 closed (manual 9.2.1; closing, 2, takes no time here). */
static size_t
slot_status(const struct modem *m, char *into, size_t cap)
{
	uint32_t state = m->bearer[m->bearer_now].session.state;

	return number_write(state == CLOSED ? 3 : state == OPEN ? 1 : 0, into, cap);
}

static size_t
slot_ip(const struct modem *m, char *into, size_t cap)
{
	const uint8_t *ip = m->bearer[m->bearer_now].ip;
	size_t n = 0;

	for (int i = 0; i < 4; i++) {
		n += number_write(ip[i], into + n, cap - n);
		n += span_write(SPAN("."), into + n, i < 3 ? cap - n : 0);
	}
	return n;
}

static size_t
slot_contype(const struct modem *m, char *into, size_t cap)
{
	return span_write(m->bearer[m->bearer_now].gprs ? SPAN("GPRS") : SPAN("CSD"), into, cap);
}

static size_t
slot_apn(const struct modem *m, char *into, size_t cap)
{
	return span_write(span_str(m->bearer[m->bearer_now].apn), into, cap);
}

static size_t
slot_phone(const struct modem *m, char *into, size_t cap)
{
	return span_write(span_str(m->bearer[m->bearer_now].phone), into, cap);
}

static size_t
slot_user(const struct modem *m, char *into, size_t cap)
{
	return span_write(span_str(m->bearer[m->bearer_now].user), into, cap);
}

static size_t
slot_password(const struct modem *m, char *into, size_t cap)
{
	return span_write(span_str(m->bearer[m->bearer_now].password), into, cap);
}

static size_t
slot_rate(const struct modem *m, char *into, size_t cap)
{
	return number_write(m->bearer[m->bearer_now].rate, into, cap);
}

const struct slot modem_slots_bearer[] = {
	{ "cid", slot_cid },
	{ "bearer-status", slot_status },
	{ "bearer-ip", slot_ip },
	{ "contype", slot_contype },
	{ "apn", slot_apn },
	{ "phone", slot_phone },
	{ "bearer-user", slot_user },
	{ "bearer-password", slot_password },
	{ "rate", slot_rate },
	{ NULL, NULL },
};

/* ---- the command -------------------------------------------------------------- */

static void
sapbr_write(struct modem *m, const struct at_command *c)
{
	static const uint8_t events[] = { CMD_CLOSE, CMD_OPEN, CMD_QUERY, CMD_SET, CMD_GET };
	int64_t type, which;

	if (!parameter_takes(m, c, 0, &type) || !parameter_takes(m, c, 1, &which) || c->count != (type == 3 ? 4 : 2)) {
		modem_fail_range(m);
		return;
	}
	m->bearer_tag = parameter_text(c, 2);
	m->bearer_value = parameter_text(c, 3);
	event(m, (int)which - 1, events[type]);
}

/* clang-format off */
const struct command modem_commands_bearer[] = {
	{ "+SAPBR", "+SAPBR: (0-4),(1-3), \"ConParamTag\",\"ConParamValue\"", NULL, sapbr_write, NULL, NULL, "M 9.2.1", EV_MANUAL, 0 },
	{ 0 }
};
/* clang-format on */

/* ---- hooks --------------------------------------------------------------------- */

bool
bearer_is_open(const struct modem *m, int which)
{
	return which >= 1 && which <= MODEM_CIDS && m->bearer[which - 1].session.state == OPEN;
}

void
bearer_init(struct modem *m)
{
	for (int i = 0; i < MODEM_CIDS; i++) {
		memset(&m->bearer[i], 0, sizeof(m->bearer[i]));
		m->bearer[i].gprs = true;
		m->bearer[i].rate = 2; /* what AT+SAPBR=4 shows of a fresh profile (Seeed's log) */
		session_start(m, &m->bearer[i].session, SESSION_BEARER);
	}
}

void
bearer_reset(struct modem *m)
{
	for (int i = 0; i < MODEM_CIDS; i++)
		if (m->bearer[i].session.state != CLOSED)
			m->world->ops->bearer_close(m->world, i + 1);
	bearer_init(m);
}

void
bearer_timer(struct modem *m, enum modem_timer timer)
{
	event(m, (int)timer - TIMER_BEARER_1, TIME_OVER);
}

void
bearer_world(struct modem *m)
{
	for (int i = 0; i < MODEM_CIDS; i++) {
		struct world_bearer b = { .state = WORLD_IDLE };

		if (!(m->bearer[i].session.state & (OPENING | OPEN)))
			continue;
		m->world->ops->bearer_poll(m->world, i + 1, &b);
		if (b.state == WORLD_READY && m->bearer[i].session.state == OPENING) {
			memcpy(m->bearer[i].ip, b.ip, sizeof(b.ip));
			event(m, i, READY);
		} else if (b.state == WORLD_FAILED) {
			event(m, i, FAILED);
		}
	}
}

static void
bearer_gone(struct modem *m, int which)
{
	if (which >= 1 && which <= MODEM_CIDS)
		event(m, which - 1, LOST);
}

void
bearers_gone(struct modem *m)
{
	for (int i = 1; i <= MODEM_CIDS; i++)
		if (bearer_is_open(m, i))
			bearer_gone(m, i);
}

void
modem_bearer_lost(struct modem *m, int which, uint64_t now_us)
{
	modem_advance(m, now_us);
	bearer_gone(m, which);
}
