/* cmd_emulate: attest emulate. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cmd.h"
#include "emulate.h"
#include "emulate_options.h"
#include "emulate_world.h"
#include "world_curl.h"

const char cmd_emulate_usage[] =
    "usage: attest emulate --stdio | --pty | --tcp ADDRESS:PORT | --rfc2217 ADDRESS:PORT [OPTION]...\n\n"
    "Is a module, in real time, for a host program on the other side.\n\n"
    "  --stdio                on standard input and output\n"
    "  --pty                  on a pseudo-terminal, whose path is printed\n"
    "  --tcp ADDRESS:PORT     on TCP, port 0 for a free one; the address is printed\n"
    "  --rfc2217 ADDRESS:PORT the same behind telnet's COM port control: baud, DTR, and DCD, RI, DSR, CTS for the host\n"
    "  --remote               --tcp and --rfc2217 may be other than a loopback address\n"
    "  --count N              so many emulators, each with its own path, or port behind the one named; one a line is printed\n"
    "  --baud N               as slow as a line of N bit/s 8n1, in both directions; auto: as the host sets it (--rfc2217)\n"
    "  --profile NAME         which module\n"
    "  --world sim            what is behind the network: described servers (the default)\n"
    "  --world-file FILE      their description: world lines as in cases\n"
    "  --world net            real HTTP and FTP servers; it connects to loopback addresses alone, or else\n"
    "  --may-connect HOST[:PORT]  to these alone: names, addresses, * for all; may be repeated\n"
    "  --map HOST:PORT=HOST:PORT  what asks for the first is led to the second, which must be allowed; may be repeated\n"
    "  --set SWITCH=VALUE     what the documents leave open; may be repeated\n"
    "  --fault NAME[=VALUE]   plant a fault; may be repeated\n"
    "  --seed N               repeats faults exactly (default 1); of several emulators, each has the next one\n\n"
    "Ends with status 0 at the end of input, 2 for a usage error, 3 when the port is lost, 128+N on signal N.\n";

static void
print_help(void)
{
	const char *name, *about;

	fputs(cmd_emulate_usage, stdout);
	puts("\nprofiles:");
	for (unsigned i = 0; (name = modem_profile_name(i, &about)) != NULL; i++)
		printf("  %s\n      %s\n", name, about);
	puts("\nswitches (values; default):");
	for (size_t i = 0; i < modem_switch_count; i++)
		printf("  %s  (%s; %s)\n      %s\n", modem_switches[i].name, modem_switches[i].values, modem_switches[i].preset,
		    modem_switches[i].about);
	puts("\nfaults (values):");
	for (size_t i = 0; i < modem_fault_count; i++)
		printf("  %s  (%s)\n      %s\n", modem_faults[i].name, modem_faults[i].values, modem_faults[i].about);
	printf("\nthe world without --world-file:\n%s", emulate_world_preset);
}

/* NAME=VALUE, by modem_switch_set or modem_fault_set. */
static int
plant(struct modem *m, const char *what, const char *text, int (*set)(struct modem *, struct span, struct span), struct err *e)
{
	size_t len = strcspn(text, "=");
	const char *value = text[len] == '=' ? text + len + 1 : "";

	switch (set(m, span_of(text, len), span_str(value))) {
	case 0: return 0;
	case -1: return err_set(e, EXIT_USAGE, "no %s %.*s; attest emulate --help lists them", what, (int)(len < 60 ? len : 60), text);
	default: return err_set(e, EXIT_USAGE, "%.60s is no value of the %s %.*s", value, what, (int)(len < 60 ? len : 60), text);
	}
}

/* One emulator with its far side. */
struct station {
	struct modem *modem;    /* owned */
	struct world_sim *sim;  /* owned; this one */
	struct world_curl *net; /* owned; or that one */
};

static void
station_close(struct station *s)
{
	world_sim_free(s->sim);
	world_curl_close(s->net);
	free(s->modem);
}

