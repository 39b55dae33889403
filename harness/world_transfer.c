/*
 * An FTP session's data, as the module reads and writes it.
 */
#include "world_parts.h"

static uint32_t
window_size(const struct ftp_session *f)
{
	const struct ftp_server *s = f->server;

	if (s->windows == 0)
		return FTP_SEGMENT;
	return s->window[f->window < s->windows ? f->window : s->windows - 1];
}

static void
poll_download(const struct ftp_session *f, struct world_ftp *out)
{
	out->state = WORLD_READY;
	out->available = f->arrived - f->read > UINT32_MAX ? UINT32_MAX : (uint32_t)(f->arrived - f->read);
	out->ended = f->arrived == f->total && !f->cut;
	if (f->read < f->total)
		return;
	/* A connection that breaks gives what came before; then it has failed. */
	out->state = f->cut ? WORLD_FAILED : WORLD_DONE;
	out->error = f->cut ? FTP_DOWNLOAD_ERROR : 0;
	out->ended = true;
}

static void
poll_upload(const struct world_sim *w, const struct ftp_session *f, struct world_ftp *out)
{
	bool open = w->now_us >= f->window_us;

	out->state = f->finished && open ? WORLD_DONE : WORLD_READY;
	out->window = open && !f->finished ? window_size(f) : 0;
}

void
world_ftp_poll(struct modem_world *mw, struct world_ftp *out)
{
	struct world_sim *w = (struct world_sim *)mw;
	const struct ftp_session *f = &w->ftp;

	*out = (struct world_ftp){ .state = WORLD_IDLE };
	if (!f->started)
		return;
	out->state = WORLD_BUSY;
	if (f->failed) {
		if (w->now_us >= f->fail_us) {
			out->state = WORLD_FAILED;
			out->error = f->error;
		}
		return;
	}
	world_ftp_advance(w);
	if (w->now_us < f->ready_us)
		return;
	switch (f->verb) {
	case WORLD_RETR:
	case WORLD_LIST: poll_download(f, out); break;
	case WORLD_STORE: poll_upload(w, f, out); break;
	case WORLD_SIZE:
	case WORLD_DELE:
	case WORLD_MKD:
	case WORLD_RMD:
		out->state = WORLD_DONE;
		out->size = f->size;
		break;
	}
}

size_t
world_ftp_read(struct modem_world *mw, char *into, size_t cap)
{
	struct world_sim *w = (struct world_sim *)mw;
	struct ftp_session *f = &w->ftp;
	size_t n;

	world_ftp_advance(w);
	if (!f->started || f->failed || (f->verb != WORLD_RETR && f->verb != WORLD_LIST))
		return 0;
	n = f->arrived - f->read < cap ? (size_t)(f->arrived - f->read) : cap;
	content_fill(&f->content, f->first + f->read, into, n);
	f->read += n;
	return n;
}

size_t
world_ftp_write(struct modem_world *mw, struct span bytes)
{
	struct world_sim *w = (struct world_sim *)mw;
	struct ftp_session *f = &w->ftp;
	const struct ftp_server *s = f->server;
	size_t n;

	if (!f->started || f->failed || f->verb != WORLD_STORE || f->finished || w->now_us < f->ready_us || w->now_us < f->window_us)
		return 0;
	n = bytes.len < window_size(f) ? bytes.len : window_size(f);
	if (s->has_cut[CUT_STOR] && n >= s->cut[CUT_STOR] - f->stored) {
		files_append(w, f->node, span_first(bytes, (size_t)(s->cut[CUT_STOR] - f->stored)), f->ascii);
		world_ftp_fail(f, FTP_UPLOAD_ERROR, w->now_us);
		return n;
	}
	if (!files_append(w, f->node, span_first(bytes, n), f->ascii)) {
		world_ftp_fail(f, FTP_UPLOAD_ERROR, w->now_us);
		return n;
	}
	f->stored += n;
	f->window++;
	if (s->rate != 0)
		f->window_us = w->now_us + (n * 1000000 + s->rate - 1) / s->rate;
	return n;
}

void
world_ftp_finish(struct modem_world *mw)
{
	struct world_sim *w = (struct world_sim *)mw;

	w->ftp.finished = true;
}
