/*
 * An engine that only plays: every file named, and every file of a folder named, in that order.
 * It counts what a corpus reaches (`make fuzz-cov`), and stands in where there is no engine at all.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target.h"

#define INPUT_MAX (1 << 20)

int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

/* A target's mutator has nothing to do here. */
size_t
LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
	(void)data;
	(void)max_size;
	return size;
}

static void
play(const char *path, FILE *f)
{
	static uint8_t all[INPUT_MAX];
	size_t size = fread(all, 1, sizeof(all), f);
	uint8_t *exact = malloc(size > 0 ? size : 1);

	if (ferror(f) || exact == NULL || fgetc(f) != EOF) {
		fprintf(stderr, "%s: not to be read, or longer than %d bytes\n", path, INPUT_MAX);
		exit(1);
	}
	if (size > 0)
		memcpy(exact, all, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

static void
play_file(const char *path)
{
	FILE *f = fopen(path, "rb");

	if (f == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	play(path, f);
	fclose(f);
}

static void
play_folder(const char *path)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);

	if (n < 0) {
		play_file(path);
		return;
	}
	for (int i = 0; i < n; i++) {
		char *file;

		if (entries[i]->d_name[0] != '.' && asprintf(&file, "%s/%s", path, entries[i]->d_name) >= 0) {
			play_file(file);
			free(file);
		}
		free(entries[i]);
	}
	free(entries);
}

int
main(int argc, char **argv)
{
	if (LLVMFuzzerInitialize != NULL)
		LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		play_folder(argv[i]);
	return 0;
}
