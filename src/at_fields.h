/*
 * at_fields: read the fields of a line of information text, from left to right.
 *
 *	+SAPBR: 1,1,"10.89.193.1"
 *
 *	struct at_fields f;
 *	uint64_t cid, status;
 *	uint8_t ip[4];
 *
 *	ok = at_fields_open(&f, line, SPAN("+SAPBR")) && at_fields_number(&f, 1, 3, &cid) &&
 *	    at_fields_number(&f, 0, 3, &status) && at_fields_address(&f, ip) && at_fields_end(&f);
 *
 * Blanks after the colon and after a comma are skipped, as real modules and
 * manual editions differ there; nothing else is forgiven.  A number is digits
 * only, all of the field, and in range; nothing overflows and nothing is
 * skipped to find one.  A function that returns false has taken nothing and
 * left its results alone.
 *
 * It never allocates, prints, or looks behind the line's end.
 */
#ifndef AT_FIELDS_H
#define AT_FIELDS_H

#include <stdint.h>

#include "span.h"

/* Owned by the caller; spans that it gives lie in the line and live as long. */
struct at_fields {
	struct span rest;	/* what is left, from the next field's first byte */
	bool ended;		/* no field is left: the last one taken had no comma behind it */
};

/* The line is prefix, a colon, and fields.  A line that ends at its colon has no field. */
bool at_fields_open(struct at_fields *f, struct span line, struct span prefix);

/* Text that is fields from its start: what stands behind a colon, or between parentheses. */
void at_fields_start(struct at_fields *f, struct span text);

/* A decimal number min..max, without sign. */
bool at_fields_number(struct at_fields *f, uint64_t min, uint64_t max, uint64_t *value);

/* A string in double quotes, without them.  It may hold commas. */
bool at_fields_quoted(struct at_fields *f, struct span *value);

/* A field that is not quoted: up to the next comma or the end; may be empty. */
bool at_fields_word(struct at_fields *f, struct span *value);

/* An address, four numbers 0..255, quoted or bare. */
bool at_fields_address(struct at_fields *f, uint8_t address[4]);

/*
 * A list in parentheses, as test forms answer: (0-319488) or (0,1200,2400).  Open gives what is
 * between them, for at_fields_start; range takes one element, a number or two with a minus between.
 */
bool at_fields_list(struct at_fields *f, struct span *elements);
bool at_fields_range(struct at_fields *f, uint64_t *low, uint64_t *high);

/* Pass over one field, quoted, list or bare.  false: none is left. */
bool at_fields_skip(struct at_fields *f);

/* Nothing is left. */
bool at_fields_end(const struct at_fields *f);

/*
 * All of text is a decimal number of digits only that fits 64 bits.
 */
bool at_number(struct span text, uint64_t *value);

#endif
