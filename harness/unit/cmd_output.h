/* cmd_output: run a subcommand and see what it prints. */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include <stdio.h>
#include <unistd.h>

/* Run cmd with its standard output going to out (cap bytes, NUL added); return its exit status. */
static int
cmd_output(int (*cmd)(int, char **), int argc, char **argv, char *out, size_t cap)
{
	FILE *to = tmpfile();
	int saved, status;
	size_t n;

	assert_non_null(to);
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	dup2(fileno(to), STDOUT_FILENO);
	status = cmd(argc, argv);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(to);
	n = fread(out, 1, cap - 1, to);
	out[n] = '\0';
	fclose(to);
	return status;
}

#endif
