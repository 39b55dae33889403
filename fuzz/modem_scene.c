#include "modem_scene.h"

#include "case.h"
#include "modem_script.h"
#include "oracle.h"
#include "quiet.h"

QUIET_BEGIN

#define WORLD_LINES_MAX 16

static const char *const scene[] = {
	"bearer ip 10.89.193.1",
	"http www.sim.com \"<html>1</html>\\r\\n\\r\\nOK\\r\\n\" type \"text/html\"",
	"http www.sim.com/echo \"\" echo",
	"http www.sim.com/2k 2000 bytes pattern 3",
	"http www.sim.com/slow 3000 bytes lines rate 500",
	"http www.sim.com/moved redirect \"http://www.sim.com/2k\"",
	"http www.sim.com/large 319489 bytes digits",
	"http www.sim.com/silent silent",
	"http www.sim.com/garbage garbage",
	"http www.sim.com/cut 3000 bytes digits cut after 100 bytes",
	"http www.sim.com/refuse refuse",
	"proxy 10.0.0.172:80",
	"ftp 116.228.221.52 user \"sim.cs1\" password \"12345\" file /1K.txt 1024 bytes digits file /50.txt 50 bytes lines",
	"ftp 116.228.221.52 file /0.txt \"\" file /4K.bin 4096 bytes pattern 5 dir /test",
	"ftp slow.sim.com file /4K.bin 4096 bytes pattern 5 burst 50,1024 pause 2s window 100,1360 latency 1s",
	"ftp silent.sim.com silent",
	"dns unknown.sim.com fails",
};

#define DEFAULT_LINES (sizeof(scene) / sizeof(scene[0]))

const struct modem_profile *
modem_scene_begin(struct world_sim *world, struct span script)
{
	struct case_line line[DEFAULT_LINES + WORLD_LINES_MAX];
	const struct modem_profile *profile = modem_profile_find(SPAN("")), *named;
	struct script_step s;
	struct err e;
	size_t n = 0;

	for (; n < DEFAULT_LINES; n++)
		line[n] = (struct case_line){ .text = span_str(scene[n]) };
	while (script_next(&script, &s)) {
		size_t column;
		const char *why;

		if (s.kind == SCRIPT_PROFILE && (named = modem_profile_find(s.text)) != NULL)
			profile = named;
		if (s.kind == SCRIPT_WORLD && n < DEFAULT_LINES + WORLD_LINES_MAX && world_check(s.text, &column, &why) == 0)
			line[n++] = (struct case_line){ .text = s.text };
	}
	for (size_t i = 0; i < n; i++) {
		line[i].path = "script";
		line[i].next = i + 1 < n ? &line[i + 1] : NULL;
	}
	if (world_sim_begin(world, line, SCENE_SEED, &e) != 0) {
		line[DEFAULT_LINES - 1].next = NULL;
		if (world_sim_begin(world, line, SCENE_SEED, &e) != 0)
			oracle_fail("script", "the world of every script is wrong: %s", e.text);
	}
	return profile;
}

QUIET_END
