/* mutate_hook: functions that take the place of a row's guard, action, handler or slot. */
#include "mutate_tables.h"

struct hook hook;

/* So much later is later than any deadline of the manual. */
#define LATE_US 200000000u

static void
applied(void)
{
	hook.applied++;
}

/* ---- slots ------------------------------------------------------------------------ */

/* What the slot says, but another number, or one letter of it another: the last one, or the first for one less. */
size_t
hook_slot_write(const struct modem *m, char *into, size_t cap)
{
	size_t n = hook.write(m, into, cap);
	int64_t value = 0;
	bool number = n > 0 && n < 18;

	for (size_t i = 0; i < n && number; i++) {
		number = into[i] >= '0' && into[i] <= '9';
		value = value * 10 + (into[i] - '0');
	}
	applied();
	if (number) {
		value += hook.d->value;
		return value < 0 ? span_write(SPAN("-1"), into, cap) : number_write(value, into, cap);
	}
	if (n == 0)
		return span_write(SPAN("x"), into, cap);
	into[hook.d->value < 0 ? 0 : n - 1] ^= 1;
	return n;
}

/* ---- guards ------------------------------------------------------------------------- */

static bool
guard_turned(const struct modem *m)
{
	applied();
	return !hook.guard(m);
}

static uint32_t
state_of(const struct modem *m)
{
	switch ((enum modem_session)hook.d->table) {
	case SESSION_BEARER: return m->bearer[m->bearer_now].session.state;
	case SESSION_HTTP: return m->http.session.state;
	case SESSION_FTP: return m->ftp.session.state;
	case SESSION_MAX: break;
	}
	return 0;
}

/* The rule does not know one of its states. */
static bool
guard_not_there(const struct modem *m)
{
	bool holds = hook.guard == NULL || hook.guard(m);

	if (!holds || state_of(m) != (uint32_t)hook.d->value)
		return holds;
	applied();
	return false;
}

/* ---- actions -------------------------------------------------------------------------- */

static void
own_act(struct modem *m)
{
	if (hook.act != NULL)
		hook.act(m);
}

/* The row's timer with another time; at once is a millisecond, as one that starts itself again would never end. */
static void
act_arm(struct modem *m)
{
	own_act(m);
	applied();
	modem_arm(m, hook.timer, hook.d->op != OP_TIMER_LATE ? 1 : modem_timer_ms(m, hook.timer) + LATE_US / 1000);
	/* Glued to the answer before it. */
	if (hook.d->op == OP_URC_EARLY)
		m->sw.urc_gap_ms = 0;
}

/* A timer that the action itself arms, with another time. */
static void
act_timer(struct modem *m)
{
	int which = hook.d->item - 1;
	uint64_t before = m->timer_us[which], delay;

	m->timer_us[which] = MODEM_NEVER;
	own_act(m);
	if (m->timer_us[which] == MODEM_NEVER) {
		m->timer_us[which] = before;
		return;
	}
	applied();
	delay = m->timer_us[which] - m->now_us;
	m->timer_us[which] = hook.d->op == OP_TIMER_LATE ? m->timer_us[which] + LATE_US : m->now_us + delay / 4;
}

static void
act_payload(struct modem *m)
{
	own_act(m);
	if (m->stage.len == 0)
		return;
	applied();
	if (hook.d->op == OP_PAYLOAD_FLIPPED) {
		size_t at = hook.d->item == 0 ? 0 : hook.d->item == 1 ? m->stage.len / 2 : m->stage.len - 1;

		/* It lies in a buffer of m, which is not const. */
		((char *)(uintptr_t)m->stage.at)[at] ^= 0x01;
	} else if (hook.d->value < 0) {
		m->stage.len--;
	} else {
		m->stage.len++;
	}
}

/* ---- what is said --------------------------------------------------------------------- */

static void
act_marked(struct modem *m)
{
	own_act(m);
	hook.mark = m->out_len;
}

static void
say_filtered(struct modem *m)
{
	filter_answer(m, hook.mark);
}

static void
urc_late(struct modem *m)
{
	if (m->urcs == 0)
		return;
	applied();
	m->urc[m->urcs - 1].not_before_us = m->now_us + LATE_US;
}

static void
say_add(struct rule *r, void (*by)(struct modem *))
{
	for (int i = 0; i < SAY_MAX; i++) {
		if (r->say[i].kind != SAY_NOTHING)
			continue;
		r->say[i] = (struct say)SAID_BY(by);
		return;
	}
}

void
hook_rule(struct mutant *t, struct rule *r, const struct deviation *d)
{
	(void)t;
	hook.in_rows = false;
	hook.act = r->act;
	hook.guard = r->guard;
	hook.timer = r->arm;
	switch ((int)d->op) {
	case OP_GUARD_TURNED: r->guard = guard_turned; break;
	case OP_STATE_GONE: r->guard = guard_not_there; break;
	case OP_PAYLOAD_FLIPPED:
	case OP_PAYLOAD_LENGTH: r->act = act_payload; break;
	case OP_FAR_OTHER: r->act = far_act; break;
	case OP_URC_EARLY:
	case OP_TIMER_EARLY:
	case OP_TIMER_LATE:
		r->act = d->item == 0 ? act_arm : act_timer;
		if (d->item == 0)
			r->arm = TIMER_NONE;
		break;
	case OP_URC_LATE: say_add(r, urc_late); break;
	default:
		r->act = act_marked;
		say_add(r, say_filtered);
		break;
	}
}

/* ---- commands -------------------------------------------------------------------------- */

