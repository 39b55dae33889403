/*
 * Both ends of RFC 2217: bytes that a peer may send, and two peers with each other.
 *
 * The first byte of an input says which end it is sent to and what that end has agreed to; the rest is what it is sent,
 * and the data of the way there and back.
 */
#include <stdlib.h>

#include "oracle.h"
#include "prng.h"
#include "rfc2217.h"
#include "target.h"

#define INPUT_MAX 4096

/* The first byte. */
enum { IS_SERVER = 1, AGREED = 2, NOT_BINARY = 4, SEED_SHIFT = 3 };

/* What came of an input: its data, its answers, and its events written down, each of which is at most as long. */
struct outcome {
	char data[INPUT_MAX];
	char answers[INPUT_MAX + RFC2217_SAY_MAX];
	char events[8 * INPUT_MAX];
	size_t data_len, answers_len, events_len;
};

static void
check_state(const struct rfc2217 *r)
{
	const struct telnet *t = &r->telnet;

	for (int end = 0; end < TELNET_ENDS; end++) {
		if (t->on[end] & t->asked[end])
			oracle_fail("state", "an option is on and asked for: %llx", (unsigned long long)(t->on[end] & t->asked[end]));
		if ((t->on[end] | t->asked[end]) & ~t->may[end])
			oracle_fail("state", "an option is on that is not agreed to");
	}
	if (t->sub_len > TELNET_SUB_MAX || r->say_len > RFC2217_SAY_MAX)
		oracle_fail("state", "more is kept than there is room for");
	if (telnet_is_on(t, TELNET_THEIRS, TELNET_BINARY) && t->after_cr)
		oracle_fail("state", "binary data has a CR to be completed");
}

/* The end that an input is sent to, as its first byte says. */
static void
begin(struct rfc2217 *r, uint8_t first)
{
	char opening[RFC2217_SAY_MAX];

	rfc2217_init(r, first & IS_SERVER ? RFC2217_SERVER : RFC2217_CLIENT);
	rfc2217_pull(r, opening, sizeof(opening));
	if (!(first & AGREED))
		return;
	for (int end = 0; end < TELNET_ENDS; end++) {
		r->telnet.on[end] |= r->telnet.asked[end];
		r->telnet.asked[end] = 0;
		if (first & NOT_BINARY)
			r->telnet.on[end] &= ~TELNET_BIT(TELNET_BINARY);
	}
}

static void
put(struct outcome *o, const void *bytes, size_t n)
{
	if (n > sizeof(o->events) - o->events_len)
		oracle_fail("events", "more events than an input has bytes for");
	memcpy(o->events + o->events_len, bytes, n);
	o->events_len += n;
}

static void
write_down(struct outcome *o, const struct rfc2217_event *event)
{
	const uint8_t head[] = { (uint8_t)event->kind, (uint8_t)event->command, event->option, (uint8_t)event->end,
		(uint8_t)event->change };

	switch (event->kind) {
	case RFC2217_MORE: return;
	case RFC2217_DATA:
		if (event->bytes.len == 0 || event->bytes.len > sizeof(o->data) - o->data_len)
			oracle_fail("data", "%zu bytes of data", event->bytes.len);
		memcpy(o->data + o->data_len, event->bytes.at, event->bytes.len);
		o->data_len += event->bytes.len;
		return;
	case RFC2217_EVENT:
		put(o, head, 2);
		put(o, &event->value, sizeof(event->value));
		if (event->command == RFC2217_SIGNATURE)
			put(o, event->bytes.at, event->bytes.len);
		return;
	case RFC2217_OPTION: put(o, head, sizeof(head)); return;
	case RFC2217_FAULT:
		if (event->why == NULL)
			oracle_fail("fault", "without a reason");
		put(o, event->why, 3);
		return;
	case RFC2217_BREAK:
	case RFC2217_ECHOED: put(o, head, 1); return;
	}
}

/* Feed one piece of an input, from a block of its own. */
static void
feed(struct rfc2217 *r, struct span bytes, struct outcome *o)
{
	char *block = malloc(bytes.len + (bytes.len == 0));
	struct span in = span_of(block, bytes.len);

	if (block == NULL)
		abort();
	if (bytes.len > 0)
		memcpy(block, bytes.at, bytes.len);
	while (in.len > 0) {
		struct rfc2217_event event;
		size_t taken = rfc2217_feed(r, in, &event);

		if (taken == 0 && event.kind == RFC2217_MORE)
			oracle_fail("progress", "nothing is taken, though there is room");
		in = span_after(in, taken);
		write_down(o, &event);
		check_state(r);
		o->answers_len += rfc2217_pull(r, o->answers + o->answers_len, sizeof(o->answers) - o->answers_len);
		if (r->say_len > 0)
			oracle_fail("answers", "more than the input is long");
	}
	free(block);
}

static void
same(const char *what, const char *a, size_t a_len, const char *b, size_t b_len)
{
	if (a_len != b_len || memcmp(a, b, a_len) != 0)
		oracle_fail("split", "%s: %zu and %zu bytes, or other ones, as it is cut", what, a_len, b_len);
}

