/*
 * quiet: what stands between QUIET_BEGIN and QUIET_END is no part of what is fuzzed.
 *
 * A fuzzer is to follow the ways through the code under test, not those through its judges, and each way that it
 * follows costs time.  The other sanitizers stay: a judge that reads past an end is no judge.
 */
#ifndef QUIET_H
#define QUIET_H

#ifdef __clang__
#define QUIET_BEGIN _Pragma("clang attribute push(__attribute__((no_sanitize(\"coverage\"))), apply_to = function)")
#define QUIET_END _Pragma("clang attribute pop")
#else
#define QUIET_BEGIN
#define QUIET_END
#endif

#endif
