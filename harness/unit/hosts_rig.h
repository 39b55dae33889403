/*
 * hosts_rig: a modem with its default settings on a described far side, as a host program hears it.
 *
 * A burst is all that can be pulled at one moment; a host that reads once per answer gets exactly that.  What is
 * asserted of each: its bytes, in how many pulls it came, and how long after the last thing sent or heard.
 */
#ifndef HOSTS_RIG_H
#define HOSTS_RIG_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

/* Where the modem is, and how it is heard: in this process, or where the lab's servers are behind it. */
#ifdef HOSTS_RIG
#include HOSTS_RIG
#else
#include "hosts_loop_rig.h"
#endif

#define OK "\r\nOK\r\n"
#define ERR "\r\nERROR\r\n"

/* What an answer may take: below it ostaquet throws it away at 9600 baud, above it fona gives up (items 16, 13). */
#define ANSWER_LEAST_MS 10
#define ANSWER_MOST_MS 500

/* So long nothing must come. */
static inline void
quiet(uint64_t ms)
{
	if (until_burst(h.now_us + ms * 1000))
		fail_msg("after %llu ms came: %s", (unsigned long long)((h.now_us - h.sent_us) / 1000), h.burst);
}

static inline void
send(const char *text)
{
	send_bytes(span_str(text));
}

/* The next burst is this one, least to most ms after the last one, and a short one is one pull. */
static inline void
hear_between(const char *want, uint64_t least_ms, uint64_t most_ms)
{
	if (!until_burst(h.now_us + 200000000))
		fail_msg("nothing came, expected: %s", want);
	assert_burst(want);
	assert_int_equal(h.pulls, 1);
	assert_in_range(h.gap_us, HOSTS_LEAST_MS(least_ms) * 1000, HOSTS_MOST_MS(most_ms) * 1000);
}

/* The answer to what was just sent: in time, in one burst. */
static inline void
hear(const char *want)
{
	if (!until_burst(h.sent_us + HOSTS_MOST_MS(ANSWER_MOST_MS) * 1000))
		fail_msg("no answer within %d ms, expected: %s", ANSWER_MOST_MS, want);
	assert_burst(want);
	assert_int_equal(h.pulls, 1);
	assert_in_range(h.now_us - h.sent_us, HOSTS_LEAST_MS(ANSWER_LEAST_MS) * 1000, HOSTS_MOST_MS(ANSWER_MOST_MS) * 1000);
}

/* A command line with echo off, with its CR or LF or to be given CR: its answer. */
static inline void
ask(const char *line, const char *want)
{
	char end = line[strlen(line) - 1];

	send(line);
	if (end != '\r' && end != '\n')
		send("\r");
	hear(want);
}

/* The same where only OK is wanted. */
static inline void
tell(const char *line)
{
	ask(line, OK);
}

/* HTTPACTION's URC: late enough for gsmsim and basanovase, early enough for basanovase (item 17). */
static inline void
hear_http(const char *want)
{
	hear_between(want, 1100, 2100);
}

/* An FTP URC: behind the answer by so much that no host glues them, and early enough for basanovase (items 14, 18). */
static inline void
hear_ftp(const char *want)
{
	hear_between(want, 50, 1100);
}

static inline void
echo_off(void)
{
	send("ATE0\r");
	hear("ATE0\r\r\nOK\r\n");
}

static inline void
bearer_open(void)
{
	send("AT+SAPBR=1,1\r");
	assert_true(until_burst(h.now_us + 5000000));
	assert_burst(OK);
}

/* For ftp_ready. */
#define FTP_WORLD "ftp file /1K.txt 1074 bytes digits\nftp file /5.txt \"hello\""

/* The bearer is open, HTTP is initialised, the URL is set; echo off. */
static inline void
http_ready(const char *world)
{
	begin(world);
	echo_off();
	bearer_open();
	tell("AT+HTTPINIT");
	tell("AT+HTTPPARA=\"URL\",\"http://www.sim.com/\"");
}

/* The bearer is open, the FTP server, names and paths are set; echo off. */
static inline void
ftp_ready(const char *world)
{
	begin(world);
	echo_off();
	bearer_open();
	tell("AT+FTPSERV=\"116.228.221.52\"");
	tell("AT+FTPUN=\"u\"");
	tell("AT+FTPPW=\"p\"");
	tell("AT+FTPGETNAME=\"1K.txt\"");
	tell("AT+FTPGETPATH=\"/\"");
	tell("AT+FTPPUTNAME=\"up.txt\"");
	tell("AT+FTPPUTPATH=\"/\"");
}

#define HOSTS_TEST(name) cmocka_unit_test_setup_teardown(name, rig_up, rig_down)

#endif
