/*
 * report_junit: journals as JUnit XML, the form that CI servers read.
 *
 *	journals --> report_index --> report_junit --> file
 *
 * The dialect and the mapping of verdicts are written down in reports/README.md, its schema is reports/attest-junit.xsd.
 * Cases are written one by one; the file appears under its name when it is complete.
 */
#ifndef REPORT_JUNIT_H
#define REPORT_JUNIT_H

#include "report_index.h"

/* Write what count journals say to path.  -1: a journal that cannot be read or a file that cannot be written (EXIT_RIG). */
int report_junit(const char *const journals[], int count, const char *path, struct err *e);

/* The same from an index that is there already. */
int report_junit_index(struct report_index *x, const char *path, struct err *e);

#endif
