/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include "ftp_rig.h"

/* ---- before the log-in -------------------------------------------------------------- */

static void
nobody_listening_is_connect_error(void **state)
{
	uint16_t port;
	int fd = ftp_server_listen(&port);

	(void)state;
	close(fd);
	rq.port = port;
	assert_ends(63);
}

static void
no_such_host_is_dns_error(void **state)
{
	(void)state;
	rq.port = 21;
	rq.server = SPAN("127.0.0.1/evil");
	assert_ends(62);
	rq.server = SPAN("");
	assert_ends(62);
	/* Not allowed to be asked for is the same to the module. */
	rq.server = SPAN("192.0.2.1");
	assert_ends(62);
}

static void
a_bearer_that_is_closed_is_net_error(void **state)
{
	(void)state;
	world->ops->bearer_close(world, 1);
	assert_reply("", "220 You\r\n", 61);
}

static void
a_server_that_refuses_to_serve_is_server_error(void **state)
{
	(void)state;
	assert_script((struct ftp_server_script){ .replies = { { "", "421 Too many\r\n", FTP_SERVER_CLOSE } } }, 65);
	assert_script((struct ftp_server_script){ .replies = { { "", "530 Not you\r\n", FTP_SERVER_CLOSE } } }, 65);
	assert_script((struct ftp_server_script){ .replies = { { "", NULL, FTP_SERVER_CLOSE } } }, 65);
	assert_script((struct ftp_server_script){ .replies = { { "PASS", NULL, FTP_SERVER_CLOSE } } }, 65);
	assert_script((struct ftp_server_script){ .replies = { { "USER", "421 Going down\r\n", FTP_SERVER_CLOSE } } }, 65);
	assert_script((struct ftp_server_script){ .replies = { { "RETR", "421 Going down\r\n", FTP_SERVER_CLOSE } } }, 65);
}

static void
a_server_that_speaks_no_ftp_is_reply_error(void **state)
{
	(void)state;
	assert_script((struct ftp_server_script){ .replies = { { "", "SSH-2.0-OpenSSH\r\n", FTP_SERVER_FLOOD } } }, 70);
	assert_script((struct ftp_server_script){ .replies = { { "", "220-for ever\r\n", FTP_SERVER_FLOOD } } }, 70);
	assert_script((struct ftp_server_script){ .replies = { { "TYPE", "200-for ever\r\n", FTP_SERVER_FLOOD } } }, 70);
	assert_script((struct ftp_server_script){ .replies = { { "", "220 without a line end", FTP_SERVER_FLOOD } } }, 70);
}

static void
a_server_that_says_nothing_is_time_out(void **state)
{
	static const char *const verbs[] = { "", "USER", "PASS", "TYPE", "PASV", "RETR" };

	(void)state;
	rq.timeout_ms = 300;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		uint64_t begin = clock_us();

		assert_script((struct ftp_server_script){ .replies = { { verbs[i], NULL, FTP_SERVER_SILENT } } }, 64);
		assert_true(clock_us() - begin >= 300000);
	}
	assert_script((struct ftp_server_script){ .replies = { { "", "SSH-2.0-OpenSSH\r\n", FTP_SERVER_SAY } } }, 64);
}

/* ---- at the commands ------------------------------------------------------------------ */

static void
the_step_of_a_refused_log_in_decides_between_user_and_password(void **state)
{
	(void)state;
	assert_reply("USER", "530 Nobody of that name\r\n", 71);
	assert_reply("USER", "500 What?\r\n", 71);
	assert_reply("PASS", "530 Wrong\r\n", 72);
	assert_reply("PASS", "530-Wrong\r\n 331 and not this\r\n530 Wrong\r\n", 72);
	/* An account is wanted that no module has. */
	assert_reply("PASS", "332 And the account?\r\n", 70);
	/* A server that wants no password. */
	assert_reply("USER", "230 In\r\n", 0);
}

