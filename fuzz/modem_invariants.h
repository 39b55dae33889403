/*
 * modem_invariants: what holds of struct modem whenever nobody is inside of it.
 *
 * It reads the struct's fields, as modem_*.c do; what does not hold fails the oracle "invariant" with what was seen.
 */
#ifndef MODEM_INVARIANTS_H
#define MODEM_INVARIANTS_H

#include "modem.h"

/* Sizes, what is being said and run, sessions with their timers, bearers.  Right after modem_advance to now_us. */
void modem_invariants(struct modem *m, uint64_t now_us);

/* Every setting, and what was saved, is one that its row allows.  Slower: at the end of a command line. */
void modem_invariants_settings(const struct modem *m);

/* The counters of the rules: every rule has its clause and its evidence, and what was counted is some rule's. */
void modem_invariants_rules(const struct modem *m);

#endif
