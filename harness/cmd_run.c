/* cmd_run: attest run. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "cmd.h"
#include "cmd_run.h"
#include "escape.h"
#include "modem.h"
#include "stop.h"
#include "version.h"

const char cmd_run_usage[] = "usage: attest run [OPTION]... [CASE|FOLDER]...\n\n"
			     "Plays cases and judges every byte.  Without a case or folder: every case under " PLAN_DEFAULT_FOLDER ".\n\n"
			     "  --port PORT                what to talk to (emulator):\n"
			     "         emulator[:PROFILE]                       the built-in emulator, in virtual time\n"
			     "         /dev/NAME[,BAUD[,8n1[,rtscts]]]          a serial port, 115200,8n1 unless said otherwise\n"
			     "         tcp:HOST:PORT                            a module behind a serial server in raw mode\n"
			     "         rfc2217:HOST:PORT[,BAUD[,8n1[,rtscts]]]  the same with baud and control lines (telnet)\n"
			     "         exec:COMMAND                             a program on a pseudo-terminal, by sh -c\n"
			     "  --profile NAME             which module it is; cases of other profiles are skipped\n"
			     "  --only PATTERN             cases whose path or title matches this shell pattern\n"
			     "  --seed N                   the one source of chance (1); the same seed repeats a run exactly\n"
			     "  --shard I/N                every N-th case, from the I-th on\n"
			     "  --repeat N                 each case N times\n"
			     "  --shuffle                  in an order that the seed decides\n"
			     "  --allow LIST               of slow,destructive,paid: cases that a real module plays only when told so\n"
			     "  --lab FILE                 the lab file: port, servers and users that cases name as {lab.x}\n"
			     "  --junit FILE               write a JUnit XML report\n"
			     "  --journal FILE             write what happened, one line a case, as it happens\n"
			     "  --resume JOURNAL           go on with a run that was stopped; its finished cases are not played again\n"
			     "  --list                     print path and title of what would be played, and play nothing\n\n"
			     "Ends with status 0: all as expected, 1: the module broke a clause, 2: usage or a bad case, 3: port, disk or\n"
			     "server failed, 4: no case selected, 5: internal error, 128+N: stopped by signal N.\n";

static void
raise_status(struct cmd_run *s, int status)
{
	if (status > s->status)
		s->status = status;
}

void
cmd_run_complain(struct cmd_run *s, const struct err *e)
{
	fprintf(stderr, "attest run: %s\n", e->text);
	raise_status(s, e->status);
}

/* ---- what is chosen ------------------------------------------------------------- */

static int
list_print(const struct cmd_run *s)
{
	char title[PLAN_TITLE_MAX], shown[4 * PLAN_TITLE_MAX];

	for (uint32_t i = 0; i < s->plan.entries; i++) {
		const struct plan_entry *x = &s->plan.entry[i];
		const struct case_file *f = s->plan.file[x->file].file;

		if (!case_title(f, (int)x->row, title, sizeof(title)))
			snprintf(title, sizeof(title), "(its title is too long)");
		escape_bytes(shown, sizeof(shown), span_str(title));
		printf("%s\t%s\n", case_path(f), shown);
	}
	return s->plan.entries == 0 ? EXIT_NO_CASE : EXIT_AS_EXPECTED;
}

