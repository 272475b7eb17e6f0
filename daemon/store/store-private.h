/* store-private.h - what the files of the store share. */
#ifndef ANIMED_STORE_PRIVATE_H
#define ANIMED_STORE_PRIVATE_H

#include "store/store.h"

#define STORE_SUFFIX ".safetensors"

enum { STORE_NAME = 64 }; /* room for a name in the store */

/* Keep every other process, and every other thread, from changing links and numbers of the store.  The descriptor,
 * which store_unlock() closes; -1 on failure. */
int store_lock(const char *dir, struct animed_error *err);
void store_unlock(int lock);

/* DIR/NAME into `out` (PATH_MAX bytes). */
int store_join(char *out, const char *dir, const char *name, struct animed_error *err);

/* "<n>.safetensors" into `out` (STORE_NAME bytes). */
void store_name(uint64_t version, char *out);

/* The number of "<n>.safetensors" without leading zeros, or 0. */
uint64_t store_version_of(const char *name);

/* Make what was renamed, linked or removed in the directory last. */
int store_sync(const char *dir, struct animed_error *err);

/* Point the link at a version by renaming a new one over it.  The store is locked. */
int store_point(const char *dir, const char *link_name, uint64_t version, struct animed_error *err);

/* The version that the link names: 0 and *version; 1 where there is no such link; -1. */
int store_follow(const char *dir, const char *link_name, uint64_t *version, struct animed_error *err);

#endif
