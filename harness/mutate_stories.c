/* mutate_stories: what firmware has got wrong, or plausibly would: the line, the bearer, HTTP. */
#include "modem_http.h"
#include "mutate_tables.h"

/* ---- how they are planted ------------------------------------------------------------- */

#define SAYS(name, id, i, ...)                                                                                                             \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		mutant_rule(t, id)->say[i] = (struct say)__VA_ARGS__;                                                                      \
	}

/* From now on the rule does f, which may call hook.act. */
static void
act_instead(struct mutant *t, const char *id, void (*f)(struct modem *))
{
	struct rule *r = mutant_rule(t, id);

	hook.act = r->act;
	r->act = f;
}

#define ACTS(name, id, f)                                                                                                                  \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		act_instead(t, id, f);                                                                                                     \
	}

#define ASKS(name, f)                                                                                                                      \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		hook.alter_http = f;                                                                                                       \
		act_instead(t, "http-action-4", far_act);                                                                                  \
	}

#define EVERY(name, f)                                                                                                                     \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		hook.after = f;                                                                                                            \
		hook_every(t);                                                                                                             \
	}

static void
own_act(struct modem *m)
{
	if (hook.act != NULL)
		hook.act(m);
}

/* ---- the line --------------------------------------------------------------------------- */

static bool
echoed(const struct modem *m)
{
	return m->echo_len > 0 && m->out_len > m->echo_len && memcmp(m->out, m->echo, m->echo_len) == 0 && m->out[m->echo_len] == '\r';
}

static void
echo_with_lf(struct modem *m, uint32_t mark)
{
	(void)mark;
	if (echoed(m))
		filter_replace(m, m->echo_len + 1, 0, SPAN("\n"));
}

static void
echo_without_cr(struct modem *m, uint32_t mark)
{
	(void)mark;
	if (echoed(m))
		filter_replace(m, m->echo_len, 1, SPAN(""));
}

static void
ok_lower(struct modem *m, uint32_t mark)
{
	if (m->out_len >= mark + 6 && memcmp(m->out + m->out_len - 6, "\r\nOK\r\n", 6) == 0)
		filter_replace(m, m->out_len - 4, 2, SPAN("ok"));
}

static void
blank_behind_ok(struct modem *m, uint32_t mark)
{
	if (m->out_len >= mark + 6 && memcmp(m->out + m->out_len - 6, "\r\nOK\r\n", 6) == 0)
		filter_replace(m, m->out_len - 2, 0, SPAN(" "));
}

static void
ok_after_each(struct modem *m, uint32_t mark)
{
	(void)mark;
	if (m->running && m->ended)
		filter_replace(m, m->out_len, 0, SPAN("\r\nOK\r\n"));
}

static void
error_is_ok(struct modem *m, uint32_t mark)
{
	if (m->command->setting != NULL && m->out_len >= mark + 9 && memcmp(m->out + m->out_len - 9, "\r\nERROR\r\n", 9) == 0)
		filter_replace(m, m->out_len - 9, 9, SPAN("\r\nOK\r\n"));
}

static void
one_cr_lf(struct modem *m, uint32_t mark)
{
	for (uint32_t i = mark + 1; i + 4 <= m->out_len; i++) {
		if (memcmp(m->out + i, "\r\n\r\n", 4) == 0) {
			filter_replace(m, i, 2, SPAN(""));
			return;
		}
	}
}

EVERY(line_echo_lf, echo_with_lf)
EVERY(line_echo_cr, echo_without_cr)
EVERY(line_ok_lower, ok_lower)
EVERY(line_ok_blank, blank_behind_ok)
EVERY(line_ok_each, ok_after_each)
EVERY(line_lenient, error_is_ok)
EVERY(line_frames_shared, one_cr_lf)

/* ---- the bearer --------------------------------------------------------------------------- */

static size_t
closed_is_2(const struct modem *m, char *into, size_t cap)
{
	size_t n = hook.write(m, into, cap);

	if (n == 1 && into[0] == '3')
		into[0] = '2';
	return n;
}

