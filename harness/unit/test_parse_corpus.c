/*
 * The captures of corpus/at_reply, played through `attest parse`.
 *
 *	corpus/at_reply/NAME		what a module said
 *	corpus/at_reply/NAME.sent	the commands that were sent, where the capture has a list of them
 *	harness/unit/parse/NAME.json	the events, as the program is to print them
 *
 * The events were written from the documents, not from the program: settle a difference by them.
 *
 * A capture that begins with the host's header lines (fuzz/host.h) is none for `attest parse`, which reads what a
 * module said alone: test_oracle.c plays those, and these, too, against a parser of another make.
 */
#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd.h"
#include "cmd_output.h"
#include "err.h"

#define CAPTURES "corpus/at_reply"
#define EVENTS "harness/unit/parse"
#define CAPTURES_MAX 1000

static char out[1 << 20], strict[1 << 20], expected[1 << 20];

static void
path_of(char *path, size_t cap, const char *folder, const char *name, const char *suffix)
{
	assert_true((size_t)snprintf(path, cap, "%s/%s%s", folder, name, suffix) < cap);
}

static bool
ends_in(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);

	return n > m && strcmp(name + n - m, suffix) == 0;
}

/* What the program prints for a capture. */
static void
parse(const char *name, const char *option, char *into, size_t cap)
{
	char capture[512], sent[512];
	char program[] = "parse", with[] = "--sent";
	char *argv[6] = { program };
	int argc = 1;

	path_of(capture, sizeof(capture), CAPTURES, name, "");
	path_of(sent, sizeof(sent), CAPTURES, name, ".sent");
	if (option != NULL)
		argv[argc++] = (char *)(uintptr_t)option;
	if (access(sent, R_OK) == 0) {
		argv[argc++] = with;
		argv[argc++] = sent;
	}
	argv[argc++] = capture;
	assert_int_equal(cmd_output(cmd_parse, argc, argv, into, cap), EXIT_AS_EXPECTED);
}

static void
read_events(const char *name)
{
	char path[512];
	FILE *f;
	size_t n;

	path_of(path, sizeof(path), EVENTS, name, ".json");
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("%s: a capture without its events", path);
	n = fread(expected, 1, sizeof(expected) - 1, f);
	expected[n] = '\0';
	fclose(f);
}

/* The first line of *text, which then begins behind it; NULL at the end. */
static char *
next_line(char **text)
{
	char *line = *text, *end = strchr(line, '\n');

	if (end == NULL)
		return NULL;
	*end = '\0';
	*text = end + 1;
	return line;
}

/* Where an event lies: the numbers behind its text, whose own quotes are escaped. */
static void
place_of(const char *event, uint64_t *offset, uint64_t *length)
{
	const char *at = strstr(event, "\", \"offset\": ");

	assert_non_null(at);
	assert_int_equal(sscanf(at, "\", \"offset\": %" SCNu64 ", \"length\": %" SCNu64 "}", offset, length), 2);
}

/* Events are in order, lie in the capture, and no two share a byte. */
static void
check_places(const char *name, char *events)
{
	uint64_t end = 0, offset, length;
	char path[512];
	struct stat st;
	const char *event;

	path_of(path, sizeof(path), CAPTURES, name, "");
	assert_int_equal(stat(path, &st), 0);
	while ((event = next_line(&events)) != NULL) {
		place_of(event, &offset, &length);
		assert_true(offset >= end);
		end = offset + length;
	}
	assert_true(end <= (uint64_t)st.st_size);
}

/* Strict mode says the same, and faults of framing beside it; of a run of noise each printable line is a fault of its own. */
static void
check_strict(char *events, char *strict_events)
{
	char *event = next_line(&events), *said;
	uint64_t offset, length, at, n;
	bool split = false;

	while ((said = next_line(&strict_events)) != NULL) {
		bool fault = strstr(said, "{\"kind\": \"fault\"") == said;

		if (split && event != NULL && !fault) {
			event = next_line(&events);
			split = false;
		}
		if (event != NULL && strcmp(said, event) == 0) {
			event = next_line(&events);
			continue;
		}
		if (!fault)
			fail_msg("strict mode alone has %s", said);
		if (event == NULL || strstr(event, "{\"kind\": \"fault\"") != event)
			continue;
		place_of(event, &offset, &length);
		place_of(said, &at, &n);
		split = split || (n > 0 && at >= offset && at + n <= offset + length);
	}
	if (event != NULL && split)
		event = next_line(&events);
	if (event != NULL)
		fail_msg("strict mode lacks %s", event);
}

static void
a_capture_has_its_events(void **state)
{
	const char *name = *state;

	read_events(name);
	parse(name, NULL, out, sizeof(out));
	assert_string_equal(out, expected);
	parse(name, "--strict", strict, sizeof(strict));
	check_strict(out, strict);
	check_places(name, expected);
}

/* It begins with "> ". */
static bool
has_header(const char *name)
{
	char path[512], first[2];
	bool header;
	FILE *f;

	path_of(path, sizeof(path), CAPTURES, name, "");
	f = fopen(path, "rb");
	assert_non_null(f);
	header = fread(first, 1, 2, f) == 2 && first[0] == '>' && first[1] == ' ';
	fclose(f);
	return header;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder with this suffix, without it; sorted. */
static size_t
list(const char *folder, const char *suffix, char **names)
{
	DIR *d = opendir(folder);
	struct dirent *entry;
	size_t n = 0;

	if (d == NULL)
		return 0;
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.' || !ends_in(entry->d_name, suffix) || n == CAPTURES_MAX)
			continue;
		names[n] = strdup(entry->d_name);
		names[n++][strlen(entry->d_name) - strlen(suffix)] = '\0';
	}
	closedir(d);
	qsort(names, n, sizeof(names[0]), by_name);
	return n;
}

static void
every_file_of_events_has_its_capture(void **state)
{
	char *names[CAPTURES_MAX], path[512];
	size_t n = list(EVENTS, ".json", names);

	(void)state;
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		path_of(path, sizeof(path), CAPTURES, names[i], "");
		if (access(path, R_OK) != 0)
			fail_msg("%s: events without their capture", path);
		free(names[i]);
	}
}

int
main(void)
{
	static struct CMUnitTest tests[CAPTURES_MAX + 1]; /* cmocka passes over the empty ones */
	static char *names[CAPTURES_MAX];
	size_t n = list(CAPTURES, "", names), count = 0;

	tests[count++] = (struct CMUnitTest)cmocka_unit_test(every_file_of_events_has_its_capture);
	for (size_t i = 0; i < n; i++) {
		if (!ends_in(names[i], ".sent") && !has_header(names[i]))
			tests[count++] =
			    (struct CMUnitTest){ .name = names[i], .test_func = a_capture_has_its_events, .initial_state = names[i] };
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
