/*
 * journal: what happened, one JSON object a line, so that nothing is lost.
 *
 *	run --> journal --> reports, --resume
 *
 * The first line describes the run, each line after it one finished case, written with one write
 * and synced once a second and at the end.  The last line is complete or absent: a reader drops a
 * torn one.  Strings are escaped and secrets masked before they come here.
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stdint.h>

#include "err.h"
#include "verdict.h"

#define JOURNAL_VERSION 1

/* The first line. */
struct journal_head {
	const char *suite;		/* version of attest and of the suite */
	const char *port, *profile, *revision;	/* revision: what the module says of itself, or the profile's */
	const char *module;		/* what else it says of itself; "" for the emulator */
	const char *host;
	const char *shard;		/* "1/4", or "" */
	uint64_t seed;
	int64_t started;		/* seconds since 1970, UTC */
	uint64_t selected;		/* cases that this run means to play */
};

/* One finished case. */
struct journal_case {
	struct span path, title;
	int row;
	uint64_t hash;			/* case_hash of its file */
	struct span document, clause;	/* of its first spec line */
	struct span area;		/* folder under cases/sim800 */
	int attempt;			/* from 1 */
	int64_t started;
	uint64_t real_us;		/* time it took here */
	bool informational;
	bool again;			/* inconclusive, and played once more: the next record says how that ended */
	struct outcome outcome;
};

struct journal;

/* Start a journal at path (truncating one that is there), or go on with one (resume: append after its last whole line). */
struct journal *journal_create(const char *path, const struct journal_head *head, struct err *e);
struct journal *journal_append(const char *path, struct err *e);
int journal_write(struct journal *j, const struct journal_case *c, struct err *e);
/* A line that says the run ended by itself (status) or was stopped by a signal. */
int journal_end(struct journal *j, int status, struct err *e);
/* Sync and close. */
int journal_close(struct journal *j, struct err *e);

/* Read line by line: 1 a case, 0 the end, -1 error.  Strings are valid until the next call. */
struct journal_reader;
struct journal_reader *journal_open(const char *path, struct err *e);
const struct journal_head *journal_head_of(const struct journal_reader *r);
int journal_next(struct journal_reader *r, struct journal_case *out, struct err *e);
/* After journal_next gave 0: whether the run ended by itself, and with which status. */
bool journal_ended(const struct journal_reader *r, int *status);
void journal_rewind(struct journal_reader *r);
/* Where the record that journal_next gave last begins, and back to such a place. */
uint64_t journal_tell(const struct journal_reader *r);
void journal_seek(struct journal_reader *r, uint64_t offset);
void journal_reader_close(struct journal_reader *r);

#endif
