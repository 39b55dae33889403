/*
 * pace: one direction of a serial line, which carries one byte after the other, each for its time.
 *
 *	bytes put on the line --> queue (the caller's) --> pace says how many have arrived
 *
 * It holds no bytes and reads no clock: the caller keeps the queue, and tells it how many
 * bytes lie there and what time it is.  8n1, so that a byte takes ten bits.  Moments are
 * microseconds; inside it counts nanoseconds, since a byte at 115200 bit/s takes 86805.6 of them.
 */
#ifndef PACE_H
#define PACE_H

#include <stddef.h>
#include <stdint.h>

#define PACE_BAUD_MAX 100000000u

struct pace {
	uint64_t byte_ns;	/* 0: a line that takes no time */
	uint64_t next_ns;	/* when the first byte of the queue arrives; of an empty queue: when one can at the soonest */
};

/* From here on baud bit/s (1..PACE_BAUD_MAX), or 0: no time.  Bytes that are under way keep their moment. */
void pace_set(struct pace *p, uint32_t baud);

/* Bytes have been put into the queue at now_us, which held queued bytes before. */
void pace_put(struct pace *p, size_t queued, uint64_t now_us);

/* When the first byte of a queue that is not empty arrives; rounded up. */
uint64_t pace_due(const struct pace *p);

/* When the last of queued bytes (at least one) arrives; rounded up. */
uint64_t pace_last(const struct pace *p, size_t queued);

/* How many of the queued bytes have arrived by now_us; they are taken off the line. */
size_t pace_take(struct pace *p, size_t queued, uint64_t now_us);

#endif
