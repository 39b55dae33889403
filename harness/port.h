/*
 * port: what a port string names.
 *
 *	emulator[:PROFILE][,115200]		the emulator in this process, in virtual time, and as slow as that baud if one is given
 *	/dev/ttyUSB0[,115200[,8n1[,rtscts]]]	a serial port
 *	tcp:HOST:PORT				bytes over TCP, as a serial server in raw mode gives them
 *	rfc2217:HOST:PORT[,115200[,8n1[,rtscts]]] a serial port behind telnet's COM port control; its baud is left as it is, if none is given
 *	exec:COMMAND				a program on a pseudo-terminal, by sh -c
 *
 * It reads the words and opens nothing (wire_open of wire.h does).  An IPv6 address is written in brackets.
 */
#ifndef PORT_H
#define PORT_H

#include <stdbool.h>

#include "err.h"

#define PORT_BAUD 115200	/* where none is given */
#define PORT_BAUD_MAX 4000000
#define PORT_PATH_MAX 1024	/* bytes of a device's path */
#define PORT_HOST_MAX 256
#define PORT_WORDS "emulator[:PROFILE][,BAUD], /dev/NAME[,BAUD[,8n1[,rtscts]]], tcp:HOST:PORT, rfc2217:HOST:PORT[,BAUD[,8n1[,rtscts]]] or exec:COMMAND"

enum port_kind { PORT_EMULATOR, PORT_SERIAL, PORT_TCP, PORT_RFC2217, PORT_EXEC };

struct port {
	enum port_kind kind;
	const char *text;		/* all of it, as given; the caller's */
	const char *command;		/* PORT_EXEC: part of text */
	char profile[64];		/* PORT_EMULATOR; empty: the default one */
	char path[PORT_PATH_MAX];	/* PORT_SERIAL */
	unsigned baud;			/* bits a second; 0: not given.  The three below: PORT_SERIAL and PORT_RFC2217 */
	int data_bits, stop_bits;	/* 5 to 8, 1 or 2 */
	char parity;			/* n, e, o, m or s */
	bool rtscts;			/* flow control by RTS and CTS */
	char host[PORT_HOST_MAX];	/* PORT_TCP, PORT_RFC2217: name or address, without brackets */
	char service[6];		/* their port: "1" to "65535" */
};

/* Read text, which must outlive out.  -1: e names the part that is wrong and what was expected there (EXIT_USAGE). */
int port_read(struct port *out, const char *text, struct err *e);

#endif
