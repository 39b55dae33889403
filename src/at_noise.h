/*
 * at_noise: a run of what means nothing, put together from the lines it came in.
 *
 *	lines without a meaning --> at_noise --> one AT_REPLY_FAULT
 *
 * Start-up bytes, NULs and stray text are one fault a run, line ends between
 * them included, however long the run is; its first AT_LINE_MAX bytes are kept.
 */
#ifndef AT_NOISE_H
#define AT_NOISE_H

#include <stdint.h>

#include "at_lexer.h"
#include "span.h"

struct at_noise {
	bool open;
	uint64_t offset, end;	/* of the run, from the first byte ever fed */
	char text[AT_LINE_MAX];	/* its first bytes */
};

/* The run begins with these length bytes at offset of the stream, of which text are the first, or reaches to them. */
void at_noise_add(struct at_noise *noise, uint64_t offset, struct span text, uint64_t length);

/* These bytes, line ends only, come next at offset of the stream: part of the run if more noise follows. */
void at_noise_keep(struct at_noise *noise, uint64_t offset, struct span line_ends);

/* The line end of t: part of the run if more noise follows. */
void at_noise_break(struct at_noise *noise, const struct at_token *t);

/* The first bytes of the run; valid until it changes. */
struct span at_noise_text(const struct at_noise *noise);

#endif
