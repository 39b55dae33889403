/*
 * What an FTP server holds.
 */
#include <stdio.h>
#include <stdlib.h>

#include "world_parts.h"

/* "/" and "1K.txt" -> "/1K.txt".  Commands carry the whole path: no CWD is needed. */
struct span
files_join(struct world_sim *w, struct span path, struct span name)
{
	char *at = arena_alloc(&w->ftp_work, path.len + name.len + 2);
	size_t n = 0;

	if (path.len == 0 || path.at[0] != '/')
		at[n++] = '/';
	if (path.len > 0)
		memcpy(at + n, path.at, path.len);
	n += path.len;
	if (name.len > 0 && at[n - 1] != '/')
		at[n++] = '/';
	if (name.len > 0)
		memcpy(at + n, name.at, name.len);
	return span_of(at, n + name.len);
}

/* "/test/" -> "/test". */
struct span
files_path(struct span joined)
{
	while (joined.len > 1 && joined.at[joined.len - 1] == '/')
		joined.len--;
	return joined;
}

struct ftp_node *
files_find(const struct ftp_server *s, struct span path)
{
	for (struct ftp_node *n = s->nodes; n != NULL; n = n->next)
		if (!n->gone && span_equal(n->path, path))
			return n;
	return NULL;
}

struct span
files_parent(struct span path)
{
	size_t n = path.len;

	while (n > 1 && path.at[n - 1] != '/')
		n--;
	return n > 1 ? span_of(path.at, n - 1) : SPAN("/");
}

/* A node whose file is gone and that has room for a path of len bytes, or NULL. */
static struct ftp_node *
node_gone(const struct ftp_server *s, size_t len)
{
	for (struct ftp_node *n = s->nodes; n != NULL; n = n->next)
		if (n->gone && n->path_cap >= len)
			return n;
	return NULL;
}

static struct ftp_node *
node_new(struct world_sim *w, struct ftp_server *s, size_t len)
{
	struct ftp_node *n = node_gone(s, len);

	if (n != NULL)
		return n;
	n = arena_alloc(&w->arena, sizeof(*n));
	n->path_cap = len < FILES_PATH_MAX ? FILES_PATH_MAX : len;
	n->path_bytes = arena_alloc(&w->arena, n->path_cap);
	*s->nodes_end = n;
	s->nodes_end = &n->next;
	w->files++;
	return n;
}

static void
drop_bytes(struct world_sim *w, struct ftp_node *n)
{
	if (n->bytes != NULL)
		w->held -= n->content.text.len;
	free(n->bytes);
	n->bytes = NULL;
	n->cap = 0;
}

struct ftp_node *
files_make(struct world_sim *w, struct ftp_server *s, struct span path, bool dir)
{
	struct ftp_node *n = files_find(s, path);

	if (n != NULL)
		return n;
	if (path.len > 1)
		files_make(w, s, files_parent(path), true);
	n = node_new(w, s, path.len);
	memcpy(n->path_bytes, path.at, path.len);
	n->path = span_of(n->path_bytes, path.len);
	n->dir = dir;
	n->gone = false;
	n->content = (struct content){ .kind = CONTENT_STRING };
	return n;
}

/* Its node stays for the next file. */
void
files_remove(struct world_sim *w, struct ftp_node *n)
{
	drop_bytes(w, n);
	n->gone = true;
}

bool
files_full(const struct world_sim *w, const struct ftp_server *s)
{
	return w->files >= WORLD_FILES_MAX && node_gone(s, FILES_PATH_MAX) == NULL;
}

bool
files_dir_empty(const struct ftp_server *s, struct span path)
{
	for (const struct ftp_node *n = s->nodes; n != NULL; n = n->next)
		if (!n->gone && n->path.len > 1 && span_equal(files_parent(n->path), path))
			return false;
	return true;
}