static void
bearer_status(struct mutant *t)
{
	for (struct slot *s = t->slot[SESSION_BEARER]; s->name != NULL; s++) {
		if (strcmp(s->name, "bearer-status") != 0)
			continue;
		hook.write = s->write;
		s->write = closed_is_2;
	}
}

static void
first_profile(struct modem *m)
{
	int asked = m->bearer_now;

	m->bearer_now = 0;
	own_act(m);
	m->bearer_now = asked;
}

static void
address_stays(struct modem *m)
{
	uint8_t ip[4];

	memcpy(ip, m->bearer[m->bearer_now].ip, sizeof(ip));
	own_act(m);
	memcpy(m->bearer[m->bearer_now].ip, ip, sizeof(ip));
}

static void
forgets_apn(struct modem *m)
{
	own_act(m);
	m->bearer[m->bearer_now].apn[0] = '\0';
}

SAYS(bearer_twice, "bearer-open-7", 0, FINAL_OK)
SAYS(bearer_close_twice, "bearer-close-2", 0, FINAL_OK)
SAYS(bearer_unquoted, "bearer-query-1", 0, INFO("+SAPBR: <cid>,<bearer-status>,<bearer-ip>"))
SAYS(bearer_deact, "bearer-lost-1", 0, URC("+SAPBR: <cid>,DEACT"))
ACTS(bearer_first, "bearer-set-1", first_profile)
ACTS(bearer_address, "bearer-close-1", address_stays)
ACTS(bearer_forgets, "bearer-close-1", forgets_apn)

/* ---- HTTP: the session --------------------------------------------------------------------- */

static void
lose_url(struct modem *m)
{
	m->set.http_url[0] = '\0';
}

static void
init_ok(struct mutant *t)
{
	struct rule *r = mutant_rule(t, "http-init-2");

	r->say[0] = (struct say)FINAL_OK;
	r->act = lose_url;
}

static void
term_only(struct modem *m)
{
	http_forget(m);
}

static void
read_forgets(struct modem *m)
{
	own_act(m);
	m->http.length = 0;
}

static void
read_from_start(struct modem *m)
{
	m->http.read_start = 0;
	own_act(m);
}

static void
read_to_end(struct modem *m)
{
	m->http.read_size = HTTP_BUFFER_MAX;
	own_act(m);
}

static void
data_appends(struct modem *m)
{
	uint32_t length = m->http.length;

	own_act(m);
	m->http.length = length;
}

static void
data_without_cr(struct modem *m)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < m->http.length; i++)
		if (m->http.buffer[i] != '\r')
			m->http.buffer[kept++] = m->http.buffer[i];
	m->http.length = kept;
}

static void
data_to_nul(struct modem *m)
{
	const char *nul = memchr(m->http.buffer, '\0', m->http.length);

	if (nul != NULL)
		m->http.length = (uint32_t)(nul - m->http.buffer);
}

static void
one_more_wanted(struct modem *m)
{
	m->http.want++;
	own_act(m);
}

static void
post_empties(struct modem *m)
{
	if (m->http.asked == WORLD_POST)
		m->http.length = 0;
	own_act(m);
}

static void
timeout_tenth(struct modem *m)
{
	own_act(m);
	modem_arm(m, TIMER_HTTP, (uint64_t)m->http.used.http_timeout * 100);
}

static void
status_of_redirect(struct modem *m)
{
	own_act(m);
	if (m->http.used.http_redirect == 1 && m->http.status == 200)
		m->http.status = 302;
}

static void
header_counts(struct modem *m)
{
	own_act(m);
	m->http.announced += m->http.header_length;
}

static void
head_has_length(struct modem *m)
{
	own_act(m);
	if (m->http.method == WORLD_HEAD)
		m->http.announced = 69;
}

static void
never_404(struct modem *m)
{
	own_act(m);
	if (m->http.status == 404)
		m->http.status = 200;
}

