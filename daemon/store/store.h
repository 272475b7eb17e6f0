/* store.h - the directory of model versions: 1.safetensors, 2.safetensors, ... and two symbolic links to one of them:
 * `current`, the version that is to be served, and, where the operator has pinned one, `pinned`, which holds `current`
 * where it is.  Files appear whole (written under a temporary name, synced, renamed) and are never changed; links are
 * replaced by rename.  Whoever changes links or takes a number holds a lock on the directory, so that several processes
 * may work on a store, and a process that dies leaves it as it was or as it was to be. */
#ifndef ANIMED_STORE_H
#define ANIMED_STORE_H

#include <limits.h>

#include "base/files.h"

/* A file being written into the store. */
struct store_draft {
	struct draft file;
	char dir[PATH_MAX];
};

/* Make the store directory where it is missing (0700, with its parents), remove drafts whose writer is dead, and begin a
 * new one.  Returns 0.  On failure returns -1 and fills err. */
int store_begin(const char *dir, struct store_draft *draft, struct animed_error *err);

/* Sync the draft, give it the next version number, sync the directory; with `make_current`, point `current` at it,
 * unless a version is pinned.  The draft is closed whatever comes out.  Returns 0, or 1 where the pinned version has kept
 * `current`; *version receives the number.  On failure the version is gone and *version is 0; returns -1 and fills err. */
int store_commit(struct store_draft *draft, bool make_current, uint64_t *version, struct animed_error *err);

/* Close and remove the draft. */
void store_abort(struct store_draft *draft);

/* The version that `current` names: 0 and *version, path (PATH_MAX bytes) filled; 1 where the store is empty or has no
 * `current`; -1 on failure, with a `current` that leads nowhere or out of the store among them. */
int store_current(const char *dir, uint64_t *version, char *path, struct animed_error *err);

/* The version that is pinned; 0: none. */
int store_pinned(const char *dir, uint64_t *version, struct animed_error *err);

/* All versions, the newest first, in a new array; none where there is no store yet. */
int store_list(const char *dir, uint64_t **versions, size_t *n, struct animed_error *err);

/* The path of a version (PATH_MAX bytes); -1 where there is no such file that can be read. */
int store_path(const char *dir, uint64_t version, char *path, struct animed_error *err);

enum store_switch {
	STORE_BY_HAND, /* the operator's will: refused only while another version is pinned */
	STORE_PIN,     /* and pinned, whatever was before */
	STORE_IN_TURN, /* of a training: not while one is pinned, nor back from a newer version */
};

/* Point `current` at a version, which must be there.  0; 1 where a pinned or newer version keeps its place, *keeper;
 * -1. */
int store_switch(const char *dir, uint64_t version, enum store_switch how, uint64_t *keeper, struct animed_error *err);

/* Remove the pin; *version receives what was pinned, 0: nothing. */
int store_unpin(const char *dir, uint64_t *version, struct animed_error *err);

/* Remove the oldest versions beyond `keep`, never the one that `current` names, nor the pinned one. */
int store_prune(const char *dir, unsigned keep, struct animed_error *err);

#endif
