#include "at_noise.h"

/* Keep what fits of bytes that stand at offset of the stream, as part of the run. */
static void
noise_keep(struct at_noise *noise, uint64_t offset, const char *bytes, size_t n)
{
	uint64_t at = offset - noise->offset;

	if (at >= AT_LINE_MAX)
		return;
	if (n > AT_LINE_MAX - at)
		n = (size_t)(AT_LINE_MAX - at);
	memcpy(noise->text + at, bytes, n);
}

void
at_noise_add(struct at_noise *noise, uint64_t offset, struct span text, uint64_t length)
{
	if (!noise->open)
		noise->offset = offset;
	noise->open = true;
	noise_keep(noise, offset, text.at, text.len);
	noise->end = offset + length;
}

void
at_noise_break(struct at_noise *noise, const struct at_token *t)
{
	uint64_t at = t->offset + t->length;

	for (uint64_t i = 0; i < t->cr && at - noise->offset < AT_LINE_MAX; i++)
		noise_keep(noise, at++, "\r", 1);
	if (t->lf)
		noise_keep(noise, t->offset + t->length + t->cr, "\n", 1);
}

struct span
at_noise_text(const struct at_noise *noise)
{
	uint64_t n = noise->end - noise->offset;

	return span_of(noise->text, n < AT_LINE_MAX ? (size_t)n : AT_LINE_MAX);
}
