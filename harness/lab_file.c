#include <stdio.h>
#include <stdlib.h>

#include "escape.h"
#include "lab_file.h"

enum lab_kind { TEXT, NUMBER, COMMAND, SECRET, FOLDER };

static const struct {
	const char *name;
	enum lab_kind kind;
	uint32_t min, max; /* NUMBER */
} keys[LAB_KEYS] = {
	[LAB_PORT] = { "port", COMMAND, 0, 0 },
	[LAB_BAUD] = { "baud", NUMBER, 1200, 4000000 },
	[LAB_REVISION] = { "revision", TEXT, 0, 0 },
	[LAB_RECOVER] = { "recover", COMMAND, 0, 0 },
	[LAB_APN] = { "apn", TEXT, 0, 0 },
	[LAB_APN_USER] = { "apn_user", TEXT, 0, 0 },
	[LAB_APN_PASSWORD] = { "apn_password", SECRET, 0, 0 },
	[LAB_HTTP_HOST] = { "http_host", TEXT, 0, 0 },
	[LAB_HTTP_PORT] = { "http_port", NUMBER, 1, 65535 },
	[LAB_HTTP_DIR] = { "http_dir", FOLDER, 0, 0 },
	[LAB_FTP_HOST] = { "ftp_host", TEXT, 0, 0 },
	[LAB_FTP_PORT] = { "ftp_port", NUMBER, 1, 65535 },
	[LAB_FTP_DIR] = { "ftp_dir", FOLDER, 0, 0 },
	[LAB_FTP_USER] = { "ftp_user", TEXT, 0, 0 },
	[LAB_FTP_PASSWORD] = { "ftp_password", SECRET, 0, 0 },
	[LAB_PROXY_HOST] = { "proxy_host", TEXT, 0, 0 },
	[LAB_PROXY_PORT] = { "proxy_port", NUMBER, 1, 65535 },
	[LAB_REFUSED_PORT] = { "refused_port", NUMBER, 1, 65535 },
	[LAB_UNKNOWN_HOST] = { "unknown_host", TEXT, 0, 0 },
};

const char *
lab_file_name(enum lab_key key)
{
	return keys[key].name;
}

bool
lab_file_is_secret(enum lab_key key)
{
	return keys[key].kind == SECRET;
}

const char *
lab_file_get(const struct lab_file *lab, enum lab_key key)
{
	return lab != NULL && lab->given[key] ? lab->value[key] : NULL;
}

uint32_t
lab_file_number(const struct lab_file *lab, enum lab_key key)
{
	return lab != NULL && lab->given[key] ? (uint32_t)strtoul(lab->value[key], NULL, 10) : 0;
}

/* ---- reading ------------------------------------------------------------------ */

/* A line being read. */
struct lab_line {
	const char *path;
	int number;
	struct span whole;
	struct err *e;
};

static int
wrong(const struct lab_line *l, const char *at, struct span found, const char *expected)
{
	char shown[4 * 60 + 8];

	escape_bytes(shown, sizeof(shown), span_first(found, 60));
	return err_set(l->e, EXIT_USAGE, "%s:%d:%d: %s%s%s, expected %s", l->path, l->number, (int)(at - l->whole.at) + 1,
	    found.len > 0 ? "'" : "", found.len > 0 ? shown : "the end of the line", found.len > 0 ? "'" : "", expected);
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct span
trimmed(struct span s)
{
	while (s.len > 0 && blank(s.at[0]))
		s = span_after(s, 1);
	while (s.len > 0 && blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

/* "expected a key: port, baud, ..." */
static int
unknown_key(const struct lab_line *l, struct span name)
{
	char known[ERR_TEXT_MAX] = "a key: ";
	size_t used = strlen(known);

	for (int k = 0; k < LAB_KEYS && used < sizeof(known); k++)
		used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s", k > 0 ? ", " : "", keys[k].name);
	return wrong(l, name.at, name, known);
}

static bool
number_ok(struct span value, enum lab_key key)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < value.len && i < 10 && value.at[i] >= '0' && value.at[i] <= '9'; i++)
		n = n * 10 + (uint64_t)(value.at[i] - '0');
	return value.len > 0 && i == value.len && n >= keys[key].min && n <= keys[key].max;
}

static int
number_wrong(const struct lab_line *l, struct span value, enum lab_key key, const char *variable)
{
	char range[64];

	snprintf(range, sizeof(range), "a number from %u to %u", (unsigned)keys[key].min, (unsigned)keys[key].max);
	if (variable == NULL)
		return wrong(l, value.at, value, range);
	return err_set(l->e, EXIT_USAGE, "%s:%d:1: the environment's %s, expected %s", l->path, l->number, variable, range);
}

/* What a module is told in quotes can hold neither quotes nor control characters. */
static int
text_check(const struct lab_line *l, struct span value, enum lab_key key, const char *variable)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.at[i] < ' ' || value.at[i] == 0x7f || (value.at[i] == '"' && keys[key].kind != COMMAND)) {
			if (variable != NULL)
				return err_set(l->e, EXIT_USAGE,
				    "%s:%d:1: the environment's %s, expected no quotes and no control characters in it", l->path, l->number,
				    variable);
			return wrong(l, value.at + i, span_of(value.at + i, 1), "no quotes and no control characters in a value");
		}
	if (keys[key].kind == FOLDER && value.len > 0 && (value.at[0] != '/' || value.at[value.len - 1] == '/'))
		return wrong(l, value.at, value, "a folder with a slash before it and none behind it, or nothing");
	return 0;
}

