/*
 * For the tests of real wires: one wire, opened by a port string, and what comes over it.
 */
#ifndef WIRE_RIG_H
#define WIRE_RIG_H

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "wire_stream.h"

#define PATIENCE_US 20000000u /* what should come comes by then, on a machine that is busy */

static struct wire *wire;
static struct err error;

/* NULL where it cannot be opened: error says why. */
static inline struct wire *
try_open(const char *text)
{
	struct port port;

	memset(&error, 0, sizeof(error));
	if (port_read(&port, text, &error) != 0)
		fail_msg("%s: %s", text, error.text);
	return wire_open(&port, &error);
}

/* text stays the caller's for as long as the wire is open. */
static inline void
open_wire(const char *text)
{
	wire = try_open(text);
	if (wire == NULL)
		fail_msg("%s: %s", text, error.text);
}

static inline void
close_wire(void)
{
	wire->ops->close(wire);
	wire = NULL;
}

static inline struct wire_stream *
stream(void)
{
	return (struct wire_stream *)wire;
}

static inline void
send_text(const char *text)
{
	if (wire->ops->send(wire, span_str(text), &error) != 0)
		fail_msg("%s", error.text);
}

/* Read into text until it holds len bytes; when: of the last of them. */
static inline void
receive(char *text, size_t len, struct wire_when *when)
{
	uint64_t until_us = clock_us() + PATIENCE_US;

	for (size_t used = 0; used < len;) {
		long n = wire->ops->recv(wire, text + used, len - used, until_us, when, &error);

		if (n < 0)
			fail_msg("%s", error.text);
		if (n == 0)
			fail_msg("%zu of %zu bytes came", used, len);
		used += (size_t)n;
	}
}

static inline void
receive_text(const char *expected)
{
	char text[200] = "";
	struct wire_when when;

	assert_true(strlen(expected) < sizeof(text));
	receive(text, strlen(expected), &when);
	assert_string_equal(text, expected);
}

/* Read on until the wire is lost: error says why. */
static inline void
receive_loss(void)
{
	uint64_t until_us = clock_us() + PATIENCE_US;
	char text[200];
	struct wire_when when;
	long n;

	do
		n = wire->ops->recv(wire, text, sizeof(text), until_us, &when, &error);
	while (n > 0);
	assert_int_equal(n, -1);
	assert_int_equal(error.status, EXIT_RIG);
}

#endif
