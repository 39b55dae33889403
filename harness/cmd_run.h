/*
 * cmd_run: what the parts of attest run share.  Nobody else includes it.
 */
#ifndef CMD_RUN_H
#define CMD_RUN_H

#include "journal.h"
#include "run.h"
#include "run_options.h"
#include "run_summary.h"

/* One run: what is to be played, and what it is played with. */
struct cmd_run {
	struct run_options options;
	struct plan plan;
	struct wire *wire;
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
	bool broken; /* the rig failed: nothing more is played */
};

/* Print an error and take its exit status into account. */
void cmd_run_complain(struct cmd_run *s, const struct err *e);
/* Close the journal, show the failures, write the reports; say so when a signal stopped the run. */
void cmd_run_end(struct cmd_run *s);

#endif
