/*
 * world_ftp_codes: FTP's commands, and what the module reports when one of them fails.
 *
 * Which command failed decides which error the module reports: one table for the simulated servers and for real ones.
 */
#ifndef WORLD_FTP_CODES_H
#define WORLD_FTP_CODES_H

/* The module's errors (manual 12.2.14; 80 and up: SSL note). */
enum {
	FTP_NET_ERROR = 61,
	FTP_DNS_ERROR = 62,
	FTP_CONNECT_ERROR = 63,
	FTP_TIMEOUT = 64,
	FTP_SERVER_ERROR = 65,
	FTP_NOT_ALLOWED = 66,
	FTP_REPLY_ERROR = 70,
	FTP_USER_ERROR = 71,
	FTP_PASSWORD_ERROR = 72,
	FTP_TYPE_ERROR = 73,
	FTP_REST_ERROR = 74,
	FTP_PASSIVE_ERROR = 75,
	FTP_ACTIVE_ERROR = 76,
	FTP_OPERATE_ERROR = 77,
	FTP_UPLOAD_ERROR = 78,
	FTP_DOWNLOAD_ERROR = 79,
	FTP_TLS_CHANNEL = 80,
	FTP_TLS_ALERT = 81,
	FTP_AUTH_ERROR = 82,
	FTP_PBSZ_ERROR = 83,
	FTP_PROT_ERROR = 84,
};

enum ftp_verb {
	FTP_USER, FTP_PASS, FTP_TYPE, FTP_PASV, FTP_PORT, FTP_REST, FTP_AUTH, FTP_PBSZ, FTP_PROT,
	FTP_RETR, FTP_STOR, FTP_APPE, FTP_STOU, FTP_SIZE, FTP_DELE, FTP_MKD, FTP_RMD, FTP_LIST, FTP_QUIT, FTP_VERBS
};

/* Their names, FTP_VERBS of them. */
extern const char *const world_ftp_verbs[];

/* The module's error for a reply code to verb; 0: it may go on. */
int world_ftp_error(enum ftp_verb verb, int code);

#endif
