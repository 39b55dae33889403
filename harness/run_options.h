/*
 * run_options: the command line of attest run, read and checked.
 */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include "lab_file.h"
#include "plan.h"
#include "port.h"

struct run_options {
	struct port port;		/* "emulator" unless given */
	char profile[64];		/* by --profile or emulator:PROFILE; empty: the default one */
	struct plan_options plan;
	unsigned repeat;		/* at least 1 */
	unsigned allowed;		/* NEED_ bits */
	const char *junit, *journal, *resume;	/* NULL: not asked for */
	const char *lab_path;		/* NULL: no lab file */
	struct lab_file lab;		/* what it says */
	bool port_given;		/* by --port; else the lab file's */
	char lab_port[2 * LAB_VALUE_MAX];	/* port and baud of the lab file, as --port has them */
	const char *recover;		/* NULL: the lab file's, or none */
	uint64_t wait_us;		/* for a module or port that is not there */
	bool list;
};

/* argv[0] is the subcommand's name.  The strings stay argv's. */
int run_options_read(struct run_options *o, int argc, char **argv, struct err *e);

#endif
