#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "world_sim.h"

/* A world, the way the module sees it, and the time it was told. */
static struct world_sim *w;
static struct modem_world *net;
static uint64_t now_us;

static uint64_t
until(uint64_t us)
{
	now_us = us;
	return net->ops->advance(net, us);
}

/* Begin with lines separated by line feeds, and open bearer 1. */
static void
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

static int
setup(void **state)
{
	(void)state;
	w = world_sim_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	world_sim_free(w);
	return 0;
}

static void
far_is(const char *line, const char *want)
{
	char why[512] = "";
	int result = far_judge(w, span_str(line), why, sizeof(why));

	assert_string_equal(why, want == NULL ? "" : want);
	assert_int_equal(result, want == NULL ? 0 : 1);
}

/* ---- http ------------------------------------------------------------------ */

static struct world_http_request
request(enum world_http_method method, const char *url)
{
	return (struct world_http_request){
		.method = method, .url = span_str(url), .user_agent = SPAN("SIMCOM_MODULE"), .timeout_ms = 120000, .cid = 1
	};
}

/* Jump from one due moment to the next until the exchange has ended. */
static struct world_http
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

static struct world_http
exchange(const struct world_http_request *rq)
{
	net->ops->http_start(net, rq);
	return http_end();
}

static void
assert_body(const char *want)
{
	char body[256];
	size_t n = net->ops->http_read(net, 0, body, sizeof(body));

	assert_int_equal(n, strlen(want));
	assert_memory_equal(body, want, n);
}

static void
a_get_takes_the_latency_and_gives_the_body(void **state)
{
	struct world_http_request rq = request(WORLD_GET, "www.sim.com");
	struct world_http h;

	(void)state;
	begin("http www.sim.com \"hello\" type \"text/plain\"");
	h = exchange(&rq);
	assert_int_equal(h.state, WORLD_DONE);
	assert_int_equal(h.status, 200);
	assert_int_equal(h.length, 5);
	assert_int_equal(now_us, 300000);
	assert_body("hello");
	assert_true(span_equal(h.header, SPAN("HTTP/1.1 200 OK\r\nServer: attest\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
					      "Connection: close\r\n")));
	far_is("http saw GET http://www.sim.com/ direct count 1 no header \"Range\" header \"User-Agent: SIMCOM_MODULE\"", NULL);
	far_is("http saw GET HTTP://WWW.sim.com:80/", "no GET http://WWW.sim.com/ arrived; the last request was GET http://www.sim.com/");
}

