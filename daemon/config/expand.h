/* expand.h - environment variables in values of the configuration. */
#ifndef ANIMED_EXPAND_H
#define ANIMED_EXPAND_H

#include "animed-plugin.h"

/* Returns `text` with ${NAME} and ${NAME:-default} replaced and $$ made $; the caller frees it with free().  The XDG
 * base directories have their standard values where they are unset.  Where another variable is not set, a brace is
 * not closed, or memory is short, returns NULL and fills err. */
char *expand_text(const char *text, struct animed_error *err);

/* The same for a path, which comes out absolute: a leading ~/ is $HOME/, a relative path begins at the directory
 * `base`. */
char *expand_path(const char *text, const char *base, struct animed_error *err);

#endif
