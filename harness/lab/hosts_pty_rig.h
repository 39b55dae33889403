/*
 * hosts_pty_rig: hosts_rig's modem behind a pseudo-terminal, in real time, with nginx and proftpd behind it.
 *
 * The same dialogues, byte by byte, as host programs hold them.  Their times are kept, but with room for a machine that
 * has other work; what the terminal brings in two pieces is put together, and in one piece, taken apart.
 */
#ifndef HOSTS_PTY_RIG_H
#define HOSTS_PTY_RIG_H

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "clock.h"
#include "hosts_servers.h"
#include "world_sim.h"

#define BURST_MAX 65536

/* An answer's latency is known to the microsecond where time is virtual; here only its end is a promise. */
#define HOSTS_LEAST_MS(ms) ((ms) <= 50 ? 0 : (ms) - 50)
#define HOSTS_MOST_MS(ms) ((ms) + 3000)

/* Real servers send all at once, whatever a world line says. */
#define HOSTS_BURSTS false

/* A burst has ended when nothing followed for so long: the next one is 20 ms behind at the soonest. */
#define SETTLE_MS 4

struct host {
	struct world_sim *world;
	struct hosts_servers servers;
	int fd;
	uint64_t now_us, sent_us, heard_us, gap_us;
	char burst[BURST_MAX];
	size_t len;
	int pulls;
	int nth;		/* dialogue of this program */
	char early[BURST_MAX];	/* came with the burst before */
	size_t early_len;
};

static struct host h = { .fd = -1 };

static inline int
rig_up(void **state)
{
	(void)state;
	h.world = world_sim_new();
	h.nth++;
	return 0;
}

/* $HOSTS_SHARE, "1/4": of four processes this is the second, and each plays its own dialogues; unset: all. */
static inline bool
is_ours(void)
{
	const char *share = getenv("HOSTS_SHARE");
	int which = 0, of = 1;

	return share == NULL || sscanf(share, "%d/%d", &which, &of) != 2 || of < 1 || h.nth % of == which;
}

static inline void
host_end(void)
{
	if (h.fd >= 0)
		close(h.fd);
	h.fd = -1;
	servers_stop(&h.servers);
}

static inline int
rig_down(void **state)
{
	(void)state;
	host_end();
	world_sim_free(h.world);
	return 0;
}

static inline void
begin(const char *world)
{
	static struct case_line lines[32];
	struct err e = { 0 };
	const char *bad;
	char path[64];
	int n = 0;

	host_end();
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
	if (!is_ours())
		skip();
	bad = servers_start(&h.servers, h.world, path, sizeof(path));
	if (bad != NULL)
		fail_msg("%s: see %s", bad, h.servers.dir);
	h.fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(h.fd >= 0);
	h.early_len = 0;
	h.now_us = h.sent_us = h.heard_us = clock_us();
}

/* What comes within wait_ms, behind what there is. */
static inline bool
take(int wait_ms)
{
	struct pollfd p = { .fd = h.fd, .events = POLLIN };
	ssize_t n = poll(&p, 1, wait_ms) > 0 ? read(h.fd, h.burst + h.len, BURST_MAX - 1 - h.len) : 0;

	if (n <= 0)
		return false;
	h.len += (size_t)n;
	h.burst[h.len] = '\0';
	return true;
}

static inline bool
until_burst(uint64_t end_us)
{
	h.len = h.early_len;
	memcpy(h.burst, h.early, h.len);
	h.burst[h.len] = '\0';
	h.early_len = 0;
	h.pulls = 1;
	while (h.len == 0) {
		h.now_us = clock_us();
		if (h.now_us >= end_us)
			return false;
		take((int)((end_us - h.now_us + 999) / 1000));
	}
	h.now_us = clock_us();
	h.gap_us = h.now_us - h.heard_us;
	h.heard_us = h.now_us;
	while (take(SETTLE_MS))
		;
	return true;
}

static inline void
send_bytes(struct span bytes)
{
	h.sent_us = h.now_us = clock_us();
	assert_int_equal(write(h.fd, bytes.at, bytes.len), bytes.len);
}

static inline void
assert_burst(const char *want)
{
	size_t len = strlen(want);

	while (h.len < len && memcmp(h.burst, want, h.len) == 0 && take(1000))
		;
	if (h.len < len || memcmp(h.burst, want, len) != 0)
		fail_msg("came: %s expected: %s", h.burst, want);
	h.early_len = h.len - len;
	memcpy(h.early, h.burst + len, h.early_len);
}

/* Judged as in the simulated world, on what the servers have seen. */
static inline void
far_is(const char *line)
{
	const char *bad = servers_seen(&h.servers, h.world);
	char why[512] = "";

	if (bad != NULL)
		fail_msg("%s", bad);
	if (far_judge(h.world, span_str(line), why, sizeof(why)) != 0)
		fail_msg("far %s: %s", line, why);
}

#endif
