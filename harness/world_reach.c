#include "world_reach.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- reading ------------------------------------------------------------------ */

bool
reach_place(struct reach_place *p, const char *host, size_t len, uint16_t port)
{
	if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	/* A name that ends in the root's dot is the same name. */
	if (len > 1 && host[len - 1] == '.')
		len--;
	if (len == 0 || len >= sizeof(p->host))
		return false;
	memcpy(p->host, host, len);
	p->host[len] = '\0';
	p->port = port;
	return true;
}

static bool
is_port(const char *digits, size_t len, uint16_t *out)
{
	unsigned n = 0;

	if (len == 0 || len > 5)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return false;
		n = n * 10 + (unsigned)(digits[i] - '0');
	}
	*out = (uint16_t)n;
	return n >= 1 && n <= 65535;
}

bool
reach_is_host(const char *host)
{
	struct in6_addr six;

	if (inet_pton(AF_INET6, host, &six) == 1)
		return true;
	return host[strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")] == '\0';
}

/* "HOST", "HOST:PORT", "[V6]", "[V6]:PORT"; the colon of a port is the last one, and one behind brackets. */
static bool
place_read(struct reach_place *p, const char *text, size_t len)
{
	const char *colon = memrchr(text, ':', len), *bracket = memrchr(text, ']', len);
	size_t host = len;
	uint16_t port = 0;

	if (colon != NULL && (bracket == NULL || bracket < colon)) {
		host = (size_t)(colon - text);
		if (!is_port(colon + 1, len - host - 1, &port))
			return false;
	}
	if (bracket != NULL && (text[0] != '[' || bracket + 1 != text + host))
		return false;
	if (!reach_place(p, text, host, port) || (!reach_is_host(p->host) && strcmp(p->host, "*") != 0))
		return false;
	/* An IPv6 address wants its brackets, or its last group would be taken for a port. */
	return (strchr(p->host, ':') != NULL) == (bracket != NULL);
}

int
reach_allow(struct world_reach *r, const char *text, struct err *e)
{
	if (r->count == REACH_MAX)
		return err_set(e, EXIT_USAGE, "--may-connect: more than %d of them", REACH_MAX);
	if (!place_read(&r->allowed[r->count], text, strlen(text)))
		return err_set(e, EXIT_USAGE, "--may-connect %.200s: expected HOST, HOST:PORT or *", text);
	r->count++;
	return 0;
}

int
reach_map(struct world_reach *r, const char *text, struct err *e)
{
	const char *equals = strchr(text, '=');
	struct reach_place *from = &r->from[r->maps], *to = &r->to[r->maps];

	if (r->maps == REACH_MAX)
		return err_set(e, EXIT_USAGE, "--map: more than %d of them", REACH_MAX);
	if (equals == NULL || !place_read(from, text, (size_t)(equals - text)) || !place_read(to, equals + 1, strlen(equals + 1)) ||
	    from->port == 0 || to->port == 0 || strcmp(from->host, "*") == 0 || strcmp(to->host, "*") == 0)
		return err_set(e, EXIT_USAGE, "--map %.200s: expected HOST:PORT=HOST:PORT", text);
	r->maps++;
	return 0;
}

bool
reach_mapped(const struct world_reach *r, const struct reach_place *asked, struct reach_place *out)
{
	*out = *asked;
	for (int i = r->maps; i > 0; i--) {
		if (r->from[i - 1].port == asked->port && strcasecmp(r->from[i - 1].host, asked->host) == 0) {
			*out = r->to[i - 1];
			return true;
		}
	}
	return false;
}

/* ---- judging ------------------------------------------------------------------- */

/* Any address as an IPv6 one; an IPv4 address the way IPv6 writes it (RFC 4291, 2.5.5.2), so that either spelling is the same. */
static bool
address_of(const struct sockaddr *a, struct in6_addr *out, uint16_t *port)
{
	struct sockaddr_in six4;
	struct sockaddr_in6 six;

	if (a->sa_family == AF_INET) {
		memcpy(&six4, a, sizeof(six4));
		memset(out, 0, sizeof(*out));
		out->s6_addr[10] = out->s6_addr[11] = 0xff;
		memcpy(&out->s6_addr[12], &six4.sin_addr, 4);
		*port = ntohs(six4.sin_port);
		return true;
	}
	if (a->sa_family != AF_INET6)
		return false;
	memcpy(&six, a, sizeof(six));
	*out = six.sin6_addr;
	*port = ntohs(six.sin6_port);
	return true;
}

static bool
literal_of(const char *host, struct in6_addr *out)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	uint16_t port;

	if (inet_pton(AF_INET, host, &four.sin_addr) == 1)
		return address_of((const struct sockaddr *)&four, out, &port);
	return inet_pton(AF_INET6, host, out) == 1;
}

