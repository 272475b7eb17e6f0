/* params.h - reading the parameters of a request, and saying what is wrong with them. */
#ifndef ANIMED_PARAMS_H
#define ANIMED_PARAMS_H

#include "methods.h"

/* No title or name is longer; a longer text is refused before time is spent on it. */
#define TEXT_MAX 1024

/* Room for a quoted text. */
#define QUOTE_SIZE 136

/* Write `text` in quotes for a message: cut where it is long, control characters and what is not UTF-8 replaced. */
void text_quote(struct text text, char out[QUOTE_SIZE]);

/* Parameter `i`, called `what` in errors, as text of 1 to TEXT_MAX bytes of UTF-8.  0, or -1 with request->err. */
int param_text(struct request *request, uint32_t i, const char *what, struct text *out);

/* An integer option. */
struct option {
	const char *name;
	int64_t min, max;
	int64_t value; /* the default; replaced where the option is given */
};

/* Read the options map, parameter `i`, where there is one.  An empty array is an empty map to Lua. */
int param_options(struct request *request, uint32_t i, struct option *options, size_t n);

/* An item that a parameter names. */
struct named_item {
	uint32_t item;
	const char *matched; /* "id" or the name of a lookup_way */
};

/* Parameter `i` as the id (an integer) or the title (text) of an item. */
int param_item(struct request *request, uint32_t i, struct named_item *out);

#endif
