/* The engine: what is due when, in which order it runs, power on. */
#include "modem.h"

#include "at_command.h"
#include "modem_sessions.h"

/* Let the sessions see what is new in the world, which knows the time; then ask it, as they may have started something, when to look again. */
static void
world_poll(struct modem *m)
{
	uint64_t next;

	bearer_world(m);
	http_world(m);
	ftp_world(m);
	next = m->world->ops->advance(m->world, m->now_us);
	m->world_us = next > m->now_us ? next : m->now_us + 1000;
}

/* Commands may have started something. */
static void
world_touched(struct modem *m)
{
	if (m->world != NULL)
		world_poll(m);
}

void
modem_init(struct modem *m, const struct modem_profile *profile, struct modem_world *world, uint64_t seed, uint64_t now_us)
{
	memset(m, 0, offsetof(struct modem, http));
	m->profile = profile;
	m->tables = profile->tables != NULL ? profile->tables : &modem_tables;
	m->world = world;
	prng_seed(&m->prng, seed);
	m->now_us = m->quiet_since_us = now_us;
	m->world_us = MODEM_NEVER;
	m->lines = MODEM_DCD | MODEM_DSR | MODEM_CTS;
	m->dtr = true;
	m->fault.cut_left = UINT32_MAX;
	for (int i = 0; i < TIMER_MAX; i++)
		m->timer_us[i] = MODEM_NEVER;
	modem_switches_reset(m);
	settings_power_on(m);
	bearer_init(m);
	http_init(m);
	ftp_init(m);
}

/* Forget what was typed, run and said; settings and sessions as after power on. */
static void
restart(struct modem *m)
{
	for (int i = 0; i < TIMER_MAX; i++)
		m->timer_us[i] = MODEM_NEVER;
	http_reset(m);
	ftp_reset(m);
	bearer_reset(m);
	settings_power_on(m);
	m->in_len = m->line_len = m->out_len = m->out_taken = m->payload_taken = m->payload_at = m->urcs = m->boot_step = 0;
	m->payload = m->stage = span_of("", 0);
	m->in_after_cr = m->line_too_long = m->running = m->begun = m->later = m->ended = m->out_open = false;
	m->taking = m->take_armed = m->take_over = m->urc_first = m->off = false;
	m->line_move = LINE_STAY;
	m->trailer = NULL;
	m->lines = MODEM_DCD | MODEM_DSR | MODEM_CTS;
	m->fault.urc_left = m->fault.again = 0;
	m->fault.cut_left = UINT32_MAX;
}

void
modem_boot(struct modem *m, bool power_on)
{
	restart(m);
	m->power_on = power_on;
	m->booting = true;
	modem_arm(m, TIMER_BOOT, 200);
}

void
modem_reboot(struct modem *m, uint64_t now_us)
{
	if (now_us > m->now_us)
		m->now_us = now_us;
	modem_boot(m, true);
}

/* Run the commands of the line, as far as they answer at once. */
static void
line_run(struct modem *m)
{
	const uint32_t serial = m->line_serial;
	struct at_command c;

	modem_answer_begin(m);
	if (m->silent) {
		m->running = m->begun = false;
		m->line_too_long = false;
		modem_release(m);
		modem_intake(m);
		return;
	}
	if (m->line_too_long) {
		m->line_too_long = false;
		modem_fail(m, -1);
		return;
	}
	while (m->running && !m->later) {
		/* A payload or half a buffer must leave before more is said. */
		if (m->line_next > 0 && (m->payload.len > 0 || m->out_len > MODEM_OUT_MAX / 2)) {
			modem_release(m);
			return;
		}
		switch (at_command_next(m->body, &m->line_next, m->sw.blanks_round_equals != 0, &c)) {
		case AT_NEXT_END: modem_line_end(m); return;
		case AT_NEXT_SYNTAX: modem_fail(m, (int)m->sw.unknown_command_cme); return;
		case AT_NEXT_COMMAND:
			m->ended = false;
			modem_command(m, &c);
			/* With its answer the next line may have begun that waited behind it. */
			if (m->line_serial != serial)
				return;
			m->later = !m->ended;
			break;
		}
	}
}

