#include "at_codes.h"

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
at_same(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	}
	return true;
}

bool
at_begins(struct span s, const char *text)
{
	size_t i = 0;

	while (i < s.len && text[i] != '\0' && s.at[i] == text[i])
		i++;
	return text[i] == '\0';
}

bool
at_is(struct span s, const char *text)
{
	size_t i = 0;

	while (i < s.len && text[i] != '\0' && s.at[i] == text[i])
		i++;
	return i == s.len && text[i] == '\0';
}

int
at_order(struct span s, const char *text)
{
	size_t i = 0;

	while (i < s.len && text[i] != '\0' && lower(s.at[i]) == lower(text[i]))
		i++;
	if (i == s.len)
		return text[i] == '\0' ? 0 : -1;
	return text[i] == '\0' || (unsigned char)lower(s.at[i]) > (unsigned char)lower(text[i]) ? 1 : -1;
}

/* ---- final result codes ------------------------------------------------ */

struct final_row {
	enum at_final final;
	const char *text;
	size_t len;
	int digit; /* of ATV0, -1 where V.250 5.7.1 has none */
};

/* clang-format off */
#define F(final, text, digit) { final, text, sizeof(text) - 1, digit }

static const struct final_row finals[] = {
	F(AT_FINAL_OK, "OK", 0),
	F(AT_FINAL_CONNECT, "CONNECT", 1),
	F(AT_FINAL_NO_CARRIER, "NO CARRIER", 3),
	F(AT_FINAL_ERROR, "ERROR", 4),
	F(AT_FINAL_NO_DIALTONE, "NO DIALTONE", 6),
	F(AT_FINAL_BUSY, "BUSY", 7),
	F(AT_FINAL_NO_ANSWER, "NO ANSWER", 8),
	F(AT_FINAL_PROCEEDING, "PROCEEDING", 9),
	F(AT_FINAL_SHUT_OK, "SHUT OK", -1),
	F(AT_FINAL_POWER_DOWN, "NORMAL POWER DOWN", -1),
};
/* clang-format on */

#define FINALS (sizeof(finals) / sizeof(finals[0]))

#define CME_NUMBER_MAX 99999

/* The number or text behind "+CME ERROR:": its number, or -1 for a text. */
static int
cme_value(struct span value, bool texts)
{
	int number = 0;
	size_t i;

	for (i = 0; i < value.len && value.at[i] >= '0' && value.at[i] <= '9' && number <= CME_NUMBER_MAX / 10; i++)
		number = number * 10 + (value.at[i] - '0');
	if (i == value.len && i > 0)
		return number;
	return texts ? at_cme_number(value) : -1;
}

/* line is prefix, optional blanks, and a number or text: that, else empty. */
static struct span
error_value(struct span line, struct span prefix)
{
	struct span value;

	if (!span_starts(line, prefix))
		return span_of(line.at, 0);
	value = span_after(line, prefix.len);
	while (value.len > 0 && value.at[0] == ' ')
		value = span_after(value, 1);
	return value;
}

/* CONNECT 9600: with ATX1 to ATX4 the rate is part of the result code (manual, ATX).  CONNECT OK is the TCP stack's. */
static bool
is_connect_rate(struct span line)
{
	return at_begins(line, "CONNECT ") && line.len > 8 && line.at[8] >= '0' && line.at[8] <= '9';
}

enum at_final
at_final_of(struct span line, int *cme)
{
	struct span value;

	if (line.len == 0)
		return AT_FINAL_NONE;
	for (size_t i = 0; i < FINALS && line.at[0] != '+'; i++) {
		if (at_is(line, finals[i].text))
			return finals[i].final;
	}
	if (is_connect_rate(line))
		return AT_FINAL_CONNECT;
	value = error_value(line, SPAN("+CME ERROR:"));
	if (value.len > 0) {
		if (cme != NULL)
			*cme = cme_value(value, true);
		return AT_FINAL_CME_ERROR;
	}
	value = error_value(line, SPAN("+CMS ERROR:"));
	if (value.len > 0) {
		if (cme != NULL)
			*cme = cme_value(value, false);
		return AT_FINAL_CMS_ERROR;
	}
	return AT_FINAL_NONE;
}

