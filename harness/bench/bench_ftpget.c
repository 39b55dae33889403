/*
 * bench_ftpget: a file from a real FTP server through the emulator's AT window, AT+FTPGET=2,1460 again and again, as a host
 * program reads it: how fast, and how much memory the emulator needs for a short and for a long file.
 *
 *	server (a child) --FTP--> attest emulate --stdio --world net (a child) --pty--> this
 *
 * usage: bench_ftpget ATTEST
 */
#include <arpa/inet.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define WINDOW 1460 /* the most that AT+FTPGET=2 gives at once */
#define PIECE 65000 /* of the file, whose byte i is '0' + i % 10 */

static void
give_up(const char *what)
{
	fprintf(stderr, "bench_ftpget: %s\n", what);
	exit(1);
}

static double
seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* ---- the server ------------------------------------------------------------------------ */

static int
listen_at(uint16_t *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(fd, 1) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) != 0)
		give_up("no port to listen on");
	*port = ntohs(a.sin_port);
	return fd;
}

static void
serve_file(int listening, uint64_t size)
{
	static char piece[PIECE];
	int fd = accept(listening, NULL, NULL);
	ssize_t n;

	for (size_t i = 0; i < sizeof(piece); i++)
		piece[i] = (char)('0' + i % 10);
	for (uint64_t at = 0; at < size; at += (uint64_t)n) {
		size_t want = PIECE - at % PIECE;

		n = send(fd, piece + at % PIECE, size - at < want ? (size_t)(size - at) : want, MSG_NOSIGNAL);
		if (n <= 0)
			_exit(0);
	}
	close(fd);
}

/* One session, which fetches one file. */
static void
serve(int listening, uint64_t size)
{
	FILE *control = fdopen(accept(listening, NULL, NULL), "r+");
	char line[512];
	uint16_t port;
	int data = -1;

	if (control == NULL)
		_exit(1);
	setvbuf(control, NULL, _IONBF, 0);
	fputs("220 bench\r\n", control);
	while (fgets(line, sizeof(line), control) != NULL) {
		if (strncmp(line, "USER", 4) == 0)
			fputs("331 go on\r\n", control);
		else if (strncmp(line, "PASS", 4) == 0)
			fputs("230 in\r\n", control);
		else if (strncmp(line, "PWD", 3) == 0)
			fputs("257 \"/\"\r\n", control);
		else if (strncmp(line, "SIZE", 4) == 0)
			fprintf(control, "213 %llu\r\n", (unsigned long long)size);
		else if (strncmp(line, "PASV", 4) == 0) {
			data = listen_at(&port);
			fprintf(control, "227 Passive (127,0,0,1,%d,%d)\r\n", port >> 8, port & 0xff);
		} else if (strncmp(line, "RETR", 4) == 0 && data >= 0) {
			fputs("150 here it comes\r\n", control);
			serve_file(data, size);
			fputs("226 done\r\n", control);
		} else if (strncmp(line, "QUIT", 4) == 0) {
			fputs("221 bye\r\n", control);
			break;
		} else {
			fputs(strncmp(line, "EPSV", 4) == 0 ? "500 no\r\n" : "200 fine\r\n", control);
		}
	}
	_exit(0);
}

/* ---- the host ---------------------------------------------------------------------------- */

struct host {
	int fd;
	char bytes[65536];
	size_t at, end;
	bool data, over;    /* +FTPGET: 1,1 and +FTPGET: 1,0 have come */
	uint64_t got, size; /* bytes of the file */
};

static void
hear(struct host *h)
{
	ssize_t n;

	if (h->at == h->end)
		h->at = h->end = 0;
	if (h->end == sizeof(h->bytes)) {
		memmove(h->bytes, h->bytes + h->at, h->end - h->at);
		h->end -= h->at;
		h->at = 0;
	}
	n = read(h->fd, h->bytes + h->end, sizeof(h->bytes) - h->end);
	if (n <= 0)
		give_up("the emulator has gone");
	h->end += (size_t)n;
}

/* The next line that is not empty, and what URCs it may be. */
static const char *
next_line(struct host *h)
{
	static char line[256];
	size_t used = 0;

	for (;;) {
		if (h->at == h->end)
			hear(h);
		if (h->bytes[h->at] != '\r' && h->bytes[h->at] != '\n') {
			if (used == sizeof(line) - 1)
				give_up("a line too long");
			line[used++] = h->bytes[h->at++];
			continue;
		}
		h->at++;
		if (used > 0 && h->bytes[h->at - 1] == '\r')
			break;
	}
	line[used] = '\0';
	if (strcmp(line, "+FTPGET: 1,1") == 0)
		h->data = true;
	else if (strcmp(line, "+FTPGET: 1,0") == 0)
		h->over = true;
	else if (strncmp(line, "+FTPGET: 1,", 11) == 0 || (strcmp(line, "ERROR") == 0 && !h->over))
		give_up(line);
	return line;
}

