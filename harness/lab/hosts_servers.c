#include "hosts_servers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "world_parts.h"

#define PATH_ROOM 600
/* What a server may take to listen. */
#define UP_MS 20000

static const char *
env(const char *name)
{
	const char *value = getenv(name);

	return value == NULL ? "" : value;
}

/* ---- children ------------------------------------------------------------------------- */

/* out >= 0: its standard output.  What else it says goes to DIR/NAME.log. */
static pid_t
child(const struct hosts_servers *s, const char *name, char *const *argv, int out)
{
	pid_t parent = getpid(), pid = fork();
	char log[PATH_ROOM];
	int fd;

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	snprintf(log, sizeof(log), "%s/%s.log", s->dir, name);
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666);
	dup2(out >= 0 ? out : fd, 1);
	dup2(fd, 2);
	dup2(open("/dev/null", O_RDONLY), 0);
	execvp(argv[0], argv);
	_exit(127);
}

static void
reap(pid_t *pid)
{
	if (*pid > 0) {
		kill(*pid, SIGTERM);
		waitpid(*pid, NULL, 0);
	}
	*pid = 0;
}

static unsigned
free_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 || getsockname(fd, (struct sockaddr *)&a, &len) != 0)
		a.sin_port = 0;
	close(fd);
	return ntohs(a.sin_port);
}

static bool
listens(unsigned port, pid_t pid)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port) };

	for (int ms = 0; ms < UP_MS; ms += 20) {
		int fd = socket(AF_INET, SOCK_STREAM, 0), there = connect(fd, (struct sockaddr *)&a, sizeof(a));

		close(fd);
		if (there == 0)
			return true;
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return false;
		poll(NULL, 0, 20);
	}
	return false;
}

/* ---- nginx ---------------------------------------------------------------------------- */

static bool
content_write(const char *path, const struct content *c)
{
	char piece[4096];
	FILE *f = fopen(path, "wb");

	if (f == NULL)
		return false;
	for (uint64_t at = 0; at < c->length; at += sizeof(piece)) {
		size_t n = c->length - at < sizeof(piece) ? (size_t)(c->length - at) : sizeof(piece);

		content_fill(c, at, piece, n);
		fwrite(piece, 1, n, f);
	}
	return fclose(f) == 0;
}

static bool
nginx_configure(const struct hosts_servers *s, const struct world_sim *w)
{
	char path[PATH_ROOM];
	FILE *f;
	int n = 0;

	snprintf(path, sizeof(path), "%s/nginx.conf", s->dir);
	if ((f = fopen(path, "w")) == NULL)
		return false;
	fprintf(f,
	    "load_module %s/ngx_http_js_module.so;\ndaemon off;\nmaster_process off;\npid %s/nginx.pid;\nerror_log %s/nginx-error.log;\n",
	    env("HOSTS_NGINX_MODULES"), s->dir, s->dir);
	fprintf(f,
	    "events { }\nhttp {\naccess_log off;\nclient_body_temp_path %s/body;\nproxy_temp_path %s/proxy;\nfastcgi_temp_path "
	    "%s/fastcgi;\n"
	    "uwsgi_temp_path %s/uwsgi;\nscgi_temp_path %s/scgi;\nclient_body_buffer_size 2m;\njs_path %s;\njs_import hosts from "
	    "hosts.js;\n",
	    s->dir, s->dir, s->dir, s->dir, s->dir, env("HOSTS_SOURCE"));
	fprintf(f,
	    "server {\nlisten 127.0.0.1:%u;\nlisten 127.0.0.1:%u ssl;\nssl_certificate %s;\nssl_certificate_key %s;\nset $hosts_seen "
	    "\"%s/seen\";\n",
	    s->http, s->tls, env("HOSTS_CERTIFICATE"), env("HOSTS_CERTIFICATE"), s->dir);
	for (const struct http_resource *r = w->resources; r != NULL; r = r->next, n++) {
		fprintf(f, "location = \"%.*s\" { set $hosts_body \"%s/body-%d\"; set $hosts_echo %d; js_content hosts.answer; }\n",
		    (int)r->url.path.len, r->url.path.at, s->dir, n, r->echo);
		snprintf(path, sizeof(path), "%s/body-%d", s->dir, n);
		if (!content_write(path, &r->content))
			return false;
	}
	fprintf(f, "}\n}\n");
	return fclose(f) == 0;
}

