#include "world_ftp_codes.h"

#include <stdbool.h>

const char *const world_ftp_verbs[] = {
	[FTP_USER] = "USER",
	[FTP_PASS] = "PASS",
	[FTP_TYPE] = "TYPE",
	[FTP_PASV] = "PASV",
	[FTP_PORT] = "PORT",
	[FTP_REST] = "REST",
	[FTP_AUTH] = "AUTH",
	[FTP_PBSZ] = "PBSZ",
	[FTP_PROT] = "PROT",
	[FTP_RETR] = "RETR",
	[FTP_STOR] = "STOR",
	[FTP_APPE] = "APPE",
	[FTP_STOU] = "STOU",
	[FTP_SIZE] = "SIZE",
	[FTP_DELE] = "DELE",
	[FTP_MKD] = "MKD",
	[FTP_RMD] = "RMD",
	[FTP_LIST] = "LIST",
	[FTP_QUIT] = "QUIT",
};

/* What a good reply to each command begins with (RFC 959 5.4), and what any other makes of the session. */
static const struct {
	int good, also, error;
} commands[] = {
	[FTP_USER] = { 3, 2, FTP_USER_ERROR },
	[FTP_PASS] = { 2, 2, FTP_PASSWORD_ERROR },
	[FTP_TYPE] = { 2, 2, FTP_TYPE_ERROR },
	[FTP_PASV] = { 2, 2, FTP_PASSIVE_ERROR },
	[FTP_PORT] = { 2, 2, FTP_ACTIVE_ERROR },
	[FTP_REST] = { 3, 3, FTP_REST_ERROR },
	[FTP_AUTH] = { 2, 2, FTP_AUTH_ERROR },
	[FTP_PBSZ] = { 2, 2, FTP_PBSZ_ERROR },
	[FTP_PROT] = { 2, 2, FTP_PROT_ERROR },
	[FTP_RETR] = { 1, 1, FTP_OPERATE_ERROR },
	[FTP_STOR] = { 1, 1, FTP_OPERATE_ERROR },
	[FTP_APPE] = { 1, 1, FTP_OPERATE_ERROR },
	[FTP_STOU] = { 1, 1, FTP_OPERATE_ERROR },
	[FTP_SIZE] = { 2, 2, FTP_OPERATE_ERROR },
	[FTP_DELE] = { 2, 2, FTP_OPERATE_ERROR },
	[FTP_MKD] = { 2, 2, FTP_OPERATE_ERROR },
	[FTP_RMD] = { 2, 2, FTP_OPERATE_ERROR },
	[FTP_LIST] = { 1, 1, FTP_OPERATE_ERROR },
	[FTP_QUIT] = { 2, 2, FTP_REPLY_ERROR },
};

/* The module's error for reply code to verb; 0: it may go on. */
int
world_ftp_error(enum ftp_verb verb, int code)
{
	bool upload = verb == FTP_STOR || verb == FTP_APPE || verb == FTP_STOU;

	if (code < 100 || code > 599)
		return FTP_REPLY_ERROR;
	if (code == 421)
		return FTP_SERVER_ERROR;
	if (verb == FTP_PASV && code / 100 == 2 && code != 227)
		return FTP_REPLY_ERROR;
	if (code / 100 == commands[verb].good || code / 100 == commands[verb].also)
		return 0;
	if (code < 400)
		return FTP_REPLY_ERROR;
	/* 425, 426: the data connection; 452, 552: the server's disk is full. */
	if (upload && (code == 425 || code == 426 || code == 452 || code == 552))
		return FTP_UPLOAD_ERROR;
	if ((verb == FTP_RETR || verb == FTP_LIST) && (code == 425 || code == 426))
		return FTP_DOWNLOAD_ERROR;
	return commands[verb].error;
}
