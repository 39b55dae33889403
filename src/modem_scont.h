/*
 * modem_scont: what the lists of AT+HTTPSCONT? and AT+FTPSCONT? share.
 */
#ifndef MODEM_SCONT_H
#define MODEM_SCONT_H

#include "modem_sessions.h"

/* The <mode> of both lists: 0, the settings of table that saved names are those in stored (NVRAM), or 1, they differ (RAM). */
int scont_mode(const struct modem *m, const struct setting *table, enum setting_saved saved, const struct modem_settings *stored);

#endif
