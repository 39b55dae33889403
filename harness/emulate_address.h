/*
 * emulate_address: where a listener of the emulator is, and who is at the other end.
 */
#ifndef EMULATE_ADDRESS_H
#define EMULATE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

/*
 * Listen at where ("127.0.0.1:5000", "[::1]:5000", ":5000" for 127.0.0.1), nth ports behind the one it names; port 0 takes
 * a free one.  Other than loopback addresses only with remote.  Return the descriptor, or -1; name becomes what it really is.
 */
int address_listen(const char *where, unsigned nth, bool remote, char *name, size_t cap, struct err *e);

/* Who is connected there, "127.0.0.1:40404", or "another host" if that cannot be told. */
void address_of_peer(int fd, char *name, size_t cap);

#endif