static void
send_line(struct host *h, const char *line)
{
	char whole[256];
	int n = snprintf(whole, sizeof(whole), "%s\r", line);

	if (write(h->fd, whole, (size_t)n) != n)
		give_up("write");
}

static void
command(struct host *h, const char *line)
{
	send_line(h, line);
	while (strcmp(next_line(h), "OK") != 0)
		;
}

static void
take_payload(struct host *h, size_t n)
{
	/* the LF of its header */
	for (n++; h->end - h->at < n;)
		hear(h);
	h->at++;
	for (size_t i = 0; i < n - 1; i++)
		if (h->bytes[h->at + i] != (char)('0' + (h->got + i) % 10))
			give_up("a wrong byte came");
	h->at += n - 1;
	h->got += n - 1;
}

/* One AT+FTPGET=2: how many bytes came.  The end of the file may cross it on the line: then it is an error. */
static size_t
read_window(struct host *h)
{
	const char *line;
	size_t n = 0;

	h->data = false;
	send_line(h, "AT+FTPGET=2,1460");
	while (strcmp(line = next_line(h), "OK") != 0 && strcmp(line, "ERROR") != 0) {
		if (strncmp(line, "+FTPGET: 2,", 11) != 0)
			continue;
		n = strtoul(line + 11, NULL, 10);
		if (n > WINDOW)
			give_up(line);
		if (n > 0)
			take_payload(h, n);
	}
	return n;
}

static void
fetch(struct host *h)
{
	while (!h->data)
		next_line(h);
	while (!h->over) {
		if (read_window(h) > 0)
			continue;
		while (!h->data && !h->over)
			next_line(h);
	}
	if (h->got != h->size)
		give_up("the file is not whole");
}

/* ---- figures ----------------------------------------------------------------------------- */

static long
most_memory_kib(pid_t child)
{
	char path[64], line[256];
	long kib = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)child);
	if ((f = fopen(path, "r")) == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "VmHWM: %ld", &kib) == 1)
			break;
	fclose(f);
	return kib;
}

static pid_t
emulator_start(const char *attest, int *fd)
{
	struct termios t;
	pid_t child;

	memset(&t, 0, sizeof(t));
	cfmakeraw(&t);
	cfsetspeed(&t, B115200);
	t.c_cflag |= CREAD | CLOCAL;
	child = forkpty(fd, NULL, &t, NULL);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		execl(attest, attest, "emulate", "--stdio", "--world", "net", "--set", "latency=0", "--set", "urc-gap=0", "--set",
		    "ftp-urc=0", (char *)NULL);
		_exit(127);
	}
	if (child < 0)
		give_up("no pseudo-terminal");
	return child;
}

static pid_t
server_start(uint64_t size, uint16_t *port)
{
	int fd = listen_at(port);
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		serve(fd, size);
	}
	close(fd);
	return child;
}

static void
play(const char *attest, unsigned mib)
{
	static const char *const before[] = { "ATE0", "AT+SAPBR=1,1", "AT+FTPCID=1", "AT+FTPSERV=\"127.0.0.1\"", "AT+FTPUN=\"bench\"",
		"AT+FTPPW=\"bench\"", "AT+FTPMODE=1", "AT+FTPTYPE=\"I\"", "AT+FTPGETNAME=\"file\"", "AT+FTPGETPATH=\"/\"" };
	static struct host h;
	char line[64];
	uint16_t port;
	pid_t server = server_start((uint64_t)mib << 20, &port), emulator;
	double took;
	long kib;

	memset(&h, 0, sizeof(h));
	h.size = (uint64_t)mib << 20;
	emulator = emulator_start(attest, &h.fd);
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		command(&h, before[i]);
	snprintf(line, sizeof(line), "AT+FTPPORT=%u", port);
	command(&h, line);
	took = seconds();
	command(&h, "AT+FTPGET=1");
	fetch(&h);
	took = seconds() - took;
	kib = most_memory_kib(emulator);
	close(h.fd);
	kill(emulator, SIGTERM);
	waitpid(emulator, NULL, 0);
	kill(server, SIGTERM);
	waitpid(server, NULL, 0);
	printf("%3u MiB through AT+FTPGET  %8.1f s, %.1f MiB/s of real FTP, byte by byte right; the emulator needed %ld KiB\n", mib, took,
	    mib / took, kib);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: bench_ftpget ATTEST\n");
		return 2;
	}
	play(argv[1], 10);
	play(argv[1], 100);
	return 0;
}
