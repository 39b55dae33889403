#include <inttypes.h>

#include "report_summary.h"
#include "sanitise.h"

static int
one_case(struct report_index *x, size_t i, bool flaky, FILE *to, struct err *e)
{
	enum verdict v = (enum verdict)x->tries[i].verdict;
	struct growing line = { 0 };
	struct journal_case c;

	if (report_index_read(x, i, &c, e) != 0)
		return -1;
	growing_str(&line, flaky ? "flaky" : verdict_name(v));
	growing_str(&line, "  ");
	growing_str(&line, x->suite[x->tries[i].suite].name);
	growing_str(&line, "  ");
	sanitise(&line, c.title, SANITISE_ONE_LINE);
	growing_str(&line, "\n");
	if (!flaky && c.outcome.message[0] != '\0') {
		growing_str(&line, "      ");
		if (c.outcome.path != NULL && c.outcome.path[0] != '\0') {
			sanitise(&line, span_str(c.outcome.path), SANITISE_ONE_LINE);
			growing_str(&line, ":");
			growing_number(&line, c.outcome.line);
			growing_str(&line, ":");
			growing_number(&line, c.outcome.column);
			growing_str(&line, ": ");
		}
		sanitise(&line, span_str(c.outcome.message), SANITISE_ONE_LINE);
		growing_str(&line, "\n");
	}
	fputs(line.at, to);
	growing_free(&line);
	return 0;
}

static void
totals(const struct report_index *x, FILE *to)
{
	uint64_t all = 0;

	for (int v = 0; v < VERDICT_MAX; v++)
		all += x->cases[v];
	fprintf(to, "%" PRIu64 " case%s", all, all == 1 ? "" : "s");
	for (int v = VERDICT_MAX - 1; v >= 0; v--)
		if (x->cases[v] != 0)
			fprintf(to, ", %" PRIu64 " %s", x->cases[v], verdict_name((enum verdict)v));
	if (x->flaky != 0)
		fprintf(to, ", %" PRIu64 " flaky", x->flaky);
	fputs("\n", to);
	if (x->missing != 0)
		fprintf(to, "unfinished: %" PRIu64 " case%s missing\n", x->missing, x->missing == 1 ? " is" : "s are");
	else if (x->unfinished != 0)
		fprintf(
		    to, "unfinished: %d journal%s without an end, but no case is missing\n", x->unfinished, x->unfinished == 1 ? "" : "s");
}

int
report_summary(struct report_index *x, FILE *to, struct err *e)
{
	for (size_t i = 0, end; i < x->count; i = end) {
		enum verdict v;
		bool flaky = false;

		end = report_index_next(x, i);
		v = (enum verdict)x->tries[end - 1].verdict;
		for (size_t k = i; k + 1 < end && v < VERDICT_INCONCLUSIVE; k++)
			flaky = flaky || x->tries[k].verdict >= VERDICT_INCONCLUSIVE;
		if ((v >= VERDICT_XPASS || flaky) && one_case(x, end - 1, flaky && v < VERDICT_XPASS, to, e) != 0)
			return -1;
	}
	totals(x, to);
	return 0;
}
