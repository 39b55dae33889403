/*
 * reference_fields: the rules of at_fields.h once more, in the ways of C strings.
 *
 *	line (NUL-terminated) --> strtoull, strspn, strchr --> what each reader must give
 *
 * It is written from the header alone, for being read beside it, not for speed.  A NUL within a line is to be
 * given as any other byte that no rule names.
 */
#ifndef REFERENCE_FIELDS_H
#define REFERENCE_FIELDS_H

#include "at_fields.h"

enum field_reader {
	READ_NUMBER,
	READ_QUOTED,
	READ_WORD,
	READ_ADDRESS,
	READ_LIST,
	READ_RANGE,
	READ_SKIP,
	FIELD_READERS
};

/* What a reader gives; text lies at text_at in what it was given. */
struct reference_field {
	bool ok;
	size_t taken;		/* from the field's first byte to the next one's */
	bool ended;
	uint64_t low, high;	/* READ_NUMBER: low; READ_RANGE */
	size_t text_at, text_len;
	uint8_t address[4];
};

/* Read the field at the front of rest; ended: there is none.  min and max are READ_NUMBER's. */
struct reference_field reference_field(const char *rest, bool ended, enum field_reader reader, uint64_t min, uint64_t max);

/* The len bytes of text are a decimal number that fits 64 bits; no digit stands behind them. */
bool reference_number(const char *text, size_t len, uint64_t *value);

/* Longer lines are looked at as far as this. */
#define CHECK_FIELDS_MAX 4096

/*
 * All that holds for at_fields on this line: every reader, at every field it can come to, does what the
 * reference says, with the limits of a number right at it and one off, and leaves all alone when it says no.
 * oracle_fail when something does not.
 */
void check_fields(struct span line);

#endif
