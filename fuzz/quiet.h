/*
 * quiet: what stands between QUIET_BEGIN and QUIET_END is no part of what is fuzzed.
 *
 * A fuzzer is to follow the ways through the code under test, not those through its judges, and each way that it
 * follows costs time; so do the other sanitizers, which look after the judges when inputs are played again.
 */
#ifndef QUIET_H
#define QUIET_H

#if defined(__clang__) && defined(FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION)
#define QUIET_BEGIN                                                                                                                        \
	_Pragma("clang attribute push(__attribute__((no_sanitize(\"coverage\", \"address\", \"undefined\"))), apply_to = function)")
#define QUIET_END _Pragma("clang attribute pop")
#elif defined(__clang__)
#define QUIET_BEGIN _Pragma("clang attribute push(__attribute__((no_sanitize(\"coverage\"))), apply_to = function)")
#define QUIET_END _Pragma("clang attribute pop")
#else
#define QUIET_BEGIN
#define QUIET_END
#endif

#endif
