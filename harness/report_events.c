#include <jansson.h>
#include <stdlib.h>

#include "report_events.h"

/* What a reply is called. */
static const char *
kind_name(enum at_reply_kind kind)
{
	switch (kind) {
	case AT_REPLY_MORE: return "more";
	case AT_REPLY_ECHO: return "echo";
	case AT_REPLY_INFO: return "info";
	case AT_REPLY_FINAL: return "final";
	case AT_REPLY_URC: return "urc";
	case AT_REPLY_PROMPT: return "prompt";
	case AT_REPLY_PAYLOAD: return "payload";
	case AT_REPLY_FAULT: return "fault";
	}
	return "fault";
}

/* Bytes as text that is JSON's, a terminal's and an editor's friend: never longer than four times as many. */
static size_t
write_text(char *into, struct span bytes)
{
	static const char hex[] = "0123456789abcdef";
	char *at = into;

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.at[i];

		if (c >= 0x20 && c < 0x7f) {
			*at++ = (char)c;
			continue;
		}
		*at++ = '\\';
		*at++ = 'x';
		*at++ = hex[c >> 4];
		*at++ = hex[c & 15];
	}
	return (size_t)(at - into);
}

int
report_event(FILE *to, struct span input, const struct at_reply *r, struct err *e)
{
	struct span bytes = span_of(input.at + r->offset, (size_t)r->length);
	char *text = malloc(4 * bytes.len + 1);
	json_t *event = NULL;
	int status = -1;

	if (text != NULL)
		event = json_pack("{s:s, s:s%, s:I, s:I}", "kind", kind_name(r->kind), "text", text, write_text(text, bytes), "offset",
		    (json_int_t)r->offset, "length", (json_int_t)r->length);
	if (event == NULL)
		err_set(e, EXIT_INTERNAL, "an event of %zu bytes: out of memory", bytes.len);
	else if (json_dumpf(event, to, 0) != 0 || putc('\n', to) == EOF)
		err_errno(e, EXIT_RIG, "cannot write events");
	else
		status = 0;
	json_decref(event);
	free(text);
	return status;
}
