#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "stop.h"
#include "wire_rig.h"

#define ALARM_S 300

/* ---- TCP: the other side is the test itself --------------------------------------- */

static int listening, peer = -1;
static char address[64];

static void
listen_again(uint16_t number)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(number) };
	socklen_t len = sizeof(at);
	int on = 1;

	listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(listening >= 0);
	setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	assert_int_equal(bind(listening, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(listening, 1), 0);
	assert_int_equal(getsockname(listening, (struct sockaddr *)&at, &len), 0);
	snprintf(address, sizeof(address), "tcp:127.0.0.1:%u", ntohs(at.sin_port));
}

static void
peer_accept(void)
{
	peer = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	assert_true(peer >= 0);
}

static void
peer_close(void)
{
	if (peer >= 0)
		close(peer);
	peer = -1;
}

static void
peer_says(const char *text)
{
	assert_int_equal(write(peer, text, strlen(text)), strlen(text));
}

static int
setup(void **state)
{
	(void)state;
	listen_again(0);
	open_wire(address);
	peer_accept();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	if (wire != NULL)
		close_wire();
	peer_close();
	if (listening >= 0)
		close(listening);
	listening = -1;
	return 0;
}

static void
bytes_go_both_ways(void **state)
{
	char text[8] = "";

	(void)state;
	send_text("AT\r");
	assert_int_equal(recv(peer, text, 3, MSG_WAITALL), 3);
	assert_string_equal(text, "AT\r");
	peer_says("\r\nOK\r\n");
	receive_text("\r\nOK\r\n");
}

static void
silence_lasts_until_its_moment(void **state)
{
	uint64_t until_us = clock_us() + 30000;
	struct wire_when when;
	char c;

	(void)state;
	assert_int_equal(wire->ops->recv(wire, &c, 1, until_us, &when, &error), 0);
	assert_true(wire->ops->now(wire) >= until_us);
}

static void
bytes_are_dated_between_the_last_silence_and_their_reading(void **state)
{
	uint64_t quiet_us = clock_us() + 20000, sent_us;
	struct wire_when when;
	char text[2];

	(void)state;
	assert_int_equal(wire->ops->recv(wire, text, 1, quiet_us, &when, &error), 0);
	sent_us = clock_us();
	peer_says("OK");
	receive(text, 2, &when);
	assert_in_range(when.after_us, quiet_us, sent_us);
	assert_in_range(when.at_us, sent_us, clock_us());
}

static void
what_is_left_of_a_burst_is_as_old_as_its_beginning(void **state)
{
	uint64_t sent_us = clock_us();
	struct wire_when first, rest;
	char c;

	(void)state;
	peer_says("OK");
	receive(&c, 1, &first);
	receive(&c, 1, &rest);
	assert_true(rest.after_us <= sent_us);
	assert_int_equal(rest.after_us, first.after_us);
	assert_true(rest.at_us >= first.at_us);
}

static void
what_was_there_before_a_case_is_not_the_cases(void **state)
{
	struct wire_when when;
	char c;

	(void)state;
	peer_says("an old line\r\n");
	/* until it has arrived */
	receive(&c, 1, &when);
	assert_int_equal(wire->ops->begin(wire, NULL, 1, &error), 0);
	peer_says("\r\nOK\r\n");
	receive_text("\r\nOK\r\n");
}

static void
a_signal_ends_the_wait(void **state)
{
	struct wire_when when;
	uint64_t begun_us = clock_us();
	char c;

	(void)state;
	stop_signal = SIGTERM;
	assert_int_equal(wire->ops->recv(wire, &c, 1, begun_us + 60 * PATIENCE_US, &when, &error), 0);
	stop_signal = 0;
	assert_true(clock_us() - begun_us < PATIENCE_US);
}

static void
on_alarm(int number)
{
	(void)number;
}