static void
failures_have_the_numbers_of_the_facts(void **state)
{
	static const struct {
		const char *world, *url;
		int status;
	} rows[] = {
		{ "", "www.sim.com", 603 },
		{ "", "10.1.2.3/x", 601 },
		{ "", "http://", 603 },
		{ "dns www.sim.com fails\nhttp www.sim.com \"x\"", "www.sim.com", 603 },
		{ "dns www.sim.com silent\nhttp www.sim.com \"x\"", "www.sim.com", 603 },
		{ "http www.sim.com \"x\" refuse", "www.sim.com", 601 },
		{ "http www.sim.com \"x\"", "www.sim.com:8080", 601 },
		{ "http www.sim.com \"x\" silent", "www.sim.com", 601 },
		{ "http www.sim.com 100 bytes cut after 10 bytes", "www.sim.com", 601 },
		{ "http www.sim.com \"x\" garbage", "www.sim.com", 600 },
		{ "http www.sim.com \"x\" tls-fails", "https://www.sim.com", 605 },
		{ "http www.sim.com \"x\" tls-alert", "https://www.sim.com", 606 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world_http_request rq = request(WORLD_GET, rows[i].url);
		struct world_http h;

		begin(rows[i].world);
		h = exchange(&rq);
		assert_int_equal(h.state, WORLD_FAILED);
		assert_int_equal(h.status, rows[i].status);
		net->ops->http_close(net);
	}
}

static void
a_silent_server_ends_with_the_timeout(void **state)
{
	struct world_http_request rq = request(WORLD_GET, "www.sim.com");

	(void)state;
	begin("http www.sim.com \"x\" silent");
	rq.timeout_ms = 30000;
	assert_int_equal(exchange(&rq).status, 601);
	assert_int_equal(now_us, 30000000);
	far_is("http saw GET http://www.sim.com/", NULL);
}

static void
statuses_of_the_server_are_answers(void **state)
{
	static const struct {
		const char *world, *url;
		int method, status;
	} rows[] = {
		{ "http www.sim.com \"x\"", "www.sim.com/missing", WORLD_GET, 404 },
		{ "http www.sim.com \"x\" status 503", "www.sim.com", WORLD_GET, 503 },
		{ "http www.sim.com \"x\" method POST", "www.sim.com", WORLD_GET, 405 },
		{ "http www.sim.com \"x\" method POST", "www.sim.com", WORLD_POST, 200 },
		{ "http www.sim.com \"x\"", "www.sim.com", WORLD_DELETE, 200 },
		{ "http www.sim.com/a?b=1 \"x\"\nhttp www.sim.com/a \"y\" status 201", "www.sim.com/a?b=1", WORLD_GET, 200 },
		{ "http www.sim.com/a?b=1 \"x\"\nhttp www.sim.com/a \"y\" status 201", "www.sim.com/a?b=2", WORLD_GET, 201 },
		{ "http www.sim.com \"x\"\nhttp www.sim.com \"y\" status 201", "http://user:pw@www.sim.com", WORLD_GET, 201 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world_http_request rq = request((enum world_http_method)rows[i].method, rows[i].url);
		struct world_http h;

		begin(rows[i].world);
		h = exchange(&rq);
		assert_int_equal(h.state, WORLD_DONE);
		assert_int_equal(h.status, rows[i].status);
	}
	far_is("http saw GET http://www.sim.com/", NULL);
}

static void
status_numbers_are_those_of_the_note(void **state)
{
	struct world_http_request rq = request(WORLD_GET, "www.baidu.com");
	struct world_http h;
	char body[2048];

	(void)state;
	begin("http www.baidu.com 9355 bytes rate 1440 latency 0ms");
	net->ops->http_start(net, &rq);
	until(1500000);
	net->ops->http_poll(net, &h);
	assert_int_equal(h.state, WORLD_BUSY);
	assert_false(h.sending);
	assert_int_equal(h.finished, 1440);
	assert_int_equal(h.remaining, 7915);
	assert_int_equal(http_end().length, 9355);
	rq.method = WORLD_POST;
	memset(body, 'x', sizeof(body));
	rq.body = span_of(body, sizeof(body));
	begin("http www.baidu.com rate 1440");
	net->ops->http_start(net, &rq);
	until(1200000);
	net->ops->http_poll(net, &h);
	assert_true(h.sending);
	assert_int_equal(h.finished, 1440);
	assert_int_equal(h.remaining, 608);
	assert_int_equal(http_end().length, 0);
}

static void
ranges_are_answered_as_described(void **state)
{
	static const struct {
		const char *ranges;
		uint32_t first, last, length;
		int status;
	} rows[] = {
		{ "yes", 2000, 0, 14384, 206 },
		{ "ok", 2000, 0, 14384, 200 },
		{ "no", 2000, 0, 16384, 200 },
		{ "yes", 0, 0, 16384, 200 },
		{ "yes", 0, 3071, 3072, 206 },
		{ "yes", 100, 50, 16284, 206 },
		{ "yes", 16383, 99999, 1, 206 },
		{ "yes", 16384, 0, 0, 416 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world_http_request rq = request(WORLD_GET, "HTTP://www.sim.com/logo.gif");
		struct world_http h;
		struct content whole = { .kind = CONTENT_PATTERN, .length = 16384, .pattern = 38 };
		char line[128], body[16384];
		size_t n;

		snprintf(line, sizeof(line), "http www.sim.com/logo.gif 16384 bytes pattern 38 ranges %s", rows[i].ranges);
		begin(line);
		rq.range_first = rows[i].first;
		rq.range_last = rows[i].last;
		h = exchange(&rq);
		assert_int_equal(h.status, rows[i].status);
		assert_int_equal(h.length, rows[i].length);
		n = net->ops->http_read(net, 0, body, sizeof(body));
		assert_int_equal(n, rows[i].length);
		assert_int_equal(content_differs(&whole, strcmp(rows[i].ranges, "no") == 0 ? 0 : rows[i].first, span_of(body, n)), n);
	}
	begin("http www.sim.com/logo.gif 16384 bytes");
	{
		struct world_http_request rq = request(WORLD_GET, "www.sim.com/logo.gif");

		rq.range_first = 2000;
		assert_non_null(memmem(exchange(&rq).header.at, 300, "Content-Range: bytes 2000-16383/16384\r\n", 39));
		far_is("http saw GET header \"Range: bytes=2000-\"", NULL);
		far_is("http saw GET header \"Range: bytes=2001-\"",
		    "http://www.sim.com/logo.gif has Range: bytes=2000-, expected bytes=2001-");
	}
}

static void
redirects_are_followed_when_asked(void **state)
{
	struct world_http_request rq = request(WORLD_GET, "www.sim.com/abcde");
	struct world_http h;

	(void)state;
	begin("http www.sim.com/abcde redirect \"http://www.sim.com/target\" 302\nhttp www.sim.com/target \"there\"");
	h = exchange(&rq);
	assert_int_equal(h.status, 302);
	assert_non_null(memmem(h.header.at, h.header.len, "Location: http://www.sim.com/target\r\n", 37));
	rq.redirect = true;
	h = exchange(&rq);
	assert_int_equal(h.status, 200);
	assert_body("there");
	far_is("http saw GET http://www.sim.com/abcde count 2", NULL);
	far_is("http saw GET http://www.sim.com/target count 1", NULL);
	begin("http www.sim.com/abcde redirect \"/abcde\"");
	assert_int_equal(exchange(&rq).status, 302);
	far_is("http saw GET count 11", NULL);
	begin("http www.sim.com/abcde redirect \"/x\" 303\nhttp www.sim.com/x \"got\"");
	rq.method = WORLD_POST;
	assert_int_equal(exchange(&rq).status, 200);
	far_is("http saw GET http://www.sim.com/x", NULL);
}

static void
a_head_has_a_length_in_its_header_only(void **state)
{
	struct world_http_request rq = request(WORLD_HEAD, "www.sim.com");
	struct world_http h;
	char body[10];

	(void)state;
	begin("http www.sim.com 1000 bytes");
	h = exchange(&rq);
	assert_int_equal(h.length, 0);
	assert_int_equal(net->ops->http_read(net, 0, body, sizeof(body)), 0);
	assert_non_null(memmem(h.header.at, h.header.len, "Content-Length: 1000\r\n", 22));
}

static void
posts_are_recorded_and_echoed(void **state)
{
	struct world_http_request rq = request(WORLD_POST, "www.sim.com");
	struct content c = { .kind = CONTENT_PATTERN, .length = 100, .pattern = 7 };
	char body[100], back[200];

	(void)state;
	content_fill(&c, 0, body, sizeof(body));
	rq.body = span_of(body, sizeof(body));
	rq.content_type = SPAN("text/plain");
	rq.user_data = SPAN("X-A: 1\\r\\nX-B: 2");
	begin("http www.sim.com 62 bytes digits echo");
	assert_int_equal(exchange(&rq).length, 162);
	assert_int_equal(net->ops->http_read(net, 60, back, sizeof(back)), 102);
	assert_memory_equal(back, "01", 2);
	assert_memory_equal(back + 2, body, 100);
	far_is("http saw POST 100 bytes pattern 7", NULL);
	far_is("http saw POST http://www.sim.com/ body 100 bytes pattern 7 header \"X-A: 1\" header \"x-b: 2\" "
	       "header \"Content-Type: text/plain\" header \"Content-Length: 100\"",
	    NULL);
	body[17] ^= 1;
	exchange(&rq);
	{
		char want[128];

		snprintf(want, sizeof(want), "POST http://www.sim.com/ differs at byte 17 of 100: expected 0x%02X, saw 0x%02X",
		    (unsigned char)body[17] ^ 1u, (unsigned char)body[17]);
		far_is("http saw POST 100 bytes pattern 7", want);
	}
	body[17] ^= 1;
	exchange(&rq);
	far_is("http saw POST 101 bytes pattern 7", "POST http://www.sim.com/ has 100 bytes, expected 101");
	far_is("http saw POST count 4", "there were 3 such POST requests, expected 4");
}

static void
a_proxy_is_described_and_seen(void **state)
{
	struct world_http_request rq = request(WORLD_GET, "www.sim.com");

	(void)state;
	rq.proxy = SPAN("10.0.0.172");
	rq.proxy_port = 80;
	begin("proxy 10.0.0.172:80\nhttp www.sim.com \"x\"");
	assert_int_equal(exchange(&rq).status, 200);
	far_is("http saw GET proxy 10.0.0.172:80", NULL);
	far_is("http saw GET direct", "http://www.sim.com/ came through 10.0.0.172:80, expected it directly");
	far_is("http saw GET proxy 10.0.0.172:81", "http://www.sim.com/ came through 10.0.0.172:80, expected 10.0.0.172:81");
	rq.url = SPAN("www.elsewhere.com");
	assert_int_equal(exchange(&rq).status, 502);
	begin("proxy 10.0.0.172:80 refuse\nhttp www.sim.com \"x\"");
	assert_int_equal(exchange(&rq).status, 601);
	begin("http www.sim.com \"x\"");
	assert_int_equal(exchange(&rq).status, 601);
	far_is("http saw nothing", NULL);
}

static void
an_exchange_needs_its_bearer_to_the_end(void **state)
{
	struct world_http_request rq = request(WORLD_GET, "www.sim.com");
	struct world_bearer b;

	(void)state;
	begin("http www.sim.com 1000 bytes latency 10s\nbearer ip 10.1.2.3 lost after 4s");
	net->ops->bearer_poll(net, 1, &b);
	assert_int_equal(b.state, WORLD_READY);
	assert_memory_equal(b.ip, ((uint8_t[]){ 10, 1, 2, 3 }), 4);
	assert_int_equal(exchange(&rq).status, 601);
	assert_int_equal(now_us, 4000000);
	net->ops->bearer_poll(net, 1, &b);
	assert_int_equal(b.state, WORLD_FAILED);
	begin("http www.sim.com \"x\"");
	net->ops->bearer_close(net, 1);
	assert_int_equal(exchange(&rq).status, 601);
	begin("bearer apn \"internet\" latency 2s");
	net->ops->bearer_poll(net, 1, &b);
	assert_int_equal(b.state, WORLD_BUSY);
	assert_int_equal(until(now_us), 2000000);
	until(2000000);
	net->ops->bearer_poll(net, 1, &b);
	assert_int_equal(b.state, WORLD_FAILED);
}

/* ---- ftp ------------------------------------------------------------------- */

static struct world_ftp_request
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

static struct world_ftp
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

static struct world_ftp
start(const struct world_ftp_request *rq)
{
	net->ops->ftp_start(net, rq);
	return ftp_next();
}

/* A session that transfers nothing: how it ended; 0 is well. */
static int
simple(enum world_ftp_verb verb, const char *path, const char *name)
{
	struct world_ftp_request rq = session(verb, path, name);
	struct world_ftp f = start(&rq);

	assert_true(f.state == WORLD_DONE || f.state == WORLD_FAILED);
	net->ops->ftp_close(net);
	return f.error;
}

/* Upload all of bytes by the windows that are offered. */
static struct world_ftp
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

static void
a_get_comes_in_bursts_as_the_note_shows(void **state)
{
	struct world_ftp_request rq = session(WORLD_RETR, "/", "1K.txt");
	struct world_ftp f;
	char bytes[1460];

	(void)state;
	begin("ftp 116.228.221.52 user \"sim.cs1\" password \"12345\"\n"
	      "ftp 116.228.221.52 file /1K.txt 1074 bytes digits\n"
	      "ftp 116.228.221.52 burst 50,1024 pause 2s");
	f = start(&rq);
	assert_int_equal(f.state, WORLD_READY);
	assert_int_equal(now_us, 100000);
	assert_int_equal(f.available, 50);
	assert_int_equal(net->ops->ftp_read(net, bytes, 1024), 50);
	assert_int_equal(net->ops->ftp_read(net, bytes, 1024), 0);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.state, WORLD_READY);
	assert_false(f.ended);
	assert_int_equal(until(now_us), 2100000);
	until(2100000);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.available, 1024);
	assert_true(f.ended);
	assert_int_equal(net->ops->ftp_read(net, bytes, 1024), 1024);
	assert_memory_equal(bytes, "01234", 5);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.state, WORLD_DONE);
	net->ops->ftp_close(net);
	far_is("ftp saw USER sim.cs1", NULL);
	far_is("ftp saw PASS *****", NULL);
	far_is("ftp saw TYPE I", NULL);
	far_is("ftp saw PORT", NULL);
	far_is("ftp saw no PASV", NULL);
	far_is("ftp saw no REST", NULL);
	far_is("ftp saw RETR /1K.txt", NULL);
	far_is("ftp saw QUIT", NULL);
	far_is("ftp saw RETR /2K.txt", "no RETR /2K.txt arrived, but RETR /1K.txt");
	far_is("ftp saw no RETR", "RETR /1K.txt arrived");
}

