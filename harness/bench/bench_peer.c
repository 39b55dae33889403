/*
 * bench_peer: the least that can answer AT, on a pty.  It echoes each command line and says OK; PEER_ASK gets a payload.
 *
 * usage: bench_peer NOTES
 */
#include "bench_peer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define PIECE_MAX 65536

static struct peer_notes *notes;

static void
note(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	if (notes->commands < PEER_COMMANDS_MAX)
		notes->at_ns[notes->commands] = (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
	notes->commands++;
}

static void
say(const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(1, bytes, n);

		if (done < 0 && errno != EINTR)
			exit(0);
		if (done > 0) {
			bytes += done;
			n -= (size_t)done;
		}
	}
}

static void
say_payload(size_t n)
{
	static char digits[PIECE_MAX / 10 * 10];
	char header[64];

	if (digits[0] == '\0')
		for (size_t i = 0; i < sizeof(digits); i++)
			digits[i] = (char)('0' + i % 10);
	say(header, (size_t)snprintf(header, sizeof(header), "\r\n+HTTPREAD: %zu\r\n", n));
	while (n > 0) {
		size_t piece = n < sizeof(digits) ? n : sizeof(digits);

		say(digits, piece);
		n -= piece;
	}
}

/* A line, its CR included, has come. */
static void
answer(const char *line, size_t n)
{
	char both[512];

	if (n == strlen(PEER_START) && memcmp(line, PEER_START, n) == 0)
		notes->commands = 0;
	note();
	if (n > strlen(PEER_ASK) && memcmp(line, PEER_ASK, strlen(PEER_ASK)) == 0) {
		say(line, n);
		say_payload(strtoul(line + strlen(PEER_ASK), NULL, 10));
		say("\r\nOK\r\n", 6);
		return;
	}
	memcpy(both, line, n);
	memcpy(both + n, "\r\nOK\r\n", 6);
	say(both, n + 6);
}

static int
map_notes(const char *path)
{
	int fd = open(path, O_RDWR);

	if (fd < 0)
		return -1;
	notes = mmap(NULL, sizeof(*notes), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return notes == MAP_FAILED ? -1 : 0;
}

int
main(int argc, char **argv)
{
	struct termios t;
	char line[256];
	size_t used = 0;
	ssize_t n;

	if (argc != 2 || map_notes(argv[1]) != 0) {
		fprintf(stderr, "usage: bench_peer NOTES\n");
		return 2;
	}
	signal(SIGHUP, SIG_IGN);
	if (tcgetattr(0, &t) == 0) {
		cfmakeraw(&t);
		tcsetattr(0, TCSANOW, &t);
	}
	while ((n = read(0, line + used, sizeof(line) - used)) > 0) {
		char *end;

		used += (size_t)n;
		while ((end = memchr(line, '\r', used)) != NULL) {
			size_t len = (size_t)(end + 1 - line);

			answer(line, len);
			used -= len;
			memmove(line, end + 1, used);
		}
		if (used == sizeof(line))
			used = 0;
	}
	return 0;
}
