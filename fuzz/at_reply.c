/*
 * at_reply: a host and what a module says to it.
 *
 *	"> AT+HTTPREAD\n" ... bytes of the module --> at_reply, lenient and strict --> oracle_reply
 *
 * host.h says what may stand in front; oracle_reply.h what must hold.
 */
#include <stdint.h>

#include "oracle_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	oracle_reply(span_of((const char *)data, size), false);
	return 0;
}
