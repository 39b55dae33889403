/*
 * bench_wire: what the runner costs on a wire, against a bare loop of write and read on the same peer.
 *
 * Both drive bench_peer over a pty, in turn; the peer notes when commands reach it, so that start-up is in neither.  Every
 * figure is the median of the rounds, every ratio the median of the ratios inside a round.
 *
 * usage: bench_wire ATTEST PEER
 */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "bench_peer.h"

#define ROUNDS 15
#define TRIPS 9000 /* a case has at most 20000 steps */
#define BUFFER 65536

static const char *attest, *peer;
static char folder[] = "build/bench-XXXXXX", notes_path[64], case_path[64];
static struct peer_notes *notes;

static void
give_up(const char *what)
{
	perror(what);
	exit(3);
}

/* ---- the bare loop ----------------------------------------------------------------- */

static int
bare_open(pid_t *child)
{
	struct termios t;
	int master, slave;

	if (openpty(&master, &slave, NULL, NULL, NULL) != 0)
		give_up("bench_wire: openpty");
	tcgetattr(slave, &t);
	cfmakeraw(&t);
	tcsetattr(slave, TCSANOW, &t);
	*child = fork();
	if (*child < 0)
		give_up("bench_wire: fork");
	if (*child == 0) {
		close(master);
		login_tty(slave);
		execl(peer, peer, notes_path, (char *)NULL);
		_exit(127);
	}
	close(slave);
	return master;
}

static void
bare_send(int fd, const char *line)
{
	if (write(fd, line, strlen(line)) != (ssize_t)strlen(line))
		give_up("bench_wire: write");
}

/* Read until n bytes have come. */
static void
bare_take(int fd, uint64_t n)
{
	static char buffer[BUFFER];

	while (n > 0) {
		ssize_t got = read(fd, buffer, n < sizeof(buffer) ? (size_t)n : sizeof(buffer));

		if (got <= 0)
			give_up("bench_wire: read");
		n -= (uint64_t)got;
	}
}

static void
bare_command(int fd, const char *line)
{
	bare_send(fd, line);
	bare_take(fd, strlen(line) + strlen("\r\nOK\r\n"));
}

static void
bare_block(int fd)
{
	bare_send(fd, PEER_ASK);
	bare_take(fd, strlen(PEER_ASK PEER_HEADER) + PEER_BLOCK + strlen("\r\nOK\r\n"));
}

/* blocks 0: TRIPS round trips. */
static void
bare_run(unsigned blocks)
{
	pid_t child;
	int fd = bare_open(&child);

	bare_command(fd, PEER_START);
	for (unsigned i = 0; blocks == 0 && i < TRIPS; i++)
		bare_command(fd, "AT\r");
	for (unsigned i = 0; i < blocks; i++)
		bare_block(fd);
	bare_command(fd, "AT\r");
	close(fd);
	waitpid(child, NULL, 0);
}

/* ---- the runner ----------------------------------------------------------------------- */

/* A line of the peer's, as a case writes it: without its ends. */
static void
write_line(FILE *f, const char *keyword, const char *line)
{
	size_t begin = strspn(line, "\r\n");

	fprintf(f, "%s %.*s\n", keyword, (int)strcspn(line + begin, "\r\n"), line + begin);
}

static void
write_case(unsigned blocks)
{
	FILE *f = fopen(case_path, "w");

	if (f == NULL)
		give_up(case_path);
	fprintf(f, "title   Bench of a wire\nquiet   1ms\n\n");
	write_line(f, ">", PEER_START);
	fprintf(f, "< OK\n");
	for (unsigned i = 0; blocks == 0 && i < TRIPS; i++)
		fprintf(f, "> AT\n< OK\n");
	for (unsigned i = 0; i < blocks; i++) {
		write_line(f, ">", PEER_ASK);
		write_line(f, "<", PEER_HEADER);
		fprintf(f, "= %d bytes digits\n< OK\n", PEER_BLOCK);
	}
	fprintf(f, "> AT\n< OK\n");
	if (fclose(f) != 0)
		give_up(case_path);
}

