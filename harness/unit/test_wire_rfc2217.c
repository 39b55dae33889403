/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
/* clang-format on */

#include "modem.h"
#include "port.h"
#include "rfc2217.h"
#include "stop.h"
#include "wire.h"

static pid_t peer; /* the other side, in a process of its own */
static char text[64];
static struct err e;

/* Something that serves one connection, and ends with it. */
static void
peer_start(void (*serve)(int fd))
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(listening, (struct sockaddr *)&a, len), 0);
	assert_int_equal(listen(listening, 1), 0);
	assert_int_equal(getsockname(listening, (struct sockaddr *)&a, &len), 0);
	snprintf(text, sizeof(text), "rfc2217:127.0.0.1:%d", ntohs(a.sin_port));
	peer = fork();
	if (peer == 0) {
		stop_on_signals();
		serve(accept(listening, NULL, NULL));
		_exit(0);
	}
	close(listening);
}

static struct wire *
connect_to(const char *suffix)
{
	struct port port;

	strcat(text, suffix);
	memset(&e, 0, sizeof(e));
	assert_int_equal(port_read(&port, text, &e), 0);
	return wire_open(&port, &e);
}

static void
peer_end(struct wire *wire)
{
	int status;

	if (wire != NULL)
		wire->ops->close(wire);
	assert_int_equal(waitpid(peer, &status, 0), peer);
	assert_int_equal(status, 0);
}

static void
refused_with(void (*serve)(int fd), const char *why)
{
	struct wire *wire;

	peer_start(serve);
	wire = connect_to("");
	assert_null(wire);
	assert_int_equal(e.status, EXIT_RIG);
	assert_non_null(strstr(e.text, why));
	assert_non_null(strstr(e.text, "rfc2217:127.0.0.1:"));
	peer_end(wire);
}

/* Read until the client hangs up. */
static void
drain(int fd)
{
	char bytes[4096];

	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
}

static void
put(int fd, struct span bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.at, bytes.len);

		if (n <= 0)
			return;
		bytes = span_after(bytes, (size_t)n);
	}
}

/* ---- peers that are no servers ------------------------------------------------------ */

static void
serve_web(int fd)
{
	put(fd, SPAN("HTTP/1.1 400 Bad Request\r\n\r\n"));
	shutdown(fd, SHUT_WR);
	drain(fd);
}

static void
serve_echo(int fd)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		put(fd, span_of(bytes, (size_t)n));
}

static void
serve_refusal(int fd)
{
	put(fd, SPAN("login: \xff\xfe\x2c\xff\xfe\0\xff\xfe\x03\xff\xfc\0\xff\xfc\x03"));
	drain(fd);
}

/* Without end, and never reads what is answered. */
static void
serve_flood(int fd)
{
	static char bytes[65536];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)"\xff\xfb\x18"[i % 3];
	for (;;) {
		if (write(fd, bytes, sizeof(bytes) / 3 * 3) <= 0)
			return;
	}
}

static void
what_came_instead_of_telnet_is_shown(void **state)
{
	(void)state;
	refused_with(serve_web, "HTTP/1.1 400 Bad Request");
}

static void
a_peer_that_echoes_is_no_server(void **state)
{
	(void)state;
	refused_with(serve_echo, "echoes what is sent to it");
	assert_non_null(strstr(e.text, "tcp:127.0.0.1:"));
}

static void
telnet_without_the_option_is_no_serial_port(void **state)
{
	(void)state;
	refused_with(serve_refusal, "refuses COM-PORT-OPTION");
}

static void
a_peer_that_asks_without_end_is_left(void **state)
{
	(void)state;
	refused_with(serve_flood, "asks without end");
}

/* ---- a server, as its words say -------------------------------------------------------- */

static struct {
	bool without_control; /* SET-CONTROL is not answered */
	uint32_t baud;        /* the only one it has; 0: any */
	uint8_t state;        /* told when asked for */
} how;

static void
answer(struct rfc2217 *r, const struct rfc2217_event *event)
{
	switch (event->command) {
	case RFC2217_BAUD: rfc2217_say(r, RFC2217_BAUD, how.baud == 0 ? event->value : how.baud); break;
	case RFC2217_CONTROL:
		if (!how.without_control)
			rfc2217_say(r, RFC2217_CONTROL, event->value);
		break;
	case RFC2217_MODEMSTATE_MASK: rfc2217_say(r, RFC2217_MODEMSTATE, how.state); break;
	case RFC2217_SIGNATURE:
	case RFC2217_DATASIZE:
	case RFC2217_PARITY:
	case RFC2217_STOPSIZE:
	case RFC2217_LINESTATE:
	case RFC2217_MODEMSTATE:
	case RFC2217_SUSPEND:
	case RFC2217_RESUME:
	case RFC2217_LINESTATE_MASK:
	case RFC2217_PURGE: break;
	}
}

/* Data comes back, and its bytes 'd' and 'D' put DCD low and high before that. */
static void
loop_back(struct rfc2217 *r, struct span data, int fd)
{
	char bytes[RFC2217_SAY_MAX + 8192];
	size_t n;

	for (size_t i = 0; i < data.len; i++)
		if (data.at[i] == 'd' || data.at[i] == 'D')
			rfc2217_say(r, RFC2217_MODEMSTATE, data.at[i] == 'd' ? RFC2217_CTS : RFC2217_CTS | RFC2217_DCD);
	n = rfc2217_pull(r, bytes, RFC2217_SAY_MAX);
	n += rfc2217_encode(r, &data, bytes + n, sizeof(bytes) - n);
	put(fd, span_of(bytes, n));
}

