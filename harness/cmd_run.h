/*
 * cmd_run: what the parts of attest run share.  Nobody else includes it.
 */
#ifndef CMD_RUN_H
#define CMD_RUN_H

#include "journal.h"
#include "rig.h"
#include "run.h"
#include "run_options.h"
#include "run_summary.h"

/* One run: what is to be played, and what it is played with. */
struct cmd_run {
	struct run_options options;
	struct plan plan;
	struct wire *wire;       /* owned: a rig's, with the port's own behind it, but for the emulator */
	struct rig *rig;         /* NULL: the emulator */
	struct rig_identity identity;
	const char *revision;    /* the module's, or the profile's */
	struct runner *runner;
	struct journal *journal;
	const char *journal_path;
	char temporary[64]; /* a journal that nobody asked for: it holds the failures until they are shown */
	uint64_t before;    /* records that were there */
	struct summary summary;
	struct arena arena;
	const char *profile;
	uint64_t started_us;
	int status;  /* the highest exit status so far */
	bool broken; /* the journal cannot be written: nothing more is played */
	bool over;   /* port or module are lost for good, or were never there: the same */
	bool again;  /* the case in flight is played for the second time */
};

/* Open the port, find the module, begin the journal.  -1: e says why not; there may be a journal all the same. */
int cmd_run_open(struct cmd_run *s, struct err *e);
/* Say how long the plan takes on a port of its own: what the emulator takes for the same cases, in virtual time. */
void cmd_run_estimate(struct cmd_run *s);
/* Play what the plan has. */
void cmd_run_play(struct cmd_run *s);
/* Whether c is not claimed by this module, or not allowed on this port; out is its outcome then. */
bool cmd_run_skips(const struct cmd_run *s, const struct test_case *c, struct outcome *out);
void cmd_run_raise(struct cmd_run *s, int status);
/* Take a verdict into account for the exit status. */
void cmd_run_count(struct cmd_run *s, const struct outcome *o);
/* Print an error and take its exit status into account. */
void cmd_run_complain(struct cmd_run *s, const struct err *e);
/* Close the journal, show the failures, write the reports; say so when a signal stopped the run. */
void cmd_run_end(struct cmd_run *s);

#endif
