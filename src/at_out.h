/*
 * at_out: give what a module says its frame.
 *
 *	text, result codes --> at_out --> bytes
 *
 * V.250 5.7.1: with ATV1 <CR><LF>text<CR><LF>; with ATV0 information text is text<CR><LF> and a result code its
 * digit and <CR>.  ATQ1 keeps result codes back, information text is still sent.
 */
#ifndef AT_OUT_H
#define AT_OUT_H

#include "at_codes.h"
#include "span.h"

struct at_style {
	bool verbose;		/* ATV1 */
	bool quiet;		/* ATQ1 */
	int cmee;		/* 0 ERROR, 1 number, 2 text */
	int engine;		/* first number of the command engine's errors: 600, or 810 (manuals up to V1.07) */
	bool colon_blank;	/* "+FTPGET: 1,1"; false: SIM900's "+FTPGET:1,1" */
};

/* Longest frame around a text. */
#define AT_OUT_FRAME 4

/* Frame text into into.  Return how many bytes, or -1: they do not fit in cap, nothing was written. */
long at_out_line(struct at_style style, struct span text, char *into, size_t cap);

/* A final result code.  cme: number for AT_FINAL_CME_ERROR, below 0 for a plain ERROR.  Return as above; 0 when it is kept back. */
long at_out_final(struct at_style style, enum at_final final, int cme, char *into, size_t cap);

#endif