/* NULL on error. */
static struct modem_world *
world_open(struct station *s, const struct emulate_options *o, uint64_t seed, struct err *e)
{
	struct modem_world *world;

	if (o->net) {
		s->net = world_curl_open(&o->reach, stderr, e);
		return s->net == NULL ? NULL : world_curl_modem(s->net);
	}
	if ((s->sim = emulate_world_sim(o->world_file, seed, e)) == NULL)
		return NULL;
	world = world_sim_modem(s->sim);
	world->ops->advance(world, clock_us());
	return world;
}

/* The nth of them. */
static int
station_open(struct station *s, const struct emulate_options *o, unsigned nth, struct err *e)
{
	const struct modem_profile *profile = modem_profile_find(span_str(o->profile));
	const uint64_t seed = o->seed + nth;
	struct modem_world *world;

	if (profile == NULL)
		return err_set(e, EXIT_USAGE, "no profile %.60s; attest emulate --help lists them", o->profile);
	if ((world = world_open(s, o, seed, e)) == NULL)
		return -1;
	if ((s->modem = malloc(sizeof(*s->modem))) == NULL)
		abort();
	modem_init(s->modem, profile, world, seed, clock_us());
	for (int i = 0; i < o->sets; i++)
		if (plant(s->modem, "switch", o->set[i], modem_switch_set, e) != 0)
			return -1;
	for (int i = 0; i < o->faults; i++)
		if (plant(s->modem, "fault", o->fault[i], modem_fault_set, e) != 0)
			return -1;
	return 0;
}

static int
port_open(struct emulate_port *p, const struct emulate_options *o, unsigned nth, struct err *e)
{
	switch (o->on) {
	case EMULATE_ON_NOTHING: return -1;
	case EMULATE_ON_STDIO: emulate_stdio(p); return 0;
	case EMULATE_ON_PTY: return emulate_pty(p, e);
	case EMULATE_ON_TCP:
	case EMULATE_ON_RFC2217: return emulate_tcp(p, o->where, nth, o->remote, o->on == EMULATE_ON_RFC2217, e);
	}
	return -1;
}

/* Where they are, once all of them are there. */
static int
print_names(const struct emulator *all, const struct emulate_options *o, struct err *e)
{
	if (o->on == EMULATE_ON_STDIO)
		return 0;
	for (unsigned i = 0; i < o->count; i++)
		printf("%s\n", all[i].port.name);
	return fflush(stdout) == 0 ? 0 : err_errno(e, EXIT_RIG, "standard output");
}

static int
emulate(const struct emulate_options *o, struct err *e)
{
	struct station *stations = calloc(o->count, sizeof(*stations));
	struct emulator *all = calloc(o->count, sizeof(*all));
	int result = 0;
	unsigned opened = 0;

	if (stations == NULL || all == NULL)
		abort();
	for (unsigned i = 0; i < o->count && result == 0; i++)
		result = station_open(&stations[i], o, i, e);
	for (; opened < o->count && result == 0; opened += result == 0) {
		all[opened] = (struct emulator){ .modem = stations[opened].modem, .baud = o->baud, .baud_by_host = o->baud_auto };
		if (stations[opened].net != NULL)
			all[opened].far = world_curl_far(stations[opened].net);
		result = port_open(&all[opened].port, o, opened, e);
	}
	if (result == 0)
		result = print_names(all, o, e);
	if (result == 0)
		result = emulate_run(all, o->count, e);
	while (opened > 0)
		emulate_close(&all[--opened].port);
	for (unsigned i = 0; i < o->count; i++)
		station_close(&stations[i]);
	free(all);
	free(stations);
	return result;
}

int
cmd_emulate(int argc, char **argv)
{
	struct emulate_options o;
	struct err e = { .status = EXIT_INTERNAL };
	int result;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			print_help();
			return EXIT_AS_EXPECTED;
		}
	}
	result = emulate_options_read(&o, argc, argv, &e);
	if (result == 0)
		result = emulate(&o, &e);
	if (result >= 0)
		return result;
	fprintf(stderr, "attest emulate: %s\n", e.text);
	return e.status;
}
