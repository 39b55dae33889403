#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "report_junit.h"
#include "sanitise.h"
#include "version.h"

#define OUTPUT_MAX (64u << 10) /* of a transcript in the report, as it is written */
#define XML(s) ((const xmlChar *)(s))

struct junit {
	struct report_index *index;
	xmlTextWriterPtr xml;
	struct growing text; /* what is being put together */
	bool failed;         /* a write failed: nothing more is tried */
	bool fixed_time;     /* SOURCE_DATE_EPOCH is set: the same module gives the same bytes */
	int64_t epoch;
};

/* ---- XML, one sanitised string at a time ------------------------------------- */

static void
check(struct junit *j, int written)
{
	j->failed = j->failed || written < 0;
}

static void
open_element(struct junit *j, const char *name)
{
	check(j, xmlTextWriterStartElement(j->xml, XML(name)));
}

static void
close_element(struct junit *j)
{
	check(j, xmlTextWriterEndElement(j->xml));
}

static void
attribute(struct junit *j, const char *name, struct span value)
{
	growing_clear(&j->text);
	sanitise(&j->text, value, SANITISE_ONE_LINE);
	check(j, xmlTextWriterWriteAttribute(j->xml, XML(name), XML(j->text.at)));
}

static void
attribute_number(struct junit *j, const char *name, uint64_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, n);
	attribute(j, name, span_str(digits));
}

/* Seconds with three decimals, whatever the locale. */
static void
attribute_time(struct junit *j, uint64_t real_us, uint64_t wire_us)
{
	uint64_t ms = ((j->fixed_time ? wire_us : real_us) + 500) / 1000;
	char seconds[32];

	snprintf(seconds, sizeof(seconds), "%" PRIu64 ".%03u", ms / 1000, (unsigned)(ms % 1000));
	attribute(j, "time", span_str(seconds));
}

/* ISO 8601 in UTC without a zone, which every consumer takes for UTC. */
static void
attribute_moment(struct junit *j, int64_t seconds)
{
	time_t at = (time_t)(j->fixed_time ? j->epoch : seconds);
	char text[32];
	struct tm tm;

	if (gmtime_r(&at, &tm) == NULL || tm.tm_year < 0 || tm.tm_year > 9999 - 1900)
		memset(&tm, 0, sizeof(tm)), tm.tm_year = 70, tm.tm_mday = 1;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	attribute(j, "timestamp", span_str(text));
}

static void
property(struct junit *j, const char *name, struct span value)
{
	if (value.len == 0)
		return;
	open_element(j, "property");
	attribute(j, "name", span_str(name));
	attribute(j, "value", value);
	close_element(j);
}

static void
property_number(struct junit *j, const char *name, uint64_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, n);
	property(j, name, span_str(digits));
}

/* ---- one try ---------------------------------------------------------------- */

static void
line_of(struct growing *g, const char *label, const char *text)
{
	if (text[0] == '\0')
		return;
	growing_str(g, label);
	sanitise(g, span_str(text), SANITISE_ONE_LINE);
	growing_str(g, "\n");
}

/* The message that stands for an outcome; there is always one. */
static const char *
message_of(const struct outcome *o)
{
	return o->message[0] != '\0' ? o->message : verdict_name(o->verdict);
}

/* The message again as the first line, since some consumers show the text alone, then the evidence and where it stands. */
static void
evidence(struct junit *j, const struct journal_case *c)
{
	const struct outcome *o = &c->outcome;
	struct growing *g = &j->text;

	growing_clear(g);
	line_of(g, "", message_of(o));
	line_of(g, "expected: ", o->expected);
	line_of(g, "received: ", o->received);
	if (o->path != NULL && o->path[0] != '\0') {
		growing_str(g, "at ");
		sanitise(g, span_str(o->path), SANITISE_ONE_LINE);
		growing_str(g, ":");
		growing_number(g, o->line);
		growing_str(g, ":");
		growing_number(g, o->column);
		growing_str(g, "\n");
	}
	if (o->clause.len != 0 || c->clause.len != 0) {
		growing_str(g, "clause ");
		sanitise(g, o->clause.len != 0 ? o->clause : c->clause, SANITISE_ONE_LINE);
		growing_str(g, " of ");
		sanitise(g, c->document, SANITISE_ONE_LINE);
		growing_str(g, "\n");
	}
	check(j, xmlTextWriterWriteString(j->xml, XML(g->at)));
}

