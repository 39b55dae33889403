/*
 * reference_parts: what the files of the reference parser share.
 *
 *	reference.c		the stream: which event follows which
 *	reference_line.c	where a line ends
 *	reference_command.c	what a command line asks for
 *	reference_meaning.c	what a line means
 */
#ifndef REFERENCE_PARTS_H
#define REFERENCE_PARTS_H

#include "quiet.h"
#include "reference.h"

/* A command that is pending. */
struct reference_command {
	struct span name;
	bool test;	/* AT+X=? */
	bool free;	/* answers with free text, too */
};

/* What the host and the module did, as far as it counts for the next line. */
struct reference {
	struct span said;
	enum at_mode mode;
	const struct host *host;
	struct host_done done;

	bool verbose, pending, told;
	struct span sent;	/* the last command line */
	struct span stray;	/* sent, but no command: its echo may come */
	int commands_len;
	struct reference_command commands[AT_PENDING_MAX];

	bool head;		/* strict: <CR><LF> stands before the next line */
	enum at_reply_kind previous;
	bool noise;		/* a run of noise is open */
	uint64_t noise_from, noise_to;

	struct reference_event *events;
	size_t events_len;
};

/* ---- reference_line.c */

struct reference_line {
	enum { REFERENCE_NOTHING, REFERENCE_LINE, REFERENCE_CUT } what;
	uint64_t offset, length;
	uint64_t cr;		/* CRs behind it */
	bool lf;
	uint64_t settled;	/* the byte that settled where the line ends: acts placed up to there were done before */
	uint64_t next;		/* where the next line begins */
};

/* The line that begins at offset.  It does the acts placed in it, since they tell which CR ends it. */
struct reference_line reference_cut(struct reference *r, uint64_t offset);

/* The host's acts: those placed at or before that byte, and those whose turn it is. */
void reference_placed(struct reference *r, uint64_t said);
void reference_turn(struct reference *r);

/* Bytes at the front of a line that are no text. */
size_t reference_junk(struct span line);

/* The looks of an echo: AT, or A/ alone. */
bool reference_looks_echoed(struct span line);

/* ---- reference_command.c */

/* Such a line was sent (or is echoed, so that it must have been). */
void reference_pend(struct reference *r, struct span line);

/* An echo came. */
void reference_echoed(struct reference *r, struct span line);

/* Whether line asks for a command that the table knows. */
bool reference_known(struct span name);

/* ---- reference_meaning.c */

struct reference_meaning {
	enum at_reply_kind kind;
	bool noise;
	bool by_free;
	enum at_final final;
	int cme;
	uint64_t payload;
	const char *why;
};

struct reference_meaning reference_mean(const struct reference *r, struct span line, bool bare_cr);

/* A line that is a URC by itself: always, or unless the command of that name is pending. */
bool reference_urc(struct span line, bool always);

/* No control bytes but the tab. */
bool reference_printable(struct span line);

/* The line is one of the digits of ATV0 that end a command. */
enum at_final reference_digit(struct span line);

/* ---- plain strings */

QUIET_BEGIN

static inline char
reference_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* s is text, to the byte. */
static inline bool
reference_is(struct span s, const char *text)
{
	for (size_t i = 0; i < s.len; i++)
		if (text[i] == '\0' || text[i] != s.at[i])
			return false;
	return text[s.len] == '\0';
}

/* s is text in any case. */
static inline bool
reference_is_nocase(struct span s, const char *text)
{
	for (size_t i = 0; i < s.len; i++)
		if (text[i] == '\0' || reference_lower(text[i]) != reference_lower(s.at[i]))
			return false;
	return text[s.len] == '\0';
}

/* s begins with text. */
static inline bool
reference_begins(struct span s, const char *text)
{
	for (size_t i = 0; text[i] != '\0'; i++)
		if (i >= s.len || s.at[i] != text[i])
			return false;
	return true;
}

static inline bool
reference_same(struct span a, struct span b, bool nocase)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (a.at[i] != b.at[i] && !(nocase && reference_lower(a.at[i]) == reference_lower(b.at[i])))
			return false;
	return true;
}

static inline bool
reference_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
reference_is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static inline struct span
reference_unblank(struct span s)
{
	while (s.len > 0 && s.at[0] == ' ')
		s = span_after(s, 1);
	return s;
}

QUIET_END

#endif