static void
server_errors_are_601(struct modem *m)
{
	own_act(m);
	if (m->http.status >= 500 && m->http.status < 600)
		m->http.status = 601;
}

static void
nothing_is_602(struct modem *m)
{
	own_act(m);
	if (m->http.length == 0 && m->http.method == WORLD_GET && m->http.status == 200)
		m->http.status = 602;
}

static void
dns_is_601(struct modem *m)
{
	own_act(m);
	if (m->http.status == 603)
		m->http.status = 601;
}

ACTS(http_init_loses, "http-init-2", lose_url)
ACTS(http_term_keeps, "http-term-1", term_only)
ACTS(http_read_once, "http-read-4", read_forgets)
ACTS(http_read_start, "http-read-4", read_from_start)
ACTS(http_read_size, "http-read-4", read_to_end)
ACTS(http_data_appends, "http-data-2", data_appends)
ACTS(http_data_cr, "http-data-3", data_without_cr)
ACTS(http_data_nul, "http-data-3", data_to_nul)
ACTS(http_data_more, "http-data-2", one_more_wanted)
ACTS(http_post_empty, "http-action-4", post_empties)
ACTS(http_timeout, "http-action-4", timeout_tenth)
ACTS(http_redirect, "http-result-2", status_of_redirect)
ACTS(http_header, "http-result-2", header_counts)
ACTS(http_head, "http-result-2", head_has_length)
ACTS(http_404, "http-result-2", never_404)
ACTS(http_500, "http-result-2", server_errors_are_601)
ACTS(http_empty, "http-result-2", nothing_is_602)
ACTS(http_dns, "http-result-3", dns_is_601)
SAYS(http_method, "http-result-2", 0, URC("+HTTPACTION: 0,<http-status>,<http-announced>"))
SAYS(http_blanks, "http-result-2", 0, URC("+HTTPACTION: <http-method>, <http-status>, <http-announced>"))
SAYS(http_status_order, "http-status-1", 0, INFO("+HTTPSTATUS: <http-mode>,<http-phase>,<http-remain>,<http-finish>"))
SAYS(http_status_stays, "http-status-2", 0, INFO("+HTTPSTATUS: <http-mode>,1,0,0"))
SAYS(http_idle_read, "http-read-1", 0, INFO("+HTTPREAD: 0"))

/* ---- HTTP: what the server is asked ----------------------------------------------------------- */

static void
agent_own(struct world_http_request *r)
{
	r->user_agent = SPAN("SIMCOM_MODULE");
}

static void
proxy_port_80(struct world_http_request *r)
{
	r->proxy_port = 80;
}

static void
content_own(struct world_http_request *r)
{
	if (r->method == WORLD_POST)
		r->content_type = SPAN("application/octet-stream");
}

static void
break_late(struct world_http_request *r)
{
	if (r->range_first > 0)
		r->range_first++;
}

static void
end_open(struct world_http_request *r)
{
	if (r->range_last > 0)
		r->range_last--;
}

static void
first_bearer(struct world_http_request *r)
{
	r->cid = 1;
}

static void
url_without_query(struct world_http_request *r)
{
	const char *at = r->url.len > 0 ? memchr(r->url.at, '?', r->url.len) : NULL;

	if (at != NULL)
		r->url.len = (size_t)(at - r->url.at);
}

static void
url_short(struct world_http_request *r)
{
	r->url = span_first(r->url, 128);
}

static void
url_upper(struct world_http_request *r)
{
	if (span_starts(r->url, SPAN("HTTP://")))
		r->url = SPAN("");
}

static void
first_header(struct world_http_request *r)
{
	for (size_t i = 0; i + 4 <= r->user_data.len; i++)
		if (memcmp(r->user_data.at + i, "\\r\\n", 4) == 0)
			r->user_data.len = i;
}

static void
post_as_get(struct world_http_request *r)
{
	if (r->method == WORLD_POST)
		r->method = WORLD_GET;
}

static void
redirects_always(struct world_http_request *r)
{
	r->redirect = true;
}

