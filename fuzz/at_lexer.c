/*
 * What a module says, cut into lines and raw data.
 *
 * The input is the stream.  Some of its lines say what the lexer is told behind them, so that one file
 * shows it all: "data 12", "numeric", "verbose", "echo HTTPTERM" (reference_lexer.h).
 */
#include <stdlib.h>

#include "reference_lexer.h"
#include "target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *block = malloc(size + (size == 0));

	if (block == NULL)
		abort();
	if (size > 0)
		memcpy(block, data, size);
	check_lexer(span_of(block, size));
	free(block);
	return 0;
}
