#include "at_noise.h"

void
at_noise_keep(struct at_noise *noise, uint64_t offset, struct span bytes)
{
	uint64_t at = offset - noise->offset;

	if (at < AT_LINE_MAX)
		memcpy(noise->text + at, bytes.at, span_first(bytes, (size_t)(AT_LINE_MAX - at)).len);
}

void
at_noise_add(struct at_noise *noise, uint64_t offset, struct span text, uint64_t length)
{
	if (!noise->open)
		noise->offset = offset;
	noise->open = true;
	at_noise_keep(noise, offset, text);
	noise->end = offset + length;
}

void
at_noise_break(struct at_noise *noise, const struct at_token *t)
{
	uint64_t at = t->offset + t->length;

	for (uint64_t i = 0; i < t->cr && at - noise->offset < AT_LINE_MAX; i++)
		at_noise_keep(noise, at++, SPAN("\r"));
	if (t->lf)
		at_noise_keep(noise, t->offset + t->length + t->cr, SPAN("\n"));
}

struct span
at_noise_text(const struct at_noise *noise)
{
	uint64_t n = noise->end - noise->offset;

	return span_of(noise->text, n < AT_LINE_MAX ? (size_t)n : AT_LINE_MAX);
}
