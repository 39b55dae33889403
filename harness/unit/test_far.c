/* far lines: how they are read; what they judge is tested where it happens. */
#include "far_side.h"

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
		    "expected USER, PASS, TYPE, PASV, PORT, REST, AUTH, PBSZ, PROT, RETR, STOR, APPE, STOU, SIZE, DELE, MKD, RMD, LIST or "
		    "QUIT" },
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_far_lines_are_placed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
