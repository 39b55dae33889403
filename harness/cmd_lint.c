/* cmd_lint: attest lint. */
#include <stdio.h>
#include <string.h>

#include "case_find.h"
#include "cmd.h"
#include "lint.h"
#include "requirement.h"

const char cmd_lint_usage[] = "usage: attest lint CASE|FOLDER...\n\n"
			      "Reads cases (of folders: every *.case below them) without playing them and says what is wrong\n"
			      "on standard error, as path:line:column: what was found, and what was expected.  With a folder that holds\n"
			      "requirements, each of them must have a case that covers it, or a reason.\n"
			      "Ends with status 0, or 2 if anything was wrong.\n";

static void
print_errors(const struct errors *es, const char *path)
{
	for (int i = 0; i < es->count; i++)
		fprintf(stderr, "%s\n", es->list[i].text);
	if (es->more > 0)
		fprintf(stderr, "%s: ... and %d more\n", path, es->more);
}

/* Requirements that hold for what is judged.  true: all their cases are judged, too, since an argument is the folder of both. */
static bool
requirements(struct lint *l, char *const argument[], int arguments)
{
	char folder[4096];
	bool found = false, whole = false;

	for (int i = 0; i < arguments && !whole; i++) {
		size_t n = strlen(argument[i]);
		struct errors es = { .count = 0, .more = 0 };

		if (!requirements_folder(argument[i], folder, sizeof(folder)))
			continue;
		while (n > 0 && argument[i][n - 1] == '/')
			n--;
		whole = strncmp(folder, argument[i], n) == 0 && strcmp(folder + n, "/requirements") == 0;
		if (found && !whole)
			continue;
		found = true;
		lint_requirements(l, folder, &es);
		print_errors(&es, folder);
	}
	return whole;
}

int
cmd_lint(int argc, char **argv)
{
	struct case_paths paths = { NULL, 0, 0 };
	size_t files, cases, errors, others = 0;
	struct lint *l;
	bool whole;

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
	whole = requirements(l, argv + 1, argc - 1);
	for (size_t i = 0; i < paths.count; i++) {
		struct errors es = { .count = 0, .more = 0 };

		lint_file(l, paths.path[i], &es);
		print_errors(&es, paths.path[i]);
	}
	if (whole) {
		struct errors es = { .count = 0, .more = 0 };

		lint_unknown(l, &es);
		print_errors(&es, "requirements");
	}
	lint_counts(l, &files, &cases, &errors);
	errors += others;
	printf("%zu files, %zu cases, %zu errors\n", files, cases, errors);
	lint_free(l);
	case_paths_free(&paths);
	return errors > 0 ? EXIT_USAGE : EXIT_AS_EXPECTED;
}
