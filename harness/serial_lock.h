/*
 * serial_lock: one program at a time on a serial port.
 *
 * Two that read from one port each get half of what the module says.  Programs say that they use a port in three ways: flock(),
 * a lock file /var/lock/LCK..NAME with their process number (UUCP's way), or not at all.
 */
#ifndef SERIAL_LOCK_H
#define SERIAL_LOCK_H

#include <stdbool.h>

#include "err.h"

/*
 * Lock fd, which is open on the device real (a path without symbolic links).  shared_open: other programs may have it open, as
 * the other end of a pseudo-terminal may, and only a lock counts.  -1: it is in use; e names the process where that can be seen.
 */
int serial_lock(int fd, const char *real, bool shared_open, struct err *e);

/* Fill in e: the device is in use, and by whom. */
int serial_in_use(const char *real, struct err *e);

#endif
