/*
 * emulate_options: the command line of attest emulate.
 */
#ifndef EMULATE_OPTIONS_H
#define EMULATE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "world_reach.h"

#define EMULATE_PLANTED_MAX 64
#define EMULATE_COUNT_MAX 256

enum emulate_on { EMULATE_ON_NOTHING, EMULATE_ON_STDIO, EMULATE_ON_PTY, EMULATE_ON_TCP, EMULATE_ON_RFC2217 };

/* Texts are those of argv. */
struct emulate_options {
	enum emulate_on on;
	const char *where, *profile, *world_file;
	bool remote;
	bool net;		/* real servers; else described ones */
	struct world_reach reach;	/* where the net world may connect, and what leads where */
	uint64_t seed;
	unsigned count;		/* emulators */
	uint32_t baud;		/* 0: as fast as it goes */
	bool baud_auto;		/* as the host sets it */
	const char *set[EMULATE_PLANTED_MAX], *fault[EMULATE_PLANTED_MAX];
	int sets, faults;
};

/* Read argv[1..argc-1] into o, and what is not said is the default. */
int emulate_options_read(struct emulate_options *o, int argc, char **argv, struct err *e);

#endif
