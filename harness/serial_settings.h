/*
 * serial_settings: speed, character format, flow control and lines of a serial port that is open.
 *
 * Around libserialport 0.1.1, which leaves HUPCL set, so that DTR drops when the port is closed, has no flow control that works,
 * and tells nobody when it could not set a speed.  name begins the errors (EXIT_RIG).
 */
#ifndef SERIAL_SETTINGS_H
#define SERIAL_SETTINGS_H

#include "err.h"
#include "port.h"

struct sp_port;

/* Set all that settings says (baud is not 0) and raise DTR and RTS.  fd is port's. */
int serial_settings_apply(struct sp_port *port, int fd, const struct port *settings, const char *name, struct err *e);
/* Set another speed.  -1 also where the port, asked afterwards, has another one. */
int serial_settings_baud(struct sp_port *port, unsigned baud, const char *name, struct err *e);
/* A pseudo-terminal has nothing to set but that its bytes pass as they are. */
int serial_settings_raw(int fd, const char *name, struct err *e);
/* What could not be done, and libserialport's last error.  Gives -1. */
int serial_library_error(const char *name, const char *what, struct err *e);

#endif
