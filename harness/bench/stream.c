#include "stream.h"
#include "prng.h"

#include <stdio.h>
#include <stdlib.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SLACK (1 << 19) /* the longest thing put in at once: a block of 300 KiB, or a line of 210 KB */

struct maker {
	struct stream *s;
	struct prng chance;
	size_t size;
	bool echo;
	bool noise; /* a run of noise is open: what joins it is no new fault */
};

static void
put(struct maker *m, const char *bytes, size_t n)
{
	memcpy(m->s->bytes + m->s->len, bytes, n);
	m->s->len += n;
}

static void
put_text(struct maker *m, const char *text)
{
	put(m, text, strlen(text));
}

/* text with a number in the place of each '#'. */
static void
put_filled(struct maker *m, const char *text)
{
	char number[24];

	for (; *text != '\0'; text++) {
		if (*text != '#') {
			put(m, text, 1);
			continue;
		}
		snprintf(number, sizeof(number), "%u", (unsigned)prng_below(&m->chance, prng_below(&m->chance, 2) ? 100 : 2000));
		put_text(m, number);
	}
}

/* A framed line that means something; what it reads as is counted by the caller. */
static void
put_line(struct maker *m, const char *text)
{
	put_text(m, "\r\n");
	put_filled(m, text);
	put_text(m, "\r\n");
	m->s->lines++;
	m->noise = false;
}

static void
put_reply(struct maker *m, enum at_reply_kind kind, const char *text)
{
	put_line(m, text);
	m->s->said[kind]++;
	m->s->truth.kind[kind == AT_REPLY_INFO && !m->echo ? AT_REPLY_URC : kind]++;
}

static void
put_final(struct maker *m, enum at_final final, const char *text)
{
	put_reply(m, AT_REPLY_FINAL, text);
	m->s->truth.final[final]++;
}

/* ---- (a): short lines ---------------------------------------------------- */

struct step {
	const char *command;
	const char *info; /* before its final result code */
	enum at_reply_kind kind;
	const char *urc; /* after it */
};

