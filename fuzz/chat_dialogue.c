#include "chat_dialogue.h"

#include "modem_script.h"
#include "quiet.h"

QUIET_BEGIN

#define HTTP_TIMEOUT_MS 120000u /* manual 11.2.3 */
#define FTP_RESPONSE_MS 75000u  /* manual 12.2.14 */
#define FTP_READ 1460u
/* So that no dialogue is longer than a host has patience for. */
#define CHAT_PIECE_LEAST 16
#define CHAT_BLOCKS_MAX 256

static const struct chat_task typical = { .kind = CHAT_GET, .name = { "www.sim.com", 11 } };

/* A host asks for no other names. */
static bool
is_name(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] > '~' || strchr("\"?#@", s.at[i]) != NULL)
			return false;
	return s.len > 0 && s.len <= 100;
}

static bool
task_line(struct span line, struct chat_task *t)
{
	static const char *const names[] = { "get", "post", "ftp-get", "ftp-put", "ftp-list" };
	struct span word = script_word(&line);
	unsigned i = 0;

	while (i < 5 && !span_equal(word, span_str(names[i])))
		i++;
	if (i == 5)
		return false;
	*t = (struct chat_task){ .kind = (enum chat_kind)i };
	if (i == CHAT_POST || i == CHAT_FTP_PUT) {
		if (!script_number(&line, &t->size) || t->size == 0 || !script_number(&line, &t->pattern))
			return false;
		t->size = t->size < CHAT_SENT_MAX ? t->size : CHAT_SENT_MAX;
	} else {
		t->name = script_word(&line);
		if (!is_name(t->name))
			return false;
	}
	script_number(&line, &t->piece);
	if (t->piece > 0 && t->piece < CHAT_PIECE_LEAST + t->size / CHAT_BLOCKS_MAX)
		t->piece = CHAT_PIECE_LEAST + t->size / CHAT_BLOCKS_MAX;
	if (t->piece > CHAT_SENT_MAX)
		t->piece = CHAT_SENT_MAX;
	return true;
}

void
chat_task_read(struct chat_task *t, struct span script)
{
	struct script_step s;
	struct chat_task named;

	*t = typical;
	while (script_next(&script, &s))
		if (s.kind == SCRIPT_LINE && task_line(s.text, &named))
			*t = named;
}

static bool
bearer(struct chat_host *h)
{
	return chat_command(h, "AT") && chat_command(h, "AT+SAPBR=3,1,\"Contype\",\"GPRS\"") && chat_command(h, "AT+SAPBR=1,1");
}

/* ---- HTTP ---------------------------------------------------------------- */

/* Read what the URC announced; a piece and the whole each say how long they are, and nothing may be behind. */
static bool
http_read(struct chat_host *h, uint64_t length, uint32_t piece)
{
	if (piece == 0)
		return chat_command(h, "AT+HTTPREAD") && chat_info_is(h, "+HTTPREAD", 1, &length) && h->got == length;
	while (h->got < length) {
		uint64_t n = length - h->got < piece ? length - h->got : piece;

		if (!chat_command(h, "AT+HTTPREAD=%u,%u", h->got, piece) || !chat_info_is(h, "+HTTPREAD", 1, &n))
			return false;
	}
	if (!chat_command(h, "AT+HTTPREAD=%u,1", h->got))
		return false;
	return h->got == length && h->info_len == 0 ? true : chat_fails(h, CHAT_ERROR, "more than was announced");
}

static bool
http(struct chat_host *h, struct span url, struct span body, uint32_t piece)
{
	struct chat_note n;
	uint64_t method = body.len > 0;

	if (!bearer(h) || !chat_command(h, "AT+HTTPINIT") || !chat_command(h, "AT+HTTPPARA=\"CID\",1") ||
	    !chat_command(h, "AT+HTTPPARA=\"URL\",\"%.*s\"", (int)url.len, url.at))
		return false;
	if (body.len > 0 && (!chat_ask(h, "AT+HTTPDATA=%u,10000", (unsigned)body.len) || !chat_give(h, body, 10000)))
		return false;
	if (!chat_command(h, "AT+HTTPACTION=%u", (unsigned)method) || !chat_await(h, "+HTTPACTION", HTTP_TIMEOUT_MS, &n))
		return false;
	if (n.count != 3 || n.number[0] != method || n.number[1] != 200 || n.number[2] == 0)
		return chat_fails(h, CHAT_ERROR, "the server did not answer as it should");
	return http_read(h, n.number[2], piece) && chat_command(h, "AT+HTTPTERM") && chat_command(h, "AT+SAPBR=0,1");
}

static void
post(struct chat_host *h, const struct chat_task *t, const char *sent)
{
	if (http(h, SPAN(CHAT_ECHO_URL), span_of(sent, t->size), t->piece) && (h->got != t->size || memcmp(h->data, sent, t->size) != 0))
		chat_fails(h, CHAT_ERROR, "something else came back");
}

/* ---- FTP ----------------------------------------------------------------- */

static bool
ftp_login(struct chat_host *h, struct span host)
{
	return bearer(h) && chat_command(h, "AT+FTPCID=1") && chat_command(h, "AT+FTPSERV=\"%.*s\"", (int)host.len, host.at) &&
	       chat_command(h, "AT+FTPUN=\"sim.cs1\"") && chat_command(h, "AT+FTPPW=\"12345\"");
}

