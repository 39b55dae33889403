/* wire_open: from what a port string names to the wire that it means. */
#include "wire_stream.h"

static struct wire *
emulator_open(const struct port *port, struct err *e)
{
	struct wire *loop = wire_loop_open(span_str(port->profile), e);

	return loop == NULL || port->baud == 0 ? loop : wire_paced_open(loop, port->baud);
}

struct wire *
wire_open(const struct port *port, struct err *e)
{
	switch (port->kind) {
	case PORT_EMULATOR: return emulator_open(port, e);
	case PORT_SERIAL: return wire_serial_open(port, e);
	case PORT_TCP: return wire_tcp_open(port, e);
	case PORT_RFC2217: return wire_rfc2217_open(port, e);
	case PORT_EXEC: return wire_exec_open(port, e);
	}
	return NULL;
}