static void
rest_begins_where_it_says(void **state)
{
	struct world_ftp_request rq = session(WORLD_RETR, "/", "29.txt");
	char bytes[64];

	(void)state;
	begin("ftp file /29.txt \"wodeceshijieguo,zhgeshigeshia\"");
	rq.rest = 20;
	rq.passive = true;
	assert_int_equal(start(&rq).available, 9);
	assert_int_equal(net->ops->ftp_read(net, bytes, sizeof(bytes)), 9);
	assert_memory_equal(bytes, "shigeshia", 9);
	far_is("ftp saw REST 20", NULL);
	far_is("ftp saw PASV", NULL);
	rq.rest = 29;
	assert_int_equal(start(&rq).state, WORLD_DONE);
	rq.rest = 30;
	assert_int_equal(start(&rq).state, WORLD_DONE);
}

static void
a_listing_has_the_length_of_the_note(void **state)
{
	struct world_ftp_request rq = session(WORLD_LIST, "/empty/", "1K.txt");
	char bytes[1460];

	(void)state;
	begin("ftp dir /empty file /a/1K.txt 1024 bytes");
	assert_int_equal(start(&rq).available, 126);
	assert_int_equal(net->ops->ftp_read(net, bytes, sizeof(bytes)), 126);
	assert_memory_equal(bytes, "total 0\r\ndrw-rw-rw-   1 user       group         0 Oct 12 14:58 .\r\n", 67);
	far_is("ftp saw LIST /empty/", NULL);
	rq.path = SPAN("/a");
	assert_int_equal(start(&rq).available, 126 + 63);
	net->ops->ftp_read(net, bytes, sizeof(bytes));
	assert_memory_equal(bytes + 126, "-rw-rw-rw-   1 user       group      1024 Oct 12 14:58 1K.txt\r\n", 63);
	rq.path = SPAN("/missing/");
	assert_int_equal(start(&rq).error, 77);
}

