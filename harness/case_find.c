#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "case_find.h"

static void
add(struct case_paths *paths, const char *path)
{
	if (paths->count == paths->capacity) {
		paths->capacity = paths->capacity == 0 ? 64 : paths->capacity * 2;
		paths->path = realloc(paths->path, paths->capacity * sizeof(*paths->path));
		if (paths->path == NULL)
			abort();
	}
	paths->path[paths->count] = strdup(path);
	if (paths->path[paths->count++] == NULL)
		abort();
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
not_hidden(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static bool
is_case(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".case") == 0;
}

static int
folder(struct case_paths *paths, const char *path, int depth, struct err *e)
{
	struct dirent **entry;
	int n, result = 0;

	if (depth > CASE_FOLDERS_MAX)
		return err_set(e, EXIT_USAGE, "%s:1:1: folders more than %d deep, expected fewer", path, CASE_FOLDERS_MAX);
	n = scandir(path, &entry, not_hidden, by_name);
	if (n < 0)
		return err_errno(e, EXIT_USAGE, "%s:1:1: cannot be read", path);
	for (int i = 0; i < n; i++) {
		char below[4096];
		struct stat st;

		if (result == 0 && snprintf(below, sizeof(below), "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/",
				       entry[i]->d_name) >= (int)sizeof(below))
			result = err_set(e, EXIT_USAGE, "%.200s...:1:1: a path too long", path);
		else if (result == 0 && lstat(below, &st) == 0 && S_ISDIR(st.st_mode))
			result = folder(paths, below, depth + 1, e);
		else if (result == 0 && is_case(entry[i]->d_name))
			add(paths, below);
		free(entry[i]);
	}
	free(entry);
	return result;
}

int
case_find(struct case_paths *paths, const char *argument, struct err *e)
{
	size_t before = paths->count;
	struct stat st;

	if (stat(argument, &st) < 0)
		return err_errno(e, EXIT_USAGE, "%s:1:1: cannot be read", argument);
	if (!S_ISDIR(st.st_mode)) {
		add(paths, argument);
		return 0;
	}
	if (folder(paths, argument, 0, e) < 0)
		return -1;
	if (paths->count == before)
		return err_set(e, EXIT_USAGE, "%s:1:1: a folder without a *.case file, expected one at least", argument);
	return 0;
}

void
case_paths_free(struct case_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->path[i]);
	free(paths->path);
	*paths = (struct case_paths){ NULL, 0, 0 };
}
