#include "oracle_reply.h"
#include "quiet.h"

QUIET_BEGIN

/* FNV-1a: cuts depend on the input alone. */
static uint64_t
hash(struct span s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.at[i]) * 0x100000001b3u;
	return h;
}

static struct oracle_events lenient, strict;

/* Byte by byte costs ten times what all else does: of so many inputs of a fuzzer one is fed so. */
#define BYTES_ONE_IN 16

static void
one_mode(struct span said, const struct host *host, enum at_mode mode, struct oracle_events *events, uint64_t seed, bool all)
{
	events->len = reference_read(said, mode, host, events->at, &events->pending);
	oracle_feed(said, host, mode, events, ORACLE_WHOLE, seed, "reference");
	if (all || seed % BYTES_ONE_IN == 0)
		oracle_feed(said, host, mode, events, ORACLE_BYTES, seed, "split");
	oracle_feed(said, host, mode, events, ORACLE_PIECES, seed, "split");
	oracle_conservation(said, mode, events);
	oracle_round_trip(said, host, mode, events);
}

void
oracle_reply_said(struct span said, const struct host *host, bool all)
{
	uint64_t seed;

	said = span_first(said, ORACLE_SAID_MAX);
	seed = hash(said);
	one_mode(said, host, AT_LENIENT, &lenient, seed, all);
	one_mode(said, host, AT_STRICT, &strict, seed + 1, all);
	oracle_strict_lenient(&strict, &lenient);
}

void
oracle_reply(struct span input, bool all)
{
	static struct host host;

	oracle_reply_said(host_read(&host, input), &host, all);
}

QUIET_END
