/* version: of the program and of the suite it ships, as reports name it. */
#ifndef VERSION_H
#define VERSION_H

#define ATTEST_VERSION "0.1"

#endif