static void
a_refused_command_has_its_own_error(void **state)
{
	(void)state;
	assert_reply("TYPE", "504 Not that\r\n", 73);
	assert_reply("PASV", "500 What?\r\n", 75);
	assert_reply("PASV", "227 Somewhere\r\n", 75);
	assert_reply("PASV", "200 Fine\r\n", 70);
	rq.rest = 20;
	assert_reply("REST", "502 Not here\r\n", 74);
	assert_reply("REST", "200 Fine\r\n", 70);
	rq.rest = 0;
	rq.passive = false;
	assert_reply("PORT", "500 What?\r\n", 76);
}

static void
type_a_that_is_refused_is_type_error(void **state)
{
	(void)state;
	rq.ascii = true;
	assert_reply("TYPE", "504 Not that\r\n", 73);
	rq.verb = WORLD_DELE;
	assert_reply("TYPE", "504 Not that\r\n", 73);
}

static void
what_cannot_be_done_is_operate_error(void **state)
{
	static const char *const verbs[] = { "RETR", "STOR", "LIST", "SIZE", "DELE", "MKD", "RMD" };
	static const enum world_ftp_verb asked[] = { WORLD_RETR, WORLD_STORE, WORLD_LIST, WORLD_SIZE, WORLD_DELE, WORLD_MKD, WORLD_RMD };

	(void)state;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		rq.verb = asked[i];
		assert_reply(verbs[i], "550 No\r\n", 77);
		assert_reply(verbs[i], "450 Not now\r\n", 77);
		assert_reply(verbs[i], "500 What?\r\n", 77);
		assert_reply(verbs[i], "350 And then?\r\n", 70);
		assert_reply(verbs[i], "421 Going down\r\n", 65);
	}
	rq.verb = WORLD_STORE;
	assert_reply("STOR", "553 Not that name\r\n", 77);
	rq.put = WORLD_APPE;
	assert_reply("APPE", "550 No\r\n", 77);
	rq.put = WORLD_STOU;
	assert_reply("CWD", "550 No such folder\r\n", 77);
	assert_reply("STOU", "550 No\r\n", 77);
}

static void
a_size_that_is_no_number_is_reply_error(void **state)
{
	(void)state;
	rq.verb = WORLD_SIZE;
	assert_reply("SIZE", "213 lots\r\n", 70);
	assert_reply("SIZE", "213 \r\n", 70);
	assert_reply("SIZE", "213 99999999999999999999999999999\r\n", 70);
	assert_reply("SIZE", "213 -1\r\n", 70);
}

/* ---- data ------------------------------------------------------------------------------- */

static void
no_way_for_the_data_is_passive_or_active_error(void **state)
{
	(void)state;
	assert_script((struct ftp_server_script){ .closed_port = true }, 75);
	rq.passive = false;
	rq.timeout_ms = 1500;
	assert_script((struct ftp_server_script){ .from = "" }, 76);
	/* It is not the server that connects: nobody may slip in content of his own. */
	rq.timeout_ms = 20000;
	assert_script((struct ftp_server_script){ .from = "127.0.0.2", .length = 100 }, 79);
	assert_int_equal(read_length, 0);
}

static void
a_download_that_is_cut_is_download_error_after_what_came(void **state)
{
	(void)state;
	rq.verb = WORLD_RETR;
	assert_reply("RETR", "425 Cannot connect\r\n", 79);
	assert_reply("RETR", "426 Broken\r\n", 79);
	assert_script((struct ftp_server_script){ .length = 100000, .stop = STOP_CLOSE, .stop_at = 50000, .end = "426 Broken\r\n" }, 79);
	assert_int_equal(read_length, 50000);
	assert_script((struct ftp_server_script){ .length = 100, .end = "451 Disk\r\n" }, 79);
	assert_int_equal(read_length, 100);
	assert_script((struct ftp_server_script){ .length = 100000, .stop = STOP_RESET, .stop_at = 50000, .end = "426 Broken\r\n" }, 79);
	rq.verb = WORLD_LIST;
	assert_script((struct ftp_server_script){ .length = 100, .end = "451 Disk\r\n" }, 79);
	/* Nothing came, since there is nothing. */
	assert_script((struct ftp_server_script){ .end = "450 No such folder\r\n" }, 77);
}

