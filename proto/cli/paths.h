/* paths.h - the places where daemon and client look where none is named. */
#ifndef PROTO_PATHS_H
#define PROTO_PATHS_H

#include <stddef.h>

/* The value of an XDG base directory variable or, where it is unset or empty, what stands in for it:
 *   XDG_CONFIG_HOME  $HOME/.config
 *   XDG_STATE_HOME   $HOME/.local/state
 *   XDG_CACHE_HOME   $HOME/.cache
 *   XDG_DATA_HOME    $HOME/.local/share
 *   XDG_RUNTIME_DIR  /run/user/UID if that is a directory, else /run for root, else /tmp/animed-UID
 * Writes at most `size` bytes, always with a NUL.  Returns -1 where the name is none of these, HOME is needed and
 * unset, or the path does not fit. */
int path_xdg(const char *name, char *out, size_t size);

/* The socket where neither an option, nor $ANIMED_SOCK, nor a configuration names one:
 * $XDG_RUNTIME_DIR/animed/animed.sock.  Returns -1 where the path does not fit. */
int path_default_socket(char *out, size_t size);

#endif