/* Whether the line's commands can run, and since when. */
static uint64_t
run_due(const struct modem *m)
{
	if (!m->running || m->later || (!m->out_open && !modem_drained(m)))
		return MODEM_NEVER;
	return m->run_at_us;
}

static uint8_t
first_timer(const struct modem *m)
{
	uint8_t first = TIMER_NONE;

	for (uint8_t i = TIMER_NONE + 1; i < TIMER_MAX; i++)
		if (m->timer_us[i] != MODEM_NEVER && (first == TIMER_NONE || m->timer_us[i] < m->timer_us[first]))
			first = i;
	return first;
}

static void
timer_run(struct modem *m, uint8_t timer)
{
	m->timer_us[timer] = MODEM_NEVER;
	switch ((enum modem_timer)timer) {
	case TIMER_NONE:
	case TIMER_MAX: break;
	case TIMER_BOOT: boot_timer(m); break;
	case TIMER_BEARER_1:
	case TIMER_BEARER_2:
	case TIMER_BEARER_3: bearer_timer(m, (enum modem_timer)timer); break;
	case TIMER_HTTP_URC:
	case TIMER_HTTP:
	case TIMER_HTTP_REFUSED: http_timer(m, (enum modem_timer)timer); break;
	case TIMER_FTP_URC:
	case TIMER_FTP_AGAIN:
	case TIMER_FTP_IDLE:
	case TIMER_FTP_SERVER:
	case TIMER_FTP_REFUSED: ftp_timer(m, (enum modem_timer)timer); break;
	}
}

/* What can be due, in the order in which it runs at one moment. */
enum due { DUE_NOTHING, DUE_RUN, DUE_DATA, DUE_TIMER, DUE_WORLD, DUE_URC, DUE_LEAVE };

static uint64_t
next_due(const struct modem *m, enum due *what)
{
	const uint8_t timer = first_timer(m);
	const struct {
		enum due due;
		uint64_t at_us;
	} candidates[] = {
		{ DUE_RUN, run_due(m) },
		{ DUE_DATA, m->taking && m->take_armed ? m->take_until_us : MODEM_NEVER },
		{ DUE_TIMER, timer == TIMER_NONE ? MODEM_NEVER : m->timer_us[timer] },
		{ DUE_WORLD, m->world_us },
		{ DUE_URC, modem_urc_due(m) },
		{ DUE_LEAVE, m->out_ready_us > m->now_us ? m->out_ready_us : MODEM_NEVER },
	};
	uint64_t first = MODEM_NEVER;

	*what = DUE_NOTHING;
	for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]); i++) {
		if (candidates[i].at_us < first) {
			first = candidates[i].at_us;
			*what = candidates[i].due;
		}
	}
	return first;
}

uint64_t
modem_due(struct modem *m)
{
	enum due what;
	uint64_t at = next_due(m, &what);

	return at == MODEM_NEVER || at > m->now_us ? at : m->now_us;
}

static void
step(struct modem *m, enum due what)
{
	/* What a step starts in the world begins now, not when the world was last asked; what the world has heard is seen next. */
	if (m->world != NULL) {
		uint64_t next = m->world->ops->advance(m->world, m->now_us);

		if (next <= m->now_us && next < m->world_us)
			m->world_us = m->now_us;
	}
	switch (what) {
	case DUE_NOTHING:
	case DUE_LEAVE: return;
	case DUE_RUN:
		if (!m->begun)
			fault_command(m);
		if (m->running)
			line_run(m);
		break;
	case DUE_DATA: modem_data_due(m); break;
	case DUE_TIMER: timer_run(m, first_timer(m)); break;
	case DUE_WORLD: break;
	case DUE_URC: modem_urc_leave(m); return;
	}
	world_touched(m);
}

void
modem_advance(struct modem *m, uint64_t now_us)
{
	for (;;) {
		enum due what;
		uint64_t at = next_due(m, &what);

		if (at > now_us || what == DUE_NOTHING)
			break;
		if (at > m->now_us)
			m->now_us = at;
		step(m, what);
	}
	if (now_us > m->now_us)
		m->now_us = now_us;
}

void
modem_look(struct modem *m, uint64_t now_us)
{
	if (m->world != NULL && now_us < m->world_us)
		m->world_us = now_us;
	modem_advance(m, now_us);
}
