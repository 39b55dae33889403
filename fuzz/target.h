/*
 * target: what a fuzz target defines, and what its engine gives it.
 *
 *	engine (libFuzzer, AFL++, replay in `make check`) --> LLVMFuzzerTestOneInput --> src/
 *
 * The names are libFuzzer's; every engine knows them.  A target is fuzz/NAME.c with NAME in
 * fuzz/targets; every other fuzz/NAME.c is linked into all of them.
 */
#ifndef TARGET_H
#define TARGET_H

#include <stddef.h>
#include <stdint.h>

/* Try one input.  Always 0; a broken property ends in oracle_fail. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Optional: called once before the first input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Optional: change an input of size bytes in place, to at most max_size; return its new size.  AFL++ never calls it. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

/* The engine's: its own mutation, for a custom mutator to fall back on. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

#endif
