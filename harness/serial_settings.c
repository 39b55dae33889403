#include "serial_settings.h"

#include <stdlib.h>
#include <string.h>
#include <termios.h>

#include <libserialport.h>

int
serial_library_error(const char *name, const char *what, struct err *e)
{
	char *text = sp_last_error_message();

	err_set(e, EXIT_RIG, "%s: %s: %.200s", name, what, text == NULL ? "failed" : text);
	sp_free_error_message(text);
	return -1;
}

/* Some drivers, and libserialport on some C libraries, silently keep another speed. */
static int
speed_check(struct sp_port *port, unsigned baud, const char *name, struct err *e)
{
	struct sp_port_config *config;
	int real = -1;

	if (sp_new_config(&config) != SP_OK)
		abort();
	if (sp_get_config(port, config) != SP_OK || sp_get_config_baudrate(config, &real) != SP_OK)
		real = -1;
	sp_free_config(config);
	/* A divider of the port's clock comes close; 2 % are a fifth of a bit at the end of a character. */
	if (real < 0 || (unsigned)abs(real - (int)baud) > baud / 50)
		return err_set(e, EXIT_RIG, "%s: baud %u: the port was set to it and has %d", name, baud, real);
	return 0;
}

int
serial_settings_baud(struct sp_port *port, unsigned baud, const char *name, struct err *e)
{
	if (sp_set_baudrate(port, (int)baud) != SP_OK)
		return err_set(e, EXIT_RIG, "%s: baud %u: the port cannot do that", name, baud);
	return speed_check(port, baud, name, e);
}

/* libserialport 0.1.1 puts CRTSCTS among the input flags, where Linux ignores it; and it sets HUPCL. */
static int
flags_apply(int fd, bool rtscts, const char *name, struct err *e)
{
	const tcflag_t flow = rtscts ? CRTSCTS : 0;
	struct termios t;

	if (tcgetattr(fd, &t) != 0)
		return err_errno(e, EXIT_RIG, "%s", name);
	t.c_cflag &= ~(tcflag_t)(HUPCL | CRTSCTS);
	t.c_cflag |= flow;
	if (tcsetattr(fd, TCSANOW, &t) != 0 || tcgetattr(fd, &t) != 0)
		return err_errno(e, EXIT_RIG, "%s", name);
	if ((t.c_cflag & CRTSCTS) != flow)
		return err_set(e, EXIT_RIG, "%s: rtscts: the port has no such flow control", name);
	return 0;
}

int
serial_settings_apply(struct sp_port *port, int fd, const struct port *settings, const char *name, struct err *e)
{
	static const char letters[] = "neoms";
	static const enum sp_parity parities[] = { SP_PARITY_NONE, SP_PARITY_EVEN, SP_PARITY_ODD, SP_PARITY_MARK, SP_PARITY_SPACE };

	if (serial_settings_baud(port, settings->baud, name, e) != 0)
		return -1;
	if (sp_set_bits(port, settings->data_bits) != SP_OK ||
	    sp_set_parity(port, parities[strchr(letters, settings->parity) - letters]) != SP_OK ||
	    sp_set_stopbits(port, settings->stop_bits) != SP_OK)
		return serial_library_error(name, "the character format cannot be set", e);
	if (sp_set_flowcontrol(port, SP_FLOWCONTROL_NONE) != SP_OK)
		return serial_library_error(name, "the flow control cannot be set", e);
	/* A module with AT&D1 or &D2 leaves data mode or hangs up when DTR drops. */
	if (sp_set_dtr(port, SP_DTR_ON) != SP_OK || sp_set_rts(port, SP_RTS_ON) != SP_OK)
		return serial_library_error(name, "DTR and RTS cannot be raised", e);
	if (flags_apply(fd, settings->rtscts, name, e) != 0)
		return -1;
	/* It went through the C library's flags, which know only the usual speeds. */
	return speed_check(port, settings->baud, name, e);
}

int
serial_settings_raw(int fd, const char *name, struct err *e)
{
	struct termios t;

	if (tcgetattr(fd, &t) != 0)
		return err_errno(e, EXIT_RIG, "%s", name);
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL | CREAD;
	return tcsetattr(fd, TCSANOW, &t) == 0 ? 0 : err_errno(e, EXIT_RIG, "%s", name);
}
