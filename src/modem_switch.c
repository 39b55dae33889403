/* Switches: what the documents leave open, and latencies.  One row a field of struct modem_switches. */
#include "modem.h"
#include "modem_sessions.h"

/*
 * X(field, name, values, preset, about).  values: "least..most ms", or words; a word that is a number means
 * that number, another its place in the list, from 0.
 */
/* clang-format off */
#define SWITCHES(X) \
	X(latency_ms, "latency", "0..5000 ms", "20", "from a complete command line to its answer; hosts need 10 to 500 (host programs)") \
	X(urc_gap_ms, "urc-gap", "0..5000 ms", "100", "from an answer to the next unsolicited line; hosts need 50 (host programs)") \
	X(http_urc_ms, "http-urc", "0..120000 ms", "1500", "from AT+HTTPACTION's OK to its URC, at least; hosts need 1.1 to 2.1 s (host programs)") \
	X(ftp_urc_ms, "ftp-urc", "0..120000 ms", "400", "from an FTP command's OK to its URC, at least; hosts need less than 1.1 s (host programs)") \
	X(ftp_chunk_ms, "ftp-chunk", "0..60000 ms", "400", "from the OK of an uploaded block to the next +FTPPUT: 1,1 (host programs: below 2 s)") \
	X(bearer_ms, "bearer", "0..85000 ms", "1300", "from AT+SAPBR=1 to its OK, at least (a log of a good signal)") \
	X(ftp_again_ms, "ftp-again", "100..75000 ms", "10000", "unread data: until +FTPGET: 1,1 comes again (manual: in a certain time)") \
	X(ftp_idle_ms, "ftp-idle", "1000..600000 ms", "75000", "unread data: until the session ends with 64 (note 3.11: long time)") \
	X(ftp_response_ms, "ftp-response", "1000..600000 ms", "75000", "the server is silent: until the session fails with 64 (manual V1.06; 60 s before)") \
	X(ftp_window, "ftp-window", "1..1460", "1360", "the max length that +FTPPUT: 1,1 offers (note 3.10; 1280 in 3.14)") \
	X(range_error_cme, "range-error", "3|765|793", "3", "+CME ERROR number of a parameter out of range (no document says)") \
	X(unknown_command_cme, "unknown-command", "100|3|4|601", "100", "+CME ERROR number of an unknown command (a log says unknown; 601 is 811 in manuals up to V1.07)") \
	X(http_busy_action, "http-busy-action", "error|604", "error", "AT+HTTPACTION while one runs: an error, or OK and status 604") \
	X(http_busy_para, "http-busy-para", "ok|error", "ok", "AT+HTTPPARA while an action runs") \
	X(http_busy_term, "http-busy-term", "ok|error", "ok", "AT+HTTPTERM while an action runs: OK and no URC, or an error") \
	X(http_read_beyond, "http-read-beyond", "ok|error", "ok", "AT+HTTPREAD from beyond the end: OK alone, or an error") \
	X(http_delete, "http-delete", "no|yes", "no", "AT+HTTPACTION=3 is DELETE, as of manual V1.10; no firmware is known to have it") \
	X(http_range_status, "http-range-status", "server|200", "server", "status of a range: the server's 206, or 200 as note 3.7 prints") \
	X(http_no_bearer, "http-no-bearer", "urc|error", "urc", "AT+HTTPACTION without a bearer: OK and a URC with status 601, or an error") \
	X(http_timeout_status, "http-timeout-status", "601|408|604", "601", "status when TIMEOUT is over (no document says)") \
	X(http_partial_keeps, "http-partial-keeps", "no|yes", "yes", "AT+HTTPDATA's time is over: what came stays, or nothing does (logs say OK, not what is kept)") \
	X(ftp_empty_name, "ftp-empty-name", "66|64|77", "66", "error of an empty file name (note 3.13 prints 64 and calls it operation error)") \
	X(ftp_rest_keeps, "ftp-rest-keeps", "no|yes", "yes", "AT+FTPREST holds till it is changed, or is cleared by the session") \
	X(ftp_put_beyond, "ftp-put-beyond", "error|cut", "error", "AT+FTPPUT=2,n with n above the max length: an error, or confirmed with the max length") \
	X(ftp_put_short, "ftp-put-short", "ok|error", "ok", "fewer bytes than confirmed: OK and they are sent, or an error and nothing is") \
	X(ftp_input_ms, "ftp-input", "1000..600000 ms", "60000", "AT+FTPPUT=2: the time for its bytes (no document says)") \
	X(ftp_quit_idle, "ftp-quit-idle", "ok|error", "ok", "AT+FTPQUIT without a session (host programs need OK)") \
	X(ftp_busy_set, "ftp-busy-set", "ok|error", "ok", "an FTP setting during a session") \
	X(blanks_round_equals, "blanks-round-equals", "reject|accept", "reject", "AT+HTTPACTION = 0 as the note prints it") \
	X(colon_blank, "colon-blank", "no|yes", "yes", "+FTPGET: 1,1, or +FTPGET:1,1 as SIM900 and older manuals (facts of real modules: blank)") \
	X(quote_settings, "quote-settings", "no|yes", "no", "text settings are read back in quotes (manual: without)") \
	X(echo_late, "echo-late", "no|yes", "yes", "the echo comes in one burst with the answer, or byte by byte as it is typed (host programs)")

