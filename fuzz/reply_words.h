/*
 * reply_words: what is said between host and module, for the mutator of at_reply.
 */
#ifndef REPLY_WORDS_H
#define REPLY_WORDS_H

#include "span.h"

struct reply_words {
	size_t count;
	const struct span *at;
};

extern const struct reply_words reply_urcs;	/* lines that come unasked */
extern const struct reply_words reply_lines;	/* answers, result codes, prompts, without their frame */
extern const struct reply_words reply_commands;	/* what hosts send: command lines, and acts of host.h */
extern const struct reply_words reply_numbers;	/* at boundaries, and some that are none */
extern const struct reply_words reply_splits;	/* what falls into a number */
extern const struct reply_words reply_payloads;	/* bytes that look like lines; of each the first 20 are used */
extern const struct reply_words reply_ends;	/* line ends, right and wrong */
extern const struct reply_words reply_junk;	/* what a line picks up: start-up bytes, NULs */

#endif
