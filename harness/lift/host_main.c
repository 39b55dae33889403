/*
 * host_main: the README's host, with the emulator for a module.
 *
 * The host is example.h, the README's code as it stands there.  Its UART is a pair of pipes.
 * usage: host_main ATTEST WORLD-FILE BODY      exits with 0 when BODY was fetched and a file went up whole
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "example.h"

#define PATIENCE_MS 20000
#define UPLOAD_SIZE 3000

static int from_module, to_module;
static char fetched[4096];
static size_t fetched_len;

size_t
uart_read(char *into, size_t cap)
{
	struct pollfd p = { .fd = from_module, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, PATIENCE_MS) <= 0)
		return 0;
	n = read(from_module, into, cap);
	return n > 0 ? (size_t)n : 0;
}

void
uart_write(struct span bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(to_module, bytes.at, bytes.len);

		if (n <= 0)
			exit(3);
		bytes = span_after(bytes, (size_t)n);
	}
}

void
store(struct span piece)
{
	if (piece.len > sizeof(fetched) - fetched_len)
		exit(3);
	memcpy(fetched + fetched_len, piece.at, piece.len);
	fetched_len += piece.len;
}

static pid_t
start_module(char *attest, char *world)
{
	char *argv[] = { attest, "emulate", "--stdio", "--world-file", world, "--set", "http-urc=50", "--set", "ftp-urc=50", "--set",
		"ftp-chunk=50", "--set", "bearer=50", NULL };
	int down[2], up[2];
	pid_t child;

	if (pipe(down) != 0 || pipe(up) != 0 || (child = fork()) < 0)
		exit(3);
	if (child == 0) {
		dup2(down[0], 0);
		dup2(up[1], 1);
		close(down[1]);
		close(up[0]);
		execv(attest, argv);
		_exit(127);
	}
	close(down[0]);
	close(up[1]);
	to_module = down[1];
	from_module = up[0];
	return child;
}

static void
need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "host_main: %s failed\n", what);
	exit(1);
}

/* What the module says that arrived: AT+FTPSIZE's third field. */
static bool
size_is(struct host *h, uint64_t size)
{
	char buffer[256];
	struct at_reply r = { 0 };
	struct at_fields f;
	uint64_t code, n;

	need(command(h, "AT+FTPGETNAME=\"up.bin\"") && command(h, "AT+FTPGETPATH=\"/\"") && command(h, "AT+FTPSIZE"), "AT+FTPSIZE");
	for (;;) {
		struct span in = span_of(buffer, uart_read(buffer, sizeof(buffer)));

		if (in.len == 0)
			return false;
		do {
			in = span_after(in, at_reply_feed(&h->parser, in, &r));
			if (r.kind == AT_REPLY_URC && at_fields_open(&f, r.text, SPAN("+FTPSIZE")))
				return at_fields_skip(&f) && at_fields_number(&f, 0, 0, &code) && at_fields_number(&f, size, size, &n);
		} while (r.kind != AT_REPLY_MORE);
	}
}

int
main(int argc, char **argv)
{
	static struct host h;
	static char upload[UPLOAD_SIZE];
	pid_t module;
	int status;

	if (argc != 4)
		return 2;
	for (size_t i = 0; i < sizeof(upload); i++)
		upload[i] = "\r\nOK\r\n> "[i % 8];
	module = start_module(argv[1], argv[2]);
	at_reply_init(&h.parser, AT_LENIENT);
	need(command(&h, "AT+SAPBR=3,1,\"Contype\",\"GPRS\"") && command(&h, "AT+SAPBR=3,1,\"APN\",\"CMNET\"") &&
		 command(&h, "AT+SAPBR=1,1"),
	    "the bearer");
	need(http_get(&h, "www.example.com/page"), "http_get");
	need(span_equal(span_of(fetched, fetched_len), span_str(argv[3])), "what was fetched");
	need(!http_get(&h, "www.example.com/nowhere"), "a page that is not there, which http_get does not give,");
	need(command(&h, "AT+FTPCID=1") && command(&h, "AT+FTPSERV=\"ftp.example.com\"") && command(&h, "AT+FTPUN=\"u\"") &&
		 command(&h, "AT+FTPPW=\"p\"") && command(&h, "AT+FTPPUTNAME=\"up.bin\"") && command(&h, "AT+FTPPUTPATH=\"/\""),
	    "FTP settings");
	need(ftp_put(&h, span_of(upload, sizeof(upload))), "ftp_put");
	need(size_is(&h, sizeof(upload)), "the size of what went up");
	close(to_module);
	return waitpid(module, &status, 0) == module && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}
