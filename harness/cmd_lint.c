/* cmd_lint: attest lint. */
#include <stdio.h>
#include <string.h>

#include "case_find.h"
#include "cmd.h"
#include "lint.h"

const char cmd_lint_usage[] = "usage: attest lint CASE|FOLDER...\n\n"
			      "Reads cases (of folders: every *.case below them) without playing them and says what is wrong\n"
			      "on standard error, as path:line:column: what was found, and what was expected.\n"
			      "Ends with status 0, or 2 if anything was wrong.\n";

static void
print_errors(const struct errors *es, const char *path)
{
	for (int i = 0; i < es->count; i++)
		fprintf(stderr, "%s\n", es->list[i].text);
	if (es->more > 0)
		fprintf(stderr, "%s: ... and %d more\n", path, es->more);
}

int
cmd_lint(int argc, char **argv)
{
	struct case_paths paths = { NULL, 0, 0 };
	size_t files, cases, errors, others = 0;
	struct lint *l;

	for (int i = 1; i < argc; i++) {
		struct err e;

		if (argv[i][0] == '-' && argv[i][1] != '\0') {
			fprintf(stderr, "attest lint: %.60s: no such option; try `attest lint --help`\n", argv[i]);
			case_paths_free(&paths);
			return EXIT_USAGE;
		}
		if (case_find(&paths, argv[i], &e) < 0) {
			fprintf(stderr, "%s\n", e.text);
			others++;
		}
	}
	if (argc < 2) {
		fputs(cmd_lint_usage, stderr);
		return EXIT_USAGE;
	}
	l = lint_new();
	for (size_t i = 0; i < paths.count; i++) {
		struct errors es = { .count = 0, .more = 0 };

		lint_file(l, paths.path[i], &es);
		print_errors(&es, paths.path[i]);
	}
	lint_counts(l, &files, &cases, &errors);
	errors += others;
	printf("%zu files, %zu cases, %zu errors\n", files, cases, errors);
	lint_free(l);
	case_paths_free(&paths);
	return errors > 0 ? EXIT_USAGE : EXIT_AS_EXPECTED;
}
