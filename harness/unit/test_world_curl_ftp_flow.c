/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include "ftp_rig.h"

#define MIB (UINT64_C(1) << 20)

static char upload[300000];

static struct span
upload_bytes(size_t n)
{
	for (size_t i = 0; i < n; i++)
		upload[i] = (char)(i * 31 % 251);
	return span_of(upload, n);
}

static void
assert_stored(struct span bytes)
{
	assert_int_equal(ftp_server->stored_length, bytes.len);
	assert_memory_equal(ftp_server->stored, bytes.at, bytes.len);
}

/* ---- back-pressure ----------------------------------------------------------------------- */

static uint64_t
server_sent(void)
{
	uint64_t n;

	pthread_mutex_lock(&ftp_server->lock);
	n = ftp_server->sent;
	pthread_mutex_unlock(&ftp_server->lock);
	return n;
}

static void
a_server_sends_no_more_than_is_read(void **state)
{
	struct world_ftp now;
	uint64_t sent = 0, limit = clock_us() + RIG_LIMIT_US;

	(void)state;
	rig_server((struct ftp_server_script){ .length = 1000 * MIB });
	world->ops->ftp_start(world, &rq);
	now = rig_until_flows();
	/* Until it has come to a stand, in the kernel's buffers. */
	while (clock_us() < limit && (rig_poll().available < 60000 || server_sent() == 0 || sent != server_sent())) {
		sent = server_sent();
		for (int i = 0; i < 3; i++)
			rig_turn();
	}
	assert_int_equal(now.state, WORLD_READY);
	assert_true(rig_poll().available <= 65536);
	assert_true(server_sent() < 32 * MIB);
	/* And it flows again when there is room. */
	rig_read();
	while (server_sent() == sent && clock_us() < limit) {
		rig_read();
		rig_turn();
	}
	assert_true(server_sent() > sent);
	world->ops->ftp_close(world);
}

static void
while_the_module_does_not_read_no_time_runs_out(void **state)
{
	uint64_t begin;

	(void)state;
	rq.timeout_ms = 300;
	rig_server((struct ftp_server_script){ .length = 100 * MIB });
	world->ops->ftp_start(world, &rq);
	rig_until_flows();
	for (begin = clock_us(); clock_us() - begin < 700000;)
		rig_turn();
	assert_int_equal(rig_poll().state, WORLD_READY);
	world->ops->ftp_close(world);
	rq.verb = WORLD_STORE;
	rig_server((struct ftp_server_script){ .length = 0 });
	world->ops->ftp_start(world, &rq);
	rig_until_flows();
	for (begin = clock_us(); clock_us() - begin < 700000;)
		rig_turn();
	assert_int_equal(rig_poll().state, WORLD_READY);
	world->ops->ftp_close(world);
}

static void
thirty_two_mebibytes_leave_the_heap_as_it_was(void **state)
{
	size_t before, peak = 0;
	struct world_ftp now;
	uint64_t limit = clock_us() + RIG_LIMIT_US, looked = 0;

	(void)state;
	rig_server((struct ftp_server_script){ .length = 32 * MIB });
	read_length = 0;
	world->ops->ftp_start(world, &rq);
	rig_until_flows();
	before = mallinfo2().uordblks;
	while ((now = rig_poll()).state == WORLD_READY && clock_us() < limit) {
		rig_read();
		rig_turn();
		if (read_length - looked > MIB) {
			looked = read_length;
			peak = mallinfo2().uordblks > peak ? mallinfo2().uordblks : peak;
		}
	}
	assert_int_equal(now.state, WORLD_DONE);
	assert_int_equal(read_length, 32 * MIB);
	assert_true(peak < before + MIB);
	world->ops->ftp_close(world);
}

static void
a_listing_without_end_takes_no_memory_and_is_given_up_at_once(void **state)
{
	uint64_t begin;

	(void)state;
	rq.verb = WORLD_LIST;
	rig_server((struct ftp_server_script){ .length = UINT64_C(1) << 50 });
	read_length = 0;
	world->ops->ftp_start(world, &rq);
	rig_until_flows();
	while (read_length < 4 * MIB) {
		rig_read();
		rig_turn();
	}
	begin = clock_us();
	world->ops->ftp_close(world);
	assert_true(clock_us() - begin < 200000);
	assert_int_equal(rig_poll().state, WORLD_IDLE);
}

/* ---- the end ------------------------------------------------------------------------------- */