static void
another_signal_does_not(void **state)
{
	const struct sigaction note = { .sa_handler = on_alarm };
	const struct itimerval soon = { .it_value = { .tv_usec = 5000 } };
	uint64_t until_us = clock_us() + 50000, sent_us;
	struct wire_when when;
	char c;

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &note, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	assert_int_equal(wire->ops->recv(wire, &c, 1, until_us, &when, &error), 0);
	assert_true(clock_us() >= until_us);
	/* Nor is it taken for silence until the end of a wait that it has cut short. */
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	stop_signal = SIGTERM;
	assert_int_equal(wire->ops->recv(wire, &c, 1, clock_us() + PATIENCE_US, &when, &error), 0);
	stop_signal = 0;
	sent_us = clock_us();
	peer_says("x");
	receive(&c, 1, &when);
	assert_true(when.after_us <= sent_us);
	signal(SIGALRM, SIG_DFL);
	alarm(ALARM_S);
}

static void
a_peer_that_goes_is_an_error_and_may_come_back(void **state)
{
	unsigned number = (unsigned)strtoul(strrchr(address, ':') + 1, NULL, 10);
	char expected[128];

	(void)state;
	peer_says("bye");
	peer_close();
	receive_text("bye");
	receive_loss();
	snprintf(expected, sizeof(expected), "%s: the other side closed the connection", address);
	assert_string_equal(error.text, expected);
	assert_int_equal(wire->ops->send(wire, SPAN("AT\r"), &error), -1);
	close(listening);
	listening = -1;
	assert_int_equal(wire->ops->reopen(wire, &error), 1);
	snprintf(expected, sizeof(expected), "%s: nothing listens at port %u of 127.0.0.1", address, number);
	assert_string_equal(error.text, expected);
	listen_again((uint16_t)number);
	assert_int_equal(wire->ops->reopen(wire, &error), 0);
	peer_accept();
	peer_says("RDY");
	receive_text("RDY");
}

static void
a_peer_that_does_not_read_is_an_error_and_no_hang(void **state)
{
	static char much[1 << 20];
	struct err e = { 0 };
	int sent = 0;

	(void)state;
	stream()->stall_us = 50000;
	/* What the system buffers is bounded. */
	for (int i = 0; i < 64 && sent == 0; i++)
		sent = wire->ops->send(wire, span_of(much, sizeof(much)), &e);
	assert_int_equal(sent, -1);
	assert_non_null(strstr(e.text, "does not read"));
	assert_int_equal(e.status, EXIT_RIG);
}

static void
only_what_every_port_has_can_be_ordered(void **state)
{
	const struct wire_order reboot = { .kind = ORDER_REBOOT }, dtr = { .kind = ORDER_DTR, .number = 0 };
	unsigned mask = ~0u;

	(void)state;
	assert_int_equal(wire->ops->order(wire, &reboot, &error), 1);
	assert_int_equal(wire->ops->order(wire, &dtr, &error), 1);
	assert_int_equal(wire->ops->baud(wire, 9600, &error), 1);
	assert_null(wire->ops->far(wire));
	wire->ops->lines(wire, &mask);
	assert_int_equal(mask, 0);
}

static void
where_nothing_listens_nothing_is_opened(void **state)
{
	char expected[128];

	(void)state;
	close_wire();
	close(listening);
	listening = -1;
	assert_null(try_open(address));
	snprintf(expected, sizeof(expected), "%s: nothing listens at port %s of 127.0.0.1", address, strrchr(address, ':') + 1);
	assert_string_equal(error.text, expected);
	assert_int_equal(error.status, EXIT_RIG);
}

/* ---- a kind of wire that puts marks between bytes ---------------------------------- */

/* '-' is taken out of what comes, '+' is put in front of what goes, "?" is answered with "!". */
static int marked_end, marks;

static int
marked_open(struct wire_stream *s, struct err *e)
{
	int ends[2];

	(void)e;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	s->fd = ends[0];
	marked_end = ends[1];
	return 0;
}

static long
marked_decode(struct wire_stream *s, char *bytes, size_t n, struct err *e)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '?' && wire_stream_write(s, SPAN("!"), e) != 0)
			return -1;
		marks += bytes[i] == '-';
		if (bytes[i] != '-' && bytes[i] != '?')
			bytes[kept++] = bytes[i];
	}
	return (long)kept;
}

