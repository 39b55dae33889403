/* lint_case: the steps of one case. */
#include "at_codes.h"
#include "case_parse.h"
#include "content.h"
#include "lint.h"
#include "modem.h"
#include "world_sim.h"

#define COMMAND_LINE_MAX 1024

struct walk {
	const struct test_case *c;
	struct world_sim *world;
	struct errors *es;
	const struct step *pending; /* the command whose final result code has not been expected yet */
	uint32_t response_ms;       /* of the pending command */
	bool world_bad;             /* the world lines do not go together: said already */
	bool in_finally;
};

static void
say(const struct walk *w, const struct step *s, const char *what)
{
	errors_add(w->es, s->path, s->line, s->column, "%s", what);
}

/* The text as far as it is plain, a 1 for each hole. */
static struct span
plain(const struct text *t, char *into, size_t cap)
{
	size_t n = 0;

	for (int i = 0; i < t->count; i++) {
		struct span s = t->part[i].kind == HOLE_LITERAL ? t->part[i].literal : SPAN("1");

		if (s.len > cap - n)
			s.len = cap - n;
		if (s.len > 0)
			memcpy(into + n, s.at, s.len);
		n += s.len;
	}
	return span_of(into, n);
}

/* SAPBR's response time depends on what it is asked (manual 9.2.1): 85 s to open, 65 s to close. */
static uint32_t
response_of(struct span line, const struct at_command_facts *facts)
{
	const char *equals;

	if (strcmp(facts->name, "+SAPBR") != 0)
		return facts->response_ms;
	equals = memchr(line.at, '=', line.len);
	if (equals == NULL || equals + 1 == line.at + line.len)
		return AT_RESPONSE_MS;
	return equals[1] == '1' ? 85000 : equals[1] == '0' ? 65000 : AT_RESPONSE_MS;
}

static void
command(struct walk *w, const struct step *s)
{
	char bytes[COMMAND_LINE_MAX];
	struct span line = plain(&s->text[0], bytes, sizeof(bytes)), rest;
	bool unknown = false;

	w->pending = NULL;
	w->response_ms = 0;
	if (line.len < 2 || (line.at[0] | 0x20) != 'a' || (line.at[1] | 0x20) != 't')
		return;
	w->pending = s;
	w->response_ms = AT_RESPONSE_MS;
	for (int i = 0; line.len > 0 && !(i == 0 && line.len == 2); line = rest, i++) {
		const struct at_command_facts *facts = at_command_of(line, &rest);

		if (facts == NULL) {
			unknown = true;
			break;
		}
		if (response_of(line, facts) > w->response_ms)
			w->response_ms = response_of(line, facts);
		if (rest.len >= line.len)
			break;
	}
	if (unknown && !s->unknown_command && !w->c->unknown_commands)
		errors_add(w->es, s->path, s->line, s->column, "%s, no command of the manual, expected one, or the words: unknown command",
		    shown(line));
}

static bool
is_final(const struct text *t)
{
	char bytes[64];
	int cme;

	return t->any_error || at_final_of(plain(t, bytes, sizeof(bytes)), &cme) != AT_FINAL_NONE;
}

static void
deadline(struct walk *w, const struct step *s)
{
	if (w->pending == NULL || w->in_finally || s->kind != STEP_EXPECT || !s->when.has_within || s->when.since >= 0)
		return;
	if (s->when.timing_tight || s->when.timing_informational || s->when.informational || w->c->informational ||
	    s->when.within_us >= (uint64_t)w->response_ms * 1000)
		return;
	errors_add(w->es, s->path, s->line, s->column,
	    "within %llums of a command that may take %ums, expected more, or the words: timing tight, timing informational",
	    (unsigned long long)(s->when.within_us / 1000), w->response_ms);
}

/* A line that says how many bytes follow it. */
static bool
announces(const struct text *t)
{
	static const char *const prefix[] = { "+HTTPREAD: ", "+HTTPHEAD: ", "+FTPGET: 2,", "+FTPLIST: 2," };
	char bytes[64];
	struct span line = plain(t, bytes, sizeof(bytes));

	for (size_t i = 0; i < sizeof(prefix) / sizeof(prefix[0]); i++) {
		size_t n = strlen(prefix[i]);

		if (!span_starts(line, span_str(prefix[i])) || line.len == n)
			continue;
		for (size_t j = n; j < line.len; j++)
			if (line.at[j] < '0' || line.at[j] > '9')
				return false;
		return !(line.len == n + 1 && line.at[n] == '0');
	}
	return false;
}

