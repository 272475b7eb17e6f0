/* store.h - the directory of model versions: 1.safetensors, 2.safetensors, ... and two symbolic links: `current` to
 * the version that is to be served, and `pinned`, where the operator has pinned a version; `current` then stays with
 * it.
 *
 * Files appear whole (they are written under a temporary name, synced, and get their number as a second name) and
 * are never changed; links are replaced by rename.  Who takes a number or changes a link holds a lock on the
 * directory, so that several processes may use a store at once.  A process that dies leaves the store as it was
 * before or after what it did. */
#ifndef ANIMED_STORE_H
#define ANIMED_STORE_H

#include <limits.h>

#include "base/files.h"

/* A file being written into the store. */
struct store_draft {
	struct draft file;
	char dir[PATH_MAX];
};

/* Make the store directory where it is missing (0700, with its parents), remove drafts whose writer is dead, and
 * begin a new one.  Returns 0.  On failure returns -1 and fills err. */
int store_begin(const char *dir, struct store_draft *draft, struct animed_error *err);

/* Sync the draft, give it the next version number, sync the directory; with `make_current`, point `current` at it,
 * unless a version is pinned.  The draft is closed whatever comes out.  Returns 0, or 1 where the pinned version has
 * kept `current`; *version receives the number.  On failure the version is gone and *version is 0; returns -1 and
 * fills err. */
int store_commit(struct store_draft *draft, bool make_current, uint64_t *version, struct animed_error *err);

/* Close the draft and remove it. */
void store_abort(struct store_draft *draft);

/* Read which version `current` names.  Returns 0 and fills *version and `path`, which has PATH_MAX bytes, or 1:
 * there is no `current`.  On failure, which a link that leads nowhere or out of the store is too, returns -1 and
 * fills err. */
int store_current(const char *dir, uint64_t *version, char *path, struct animed_error *err);

/* Read which version is pinned; *version is 0 where none is.  Returns 0.  On failure returns -1 and fills err. */
int store_pinned(const char *dir, uint64_t *version, struct animed_error *err);

/* List all versions, the newest first; none where there is no store yet.  The caller frees *versions with free().
 * Returns 0.  On failure returns -1 and fills err. */
int store_list(const char *dir, uint64_t **versions, size_t *n, struct animed_error *err);

/* Write the path of a version to `path`, which has PATH_MAX bytes.  Returns 0.  Where there is no such file that can
 * be read returns -1 and fills err. */
int store_path(const char *dir, uint64_t version, char *path, struct animed_error *err);

enum store_switch {
	STORE_BY_HAND, /* what the operator wants; not while another version is pinned */
	STORE_PIN,     /* the same, and pin it; also while another version is pinned */
	STORE_IN_TURN, /* what a training has made; not while a version is pinned, nor where a newer one is current */
};

/* Point `current` at a version.  Returns 0, or 1 where the pinned or newer version *keeper keeps its place.  On
 * failure, as where there is no such version, returns -1 and fills err. */
int store_switch(const char *dir, uint64_t version, enum store_switch how, uint64_t *keeper, struct animed_error *err);

/* Remove the pin; *version receives the version that was pinned, 0: none was.  Returns 0.  On failure returns -1 and
 * fills err. */
int store_unpin(const char *dir, uint64_t *version, struct animed_error *err);

/* Remove all but the newest `keep` versions, the current and the pinned one.  Returns 0.  On failure returns -1 and
 * fills err; what could be removed is. */
int store_prune(const char *dir, unsigned keep, struct animed_error *err);

#endif
