/*
 * wire_serial: a serial port, by libserialport; a pseudo-terminal, which libserialport refuses, by termios alone.
 *
 * libserialport 0.1.1 takes neither symbolic links nor locks: that is done here around it.  Reading and hang-ups are wire_stream's.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <libserialport.h>

#include "clock.h"
#include "escape.h"
#include "modem.h"
#include "serial_lock.h"
#include "serial_ports.h"
#include "serial_settings.h"
#include "wire_stream.h"

/* More than so many bytes at once are waited for until they have left: deadlines count from then. */
#define DRAIN_FROM 64
/* What was sent last may take so long to leave: a command line of 556 bytes at 9600 baud. */
#define LAST_WORDS_US 600000u

struct wire_serial {
	struct wire_stream stream; /* first */
	struct sp_port *port;      /* owned; NULL: closed, or a pseudo-terminal */
	int lock;                  /* the descriptor that holds the lock, or -1 */
	bool known;                /* it has been open: usb says what it was */
	bool linked;               /* its path is a symbolic link */
	struct serial_port usb;
};

static struct wire_serial *
serial_of(struct wire_stream *s)
{
	return (struct wire_serial *)s;
}

/* ---- opening and closing ---------------------------------------------------------- */

/* Why a path cannot be opened.  1: that may change (plugged in, let go, rights given by udev), -1: it will not. */
static int
open_error(const struct wire_stream *s, const char *real, int number, struct err *e)
{
	struct group *group;
	struct stat st;

	switch (number) {
	case ENOENT: err_set(e, EXIT_RIG, "%s: there is no such device; `attest ports` lists those that are there", s->name); return 1;
	case EBUSY: serial_in_use(real, e); return 1;
	case EACCES:
	case EPERM:
		group = stat(real, &st) == 0 ? getgrgid(st.st_gid) : NULL;
		err_set(
		    e, EXIT_RIG, "%s: no permission to open it; its group is %s", s->name, group == NULL ? "not known" : group->gr_name);
		return 1;
	case EIO:
	case ENXIO:
	case ENODEV: err_set(e, EXIT_RIG, "%s: there is no hardware behind it (%s)", s->name, strerror(number)); return 1;
	case ENOTTY: return err_set(e, EXIT_USAGE, "%s: is no serial port", s->name);
	default: return err_set(e, EXIT_RIG, "%s: %s", s->name, strerror(number));
	}
}

/*
 * Where the port is now: the path without links, or for a USB adapter that was open before, wherever it has come back.  A link
 * (by-id, by-path) follows by itself, and tells adapters apart that have no serial number.
 */
static int
path_find(struct wire_serial *p, char real[PATH_MAX], struct err *e)
{
	struct serial_ports found;
	const struct serial_port *same;

	if (!p->known || p->linked || p->usb.vid < 0) {
		if (realpath(p->stream.port.path, real) == NULL)
			return open_error(&p->stream, p->stream.port.path, errno, e);
		return 0;
	}
	if (serial_ports_find(&found, e) != 0)
		return 1;
	same = serial_ports_same(&found, &p->usb);
	if (same != NULL)
		strcpy(real, same->path);
	else
		err_set(e, EXIT_RIG, "%s: the adapter %04x:%04x is not plugged in, or not one alone of its kind", p->stream.name,
		    (unsigned)p->usb.vid, (unsigned)p->usb.pid);
	serial_ports_free(&found);
	return same == NULL ? 1 : 0;
}

/* Remember what adapter it is, to find it again. */
static void
adapter_remember(struct wire_serial *p, const char *real)
{
	struct serial_ports found;

	struct stat st;

	if (p->known || serial_ports_find(&found, NULL) != 0)
		return;
	p->linked = lstat(p->stream.port.path, &st) == 0 && S_ISLNK(st.st_mode);
	p->known = true;
	p->usb.vid = -1;
	for (size_t i = 0; i < found.count; i++)
		if (strcmp(found.port[i].path, real) == 0)
			p->usb = found.port[i];
	serial_ports_free(&found);
}

