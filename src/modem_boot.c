/* The start-up sequence (manual, introduction and 19.3; order as in log LA). */
#include "modem.h"
#include "modem_sessions.h"

enum boot_when { ALWAYS, POWER_ON, FIXED_BAUD, CALL_READY };

static const struct {
	enum boot_when when;
	const char *line; /* NULL: the noise */
	uint32_t then_ms; /* until the next step */
} steps[] = {
	{ POWER_ON, NULL, 800 },
	{ FIXED_BAUD, "RDY", 50 },
	{ FIXED_BAUD, "+CFUN: 1", 450 },
	{ ALWAYS, "+CPIN: READY", 2500 },
	{ CALL_READY, "Call Ready", 1000 },
	{ ALWAYS, "SMS Ready", 0 },
};

#define STEPS (int)(sizeof(steps) / sizeof(steps[0]))

/* What the module sends while its UART finds its feet: to be ignored (manual, introduction). */
static const char noise[] = { 0x00, 0x49, 0x49, 0x49, 0x49, (char)0xff, (char)0xff, (char)0xff, (char)0xff };

static bool
holds(const struct modem *m, enum boot_when when)
{
	switch (when) {
	case ALWAYS: return true;
	case POWER_ON: return m->power_on;
	case FIXED_BAUD: return m->set.ipr != 0;
	case CALL_READY: return m->set.ciurc != 0;
	}
	return false;
}

void
modem_power_off(struct modem *m, bool normal)
{
	if (normal)
		modem_say(m, &(struct say){ .kind = SAY_FINAL, .final = AT_FINAL_POWER_DOWN });
	else
		modem_answer_without_final(m);
	for (int i = 0; i < TIMER_MAX; i++)
		m->timer_us[i] = MODEM_NEVER;
	http_reset(m);
	ftp_reset(m);
	bearer_reset(m);
	m->in_len = m->line_len = m->urcs = 0;
	m->running = false;
	m->off = true;
	m->lines = 0;
}

void
modem_boot_soon(struct modem *m)
{
	m->boot_step = -1;
	modem_arm(m, TIMER_BOOT, 300);
}

void
boot_timer(struct modem *m)
{
	if (m->boot_step < 0) {
		modem_boot(m, false);
		return;
	}
	if (holds(m, steps[m->boot_step].when)) {
		if (steps[m->boot_step].line == NULL) {
			modem_raw(m, span_of(noise, sizeof(noise)));
			modem_release(m);
		} else {
			modem_urcf(m, "%s", steps[m->boot_step].line);
		}
	}
	if (m->boot_step > 0)
		m->booting = false;
	if (m->boot_step + 1 < STEPS) {
		modem_arm(m, TIMER_BOOT, steps[m->boot_step].then_ms);
		m->boot_step++;
	}
}
