/*
 * Replay of a corpus: every file of corpus/TARGET through the fuzz target TARGET, one test a file.
 *
 *	build/unit/replay_TARGET		all files of corpus/TARGET
 *	build/unit/replay_TARGET FILE...	these files
 *
 * A broken property aborts, so the files are played in a child, one after the other, without a fork each:
 * when the child dies, the test of the file that it was playing fails with what the child said, and a new
 * child begins with the file behind it.
 */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "target.h"

#define CORPUS "corpus/" REPLAY_TARGET
#define FILES_MAX 4000
#define INPUT_MAX (1 << 20)

/* No input may take as long; sanitizers included. */
#define FILE_SECONDS 10

static char *paths[FILES_MAX];
static size_t files;

/* Shared with the child: the file it plays, files when it has played them all. */
static volatile size_t *playing;
static size_t held;     /* files before this one hold */
static bool broken;     /* and this one does not */
static int status;      /* how the last child ended, */
static char said[1000]; /* and what it said: as much as fail_msg shows */

int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

/* Mutators have nothing to do here. */
size_t
LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
	(void)data;
	(void)max_size;
	return size;
}

/* A block of just the file's size, so that a sanitizer sees a read past its end. */
static uint8_t *
contents(const char *path, size_t *size)
{
	static uint8_t all[INPUT_MAX + 1];
	FILE *f = fopen(path, "rb");
	uint8_t *exact;

	if (f == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	*size = fread(all, 1, sizeof(all), f);
	fclose(f);
	if (*size > INPUT_MAX) {
		fprintf(stderr, "%s: longer than %d bytes\n", path, INPUT_MAX);
		exit(1);
	}
	exact = malloc(*size > 0 ? *size : 1);
	if (exact == NULL)
		exit(1);
	if (*size > 0)
		memcpy(exact, all, *size);
	return exact;
}

/* In the child: play all files from this one on. */
static void
play(size_t from)
{
	for (size_t i = from; i < files; i++) {
		size_t size;
		uint8_t *data;

		*playing = i;
		alarm(FILE_SECONDS);
		data = contents(paths[i], &size);
		if (LLVMFuzzerTestOneInput(data, size) != 0) {
			fprintf(stderr, "%s: the target did not return 0\n", paths[i]);
			exit(1);
		}
		free(data);
	}
	alarm(0);
	*playing = files;
	exit(0);
}

/* Play all files from this one on, until one of them does not hold. */
static void
play_in_child(size_t from)
{
	FILE *output = tmpfile();
	pid_t child;
	size_t n;

	assert_non_null(output);
	*playing = from;
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(fileno(output), STDERR_FILENO);
		dup2(fileno(output), STDOUT_FILENO);
		play(from);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	rewind(output);
	n = fread(said, 1, sizeof(said) - 1, output);
	said[n] = '\0';
	fclose(output);
	held = *playing;
	broken = held < files;
}

static const char *
how(void)
{
	static char text[64];

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		snprintf(text, sizeof(text), "not done after %d s", FILE_SECONDS);
	else if (WIFSIGNALED(status))
		snprintf(text, sizeof(text), "ended by %s", strsignal(WTERMSIG(status)));
	else
		snprintf(text, sizeof(text), "exit status %d", WEXITSTATUS(status));
	return text;
}

static void
a_file_holds(void **state)
{
	size_t i = (size_t)(uintptr_t)*state;

	if (i >= held && !broken)
		play_in_child(i);
	if (i < held)
		return;
	held++;
	broken = false;
	fail_msg("%s: %s\n%s", paths[i], how(), said);
}

/* The sanitizer looks for leaks as the child ends, behind the last file. */
static void
nothing_is_leaked(void **state)
{
	(void)state;
	if (files == 0)
		fail_msg("%s: no file", CORPUS);
	if (*playing < files)
		skip();
	if (status != 0)
		fail_msg("%s\n%s", how(), said);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
add(char *path)
{
	if (files == FILES_MAX) {
		fprintf(stderr, "%s: more than %d files\n", path, FILES_MAX);
		exit(1);
	}
	paths[files++] = path;
}

static void
list_corpus(void)
{
	DIR *d = opendir(CORPUS);
	struct dirent *entry;
	char *path;

	if (d == NULL)
		return;
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&path, "%s/%s", CORPUS, entry->d_name) >= 0)
			add(path);
	}
	closedir(d);
	qsort(paths, files, sizeof(paths[0]), by_name);
}

int
main(int argc, char **argv)
{
	static struct CMUnitTest tests[FILES_MAX + 1]; /* cmocka passes over the empty ones */

	playing = mmap(NULL, sizeof(*playing), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (playing == MAP_FAILED)
		return 1;
	if (LLVMFuzzerInitialize != NULL)
		LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		add(strdup(argv[i]));
	if (argc < 2)
		list_corpus();
	for (size_t i = 0; i < files; i++)
		tests[i] = (struct CMUnitTest){ .name = paths[i] + (argc < 2 ? strlen("corpus/") : 0),
			.test_func = a_file_holds,
			.initial_state = (void *)(uintptr_t)i };
	tests[files] = (struct CMUnitTest){ .name = REPLAY_TARGET ": nothing is leaked", .test_func = nothing_is_leaked };
	return _cmocka_run_group_tests(REPLAY_TARGET, tests, FILES_MAX + 1, NULL, NULL);
}