static const char *
nginx_start(struct hosts_servers *s, const struct world_sim *w)
{
	char conf[PATH_ROOM], prefix[PATH_ROOM];
	char *const argv[] = { (char[]){ "nginx" }, (char[]){ "-p" }, prefix, (char[]){ "-e" }, (char[]){ "stderr" }, (char[]){ "-c" },
		conf, NULL };

	snprintf(conf, sizeof(conf), "%s/nginx.conf", s->dir);
	snprintf(prefix, sizeof(prefix), "%s", s->dir);
	if (!nginx_configure(s, w))
		return "nginx could not be configured";
	s->nginx = child(s, "nginx", argv, -1);
	return listens(s->http, s->nginx) ? NULL : "nginx did not come up";
}

/* ---- proftpd ---------------------------------------------------------------------------- */

/* Hosts log in as u with p; others as a line says. */
static bool
user_add(const struct hosts_servers *s, const char *name, const char *password)
{
	char command[3 * PATH_ROOM];

	snprintf(command, sizeof(command),
	    "echo '%s' | ftpasswd --passwd --stdin --file='%s/ftp.passwd' --name='%s' --uid=%u --gid=%u --home='%s/ftp' --shell=/bin/false "
	    ">'%s/ftpasswd.log' 2>&1",
	    password, s->dir, name, (unsigned)getuid(), (unsigned)getgid(), s->dir, s->dir);
	return system(command) == 0;
}

static bool
proftpd_configure(const struct hosts_servers *s, const struct world_sim *w)
{
	char path[PATH_ROOM], name[64], password[64];
	FILE *f;

	if (!user_add(s, "u", "p"))
		return false;
	for (const struct ftp_server *v = w->servers; v != NULL; v = v->next) {
		for (const struct ftp_user *u = v->users; u != NULL; u = u->next) {
			snprintf(name, sizeof(name), "%.*s", (int)u->name.len, u->name.at);
			snprintf(password, sizeof(password), "%.*s", (int)u->password.len, u->password.at);
			if (!user_add(s, name, password))
				return false;
		}
		for (const struct ftp_node *n = v->nodes; n != NULL; n = n->next) {
			snprintf(path, sizeof(path), "%s/ftp%.*s", s->dir, (int)n->path.len, n->path.at);
			if (n->dir ? mkdir(path, 0777) != 0 && errno != EEXIST : !content_write(path, &n->content))
				return false;
		}
	}
	snprintf(path, sizeof(path), "%s/proftpd.conf", s->dir);
	if ((f = fopen(path, "w")) == NULL)
		return false;
	fprintf(f,
	    "ServerName hosts\nServerType standalone\nPort %u\nDefaultAddress 127.0.0.1\nSocketBindTight on\nUseIPv6 off\nDelayTable "
	    "none\n",
	    s->ftp);
	fprintf(f,
	    "PidFile %s/proftpd.pid\nScoreboardFile %s/proftpd.scoreboard\nSystemLog %s/proftpd.log\nTransferLog none\nWtmpLog off\n",
	    s->dir, s->dir, s->dir);
	fprintf(f,
	    "UseReverseDNS off\nDelayEngine off\nAuthOrder mod_auth_file.c\nAuthUserFile %s/ftp.passwd\nAuthPAM off\nRequireValidShell "
	    "off\nRootLogin on\n",
	    s->dir);
	fprintf(f, "DefaultRoot %s/ftp\nUmask 022 022\nAllowOverwrite on\nAllowStoreRestart on\nAllowRetrieveRestart on\n", s->dir);
	return fclose(f) == 0;
}

static const char *
proftpd_start(struct hosts_servers *s, const struct world_sim *w)
{
	char conf[PATH_ROOM];
	char *const argv[] = { (char[]){ "proftpd" }, (char[]){ "-n" }, (char[]){ "-q" }, (char[]){ "-c" }, conf, NULL };

	snprintf(conf, sizeof(conf), "%s/proftpd.conf", s->dir);
	if (!proftpd_configure(s, w))
		return "proftpd could not be configured";
	s->proftpd = child(s, "proftpd-out", argv, -1);
	return listens(s->ftp, s->proftpd) ? NULL : "proftpd did not come up";
}

/* ---- the emulator ------------------------------------------------------------------------- */

