#include "modem_text.h"

#include <string.h>

struct text {
	char *into;
	size_t cap, len;
};

static void
text_add(struct text *t, struct span s)
{
	if (t->len < t->cap)
		span_write(s, t->into + t->len, t->cap - t->len);
	t->len += s.len;
}

static size_t
digits_write(unsigned long long n, bool negative, char digits[21])
{
	char reversed[20];
	size_t i = 0, len = 0;

	do
		reversed[i++] = (char)('0' + n % 10);
	while ((n /= 10) != 0);
	if (negative)
		digits[len++] = '-';
	while (i > 0)
		digits[len++] = reversed[--i];
	return len;
}

size_t
number_write(int64_t n, char *into, size_t cap)
{
	char digits[21];
	unsigned long long magnitude = n < 0 ? 0 - (unsigned long long)n : (unsigned long long)n;

	return span_write(span_of(digits, digits_write(magnitude, n < 0, digits)), into, cap);
}

size_t
span_write(struct span s, char *into, size_t cap)
{
	size_t n = s.len < cap ? s.len : cap;

	if (n > 0)
		memcpy(into, s.at, n);
	return n;
}

/* A number's conversion: f stands behind the %, with its length modifier.  Return how much of f it took. */
static size_t
add_number(struct text *t, const char *f, va_list *values)
{
	char digits[21];
	long long n = 0;
	unsigned long long u = 0;
	size_t longs = 0, i = 0;
	bool size = f[0] == 'z', is_signed;

	while (f[i] == 'l')
		i++;
	longs = i;
	i += size;
	is_signed = f[i] == 'd';
	if (size)
		u = va_arg(*values, size_t);
	else if (is_signed)
		n = longs == 0 ? va_arg(*values, int) : longs == 1 ? va_arg(*values, long) : va_arg(*values, long long);
	else
		u = longs == 0   ? va_arg(*values, unsigned)
		    : longs == 1 ? va_arg(*values, unsigned long)
				 : va_arg(*values, unsigned long long);
	if (is_signed && !size)
		u = n < 0 ? 0 - (unsigned long long)n : (unsigned long long)n;
	text_add(t, span_of(digits, digits_write(u, n < 0, digits)));
	return i + 1;
}

size_t
text_format(char *into, size_t cap, const char *format, va_list values)
{
	struct text t = { into, cap, 0 };
	va_list rest;
	const char *f = format;

	va_copy(rest, values);
	while (*f != '\0') {
		size_t plain = strcspn(f, "%");

		text_add(&t, span_of(f, plain));
		f += plain;
		if (*f == '\0')
			break;
		f++;
		if (*f == 's') {
			text_add(&t, span_str(va_arg(rest, const char *)));
			f++;
		} else if (*f == '.') {
			int len = va_arg(rest, int);

			text_add(&t, span_of(va_arg(rest, const char *), (size_t)len));
			f += 3;
		} else if (*f == 'c') {
			char c = (char)va_arg(rest, int);

			text_add(&t, span_of(&c, 1));
			f++;
		} else if (*f == '%') {
			text_add(&t, SPAN("%"));
			f++;
		} else {
			f += add_number(&t, f, &rest);
		}
	}
	va_end(rest);
	return t.len;
}

bool
text_displayable(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < ' ' || s.at[i] == 0x7f)
			return false;
	return true;
}
