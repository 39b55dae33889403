#include "stop.h"

#include <stddef.h>

volatile sig_atomic_t stop_signal;

static void
on_signal(int number)
{
	stop_signal = number;
}

void
stop_on_signals(void)
{
	struct sigaction note = { .sa_handler = on_signal }, before;

	stop_signal = 0;
	sigaction(SIGINT, &note, NULL);
	sigaction(SIGTERM, &note, NULL);
	if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &note, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}
