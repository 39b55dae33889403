/*
 * world_sim: the far side described in a case's own text: HTTP servers, a proxy, FTP servers, the bearer's network.
 *
 *	world lines --> world_sim <-- modem_world ops -- modem
 *	                    |
 *	                far lines (what arrived there)
 *
 * It keeps its own virtual time, told to it by advance, and remembers what it was asked (the newest 8 MiB at least; a far line that would
 * need what is older is an error, never an answer)
 * since world_sim_begin.  Files are contents (content.h), so a large one costs nothing; only what a
 * module stores is held, up to WORLD_STORED_MAX bytes in all.
 */
#ifndef WORLD_SIM_H
#define WORLD_SIM_H

#include "case.h"
#include "content.h"
#include "err.h"
#include "modem_world.h"

#define WORLD_STORED_MAX (4u << 20)

struct world_sim;

struct world_sim *world_sim_new(void);
void world_sim_free(struct world_sim *w);

/* Forget everything and become what the lines describe.  -1: a line is wrong; e names its place. */
int world_sim_begin(struct world_sim *w, const struct case_line *lines, uint64_t seed, struct err *e);

/* What the modem is given. */
struct modem_world *world_sim_modem(struct world_sim *w);

/* The content of a described file or resource ("/1K.txt", "http://www.sim.com/"), for "bytes of FILE".  false: there is none. */
bool world_sim_content(const struct world_sim *w, struct span name, struct content *out);

/* Whether a world line is well formed: 0, or -1 with the column (from 0, in line) and what was expected there. */
int world_check(struct span line, size_t *column, const char **why);

/*
 * Judge a far line (the text behind the word far, values put in).  0: it was so.  1: it was not, and
 * why (cap bytes, one line, escaped) says what was seen instead.  -1: the line is wrong.
 */
int far_judge(struct world_sim *w, struct span line, char *why, size_t cap);
int far_check(struct span line, size_t *column, const char **why);

#endif
