/* mutate_stories_ftp: what firmware has got wrong, or plausibly would: FTP. */
#include "modem_ftp.h"
#include "mutate_tables.h"

#define SAYS(name, id, i, ...)                                                                                                             \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		mutant_rule(t, id)->say[i] = (struct say)__VA_ARGS__;                                                                      \
	}

#define ACTS(name, id, f)                                                                                                                  \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		struct rule *r = mutant_rule(t, id);                                                                                       \
                                                                                                                                           \
		hook.act = r->act;                                                                                                         \
		r->act = f;                                                                                                                \
	}

/* Whatever dials asks the server for what f makes of it. */
static void
asks(struct mutant *t, void (*f)(struct world_ftp_request *))
{
	hook.act = ftp_dial;
	hook.alter_ftp = f;
	for (struct rule *r = t->rule[SESSION_FTP]; r->id != NULL; r++)
		if (r->act == ftp_dial)
			r->act = far_act;
}

#define ASKS(name, f)                                                                                                                      \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		asks(t, f);                                                                                                                \
	}

/* ---- errors ------------------------------------------------------------------------------ */

static int confused[2];

static void
confuse(struct modem *m)
{
	hook.act(m);
	if (m->ftp.error == confused[0])
		m->ftp.error = confused[1];
}

static void
confuses(struct mutant *t, const char *id, int error, int said)
{
	struct rule *r = mutant_rule(t, id);

	confused[0] = error;
	confused[1] = said;
	hook.act = r->act;
	r->act = confuse;
}

#define CONFUSES(name, id, error, said)                                                                                                    \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		confuses(t, id, error, said);                                                                                              \
	}

CONFUSES(error_user, "ftp-fail-2", 72, 71)
CONFUSES(error_password, "ftp-fail-2", 71, 72)
CONFUSES(error_dns, "ftp-fail-2", 62, 61)
CONFUSES(error_connect, "ftp-fail-2", 63, 61)
CONFUSES(error_operate, "ftp-fail-2", 77, 66)
CONFUSES(error_quit, "ftp-quit-3", 86, 61)
SAYS(size_field, "ftp-fail-1", 0, URC("+FTPSIZE: 1,<ftp-error>"))
SAYS(quit_finished, "ftp-fail-6", 0, URC("+<ftp-verb>: 1,0"))
SAYS(second_done, "ftp-open-6", 0, URC("+<ftp-refused>: 1,0"))

/* ---- reading and writing -------------------------------------------------------------------- */

static void
second_kills(struct modem *m)
{
	hook.act(m);
	m->world->ops->ftp_close(m->world);
}

static void
last_byte_lost(struct modem *m)
{
	if (m->ftp.extended > m->ftp.sent)
		m->ftp.extended--;
	hook.act(m);
}

static void
seven_bits(struct modem *m)
{
	for (uint32_t i = m->ftp.sent; i < m->ftp.extended; i++)
		m->ftp.extend[i] &= 0x7f;
	hook.act(m);
}

static void
all_given(struct modem *m)
{
	m->ftp.request = FTP_READ_MAX;
	hook.act(m);
}

static size_t
size_16_bits(const struct modem *m, char *into, size_t cap)
{
	return number_write((int64_t)(m->ftp.size & 0xffff), into, cap);
}

static void
size_overflows(struct mutant *t)
{
	for (struct slot *s = t->slot[SESSION_FTP]; s->name != NULL; s++)
		if (strcmp(s->name, "ftp-size") == 0)
			s->write = size_16_bits;
}

SAYS(read_dry, "ftp-read-8", 0, FAIL(3))
static void
read_early(struct mutant *t)
{
	struct rule *r = mutant_rule(t, "ftp-read-3");

	r->say[0] = (struct say)INFO("+FTPGET: 2,0");
	r->say[1] = (struct say)FINAL_OK;
}
SAYS(put_window, "ftp-put-2", 0, URC("+FTPPUT: 1,1"))
SAYS(put_confirm, "ftp-put-5", 0, PROMPT("+FTPPUT: 2,<ftp-window>"))
SAYS(state_idle, "ftp-state-2", 0, INFO("+FTPSTATE: 0"))
ACTS(second_session, "ftp-open-4", second_kills)
ACTS(put_short, "ftp-put-8", last_byte_lost)
ACTS(put_seven, "ftp-put-8", seven_bits)
ACTS(read_all, "ftp-read-7", all_given)

/* FTPGET=2 after 1,0 finds nothing and says so instead of ERROR. */
static void
read_after(struct mutant *t)
{
	struct rule *r = mutant_rule(t, "ftp-read-2");

	r->say[0] = (struct say)INFO("+FTPGET: 2,0");
	r->say[1] = (struct say)FINAL_OK;
}

