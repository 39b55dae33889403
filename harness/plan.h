/*
 * plan: which cases a run plays, and in which order.
 *
 *	files, folders --> plan (--only, --shard, --shuffle, --resume) --> entries
 *
 * Files are read once and kept; a case costs 8 bytes.  The order, the shards and the shuffle depend on the names and the
 * seed alone, so that the same command chooses the same cases everywhere.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdint.h>

#include "case.h"

#define PLAN_DEFAULT_FOLDER "cases/sim800"
#define PLAN_TITLE_MAX (4 * CASE_TITLE_MAX + 1)	/* bytes: characters of up to 4 */

struct plan_options {
	char *const *argument;	/* files and folders; none: PLAN_DEFAULT_FOLDER */
	int arguments;
	const char *only;	/* shell pattern, or NULL */
	unsigned shard, shards;	/* from 1; 1 of 1 is everything */
	bool shuffle;
	uint64_t seed;
	const struct lab_file *lab;	/* gives {lab.x} its values; NULL: no lab file */
};

struct plan_entry {
	uint32_t file;
	uint32_t row : 31, done : 1;
};

struct plan_file {
	struct case_file *file;
	uint64_t hash;
	uint32_t first, count;	/* its entries, before shuffling */
};

/* Starts as all zero. */
struct plan {
	struct plan_file *file;
	uint32_t files;
	struct plan_entry *entry;
	uint32_t entries, entry_room;
};

/*
 * Choose.  -1: an argument is not there, or files are bad: every error of every file is printed on standard error
 * first, e says how many.  Nothing chosen is no error.
 */
int plan_make(struct plan *p, const struct plan_options *o, struct err *e);
void plan_free(struct plan *p);

/* A case was finished before, in a file of that hash. */
enum plan_before { PLAN_DONE, PLAN_EDITED, PLAN_NOT_CHOSEN };
enum plan_before plan_done(struct plan *p, struct span path, int row, uint64_t hash);

/* Put the entries in the order of the seed (after plan_done, which needs the order of the files). */
void plan_shuffle(struct plan *p, uint64_t seed);

/* The seed of one attempt of a case: it depends on what is played, not on when. */
uint64_t plan_seed(uint64_t seed, const char *path, int row, int attempt);

/*
 * Whether a case is meant by pattern: it matches the path, its last part or the title as a shell pattern, or, without any of
 * * ? [ and \, is part of the path or the title.
 */
bool plan_pattern(const char *pattern, const char *path, const char *title);

/* The folder of path under cases/sim800, or the folder it lies in. */
struct span plan_area(const char *path);

#endif