enum at_final
at_final_of_digit(struct span line)
{
	if (line.len != 1)
		return AT_FINAL_NONE;
	for (size_t i = 0; i < FINALS; i++) {
		if (finals[i].digit >= 0 && line.at[0] == '0' + finals[i].digit)
			return finals[i].final;
	}
	return AT_FINAL_NONE;
}

struct span
at_final_text(enum at_final final)
{
	for (size_t i = 0; i < FINALS; i++) {
		if (finals[i].final == final)
			return span_of(finals[i].text, finals[i].len);
	}
	if (final == AT_FINAL_CME_ERROR)
		return SPAN("+CME ERROR: ");
	if (final == AT_FINAL_CMS_ERROR)
		return SPAN("+CMS ERROR: ");
	return SPAN("");
}

int
at_final_digit(enum at_final final)
{
	for (size_t i = 0; i < FINALS; i++) {
		if (finals[i].final == final)
			return finals[i].digit;
	}
	return -1;
}

/* ---- +CME ERROR -------------------------------------------------------- */

/* Manual 19.1.  In print the texts of 76x and 79x begin with capitals; the only log of a text is in lower case. */
/* clang-format off */
const struct at_cme at_cme_table[] = {
	{ 0,	"phone failure" },
	{ 1,	"no connection to phone" },
	{ 2,	"phone-adaptor link reserved" },
	{ 3,	"operation not allowed" },
	{ 4,	"operation not supported" },
	{ 5,	"PH-SIM PIN required" },
	{ 6,	"PH-FSIM PIN required" },
	{ 7,	"PH-FSIM PUK required" },
	{ 10,	"SIM not inserted" },
	{ 11,	"SIM PIN required" },
	{ 12,	"SIM PUK required" },
	{ 13,	"SIM failure" },
	{ 14,	"SIM busy" },
	{ 15,	"SIM wrong" },
	{ 16,	"incorrect password" },
	{ 17,	"SIM PIN2 required" },
	{ 18,	"SIM PUK2 required" },
	{ 20,	"memory full" },
	{ 21,	"invalid index" },
	{ 22,	"not found" },
	{ 23,	"memory failure" },
	{ 24,	"text string too long" },
	{ 25,	"invalid characters in text string" },
	{ 26,	"dial string too long" },
	{ 27,	"invalid characters in dial string" },
	{ 30,	"no network service" },
	{ 31,	"network timeout" },
	{ 32,	"network not allowed - emergency call only" },
	{ 40,	"network personalisation PIN required" },
	{ 41,	"network personalisation PUK required" },
	{ 42,	"network subset personalisation PIN required" },
	{ 43,	"network subset personalisation PUK required" },
	{ 44,	"service provider personalisation PIN required" },
	{ 45,	"service provider personalisation PUK required" },
	{ 46,	"corporate personalisation PIN required" },
	{ 47,	"corporate personalisation PUK required" },
	{ 99,	"resource limitation" },
	{ 100,	"unknown" },
	{ 103,	"Illegal MS" },
	{ 106,	"Illegal ME" },
	{ 107,	"GPRS services not allowed" },
	{ 111,	"PLMN not allowed" },
	{ 112,	"Location area not allowed" },
	{ 113,	"Roaming not allowed in this location area" },
	{ 132,	"service option not supported" },
	{ 133,	"requested service option not subscribed" },
	{ 134,	"service option temporarily out of order" },
	{ 148,	"unspecified GPRS error" },
	{ 149,	"PDP authentication failure" },
	{ 150,	"invalid mobile class" },
	{ 160,	"DNS resolve failed" },
	{ 161,	"Socket open failed" },
	{ 171,	"MMS task is busy now" },
	{ 172,	"MMS data is oversize" },
	{ 173,	"MMS operation overtime" },
	{ 174,	"no MMS receiver" },
	{ 175,	"the storage for address is full" },
	{ 176,	"not find the address" },
	{ 177,	"the connection to network is failed" },
	{ 178,	"failed to read push message" },
	{ 179,	"this is not a push message" },
	{ 180,	"gprs is not attached" },
	{ 181,	"tcpip stack is busy" },
	{ 182,	"the MMS storage is full" },
	{ 183,	"the box is empty" },
	{ 184,	"failed to save MMS" },
	{ 185,	"it is in edit mode" },
	{ 186,	"it is not in edit mode" },
	{ 187,	"no content in the buffer" },
	{ 188,	"not find the file" },
	{ 189,	"failed to receive MMS" },
	{ 190,	"failed to read MMS" },
	{ 191,	"not M-Notification.ind" },
	{ 192,	"the MMS inclosure is full" },
	{ 193,	"Unknown" },
	{ 600,	"No Error" },
	{ 601,	"Unrecognized Command" },
	{ 602,	"Return Value Error" },
	{ 603,	"Syntax Error" },
	{ 604,	"Unspecified Error" },
	{ 605,	"Data Transfer Already" },
	{ 606,	"Action Already" },
	{ 607,	"Not At Cmd" },
	{ 608,	"Multi Cmd too long" },
	{ 609,	"Abort Cops" },
	{ 610,	"No Call Disc" },
	{ 611,	"BT SAP Undefined" },
	{ 612,	"BT SAP Not Accessible" },
	{ 613,	"BT SAP Card Removed" },
	{ 614,	"AT Not Allowed By Customer" },
	{ 753,	"missing required cmd parameter" },
	{ 754,	"invalid SIM command" },
	{ 755,	"invalid File Id" },
	{ 756,	"missing required P1/2/3 parameter" },
	{ 757,	"invalid P1/2/3 parameter" },
	{ 758,	"missing required command data" },
	{ 759,	"invalid characters in command data" },
	{ 765,	"Invalid input value" },
	{ 766,	"Unsupported mode" },
	{ 767,	"Operation failed" },
	{ 768,	"Mux already running" },
	{ 769,	"Unable to get control" },
	{ 770,	"SIM network reject" },
	{ 771,	"Call setup in progress" },
	{ 772,	"SIM powered down" },
	{ 773,	"SIM file not present" },
	{ 791,	"Param count not enough" },
	{ 792,	"Param count beyond" },
	{ 793,	"Param value range beyond" },
	{ 794,	"Param type not match" },
	{ 795,	"Param format invalid" },
	{ 796,	"Get a null param" },
	{ 797,	"CFUN state is 0 or 4" },
	/* manuals up to V1.07: what V1.08 moved to 600..614 */
	{ 810,	"No Error" },
	{ 811,	"Unrecognized Command" },
	{ 812,	"Return Value Error" },
	{ 813,	"Syntax Error" },
	{ 814,	"Unspecified Error" },
	{ 815,	"Data Transfer Already" },
	{ 816,	"Action Already" },
	{ 817,	"Not At Cmd" },
	{ 818,	"Multi Cmd too long" },
	{ 819,	"Abort Cops" },
	{ 820,	"No Call Disc" },
	{ 821,	"BT SAP Undefined" },
	{ 822,	"BT SAP Not Accessible" },
	{ 823,	"BT SAP Card Removed" },
	{ 824,	"AT Not Allowed By Customer" },
};
/* clang-format on */

const size_t at_cme_count = sizeof(at_cme_table) / sizeof(at_cme_table[0]);

const char *
at_cme_text(int number)
{
	for (size_t i = 0; i < at_cme_count; i++) {
		if (at_cme_table[i].number == number)
			return at_cme_table[i].text;
	}
	return NULL;
}

/*
 * A text as printed comes first, then the same in another case: "invalid input value" is 765 (manual 20.1 prints
 * it so), but "unknown" is 100 and "Unknown" 193.
 */
int
at_cme_number(struct span text)
{
	for (size_t i = 0; i < at_cme_count; i++) {
		if (at_is(text, at_cme_table[i].text))
			return at_cme_table[i].number;
	}
	for (size_t i = 0; i < at_cme_count; i++) {
		if (at_order(text, at_cme_table[i].text) == 0)
			return at_cme_table[i].number;
	}
	return -1;
}
