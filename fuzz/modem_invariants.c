#include "modem_invariants.h"

#include "modem_ftp.h"
#include "modem_http.h"
#include "oracle.h"
#include "quiet.h"

QUIET_BEGIN

/* What is written here is what is said when it does not hold. */
#define HOLDS(condition)                                                                                                                   \
	do {                                                                                                                               \
		if (!(condition))                                                                                                          \
			oracle_fail("invariant", "%s: not (%s)", __func__, #condition);                                                    \
	} while (0)

#define THEN(a, b) (!(a) || (b))

static bool
armed(const struct modem *m, enum modem_timer timer)
{
	return m->timer_us[timer] != MODEM_NEVER;
}

static bool
within(struct span s, const char *from, size_t len)
{
	return s.len == 0 || (s.at >= from && s.len <= len && s.at - from <= (ptrdiff_t)(len - s.len));
}

static void
input(const struct modem *m)
{
	HOLDS(m->in_len <= MODEM_IN_MAX);
	HOLDS(m->in_head < MODEM_IN_MAX);
	HOLDS(modem_room(m) == (m->off || m->booting ? MODEM_IN_MAX : MODEM_IN_MAX - m->in_len));
	HOLDS(m->line_len <= MODEM_TYPED_MAX);
	HOLDS(m->echo_len <= MODEM_TYPED_MAX);
	HOLDS(m->last_len <= MODEM_LINE_MAX);
	HOLDS(THEN(m->in_len > 0, m->running || m->taking));
	HOLDS(THEN(m->running, within(m->body, m->line, MODEM_TYPED_MAX) || m->silent));
	HOLDS(THEN(m->running && !m->silent && !m->line_too_long, m->body.len <= MODEM_LINE_MAX && m->line_next <= m->body.len));
	HOLDS(THEN(!m->running, !m->begun && !m->later));
	HOLDS(THEN(m->later, m->running));
}

static void
output(const struct modem *m)
{
	HOLDS(m->out_len <= MODEM_OUT_MAX);
	HOLDS(m->out_taken <= m->out_len);
	HOLDS(m->payload_at <= m->out_len);
	HOLDS(m->payload_taken <= m->payload.len);
	HOLDS(within(m->payload, m->http.buffer, HTTP_BUFFER_MAX) || within(m->payload, m->http.header, sizeof(m->http.header)) ||
	      within(m->payload, m->ftp.read, sizeof(m->ftp.read)));
	HOLDS(m->stage.len == 0);
	HOLDS(THEN(m->out_open, m->running));
	HOLDS(m->line_move == LINE_STAY || m->out_open);
	HOLDS(m->urcs <= MODEM_URCS_MAX);
	for (uint32_t i = 0; i < m->urcs; i++) {
		HOLDS(m->urc[i].len > 0 && m->urc[i].len <= sizeof(m->urc[i].text));
		HOLDS(m->urc[i].not_before_us <= m->now_us);
	}
	HOLDS((modem_lines(m) & ~(unsigned)(MODEM_DCD | MODEM_RI | MODEM_DSR | MODEM_CTS)) == 0);
	HOLDS(THEN((modem_lines(m) & MODEM_DCD) == 0, m->off || (m->taking && m->set.c != 0)));
	HOLDS(m->fault.urc_left <= m->fault.urc_len && m->fault.urc_len <= sizeof(m->fault.urc_text));
}

static void
data(const struct modem *m)
{
	bool http = m->http.session.state == HTTP_TAKING, ftp = (m->ftp.session.state & FTP_TAKING) != 0;

	HOLDS(m->taking == (http || ftp));
	HOLDS(!(http && ftp));
	HOLDS(THEN(m->take_armed, m->taking));
	HOLDS(THEN(m->take_over, m->take_armed));
	HOLDS(THEN(m->taking, m->running && m->later && m->take_left <= HTTP_BUFFER_MAX));
	HOLDS(THEN(m->take_armed, m->take_until_us >= m->now_us));
	HOLDS(THEN(http, m->http.want > 0 && m->http.length + m->take_left == m->http.want));
	HOLDS(THEN(ftp, m->ftp.given + m->take_left <= FTP_EXTEND_MAX));
}

static void
session(const struct modem *m, const struct session *s, const struct session_table *table)
{
	HOLDS(s->rules == table->rules);
	HOLDS((s->state & table->states) == s->state);
	HOLDS(s->state != 0 && (s->state & (s->state - 1)) == 0);
	HOLDS(s->hits >= m->hits && s->hits < m->hits + sizeof(m->hits) / sizeof(m->hits[0]));
}

static void
http(const struct modem *m)
{
	const struct modem_http *h = &m->http;
	uint32_t state = h->session.state;

	session(m, &h->session, &http_session_table);
	HOLDS(h->length <= HTTP_BUFFER_MAX && h->announced <= HTTP_BUFFER_MAX && h->want <= HTTP_BUFFER_MAX);
	HOLDS(THEN(state == HTTP_OFF, h->length == 0 && h->header_length == 0 && h->status == 0));
	HOLDS((state == HTTP_RUNNING) == armed(m, TIMER_HTTP));
	HOLDS(THEN(state == HTTP_FAILING, armed(m, TIMER_HTTP_URC)));
	HOLDS(THEN(armed(m, TIMER_HTTP_URC), (state & HTTP_ACTION) != 0));
	HOLDS(THEN(state & HTTP_ACTION, h->cid >= 1 && h->cid <= MODEM_CIDS));
	HOLDS(THEN(state == HTTP_RUNNING, bearer_is_open(m, h->cid)));
	HOLDS(h->status == 0 || (h->status >= 100 && h->status <= 606));
	HOLDS(h->method <= WORLD_DELETE && h->refused <= WORLD_DELETE);
}

static void
ftp(const struct modem *m)
{
	const struct modem_ftp *f = &m->ftp;
	uint32_t state = f->session.state;

	session(m, &f->session, &ftp_session_table);
	HOLDS(f->refusals <= FTP_REFUSED_MAX);
	HOLDS((f->refusals > 0) == armed(m, TIMER_FTP_REFUSED));
	HOLDS(f->extended <= FTP_EXTEND_MAX);
	HOLDS(THEN(f->verb == WORLD_STORE && (state & FTP_SESSION), f->sent <= f->extended));
	HOLDS(f->given <= FTP_EXTEND_MAX && f->window <= FTP_READ_MAX);
	HOLDS(THEN(state & FTP_WAITING, armed(m, TIMER_FTP_SERVER)));
	HOLDS(THEN(!(state & FTP_WAITING), !armed(m, TIMER_FTP_SERVER)));
	HOLDS((state == FTP_GET_OPEN || state == FTP_PUT_OPEN) == armed(m, TIMER_FTP_IDLE));
	HOLDS(THEN(armed(m, TIMER_FTP_AGAIN), state == FTP_GET_OPEN));
	HOLDS(THEN(state == FTP_GET_OPEN, armed(m, TIMER_FTP_AGAIN)));
	HOLDS(THEN(state == FTP_FAILING, armed(m, TIMER_FTP_URC) && f->error != 0));
	HOLDS(THEN(state & (FTP_GET_DIAL | FTP_GET_OPEN | FTP_GET_DRY), f->verb == WORLD_RETR || f->verb == WORLD_LIST));
	HOLDS(THEN(state & (FTP_PUT | FTP_PUT_TAKING | FTP_EXT_SENDING), f->verb == WORLD_STORE));
	HOLDS(THEN(state & FTP_LIVE, f->cid >= 1 && f->cid <= MODEM_CIDS && bearer_is_open(m, f->cid)));
	HOLDS(f->error == 0 || (f->error >= 61 && f->error <= 86));
}

static void
bearer(const struct modem *m, int i)
{
	const struct modem_bearer *b = &m->bearer[i];
	bool timed = armed(m, (enum modem_timer)(TIMER_BEARER_1 + i)), open = bearer_is_open(m, i + 1);
	bool has_ip = (b->ip[0] | b->ip[1] | b->ip[2] | b->ip[3]) != 0;

	session(m, &b->session, &bearer_session_table);
	HOLDS(THEN(timed, !open && b->session.state != bearer_session_table.first));
	HOLDS(THEN(!timed, open || b->session.state == bearer_session_table.first));
	HOLDS(has_ip == open);
	HOLDS(memchr(b->apn, '\0', sizeof(b->apn)) != NULL && memchr(b->user, '\0', sizeof(b->user)) != NULL);
	HOLDS(memchr(b->password, '\0', sizeof(b->password)) != NULL && memchr(b->phone, '\0', sizeof(b->phone)) != NULL);
	HOLDS(b->rate >= 0 && b->rate <= 3);
}

/* Nothing that is due stays undone, and asking does not change when it is. */
static void
times(struct modem *m, uint64_t now_us)
{
	uint64_t due = modem_due(m);

	HOLDS(m->now_us == now_us);
	HOLDS(due >= now_us);
	HOLDS(modem_due(m) == due);
	for (int i = 0; i < TIMER_MAX; i++)
		HOLDS(m->timer_us[i] > now_us);
	HOLDS(!armed(m, TIMER_NONE));
	HOLDS(m->world_us > now_us);
	HOLDS(m->quiet_since_us <= now_us);
	HOLDS(THEN(m->off, !m->running && m->urcs == 0 && m->in_len == 0));
	HOLDS(THEN(m->booting, armed(m, TIMER_BOOT)));
}

void
modem_invariants(struct modem *m, uint64_t now_us)
{
	input(m);
	output(m);
	data(m);
	for (int i = 0; i < MODEM_CIDS; i++)
		bearer(m, i);
	http(m);
	ftp(m);
	times(m, now_us);
}

static void
settings(const struct modem_settings *set, enum setting_saved saved)
{
	static const struct setting *const tables[] = { modem_settings_v250, modem_settings_general, modem_settings_network,
		modem_settings_stubs, modem_settings_http, modem_settings_ftp };

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct setting *s = tables[t]; s->name != NULL; s++) {
			char number[16];
			struct span value;

			if (saved != SAVED_NEVER && s->saved != saved)
				continue;
			value = setting_in(set, s, number);
			if (!setting_fits(s, value))
				oracle_fail("invariant", "%s has the value %.*s", s->name, (int)value.len, value.at);
		}
}

void
modem_invariants_settings(const struct modem *m)
{
	settings(&m->set, SAVED_NEVER);
	if (m->has_saved_w)
		settings(&m->saved_w, SAVED_W);
	if (m->has_saved_http)
		settings(&m->saved_http, SAVED_HTTPSCONT);
	if (m->has_saved_ftp)
		settings(&m->saved_ftp, SAVED_FTPSCONT);
}

void
modem_invariants_rules(const struct modem *m)
{
	struct modem_rule_count rule;
	uint64_t counted = 0, hits = 0;
	unsigned rules = 0;

	for (; modem_rule(m, rules, &rule); rules++) {
		HOLDS(rule.id[0] != '\0' && rule.clause[0] != '\0');
		HOLDS(strchr("NMSLCXI?", rule.evidence[0]) != NULL && rule.evidence[1] == '\0');
		counted += rule.hits;
	}
	HOLDS(rules > 0 && rules <= sizeof(m->hits) / sizeof(m->hits[0]));
	for (size_t i = 0; i < sizeof(m->hits) / sizeof(m->hits[0]); i++)
		hits += m->hits[i];
	HOLDS(counted == hits);
}

QUIET_END
