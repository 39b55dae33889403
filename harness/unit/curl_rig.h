/*
 * curl_rig: a net world in front of a scripted server, asked as a module asks it.
 */
#ifndef CURL_RIG_H
#define CURL_RIG_H

#include "clock.h"
#include "scripted_server.h"
#include "world_curl.h"

/* A test that waits longer than this has failed. */
#define RIG_LIMIT_US 20000000u

static struct world_reach reach;
static struct world_curl *net;
static struct modem_world *world;
static char *said;	/* what the world said of refusals; after rig_said */
static size_t said_len;
static FILE *saying;

/* The world, once rules and maps are set. */
static void
rig_open(void)
{
	struct err e;

	saying = open_memstream(&said, &said_len);
	net = world_curl_open(&reach, saying, &e);
	assert_non_null(net);
	world = world_curl_modem(net);
}

static int
rig_setup(void **state)
{
	memset(&reach, 0, sizeof(reach));
	net = NULL;
	saying = NULL;
	lookups = 0;
	return server_open(state);
}

static int
rig_teardown(void **state)
{
	world_curl_close(net);
	if (saying != NULL) {
		fclose(saying);
		free(said);
		said = NULL;
	}
	return server_close(state);
}

/* What the server got on a connection holds this. */
static __attribute__((unused)) void
assert_got(int connection, const char *text)
{
	if (strstr(server.script[connection].got, text) == NULL)
		print_error("connection %d got:\n%s\n", connection, server.script[connection].got);
	assert_non_null(strstr(server.script[connection].got, text));
}

static __attribute__((unused)) void
assert_not_got(int connection, const char *text)
{
	if (strcasestr(server.script[connection].got, text) != NULL)
		print_error("connection %d got:\n%s\n", connection, server.script[connection].got);
	assert_null(strcasestr(server.script[connection].got, text));
}

static __attribute__((unused)) void
rig_allow(const char *host)
{
	struct err e;

	assert_int_equal(reach_allow(&reach, host, &e), 0);
}

static __attribute__((unused)) const char *
rig_said(void)
{
	fflush(saying);
	return said;
}

/* Sleep as the emulator's loop does, and let the world see what has come. */
static void
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

/* "http://127.0.0.1:PORT/PATH", good until the next call but three. */
static const char *
rig_url(const char *host, const char *path)
{
	static char urls[4][256];
	static int next;
	char *url = urls[next++ % 4];

	snprintf(url, sizeof(urls[0]), "http://%s:%u%s", host, server.port, path);
	return url;
}

static struct world_http_request
rig_get(const char *url)
{
	return (struct world_http_request){ .method = WORLD_GET, .url = span_str(url), .user_agent = SPAN("SIMCOM_MODULE"), .timeout_ms = 30000, .cid = 1 };
}

/* Play it to its end. */
static struct world_http
rig_http(struct world_http_request rq)
{
	uint64_t limit = clock_us() + RIG_LIMIT_US;
	struct world_http now;

	world->ops->http_start(world, &rq);
	for (;;) {
		world->ops->http_poll(world, &now);
		if (now.state != WORLD_BUSY || clock_us() > limit)
			break;
		rig_turn();
	}
	assert_int_not_equal(now.state, WORLD_BUSY);
	return now;
}

/* The next connection gets say; a GET of its URL. */
static __attribute__((unused)) struct world_http
rig_answer(const char *say)
{
	server_script((struct scripted){ .say = say });
	return rig_http(rig_get(rig_url("127.0.0.1", "/")));
}

/* The body as far as it fits, with a NUL behind it. */
static __attribute__((unused)) const char *
rig_body(void)
{
	static char body[320000];
	size_t n = world->ops->http_read(world, 0, body, sizeof(body) - 1);

	body[n] = '\0';
	return body;
}

#endif
