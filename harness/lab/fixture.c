/* lab_fixture CONTENT...: write the bytes that a content description names ("1024 bytes digits") to standard output. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content.h"

int
main(int argc, char **argv)
{
	char words[4096] = "", scratch[sizeof(words)], piece[65536];
	struct content c;
	const char *why = "";
	size_t column = 0, used = 0;

	for (int i = 1; i < argc; i++) {
		int n = snprintf(words + used, sizeof(words) - used, "%s%s", i > 1 ? " " : "", argv[i]);

		if (n < 0 || used + (size_t)n >= sizeof(words)) {
			fprintf(stderr, "lab_fixture: a description too long\n");
			return 2;
		}
		used += (size_t)n;
	}
	if (content_parse(span_str(words), &c, scratch, &column, &why) != used || c.kind == CONTENT_FILE) {
		fprintf(stderr, "lab_fixture: '%s': at column %zu: expected %s\n", words, column + 1, *why != '\0' ? why : "the end");
		return 2;
	}
	for (uint64_t at = 0; at < c.length;) {
		size_t n = c.length - at < sizeof(piece) ? (size_t)(c.length - at) : sizeof(piece);

		content_fill(&c, at, piece, n);
		if (fwrite(piece, 1, n, stdout) != n) {
			perror("lab_fixture");
			return 1;
		}
		at += n;
	}
	if (fflush(stdout) != 0) {
		perror("lab_fixture");
		return 1;
	}
	return 0;
}