/* A port with control lines: libserialport's. */
static int
library_open(struct wire_serial *p, const char *real, struct err *e)
{
	struct wire_stream *s = &p->stream;
	int fd = -1;

	if (sp_get_port_by_name(real, &p->port) != SP_OK) {
		p->port = NULL;
		return serial_library_error(s->name, "is no serial port", e);
	}
	errno = 0;
	if (sp_open(p->port, SP_MODE_READ_WRITE) != SP_OK)
		return errno != 0 ? open_error(s, real, errno, e) : serial_library_error(s->name, "cannot be opened", e);
	if (sp_get_port_handle(p->port, &fd) != SP_OK || (s->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0)) < 0)
		return err_errno(e, EXIT_RIG, "%s", s->name);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (s->port.baud == 0)
		s->port.baud = PORT_BAUD;
	if (serial_settings_apply(p->port, s->fd, &s->port, s->name, e) != 0)
		return -1;
	ioctl(s->fd, TIOCEXCL);
	adapter_remember(p, real);
	return 0;
}

/* The system waits up to 30 s for what is still to be sent when a port is closed, whose other side may not let it. */
static void
last_words_leave(struct wire_serial *p, bool lost)
{
	const struct timespec nap = { .tv_nsec = 1000000 };
	uint64_t until_us = lost ? 0 : clock_us() + LAST_WORDS_US;

	while (clock_us() < until_us && sp_output_waiting(p->port) > 0)
		nanosleep(&nap, NULL);
	sp_flush(p->port, SP_BUF_OUTPUT);
}

static void
serial_closing(struct wire_stream *s, bool lost)
{
	struct wire_serial *p = serial_of(s);

	if (p->port != NULL) {
		last_words_leave(p, lost);
		sp_close(p->port);
		sp_free_port(p->port);
		p->port = NULL;
	}
	if (p->lock >= 0)
		close(p->lock);
	p->lock = -1;
}

static bool
is_pseudo_terminal(int fd)
{
	struct stat st;

	/* Linux gives these major numbers to the slaves of pseudo-terminals (Documentation/admin-guide/devices.txt). */
	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && major(st.st_rdev) >= 136 && major(st.st_rdev) <= 143;
}

/* real is open at p->lock: make it ours. */
static int
device_open(struct wire_serial *p, const char *real, struct err *e)
{
	struct wire_stream *s = &p->stream;
	unsigned signals;
	bool plain;

	if (!isatty(p->lock)) {
		/* A port without hardware behind it says EIO here. */
		if (errno != ENOTTY)
			return open_error(s, real, errno, e);
		return err_set(e, EXIT_USAGE, "%s: is no serial port", s->name);
	}
	plain = is_pseudo_terminal(p->lock) && ioctl(p->lock, TIOCMGET, &signals) != 0;
	if (serial_lock(p->lock, real, plain, e) != 0)
		return 1;
	if (!plain)
		return library_open(p, real, e);
	if ((s->fd = fcntl(p->lock, F_DUPFD_CLOEXEC, 0)) < 0)
		return err_errno(e, EXIT_RIG, "%s", s->name);
	return serial_settings_raw(s->fd, s->name, e);
}

