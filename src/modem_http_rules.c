/* modem_http_rules: what the HTTP session does in which state.  Manual chapter 11; note 3.2 to 3.8. */

#include "modem.h"
#include "modem_http.h"

/* clang-format off */
#define SILENT { { .kind = SAY_NOTHING } }
#define URC_RESULT "+HTTPACTION: <http-method>,<http-status>,<http-announced>"

static const struct rule http_rules[] = {
	/* AT+HTTPINIT comes first, and once; AT+HTTPTERM ends it and puts the parameters back. */
	{ "http-init-1", HTTP_OFF, HTTP_CMD_INIT, NULL, http_start_fresh,
	  { FINAL_OK }, HTTP_READY, 0, 0, LINE_STAY, "M 11.2.1", EV_MANUAL, 0 },
	{ "http-init-2", HTTP_ON, HTTP_CMD_INIT, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_LOG, 0 },
	{ "http-term-1", HTTP_READY, HTTP_CMD_TERM, NULL, http_terminate,
	  { FINAL_OK }, HTTP_OFF, 0, 0, LINE_STAY, "M 11.2.2", EV_MANUAL, 0 },
	{ "http-term-2", HTTP_OFF, HTTP_CMD_TERM, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.2", EV_LOG, 0 },
	{ "http-term-3", HTTP_ACTION, HTTP_CMD_TERM, http_busy_refuses_term, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.2", EV_UNKNOWN, 0 },
	{ "http-term-4", HTTP_ACTION, HTTP_CMD_TERM, NULL, http_abort_and_terminate,
	  { FINAL_OK }, HTTP_OFF, 0, 0, LINE_STAY, "M 11.2.2", EV_UNKNOWN, 0 },

	/* Parameters: after AT+HTTPINIT, with the bearer open or closed. */
	{ "http-para-1", HTTP_ACTION, HTTP_CMD_PARA, http_busy_refuses_para, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.3", EV_UNKNOWN, 0 },
	{ "http-para-2", HTTP_READY | HTTP_ACTION, HTTP_CMD_PARA, NULL, http_set_value,
	  { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.3", EV_MANUAL, 0 },
	{ "http-para-3", HTTP_READY | HTTP_ACTION, HTTP_CMD_PARA_READ, NULL, http_list_parameters,
	  { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.3", EV_MANUAL, 0 },
	{ "http-scont-1", HTTP_READY | HTTP_ACTION, HTTP_CMD_SCONT, NULL, http_save,
	  { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.7", EV_MANUAL, 0 },
	{ "http-scont-2", HTTP_READY | HTTP_ACTION, HTTP_CMD_SCONT_READ, NULL, http_list_context,
	  { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.7", EV_MANUAL, 0 },
	{ "http-ssl-1", HTTP_ANY & ~HTTP_TAKING, HTTP_CMD_SSL, NULL, http_set_value,
	  { FINAL_OK }, STAY, 0, 0, LINE_STAY, "SSL 3.1", EV_MANUAL, 0 },

	/* AT+HTTPDATA: DOWNLOAD, exactly so many bytes, OK; OK as well when the time is over; size 0 deletes all content. */
	{ "http-data-1", HTTP_READY, HTTP_CMD_DATA, http_nothing_wanted, http_forget,
	  { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.4", EV_MANUAL, 0 },
	{ "http-data-2", HTTP_READY, HTTP_CMD_DATA, NULL, http_ask_for_data,
	  { PROMPT("DOWNLOAD") }, HTTP_TAKING, 0, 0, LINE_DCD_LOW, "3.3", EV_NOTE, 0 },
	{ "http-data-3", HTTP_TAKING, HTTP_TAKEN, NULL, NULL,
	  { FINAL_OK }, HTTP_READY, 0, 0, LINE_DCD_HIGH, "3.3", EV_NOTE, 0 },
	{ "http-data-4", HTTP_TAKING, HTTP_CUT, NULL, http_keep_partial,
	  { FINAL_OK }, HTTP_READY, 0, 0, LINE_DCD_HIGH, "M 11.2.4", EV_LOG, 0 },
	{ "http-data-5", HTTP_ACTION, HTTP_CMD_DATA, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.4", EV_UNKNOWN, 0 },

	/* AT+HTTPACTION: OK, later +HTTPACTION: method,status,length. */
	{ "http-action-1", HTTP_READY, HTTP_CMD_ACTION, http_no_url, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_LOG, 0 },
	{ "http-action-2", HTTP_READY, HTTP_CMD_ACTION, http_bearer_closed_refuses, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_UNKNOWN, 0 },
	{ "http-action-3", HTTP_READY, HTTP_CMD_ACTION, http_bearer_closed, http_begin_without_bearer,
	  { FINAL_OK }, HTTP_FAILING, TIMER_HTTP_URC, 0, LINE_STAY, "M 11.2.5", EV_LOG, 0 },
	{ "http-action-4", HTTP_READY, HTTP_CMD_ACTION, NULL, http_ask_server,
	  { FINAL_OK }, HTTP_RUNNING, TIMER_HTTP_URC, 0, LINE_STAY, "3.2", EV_NOTE, 0 },
	{ "http-action-5", HTTP_ACTION, HTTP_CMD_ACTION, http_busy_says_604, http_refuse,
	  { FINAL_OK }, STAY, TIMER_HTTP_REFUSED, 0, LINE_STAY, "M 11.2.5", EV_UNKNOWN, 0 },
	{ "http-action-6", HTTP_ACTION, HTTP_CMD_ACTION, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_UNKNOWN, 0 },
	{ "http-result-1", HTTP_RUNNING, HTTP_DONE, http_answer_too_long, http_take_no_answer,
	  { URC(URC_RESULT) }, HTTP_READY, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ "http-result-2", HTTP_RUNNING, HTTP_DONE, NULL, http_take_answer,
	  { URC(URC_RESULT) }, HTTP_READY, 0, 0, LINE_STAY, "3.2", EV_NOTE, 0 },
	{ "http-result-3", HTTP_RUNNING, HTTP_FAILED, NULL, http_take_failure,
	  { URC(URC_RESULT) }, HTTP_READY, 0, 0, LINE_STAY, "M 11.2.5", EV_MANUAL, 0 },
	{ "http-result-4", HTTP_RUNNING, HTTP_EXPIRED, NULL, http_give_up,
	  { URC(URC_RESULT) }, HTTP_READY, 0, 0, LINE_STAY, "M 11.2.3", EV_INFERRED, 0 },
	{ "http-result-5", HTTP_RUNNING, HTTP_BEARER_LOST, http_held, http_lose_bearer_early,
	  SILENT, HTTP_FAILING, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ "http-result-6", HTTP_RUNNING, HTTP_BEARER_LOST, NULL, http_lose_bearer,
	  { URC(URC_RESULT) }, HTTP_READY, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ "http-result-7", HTTP_FAILING, HTTP_URC_DUE, NULL, NULL,
	  { URC(URC_RESULT) }, HTTP_READY, 0, 0, LINE_STAY, "M 11.2.5", EV_LOG, 0 },
	{ "http-result-8", HTTP_ANY, HTTP_REFUSED, NULL, NULL,
	  { URC("+HTTPACTION: <http-refused>,604,0") }, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_UNKNOWN, 0 },

	/* AT+HTTPREAD: the buffer or a part of it, as often as wanted; OK alone where there is nothing, or nothing yet. */
	{ "http-read-1", HTTP_READY, HTTP_CMD_READ, http_nothing_to_read, NULL,
	  { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.6", EV_LOG, 0 },
	{ "http-read-2", HTTP_READY, HTTP_CMD_READ, http_read_beyond_refuses, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.6", EV_UNKNOWN, 0 },
	{ "http-read-3", HTTP_READY, HTTP_CMD_READ, http_read_beyond, NULL,
	  { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.6", EV_INFERRED, 0 },
	{ "http-read-4", HTTP_READY, HTTP_CMD_READ, NULL, http_stage_body,
	  { INFO("+HTTPREAD: <http-read-size>"), PAYLOAD, FINAL_OK }, STAY, 0, 0, LINE_STAY, "3.2", EV_NOTE, 0 },
	{ "http-read-5", HTTP_ACTION, HTTP_CMD_READ, NULL, NULL,
	  { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 11.2.6", EV_LOG, 0 },

	/* AT+HTTPSTATUS?: live numbers; 0,0,0 when nothing is going on, the method stays the last one's. */
	{ "http-status-1", HTTP_RUNNING, HTTP_CMD_STATUS, NULL, NULL,
	  { INFO("+HTTPSTATUS: <http-mode>,<http-phase>,<http-finish>,<http-remain>"), FINAL_OK },
	  STAY, 0, 0, LINE_STAY, "3.8", EV_NOTE, 0 },
	{ "http-status-2", HTTP_READY | HTTP_FAILING, HTTP_CMD_STATUS, NULL, NULL,
	  { INFO("+HTTPSTATUS: <http-mode>,0,0,0"), FINAL_OK }, STAY, 0, 0, LINE_STAY, "3.8", EV_NOTE, 0 },

	/* AT+HTTPHEAD: the header of the last answer. */
	{ "http-head-1", HTTP_READY, HTTP_CMD_HEAD, http_no_header, NULL,
	  { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 21.13", EV_INFERRED, 0 },
	{ "http-head-2", HTTP_READY, HTTP_CMD_HEAD, http_header_too_long, NULL,
	  { FAIL(20) }, STAY, 0, 0, LINE_STAY, "M 21.13", EV_INFERRED, 0 },
	{ "http-head-3", HTTP_READY, HTTP_CMD_HEAD, NULL, http_stage_header,
	  { INFO("+HTTPHEAD: <http-header-length>"), PAYLOAD, FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 21.13", EV_MANUAL, 0 },
	{ "http-head-4", HTTP_ACTION, HTTP_CMD_HEAD, NULL, NULL,
	  { FINAL_OK }, STAY, 0, 0, LINE_STAY, "M 21.13", EV_INFERRED, 0 },

	/* AT+HTTPINIT first: every other command without it is refused.  While data is taken no command is read at all. */
	{ "http-off-1", HTTP_OFF | HTTP_TAKING, HTTP_CMD_PARA, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-2", HTTP_OFF | HTTP_TAKING, HTTP_CMD_PARA_READ, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-3", HTTP_OFF | HTTP_TAKING, HTTP_CMD_DATA, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-4", HTTP_OFF | HTTP_TAKING, HTTP_CMD_ACTION, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-5", HTTP_OFF | HTTP_TAKING, HTTP_CMD_READ, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-6", HTTP_OFF | HTTP_TAKING, HTTP_CMD_SCONT, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.7", EV_MANUAL, 0 },
	{ "http-off-7", HTTP_OFF | HTTP_TAKING, HTTP_CMD_SCONT_READ, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.7", EV_MANUAL, 0 },
	{ "http-off-8", HTTP_OFF | HTTP_TAKING, HTTP_CMD_STATUS, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-9", HTTP_OFF | HTTP_TAKING, HTTP_CMD_HEAD, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.1", EV_INFERRED, 0 },
	{ "http-off-10", HTTP_TAKING, HTTP_CMD_TERM, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.4", EV_INFERRED, 0 },
	{ "http-off-11", HTTP_TAKING, HTTP_CMD_SSL, NULL, NULL,
	  { FAIL(3) }, STAY, 0, 0, LINE_STAY, "M 11.2.4", EV_INFERRED, 0 },

	/* What comes too late changes nothing. */
	{ "http-late-1", HTTP_ANY & ~HTTP_TAKING, HTTP_TAKEN, NULL, NULL,
	  SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.4", EV_INFERRED, 0 },
	{ "http-late-2", HTTP_ANY & ~HTTP_TAKING, HTTP_CUT, NULL, NULL,
	  SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.4", EV_INFERRED, 0 },
	{ "http-late-3", HTTP_ANY & ~HTTP_RUNNING, HTTP_DONE, NULL, NULL,
	  SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ "http-late-4", HTTP_ANY & ~HTTP_RUNNING, HTTP_FAILED, NULL, NULL,
	  SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ "http-late-5", HTTP_ANY & ~HTTP_RUNNING, HTTP_EXPIRED, NULL, NULL,
	  SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.3", EV_INFERRED, 0 },
	{ "http-late-6", HTTP_ANY & ~HTTP_FAILING, HTTP_URC_DUE, NULL, NULL,
	  SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ "http-late-7", HTTP_ANY & ~HTTP_RUNNING, HTTP_BEARER_LOST, NULL, NULL,
	  SILENT, STAY, 0, 0, LINE_STAY, "M 11.2.5", EV_INFERRED, 0 },
	{ .id = NULL },
};
/* clang-format on */

const struct session_table http_session_table = { "http", http_rules, HTTP_ANY, HTTP_OFF, HTTP_EVENTS };
