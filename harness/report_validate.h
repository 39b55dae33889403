/* report_validate: check an XML report against a schema (reports/attest-junit.xsd).  Nothing is fetched from a network. */
#ifndef REPORT_VALIDATE_H
#define REPORT_VALIDATE_H

#include "err.h"

/* 0: valid.  -1: not well-formed or not valid (EXIT_INTERNAL: attest wrote it), or not to be read (EXIT_RIG); e says where. */
int report_validate(const char *xml_path, const char *schema_path, struct err *e);

#endif
