/* lab_value: what a case's {lab.NAME} stands for. */
#include <stdio.h>

#include "lab_file.h"

const char *const lab_value_names[] = { "apn", "apn_user", "apn_password", "http", "http_host", "http_port", "ftp_host", "ftp_port",
	"ftp_dir", "ftp_user", "ftp_password", "proxy_host", "proxy_port", "refused_port", "unknown_host", NULL };

/* The world that cases describe, when there is no lab. */
static const struct {
	enum lab_key key;
	const char *value;
} described[] = {
	{ LAB_APN, "CMNET" },
	{ LAB_APN_USER, "" },
	{ LAB_APN_PASSWORD, "" },
	{ LAB_HTTP_HOST, "www.sim.com" },
	{ LAB_HTTP_PORT, "80" },
	{ LAB_FTP_HOST, "116.228.221.52" },
	{ LAB_FTP_PORT, "21" },
	{ LAB_FTP_USER, "sim.cs1" },
	{ LAB_FTP_PASSWORD, "12345" },
	{ LAB_PROXY_HOST, "10.0.0.172" },
	{ LAB_PROXY_PORT, "80" },
	{ LAB_REFUSED_PORT, "9" },
	{ LAB_UNKNOWN_HOST, "nowhere.sim.com" },
};

/* What a lab need not say. */
static const struct {
	enum lab_key key;
	const char *value;
} usual[] = {
	{ LAB_APN_USER, "" }, { LAB_APN_PASSWORD, "" }, { LAB_HTTP_PORT, "80" }, { LAB_HTTP_DIR, "" }, { LAB_FTP_PORT, "21" },
	{ LAB_FTP_DIR, "" }, { LAB_UNKNOWN_HOST, "no-such-host.invalid" }, /* RFC 6761, 6.4 */
};

static const char *
value_of(const struct lab_file *lab, enum lab_key key)
{
	if (lab == NULL) {
		for (size_t i = 0; i < sizeof(described) / sizeof(described[0]); i++)
			if (described[i].key == key)
				return described[i].value;
		return "";
	}
	if (lab->given[key])
		return lab->value[key];
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (usual[i].key == key)
			return usual[i].value;
	return NULL;
}

/* What the case language would read otherwise is escaped, so that a value is only ever text. */
static void
escaped(const char *text, char into[LAB_TEXT_MAX])
{
	size_t n = 0;

	for (; *text != '\0' && n + 3 < LAB_TEXT_MAX; text++) {
		if (strchr(" {}|\\#\"", *text) != NULL)
			into[n++] = '\\';
		into[n++] = *text == ' ' ? 's' : *text;
	}
	into[n] = '\0';
}

void
lab_folder(const char *path, int row, char *into, size_t cap)
{
	const char *name = strrchr(path, '/'), *folder;
	size_t stem;

	name = name != NULL ? name + 1 : path;
	stem = strcspn(name, ".");
	/* 3.14-read.case has a point of its own: only the last one begins the suffix. */
	for (const char *point = name; (point = strchr(point, '.')) != NULL; point++)
		stem = (size_t)(point - name);
	for (folder = name; folder > path && (folder == name || folder[-1] != '/');)
		folder--;
	if (folder < name)
		snprintf(into, cap, "%.*s-%.*s", (int)(name - folder - 1), folder, (int)stem, name);
	else
		snprintf(into, cap, "%.*s", (int)stem, name);
	if (row >= 0) {
		size_t used = strlen(into);

		snprintf(into + used, cap - used, "-%d", row + 1);
	}
}

static void
http_base(const struct lab_file *lab, const char *host, const char *path, int row, char *into, size_t cap)
{
	const char *port = value_of(lab, LAB_HTTP_PORT);
	char folder[LAB_VALUE_MAX];

	lab_folder(path, row, folder, sizeof(folder));
	snprintf(into, cap, "%s%s%s%s/%s", host, strcmp(port, "80") != 0 ? ":" : "", strcmp(port, "80") != 0 ? port : "",
	    value_of(lab, LAB_HTTP_DIR), folder);
}

enum lab_found
lab_value(const struct lab_file *lab, struct span name, const char *path, int row, char into[LAB_TEXT_MAX])
{
	char text[LAB_TEXT_MAX] = "", folder[LAB_VALUE_MAX];
	enum lab_key key = LAB_KEYS;
	const char *value;
	int i;

	for (i = 0; lab_value_names[i] != NULL && !span_equal(name, span_str(lab_value_names[i]));)
		i++;
	into[0] = '\0';
	if (lab_value_names[i] == NULL)
		return LAB_NO_SUCH_NAME;
	if (span_equal(name, SPAN("http")))
		key = LAB_HTTP_HOST;
	for (int k = 0; k < LAB_KEYS && key == LAB_KEYS; k++)
		if (span_equal(name, span_str(lab_file_name((enum lab_key)k))))
			key = (enum lab_key)k;
	value = value_of(lab, key);
	if (value == NULL)
		return LAB_NOT_GIVEN;
	if (lab != NULL && span_equal(name, SPAN("http"))) {
		http_base(lab, value, path, row, text, sizeof(text));
		value = text;
	} else if (lab != NULL && key == LAB_FTP_DIR) {
		lab_folder(path, row, folder, sizeof(folder));
		snprintf(text, sizeof(text), "%s/%s", value, folder);
		value = text;
	}
	escaped(value, into);
	return LAB_FOUND;
}
