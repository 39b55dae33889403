/*
 * What an FTP server says to a command, and what the module makes of it.
 *
 * Which command failed decides which error the module reports.
 */
#include "world_parts.h"

/* What a good reply to each command begins with (RFC 959 5.4), and what any other makes of the session. */
static const struct {
	int good, also, error;
} commands[] = {
	[FTP_USER] = { 3, 2, 71 },
	[FTP_PASS] = { 2, 2, 72 },
	[FTP_TYPE] = { 2, 2, 73 },
	[FTP_PASV] = { 2, 2, 75 },
	[FTP_PORT] = { 2, 2, 76 },
	[FTP_REST] = { 3, 3, 74 },
	[FTP_AUTH] = { 2, 2, 82 },
	[FTP_PBSZ] = { 2, 2, 83 },
	[FTP_PROT] = { 2, 2, 84 },
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

static const struct ftp_user *
user_named(const struct ftp_server *s, struct span name)
{
	for (const struct ftp_user *u = s->users; u != NULL; u = u->next)
		if (span_equal(u->name, name))
			return u;
	return NULL;
}

static int
reply_store(struct world_sim *w, struct ftp_session *f, const struct ftp_node *n)
{
	const struct ftp_node *parent = files_find(f->server, files_parent(f->path));

	if (f->path.len <= 1 || (n != NULL && n->dir) || parent == NULL || !parent->dir)
		return 553;
	return n == NULL && files_full(w, f->server) ? 452 : 150;
}

static int
reply_of_path(struct world_sim *w, struct ftp_session *f, enum ftp_verb verb)
{
	const struct ftp_node *n = files_find(f->server, f->path), *parent = files_find(f->server, files_parent(f->path));

	switch (verb) {
	case FTP_RETR: return n != NULL && !n->dir ? 150 : 550;
	case FTP_SIZE: return n != NULL && !n->dir ? 213 : 550;
	case FTP_DELE: return n != NULL && !n->dir ? 250 : 550;
	case FTP_MKD: return n == NULL && parent != NULL && parent->dir && !files_full(w, f->server) ? 257 : 550;
	case FTP_RMD: return n != NULL && n->dir && f->path.len > 1 && files_dir_empty(f->server, f->path) ? 250 : 550;
	case FTP_LIST: return n != NULL ? 150 : 550;
	case FTP_STOR:
	case FTP_APPE:
	case FTP_STOU: return reply_store(w, f, n);
	case FTP_USER:
	case FTP_PASS:
	case FTP_TYPE:
	case FTP_PASV:
	case FTP_PORT:
	case FTP_REST:
	case FTP_AUTH:
	case FTP_PBSZ:
	case FTP_PROT:
	case FTP_QUIT:
	case FTP_VERBS: break;
	}
	return 500;
}

int
world_ftp_reply(struct world_sim *w, struct ftp_session *f, enum ftp_verb verb, const struct world_ftp_request *rq)
{
	const struct ftp_server *s = f->server;
	const struct ftp_user *u = user_named(s, rq->user);

	switch (verb) {
	case FTP_USER: return s->users == NULL || u != NULL ? 331 : 530;
	case FTP_PASS: return s->users == NULL || (u != NULL && span_equal(u->password, rq->password)) ? 230 : 530;
	case FTP_TYPE: return 200;
	case FTP_PASV: return 227;
	case FTP_PORT: return 200;
	case FTP_REST: return 350;
	case FTP_AUTH: return 234;
	case FTP_PBSZ:
	case FTP_PROT: return 200;
	case FTP_QUIT: return 221;
	case FTP_RETR:
	case FTP_STOR:
	case FTP_APPE:
	case FTP_STOU:
	case FTP_SIZE:
	case FTP_DELE:
	case FTP_MKD:
	case FTP_RMD:
	case FTP_LIST:
	case FTP_VERBS: break;
	}
	return reply_of_path(w, f, verb);
}