#define ROW(field, name, values, preset, about) { name, values, preset, about },
const struct modem_switch modem_switches[] = { SWITCHES(ROW) };
const size_t modem_switch_count = sizeof(modem_switches) / sizeof(modem_switches[0]);

#define OFFSET(field, name, values, preset, about) offsetof(struct modem_switches, field),
static const size_t offsets[] = { SWITCHES(OFFSET) };
/* clang-format on */

static bool
digits_read(struct span s, uint32_t *out, size_t *taken)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < s.len && i < 10 && s.at[i] >= '0' && s.at[i] <= '9'; i++)
		n = n * 10 + (uint64_t)(s.at[i] - '0');
	*taken = i;
	*out = (uint32_t)n;
	return i > 0 && n <= UINT32_MAX;
}

/* "1500", "1500ms", "1500 ms", "2s" */
static bool
range_value(const char *values, struct span value, uint32_t *out)
{
	uint32_t least, most;
	size_t taken;
	bool is_time;
	struct span range = span_str(values);

	digits_read(range, &least, &taken);
	range = span_after(range, taken + 2);
	digits_read(range, &most, &taken);
	is_time = range.len > taken;
	if (!digits_read(value, out, &taken))
		return false;
	value = span_after(value, taken);
	while (value.len > 0 && value.at[0] == ' ')
		value = span_after(value, 1);
	if (is_time && span_equal(value, SPAN("s")) && *out <= UINT32_MAX / 1000)
		*out *= 1000;
	else if (value.len > 0 && !(is_time && span_equal(value, SPAN("ms"))))
		return false;
	return *out >= least && *out <= most;
}

static bool
word_value(const char *values, struct span value, uint32_t *out)
{
	for (uint32_t place = 0; *values != '\0'; place++) {
		struct span word = span_of(values, strcspn(values, "|"));
		size_t taken;

		if (span_equal(word, value)) {
			if (!digits_read(word, out, &taken))
				*out = place;
			return true;
		}
		values += word.len + (values[word.len] == '|');
	}
	return false;
}

static bool
value_read(const char *values, struct span value, uint32_t *out)
{
	return strstr(values, "..") != NULL ? range_value(values, value, out) : word_value(values, value, out);
}

static bool
set_at(struct modem *m, size_t i, struct span value)
{
	uint32_t n;

	if (!value_read(modem_switches[i].values, value, &n))
		return false;
	memcpy((char *)&m->sw + offsets[i], &n, sizeof(n));
	return true;
}

int
modem_switch_set(struct modem *m, struct span name, struct span value)
{
	for (size_t i = 0; i < modem_switch_count; i++)
		if (span_equal(name, span_str(modem_switches[i].name)))
			return set_at(m, i, value) ? 0 : -2;
	return -1;
}

void
modem_switches_reset(struct modem *m)
{
	const struct modem_profile *p = m->profile;

	for (size_t i = 0; i < modem_switch_count; i++)
		set_at(m, i, span_str(modem_switches[i].preset));
	for (size_t i = 0; i < sizeof(p->differs) / sizeof(p->differs[0]) && p->differs[i].name != NULL; i++)
		modem_switch_set(m, span_str(p->differs[i].name), span_str(p->differs[i].value));
}
