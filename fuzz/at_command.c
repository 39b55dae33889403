/*
 * Command lines as a module takes them apart, and as a host looks at what it sends.
 *
 * The input is a line of text or several; each is tried as a command line being typed, as what follows AT,
 * and as a result code.
 */
#include <stdlib.h>

#include "expected_command.h"
#include "target.h"

/* The lines behind them are left out: the cost of an input has a bound. */
#define LINES_MAX 8

static void
check_line(struct span line)
{
	char *block = malloc(line.len + (line.len == 0));

	if (block == NULL)
		abort();
	if (line.len > 0)
		memcpy(block, line.at, line.len);
	check_command(span_of(block, line.len));
	check_codes(span_of(block, line.len));
	free(block);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span left = span_of((const char *)data, size);

	for (int i = 0; i < LINES_MAX; i++) {
		const char *end = left.len > 0 ? memchr(left.at, '\n', left.len) : NULL;

		if (end == NULL)
			break;
		check_line(span_of(left.at, (size_t)(end - left.at)));
		left = span_after(left, (size_t)(end - left.at) + 1);
	}
	check_line(left);
	return 0;
}