static void
ftp_failures_have_the_numbers_of_the_facts(void **state)
{
	static const struct {
		const char *world;
		int verb, error;
	} rows[] = {
		{ "", WORLD_RETR, 63 },
		{ "ftp www.sim.com file /f \"x\"", WORLD_RETR, 63 },
		{ "dns 116.228.221.52 fails\nftp file /f \"x\"", WORLD_RETR, 62 },
		{ "ftp refuse", WORLD_RETR, 63 },
		{ "ftp port 2121", WORLD_RETR, 63 },
		{ "ftp silent", WORLD_RETR, 64 },
		{ "ftp file /f \"x\" silent after RETR", WORLD_RETR, 64 },
		{ "ftp silent after PASS", WORLD_SIZE, 64 },
		{ "ftp user \"other\" password \"12345\"", WORLD_RETR, 71 },
		{ "ftp user \"sim.cs1\" password \"1\"", WORLD_RETR, 72 },
		{ "ftp reply USER 331 user \"other\" password \"12345\"", WORLD_RETR, 72 },
		{ "ftp reply USER 530 \"no\"", WORLD_RETR, 71 },
		{ "ftp reply USER 421 \"busy\"", WORLD_RETR, 65 },
		{ "ftp reply TYPE 504", WORLD_RETR, 73 },
		{ "ftp reply REST 502", WORLD_RETR, 74 },
		{ "ftp reply PASV 500", WORLD_RETR, 75 },
		{ "ftp reply PASV 200", WORLD_RETR, 70 },
		{ "ftp reply PORT 500", WORLD_LIST, 76 },
		{ "ftp reply TYPE 999", WORLD_RETR, 70 },
		{ "ftp reply TYPE 350", WORLD_RETR, 70 },
		{ "ftp file /g \"x\"", WORLD_RETR, 77 },
		{ "ftp file /g \"x\"", WORLD_SIZE, 77 },
		{ "ftp file /g \"x\"", WORLD_DELE, 77 },
		{ "ftp file /f \"x\" reply RETR 426", WORLD_RETR, 79 },
		{ "ftp reply STOR 452", WORLD_STORE, 78 },
		{ "ftp cut STOR after 0 bytes", WORLD_STORE, 78 },
		{ "ftp file /f \"x\" cut RETR after 0 bytes", WORLD_RETR, 79 },
		{ "ftp cut LIST after 0 bytes", WORLD_LIST, 79 },
		{ "ftp reply SIZE 213 \"many\"", WORLD_SIZE, 70 },
		{ "ftp login 3s\nbearer lost after 2s", WORLD_SIZE, 61 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world_ftp_request rq = session((enum world_ftp_verb)rows[i].verb, "/", "f");
		struct world_ftp f;

		begin(rows[i].world);
		rq.rest = strstr(rows[i].world, "REST") != NULL ? 5 : 0;
		rq.passive = strstr(rows[i].world, "PASV") != NULL;
		if (rows[i].verb == WORLD_LIST)
			rq.name = SPAN("");
		f = start(&rq);
		if (f.state != WORLD_FAILED || f.error != rows[i].error)
			fail_msg("%s: state %d, error %d, expected %d", rows[i].world, f.state, f.error, rows[i].error);
		net->ops->ftp_close(net);
	}
	begin("ftp www.sim.com file /f \"x\"");
	{
		struct world_ftp_request rq = session(WORLD_RETR, "/", "f");

		rq.server = SPAN("ftp.nowhere.com");
		assert_int_equal(start(&rq).error, 62);
		rq.server = SPAN("WWW.sim.com");
		assert_int_equal(start(&rq).available, 1);
	}
}

static void
timeouts_are_those_of_the_request(void **state)
{
	(void)state;
	begin("ftp login 1s silent after SIZE");
	assert_int_equal(simple(WORLD_SIZE, "/", "f"), 64);
	assert_int_equal(now_us, 76000000);
	far_is("ftp saw SIZE /f", NULL);
}

static void
a_download_that_is_cut_gives_what_came(void **state)
{
	struct world_ftp_request rq = session(WORLD_RETR, "/", "f");
	struct world_ftp f;
	char bytes[100];

	(void)state;
	begin("ftp file /f 1000 bytes cut RETR after 30 bytes");
	f = start(&rq);
	assert_int_equal(f.available, 30);
	assert_false(f.ended);
	assert_int_equal(net->ops->ftp_read(net, bytes, sizeof(bytes)), 30);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.state, WORLD_FAILED);
	assert_int_equal(f.error, 79);
}

