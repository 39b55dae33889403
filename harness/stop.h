/*
 * stop: the signal that asks the program to end, as a value to look at.
 */
#ifndef STOP_H
#define STOP_H

#include <signal.h>

/* Which signal came, or 0. */
extern volatile sig_atomic_t stop_signal;

/*
 * From now on SIGINT, SIGTERM and SIGHUP (unless it is ignored, as under nohup) end nothing: stop_signal holds the last of them.
 * A reader that went away and a file that may not grow are errors of a write, with a message, and no signals.
 */
void stop_on_signals(void);

#endif
