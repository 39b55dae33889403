/*
 * lab_fixtures FOLDER HTTP-DIR CASE|FOLDER...: what the world lines of the cases that run in a lab describe, as files for real servers.
 *
 *	FOLDER/http/CASE/...	bodies, a page of a folder's own as .index
 *	FOLDER/ftp/CASE/...	files and folders
 *	FOLDER/cases.conf	nginx locations of what is more than a file: status, redirect, latency, ...
 *
 * HTTP-DIR is where FOLDER/http will lie on the web server: http_dir of the lab file, "" for its root.
 * CASE is what lab_folder says, so that no case meets another's files.  A world line that no server of the lab can keep is an error:
 * its case may not say "need world lab".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "case_find.h"
#include "lab_file.h"
#include "world_parts.h"

#define HTTP_HOST "www.sim.com"
#define FTP_HOST "116.228.221.52"
#define FIXTURE_MAX (1u << 20) /* a lab is not for more than a module's buffer and a little */
#define REFUSED_PORT 9         /* as lab_value has it without a lab */

struct fixtures {
	const char *out, *dir;
	FILE *conf;
	const struct test_case *c;
	char folder[LAB_VALUE_MAX];
	int bad, cases;
};

static void
complain(struct fixtures *f, const char *what)
{
	fprintf(stderr, "%s:%d:1: a world with %s, which no lab has: expected 'need world'\n", f->c->path,
	    f->c->row >= 0 ? f->c->row_line : 1, what);
	f->bad++;
}

static void
failed(struct fixtures *f, const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	f->bad++;
}

/* Make the folders that path lies in; path itself, too, when it ends with a slash. */
static void
folders_make(struct fixtures *f, char *path)
{
	for (char *c = path + 1; *c != '\0'; c++) {
		if (*c != '/')
			continue;
		*c = '\0';
		if (mkdir(path, 0777) != 0 && errno != EEXIST)
			failed(f, path);
		*c = '/';
	}
}

static void
file_make(struct fixtures *f, char *path, const struct content *content)
{
	char piece[65536];
	FILE *out;

	if (content->length > FIXTURE_MAX) {
		complain(f, "a file of more than 1 MiB");
		return;
	}
	folders_make(f, path);
	out = fopen(path, "wb");
	if (out == NULL) {
		failed(f, path);
		return;
	}
	for (uint64_t at = 0; at < content->length;) {
		size_t n = content->length - at < sizeof(piece) ? (size_t)(content->length - at) : sizeof(piece);

		content_fill(content, at, piece, n);
		fwrite(piece, 1, n, out);
		at += n;
	}
	if (fclose(out) != 0)
		failed(f, path);
}

/* ---- HTTP ------------------------------------------------------------------------ */

static bool
plain(const struct http_resource *r)
{
	return r->status == 200 && (r->type.len == 0 || span_equal(r->type, SPAN("text/html"))) && r->latency_us == WORLD_HTTP_LATENCY_US &&
	       r->rate == 0 && r->ranges == RANGES_YES && r->redirect.len == 0 && !r->has_cut && !r->silent && !r->echo &&
	       !r->echo_request && r->methods == 0;
}

static const char *
not_in_a_lab(const struct http_resource *r)
{
	if (r->garbage || r->tls_fails || r->tls_alert)
		return "'garbage', 'tls-fails' or 'tls-alert'";
	if (r->ranges == RANGES_OK)
		return "'ranges ok'";
	if (r->url.tls || !span_equal(r->url.host, SPAN(HTTP_HOST)))
		return "HTTPS, or a host that is not {lab.http_host}";
	if (r->url.port != 0 && r->url.port != 80)
		return "a port that is neither {lab.http_port} nor {lab.refused_port}";
	if (!plain(r) && memchr(r->url.path.at, '?', r->url.path.len) != NULL)
		return "a query and options";
	return r->refuse ? "'refuse' on a port where somebody listens" : NULL;
}

/* Its location: what end.js answers by. */
static void
location(struct fixtures *f, const struct http_resource *r, struct span path, const char *file)
{
	struct span to = r->redirect;
	const char *at = "";

	if (span_starts(to, SPAN("http://" HTTP_HOST))) {
		to = span_after(to, strlen("http://" HTTP_HOST));
		at = "http://$http_host";
	} else if (to.len > 0 && to.at[0] != '/') {
		complain(f, "a redirect to another host");
	}
	fprintf(f->conf, "location = \"%s/%s%.*s\" {\n\tset $lab_file \"%s%s\";\n\tset $lab_status %d;\n\tset $lab_type \"%.*s\";\n",
	    f->dir, f->folder, (int)path.len, path.at, f->dir, file, r->status, (int)r->type.len, r->type.at);
	fprintf(f->conf, "\tset $lab_latency %llu;\n\tset $lab_cut %lld;\n\tset $lab_ranges %d;\n\tset $lab_echo %d;\n",
	    r->latency_us == WORLD_HTTP_LATENCY_US ? 0ull : (unsigned long long)r->latency_us / 1000, r->has_cut ? (long long)r->cut : -1ll,
	    r->ranges == RANGES_YES, r->echo_request ? 2 : r->echo);
	if (to.len > 0)
		fprintf(
		    f->conf, "\tset $lab_to \"%s%s/%s%s%.*s\";\n", at, f->dir, f->folder, to.at[0] == '/' ? "" : "/", (int)to.len, to.at);
	else
		fprintf(f->conf, "\tset $lab_to \"\";\n");
	fprintf(f->conf, "\tset $lab_methods \"");
	for (int m = 0; m < 4; m++)
		if ((r->methods >> m & 1u) != 0)
			fprintf(f->conf, "%s ", world_http_methods[m]);
	fprintf(f->conf, "\";\n");
	if (r->rate > 0)
		fprintf(f->conf, "\tlimit_rate %u;\n", (unsigned)r->rate);
	if (r->has_cut)
		fprintf(f->conf, "\tkeepalive_timeout 0;\n\tpostpone_output 0;\n");
	fprintf(f->conf, "\tjs_content end.%s;\n}\n", r->silent ? "silent" : "described");
}

