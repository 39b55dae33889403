/*
 * hosts_loop_rig: hosts_rig's modem in this process, on the simulated world and in virtual time.
 */
#ifndef HOSTS_LOOP_RIG_H
#define HOSTS_LOOP_RIG_H

#include "modem.h"
#include "world_sim.h"

#define BURST_MAX 65536

/* An answer's least and longest time are kept to the microsecond. */
#define HOSTS_LEAST_MS(ms) (ms)
#define HOSTS_MOST_MS(ms) (ms)

/* Servers send in bursts where a world line says so. */
#define HOSTS_BURSTS true

struct host {
	struct modem m;
	struct world_sim *world;
	uint64_t now_us;
	uint64_t sent_us;  /* when something was last sent */
	uint64_t heard_us; /* when the last burst came */
	uint64_t gap_us;   /* from the burst before it */
	char burst[BURST_MAX];
	size_t len;
	int pulls; /* that took it */
};

static struct host h;

/* Begin with world lines separated by line feeds; echo on, as after power on. */
static inline void
begin(const char *world)
{
	static struct case_line lines[32];
	struct err e = { 0 };
	int n = 0;

	while (*world != '\0') {
		size_t len = strcspn(world, "\n");

		lines[n] = (struct case_line){ .text = { world, len }, .path = "t", .line = n + 1, .column = 1 };
		if (n > 0)
			lines[n - 1].next = &lines[n];
		n++;
		world += len + (world[len] == '\n');
	}
	if (world_sim_begin(h.world, n == 0 ? NULL : lines, 1, &e) != 0)
		fail_msg("%s", e.text);
	h.now_us = h.sent_us = h.heard_us = 0;
	modem_init(&h.m, modem_profile_find(SPAN("")), world_sim_modem(h.world), 1, 0);
}

static inline int
rig_up(void **state)
{
	(void)state;
	h.world = world_sim_new();
	return 0;
}

static inline int
rig_down(void **state)
{
	(void)state;
	world_sim_free(h.world);
	return 0;
}

/* Take what can be pulled at this moment.  false: nothing. */
static inline bool
pull(void)
{
	size_t n;

	h.len = 0;
	h.pulls = 0;
	for (;;) {
		while ((n = modem_pull(&h.m, h.burst + h.len, BURST_MAX - 1 - h.len)) > 0) {
			h.len += n;
			h.pulls++;
		}
		if (modem_due(&h.m) > h.now_us)
			break;
		modem_advance(&h.m, h.now_us);
	}
	h.burst[h.len] = '\0';
	if (h.len == 0)
		return false;
	h.gap_us = h.now_us - h.heard_us;
	h.heard_us = h.now_us;
	return true;
}

/* Let time pass up to end, or up to the next burst. */
static inline bool
until_burst(uint64_t end_us)
{
	for (;;) {
		uint64_t due;

		if (pull())
			return true;
		due = modem_due(&h.m);
		if (h.now_us >= end_us)
			return false;
		h.now_us = due < end_us ? due : end_us;
		modem_advance(&h.m, h.now_us);
	}
}

static inline void
send_bytes(struct span bytes)
{
	modem_feed(&h.m, bytes, h.now_us);
	h.sent_us = h.now_us;
}

static inline void
assert_burst(const char *want)
{
	if (h.len != strlen(want) || memcmp(h.burst, want, h.len) != 0)
		fail_msg("came: %s expected: %s", h.burst, want);
}

static inline void
far_is(const char *line)
{
	char why[512] = "";

	if (far_judge(h.world, span_str(line), why, sizeof(why)) != 0)
		fail_msg("far %s: %s", line, why);
}

#endif
