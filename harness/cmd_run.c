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

const char cmd_run_usage[] =
    "usage: attest run [OPTION]... [CASE|FOLDER]...\n\n"
    "Plays cases and judges every byte.  Without a case or folder: every case under " PLAN_DEFAULT_FOLDER ".\n\n"
    "  --port PORT                what to talk to (emulator):\n"
    "         emulator[:PROFILE][,BAUD]                the built-in emulator, in virtual time; with a baud as slow as that\n"
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
    "  --recover COMMAND          what makes a silent module answer again (relay, script); else the lab file's\n"
    "  --wait SECONDS             how long a module or port that is not there is waited for (30)\n"
    "  --junit FILE               write a JUnit XML report\n"
    "  --journal FILE             write what happened, one line a case, as it happens\n"
    "  --resume JOURNAL           go on with a run that was stopped; its finished cases are not played again\n"
    "  --list                     print path and title of what would be played, and play nothing\n\n"
    "Ends with status 0: all as expected, 1: the module broke a clause, 2: usage or a bad case, 3: port, disk or\n"
    "server failed, 4: no case selected, 5: internal error, 128+N: stopped by signal N.\n";

void
cmd_run_raise(struct cmd_run *s, int status)
{
	if (status > s->status)
		s->status = status;
}

void
cmd_run_complain(struct cmd_run *s, const struct err *e)
{
	fprintf(stderr, "attest run: %s\n", e->text);
	cmd_run_raise(s, e->status);
}

void
cmd_run_count(struct cmd_run *s, const struct outcome *o)
{
	switch (o->verdict) {
	case VERDICT_PASS:
	case VERDICT_SKIP:
	case VERDICT_XFAIL:
	case VERDICT_XPASS:
	case VERDICT_MAX: break;
	case VERDICT_INCONCLUSIVE: cmd_run_raise(s, EXIT_RIG); break;
	case VERDICT_FAIL: cmd_run_raise(s, EXIT_BROKEN); break;
	case VERDICT_ERROR: cmd_run_raise(s, strcmp(o->type, "WireLost") == 0 ? EXIT_RIG : EXIT_USAGE); break;
	}
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
	if (cmd_run_open(s, &e) < 0) {
		if (stop_signal == 0)
			cmd_run_complain(s, &e);
		s->over = true;
		cmd_run_end(s);
		return s->status;
	}
	if (s->options.plan.shuffle)
		plan_shuffle(&s->plan, s->options.plan.seed);
	escape_bytes(shown, sizeof(shown), span_str(s->options.port.text));
	fprintf(stderr, "attest run: %" PRIu64 " cases, port %s, profile %s, seed %" PRIu64 "\n", s->summary.total, shown, s->profile,
	    s->options.plan.seed);
	cmd_run_estimate(s);
	cmd_run_play(s);
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
