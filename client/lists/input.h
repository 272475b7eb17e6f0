/* input.h - reads the file of a list: what is in it, whatever its name. */
#ifndef CLIENT_LIST_INPUT_H
#define CLIENT_LIST_INPUT_H

#include "lists/list.h"

/* How many bytes a list may have, unpacked. */
enum { LIST_BYTES = 64 << 20 };

enum list_syntax { LIST_XML, LIST_JSON, LIST_CSV };

struct list_input {
	char *path; /* as it was typed, fit to print; "standard input" for "-" */
	char *text; /* NUL-terminated, without a byte order mark */
	size_t size;
	enum list_syntax syntax;
	json_t *root; /* of JSON, see list_json_read(); else NULL */
};

/* Read a file, or standard input where `path` is "-".  gzip is told by the content and unpacked.  On failure returns -1
 * and fills err; list_input_close() is needed in any case.  Ends the program where memory is short. */
int list_input_open(const char *path, struct list_input *in, struct list_error *err);
/* Put "?" in place of the bytes of the text that are not UTF-8, where they are few, and tell it.  Where they are many the
 * text is in another encoding; then it stays as it is, and the line of the first is returned, else 0. */
size_t list_input_mend(const struct list_input *in, struct list *list);

/* Whether all of the text is UTF-8. */
bool list_input_is_utf8(const struct list_input *in);

void list_input_close(struct list_input *in);

#endif
