/* What lines may come at any moment and what must never come: the language's own lists, and the case's. */
#include "at_codes.h"
#include "run_internal.h"

/* What may come at any moment, and what means that the module restarted: the beginnings of such lines. */
static const char *const allowed_always[] = {
	"+CREG: ",
	"+CGREG: ",
	"+CLIP: ",
	"+CMTI: ",
	"+CUSD: ",
	"+CSQN: ",
	"+CIEV: ",
	"*PSUTTZ: ",
	"*PSNWID: ",
	"DST: ",
	"+CTZV: ",
	"UNDER-VOLTAGE WARN",
	"OVER-VOLTAGE WARN",
	NULL,
};
static const char *const allowed_whole[] = { "RING", "Call Ready", "SMS Ready", NULL };
static const char *const never_always[] = { "+CFUN: ", NULL };
static const char *const never_whole[] = { "RDY", "NORMAL POWER DOWN", "UNDER-VOLTAGE POWER DOWN", "OVER-VOLTAGE POWER DOWN", NULL };

static bool
listed(struct span line, const char *const *starts, const char *const *whole)
{
	for (; *starts != NULL; starts++)
		if (span_starts(line, span_str(*starts)))
			return true;
	for (; *whole != NULL; whole++)
		if (span_equal(line, span_str(*whole)))
			return true;
	return false;
}

bool
run_is_line(const struct event *e)
{
	switch (e->reply.kind) {
	case AT_REPLY_INFO:
	case AT_REPLY_FINAL:
	case AT_REPLY_URC:
	case AT_REPLY_PROMPT: return true;
	case AT_REPLY_FAULT:
		for (size_t i = 0; i < e->reply.text.len; i++)
			if (e->reply.text.at[i] < 0x20 || e->reply.text.at[i] == 0x7f)
				return false;
		return strcmp(e->reply.why, RUN_STRAY_WHY) == 0;
	case AT_REPLY_MORE:
	case AT_REPLY_ECHO:
	case AT_REPLY_PAYLOAD: break;
	}
	return false;
}

/* A text that begins with a hole asks for information text: no result code is meant. */
static bool
begins_open(const struct text *t)
{
	return !t->any_error && t->count > 0 && t->part[0].kind != HOLE_LITERAL && t->part[0].kind != HOLE_VALUE;
}

/* It is no information text, whatever else the case says: a result code, or what comes by itself at any moment or never. */
static bool
is_of_its_own(const struct event *e)
{
	return e->reply.kind == AT_REPLY_FINAL || (e->reply.kind == AT_REPLY_URC && (listed(e->reply.text, allowed_always, allowed_whole) ||
											listed(e->reply.text, never_always, never_whole)));
}

/* Which of n texts the held line is, or -1.  open: a text that begins with a hole takes any line. */
static int
match_one(struct runner *r, const struct text *texts, int n, bool open, const char **bad)
{
	const struct event *e = &r->stream.event;

	*bad = NULL;
	if (!run_is_line(e))
		return -1;
	for (int i = 0; i < n; i++) {
		if (!open && is_of_its_own(e) && begins_open(&texts[i]))
			continue;
		if (match_line(&texts[i], e->reply.text, &r->values, &r->match))
			return i;
		if (r->match.why != NULL && *bad == NULL)
			*bad = r->match.why;
	}
	return -1;
}

int
run_match(struct runner *r, const struct text *texts, int n, const char **bad)
{
	return match_one(r, texts, n, false, bad);
}

/* The line belongs to the pending command: it begins with the command's own name and a colon. */
static bool
is_own_answer(const struct runner *r, struct span line)
{
	struct span rest = span_of(r->command, r->command_len);

	while (r->pending && rest.len > 0) {
		const struct at_command_facts *f = at_command_of(rest, &rest);
		size_t n;

		if (f == NULL)
			return false;
		n = strlen(f->name);
		if (line.len > n && memcmp(line.at, f->name, n) == 0 && line.at[n] == ':')
			return true;
	}
	return false;
}

/* It came by itself. */
static bool
is_unsolicited(const struct runner *r, const struct event *e)
{
	if (!run_is_line(e))
		return false;
	switch (e->reply.kind) {
	case AT_REPLY_URC:
	case AT_REPLY_FAULT: return true;
	case AT_REPLY_INFO: return !is_own_answer(r, e->reply.text);
	case AT_REPLY_FINAL: return e->reply.final == AT_FINAL_POWER_DOWN;
	case AT_REPLY_MORE:
	case AT_REPLY_ECHO:
	case AT_REPLY_PROMPT:
	case AT_REPLY_PAYLOAD: break;
	}
	return false;
}

static bool
in_list(struct runner *r, const struct text *const *list, int n)
{
	const char *bad;

	for (int i = 0; i < n; i++)
		if (match_one(r, list[i], 1, r->stream.event.reply.kind != AT_REPLY_FINAL, &bad) >= 0)
			return true;
	return false;
}

/* The bytes a module sends while it starts: 00 49 49 49 49 FF FF FF FF (manual, introduction). */
static bool
is_startup(const struct event *e)
{
	if (e->reply.kind != AT_REPLY_FAULT || e->reply.text.len < 2 || strcmp(e->reply.why, RUN_STRAY_WHY) != 0)
		return false;
	for (size_t i = 0; i < e->reply.text.len; i++) {
		unsigned char c = (unsigned char)e->reply.text.at[i];

		if (c != 0x00 && c != 0x49 && c != 0xff)
			return false;
	}
	return e->reply.text.at[0] == 0x00 && memchr(e->reply.text.at, 0x49, e->reply.text.len) != NULL;
}

/* The case's own lists go first, so that it can allow what never comes otherwise, and the other way round. */
bool
run_is_allowed(struct runner *r)
{
	const struct event *e = &r->stream.event;

	if (is_startup(e))
		return r->restarting;
	if (!is_unsolicited(r, e) || in_list(r, r->never, r->nevers))
		return false;
	return in_list(r, r->allow, r->allows) || listed(e->reply.text, allowed_always, allowed_whole);
}

bool
run_is_never(struct runner *r, bool *forbidden)
{
	const struct event *e = &r->stream.event;

	*forbidden = is_unsolicited(r, e) && in_list(r, r->never, r->nevers);
	if (*forbidden || (is_startup(e) && !r->restarting))
		return true;
	return is_unsolicited(r, e) && listed(e->reply.text, never_always, never_whole);
}
