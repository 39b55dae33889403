/* mutate_benign: right modules that differ from the default one.  No case may call them wrong. */
#include <fnmatch.h>
#include <inttypes.h>

#include "clock.h"
#include "modem.h"
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
	const char *urc; /* said with every command line of the host, there: */
	enum modem_where where;
} variants[] = {
	{ .line = { "set latency 0" }, .seed = 1, .slow = true },
	{ .line = { "set latency 1" }, .seed = 1, .slow = true },
	{ .line = { "set latency 100" }, .seed = 1 },
	{ .line = { "set latency 500" }, .seed = 1 },
	{ .line = { "set latency 1s" }, .seed = 1, .slow = true },
	{ .line = { "set latency 2s" }, .seed = 1, .slow = true },
	{ .line = { "set latency 4700" }, .seed = 1, .slow = true },
	{ .line = { "set urc-gap 0" }, .seed = 1, .slow = true },
	{ .line = { "set urc-gap 10" }, .seed = 1, .slow = true },
	{ .line = { "set urc-gap 50" }, .seed = 1 },
	{ .line = { "set urc-gap 500" }, .seed = 1 },
	{ .line = { "set urc-gap 1s" }, .seed = 1 },
	{ .line = { "set http-urc 0" }, .seed = 1, .slow = true },
	{ .line = { "set http-urc 100" }, .seed = 1, .slow = true },
	{ .line = { "set http-urc 5s" }, .seed = 1, .slow = true },
	{ .line = { "set http-urc 30s" }, .seed = 1, .slow = true },
	{ .line = { "set ftp-urc 0" }, .seed = 1 },
	{ .line = { "set ftp-urc 50" }, .seed = 1 },
	{ .line = { "set ftp-urc 1s" }, .seed = 1 },
	{ .line = { "set ftp-urc 5s" }, .seed = 1, .slow = true },
	{ .line = { "set ftp-chunk 0" }, .seed = 1, .slow = true },
	{ .line = { "set ftp-chunk 2s" }, .seed = 1, .slow = true },
	{ .line = { "set ftp-chunk 5s" }, .seed = 1, .slow = true },
	{ .line = { "set bearer 0" }, .seed = 1 },
	{ .line = { "set bearer 5s" }, .seed = 1, .slow = true },
	{ .line = { "set bearer 30s" }, .seed = 1, .slow = true },
	{ .line = { "set ftp-again 2s" }, .seed = 1 },
	{ .line = { "set ftp-again 20s" }, .seed = 1 },
	{ .line = { "set ftp-idle 300s" }, .seed = 1 },
	{ .line = { "set ftp-response 60s" }, .seed = 1 },
	{ .line = { "set ftp-window 1260" }, .seed = 1 },
	{ .line = { "set ftp-window 1280" }, .seed = 1 },
	{ .line = { "set ftp-window 1460" }, .seed = 1 },
	{ .line = { "set range-error 765" }, .seed = 1 },
	{ .line = { "set range-error 793" }, .seed = 1 },
	{ .line = { "set unknown-command 3" }, .seed = 1 },
	{ .line = { "set unknown-command 4" }, .seed = 1 },
	{ .line = { "set unknown-command 601" }, .seed = 1 },
	{ .line = { "set http-busy-action 604" }, .seed = 1 },
	{ .line = { "set http-busy-para error" }, .seed = 1 },
	{ .line = { "set http-busy-term error" }, .seed = 1 },
	{ .line = { "set http-read-beyond error" }, .seed = 1 },
	{ .line = { "set http-delete yes" }, .seed = 1 },
	{ .line = { "set http-range-status 200" }, .seed = 1 },
	{ .line = { "set http-timeout-status 408" }, .seed = 1 },
	{ .line = { "set http-timeout-status 604" }, .seed = 1 },
	{ .line = { "set http-partial-keeps no" }, .seed = 1 },
	{ .line = { "set ftp-empty-name 64" }, .seed = 1 },
	{ .line = { "set ftp-empty-name 77" }, .seed = 1 },
	{ .line = { "set ftp-rest-keeps no" }, .seed = 1 },
	{ .line = { "set ftp-put-beyond cut" }, .seed = 1 },
	{ .line = { "set ftp-put-short error" }, .seed = 1 },
	{ .line = { "set ftp-busy-set error" }, .seed = 1 },
	{ .line = { "set blanks-round-equals accept" }, .seed = 1 },
	{ .line = { "set quote-settings yes" }, .seed = 1 },
	{ .line = { "set echo-late no" }, .seed = 1 },
	{ .line = { "set echo-late no", "set latency 500" }, .seed = 1 },
	/* Every answer rests once, at one of its bytes: with each seed at another one. */
	{ .line = { "fault pause 1" }, .seed = 1 },
	{ .line = { "fault pause 1" }, .seed = 2 },
	{ .line = { "fault pause 5" }, .seed = 3 },
	{ .line = { "fault pause 15" }, .seed = 4, .slow = true },
	/* At every place of every dialogue where a line of its own may stand. */
	{ .urc = "RING", .where = MODEM_NOW, .seed = 1 },
	{ .urc = "RING", .where = MODEM_BEFORE_ANSWER, .seed = 1 },
	{ .urc = "RING", .where = MODEM_BEFORE_FINAL, .seed = 1 },
	{ .urc = "RING", .where = MODEM_AFTER_FINAL, .seed = 1 },
	{ .urc = "+CMTI: \"SM\",3", .where = MODEM_BEFORE_ANSWER, .seed = 1 },
	{ .urc = "+CMTI: \"SM\",3", .where = MODEM_BEFORE_FINAL, .seed = 1 },
	{ .urc = "+CMTI: \"SM\",3", .where = MODEM_AFTER_FINAL, .seed = 1 },
	{ .urc = "*PSUTTZ: 26,11,23,7,0,0,\"+4\",0", .where = MODEM_BEFORE_FINAL, .seed = 1 },
};

