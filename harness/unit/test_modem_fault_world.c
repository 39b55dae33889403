/* A bad network in front of world_sim, asked as the sessions ask it, and by them. */
#include "far_side.h"

#include "modem.h"

static struct modem_fault_world bad;
static struct prng prng;

/* A described world with a bad network before it. */
static void
begin_bad(const char *text, uint32_t refused, uint32_t slow_ms, uint32_t cut_short)
{
	begin(text);
	memset(&bad, 0, sizeof(bad));
	prng_seed(&prng, 7);
	net = fault_world_between(&bad, net, &prng);
	bad.refused = refused;
	bad.slow_ms = slow_ms;
	bad.cut_short = cut_short;
	until(0);
}

/* Read to the end of a download, time going on as it must; how many bytes came. */
static size_t
read_all(char *into, size_t cap, struct world_ftp *end)
{
	size_t got = 0;

	for (;;) {
		uint64_t due;

		net->ops->ftp_poll(net, end);
		if (end->available > 0) {
			size_t n = net->ops->ftp_read(net, into + got, cap - got < 100 ? cap - got : 100);

			assert_true(n > 0);
			got += n;
			continue;
		}
		if (end->state == WORLD_DONE || end->state == WORLD_FAILED)
			return got;
		due = until(now_us);
		assert_true(due != WORLD_NEVER && due > now_us);
		until(due);
	}
}

/* Write bytes of them in pieces, as far as they are taken, and say that there are no more. */
static struct world_ftp
write_all(size_t bytes)
{
	static const char content[4096];
	struct world_ftp f;

	for (;;) {
		uint64_t due;

		net->ops->ftp_poll(net, &f);
		if (f.window > 0 && bytes > 0)
			bytes -= net->ops->ftp_write(net, span_of(content, bytes < 300 ? bytes : 300));
		else if (f.window > 0)
			net->ops->ftp_finish(net);
		else if (f.state == WORLD_DONE || f.state == WORLD_FAILED)
			return f;
		net->ops->ftp_poll(net, &f);
		due = until(now_us);
		if (f.window == 0 && f.state != WORLD_DONE && f.state != WORLD_FAILED) {
			assert_true(due != WORLD_NEVER && due > now_us);
			until(due);
		}
	}
}

#define WORLD                                                                                                                              \
	"http www.sim.com 1000 bytes lines latency 300ms\n"                                                                                \
	"ftp file /1K.txt 1024 bytes digits\nftp dir /up\nftp login 100ms"

static void
with_nothing_planted_all_is_as_behind(void **state)
{
	struct world_http_request rq = request(WORLD_GET, "www.sim.com");
	struct world_ftp_request get = session(WORLD_RETR, "/", "1K.txt"), put = session(WORLD_STORE, "/up/", "a");
	struct world_ftp end;
	char bytes[2048];

	(void)state;
	begin_bad(WORLD, 0, 0, 0);
	assert_int_equal(exchange(&rq).status, 200);
	assert_int_equal(now_us, 300000);
	assert_int_equal(net->ops->http_read(net, 0, bytes, sizeof(bytes)), 1000);
	net->ops->http_close(net);
	start(&get);
	assert_int_equal(now_us, 400000);
	assert_int_equal(read_all(bytes, sizeof(bytes), &end), 1024);
	assert_int_equal(end.state, WORLD_DONE);
	net->ops->ftp_close(net);
	start(&put);
	assert_int_equal(write_all(2000).state, WORLD_DONE);
	net->ops->ftp_close(net);
	far_is("ftp has /up/a 2000 bytes repeat \"\\0\"", NULL);
}

static void
a_refused_connection_never_reaches_the_server(void **state)
{
	struct world_http_request rq = request(WORLD_GET, "www.sim.com");
	struct world_ftp_request get = session(WORLD_RETR, "/", "1K.txt");
	struct world_http h;
	struct world_ftp f;

	(void)state;
	begin_bad(WORLD, 1, 0, 0);
	h = exchange(&rq);
	assert_int_equal(h.state, WORLD_FAILED);
	assert_int_equal(h.status, 601);
	net->ops->http_close(net);
	f = start(&get);
	assert_int_equal(f.state, WORLD_FAILED);
	assert_int_equal(f.error, 63);
	assert_int_equal(net->ops->ftp_read(net, (char[10]){ 0 }, 10), 0);
	net->ops->ftp_close(net);
	far_is("http saw nothing", NULL);
	far_is("ftp saw nothing", NULL);
}

/* Which of 64 exchanges are refused at 1/4, as bits. */
static uint64_t
refused_of_64(uint64_t seed)
{
	struct world_http_request rq = request(WORLD_GET, "www.sim.com");
	uint64_t which = 0;

	begin_bad(WORLD, 4, 0, 0);
	prng_seed(&prng, seed);
	for (int i = 0; i < 64; i++) {
		which |= (uint64_t)(exchange(&rq).state == WORLD_FAILED) << i;
		net->ops->http_close(net);
	}
	return which;
}

