/*
 * fake_world: the smallest far side that a modem runs on, for unit tests of the core.
 *
 * Bearers come up bearer_us after they were opened, unless refused; nothing else exists.
 */
#ifndef FAKE_WORLD_H
#define FAKE_WORLD_H

#include "modem.h"

struct fake_world {
	struct modem_world world; /* first: what the modem is given */
	uint64_t now_us, bearer_us;
	bool refuse, lost;
	bool open[MODEM_CIDS];
	uint64_t ready_us[MODEM_CIDS];
	char apn[65];
	int opened, closed;
};

static inline struct fake_world *
fake_of(struct modem_world *w)
{
	return (struct fake_world *)(void *)w;
}

static inline void
fake_bearer_open(struct modem_world *w, int cid, struct span apn, struct span user, struct span password)
{
	struct fake_world *f = fake_of(w);

	(void)user, (void)password;
	f->open[cid - 1] = true;
	f->opened++;
	f->ready_us[cid - 1] = f->now_us + f->bearer_us;
	memcpy(f->apn, apn.at, apn.len < 64 ? apn.len : 64);
	f->apn[apn.len < 64 ? apn.len : 64] = '\0';
}

static inline void
fake_bearer_poll(struct modem_world *w, int cid, struct world_bearer *out)
{
	struct fake_world *f = fake_of(w);

	*out = (struct world_bearer){ .state = WORLD_IDLE, .ip = { 10, 89, 193, 1 } };
	if (f->open[cid - 1])
		out->state = f->refuse || f->lost ? WORLD_FAILED : f->now_us >= f->ready_us[cid - 1] ? WORLD_READY : WORLD_BUSY;
}

static inline void
fake_bearer_close(struct modem_world *w, int cid)
{
	fake_of(w)->open[cid - 1] = false;
	fake_of(w)->closed++;
}

static inline void
fake_http_start(struct modem_world *w, const struct world_http_request *r)
{
	(void)w, (void)r;
}

static inline void
fake_http_poll(struct modem_world *w, struct world_http *out)
{
	(void)w;
	*out = (struct world_http){ .state = WORLD_BUSY };
}

static inline size_t
fake_http_read(struct modem_world *w, uint32_t offset, char *into, size_t cap)
{
	(void)w, (void)offset, (void)into, (void)cap;
	return 0;
}

static inline void
fake_nothing(struct modem_world *w)
{
	(void)w;
}

static inline void
fake_ftp_start(struct modem_world *w, const struct world_ftp_request *r)
{
	(void)w, (void)r;
}

static inline void
fake_ftp_poll(struct modem_world *w, struct world_ftp *out)
{
	(void)w;
	*out = (struct world_ftp){ .state = WORLD_BUSY };
}

static inline size_t
fake_ftp_read(struct modem_world *w, char *into, size_t cap)
{
	(void)w, (void)into, (void)cap;
	return 0;
}

static inline size_t
fake_ftp_write(struct modem_world *w, struct span bytes)
{
	(void)w;
	return bytes.len;
}

static inline uint64_t
fake_advance(struct modem_world *w, uint64_t now_us)
{
	struct fake_world *f = fake_of(w);
	uint64_t next = WORLD_NEVER;

	f->now_us = now_us;
	for (int i = 0; i < MODEM_CIDS; i++)
		if (f->open[i] && f->ready_us[i] > now_us && f->ready_us[i] < next)
			next = f->ready_us[i];
	return next;
}

static const struct modem_world_ops fake_ops = {
	.bearer_open = fake_bearer_open,
	.bearer_poll = fake_bearer_poll,
	.bearer_close = fake_bearer_close,
	.http_start = fake_http_start,
	.http_poll = fake_http_poll,
	.http_read = fake_http_read,
	.http_close = fake_nothing,
	.ftp_start = fake_ftp_start,
	.ftp_poll = fake_ftp_poll,
	.ftp_read = fake_ftp_read,
	.ftp_write = fake_ftp_write,
	.ftp_finish = fake_nothing,
	.ftp_close = fake_nothing,
	.advance = fake_advance,
};

/* ---- a modem on that world ------------------------------------------------ */

#define RIG_WORLD struct fake_world
#include "modem_rig.h"

static inline void
rig_start(struct rig *r, const char *profile)
{
	memset(&r->world, 0, sizeof(r->world));
	r->world.world.ops = &fake_ops;
	r->world.bearer_us = 100000;
	r->now_us = 0;
	rig_forget(r);
	modem_init(&r->m, modem_profile_find(span_str(profile)), &r->world.world, 1, 0);
}

/* Answers are easier to read without it. */
static inline void
rig_echo_off(struct rig *r)
{
	rig_ask(r, "ATE0");
}

#endif
