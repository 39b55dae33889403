/* cmd_ports: attest ports. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "escape.h"
#include "serial_ports.h"

const char cmd_ports_usage[] =
    "usage: attest ports\n\n"
    "Lists the serial ports of this machine, a line each, with a tab between its parts: path, USB VID:PID, serial number,\n"
    "description, name under /dev/serial/by-id.  What is not known is a -.  Any path, the by-id name too, is a port that\n"
    "`attest run --port` takes; the by-id name stays when the adapter is plugged in again.\n\n"
    "Ends with status 0 (also when there is none), 2 for a usage error, 3 when ports cannot be listed.\n";

static const char *
shown(char *into, size_t cap, const char *text)
{
	if (*text == '\0')
		return "-";
	escape_bytes(into, cap, span_str(text));
	return into;
}

static void
port_print(const struct serial_port *p)
{
	char path[2 * SERIAL_PATH_MAX], by_id[2 * SERIAL_PATH_MAX], serial[4 * SERIAL_TEXT_MAX], description[4 * SERIAL_TEXT_MAX],
	    usb[16] = "-";

	if (p->vid >= 0)
		snprintf(usb, sizeof(usb), "%04x:%04x", (unsigned)p->vid & 0xffff, (unsigned)p->pid & 0xffff);
	printf("%s\t%s\t%s\t%s\t%s\n", shown(path, sizeof(path), p->path), usb, shown(serial, sizeof(serial), p->serial),
	    shown(description, sizeof(description), p->description), shown(by_id, sizeof(by_id), p->by_id));
}

int
cmd_ports(int argc, char **argv)
{
	struct serial_ports found;
	struct err e;

	if (argc > 1) {
		char given[80];

		escape_bytes(given, sizeof(given), span_str(argv[1]));
		fprintf(stderr, "attest ports: %s given, expected nothing; try `attest ports --help`\n", given);
		return EXIT_USAGE;
	}
	if (serial_ports_find(&found, &e) != 0) {
		fprintf(stderr, "attest ports: %s\n", e.text);
		return e.status;
	}
	for (size_t i = 0; i < found.count; i++)
		port_print(&found.port[i]);
	if (found.count == 0)
		fputs("attest ports: there is no serial port here\n", stderr);
	serial_ports_free(&found);
	return EXIT_AS_EXPECTED;
}
