/*
 * at_meaning: what one line means, given what is pending.  at_reply's other half, and private to it.
 *
 * It looks and changes nothing: what follows from a meaning is at_reply's business.
 */
#ifndef AT_MEANING_H
#define AT_MEANING_H

#include "at_reply.h"

/* Longest payload that a module gives at a time (manual 11.2: the HTTP buffer; 12.2: one FTP read). */
#define AT_HTTP_DATA_MAX 319488
#define AT_FTP_DATA_MAX 1460

struct at_meaning {
	enum at_reply_kind kind;	/* never MORE or PAYLOAD */
	bool noise;			/* FAULT: the line means nothing, so that it joins a run */
	bool by_free;			/* INFO: only because the pending command answers with free text */
	enum at_final final;
	int cme;
	uint64_t payload;		/* so many bytes of payload follow */
	const char *why;		/* FAULT */
};

/* bare_cr: the line ended at a CR that may stand alone, as the digits of ATV0 do. */
struct at_meaning at_meaning_of(const struct at_reply_parser *p, struct span line, bool bare_cr);

/* The same for a line without control bytes that is no echo, whose stem has that row (NULL: none). */
struct at_meaning at_meaning_of_row(const struct at_reply_parser *p, struct span line, const struct at_command_facts *row, bool bare_cr);

/* No control bytes but the tab: others do not occur in a line. */
bool at_meaning_printable(struct span line);

#endif