static void
attest_run(void)
{
	char port[256], log[64];
	int status = 0;
	pid_t child;

	snprintf(port, sizeof(port), "exec:%s %s", peer, notes_path);
	snprintf(log, sizeof(log), "%s/log", folder);
	child = fork();
	if (child == 0) {
		int out = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);

		dup2(out, 1);
		dup2(out, 2);
		execl(attest, attest, "run", "--port", port, case_path, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		give_up("bench_wire: attest");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "bench_wire: attest run --port '%s' %s failed; it said:\n", port, case_path);
		if (execlp("cat", "cat", log, (char *)NULL) != 0)
			exit(1);
	}
	unlink(log);
}

/* ---- figures ------------------------------------------------------------------------------- */

/* Seconds from the first command behind PEER_START until the one behind the last of n. */
static double
noted(uint64_t n)
{
	if (notes->commands < n + 2) {
		fprintf(stderr, "bench_wire: %llu commands reached the peer, expected %llu\n", (unsigned long long)notes->commands,
		    (unsigned long long)n + 2);
		exit(1);
	}
	return (double)(notes->at_ns[n + 1] - notes->at_ns[1]) / 1e9;
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double
median(const double *of, size_t n)
{
	double sorted[ROUNDS];

	memcpy(sorted, of, n * sizeof(*of));
	qsort(sorted, n, sizeof(*sorted), by_size);
	return sorted[n / 2];
}

struct figure {
	double bare_s, attest_s; /* medians */
	double ratio;            /* attest over bare, of time */
};

static struct figure
measure(unsigned blocks, size_t rounds)
{
	double bare[ROUNDS], ours[ROUNDS], ratio[ROUNDS];
	unsigned commands = blocks == 0 ? TRIPS : blocks;

	write_case(blocks);
	for (size_t i = 0; i < rounds; i++) {
		memset(notes, 0, sizeof(*notes));
		bare_run(blocks);
		bare[i] = noted(commands);
		memset(notes, 0, sizeof(*notes));
		attest_run();
		ours[i] = noted(commands);
		ratio[i] = ours[i] / bare[i];
	}
	return (struct figure){ median(bare, rounds), median(ours, rounds), median(ratio, rounds) };
}

static void
print_payloads(void)
{
	static const unsigned mib[] = { 1, 8, 64 };
	double first = 0;

	for (size_t i = 0; i < sizeof(mib) / sizeof(mib[0]); i++) {
		struct figure f = measure((mib[i] << 20) / PEER_BLOCK, mib[i] == 1 ? ROUNDS : 3);

		if (i == 0)
			first = f.attest_s;
		printf("payload of %2u MiB          %8.1f ms, bare loop %.1f ms: %.2f of its time%s; a MiB costs %.2f of the first\n",
		    mib[i], f.attest_s * 1e3, f.bare_s * 1e3, f.ratio, i == 0 ? " (wanted: at most 1.20)" : "",
		    f.attest_s / mib[i] / first);
	}
}

static void
map_notes(void)
{
	int fd = open(notes_path, O_RDWR | O_CREAT, 0600);

	if (fd < 0 || ftruncate(fd, sizeof(*notes)) != 0)
		give_up(notes_path);
	notes = mmap(NULL, sizeof(*notes), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (notes == MAP_FAILED)
		give_up(notes_path);
	close(fd);
}

int
main(int argc, char **argv)
{
	struct figure trips;

	if (argc != 3) {
		fprintf(stderr, "usage: bench_wire ATTEST PEER\n");
		return 2;
	}
	attest = argv[1];
	peer = argv[2];
	if (mkdtemp(folder) == NULL)
		give_up("bench_wire: build/");
	snprintf(notes_path, sizeof(notes_path), "%s/notes", folder);
	snprintf(case_path, sizeof(case_path), "%s/bench.case", folder);
	map_notes();

	trips = measure(0, ROUNDS);
	printf("AT and OK over a pty       %8.0f a second, bare loop %.0f: %.2f of its rate (wanted: at least 0.85; median of %d)\n",
	    TRIPS / trips.attest_s, TRIPS / trips.bare_s, 1 / trips.ratio, ROUNDS);
	print_payloads();
	unlink(notes_path);
	unlink(case_path);
	rmdir(folder);
	return 0;
}