/* The beginning and the end of what is longer than a report should hold, cut between lines where there are any. */
static void
cap_output(struct growing *g)
{
	size_t head = OUTPUT_MAX / 4, tail = g->len - (OUTPUT_MAX / 2 + OUTPUT_MAX / 8);
	struct growing cut = { 0 };

	if (g->len <= OUTPUT_MAX)
		return;
	for (size_t from = head; head > 1 && g->at[head - 1] != '\n'; head--)
		if (from - head >= 4096) { /* one long line: at least between two characters */
			for (head = from; ((unsigned char)g->at[head] & 0xc0) == 0x80; head--)
				;
			break;
		}
	for (size_t from = tail; tail < g->len && g->at[tail - 1] != '\n'; tail++)
		if (tail - from >= 4096) {
			for (tail = from; ((unsigned char)g->at[tail] & 0xc0) == 0x80; tail++)
				;
			break;
		}
	growing_bytes(&cut, span_of(g->at, head));
	growing_str(&cut, "\n# ... ");
	growing_number(&cut, (int64_t)(tail - head));
	growing_str(&cut, " bytes left out; the journal has more ...\n");
	growing_bytes(&cut, span_of(g->at + tail, g->len - tail));
	growing_free(g);
	*g = cut;
}

static void
output(struct junit *j, struct span transcript)
{
	if (transcript.len == 0)
		return;
	growing_clear(&j->text);
	sanitise(&j->text, transcript, SANITISE_LINES);
	cap_output(&j->text);
	open_element(j, "system-out");
	check(j, xmlTextWriterWriteString(j->xml, XML(j->text.at)));
	close_element(j);
}

/* message and type; GitLab takes types like "file" or "date" for a data type, so only CamelCase passes. */
static void
judged(struct junit *j, const struct outcome *o, const char *fallback)
{
	size_t n = 0;

	attribute(j, "message", span_str(message_of(o)));
	while ((o->type[n] >= 'a' && o->type[n] <= 'z') || (o->type[n] >= 'A' && o->type[n] <= 'Z') ||
	       (o->type[n] >= '0' && o->type[n] <= '9'))
		n++;
	attribute(j, "type", span_str(o->type[0] >= 'A' && o->type[0] <= 'Z' && o->type[n] == '\0' ? o->type : fallback));
}

static void
verdict_element(struct junit *j, const struct journal_case *c, enum verdict v)
{
	const struct outcome *o = &c->outcome;

	switch (v) {
	case VERDICT_PASS:
	case VERDICT_XPASS:
	case VERDICT_MAX: return;
	case VERDICT_SKIP:
		open_element(j, "skipped");
		attribute(j, "message", span_str(message_of(o)));
		break;
	case VERDICT_XFAIL:
		open_element(j, "skipped");
		growing_clear(&j->text);
		growing_str(&j->text, "known deviation: ");
		growing_str(&j->text, message_of(o));
		{
			char known[VERDICT_MESSAGE_MAX + 32];

			sanitise_copy(known, sizeof(known), span_of(j->text.at, j->text.len));
			attribute(j, "message", span_str(known));
		}
		break;
	case VERDICT_FAIL:
		open_element(j, "failure");
		judged(j, o, "ClauseBroken");
		break;
	case VERDICT_INCONCLUSIVE:
		open_element(j, "error");
		judged(j, o, "Inconclusive");
		break;
	case VERDICT_ERROR:
		open_element(j, "error");
		judged(j, o, "RigError");
		break;
	}
	evidence(j, c);
	close_element(j);
}

/* A try that is not the case's last: one that did not pass is told apart by whether a later one did. */
static void
earlier_try(struct junit *j, size_t i, bool passed, struct err *e)
{
	struct journal_case c;

	if (j->index->tries[i].verdict < VERDICT_INCONCLUSIVE)
		return;
	if (report_index_read(j->index, i, &c, e) != 0) {
		j->failed = true;
		return;
	}
	open_element(j, passed ? "flakyFailure" : "rerunFailure");
	judged(j, &c.outcome, "ClauseBroken");
	open_element(j, "stackTrace");
	evidence(j, &c);
	close_element(j);
	output(j, c.outcome.transcript);
	close_element(j);
}

/* ---- one case ----------------------------------------------------------------- */

static void
case_attributes(struct junit *j, const struct report_try *t, const struct journal_case *c)
{
	const char *file = c->outcome.path != NULL && c->outcome.path[0] != '\0' ? c->outcome.path : NULL;
	struct growing name = { 0 };

	growing_bytes(&name, c->title.len != 0 ? c->title : SPAN("(no title)"));
	if (t->again) { /* the title is taken: consumers drop all but one of a name */
		growing_str(&name, " (");
		growing_bytes(&name, c->path);
		growing_str(&name, ", row ");
		growing_number(&name, c->row + 1);
		growing_str(&name, ")");
	}
	attribute(j, "name", span_of(name.at, name.len));
	growing_free(&name);
	attribute(j, "classname", span_str(j->index->suite[t->suite].classname));
	attribute_time(j, c->real_us, c->outcome.wire_us);
	if (file != NULL && c->outcome.line > 0) {
		attribute(j, "file", span_str(file));
		attribute_number(j, "line", (uint64_t)c->outcome.line);
	} else if (c->path.len != 0) {
		attribute(j, "file", c->path);
		attribute_number(j, "line", 1);
	}
}

