/* cmd_emulate: attest emulate. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cmd.h"
#include "emulate.h"
#include "emulate_world.h"

const char cmd_emulate_usage[] =
    "usage: attest emulate --stdio | --pty | --tcp ADDRESS:PORT [OPTION]...\n\n"
    "Is a module, in real time, for a host program on the other side.\n\n"
    "  --stdio                on standard input and output\n"
    "  --pty                  on a pseudo-terminal, whose path is printed\n"
    "  --tcp ADDRESS:PORT     on TCP, port 0 for a free one; the address is printed\n"
    "  --remote               --tcp may be other than a loopback address\n"
    "  --profile NAME         which module\n"
    "  --world sim            what is behind the network: described servers (the default)\n"
    "  --world-file FILE      their description: world lines as in cases\n"
    "  --set SWITCH=VALUE     what the documents leave open; may be repeated\n"
    "  --fault NAME[=VALUE]   plant a fault; may be repeated\n"
    "  --seed N               repeats faults exactly (default 1)\n\n"
    "Ends with status 0 at the end of input, 2 for a usage error, 3 when the port is lost, 128+N on signal N.\n";

#define PLANTED_MAX 64

struct options {
	enum { ON_NOTHING, ON_STDIO, ON_PTY, ON_TCP } on;
	const char *where, *profile, *world_file;
	bool remote;
	uint64_t seed;
	const char *set[PLANTED_MAX], *fault[PLANTED_MAX];
	int sets, faults;
};

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

static int
on(struct options *o, int where, struct err *e)
{
	if (o->on != ON_NOTHING)
		return err_set(e, EXIT_USAGE, "one of --stdio, --pty and --tcp only");
	o->on = where;
	return 0;
}

static int
keep(const char **list, int *count, const char *value, struct err *e)
{
	if (*count == PLANTED_MAX)
		return err_set(e, EXIT_USAGE, "more than %d of them", PLANTED_MAX);
	list[(*count)++] = value;
	return 0;
}

static int
seed_read(struct options *o, const char *value, struct err *e)
{
	char *end;

	errno = 0;
	o->seed = strtoull(value, &end, 0);
	if (*value < '0' || *value > '9' || *end != '\0' || errno != 0)
		return err_set(e, EXIT_USAGE, "--seed %.60s: no number", value);
	return 0;
}

/* An option that takes a value. */
static int
option_value(struct options *o, const char *option, const char *value, struct err *e)
{
	if (strcmp(option, "--tcp") == 0) {
		o->where = value;
		return on(o, ON_TCP, e);
	}
	if (strcmp(option, "--profile") == 0) {
		o->profile = value;
		return 0;
	}
	if (strcmp(option, "--world") == 0)
		return strcmp(value, "sim") == 0 ? 0 : err_set(e, EXIT_USAGE, "--world %.60s: no such world, expected sim", value);
	if (strcmp(option, "--world-file") == 0) {
		o->world_file = value;
		return 0;
	}
	if (strcmp(option, "--set") == 0)
		return keep(o->set, &o->sets, value, e);
	if (strcmp(option, "--fault") == 0)
		return keep(o->fault, &o->faults, value, e);
	return seed_read(o, value, e);
}

static int
options_read(struct options *o, int argc, char **argv, struct err *e)
{
	static const char *const with_value[] = { "--tcp", "--profile", "--world", "--world-file", "--set", "--fault", "--seed", NULL };

	for (int i = 1; i < argc; i++) {
		const char *value = strchr(argv[i], '=');
		size_t len = value == NULL ? strlen(argv[i]) : (size_t)(value - argv[i]);
		const char *const *known = with_value;
		int failed = 0;

		while (*known != NULL && (strlen(*known) != len || strncmp(*known, argv[i], len) != 0))
			known++;
		if (*known != NULL && value == NULL && i + 1 == argc)
			return err_set(e, EXIT_USAGE, "%s needs a value", *known);
		if (*known != NULL)
			failed = option_value(o, *known, value != NULL ? value + 1 : argv[++i], e);
		else if (strcmp(argv[i], "--stdio") == 0)
			failed = on(o, ON_STDIO, e);
		else if (strcmp(argv[i], "--pty") == 0)
			failed = on(o, ON_PTY, e);
		else if (strcmp(argv[i], "--remote") == 0)
			o->remote = true;
		else
			failed = err_set(e, EXIT_USAGE, "%.60s: no such option; try `attest emulate --help`", argv[i]);
		if (failed != 0)
			return -1;
	}
	return o->on == ON_NOTHING ? err_set(e, EXIT_USAGE, "where? --stdio, --pty or --tcp ADDRESS:PORT") : 0;
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

static int
modem_prepare(struct modem *m, const struct options *o, struct world_sim *world, struct err *e)
{
	const struct modem_profile *profile = modem_profile_find(span_str(o->profile));

	if (profile == NULL)
		return err_set(e, EXIT_USAGE, "no profile %.60s; attest emulate --help lists them", o->profile);
	modem_init(m, profile, world_sim_modem(world), o->seed, clock_us());
	for (int i = 0; i < o->sets; i++)
		if (plant(m, "switch", o->set[i], modem_switch_set, e) != 0)
			return -1;
	for (int i = 0; i < o->faults; i++)
		if (plant(m, "fault", o->fault[i], modem_fault_set, e) != 0)
			return -1;
	return 0;
}

static int
port_open(struct emulate_port *p, const struct options *o, struct err *e)
{
	switch (o->on) {
	case ON_NOTHING: return -1;
	case ON_STDIO: emulate_stdio(p); return 0;
	case ON_PTY:
		if (emulate_pty(p, e) != 0)
			return -1;
		break;
	case ON_TCP:
		if (emulate_tcp(p, o->where, o->remote, e) != 0)
			return -1;
		break;
	}
	printf("%s\n", p->name);
	if (fflush(stdout) != 0)
		return err_errno(e, EXIT_RIG, "standard output");
	return 0;
}

static int
emulate(struct modem *m, const struct options *o, struct err *e)
{
	struct world_sim *world = emulate_world_sim(o->world_file, o->seed, e);
	struct modem_world *far_side;
	struct emulate_port port;
	int result = -1;

	if (world == NULL)
		return -1;
	far_side = world_sim_modem(world);
	far_side->ops->advance(far_side, clock_us());
	if (modem_prepare(m, o, world, e) == 0 && port_open(&port, o, e) == 0) {
		result = emulate_run(m, &port, e);
		emulate_close(&port);
	}
	world_sim_free(world);
	return result;
}

int
cmd_emulate(int argc, char **argv)
{
	struct options o = { .profile = "", .seed = 1 };
	struct err e = { .status = EXIT_INTERNAL };
	struct modem *m;
	int result;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			print_help();
			return EXIT_AS_EXPECTED;
		}
	}
	result = options_read(&o, argc, argv, &e);
	if (result == 0) {
		m = malloc(sizeof(*m));
		if (m == NULL)
			abort();
		result = emulate(m, &o, &e);
		free(m);
	}
	if (result >= 0)
		return result;
	fprintf(stderr, "attest emulate: %s\n", e.text);
	return e.status;
}