ASKS(ask_agent, agent_own)
ASKS(ask_proxy_port, proxy_port_80)
ASKS(ask_content, content_own)
ASKS(ask_break, break_late)
ASKS(ask_end, end_open)
ASKS(ask_bearer, first_bearer)
ASKS(ask_query, url_without_query)
ASKS(ask_short, url_short)
ASKS(ask_upper, url_upper)
ASKS(ask_header, first_header)
ASKS(ask_get, post_as_get)
ASKS(ask_redirect, redirects_always)

/* clang-format off */
const struct story mutate_stories[] = {
	/* id, area, clause, evidence, what it does, plant, reached with */
	{ "story-echo-lf", "general", "V.250 5.2.3", "L", "echoes the line with CR and LF", line_echo_lf, NULL },
	{ "story-echo-cr", "general", "V.250 5.2.3", "L", "echoes the line without its CR", line_echo_cr, NULL },
	{ "story-ok-lower", "general", "V.250 5.7.1", "M", "says ok in small letters", line_ok_lower, NULL },
	{ "story-ok-blank", "general", "V.250 5.7.1", "L", "puts a blank behind OK", line_ok_blank, NULL },
	{ "story-ok-each", "general", "M 1.4.4", "M", "says OK after each command of a line", line_ok_each, NULL },
	{ "story-lenient", "general", "M 2.2.25", "M", "takes every value of a setting, and says OK", line_lenient, NULL },
	{ "story-frames-shared", "general", "V.250 5.7.1", "L", "puts only one CR LF between text and OK", line_frames_shared, NULL },
	{ "story-bearer-twice", "bearer", "M 9.2.1", "L", "opens an open bearer with OK", bearer_twice, "bearer-open-7" },
	{ "story-bearer-closed-twice", "bearer", "M 9.2.1", "L", "closes a closed bearer with OK", bearer_close_twice, "bearer-close-2" },
	{ "story-bearer-unquoted", "bearer", "3.1", "N", "says the address without quotes", bearer_unquoted, "bearer-query-1" },
	{ "story-bearer-closing", "bearer", "M 9.2.1", "L", "says 2, closing, of a bearer that is closed", bearer_status, "bearer-query-1" },
	{ "story-bearer-deact", "bearer", "M 19.3", "M", "says +SAPBR: 1,DEACT with the profile behind the colon", bearer_deact, "bearer-lost-1" },
	{ "story-bearer-first", "bearer", "M 9.2.1", "M", "keeps what is set of any profile in the first one", bearer_first, "bearer-set-1" },
	{ "story-bearer-address", "bearer", "M 9.2.1", "L", "still shows the address when the bearer is closed", bearer_address, "bearer-close-1" },
	{ "story-bearer-forgets", "bearer", "M 9.2.1", "M", "forgets the APN when the bearer is closed", bearer_forgets, "bearer-close-1" },
	{ "story-init-ok", "http", "M 11.2.1", "L", "a second HTTPINIT is OK and loses the URL", init_ok, "http-init-2" },
	{ "story-init-loses", "http", "M 11.2.1", "L", "a second HTTPINIT is an error and loses the URL all the same", http_init_loses, "http-init-2" },
	{ "story-term-keeps", "http", "M 11.2.2", "L", "HTTPTERM leaves the parameters to the next session", http_term_keeps, "http-term-1" },
	{ "story-read-once", "http", "M 11.2.6", "L", "HTTPREAD empties the buffer", http_read_once, "http-read-4" },
	{ "story-read-start", "http", "M 11.2.6", "M", "HTTPREAD=start,size reads from the start", http_read_start, "http-read-4" },
	{ "story-read-size", "http", "M 11.2.6", "M", "HTTPREAD=start,size reads to the end", http_read_size, "http-read-4" },
	{ "story-read-nothing", "http", "M 11.2.6", "L", "HTTPREAD says +HTTPREAD: 0 when there is nothing", http_idle_read, "http-read-1" },
	{ "story-data-appends", "http", "3.3", "N", "HTTPDATA adds to what is in the buffer", http_data_appends, "http-data-2" },
	{ "story-data-cr", "http", "M 11.2.4", "M", "HTTPDATA drops the CRs of its data", http_data_cr, "http-data-3" },
	{ "story-data-nul", "http", "M 11.2.4", "M", "HTTPDATA's data ends at its first NUL", http_data_nul, "http-data-3" },
	{ "story-data-more", "http", "3.3", "N", "HTTPDATA waits for a byte more than it was told", http_data_more, "http-data-2" },
	{ "story-post-empty", "http", "3.3", "N", "POST sends an empty body", http_post_empty, "http-action-4" },
	{ "story-timeout-tenth", "http", "M 11.2.3", "M", "TIMEOUT is counted in tenths of seconds", http_timeout, "http-action-4" },
	{ "story-redirect-status", "http", "3.6", "N", "reports the status of the redirect instead of its target's", http_redirect, "http-result-2" },
	{ "story-header-counts", "http", "3.2", "N", "counts the header in the length it announces", http_header, "http-result-2" },
	{ "story-head-length", "http", "3.4", "N", "HEAD announces the length of the body that did not come", http_head, "http-result-2" },
	{ "story-404", "http", "M 11.2.5", "M", "404 is reported as 200", http_404, "http-result-2" },
	{ "story-500", "http", "M 11.2.5", "M", "an error of the server's is reported as network error", http_500, "http-result-2" },
	{ "story-empty", "http", "M 11.2.5", "L", "an empty answer is reported as no memory", http_empty, "http-result-2" },
	{ "story-dns", "http", "M 11.2.5", "M", "a DNS error is reported as network error", http_dns, "http-result-3" },
	{ "story-method", "http", "3.3", "N", "+HTTPACTION says method 0 whatever was asked", http_method, "http-result-2" },
	{ "story-blanks", "http", "3.2", "L", "puts blanks behind the commas of +HTTPACTION", http_blanks, "http-result-2" },
	{ "story-status-order", "http", "3.8", "N", "HTTPSTATUS says what remains before what is done", http_status_order, "http-status-1" },
	{ "story-status-stays", "http", "3.8", "N", "HTTPSTATUS says receiving when all is over", http_status_stays, "http-status-2" },
	{ "story-agent", "http", "M 11.2.3", "M", "sends its own user agent whatever is set", ask_agent, "http-action-4" },
	{ "story-proxy-port", "http", "3.5", "N", "asks the proxy at port 80 whatever is set", ask_proxy_port, "http-action-4" },
	{ "story-content", "http", "M 11.2.3", "M", "posts as application/octet-stream whatever is set", ask_content, "http-action-4" },
	{ "story-break", "http", "3.7", "N", "BREAK is one byte late", ask_break, "http-action-4" },
	{ "story-breakend", "http", "M 11.2.3", "M", "BREAKEND is not among the bytes asked for", ask_end, "http-action-4" },
	{ "story-bearer-one", "http", "M 11.2.3", "M", "goes over bearer 1 whatever CID says", ask_bearer, "http-action-4" },
	{ "story-query", "http", "M 11.2.3", "M", "drops what stands behind the question mark of a URL", ask_query, "http-action-4" },
	{ "story-url-short", "http", "M 11.2.3", "M", "cuts a URL at 128 characters", ask_short, "http-action-4" },
	{ "story-url-upper", "http", "3.7", "N", "does not know HTTP:// in capitals", ask_upper, "http-action-4" },
	{ "story-userdata", "http", "M 11.2.3", "C", "sends only the first header line of USERDATA", ask_header, "http-action-4" },
	{ "story-post-get", "http", "3.3", "N", "asks with GET when POST was meant", ask_get, "http-action-4" },
	{ "story-redirects", "http", "M 11.2.3", "M", "follows redirects though REDIR is 0", ask_redirect, "http-action-4" },
	{ .id = NULL },
};
/* clang-format on */
