#include "verdict.h"

static const char *const names[VERDICT_MAX] = {
	[VERDICT_SKIP] = "skip",
	[VERDICT_PASS] = "pass",
	[VERDICT_XFAIL] = "xfail",
	[VERDICT_XPASS] = "xpass",
	[VERDICT_INCONCLUSIVE] = "inconclusive",
	[VERDICT_FAIL] = "fail",
	[VERDICT_ERROR] = "error",
};

const char *
verdict_name(enum verdict v)
{
	return v < VERDICT_MAX ? names[v] : "unknown";
}

enum verdict
verdict_of(struct span name)
{
	enum verdict v = VERDICT_SKIP;

	while (v < VERDICT_MAX && !span_equal(name, span_str(names[v])))
		v++;
	return v;
}
