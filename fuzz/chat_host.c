#include "chat_host.h"

#include <stdarg.h>
#include <stdio.h>

#include "at_fields.h"
#include "quiet.h"

QUIET_BEGIN

void
chat_host_begin(struct chat_host *h, struct chat_link *link)
{
	memset(h, 0, offsetof(struct chat_host, data));
	h->link = link;
	h->begin_us = link->now_us;
	at_reply_init(&h->parser, AT_LENIENT);
}

bool
chat_fails(struct chat_host *h, enum chat_verdict verdict, const char *why)
{
	if (h->verdict == CHAT_OK) {
		h->verdict = verdict;
		h->why = why;
	}
	return false;
}

/* ---- replies ------------------------------------------------------------------ */

/* The next reply, or false: the time is over. */
static bool
next_reply(struct chat_host *h, uint64_t until_us, struct at_reply *r)
{
	for (;;) {
		h->in_from += at_reply_feed(&h->parser, span_of(h->in + h->in_from, h->in_len - h->in_from), r);
		if (r->kind != AT_REPLY_MORE)
			return true;
		h->in_from = 0;
		h->in_len = chat_link_receive(h->link, h->in, sizeof(h->in), until_us);
		if (h->in_len == 0)
			return chat_fails(h, CHAT_TIME_OUT, "nothing came in time");
	}
}

static void
note(struct chat_host *h, struct span line)
{
	struct span name = at_prefix_of(line);
	struct chat_note *n = &h->note[h->notes];
	struct at_fields f;

	if (!at_begins(name, "+HTTP") && !at_begins(name, "+FTP"))
		return;
	if (h->notes == CHAT_NOTES_MAX || name.len == 0 || name.len >= sizeof(n->name) || !at_fields_open(&f, line, name))
		return;
	*n = (struct chat_note){ .count = 0 };
	memcpy(n->name, name.at, name.len);
	while (n->count < 3 && at_fields_number(&f, 0, UINT64_MAX, &n->number[n->count]))
		n->count++;
	if (n->count > 0)
		h->notes++;
}

/* What is no answer's end. */
static bool
take(struct chat_host *h, const struct at_reply *r, struct span sent)
{
	switch (r->kind) {
	case AT_REPLY_MORE:
	case AT_REPLY_FINAL: break;
	case AT_REPLY_ECHO:
		if (!span_equal(r->text, sent))
			return chat_fails(h, CHAT_ERROR, "the module got another command");
		h->echoed = true;
		break;
	case AT_REPLY_INFO:
	case AT_REPLY_PROMPT:
		h->info_len = r->text.len < sizeof(h->info) ? r->text.len : 0;
		memcpy(h->info, r->text.at, h->info_len);
		break;
	case AT_REPLY_URC: note(h, r->text); break;
	case AT_REPLY_PAYLOAD:
		if (r->text.len > CHAT_DATA_MAX - h->got)
			return chat_fails(h, CHAT_ERROR, "too much");
		memcpy(h->data + h->got, r->text.at, r->text.len);
		h->got += (uint32_t)r->text.len;
		break;
	case AT_REPLY_FAULT: return chat_fails(h, CHAT_ERROR, "the line is bad");
	}
	return true;
}

/* ---- commands -------------------------------------------------------------------- */

static uint64_t
deadline(const struct chat_host *h, uint32_t limit_ms)
{
	return h->link->now_us + (limit_ms + CHAT_PATIENCE_MS) * UINT64_C(1000);
}

/* Until OK, or a prompt when one is wanted; anything else is a verdict. */
static bool
hear(struct chat_host *h, struct span sent, uint64_t until_us, bool prompt)
{
	struct at_reply r;

	while (next_reply(h, until_us, &r)) {
		if (r.kind == AT_REPLY_FINAL) {
			h->refused = h->may_be_refused && h->echoed && r.final == AT_FINAL_ERROR;
			if (h->refused)
				return true;
			if (prompt || r.final != AT_FINAL_OK || !h->echoed)
				return chat_fails(h, CHAT_ERROR, "no OK, or not to this");
			return true;
		}
		if (!take(h, &r, sent))
			return false;
		if (r.kind == AT_REPLY_PROMPT)
			return prompt && h->echoed ? true : chat_fails(h, CHAT_ERROR, "a prompt that was not asked for");
	}
	return false;
}

static bool
start(struct chat_host *h, char line[600], size_t len)
{
	if (h->verdict != CHAT_OK)
		return false;
	if (++h->commands > CHAT_COMMANDS_MAX || h->link->now_us - h->begin_us > CHAT_TIME_MAX_US)
		return chat_fails(h, CHAT_TIME_OUT, "it takes too long");
	h->echoed = false;
	h->info_len = 0;
	at_reply_expect(&h->parser, span_of(line, len));
	line[len] = '\r';
	chat_link_send(h->link, span_of(line, len + 1));
	return true;
}

/* The command as printed into line; its length, or 0: too long. */
#define PRINT(line, len, format)                                                                                                           \
	do {                                                                                                                               \
		va_list values;                                                                                                            \
                                                                                                                                           \
		va_start(values, format);                                                                                                  \
		len = (size_t)vsnprintf(line, sizeof(line) - 1, format, values);                                                           \
		va_end(values);                                                                                                            \
		len = len < sizeof(line) - 1 ? len : 0;                                                                                    \
	} while (0)

bool
chat_command(struct chat_host *h, const char *format, ...)
{
	char line[600];
	size_t len;

	PRINT(line, len, format);
	return start(h, line, len) && hear(h, span_of(line, len), deadline(h, at_response_ms(span_of(line, len))), false);
}

bool
chat_ask(struct chat_host *h, const char *format, ...)
{
	char line[600];
	size_t len;

	PRINT(line, len, format);
	return start(h, line, len) && hear(h, span_of(line, len), deadline(h, at_response_ms(span_of(line, len))), true);
}

bool
chat_give(struct chat_host *h, struct span data, uint32_t limit_ms)
{
	chat_link_send(h->link, data);
	return hear(h, SPAN(""), deadline(h, limit_ms), false);
}

bool
chat_await(struct chat_host *h, const char *name, uint32_t limit_ms, struct chat_note *out)
{
	uint64_t until_us = deadline(h, limit_ms);
	struct at_reply r;

	while (h->verdict == CHAT_OK) {
		for (int i = 0; i < h->notes; i++) {
			if (strcmp(h->note[i].name, name) != 0)
				continue;
			*out = h->note[i];
			h->notes--;
			memmove(&h->note[i], &h->note[i + 1], (size_t)(h->notes - i) * sizeof(h->note[0]));
			return true;
		}
		if (!next_reply(h, until_us, &r))
			return false;
		if (r.kind == AT_REPLY_FINAL || r.kind == AT_REPLY_ECHO || r.kind == AT_REPLY_PROMPT)
			return chat_fails(h, CHAT_ERROR, "an answer to nothing");
		take(h, &r, SPAN(""));
	}
	return false;
}

bool
chat_info_is(struct chat_host *h, const char *name, int count, const uint64_t *numbers)
{
	struct at_fields f;
	bool same = at_fields_open(&f, span_of(h->info, h->info_len), span_str(name));
	uint64_t n;

	for (int i = 0; same && i < count; i++)
		same = at_fields_number(&f, 0, UINT64_MAX, &n) && n == numbers[i];
	return (same && at_fields_end(&f)) || chat_fails(h, CHAT_ERROR, "another information text than was asked for");
}

QUIET_END
