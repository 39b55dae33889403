/*
 * case_find: the case files that arguments name: files as they are, folders for every *.case below them.
 */
#ifndef CASE_FIND_H
#define CASE_FIND_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

#define CASE_FOLDERS_MAX 32	/* folders in folders */

/* Starts as all zero. */
struct case_paths {
	char **path;	/* each folder's files and folders in the order of their names */
	size_t count, capacity;
};

/*
 * Add what argument names.  A folder's files come in the order of their names' bytes; names that begin with a dot and
 * symbolic links to folders are passed over.  -1: it is not there, or a folder without a case.
 */
int case_find(struct case_paths *paths, const char *argument, struct err *e);
void case_paths_free(struct case_paths *paths);

#endif
