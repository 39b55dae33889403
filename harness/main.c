#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "err.h"
#include "escape.h"
#include "version.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage; /* what NAME --help prints; NULL: it prints by itself what it knows */
	const char *about;
};

static const struct command commands[] = {
	{ "run", cmd_run, cmd_run_usage, "play cases and judge a module" },
	{ "emulate", cmd_emulate, NULL, "be a module, for a host program on the other side" },
	{ "lint", cmd_lint, cmd_lint_usage, "read cases without playing them, and say what is wrong" },
	{ "coverage", cmd_coverage, cmd_coverage_usage, "say which requirements, commands and outcomes the cases try" },
	{ "parse", cmd_parse, cmd_parse_usage, "what a module said, as JSON events" },
	{ "ports", cmd_ports, cmd_ports_usage, "list the serial ports that are there" },
	{ "report", cmd_report, cmd_report_usage, "make reports from journals" },
	{ "mutate", cmd_mutate, cmd_mutate_usage, "break the emulator row by row: which cases notice?" },
	{ NULL, NULL, NULL, NULL },
};

static void
print_help(FILE *to)
{
	fputs("usage: attest COMMAND [ARGUMENT]...\n"
	      "       attest COMMAND --help | attest --version | attest --help\n\n"
	      "Certifies the HTTP and FTP side of SIM800-series modules.\n",
	    to);
	if (commands[0].name != NULL)
		fputs("\ncommands:\n", to);
	for (const struct command *c = commands; c->name != NULL; c++)
		fprintf(to, "  %-10s %s\n", c->name, c->about);
	fputs("\nexit status, the highest that applies:\n"
	      "  0  all as expected\n"
	      "  1  the module broke a clause, or a deviation has expired\n"
	      "  2  usage, or a bad case file\n"
	      "  3  the rig failed: port, server, disk, or inconclusive cases are left\n"
	      "  4  no case selected\n"
	      "  5  internal error\n"
	      "  128+N  stopped by signal N\n",
	    to);
}

static const struct command *
command_find(const char *name)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

/* Output that did not reach its file is a failure of the rig, not a success. */
static int
finish(int status)
{
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fputs("attest: standard output: cannot write\n", stderr);
		return status > EXIT_RIG ? status : EXIT_RIG;
	}
	return status;
}

/*
 * A standard stream that the caller closed would else be the first file opened: a journal that gets messages
 * written into it.  What is written to one fails, as before.
 */
static bool
streams_open(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	const struct command *c;

	if (!streams_open())
		return EXIT_RIG;
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("attest " ATTEST_VERSION);
		return finish(EXIT_AS_EXPECTED);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return finish(EXIT_AS_EXPECTED);
	}
	c = command_find(argv[1]);
	if (c == NULL) {
		char shown[80];

		escape_bytes(shown, sizeof(shown), span_str(argv[1]));
		fprintf(stderr, "attest: %s: no such command; try `attest --help`\n", shown);
		return EXIT_USAGE;
	}
	for (int i = 2; i < argc && strcmp(argv[i], "--") != 0 && c->usage != NULL; i++)
		if (strcmp(argv[i], "--help") == 0) {
			fputs(c->usage, stdout);
			return finish(EXIT_AS_EXPECTED);
		}
	return finish(c->run(argc - 1, argv + 1));
}
