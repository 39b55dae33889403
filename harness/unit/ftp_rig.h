/*
 * ftp_rig: the net world's FTP in front of a scripted server, asked as a module asks it.
 */
#ifndef FTP_RIG_H
#define FTP_RIG_H

#include <malloc.h>

#include "clock.h"
#include "ftp_server.h"
#include "world_curl.h"

/* A test that waits longer than this has failed. */
#define RIG_LIMIT_US 30000000u
#define RIG_KEPT_MAX (1u << 20)

static struct world_reach reach;
static struct world_curl *net;
static struct modem_world *world;
static struct ftp_server *ftp_server;
static struct world_ftp_request rq;	/* what rig_run asks; a test changes what it is about */
static char kept[RIG_KEPT_MAX + 1];	/* what was read, with a NUL behind it */
static uint64_t read_length;

static int
rig_setup(void **state)
{
	struct err e;

	(void)state;
	memset(&reach, 0, sizeof(reach));
	ftp_server = NULL;
	net = world_curl_open(&reach, NULL, &e);
	assert_non_null(net);
	world = world_curl_modem(net);
	world->ops->bearer_open(world, 1, SPAN(""), SPAN(""), SPAN(""));
	rq = (struct world_ftp_request){ .verb = WORLD_RETR,
		.server = SPAN("127.0.0.1"),
		.user = SPAN("me"),
		.password = SPAN("secret"),
		.path = SPAN("/d/"),
		.name = SPAN("x.txt"),
		.passive = true,
		.timeout_ms = 20000,
		.cid = 1 };
	return 0;
}

static int
rig_teardown(void **state)
{
	(void)state;
	world_curl_close(net);
	if (ftp_server != NULL) {
		ftp_server_end(ftp_server);
		ftp_server_free(ftp_server);
	}
	return 0;
}

/* A server for what is asked next; the one before is over. */
static inline void
rig_server(struct ftp_server_script script)
{
	if (ftp_server != NULL) {
		ftp_server_end(ftp_server);
		ftp_server_free(ftp_server);
	}
	ftp_server = ftp_server_start(&script);
	rq.port = ftp_server->port;
}

/* Sleep as the emulator's loop does, and let the world see what has come. */
static inline void
rig_turn(void)
{
	struct emulate_far *far_side = world_curl_far(net);
	struct pollfd fds[EMULATE_FDS_MAX];
	size_t n = far_side->fds(far_side, fds);
	uint64_t due = world->ops->advance(world, clock_us()), now = clock_us();
	uint64_t wait_us = due <= now ? 0 : due - now;

	poll(fds, n, wait_us > 100000 ? 100 : (int)((wait_us + 999) / 1000));
	far_side->polled(far_side, fds, n, clock_us());
	world->ops->advance(world, clock_us());
}

static inline struct world_ftp
rig_poll(void)
{
	struct world_ftp now;

	world->ops->ftp_poll(world, &now);
	return now;
}

static inline void
rig_read(void)
{
	static char piece[1460];
	size_t n;

	while ((n = world->ops->ftp_read(world, piece, sizeof(piece))) > 0) {
		for (size_t i = 0; i < n && read_length + i < RIG_KEPT_MAX; i++)
			kept[read_length + i] = piece[i];
		read_length += n;
	}
	kept[read_length < RIG_KEPT_MAX ? read_length : RIG_KEPT_MAX] = '\0';
}

/* Wait until it has come to an end, or data may flow. */
static inline struct world_ftp
rig_until_flows(void)
{
	uint64_t limit = clock_us() + RIG_LIMIT_US;
	struct world_ftp now;

	while ((now = rig_poll()).state == WORLD_BUSY && clock_us() < limit)
		rig_turn();
	assert_int_not_equal(now.state, WORLD_BUSY);
	return now;
}

/* Start what is asked and play it to its end: read all that comes, write upload. */
static inline struct world_ftp
rig_run(struct span upload)
{
	uint64_t limit = clock_us() + RIG_LIMIT_US;
	struct world_ftp now;
	bool finished = false;

	read_length = 0;
	kept[0] = '\0';
	world->ops->ftp_start(world, &rq);
	for (;;) {
		now = rig_poll();
		if (now.state == WORLD_DONE || now.state == WORLD_FAILED)
			break;
		assert_true(clock_us() < limit);
		if (now.available > 0)
			rig_read();
		while (now.window > 0 && upload.len > 0) {
			upload = span_after(upload, world->ops->ftp_write(world, span_first(upload, now.window)));
			now = rig_poll();
		}
		if (rq.verb == WORLD_STORE && now.state == WORLD_READY && upload.len == 0 && !finished) {
			finished = true;
			world->ops->ftp_finish(world);
		}
		rig_turn();
	}
	return now;
}

/* What is asked ends in this error, 0 for none. */
static inline void
assert_ends(int error)
{
	static char upload[5000];
	struct world_ftp now = rig_run(rq.verb == WORLD_STORE ? span_of(upload, sizeof(upload)) : SPAN(""));

	if (now.error != error && ftp_server != NULL)
		print_error("the server was told:\n%s", ftp_server->log);
	assert_int_equal(now.state, error == 0 ? WORLD_DONE : WORLD_FAILED);
	assert_int_equal(now.error, error);
	world->ops->ftp_close(world);
}

/* ... of a server that does as this script says. */
static inline void
assert_script(struct ftp_server_script script, int error)
{
	rig_server(script);
	assert_ends(error);
}

/* ... and that says this to one command. */
static inline void
assert_reply(const char *verb, const char *text, int error)
{
	assert_script((struct ftp_server_script){ .replies = { { verb, text, FTP_SERVER_SAY } }, .length = 100 }, error);
}

/* What the server was told, in a session that ended well; "": nothing. */
static inline void
assert_told(const char *log)
{
	char whole[4096] = "";

	if (log[0] == '\0')
		ftp_server_end(ftp_server);
	else
		ftp_server_wait(ftp_server);
	if (log[0] != '\0')
		snprintf(whole, sizeof(whole), "%sQUIT\n", log);
	assert_string_equal(ftp_server->log, whole);
	ftp_server_free(ftp_server);
	ftp_server = NULL;
}

#endif
