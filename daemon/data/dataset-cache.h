/* dataset-cache.h - a loaded dataset kept beside its source, so that the next run maps it.
 *
 * It is a safetensors file with the columns of tensors.h and the column rating_users U32 [R].  The metadata has its
 * source key (source-key.h), with an XXH3 digest of every file.  Only a source that says so in its description
 * (`cacheable`) is kept.
 *
 * It is used where all of this is the same.  Of a file whose size is the same but whose time is not, the digest
 * decides: a touched or copied file still hits.  A file that was changed just before it is read is not kept, since one
 * more change might not move its time.  A cache is never trusted: only this user and root may be able to write it, it must be
 * whole by the container's rules, of the right checksum, and its columns must fit each other; else the source is read.
 *
 * It lies at FILE.animed-cache, FILE being the first that the source reads, or where that directory cannot be written,
 * in $XDG_CACHE_HOME/animed.  It is written under a temporary name and renamed; one process writes, others go without;
 * a mapping stays what it was when a new one takes the name. */
#ifndef ANIMED_DATASET_CACHE_H
#define ANIMED_DATASET_CACHE_H

#include <limits.h>

#include "data/dataset.h"
#include "data/source-key.h"

/* What a dataset would be made from, and where its cache may be. */
struct dataset_cache {
	struct source_key key;
	char beside[PATH_MAX]; /* the first source file; "" where there can be no such place, here as below */
	char apart[PATH_MAX];  /* where no file can be made there */
};

/* Look at what the dataset is to be made from.  The caller frees *cache with dataset_cache_free(), whatever is returned.
 * Returns 0.  Returns -1 and fills err where the dataset cannot be kept: the source does not say that it may be, names no
 * file, or one that is not regular or was changed this moment. */
int dataset_cache_find(const struct conf_stage *source, const struct dataset_options *options,
		       struct dataset_cache *cache, struct animed_error *err);
void dataset_cache_free(struct dataset_cache *cache);

/* Map what was kept.  Returns NULL where nothing was, or where it cannot be used; why is then said through the host.
 * The caller frees the dataset with dataset_free(). */
struct dataset *dataset_cache_open(struct dataset_cache *cache, const struct animed_host *host);

/* Keep a dataset that was loaded after *cache was filled.  Where that fails it is said through the host, and the load
 * has not failed. */
void dataset_cache_store(const struct dataset *dataset, struct dataset_cache *cache, const struct animed_host *host);

#endif
