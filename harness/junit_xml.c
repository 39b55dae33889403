#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "junit.h"

#define XML(s) ((const xmlChar *)(s))

static void
check(struct junit *j, int written)
{
	j->failed = j->failed || written < 0;
}

void
junit_open(struct junit *j, const char *name)
{
	check(j, xmlTextWriterStartElement(j->xml, XML(name)));
}

void
junit_close(struct junit *j)
{
	check(j, xmlTextWriterEndElement(j->xml));
}

void
junit_attribute(struct junit *j, const char *name, struct span value)
{
	growing_clear(&j->text);
	sanitise(&j->text, value, SANITISE_ONE_LINE);
	check(j, xmlTextWriterWriteAttribute(j->xml, XML(name), XML(j->text.at)));
}

void
junit_number(struct junit *j, const char *name, uint64_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, n);
	junit_attribute(j, name, span_str(digits));
}

/* Seconds with three decimals, whatever the locale. */
void
junit_time(struct junit *j, uint64_t real_us, uint64_t wire_us)
{
	uint64_t ms = ((j->fixed_time ? wire_us : real_us) + 500) / 1000;
	char seconds[32];

	snprintf(seconds, sizeof(seconds), "%" PRIu64 ".%03u", ms / 1000, (unsigned)(ms % 1000));
	junit_attribute(j, "time", span_str(seconds));
}

/* ISO 8601 in UTC without a zone, which every consumer takes for UTC. */
void
junit_moment(struct junit *j, int64_t seconds)
{
	time_t at = (time_t)(j->fixed_time ? j->epoch : seconds);
	char text[32];
	struct tm tm;

	if (gmtime_r(&at, &tm) == NULL || tm.tm_year < 0 || tm.tm_year > 9999 - 1900)
		memset(&tm, 0, sizeof(tm)), tm.tm_year = 70, tm.tm_mday = 1;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	junit_attribute(j, "timestamp", span_str(text));
}

void
junit_property(struct junit *j, const char *name, struct span value)
{
	if (value.len == 0)
		return;
	junit_open(j, "property");
	junit_attribute(j, "name", span_str(name));
	junit_attribute(j, "value", value);
	junit_close(j);
}

void
junit_property_number(struct junit *j, const char *name, uint64_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, n);
	junit_property(j, name, span_str(digits));
}

void
junit_text(struct junit *j)
{
	check(j, xmlTextWriterWriteString(j->xml, XML(j->text.at)));
}

void
junit_begin(struct junit *j)
{
	xmlTextWriterSetIndent(j->xml, 1);
	xmlTextWriterSetIndentString(j->xml, XML(" "));
	check(j, xmlTextWriterStartDocument(j->xml, "1.0", "UTF-8", NULL));
}

void
junit_end(struct junit *j)
{
	check(j, xmlTextWriterEndDocument(j->xml));
	check(j, xmlTextWriterFlush(j->xml));
}
