#include "world_curl_ftp.h"

#include <ctype.h>
#include <string.h>

#include "span.h"

/* EPSV and EPRT are PASV and PORT for IPv6 (RFC 2428); CWD is part of STOU, which has no path. */
static const struct {
	const char *name;
	enum ftp_verb verb;
} also[] = {
	{ "EPSV", FTP_PASV },
	{ "EPRT", FTP_PORT },
	{ "CWD", FTP_STOU },
};

void
talk_begin(struct curl_ftp_talk *k)
{
	*k = (struct curl_ftp_talk){ .verb = FTP_VERBS };
}

static bool
is_command(struct span line, const char *name)
{
	size_t n = strlen(name);

	return line.len > n && memcmp(line.at, name, n) == 0 && (line.at[n] == ' ' || line.at[n] == '\r');
}

void
talk_sent(struct curl_ftp_talk *k, struct span line)
{
	/* libcurl may try PASV again before it has heard why there is no TLS on the data connection: what comes is for the first. */
	if (k->owed)
		return;
	k->owed = true;
	k->verb = FTP_VERBS;
	k->code = 0;
	k->bytes = 0;
	for (int i = 0; i < FTP_VERBS; i++)
		if (is_command(line, world_ftp_verbs[i]))
			k->verb = (enum ftp_verb)i;
	for (size_t i = 0; i < sizeof(also) / sizeof(also[0]); i++)
		if (is_command(line, also[i].name))
			k->verb = also[i].verb;
}

bool
talk_moves_data(enum ftp_verb verb)
{
	return verb == FTP_RETR || verb == FTP_LIST || verb == FTP_STOR || verb == FTP_APPE || verb == FTP_STOU;
}

/* Three digits and a blank end a reply, whatever stood before: that is where libcurl goes on, too. */
void
talk_heard(struct curl_ftp_talk *k, struct span line)
{
	size_t n = 0;

	k->bytes += (uint32_t)(line.len < CURL_FTP_REPLY_MAX ? line.len : CURL_FTP_REPLY_MAX);
	if (k->bytes > CURL_FTP_REPLY_MAX)
		k->endless = true;
	if (line.len < 4 || !isdigit((unsigned char)line.at[0]) || !isdigit((unsigned char)line.at[1]) ||
	    !isdigit((unsigned char)line.at[2]) || line.at[3] != ' ')
		return;
	k->code = (line.at[0] - '0') * 100 + (line.at[1] - '0') * 10 + (line.at[2] - '0');
	k->greeted = true;
	k->owed = false;
	if (k->code / 100 == 1 && talk_moves_data(k->verb))
		k->data = true;
	line = span_after(line, 4);
	while (n < line.len && n < sizeof(k->text) - 1 && line.at[n] != '\r' && line.at[n] != '\n') {
		k->text[n] = line.at[n];
		n++;
	}
	k->text[n] = '\0';
}

/* Where libcurl goes on after anything below 400: what it sends for us (CURLOPT_QUOTE, CURLOPT_PREQUOTE), and uploads. */
int
talk_refused(const struct curl_ftp_talk *k)
{
	bool lax = k->verb == FTP_TYPE || k->verb == FTP_REST || k->verb == FTP_STOR || k->verb == FTP_APPE;

	return k->code == 0 || k->data || !lax ? 0 : world_ftp_error(k->verb, k->code);
}
