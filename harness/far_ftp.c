/* far ftp lines. */
#include "far_parts.h"

static struct span
trimmed(struct span s)
{
	while (s.len > 1 && s.at[s.len - 1] == '/')
		s.len--;
	return s;
}

static const struct ftp_seen *
find_command(const struct world_sim *w, int verb, bool any_argument, struct span argument, const struct ftp_seen **last)
{
	*last = NULL;
	for (const struct ftp_seen *s = w->log.ftp; s != NULL; s = s->before) {
		if (s->at_us > w->now_us)
			continue;
		if (*last == NULL || (s->verb == (enum ftp_verb)verb && (*last)->verb != (enum ftp_verb)verb))
			*last = s;
		if (s->verb == (enum ftp_verb)verb && (any_argument || span_equal(trimmed(s->argument), trimmed(argument))))
			return s;
	}
	return NULL;
}

/* What stands behind a verb: to the end of the line, or a string. */
static int
take_argument(struct judge *j, struct span *argument)
{
	if (scan_at_string(&j->sc)) {
		if (!scan_string(&j->sc, argument))
			return WRONG;
		return scan_end(&j->sc) ? SO : far_wrong(j, "expected the end of the line");
	}
	*argument = span_after(j->sc.line, j->sc.at);
	while (argument->len > 0 && argument->at[argument->len - 1] == ' ')
		argument->len--;
	j->sc.at = j->sc.line.len;
	return SO;
}

static int
judge_ftp_saw(struct judge *j)
{
	bool wanted = !scan_word(&j->sc, "no"), any;
	const struct ftp_seen *s, *last;
	struct span argument = SPAN("");
	int verb = 0;

	if (wanted && scan_word(&j->sc, "nothing")) {
		if (!scan_end(&j->sc))
			return far_wrong(j, "expected the end of the line");
		s = j->w == NULL ? NULL : find_command(j->w, FTP_USER, true, argument, &last);
		if (s == NULL && j->w != NULL && j->w->log.ftp_forgotten > 0)
			return far_wrong(j, FAR_FORGOTTEN);
		return s == NULL ? SO : far_not_so(j, "USER %.*s arrived", TEXT(s->argument));
	}
	while (verb < FTP_VERBS && !scan_word(&j->sc, world_ftp_verbs[verb]))
		verb++;
	if (verb == FTP_VERBS)
		return far_wrong(j, "expected USER, PASS, TYPE, PASV, PORT, REST, AUTH, PBSZ, PROT, RETR, STOR, APPE, STOU, SIZE, DELE, "
				    "MKD, RMD, LIST or QUIT");
	any = scan_end(&j->sc);
	if (!any && take_argument(j, &argument) != SO)
		return WRONG;
	if (j->w == NULL)
		return SO;
	s = find_command(j->w, verb, any, argument, &last);
	if (s == NULL && j->w->log.ftp_forgotten > 0)
		return far_wrong(j, FAR_FORGOTTEN);
	if (!wanted)
		return s == NULL ? SO : far_not_so(j, "%s %.*s arrived", world_ftp_verbs[verb], TEXT(s->argument));
	if (s != NULL)
		return SO;
	if (last == NULL)
		return far_not_so(j, "no FTP command arrived");
	return far_not_so(j, "no %s%s%.*s arrived, but %s%s%.*s", world_ftp_verbs[verb], any ? "" : " ", TEXT(argument),
	    world_ftp_verbs[last->verb], last->argument.len == 0 ? "" : " ", TEXT(last->argument));
}

static int
judge_ftp_file(struct judge *j, bool wanted)
{
	struct span path;
	struct content want = { .kind = CONTENT_STRING };
	struct ftp_node *n = NULL;
	int result = SO;

	if (!scan_name(&j->sc, &path, "expected a path that begins with /"))
		return WRONG;
	if (wanted)
		result = far_take_content(j, &want);
	if (result != SO)
		return result;
	if (!scan_end(&j->sc))
		return far_wrong(j, "expected the end of the line");
	if (j->w == NULL)
		return SO;
	for (const struct ftp_server *s = j->w->servers; s != NULL && n == NULL; s = s->next)
		n = files_find(s, files_path(path));
	if (!wanted)
		return n == NULL ? SO : far_not_so(j, "%.*s is there", TEXT(path));
	if (n == NULL || n->dir)
		return far_not_so(j, "%.*s is %s", TEXT(path), n == NULL ? "not there" : "a folder");
	return far_content(j, path, &n->content, &want);
}

int
far_ftp(struct judge *j)
{
	if (scan_word(&j->sc, "saw"))
		return judge_ftp_saw(j);
	if (scan_word(&j->sc, "has"))
		return judge_ftp_file(j, true);
	if (scan_word(&j->sc, "lacks"))
		return judge_ftp_file(j, false);
	return far_wrong(j, "expected saw, has or lacks");
}
