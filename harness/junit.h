/*
 * junit: a JUnit report while it is being written.  Inside of report_junit; nobody else includes it.
 *
 *	report_junit (suites, file) --> junit_case (one case) --> junit_xml (elements, sanitised strings) --> libxml2
 *
 * Every string passes the sanitiser on its way.  A write that fails is remembered in failed and checked at the end of each case.
 */
#ifndef JUNIT_H
#define JUNIT_H

#include <libxml/xmlwriter.h>

#include "report_index.h"
#include "sanitise.h"

struct junit {
	struct report_index *index;
	xmlTextWriterPtr xml;
	struct growing text;	/* what is being put together */
	bool failed;		/* a write failed: nothing more is tried */
	bool fixed_time;	/* SOURCE_DATE_EPOCH is set: the same module gives the same bytes */
	int64_t epoch;
};

void junit_begin(struct junit *j);
void junit_end(struct junit *j);
void junit_open(struct junit *j, const char *name);
void junit_close(struct junit *j);
void junit_attribute(struct junit *j, const char *name, struct span value);
void junit_number(struct junit *j, const char *name, uint64_t n);
/* The attribute time, in seconds: the time it took here, or the wire's with SOURCE_DATE_EPOCH. */
void junit_time(struct junit *j, uint64_t real_us, uint64_t wire_us);
/* The attribute timestamp; seconds since 1970. */
void junit_moment(struct junit *j, int64_t seconds);
/* A property element, none for an empty value. */
void junit_property(struct junit *j, const char *name, struct span value);
void junit_property_number(struct junit *j, const char *name, uint64_t n);
/* The content of text, which is sanitised already, as the open element's text. */
void junit_text(struct junit *j);

/* The testcase element of the case whose tries are from to to - 1. */
int junit_case(struct junit *j, size_t from, size_t to, struct err *e);

#endif
