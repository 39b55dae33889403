/*
 * answer_rig: command lines and their exact answers, for the tests of general commands; echo is off.
 */
#ifndef ANSWER_RIG_H
#define ANSWER_RIG_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */

#include "fake_world.h"

#define OK "\r\nOK\r\n"
#define ERROR "\r\nERROR\r\n"
#define LINE(text) "\r\n" text "\r\n"

static struct rig r;

static inline int
start(void **state)
{
	(void)state;
	rig_start(&r, "");
	rig_echo_off(&r);
	return 0;
}

static inline void
assert_answer(const char *command, const char *want)
{
	rig_ask(&r, command);
	if (strlen(want) != r.said_len || memcmp(want, r.said, r.said_len) != 0)
		fail_msg("%s was answered by [%s], expected [%s]", command, r.said, want);
}

#endif
