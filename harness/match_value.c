/* match_value: names of a case, what they stand for, and arithmetic on them. */
#include <inttypes.h>
#include <stdio.h>

#include "match_value.h"

#define EXPR_STACK_MAX 32

void
values_clear(struct values *v)
{
	for (int i = 0; i < CASE_VARIABLES_MAX; i++) {
		v->value[i].set = false;
		v->value[i].is_number = false;
		v->value[i].is_moment = false;
		v->value[i].length = 0;
	}
}

/* ---- arithmetic ---------------------------------------------------------- */

bool
value_number_of(struct span s, int64_t *out)
{
	int64_t n = 0;

	if (s.len == 0 || (s.len > 1 && s.at[0] == '0'))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, s.at[i] - '0', &n))
			return false;
	}
	*out = n;
	return true;
}

/* What the line at hand captured as that variable. */
static const struct span *
captured_here(const struct scope *s, int variable)
{
	for (int i = s->text == NULL ? -1 : s->parts - 1; i >= 0; i--) {
		const struct part *p = &s->text->part[i];

		if (p->kind != HOLE_LITERAL && p->kind != HOLE_VALUE && p->variable == variable)
			return &s->match->part[i];
	}
	return NULL;
}

static bool
value_number(const struct scope *s, int variable, int64_t *out, const char **why)
{
	const struct span *here = captured_here(s, variable);
	const struct value *x = &s->values->value[variable];

	if (here != NULL) {
		if (value_number_of(*here, out))
			return true;
		*why = "arithmetic on a value that is no number";
		return false;
	}
	if (!x->set) {
		*why = "a value that nothing has captured yet";
		return false;
	}
	if (x->is_number) {
		*out = x->number;
		return true;
	}
	if (value_number_of(span_of(x->text, x->length), out))
		return true;
	*why = "arithmetic on a value that is no number";
	return false;
}

bool
value_evaluate(const struct expr *e, const struct scope *s, int64_t *out, const char **why)
{
	int64_t stack[EXPR_STACK_MAX];
	int depth = 0;

	for (int i = 0; i < e->count; i++) {
		enum expr_op op = e->item[i].op;
		int64_t n = e->item[i].number;
		bool over = false;

		if (op == EXPR_VARIABLE && !value_number(s, e->item[i].variable, &n, why))
			return false;
		if (op == EXPR_NUMBER || op == EXPR_VARIABLE) {
			if (depth == EXPR_STACK_MAX) {
				*why = "arithmetic nested too deeply";
				return false;
			}
			stack[depth++] = n;
			continue;
		}
		if (depth < 2) {
			*why = "arithmetic without its operands";
			return false;
		}
		depth--;
		if (op == EXPR_ADD)
			over = __builtin_add_overflow(stack[depth - 1], stack[depth], &n);
		else if (op == EXPR_SUBTRACT)
			over = __builtin_sub_overflow(stack[depth - 1], stack[depth], &n);
		else
			over = __builtin_mul_overflow(stack[depth - 1], stack[depth], &n);
		if (over) {
			*why = "arithmetic beyond 64 bits";
			return false;
		}
		stack[depth - 1] = n;
	}
	if (depth != 1) {
		*why = "arithmetic without a result";
		return false;
	}
	*out = stack[0];
	return true;
}

bool
expr_evaluate(const struct expr *e, const struct values *v, int64_t *out, const char **why)
{
	struct scope s = { .values = v };

	return value_evaluate(e, &s, out, why);
}

/* A hole that stands for one captured string, or NULL. */
static const struct value *
string_value(const struct part *p, const struct values *v)
{
	const struct value *x;

	if (p->value.count != 1 || p->value.item[0].op != EXPR_VARIABLE)
		return NULL;
	x = &v->value[p->value.item[0].variable];
	return x->set && !x->is_number && !x->is_moment ? x : NULL;
}

bool
value_text(const struct part *p, const struct scope *s, char scratch[24], struct span *out, const char **why)
{
	const struct span *here =
	    p->value.count == 1 && p->value.item[0].op == EXPR_VARIABLE ? captured_here(s, p->value.item[0].variable) : NULL;
	const struct value *x = string_value(p, s->values);
	int64_t n;

	if (here != NULL) {
		*out = *here;
		return true;
	}
	if (x != NULL) {
		*out = span_of(x->text, x->length);
		return true;
	}
	if (!value_evaluate(&p->value, s, &n, why))
		return false;
	*out = span_of(scratch, (size_t)snprintf(scratch, 24, "%" PRId64, n));
	return true;
}

/* ---- writing ---------------------------------------------------------------- */

long
text_render(const struct text *t, const struct values *v, char *into, size_t cap, const char **why)
{
	struct scope scope = { .values = v };
	size_t used = 0;

	for (int i = 0; i < t->count; i++) {
		const struct part *p = &t->part[i];
		struct span s = p->literal;
		char scratch[24];

		if (p->kind != HOLE_LITERAL && p->kind != HOLE_VALUE) {
			*why = "a hole that matches cannot be sent";
			return -1;
		}
		if (p->kind == HOLE_VALUE && !value_text(p, &scope, scratch, &s, why))
			return -1;
		if (s.len > cap - used) {
			*why = "the text is too long with its values put in";
			return -1;
		}
		if (s.len > 0)
			memcpy(into + used, s.at, s.len);
		used += s.len;
	}
	return (long)used;
}
