/* What the simulated FTP server says to a command; what the module makes of it: world_ftp_codes. */
#include "world_parts.h"

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
