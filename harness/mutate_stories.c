/* mutate_stories: what firmware has got wrong, or plausibly would. */
#include "mutate_tables.h"

const struct story mutate_stories[] = {
	{ .id = NULL },
};
