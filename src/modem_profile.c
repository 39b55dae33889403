/* Profiles: what a module says of itself, and where it differs from the switches' defaults. */
#include "modem.h"
#include "modem_sessions.h"

static const struct modem_profile profiles[] = {
	{
	    .name = "sim800-r14.18",
	    .about = "a real SIM800L of 2014 and later: ATI says R14.18, manual V1.09 (the default)",
	    .bit = PROFILE_R14,
	    .ati = "SIM800 R14.18",
	    .revision = "Revision:1418B05SIM800L24",
	    .model = "SIMCOM_SIM800L",
	    .cme_engine = 600,
	},
	{
	    .name = "sim800-note-1.01",
	    .about = "SIM800 as of the note V1.01 and manual V1.01 (2013): no FTPQUIT, HTTPHEAD, HTTPSSL; CME 810 to 824; FTP waits 60 s",
	    .bit = PROFILE_N101,
	    .ati = "SIM800 R13.08",
	    .revision = "Revision:1308B05SIM800M32",
	    .model = "SIMCOM_SIM800",
	    .cme_engine = 810,
	    .differs = { { "ftp-response", "60000" }, { "http-range-status", "200" } },
	},
	{
	    .name = "sim900",
	    .about = "SIM900, the elder sibling: no blank behind the colon of +HTTPACTION and +FTP lines",
	    .bit = PROFILE_900,
	    .ati = "SIM900 R11.0",
	    .revision = "Revision:1137B13SIM900M64_ST",
	    .model = "SIMCOM_SIM900",
	    .cme_engine = 810,
	    .differs = { { "colon-blank", "no" }, { "ftp-response", "60000" } },
	},
};

#define PROFILES (sizeof(profiles) / sizeof(profiles[0]))

const struct modem_profile *
modem_profile_find(struct span name)
{
	if (name.len == 0)
		return &profiles[0];
	for (size_t i = 0; i < PROFILES; i++)
		if (span_equal(name, span_str(profiles[i].name)))
			return &profiles[i];
	return NULL;
}

const char *
modem_profile_name(unsigned i, const char **about)
{
	if (i >= PROFILES)
		return NULL;
	if (about != NULL)
		*about = profiles[i].about;
	return profiles[i].name;
}

const char *
modem_profile_revision(const struct modem_profile *profile)
{
	static const struct span label = { "Revision:", 9 };

	return profile->revision + (span_starts(span_str(profile->revision), label) ? label.len : 0);
}
