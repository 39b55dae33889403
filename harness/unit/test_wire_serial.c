/*
 * Serial ports without hardware: libserialport meets a pseudo-terminal that the calls below make look like a port with control
 * lines.  Whether they make it look so is up to the test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "modem.h"
#include "serial_ports.h"
#include "wire_rig.h"

static bool has_lines;   /* the pseudo-terminal has control lines and a place in /sys */
static int lines;        /* TIOCM_ bits */
static unsigned fastest; /* the port keeps its rate when told one above, as Linux has it; 0: none is above */
static int master = -1;
static char path[64];

/* ---- what libserialport asks the system --------------------------------------------- */

int ioctl(int fd, unsigned long request, ...);
int lstat(const char *restrict name, struct stat *restrict out);
int __lxstat(int version, const char *name, struct stat *out);
ssize_t readlink(const char *restrict name, char *restrict into, size_t cap);

static bool
is_class(const char *name)
{
	return has_lines && strncmp(name, "/sys/class/tty/pts/", 19) == 0;
}

int
ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	void *argument;
	int bits = 0;

	va_start(ap, request);
	argument = va_arg(ap, void *);
	va_end(ap);
	if (has_lines && (request == TIOCMSET || request == TIOCMBIS || request == TIOCMBIC))
		memcpy(&bits, argument, sizeof(bits));
	if (has_lines && request == TIOCMGET)
		memcpy(argument, &lines, sizeof(lines));
	else if (has_lines && request == TIOCMSET)
		lines = bits;
	else if (has_lines && request == TIOCMBIS)
		lines |= bits;
	else if (has_lines && request == TIOCMBIC)
		lines &= ~bits;
	else
		return (int)syscall(SYS_ioctl, fd, request, argument);
	return 0;
}

int
lstat(const char *restrict name, struct stat *restrict out)
{
	if (!is_class(name))
		return fstatat(AT_FDCWD, name, out, AT_SYMLINK_NOFOLLOW);
	memset(out, 0, sizeof(*out));
	out->st_mode = S_IFLNK | 0777;
	return 0;
}

int
__lxstat(int version, const char *name, struct stat *out)
{
	(void)version;
	return lstat(name, out);
}

ssize_t
readlink(const char *restrict name, char *restrict into, size_t cap)
{
	static const char target[] = "../../devices/platform/uart/tty/port";

	if (!is_class(name))
		return readlinkat(AT_FDCWD, name, into, cap);
	assert_true(cap > sizeof(target));
	memcpy(into, target, sizeof(target) - 1);
	return sizeof(target) - 1;
}

int
tcsetattr(int fd, int when, const struct termios *t)
{
	static int (*real)(int, int, const struct termios *);
	struct termios kept = *t, now;

	if (real == NULL) {
		void *found = dlsym(RTLD_NEXT, "tcsetattr");

		memcpy(&real, &found, sizeof(real));
	}
	if (fastest != 0 && cfgetospeed(t) > fastest && tcgetattr(fd, &now) == 0) {
		cfsetospeed(&kept, cfgetospeed(&now));
		cfsetispeed(&kept, cfgetispeed(&now));
	}
	return real(fd, when, &kept);
}

/* ---- a pseudo-terminal ------------------------------------------------------------------ */

static int
setup(void **state)
{
	(void)state;
	has_lines = false;
	lines = 0;
	fastest = 0;
	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	return master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 || ptsname_r(master, path, sizeof(path)) != 0 ? -1 : 0;
}

static int
setup_lines(void **state)
{
	int failed = setup(state);

	has_lines = true;
	return failed;
}

static void
unplug(void)
{
	if (master >= 0)
		close(master);
	master = -1;
}

static int
teardown(void **state)
{
	(void)state;
	if (wire != NULL)
		close_wire();
	unplug();
	has_lines = false;
	return 0;
}

static void
exchange(void)
{
	char text[4] = "";

	send_text("AT\r");
	assert_int_equal(read(master, text, 3), 3);
	assert_string_equal(text, "AT\r");
	assert_int_equal(write(master, "\r\nOK\r\n\x03\x11", 8), 8);
	receive_text("\r\nOK\r\n\x03\x11");
}

static void
a_pseudo_terminal_is_a_port(void **state)
{
	unsigned mask = ~0u;

	(void)state;
	open_wire(path);
	exchange();
	wire->ops->lines(wire, &mask);
	assert_int_equal(mask, 0);
	assert_int_equal(wire->ops->baud(wire, 9600, &error), 1);
}

