#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "escape.h"
#include "modem.h"
#include "rig.h"
#include "run_options.h"

static int
read_number(const char *text, uint64_t most, uint64_t *out)
{
	char *end;
	unsigned long long n;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	/* a leading 0 is no octal: a seed is repeated as it was printed */
	n = strtoull(text, &end, text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10);
	if (errno != 0 || *end != '\0' || n > most)
		return -1;
	*out = n;
	return 0;
}

static int
read_shard(struct run_options *o, const char *text)
{
	const char *slash = strchr(text, '/');
	char first[16];
	uint64_t i, n;

	if (slash == NULL || (size_t)(slash - text) >= sizeof(first))
		return -1;
	memcpy(first, text, (size_t)(slash - text));
	first[slash - text] = '\0';
	if (read_number(first, 1000000, &i) < 0 || read_number(slash + 1, 1000000, &n) < 0 || i < 1 || i > n)
		return -1;
	o->plan.shard = (unsigned)i;
	o->plan.shards = (unsigned)n;
	return 0;
}

static int
read_allow(struct run_options *o, const char *text)
{
	static const struct {
		const char *name;
		unsigned need;
	} words[] = { { "slow", NEED_SLOW }, { "destructive", NEED_DESTRUCTIVE }, { "paid", NEED_PAID } };

	while (*text != '\0') {
		size_t n = strcspn(text, ","), i = 0;

		while (i < 3 && !span_equal(span_of(text, n), span_str(words[i].name)))
			i++;
		if (i == 3)
			return -1;
		o->allowed |= words[i].need;
		text += n + (text[n] == ',');
	}
	return 0;
}

static int
read_profile(struct run_options *o, const char *name)
{
	if (modem_profile_find(span_str(name)) == NULL || strlen(name) >= sizeof(o->profile))
		return -1;
	if (o->profile[0] != '\0' && strcmp(o->profile, name) != 0)
		return -1;
	snprintf(o->profile, sizeof(o->profile), "%s", name);
	return 0;
}

static int
read_port(struct run_options *o, const char *text, struct err *e)
{
	struct err inner;

	if (port_read(&o->port, text, &inner) != 0)
		return err_set(e, EXIT_USAGE, "--port: %.480s", inner.text);
	return o->port.profile[0] == '\0' ? 0 : read_profile(o, o->port.profile);
}

enum option {
	OPTION_PORT,
	OPTION_PROFILE,
	OPTION_ONLY,
	OPTION_SEED,
	OPTION_SHARD,
	OPTION_REPEAT,
	OPTION_ALLOW,
	OPTION_LAB,
	OPTION_JUNIT,
	OPTION_JOURNAL,
	OPTION_RESUME,
	OPTION_RECOVER,
	OPTION_WAIT,
	OPTION_SHUFFLE,
	OPTION_LIST
};

static const struct {
	const char *name;
	enum option option;
	bool flag;
	const char *expected;
} table[] = {
	{ "port", OPTION_PORT, false, "a port, and no other profile beside that of emulator:PROFILE" },
	{ "profile", OPTION_PROFILE, false, "the name of a profile, and no other one beside it" },
	{ "only", OPTION_ONLY, false, "a shell pattern" },
	{ "seed", OPTION_SEED, false, "a number" },
	{ "shard", OPTION_SHARD, false, "I/N, with I from 1 to N" },
	{ "repeat", OPTION_REPEAT, false, "a number from 1 to 1000000" },
	{ "allow", OPTION_ALLOW, false, "slow, destructive, paid, with commas between" },
	{ "lab", OPTION_LAB, false, "a lab file" },
	{ "junit", OPTION_JUNIT, false, "a file" },
	{ "journal", OPTION_JOURNAL, false, "a file" },
	{ "resume", OPTION_RESUME, false, "a journal" },
	{ "recover", OPTION_RECOVER, false, "a command for sh -c" },
	{ "wait", OPTION_WAIT, false, "seconds, from 1 to 3600" },
	{ "shuffle", OPTION_SHUFFLE, true, "nothing" },
	{ "list", OPTION_LIST, true, "nothing" },
};

static int
option_set(struct run_options *o, enum option option, const char *value, struct err *e)
{
	uint64_t n = 0;

	switch (option) {
	case OPTION_PORT: o->port_given = true; return read_port(o, value, e);
	case OPTION_PROFILE: return read_profile(o, value);
	case OPTION_ONLY: o->plan.only = value; return 0;
	case OPTION_SEED: return read_number(value, UINT64_MAX, &o->plan.seed);
	case OPTION_SHARD: return read_shard(o, value);
	case OPTION_REPEAT:
		if (read_number(value, 1000000, &n) < 0 || n == 0)
			return -1;
		o->repeat = (unsigned)n;
		return 0;
	case OPTION_ALLOW: return read_allow(o, value);
	case OPTION_LAB: o->lab_path = value; return *value == '\0' ? -1 : 0;
	case OPTION_JUNIT: o->junit = value; return *value == '\0' ? -1 : 0;
	case OPTION_JOURNAL: o->journal = value; return *value == '\0' ? -1 : 0;
	case OPTION_RESUME: o->resume = value; return *value == '\0' ? -1 : 0;
	case OPTION_RECOVER: o->recover = value; return *value == '\0' ? -1 : 0;
	case OPTION_WAIT:
		if (read_number(value, 3600, &n) < 0 || n == 0)
			return -1;
		o->wait_us = n * 1000000;
		return 0;
	case OPTION_SHUFFLE: o->plan.shuffle = true; return 0;
	case OPTION_LIST: o->list = true; return 0;
	}
	return -1;
}

