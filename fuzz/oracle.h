/*
 * oracle: how a fuzz target, or a unit test that uses the same properties, says that one does not hold.
 *
 *	property broken --> oracle_fail --> "ORACLE name: what was seen" on standard error, abort
 *
 * The name comes first on its line, so that a report can say which property found a fault.
 */
#ifndef ORACLE_H
#define ORACLE_H

/*
 * The property of that name does not hold; format says what was seen, as printf does.  Bytes outside
 * printable ASCII are shown as \xNN: what a fuzzer feeds never reaches a terminal as it is.
 */
void oracle_fail(const char *oracle, const char *format, ...) __attribute__((noreturn, format(printf, 2, 3)));

#endif