static void
a_port_has_the_lines_and_settings_that_were_asked_for(void **state)
{
	static char text[100];
	struct termios t;
	unsigned mask;

	(void)state;
	lines = TIOCM_CTS | TIOCM_DSR;
	snprintf(text, sizeof(text), "%s,57600,8n2", path);
	open_wire(text);
	exchange();
	assert_int_equal(lines & (TIOCM_DTR | TIOCM_RTS), TIOCM_DTR | TIOCM_RTS);
	assert_int_equal(tcgetattr(stream()->fd, &t), 0);
	assert_int_equal(cfgetospeed(&t), B57600);
	assert_int_equal(t.c_cflag & CSTOPB, CSTOPB);
	assert_int_equal(t.c_cflag & CRTSCTS, 0);
	/* DTR is to stay when the port is closed. */
	assert_int_equal(t.c_cflag & HUPCL, 0);
	assert_int_equal(wire->ops->lines(wire, &mask), MODEM_CTS | MODEM_DSR);
	assert_int_equal(mask, MODEM_CTS | MODEM_DSR | MODEM_DCD | MODEM_RI);
	lines |= TIOCM_CD | TIOCM_RI;
	assert_int_equal(wire->ops->lines(wire, &mask), MODEM_CTS | MODEM_DSR | MODEM_DCD | MODEM_RI);
}

static void
hardware_flow_control_is_set_when_asked_for(void **state)
{
	static char text[100];
	struct termios t;

	(void)state;
	snprintf(text, sizeof(text), "%s,115200,8n1,rtscts", path);
	open_wire(text);
	assert_int_equal(tcgetattr(stream()->fd, &t), 0);
	assert_int_equal(t.c_cflag & CRTSCTS, CRTSCTS);
}

/* A pseudo-terminal has 8 bits and no parity, whatever it is told: the system says so, and so must the port. */
static void
settings_that_a_port_does_not_take_are_an_error(void **state)
{
	static char text[100];
	char expected[200];

	(void)state;
	snprintf(text, sizeof(text), "%s,57600,7e1", path);
	assert_null(try_open(text));
	snprintf(expected, sizeof(expected), "%s: the character format cannot be set: Invalid argument", text);
	assert_string_equal(error.text, expected);
	assert_int_equal(error.status, EXIT_RIG);
}

static void
the_speed_may_change_while_it_is_open(void **state)
{
	static char text[100];
	struct termios t;

	(void)state;
	open_wire(path);
	assert_int_equal(wire->ops->baud(wire, 9600, &error), 0);
	assert_int_equal(tcgetattr(stream()->fd, &t), 0);
	assert_int_equal(cfgetospeed(&t), B9600);
	exchange();
	assert_int_equal(wire->ops->baud(wire, 123456, &error), 0);
	exchange();
	close_wire();
	snprintf(text, sizeof(text), "%s,123456,8n1,rtscts", path);
	open_wire(text);
	exchange();
}

/* A 16550 with the usual clock ends at 115200; a search for the module goes on elsewhere. */
static void
a_speed_that_the_port_does_not_have_leaves_it_as_it_was(void **state)
{
	struct termios t;

	(void)state;
	open_wire(path);
	fastest = B115200;
	assert_int_equal(wire->ops->baud(wire, 230400, &error), 1);
	assert_int_equal(tcgetattr(stream()->fd, &t), 0);
	assert_int_equal(cfgetospeed(&t), B115200);
	exchange();
	assert_int_equal(wire->ops->baud(wire, 9600, &error), 0);
	exchange();
}

static void
dtr_is_moved_by_order(void **state)
{
	struct wire_order o = { .kind = ORDER_DTR, .number = 0 };

	(void)state;
	open_wire(path);
	assert_int_equal(wire->ops->order(wire, &o, &error), 0);
	assert_int_equal(lines & TIOCM_DTR, 0);
	o.number = 1;
	assert_int_equal(wire->ops->order(wire, &o, &error), 0);
	assert_int_equal(lines & TIOCM_DTR, TIOCM_DTR);
}

static void
a_link_to_a_port_is_a_port(void **state)
{
	static char link[64];

	(void)state;
	snprintf(link, sizeof(link), "/tmp/attest-link-%d", (int)getpid());
	unlink(link);
	assert_int_equal(symlink(path, link), 0);
	wire = try_open(link);
	unlink(link);
	if (wire == NULL)
		fail_msg("%s", error.text);
	exchange();
}

