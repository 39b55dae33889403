/*
 * bench_peer: the least that can answer AT, on a pty.  It echoes each command line and says OK; PEER_ASK gets a payload.
 *
 * usage: bench_peer NOTES
 */
#include "bench_peer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

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
say_payload(void)
{
	static char block[PEER_BLOCK];

	if (block[0] == '\0')
		for (size_t i = 0; i < sizeof(block); i++)
			block[i] = (char)('0' + i % 10);
	say(PEER_HEADER, strlen(PEER_HEADER));
	say(block, sizeof(block));
}

static bool
is(const char *line, size_t n, const char *what)
{
	return n == strlen(what) && memcmp(line, what, n) == 0;
}

/* A line, its CR included, has come. */
static void
answer(const char *line, size_t n)
{
	char both[512];

	if (is(line, n, PEER_START))
		notes->commands = 0;
	note();
	if (is(line, n, PEER_ASK)) {
		say(line, n);
		say_payload();
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
