/* cmd_run_end: the last part of attest run: failures, summary, reports. */
#include <inttypes.h>
#include <stdio.h>

#include "clock.h"
#include "cmd_run.h"
#include "report_junit.h"
#include "stop.h"

/* text as one word of a shell command; glob: as a pattern that means it literally. */
static size_t
shell_word(char *into, size_t cap, struct span text, bool glob)
{
	size_t used = 0;

	into[used++] = '\'';
	for (size_t i = 0; i < text.len && used + 8 < cap; i++) {
		if (glob && strchr("*?[]\\", text.at[i]) != NULL && text.at[i] != '\0')
			into[used++] = '\\';
		if (text.at[i] == '\'')
			used += (size_t)snprintf(into + used, cap - used, "'\\''");
		else
			into[used++] = text.at[i];
	}
	into[used++] = '\'';
	into[used] = '\0';
	return used;
}

/* " --port PORT --lab FILE --allow LIST", what of these it was. */
static void
again_where(const struct run_options *o, char *into, size_t cap)
{
	static const struct {
		unsigned need;
		const char *name;
	} allowed[] = { { NEED_SLOW, "slow" }, { NEED_DESTRUCTIVE, "destructive" }, { NEED_PAID, "paid" } };
	char word[1024];
	size_t used = 0;
	unsigned before = 0;

	into[0] = '\0';
	if (strcmp(o->port.text, "emulator") == 0)
		return;
	shell_word(word, sizeof(word), span_str(o->port.text), false);
	used += (size_t)snprintf(into, cap, " --port %s", word);
	if (o->lab_path != NULL && used < cap) {
		shell_word(word, sizeof(word), span_str(o->lab_path), false);
		used += (size_t)snprintf(into + used, cap - used, " --lab %s", word);
	}
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		if ((o->allowed & allowed[i].need) != 0 && used < cap)
			used += (size_t)snprintf(into + used, cap - used, "%s%s", before == 0 ? " --allow " : ",", allowed[i].name);
		before |= o->allowed & allowed[i].need;
	}
}

static void
again_command(const struct cmd_run *s, const struct journal_case *c, char *into, size_t cap)
{
	char title[1024], path[2048], where[2200];

	shell_word(title, sizeof(title), c->title, true);
	shell_word(path, sizeof(path), c->path, false);
	again_where(&s->options, where, sizeof(where));
	snprintf(into, cap, "attest run%s --profile %s --seed %" PRIu64 "%s%s%s%s %s", where, s->profile, s->options.plan.seed,
	    c->attempt > 1 ? " --repeat " : "", c->attempt > 1 ? "2" : "", c->row >= 0 ? " --only " : "", c->row >= 0 ? title : "", path);
}

/* The failures of this run, read back from its journal. */
static void
show_failures(struct cmd_run *s)
{
	struct err e;
	struct journal_reader *r = journal_open(s->journal_path, &e);
	struct journal_case c;
	const uint64_t *count = s->summary.count;
	uint64_t i = 0, shown = 0, failed = count[VERDICT_FAIL] + count[VERDICT_ERROR] + count[VERDICT_INCONCLUSIVE];
	char again[8192], path[2048];

	if (r == NULL)
		return;
	while (journal_next(r, &c, &e) == 1) {
		enum verdict v = c.outcome.verdict;

		if (i++ < s->before || c.again || (v != VERDICT_FAIL && v != VERDICT_ERROR && v != VERDICT_INCONCLUSIVE))
			continue;
		if (shown++ >= SUMMARY_FAILURES_MAX)
			continue;
		if (c.outcome.path == NULL && c.path.len < sizeof(path)) {
			memcpy(path, c.path.at, c.path.len);
			path[c.path.len] = '\0';
			c.outcome.path = path;
		}
		again_command(s, &c, again, sizeof(again));
		summary_failure(&s->summary, c.path, c.title, &c.outcome, again);
		/* Of several, each plays alone with its "again". */
		if (failed == 1)
			summary_transcript(&s->summary, c.outcome.transcript);
	}
	if (shown > SUMMARY_FAILURES_MAX)
		fprintf(stderr, "\n... and %" PRIu64 " more\n", shown - SUMMARY_FAILURES_MAX);
	journal_reader_close(r);
}

void
cmd_run_end(struct cmd_run *s)
{
	const char *journals[] = { s->journal_path };
	const int stopped_by = stop_signal;
	struct err e;

	if (stopped_by != 0)
		s->status = 128 + stopped_by;
	if (s->journal == NULL)
		return;
	if (!s->broken && journal_end(s->journal, s->status, &e) < 0)
		cmd_run_complain(s, &e);
	if (journal_close(s->journal, &e) < 0)
		cmd_run_complain(s, &e);
	s->journal = NULL;
	show_failures(s);
	summary_end(&s->summary, clock_us() - s->started_us);
	if (stopped_by != 0)
		fprintf(stderr, "stopped by signal %d after %" PRIu64 " of %" PRIu64 " cases\n", stopped_by, s->summary.played,
		    s->summary.total);
	else if (s->over && s->summary.played < s->summary.total)
		fprintf(stderr, "%" PRIu64 " of %" PRIu64 " cases were not played, because of the rig: --resume goes on\n",
		    s->summary.total - s->summary.played, s->summary.total);
	if (s->options.junit != NULL) {
		if (report_junit(journals, 1, s->options.junit, &e) < 0)
			cmd_run_complain(s, &e);
		else
			fprintf(stderr, "report: %s\n", s->options.junit);
	}
	if (s->temporary[0] == '\0')
		fprintf(stderr, "journal: %s\n", s->journal_path);
}
