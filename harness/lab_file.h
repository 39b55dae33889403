/*
 * lab_file: what a lab is, as data: its port, its network, its servers, its user.
 *
 *	lab file (key = value) --> lab_file --> {lab.KEY} in cases
 *	                               |------> port, baud, recovery, expected revision for the run
 *
 * One "key = value" a line; blank lines and lines that begin with # do not count.  A value goes to the end of its line, blanks around
 * it left out, and may stand in double quotes (for blanks at its ends).  "key.env = NAME" takes the value from that environment variable.
 * harness/lab/sample.conf shows every key.  It refuses what it does not know: an unknown key, a key twice, a number out of its range.
 *
 * Without a lab file every {lab.KEY} has a value, too: what the described world of the emulator has always been called.
 */
#ifndef LAB_FILE_H
#define LAB_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "span.h"

#define LAB_FILE_MAX (64u << 10)
#define LAB_VALUE_MAX 256	/* bytes of a value, its NUL among them */
#define LAB_TEXT_MAX 1024	/* of a value as put into a case, folders and escapes included */

enum lab_key {
	/* for the run */
	LAB_PORT,		/* as --port has it */
	LAB_BAUD,
	LAB_REVISION,		/* what the module must say it is */
	LAB_RECOVER,		/* command that makes a silent module answer again */
	/* for the run and for cases */
	LAB_APN, LAB_APN_USER, LAB_APN_PASSWORD,
	LAB_HTTP_HOST, LAB_HTTP_PORT, LAB_HTTP_DIR,
	LAB_FTP_HOST, LAB_FTP_PORT, LAB_FTP_DIR, LAB_FTP_USER, LAB_FTP_PASSWORD,
	LAB_PROXY_HOST, LAB_PROXY_PORT,
	LAB_REFUSED_PORT,	/* of http_host and ftp_host: nobody listens there */
	LAB_UNKNOWN_HOST,	/* a name that the name service does not know */
	LAB_KEYS
};

struct lab_file {
	bool given[LAB_KEYS];
	char value[LAB_KEYS][LAB_VALUE_MAX];	/* empty when not given */
};

/* Read the file at path.  -1: it cannot be read, or a line is wrong; e says path:line:column. */
int lab_file_read(struct lab_file *lab, const char *path, struct err *e);
/* The same of a text; path is for errors. */
int lab_file_parse(struct lab_file *lab, const char *path, struct span text, struct err *e);

/* The value of a key, NULL when the file does not give it. */
const char *lab_file_get(const struct lab_file *lab, enum lab_key key);
/* The same as a number (LAB_BAUD and the ports), 0 when it is not given. */
uint32_t lab_file_number(const struct lab_file *lab, enum lab_key key);
const char *lab_file_name(enum lab_key key);
/* Its value is a password: to be masked wherever it is written. */
bool lab_file_is_secret(enum lab_key key);

/*
 * What {lab.NAME} stands for in a case: a key's value, or
 *	http		http_host:http_port/http_dir and the case's own folder there; without a lab "www.sim.com"
 *	ftp_dir		the case's own folder on the FTP server; without a lab ""
 * lab NULL: no lab file.  path and row (-1: no table) say which case.  Written into into with the escapes of the case language.
 */
enum lab_found { LAB_FOUND, LAB_NOT_GIVEN, LAB_NO_SUCH_NAME };
enum lab_found lab_value(const struct lab_file *lab, struct span name, const char *path, int row, char into[LAB_TEXT_MAX]);
/* The names that cases may use, NULL at the end. */
extern const char *const lab_value_names[];

/* A case's own folder on a lab's servers: its folder's name and its own, without suffix, and its row from 1. */
void lab_folder(const char *path, int row, char *into, size_t cap);

#endif