/* What AT+FTPSIZE says of the file that FTPGETNAME names. */
static bool
ftp_size(struct chat_host *h, uint64_t *size)
{
	struct chat_note n;

	if (!chat_command(h, "AT+FTPSIZE") || !chat_await(h, "+FTPSIZE", FTP_RESPONSE_MS, &n))
		return false;
	*size = n.number[2];
	return (n.count == 3 && n.number[0] == 1 && n.number[1] == 0) || chat_fails(h, CHAT_ERROR, "no size");
}

/* Read until there is nothing; also when the session has ended meanwhile, which its URC, still on its way, will say. */
static bool
ftp_drain(struct chat_host *h, const char *verb, uint32_t piece)
{
	uint32_t before;
	bool answered;

	do {
		before = h->got;
		h->may_be_refused = true;
		answered = chat_command(h, "AT%s=2,%u", verb, piece == 0 || piece > FTP_READ ? FTP_READ : piece);
		h->may_be_refused = false;
		if (!answered)
			return false;
		if (!h->refused && !chat_info_is(h, verb, 2, (const uint64_t[]){ 2, h->got - before }))
			return false;
	} while (h->got > before);
	return true;
}

/* From =1 to 1,0: whenever 1,1 is said there is something to read. */
static bool
ftp_read(struct chat_host *h, const char *verb, uint32_t piece)
{
	struct chat_note n;

	if (!chat_command(h, "AT%s=1", verb))
		return false;
	while (chat_await(h, verb, FTP_RESPONSE_MS, &n)) {
		if (n.count != 2 || n.number[0] != 1 || n.number[1] > 1)
			return chat_fails(h, CHAT_ERROR, "the transfer failed");
		if (n.number[1] == 0)
			return true;
		if (!ftp_drain(h, verb, piece))
			return false;
	}
	return false;
}

static void
ftp_get(struct chat_host *h, const struct chat_task *t)
{
	size_t host = 0;
	uint64_t size;

	while (host < t->name.len && t->name.at[host] != '/')
		host++;
	if (!ftp_login(h, span_first(t->name, host)) || !chat_command(h, "AT+FTPGETPATH=\"/\"") ||
	    !chat_command(
		h, "AT+FTPGETNAME=\"%.*s\"", (int)(t->name.len - host) - (host < t->name.len), t->name.at + host + (host < t->name.len)))
		return;
	if (ftp_size(h, &size) && ftp_read(h, "+FTPGET", t->piece) && size != h->got)
		chat_fails(h, CHAT_ERROR, "not as long as it should be");
}

static bool
ftp_blocks(struct chat_host *h, const struct chat_task *t, const char *sent)
{
	struct chat_note n;
	uint64_t done = 0;

	while (done < t->size) {
		uint64_t block = t->size - done;

		if (!chat_await(h, "+FTPPUT", FTP_RESPONSE_MS, &n))
			return false;
		if (n.count != 3 || n.number[0] != 1 || n.number[1] != 1 || n.number[2] == 0)
			return chat_fails(h, CHAT_ERROR, "the transfer failed");
		block = block < n.number[2] ? block : n.number[2];
		block = t->piece > 0 && block > t->piece ? t->piece : block;
		if (!chat_ask(h, "AT+FTPPUT=2,%u", (unsigned)block) || !chat_info_is(h, "+FTPPUT", 2, (const uint64_t[]){ 2, block }) ||
		    !chat_give(h, span_of(sent + done, (size_t)block), 60000))
			return false;
		done += block;
	}
	if (!chat_await(h, "+FTPPUT", FTP_RESPONSE_MS, &n) || !chat_command(h, "AT+FTPPUT=2,0") ||
	    !chat_await(h, "+FTPPUT", FTP_RESPONSE_MS, &n))
		return false;
	return (n.count == 2 && n.number[0] == 1 && n.number[1] == 0) || chat_fails(h, CHAT_ERROR, "the transfer failed");
}

static void
ftp_put(struct chat_host *h, const struct chat_task *t, const char *sent)
{
	uint64_t size;

	if (!ftp_login(h, SPAN(CHAT_PUT_HOST)) || !chat_command(h, "AT+FTPPUTPATH=\"/\"") ||
	    !chat_command(h, "AT+FTPPUTNAME=\"%s\"", CHAT_PUT_NAME) || !chat_command(h, "AT+FTPGETPATH=\"/\"") ||
	    !chat_command(h, "AT+FTPGETNAME=\"%s\"", CHAT_PUT_NAME) || !chat_command(h, "AT+FTPPUT=1"))
		return;
	if (ftp_blocks(h, t, sent) && ftp_size(h, &size) && size != t->size)
		chat_fails(h, CHAT_ERROR, "not as long as it should be");
}

static void
ftp_list(struct chat_host *h, const struct chat_task *t)
{
	if (ftp_login(h, t->name) && chat_command(h, "AT+FTPGETPATH=\"/\""))
		ftp_read(h, "+FTPLIST", t->piece);
}

void
chat_dialogue(struct chat_host *h, const struct chat_task *t, const char *sent)
{
	switch (t->kind) {
	case CHAT_GET: http(h, t->name, SPAN(""), t->piece); break;
	case CHAT_POST: post(h, t, sent); break;
	case CHAT_FTP_GET: ftp_get(h, t); break;
	case CHAT_FTP_PUT: ftp_put(h, t, sent); break;
	case CHAT_FTP_LIST: ftp_list(h, t); break;
	}
}

QUIET_END
