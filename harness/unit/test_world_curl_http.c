/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include "curl_rig.h"

#define OK_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

static struct world_http_request
post(const char *url, struct span body)
{
	struct world_http_request rq = rig_get(url);

	rq.method = WORLD_POST;
	rq.body = body;
	return rq;
}

/* ---- methods -------------------------------------------------------------------------- */

static void
a_post_carries_the_body_and_its_type(void **state)
{
	struct world_http_request rq;
	struct world_http a;

	(void)state;
	server_script((struct scripted){ .say = OK_ANSWER, .body = 6 });
	rig_open();
	rq = post(rig_url("127.0.0.1", "/form"), span_of("a\0b\r\nc", 6));
	rq.content_type = SPAN("application/json");
	a = rig_http(rq);
	assert_int_equal(a.status, 200);
	assert_string_equal(rig_body(), "hello");
	assert_got(0, "POST /form HTTP/1.1\r\n");
	assert_got(0, "\r\nContent-Type: application/json\r\n");
	assert_got(0, "\r\nContent-Length: 6\r\n");
	assert_memory_equal(server.script[0].got + server.script[0].got_len - 6, "a\0b\r\nc", 6);
}

static void
a_post_without_body_and_type_makes_up_neither(void **state)
{
	(void)state;
	server_script((struct scripted){ .say = OK_ANSWER });
	rig_open();
	assert_int_equal(rig_http(post(rig_url("127.0.0.1", "/"), SPAN(""))).status, 200);
	assert_got(0, "\r\nContent-Length: 0\r\n");
	assert_not_got(0, "Content-Type");
	assert_not_got(0, "Expect");
}

static void
the_largest_body_goes_out_and_comes_back_whole(void **state)
{
	static char answer[400000];
	char *body = malloc(319488);
	struct world_http a;
	int n;

	(void)state;
	for (int i = 0; i < 319488; i++)
		body[i] = (char)('a' + i % 23);
	n = snprintf(answer, sizeof(answer), "HTTP/1.1 200 OK\r\nContent-Length: 319488\r\n\r\n");
	memcpy(answer + n, body, 319488);
	server_script((struct scripted){ .say = answer, .say_len = (size_t)n + 319488, .body = 319488 });
	rig_open();
	a = rig_http(post(rig_url("127.0.0.1", "/"), span_of(body, 319488)));
	assert_int_equal(a.status, 200);
	assert_int_equal(a.length, 319488);
	assert_memory_equal(rig_body(), body, 319488);
	assert_memory_equal(server.script[0].got + server.script[0].got_len - 319488, body, 319488);
	free(body);
}