static void
count_status(struct cmd_run *s, const struct outcome *o)
{
	switch (o->verdict) {
	case VERDICT_PASS:
	case VERDICT_SKIP:
	case VERDICT_XFAIL:
	case VERDICT_XPASS:
	case VERDICT_MAX: break;
	case VERDICT_INCONCLUSIVE: raise_status(s, EXIT_RIG); break;
	case VERDICT_FAIL: raise_status(s, EXIT_BROKEN); break;
	case VERDICT_ERROR: raise_status(s, strcmp(o->type, "WireLost") == 0 ? EXIT_RIG : EXIT_USAGE); break;
	}
}

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
	if (journal_head_of(r)->seed != s->options.plan.seed)
		fprintf(stderr, "attest run: warning: %s has seed %" PRIu64 ", this run %" PRIu64 "\n", s->options.resume,
		    journal_head_of(r)->seed, s->options.plan.seed);
	while ((got = journal_next(r, &c, e)) == 1) {
		s->before++;
		if (c.attempt < (int)s->options.repeat)
			continue;
		switch (plan_done(&s->plan, c.path, c.row, c.hash)) {
		case PLAN_DONE:
			done++;
			if (c.informational && c.outcome.verdict == VERDICT_FAIL)
				c.outcome.verdict = VERDICT_PASS;
			summary_count(&s->summary, c.area, c.document, c.clause, c.outcome.verdict);
			count_status(s, &c.outcome);
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

/* ---- opening and closing ------------------------------------------------------------- */

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
		.revision = modem_profile_revision(modem_profile_find(span_str(s->profile))),
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

static int
session_open(struct cmd_run *s, struct err *e)
{
	if (s->options.junit != NULL && make_folders(s->options.junit, e) < 0)
		return -1;
	/* The emulator is the module that the profile names, wherever that was said. */
	if (s->options.port.kind == PORT_EMULATOR)
		snprintf(s->options.port.profile, sizeof(s->options.port.profile), "%s", s->profile);
	s->wire = wire_open(&s->options.port, e);
	if (s->wire == NULL)
		return -1;
	s->runner = runner_new(s->wire);
	if (s->runner == NULL)
		return err_set(e, EXIT_INTERNAL, "out of memory");
	runner_stop_on(s->runner, &stop_signal);
	if (s->options.lab_path != NULL)
		runner_lab(s->runner, &s->options.lab);
	stop_on_signals();
	return journal_begin(s, e);
}

/* ---- playing ------------------------------------------------------------------------------ */

static bool
has_profile(const struct test_case *c, const char *profile)
{
	if (c->profiles == NULL)
		return true;
	for (const struct case_line *l = c->profiles; l != NULL; l = l->next)
		if (span_equal(l->text, span_str(profile)))
			return true;
	return false;
}

/* Not claimed by this module, or not allowed on this port. */
static bool
skip_case(struct cmd_run *s, const struct test_case *c, struct outcome *o)
{
	bool emulator = s->wire->ops->far(s->wire) != NULL;
	unsigned guarded = c->needs & (NEED_SLOW | NEED_DESTRUCTIVE | NEED_PAID);
	const char *why = NULL;

	if (!has_profile(c, s->profile))
		why = "does not hold for this profile";
	else if (!emulator && (guarded & ~s->options.allowed) != 0)
		why = "needs --allow on this port: slow, destructive or paid";
	if (why == NULL)
		return false;
	memset(o, 0, sizeof(*o));
	o->verdict = VERDICT_SKIP;
	o->path = c->path;
	o->clause = c->clause;
	snprintf(o->message, sizeof(o->message), "%s", why);
	return true;
}

/* The row cannot be read. */
static void
bad_case(struct test_case *c, struct outcome *o, const struct case_file *f, const struct errors *es, const char *title)
{
	memset(c, 0, sizeof(*c));
	memset(o, 0, sizeof(*o));
	c->path = o->path = case_path(f);
	c->title = span_str(title);
	o->verdict = VERDICT_ERROR;
	snprintf(o->type, sizeof(o->type), "BadCase");
	snprintf(o->message, sizeof(o->message), "%.390s", es->count > 0 ? es->list[0].text : "it cannot be read");
}

static void
case_finished(struct cmd_run *s, const struct plan_file *f, const struct test_case *c, int row, int attempt, int64_t started,
    uint64_t began_us, const struct outcome *o)
{
	struct journal_case record = { .path = span_str(case_path(f->file)),
		.title = c->title,
		.row = row,
		.hash = f->hash,
		.document = c->document,
		.clause = c->clause,
		.area = plan_area(case_path(f->file)),
		.attempt = attempt,
		.started = started,
		.informational = c->informational,
		.outcome = *o };
	uint64_t now = clock_us();
	struct err e;

	record.real_us = now - began_us;
	summary_case(&s->summary, record.area, c->document, c->clause, record.path, c->title, o, now);
	count_status(s, o);
	if (journal_write(s->journal, &record, &e) < 0) {
		cmd_run_complain(s, &e);
		s->broken = true;
	}
	if (o->verdict == VERDICT_ERROR && strcmp(o->type, "WireLost") == 0)
		s->broken = true;
}

/* Play one attempt.  false: it was stopped, and is no result. */
static bool
play_once(struct cmd_run *s, const struct plan_entry *x, int attempt)
{
	const struct plan_file *f = &s->plan.file[x->file];
	struct errors es = { .count = 0, .more = 0 };
	char title[PLAN_TITLE_MAX] = "";
	int64_t started = (int64_t)time(NULL);
	uint64_t began_us = clock_us();
	struct test_case c;
	struct outcome o;
	int row = (int)x->row;

	arena_reset(&s->arena);
	if (case_parse(f->file, row, &s->arena, &c, &es) < 0) {
		case_title(f->file, row, title, sizeof(title));
		bad_case(&c, &o, f->file, &es, title);
		for (int i = 0; i < es.count; i++)
			fprintf(stderr, "%s\n", es.list[i].text);
	} else {
		row = c.row;
		if (!skip_case(s, &c, &o))
			run_case(s->runner, &c, plan_seed(s->options.plan.seed, c.path, row, attempt), &o);
	}
	if (stop_signal != 0)
		return false;
	case_finished(s, f, &c, row, attempt, started, began_us, &o);
	return true;
}

static void
play_all(struct cmd_run *s)
{
	for (uint32_t i = 0; i < s->plan.entries && !s->broken; i++) {
		if (s->plan.entry[i].done)
			continue;
		for (unsigned k = 1; k <= s->options.repeat && !s->broken; k++)
			if (stop_signal != 0 || !play_once(s, &s->plan.entry[i], (int)k))
				return;
	}
}

/* ---- all of it -------------------------------------------------------------- */

static void
session_close(struct cmd_run *s)
{
	struct err e;

	if (s->journal != NULL)
		journal_close(s->journal, &e);
	if (s->temporary[0] != '\0')
		unlink(s->temporary);
	runner_free(s->runner);
	if (s->wire != NULL)
		s->wire->ops->close(s->wire);
	plan_free(&s->plan);
	summary_free(&s->summary);
	arena_free(&s->arena);
}

static int
session_run(struct cmd_run *s)
{
	char shown[256];
	struct err e;

	if (plan_make(&s->plan, &s->options.plan, &e) < 0) {
		cmd_run_complain(s, &e);
		return s->status;
	}
	if (s->options.list) {
		if (s->options.plan.shuffle)
			plan_shuffle(&s->plan, s->options.plan.seed);
		return list_print(s);
	}
	if (s->plan.entries == 0) {
		fprintf(stderr, "attest run: no case is selected\n");
		return EXIT_NO_CASE;
	}
	summary_start(&s->summary, stderr, (uint64_t)s->plan.entries * s->options.repeat);
	if ((s->options.resume != NULL && resume_read(s, &e) < 0) || session_open(s, &e) < 0) {
		cmd_run_complain(s, &e);
		return s->status;
	}
	if (s->options.plan.shuffle)
		plan_shuffle(&s->plan, s->options.plan.seed);
	escape_bytes(shown, sizeof(shown), span_str(s->options.port.text));
	fprintf(stderr, "attest run: %" PRIu64 " cases, port %s, profile %s, seed %" PRIu64 "\n", s->summary.total, shown, s->profile,
	    s->options.plan.seed);
	play_all(s);
	cmd_run_end(s);
	return s->status;
}

int
cmd_run(int argc, char **argv)
{
	struct cmd_run *s = calloc(1, sizeof(*s));
	struct err e;
	int status;

	if (s == NULL)
		return EXIT_INTERNAL;
	if (run_options_read(&s->options, argc, argv, &e) < 0) {
		fprintf(stderr, "attest run: %s\n", e.text);
		free(s);
		return EXIT_USAGE;
	}
	s->profile = s->options.profile[0] != '\0' ? s->options.profile : modem_profile_name(0, NULL);
	s->started_us = clock_us();
	status = session_run(s);
	session_close(s);
	free(s);
	return status;
}