static void
a_rate_makes_data_grow_segment_by_segment(void **state)
{
	struct world_ftp_request rq = session(WORLD_RETR, "/", "f");
	struct world_ftp f;

	(void)state;
	begin("ftp file /f 3000 bytes rate 1360 login 0ms");
	f = start(&rq);
	assert_int_equal(f.available, 0);
	assert_int_equal(until(0), 1000000);
	assert_int_equal(until(1000000), 2000000);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.available, 1360);
	until(10000000);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.available, 3000);
	assert_true(f.ended);
}

static void
what_is_stored_is_there(void **state)
{
	struct content c = { .kind = CONTENT_PATTERN, .length = 5000, .pattern = 20 };
	struct world_ftp_request rq = session(WORLD_SIZE, "/", "up.bin");
	char bytes[5000];

	(void)state;
	content_fill(&c, 0, bytes, sizeof(bytes));
	begin("ftp window 1360,1280,1260 file /have.txt \"have\"");
	assert_int_equal(upload(WORLD_STOR, "up.bin", span_of(bytes, sizeof(bytes)), false).state, WORLD_DONE);
	far_is("ftp has /up.bin 5000 bytes pattern 20", NULL);
	far_is("ftp has /up.bin 5001 bytes pattern 20", "/up.bin has 5000 bytes, expected 5001");
	far_is("ftp lacks /up.bin", "/up.bin is there");
	far_is("ftp lacks /down.bin", NULL);
	far_is("ftp has /down.bin \"x\"", "/down.bin is not there");
	far_is("ftp has / \"x\"", "/ is a folder");
	assert_int_equal(start(&rq).size, 5000);
	net->ops->ftp_close(net);
	upload(WORLD_APPE, "have.txt", SPAN(" more"), false);
	far_is("ftp has /have.txt \"have more\"", NULL);
	upload(WORLD_STOU, "have.txt", SPAN("new"), false);
	far_is("ftp has /have.txt \"have more\"", NULL);
	far_is("ftp has /have.txt.1 \"new\"", NULL);
	upload(WORLD_STOR, "have.txt", SPAN("\xc1\xc2 ascii"), true);
	far_is("ftp has /have.txt \"AB ascii\"", NULL);
	far_is("ftp has /have.txt \"AC ascii\"", "/have.txt differs at byte 1 of 8: expected 0x43, saw 0x42");
	assert_int_equal(simple(WORLD_DELE, "/", "have.txt"), 0);
	far_is("ftp lacks /have.txt", NULL);
	upload(WORLD_STOR, "have.txt", SPAN("again"), false);
	far_is("ftp has /have.txt \"again\"", NULL);
}

