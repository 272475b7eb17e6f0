/* expand.h - environment variables in the configuration. */
#ifndef ANIMED_EXPAND_H
#define ANIMED_EXPAND_H

#include "animed-plugin.h"

/* `text` with ${NAME} and ${NAME:-default} replaced and $$ made $, as a new string; NULL with `err` filled where a
 * variable is not set, or a brace is not closed.  The XDG base directories have their standard values when unset. */
char *expand_text(const char *text, struct animed_error *err);

/* The same for a path: a leading ~/ is $HOME, and a relative path is taken from the directory `base`. */
char *expand_path(const char *text, const char *base, struct animed_error *err);

#endif