/* clang-format off */
static const struct step http[] = {
	{ "AT+SAPBR=3,1,\"Contype\",\"GPRS\"",			NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+SAPBR=3,1,\"APN\",\"CMNET\"",			NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+SAPBR=1,1",					NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+SAPBR=2,1",					"+SAPBR: 1,1,\"10.89.#.1\"",	AT_REPLY_INFO,		NULL },
	{ "AT+HTTPINIT",					NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+HTTPPARA=\"CID\",1",				NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+HTTPPARA=\"URL\",\"www.sim.com\"",		NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+HTTPACTION=0",					NULL,				AT_REPLY_MORE,		"+HTTPACTION: 0,200,#" },
	{ "AT+HTTPSTATUS?",					"+HTTPSTATUS: GET,0,0,0",	AT_REPLY_INFO,		NULL },
	{ "AT+HTTPPARA=\"URL\",\"www.sim.com/post\"",		NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+HTTPDATA=100,10000",				"DOWNLOAD",			AT_REPLY_PROMPT,	NULL },
	{ "AT+HTTPACTION=1",					NULL,				AT_REPLY_MORE,		"+HTTPACTION: 1,601,#" },
	{ "AT+HTTPTERM",					NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+SAPBR=0,1",					NULL,				AT_REPLY_MORE,		NULL },
};

static const struct step ftp[] = {
	{ "AT+FTPCID=1",					NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+FTPSERV=\"116.228.221.52\"",			NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+FTPUN=\"sim.cs1\"",				NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+FTPPW=\"*****\"",					NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+FTPGETNAME=\"1K.txt\"",				NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+FTPGETPATH=\"/\"",				NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+FTPGET=1",					NULL,				AT_REPLY_MORE,		"+FTPGET: 1,1" },
	{ "AT+FTPGET=2,1024",					"+FTPGET: 2,0",			AT_REPLY_INFO,		"+FTPGET: 1,0" },
	{ "AT+FTPPUTNAME=\"tesr.txt\"",				NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+FTPPUT=1",					NULL,				AT_REPLY_MORE,		"+FTPPUT: 1,1,1360" },
	{ "AT+FTPPUT=2,100",					"+FTPPUT: 2,100",		AT_REPLY_PROMPT,	"+FTPPUT: 1,1,1360" },
	{ "AT+FTPPUT=2,0",					NULL,				AT_REPLY_MORE,		"+FTPPUT: 1,0" },
	{ "AT+FTPSIZE",						NULL,				AT_REPLY_MORE,		"+FTPSIZE: 1,0,#" },
	{ "AT+FTPSTATE",					"+FTPSTATE: 0",			AT_REPLY_INFO,		NULL },
	{ "AT+FTPMKD",						NULL,				AT_REPLY_MORE,		"+FTPMKD: 1,0" },
	{ "AT+FTPQUIT",						NULL,				AT_REPLY_MORE,		NULL },
};

static const struct step general[] = {
	{ "AT",							NULL,				AT_REPLY_MORE,		NULL },
	{ "AT+CPIN?",						"+CPIN: READY",			AT_REPLY_INFO,		NULL },
	{ "AT+CSQ",						"+CSQ: #,0",			AT_REPLY_INFO,		NULL },
	{ "AT+CREG?",						"+CREG: 0,1",			AT_REPLY_INFO,		NULL },
	{ "AT+CGATT?",						"+CGATT: 1",			AT_REPLY_INFO,		NULL },
	{ "AT+COPS?",						"+COPS: 0,0,\"CHINA MOBILE\"",	AT_REPLY_INFO,		NULL },
	{ "AT+CBC",						"+CBC: 0,#,#",			AT_REPLY_INFO,		NULL },
	{ "AT+CCLK?",						"+CCLK: \"15/11/04,19:#:14+32\"", AT_REPLY_INFO,	NULL },
};

static const char *const unasked[] = {
	"RING", "Call Ready", "SMS Ready", "+CREG: 5", "+CGREG: 1", "+CMTI: \"SM\",#", "+SAPBR 1: DEACT", "DST: 1",
	"*PSUTTZ: 2015,11,4,11,#,14,\"+32\",0", "+CLIP: \"+8613#\",145", "+CTZV: 32,0", "UNDER-VOLTAGE WARNNING",
};
/* clang-format on */

static void
put_step(struct maker *m, const struct step *step)
{
	uint64_t luck = prng_below(&m->chance, 100);

	if (m->echo) {
		put_text(m, step->command);
		put_text(m, "\r");
		m->s->truth.kind[AT_REPLY_ECHO]++;
		m->s->said[AT_REPLY_ECHO]++;
	}
	if (luck < 3) {
		put_final(m, AT_FINAL_ERROR, "ERROR");
	} else if (luck < 5) {
		put_final(m, AT_FINAL_CME_ERROR, "+CME ERROR: #");
	} else {
		if (step->info != NULL)
			put_reply(m, step->kind, step->info);
		put_final(m, AT_FINAL_OK, "OK");
		if (step->urc != NULL)
			put_reply(m, AT_REPLY_URC, step->urc);
	}
	if (prng_below(&m->chance, 100) < 10)
		put_reply(m, AT_REPLY_URC, unasked[prng_below(&m->chance, COUNT(unasked))]);
}

static void
make_lines(struct maker *m)
{
	while (m->s->len < m->size) {
		for (size_t i = 0; i < COUNT(http); i++)
			put_step(m, &http[i]);
		for (size_t i = 0; i < COUNT(general); i++)
			put_step(m, &general[prng_below(&m->chance, COUNT(general))]);
		for (size_t i = 0; i < COUNT(ftp); i++)
			put_step(m, &ftp[i]);
	}
}

/* ---- (b): payloads --------------------------------------------------------- */

static const char *const planted[] = {
	"\r\nOK\r\n",
	"\r\nERROR\r\n",
	"+HTTPREAD: 5\r\n",
	"\r\n+HTTPREAD: 5\r\n",
	"\r\n+FTPGET: 2,10\r\n",
	"> ",
	"\r\n+CME ERROR: 3\r\n",
	"\r\n",
};

/* n random bytes, with framing that is none about every 500 of them. */
static void
put_payload(struct maker *m, size_t n)
{
	char *at = m->s->bytes + m->s->len;
	uint64_t r = 0;
	size_t i = 0;

	/* byte by byte, so that the stream is the same whatever the processor's byte order */
	for (; i < n; i++) {
		r = i % 8 == 0 ? prng_next(&m->chance) : r >> 8;
		at[i] = (char)(r & 0xff);
	}
	for (i = (size_t)prng_below(&m->chance, 500); i + 20 < n; i += 20 + (size_t)prng_below(&m->chance, 960)) {
		const char *text = planted[prng_below(&m->chance, COUNT(planted))];

		memcpy(at + i, text, strlen(text));
	}
	m->s->len += n;
	m->s->truth.kind[AT_REPLY_PAYLOAD]++;
	m->s->truth.payload_bytes += n;
}

/* 1 KiB to 300 KiB, each octave as likely as any other. */
static size_t
block_size(struct maker *m)
{
	size_t n, floor;

	do {
		floor = (size_t)1024 << prng_below(&m->chance, 9);
		n = floor + (size_t)prng_below(&m->chance, floor);
	} while (n > 300 * 1024);
	return n;
}

static void
put_bad_length(struct maker *m)
{
	static const char *const bad[] = {
		"+HTTPREAD: 12a",
		"+HTTPREAD: -5",
		"+HTTPREAD: 99999999999999999999999",
		"+HTTPREAD: 319489",
		"+HTTPREAD: 0x10",
		"+HTTPREAD: ",
		"+HTTPREAD: +5",
		"+HTTPREAD: 1 2",
		"+HTTPREAD: 5.0",
		"+FTPGET: 2,-1",
		"+FTPGET: 2,1461",
		"+FTPGET: 2,4294967297",
		"+FTPGET: 2,",
	};

	put_line(m, bad[prng_below(&m->chance, COUNT(bad))]);
	m->s->truth.kind[AT_REPLY_FAULT]++;
	m->s->said[AT_REPLY_FAULT]++;
	put_final(m, AT_FINAL_OK, "OK");
}

static void
make_payloads(struct maker *m)
{
	char head[40];

	while (m->s->len < m->size) {
		bool from_ftp = prng_below(&m->chance, 4) == 0;
		size_t n = from_ftp ? 1024 + (size_t)prng_below(&m->chance, 437) : block_size(m);

		snprintf(head, sizeof(head), from_ftp ? "+FTPGET: 2,%zu" : "+HTTPREAD: %zu", n);
		put_reply(m, AT_REPLY_INFO, head);
		put_payload(m, n);
		put_final(m, AT_FINAL_OK, "OK");
		if (prng_below(&m->chance, 2) == 0)
			put_bad_length(m);
	}
}

/* ---- (c): what nobody means --------------------------------------------------- */

/* Bytes without a meaning follow; a run of them is one fault. */
static void
begin_noise(struct maker *m)
{
	if (!m->noise)
		m->s->truth.kind[AT_REPLY_FAULT]++;
	m->noise = true;
}

static void
put_run(struct maker *m, const char *what, uint64_t max)
{
	for (uint64_t n = 1 + prng_below(&m->chance, max); n > 0; n--)
		put_text(m, what);
}

/* A line of 10 to 210 KB: text, text with NULs, text with lone CRs, or what begins like a URC and goes on. */
static void
put_long_line(struct maker *m)
{
	static const char *const heads[] = { "+HTTPACTION: 0,200,", "+CREG: 1,", "+CSQ: ", "+FTPGET: 1," };
	size_t n = 10000 + (size_t)prng_below(&m->chance, 200000), every = 50 + (size_t)prng_below(&m->chance, 400);
	uint64_t flavour = prng_below(&m->chance, 4);
	char *at;

	if (flavour == 3) {
		/* what it would have said is lost, which is a fault of its own */
		m->s->truth.kind[AT_REPLY_FAULT]++;
		m->noise = false;
		put_text(m, heads[prng_below(&m->chance, COUNT(heads))]);
	} else {
		begin_noise(m);
		put_text(m, "=");
	}
	at = m->s->bytes + m->s->len;
	for (size_t i = 0; i < n; i++)
		at[i] = (char)('b' + prng_below(&m->chance, 24)); /* without an A, before which a CR ends a line */
	for (size_t i = every; flavour < 2 && i < n; i += every)
		at[i] = flavour == 0 ? '\0' : '\r';
	m->s->len += n;
	put_text(m, "\r\n");
	m->s->lines++;
}

static void
put_near_misses(struct maker *m)
{
	static const char *const near[] = {
		"OKAY",
		" OK",
		"OK ",
		"ok",
		"ERRORS",
		"+CME ERROR",
		"+CME ERRO: 3",
		"+CMEERROR: 3",
		"NO CARRIERS",
		"CONNECT OK",
		"BUSY:",
		"+HTTPREA: 5",
		"+HTTPREADS: 5",
		"+HTTPREAD 5",
		"HTTPREAD: 5",
		"+HTTPACTIO: 0,200,5",
		"+HTTPACTION",
		"+FTPGE: 1,1",
		"+FTPGET",
		"RINGS",
		"DOWNLOADS",
		"+CREGS: 1",
		"+creg",
		">",
		"=?",
		"+: 1",
		"+SAPBR 1 DEACT",
	};

	begin_noise(m);
	for (uint64_t n = 1 + prng_below(&m->chance, 150); n > 0; n--) {
		put_text(m, near[prng_below(&m->chance, COUNT(near))]);
		put_text(m, prng_below(&m->chance, 8) == 0 ? "\r\r\n" : "\r\n");
		m->s->lines++;
	}
}

static void
put_nuls(struct maker *m)
{
	begin_noise(m);
	for (uint64_t n = 1 + prng_below(&m->chance, 2000); n > 0; n--)
		put(m, "", 1);
	put_text(m, "\r\n");
	m->s->lines++;
}

static void
make_adversity(struct maker *m)
{
	while (m->s->len < m->size) {
		put_long_line(m);
		put_run(m, "\n", 2400);
		put_near_misses(m);
		put_run(m, "\r\r\n", 1500);
		put_nuls(m);
		put_run(m, "\r", 2000);
		if (prng_below(&m->chance, 4) == 0)
			put_final(m, AT_FINAL_OK, "OK");
	}
	put_final(m, AT_FINAL_OK, "OK");
}

bool
stream_make(struct stream *s, const char *name, size_t size, uint64_t seed)
{
	struct maker m = { .s = s, .size = size };

	*s = (struct stream){ .name = name, .cap = size + SLACK };
	s->bytes = malloc(s->cap);
	if (s->bytes == NULL) {
		fprintf(stderr, "bench: no memory for %zu bytes\n", s->cap);
		exit(3);
	}
	prng_seed(&m.chance, seed);
	m.echo = strcmp(name, "a-echo") == 0;
	if (strcmp(name, "a") == 0 || m.echo)
		make_lines(&m);
	else if (strcmp(name, "b") == 0)
		make_payloads(&m);
	else if (strcmp(name, "c") == 0)
		make_adversity(&m);
	else
		return stream_free(s), false;
	for (size_t i = 0; i < s->len; i++)
		s->lf += s->bytes[i] == '\n';
	return true;
}

void
stream_free(struct stream *s)
{
	free(s->bytes);
	s->bytes = NULL;
}
