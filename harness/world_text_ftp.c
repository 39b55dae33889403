/*
 * The grammar of world ftp lines: cases/README.md, section Steps.
 */
#include "world_parts.h"

static struct ftp_server *
server_of(struct world_sim *w, struct span host)
{
	struct ftp_server *s;

	for (s = w->servers; s != NULL; s = s->next)
		if (at_same(s->host, host))
			return s;
	s = arena_alloc(&w->arena, sizeof(*s));
	s->host = host;
	s->login_us = WORLD_FTP_LOGIN_US;
	s->pause_us = WORLD_FTP_PAUSE_US;
	s->silent_after = FTP_VERBS;
	s->nodes_end = &s->nodes;
	s->next = w->servers;
	w->servers = s;
	files_make(w, s, SPAN("/"), true);
	return s;
}

static bool
verb_here(struct world_scan *sc, enum ftp_verb *verb)
{
	for (int i = 0; i < FTP_QUIT; i++)
		if (scan_word(sc, world_ftp_verbs[i])) {
			*verb = (enum ftp_verb)i;
			return true;
		}
	return scan_fail(
	    sc, "expected USER, PASS, TYPE, PASV, PORT, REST, AUTH, PBSZ, PROT, RETR, STOR, APPE, STOU, SIZE, DELE, MKD, RMD or LIST");
}

static bool
user_item(struct world_sim *w, struct world_scan *sc, struct ftp_server *s)
{
	struct ftp_user *u = arena_alloc(&w->arena, sizeof(*u));

	if (!scan_string(sc, &u->name))
		return false;
	if (!scan_word(sc, "password"))
		return scan_fail(sc, "expected password");
	u->next = s->users;
	s->users = u;
	return scan_string(sc, &u->password);
}

static bool
path_here(struct world_scan *sc, struct span *path)
{
	size_t at;

	scan_end(sc);
	at = sc->at;
	if (!scan_name(sc, path, "expected a path that begins with /"))
		return false;
	if (path->len > 0 && path->at[0] == '/')
		return true;
	sc->at = at;
	return scan_fail(sc, "expected a path that begins with /");
}

static bool
file_item(struct world_sim *w, struct world_scan *sc, struct ftp_server *s, bool dir, bool check_only)
{
	struct span path;
	struct content c = { .kind = CONTENT_STRING };
	struct ftp_node *n;

	if (!path_here(sc, &path))
		return false;
	if (!dir && !world_text_content(w, sc, &c, check_only))
		return false;
	n = files_make(w, s, files_path(path), dir);
	n->content = c;
	return true;
}

static bool
cut_item(struct world_scan *sc, struct ftp_server *s)
{
	static const char *const names[CUTS] = { [CUT_RETR] = "RETR", [CUT_STOR] = "STOR", [CUT_LIST] = "LIST" };

	for (int i = 0; i < CUTS; i++)
		if (scan_word(sc, names[i])) {
			s->has_cut[i] = true;
			return world_text_bytes(sc, &s->cut[i]);
		}
	return scan_fail(sc, "expected RETR, STOR or LIST");
}

static bool
reply_item(struct world_sim *w, struct world_scan *sc, struct ftp_server *s)
{
	struct ftp_reply *r = arena_alloc(&w->arena, sizeof(*r));
	uint64_t code;

	if (!verb_here(sc, &r->verb) || !scan_number(sc, 0, 999, &code, "expected a reply code, 0..999"))
		return false;
	r->code = (int)code;
	r->next = s->replies;
	s->replies = r;
	return !scan_at_string(sc) || scan_string(sc, &r->text);
}

static bool
ftp_item(struct world_sim *w, struct world_scan *sc, struct ftp_server *s, bool check_only)
{
	uint64_t n;

	if (scan_word(sc, "user"))
		return user_item(w, sc, s);
	if (scan_word(sc, "file"))
		return file_item(w, sc, s, false, check_only);
	if (scan_word(sc, "dir"))
		return file_item(w, sc, s, true, check_only);
	if (scan_word(sc, "latency"))
		return scan_duration(sc, &s->latency_us);
	if (scan_word(sc, "login"))
		return scan_duration(sc, &s->login_us);
	if (scan_word(sc, "rate"))
		return world_text_rate(sc, &s->rate);
	if (scan_word(sc, "window"))
		return scan_numbers(sc, s->window, WORLD_NUMBERS_MAX, &s->windows);
	if (scan_word(sc, "burst"))
		return scan_numbers(sc, s->burst, WORLD_NUMBERS_MAX, &s->bursts);
	if (scan_word(sc, "pause"))
		return scan_duration(sc, &s->pause_us);
	if (scan_word(sc, "cut"))
		return cut_item(sc, s);
	if (scan_word(sc, "reply"))
		return reply_item(w, sc, s);
	if (scan_word(sc, "port")) {
		if (!scan_number(sc, 1, 65535, &n, "expected a port, 1..65535"))
			return false;
		s->port = (uint16_t)n;
		return true;
	}
	if (scan_word(sc, "refuse"))
		return s->refuse = true;
	if (scan_word(sc, "tls-fails"))
		return s->tls_fails = true;
	if (scan_word(sc, "tls-alert"))
		return s->tls_alert = true;
	if (scan_word(sc, "silent")) {
		if (scan_word(sc, "after"))
			return verb_here(sc, &s->silent_after);
		return s->silent = true;
	}
	return scan_fail(sc, "expected user, file, dir, latency, login, rate, window, burst, pause, cut, reply, port, refuse, silent, "
			     "tls-fails or tls-alert");
}

static bool
at_ftp_item(struct world_scan *sc)
{
	static const char *const words[] = { "user", "file", "dir", "latency", "login", "rate", "window", "burst", "pause", "cut", "refuse",
		"silent", "reply", "port", "tls-fails", "tls-alert" };
	size_t at = sc->at;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (scan_word(sc, words[i])) {
			sc->at = at;
			return true;
		}
	return scan_end(sc);
}

bool
world_text_ftp(struct world_sim *w, struct world_scan *sc, bool check_only)
{
	struct span host = SPAN("");
	struct ftp_server *s;

	if (!at_ftp_item(sc))
		scan_token(sc, &host, "");
	s = server_of(w, host);
	do
		if (!ftp_item(w, sc, s, check_only))
			return false;
	while (!scan_end(sc));
	return true;
}
