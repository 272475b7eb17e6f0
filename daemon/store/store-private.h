/* store-private.h - the names, links and the lock of the store. */
#ifndef ANIMED_STORE_PRIVATE_H
#define ANIMED_STORE_PRIVATE_H

#include "store/store.h"

#define STORE_SUFFIX ".safetensors"

enum { STORE_NAME = 64 }; /* bytes of the longest name in the store, and its end */

/* Wait for the lock of the store, which every process and thread takes to change links or take numbers.  Returns a
 * descriptor, which store_unlock() closes.  On failure returns -1 and fills err. */
int store_lock(const char *dir, struct animed_error *err);
void store_unlock(int lock);

/* Write DIR/NAME to `out`, which has PATH_MAX bytes.  Returns 0.  On failure returns -1 and fills err. */
int store_join(char *out, const char *dir, const char *name, struct animed_error *err);

/* Write "<version>.safetensors" to `out`, which has STORE_NAME bytes. */
void store_name(uint64_t version, char *out);

/* Returns the version of the name "<version>.safetensors", which has no leading zeros; 0: it is no such name. */
uint64_t store_version_of(const char *name);

/* Sync the directory, so that what was renamed, linked or removed in it outlasts a crash.  Returns 0.  On failure
 * returns -1 and fills err. */
int store_sync(const char *dir, struct animed_error *err);

/* Point the link at a version, by renaming a new link over it.  The caller holds the lock.  Returns 0.  On failure
 * returns -1 and fills err. */
int store_point(const char *dir, const char *link_name, uint64_t version, struct animed_error *err);

/* Read which version the link names.  Returns 0 and fills *version, or 1: there is no such link.  On failure returns
 * -1 and fills err. */
int store_follow(const char *dir, const char *link_name, uint64_t *version, struct animed_error *err);

#endif