/* However it is cut, the same comes of it, and no more is answered than was said. */
static void
check_split(uint8_t first, struct span stream)
{
	static struct outcome whole, cut;
	struct rfc2217 r;
	struct prng random;

	whole.data_len = whole.answers_len = whole.events_len = 0;
	begin(&r, first);
	feed(&r, stream, &whole);
	if (whole.answers_len > stream.len)
		oracle_fail("answers", "%zu bytes to %zu", whole.answers_len, stream.len);
	if (whole.data_len > stream.len)
		oracle_fail("data", "%zu bytes of %zu", whole.data_len, stream.len);
	prng_seed(&random, first);
	for (int way = 0; way < 2; way++) {
		struct span left = stream;

		cut.data_len = cut.answers_len = cut.events_len = 0;
		begin(&r, first);
		while (left.len > 0) {
			struct span piece = span_first(left, way == 0 ? 1 : 1 + prng_below(&random, 24));

			feed(&r, piece, &cut);
			left = span_after(left, piece.len);
		}
		same("data", whole.data, whole.data_len, cut.data, cut.data_len);
		same("answers", whole.answers, whole.answers_len, cut.answers, cut.answers_len);
		same("events", whole.events, whole.events_len, cut.events, cut.events_len);
	}
}

/* What may stand between any two bytes of data. */
static struct span
interruption(struct prng *random)
{
	static char endless[TELNET_SUB_MAX + 64];
	const struct span some[] = { SPAN("\xff\xf1"), SPAN("\xff\xf3"), SPAN("\xff\xfb\x18"), SPAN("\xff\xfe\x05"),
		SPAN("\xff\xfa\x2c\x6b\xff\xff\xff\xf0"), SPAN("\xff\xfa\x2c\x05\x08\xff\xf0"), SPAN("\xff\xfa\xff\xf0"),
		SPAN("\xff\xfa\x18\0\r\0\xff\xff\xff\xf0"), span_of(endless, sizeof(endless)) };

	if (endless[0] == '\0') {
		memcpy(endless, "\xff\xfa\x2c\x64", 4);
		memset(endless + 4, 'x', sizeof(endless) - 6);
		memcpy(endless + sizeof(endless) - 2, "\xff\xf0", 2);
	}
	return some[prng_below(random, sizeof(some) / sizeof(some[0]))];
}

/* Data that is encoded by one end is what the other reads, whatever else is said in between. */
static void
check_trip(uint8_t first, struct span data)
{
	static struct outcome o;
	static char line[2 * INPUT_MAX];
	struct rfc2217 from, to;
	struct prng random;
	struct span left = data;
	size_t len = 0;
	bool pair = false;

	begin(&from, AGREED | (first & (IS_SERVER | NOT_BINARY)));
	begin(&to, (uint8_t)(AGREED | ((first & (IS_SERVER | NOT_BINARY)) ^ IS_SERVER)));
	prng_seed(&random, first);
	while (left.len > 0) {
		size_t cap = 2 + prng_below(&random, 40), n = rfc2217_encode(&from, &left, line + len, cap);

		if (n == 0 || n > cap)
			oracle_fail("encode", "%zu bytes into %zu", n, cap);
		len += n;
	}
	o.data_len = o.answers_len = o.events_len = 0;
	for (size_t i = 0; i < len; i++) {
		if (!pair && prng_below(&random, 8) == 0) {
			feed(&to, interruption(&random), &o);
			o.answers_len = o.events_len = 0;
		}
		feed(&to, span_of(line + i, 1), &o);
		pair = !pair && (uint8_t)line[i] == TELNET_IAC;
	}
	if (o.data_len != data.len || (data.len > 0 && memcmp(o.data, data.at, data.len) != 0))
		oracle_fail("trip", "%zu bytes became %zu, or other ones", data.len, o.data_len);
}

/* One that was told anything at all, and one that was told nothing: they come to rest. */
static void
check_rest(uint8_t first, struct span stream)
{
	static struct outcome o;
	struct rfc2217 end[2];
	size_t said = 0;

	begin(&end[0], first);
	rfc2217_init(&end[1], first & IS_SERVER ? RFC2217_CLIENT : RFC2217_SERVER);
	o.data_len = o.answers_len = o.events_len = 0;
	feed(&end[0], stream, &o);
	for (int turn = 1;; turn ^= 1) {
		char bytes[sizeof(o.answers) + RFC2217_SAY_MAX];
		size_t n = o.answers_len;

		memcpy(bytes, o.answers, n);
		n += rfc2217_pull(&end[turn ^ 1], bytes + n, sizeof(bytes) - n);
		said += n;
		if (n == 0 && end[turn].say_len == 0)
			break;
		if (said > 4 * (stream.len + 2 * RFC2217_SAY_MAX + 2 * TELNET_ANSWER_MAX * TELNET_AGREED_MAX))
			oracle_fail("rest", "%zu bytes of negotiation follow %zu, and no end", said, stream.len);
		o.data_len = o.answers_len = o.events_len = 0;
		feed(&end[turn], span_of(bytes, n), &o);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span stream;

	if (size < 1 || size > INPUT_MAX)
		return 0;
	stream = span_of((const char *)data + 1, size - 1);
	check_split(data[0], stream);
	check_trip(data[0], stream);
	check_rest(data[0], stream);
	return 0;
}