static bool
is_loopback(const struct in6_addr *a)
{
	return IN6_IS_ADDR_LOOPBACK(a) || (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == 127);
}

/* localhost, and what RFC 6761 (6.3) puts below it. */
static bool
is_localhost(const char *host)
{
	size_t len = strlen(host);

	return strcasecmp(host, "localhost") == 0 || (len > 10 && strcasecmp(host + len - 10, ".localhost") == 0);
}

static bool
address_allowed(const struct world_reach *r, const struct in6_addr *a, uint16_t port)
{
	struct in6_addr rule;

	if (r->count == 0)
		return is_loopback(a);
	for (int i = 0; i < r->count; i++)
		if ((r->allowed[i].port == 0 || r->allowed[i].port == port) && literal_of(r->allowed[i].host, &rule) &&
		    memcmp(&rule, a, sizeof(rule)) == 0)
			return true;
	return false;
}

/* Whether a rule names this very name, or everything. */
static bool
name_allowed(const struct world_reach *r, const char *host, uint16_t port)
{
	for (int i = 0; i < r->count; i++)
		if ((r->allowed[i].port == 0 || r->allowed[i].port == port) &&
		    (strcmp(r->allowed[i].host, "*") == 0 || strcasecmp(r->allowed[i].host, host) == 0))
			return true;
	return false;
}

bool
reach_may_ask(const struct world_reach *r, const struct reach_place *place)
{
	struct in6_addr a;

	if (name_allowed(r, place->host, place->port))
		return true;
	if (literal_of(place->host, &a))
		return address_allowed(r, &a, place->port);
	/* localhost stands for the loopback addresses; whether it leads there is judged when it is connected to. */
	return is_localhost(place->host);
}

/* Whoever allows a name allows the addresses that it has, but not another port. */
bool
reach_may_connect(const struct world_reach *r, const struct reach_place *place, const struct sockaddr *address)
{
	struct in6_addr a;
	uint16_t port;

	if (!address_of(address, &a, &port))
		return false;
	return address_allowed(r, &a, port) || name_allowed(r, place->host, port);
}

/* ---- addresses -------------------------------------------------------------------- */

void
reach_address_text(const struct sockaddr *address, char *into, size_t cap)
{
	char text[INET6_ADDRSTRLEN] = "?";
	struct in6_addr a;
	uint16_t port = 0;

	if (!address_of(address, &a, &port)) {
		snprintf(into, cap, "?");
	} else if (IN6_IS_ADDR_V4MAPPED(&a)) {
		inet_ntop(AF_INET, &a.s6_addr[12], text, sizeof(text));
		snprintf(into, cap, "%s:%u", text, port);
	} else {
		inet_ntop(AF_INET6, &a, text, sizeof(text));
		snprintf(into, cap, "[%s]:%u", text, port);
	}
}

void
reach_address_read(const char *text, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		memcpy(out, &four, sizeof(four));
	else if (inet_pton(AF_INET6, text, &six.sin6_addr) == 1)
		memcpy(out, &six, sizeof(six));
}

bool
reach_same_host(const struct sockaddr *a, const struct sockaddr *b)
{
	struct in6_addr one, other;
	uint16_t port;

	return address_of(a, &one, &port) && address_of(b, &other, &port) && memcmp(&one, &other, sizeof(one)) == 0;
}

bool
reach_is_portless(const struct sockaddr *address)
{
	struct in6_addr a;
	uint16_t port;

	return address_of(address, &a, &port) && port == 0;
}
