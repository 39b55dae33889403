/*
 * script_mutate: change a script line by line, as a person would who looks for trouble.
 *
 * Lines are put in, taken out, doubled, moved and swapped; a number becomes one at a boundary; a pause comes in between.  Half of
 * all changes are left to the fuzzer's own, by bytes.
 */
#ifndef SCRIPT_MUTATE_H
#define SCRIPT_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* A libFuzzer custom mutator over the target's own lines.  Return the new size, at most max. */
size_t script_mutate(uint8_t *data, size_t size, size_t max, unsigned seed, const char *const *lines, size_t count);

#endif
