/*
 * rig_parts: the rig's own struct and what rig_*.c share.  Nobody else includes it.
 */
#ifndef RIG_PARTS_H
#define RIG_PARTS_H

#include "rig.h"
#include "rig_talk.h"

#define RIG_ANSWER_US 1000000u		/* a module that is there answers AT by then; it may sleep, or look for the baud rate */
#define RIG_SILENT_US 10000000u		/* so long without a byte, asked every second: it does not answer any more */
#define RIG_COMMAND_US 5000000u		/* one that is to put something back */
#define RIG_SLICE_US 10000u		/* while the runner waits, the wire is looked at this often */
#define RIG_BOOT_US 60000000u		/* a module that was found so long ago is not starting any more */
#define RIG_INPUT_MAX 319488u		/* the longest input that a module waits for (AT+HTTPDATA, manual 11.2.4) */
#define RIG_BLOCK_MAX 1460u		/* and the longest of AT+FTPPUT=2 */

/* What a case may leave behind, and the rig knows how to put back. */
enum rig_touch {
	RIG_BASIC	= 1u << 0,	/* echo, form and presence of result codes, ... */
	RIG_GENERAL	= 1u << 1,	/* error numbers, URCs of the network, ... */
	RIG_RADIO	= 1u << 2,	/* +CFUN, +CGATT */
	RIG_HTTP	= 1u << 3,	/* the service is initialised */
	RIG_HTTP_SSL	= 1u << 4,
	RIG_FTP		= 1u << 5,	/* a session may be open */
	RIG_FTP_SET	= 1u << 6,
	RIG_FTP_EXT	= 1u << 7,	/* extended put, SSL */
	RIG_BEARER	= 1u << 8,	/* bearer 1 may be open; 2 and 3 are the next bits */
	RIG_BEARER_SET	= 1u << 11,	/* parameters of bearer 1; 2 and 3 are the next bits */
	RIG_STACK	= 1u << 14,	/* the TCP stack's own commands */
	RIG_RATE	= 1u << 15,	/* +IPR */
	RIG_RESTART	= 1u << 16,	/* it was told to restart, or did */
	RIG_UNSURE	= 1u << 17,	/* a case that did not pass: it may be in the middle of anything */
};
#define RIG_CIDS 3
#define RIG_EVERYTHING (RIG_RESTART - 1u - RIG_STACK - RIG_RATE)

/* What goes over the wire, read as lines, for what it leaves behind (rig_watch.c). */
struct rig_watch {
	char out[1024], in[256];	/* the line that is being sent, that is coming */
	size_t out_len, in_len;
	char last[1024];		/* the last command line, in capitals */
	unsigned touched;		/* RIG_ bits */
	uint32_t input;			/* bytes that the last command line asked to be allowed to send; 0: none */
	bool call_ready, sms_ready;	/* Call Ready and SMS Ready came in this case */
	bool supply;			/* the module said that its supply failed */
};

struct rig {
	struct wire wire;		/* first: what the runner is given */
	struct wire *inner;		/* owned */
	struct rig_options options;
	struct talk talk;
	struct rig_watch watch;
	char mode[8];			/* what AT+FTPMODE? said at the start; empty: nothing */
	char rate[16];			/* what AT+IPR? said at the start */
	uint64_t found_us;		/* when the module was found, or came back */
	uint64_t left_us;		/* when the wire was left to the runner */
	uint64_t quiet_us;		/* nothing was there by then */
	uint64_t gap_us, late_us;	/* in this case: as in struct wire_health, */
	uint64_t behind_us;		/* and since the last thing was sent */
	bool lost;			/* the wire is, and has not been opened again */
};

/* ---- rig_find.c ----------------------------------------------------------------- */

/* Make the module answer AT, whatever state it is in, until then.  -1: e says what came instead. */
int rig_search(struct rig *r, uint64_t until_us, struct err *e);
/* In the middle of a case: 1: it answers, 0: it does not any more, -1: lost or stopped. */
int rig_alive(struct rig *r, struct err *e);
/* Put into e what talk_command's r means where nothing else was to be expected. */
int rig_complain(struct rig *r, enum talk_result got, const char *line, struct err *e);

/* ---- rig_state.c ---------------------------------------------------------------- */

/* Put back what touched says.  The module answers.  -1: it did not any more. */
int rig_put_back(struct rig *r, unsigned touched, struct err *e);
/* What is put back to where it was, not to a known value. */
void rig_remember(struct rig *r);

/* ---- rig_identity.c --------------------------------------------------------------- */

void rig_identify(struct rig *r, struct rig_identity *out);

/* ---- rig_watch.c ------------------------------------------------------------------ */

void rig_watch_case(struct rig_watch *w);
void rig_watch_out(struct rig_watch *w, struct span bytes);
void rig_watch_in(struct rig_watch *w, struct span bytes);

/* ---- rig_back.c --------------------------------------------------------------------- */

/* Run command by sh -c, at most for some time, and say how it ended.  -1: a signal came. */
int rig_command(const char *command, const volatile sig_atomic_t *stop);

#endif