/* One line of a listing, in the columns of note 3.19; its length.  into may be NULL. */
static size_t
list_line(char *into, size_t cap, bool dir, uint64_t size, struct span name)
{
	return (size_t)snprintf(into, cap, "%crw-rw-rw-   1 user       group%10llu Oct 12 14:58 %.*s\r\n", dir ? 'd' : '-',
	    (unsigned long long)size, (int)name.len, name.at);
}

/* The listing into into, of which cap bytes are there; its whole length. */
static size_t
list(char *into, size_t cap, const struct ftp_server *s, const struct ftp_node *of)
{
	static const struct span head = { "total 0\r\n", 9 };
	size_t used = 0;

	if (!of->dir)
		return list_line(into, cap, false, of->content.length, span_after(of->path, files_parent(of->path).len));
	if (cap > head.len)
		memcpy(into, head.at, head.len);
	used = head.len;
	used += list_line(cap > used ? into + used : NULL, cap > used ? cap - used : 0, true, 0, SPAN("."));
	used += list_line(cap > used ? into + used : NULL, cap > used ? cap - used : 0, true, 0, SPAN(".."));
	for (const struct ftp_node *n = s->nodes; n != NULL; n = n->next) {
		struct span parent;

		if (n->gone || n->path.len <= 1)
			continue;
		parent = files_parent(n->path);
		if (!span_equal(parent, of->path))
			continue;
		used += list_line(cap > used ? into + used : NULL, cap > used ? cap - used : 0, n->dir, n->dir ? 0 : n->content.length,
		    span_after(n->path, parent.len == 1 ? 1 : parent.len + 1));
	}
	return used;
}

struct content
files_list(struct world_sim *w, const struct ftp_server *s, const struct ftp_node *n)
{
	size_t len = list(NULL, 0, s, n);
	char *at = arena_alloc(&w->ftp_work, len + 1);

	list(at, len + 1, s, n);
	return (struct content){ .kind = CONTENT_STRING, .length = len, .text = { at, len } };
}

/* Room for len bytes more. */
static bool
make_room(struct world_sim *w, struct ftp_node *n, size_t len)
{
	size_t used = n->content.text.len, cap = n->cap == 0 ? 4096 : n->cap;
	char *bytes;

	if (len > WORLD_STORED_MAX - w->held)
		return false;
	while (cap < used + len)
		cap *= 2;
	if (n->bytes != NULL && cap == n->cap)
		return true;
	bytes = realloc(n->bytes, cap);
	if (bytes == NULL)
		abort();
	n->bytes = bytes;
	n->cap = cap;
	n->content.text.at = bytes;
	return true;
}

bool
files_open(struct world_sim *w, struct ftp_node *n, bool keep)
{
	struct content had = n->content;

	if (keep && n->bytes != NULL)
		return true;
	drop_bytes(w, n);
	n->content = (struct content){ .kind = CONTENT_STRING };
	if (!keep || had.length == 0)
		return make_room(w, n, 0);
	if (had.length > WORLD_STORED_MAX || !make_room(w, n, (size_t)had.length))
		return false;
	content_fill(&had, 0, n->bytes, (size_t)had.length);
	n->content.text.len = (size_t)had.length;
	n->content.length = had.length;
	w->held += (size_t)had.length;
	return true;
}

bool
files_append(struct world_sim *w, struct ftp_node *n, struct span bytes, bool ascii)
{
	char *at;

	if (!make_room(w, n, bytes.len))
		return false;
	at = n->bytes + n->content.text.len;
	if (bytes.len > 0)
		memcpy(at, bytes.at, bytes.len);
	for (size_t i = 0; ascii && i < bytes.len; i++)
		at[i] &= 0x7f; /* FTPTYPE="A": the MSB of what is sent is cleared (manual 12.2.3) */
	n->content.text.len += bytes.len;
	n->content.length = n->content.text.len;
	w->held += bytes.len;
	return true;
}

void
files_forget(struct world_sim *w)
{
	for (struct ftp_server *s = w->servers; s != NULL; s = s->next)
		for (struct ftp_node *n = s->nodes; n != NULL; n = n->next)
			free(n->bytes);
}
