#include "oracle_reply.h"
#include "hash.h"
#include "quiet.h"

QUIET_BEGIN

static struct oracle_events lenient, strict;

/*
 * Where rate counts, an input goes in pieces in one mode, as the input itself has it, and what it gives is compared with
 * the reference, which has read it whole.  The other mode and the dearer ways come one input in so many.
 */
#define BOTH_ONE_IN 16
#define BYTES_ONE_IN 32
#define TRIP_ONE_IN 4

static void
one_mode(struct span said, const struct host *host, enum at_mode mode, struct oracle_events *events, uint64_t seed, bool all)
{
	bool turn = (seed & 1) == (mode == AT_STRICT);

	events->len = reference_read(said, mode, host, events->at, &events->pending);
	if (all || !turn)
		oracle_feed(said, host, mode, events, ORACLE_WHOLE, seed, "reference");
	if (all || (turn && seed / 2 % BYTES_ONE_IN == 0))
		oracle_feed(said, host, mode, events, ORACLE_BYTES, seed, "split");
	if (all || turn)
		oracle_feed(said, host, mode, events, ORACLE_PIECES, seed, "split");
	oracle_conservation(said, mode, events);
	if (all || (turn && seed / 2 % TRIP_ONE_IN == 1))
		oracle_round_trip(said, host, mode, events);
}

void
oracle_reply_said(struct span said, const struct host *host, bool all)
{
	uint64_t seed;

	said = span_first(said, ORACLE_SAID_MAX);
	seed = hash_bytes(HASH_BEGIN, said);
	if (!all && seed / 256 % BOTH_ONE_IN != 0) {
		one_mode(said, host, seed & 1 ? AT_STRICT : AT_LENIENT, &lenient, seed, false);
		return;
	}
	one_mode(said, host, AT_LENIENT, &lenient, seed, all);
	one_mode(said, host, AT_STRICT, &strict, seed, all);
	oracle_strict_lenient(&strict, &lenient);
}

void
oracle_reply(struct span input, bool all)
{
	static struct host host;

	oracle_reply_said(host_read(&host, input), &host, all);
}

QUIET_END
