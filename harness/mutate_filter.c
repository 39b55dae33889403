/* mutate_filter: spoil what a row has said, in the bytes that wait to leave. */
#include "mutate_tables.h"

#define LINES_MAX 24

struct said {
	struct span line[LINES_MAX]; /* in m->out, without its frame; the last one is the result code */
	int lines;
};

static struct said
said_from(const struct modem *m, uint32_t mark)
{
	struct said s = { .lines = 0 };
	uint32_t from = mark;

	for (uint32_t i = mark; i <= m->out_len && s.lines < LINES_MAX; i++) {
		if (i < m->out_len && m->out[i] != '\r' && m->out[i] != '\n')
			continue;
		if (i > from)
			s.line[s.lines++] = span_of(m->out + from, i - from);
		from = i + 1;
	}
	return s;
}

/* gone bytes of what is said at at are in instead. */
void
filter_replace(struct modem *m, uint32_t at, uint32_t gone, struct span in)
{
	char text[MODEM_LINE_MAX];

	if (in.len > sizeof(text) || m->out_len + in.len > MODEM_OUT_MAX)
		return;
	memcpy(text, in.at, in.len);
	memmove(m->out + at + in.len, m->out + at + gone, m->out_len - at - gone);
	memcpy(m->out + at, text, in.len);
	m->out_len += (uint32_t)in.len - gone;
	if (m->payload.len > 0 && m->payload_at >= at + gone)
		m->payload_at += (uint32_t)in.len - gone;
	hook.applied++;
}

static uint32_t
at_of(const struct modem *m, struct span line)
{
	return (uint32_t)(line.at - m->out);
}

static void
frame_off(struct modem *m, uint32_t mark, int how)
{
	if (how == 0 && m->out_len - mark >= 2 && m->out[mark] == '\r')
		filter_replace(m, mark, 2, SPAN(""));
	else if (how == 1 && m->out_len - mark >= 2 && m->out[m->out_len - 2] == '\r')
		filter_replace(m, m->out_len - 2, 2, SPAN("\n"));
	else if (how == 2)
		filter_replace(m, mark, 0, SPAN("\r\n"));
}

static void
final_other(struct modem *m, struct span final)
{
	if (span_equal(final, SPAN("OK")))
		filter_replace(m, at_of(m, final), 2, SPAN("ERROR"));
	else if (span_equal(final, SPAN("ERROR")) || span_starts(final, SPAN("+CME ERROR:")))
		filter_replace(m, at_of(m, final), (uint32_t) final.len, SPAN("OK"));
}

/* The k-th number of the information text, by value more. */
static void
number_other(struct modem *m, const struct said *s, int k, int64_t by)
{
	for (int i = 0; i + 1 < s->lines; i++) {
		struct span l = s->line[i];

		for (size_t c = 0; c < l.len;) {
			size_t n = 0;
			int64_t value = 0;
			char digits[24];

			while (c + n < l.len && n < 18 && l.at[c + n] >= '0' && l.at[c + n] <= '9')
				value = value * 10 + (l.at[c + n++] - '0');
			if (n > 0 && k-- == 0) {
				value += by;
				filter_replace(m, at_of(m, l) + (uint32_t)c, (uint32_t)n,
				    value < 0 ? SPAN("-1") : span_of(digits, number_write(value, digits, 24)));
				return;
			}
			c += n > 0 ? n : 1;
		}
	}
}

static void
line_twice(struct modem *m, struct span line)
{
	char text[MODEM_LINE_MAX] = "\r\n";
	uint32_t behind = at_of(m, line) + (uint32_t)line.len + 2;

	if (line.len + 4 > sizeof(text) || behind > m->out_len)
		return;
	memcpy(text + 2, line.at, line.len);
	memcpy(text + 2 + line.len, "\r\n", 2);
	filter_replace(m, behind, 0, span_of(text, line.len + 4));
}

static void
line_gone(struct modem *m, uint32_t mark, struct span line)
{
	uint32_t at = at_of(m, line), end = at + (uint32_t)line.len;

	if (end + 2 <= m->out_len)
		end += 2;
	if (at >= mark + 2 && (at == mark + 2 || (at >= mark + 4 && m->out[at - 4] == '\r')))
		at -= 2;
	filter_replace(m, at, end - at, SPAN(""));
}

/* The first line goes behind the second one. */
static void
lines_swapped(struct modem *m, const struct said *s)
{
	char first[MODEM_LINE_MAX], second[MODEM_LINE_MAX];
	struct span a, b;

	if (s->lines != 2 || s->line[0].len > sizeof(first) || s->line[1].len > sizeof(second))
		return;
	a = span_of(first, span_write(s->line[0], first, sizeof(first)));
	b = span_of(second, span_write(s->line[1], second, sizeof(second)));
	filter_replace(m, at_of(m, s->line[1]), (uint32_t)s->line[1].len, a);
	filter_replace(m, at_of(m, s->line[0]), (uint32_t)s->line[0].len, b);
}

static void
name_other(struct modem *m, struct span line)
{
	size_t n = 0;

	while (n < line.len && line.at[n] != ':')
		n++;
	m->out[at_of(m, line) + n - 1] ^= 1;
	hook.applied++;
}

static void
blank_gone(struct modem *m, struct span line)
{
	const char *blank = memchr(line.at, ' ', line.len);

	if (blank != NULL)
		filter_replace(m, (uint32_t)(blank - m->out), 1, SPAN(""));
}

void
filter_answer(struct modem *m, uint32_t mark)
{
	const struct deviation *d = hook.d;
	struct said s = said_from(m, mark);
	int item = d->kind == ROW_RULE ? d->item % 16 : d->item;
	bool info = s.lines > 1;

	if (s.lines == 0 || m->out_len < mark)
		return;
	switch ((int)d->op) {
	case OP_ANSWER_GONE:
		if (item < s.lines)
			line_gone(m, mark, s.line[item]);
		break;
	case OP_ANSWER_TWICE:
		if (d->kind == ROW_RULE)
			line_twice(m, s.line[s.lines - 1]);
		else if (item < s.lines)
			line_twice(m, s.line[item]);
		break;
	case OP_ANSWER_MOVED: lines_swapped(m, &s); break;
	case OP_FINAL_OTHER: final_other(m, s.line[s.lines - 1]); break;
	case OP_FIELD_OTHER: number_other(m, &s, item, d->value); break;
	case OP_NAME_OTHER:
		if (info)
			name_other(m, s.line[0]);
		break;
	case OP_BLANK_GONE:
		if (info)
			blank_gone(m, s.line[0]);
		break;
	case OP_FRAME_OFF: frame_off(m, mark, item); break;
	case OP_URC_INSIDE:
		if (info)
			filter_replace(m, at_of(m, s.line[0]) + (uint32_t)s.line[0].len / 2, 0, SPAN("\r\n+CREG: 1\r\n"));
		break;
	}
}

/* The echo of the line at hand, which waits to leave in front of its answer. */
void
filter_echo(struct modem *m)
{
	if (m->echo_len < 2 || m->out_len < m->echo_len + 1 || memcmp(m->out, m->echo, m->echo_len) != 0 || m->out[m->echo_len] != '\r')
		return;
	if (hook.d->item == 0)
		filter_replace(m, 0, m->echo_len + 1, SPAN(""));
	else if (hook.d->item == 1)
		filter_replace(m, m->echo_len + 1, 0, SPAN("\n"));
	else
		filter_replace(m, m->echo_len - 1, 1, SPAN("~"));
}
