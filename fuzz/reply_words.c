#include "reply_words.h"

#define WORDS(name) const struct reply_words name = { sizeof(name##_list) / sizeof(name##_list[0]), name##_list }

/* SPAN, as a constant */
#define W(literal)                                                                                                                         \
	{                                                                                                                                  \
		(literal), sizeof(literal) - 1                                                                                             \
	}

/* clang-format off */
static const struct span reply_urcs_list[] = {
	W("RDY"), W("RING"), W("Call Ready"), W("SMS Ready"), W("NORMAL POWER DOWN"), W("UNDER-VOLTAGE WARNNING"),
	W("UNDER-VOLTAGE POWER DOWN"), W("OVER-VOLTAGE WARNNING"), W("CHARGE-ONLY MODE"), W("MO RING"), W("2"),
	W("+CREG: 5"), W("+CFUN: 1"), W("+CPIN: READY"), W("+CMTI: \"SM\",1"), W("+CUSD: 0,\"a,b\",15"), W("+CGREG: 0,1"),
	W("*PSUTTZ: 2014,1,1,0,0,0,\"+32\",0"), W("*PSNWID: \"460\",\"00\",\"A\",0,\"B\",0"), W("DST: 0"), W("+CTZV: +32,0"),
	W("STATE: IP INITIAL"), W("C: 0,0,\"TCP\""), W("+PDP: DEACT"), W("+SAPBR 1: DEACT"), W("+SAPBR 1:DEACT"), W("+SAPBR 1: DEAC"),
	W("+HTTPACTION: 0,200,69"), W("+HTTPACTION:1,601,0"), W("+HTTPACTION: x"), W("+FTPGET: 1,1"), W("+FTPGET:1,0"),
	W("+FTPPUT: 1,1,1360"), W("+FTPPUT: 1,0"), W("+FTPDELE: 1,0"), W("+FTPSIZE: 1,0,1234"), W("+FTPMKD: 1,77"), W("+FTPRMD: 1,0"),
	W("+FTPLIST: 1,1"), W("+FTPGETTOFS: 1,0"), W("+FTPEXTGET: 1,0"), W("+FTPFILEPUT: 1,0"), W("+FTPPUTFRMFS: 1,0"), W("+XYZ: 1"),
};

static const struct span reply_lines_list[] = {
	W("OK"), W("ERROR"), W("CONNECT"), W("CONNECT 9600"), W("CONNECT OK"), W("NO CARRIER"), W("NO DIALTONE"), W("BUSY"),
	W("NO ANSWER"), W("PROCEEDING"), W("SHUT OK"), W("OKAY"), W("OK "), W("ERRORS"), W("0"), W("1"), W("3"), W("4"), W("5"), W("9"), W("10"),
	W("+CME ERROR: 3"), W("+CME ERROR:100"), W("+CME ERROR: unknown"), W("+CME ERROR: Unknown"), W("+CME ERROR: 99999"),
	W("+CME ERROR: 100000"), W("+CME ERROR: "), W("+CMS ERROR: 500"), W("+CMS ERROR: unknown"),
	W("DOWNLOAD"), W("DOWNLOAD "), W("+FTPPUT: 2,100"), W("+FTPPUT:2,1360"), W("+FTPEXTPUT: 0,1000"), W("+FTPEXTPUT: 1"),
	W("+HTTPREAD: 5\r\nhello"), W("+HTTPREAD:5\r\nhello"), W("+HTTPREAD: 0"), W("+HTTPREAD: 4\r\nOK\r\n"), W("+HTTPREAD: (0-319488)"),
	W("+HTTPHEAD: 6\r\na: b\r\n"), W("+FTPGET: 2,4\r\n\r\nOK"), W("+FTPGET: 2,0"), W("+FTPLIST: 2,3\r\nabc"), W("+FTPGET: 2"),
	W("+HTTPREAD: 12a"), W("+HTTPREAD: -1"), W("+HTTPREAD: 5,"), W("+HTTPREAD: "), W("+FTPGET: 2,-1"), W("+FTPLIST: 2,1461"),
	W("+SAPBR: 1,1,\"10.89.193.1\""), W("+SAPBR: 1,3,\"0.0.0.0\""), W("+CSQ: 20,0"), W("+CCLK: \"14/01/01,00:00:00+32\""),
	W("+HTTPSTATUS: GET,0,0,0"), W("+HTTPPARA: \"URL\",\"(\""), W("CID: 1"), W("Revision:1418B04SIM800L24"), W("SIMCOM_Ltd"),
	W("869988012345678"), W("+FTPPUT: 2,12345678901234567890"), W("\x80\xff high"), W("a b,c"), W(">"), W("\"quoted"),
};