static void
windows_come_in_turn_and_close_with_a_rate(void **state)
{
	struct world_ftp_request rq = session(WORLD_STORE, "/", "f");
	struct world_ftp f;
	char bytes[2000] = { 0 };

	(void)state;
	begin("ftp window 1000,500 rate 1000");
	assert_int_equal(start(&rq).window, 1000);
	assert_int_equal(net->ops->ftp_write(net, span_of(bytes, 2000)), 1000);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.window, 0);
	assert_int_equal(net->ops->ftp_write(net, span_of(bytes, 1)), 0);
	assert_int_equal(until(now_us), 1100000);
	until(1100000);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.window, 500);
	net->ops->ftp_finish(net);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.state, WORLD_DONE);
}

static void
an_upload_that_is_cut_keeps_what_came(void **state)
{
	char bytes[3000];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	begin("ftp cut STOR after 2000 bytes");
	assert_int_equal(upload(WORLD_STOR, "f", span_of(bytes, sizeof(bytes)), false).error, 78);
	far_is("ftp has /f 2000 bytes repeat \"x\"", NULL);
}

static void
stores_beyond_the_limit_fail_and_the_next_case_has_it_back(void **state)
{
	size_t len = WORLD_STORED_MAX + 1;
	char *bytes = calloc(1, len);

	(void)state;
	begin("ftp dir /x");
	assert_int_equal(upload(WORLD_STOR, "f", span_of(bytes, len), false).error, 78);
	begin("ftp dir /x");
	assert_int_equal(upload(WORLD_STOR, "f", span_of(bytes, len - 1), false).error, 0);
	assert_int_equal(upload(WORLD_STOR, "f", span_of(bytes, len - 1), false).error, 0);
	free(bytes);
}