static void
a_head_has_a_header_and_no_body(void **state)
{
	struct world_http_request rq;
	struct world_http a;

	(void)state;
	server_script((struct scripted){ .say = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" });
	rig_open();
	rq = rig_get(rig_url("127.0.0.1", "/"));
	rq.method = WORLD_HEAD;
	a = rig_http(rq);
	assert_int_equal(a.state, WORLD_DONE);
	assert_int_equal(a.length, 0);
	assert_true(span_equal(a.header, SPAN("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n")));
	assert_got(0, "HEAD / HTTP/1.1\r\n");
}

static void
a_delete_is_one(void **state)
{
	struct world_http_request rq;

	(void)state;
	server_script((struct scripted){ .say = "HTTP/1.1 204 No Content\r\n\r\n" });
	rig_open();
	rq = rig_get(rig_url("127.0.0.1", "/x"));
	rq.method = WORLD_DELETE;
	assert_int_equal(rig_http(rq).status, 204);
	assert_got(0, "DELETE /x HTTP/1.1\r\n");
}

/* ---- what is asked for ------------------------------------------------------------------ */

static void
break_and_breakend_are_a_range(void **state)
{
	static const struct {
		uint32_t first, last;
		const char *line;
	} ranges[] = {
		{ 2000, 0, "\r\nRange: bytes=2000-\r\n" },
		{ 0, 9, "\r\nRange: bytes=0-9\r\n" },
		{ 5, 9, "\r\nRange: bytes=5-9\r\n" },
		{ 5, 4, "\r\nRange: bytes=5-\r\n" },
		{ 0, 0, NULL },
	};

	(void)state;
	rig_open();
	for (int i = 0; i < 5; i++) {
		struct world_http_request rq = rig_get(rig_url("127.0.0.1", "/"));

		server_script((struct scripted){ .say = "HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n\r\nabc" });
		rq.range_first = ranges[i].first;
		rq.range_last = ranges[i].last;
		assert_int_equal(rig_http(rq).status, 206);
		if (ranges[i].line != NULL)
			assert_got(i, ranges[i].line);
		else
			assert_not_got(i, "Range");
	}
}

static void
a_url_needs_no_scheme_and_may_shout_it(void **state)
{
	char url[64];

	(void)state;
	server_script((struct scripted){ .say = OK_ANSWER });
	server_script((struct scripted){ .say = OK_ANSWER });
	server_script((struct scripted){ .say = OK_ANSWER });
	rig_open();
	snprintf(url, sizeof(url), "localhost:%u?q=1", server.port);
	assert_int_equal(rig_http(rig_get(url)).status, 200);
	assert_got(0, "GET /?q=1 HTTP/1.1\r\n");
	snprintf(url, sizeof(url), "HTTP://127.0.0.1:%u/a bcde/../%%41", server.port);
	assert_int_equal(rig_http(rig_get(url)).status, 200);
	assert_got(1, "GET /a%20bcde/../%41 HTTP/1.1\r\n");
	snprintf(url, sizeof(url), "http://joe:secret@127.0.0.1:%u/#part", server.port);
	assert_int_equal(rig_http(rig_get(url)).status, 200);
	assert_got(2, "GET / HTTP/1.1\r\n");
	assert_not_got(2, "Authorization");
	assert_not_got(2, "secret");
}

static void
what_is_no_url_of_http_is_not_looked_up(void **state)
{
	static const char *const urls[] = { "", "http://", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/",
		"http://127.0.0.1:99999/", "http://a\tb/", "http://[::1/" };

	(void)state;
	rig_open();
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct world_http a = rig_http(rig_get(urls[i]));

		assert_int_equal(a.state, WORLD_FAILED);
		assert_int_equal(a.status, 603);
	}
	assert_int_equal(lookups, 0);
}

/* ---- header lines ------------------------------------------------------------------------- */

static void
user_data_is_header_lines_with_escaped_ends(void **state)
{
	struct world_http_request rq;

	(void)state;
	server_script((struct scripted){ .say = OK_ANSWER });
	rig_open();
	rq = rig_get(rig_url("127.0.0.1", "/"));
	rq.user_data = SPAN("X-One: 1\\r\\nX-Two:2\\nX-Empty:\\r\\n\\r\\nX-Three: a:b\\r\\n");
	assert_int_equal(rig_http(rq).status, 200);
	assert_got(0, "\r\nX-One: 1\r\n");
	assert_got(0, "\r\nX-Two: 2\r\n");
	assert_got(0, "\r\nX-Empty:\r\n");
	/* An empty line ends no header. */
	assert_got(0, "\r\nX-Three: a:b\r\n");
}

static void
user_data_takes_the_place_of_what_would_be_said(void **state)
{
	struct world_http_request rq;

	(void)state;
	server_script((struct scripted){ .say = OK_ANSWER });
	rig_open();
	rq = rig_get(rig_url("127.0.0.1", "/"));
	rq.content_type = SPAN("text/plain");
	rq.user_data = SPAN(
	    "host: www.sim.com\\r\\nHost: second\\r\\nUSER-AGENT: mine\\r\\nContent-Type: a/b\\r\\nAccept: c/d\\r\\nConnection: close\\r\\n"
	    "Authorization: Basic eA==");
	assert_int_equal(rig_http(rq).status, 200);
	assert_got(0, "Host: www.sim.com\r\n");
	assert_got(0, "USER-AGENT: mine\r\n");
	assert_got(0, "Content-Type: a/b\r\n");
	assert_got(0, "Accept: c/d\r\n");
	assert_got(0, "Connection: close\r\n");
	assert_got(0, "Authorization: Basic eA==\r\n");
	assert_not_got(0, "second");
	assert_not_got(0, "SIMCOM_MODULE");
	assert_not_got(0, "text/plain");
	assert_not_got(0, "*/*");
}

static void
user_data_cannot_say_how_bytes_are_framed(void **state)
{
	struct world_http_request rq;

	(void)state;
	server_script((struct scripted){ .say = OK_ANSWER, .body = 3 });
	rig_open();
	rq = post(rig_url("127.0.0.1", "/"), SPAN("abc"));
	rq.user_data = SPAN("Content-Length: 99\\r\\nTransfer-Encoding: chunked\\r\\nUpgrade: h2c\\r\\nTE: trailers\\r\\nTrailer: "
			    "x\\r\\nExpect: 100-continue\\r\\n"
			    "Proxy-Connection: keep-alive\\r\\nno line\\r\\n: nameless\\r\\nwith blank : 1\\r\\nX-Good: 1");
	assert_int_equal(rig_http(rq).status, 200);
	assert_got(0, "\r\nContent-Length: 3\r\n");
	assert_got(0, "\r\nX-Good: 1\r\n");
	assert_not_got(0, "99");
	assert_not_got(0, "chunked");
	assert_not_got(0, "Upgrade");
	assert_not_got(0, "TE:");
	assert_not_got(0, "Trailer");
	assert_not_got(0, "100-continue");
	assert_not_got(0, "keep-alive");
	assert_not_got(0, "no line");
	assert_not_got(0, "nameless");
	assert_not_got(0, "with blank");
}

static void
nothing_of_the_environment_goes_along(void **state)
{
	char home[] = "/tmp/attest-netrc-XXXXXX", path[64];
	FILE *f;

	(void)state;
	server_script((struct scripted){ .say = OK_ANSWER });
	assert_non_null(mkdtemp(home));
	snprintf(path, sizeof(path), "%s/.netrc", home);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("machine 127.0.0.1 login joe password secret\n", f);
	fclose(f);
	setenv("HOME", home, 1);
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	rig_open();
	assert_int_equal(rig_http(rig_get(rig_url("127.0.0.1", "/"))).status, 200);
	assert_not_got(0, "Authorization");
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unlink(path);
	rmdir(home);
}

/* ---- answers -------------------------------------------------------------------------------- */

static void
interim_answers_and_trailers_are_no_part_of_the_header(void **state)
{
	struct world_http a;

	(void)state;
	rig_open();
	a = rig_answer(
	    "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n"
	    "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX-T: 1\r\n\r\n");
	assert_int_equal(a.state, WORLD_DONE);
	assert_int_equal(a.status, 201);
	assert_string_equal(rig_body(), "abcde");
	assert_true(span_equal(a.header, SPAN("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n")));
}

static void
a_body_without_length_ends_with_the_connection(void **state)
{
	struct world_http a;

	(void)state;
	rig_open();
	a = rig_answer("HTTP/1.0 404 Not Found\r\nContent-Encoding: gzip\r\n\r\nnot gzip");
	assert_int_equal(a.status, 404);
	assert_int_equal(a.length, 8);
	assert_string_equal(rig_body(), "not gzip");
}

static void
a_body_is_read_from_where_it_is_asked_for(void **state)
{
	char bytes[8];

	(void)state;
	rig_open();
	assert_int_equal(rig_answer(OK_ANSWER).status, 200);
	assert_int_equal(world->ops->http_read(world, 1, bytes, 3), 3);
	assert_memory_equal(bytes, "ell", 3);
	assert_int_equal(world->ops->http_read(world, 5, bytes, 3), 0);
	assert_int_equal(world->ops->http_read(world, UINT32_MAX, bytes, 3), 0);
}

static void
a_header_longer_than_a_module_keeps_is_seen_to_be(void **state)
{
	char *answer = malloc(20000);
	struct world_http a;

	(void)state;
	rig_open();
	sprintf(answer, "HTTP/1.1 200 OK\r\nX-Long: %09000d\r\nContent-Length: 1\r\n\r\nx", 1);
	a = rig_answer(answer);
	assert_int_equal(a.state, WORLD_DONE);
	assert_true(a.header.len > 2048);
	assert_string_equal(rig_body(), "x");
	free(answer);
}

static void
its_numbers_tell_which_phase_it_is_in(void **state)
{
	static char body[319488];
	struct world_http_request rq;
	struct world_http now;
	uint64_t limit = clock_us() + RIG_LIMIT_US;
	bool sent = false;

	(void)state;
	server_script(
	    (struct scripted){ .body = sizeof(body), .say = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .end = ENDS_STALLING });
	rig_open();
	rq = post(rig_url("127.0.0.1", "/"), span_of(body, sizeof(body)));
	world->ops->http_start(world, &rq);
	do {
		world->ops->http_poll(world, &now);
		assert_int_equal(now.state, WORLD_BUSY);
		if (now.sending) {
			sent = true;
			assert_int_equal(now.finished + now.remaining, sizeof(body));
		}
		rig_turn();
	} while (now.finished != 3 && clock_us() < limit);
	assert_true(sent);
	assert_false(now.sending);
	assert_int_equal(now.finished, 3);
	assert_int_equal(now.remaining, 7);
}

/* ---- redirects -------------------------------------------------------------------------------- */

static struct world_http_request
following(const char *url)
{
	struct world_http_request rq = rig_get(url);

	rq.redirect = true;
	return rq;
}

static void
a_redirect_is_the_answer_unless_it_is_to_be_followed(void **state)
{
	struct world_http a;

	(void)state;
	rig_open();
	a = rig_answer("HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 4\r\n\r\nbody");
	assert_int_equal(a.status, 302);
	assert_string_equal(rig_body(), "body");
	assert_int_equal(server.connections, 1);
}

static void
a_redirect_that_is_followed_leaves_nothing_of_itself(void **state)
{
	struct world_http a;

	(void)state;
	server_script(
	    (struct scripted){ .say = "HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nLocation: /there\r\nContent-Length: 4\r\n\r\nbody" });
	server_script((struct scripted){ .say = OK_ANSWER });
	rig_open();
	a = rig_http(following(rig_url("127.0.0.1", "/here?x")));
	assert_int_equal(a.status, 200);
	assert_string_equal(rig_body(), "hello");
	assert_true(span_equal(a.header, SPAN("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")));
	assert_got(1, "GET /there HTTP/1.1\r\n");
	assert_not_got(1, "Cookie");
	assert_not_got(1, "Referer");
}

static void
a_post_that_is_redirected_becomes_a_get_but_for_307(void **state)
{
	struct world_http_request rq;

	(void)state;
	server_script((struct scripted){ .body = 3, .say = "HTTP/1.1 303 See Other\r\nLocation: /a\r\n\r\n" });
	server_script((struct scripted){ .say = OK_ANSWER });
	server_script((struct scripted){ .body = 3, .say = "HTTP/1.1 307 Temporary Redirect\r\nLocation: /b\r\n\r\n" });
	server_script((struct scripted){ .body = 3, .say = OK_ANSWER });
	rig_open();
	rq = post(rig_url("127.0.0.1", "/"), SPAN("abc"));
	rq.redirect = true;
	assert_int_equal(rig_http(rq).status, 200);
	assert_got(1, "GET /a HTTP/1.1\r\n");
	assert_int_equal(rig_http(rq).status, 200);
	assert_got(3, "POST /b HTTP/1.1\r\n");
	assert_got(3, "\r\n\r\nabc");
}

static void
redirects_without_end_are_ended(void **state)
{
	struct world_http a;

	(void)state;
	for (int i = 0; i < 13; i++)
		server_script((struct scripted){ .say = "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n" });
	rig_open();
	a = rig_http(following(rig_url("127.0.0.1", "/")));
	assert_int_equal(a.state, WORLD_DONE);
	assert_int_equal(a.status, 302);
	assert_int_equal(server.connections, 11);
}

static void
a_redirect_leads_only_where_it_may(void **state)
{
	static char to[3][128];
	struct world_http a;

	(void)state;
	rig_allow("www.two");
	rig_open();
	snprintf(to[0], sizeof(to[0]), "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%u/\r\n\r\n", server.port);
	snprintf(to[1], sizeof(to[1]), "HTTP/1.1 302 Found\r\nLocation: //secrets.two/\r\n\r\n");
	snprintf(to[2], sizeof(to[2]), "HTTP/1.1 302 Found\r\nLocation: http://2130706433:%u/\r\n\r\n", server.port);
	for (int i = 0; i < 3; i++) {
		server_script((struct scripted){ .say = to[i] });
		a = rig_http(following(rig_url("www.two", "/")));
		assert_int_equal(a.state, WORLD_FAILED);
		assert_int_equal(a.status, 603);
		assert_int_equal(server.connections, i + 1);
	}
	assert_int_equal(lookups, 3);
}

static void
a_redirect_out_of_http_is_the_answer(void **state)
{
	static const char *const to[] = {
		"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 1\r\n\r\nx",
		"HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1/\r\nContent-Length: 1\r\n\r\nx",
		"HTTP/1.1 302 Found\r\nContent-Length: 1\r\n\r\nx",
		"HTTP/1.1 304 Not Modified\r\nLocation: /there\r\n\r\n",
	};

	(void)state;
	rig_open();
	for (int i = 0; i < 4; i++) {
		struct world_http a;

		server_script((struct scripted){ .say = to[i] });
		a = rig_http(following(rig_url("127.0.0.1", "/")));
		assert_int_equal(a.state, WORLD_DONE);
		assert_int_equal(a.status, i < 3 ? 302 : 304);
		assert_string_equal(rig_body(), i < 3 ? "x" : "");
	}
}

static void
credentials_do_not_go_to_another_server(void **state)
{
	static char to[128];
	struct world_http_request rq;

	(void)state;
	rig_allow("www.two");
	rig_allow("other.two");
	snprintf(to, sizeof(to), "HTTP/1.1 302 Found\r\nLocation: http://joe:pw@other.two:%u/\r\n\r\n", server.port);
	server_script((struct scripted){ .say = to });
	server_script((struct scripted){ .say = "HTTP/1.1 302 Found\r\nLocation: /same\r\n\r\n" });
	server_script((struct scripted){ .say = OK_ANSWER });
	rig_open();
	rq = following(rig_url("www.two", "/"));
	rq.user_data = SPAN("Authorization: Basic eA==\\r\\nCookie: a=b\\r\\nHost: www.two\\r\\nX-Mine: 1");
	assert_int_equal(rig_http(rq).status, 200);
	assert_got(0, "Authorization");
	for (int i = 1; i < 3; i++) {
		assert_not_got(i, "Authorization");
		assert_not_got(i, "Cookie");
		assert_got(i, "Host: other.two:");
		assert_got(i, "X-Mine: 1\r\n");
	}
}

static void
the_body_of_a_redirect_is_not_waited_for(void **state)
{
	(void)state;
	server_script(
	    (struct scripted){ .say = "HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n", .again = "flood\n", .end = ENDS_FLOODING });
	server_script((struct scripted){ .say = OK_ANSWER });
	rig_open();
	assert_int_equal(rig_http(following(rig_url("127.0.0.1", "/"))).status, 200);
	assert_true(server.flooded < 32 << 20);
}

/* ---- the proxy ---------------------------------------------------------------------------------- */

static struct world_http_request
through_proxy(const char *url, struct span proxy)
{
	struct world_http_request rq = rig_get(url);

	rq.proxy = proxy;
	rq.proxy_port = (uint16_t)server.port;
	return rq;
}

static void
a_proxy_is_asked_for_the_whole_url(void **state)
{
	(void)state;
	server_script((struct scripted){ .say = OK_ANSWER });
	rig_allow("127.0.0.1");
	rig_allow("www.sim.com");
	rig_open();
	assert_int_equal(rig_http(through_proxy("http://www.sim.com/x", SPAN("127.0.0.1"))).status, 200);
	assert_got(0, "GET http://www.sim.com/x HTTP/1.1\r\nHost: www.sim.com\r\n");
	assert_int_equal(lookups, 0);
}

static void
a_proxy_has_to_be_allowed_and_so_has_what_it_is_asked_for(void **state)
{
	(void)state;
	rig_open();
	assert_int_equal(rig_http(through_proxy("http://127.0.0.1/", SPAN("10.0.0.172"))).status, 603);
	assert_int_equal(rig_http(through_proxy("http://www.sim.com/", SPAN("127.0.0.1"))).status, 603);
	assert_int_equal(rig_http(through_proxy("http://127.0.0.1/", SPAN("joe:pw@127.0.0.1"))).status, 603);
	assert_int_equal(rig_http(through_proxy("http://127.0.0.1/", SPAN("socks5://127.0.0.1"))).status, 603);
	assert_int_equal(server.connections, 0);
}

static void
a_map_leads_to_another_proxy(void **state)
{
	struct world_http_request rq;
	struct err e;
	char map[64];

	(void)state;
	server_script((struct scripted){ .say = OK_ANSWER });
	snprintf(map, sizeof(map), "10.0.0.172:80=127.0.0.1:%u", server.port);
	assert_int_equal(reach_map(&reach, map, &e), 0);
	rig_open();
	rq = through_proxy("http://localhost/", SPAN("10.0.0.172"));
	rq.proxy_port = 80;
	assert_int_equal(rig_http(rq).status, 200);
	assert_got(0, "GET http://localhost/ HTTP/1.1\r\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_post_carries_the_body_and_its_type),
		TEST(a_post_without_body_and_type_makes_up_neither),
		TEST(the_largest_body_goes_out_and_comes_back_whole),
		TEST(a_head_has_a_header_and_no_body),
		TEST(a_delete_is_one),
		TEST(break_and_breakend_are_a_range),
		TEST(a_url_needs_no_scheme_and_may_shout_it),
		TEST(what_is_no_url_of_http_is_not_looked_up),
		TEST(user_data_is_header_lines_with_escaped_ends),
		TEST(user_data_takes_the_place_of_what_would_be_said),
		TEST(user_data_cannot_say_how_bytes_are_framed),
		TEST(nothing_of_the_environment_goes_along),
		TEST(interim_answers_and_trailers_are_no_part_of_the_header),
		TEST(a_body_without_length_ends_with_the_connection),
		TEST(a_body_is_read_from_where_it_is_asked_for),
		TEST(a_header_longer_than_a_module_keeps_is_seen_to_be),
		TEST(its_numbers_tell_which_phase_it_is_in),
		TEST(a_redirect_is_the_answer_unless_it_is_to_be_followed),
		TEST(a_redirect_that_is_followed_leaves_nothing_of_itself),
		TEST(a_post_that_is_redirected_becomes_a_get_but_for_307),
		TEST(redirects_without_end_are_ended),
		TEST(a_redirect_leads_only_where_it_may),
		TEST(a_redirect_out_of_http_is_the_answer),
		TEST(credentials_do_not_go_to_another_server),
		TEST(the_body_of_a_redirect_is_not_waited_for),
		TEST(a_proxy_is_asked_for_the_whole_url),
		TEST(a_proxy_has_to_be_allowed_and_so_has_what_it_is_asked_for),
		TEST(a_map_leads_to_another_proxy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