/* ---- a module that speaks up ------------------------------------------------------ */

/* Between runner and wire: with each command line the module is told what to say. */
struct speaking {
	struct wire wire; /* first */
	struct wire *inner;
	struct wire_order order; /* text.len 0: none */
};

static struct wire *
inner_of(struct wire *w)
{
	return ((struct speaking *)w)->inner;
}

static int
speaking_begin(struct wire *w, const struct case_setting *setting, uint64_t seed, struct err *e)
{
	return inner_of(w)->ops->begin(inner_of(w), setting, seed, e);
}

static long
speaking_recv(struct wire *w, char *into, size_t cap, uint64_t until_us, struct wire_when *when, struct err *e)
{
	return inner_of(w)->ops->recv(inner_of(w), into, cap, until_us, when, e);
}

static uint64_t
speaking_now(struct wire *w)
{
	return inner_of(w)->ops->now(inner_of(w));
}

static unsigned
speaking_lines(struct wire *w, unsigned *mask)
{
	return inner_of(w)->ops->lines(inner_of(w), mask);
}

static int
speaking_order(struct wire *w, const struct wire_order *o, struct err *e)
{
	return inner_of(w)->ops->order(inner_of(w), o, e);
}

static struct world_sim *
speaking_far(struct wire *w)
{
	return inner_of(w)->ops->far(inner_of(w));
}

static void
speaking_close(struct wire *w)
{
	inner_of(w)->ops->close(inner_of(w));
}

static int
speaking_send(struct wire *w, struct span bytes, struct err *e)
{
	struct speaking *x = (struct speaking *)w;
	struct err ignored;

	/* One that waits there already is enough. */
	if (x->order.text.len > 0 && bytes.len > 2 && (bytes.at[0] | 0x20) == 'a' && (bytes.at[1] | 0x20) == 't')
		x->inner->ops->order(x->inner, &x->order, &ignored);
	return x->inner->ops->send(x->inner, bytes, e);
}

static const struct wire_ops speaking_ops = {
	.begin = speaking_begin,
	.send = speaking_send,
	.recv = speaking_recv,
	.now = speaking_now,
	.lines = speaking_lines,
	.order = speaking_order,
	.far = speaking_far,
	.close = speaking_close,
};

/* It compares bytes, or lets the module say something itself: one more line would be its own doing. */
static bool
minds_lines(const struct step *s)
{
	for (; s != NULL; s = s->next) {
		if (s->kind == STEP_RAW || s->kind == STEP_SAYS || s->kind == STEP_ANSWERS || s->kind == STEP_REBOOT)
			return true;
		for (const struct step *b = s->body; b != NULL; b = b->branch)
			if (minds_lines(b))
				return true;
	}
	return false;
}

/* ---- playing ---------------------------------------------------------------------- */

static void
name_of(size_t i, char into[128])
{
	const char *second = variants[i].line[1];
	static const char *const places[] = { "now", "before the answer", "before the final result code", "behind it" };

	if (variants[i].urc != NULL) {
		snprintf(into, 128, "%s %s", variants[i].urc, places[variants[i].where]);
		return;
	}
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
	if (n > 0)
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
		if (variants[variant].urc != NULL && (minds_lines(c->steps) || minds_lines(c->finally)))
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
	struct speaking w = { .wire = { .ops = &speaking_ops }, .inner = wire_loop_open(SPAN(""), e) };
	struct runner *r = w.inner == NULL ? NULL : runner_new(&w.wire);
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
		w.order = (struct wire_order){ .kind = ORDER_SAYS, .where = (int)variants[i].where };
		if (variants[i].urc != NULL)
			w.order.text = span_str(variants[i].urc);
		*failed += play_variant(to, r, s, i);
		played++;
	}
	runner_free(r);
	w.wire.ops->close(&w.wire);
	if (played == 0)
		return err_set(e, EXIT_NO_CASE, "no variant is selected");
	fprintf(to, "%u right modules that differ, %" PRIu64 " case runs, %" PRIu32 " failed, %.1f s\n", played,
	    (uint64_t)played * s->count, *failed, (double)(clock_us() - began) / 1e6);
	return 0;
}