/* ---- FTPEXTPUT ------------------------------------------------------------------------------------ */

static void
always_appends(struct modem *m)
{
	m->ftp.position = m->ftp.extended;
	hook.act(m);
}

static void
never_normal(struct modem *m)
{
	m->ftp.extend_asked = true;
	hook.act(m);
}

static void
at_most_64k(struct modem *m)
{
	m->ftp.extended &= 0xffff;
}

static void
first_block(struct modem *m)
{
	if (m->ftp.position == 0)
		m->ftp.extended = 0;
	hook.act(m);
}

ACTS(ext_appends, "ftp-ext-5", always_appends)
ACTS(ext_stays, "ftp-ext-1", never_normal)
ACTS(ext_64k, "ftp-ext-7", at_most_64k)
ACTS(ext_first, "ftp-ext-5", first_block)

/* ---- what the server is asked ---------------------------------------------------------------------- */

static void
rest_none(struct world_ftp_request *r)
{
	r->rest = 0;
}

static void
rest_late(struct world_ftp_request *r)
{
	if (r->rest > 0)
		r->rest++;
}

static void
put_stor(struct world_ftp_request *r)
{
	r->put = WORLD_STOR;
}

static void
appe_is_stou(struct world_ftp_request *r)
{
	if (r->put == WORLD_APPE)
		r->put = WORLD_STOU;
}

static void
active(struct world_ftp_request *r)
{
	r->passive = false;
}

static void
port_21(struct world_ftp_request *r)
{
	if (r->tls != 1)
		r->port = 21;
}

static void
root(struct world_ftp_request *r)
{
	r->path = SPAN("/");
}

static void
list_root(struct world_ftp_request *r)
{
	if (r->verb == WORLD_LIST)
		r->path = SPAN("/");
}

static void
name_8_3(struct world_ftp_request *r)
{
	r->name = span_first(r->name, 12);
}

static void
anonymous(struct world_ftp_request *r)
{
	r->user = SPAN("anonymous");
}

static void
password_short(struct world_ftp_request *r)
{
	r->password = span_first(r->password, 4);
}

static void
explicit_only(struct world_ftp_request *r)
{
	if (r->tls == 1)
		r->tls = 2;
}

static void
plain(struct world_ftp_request *r)
{
	r->tls = 0;
}

static void
ascii(struct world_ftp_request *r)
{
	r->ascii = true;
}

static void
rmd_is_mkd(struct world_ftp_request *r)
{
	if (r->verb == WORLD_RMD)
		r->verb = WORLD_MKD;
}

ASKS(ask_rest_none, rest_none)
ASKS(ask_rest_late, rest_late)
ASKS(ask_stor, put_stor)
ASKS(ask_stou, appe_is_stou)
ASKS(ask_active, active)
ASKS(ask_port, port_21)
ASKS(ask_root, root)
ASKS(ask_list_root, list_root)
ASKS(ask_name, name_8_3)
ASKS(ask_anonymous, anonymous)
ASKS(ask_password, password_short)
ASKS(ask_explicit, explicit_only)
ASKS(ask_plain, plain)
ASKS(ask_ascii, ascii)
ASKS(ask_mkd, rmd_is_mkd)

