/* text.h - pieces of text: out of columns, out of lists, and in quotes for a message. */
#ifndef ANIMED_TEXT_H
#define ANIMED_TEXT_H

#include <string.h>

#include "animed-plugin.h"

/* A piece of text that is not NUL-terminated. */
struct text {
	const char *bytes;
	size_t length;
};

static inline struct text text_of(const char *string)
{
	return (struct text){string, strlen(string)};
}

/* String i of a column; empty where the column is not there. */
static inline struct text strings_at(const struct animed_strings *column, size_t i)
{
	if (!column->offsets)
		return (struct text){"", 0};
	return (struct text){column->bytes + column->offsets[i], (size_t)(column->offsets[i + 1] - column->offsets[i])};
}

bool text_is_utf8(struct text text);

/* Take the next member off a list with '|' between them; members of no length are passed over.  False at its end. */
bool text_member(struct text *list, struct text *member);

/* The place of `word` in a list such as "hide|show|only", from 0; -1: it is none of the members. */
int text_place(const char *list, struct text word);

/* The member at a place; of no length past the end. */
struct text text_at(const char *list, size_t place);

/* Room for a quoted text. */
#define QUOTE_SIZE 136

/* Write `text` in quotes for a message: cut where it is long, control characters and what is not UTF-8 replaced. */
void text_quote(struct text text, char out[QUOTE_SIZE]);

#endif
