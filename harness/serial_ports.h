/*
 * serial_ports: the serial ports of this machine and what they say of themselves.
 *
 * The strings come from USB descriptors: escape them before they are shown.
 */
#ifndef SERIAL_PORTS_H
#define SERIAL_PORTS_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

#define SERIAL_TEXT_MAX 256
#define SERIAL_PATH_MAX 1024

struct serial_port {
	char path[SERIAL_PATH_MAX];	/* /dev/ttyUSB0 */
	char by_id[SERIAL_PATH_MAX];	/* its name under /dev/serial/by-id, which stays when it is plugged in again; empty: none */
	int vid, pid;			/* USB vendor and product; -1: it is no USB port */
	char serial[SERIAL_TEXT_MAX];	/* its serial number; empty: none is known, which many cheap adapters have in common */
	char description[SERIAL_TEXT_MAX];
};

struct serial_ports {
	struct serial_port *port;	/* in the order of their paths; owned */
	size_t count;
};

/* Look for ports.  None is no error.  Caller frees what was found. */
int serial_ports_find(struct serial_ports *found, struct err *e);
void serial_ports_free(struct serial_ports *found);

/* The USB port among found that is the same adapter as one was, wherever it is plugged in now; NULL: it is not there, or not one alone is. */
const struct serial_port *serial_ports_same(const struct serial_ports *found, const struct serial_port *one);

#endif
