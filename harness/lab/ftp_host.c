/*
 * ftp_host: a host program that uploads a file through AT+FTPPUT and reads it back through AT+FTPGET, again and again the
 * most that the window takes, and compares every byte; and looks at the emulator's memory meanwhile.
 *
 *	this <--pipes--> attest emulate --stdio --world net <--FTP--> server
 *
 * usage: ftp_host ATTEST HOST PORT USER PASSWORD NAME [MIB]...
 *
 * Prints a line a size, "64 MiB: 12.3 MB/s up, 25.6 MB/s down, 13484 kB", and ends with 1 when a byte differs or anything
 * is answered that was not expected.  The memory is the emulator's most so far (VmHWM).
 */
#include <ctype.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

#define READ_MOST 1460
#define BLOCK_MOST 1360

static FILE *to, *from;
static pid_t emulator;

static void
give_up(const char *what, const char *seen)
{
	fprintf(stderr, "ftp_host: %s, and not: %s\n", what, seen);
	exit(1);
}

static void
start(const char *attest)
{
	int down[2], up[2];

	if (pipe(down) != 0 || pipe(up) != 0 || (emulator = fork()) < 0)
		give_up("pipes and a child", "none");
	if (emulator == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		dup2(down[0], STDIN_FILENO);
		dup2(up[1], STDOUT_FILENO);
		close(down[1]);
		close(up[0]);
		execl(attest, attest, "emulate", "--stdio", "--world", "net", "--set", "latency=0", "--set", "ftp-urc=0", "--set",
		    "ftp-chunk=0", "--set", "urc-gap=0", (char *)NULL);
		_exit(127);
	}
	close(down[0]);
	close(up[1]);
	to = fdopen(down[1], "w");
	from = fdopen(up[0], "r");
}

/* The next line that says something. */
static const char *
line(void)
{
	static char text[512];

	do {
		if (fgets(text, sizeof(text), from) == NULL)
			give_up("an answer", "the end");
		text[strcspn(text, "\r\n")] = '\0';
	} while (text[0] == '\0');
	return text;
}

static void
expect(const char *what)
{
	const char *seen = line();

	if (strcmp(seen, what) != 0)
		give_up(what, seen);
}

__attribute__((format(printf, 1, 2))) static void
say(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vfprintf(to, format, values);
	va_end(values);
	fputs("\r", to);
	fflush(to);
}

static long
number_after(const char *prefix)
{
	const char *seen = line();

	if (strncmp(seen, prefix, strlen(prefix)) != 0 || !isdigit((unsigned char)seen[strlen(prefix)]))
		give_up(prefix, seen);
	return strtol(seen + strlen(prefix), NULL, 10);
}

/* Bytes from at on: no two windows of the file are alike. */
static void
fill(char *into, size_t n, uint64_t at)
{
	for (size_t i = 0; i < n; i++, at++)
		into[i] = (char)((at ^ at >> 8 ^ at >> 17 ^ at >> 23) * 167);
}

static void
upload(uint64_t size)
{
	char block[BLOCK_MOST];
	long most;

	say("AT+FTPPUT=1");
	expect("OK");
	most = number_after("+FTPPUT: 1,1,");
	for (uint64_t at = 0; at < size;) {
		size_t n = size - at < sizeof(block) ? (size_t)(size - at) : sizeof(block);

		if (n > (size_t)most)
			n = (size_t)most;
		fill(block, n, at);
		say("AT+FTPPUT=2,%zu", n);
		if (number_after("+FTPPUT: 2,") != (long)n)
			give_up("as much as was offered", "less");
		fwrite(block, 1, n, to);
		fflush(to);
		expect("OK");
		most = number_after("+FTPPUT: 1,1,");
		at += n;
	}
	say("AT+FTPPUT=2,0");
	expect("OK");
	expect("+FTPPUT: 1,0");
}

/* Data is there: read until there is none at the moment.  How much came. */
static uint64_t
read_window(uint64_t at)
{
	char piece[READ_MOST], want[READ_MOST];
	uint64_t begin = at;
	size_t n = READ_MOST;

	while (n == READ_MOST) {
		long given;

		say("AT+FTPGET=2,%d", READ_MOST);
		given = number_after("+FTPGET: 2,");
		if (given > READ_MOST || fread(piece, 1, (size_t)given, from) != (size_t)given)
			give_up("so many bytes", "less");
		expect("OK");
		n = (size_t)given;
		fill(want, n, at);
		if (memcmp(piece, want, n) != 0)
			give_up("what was sent", "other bytes");
		at += n;
	}
	return at - begin;
}

static void
download(uint64_t size)
{
	uint64_t at = 0;

	say("AT+FTPGET=1");
	expect("OK");
	while (number_after("+FTPGET: 1,") == 1)
		at += read_window(at);
	if (at != size)
		give_up("as many bytes as went up", "another number");
}

static long
memory_kb(void)
{
	char path[64], text[256];
	long kb = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)emulator);
	if ((f = fopen(path, "r")) == NULL)
		return 0;
	while (fgets(text, sizeof(text), f) != NULL)
		if (sscanf(text, "VmHWM: %ld", &kb) == 1)
			break;
	fclose(f);
	return kb;
}

static void
set(const char *command, const char *value)
{
	say("AT+%s=\"%s\"", command, value);
	expect("OK");
}

int
main(int argc, char **argv)
{
	if (argc < 8) {
		fprintf(stderr, "usage: ftp_host ATTEST HOST PORT USER PASSWORD NAME MIB...\n");
		return 2;
	}
	start(argv[1]);
	say("ATE0");
	line();
	expect("OK");
	say("AT+SAPBR=1,1");
	expect("OK");
	say("AT+FTPPORT=%s;+FTPMODE=1", argv[3]);
	expect("OK");
	set("FTPSERV", argv[2]);
	set("FTPUN", argv[4]);
	set("FTPPW", argv[5]);
	set("FTPPUTPATH", "/");
	set("FTPPUTNAME", argv[6]);
	set("FTPGETPATH", "/");
	set("FTPGETNAME", argv[6]);
	for (int i = 7; i < argc; i++) {
		uint64_t size = strtoull(argv[i], NULL, 10) << 20, begin = clock_us(), middle;

		upload(size);
		middle = clock_us();
		say("AT+FTPSIZE");
		expect("OK");
		if (number_after("+FTPSIZE: 1,0,") != (long)size)
			give_up("the size of what went up", "another one");
		download(size);
		printf("%s MiB: %.1f MB/s up, %.1f MB/s down, %ld kB\n", argv[i], (double)size / (double)(middle - begin),
		    (double)size / (double)(clock_us() - middle), memory_kb());
		fflush(stdout);
	}
	say("AT+FTPDELE");
	expect("OK");
	expect("+FTPDELE: 1,0");
	fclose(to);
	fclose(from);
	waitpid(emulator, NULL, 0);
	return 0;
}