static int
serial_open(struct wire_stream *s, struct err *e)
{
	struct wire_serial *p = serial_of(s);
	char real[PATH_MAX];
	int failed = path_find(p, real, e);

	if (failed != 0)
		return failed;
	p->lock = open(real, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (p->lock < 0)
		return open_error(s, real, errno, e);
	failed = device_open(p, real, e);
	if (failed == 0)
		return 0;
	serial_closing(s, false);
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	return failed;
}

static void
serial_why(struct wire_stream *s, int number, struct err *e)
{
	if (number == 0 || number == EIO || number == ENXIO || number == ENODEV)
		err_set(e, EXIT_RIG, "%s: the port has gone (unplugged?)", s->name);
	else
		err_set(e, EXIT_RIG, "%s: %s", s->name, strerror(number));
}

static void
serial_free(struct wire_stream *s)
{
	free(s);
}

/* ---- while it is open -------------------------------------------------------------- */

/* Wait until what was written has left. */
static int
drain(struct wire_serial *p, struct err *e)
{
	struct wire_stream *s = &p->stream;
	unsigned baud = s->port.baud;
	uint64_t moved_us = clock_us();
	int before = INT_MAX;

	for (;;) {
		int waiting = sp_output_waiting(p->port);

		/* What the port does not tell is not waited for; a port that has gone is noticed when it is read. */
		if (waiting <= 0)
			return 0;
		if (waiting < before)
			moved_us = clock_us();
		else if (clock_us() - moved_us >= s->stall_us)
			return err_set(e, EXIT_RIG, "%s: does not read: %d bytes were not taken for %.3g s%s", s->name, waiting,
			    (double)s->stall_us / 1e6, s->port.rtscts ? " (CTS is off?)" : "");
		before = waiting;
		if (wire_stream_pump(s, clock_us() + 1000 + (uint64_t)waiting * 10000000 / baud, e) != 0)
			return -1;
	}
}

static int
serial_encode(struct wire_stream *s, struct span bytes, struct err *e)
{
	struct wire_serial *p = serial_of(s);

	if (wire_stream_write(s, bytes, e) != 0)
		return -1;
	return bytes.len > DRAIN_FROM && p->port != NULL ? drain(p, e) : 0;
}

static unsigned
serial_lines(struct wire_stream *s, unsigned *mask)
{
	struct wire_serial *p = serial_of(s);
	enum sp_signal signals;
	unsigned lines = 0;

	if (p->port == NULL || sp_get_signals(p->port, &signals) != SP_OK)
		return 0;
	*mask = MODEM_DCD | MODEM_RI | MODEM_DSR | MODEM_CTS;
	lines |= (signals & SP_SIG_DCD) != 0 ? MODEM_DCD : 0;
	lines |= (signals & SP_SIG_RI) != 0 ? MODEM_RI : 0;
	lines |= (signals & SP_SIG_DSR) != 0 ? MODEM_DSR : 0;
	lines |= (signals & SP_SIG_CTS) != 0 ? MODEM_CTS : 0;
	return lines;
}

static int
serial_baud(struct wire_stream *s, unsigned baud, struct err *e)
{
	struct wire_serial *p = serial_of(s);

	if (p->port == NULL)
		return 1;
	if (serial_settings_baud(p->port, baud, s->name, e) == 0) {
		s->port.baud = baud;
		return 0;
	}
	/* One that takes the old rate again is there, and only has not the other. */
	return serial_settings_baud(p->port, s->port.baud, s->name, e) == 0 ? 1 : -1;
}

static int
serial_dtr(struct wire_stream *s, bool on, struct err *e)
{
	struct wire_serial *p = serial_of(s);

	if (p->port == NULL)
		return 1;
	return sp_set_dtr(p->port, on ? SP_DTR_ON : SP_DTR_OFF) == SP_OK ? 0 : serial_library_error(s->name, "DTR cannot be set", e);
}

static const struct wire_stream_kind kind = {
	.open = serial_open,
	.closing = serial_closing,
	.why = serial_why,
	.encode = serial_encode,
	.lines = serial_lines,
	.baud = serial_baud,
	.dtr = serial_dtr,
	.free = serial_free,
};

struct wire *
wire_serial_open(const struct port *port, struct err *e)
{
	struct wire_serial *p = calloc(1, sizeof(*p));

	if (p == NULL)
		abort();
	p->lock = -1;
	return wire_stream_open(&p->stream, &kind, port, e) == 0 ? &p->stream.wire : NULL;
}
