/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#include "ftp_rig.h"

#define LOG_IN "USER me\nPASS secret\nPWD\n"

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

/* ---- what a session says --------------------------------------------------------------- */

static void
a_file_comes_whole_and_the_session_is_ended_politely(void **state)
{
	(void)state;
	assert_script((struct ftp_server_script){ .length = 200000 }, 0);
	assert_int_equal(read_length, 200000);
	for (size_t i = 0; i < read_length; i++)
		assert_int_equal(kept[i], 'a' + i % 23);
	/* It is closed, and QUIT is said in its own time. */
	assert_told(LOG_IN "PASV\nTYPE I\nRETR /d/x.txt\n");
}

static void
a_restart_offset_is_said_before_the_file(void **state)
{
	(void)state;
	rq.rest = 20;
	assert_script((struct ftp_server_script){ .content = "wodeceshijieguo,zhgeshigeshia" }, 0);
	assert_string_equal(kept, "shigeshia");
	assert_told(LOG_IN "PASV\nTYPE I\nREST 20\nRETR /d/x.txt\n");
}

static void
a_server_may_say_125_or_lie_about_the_length(void **state)
{
	(void)state;
	assert_script((struct ftp_server_script){ .length = 100, .begin = "125-Well\r\n125 Already open\r\n" }, 0);
	assert_int_equal(read_length, 100);
	assert_script((struct ftp_server_script){ .length = 100, .begin = "150 Here (99999 bytes)\r\n" }, 0);
	assert_int_equal(read_length, 100);
	assert_script((struct ftp_server_script){ .length = 100, .begin = "150 Here (99999999999999999999999 bytes)\r\n" }, 0);
	assert_int_equal(read_length, 100);
	rq.verb = WORLD_STORE;
	rig_server((struct ftp_server_script){ .begin = "125 Already open\r\n" });
	assert_int_equal(rig_run(SPAN("x")).state, WORLD_DONE);
	world->ops->ftp_close(world);
}

static void
an_empty_file_ends_without_a_byte(void **state)
{
	(void)state;
	assert_script((struct ftp_server_script){ .length = 0 }, 0);
	assert_int_equal(read_length, 0);
}

static void
active_mode_lets_the_server_connect(void **state)
{
	(void)state;
	rq.passive = false;
	assert_script((struct ftp_server_script){ .length = 100000 }, 0);
	assert_int_equal(read_length, 100000);
	ftp_server_end(ftp_server);
	assert_non_null(strstr(ftp_server->log, "PORT 127,0,0,1,"));
	assert_null(strstr(ftp_server->log, "EPRT"));
	rq.verb = WORLD_STORE;
	rig_server((struct ftp_server_script){ .length = 0 });
	assert_int_equal(rig_run(upload_bytes(10000)).state, WORLD_DONE);
	world->ops->ftp_close(world);
	ftp_server_end(ftp_server);
	assert_stored(upload_bytes(10000));
}

static void
type_a_hands_on_the_bytes_as_they_were_sent(void **state)
{
	(void)state;
	rq.ascii = true;
	assert_script((struct ftp_server_script){ .content = "one\r\ntwo\r\n\nthree" }, 0);
	assert_string_equal(kept, "one\r\ntwo\r\n\nthree");
	assert_told(LOG_IN "PASV\nTYPE I\nTYPE A\nRETR /d/x.txt\n");
	rq.verb = WORLD_STORE;
	rig_server((struct ftp_server_script){ .length = 0 });
	assert_int_equal(rig_run(SPAN("one\r\ntwo\r\n\nthree")).state, WORLD_DONE);
	world->ops->ftp_close(world);
	ftp_server_end(ftp_server);
	assert_stored(SPAN("one\r\ntwo\r\n\nthree"));
}

static void
a_listing_keeps_its_line_ends(void **state)
{
	(void)state;
	rq.verb = WORLD_LIST;
	rq.path = SPAN("/a folder/b/");
	assert_script((struct ftp_server_script){ .content = "-rw- 1 a\r\n-rw- 2 b\r\n" }, 0);
	assert_string_equal(kept, "-rw- 1 a\r\n-rw- 2 b\r\n");
	assert_told(LOG_IN "PASV\nTYPE A\nLIST /a folder/b\n");
	rq.path = SPAN("/");
	assert_script((struct ftp_server_script){ .content = "" }, 0);
	assert_told(LOG_IN "PASV\nTYPE A\nLIST /\n");
	rq.path = SPAN("");
	assert_script((struct ftp_server_script){ .content = "" }, 0);
	assert_told(LOG_IN "PASV\nTYPE A\nLIST /\n");
}

static void
a_question_is_one_command_without_data(void **state)
{
	(void)state;
	rq.verb = WORLD_SIZE;
	rig_server((struct ftp_server_script){ .replies = { { "SIZE", "213 1234567890123\r\n", FTP_SERVER_SAY } } });
	assert_int_equal(rig_run(SPAN("")).size, UINT64_C(1234567890123));
	world->ops->ftp_close(world);
	assert_told(LOG_IN "TYPE I\nSIZE /d/x.txt\n");
	rq.verb = WORLD_DELE;
	assert_script((struct ftp_server_script){ .length = 0 }, 0);
	assert_told(LOG_IN "TYPE I\nDELE /d/x.txt\n");
	rq.verb = WORLD_MKD;
	assert_script((struct ftp_server_script){ .length = 0 }, 0);
	assert_told(LOG_IN "TYPE I\nMKD /d\n");
	rq.verb = WORLD_RMD;
	assert_script((struct ftp_server_script){ .length = 0 }, 0);
	assert_told(LOG_IN "TYPE I\nRMD /d\n");
}

