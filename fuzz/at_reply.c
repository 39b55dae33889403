/*
 * at_reply: a host and what a module says to it.
 *
 *	"> AT+HTTPREAD\n" ... bytes of the module --> at_reply, lenient and strict --> oracle_reply
 *
 * host.h says what may stand in front; oracle_reply.h what must hold.
 */
#include <stdlib.h>
#include <string.h>

#include "oracle_reply.h"
#include "reply_mutate.h"
#include "target.h"

/* The parser has no heap: blocks that were freed need not be kept back for long, and fresh memory costs time. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "quarantine_size_mb=1";
}

/* libFuzzer's, beside those of target.h. */
size_t LLVMFuzzerCustomCrossOver(
    const uint8_t *one, size_t one_size, const uint8_t *other, size_t other_size, uint8_t *out, size_t max_size, unsigned int seed);

/* An engine runs to find something new: rate counts.  When inputs are played again, all of each is looked at. */
static bool rate_counts;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	rate_counts = getenv("__AFL_SHM_ID") != NULL;
	for (int i = 1; i < *argc; i++) {
		const char *a = (*argv)[i];

		if (strncmp(a, "-max_total_time=", 16) == 0 || (strncmp(a, "-runs=", 6) == 0 && strcmp(a, "-runs=0") != 0))
			rate_counts = true;
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	oracle_reply(span_of((const char *)data, size), !rate_counts);
	return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	return reply_mutate(data, size, max_size, seed);
}

size_t
LLVMFuzzerCustomCrossOver(
    const uint8_t *one, size_t one_size, const uint8_t *other, size_t other_size, uint8_t *out, size_t max_size, unsigned int seed)
{
	return reply_cross(span_of((const char *)one, one_size), span_of((const char *)other, other_size), out, max_size, seed);
}
