#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "junit.h"
#include "report_junit.h"
#include "version.h"

/* ---- suites ------------------------------------------------------------------- */

static void
counts(struct junit *j, const uint64_t cases[VERDICT_MAX])
{
	uint64_t tests = 0;

	for (int v = 0; v < VERDICT_MAX; v++)
		tests += cases[v];
	junit_number(j, "tests", tests);
	junit_number(j, "failures", cases[VERDICT_FAIL]);
	junit_number(j, "errors", cases[VERDICT_ERROR] + cases[VERDICT_INCONCLUSIVE]);
	junit_number(j, "skipped", cases[VERDICT_SKIP] + cases[VERDICT_XFAIL]);
}

static void
suite_properties(struct junit *j, const struct report_suite *s)
{
	const struct journal_head *h = journal_head_of(j->index->journal[s->journal]);

	junit_open(j, "properties");
	junit_property(j, "attest", SPAN(ATTEST_VERSION));
	junit_property(j, "suite", span_str(h->suite));
	junit_property(j, "profile", span_str(h->profile));
	junit_property(j, "revision", span_str(h->revision));
	junit_property(j, "module", span_str(h->module));
	junit_property(j, "port", span_str(h->port));
	junit_property_number(j, "seed", h->seed);
	junit_property(j, "shard", span_str(h->shard));
	junit_property_number(j, "flaky", s->flaky);
	junit_close(j);
}

static int
one_suite(struct junit *j, int number, size_t *at, struct err *e)
{
	struct report_index *x = j->index;
	const struct report_suite *s = &x->suite[number];
	const char *host = journal_head_of(x->journal[s->journal])->host;

	junit_open(j, "testsuite");
	junit_attribute(j, "name", span_str(s->name));
	junit_number(j, "id", (uint64_t)number);
	junit_attribute(j, "package", SPAN("attest"));
	junit_attribute(j, "hostname", span_str(j->fixed_time || host[0] == '\0' ? "localhost" : host));
	junit_moment(j, s->started);
	counts(j, s->cases);
	junit_time(j, s->us, s->wire_us);
	suite_properties(j, s);
	while (*at < x->count && x->tries[*at].suite == number) {
		size_t end = report_index_next(x, *at);

		if (junit_case(j, *at, end, e) != 0)
			return -1;
		*at = end;
	}
	junit_close(j);
	return 0;
}

static int
document(struct junit *j, struct err *e)
{
	struct report_index *x = j->index;
	uint64_t us = 0, wire_us = 0;
	int64_t started = 0;
	size_t at = 0;

	for (int i = 0; i < x->journals; i++) {
		int64_t one = journal_head_of(x->journal[i])->started;

		started = i == 0 || one < started ? one : started;
	}
	for (int i = 0; i < x->suites; i++) {
		us += x->suite[i].us;
		wire_us += x->suite[i].wire_us;
	}
	junit_begin(j);
	junit_open(j, "testsuites");
	junit_attribute(j, "name", SPAN("attest"));
	counts(j, x->cases);
	junit_time(j, us, wire_us);
	junit_moment(j, started);
	for (int i = 0; i < x->suites; i++)
		if (one_suite(j, i, &at, e) != 0)
			return -1;
	junit_close(j);
	junit_end(j);
	return j->failed ? -1 : 0;
}

/* libxml2 would print its own words for a full disk: ours name the file, and come once. */
static void
say_nothing(void *context, const char *message, ...)
{
	(void)context;
	(void)message;
}

static int
write_to(struct report_index *x, int fd, struct err *e)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	struct junit j = { .index = x, .fixed_time = epoch != NULL && epoch[0] != '\0' };
	xmlOutputBufferPtr out = xmlOutputBufferCreateFd(fd, NULL);
	int result;

	j.epoch = j.fixed_time ? strtoll(epoch, NULL, 10) : 0;
	j.xml = out != NULL ? xmlNewTextWriter(out) : NULL;
	if (j.xml == NULL)
		abort();
	xmlSetGenericErrorFunc(NULL, say_nothing);
	result = document(&j, e);
	xmlFreeTextWriter(j.xml);
	xmlSetGenericErrorFunc(NULL, NULL);
	growing_free(&j.text);
	return result;
}

/* ---- the file ------------------------------------------------------------------- */

/* What is there and no regular file (a pipe, a terminal) is written as it is; anything else appears whole or not at all. */
int
report_junit_index(struct report_index *x, const char *path, struct err *e)
{
	struct growing temporary = { 0 };
	struct stat st;
	bool direct = stat(path, &st) == 0 && !S_ISREG(st.st_mode);
	mode_t mask = umask(0);
	int fd, result;

	umask(mask);
	growing_str(&temporary, path);
	if (!direct)
		growing_str(&temporary, ".XXXXXX");
	fd = direct ? open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY) : mkostemp(temporary.at, O_CLOEXEC);
	if (fd < 0) {
		result = err_errno(e, EXIT_RIG, "%s", path);
		growing_free(&temporary);
		return result;
	}
	if (e != NULL)
		e->text[0] = '\0';
	errno = 0;
	result = write_to(x, fd, e);
	if (result != 0 && e != NULL && e->text[0] == '\0')
		err_errno(e, EXIT_RIG, "%s: cannot write it", path);
	if (!direct && result == 0 && (fchmod(fd, 0666 & ~mask) != 0 || fsync(fd) != 0))
		result = err_errno(e, EXIT_RIG, "%s", path);
	if (close(fd) != 0 && result == 0)
		result = err_errno(e, EXIT_RIG, "%s", path);
	if (!direct && result == 0 && rename(temporary.at, path) != 0)
		result = err_errno(e, EXIT_RIG, "%s", path);
	if (!direct && result != 0)
		unlink(temporary.at);
	growing_free(&temporary);
	return result;
}

int
report_junit(const char *const journals[], int count, const char *path, struct err *e)
{
	struct report_index x;
	int result = report_index_build(&x, journals, count, e);

	if (result == 0)
		result = report_junit_index(&x, path, e);
	report_index_free(&x);
	return result;
}
