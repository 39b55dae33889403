/*
 * rig_talk: one command and its answer, with a module whose state nobody knows.
 *
 *	command --> wire --> module
 *	bytes   <-- wire <-- module      --> what kind of answer that was
 *
 * The runner's parser judges a module that is known to be one.  This only looks for a result code in whatever comes, within a
 * bounded time, and remembers enough of the rest to say what is wrong with the rig.  Nothing it hears is trusted or kept beyond
 * its limits.
 */
#ifndef RIG_TALK_H
#define RIG_TALK_H

#include <signal.h>
#include <stdbool.h>

#include "wire.h"

#define TALK_KEPT_MAX 4096	/* newest bytes of an answer */
#define TALK_FIRST_MAX 96	/* its first bytes, to be shown */
#define TALK_INFO_MAX 256	/* information text of an answer, lines joined by " / " */
#define TALK_FLOOD_MAX (64u << 10)	/* bytes without a result code: no answer is so long */

enum talk_result {
	TALK_OK,
	TALK_NUMBER,	/* "0", as ATV0 has it */
	TALK_ERROR,	/* ERROR, +CME ERROR, or "4" */
	TALK_NOTHING,	/* not a byte came */
	TALK_ECHO,	/* what was sent came back, and nothing else */
	TALK_TEXT,	/* lines, none of them a result code */
	TALK_GARBAGE,	/* bytes that are no text */
	TALK_FLOOD,
	TALK_LOST,	/* the wire; err says why */
	TALK_STOPPED,
};

struct talk {
	struct wire *wire;			/* the caller's */
	const volatile sig_atomic_t *stop;	/* not 0: give up */
	bool numeric;				/* a lone "0" or "4" is a result code */
	char sent[600];				/* the last command */
	char kept[TALK_KEPT_MAX];
	size_t kept_len;
	char first[TALK_FIRST_MAX];		/* of what came since talk_forget */
	size_t first_len;
	uint64_t came, strange;			/* bytes since the last command; those of them that are no text */
	uint64_t heard;				/* bytes since talk_forget */
	bool call_ready, sms_ready;		/* a module's last words of a start have come; the caller clears them */
	struct err err;				/* after TALK_LOST */
};

void talk_init(struct talk *t, struct wire *wire, const volatile sig_atomic_t *stop);
/* Forget what was heard so far: the first bytes and how many there were. */
void talk_forget(struct talk *t);

/*
 * Send a command line and CR, and wait for its result code, at most within_us.  What came before counts as nothing.  With echo
 * set the result code counts only behind the command's own echo, so that a late answer to an earlier command does not.
 */
enum talk_result talk_command(struct talk *t, const char *line, bool echo, uint64_t within_us);
/* The information text of the last answer, fit to be shown; empty: none. */
void talk_info(const struct talk *t, char into[TALK_INFO_MAX]);
/* Listen until nothing has come for quiet_us, at most within_us.  NOTHING: it is quiet, FLOOD: it never was, LOST, STOPPED. */
enum talk_result talk_drain(struct talk *t, uint64_t quiet_us, uint64_t within_us);
/* Listen until a module that starts has said its last words, or nothing has come for quiet_us; as talk_drain. */
enum talk_result talk_boot(struct talk *t, uint64_t quiet_us, uint64_t within_us);
/* Send n carriage returns, listening between.  NOTHING: done, TEXT: something came, and it stopped there, LOST, STOPPED. */
enum talk_result talk_fill(struct talk *t, size_t n, uint64_t until_us);
/* Let time pass.  STOPPED, or NOTHING. */
enum talk_result talk_pause(struct talk *t, uint64_t us);
uint64_t talk_now(const struct talk *t);
bool talk_stopped(const struct talk *t);

#endif
