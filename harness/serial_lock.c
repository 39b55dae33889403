#include "serial_lock.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "escape.h"
#include "span.h"

/* Another process that has real open; 0: none that may be looked at. */
static pid_t
opened_by(const char *real)
{
	DIR *processes = opendir("/proc");
	struct dirent *process, *file;
	pid_t found = 0;

	while (processes != NULL && found == 0 && (process = readdir(processes)) != NULL) {
		char path[64], target[PATH_MAX];
		pid_t pid = (pid_t)atoi(process->d_name);
		DIR *files;

		snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
		if (pid <= 0 || pid == getpid() || (files = opendir(path)) == NULL)
			continue;
		while (found == 0 && (file = readdir(files)) != NULL) {
			ssize_t n = readlinkat(dirfd(files), file->d_name, target, sizeof(target) - 1);

			if (n > 0 && (size_t)n == strlen(real) && memcmp(target, real, (size_t)n) == 0)
				found = pid;
		}
		closedir(files);
	}
	if (processes != NULL)
		closedir(processes);
	return found;
}

/* The process that has an flock on it: /proc/locks names the file by device and inode. */
static pid_t
locked_by(const char *real)
{
	FILE *f = fopen("/proc/locks", "r");
	char line[256];
	struct stat s;
	pid_t found = 0;

	if (f == NULL)
		return 0;
	if (stat(real, &s) == 0)
		while (found == 0 && fgets(line, sizeof(line), f) != NULL) {
			unsigned major_number, minor_number;
			unsigned long long inode;
			int pid;

			if (sscanf(line, "%*d: FLOCK %*s %*s %d %x:%x:%llu", &pid, &major_number, &minor_number, &inode) == 4 &&
			    major_number == major(s.st_dev) && minor_number == minor(s.st_dev) && inode == s.st_ino)
				found = (pid_t)pid;
		}
	fclose(f);
	return found;
}

/* The living process that UUCP's lock file names; 0: there is none. */
static pid_t
lock_file_of(const char *real)
{
	const char *name = strrchr(real, '/');
	char path[128], text[32] = "";
	FILE *f;
	int pid;

	snprintf(path, sizeof(path), "/var/lock/LCK..%.64s", name == NULL ? real : name + 1);
	if ((f = fopen(path, "r")) == NULL)
		return 0;
	if (fgets(text, sizeof(text), f) == NULL)
		text[0] = '\0';
	fclose(f);
	pid = atoi(text);
	return pid > 0 && pid != (int)getpid() && (kill(pid, 0) == 0 || errno == EPERM) ? (pid_t)pid : 0;
}

static int
used_by(const char *real, pid_t pid, struct err *e)
{
	char path[64], name[64] = "", shown[256], command[128] = "";
	FILE *f;

	escape_bytes(shown, sizeof(shown), span_str(real));
	if (pid <= 0)
		return err_set(e, EXIT_RIG, "%s: is in use by another program (which one, only its owner and root can see)", shown);
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	if ((f = fopen(path, "r")) != NULL) {
		if (fgets(name, sizeof(name), f) != NULL)
			name[strcspn(name, "\n")] = '\0';
		fclose(f);
		escape_bytes(command, sizeof(command), span_str(name));
	}
	return err_set(e, EXIT_RIG, "%s: is in use by process %d%s%s%s", shown, (int)pid, command[0] == '\0' ? "" : " (", command,
	    command[0] == '\0' ? "" : ")");
}

int
serial_in_use(const char *real, struct err *e)
{
	pid_t pid = locked_by(real);

	return used_by(real, pid != 0 ? pid : opened_by(real), e);
}

int
serial_lock(int fd, const char *real, bool shared_open, struct err *e)
{
	pid_t pid;

	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? serial_in_use(real, e) : err_errno(e, EXIT_RIG, "%s: cannot be locked", real);
	if (shared_open)
		return 0;
	pid = lock_file_of(real);
	if (pid == 0)
		pid = opened_by(real);
	return pid == 0 ? 0 : used_by(real, pid, e);
}
