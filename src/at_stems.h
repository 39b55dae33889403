/*
 * at_stems: what a line may be, by what it begins with.
 *
 *	a line --> its stem --> what is known of it, for at_meaning
 *
 * The stem of a line is what stands before its colon ("+HTTPREAD"), or the
 * whole line ("OK").  The commands of at_codes.h are stems, and so are result
 * codes, prompts and the URCs that no command answers.  They are found by hash,
 * so that a line costs the same however many there are.
 */
#ifndef AT_STEMS_H
#define AT_STEMS_H

#include <stdint.h>

#include "at_codes.h"
#include "span.h"

/* A stem that is no command's name. */
struct at_stem {
	char text[AT_STEM_MAX];	/* zeros behind it */
	uint8_t says;		/* enum at_says */
	uint8_t final;		/* AT_SAYS_FINAL: which */
	bool colon;		/* a colon follows; false: the stem is the whole line */
};

extern const struct at_stem at_stems[];
extern const size_t at_stem_count;

/* What is known of a line. */
struct at_known {
	const struct at_command_facts *facts;	/* the stem is this command's name and a colon follows, or NULL */
	size_t prefix;				/* bytes before the colon, 0 where none is known */
	unsigned int says;			/* enum at_says; 0: the stem is not known, or says nothing of its own */
	enum at_final final;			/* AT_SAYS_FINAL */
};

/*
 * What is known of line.  room bytes may be read from line.at (at least line.len): with 16 it
 * takes fewer steps.  Only what is spelled as in the tables is found, in upper case.
 */
struct at_known at_known_of(struct span line, size_t room);

/* A line of which k is known is a URC whatever is pending. */
bool at_known_urc(const struct at_known *k, struct span line);

/*
 * Where stems are kept: at_stem_slots[i] is 0, or 1 + the index of a command, or 1 + at_command_count + the index of a
 * stem.  A stem lies at its hash or in the next slot that was free, around the end.
 */
#define AT_STEM_SLOTS 512
extern const uint8_t at_stem_slots[AT_STEM_SLOTS];

/* The hash of a stem of at most AT_STEM_MAX bytes, below AT_STEM_SLOTS. */
unsigned int at_stem_hash(struct span stem, bool colon);

#endif
