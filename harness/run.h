/*
 * run: play one case over a wire and judge it.
 *
 *	test_case --> run <--> wire
 *	               |
 *	            outcome
 */
#ifndef RUN_H
#define RUN_H

#include <signal.h>

#include "case.h"
#include "lab_file.h"
#include "verdict.h"
#include "wire.h"

struct runner;

/* A runner keeps its buffers between cases.  The wire is the caller's and outlives it. */
struct runner *runner_new(struct wire *w);
void runner_free(struct runner *r);

/*
 * Give up the case in flight once *stop is not 0 (set by a signal handler); its outcome is then an error of type "Stopped" and is
 * no result.  *stop outlives the runner.
 */
void runner_stop_on(struct runner *r, const volatile sig_atomic_t *stop);

/*
 * The far side is this lab's, from here on: cases that need a lab are played, and its passwords are masked.  The servers hold what the
 * world lines of such a case describe; what a far line says is judged only where the wire shows the far side.  lab outlives the runner.
 */
void runner_lab(struct runner *r, const struct lab_file *lab);

/* Why this port cannot meet c's needs (a constant text), or NULL. */
const char *run_kept_away(const struct runner *r, const struct test_case *c);

/*
 * Play c.  out says how it ended: a module that broke a clause is VERDICT_FAIL, a lost wire VERDICT_ERROR, a case whose needs
 * the wire cannot meet VERDICT_SKIP.  A must-fail case that fails as it says is VERDICT_PASS.
 */
void run_case(struct runner *r, const struct test_case *c, uint64_t seed, struct outcome *out);

#endif
