/* rig_identity: who the module is, by its own words (ATI, +CGMR, +GSV), without what tells one from another of its kind. */
#include <stdio.h>

#include "modem.h"
#include "rig_parts.h"

#define IMEI_DIGITS 14 /* an IMEI has 15, its software version 16; some modules give it with ATI */

/* Digits that may be an IMEI. */
static void
hide_numbers(char *text)
{
	for (char *c = text; *c != '\0';) {
		size_t n = strspn(c, "0123456789");

		if (n >= IMEI_DIGITS)
			memset(c, '*', n);
		c += n > 0 ? n : 1;
	}
}

static bool
tell(struct rig *r, const char *line, char into[TALK_INFO_MAX])
{
	into[0] = '\0';
	if (talk_command(&r->talk, line, true, RIG_COMMAND_US) != TALK_OK)
		return false;
	talk_info(&r->talk, into);
	hide_numbers(into);
	return into[0] != '\0';
}

/* "Revision:1418B05SIM800L24", with or without its label and a blank. */
static const char *
unlabelled(const char *text)
{
	const char *at = strstr(text, "Revision:");

	return at == NULL ? text : at + 9 + strspn(at + 9, " ");
}

void
rig_identify(struct rig *r, struct rig_identity *out)
{
	char info[TALK_INFO_MAX], *revision;

	memset(out, 0, sizeof(*out));
	if (tell(r, "ATI", info))
		snprintf(out->model, sizeof(out->model), "%s", info);
	if (tell(r, "AT+CGMR", info))
		snprintf(out->revision, sizeof(out->revision), "%s", unlabelled(info));
	/* SIMCOM_Ltd / SIMCOM_SIM800L / Revision:1418B05SIM800L24 */
	if (!tell(r, "AT+GSV", info))
		return;
	revision = strstr(info, "Revision:");
	if (out->revision[0] == '\0' && revision != NULL)
		snprintf(out->revision, sizeof(out->revision), "%s", unlabelled(info));
	if (revision != NULL)
		*revision = '\0';
	for (size_t n = strlen(info); n > 0 && (info[n - 1] == ' ' || info[n - 1] == '/'); n--)
		info[n - 1] = '\0';
	if (strstr(out->model, info) == NULL && strlen(out->model) + strlen(info) + 4 < sizeof(out->model))
		snprintf(out->model + strlen(out->model), sizeof(out->model) - strlen(out->model), "%s%s",
		    out->model[0] == '\0' ? "" : " / ", info);
}

/* "1418B05SIM800L24" is release 1418 of a SIM800: the profile of the same release, else the first of the same family. */
const char *
rig_profile(const char *revision)
{
	const char *name, *of_family = NULL, *family = strstr(revision, "SIM");

	if (family == NULL)
		return NULL;
	for (unsigned i = 0; (name = modem_profile_name(i, NULL)) != NULL; i++) {
		const char *known = modem_profile_revision(modem_profile_find(span_str(name)));
		const char *its = strstr(known, "SIM");

		/* SIM800, SIM808, SIM868 are one family, SIM900 and SIM908 another: "SIM8", "SIM9". */
		if (its == NULL || strncmp(its, family, 4) != 0)
			continue;
		if (strncmp(known, revision, 4) == 0)
			return name;
		if (of_family == NULL)
			of_family = name;
	}
	return of_family;
}
