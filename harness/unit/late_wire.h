/*
 * For the tests of the rig: a wire in real time, whose process is stopped at given moments.  The clock is the test's; what
 * arrives while it is stopped is seen when it goes on.
 */
#ifndef LATE_WIRE_H
#define LATE_WIRE_H

#include "case_text.h"
#include "rig.h"
#include "run.h"

#define LATE_START_US 100000000u /* the module was found long ago */
#define LATE_ROWS_MAX 16

/* Counted from the start of the case. */
struct arrival {
	uint64_t at_us;
	const char *bytes;
};

struct stop {
	uint64_t at_us, for_us;
};

static struct late_wire {
	struct wire wire; /* first */
	uint64_t now_us, begun_us, looked_us;
	const struct arrival *arrival;
	size_t arrivals, taken;
	struct stop stop[LATE_ROWS_MAX];
	size_t stops;
	int sends;
	uint64_t sent_us[LATE_ROWS_MAX];
	bool silent; /* AT is not answered */
	unsigned moved; /* lines, once the clock has come to it */
} late;

/* The clock goes on to then; one that is stopped on the way goes on later. */
static inline void
late_pass(uint64_t until_us)
{
	for (size_t i = 0; i < late.stops; i++) {
		uint64_t at = late.begun_us + late.stop[i].at_us;

		if (late.stop[i].for_us == 0 || at >= until_us)
			continue;
		until_us = at + late.stop[i].for_us > until_us ? at + late.stop[i].for_us : until_us;
		late.stop[i].for_us = 0;
	}
	late.now_us = until_us > late.now_us ? until_us : late.now_us;
}

static int
late_begin(struct wire *w, const struct case_setting *s, uint64_t seed, struct err *e)
{
	(void)w, (void)s, (void)seed, (void)e;
	late.begun_us = late.looked_us = late.now_us;
	return 0;
}

static int
late_send(struct wire *w, struct span bytes, struct err *e)
{
	(void)w, (void)e;
	if (late.sends < LATE_ROWS_MAX)
		late.sent_us[late.sends++] = late.now_us - late.begun_us;
	if (bytes.len > 2 && memcmp(bytes.at, "ATQ0", 4) == 0 && !late.silent) {
		static const struct arrival ok[] = { { 0, "\r\nOK\r\n" } };

		late.arrival = ok;
		late.arrivals = 1;
		late.taken = 0;
	}
	return 0;
}

static long
late_recv(struct wire *w, char *into, size_t cap, uint64_t until_us, struct wire_when *when, struct err *e)
{
	uint64_t wake_us = until_us;
	size_t n = 0;

	(void)w, (void)e;
	if (late.taken < late.arrivals && late.begun_us + late.arrival[late.taken].at_us < wake_us)
		wake_us = late.begun_us + late.arrival[late.taken].at_us;
	late_pass(wake_us > late.now_us ? wake_us : late.now_us);
	while (late.taken < late.arrivals && late.begun_us + late.arrival[late.taken].at_us <= late.now_us) {
		size_t len = strlen(late.arrival[late.taken].bytes);

		assert_true(n + len <= cap);
		memcpy(into + n, late.arrival[late.taken++].bytes, len);
		n += len;
	}
	if (n > 0) {
		when->after_us = late.looked_us;
		when->at_us = late.now_us;
	}
	late.looked_us = n > 0 ? late.now_us : until_us > late.looked_us ? until_us : late.looked_us;
	return (long)n;
}

static uint64_t
late_now(struct wire *w)
{
	(void)w;
	return late.now_us;
}

static unsigned
late_lines(struct wire *w, unsigned *mask)
{
	(void)w;
	*mask = 0;
	return 0;
}

static int
late_order(struct wire *w, const struct wire_order *o, struct err *e)
{
	(void)w, (void)o, (void)e;
	return 1;
}

static struct world_sim *
late_far(struct wire *w)
{
	(void)w;
	return NULL;
}

static void
late_close(struct wire *w)
{
	(void)w;
}

static const struct wire_ops late_ops = {
	.begin = late_begin,
	.send = late_send,
	.recv = late_recv,
	.now = late_now,
	.lines = late_lines,
	.order = late_order,
	.far = late_far,
	.close = late_close,
};

static struct outcome outcome;
static struct runner *runner;
static struct rig *rig;

/* Play text under a header of two lines; silent: at the end the module answers AT no more. */
static inline void
late_play(const char *text, const struct arrival *arrival, size_t arrivals, const struct stop *stop, size_t stops, bool silent)
{
	static const struct rig_options options = { .port = "test", .wait_us = 2000000 };
	char whole[4096];

	memset(&late, 0, sizeof(late));
	late.wire.ops = &late_ops;
	late.now_us = LATE_START_US;
	late.arrival = arrival;
	late.arrivals = arrivals;
	late.silent = silent;
	for (size_t i = 0; i < stops; i++)
		late.stop[late.stops++] = stop[i];
	snprintf(whole, sizeof(whole), "title A case\nspec A document, 1.1\n%s", text);
	assert_reads(whole);
	runner_free(runner);
	if (rig != NULL)
		rig_wire(rig)->ops->close(rig_wire(rig));
	rig = rig_new(&late.wire, &options);
	runner = runner_new(rig_wire(rig));
	run_case(runner, &parsed, 1, &outcome);
}

#define ARRIVALS(...) ((const struct arrival[]){ __VA_ARGS__ }), sizeof((const struct arrival[]){ __VA_ARGS__ }) / sizeof(struct arrival)
#define STOPS(...) ((const struct stop[]){ __VA_ARGS__ }), sizeof((const struct stop[]){ __VA_ARGS__ }) / sizeof(struct stop)
#define NO_STOP NULL, 0

static inline void
assert_verdict(enum verdict v, const char *type, const char *part)
{
	if (outcome.verdict != v || strcmp(outcome.type, type) != 0 || strstr(outcome.message, part) == NULL)
		fail_msg("%s, %s: %s; expected %s, %s: %s", verdict_name(outcome.verdict), outcome.type, outcome.message, verdict_name(v), type,
		    part);
}

#endif
