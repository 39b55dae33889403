/* A line of information text: every reader tried at every field of it. */
#include <stdlib.h>

#include "reference_fields.h"
#include "target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *block = malloc(size + (size == 0));

	if (block == NULL)
		abort();
	if (size > 0)
		memcpy(block, data, size);
	check_fields(span_of(block, size));
	free(block);
	return 0;
}
