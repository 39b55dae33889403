/* cmd_run_estimate: how long a run on a real port will take, told by the emulator in virtual time. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd_run.h"
#include "stop.h"

#define BETWEEN_US 600000u /* what puts the module back behind a case, on an emulator in real time */

/* The emulator of this run's profile, as slow as the port's line. */
static struct wire *
emulator(const struct cmd_run *s, struct err *e)
{
	char text[128];
	struct port port;

	if (s->options.port.baud != 0)
		snprintf(text, sizeof(text), "emulator:%s,%u", s->profile, s->options.port.baud);
	else
		snprintf(text, sizeof(text), "emulator:%s", s->profile);
	return port_read(&port, text, e) == 0 ? wire_open(&port, e) : NULL;
}

/* What x takes, 0 when it will not be played. */
static uint64_t
one(struct cmd_run *s, const struct plan_entry *x, struct runner *r)
{
	struct case_file *f = s->plan.file[x->file].file;
	struct errors es = { .count = 0, .more = 0 };
	struct test_case c;
	struct outcome o;
	int bad;

	arena_reset(&s->arena);
	case_lab(f, NULL);
	bad = case_parse(f, (int)x->row, &s->arena, &c, &es);
	case_lab(f, s->options.plan.lab);
	if (bad < 0 || cmd_run_skips(s, &c, &o) || run_kept_away(s->runner, &c) != NULL)
		return 0;
	run_case(r, &c, plan_seed(s->options.plan.seed, c.path, c.row, 1), &o);
	return o.wire_us + BETWEEN_US;
}

void
cmd_run_estimate(struct cmd_run *s)
{
	uint64_t us = 0, cases = 0;
	struct runner *r;
	struct wire *w;
	struct err e;

	if (s->rig == NULL)
		return;
	w = emulator(s, &e);
	r = w == NULL ? NULL : runner_new(w);
	for (uint32_t i = 0; r != NULL && i < s->plan.entries && stop_signal == 0; i++)
		if (!s->plan.entry[i].done) {
			uint64_t took = one(s, &s->plan.entry[i], r);

			us += took;
			cases += took > 0;
		}
	us *= s->options.repeat;
	if (r != NULL && stop_signal == 0)
		fprintf(stderr,
		    "attest run: %" PRIu64 " cases can be played here, about %" PRIu64 " min %" PRIu64
		    " s as the emulator takes its time; a network of its own takes longer\n",
		    cases, us / 60000000, us / 1000000 % 60);
	runner_free(r);
	if (w != NULL)
		w->ops->close(w);
}
