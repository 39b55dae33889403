#include "serial_ports.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libserialport.h>

#define BY_ID "/dev/serial/by-id"

static void
text_copy(char *into, size_t cap, const char *text)
{
	snprintf(into, cap, "%s", text == NULL ? "" : text);
}

/* The name under by-id that leads to path. */
static void
by_id_find(const char *path, char *into, size_t cap)
{
	DIR *folder = opendir(BY_ID);
	struct dirent *entry;

	into[0] = '\0';
	if (folder == NULL)
		return;
	while (into[0] == '\0' && (entry = readdir(folder)) != NULL) {
		char name[sizeof(BY_ID) + NAME_MAX + 2], real[PATH_MAX];

		snprintf(name, sizeof(name), BY_ID "/%s", entry->d_name);
		if (realpath(name, real) != NULL && strcmp(real, path) == 0)
			snprintf(into, cap, "%s", name);
	}
	closedir(folder);
}

static void
port_describe(struct serial_port *out, const struct sp_port *port)
{
	text_copy(out->path, sizeof(out->path), sp_get_port_name(port));
	by_id_find(out->path, out->by_id, sizeof(out->by_id));
	if (sp_get_port_usb_vid_pid(port, &out->vid, &out->pid) != SP_OK)
		out->vid = out->pid = -1;
	text_copy(out->serial, sizeof(out->serial), sp_get_port_usb_serial(port));
	text_copy(out->description, sizeof(out->description), sp_get_port_description(port));
	/* libserialport says the name of the device where it has no description. */
	if (strncmp(out->path, "/dev/", 5) == 0 && strcmp(out->description, out->path + 5) == 0)
		out->description[0] = '\0';
}

/* ttyUSB2 before ttyUSB10. */
static int
port_order(const void *a, const void *b)
{
	return strverscmp(((const struct serial_port *)a)->path, ((const struct serial_port *)b)->path);
}

int
serial_ports_find(struct serial_ports *found, struct err *e)
{
	struct sp_port **list;
	size_t n = 0;

	found->port = NULL;
	found->count = 0;
	if (sp_list_ports(&list) != SP_OK)
		return err_errno(e, EXIT_RIG, "serial ports cannot be listed");
	while (list[n] != NULL)
		n++;
	found->port = calloc(n + 1, sizeof(*found->port));
	if (found->port == NULL)
		abort();
	for (size_t i = 0; i < n; i++)
		port_describe(&found->port[i], list[i]);
	found->count = n;
	qsort(found->port, n, sizeof(*found->port), port_order);
	sp_free_port_list(list);
	return 0;
}

void
serial_ports_free(struct serial_ports *found)
{
	free(found->port);
	found->port = NULL;
	found->count = 0;
}

const struct serial_port *
serial_ports_same(const struct serial_ports *found, const struct serial_port *one)
{
	const struct serial_port *same = NULL;

	for (size_t i = 0; i < found->count; i++) {
		const struct serial_port *p = &found->port[i];

		if (one->vid < 0 || p->vid != one->vid || p->pid != one->pid || strcmp(p->serial, one->serial) != 0)
			continue;
		/* Of several alike, the one in the old place. */
		if (strcmp(p->path, one->path) == 0)
			return p;
		if (same != NULL)
			return NULL;
		same = p;
	}
	return same;
}
