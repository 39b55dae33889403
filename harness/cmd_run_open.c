/* cmd_run_open: the first part of attest run: port, module, journal. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "cmd_run.h"
#include "modem.h"
#include "stop.h"
#include "version.h"

/* ---- the journal ------------------------------------------------------------------- */

/* Mark what the journal to be resumed has finished, and count it. */
static int
resume_read(struct cmd_run *s, struct err *e)
{
	struct journal_reader *r = journal_open(s->options.resume, e);
	struct journal_case c;
	uint64_t edited = 0, done = 0;
	int got;

	if (r == NULL)
		return -1;
	/* Its reports would attest to one module what another one did. */
	if (strcmp(journal_head_of(r)->profile, s->profile) != 0) {
		err_set(e, EXIT_USAGE, "%s is of profile %s, this run of %s: expected the same", s->options.resume,
		    journal_head_of(r)->profile, s->profile);
		journal_reader_close(r);
		return -1;
	}
	if (strcmp(journal_head_of(r)->revision, s->revision) != 0) {
		err_set(e, EXIT_USAGE, "%s is of a module of revision %s, this one is %s: expected the same", s->options.resume,
		    journal_head_of(r)->revision, s->revision);
		journal_reader_close(r);
		return -1;
	}
	if (journal_head_of(r)->seed != s->options.plan.seed)
		fprintf(stderr, "attest run: warning: %s has seed %" PRIu64 ", this run %" PRIu64 "\n", s->options.resume,
		    journal_head_of(r)->seed, s->options.plan.seed);
	while ((got = journal_next(r, &c, e)) == 1) {
		s->before++;
		/* What was inconclusive is played again. */
		if (c.attempt < (int)s->options.repeat || c.outcome.verdict == VERDICT_INCONCLUSIVE)
			continue;
		switch (plan_done(&s->plan, c.path, c.row, c.hash)) {
		case PLAN_DONE:
			done++;
			if (c.informational && c.outcome.verdict == VERDICT_FAIL)
				c.outcome.verdict = VERDICT_PASS;
			summary_count(&s->summary, c.area, c.document, c.clause, c.outcome.verdict);
			cmd_run_count(s, &c.outcome);
			break;
		case PLAN_EDITED: edited++; break;
		case PLAN_NOT_CHOSEN: break;
		}
	}
	journal_reader_close(r);
	if (got < 0)
		return -1;
	if (edited > 0)
		fprintf(stderr, "attest run: warning: %" PRIu64 " finished cases were edited since: they are played again\n", edited);
	fprintf(stderr, "attest run: %" PRIu64 " cases are finished in %s\n", done, s->options.resume);
	s->summary.total -= done * s->options.repeat;
	return 0;
}

/* The folders that path lies in. */
static int
make_folders(const char *path, struct err *e)
{
	char folder[4096];

	if (strlen(path) >= sizeof(folder))
		return err_set(e, EXIT_USAGE, "the name of a file is too long");
	strcpy(folder, path);
	for (char *c = folder + 1; *c != '\0'; c++) {
		if (*c != '/')
			continue;
		*c = '\0';
		if (mkdir(folder, 0777) != 0 && errno != EEXIST)
			return err_errno(e, EXIT_RIG, "%s", folder);
		*c = '/';
	}
	return 0;
}

static int
journal_begin(struct cmd_run *s, struct err *e)
{
	const struct run_options *o = &s->options;
	char host[256] = "", shard[32] = "";
	struct journal_head head = { .suite = ATTEST_VERSION,
		.port = o->port.text,
		.profile = s->profile,
		.revision = s->revision,
		.module = s->identity.model,
		.host = host,
		.shard = shard,
		.seed = o->plan.seed,
		.started = (int64_t)time(NULL),
		.selected = s->plan.entries };

	if (o->resume != NULL) {
		s->journal_path = o->resume;
		s->journal = journal_append(o->resume, e);
		return s->journal == NULL ? -1 : 0;
	}
	gethostname(host, sizeof(host) - 1);
	if (o->plan.shards > 1)
		snprintf(shard, sizeof(shard), "%u/%u", o->plan.shard, o->plan.shards);
	s->journal_path = o->journal;
	if (o->journal == NULL) {
		int fd;

		snprintf(s->temporary, sizeof(s->temporary), "/tmp/attest-journal-XXXXXX");
		fd = mkstemp(s->temporary);
		if (fd < 0) {
			s->temporary[0] = '\0';
			return err_errno(e, EXIT_RIG, "/tmp: cannot make a file for the journal");
		}
		close(fd);
		s->journal_path = s->temporary;
	} else if (make_folders(o->journal, e) < 0) {
		return -1;
	}
	s->journal = journal_create(s->journal_path, &head, e);
	return s->journal == NULL ? -1 : 0;
}