static void
serve_port(int fd)
{
	struct rfc2217 r;
	char bytes[2048];
	ssize_t n;

	rfc2217_init(&r, RFC2217_SERVER);
	loop_back(&r, SPAN(""), fd);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
		struct span in = span_of(bytes, (size_t)n);

		while (in.len > 0) {
			struct rfc2217_event event;

			in = span_after(in, rfc2217_feed(&r, in, &event));
			if (event.kind == RFC2217_EVENT)
				answer(&r, &event);
			loop_back(&r, event.kind == RFC2217_DATA ? event.bytes : SPAN(""), fd);
		}
	}
}

/* Send bytes, and read the same. */
static void
there_and_back(struct wire *wire, struct span bytes)
{
	char *got = malloc(bytes.len);
	size_t have = 0;

	assert_int_equal(wire->ops->send(wire, bytes, &e), 0);
	while (have < bytes.len) {
		struct wire_when when;
		long n = wire->ops->recv(wire, got + have, bytes.len - have, wire->ops->now(wire) + 10000000, &when, &e);

		assert_true(n > 0);
		have += (size_t)n;
	}
	assert_memory_equal(got, bytes.at, bytes.len);
	free(got);
}

static struct wire *
port_start(const char *suffix)
{
	peer_start(serve_port);
	return connect_to(suffix);
}

static void
every_byte_arrives(void **state)
{
	char bytes[100000];
	struct wire *wire;

	(void)state;
	memset(&how, 0, sizeof(how));
	wire = port_start("");
	assert_non_null(wire);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i % 7 == 0 ? 0xff : i * 31 + (i >> 8));
	there_and_back(wire, SPAN("\r\0\r\n\xff\xff\xf0\0"));
	there_and_back(wire, span_of(bytes, sizeof(bytes)));
	peer_end(wire);
}

static void
lines_are_seen_as_told_before_what_was_said(void **state)
{
	struct wire *wire;
	unsigned mask = 0;

	(void)state;
	memset(&how, 0, sizeof(how));
	how.state = RFC2217_DCD | RFC2217_CTS;
	wire = port_start("");
	assert_non_null(wire);
	there_and_back(wire, SPAN("x"));
	assert_int_equal(wire->ops->lines(wire, &mask), MODEM_DCD | MODEM_CTS);
	assert_int_equal(mask, MODEM_DCD | MODEM_RI | MODEM_DSR | MODEM_CTS);
	there_and_back(wire, SPAN("d"));
	assert_int_equal(wire->ops->lines(wire, &mask), MODEM_CTS);
	there_and_back(wire, SPAN("D"));
	assert_int_equal(wire->ops->lines(wire, &mask), MODEM_DCD | MODEM_CTS);
	peer_end(wire);
}

static void
lines_that_are_all_low_from_the_start_are_not_there(void **state)
{
	struct wire *wire;
	unsigned mask = 0;

	(void)state;
	memset(&how, 0, sizeof(how));
	wire = port_start("");
	assert_non_null(wire);
	there_and_back(wire, SPAN("x"));
	wire->ops->lines(wire, &mask);
	assert_int_equal(mask, 0);
	peer_end(wire);
}

static void
an_unanswered_control_is_not_here(void **state)
{
	const struct wire_order dtr = { .kind = ORDER_DTR, .number = 0 };
	struct wire *wire;

	(void)state;
	memset(&how, 0, sizeof(how));
	how.without_control = true;
	wire = port_start("");
	assert_non_null(wire);
	assert_int_equal(wire->ops->order(wire, &dtr, &e), 1);
	there_and_back(wire, SPAN("AT\r"));
	peer_end(wire);
	how.without_control = false;
	wire = port_start("");
	assert_non_null(wire);
	assert_int_equal(wire->ops->order(wire, &dtr, &e), 0);
	peer_end(wire);
}

static void
the_baud_is_what_the_server_says_it_is(void **state)
{
	struct wire *wire;

	(void)state;
	memset(&how, 0, sizeof(how));
	wire = port_start(",9600");
	assert_non_null(wire);
	assert_int_equal(wire->ops->baud(wire, 57600, &e), 0);
	peer_end(wire);
	how.baud = 19200;
	wire = port_start("");
	assert_non_null(wire);
	assert_int_equal(wire->ops->baud(wire, 57600, &e), 1);
	assert_int_equal(wire->ops->baud(wire, 19200, &e), 0);
	peer_end(wire);
	wire = port_start(",9600");
	assert_null(wire);
	assert_non_null(strstr(e.text, "baud 9600: the server has set 19200"));
	peer_end(wire);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_came_instead_of_telnet_is_shown),
		cmocka_unit_test(a_peer_that_echoes_is_no_server),
		cmocka_unit_test(telnet_without_the_option_is_no_serial_port),
		cmocka_unit_test(a_peer_that_asks_without_end_is_left),
		cmocka_unit_test(every_byte_arrives),
		cmocka_unit_test(lines_are_seen_as_told_before_what_was_said),
		cmocka_unit_test(lines_that_are_all_low_from_the_start_are_not_there),
		cmocka_unit_test(an_unanswered_control_is_not_here),
		cmocka_unit_test(the_baud_is_what_the_server_says_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
