/* replace.h - writes a file whole or not at all. */
#ifndef CLIENT_LIST_REPLACE_H
#define CLIENT_LIST_REPLACE_H

#include <stdio.h>
#include <sys/types.h>

#include "lists/list.h"

/* Write what `write_list` prints to a new file beside `path`, sync it and give it that name, over a file that has it.  A
 * symbolic link stays one, and what it leads to is replaced.  `mode` is that of open(), or 0 for one that only the user
 * may read.  On failure the file is as it was; returns -1 and fills err. */
int list_replace(const char *path, mode_t mode, void (*write_list)(const struct list *list, FILE *out),
		 const struct list *list, struct list_error *err);

#endif
