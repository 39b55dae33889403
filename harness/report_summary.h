/* report_summary: journals as a few lines for a person: what did not pass, counts, what is missing. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include <stdio.h>

#include "report_index.h"

/* Write to to, sanitised.  -1: a journal changed or can no longer be read. */
int report_summary(struct report_index *x, FILE *to, struct err *e);

#endif