static void
uploads_say_what_the_option_asks_for(void **state)
{
	static const char *const told[] = { [WORLD_STOR] = "PASV\nTYPE I\nSTOR /d/x.txt\n",
		[WORLD_APPE] = "PASV\nTYPE I\nAPPE /d/x.txt\n",
		[WORLD_STOU] = "CWD /d\nPASV\nTYPE A\nTYPE I\nSTOU x.txt\n" };

	(void)state;
	rq.verb = WORLD_STORE;
	for (rq.put = WORLD_STOR; rq.put <= WORLD_STOU; rq.put++) {
		char all[200];

		for (size_t n = 0; n <= sizeof(upload); n += sizeof(upload) / 2) {
			rig_server((struct ftp_server_script){ .length = 0 });
			assert_int_equal(rig_run(upload_bytes(n)).state, WORLD_DONE);
			world->ops->ftp_close(world);
			ftp_server_end(ftp_server);
			assert_stored(upload_bytes(n));
			assert_false(ftp_server->data_reset);
		}
		snprintf(all, sizeof(all), LOG_IN "%s", told[rq.put]);
		assert_memory_equal(ftp_server->log, all, strlen(all));
	}
}

static void
odd_names_reach_the_server_as_they_are(void **state)
{
	(void)state;
	rq.path = SPAN("d e/../%41;type=a");
	rq.name = SPAN("x #?&\"'\\~\xc3\xa4[1]{2}");
	assert_script((struct ftp_server_script){ .length = 10 }, 0);
	assert_told(LOG_IN "PASV\nTYPE I\nRETR /d e/../%41;type=a/x #?&\"'\\~\xc3\xa4[1]{2}\n");
	rq.verb = WORLD_STORE;
	rig_server((struct ftp_server_script){ .length = 0 });
	assert_int_equal(rig_run(SPAN("x")).state, WORLD_DONE);
	world->ops->ftp_close(world);
	assert_told(LOG_IN "PASV\nTYPE I\nSTOR /d e/../%41;type=a/x #?&\"'\\~\xc3\xa4[1]{2}\n");
	rq.verb = WORLD_DELE;
	assert_script((struct ftp_server_script){ .length = 0 }, 0);
	assert_told(LOG_IN "TYPE I\nDELE /d e/../%41;type=a/x #?&\"'\\~\xc3\xa4[1]{2}\n");
}

static void
user_and_password_reach_the_server_as_they_are(void **state)
{
	(void)state;
	rq.user = SPAN("a b:c@d/e%20;x");
	rq.password = SPAN("\"p%40 :/@");
	assert_script((struct ftp_server_script){ .length = 10 }, 0);
	assert_told("USER a b:c@d/e%20;x\nPASS \"p%40 :/@\nPWD\nPASV\nTYPE I\nRETR /d/x.txt\n");
	rq.user = rq.password = SPAN("");
	rig_server((struct ftp_server_script){ .length = 10 });
	rig_run(SPAN(""));
	world->ops->ftp_close(world);
	ftp_server_end(ftp_server);
	assert_memory_equal(ftp_server->log, "USER \nPASS \n", 12);
}

static void
nothing_that_holds_a_line_end_is_said(void **state)
{
	static const struct span bad[] = { { .at = "x\r\nDELE y", .len = 9 }, { .at = "x\ny", .len = 3 }, { .at = "x\0y", .len = 3 } };
	static const enum world_ftp_verb verbs[] = { WORLD_RETR, WORLD_STORE, WORLD_LIST, WORLD_SIZE, WORLD_DELE, WORLD_MKD, WORLD_RMD };

	(void)state;
	rig_server((struct ftp_server_script){ .length = 10 });
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct world_ftp_request good = rq;

		for (size_t k = 0; k < sizeof(verbs) / sizeof(verbs[0]); k++) {
			rq.verb = verbs[k];
			rq.path = bad[i];
			assert_ends(77);
			rq = good;
		}
		rq.name = bad[i];
		assert_ends(77);
		rq.verb = WORLD_STORE;
		rq.put = WORLD_STOU;
		assert_ends(77);
		rq = good;
		rq.user = bad[i];
		assert_ends(71);
		rq = good;
		rq.password = bad[i];
		assert_ends(72);
		rq = good;
		rq.server = bad[i];
		assert_ends(62);
		rq = good;
	}
	assert_told("");
}

int
main(void)
{
#define RIGGED(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		RIGGED(a_file_comes_whole_and_the_session_is_ended_politely),
		RIGGED(a_restart_offset_is_said_before_the_file),
		RIGGED(a_server_may_say_125_or_lie_about_the_length),
		RIGGED(an_empty_file_ends_without_a_byte),
		RIGGED(active_mode_lets_the_server_connect),
		RIGGED(type_a_hands_on_the_bytes_as_they_were_sent),
		RIGGED(a_listing_keeps_its_line_ends),
		RIGGED(a_question_is_one_command_without_data),
		RIGGED(uploads_say_what_the_option_asks_for),
		RIGGED(odd_names_reach_the_server_as_they_are),
		RIGGED(user_and_password_reach_the_server_as_they_are),
		RIGGED(nothing_that_holds_a_line_end_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