static uint64_t
rules_taken(const struct modem *m)
{
	uint64_t n = 0;

	for (int i = 0; i < MODEM_RULES_MAX; i++)
		n += m->hits[i];
	return n;
}

/* The handler of a command's form: what it says is spoilt, unless a rule said it, which has deviations of its own. */
static void
deviant_handler(struct modem *m, const struct at_command *c)
{
	uint64_t taken = rules_taken(m);
	uint32_t mark;

	if (c->form != hook.d->form) {
		modem_command_run(m, hook.command, c);
		return;
	}
	if (hook.d->op == OP_ECHO_OFF)
		filter_echo(m);
	mark = m->out_len;
	modem_command_run(m, hook.command, c);
	if (hook.d->op == OP_ANSWER_LATE) {
		if (m->running)
			return;
		applied();
		m->out_ready_us = m->now_us + LATE_US;
	} else if (hook.d->op != OP_ECHO_OFF && rules_taken(m) == taken) {
		filter_answer(m, mark);
	}
}

/* The row as it was: of the module's own tables. */
static const struct command *
whole_command(const struct deviation *d)
{
	return &modem_tables.command[d->table][d->index];
}

void
hook_command(struct command *row, const struct deviation *d)
{
	hook.in_rows = false;
	hook.command = whole_command(d);
	switch (d->form) {
	case FORM_READ: row->read = deviant_handler; break;
	case FORM_WRITE: row->write = deviant_handler; break;
	case FORM_EXECUTE: row->execute = deviant_handler; break;
	case FORM_TEST:
	case FORM_MAX: break;
	}
}

static struct mutant *every;

/* Any form of any command: as it is, then hook.after. */
static void
every_handler(struct modem *m, const struct at_command *c)
{
	const struct command *whole = NULL;
	uint32_t mark = m->out_len;

	for (int i = 0; i < COMMAND_FAMILIES && whole == NULL; i++)
		if (m->command >= every->command[i] && m->command < every->command[i] + MODEM_COMMANDS_MAX)
			whole = &modem_tables.command[i][m->command - every->command[i]];
	if (whole == NULL)
		return;
	modem_command_run(m, whole, c);
	if (m->out_len >= mark)
		hook.after(m, mark);
}

void
hook_every(struct mutant *t)
{
	every = t;
	for (int i = 0; i < COMMAND_FAMILIES; i++)
		for (struct command *c = t->command[i]; c->name != NULL; c++)
			c->read = c->write = c->execute = every_handler;
}

/* ---- settings ---------------------------------------------------------------------------- */

/* The command's own setting is the one. */
static bool
sets(const struct command *c)
{
	return c->setting == hook.setting || strcmp(c->name, hook.setting->name) == 0;
}

/* OK, and the value is not kept, or not all of it. */
static void
forgetful_handler(struct modem *m, const struct at_command *c)
{
	struct at_command other = *c;
	char kept[MODEM_LINE_MAX], digits[16];
	int last = c->count - 1;
	struct span value = last >= 0 ? parameter_text(c, last) : SPAN("");
	bool tag = c->count == 2 && at_same(parameter_text(c, 0), span_str(hook.setting->name));

	if (last < 0 || c->form != FORM_WRITE || (!sets(hook.command) && !tag) || !setting_fits(hook.setting, value)) {
		modem_command_run(m, hook.command, c);
		return;
	}
	/* What stood there before is set once more. */
	value = setting_in(&m->set, hook.setting, digits);
	if (span_equal(value, parameter_text(c, last)) || !setting_fits(hook.setting, value)) {
		modem_command_run(m, hook.command, c);
		return;
	}
	applied();
	span_write(value, kept, sizeof(kept));
	other.parameter[last].text = span_of(kept, value.len);
	modem_command_run(m, hook.command, &other);
}

/* The command that sets it, as it was: by its row, or AT+HTTPPARA by its tag. */
void
hook_setting(struct mutant *t, const struct deviation *d)
{
	hook.in_rows = false;
	hook.setting = &modem_tables.setting[d->table][d->index];
	for (int i = 0; i < COMMAND_FAMILIES; i++) {
		for (int k = 0; t->command[i][k].name != NULL; k++) {
			const struct command *whole = &modem_tables.command[i][k];
			bool tags = strcmp(whole->name, "+HTTPPARA") == 0 && d->table == SETTINGS_HTTP;

			if (!sets(whole) && !(tags && hook.command == NULL))
				continue;
			hook.command = whole;
			t->command[i][k].write = forgetful_handler;
		}
	}
}

/* ---- parameters ---------------------------------------------------------------------------- */

/* A number just outside is taken as if it were the last one inside: a larger range than the module's memory is no table's. */
static void
lenient_handler(struct modem *m, const struct at_command *c)
{
	const struct parameter *p = &modem_tables.parameter[hook.d->index];
	int64_t limit = hook.d->item == 0 ? p->min : p->max, n;
	struct at_command other = *c;
	char digits[24];

	if (parameter_number(c, p->place, &n) && n == limit + hook.d->value) {
		hook.applied++;
		other.parameter[p->place].text = span_of(digits, number_write(limit, digits, sizeof(digits)));
	}
	modem_command_run(m, hook.command, &other);
}

void
hook_parameter(struct mutant *t, const struct deviation *d)
{
	hook.in_rows = false;
	for (int i = 0; i < COMMAND_FAMILIES; i++) {
		for (int k = 0; t->command[i][k].name != NULL; k++) {
			if (strcmp(t->command[i][k].name, modem_tables.parameter[d->index].command) != 0)
				continue;
			hook.command = &modem_tables.command[i][k];
			t->command[i][k].write = lenient_handler;
		}
	}
}
