/* text.h - pieces of text: taken from columns and lists, and quoted for messages. */
#ifndef ANIMED_TEXT_H
#define ANIMED_TEXT_H

#include <string.h>

#include "animed-plugin.h"

/* A piece of text that is not NUL-terminated.  It does not own its bytes. */
struct text {
	const char *bytes;
	size_t length;
};

static inline struct text text_of(const char *string)
{
	return (struct text){string, strlen(string)};
}

/* Returns string i of a column, or an empty text if the column does not exist. */
static inline struct text strings_at(const struct animed_strings *column, size_t i)
{
	if (!column->offsets)
		return (struct text){"", 0};
	return (struct text){column->bytes + column->offsets[i], (size_t)(column->offsets[i + 1] - column->offsets[i])};
}

/* Compare by bytes.  Returns a negative number, 0 or a positive number, as memcmp() does; a text comes after its own
 * beginning. */
int text_compare(struct text a, struct text b);

bool text_is_utf8(struct text text);

/* Whether a text that is UTF-8 has nothing in it but blanks, control characters and what cannot be seen. */
bool text_is_blank(struct text text);

/* Put blanks in place of control characters and of those that turn the direction of text, in UTF-8. */
void text_blank_controls(char *bytes, size_t length);

/* Take the next member off a list whose members have '|' between them.  Empty members are skipped.  Returns false at
 * the end of the list. */
bool text_member(struct text *list, struct text *member);

/* Returns the place of `word` in a list such as "hide|show|only", counted from 0, or -1 if it is not a member. */
int text_place(const char *list, struct text word);

/* Returns the member at a place, counted from 0, or an empty text past the end of the list. */
struct text text_at(const char *list, size_t place);

/* Make a line fit for a terminal and a log, in place: a control character, such as a line break, becomes a blank, and a
 * byte that is not UTF-8 a question mark. */
void text_clean(char *line);

/* The most bytes that text_quote() writes, NUL included. */
#define QUOTE_SIZE 136

/* Write `text` in quotes for a message.  A long text is cut, and "..." marks the cut.  A control character becomes a
 * blank, and a byte that is not UTF-8 becomes a question mark. */
void text_quote(struct text text, char out[QUOTE_SIZE]);

#endif