static int
set(const struct lab_line *l, struct lab_file *lab, enum lab_key key, struct span value, const char *variable)
{
	if (value.len >= LAB_VALUE_MAX)
		return err_set(l->e, EXIT_USAGE, "%s:%d:%d: a value of %zu bytes, expected at most %d", l->path, l->number,
		    variable == NULL ? (int)(value.at - l->whole.at) + 1 : 1, value.len, LAB_VALUE_MAX - 1);
	if (text_check(l, value, key, variable) < 0)
		return -1;
	if (keys[key].kind == NUMBER && !number_ok(value, key))
		return number_wrong(l, value, key, variable);
	memcpy(lab->value[key], value.at, value.len);
	lab->value[key][value.len] = '\0';
	lab->given[key] = true;
	return 0;
}

/* As variables are named by custom; what is not may be the password itself, behind the wrong key. */
static bool
is_variable(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!(name.at[i] >= 'A' && name.at[i] <= 'Z') && !(name.at[i] >= '0' && name.at[i] <= '9' && i > 0) && name.at[i] != '_')
			return false;
	return true;
}

static int
from_environment(const struct lab_line *l, struct lab_file *lab, enum lab_key key, struct span name)
{
	char variable[LAB_VALUE_MAX];
	const char *value;

	if (name.len == 0 || name.len >= sizeof(variable))
		return wrong(l, name.at, name, "the name of an environment variable");
	memcpy(variable, name.at, name.len);
	variable[name.len] = '\0';
	value = getenv(variable);
	if (value == NULL && keys[key].kind == SECRET && !is_variable(name))
		return err_set(l->e, EXIT_USAGE,
		    "%s:%d:%d: what may be the password itself (not shown), expected the name of an environment variable that is set",
		    l->path, l->number, (int)(name.at - l->whole.at) + 1);
	if (value == NULL)
		return wrong(l, name.at, name, "an environment variable that is set");
	return set(l, lab, key, span_str(value), variable);
}

static int
line_read(const struct lab_line *l, struct lab_file *lab)
{
	struct span s = trimmed(l->whole), name, value;
	const char *equals;
	bool env = false;
	int key;

	if (s.len == 0 || s.at[0] == '#')
		return 0;
	equals = memchr(s.at, '=', s.len);
	if (equals == NULL)
		return wrong(l, s.at + s.len, SPAN(""), "'=' and a value: key = value");
	name = trimmed(span_of(s.at, (size_t)(equals - s.at)));
	value = trimmed(span_of(equals + 1, (size_t)(s.at + s.len - equals - 1)));
	if (name.len > 4 && span_equal(span_after(name, name.len - 4), SPAN(".env"))) {
		env = true;
		name.len -= 4;
	}
	for (key = 0; key < LAB_KEYS && !span_equal(name, span_str(keys[key].name));)
		key++;
	if (key == LAB_KEYS)
		return unknown_key(l, name);
	if (lab->given[key])
		return wrong(l, name.at, name, "each key once");
	if (env)
		return from_environment(l, lab, (enum lab_key)key, value);
	if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
		value = span_of(value.at + 1, value.len - 2);
	return set(l, lab, (enum lab_key)key, value, NULL);
}

int
lab_file_parse(struct lab_file *lab, const char *path, struct span text, struct err *e)
{
	struct lab_line l = { .path = path, .number = 0, .e = e };

	memset(lab, 0, sizeof(*lab));
	while (text.len > 0) {
		const char *end = memchr(text.at, '\n', text.len);
		size_t n = end != NULL ? (size_t)(end - text.at) : text.len;

		l.number++;
		l.whole = span_first(text, n);
		if (line_read(&l, lab) < 0)
			return -1;
		text = span_after(text, end != NULL ? n + 1 : n);
	}
	return 0;
}

int
lab_file_read(struct lab_file *lab, const char *path, struct err *e)
{
	FILE *f = fopen(path, "rb");
	char *text;
	size_t n;
	int result;

	if (f == NULL)
		return err_errno(e, EXIT_USAGE, "%s:1:1: the lab file cannot be read", path);
	text = malloc(LAB_FILE_MAX + 1);
	if (text == NULL) {
		fclose(f);
		return err_set(e, EXIT_INTERNAL, "out of memory");
	}
	n = fread(text, 1, LAB_FILE_MAX + 1, f);
	if (ferror(f) != 0)
		result = err_errno(e, EXIT_USAGE, "%s:1:1: the lab file cannot be read", path);
	else if (n > LAB_FILE_MAX)
		result = err_set(e, EXIT_USAGE, "%s:1:1: a file of more than %u bytes, expected a lab file", path, LAB_FILE_MAX);
	else
		result = lab_file_parse(lab, path, span_of(text, n), e);
	fclose(f);
	free(text);
	return result;
}
