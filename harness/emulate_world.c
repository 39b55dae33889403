#include "emulate_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the note's examples fetch. */
const char emulate_world_preset[] = "world http www.sim.com 1000 bytes lines\n"
				    "world http www.sim.com/echo 0 bytes echo\n"
				    "world http www.sim.com/moved 0 bytes redirect \"http://www.sim.com/\"\n"
				    "world http www.sim.com/sim_logo_jr_1003_38.gif 16384 bytes pattern 1 type \"image/gif\"\n"
				    "world ftp file /1K.txt 1024 bytes digits\n"
				    "world ftp file /100K.bin 102400 bytes pattern 2\n"
				    "world ftp dir /test\n";

#define WORLD_FILE_MAX (1u << 20)

static char *
file_read(const char *path, struct err *e)
{
	FILE *f = fopen(path, "rb");
	char *text;
	size_t n;

	if (f == NULL) {
		err_errno(e, EXIT_USAGE, "%s", path);
		return NULL;
	}
	if ((text = malloc(WORLD_FILE_MAX + 1)) == NULL)
		abort();
	n = fread(text, 1, WORLD_FILE_MAX + 1, f);
	if (ferror(f) != 0) {
		err_errno(e, EXIT_USAGE, "%s", path);
		fclose(f);
		free(text);
		return NULL;
	}
	fclose(f);
	if (n > WORLD_FILE_MAX || memchr(text, '\0', n) != NULL) {
		err_set(e, EXIT_USAGE, "%s: more than %u bytes, or no text", path, WORLD_FILE_MAX);
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

/* One line of the text; false: it holds nothing. */
static bool
line_read(const char *at, size_t len, const char *path, int number, struct case_line *out)
{
	struct span s = span_of(at, len);
	int column = 1;

	while (s.len > 0 && (s.at[s.len - 1] == '\r' || s.at[s.len - 1] == ' '))
		s.len--;
	for (; s.len > 0 && s.at[0] == ' '; column++)
		s = span_after(s, 1);
	if (s.len == 0 || s.at[0] == '#')
		return false;
	if (span_starts(s, SPAN("world "))) {
		s = span_after(s, 6);
		for (column += 6; s.len > 0 && s.at[0] == ' '; column++)
			s = span_after(s, 1);
	}
	*out = (struct case_line){ .text = s, .path = path, .line = number, .column = column };
	return true;
}

struct world_sim *
emulate_world_sim(const char *path, uint64_t seed, struct err *e)
{
	char *file = path == NULL ? NULL : file_read(path, e);
	const char *text = path == NULL ? emulate_world_preset : file, *end;
	struct case_line *lines = NULL;
	struct world_sim *w;
	size_t count = 0;
	int number = 1;

	if (text == NULL)
		return NULL;
	for (const char *at = text; *at != '\0'; number++, at = *end == '\n' ? end + 1 : end) {
		struct case_line line;

		end = at + strcspn(at, "\n");
		if (!line_read(at, (size_t)(end - at), path == NULL ? "built-in world" : path, number, &line))
			continue;
		lines = realloc(lines, (count + 1) * sizeof(*lines));
		if (lines == NULL)
			abort();
		lines[count++] = line;
	}
	for (size_t i = 0; i + 1 < count; i++)
		lines[i].next = &lines[i + 1];
	w = world_sim_new();
	if (world_sim_begin(w, lines, seed, e) != 0) {
		world_sim_free(w);
		w = NULL;
	}
	/* The world has copied what it keeps. */
	free(lines);
	free(file);
	return w;
}