static void
payload(const struct walk *w, const struct step *s)
{
	bool announced = false;
	const struct step *n;

	for (int i = 0; i < s->texts; i++)
		announced = announced || announces(&s->text[i]);
	for (n = s->next; n != NULL && n->kind == STEP_CURSOR;)
		n = n->next;
	if (announced && (n == NULL || (n->kind != STEP_PAYLOAD && n->kind != STEP_RAW)))
		say(w, s, "a line that announces bytes, expected '=' right behind it");
}

static bool
answers(const struct step *s)
{
	switch (s->kind) {
	case STEP_EXPECT:
	case STEP_RAW:
	case STEP_PAYLOAD:
	case STEP_NOTHING:
	case STEP_SILENCE:
	case STEP_EITHER:
	case STEP_ANY_ORDER:
	case STEP_REPEAT: return true;
	case STEP_SEND:
	case STEP_DATA:
	case STEP_WAIT:
	case STEP_LINE:
	case STEP_FAR:
	case STEP_SAYS:
	case STEP_ANSWERS:
	case STEP_BEARER_LOST:
	case STEP_REBOOT:
	case STEP_SET:
	case STEP_FAULT:
	case STEP_DTR:
	case STEP_ALLOW:
	case STEP_NEVER:
	case STEP_ECHO:
	case STEP_CURSOR: return false;
	}
	return false;
}

/* Something must be expected of a command before the next is sent; behind the end of a block that may stand in the block around it. */
static void
answered(const struct walk *w, const struct step *s, int level)
{
	const struct step *n;

	if (w->in_finally || s->terminator == END_NOTHING)
		return;
	for (n = s->next; n != NULL; n = n->next) {
		if (answers(n) || (n->kind == STEP_SEND && n->at_once))
			return;
		if (n->kind == STEP_SEND)
			break;
	}
	if (n == NULL && level > 0)
		return;
	say(w, s, "a command without an answer, expected '<' or silence behind it");
}

static void
name_of(const struct walk *w, const char *path, int line, int column, struct span kind, struct span name)
{
	const char *known[128];
	size_t n = 0;
	bool is_switch = span_equal(kind, SPAN("set")), found = false;

	for (size_t i = 0; i < (is_switch ? modem_switch_count : modem_fault_count); i++) {
		const char *one = is_switch ? modem_switches[i].name : modem_faults[i].name;

		found = found || word_is(name, one);
		if (n < sizeof(known) / sizeof(known[0]) - 1)
			known[n++] = one;
	}
	known[n] = NULL;
	if (!found)
		errors_add(w->es, path, line, column, "%s, expected a %s of the emulator (attest emulate --help lists them)%s", shown(name),
		    is_switch ? "switch" : "fault", did_you_mean(name, known));
}

/* A file must be one that the world lines describe; asked of the world itself. */
static void
file(struct walk *w, const struct step *s, struct span name)
{
	struct content content;

	if (name.len == 0 || w->world_bad)
		return;
	if (!world_sim_content(w->world, name, &content))
		errors_add(w->es, s->path, s->line, s->column, "%s, expected a file or resource that a world line describes", shown(name));
}

/* "N bytes of FILE" */
static void
content(struct walk *w, const struct step *s)
{
	char bytes[COMMAND_LINE_MAX], scratch[COMMAND_LINE_MAX];
	struct span text = plain(&s->content, bytes, sizeof(bytes));
	struct content what;
	const char *why;
	size_t column;

	if (text.len == 0 || text.len == sizeof(bytes))
		return;
	if (content_parse(text, &what, scratch, &column, &why) > 0 && what.kind == CONTENT_FILE)
		file(w, s, what.text);
}