static const char *
emulator_start(struct hosts_servers *s, char *path, size_t cap)
{
	static const char *const names[] = { "www.sim.com:80", "httpbin.org:80", "postman-echo.com:443", "116.228.221.52:21",
		"ftp.sim.com:21" };
	const unsigned ports[] = { s->http, s->http, s->tls, s->ftp, s->ftp };
	char map[5][80];
	char attest[PATH_ROOM], option[] = "--map";
	char *argv[32] = { attest, (char[]){ "emulate" }, (char[]){ "--pty" }, (char[]){ "--world" }, (char[]){ "net" } };
	int n = 5, ends[2];
	size_t len = 0;

	snprintf(attest, sizeof(attest), "%s", env("HOSTS_ATTEST"));
	for (int i = 0; i < 5; i++) {
		snprintf(map[i], sizeof(map[i]), "%s=127.0.0.1:%u", names[i], ports[i]);
		argv[n++] = option;
		argv[n++] = map[i];
	}
	if (pipe2(ends, O_CLOEXEC) != 0)
		return "no pipe";
	s->emulator = child(s, "emulator", argv, ends[1]);
	close(ends[1]);
	while (len < cap - 1 && (len == 0 || path[len - 1] != '\n')) {
		ssize_t got = read(ends[0], path + len, cap - 1 - len);

		if (got <= 0)
			break;
		len += (size_t)got;
	}
	close(ends[0]);
	if (len == 0 || path[len - 1] != '\n')
		return "attest emulate printed no path";
	path[len - 1] = '\0';
	return NULL;
}

/* ---- all ------------------------------------------------------------------------------------- */

const char *
servers_start(struct hosts_servers *s, struct world_sim *w, char *path, size_t cap)
{
	char sub[PATH_ROOM];
	const char *bad = NULL;

	if (*env("HOSTS_DIR") == '\0')
		return "HOSTS_DIR is not set";
	snprintf(s->dir, sizeof(s->dir), "%s/%d-%d", env("HOSTS_DIR"), (int)getpid(), s->nth++);
	snprintf(sub, sizeof(sub), "%s/ftp", s->dir);
	if (mkdir(s->dir, 0777) != 0 || mkdir(sub, 0777) != 0)
		return "no folder in HOSTS_DIR";
	s->http = free_port();
	s->tls = free_port();
	s->ftp = free_port();
	if (w->resources != NULL)
		bad = nginx_start(s, w);
	if (bad == NULL && w->servers != NULL)
		bad = proftpd_start(s, w);
	return bad != NULL ? bad : emulator_start(s, path, cap);
}

void
servers_stop(struct hosts_servers *s)
{
	reap(&s->emulator);
	reap(&s->nginx);
	reap(&s->proftpd);
}

/* ---- what arrived ------------------------------------------------------------------------------ */

/* Records of hosts.js: METHOD URL bytes-of-header bytes-of-body, header, body. */
static const char *
seen_http(const struct hosts_servers *s, struct world_sim *w)
{
	char path[PATH_ROOM], method[16], url[512];
	unsigned header, body;
	FILE *f;

	snprintf(path, sizeof(path), "%s/seen", s->dir);
	if ((f = fopen(path, "rb")) == NULL)
		return NULL;
	while (fscanf(f, "%15s %511s %u %u", method, url, &header, &body) == 4) {
		char *bytes = malloc(header + body + 1);
		struct http_seen seen = { .url = span_str(url), .header = span_of(bytes, header), .body = span_of(bytes + header, body) };

		if (fgetc(f) != '\n' || fread(bytes, 1, header + body, f) != header + body) {
			free(bytes);
			fclose(f);
			return "a record that is cut short";
		}
		for (int m = 0; m < 4; m++)
			if (strcmp(world_http_methods[m], method) == 0)
				seen.method = (enum world_http_method)m;
		/* The path of a page without one is the host's alone, as the judge has it. */
		log_http(w, &seen);
		free(bytes);
	}
	fclose(f);
	unlink(path);
	return NULL;
}

/* The one file that hosts upload, as it is now. */
static const char *
seen_ftp(const struct hosts_servers *s, struct world_sim *w, const char *name)
{
	char path[PATH_ROOM], piece[4096];
	struct ftp_node *n;
	size_t got;
	FILE *f;

	snprintf(path, sizeof(path), "%s/ftp%s", s->dir, name);
	if (w->servers == NULL || (f = fopen(path, "rb")) == NULL)
		return NULL;
	n = files_make(w, w->servers, span_str(name), false);
	if (n == NULL || !files_open(w, n, false)) {
		fclose(f);
		return "no room for what was uploaded";
	}
	while ((got = fread(piece, 1, sizeof(piece), f)) > 0)
		files_append(w, n, span_of(piece, got), false);
	fclose(f);
	return NULL;
}

const char *
servers_seen(struct hosts_servers *s, struct world_sim *w)
{
	const char *bad = seen_http(s, w);

	if (bad == NULL)
		bad = seen_ftp(s, w, "/up");
	return bad != NULL ? bad : seen_ftp(s, w, "/up.txt");
}
