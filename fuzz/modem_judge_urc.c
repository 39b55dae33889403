/* modem_judge_urc: which lines may come unasked, and what stands in them.  Manual 9.2, 11.2.5, 12.2, 19.3. */
#include "at_fields.h"
#include "modem_judge.h"
#include "oracle.h"
#include "quiet.h"

QUIET_BEGIN

static bool
statuses(uint64_t n)
{
	return (n >= 100 && n <= 599) || (n >= 600 && n <= 606);
}

/* +HTTPACTION: method,status,length */
static bool
http_action(struct modem_judge *j, struct span line)
{
	struct at_fields f;
	uint64_t method, status, length;

	j->actions++;
	return at_fields_open(&f, line, SPAN("+HTTPACTION")) && at_fields_number(&f, 0, 3, &method) &&
	       at_fields_number(&f, 100, 999, &status) && statuses(status) && at_fields_number(&f, 0, HTTP_BUFFER_MAX, &length) &&
	       at_fields_end(&f);
}

/* 1,1 more to come; 1,0 the end; 1,61 to 1,86 an error. */
static bool
ftp_end(struct modem_judge *j, struct span line, struct span prefix)
{
	struct at_fields f;
	uint64_t one, code, third;
	bool put = at_same(prefix, SPAN("+FTPPUT")), size = at_same(prefix, SPAN("+FTPSIZE"));

	if (!at_fields_open(&f, line, prefix) || !at_fields_number(&f, 1, 1, &one) || !at_fields_number(&f, 0, 86, &code))
		return false;
	if (code > 1 && code < 61)
		return false;
	j->sessions += code != 1;
	if (put && code == 1)
		return at_fields_number(&f, 1, FTP_READ_MAX, &third) && at_fields_end(&f);
	if (size)
		return code != 1 && at_fields_number(&f, 0, UINT64_MAX, &third) && at_fields_end(&f);
	if (code == 1 && !at_same(prefix, SPAN("+FTPGET")) && !at_same(prefix, SPAN("+FTPLIST")))
		return false;
	return at_fields_end(&f);
}

static bool
registration(struct span line, struct span prefix)
{
	struct at_fields f;
	uint64_t n;

	return at_fields_open(&f, line, prefix) && at_fields_number(&f, 0, 5, &n) && at_fields_end(&f);
}

static bool
is_ftp(struct span prefix)
{
	static const char *const names[] = { "+FTPGET", "+FTPPUT", "+FTPLIST", "+FTPSIZE", "+FTPDELE", "+FTPMKD", "+FTPRMD" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal(prefix, span_str(names[i])))
			return true;
	return false;
}

/* Whole lines, those that a script may put in (says) among them. */
static bool
is_listed(struct span line)
{
	static const char *const lines[] = { "RDY", "+CFUN: 1", "+CPIN: READY", "+CPIN: NOT READY", "Call Ready", "SMS Ready", "RING",
		"+SAPBR 1: DEACT", "+SAPBR 2: DEACT", "+SAPBR 3: DEACT", "UNDER-VOLTAGE WARNNING", "*PSUTTZ: 2014,10,12,14,58,30,\"+32\",0",
		"+CMTI: \"SM\",1" };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (span_equal(line, span_str(lines[i])))
			return true;
	return false;
}

bool
modem_judge_knows(struct span line)
{
	return is_listed(line) || registration(line, SPAN("+CREG"));
}

void
modem_judge_urc(struct modem_judge *j, struct span line, uint64_t now_us)
{
	struct span prefix = at_prefix_of(line);
	bool known;

	if (span_equal(prefix, SPAN("+HTTPACTION")))
		known = http_action(j, line);
	else if (is_ftp(prefix))
		known = ftp_end(j, line, prefix);
	else
		known = modem_judge_knows(line);
	/* A line of the script's own may come at any moment; these keep their distance from the answer (host programs 14). */
	if ((is_ftp(prefix) || span_equal(prefix, SPAN("+HTTPACTION"))) && now_us < j->quiet_until_us)
		oracle_fail("gap", "%.*s comes at %llu us, not before %llu us", (int)line.len, line.at, (unsigned long long)now_us,
		    (unsigned long long)j->quiet_until_us);
	if (!known)
		oracle_fail("known", "the module says unasked: %.*s", (int)line.len, line.at);
}

/* Where these rules are counted; found once, since looking for them takes long. */
struct places {
	bool known;
	unsigned count, at[16];
};

static uint64_t
taken(const struct modem *m, struct places *p, const char *const *ids, size_t n)
{
	struct modem_rule_count rule;
	uint64_t hits = 0;

	for (unsigned i = 0; !p->known && modem_rule(m, i, &rule); i++)
		for (size_t k = 0; k < n; k++)
			if (strcmp(rule.id, ids[k]) == 0)
				p->at[p->count++] = i;
	p->known = true;
	for (unsigned i = 0; i < p->count; i++)
		hits += m->hits[p->at[i]];
	return hits;
}

void
modem_judge_counts(const struct modem_judge *j)
{
	static const char *const actions[] = { "http-action-3", "http-action-4", "http-action-5" };
	static const char *const opens[] = { "ftp-open-1", "ftp-open-2", "ftp-open-4", "ftp-get-1", "ftp-list-1", "ftp-put-1", "ftp-ext-9",
		"ftp-size-1", "ftp-dele-1", "ftp-mkd-1", "ftp-rmd-1" };
	static struct places action_places, open_places;
	uint64_t asked = taken(j->m, &action_places, actions, sizeof(actions) / sizeof(actions[0]));
	uint64_t opened = taken(j->m, &open_places, opens, sizeof(opens) / sizeof(opens[0]));

	if (j->actions > asked)
		oracle_fail("known", "%llu results of %llu actions", (unsigned long long)j->actions, (unsigned long long)asked);
	if (j->sessions > opened)
		oracle_fail("known", "%llu ends of %llu sessions", (unsigned long long)j->sessions, (unsigned long long)opened);
}

QUIET_END
