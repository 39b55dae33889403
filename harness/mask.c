#include <strings.h>

#include "mask.h"

#define MASK_SHORT_MAX 2 /* a secret of one or two bytes is everywhere: it is masked at its parameter only */

static const struct span stars = { "*****", 5 };

/* Where a secret stands by its parameter's name, whoever says it. */
struct parameter {
	const char *name;
	const char *separators; /* one of these must follow the name, blanks around it do not count */
	bool exact;             /* upper case only, as the FTP protocol writes it: the word is common otherwise */
	bool url;               /* what follows is a URL that need not have a scheme; the secret is inside */
	bool line;              /* the secret goes on to the end of the line or to a quote */
	bool quoted;            /* the word is prose unless a quote follows */
	const char *not_after;  /* when this stands before the name, no secret follows */
};

static const struct parameter parameters[] = {
	{ .name = "+FTPPW", .separators = "=:" }, /* command, read form, AT+FTPSCONT? */
	{ .name = "PWD", .separators = ",:" },    /* AT+SAPBR=3,1,"PWD","x" and the PWD: line of AT+SAPBR=4,1 */
	{ .name = "PASS", .separators = " ", .exact = true, .not_after = "reply " }, /* a far side's control connection */
	{ .name = "password", .separators = " ", .quoted = true },                   /* a world line */
	{ .name = "Authorization", .separators = ":", .line = true },                /* AT+HTTPPARA="USERDATA",... */
	{ .name = "URL", .separators = ",:", .url = true },
};

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

static size_t
skip_blanks(struct span s, size_t i)
{
	while (i < s.len && (s.at[i] == ' ' || s.at[i] == '\t'))
		i++;
	return i;
}

/* A quote, plain or as \" in an escaped text, begins at i: its length, or 0. */
static size_t
quote_at(struct span s, size_t i)
{
	if (i < s.len && s.at[i] == '"')
		return 1;
	if (i + 1 < s.len && s.at[i] == '\\' && s.at[i + 1] == '"')
		return 2;
	return 0;
}

static size_t
line_end(struct span s, size_t i)
{
	while (i < s.len && s.at[i] != '\r' && s.at[i] != '\n')
		i++;
	return i;
}

/* The value that begins at i: quoted, or up to the end of its line or the next command of the command line. */
static struct span
value_at(struct span s, size_t i, const struct parameter *p)
{
	size_t quote = quote_at(s, i), end, from = i + quote;

	end = line_end(s, i);
	if (quote != 0) {
		for (size_t k = from; k < end; k++)
			if (s.at[k] == '"' && (quote == 1 || s.at[k - 1] == '\\')) {
				end = k + 1 - quote;
				break;
			}
		if (end < from)
			end = from;
	} else if (p->exact) {
		for (size_t k = from; k < end; k++)
			if (s.at[k] == ' ' || s.at[k] == '"' || s.at[k] == '\t')
				end = k;
	} else if (p->line) {
		for (size_t k = from; k < end; k++)
			if (s.at[k] == '"')
				end = k;
	} else {
		for (size_t k = from; k + 1 < end; k++)
			if (s.at[k] == ';' && s.at[k + 1] == '+')
				end = k;
		if (end == from + 1 && s.at[from] == '?') /* the test form asks, it does not tell */
			end = from;
	}
	return span_of(s.at + from, end - from);
}

/* The password between user: and @ of an authority that begins at i. */
static bool
password_of_authority(struct span s, size_t i, struct span *secret)
{
	size_t end = i, at, colon = i;

	while (end < s.len && (unsigned char)s.at[end] > ' ' && strchr("/\"?#\\<>", s.at[end]) == NULL)
		end++;
	for (at = end; at > i && s.at[at - 1] != '@';)
		at--;
	if (at == i)
		return false;
	at--;
	while (colon < at && s.at[colon] != ':')
		colon++;
	if (colon == at || colon + 1 == at)
		return false;
	*secret = span_of(s.at + colon + 1, at - colon - 1);
	return true;
}

/* A parameter's name begins at i: find its secret. */
static bool
secret_of_parameter(struct span s, size_t i, const struct parameter *p, struct span *secret)
{
	size_t n = strlen(p->name), k = i + n;

	if (s.len - i <= n || (p->exact ? strncmp(s.at + i, p->name, n) : strncasecmp(s.at + i, p->name, n)) != 0)
		return false;
	if (i > 0 && is_word(p->name[0]) && is_word(s.at[i - 1]))
		return false;
	if (p->not_after != NULL && i >= strlen(p->not_after) &&
	    memcmp(s.at + i - strlen(p->not_after), p->not_after, strlen(p->not_after)) == 0)
		return false;
	k += quote_at(s, k);
	if (*p->separators != ' ')
		k = skip_blanks(s, k);
	if (k >= s.len || strchr(p->separators, s.at[k]) == NULL || s.at[k] == '\0')
		return false;
	k = skip_blanks(s, k + 1);
	if (p->quoted && quote_at(s, k) == 0)
		return false;
	if (p->url)
		return password_of_authority(s, k + quote_at(s, k), secret);
	*secret = value_at(s, k, p);
	return secret->len != 0;
}

/* Whether a parameter's name or a URL's "://" may begin with c: most bytes of a text are passed with this one look. */
static bool
may_begin(char c)
{
	return c == ':' || c == '+' || c == 'p' || c == 'P' || c == 'a' || c == 'A' || c == 'u' || c == 'U';
}