static void
a_long_payload_arrives_whole(void **state)
{
	static char much[50000];
	char expected = 0;
	size_t got = 0;
	pid_t reader;
	int status;

	(void)state;
	for (size_t i = 0; i < sizeof(much); i++)
		much[i] = (char)(i % 251);
	open_wire(path);
	reader = fork();
	if (reader == 0) {
		static char in[sizeof(much)];
		ssize_t n;

		while (got < sizeof(in) && (n = read(master, in + got, sizeof(in) - got)) > 0)
			got += (size_t)n;
		_exit(got == sizeof(in) && memcmp(in, much, got) == 0 ? 0 : 1);
	}
	assert_true(reader > 0);
	assert_int_equal(wire->ops->send(wire, span_of(much, sizeof(much)), &error), 0);
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, expected);
}

static void
a_port_that_goes_says_so_and_may_come_back(void **state)
{
	static char text[100];
	char expected[200];

	(void)state;
	snprintf(text, sizeof(text), "%s,9600", path);
	open_wire(text);
	exchange();
	unplug();
	receive_loss();
	snprintf(expected, sizeof(expected), "%s: the port has gone (unplugged?)", text);
	assert_string_equal(error.text, expected);
	assert_int_equal(wire->ops->reopen(wire, &error), 1);
	assert_non_null(strstr(error.text, "no such device"));
}

/* ---- in use ----------------------------------------------------------------------------- */

static void
in_use_by(pid_t pid)
{
	char expected[128];

	assert_null(try_open(path));
	snprintf(expected, sizeof(expected), "%s: is in use by process %d (test_wire_seria)", path, (int)pid);
	assert_string_equal(error.text, expected);
	assert_int_equal(error.status, EXIT_RIG);
}

static void
a_locked_port_names_who_has_it(void **state)
{
	int other = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);

	(void)state;
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
	in_use_by(getpid());
	close(other);
	open_wire(path);
	exchange();
}

static void
our_own_lock_is_seen_by_others(void **state)
{
	int other = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);

	(void)state;
	open_wire(path);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	close_wire();
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
	close(other);
}

/* A child that has the port open, without a lock, if it reads; it ends with the pipe. */
static pid_t
start_process(int *hold, bool reads)
{
	int ends[2], ready[2];
	pid_t child;
	char c;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		close(ends[1]);
		if ((reads && open(path, O_RDWR | O_NOCTTY) < 0) || write(ready[1], "r", 1) != 1)
			_exit(1);
		_exit(read(ends[0], &c, 1) == 0 ? 0 : 1);
	}
	assert_true(child > 0);
	close(ends[0]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	close(ready[1]);
	*hold = ends[1];
	return child;
}

static void
a_port_that_another_program_reads_is_in_use(void **state)
{
	int hold, status;
	pid_t child = start_process(&hold, true);

	(void)state;
	in_use_by(child);
	close(hold);
	assert_int_equal(waitpid(child, &status, 0), child);
	open_wire(path);
	exchange();
}

/* UUCP's way, which minicom and ser2net keep: a file with the process number in ten columns. */
static void
a_lock_file_counts_while_its_process_lives(void **state)
{
	char file[80];
	int hold, status;
	pid_t child;
	FILE *f = NULL;

	(void)state;
	snprintf(file, sizeof(file), "/var/lock/LCK..%s", strrchr(path, '/') + 1);
	if (access(file, F_OK) == 0 || (f = fopen(file, "w")) == NULL)
		skip();
	child = start_process(&hold, false);
	fprintf(f, "%10d\n", (int)child);
	fclose(f);
	in_use_by(child);
	close(hold);
	assert_int_equal(waitpid(child, &status, 0), child);
	wire = try_open(path);
	unlink(file);
	if (wire == NULL)
		fail_msg("%s", error.text);
	exchange();
}

static void
a_pseudo_terminal_is_kept_open_by_its_other_side(void **state)
{
	int hold, status;
	pid_t child = start_process(&hold, true);

	(void)state;
	open_wire(path);
	exchange();
	close(hold);
	assert_int_equal(waitpid(child, &status, 0), child);
}

/* ---- what is no port ----------------------------------------------------------------------- */

static void
what_cannot_be_opened_says_why(void **state)
{
	(void)state;
	assert_null(try_open("/dev/no-such-port"));
	assert_string_equal(error.text, "/dev/no-such-port: there is no such device; `attest ports` lists those that are there");
	assert_int_equal(error.status, EXIT_RIG);
	assert_null(try_open("/dev/null"));
	assert_string_equal(error.text, "/dev/null: is no serial port");
	assert_null(try_open("/"));
	assert_string_equal(error.text, "/: Is a directory");
}

