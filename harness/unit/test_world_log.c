/* A world that runs for days: what it remembers and holds stays within its limits, and far says when it does not know. */
#include "far_side.h"

#include <malloc.h>

static void
far_does_not_know(const char *line)
{
	char why[512] = "";

	assert_int_equal(far_judge(w, span_str(line), why, sizeof(why)), -1);
	assert_non_null(strstr(why, "forgotten"));
}

static void
post(const char *url, size_t bytes)
{
	static const char body[319488];
	struct world_http_request rq = request(WORLD_POST, url);

	rq.body = span_of(body, bytes);
	assert_int_equal(exchange(&rq).status, 200);
	net->ops->http_close(net);
}

static void
the_newest_requests_are_remembered_whole(void **state)
{
	(void)state;
	begin("http www.sim.com 0 bytes");
	post("www.sim.com/?first", 10);
	for (int i = 0; i < 20; i++)
		post("www.sim.com", 319488);
	far_is("http saw POST www.sim.com count 20", NULL);
	far_is("http saw POST www.sim.com/?first 10 bytes repeat \"\\0\"", NULL);
	for (int i = 0; i < 60; i++)
		post("www.sim.com", 319488);
	far_is("http saw POST www.sim.com 319488 bytes repeat \"\\0\"", NULL);
	far_does_not_know("http saw POST www.sim.com count 80");
	far_does_not_know("http saw POST www.sim.com/?first");
	far_does_not_know("http saw GET");
	/* Also an echo goes on for ever. */
	begin("http www.sim.com 0 bytes echo");
	for (int i = 0; i < 60; i++)
		post("www.sim.com", 319488);
}

static void
of_forgotten_commands_nothing_is_denied(void **state)
{
	(void)state;
	begin("ftp file /1K.txt 1024 bytes digits\nhttp www.sim.com 0 bytes");
	assert_int_equal(simple(WORLD_SIZE, "/", "1K.txt"), 0);
	far_is("ftp saw no DELE", NULL);
	for (int i = 0; i < 80; i++)
		post("www.sim.com", 319488);
	far_does_not_know("ftp saw no DELE");
	far_does_not_know("ftp saw SIZE");
	far_does_not_know("ftp saw nothing");
	assert_int_equal(simple(WORLD_SIZE, "/", "1K.txt"), 0);
	far_is("ftp saw SIZE /1K.txt", NULL);
}

static void
a_session_keeps_its_texts_while_the_log_turns(void **state)
{
	struct world_ftp_request list = session(WORLD_LIST, "/", "");
	char before[512], after[512];
	struct world_ftp f;
	size_t n;

	(void)state;
	begin("ftp file /1K.txt 1024 bytes digits\nhttp www.sim.com 0 bytes");
	start(&list);
	n = net->ops->ftp_read(net, before, sizeof(before));
	assert_true(n > 60);
	net->ops->ftp_close(net);
	start(&list);
	for (int i = 0; i < 80; i++)
		post("www.sim.com", 319488);
	assert_int_equal(net->ops->ftp_read(net, after, sizeof(after)), n);
	assert_memory_equal(before, after, n);
	net->ops->ftp_poll(net, &f);
	assert_int_equal(f.state, WORLD_DONE);
}

static void
what_is_deleted_makes_room(void **state)
{
	static const char mebibyte[1u << 20];

	(void)state;
	begin("ftp dir /");
	for (int i = 0; i < 20; i++) {
		assert_int_equal(upload(WORLD_STOR, "a", span_of(mebibyte, sizeof(mebibyte)), false).error, 0);
		assert_int_equal(upload(WORLD_STOR, "b", span_of(mebibyte, sizeof(mebibyte)), false).error, 0);
		assert_int_equal(upload(WORLD_STOR, "b", span_of(mebibyte, 10), false).error, 0);
		assert_int_equal(simple(WORLD_DELE, "/", "a"), 0);
	}
	far_is("ftp has /b 10 bytes repeat \"\\0\"", NULL);
	far_is("ftp lacks /a", NULL);
}

static void
a_server_is_full_after_4096_files_until_one_goes(void **state)
{
	char name[16];
	int made = 0;

	(void)state;
	begin("ftp dir /");
	while (made < 5000 && (snprintf(name, sizeof(name), "/%d", made), simple(WORLD_MKD, name, "") == 0))
		made++;
	assert_in_range(made, 4000, 4096);
	assert_int_equal(upload(WORLD_STOR, "a", SPAN("x"), false).error, 78);
	assert_int_equal(simple(WORLD_RMD, "/7", ""), 0);
	assert_int_equal(upload(WORLD_STOR, "a", SPAN("x"), false).error, 0);
	far_is("ftp has /a \"x\"", NULL);
	far_is("ftp lacks /7", NULL);
}

static void
days_of_work_do_not_grow(void **state)
{
	struct world_http_request get = request(WORLD_GET, "www.sim.com/?a");
	struct world_ftp_request list = session(WORLD_LIST, "/", "");
	size_t early = 0;

	(void)state;
	begin("http www.sim.com 100 bytes lines\nftp dir /");
	for (int i = 0; i < 60000; i++) {
		exchange(&get);
		net->ops->http_close(net);
		upload(WORLD_STOR, "a", SPAN("x"), false);
		start(&list);
		net->ops->ftp_close(net);
		if (i == 30000)
			early = mallinfo2().uordblks;
	}
	assert_in_range(mallinfo2().uordblks, 0, early + (12u << 20));
	assert_in_range(mallinfo2().uordblks, 0, 24u << 20);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_newest_requests_are_remembered_whole),
		TEST(of_forgotten_commands_nothing_is_denied),
		TEST(a_session_keeps_its_texts_while_the_log_turns),
		TEST(what_is_deleted_makes_room),
		TEST(a_server_is_full_after_4096_files_until_one_goes),
		TEST(days_of_work_do_not_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
