/* names.c - takes lists of names apart: those of Python and JSON, and those with a mark between the names. */
#include "config.h"

#include "rows/names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "rows/cell.h"
#include "rows/entity.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The names that have been found, written over the text that they are found in. */
struct found {
	char *begin, *to;
};

/* Add a name, which may lie in what is written over but not before it.  A bar in it would end it. */
static void add_name(struct found *found, char *name, size_t length)
{
	while (length > 0 && is_blank(*name)) {
		name++;
		length--;
	}
	while (length > 0 && is_blank(name[length - 1]))
		length--;
	if (cell_is_none(name, length))
		return;
	for (char *bar = name; (bar = memchr(bar, '|', (size_t)(name + length - bar)));)
		*bar = '/';
	if (found->to > found->begin)
		*found->to++ = '|';
	memmove(found->to, name, length);
	found->to += length;
}

/* ---- lists of Python and of JSON ---- */

/* A piece of a list: a text in quotes, a bare word, or one of the marks []{}():, */
struct token {
	char mark;  /* the mark, or the quote of a text; '\0': a bare word */
	char *text; /* what it says; texts are without their quotes and backslashes */
	size_t length;
};

/* Read the four digits of \uXXXX.  Returns -1 where there are none. */
static long hex_digits(const char *at, size_t n)
{
	char digits[5] = "";

	for (size_t i = 0; i < n; i++) {
		if (!at[i] || !strchr("0123456789abcdefABCDEF", at[i]))
			return -1;
		digits[i] = at[i];
	}
	return strtol(digits, NULL, 16);
}

/* Read what stands behind a backslash at `at`, and write the character to *to.  Returns where it ends. */
static char *unescape(char *at, char **to)
{
	const size_t n = *at == 'u' ? 4 : *at == 'x' ? 2 : 0;
	long code = n ? hex_digits(at + 1, n) : -1;

	if (code >= 0) {
		at += 1 + n;
		const long low =
		    code >= 0xd800 && code < 0xdc00 && strncmp(at, "\\u", 2) == 0 ? hex_digits(at + 2, 4) : -1;
		if (low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			at += 6;
		}
		if (code < ' ' || !utf8proc_codepoint_valid((utf8proc_int32_t)code))
			code = '?';
		*to += utf8proc_encode_char((utf8proc_int32_t)code, (utf8proc_uint8_t *)*to);
		return at;
	}
	*(*to)++ = strchr("ntr", *at) ? ' ' : *at;
	return at + 1;
}

/* Take the next token off the list.  Returns where the list goes on; NULL at its end. */
static char *next_token(char *at, struct token *token)
{
	static const char marks[] = "[]{}():,";
	char *to;

	while (is_blank(*at))
		at++;
	if (!*at)
		return NULL;
	token->mark = *at;
	if (strchr(marks, *at))
		return at + 1;
	if (*at != '\'' && *at != '"') {
		token->mark = '\0';
		token->text = at;
		token->length = strcspn(at, marks);
		return at + token->length;
	}
	token->text = to = ++at;
	while (*at && *at != token->mark) {
		if (*at == '\\' && at[1])
			at = unescape(at + 1, &to);
		else
			*to++ = *at++;
	}
	token->length = (size_t)(to - token->text);
	return *at ? at + 1 : at;
}

static bool is_key_of_names(const struct token *token)
{
	static const char *const keys[] = {"name", "title"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (token->length == strlen(keys[i]) && strncasecmp(token->text, keys[i], token->length) == 0)
			return true;
	}
	return false;
}

/* Whether the maps of a list have a name among other things: 'name': 'A'. */
static bool has_key_of_names(const char *text)
{
	return strstr(text, "'name':") || strstr(text, "\"name\":") || strstr(text, "'title':") ||
	       strstr(text, "\"title\":");
}

static bool is_word(const struct token *token)
{
	return token->mark == '\0' || token->mark == '\'' || token->mark == '"';
}

/* Take the names of a list.  In a map the values are names: those of the key "name", where there is one, or all that are
 * in quotes. */
static void take_list(struct found *found, char *text)
{
	const bool keyed = has_key_of_names(text);
	struct token token = {0};
	bool wanted = false, value = false; /* the value of the last key is a name; what comes next is a value */

	for (char *at = text; (at = next_token(at, &token)); value = token.mark == ':') {
		if (!is_word(&token))
			continue;
		if (at[strspn(at, " \t\r\n")] == ':')
			wanted = !keyed || is_key_of_names(&token);
		else if (!value || (wanted && token.mark))
			add_name(found, token.text, token.length);
	}
}

/* Whether the bracket that the text begins with is closed by the one that it ends with: [A, B], and not [A] B [C]. */
static bool is_in_brackets(const char *text)
{
	size_t depth = 0;

	for (const char *at = text; *at; at++) {
		switch (*at) {
		case '\'':
		case '"':
			if (!strchr("[{(,: ", at[-1]))
				break; /* an apostrophe */
			for (const char quote = *at++; *at && *at != quote; at++)
				at += *at == '\\' && at[1];
			if (!*at)
				return true; /* a quote is missing, but the brackets are there */
			break;
		case '[':
		case '{':
		case '(':
			depth++;
			break;
		case ']':
		case '}':
		case ')':
			if (--depth == 0)
				return at[1] == '\0';
			break;
		default:
			break;
		}
	}
	return false;
}

/* Whether the text is in brackets from its beginning to its end, or is 'A', 'B' without them.  What has no quotes and no
 * comma is one name, which `bare` tells to be in a list where it is in square brackets. */
static bool is_list(const char *text, bool bare)
{
	const size_t n = strlen(text);

	if (n < 2)
		return false;
	if (text[0] == text[n - 1] && strchr("'\"", text[0]))
		return strstr(text, text[0] == '"' ? "\", \"" : "', '");
	if (!((text[0] == '[' && text[n - 1] == ']') || (text[0] == '{' && text[n - 1] == '}') ||
	      (text[0] == '(' && text[n - 1] == ')' && strchr("'\"", text[1]))) ||
	    !is_in_brackets(text))
		return false;
	return bare || n == 2 || strpbrk(text, "'\",");
}

/* ---- names with a mark between them ---- */

/* Take the names between which there is one of the marks. */
static void take_marked(struct found *found, char *text, const char *marks)
{
	size_t n;

	for (char *at = text; *at; at += n) {
		n = strcspn(at, marks);
		const bool more = at[n] != '\0';
		add_name(found, at, n);
		n += more;
	}
}

static size_t take_names(char *text, const char *marks, bool bare)
{
	struct found found = {text, text};

	if (is_list(text, bare)) {
		take_list(&found, text);
		*found.to = '\0';
		return decode_entities_of_names(text);
	}
	(void)decode_entities_of_names(text);
	take_marked(&found, text, strchr(text, '|') ? "|" : marks);
	*found.to = '\0';
	return (size_t)(found.to - text);
}

size_t names_of_titles(char *text)
{
	return take_names(text, "|\n", false);
}

size_t names_of_genres(char *text)
{
	if (strcmp(text, "(no genres listed)") == 0)
		*text = '\0';
	return take_names(text, strchr(text, ',') ? "," : ";", true);
}
