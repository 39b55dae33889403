/* mutate_far: a world between the module and the real one, which is asked for something else than the row says. */
#include "mutate_tables.h"

const char *const far_fields[] = { "method", "URL", "user agent", "content type", "user data", "proxy", "proxy port", "redirect", "TLS",
	"first byte", "last byte", "body too short", "body byte flipped", "waits too long", "never closed", "server", "port", "user",
	"password", "path", "name", "mode", "type", "TLS of FTP", "put option", "restart offset", "APN", "bearer's user",
	"bearer's password", "verb", NULL };

enum field {
	METHOD,
	URL,
	AGENT,
	CONTENT,
	DATA,
	PROXY,
	PROXY_PORT,
	REDIRECT,
	TLS,
	FIRST,
	LAST,
	BODY_SHORT,
	BODY_FLIP,
	TIME,
	CLOSE,
	SERVER,
	PORT,
	USER,
	PASSWORD,
	PATH,
	NAME,
	MODE,
	TYPE,
	FTP_TLS,
	PUT,
	REST,
	APN,
	BEARER_USER,
	BEARER_PASSWORD,
	VERB
};

struct between {
	struct modem_world world; /* first: its ops are given its address */
	struct modem_world *behind;
};

static struct between between;
static char changed[2][MODEM_LINE_MAX + 2];

static struct modem_world *
behind(struct modem_world *w)
{
	return ((struct between *)w)->behind;
}

static bool
is(enum field f)
{
	hook.asked++;
	if (hook.d->op != OP_FAR_OTHER || hook.d->item != (int)f)
		return false;
	hook.applied++;
	return true;
}

/* Another text: its last letter, or one where there was none. */
static struct span
other(struct span s)
{
	size_t n = span_write(s, changed[0], MODEM_LINE_MAX);

	if (n == 0)
		changed[0][n++] = 'x';
	else
		changed[0][n - 1] = changed[0][n - 1] == 'x' ? 'y' : 'x';
	return span_of(changed[0], n);
}

static struct span
body_other(struct span body)
{
	if (body.len > 0 && is(BODY_SHORT))
		return span_first(body, body.len - 1);
	if (body.len > 0 && is(BODY_FLIP))
		((char *)(uintptr_t)body.at)[body.len / 2] ^= 1;
	return body;
}

static void
http_start(struct modem_world *w, const struct world_http_request *asked)
{
	struct world_http_request r = *asked;

	if (is(METHOD))
		r.method = r.method == WORLD_GET ? WORLD_HEAD : WORLD_GET;
	if (is(URL))
		r.url = other(r.url);
	if (is(AGENT))
		r.user_agent = other(r.user_agent);
	if (is(CONTENT))
		r.content_type = other(r.content_type);
	if (is(DATA))
		r.user_data = r.user_data.len > 0 ? other(r.user_data) : SPAN("X-Deviant: 1");
	if (is(PROXY))
		r.proxy = r.proxy.len > 0 ? SPAN("") : SPAN("10.0.0.77");
	if (r.proxy.len > 0 && is(PROXY_PORT))
		r.proxy_port++;
	if (is(REDIRECT))
		r.redirect = !r.redirect;
	if (is(TLS))
		r.tls = !r.tls;
	if (is(FIRST))
		r.range_first++;
	if (r.range_last > 0 && is(LAST))
		r.range_last--;
	if (is(TIME))
		r.timeout_ms *= 2;
	r.body = body_other(r.body);
	if (hook.alter_http != NULL)
		hook.alter_http(&r);
	behind(w)->ops->http_start(behind(w), &r);
}

static void
ftp_start(struct modem_world *w, const struct world_ftp_request *asked)
{
	struct world_ftp_request r = *asked;
	/* Without a data connection mode and type play no part; a list is always type A. */
	bool data = r.verb == WORLD_RETR || r.verb == WORLD_STORE || r.verb == WORLD_LIST;

	if (is(SERVER))
		r.server = other(r.server);
	if (is(PORT))
		r.port++;
	if (is(USER))
		r.user = other(r.user);
	if (is(PASSWORD))
		r.password = other(r.password);
	if (is(PATH))
		r.path = other(r.path);
	if ((r.verb == WORLD_RETR || r.verb == WORLD_STORE || r.verb == WORLD_SIZE || r.verb == WORLD_DELE) && is(NAME))
		r.name = other(r.name);
	if (data && is(MODE))
		r.passive = !r.passive;
	if (data && r.verb != WORLD_LIST && is(TYPE))
		r.ascii = !r.ascii;
	if (is(FTP_TLS))
		r.tls = r.tls == 0 ? 2 : r.tls - 1;
	if (r.verb == WORLD_STORE && is(PUT))
		r.put = r.put == WORLD_STOR ? WORLD_APPE : WORLD_STOR;
	if (r.verb == WORLD_RETR && is(REST))
		r.rest++;
	if (is(VERB))
		r.verb = r.verb == WORLD_RETR ? WORLD_LIST : r.verb == WORLD_DELE ? WORLD_SIZE : WORLD_RETR;
	if (hook.alter_ftp != NULL)
		hook.alter_ftp(&r);
	behind(w)->ops->ftp_start(behind(w), &r);
}

static void
bearer_open(struct modem_world *w, int cid, struct span apn, struct span user, struct span password)
{
	behind(w)->ops->bearer_open(behind(w), cid, is(APN) ? other(apn) : apn, is(BEARER_USER) ? other(user) : user,
	    is(BEARER_PASSWORD) ? other(password) : password);
}

static void
bearer_poll(struct modem_world *w, int cid, struct world_bearer *out)
{
	behind(w)->ops->bearer_poll(behind(w), cid, out);
}

static void
bearer_close(struct modem_world *w, int cid)
{
	if (!is(CLOSE))
		behind(w)->ops->bearer_close(behind(w), cid);
}

static void
http_poll(struct modem_world *w, struct world_http *out)
{
	behind(w)->ops->http_poll(behind(w), out);
}

static size_t
http_read(struct modem_world *w, uint32_t offset, char *into, size_t cap)
{
	return behind(w)->ops->http_read(behind(w), offset, into, cap);
}

static void
http_close(struct modem_world *w)
{
	if (!is(CLOSE))
		behind(w)->ops->http_close(behind(w));
}

static void
ftp_poll(struct modem_world *w, struct world_ftp *out)
{
	behind(w)->ops->ftp_poll(behind(w), out);
}

static size_t
ftp_read(struct modem_world *w, char *into, size_t cap)
{
	return behind(w)->ops->ftp_read(behind(w), into, cap);
}

static size_t
ftp_write(struct modem_world *w, struct span bytes)
{
	return behind(w)->ops->ftp_write(behind(w), bytes);
}

static void
ftp_finish(struct modem_world *w)
{
	behind(w)->ops->ftp_finish(behind(w));
}

static void
ftp_close(struct modem_world *w)
{
	if (!is(CLOSE))
		behind(w)->ops->ftp_close(behind(w));
}

static uint64_t
advance(struct modem_world *w, uint64_t now_us)
{
	return behind(w)->ops->advance(behind(w), now_us);
}

static const struct modem_world_ops ops = { bearer_open, bearer_poll, bearer_close, http_start, http_poll, http_read, http_close, ftp_start,
	ftp_poll, ftp_read, ftp_write, ftp_finish, ftp_close, advance };

void
far_act(struct modem *m)
{
	between.world.ops = &ops;
	between.behind = m->world;
	m->world = &between.world;
	if (hook.act != NULL)
		hook.act(m);
	m->world = between.behind;
}
