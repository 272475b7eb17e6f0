/* say.h - says what is wrong with a file, and how its scores were read. */
#ifndef CLIENT_LIST_SAY_H
#define CLIENT_LIST_SAY_H

#include <stdio.h>

#include "lists/list.h"

/* Such as "scores up to 5 by the look of them; --scale says otherwise".  The caller frees it. */
char *list_scale_text(const struct list *list);

/* Print the lines of list_tell(), each with `indent` before it: the first few or, with `all`, each.  `rest` is what lists
 * the others: "animectl import -v". */
void list_say(const struct list *list, const char *indent, const char *rest, bool all, FILE *out);

#endif