static void
resource(struct fixtures *f, const struct http_resource *r)
{
	const char *why;
	char path[1024];
	struct span of = r->url.path;
	int n;

	if (r->refuse && r->url.port == REFUSED_PORT)
		return;
	why = not_in_a_lab(r);
	if (why != NULL) {
		complain(f, why);
		return;
	}
	n = snprintf(
	    path, sizeof(path), "%s/http/%s%.*s%s", f->out, f->folder, (int)of.len, of.at, of.at[of.len - 1] == '/' ? ".index" : "");
	if (n < 0 || (size_t)n >= sizeof(path)) {
		complain(f, "a path that is too long");
		return;
	}
	file_make(f, path, &r->content);
	if (plain(r))
		return;
	location(f, r, of, path + strlen(f->out) + strlen("/http"));
	if (of.len == 1) /* the case's own folder is asked for without a slash, too */
		location(f, r, SPAN(""), path + strlen(f->out) + strlen("/http"));
}

/* ---- FTP ------------------------------------------------------------------------- */

static void
server(struct fixtures *f, const struct ftp_server *s)
{
	char path[1024];

	if (s->host.len > 0 && !span_equal(s->host, SPAN(FTP_HOST)))
		complain(f, "an FTP server that is not {lab.ftp_host}");
	if (s->replies != NULL || s->latency_us != 0 || s->rate != 0 || s->windows != 0 || s->bursts != 0 || s->refuse || s->silent ||
	    s->tls_fails || s->tls_alert || s->silent_after != FTP_VERBS || s->has_cut[CUT_RETR] || s->has_cut[CUT_STOR] ||
	    s->has_cut[CUT_LIST])
		complain(f, "an FTP server that is slow, broken or answers as it was told");
	for (const struct ftp_node *n = s->nodes; n != NULL; n = n->next) {
		snprintf(path, sizeof(path), "%s/ftp/%s%.*s%s", f->out, f->folder, (int)n->path.len, n->path.at, n->dir ? "/" : "");
		if (n->dir)
			folders_make(f, path);
		else
			file_make(f, path, &n->content);
	}
}

/* ---- a case ------------------------------------------------------------------------ */

static void
one_case(struct fixtures *f, struct world_sim *w)
{
	char path[1024];
	struct err e;

	if ((f->c->needs & (NEED_WORLD | NEED_LAB)) != (NEED_WORLD | NEED_LAB))
		return;
	f->cases++;
	lab_folder(f->c->path, f->c->row, f->folder, sizeof(f->folder));
	if (world_sim_begin(w, f->c->setting.world, 1, &e) != 0) {
		fprintf(stderr, "%s\n", e.text);
		f->bad++;
		return;
	}
	if (w->network.refuse || w->network.lost_after_us != 0 || w->network.has_apn)
		complain(f, "a bearer that is refused, lost, or of another access point");
	snprintf(path, sizeof(path), "%s/ftp/%s/", f->out, f->folder);
	folders_make(f, path);
	snprintf(path, sizeof(path), "%s/http/%s/", f->out, f->folder);
	folders_make(f, path);
	for (const struct http_resource *r = w->resources; r != NULL; r = r->next)
		resource(f, r);
	for (const struct ftp_server *s = w->servers; s != NULL; s = s->next)
		server(f, s);
}

static void
one_file(struct fixtures *f, struct world_sim *w, const char *path)
{
	struct errors es = { .count = 0, .more = 0 };
	struct case_file *file = case_load(path, &es);
	struct arena arena = { NULL, NULL, 0 };
	struct test_case c;

	for (int row = 0; file != NULL && row < case_rows(file); row++) {
		arena_reset(&arena);
		f->c = &c;
		if (case_parse(file, row, &arena, &c, &es) == 0)
			one_case(f, w);
	}
	for (int i = 0; i < es.count; i++)
		fprintf(stderr, "%s\n", es.list[i].text);
	f->bad += es.count;
	case_free(file);
	arena_free(&arena);
}

int
main(int argc, char **argv)
{
	struct case_paths paths = { NULL, 0, 0 };
	struct fixtures f = { .out = argc > 1 ? argv[1] : "", .dir = argc > 2 ? argv[2] : "" };
	struct world_sim *w = world_sim_new();
	char path[1024];
	struct err e;

	if (argc < 4 || w == NULL) {
		fprintf(stderr, "usage: lab_fixtures FOLDER HTTP-DIR CASE|FOLDER...\n");
		return EXIT_USAGE;
	}
	for (int i = 3; i < argc; i++)
		if (case_find(&paths, argv[i], &e) != 0) {
			fprintf(stderr, "%s\n", e.text);
			return EXIT_USAGE;
		}
	snprintf(path, sizeof(path), "%s/cases.conf", f.out);
	folders_make(&f, path);
	f.conf = fopen(path, "w");
	if (f.conf == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return EXIT_RIG;
	}
	for (size_t i = 0; i < paths.count; i++)
		one_file(&f, w, paths.path[i]);
	if (fclose(f.conf) != 0)
		f.bad++;
	fprintf(stderr, "fixtures of %d cases in %s, %d errors\n", f.cases, f.out, f.bad);
	case_paths_free(&paths);
	world_sim_free(w);
	return f.bad == 0 ? 0 : EXIT_USAGE;
}