static const struct span reply_commands_list[] = {
	W("AT"), W("at+csq"), W("AT+CSQ"), W("ATE0"), W("ATE1"), W("ATI"), W("A/"), W("a/"), W("ATV0"), W("ATV1"), W("AT V 1"), W("AT&F"), W("ATZ"),
	W("AT+CMEE=2"), W("AT+GSV"), W("AT+CGMR"), W("AT+GSN"), W("ATS0?"), W("ATS3=13"), W("ATS10?"), W("ATD*99#;"), W("AT&V"), W("AT&W"),
	W("AT+SAPBR=3,1,\"CONTYPE\",\"GPRS\""), W("AT+SAPBR=2,1"), W("AT+SAPBR=4,1"), W("AT+SAPBR = 4,1"), W("AT+CREG?"), W("AT+CPIN?"),
	W("AT+HTTPINIT"), W("AT+HTTPTERM"), W("AT+HTTPPARA?"), W("AT+HTTPPARA=\"URL\",\"a;b\""), W("AT+HTTPDATA=100,10000"),
	W("AT+HTTPACTION=0"), W("AT+HTTPREAD"), W("AT+HTTPREAD=0,100"), W("AT+HTTPREAD=?"), W("AT+HTTPHEAD"), W("AT+HTTPSCONT?"),
	W("AT+HTTPSTATUS?"), W("AT+FTPGET=1"), W("AT+FTPGET=2,1024"), W("AT+FTPPUT=1"), W("AT+FTPPUT=2,100"), W("AT+FTPPUT=2,0"),
	W("AT+FTPLIST=2,1460"), W("AT+FTPEXTPUT=1"), W("AT+FTPEXTPUT=2,0,1000,5000"), W("AT+FTPSCONT?"), W("AT+FTPSIZE"), W("AT+FTPSTATE"),
	W("AT+CPOWD=1"), W("AT+CIPSTATUS"), W("AT+CIPSHUT"), W("AT+CIFSR"), W("AT+XYZ=1"), W("AT+CSQ;+HTTPREAD;+GSV"), W("ATE0V1;+CREG?;;"),
	W("AT+X=\"a;+HTTPREAD\";+CSQ"), W("AT+X=\"open;+CSQ"), W("junk"), W("x"), W("\x1a"), W(" AT"), W("!verbose 0"), W("!verbose 1"),
};

static const struct span reply_numbers_list[] = {
	W(""), W("0"), W("00"), W("1"), W("2"), W("3"), W("4"), W("5"), W("9"), W("10"), W("20"), W("007"), W("99"), W("100"), W("200"), W("601"),
	W("999"), W("1000"), W("1360"), W("1459"), W("1460"), W("1461"), W("2047"), W("2048"), W("2049"), W("65535"), W("65536"), W("99999"),
	W("100000"), W("319487"), W("319488"), W("319489"), W("2147483647"), W("2147483648"), W("4294967295"), W("4294967296"),
	W("18446744073709551615"), W("18446744073709551616"), W("99999999999999999999999"), W("-1"), W("+5"), W("12a"), W("0x10"), W(" 5"),
	W("5 "), W("\"5\""), W("(0-5)"), W("5,"), W(",5"), W("1.5"),
};

static const struct span reply_splits_list[] = {
	W("\r\n"), W("\r"), W("\n"), W(" "), W(","), W("-"), W("\0"), W("\r\n\r\nRING\r\n\r\n"), W("a"), W("\""), W(":"),
};

static const struct span reply_payloads_list[] = {
	W("\r\nOK\r\n\r\nERROR\r\n\r\nab"), W("\r\n+HTTPREAD: 5\r\nabcde"), W("\r\nRING\r\n\r\n+FTPGET: 1"), W("AT+HTTPREAD\rAT+CSQ\r"),
	W("\0\0\0\0IIII\xff\xff\xff\xff\0\0\0\0\0\0\0\0"), W("abcdefghijklmnopqrst"), W("\r\r\r\r\r\r\r\r\r\r\n\n\n\n\n\n\n\n\n\n"),
	W("+FTPGET: 1,0\r\n\r\nOK\r"), W("{\"a\":\"b\",\"c\":[1,2]}  "),
};

static const struct span reply_ends_list[] = {
	W(""), W(""), W("\r\n"), W("\n"), W("\r"), W("\r\r\n"), W("\n\r"), W("\r\r"), W("\n\n"), W("\r\r\r\r\r\n"), W("\rA"), W("\r\0\n"), W("\r\n\r\n"),
};

static const struct span reply_junk_list[] = {
	W("\0"), W("\0\0\0"), W("\0IIII\xff\xff\xff\xff"), W("IIII\xff\xff\xff\xff"), W("IIII\xff\xff\xff"), W("IIII"), W("\xff"), W("\x80"),
	W("\x1a"), W("\t"), W("\x7f"), W(" "), W("A"), W("AT"), W("\xc3\xa9"), W("\""),
};
/* clang-format on */

WORDS(reply_urcs);
WORDS(reply_lines);
WORDS(reply_commands);
WORDS(reply_numbers);
WORDS(reply_splits);
WORDS(reply_payloads);
WORDS(reply_ends);
WORDS(reply_junk);
