/*
 * report_events: what a module said, as JSON Lines: one object an event.
 *
 *	{"kind": "info", "text": "+CSQ: 18,0", "offset": 9, "length": 10}
 *
 * text is the bytes offset .. offset + length of the input, those outside printable ASCII as \xNN.
 */
#ifndef REPORT_EVENTS_H
#define REPORT_EVENTS_H

#include <stdio.h>

#include "at_reply.h"
#include "err.h"

/* Write one reply of a stream that is all in input. */
int report_event(FILE *to, struct span input, const struct at_reply *r, struct err *e);

#endif
