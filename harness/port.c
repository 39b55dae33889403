#include "port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "span.h"

/* A part of a port string that is wrong: "what PART given, expected ...". */
static int
part_wrong(struct err *e, const char *what, const char *part, size_t len, const char *expected)
{
	char shown[120];

	escape_bytes(shown, sizeof(shown), span_of(part, len));
	return err_set(e, EXIT_USAGE, "%s %s given, expected %s", what, len == 0 ? "(nothing)" : shown, expected);
}

static bool
number_read(const char *text, size_t len, unsigned most, unsigned *out)
{
	unsigned n = 0;

	if (len == 0 || len > 9)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		n = n * 10 + (unsigned)(text[i] - '0');
	}
	*out = n;
	return n > 0 && n <= most;
}

/* HOST:PORT, [ADDRESS]:PORT */
static int
address_read(struct port *p, const char *text, struct err *e)
{
	const char *const whole = text, *colon = strrchr(text, ':'), *end;
	unsigned number;

	if (text[0] == '[') {
		const char *bracket = strchr(text, ']');

		if (bracket == NULL)
			return part_wrong(e, "address", text, strlen(text), "a ] behind the IPv6 address, as in [::1]:5000");
		text++;
		end = bracket;
		colon = bracket[1] == ':' ? bracket + 1 : NULL;
	} else {
		end = colon;
		if (colon != NULL && memchr(text, ':', (size_t)(colon - text)) != NULL)
			return part_wrong(e, "address", text, strlen(text), "an IPv6 address in brackets, as in [::1]:5000");
	}
	if (colon == NULL)
		return part_wrong(e, "address", whole, strlen(whole), "HOST:PORT");
	if (end == text || (size_t)(end - text) >= sizeof(p->host))
		return part_wrong(e, "host", text, (size_t)(end - text), "a name or an address, at most 255 bytes");
	if (!number_read(colon + 1, strlen(colon + 1), 65535, &number))
		return part_wrong(e, "port number", colon + 1, strlen(colon + 1), "1 to 65535");
	memcpy(p->host, text, (size_t)(end - text));
	p->host[end - text] = '\0';
	snprintf(p->service, sizeof(p->service), "%u", number);
	return 0;
}

/* 8n1 and its like. */
static int
format_read(struct port *p, const char *text, size_t len, struct err *e)
{
	if (len != 3 || text[0] < '5' || text[0] > '8' || strchr("neoms", text[1]) == NULL || (text[2] != '1' && text[2] != '2'))
		return part_wrong(e, "character format", text, len, "data bits 5 to 8, parity n, e, o, m or s, stop bits 1 or 2: 8n1");
	p->data_bits = text[0] - '0';
	p->parity = text[1];
	p->stop_bits = text[2] - '0';
	return 0;
}

/* How the line is: ",115200,8n1,rtscts", or its beginning. */
static int
line_read(struct port *p, const char *text, struct err *e)
{
	size_t len = 0;

	p->data_bits = 8;
	p->parity = 'n';
	p->stop_bits = 1;
	for (int part = 0; text[len] == ','; part++) {
		text += len + 1;
		len = strcspn(text, ",");
		switch (part) {
		case 0:
			if (!number_read(text, len, PORT_BAUD_MAX, &p->baud))
				return part_wrong(e, "baud", text, len, "a number from 1 to 4000000");
			break;
		case 1:
			if (format_read(p, text, len, e) != 0)
				return -1;
			break;
		case 2:
			if (!span_equal(span_of(text, len), SPAN("rtscts")))
				return part_wrong(e, "flow control", text, len, "rtscts, or no third comma");
			p->rtscts = true;
			break;
		default: return part_wrong(e, "behind the flow control", text, strlen(text), "nothing");
		}
	}
	return 0;
}

static int
serial_read(struct port *p, const char *text, struct err *e)
{
	size_t len = strcspn(text, ",");

	if (len >= sizeof(p->path))
		return part_wrong(e, "device", text, len, "a path of at most 1023 bytes");
	memcpy(p->path, text, len);
	p->path[len] = '\0';
	return line_read(p, text + len, e);
}

static int
rfc2217_read(struct port *p, const char *text, struct err *e)
{
	size_t len = strcspn(text, ",");
	char address[PORT_HOST_MAX + sizeof("[]:65535")];

	if (len >= sizeof(address))
		return part_wrong(e, "host", text, len, "a name or an address, at most 255 bytes");
	memcpy(address, text, len);
	address[len] = '\0';
	return address_read(p, address, e) != 0 ? -1 : line_read(p, text + len, e);
}

/* "[:PROFILE][,BAUD]" */
static int
emulator_read(struct port *p, const char *text, struct err *e)
{
	size_t len;

	if (*text == ':') {
		len = strcspn(++text, ",");
		if (len >= sizeof(p->profile) || len == 0)
			return part_wrong(e, "profile", text, len, "the name of a profile");
		memcpy(p->profile, text, len);
		p->profile[len] = '\0';
		text += len;
	}
	if (*text == '\0' || number_read(text + 1, strlen(text + 1), PORT_BAUD_MAX, &p->baud))
		return 0;
	return part_wrong(e, "baud", text + 1, strlen(text + 1), "a number from 1 to 4000000");
}

/* The part of text behind "name:"; NULL: it begins otherwise. */
static const char *
behind(const char *text, const char *name)
{
	size_t len = strlen(name);

	return strncmp(text, name, len) == 0 && text[len] == ':' ? text + len + 1 : NULL;
}

int
port_read(struct port *p, const char *text, struct err *e)
{
	const char *rest;

	memset(p, 0, sizeof(*p));
	p->text = text;
	if (strncmp(text, "emulator", 8) == 0 && memchr(":,", text[8], 3) != NULL) {
		p->kind = PORT_EMULATOR;
		return emulator_read(p, text + 8, e);
	}
	if ((rest = behind(text, "tcp")) != NULL) {
		p->kind = PORT_TCP;
		return address_read(p, rest, e);
	}
	if ((rest = behind(text, "rfc2217")) != NULL) {
		p->kind = PORT_RFC2217;
		return rfc2217_read(p, rest[0] == '/' && rest[1] == '/' ? rest + 2 : rest, e);
	}
	if ((rest = behind(text, "exec")) != NULL) {
		p->kind = PORT_EXEC;
		p->command = rest;
		return *rest == '\0' ? part_wrong(e, "command", rest, 0, "a program and its arguments") : 0;
	}
	if (text[0] == '/') {
		p->kind = PORT_SERIAL;
		return serial_read(p, text, e);
	}
	return part_wrong(e, "port", text, strlen(text), PORT_WORDS);
}
