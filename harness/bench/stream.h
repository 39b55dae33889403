/*
 * stream: what a module says, 64 MiB of it by a seed, with the truth about it.
 *
 *	line-heavy	short lines after the application note's HTTP and FTP dialogues, with or without echo
 *	payload-heavy	+HTTPREAD and +FTPGET blocks of random bytes with framing planted in them
 *	adversarial	lines without end, lone CRs and LFs, near misses, NULs
 *
 * The truth is counted while a stream is made, from what is put in, so that a
 * fast wrong number shows.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "at_reply.h"

/* What is counted of a stream. */
struct tally {
	uint64_t kind[AT_REPLY_FAULT + 1]; /* replies; a payload is one however many pieces it came in */
	uint64_t final[AT_FINAL_MAX];
	uint64_t payload_bytes;
};

/* Owns its bytes. */
struct stream {
	const char *name;
	char *bytes;
	size_t len, cap;
	uint64_t lf;	/* line ends, which is what a splitting loop counts */
	uint64_t lines; /* that are not empty */
	uint64_t said[AT_REPLY_FAULT + 1]; /* lines by what the module meant; INFO without a pending command reads as URC */
	struct tally truth;
};

/* name: "a", "a-echo", "b" or "c".  false: no such stream.  Exits when there is no memory. */
bool stream_make(struct stream *s, const char *name, size_t size, uint64_t seed);
void stream_free(struct stream *s);

#endif
