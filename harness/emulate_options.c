#include "emulate_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pace.h"

/* --baud auto, until the host has set it. */
#define BAUD_AUTO_FIRST 115200

/* An option that takes a value. */
struct option {
	const char *name;
	int (*take)(struct emulate_options *, const char *value, struct err *);
};

static int
on(struct emulate_options *o, enum emulate_on where, struct err *e)
{
	if (o->on != EMULATE_ON_NOTHING)
		return err_set(e, EXIT_USAGE, "one of --stdio, --pty, --tcp and --rfc2217 only");
	o->on = where;
	return 0;
}

static int
keep(const char **list, int *count, const char *value, struct err *e)
{
	if (*count == EMULATE_PLANTED_MAX)
		return err_set(e, EXIT_USAGE, "more than %d of them", EMULATE_PLANTED_MAX);
	list[(*count)++] = value;
	return 0;
}

static bool
number_read(const char *value, int base, uint64_t min, uint64_t max, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(value, &end, base);
	return *value >= '0' && *value <= '9' && *end == '\0' && errno == 0 && *out >= min && *out <= max;
}

static int
take_tcp(struct emulate_options *o, const char *value, struct err *e)
{
	o->where = value;
	return on(o, EMULATE_ON_TCP, e);
}

static int
take_rfc2217(struct emulate_options *o, const char *value, struct err *e)
{
	o->where = value;
	return on(o, EMULATE_ON_RFC2217, e);
}

static int
take_profile(struct emulate_options *o, const char *value, struct err *e)
{
	(void)e;
	o->profile = value;
	return 0;
}

static int
take_world(struct emulate_options *o, const char *value, struct err *e)
{
	o->net = strcmp(value, "net") == 0;
	return o->net || strcmp(value, "sim") == 0 ? 0 : err_set(e, EXIT_USAGE, "--world %.60s: no such world, expected sim or net", value);
}

static int
take_may_connect(struct emulate_options *o, const char *value, struct err *e)
{
	return reach_allow(&o->reach, value, e);
}

static int
take_map(struct emulate_options *o, const char *value, struct err *e)
{
	return reach_map(&o->reach, value, e);
}

static int
take_world_file(struct emulate_options *o, const char *value, struct err *e)
{
	(void)e;
	o->world_file = value;
	return 0;
}

static int
take_set(struct emulate_options *o, const char *value, struct err *e)
{
	return keep(o->set, &o->sets, value, e);
}

static int
take_fault(struct emulate_options *o, const char *value, struct err *e)
{
	return keep(o->fault, &o->faults, value, e);
}

static int
take_seed(struct emulate_options *o, const char *value, struct err *e)
{
	/* a leading 0 is no octal: attest run takes the same seed for the same text */
	int base = value[0] == '0' && (value[1] == 'x' || value[1] == 'X') ? 16 : 10;

	return number_read(value, base, 0, UINT64_MAX, &o->seed) ? 0 : err_set(e, EXIT_USAGE, "--seed %.60s: no number", value);
}

static int
take_count(struct emulate_options *o, const char *value, struct err *e)
{
	uint64_t count;

	if (!number_read(value, 10, 1, EMULATE_COUNT_MAX, &count))
		return err_set(e, EXIT_USAGE, "--count %.60s: expected a number of emulators, 1 to %d", value, EMULATE_COUNT_MAX);
	o->count = (unsigned)count;
	return 0;
}

static int
take_baud(struct emulate_options *o, const char *value, struct err *e)
{
	uint64_t baud;

	o->baud_auto = strcmp(value, "auto") == 0;
	if (o->baud_auto)
		baud = BAUD_AUTO_FIRST;
	else if (!number_read(value, 10, 1, PACE_BAUD_MAX, &baud))
		return err_set(e, EXIT_USAGE, "--baud %.60s: expected bit/s, 1 to %u, or auto", value, PACE_BAUD_MAX);
	o->baud = (uint32_t)baud;
	return 0;
}

static const struct option options[] = {
	{ "--tcp", take_tcp },
	{ "--rfc2217", take_rfc2217 },
	{ "--profile", take_profile },
	{ "--world", take_world },
	{ "--world-file", take_world_file },
	{ "--may-connect", take_may_connect },
	{ "--map", take_map },
	{ "--set", take_set },
	{ "--fault", take_fault },
	{ "--seed", take_seed },
	{ "--count", take_count },
	{ "--baud", take_baud },
};

static const struct option *
option_find(const char *arg, size_t len)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (strlen(options[i].name) == len && strncmp(options[i].name, arg, len) == 0)
			return &options[i];
	return NULL;
}

/* What one option says with another. */
static int
agree(const struct emulate_options *o, struct err *e)
{
	if (o->on == EMULATE_ON_NOTHING)
		return err_set(e, EXIT_USAGE, "where? --stdio, --pty, --tcp or --rfc2217 ADDRESS:PORT");
	if (o->on == EMULATE_ON_STDIO && o->count > 1)
		return err_set(e, EXIT_USAGE, "--count %u: there is one standard input", o->count);
	if (o->net && o->world_file != NULL)
		return err_set(e, EXIT_USAGE, "--world-file describes servers of --world sim; --world net has real ones");
	if (!o->net && (o->reach.count > 0 || o->reach.maps > 0))
		return err_set(e, EXIT_USAGE, "%s is for --world net", o->reach.count > 0 ? "--may-connect" : "--map");
	if (o->baud_auto && o->on != EMULATE_ON_RFC2217)
		return err_set(e, EXIT_USAGE, "--baud auto: only with --rfc2217 can the host set it");
	return 0;
}

int
emulate_options_read(struct emulate_options *o, int argc, char **argv, struct err *e)
{
	*o = (struct emulate_options){ .profile = "", .seed = 1, .count = 1 };
	for (int i = 1; i < argc; i++) {
		const char *value = strchr(argv[i], '=');
		const struct option *known = option_find(argv[i], value == NULL ? strlen(argv[i]) : (size_t)(value - argv[i]));
		int failed = 0;

		if (known != NULL && value == NULL && i + 1 == argc)
			return err_set(e, EXIT_USAGE, "%s needs a value", known->name);
		if (known != NULL)
			failed = known->take(o, value != NULL ? value + 1 : argv[++i], e);
		else if (strcmp(argv[i], "--stdio") == 0)
			failed = on(o, EMULATE_ON_STDIO, e);
		else if (strcmp(argv[i], "--pty") == 0)
			failed = on(o, EMULATE_ON_PTY, e);
		else if (strcmp(argv[i], "--remote") == 0)
			o->remote = true;
		else
			failed = err_set(e, EXIT_USAGE, "%.60s: no such option; try `attest emulate --help`", argv[i]);
		if (failed != 0)
			return -1;
	}
	return agree(o, e);
}