/* clang-format off */
const struct story mutate_stories_ftp[] = {
	/* id, area, clause, evidence, what it does, plant, reached with */
	{ "story-user", "ftp", "3.12", "N", "a wrong password is reported as a wrong user", error_user, "ftp-fail-2" },
	{ "story-password", "ftp", "3.12", "N", "a wrong user is reported as a wrong password", error_password, "ftp-fail-2" },
	{ "story-ftp-dns", "ftp", "3.12", "N", "a DNS error is reported as net error", error_dns, "ftp-fail-2" },
	{ "story-connect", "ftp", "3.12", "N", "a refused connection is reported as net error", error_connect, "ftp-fail-2" },
	{ "story-operate", "ftp", "3.12", "N", "an operation the server refuses is reported as one that is not allowed", error_operate, "ftp-fail-2" },
	{ "story-quit", "ftp", "N102 3.25", "N", "FTPQUIT ends a session with 61", error_quit, "ftp-quit-3" },
	{ "story-quit-finished", "ftp", "N102 3.25", "N", "a session that was ended early reports 0, finished", quit_finished, "ftp-fail-6" },
	{ "story-size-field", "ftp", "M 12.2.18", "M", "an error of FTPSIZE lacks its third field", size_field, "ftp-fail-1" },
	{ "story-second-done", "ftp", "3.13", "N", "a second session reports 0, finished", second_done, "ftp-open-6" },
	{ "story-second-kills", "ftp", "3.13", "I", "a second session breaks the connection of the first", second_session, "ftp-open-4" },
	{ "story-read-dry", "ftp", "3.9", "N", "FTPGET=2 is an error while more is to come", read_dry, "ftp-read-8" },
	{ "story-read-early", "ftp", "3.14", "N", "FTPGET=2 says 2,0 before anything was announced", read_early, "ftp-read-3" },
	{ "story-read-after", "ftp", "3.14", "N", "FTPGET=2 says 2,0 after the end", read_after, "ftp-read-2" },
	{ "story-read-all", "ftp", "3.9", "N", "FTPGET=2 gives more than it was asked for", read_all, "ftp-read-7" },
	{ "story-put-window", "ftp", "3.10", "N", "+FTPPUT: 1,1 lacks the maximum length", put_window, "ftp-put-2" },
	{ "story-put-confirm", "ftp", "3.10", "N", "confirms the maximum instead of what was asked for", put_confirm, "ftp-put-5" },
	{ "story-put-short", "ftp", "3.10", "N", "loses the last byte of a block", put_short, "ftp-put-8" },
	{ "story-put-seven", "ftp", "M 12.2.3", "M", "clears the eighth bit in type I, too", put_seven, "ftp-put-8" },
	{ "story-state", "ftp", "M 12.2.19", "M", "FTPSTATE is 0 whatever goes on", state_idle, "ftp-state-2" },
	{ "story-size-16", "ftp", "3.17", "N", "FTPSIZE counts in 16 bits", size_overflows, "ftp-size-2" },
	{ "story-ext-appends", "ftp", "3.20", "N", "FTPEXTPUT puts every block at the end", ext_appends, "ftp-ext-5" },
	{ "story-ext-stays", "ftp", "3.20", "N", "FTPEXTPUT=0 does not end the extended mode", ext_stays, "ftp-ext-1" },
	{ "story-ext-64k", "ftp", "3.20", "N", "FTPEXTPUT's length has 16 bits", ext_64k, "ftp-ext-7" },
	{ "story-ext-first", "ftp", "M 12.2.20", "M", "a block at position 0 throws away those behind it", ext_first, "ftp-ext-5" },
	{ "story-rest", "ftp", "3.15", "N", "FTPREST is ignored", ask_rest_none, "ftp-get-1" },
	{ "story-rest-late", "ftp", "3.15", "N", "FTPREST is one byte late", ask_rest_late, "ftp-get-1" },
	{ "story-stor", "ftp", "M 12.2.4", "M", "FTPPUTOPT is ignored: it always replaces", ask_stor, "ftp-put-1" },
	{ "story-appe", "ftp", "M 12.2.4", "M", "APPE makes a new file", ask_stou, "ftp-put-1" },
	{ "story-active", "ftp", "M 12.2.2", "M", "FTPMODE is ignored: it always offers a port", ask_active, "setting +FTPMODE" },
	{ "story-port", "ftp", "M 12.2.1", "M", "FTPPORT is ignored", ask_port, "setting +FTPPORT" },
	{ "story-root", "ftp", "M 12.2.11", "M", "the path is ignored", ask_root, "setting +FTPGETPATH" },
	{ "story-list-root", "ftp", "3.19", "N", "FTPLIST lists the root whatever the path", ask_list_root, "ftp-list-1" },
	{ "story-name", "ftp", "M 12.2.10", "M", "a file name is cut behind 12 characters", ask_name, "setting +FTPGETNAME" },
	{ "story-anonymous", "ftp", "3.9", "N", "logs in as anonymous whatever the user", ask_anonymous, "setting +FTPUN" },
	{ "story-password-short", "ftp", "3.9", "N", "a password is cut behind 4 characters", ask_password, "setting +FTPPW" },
	{ "story-explicit", "ftp", "SSL 3.2", "M", "FTPSSL=1 is explicit, too", ask_explicit, "setting +FTPSSL" },
	{ "story-plain", "ftp", "SSL 3.2", "M", "FTPSSL is ignored", ask_plain, "setting +FTPSSL" },
	{ "story-ascii", "ftp", "M 12.2.3", "M", "asks for type A whatever is set", ask_ascii, "setting +FTPTYPE" },
	{ "story-rmd", "ftp", "3.18", "N", "FTPRMD makes the folder", ask_mkd, "ftp-rmd-1" },
	{ .id = NULL },
};
/* clang-format on */
