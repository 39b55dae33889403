/*
 * modem_play: a script played to the emulator, as a wire would, with every property looked at on the way.
 *
 *	script --> modem_play --> modem_feed, modem_advance --> what was said, and when
 *
 * Played a second time, the bytes come in other pieces, the waits in other steps and the answers are pulled in other sizes: what is
 * said must be the same, at the same moments.
 */
#ifndef MODEM_PLAY_H
#define MODEM_PLAY_H

#include <stdint.h>

#include "modem_far.h"
#include "modem_judge.h"
#include "modem_script.h"
#include "prng.h"
#include "world_sim.h"

#define PLAY_SAID_MAX (1u << 20)
#define PLAY_BURSTS_MAX 65536

/* What was said: bytes, and when each run of them came. */
struct modem_said {
	size_t len;
	uint32_t bursts;
	struct { uint64_t at_us; uint32_t from; } burst[PLAY_BURSTS_MAX];
	char bytes[PLAY_SAID_MAX];
};

/* It belongs to its caller, who sets nothing in it; world is kept from play to play. */
struct modem_play {
	struct world_sim *world;	/* owned */
	uint64_t now_us;
	uint32_t steps;			/* things that were due */
	bool stop;			/* enough was said or done */
	bool torn;			/* the second way to play */
	struct prng cuts;
	struct modem_judge judge;
	struct modem_said *said;
	struct modem_far far;
	struct modem m;
};

/* Play script; torn: the second way.  said is filled in. */
void modem_play(struct modem_play *p, struct span script, bool torn, struct modem_said *said);

#endif