static void
a_session_is_closed_at_once_wherever_it_is(void **state)
{
	static const char *const verbs[] = { "", "USER", "PASS", "PWD", "PASV", "TYPE", "RETR", "QUIT" };

	(void)state;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		uint64_t begin, limit = clock_us() + RIG_LIMIT_US;
		bool there = false;

		rig_server((struct ftp_server_script){ .length = 10, .replies = { { verbs[i], NULL, FTP_SERVER_SILENT } } });
		world->ops->ftp_start(world, &rq);
		while (!there && clock_us() < limit) {
			rig_turn();
			pthread_mutex_lock(&ftp_server->lock);
			there = strstr(ftp_server->log, i < 7 ? verbs[i] : "RETR") != NULL && (i < 7 || rig_poll().state != WORLD_BUSY);
			pthread_mutex_unlock(&ftp_server->lock);
		}
		begin = clock_us();
		world->ops->ftp_close(world);
		assert_true(clock_us() - begin < 200000);
		assert_int_equal(rig_poll().state, WORLD_IDLE);
	}
	/* What lingers is ended with the world, and does not hold it up. */
	uint64_t begin = clock_us();
	world_curl_close(net);
	net = NULL;
	assert_true(clock_us() - begin < 2500000);
}

static void
the_next_session_does_not_wait_for_the_last_goodbye(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++) {
		assert_script((struct ftp_server_script){ .length = 10, .replies = { { "QUIT", NULL, FTP_SERVER_SILENT } } }, 0);
		assert_int_equal(read_length, 10);
	}
}

static size_t
server_stored(void)
{
	size_t n;

	pthread_mutex_lock(&ftp_server->lock);
	n = ftp_server->stored_length;
	pthread_mutex_unlock(&ftp_server->lock);
	return n;
}

static void
an_upload_given_up_looks_cut_to_the_server(void **state)
{
	(void)state;
	rq.verb = WORLD_STORE;
	for (int mode = 0; mode < 2; mode++) {
		uint64_t limit = clock_us() + RIG_LIMIT_US;

		rq.passive = mode == 0;
		rig_server((struct ftp_server_script){ .length = 0 });
		world->ops->ftp_start(world, &rq);
		assert_int_equal(rig_until_flows().state, WORLD_READY);
		assert_int_equal(world->ops->ftp_write(world, upload_bytes(1000)), 1000);
		while (server_stored() < 1000 && clock_us() < limit)
			rig_turn();
		world->ops->ftp_close(world);
		ftp_server_wait(ftp_server);
		/* What had come it may keep, but it knows that this is not all. */
		assert_true(ftp_server->data_reset);
		assert_stored(upload_bytes(1000));
		ftp_server_free(ftp_server);
		ftp_server = NULL;
	}
}

static void
a_window_is_not_offered_in_crumbs(void **state)
{
	struct world_ftp now;
	uint64_t limit = clock_us() + RIG_LIMIT_US;
	size_t total = 0, before = 1;

	(void)state;
	rq.verb = WORLD_STORE;
	rig_server((struct ftp_server_script){ .stop = STOP_SILENT, .stop_at = 1 });
	world->ops->ftp_start(world, &rq);
	rig_until_flows();
	/* Until it has come to a stand, in the kernel's buffers. */
	while (total != before && clock_us() < limit) {
		before = total;
		for (int i = 0; i < 5; i++) {
			for (now = rig_poll(); now.window > 0; now = rig_poll()) {
				assert_true(now.window >= 1460);
				total += world->ops->ftp_write(world, upload_bytes(1000));
			}
			assert_int_equal(now.state, WORLD_READY);
			rig_turn();
		}
	}
	assert_int_equal(rig_poll().window, 0);
	assert_true(total >= 65536 - 1460 && total < 64 * MIB);
	world->ops->ftp_close(world);
}

int
main(void)
{
#define RIGGED(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		RIGGED(a_server_sends_no_more_than_is_read),
		RIGGED(while_the_module_does_not_read_no_time_runs_out),
		RIGGED(thirty_two_mebibytes_leave_the_heap_as_it_was),
		RIGGED(a_listing_without_end_takes_no_memory_and_is_given_up_at_once),
		RIGGED(a_session_is_closed_at_once_wherever_it_is),
		RIGGED(the_next_session_does_not_wait_for_the_last_goodbye),
		RIGGED(an_upload_given_up_looks_cut_to_the_server),
		RIGGED(a_window_is_not_offered_in_crumbs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
