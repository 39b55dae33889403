/* cmd_mutate: attest mutate. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "cmd.h"
#include "escape.h"
#include "mutate.h"
#include "stop.h"

/* Of the deviations that count and are reached, so many percent have to be killed. */
#define TARGET 98

const char cmd_mutate_usage[] =
    "usage: attest mutate [OPTION]... [CASE|FOLDER]...\n\n"
    "Breaks the emulator one row at a time and plays the cases that reach it: does one fail?\n"
    "Without a case or folder: every case under " PLAN_DEFAULT_FOLDER ".\n\n"
    "  --only PATTERN  deviations whose area/row/operator matches this shell pattern, or holds it\n"
    "  --list          print the deviations, and play nothing\n"
    "  --killers       print which case and line killed each, too\n"
    "  --benign        the counterpart: right modules that differ, slower or in other words; no case may fail\n"
    "  --jobs N        processes at once (as many as there are processors)\n\n"
    "Ends with status 0: enough were killed, 1: not, 2: usage or a bad case, 4: nothing selected, 5: internal error.\n";

struct options {
	struct plan_options plan;
	const char *only;
	bool list, killers, benign;
	unsigned jobs;
};

static int
options_read(struct options *o, int argc, char **argv, struct err *e)
{
	int rest = 1;
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	*o = (struct options){ .plan = { .shard = 1, .shards = 1, .seed = 1 }, .jobs = processors > 0 ? (unsigned)processors : 1 };
	for (int i = 1; i < argc; i++) {
		bool value = i + 1 < argc;
		char shown[80];

		if (strcmp(argv[i], "--list") == 0) {
			o->list = true;
		} else if (strcmp(argv[i], "--killers") == 0) {
			o->killers = true;
		} else if (strcmp(argv[i], "--benign") == 0) {
			o->benign = true;
		} else if (strcmp(argv[i], "--only") == 0 && value) {
			o->only = argv[++i];
		} else if (strcmp(argv[i], "--jobs") == 0 && value) {
			char *end;
			unsigned long n = strtoul(argv[++i], &end, 10);

			if (*end != '\0' || n < 1 || n > 64)
				return err_set(e, EXIT_USAGE, "--jobs: expected a number from 1 to 64");
			o->jobs = (unsigned)n;
		} else if (argv[i][0] == '-') {
			escape_bytes(shown, sizeof(shown), span_str(argv[i]));
			return err_set(e, EXIT_USAGE, "%s: no such option, or its value is missing; try `attest mutate --help`", shown);
		} else {
			argv[rest++] = argv[i];
		}
	}
	o->plan.argument = argv + 1;
	o->plan.arguments = rest - 1;
	return 0;
}

static void
choose(struct mutate_list *list, const char *only)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->count; i++)
		if (mutate_is(&list->at[i], only))
			list->at[kept++] = list->at[i];
	list->count = kept;
}

static void
print_list(const struct mutate_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		const struct deviation *d = &list->at[i];

		printf("%s\t%s\t%s\t%s\t%s\t%s\n", d->area, d->row, mutate_operator_name(d->op), d->argument, d->clause, d->evidence);
	}
}

static void
print_killers(const struct mutate_suite *s, const struct mutate_list *list, const struct mutate_result *result)
{
	for (uint32_t i = 0; i < list->count; i++) {
		const struct deviation *d = &list->at[i];
		const struct test_case *c = &s->at[result[i].killer].c;

		if (result[i].end == END_KILLED)
			printf("killed: %s: %s: %s: by %s:%d: %.*s\n", d->row, mutate_operator_name(d->op), d->argument, c->path,
			    result[i].line, (int)c->title.len, c->title.at);
	}
}

/* Without cases by name every row has to be reached; with them something of what is selected. */
static bool
enough(const struct options *o, struct mutate_score s)
{
	uint64_t reached = (uint64_t)s.killed + s.survived + s.broken;

	if (o->plan.arguments == 0 ? s.rows_left > 0 : reached == 0 && s.unreached > 0)
		return false;
	return (uint64_t)s.killed * 100 >= (reached - s.reviewed) * TARGET;
}

static int
play(const struct options *o, const struct mutate_list *list, struct err *e)
{
	struct mutate_result *result = calloc(list->count, sizeof(*result));
	struct mutate_suite suite;
	struct mutate_score score;
	uint64_t began = clock_us();
	int status = EXIT_AS_EXPECTED;

	if (result == NULL)
		return err_set(e, EXIT_INTERNAL, "out of memory");
	stop_on_signals();
	if (mutate_suite_open(&suite, &o->plan, e) < 0 || mutate_play(&suite, list, o->jobs, result, e) < 0) {
		status = -1;
	} else {
		if (o->killers)
			print_killers(&suite, list, result);
		score = mutate_print(stdout, &suite, list, result);
		printf("%" PRIu32 " cases, %u processes, %.1f s\n", suite.count, o->jobs, (double)(clock_us() - began) / 1e6);
		if (stop_signal != 0)
			status = 128 + stop_signal;
		else if (!enough(o, score))
			status = EXIT_BROKEN;
	}
	mutate_suite_close(&suite);
	free(result);
	return status;
}

static int
play_benign(const struct options *o, struct err *e)
{
	struct mutate_suite suite;
	uint32_t failed = 0;
	int status = mutate_suite_open(&suite, &o->plan, e) < 0 ? -1 : mutate_benign(stdout, &suite, o->only, &failed, e);

	mutate_suite_close(&suite);
	return status < 0 ? -1 : failed == 0 ? EXIT_AS_EXPECTED : EXIT_BROKEN;
}

int
cmd_mutate(int argc, char **argv)
{
	struct mutate_list list = { .at = NULL };
	struct options o;
	struct err e;
	int status = -1;

	bool read = options_read(&o, argc, argv, &e) == 0;

	if (read && o.benign) {
		status = play_benign(&o, &e);
	} else if (read) {
		mutate_derive(&list);
		if (o.only != NULL)
			choose(&list, o.only);
		if (list.count == 0)
			err_set(&e, EXIT_NO_CASE, "no deviation is selected");
		else if (o.list)
			print_list(&list);
		if (o.list && list.count > 0)
			status = EXIT_AS_EXPECTED;
		else if (list.count > 0)
			status = play(&o, &list, &e);
	}
	mutate_free(&list);
	if (status >= 0)
		return status;
	fprintf(stderr, "attest mutate: %s\n", e.text);
	return (int)e.status;
}
