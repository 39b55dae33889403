/*
 * run_stream: what comes over a wire, as events of the strict parser or as the raw bytes themselves.
 *
 *	wire --> buffer --> at_reply --> events
 *	            '-----> raw bytes
 *
 * The parser is fed only when an event is wanted and stops at each, so that until then the bytes behind the last event can be
 * looked at as they are.  Memory is bounded: bytes that neither make an event nor are asked for end in STREAM_FLOOD.
 */
#ifndef RUN_STREAM_H
#define RUN_STREAM_H

#include <signal.h>

#include "at_reply.h"
#include "wire.h"

#define STREAM_BUFFER_MAX (1u << 20)	/* bytes kept that no event has ended yet */
#define STREAM_STEP_MAX (8u << 20)	/* bytes that may come during one step */
#define STREAM_GAP_US 20000		/* silence after which a line that means nothing is given as a fault of its own */
#define STREAM_CHUNKS_MAX 512		/* arrivals whose moment is remembered; more at once share one */

enum stream_result { STREAM_EVENT, STREAM_TIME, STREAM_FLOOD, STREAM_LOST, STREAM_STOPPED };

struct event {
	struct at_reply reply;
	struct wire_when when;	/* its last byte arrived */
};

struct stream {
	struct wire *wire;
	const volatile sig_atomic_t *stop;	/* not NULL and not 0: give up */
	char *bytes;
	size_t cap, mark, fed, end;		/* mark: behind the last event taken; fed: the parser's position */
	uint64_t base;				/* offset in the stream of bytes[0] */
	struct { uint64_t end; struct wire_when when; } chunk[STREAM_CHUNKS_MAX];
	int first_chunk, chunks;
	uint64_t step_bytes;
	struct at_reply_parser parser;
	struct event event;			/* held is set: found and not taken */
	bool held;
	struct err err;				/* after STREAM_LOST */
};

int stream_init(struct stream *s, struct wire *w);
void stream_free(struct stream *s);
/* Forget all bytes and what is pending.  The wire is not asked. */
void stream_reset(struct stream *s, enum at_mode mode);
/* A step begins: the limit of its bytes counts from here. */
void stream_step(struct stream *s);
uint64_t stream_now(const struct stream *s);
/* The next event, in s->event until stream_take, or until_us has come.  What arrived by then is always looked at first. */
enum stream_result stream_event(struct stream *s, uint64_t until_us);
void stream_take(struct stream *s);
/* Whether the parser has one more to say of the bytes it took already (a framing fault beside a line); held then. */
bool stream_queued(struct stream *s);
/* Let time pass; what comes is kept. */
enum stream_result stream_wait(struct stream *s, uint64_t until_us);
/* Wait until n bytes behind the last event are there (STREAM_EVENT) or until_us. */
enum stream_result stream_raw(struct stream *s, size_t n, uint64_t until_us);
/* The bytes behind the last event taken: all that are there. */
struct span stream_bytes(const struct stream *s);
/* When the byte at index i of them arrived. */
struct wire_when stream_arrived(const struct stream *s, size_t i);
/* The parser sees n of them as well, but what it says of them is dropped. */
void stream_skip(struct stream *s, size_t n);

#endif
