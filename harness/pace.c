#include "pace.h"

/* Start bit, eight data bits, stop bit. */
#define BITS_A_BYTE 10u

void
pace_set(struct pace *p, uint32_t baud)
{
	p->byte_ns = baud == 0 ? 0 : (BITS_A_BYTE * 1000000000ull + baud / 2) / baud;
}

void
pace_put(struct pace *p, size_t queued, uint64_t now_us)
{
	uint64_t soonest_ns = now_us * 1000 + p->byte_ns;

	if ((queued == 0 || p->byte_ns == 0) && soonest_ns > p->next_ns)
		p->next_ns = soonest_ns;
}

uint64_t
pace_due(const struct pace *p)
{
	return (p->next_ns + 999) / 1000;
}

uint64_t
pace_last(const struct pace *p, size_t queued)
{
	return (p->next_ns + (queued - 1) * p->byte_ns + 999) / 1000;
}

size_t
pace_take(struct pace *p, size_t queued, uint64_t now_us)
{
	uint64_t now_ns = now_us * 1000, arrived = queued;

	if (queued == 0 || now_ns < p->next_ns)
		return 0;
	if (p->byte_ns > 0 && (now_ns - p->next_ns) / p->byte_ns < queued - 1)
		arrived = 1 + (now_ns - p->next_ns) / p->byte_ns;
	p->next_ns += arrived * p->byte_ns;
	return (size_t)arrived;
}
