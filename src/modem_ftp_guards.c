/* modem_ftp_guards: what the rules of the FTP session ask. */

#include "modem.h"
#include "modem_ftp.h"

static bool
is_queued(const struct modem *m, struct span kind)
{
	char text[FTP_LINE_START_MAX];
	struct span start = ftp_line_start(m, kind, text);
	uint32_t i;

	for (i = 0; i < m->urcs; i++)
		if (span_starts(span_of(m->urc[i].text, m->urc[i].len), start))
			return true;
	return false;
}

bool
ftp_bearer_closed(const struct modem *m)
{
	return !bearer_is_open(m, m->set.ftp_cid);
}

bool
ftp_name_missing(const struct modem *m)
{
	if (m->set.ftp_server[0] == '\0')
		return true;
	switch (m->ftp.asked) {
	case WORLD_RETR:
	case WORLD_SIZE:
	case WORLD_DELE: return m->set.ftp_get_name[0] == '\0';
	case WORLD_STORE: return m->set.ftp_put_name[0] == '\0';
	case WORLD_MKD:
	case WORLD_RMD: return m->set.ftp_get_path[0] == '\0';
	case WORLD_LIST: return false;
	}
	return true;
}

bool
ftp_is_get(const struct modem *m)
{
	return m->ftp.asked == WORLD_RETR;
}

bool
ftp_is_list(const struct modem *m)
{
	return m->ftp.asked == WORLD_LIST;
}

bool
ftp_is_put(const struct modem *m)
{
	return m->ftp.asked == WORLD_STORE && m->set.ftp_extend == 0;
}

bool
ftp_is_extended_put(const struct modem *m)
{
	return m->ftp.asked == WORLD_STORE && m->set.ftp_extend == 1;
}

bool
ftp_is_size(const struct modem *m)
{
	return m->ftp.asked == WORLD_SIZE;
}

bool
ftp_is_dele(const struct modem *m)
{
	return m->ftp.asked == WORLD_DELE;
}

bool
ftp_is_mkd(const struct modem *m)
{
	return m->ftp.asked == WORLD_MKD;
}

bool
ftp_does_size(const struct modem *m)
{
	return m->ftp.verb == WORLD_SIZE;
}

bool
ftp_does_dele(const struct modem *m)
{
	return m->ftp.verb == WORLD_DELE;
}

bool
ftp_does_mkd(const struct modem *m)
{
	return m->ftp.verb == WORLD_MKD;
}

bool
ftp_end_unsaid(const struct modem *m)
{
	return m->ftp.asked == m->ftp.verb && is_queued(m, SPAN(": 1,"));
}

bool
ftp_other_verb(const struct modem *m)
{
	return m->ftp.asked != m->ftp.verb;
}

bool
ftp_unannounced(const struct modem *m)
{
	return m->ftp.sent == 0 && !m->ftp.repeated && is_queued(m, SPAN(": 1,1"));
}

bool
ftp_read_drains(const struct modem *m)
{
	return ftp_has_data(m) && m->ftp.progress.available <= m->ftp.request;
}

bool
ftp_has_data(const struct modem *m)
{
	return m->ftp.progress.available > 0;
}

bool
ftp_held(const struct modem *m)
{
	return m->timer_us[TIMER_FTP_URC] != MODEM_NEVER;
}

bool
ftp_too_much(const struct modem *m)
{
	return m->ftp.request > m->ftp.window && m->sw.ftp_put_beyond == 0;
}

bool
ftp_no_room(const struct modem *m)
{
	return m->ftp.request > FTP_EXTEND_MAX - m->ftp.extended && m->ftp.window > FTP_EXTEND_MAX - m->ftp.extended;
}

bool
ftp_took_short(const struct modem *m)
{
	return m->sw.ftp_put_short == 1;
}

bool
ftp_lost(const struct modem *m)
{
	return m->ftp.error != 0;
}

bool
ftp_set_refuses(const struct modem *m)
{
	return m->sw.ftp_busy_set == 1;
}

bool
ftp_quit_refuses(const struct modem *m)
{
	return m->sw.ftp_quit_idle == 1;
}

bool
ftp_not_extended(const struct modem *m)
{
	return m->set.ftp_extend == 0;
}

bool
ftp_extends_nothing(const struct modem *m)
{
	return m->ftp.length == 0;
}

bool
ftp_more_refused(const struct modem *m)
{
	return m->ftp.refusals > 0;
}

bool
ftp_refused_full(const struct modem *m)
{
	return m->ftp.refusals == FTP_REFUSED_MAX;
}

bool
ftp_refused_size(const struct modem *m)
{
	return ftp_more_refused(m) && m->ftp.refused[0] == WORLD_SIZE;
}
