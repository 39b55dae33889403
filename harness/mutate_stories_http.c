/* mutate_stories_http: what firmware has got wrong, or plausibly would: HTTP. */
#include "modem_http.h"
#include "mutate_tables.h"

#define SAYS(name, id, i, ...)                                                                                                             \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		mutant_rule(t, id)->say[i] = (struct say)__VA_ARGS__;                                                                      \
	}

#define ACTS(name, id, f)                                                                                                                  \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		story_acts(t, id, f);                                                                                                      \
	}

#define ASKS(name, f)                                                                                                                      \
	static void name(struct mutant *t)                                                                                                 \
	{                                                                                                                                  \
		hook.alter_http = f;                                                                                                       \
		story_acts(t, "http-action-4", far_act);                                                                                   \
	}

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
	story_own_act(m);
	m->http.length = 0;
}

static void
read_from_start(struct modem *m)
{
	m->http.read_start = 0;
	story_own_act(m);
}

static void
read_to_end(struct modem *m)
{
	m->http.read_size = HTTP_BUFFER_MAX;
	story_own_act(m);
}

static void
data_appends(struct modem *m)
{
	uint32_t length = m->http.length;

	story_own_act(m);
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
	story_own_act(m);
}

static void
post_empties(struct modem *m)
{
	if (m->http.asked == WORLD_POST)
		m->http.length = 0;
	story_own_act(m);
}

static void
timeout_tenth(struct modem *m)
{
	story_own_act(m);
	modem_arm(m, TIMER_HTTP, (uint64_t)m->http.used.http_timeout * 100);
}

static void
status_of_redirect(struct modem *m)
{
	story_own_act(m);
	if (m->http.used.http_redirect == 1 && m->http.status == 200)
		m->http.status = 302;
}

static void
header_counts(struct modem *m)
{
	story_own_act(m);
	m->http.announced += m->http.header_length;
}

static void
head_has_length(struct modem *m)
{
	story_own_act(m);
	if (m->http.method == WORLD_HEAD)
		m->http.announced = 69;
}

static void
never_404(struct modem *m)
{
	story_own_act(m);
	if (m->http.status == 404)
		m->http.status = 200;
}

static void
server_errors_are_601(struct modem *m)
{
	story_own_act(m);
	if (m->http.status >= 500 && m->http.status < 600)
		m->http.status = 601;
}

static void
nothing_is_602(struct modem *m)
{
	story_own_act(m);
	if (m->http.length == 0 && m->http.method == WORLD_GET && m->http.status == 200)
		m->http.status = 602;
}

static void
dns_is_601(struct modem *m)
{
	story_own_act(m);
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
const struct story mutate_stories_http[] = {
	/* id, area, clause, evidence, what it does, plant, reached with */
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
