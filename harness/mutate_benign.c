/* mutate_benign: right modules that differ from the default one.  No case may call them wrong. */
#include <fnmatch.h>
#include <inttypes.h>

#include "clock.h"
#include "mutate_tables.h"
#include "run.h"
#include "wire.h"

#define LINES_MAX 2

/*
 * What differs, as a case's own "module" lines would say it; the seed, where chance has a part.  slow: slower or quicker than some
 * host programs stand, which is what the cases of hosts/ judge; they are not played then.
 */
static const struct {
	const char *line[LINES_MAX];
	uint64_t seed;
	bool slow;
} variants[] = {
	{ { "set latency 0" }, 1, true },
	{ { "set latency 1" }, 1, true },
	{ { "set latency 100" }, 1, false },
	{ { "set latency 500" }, 1, false },
	{ { "set latency 1s" }, 1, true },
	{ { "set latency 2s" }, 1, true },
	{ { "set latency 4700" }, 1, true },
	{ { "set urc-gap 0" }, 1, true },
	{ { "set urc-gap 10" }, 1, true },
	{ { "set urc-gap 50" }, 1, false },
	{ { "set urc-gap 500" }, 1, false },
	{ { "set urc-gap 1s" }, 1, false },
	{ { "set http-urc 0" }, 1, true },
	{ { "set http-urc 100" }, 1, true },
	{ { "set http-urc 5s" }, 1, true },
	{ { "set http-urc 30s" }, 1, true },
	{ { "set ftp-urc 0" }, 1, false },
	{ { "set ftp-urc 50" }, 1, false },
	{ { "set ftp-urc 1s" }, 1, false },
	{ { "set ftp-urc 5s" }, 1, true },
	{ { "set ftp-chunk 0" }, 1, true },
	{ { "set ftp-chunk 2s" }, 1, true },
	{ { "set ftp-chunk 5s" }, 1, true },
	{ { "set bearer 0" }, 1, false },
	{ { "set bearer 5s" }, 1, true },
	{ { "set bearer 30s" }, 1, true },
	{ { "set ftp-again 2s" }, 1, false },
	{ { "set ftp-again 20s" }, 1, false },
	{ { "set ftp-idle 300s" }, 1, false },
	{ { "set ftp-response 60s" }, 1, false },
	{ { "set ftp-window 1260" }, 1, false },
	{ { "set ftp-window 1280" }, 1, false },
	{ { "set ftp-window 1460" }, 1, false },
	{ { "set range-error 765" }, 1, false },
	{ { "set range-error 793" }, 1, false },
	{ { "set unknown-command 3" }, 1, false },
	{ { "set unknown-command 4" }, 1, false },
	{ { "set unknown-command 601" }, 1, false },
	{ { "set http-busy-action 604" }, 1, false },
	{ { "set http-busy-para error" }, 1, false },
	{ { "set http-busy-term error" }, 1, false },
	{ { "set http-read-beyond error" }, 1, false },
	{ { "set http-delete yes" }, 1, false },
	{ { "set http-range-status 200" }, 1, false },
	{ { "set http-timeout-status 408" }, 1, false },
	{ { "set http-timeout-status 604" }, 1, false },
	{ { "set http-partial-keeps no" }, 1, false },
	{ { "set ftp-empty-name 64" }, 1, false },
	{ { "set ftp-empty-name 77" }, 1, false },
	{ { "set ftp-rest-keeps no" }, 1, false },
	{ { "set ftp-put-beyond cut" }, 1, false },
	{ { "set ftp-put-short error" }, 1, false },
	{ { "set ftp-busy-set error" }, 1, false },
	{ { "set blanks-round-equals accept" }, 1, false },
	{ { "set quote-settings yes" }, 1, false },
	{ { "set echo-late no" }, 1, false },
	{ { "set echo-late no", "set latency 500" }, 1, false },
	/* Every answer rests once, at one of its bytes: with each seed at another one. */
	{ { "fault pause 1" }, 1, false },
	{ { "fault pause 1" }, 2, false },
	{ { "fault pause 5" }, 3, false },
	{ { "fault pause 15" }, 4, true },
};

static void
name_of(size_t i, char into[128])
{
	const char *second = variants[i].line[1];

	snprintf(into, 128, "%s%s%s, seed %" PRIu64, variants[i].line[0], second != NULL ? ", " : "", second != NULL ? second : "",
	    variants[i].seed);
}

/* Play c with the lines of a variant before its own. */
static void
play_varied(struct runner *r, const struct mutate_case *c, size_t variant, struct outcome *o)
{
	struct test_case varied = c->c;
	struct case_line line[LINES_MAX];
	int n = 0;

	while (n < LINES_MAX && variants[variant].line[n] != NULL) {
		line[n] = (struct case_line){ .text = span_str(variants[variant].line[n]), .path = c->c.path, .line = 1, .column = 1 };
		n++;
	}
	for (int i = 0; i < n; i++)
		line[i].next = i + 1 < n ? &line[i + 1] : c->c.setting.module;
	varied.setting.module = line;
	run_case(r, &varied, plan_seed(variants[variant].seed, c->c.path, c->c.row, 1), o);
}

static uint32_t
play_variant(FILE *to, struct runner *r, const struct mutate_suite *s, size_t variant)
{
	uint32_t failed = 0;
	char name[128];

	name_of(variant, name);
	for (uint32_t i = 0; i < s->count; i++) {
		const struct test_case *c = &s->at[i].c;
		struct outcome o;

		if (variants[variant].slow && strstr(c->path, "/hosts/") != NULL)
			continue;
		play_varied(r, &s->at[i], variant, &o);
		if (o.verdict == VERDICT_PASS || o.verdict == VERDICT_SKIP)
			continue;
		failed++;
		fprintf(to, "%s: %s: %s:%d: %.*s: %s\n", verdict_name(o.verdict), name, o.path, o.line, (int)c->title.len, c->title.at,
		    o.message);
	}
	return failed;
}

int
mutate_benign(FILE *to, const struct mutate_suite *s, const char *only, uint32_t *failed, struct err *e)
{
	struct wire *w = wire_loop_open(SPAN(""), e);
	struct runner *r = w == NULL ? NULL : runner_new(w);
	uint64_t began = clock_us();
	unsigned played = 0;
	char name[128];

	if (r == NULL)
		return err_set(e, EXIT_INTERNAL, "out of memory");
	*failed = 0;
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		name_of(i, name);
		if (only != NULL && strstr(name, only) == NULL && fnmatch(only, name, 0) != 0)
			continue;
		*failed += play_variant(to, r, s, i);
		played++;
	}
	runner_free(r);
	w->ops->close(w);
	if (played == 0)
		return err_set(e, EXIT_NO_CASE, "no variant is selected");
	fprintf(to, "%u right modules that differ, %" PRIu64 " case runs, %" PRIu32 " failed, %.1f s\n", played,
	    (uint64_t)played * s->count, *failed, (double)(clock_us() - began) / 1e6);
	return 0;
}