/* ---- the module -------------------------------------------------------------------- */

/* Which module that is, unless the command line says so. */
static void
profile_choose(struct cmd_run *s)
{
	const char *by_revision = s->options.profile[0] == '\0' ? rig_profile(s->identity.revision) : NULL;

	if (by_revision != NULL)
		s->profile = by_revision;
}

/* Find the module on a real wire. */
static int
module_find(struct cmd_run *s, struct err *e)
{
	const char *expected = lab_file_get(&s->options.lab, LAB_REVISION);
	struct rig_identity *is = &s->identity;

	if (rig_find(s->rig, is, e) < 0)
		return -1;
	profile_choose(s);
	s->revision = is->revision;
	fprintf(stderr, "attest run: the module is %s, revision %s\n", is->model[0] == '\0' ? "(it does not say)" : is->model,
	    is->revision[0] == '\0' ? "(it does not say)" : is->revision);
	if (expected != NULL && strstr(is->revision, expected) == NULL && strstr(is->model, expected) == NULL)
		return err_set(e, EXIT_RIG, "%.100s expects revision %.60s, and the module says %.60s, %.120s", s->options.lab_path,
		    expected, is->revision[0] == '\0' ? "none" : is->revision, is->model);
	return 0;
}

static int
wire_begin(struct cmd_run *s, struct err *e)
{
	const struct run_options *o = &s->options;
	const char *recover = o->recover != NULL ? o->recover : lab_file_get(&o->lab, LAB_RECOVER);
	struct rig_options rig = { .port = o->port.text, .recover = recover, .wait_us = o->wait_us, .stop = &stop_signal };

	/* The emulator is the module that the profile names, wherever that was said. */
	if (o->port.kind == PORT_EMULATOR)
		snprintf(s->options.port.profile, sizeof(s->options.port.profile), "%s", s->profile);
	/* A server behind RFC 2217 keeps its own rate unless the port names one. */
	if (o->port.kind == PORT_SERIAL || o->port.kind == PORT_RFC2217)
		rig.baud = o->port.baud != 0 || o->port.kind == PORT_RFC2217 ? o->port.baud : PORT_BAUD;
	s->wire = wire_open(&o->port, e);
	if (s->wire == NULL)
		return -1;
	if (o->port.kind != PORT_EMULATOR) {
		s->rig = rig_new(s->wire, &rig);
		s->wire = rig_wire(s->rig);
	}
	s->runner = runner_new(s->wire);
	if (s->runner == NULL)
		return err_set(e, EXIT_INTERNAL, "out of memory");
	runner_stop_on(s->runner, &stop_signal);
	if (o->lab_path != NULL)
		runner_lab(s->runner, &o->lab);
	return s->rig == NULL ? 0 : module_find(s, e);
}

int
cmd_run_open(struct cmd_run *s, struct err *e)
{
	struct err why;

	s->revision = modem_profile_revision(modem_profile_find(span_str(s->profile)));
	if (s->options.junit != NULL && make_folders(s->options.junit, e) < 0)
		return -1;
	stop_on_signals();
	if (wire_begin(s, e) == 0)
		return s->options.resume != NULL && resume_read(s, e) < 0 ? -1 : journal_begin(s, e);
	/* Reports say that nothing was played; a journal that others have begun is left alone. */
	if (s->identity.revision[0] == '\0' && s->options.port.kind != PORT_EMULATOR)
		s->revision = "unknown";
	if (s->options.resume == NULL && (s->options.journal != NULL || s->options.junit != NULL) && e->status == EXIT_RIG &&
	    journal_begin(s, &why) < 0)
		cmd_run_complain(s, &why);
	return -1;
}
