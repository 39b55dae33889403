#include "host.h"
#include "quiet.h"

QUIET_BEGIN

/* Digits at the front of text as a number, at most UINT32_MAX; 0 and nothing taken where there are none. */
static uint64_t
take_number(struct span *text)
{
	uint64_t n = 0;

	while (text->len > 0 && text->at[0] >= '0' && text->at[0] <= '9') {
		n = n * 10 + (uint64_t)(text->at[0] - '0');
		if (n > UINT32_MAX)
			n = UINT32_MAX;
		*text = span_after(*text, 1);
	}
	return n;
}

void
host_add(struct host *h, struct span line)
{
	struct host_act *act = &h->acts[h->count++];

	*act = (struct host_act){ .what = HOST_SENDS };
	if (line.len >= 2 && line.at[0] == '@' && line.at[1] >= '0' && line.at[1] <= '9') {
		line = span_after(line, 1);
		act->placed = true;
		act->at = take_number(&line);
		if (line.len > 0 && line.at[0] == ' ')
			line = span_after(line, 1);
	}
	if (span_starts(line, SPAN("!verbose "))) {
		act->what = HOST_VERBOSE;
		act->verbose = line.len > 9 && line.at[9] == '1';
	}
	act->text = line;
}

struct span
host_read(struct host *h, struct span input)
{
	h->count = 0;
	while (h->count < HOST_ACTS_MAX && input.len >= 2 && input.at[0] == '>' && input.at[1] == ' ') {
		const char *lf = memchr(input.at, '\n', input.len);
		size_t n;

		if (lf == NULL)
			break;
		n = (size_t)(lf - input.at);
		host_add(h, span_of(input.at + 2, n - 2));
		input = span_after(input, n + 1);
	}
	return input;
}

const struct host_act *
host_turn(const struct host *h, struct host_done *done)
{
	while (done->turn < h->count) {
		const struct host_act *act = &h->acts[done->turn++];

		if (!act->placed)
			return act;
	}
	return NULL;
}

/* The next placed act, not taken. */
static const struct host_act *
next_placed(const struct host *h, int *at)
{
	while (*at < h->count && !h->acts[*at].placed)
		(*at)++;
	return *at < h->count ? &h->acts[*at] : NULL;
}

const struct host_act *
host_placed(const struct host *h, struct host_done *done, uint64_t said)
{
	const struct host_act *act = next_placed(h, &done->placed);

	if (act == NULL || act->at > said)
		return NULL;
	done->placed++;
	return act;
}

uint64_t
host_next_place(const struct host *h, const struct host_done *done, uint64_t at)
{
	int i = done->placed;
	const struct host_act *act = next_placed(h, &i);

	if (act == NULL)
		return UINT64_MAX;
	return act->at > at ? act->at : at;
}

QUIET_END