static void
chance_goes_by_seed(void **state)
{
	uint64_t which = refused_of_64(1);

	(void)state;
	assert_in_range(__builtin_popcountll(which), 6, 30);
	assert_true(refused_of_64(1) == which);
	assert_true(refused_of_64(2) != which);
}

static void
a_slow_answer_is_heard_later(void **state)
{
	struct world_http_request rq = request(WORLD_GET, "www.sim.com"), missing = request(WORLD_GET, "nowhere.com");
	struct world_http h;

	(void)state;
	begin_bad(WORLD, 0, 500, 0);
	h = exchange(&rq);
	assert_int_equal(h.status, 200);
	assert_int_equal(h.length, 1000);
	assert_int_equal(now_us, 800000);
	net->ops->http_close(net);
	h = exchange(&missing);
	assert_int_equal(h.status, 603);
	assert_int_equal(now_us, 800000 + 300000 + 500000);
}

static void
each_burst_of_a_slow_download_is_heard_later(void **state)
{
	struct world_ftp_request get = session(WORLD_RETR, "/", "1K.txt");
	struct world_ftp end;
	char bytes[2048];

	(void)state;
	begin_bad(WORLD "\nftp burst 24,500,500 pause 1s", 0, 300, 0);
	start(&get);
	assert_int_equal(now_us, 100000 + 300000);
	assert_int_equal(read_all(bytes, sizeof(bytes), &end), 1024);
	assert_int_equal(end.state, WORLD_DONE);
	/* The last burst is there 2 s after the first. */
	assert_int_equal(now_us, 100000 + 2000000 + 300000);
}

static void
each_block_of_a_slow_upload_waits_for_room(void **state)
{
	struct world_ftp_request put = session(WORLD_STORE, "/up/", "a");

	(void)state;
	begin_bad(WORLD, 0, 200, 0);
	start(&put);
	assert_int_equal(now_us, 100000 + 200000);
	/* Three pieces, and the end: each is answered later. */
	assert_int_equal(write_all(900).state, WORLD_DONE);
	assert_int_equal(now_us, 100000 + 200000 + 4 * 200000);
	net->ops->ftp_close(net);
	far_is("ftp has /up/a 900 bytes repeat \"\\0\"", NULL);
}

static void
a_short_download_ends_inside(void **state)
{
	struct world_ftp_request get = session(WORLD_RETR, "/", "1K.txt"), dir = session(WORLD_LIST, "/", "");
	struct world_ftp end;
	char bytes[2048], whole[2048];
	size_t n;

	(void)state;
	begin_bad(WORLD, 0, 0, 0);
	start(&get);
	assert_int_equal(read_all(whole, sizeof(whole), &end), 1024);
	net->ops->ftp_close(net);
	bad.cut_short = 1;
	for (int i = 0; i < 20; i++) {
		start(&get);
		n = read_all(bytes, sizeof(bytes), &end);
		assert_in_range(n, 0, 1023);
		assert_memory_equal(bytes, whole, n);
		assert_int_equal(end.state, WORLD_FAILED);
		assert_int_equal(end.error, 79);
		net->ops->ftp_close(net);
	}
	start(&dir);
	read_all(bytes, sizeof(bytes), &end);
	assert_int_equal(end.error, 79);
}

static void
a_short_upload_never_becomes_whole(void **state)
{
	static const size_t sizes[] = { 0, 1, 299, 300, 1360, 5000 };
	struct world_ftp_request put = session(WORLD_STORE, "/up/", "a");
	struct world_ftp end;

	(void)state;
	begin_bad(WORLD, 0, 0, 1);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		start(&put);
		end = write_all(sizes[i]);
		assert_int_equal(end.state, WORLD_FAILED);
		assert_int_equal(end.error, 78);
		net->ops->ftp_close(net);
	}
	far_is("ftp saw no QUIT", NULL);
}

static void
a_short_answer_is_none_but_what_has_no_body_is_whole(void **state)
{
	struct world_http_request get = request(WORLD_GET, "www.sim.com"), head = request(WORLD_HEAD, "www.sim.com");
	struct world_ftp_request size = session(WORLD_SIZE, "/", "1K.txt");

	(void)state;
	begin_bad(WORLD, 0, 0, 1);
	assert_int_equal(exchange(&get).status, 601);
	assert_int_equal(net->ops->http_read(net, 0, (char[10]){ 0 }, 10), 0);
	net->ops->http_close(net);
	assert_int_equal(exchange(&head).status, 200);
	net->ops->http_close(net);
	assert_int_equal(start(&size).state, WORLD_DONE);
	far_is("http saw GET www.sim.com", NULL);
}

