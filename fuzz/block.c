#include "block.h"
#include "quiet.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define ADDRESS_SANITIZER
#endif

#ifdef ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, len) ((void)(at), (void)(len))
#define ASAN_UNPOISON_MEMORY_REGION(at, len) ((void)(at), (void)(len))
#endif

QUIET_BEGIN

/* What stands in a block that was let go: a byte that means nothing in any line. */
#define BLOCK_GONE '\x15'

/* The sanitizer knows the end of what may be touched to the byte, its beginning to eight. */
#define GRANULE 16

static _Alignas(GRANULE) char area[BLOCKS][GRANULE + BLOCK_MAX + GRANULE];
static size_t taken[BLOCKS];

/* Single bytes take turns, so that one that was let go is not at once another. */
#define BYTES 8

static _Alignas(GRANULE) char byte_area[(BYTES + 1) * GRANULE];
static size_t turn;
static bool prepared;

static void
prepare(void)
{
	prepared = true;
	memset(area, BLOCK_GONE, sizeof(area));
	memset(byte_area, BLOCK_GONE, sizeof(byte_area));
	ASAN_POISON_MEMORY_REGION(area, sizeof(area));
	ASAN_POISON_MEMORY_REGION(byte_area, sizeof(byte_area));
	for (size_t i = 0; i < BYTES; i++)
		ASAN_UNPOISON_MEMORY_REGION(byte_area + (i + 1) * GRANULE, 1);
}

struct span
block_take(enum block which, struct span bytes)
{
	char *block = area[which] + GRANULE;
	size_t n = bytes.len < BLOCK_MAX ? bytes.len : BLOCK_MAX;

	if (!prepared)
		prepare();
	block_drop(which);
	taken[which] = n;
	ASAN_UNPOISON_MEMORY_REGION(block, n);
	if (n > 0)
		memcpy(block, bytes.at, n);
	return span_of(block, n);
}

void
block_drop(enum block which)
{
	char *block = area[which] + GRANULE;

	if (taken[which] > 0)
		memset(block, BLOCK_GONE, taken[which]);
	ASAN_POISON_MEMORY_REGION(block, taken[which]);
	taken[which] = 0;
}

struct span
block_byte(char byte)
{
	if (!prepared)
		prepare();
	byte_area[(turn + 1) * GRANULE] = BLOCK_GONE;
	turn = (turn + 1) % BYTES;
	byte_area[(turn + 1) * GRANULE] = byte;
	return span_of(byte_area + (turn + 1) * GRANULE, 1);
}

QUIET_END