/* "; profiles are a, b, c" */
static const char *
profiles_known(char *into, size_t cap)
{
	size_t used = (size_t)snprintf(into, cap, "; profiles are ");
	const char *name;

	for (unsigned i = 0; (name = modem_profile_name(i, NULL)) != NULL && used < cap; i++)
		used += (size_t)snprintf(into + used, cap - used, "%s%s", i == 0 ? "" : ", ", name);
	return into;
}

/* One option at argv[i]: how many words it took, or -1. */
static int
option_read(struct run_options *o, int argc, char **argv, int i, struct err *e)
{
	const char *name = argv[i] + 2, *equals = strchr(name, '='), *value = equals == NULL ? NULL : equals + 1;
	size_t n = equals == NULL ? strlen(name) : (size_t)(equals - name);
	char shown[80], known[160];

	for (size_t k = 0; k < sizeof(table) / sizeof(table[0]); k++) {
		int words = 1;

		if (!span_equal(span_str(table[k].name), span_of(name, n)))
			continue;
		if (!table[k].flag && value == NULL && i + 1 < argc) {
			value = argv[i + 1];
			words = 2;
		}
		e->text[0] = '\0';
		if ((value == NULL) != table[k].flag || option_set(o, table[k].option, value, e) < 0) {
			bool of_profile = table[k].option == OPTION_PROFILE || table[k].option == OPTION_PORT;

			if (e->text[0] != '\0')
				return -1;
			escape_bytes(shown, sizeof(shown), value == NULL ? SPAN("nothing") : span_str(value));
			return err_set(e, EXIT_USAGE, "--%s: %s given, expected %s%s", table[k].name, shown, table[k].expected,
			    of_profile ? profiles_known(known, sizeof(known)) : "");
		}
		return words;
	}
	escape_bytes(shown, sizeof(shown), span_str(argv[i]));
	return err_set(e, EXIT_USAGE, "%s: no such option; try `attest run --help`", shown);
}

/* The lab's port is taken where the command line names none, with the lab's baud rate where the port has one and says none. */
static int
read_lab(struct run_options *o, struct err *e)
{
	const char *port, *baud;

	if (o->lab_path == NULL)
		return 0;
	if (lab_file_read(&o->lab, o->lab_path, e) < 0)
		return -1;
	o->plan.lab = &o->lab;
	port = lab_file_get(&o->lab, LAB_PORT);
	baud = lab_file_get(&o->lab, LAB_BAUD);
	if (port != NULL && !o->port_given) {
		bool plain = (*port == '/' || strncmp(port, "rfc2217:", 8) == 0) && strchr(port, ',') == NULL && baud != NULL;

		snprintf(o->lab_port, sizeof(o->lab_port), "%s%s%s", port, plain ? "," : "", plain ? baud : "");
		if (read_port(o, o->lab_port, e) < 0) {
			char inner[ERR_TEXT_MAX];

			snprintf(inner, sizeof(inner), "%s", e->text);
			return err_set(e, EXIT_USAGE, "%.200s: its port: %.280s", o->lab_path, inner);
		}
	}
	return 0;
}

int
run_options_read(struct run_options *o, int argc, char **argv, struct err *e)
{
	int rest = 1;
	bool options = true;

	memset(o, 0, sizeof(*o));
	port_read(&o->port, "emulator", e);
	o->plan.shard = o->plan.shards = 1;
	o->plan.seed = 1;
	o->repeat = 1;
	o->wait_us = RIG_WAIT_US;
	for (int i = 1; i < argc;) {
		int words = 1;

		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
			words = argv[i][1] == '-' ? option_read(o, argc, argv, i, e)
						  : err_set(e, EXIT_USAGE, "there are no short options; try `attest run --help`");
			if (words < 0)
				return -1;
		} else {
			argv[rest++] = argv[i];
		}
		i += words;
	}
	o->plan.argument = argv + 1;
	o->plan.arguments = rest - 1;
	if (o->resume != NULL && o->journal != NULL && strcmp(o->resume, o->journal) != 0)
		return err_set(e, EXIT_USAGE, "--resume goes on with its own journal: expected no other --journal");
	if (o->junit != NULL &&
	    ((o->journal != NULL && strcmp(o->junit, o->journal) == 0) || (o->resume != NULL && strcmp(o->junit, o->resume) == 0)))
		return err_set(e, EXIT_USAGE, "--junit: the journal's own file given, expected another: it would overwrite the journal");
	return read_lab(o, e);
}
