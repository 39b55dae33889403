#include "rfc2217.h"

/* On the wire the server's commands are so much more than the client's. */
#define SERVER_OFFSET 100

/* ECHO: servers are asked for it, so that a user at a terminal does not see what is typed twice; it is the module that echoes. */
#define BOTH (TELNET_BIT(TELNET_BINARY) | TELNET_BIT(TELNET_SGA))
#define COM_PORT TELNET_BIT(TELNET_COM_PORT)
#define ECHO TELNET_BIT(TELNET_ECHO)

/* What a command carries. */
enum carries { TEXT, FOUR_BYTES, ONE_BYTE, NOTHING };

static const struct {
	enum carries carries;
	bool server_only;
} commands[] = {
	[RFC2217_SIGNATURE] = { TEXT, false },
	[RFC2217_BAUD] = { FOUR_BYTES, false },
	[RFC2217_DATASIZE] = { ONE_BYTE, false },
	[RFC2217_PARITY] = { ONE_BYTE, false },
	[RFC2217_STOPSIZE] = { ONE_BYTE, false },
	[RFC2217_CONTROL] = { ONE_BYTE, false },
	[RFC2217_LINESTATE] = { ONE_BYTE, true },
	[RFC2217_MODEMSTATE] = { ONE_BYTE, true },
	[RFC2217_SUSPEND] = { NOTHING, false },
	[RFC2217_RESUME] = { NOTHING, false },
	[RFC2217_LINESTATE_MASK] = { ONE_BYTE, false },
	[RFC2217_MODEMSTATE_MASK] = { ONE_BYTE, false },
	[RFC2217_PURGE] = { ONE_BYTE, false },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* ---- what waits to be sent ------------------------------------------------------- */

static bool
say(struct rfc2217 *r, const char *bytes, size_t n)
{
	if (RFC2217_SAY_MAX - r->say_len < n)
		return false;
	memcpy(r->say + r->say_len, bytes, n);
	r->say_len += n;
	return true;
}

size_t
rfc2217_pull(struct rfc2217 *r, char *into, size_t cap)
{
	size_t n = r->say_len < cap ? r->say_len : cap;

	memcpy(into, r->say, n);
	r->say_len -= n;
	memmove(r->say, r->say + n, r->say_len);
	return n;
}

static void
ask(struct rfc2217 *r, enum telnet_end end, uint8_t option)
{
	char bytes[TELNET_ANSWER_MAX];
	size_t n = telnet_ask(&r->telnet, end, option, bytes);

	say(r, bytes, n);
}

void
rfc2217_init(struct rfc2217 *r, enum rfc2217_role role)
{
	const bool client = role == RFC2217_CLIENT;

	memset(r, 0, sizeof(*r));
	r->role = role;
	/* The client WILL, the server DOes COM-PORT-OPTION; either may begin, and some ask for the other direction, too. */
	telnet_init(&r->telnet, BOTH | COM_PORT | (client ? 0 : ECHO), BOTH | COM_PORT);
	ask(r, client ? TELNET_OURS : TELNET_THEIRS, TELNET_COM_PORT);
	for (enum telnet_end end = TELNET_OURS; end < TELNET_ENDS; end++) {
		ask(r, end, TELNET_BINARY);
		ask(r, end, TELNET_SGA);
	}
}

bool
rfc2217_is_on(const struct rfc2217 *r)
{
	return telnet_is_on(&r->telnet, TELNET_OURS, TELNET_COM_PORT) || telnet_is_on(&r->telnet, TELNET_THEIRS, TELNET_COM_PORT);
}

bool
rfc2217_is_binary(const struct rfc2217 *r)
{
	return telnet_is_on(&r->telnet, TELNET_OURS, TELNET_BINARY) && telnet_is_on(&r->telnet, TELNET_THEIRS, TELNET_BINARY);
}

bool
rfc2217_is_settled(const struct rfc2217 *r)
{
	return (r->telnet.asked[TELNET_OURS] | r->telnet.asked[TELNET_THEIRS]) == 0;
}

/* One subnegotiation, whole or not at all. */
static bool
say_command(struct rfc2217 *r, enum rfc2217_command command, struct span carried)
{
	/* Every byte carried may be an IAC. */
	char bytes[4 + 2 * RFC2217_TEXT_MAX + 2] = { (char)TELNET_IAC, (char)TELNET_SB, TELNET_COM_PORT };
	size_t n = 4;

	if (!rfc2217_is_on(r))
		return false;
	bytes[3] = (char)((int)command + (r->role == RFC2217_SERVER ? SERVER_OFFSET : 0));
	for (size_t i = 0; i < carried.len; i++) {
		bytes[n++] = carried.at[i];
		if ((uint8_t)carried.at[i] == TELNET_IAC)
			bytes[n++] = carried.at[i];
	}
	bytes[n++] = (char)TELNET_IAC;
	bytes[n++] = (char)TELNET_SE;
	return say(r, bytes, n);
}

bool
rfc2217_say(struct rfc2217 *r, enum rfc2217_command command, uint32_t value)
{
	const char carried[4] = { (char)(value >> 24), (char)(value >> 16), (char)(value >> 8), (char)value };

	switch (commands[command].carries) {
	case TEXT: return false;
	case FOUR_BYTES: return say_command(r, command, span_of(carried, 4));
	case ONE_BYTE: return say_command(r, command, span_of(carried + 3, 1));
	case NOTHING: break;
	}
	return say_command(r, command, span_of(carried, 0));
}

bool
rfc2217_sign(struct rfc2217 *r, struct span text)
{
	return text.len <= RFC2217_TEXT_MAX && say_command(r, RFC2217_SIGNATURE, text);
}

size_t
rfc2217_encode(const struct rfc2217 *r, struct span *data, char *into, size_t cap)
{
	return telnet_encode(&r->telnet, data, into, cap);
}

/* ---- what comes -------------------------------------------------------------------- */

static void
fault(struct rfc2217_event *out, const char *why)
{
	out->kind = RFC2217_FAULT;
	out->why = why;
}

/* A subnegotiation of COM-PORT-OPTION: its command and what it carries. */
static void
com_port(const struct rfc2217 *r, struct span s, struct rfc2217_event *out)
{
	/* The wrong role's numbers become too big. */
	const unsigned offset = r->role == RFC2217_CLIENT ? SERVER_OFFSET : 0;
	const unsigned command = s.len == 0 ? UINT32_MAX : (uint8_t)s.at[0] - offset;
	static const size_t lengths[] = { [FOUR_BYTES] = 4, [ONE_BYTE] = 1, [NOTHING] = 0 };

	if (!rfc2217_is_on(r)) {
		fault(out, "a command before COM-PORT-OPTION was agreed on");
		return;
	}
	if (r->role == RFC2217_CLIENT && s.len > 0 && (uint8_t)s.at[0] < COMMANDS) {
		out->kind = RFC2217_ECHOED;
		return;
	}
	if (command >= COMMANDS) {
		fault(out, "an unknown command of COM-PORT-OPTION");
		return;
	}
	out->command = (enum rfc2217_command)command;
	out->bytes = span_after(s, 1);
	/* pyserial 3.5 asks for the state so, with nothing carried, where the standard has no question. */
	if (commands[command].server_only && r->role == RFC2217_SERVER) {
		out->bytes.len = 0;
	} else if (commands[command].carries != TEXT) {
		if (out->bytes.len != lengths[commands[command].carries]) {
			fault(out, "a command of COM-PORT-OPTION with a wrong length");
			return;
		}
		for (size_t i = 0; i < out->bytes.len; i++)
			out->value = out->value << 8 | (uint8_t)out->bytes.at[i];
	}
	out->kind = RFC2217_EVENT;
}

static void
translate(const struct rfc2217 *r, const struct telnet_event *t, struct rfc2217_event *out)
{
	switch (t->kind) {
	case TELNET_MORE: break;
	case TELNET_DATA:
		out->kind = RFC2217_DATA;
		out->bytes = t->bytes;
		break;
	case TELNET_COMMAND:
		if (t->code == TELNET_BRK)
			out->kind = RFC2217_BREAK;
		break;
	case TELNET_CHANGE:
		out->kind = RFC2217_OPTION;
		out->option = t->code;
		out->end = t->end;
		out->change = t->change;
		break;
	case TELNET_SUBNEGOTIATION:
		if (t->code == TELNET_COM_PORT)
			com_port(r, t->bytes, out);
		else
			fault(out, "a subnegotiation of another option");
		break;
	case TELNET_FAULT: fault(out, t->why); break;
	}
}

size_t
rfc2217_feed(struct rfc2217 *r, struct span in, struct rfc2217_event *out)
{
	size_t taken = 0;

	memset(out, 0, sizeof(*out));
	while (taken < in.len && out->kind == RFC2217_MORE && RFC2217_SAY_MAX - r->say_len >= TELNET_ANSWER_MAX) {
		struct telnet_event t;

		taken += telnet_feed(&r->telnet, span_after(in, taken), &t);
		say(r, t.answer, t.answer_len);
		translate(r, &t, out);
	}
	return taken;
}
