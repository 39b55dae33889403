#include "emulate.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "emulate_address.h"

static void
port_none(struct emulate_port *p)
{
	memset(p, 0, sizeof(*p));
	p->in = p->out = p->listening = p->slave = -1;
}

/*
 * Standard output as a descriptor whose writes never wait: a host that does not read must not keep signals out.  A pipe or
 * terminal is opened anew, since others share the one we were given, and the flag with it.
 */
static int
output_unwaiting(void)
{
	struct stat s;
	int fd = -1;

	if (fstat(STDOUT_FILENO, &s) != 0 || S_ISREG(s.st_mode))
		return STDOUT_FILENO;
	/* main put it there in place of one that was closed: to open it anew would make it writable */
	if ((fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY)
		return STDOUT_FILENO;
	if (!S_ISSOCK(s.st_mode))
		fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
	return STDOUT_FILENO;
}

void
emulate_stdio(struct emulate_port *p)
{
	port_none(p);
	p->in = STDIN_FILENO;
	p->out = output_unwaiting();
	p->out_ours = p->out != STDOUT_FILENO;
	strcpy(p->name, "standard input and output");
}

/* A host program may forget to make its end raw: a cooked slave would send the module's lines back to it. */
static int
slave_raw(int slave)
{
	struct termios t;

	if (tcgetattr(slave, &t) != 0)
		return -1;
	cfmakeraw(&t);
	return tcsetattr(slave, TCSANOW, &t);
}

int
emulate_pty(struct emulate_port *p, struct err *e)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	port_none(p);
	p->ours = true;
	p->in = p->out = master;
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 || ptsname_r(master, p->name, sizeof(p->name)) != 0 ||
	    (p->slave = open(p->name, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0 || slave_raw(p->slave) != 0) {
		err_errno(e, EXIT_RIG, "pseudo-terminal");
		emulate_close(p);
		return -1;
	}
	return 0;
}

int
emulate_tcp(struct emulate_port *p, const char *where, unsigned nth, bool remote, bool telnet, struct err *e)
{
	port_none(p);
	p->ours = true;
	p->telnet = telnet;
	p->listening = address_listen(where, nth, remote, p->name, sizeof(p->name), e);
	return p->listening < 0 ? -1 : 0;
}

void
emulate_close(struct emulate_port *p)
{
	if (p->ours && p->in >= 0)
		close(p->in);
	if ((p->ours || p->out_ours) && p->out >= 0 && p->out != p->in)
		close(p->out);
	if (p->listening >= 0)
		close(p->listening);
	if (p->slave >= 0)
		close(p->slave);
	p->in = p->out = p->listening = p->slave = -1;
}
