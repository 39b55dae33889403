/*
 * bench: how fast the runner plays cases, measured from outside as whole processes.
 *
 * Every figure is the median of several runs; what is compared was run in turn, in this one call.
 * usage: bench ATTEST
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 5

struct sample {
	double wall_s, cpu_s;
	long rss_kib;
	int status;
};

static double
seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Run attest on what with a journal, its output thrown away. */
static struct sample
run(const char *attest, const char *what, const char *journal)
{
	struct sample s = { 0 };
	struct rusage use;
	double began = seconds();
	int status;
	pid_t child = fork();

	if (child == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, 1);
		dup2(null, 2);
		execl(attest, attest, "run", "--journal", journal, what, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &use) != child) {
		perror("bench: cannot run attest");
		exit(3);
	}
	s.wall_s = seconds() - began;
	s.cpu_s = (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) + (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
	s.rss_kib = use.ru_maxrss;
	s.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (s.status != 0)
		fprintf(stderr, "bench: attest run %s exited with %d\n", what, s.status);
	return s;
}

static int
by_wall(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->wall_s > y->wall_s) - (x->wall_s < y->wall_s);
}

/* A table of n rows, each an eight-step HTTP dialogue that moves 100 bytes. */
static void
write_table(const char *path, long n)
{
	FILE *f = fopen(path, "w");

	if (f == NULL) {
		perror(path);
		exit(3);
	}
	fprintf(
	    f, "title   Bench dialogue {row}\nspec    SIM800 IP Application Note V1.01, 3.2\nworld   http www.sim.com 100 bytes lines\n");
	fprintf(f, "each\n  | row | agent |\n");
	for (long i = 0; i < n; i++)
		fprintf(f, "  | %ld | agent-%ld |\n", i, i);
	fprintf(f, "\n> AT+SAPBR=1,1\n< OK\n> AT+HTTPINIT\n< OK\n> AT+HTTPPARA=\"UA\",\"{agent}\"\n< OK\n"
		   "> AT+HTTPPARA=\"URL\",\"www.sim.com\"\n< OK\n> AT+HTTPACTION=0\n< OK\n< +HTTPACTION: 0,200,100\n"
		   "> AT+HTTPREAD\n< +HTTPREAD: 100\n= 100 bytes lines\n< OK\n> AT+HTTPTERM\n< OK\n> AT+SAPBR=0,1\n< OK\n");
	if (fclose(f) != 0) {
		perror(path);
		exit(3);
	}
}

static struct sample
median(const char *attest, const char *what, const char *journal)
{
	struct sample s[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		s[i] = run(attest, what, journal);
	qsort(s, ROUNDS, sizeof(s[0]), by_wall);
	return s[ROUNDS / 2];
}

int
main(int argc, char **argv)
{
	static const long rows[] = { 200, 1000, 10000, 100000 };
	char folder[] = "build/bench-XXXXXX", path[64], journal[64];
	struct sample suite, s;
	double cpu_s[4];

	if (argc != 2) {
		fprintf(stderr, "usage: bench ATTEST\n");
		return 2;
	}
	if (mkdtemp(folder) == NULL) {
		perror("bench: build/");
		return 3;
	}
	snprintf(journal, sizeof(journal), "%s/journal", folder);
	snprintf(path, sizeof(path), "%s/table.case", folder);

	suite = median(argv[1], "cases/sim800", journal);
	printf("whole suite                %8.3f s wall, %.3f s cpu, %ld KiB resident (median of %d)\n", suite.wall_s, suite.cpu_s,
	    suite.rss_kib, ROUNDS);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_table(path, rows[i]);
		s = median(argv[1], path, journal);
		cpu_s[i] = s.cpu_s;
		printf("%6ld cases of 8 commands %8.3f s wall, %8.0f cases/s, %6.1f us cpu a case, %ld KiB resident\n", rows[i], s.wall_s,
		    (double)rows[i] / s.wall_s, s.cpu_s / (double)rows[i] * 1e6, s.rss_kib);
	}
	/* Start-up is in both ends of each difference, and falls out. */
	printf("a case among the last 90000 costs %.2f of one among the 9000 before them\n",
	    (cpu_s[3] - cpu_s[2]) / 90000 / ((cpu_s[2] - cpu_s[1]) / 9000));
	unlink(path);
	unlink(journal);
	rmdir(folder);
	return 0;
}
