/* dataset-cache.h - a loaded dataset kept beside its source, so that the next run maps it.
 *
 * It is a safetensors file with the columns of tensors.h and the column rating_users U32 [R].  The metadata says what
 * it was made from: the plugin with the size and time of its file, its values, the settings of the dataset; and of
 * every file that a value of type ANIMED_PATH names the size, the modification time and an XXH3 digest.  Only a source
 * that says so in its description (`cacheable`) is kept.
 *
 * It is used where all of this is the same.  Of a file whose size is the same but whose time is not, the digest
 * decides: a touched or copied file still hits.  A file that was changed just before it is read is not kept, since one
 * more change might not move its time.  A cache is never trusted: it must be the user's own, nobody else's to write,
 * whole by the container's rules, of the right checksum, and its columns must fit each other; else the source is read.
 *
 * It lies at FILE.animed-cache, FILE being the first that the source reads, or where that directory cannot be written,
 * in $XDG_CACHE_HOME/animed.  It is written under a temporary name and renamed; one process writes, others go without;
 * a mapping stays what it was when a new one takes the name. */
#ifndef ANIMED_DATASET_CACHE_H
#define ANIMED_DATASET_CACHE_H

#include <limits.h>

#include "data/dataset.h"

enum { CACHE_FILES = 8 };

/* A file that the source reads. */
struct cache_file {
	const char *path; /* of the values */
	uint64_t size;    /* bytes */
	int64_t mtime;    /* ns */
	uint64_t digest;
	bool digested;
};

/* What a dataset is made from. */
struct cache_key {
	char *settings; /* plugin, values and options as text */
	struct cache_file files[CACHE_FILES];
	size_t n;
	uint64_t bytes;        /* of all files */
	char beside[PATH_MAX]; /* where the cache may be */
	char apart[PATH_MAX];  /* or else; "" where there is no such place */
};

/* Look at what the dataset is to be made from.  -1 with the reason where it cannot be kept: the source does not say
 * that it may be, names no file, or one that is not regular or was changed this moment.  To be freed either way. */
int cache_key_make(const struct plugin *source, const struct animed_value *values,
		   const struct dataset_options *options, struct cache_key *key, struct animed_error *err);
void cache_key_free(struct cache_key *key);

/* Digest the files that are not yet.  -1: one cannot be read. */
int cache_key_digest(struct cache_key *key, const struct animed_host *host, struct animed_error *err);

/* Whether the files are still as they were when the key was made. */
bool cache_key_holds(const struct cache_key *key);

/* The dataset of this key from a cache, or NULL: there is none, or it cannot be used, which is said through the host.
 */
struct dataset *dataset_cache_open(struct cache_key *key, const struct animed_host *host);

/* Keep a dataset that was loaded with this key.  A failure is said through the host, and is none of the load. */
void dataset_cache_store(const struct dataset *dataset, struct cache_key *key, const struct animed_host *host);

#endif
