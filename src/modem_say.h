/*
 * modem_say: how rules and handlers make the module speak.
 *
 *	rules, handlers --> modem_say --> at_out (framing, ATV, ATQ, CMEE) --> modem_pull
 *
 * An answer (echo, information text, payload, final) is collected and leaves in one
 * burst, answer-latency after its command line was complete.  A URC is queued behind it and leaves when
 * the line has been free for the URC gap.
 */
#ifndef MODEM_SAY_H
#define MODEM_SAY_H

#include "modem_table.h"

/* Everything a say item can say; slots in text are filled in.  What rules use; handlers may, too. */
void modem_say(struct modem *m, const struct say *s);

/* Short forms for handlers.  text holds slots, or is printed as it is by modem_info_span. */
void modem_info(struct modem *m, const char *text);
void modem_info_span(struct modem *m, struct span line);
/* Information text with numbers and strings of the handler's own: printf for one line of at most 600 bytes. */
void modem_infof(struct modem *m, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A further line of the information text before it: only one CRLF is between them, as AT+GSV shows (manual 2.2). */
void modem_listf(struct modem *m, const char *format, ...) __attribute__((format(printf, 2, 3)));
void modem_ok(struct modem *m);
/* ERROR, +CME ERROR: n, or its text, by +CMEE; also stops the rest of the command line.  Below 0: ERROR whatever +CMEE says. */
void modem_fail(struct modem *m, int cme);
/* The same for a parameter out of range: the number that the switch range-error names. */
void modem_fail_range(struct modem *m);
void modem_urcf(struct modem *m, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Drop URCs that have not left yet and begin with prefix ("+FTPPUT: 1,1"). */
void modem_urc_cancel(struct modem *m, struct span prefix);

/*
 * Take the next n bytes the host sends as data instead of commands, not echoed: they are handed to take in order, piece by
 * piece; when n are in, or limit_ms after the prompt (manual 11.2.4: the time for all of them), done is called (complete tells which).
 * Input that was waiting when the prompt leaves is discarded (the LF behind the command's CR).
 */
void modem_take_data(struct modem *m, uint32_t n, uint32_t limit_ms,
    void (*take)(struct modem *, struct span), void (*done)(struct modem *, bool complete));

/* Arm a timer for delay_ms from now; it comes back as its event.  Arming again moves it. */
void modem_arm(struct modem *m, uint8_t timer, uint64_t delay_ms);
void modem_disarm(struct modem *m, uint8_t timer);

/* A line moves when what was said before it has left. */
void modem_line(struct modem *m, enum line_move move);

/* Whether the profile of m is one of those (PROFILE_ bits). */
bool modem_is(const struct modem *m, uint32_t profiles);

#endif