/* Captures of a step, and whether one of them was set before in this row of steps. */
static void
captures(const struct walk *w, const struct step *s, uint64_t *set)
{
	uint64_t here = 0;

	if (s->kind != STEP_EXPECT)
		return;
	for (int i = 0; i < s->texts; i++) {
		uint64_t one = 0;

		for (int j = 0; j < s->text[i].count; j++) {
			int v = s->text[i].part[j].variable;

			if (v < 0)
				continue;
			if (((one | *set) >> v & 1) != 0 && s->path == w->c->path)
				errors_add(w->es, s->path, s->line, s->column, "'%s' captured a second time, expected another name",
				    w->c->variable[v]);
			one |= 1ull << v;
		}
		here |= one;
	}
	if (s->path == w->c->path)
		*set |= here;
}

static void steps(struct walk *w, const struct step *s, int level);

static void
step(struct walk *w, const struct step *s, int level)
{
	switch (s->kind) {
	case STEP_SEND:
		command(w, s);
		answered(w, s, level);
		break;
	case STEP_EXPECT:
		deadline(w, s);
		payload(w, s);
		if (is_final(&s->text[0]))
			w->pending = NULL;
		break;
	case STEP_DATA: content(w, s); break;
	case STEP_PAYLOAD:
		if (s->payload == PAYLOAD_CONTENT)
			content(w, s);
		else
			file(w, s, s->file);
		break;
	case STEP_CURSOR: file(w, s, s->file); break;
	case STEP_SET: name_of(w, s->path, s->line, s->column, SPAN("set"), s->name); break;
	case STEP_FAULT: name_of(w, s->path, s->line, s->column, SPAN("fault"), s->name); break;
	case STEP_EITHER: {
		const struct step *pending = w->pending;

		for (const struct step *b = s->body; b != NULL; b = b->branch) {
			w->pending = pending;
			steps(w, b, level + 1);
		}
		break;
	}
	case STEP_ANY_ORDER:
	case STEP_REPEAT: steps(w, s->body, level + 1); break;
	case STEP_ANSWERS: w->pending = NULL; break;
	case STEP_RAW:
	case STEP_NOTHING:
	case STEP_WAIT:
	case STEP_SILENCE:
	case STEP_LINE:
	case STEP_FAR:
	case STEP_SAYS:
	case STEP_BEARER_LOST:
	case STEP_REBOOT:
	case STEP_DTR:
	case STEP_ALLOW:
	case STEP_NEVER:
	case STEP_ECHO: break;
	}
}

static void
steps(struct walk *w, const struct step *s, int level)
{
	uint64_t set = 0;

	for (; s != NULL; s = s->next) {
		captures(w, s, &set);
		step(w, s, level);
	}
}

void
lint_case(const struct test_case *c, int last_line, struct world_sim *world, struct errors *es)
{
	struct walk w = { .c = c, .world = world, .es = es };
	struct err e = { 0 };

	/* Each world line was read by itself; only together they show whether the file that one names is another's. */
	w.world_bad = world_sim_begin(world, c->setting.world, 1, &e) < 0;
	if (w.world_bad)
		errors_take(es, &e);
	for (const struct case_line *l = c->profiles; l != NULL; l = l->next)
		if (modem_profile_find(l->text) == NULL) {
			const char *known[33];
			unsigned n = 0;

			while (n < 32 && (known[n] = modem_profile_name(n, NULL)) != NULL)
				n++;
			known[n] = NULL;
			errors_add(es, l->path, l->line, l->column, "%s, expected the name of a profile%s", shown(l->text),
			    did_you_mean(l->text, known));
		}
	for (const struct case_line *l = c->setting.module; l != NULL; l = l->next) {
		struct words words = words_of(l->text);
		struct span kind = words_take(&words), name = words_peek(&words);

		name_of(&w, l->path, l->line, l->column + (int)(name.at - l->text.at), kind, name);
	}
	if (c->must_fail && c->must_line > last_line)
		errors_add(es, c->path, 1, 1, "must fail at %d, expected a line of the file, which has %d", c->must_line, last_line);
	steps(&w, c->steps, 0);
	lint_order(c, es);
	w.in_finally = true;
	w.pending = NULL;
	steps(&w, c->finally, 0);
}