static void
what_runs_when_it_comes_between_goes_on(void **state)
{
	struct world_http_request rq = request(WORLD_GET, "www.sim.com");
	struct world_http h;

	(void)state;
	begin(WORLD);
	net->ops->http_start(net, &rq);
	until(100000);
	memset(&bad, 0, sizeof(bad));
	net = fault_world_between(&bad, net, &prng);
	bad.refused = bad.cut_short = 1;
	h = http_end();
	assert_int_equal(h.status, 200);
	/* A second one never comes between: there is one network. */
	assert_ptr_equal(fault_world_between(&bad, net, &prng), net);
	assert_ptr_not_equal(bad.behind, net);
}

/* ---- by the module -------------------------------------------------------------- */

static struct modem m;

/* Send a line, let ms pass, and look for what was said. */
static void
ask(const char *line, unsigned ms, const char *want)
{
	uint64_t end = now_us + ms * 1000ull, due;
	char said[4096];
	size_t len = 0, n;

	modem_feed(&m, span_str(line), now_us);
	modem_feed(&m, SPAN("\r"), now_us);
	do {
		due = modem_due(&m);
		now_us = due < end ? due : end;
		modem_advance(&m, now_us);
		while ((n = modem_pull(&m, said + len, sizeof(said) - 1 - len)) > 0)
			len += n;
	} while (now_us < end);
	said[len] = '\0';
	if (strstr(said, want) == NULL)
		fail_msg("%s was answered by [%s], expected %s in it", line, said, want);
}

static void
the_module_sees_the_bad_network_until_it_starts_again(void **state)
{
	(void)state;
	begin(WORLD);
	modem_init(&m, modem_profile_find(SPAN("")), net, 1, now_us);
	assert_int_equal(modem_fault_set(&m, SPAN("net-refused"), SPAN("1/1")), 0);
	ask("AT+SAPBR=1,1;+HTTPINIT;+HTTPPARA=\"URL\",\"www.sim.com\"", 2000, "OK");
	ask("AT+HTTPACTION=0", 3000, "+HTTPACTION: 0,601,0");
	assert_int_equal(modem_fault_set(&m, SPAN("net-refused"), SPAN("0")), 0);
	ask("AT+HTTPACTION=0", 3000, "+HTTPACTION: 0,200,1000");
	assert_int_equal(modem_fault_set(&m, SPAN("net-short"), SPAN("1/1")), 0);
	ask("AT+HTTPACTION=0", 3000, "+HTTPACTION: 0,601,0");
	ask("AT+FTPSERV=\"1.2.3.4\";+FTPGETPATH=\"/\";+FTPGETNAME=\"1K.txt\";+FTPGET=1", 3000, "+FTPGET: 1,");
	modem_init(&m, modem_profile_find(SPAN("")), net, 1, now_us);
	ask("AT+SAPBR=1,1;+HTTPINIT;+HTTPPARA=\"URL\",\"www.sim.com\"", 2000, "OK");
	ask("AT+HTTPACTION=0", 3000, "+HTTPACTION: 0,200,1000");
}

static void
a_network_slower_than_the_module_waits_is_silent(void **state)
{
	(void)state;
	begin(WORLD);
	modem_init(&m, modem_profile_find(SPAN("")), net, 1, now_us);
	assert_int_equal(modem_fault_set(&m, SPAN("net-slow"), SPAN("200000 ms")), 0);
	ask("AT+SAPBR=1,1;+HTTPINIT;+HTTPPARA=\"URL\",\"www.sim.com\"", 2000, "OK");
	ask("AT+HTTPACTION=0", 119000, "OK");
	ask("AT", 2000, "+HTTPACTION: 0,601,0");
	ask("AT+FTPSERV=\"1.2.3.4\";+FTPGETPATH=\"/\";+FTPGETNAME=\"1K.txt\";+FTPGET=1", 80000, "+FTPGET: 1,64");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(with_nothing_planted_all_is_as_behind),
		TEST(a_refused_connection_never_reaches_the_server),
		TEST(chance_goes_by_seed),
		TEST(a_slow_answer_is_heard_later),
		TEST(each_burst_of_a_slow_download_is_heard_later),
		TEST(each_block_of_a_slow_upload_waits_for_room),
		TEST(a_short_download_ends_inside),
		TEST(a_short_upload_never_becomes_whole),
		TEST(a_short_answer_is_none_but_what_has_no_body_is_whole),
		TEST(what_runs_when_it_comes_between_goes_on),
		TEST(the_module_sees_the_bad_network_until_it_starts_again),
		TEST(a_network_slower_than_the_module_waits_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