static void
case_properties(struct junit *j, const struct journal_case *c, enum verdict v, size_t tries)
{
	open_element(j, "properties");
	property(j, "verdict", span_str(verdict_name(v)));
	property(j, "document", c->document);
	property(j, "clause", c->outcome.clause.len != 0 ? c->outcome.clause : c->clause);
	property_number(j, "wire_us", c->outcome.wire_us);
	if (tries > 1)
		property_number(j, "tries", tries);
	if (c->informational) {
		property(j, "informational", SPAN("true"));
		if (c->outcome.verdict != v)
			property(j, "seen", span_str(message_of(&c->outcome)));
	}
	for (int i = 0; i < c->outcome.notes; i++) {
		char note[VERDICT_MESSAGE_MAX + 32];

		snprintf(note, sizeof(note), "line %d: %s", c->outcome.note[i].line, c->outcome.note[i].text);
		property(j, "note", span_str(note));
	}
	if (c->outcome.notes_more > 0)
		property_number(j, "notes_left_out", (uint64_t)c->outcome.notes_more);
	close_element(j);
}

static int
one_case(struct junit *j, size_t from, size_t to, struct err *e)
{
	const struct report_try *t = &j->index->tries[to - 1];
	struct journal_case c;

	if (report_index_read(j->index, to - 1, &c, e) != 0)
		return -1;
	open_element(j, "testcase");
	case_attributes(j, t, &c);
	case_properties(j, &c, t->verdict, to - from);
	verdict_element(j, &c, t->verdict);
	if (t->verdict != VERDICT_PASS)
		output(j, c.outcome.transcript);
	for (size_t i = from; i + 1 < to && !j->failed; i++)
		earlier_try(j, i, t->verdict < VERDICT_INCONCLUSIVE, e);
	close_element(j);
	return j->failed ? -1 : 0;
}

/* ---- suites ------------------------------------------------------------------- */

static void
counts(struct junit *j, const uint64_t cases[VERDICT_MAX])
{
	uint64_t tests = 0;

	for (int v = 0; v < VERDICT_MAX; v++)
		tests += cases[v];
	attribute_number(j, "tests", tests);
	attribute_number(j, "failures", cases[VERDICT_FAIL]);
	attribute_number(j, "errors", cases[VERDICT_ERROR] + cases[VERDICT_INCONCLUSIVE]);
	attribute_number(j, "skipped", cases[VERDICT_SKIP] + cases[VERDICT_XFAIL]);
}

static void
suite_properties(struct junit *j, const struct report_suite *s)
{
	const struct journal_head *h = journal_head_of(j->index->journal[s->journal]);

	open_element(j, "properties");
	property(j, "attest", SPAN(ATTEST_VERSION));
	property(j, "suite", span_str(h->suite));
	property(j, "profile", span_str(h->profile));
	property(j, "revision", span_str(h->revision));
	property(j, "port", span_str(h->port));
	property_number(j, "seed", h->seed);
	property(j, "shard", span_str(h->shard));
	property_number(j, "flaky", s->flaky);
	close_element(j);
}

static int
one_suite(struct junit *j, int number, size_t *at, struct err *e)
{
	struct report_index *x = j->index;
	const struct report_suite *s = &x->suite[number];
	const char *host = journal_head_of(x->journal[s->journal])->host;

	open_element(j, "testsuite");
	attribute(j, "name", span_str(s->name));
	attribute_number(j, "id", (uint64_t)number);
	attribute(j, "package", SPAN("attest"));
	attribute(j, "hostname", span_str(j->fixed_time || host[0] == '\0' ? "localhost" : host));
	attribute_moment(j, s->started);
	counts(j, s->cases);
	attribute_time(j, s->us, s->wire_us);
	suite_properties(j, s);
	while (*at < x->count && x->tries[*at].suite == number) {
		size_t end = report_index_next(x, *at);

		if (one_case(j, *at, end, e) != 0)
			return -1;
		*at = end;
	}
	close_element(j);
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
	check(j, xmlTextWriterStartDocument(j->xml, "1.0", "UTF-8", NULL));
	open_element(j, "testsuites");
	attribute(j, "name", SPAN("attest"));
	counts(j, x->cases);
	attribute_time(j, us, wire_us);
	attribute_moment(j, started);
	for (int i = 0; i < x->suites; i++)
		if (one_suite(j, i, &at, e) != 0)
			return -1;
	close_element(j);
	check(j, xmlTextWriterEndDocument(j->xml));
	check(j, xmlTextWriterFlush(j->xml));
	return j->failed ? -1 : 0;
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
	xmlTextWriterSetIndent(j.xml, 1);
	xmlTextWriterSetIndentString(j.xml, XML(" "));
	result = document(&j, e);
	xmlFreeTextWriter(j.xml);
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