/* A secret's parameter begins at i: where the secret itself lies. */
static bool
secret_at(struct span s, size_t i, bool *of_url, struct span *secret)
{
	if (!may_begin(s.at[i]))
		return false;
	*of_url = s.at[i] == ':';
	if (*of_url)
		return span_starts(span_after(s, i), SPAN("://")) && password_of_authority(s, i + 3, secret);
	for (size_t k = 0; k < sizeof(parameters) / sizeof(parameters[0]); k++)
		if ((parameters[k].name[0] | 0x20) == (s.at[i] | 0x20) && secret_of_parameter(s, i, &parameters[k], secret)) {
			*of_url = parameters[k].url;
			return true;
		}
	return false;
}

static int
hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that s stands for at i, when it is written as a mark and two hex digits. */
static int
coded_at(struct span s, size_t i, size_t mark)
{
	int high, low;

	if (i + mark + 2 > s.len)
		return -1;
	high = hex_of(s.at[i + mark]);
	low = hex_of(s.at[i + mark + 1]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* How many bytes of s at i stand for c: as it is, percent-encoded, or in the notation of escape.h; 0: none. */
static size_t
stands_for(struct span s, size_t i, char c)
{
	if (i >= s.len)
		return 0;
	if (s.at[i] == '%' && coded_at(s, i, 1) == (unsigned char)c)
		return 3;
	if (s.at[i] == '\\' && i + 1 < s.len) {
		if (s.at[i + 1] == 'x' && coded_at(s, i, 2) == (unsigned char)c)
			return 4;
		if (s.at[i + 1] == c && strchr("{}|\\#\"", c) != NULL)
			return 2;
		if (s.at[i + 1] == 's' && c == ' ')
			return 2;
	}
	return s.at[i] == c || (s.at[i] == '+' && c == ' ') ? 1 : 0;
}

/* How many bytes of s from i on are this secret in any spelling; 0: they are not. */
static size_t
spells(struct span s, size_t i, const char *secret, size_t length)
{
	size_t from = i;

	for (size_t k = 0; k < length; k++) {
		size_t n = stands_for(s, i, secret[k]);

		if (n == 0)
			return 0;
		i += n;
	}
	/* Only the head of a secret this long is known: the rest of it goes, too. */
	while (length == MASK_SECRET_MAX && i < s.len && (unsigned char)s.at[i] > ' ' && s.at[i] != '"')
		i++;
	return i - from;
}

static size_t
known_at(const struct mask *m, struct span s, size_t i)
{
	size_t longest = 0;

	for (int k = 0; k < m->count; k++) {
		size_t n = spells(s, i, m->secret[k], m->length[k]);

		if (n > longest)
			longest = n;
	}
	return longest;
}

void
mask_clear(struct mask *m)
{
	m->count = m->kept;
}

static void
remember(struct mask *m, struct span secret, bool decode)
{
	char plain[MASK_SECRET_MAX];
	size_t n = 0;

	for (size_t i = 0; i < secret.len && n < sizeof(plain); i++) {
		int coded = decode && secret.at[i] == '%' ? coded_at(secret, i, 1) : -1;

		plain[n++] = coded < 0 ? secret.at[i] : (char)coded;
		i += coded < 0 ? 0 : 2;
	}
	if (n <= MASK_SHORT_MAX)
		return;
	for (int k = 0; k < m->count; k++)
		if (span_equal(span_of(plain, n), span_of(m->secret[k], m->length[k])))
			return;
	if (m->count == MASK_SECRETS_MAX) { /* the oldest goes */
		size_t after = (size_t)(MASK_SECRETS_MAX - 1 - m->kept);

		m->count--;
		memmove(m->secret[m->kept], m->secret[m->kept + 1], sizeof(m->secret[0]) * after);
		memmove(m->length + m->kept, m->length + m->kept + 1, sizeof(m->length[0]) * after);
	}
	memcpy(m->secret[m->count], plain, n);
	m->length[m->count++] = n;
}

void
mask_keep(struct mask *m, struct span secret)
{
	if (m->kept == MASK_KEPT_MAX)
		return;
	remember(m, secret, false);
	m->kept = m->count;
}

void
mask_learn(struct mask *m, struct span command)
{
	struct span secret;
	bool of_url;

	for (size_t i = 0; i < command.len; i++)
		if (secret_at(command, i, &of_url, &secret)) {
			remember(m, secret, of_url);
			i = (size_t)(secret.at + secret.len - command.at) - 1;
		}
}

static size_t
append(char *into, size_t used, size_t cap, struct span s)
{
	size_t n = s.len < cap - 1 - used ? s.len : cap - 1 - used;

	if (n != 0)
		memcpy(into + used, s.at, n);
	return used + n;
}

size_t
mask_copy(const struct mask *m, struct span s, char *into, size_t cap)
{
	size_t used = 0, i = 0, known;
	struct span secret;
	bool of_url;

	if (cap == 0)
		return 0;
	while (i < s.len) {
		size_t plain = i;

		while (m->count == 0 && plain < s.len && !may_begin(s.at[plain]))
			plain++;
		if (plain > i) {
			used = append(into, used, cap, span_of(s.at + i, plain - i));
			i = plain;
			continue;
		}
		if (secret_at(s, i, &of_url, &secret)) {
			size_t begin = (size_t)(secret.at - s.at);

			/* What lies between the name and its secret may hold another secret: a user named like a password. */
			for (; i < begin; i += known != 0 ? known : 1) {
				known = known_at(m, s, i);
				used = append(into, used, cap, known != 0 ? stars : span_of(s.at + i, 1));
			}
			used = append(into, used, cap, stars);
			if (i < begin + secret.len)
				i = begin + secret.len;
			continue;
		}
		known = known_at(m, s, i);
		used = append(into, used, cap, known != 0 ? stars : span_of(s.at + i, 1));
		i += known != 0 ? known : 1;
	}
	into[used] = '\0';
	return used;
}
