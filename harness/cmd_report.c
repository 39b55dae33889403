#include <getopt.h>
#include <stdio.h>

#include "cmd.h"
#include "report_junit.h"
#include "report_summary.h"

const char cmd_report_usage[] = "usage: attest report JOURNAL... [--junit FILE]\n\n"
				"Makes reports from journals, also of runs that were killed, and exits as the run would have.\n"
				"Several journals (shards, repeats) are merged; of one case's tries the last counts.\n\n"
				"  --junit FILE  write JUnit XML\n";

static int
report(const char *const journals[], int count, const char *junit, struct err *e)
{
	struct report_index x;
	int status = -1;

	if (report_index_build(&x, journals, count, e) == 0 && report_summary(&x, stdout, e) == 0 &&
	    (junit == NULL || report_junit_index(&x, junit, e) == 0))
		status = report_status(&x);
	report_index_free(&x);
	return status;
}

int
cmd_report(int argc, char **argv)
{
	static const struct option options[] = {
		{ "junit", required_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	const char *junit = NULL;
	struct err e = { 0 };
	int c, status;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'j') {
			fputs(cmd_report_usage, stderr);
			return EXIT_USAGE;
		}
		junit = optarg;
	}
	if (optind == argc) {
		fputs(cmd_report_usage, stderr);
		return EXIT_USAGE;
	}
	status = report((const char *const *)argv + optind, argc - optind, junit, &e);
	if (status < 0) {
		fprintf(stderr, "attest: %s\n", e.text);
		return (int)e.status;
	}
	return status;
}