static void
folders_are_made_and_removed(void **state)
{
	(void)state;
	begin("ftp file /a/b/c.txt \"x\"");
	assert_int_equal(simple(WORLD_MKD, "/test", ""), 0);
	assert_int_equal(simple(WORLD_MKD, "/test/", ""), 77);
	assert_int_equal(simple(WORLD_MKD, "/no/such", ""), 77);
	assert_int_equal(simple(WORLD_RMD, "/test", ""), 0);
	assert_int_equal(simple(WORLD_RMD, "/test", ""), 77);
	assert_int_equal(simple(WORLD_RMD, "/a", ""), 77);
	assert_int_equal(simple(WORLD_DELE, "/a/b/", "c.txt"), 0);
	assert_int_equal(simple(WORLD_RMD, "/a/b", ""), 0);
	far_is("ftp saw MKD /test", NULL);
	far_is("ftp lacks /test", NULL);
}

static void
a_session_closed_early_never_reached_its_command(void **state)
{
	struct world_ftp_request rq = session(WORLD_RETR, "/", "f");

	(void)state;
	begin("ftp login 2s file /f \"x\"");
	net->ops->ftp_start(net, &rq);
	until(500000);
	far_is("ftp saw USER", NULL);
	far_is("ftp saw RETR", "no RETR arrived, but USER sim.cs1");
	net->ops->ftp_close(net);
	until(9000000);
	far_is("ftp saw no RETR", NULL);
	far_is("ftp saw no QUIT", NULL);
	rq.verb = WORLD_STORE;
	rq.name = SPAN("new");
	net->ops->ftp_start(net, &rq);
	until(9500000);
	net->ops->ftp_close(net);
	until(20000000);
	far_is("ftp lacks /new", NULL);
}

/* ---- lines ----------------------------------------------------------------- */

