/* text.c - UTF-8, lists and quotes. */
#include "config.h"

#include "base/text.h"

#include <string.h>
#include <utf8proc.h>

/* Returns how many bytes the first character of `text` has, or 0 if they are not UTF-8. */
static size_t character(struct text text)
{
	utf8proc_int32_t code;
	utf8proc_ssize_t n =
	    utf8proc_iterate((const utf8proc_uint8_t *)text.bytes, (utf8proc_ssize_t)text.length, &code);

	return n > 0 && code >= 0 ? (size_t)n : 0;
}

int text_compare(struct text a, struct text b)
{
	const size_t common = a.length < b.length ? a.length : b.length;
	const int order = common > 0 ? memcmp(a.bytes, b.bytes, common) : 0;

	return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

bool text_is_utf8(struct text text)
{
	while (text.length > 0) {
		size_t n = character(text);
		if (n == 0)
			return false;
		text.bytes += n;
		text.length -= n;
	}
	return true;
}

bool text_is_blank(struct text text)
{
	for (size_t i = 0; i < text.length;) {
		utf8proc_int32_t code;
		const utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text.bytes + i,
							    (utf8proc_ssize_t)(text.length - i), &code);
		if (n <= 0)
			return false;
		const utf8proc_category_t category = utf8proc_category(code);
		if (category != UTF8PROC_CATEGORY_ZS && category != UTF8PROC_CATEGORY_ZL &&
		    category != UTF8PROC_CATEGORY_ZP && category != UTF8PROC_CATEGORY_CC &&
		    category != UTF8PROC_CATEGORY_CF)
			return false;
		i += (size_t)n;
	}
	return true;
}

/* Whether the character is a control character, or one of those that embed, override or isolate a direction. */
static bool is_control(utf8proc_int32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

void text_blank_controls(char *bytes, size_t length)
{
	for (size_t i = 0; i < length;) {
		utf8proc_int32_t code;
		const utf8proc_ssize_t n =
		    utf8proc_iterate((const utf8proc_uint8_t *)bytes + i, (utf8proc_ssize_t)(length - i), &code);
		const size_t step = n > 0 ? (size_t)n : 1;
		if (n > 0 && is_control(code))
			memset(bytes + i, ' ', step);
		i += step;
	}
}

bool text_member(struct text *list, struct text *member)
{
	while (list->length > 0) {
		const char *bar = memchr(list->bytes, '|', list->length);
		const size_t n = bar ? (size_t)(bar - list->bytes) : list->length;
		*member = (struct text){list->bytes, n};
		list->bytes += n + (bar != NULL);
		list->length -= n + (bar != NULL);
		if (n > 0)
			return true;
	}
	return false;
}

int text_place(const char *list, struct text word)
{
	struct text rest = {list, strlen(list)}, member;

	for (int place = 0; text_member(&rest, &member); place++) {
		if (member.length == word.length && memcmp(member.bytes, word.bytes, word.length) == 0)
			return place;
	}
	return -1;
}

struct text text_at(const char *list, size_t place)
{
	struct text rest = {list, strlen(list)}, member;

	while (text_member(&rest, &member)) {
		if (place-- == 0)
			return member;
	}
	return (struct text){"", 0};
}

void text_clean(char *line)
{
	struct text rest = text_of(line);
	utf8proc_int32_t code;
	char *to = line;

	while (rest.length > 0) {
		const size_t n = character(rest);
		(void)utf8proc_iterate((const utf8proc_uint8_t *)rest.bytes, (utf8proc_ssize_t)rest.length, &code);
		if (n == 0) {
			*to++ = '?';
		} else if (is_control(code)) {
			*to++ = ' ';
		} else {
			memmove(to, rest.bytes, n);
			to += n;
		}
		rest.bytes += n ? n : 1;
		rest.length -= n ? n : 1;
	}
	*to = '\0';
}

void text_quote(struct text text, char out[QUOTE_SIZE])
{
	static const char cut[] = "...";
	const size_t room = QUOTE_SIZE - sizeof cut - 2; /* the rest holds both quotes, "..." and NUL */
	size_t used = 0;

	out[used++] = '"';
	while (text.length > 0) {
		size_t n = character(text);
		size_t step = n ? n : 1;
		if (used + step > room) {
			memcpy(out + used, cut, sizeof cut - 1);
			used += sizeof cut - 1;
			break;
		}
		if (n == 0 || (n == 1 && ((unsigned char)*text.bytes < 0x20 || *text.bytes == 0x7f)))
			out[used++] = n ? ' ' : '?';
		else {
			memcpy(out + used, text.bytes, n);
			used += n;
		}
		text.bytes += step;
		text.length -= step;
	}
	out[used++] = '"';
	out[used] = '\0';
}