static void
an_upload_that_is_cut_is_upload_error(void **state)
{
	(void)state;
	rq.verb = WORLD_STORE;
	for (rq.put = WORLD_STOR; rq.put <= WORLD_STOU; rq.put++) {
		assert_script((struct ftp_server_script){ .end = "452 Disk full\r\n" }, 78);
		assert_script((struct ftp_server_script){ .end = "552 Too much\r\n" }, 78);
		assert_script((struct ftp_server_script){ .end = "426 Broken\r\n" }, 78);
	}
	rq.put = WORLD_STOR;
	assert_reply("STOR", "452 Disk full\r\n", 78);
	assert_reply("STOR", "425 Cannot connect\r\n", 78);
}

/* The module has bytes left to write, and nothing says so but the connection. */
static void
assert_upload_breaks(struct ftp_server_script script)
{
	struct world_ftp now;
	uint64_t limit = clock_us() + RIG_LIMIT_US;
	char bytes[2000] = "";

	rig_server(script);
	world->ops->ftp_start(world, &rq);
	assert_int_equal(rig_until_flows().state, WORLD_READY);
	world->ops->ftp_write(world, span_of(bytes, sizeof(bytes)));
	while ((now = rig_poll()).state == WORLD_READY && clock_us() < limit)
		rig_turn();
	if (now.error != 78)
		print_error("put %d, stop %d, end %s\n", (int)rq.put, (int)script.stop, script.end);
	assert_int_equal(now.state, WORLD_FAILED);
	assert_int_equal(now.error, 78);
	world->ops->ftp_close(world);
}

static void
a_server_that_breaks_off_while_the_module_waits_is_noticed(void **state)
{
	(void)state;
	rq.verb = WORLD_STORE;
	for (rq.put = WORLD_STOR; rq.put <= WORLD_STOU; rq.put++) {
		assert_upload_breaks((struct ftp_server_script){ .stop = STOP_RESET, .stop_at = 1000, .end = "452 Disk full\r\n" });
		assert_upload_breaks((struct ftp_server_script){ .stop = STOP_CLOSE, .stop_at = 1000, .end = "452 Disk full\r\n" });
		if (rq.put != WORLD_STOU)
			assert_upload_breaks((struct ftp_server_script){ .stop = STOP_CLOSE, .stop_at = 1000, .end = "" });
	}
}

static void
silence_in_the_middle_is_time_out(void **state)
{
	(void)state;
	rq.timeout_ms = 400;
	assert_script((struct ftp_server_script){ .length = 100000, .stop = STOP_SILENT, .stop_at = 50000 }, 64);
	assert_int_equal(read_length, 50000);
	/* All is there but the server's word that it is. */
	assert_script((struct ftp_server_script){ .length = 100, .end = "" }, 64);
	rq.verb = WORLD_STORE;
	assert_script((struct ftp_server_script){ .end = "" }, 64);
}

int
main(void)
{
#define RIGGED(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		RIGGED(nobody_listening_is_connect_error),
		RIGGED(no_such_host_is_dns_error),
		RIGGED(a_bearer_that_is_closed_is_net_error),
		RIGGED(a_server_that_refuses_to_serve_is_server_error),
		RIGGED(a_server_that_speaks_no_ftp_is_reply_error),
		RIGGED(a_server_that_says_nothing_is_time_out),
		RIGGED(the_step_of_a_refused_log_in_decides_between_user_and_password),
		RIGGED(a_refused_command_has_its_own_error),
		RIGGED(type_a_that_is_refused_is_type_error),
		RIGGED(what_cannot_be_done_is_operate_error),
		RIGGED(a_size_that_is_no_number_is_reply_error),
		RIGGED(no_way_for_the_data_is_passive_or_active_error),
		RIGGED(a_download_that_is_cut_is_download_error_after_what_came),
		RIGGED(an_upload_that_is_cut_is_upload_error),
		RIGGED(a_server_that_breaks_off_while_the_module_waits_is_noticed),
		RIGGED(silence_in_the_middle_is_time_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