static void
wrong_world_lines_are_placed(void **state)
{
	static const struct {
		const char *line;
		size_t column;
		const char *why;
	} rows[] = {
		{ "", 0, "expected http, proxy, dns, ftp or bearer" },
		{ "gopher x", 0, "expected http, proxy, dns, ftp or bearer" },
		{ "http", 4, "expected HOST[:PORT][/PATH]" },
		{ "http x:99999 \"a\"", 5, "expected HOST[:PORT][/PATH]" },
		{ "http x 10 bites", 10, "expected the word bytes" },
		{ "http x \"a\" status 99", 18, "expected a status, 100..599" },
		{ "http x \"a\" latency 2", 19, "expected a duration: 20ms, 1.5s, 2min" },
		{ "http x \"a\" rate 0", 16, "expected a number of bytes a second, at least 1" },
		{ "http x \"a\" ranges maybe", 18, "expected ranges yes, no or ok" },
		{ "http x \"a\" cut 3", 15, "expected after N bytes" },
		{ "proxy", 5, "expected HOST:PORT" },
		{ "proxy a:80 loud", 11, "expected refuse, silent, or the end of the line" },
		{ "dns a works", 6, "expected fails or silent" },
		{ "ftp file x 10 bytes", 9, "expected a path that begins with /" },
		{ "ftp window 0", 11, "expected numbers of at least 1 with commas between them" },
		{ "ftp window 1,", 13, "expected numbers of at least 1 with commas between them" },
		{ "ftp reply HELO 200", 10,
		    "expected USER, PASS, TYPE, PASV, PORT, REST, RETR, STOR, APPE, STOU, SIZE, DELE, MKD, RMD or LIST" },
		{ "ftp silent before RETR", 11,
		    "expected user, file, dir, latency, login, rate, window, burst, pause, cut, refuse, silent, reply or port" },
		{ "bearer ip 10.0.0", 10, "expected an address: 10.89.193.1" },
		{ "bearer ip 10.0.0.256", 10, "expected an address: 10.89.193.1" },
		{ "bearer", 6, "expected ip, latency, refuse, apn or lost" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t column = 999, n = strlen(rows[i].line);
		const char *why = "";
		char *copy = malloc(n == 0 ? 1 : n);

		memcpy(copy, rows[i].line, n);
		assert_int_equal(world_check(span_of(copy, n), &column, &why), -1);
		assert_string_equal(why, rows[i].why);
		assert_int_equal(column, rows[i].column);
		free(copy);
	}
	assert_int_equal(world_check(SPAN("http x 10 bytes of /f rate 1440 bytes a second"), &(size_t){ 0 }, &(const char *){ "" }), 0);
	assert_int_equal(
	    world_check(SPAN("ftp www.sim.com login 1.5s window 1360,1280 reply USER 530 \"no\""), &(size_t){ 0 }, &(const char *){ "" }),
	    0);
}

static void
an_error_at_begin_names_path_line_and_column(void **state)
{
	struct case_line line = { .text = SPAN("ftp file /f 10 bites"), .path = "a.case", .line = 3, .column = 9 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(world_sim_begin(w, &line, 0, &e), -1);
	assert_string_equal(e.text, "a.case:3:24: expected the word bytes");
	assert_int_equal(e.status, EXIT_USAGE);
}

static void
wrong_far_lines_are_placed(void **state)
{
	static const struct {
		const char *line;
		size_t column;
		const char *why;
	} rows[] = {
		{ "gopher saw", 0, "expected http or ftp" },
		{ "http got GET", 5, "expected saw" },
		{ "http saw PUT", 9, "expected GET, POST, HEAD, DELETE or nothing" },
		{ "http saw nothing more", 17, "expected the end of the line" },
		{ "http saw GET header \"x\"", 23, "expected a header before this: \"Name: value\"" },
		{ "http saw GET www.sim.com loudly", 25, "expected header, no header, body, proxy, direct or count" },
		{ "http saw GET count many", 19, "expected how many" },
		{ "ftp saw HELO", 8,
		    "expected USER, PASS, TYPE, PASV, PORT, REST, RETR, STOR, APPE, STOU, SIZE, DELE, MKD, RMD, LIST or QUIT" },
		{ "ftp has /f", 10, "expected a content: a string in double quotes, or a number of bytes" },
		{ "ftp lacks /f now", 13, "expected the end of the line" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t column = 999;
		const char *why = "";
		char said[256];

		assert_int_equal(far_check(span_str(rows[i].line), &column, &why), -1);
		assert_string_equal(why, rows[i].why);
		assert_int_equal(column, rows[i].column);
		begin("");
		assert_int_equal(far_judge(w, span_str(rows[i].line), said, sizeof(said)), -1);
		assert_string_equal(said, rows[i].why);
	}
	assert_int_equal(far_check(SPAN("http saw POST 10.0.0.1/x 10 bytes of /f count 2"), &(size_t){ 0 }, &(const char *){ "" }), 0);
	assert_int_equal(far_check(SPAN("ftp saw no RETR /a b"), &(size_t){ 0 }, &(const char *){ "" }), 0);
}

static void
nothing_is_left_of_the_case_before(void **state)
{
	struct world_http_request rq = request(WORLD_GET, "www.sim.com");
	struct content c;

	(void)state;
	begin("http www.sim.com \"x\"\nftp file /f \"x\"");
	exchange(&rq);
	upload(WORLD_STOR, "g", SPAN("y"), false);
	assert_true(world_sim_content(w, SPAN("/g"), &c));
	assert_true(world_sim_content(w, SPAN("http://www.sim.com/"), &c));
	begin("");
	far_is("http saw nothing", NULL);
	far_is("ftp saw nothing", NULL);
	far_is("http saw GET", "no HTTP request arrived");
	far_is("http saw GET count 0", NULL);
	far_is("ftp saw USER", "no FTP command arrived");
	assert_false(world_sim_content(w, SPAN("/f"), &c));
	assert_false(world_sim_content(w, SPAN("http://www.sim.com/"), &c));
	assert_int_equal(exchange(&rq).status, 603);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_get_takes_the_latency_and_gives_the_body),
		cmocka_unit_test(failures_have_the_numbers_of_the_facts),
		cmocka_unit_test(a_silent_server_ends_with_the_timeout),
		cmocka_unit_test(statuses_of_the_server_are_answers),
		cmocka_unit_test(status_numbers_are_those_of_the_note),
		cmocka_unit_test(ranges_are_answered_as_described),
		cmocka_unit_test(redirects_are_followed_when_asked),
		cmocka_unit_test(a_head_has_a_length_in_its_header_only),
		cmocka_unit_test(posts_are_recorded_and_echoed),
		cmocka_unit_test(a_proxy_is_described_and_seen),
		cmocka_unit_test(an_exchange_needs_its_bearer_to_the_end),
		cmocka_unit_test(a_get_comes_in_bursts_as_the_note_shows),
		cmocka_unit_test(rest_begins_where_it_says),
		cmocka_unit_test(a_listing_has_the_length_of_the_note),
		cmocka_unit_test(ftp_failures_have_the_numbers_of_the_facts),
		cmocka_unit_test(timeouts_are_those_of_the_request),
		cmocka_unit_test(a_download_that_is_cut_gives_what_came),
		cmocka_unit_test(a_rate_makes_data_grow_segment_by_segment),
		cmocka_unit_test(what_is_stored_is_there),
		cmocka_unit_test(windows_come_in_turn_and_close_with_a_rate),
		cmocka_unit_test(an_upload_that_is_cut_keeps_what_came),
		cmocka_unit_test(stores_beyond_the_limit_fail_and_the_next_case_has_it_back),
		cmocka_unit_test(folders_are_made_and_removed),
		cmocka_unit_test(a_session_closed_early_never_reached_its_command),
		cmocka_unit_test(wrong_world_lines_are_placed),
		cmocka_unit_test(an_error_at_begin_names_path_line_and_column),
		cmocka_unit_test(wrong_far_lines_are_placed),
		cmocka_unit_test(nothing_is_left_of_the_case_before),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
