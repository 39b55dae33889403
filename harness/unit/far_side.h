/*
 * far_side: a world_sim, seen the way the module sees it, and the time it was told; for unit tests.
 */
#ifndef FAR_SIDE_H
#define FAR_SIDE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "world_sim.h"

static struct world_sim *w;
static struct modem_world *net;
static uint64_t now_us;

static inline uint64_t
until(uint64_t us)
{
	now_us = us;
	return net->ops->advance(net, us);
}

/* Begin with lines separated by line feeds, and open bearer 1. */
static inline void
begin(const char *text)
{
	static struct case_line lines[32];
	int n = 0;
	struct err e = { 0 };

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		lines[n] = (struct case_line){ .text = { text, len }, .path = "t", .line = n + 1, .column = 1 };
		if (n > 0)
			lines[n - 1].next = &lines[n];
		n++;
		text += len + (text[len] == '\n');
	}
	if (world_sim_begin(w, n == 0 ? NULL : lines, 1, &e) != 0)
		fail_msg("%s", e.text);
	net = world_sim_modem(w);
	now_us = 0;
	net->ops->bearer_open(net, 1, SPAN("CMNET"), SPAN(""), SPAN(""));
	until(0);
}

static inline int
setup(void **state)
{
	(void)state;
	w = world_sim_new();
	return 0;
}

static inline int
teardown(void **state)
{
	(void)state;
	world_sim_free(w);
	return 0;
}

static inline void
far_is(const char *line, const char *want)
{
	char why[512] = "";
	int result = far_judge(w, span_str(line), why, sizeof(why));

	assert_string_equal(why, want == NULL ? "" : want);
	assert_int_equal(result, want == NULL ? 0 : 1);
}

static inline struct world_http_request
request(enum world_http_method method, const char *url)
{
	return (struct world_http_request){
		.method = method, .url = span_str(url), .user_agent = SPAN("SIMCOM_MODULE"), .timeout_ms = 120000, .cid = 1
	};
}

/* Jump from one due moment to the next until the exchange has ended. */
static inline struct world_http
http_end(void)
{
	struct world_http h;
	uint64_t due = until(now_us);

	net->ops->http_poll(net, &h);
	while (h.state == WORLD_BUSY) {
		assert_true(due != WORLD_NEVER && due > now_us);
		due = until(due);
		net->ops->http_poll(net, &h);
	}
	return h;
}

static inline struct world_http
exchange(const struct world_http_request *rq)
{
	net->ops->http_start(net, rq);
	return http_end();
}

static inline void
assert_body(const char *want)
{
	char body[256];
	size_t n = net->ops->http_read(net, 0, body, sizeof(body));

	assert_int_equal(n, strlen(want));
	assert_memory_equal(body, want, n);
}

static inline struct world_ftp_request
session(enum world_ftp_verb verb, const char *path, const char *name)
{
	return (struct world_ftp_request){ .verb = verb,
		.server = SPAN("116.228.221.52"),
		.port = 21,
		.user = SPAN("sim.cs1"),
		.password = SPAN("12345"),
		.path = span_str(path),
		.name = span_str(name),
		.timeout_ms = 75000,
		.cid = 1 };
}

static inline struct world_ftp
ftp_next(void)
{
	struct world_ftp f;
	uint64_t due = until(now_us);

	net->ops->ftp_poll(net, &f);
	while (f.state == WORLD_BUSY) {
		assert_true(due != WORLD_NEVER && due > now_us);
		due = until(due);
		net->ops->ftp_poll(net, &f);
	}
	return f;
}

static inline struct world_ftp
start(const struct world_ftp_request *rq)
{
	net->ops->ftp_start(net, rq);
	return ftp_next();
}

/* A session that transfers nothing: how it ended; 0 is well. */
static inline int
simple(enum world_ftp_verb verb, const char *path, const char *name)
{
	struct world_ftp_request rq = session(verb, path, name);
	struct world_ftp f = start(&rq);

	assert_true(f.state == WORLD_DONE || f.state == WORLD_FAILED);
	net->ops->ftp_close(net);
	return f.error;
}

/* Upload all of bytes by the windows that are offered. */
static inline struct world_ftp
upload(enum world_ftp_put put, const char *name, struct span bytes, bool ascii)
{
	struct world_ftp_request rq = session(WORLD_STORE, "/", name);
	struct world_ftp f;

	rq.put = put;
	rq.ascii = ascii;
	f = start(&rq);
	while (bytes.len > 0 && f.state == WORLD_READY) {
		if (f.window > 0)
			bytes = span_after(bytes, net->ops->ftp_write(net, span_first(bytes, f.window)));
		else
			until(until(now_us));
		net->ops->ftp_poll(net, &f);
	}
	net->ops->ftp_finish(net);
	net->ops->ftp_poll(net, &f);
	while (f.state == WORLD_READY) {
		until(until(now_us));
		net->ops->ftp_poll(net, &f);
	}
	net->ops->ftp_close(net);
	return f;
}

#endif