static void
a_port_that_may_not_be_opened_names_its_group(void **state)
{
	char expected[128];

	(void)state;
	if (geteuid() == 0) {
		/* root may open all; as somebody else it is tried in a child */
		int status;
		pid_t child = fork();

		if (child == 0) {
			if (chmod(path, 0) != 0 || setgid(65534) != 0 || setuid(65534) != 0)
				_exit(2);
			_exit(try_open(path) == NULL && strstr(error.text, "no permission to open it; its group is ") != NULL ? 0 : 1);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
		return;
	}
	assert_int_equal(chmod(path, 0), 0);
	assert_null(try_open(path));
	snprintf(expected, sizeof(expected), "%s: no permission to open it; its group is ", path);
	assert_memory_equal(error.text, expected, strlen(expected));
}

/* ---- which adapter it was --------------------------------------------------------------------- */

static void
an_adapter_is_found_again_under_another_name(void **state)
{
	struct serial_port was = { .path = "/dev/ttyUSB0", .vid = 0x0403, .pid = 0x6001, .serial = "A5XK3RJT" };
	struct serial_port now[3] = {
		{ .path = "/dev/ttyUSB0", .vid = 0x0403, .pid = 0x6001, .serial = "OTHER" },
		{ .path = "/dev/ttyUSB1", .vid = 0x0403, .pid = 0x6001, .serial = "A5XK3RJT" },
		{ .path = "/dev/ttyUSB2", .vid = 0x1a86, .pid = 0x7523, .serial = "A5XK3RJT" },
	};
	struct serial_ports found = { .port = now, .count = 3 };

	(void)state;
	assert_ptr_equal(serial_ports_same(&found, &was), &now[1]);
	strcpy(now[1].serial, "YET ANOTHER");
	assert_null(serial_ports_same(&found, &was));
}

static void
of_adapters_without_a_number_the_one_in_the_old_place_is_meant(void **state)
{
	struct serial_port was = { .path = "/dev/ttyUSB1", .vid = 0x1a86, .pid = 0x7523 };
	struct serial_port now[2] = {
		{ .path = "/dev/ttyUSB0", .vid = 0x1a86, .pid = 0x7523 },
		{ .path = "/dev/ttyUSB1", .vid = 0x1a86, .pid = 0x7523 },
	};
	struct serial_ports found = { .port = now, .count = 2 };

	(void)state;
	assert_ptr_equal(serial_ports_same(&found, &was), &now[1]);
	strcpy(now[1].path, "/dev/ttyUSB2");
	assert_null(serial_ports_same(&found, &was));
	found.count = 1;
	assert_ptr_equal(serial_ports_same(&found, &was), &now[0]);
	was.vid = now[0].vid = -1;
	assert_null(serial_ports_same(&found, &was));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_pseudo_terminal_is_a_port, setup, teardown),
		cmocka_unit_test_setup_teardown(a_port_has_the_lines_and_settings_that_were_asked_for, setup_lines, teardown),
		cmocka_unit_test_setup_teardown(hardware_flow_control_is_set_when_asked_for, setup_lines, teardown),
		cmocka_unit_test_setup_teardown(settings_that_a_port_does_not_take_are_an_error, setup_lines, teardown),
		cmocka_unit_test_setup_teardown(the_speed_may_change_while_it_is_open, setup_lines, teardown),
		cmocka_unit_test_setup_teardown(a_speed_that_the_port_does_not_have_leaves_it_as_it_was, setup_lines, teardown),
		cmocka_unit_test_setup_teardown(dtr_is_moved_by_order, setup_lines, teardown),
		cmocka_unit_test_setup_teardown(a_link_to_a_port_is_a_port, setup_lines, teardown),
		cmocka_unit_test_setup_teardown(a_long_payload_arrives_whole, setup_lines, teardown),
		cmocka_unit_test_setup_teardown(a_port_that_goes_says_so_and_may_come_back, setup_lines, teardown),
		cmocka_unit_test_setup_teardown(a_locked_port_names_who_has_it, setup, teardown),
		cmocka_unit_test_setup_teardown(our_own_lock_is_seen_by_others, setup, teardown),
		cmocka_unit_test_setup_teardown(a_port_that_another_program_reads_is_in_use, setup_lines, teardown),
		cmocka_unit_test_setup_teardown(a_lock_file_counts_while_its_process_lives, setup_lines, teardown),
		cmocka_unit_test_setup_teardown(a_pseudo_terminal_is_kept_open_by_its_other_side, setup, teardown),
		cmocka_unit_test(what_cannot_be_opened_says_why),
		cmocka_unit_test_setup_teardown(a_port_that_may_not_be_opened_names_its_group, setup, teardown),
		cmocka_unit_test(an_adapter_is_found_again_under_another_name),
		cmocka_unit_test(of_adapters_without_a_number_the_one_in_the_old_place_is_meant),
	};

	alarm(300);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
