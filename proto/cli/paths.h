/* paths.h - where daemon and client meet when nobody says otherwise. */
#ifndef PROTO_PATHS_H
#define PROTO_PATHS_H

#include <stddef.h>

/* The value of an XDG base directory variable or, where it is unset or empty, what stands in for it:
 *   XDG_CONFIG_HOME  $HOME/.config
 *   XDG_STATE_HOME   $HOME/.local/state
 *   XDG_CACHE_HOME   $HOME/.cache
 *   XDG_DATA_HOME    $HOME/.local/share
 *   XDG_RUNTIME_DIR  /run/user/UID if that is a directory, else /run for root, else /tmp/animed-UID
 * Writes at most `size` bytes, always terminated; -1 where the name is none of these, HOME is needed and unset, or it
 * does not fit. */
int path_xdg(const char *name, char *out, size_t size);

/* The socket that is used when neither an option, $ANIMED_SOCK nor a configuration names one:
 * $XDG_RUNTIME_DIR/animed/animed.sock. */
int path_default_socket(char *out, size_t size);

#endif