static int
marked_encode(struct wire_stream *s, struct span bytes, struct err *e)
{
	return wire_stream_write(s, SPAN("+"), e) != 0 ? -1 : wire_stream_write(s, bytes, e);
}

static void
marked_free(struct wire_stream *s)
{
	close(marked_end);
	free(s);
}

static const struct wire_stream_kind marked = {
	.open = marked_open, .decode = marked_decode, .encode = marked_encode, .free = marked_free
};

/* A server that is taken says so and hangs up, while we are about to speak. */
static void
what_was_said_before_the_hang_up_is_heard_by_who_writes(void **state)
{
	struct wire_stream *s = calloc(1, sizeof(*s));
	const struct port port = { .kind = PORT_EXEC, .text = "marked" };

	(void)state;
	close_wire();
	assert_int_equal(wire_stream_open(s, &marked, &port, &error), 0);
	wire = &s->wire;
	marks = 0;
	assert_int_equal(write(marked_end, "---", 3), 3);
	close(marked_end);
	marked_end = -1;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(wire_stream_write(s, SPAN("AT\r"), &error), -1);
	assert_int_equal(marks, 3);
}

static void
a_kind_may_take_bytes_out_and_put_bytes_in(void **state)
{
	struct wire_stream *s = calloc(1, sizeof(*s));
	const struct port port = { .kind = PORT_EXEC, .text = "marked" };
	char text[16] = "";
	struct wire_when when;
	uint64_t until_us;

	(void)state;
	close_wire();
	assert_int_equal(wire_stream_open(s, &marked, &port, &error), 0);
	wire = &s->wire;
	send_text("AT\r");
	assert_int_equal(read(marked_end, text, sizeof(text)), 4);
	assert_memory_equal(text, "+AT\r", 4);
	assert_int_equal(write(marked_end, "-O-K-", 5), 5);
	assert_int_equal(wire->ops->recv(wire, text, sizeof(text), clock_us() + PATIENCE_US, &when, &error), 2);
	assert_memory_equal(text, "OK", 2);
	/* Marks alone are nothing: the wait goes on until its moment. */
	until_us = clock_us() + 20000;
	assert_int_equal(write(marked_end, "---", 3), 3);
	assert_int_equal(wire->ops->recv(wire, text, sizeof(text), until_us, &when, &error), 0);
	assert_true(clock_us() >= until_us);
	/* A question is answered while somebody waits for that, and what came with it is kept. */
	assert_int_equal(write(marked_end, "A?B", 3), 3);
	assert_int_equal(wire_stream_pump(s, clock_us() + PATIENCE_US, &error), 0);
	assert_int_equal(read(marked_end, text, sizeof(text)), 1);
	assert_int_equal(text[0], '!');
	receive_text("AB");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(bytes_go_both_ways, setup, teardown),
		cmocka_unit_test_setup_teardown(silence_lasts_until_its_moment, setup, teardown),
		cmocka_unit_test_setup_teardown(bytes_are_dated_between_the_last_silence_and_their_reading, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_left_of_a_burst_is_as_old_as_its_beginning, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_there_before_a_case_is_not_the_cases, setup, teardown),
		cmocka_unit_test_setup_teardown(a_signal_ends_the_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(another_signal_does_not, setup, teardown),
		cmocka_unit_test_setup_teardown(a_peer_that_goes_is_an_error_and_may_come_back, setup, teardown),
		cmocka_unit_test_setup_teardown(a_peer_that_does_not_read_is_an_error_and_no_hang, setup, teardown),
		cmocka_unit_test_setup_teardown(only_what_every_port_has_can_be_ordered, setup, teardown),
		cmocka_unit_test_setup_teardown(where_nothing_listens_nothing_is_opened, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_said_before_the_hang_up_is_heard_by_who_writes, setup, teardown),
		cmocka_unit_test_setup_teardown(a_kind_may_take_bytes_out_and_put_bytes_in, setup, teardown),
	};

	alarm(ALARM_S);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
