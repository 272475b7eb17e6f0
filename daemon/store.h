/* store.h - the directory of model versions: 1.safetensors, 2.safetensors, ... and `current`, a symbolic link to the
 * one that is served.  Files appear whole (written under a temporary name, synced, renamed) and are never changed;
 * `current` is replaced by rename. */
#ifndef ANIMED_STORE_H
#define ANIMED_STORE_H

#include <limits.h>

#include "animed-plugin.h"

/* A file being written into the store. */
struct store_draft {
	int fd;
	char dir[PATH_MAX];
	char path[PATH_MAX]; /* the temporary name */
};

/* Make the store directory where it is missing (0700, with its parents), sweep temporary files whose writer is dead,
 * and open a new temporary file. */
int store_begin(const char *dir, struct store_draft *draft, struct animed_error *err);

/* Sync the draft, give it the next version number, sync the directory; with `make_current`, point `current` at it.
 * *version receives the number.  The draft is closed whatever comes out; on failure its file is gone. */
int store_commit(struct store_draft *draft, bool make_current, uint64_t *version, struct animed_error *err);

/* Close and remove the draft. */
void store_abort(struct store_draft *draft);

/* The version that `current` names: 0 and *version, path (PATH_MAX bytes) filled; 1 where the store is empty or has no
 * `current`; -1 on failure, with a `current` that leads nowhere or out of the store among them. */
int store_current(const char *dir, uint64_t *version, char *path, struct animed_error *err);

/* Remove the oldest versions beyond `keep`, never the one that `current` names. */
int store_prune(const char *dir, unsigned keep, struct animed_error *err);

#endif
