/* HTTP servers and the proxy of world_sim. */
#include "far_side.h"

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
a_request_may_come_back_as_it_arrived(void **state)
{
	struct world_http_request rq = request(WORLD_POST, "www.sim.com/saw");
	const char *want = "0123POST /saw HTTP/1.1\r\nHost: www.sim.com\r\n", *end = "X-A: 1\r\n\r\na\0b";
	char back[400];
	size_t n;

	(void)state;
	rq.body = span_of("a\0b", 3);
	rq.user_data = SPAN("X-A: 1");
	begin("http www.sim.com/saw 4 bytes digits echo-request");
	n = exchange(&rq).length;
	assert_in_range(n, strlen(want) + 3, sizeof(back));
	assert_int_equal(net->ops->http_read(net, 0, back, sizeof(back)), n);
	assert_memory_equal(back, want, strlen(want));
	assert_memory_equal(back + n - 13, end, 13);
	rq.method = WORLD_GET;
	n = exchange(&rq).length;
	net->ops->http_read(net, 0, back, sizeof(back));
	assert_memory_equal(back + 4, "GET /saw HTTP/1.1\r\n", 19);
	assert_memory_equal(back + n - 12, "\r\nX-A: 1\r\n\r\n", 12);
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
		cmocka_unit_test(a_request_may_come_back_as_it_arrived),
		cmocka_unit_test(posts_are_recorded_and_echoed),
		cmocka_unit_test(a_proxy_is_described_and_seen),
		cmocka_unit_test(an_exchange_needs_its_bearer_to_the_end),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
