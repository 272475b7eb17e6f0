/* dataset-cache.h - a file with a loaded dataset, beside its source, which the next load maps.
 *
 * It is a safetensors file with the columns of tensors.h, the column rating_users U32 [R], and the favourites as
 * favourite_users U32 [F] and favourite_items U32 [F].  The metadata has its source key (source-key.h), with an XXH3
 * digest of every file.  Only a source that says so in its description (`cacheable`) is kept.
 *
 * It is used where all of this is the same.  For a file with the same size and another time the digest decides, so
 * that a file that was touched or copied is found again.  A source with a file that was changed just before is not
 * kept, since one more change might leave the time of the file as it is.  The cache must be a file that this user
 * and root alone can write, it must be whole by the rules of the container, have the right checksum, and its columns
 * must fit each other; otherwise the source is read.
 *
 * It lies at FILE.animed-cache, where FILE is the first that the source reads, or in $XDG_CACHE_HOME/animed where no
 * file can be made there.  It appears by a rename.  While one process writes it others do without; a dataset that
 * has mapped the file keeps what it had when a new one takes the name. */
#ifndef ANIMED_DATASET_CACHE_H
#define ANIMED_DATASET_CACHE_H

#include <limits.h>

#include "data/dataset.h"
#include "data/source-key.h"

/* What a dataset would be made from, and where its cache may be. */
struct dataset_cache {
	struct source_key key;
	char beside[PATH_MAX]; /* beside the first source file; "": there is no such place, as for `apart` */
	char apart[PATH_MAX];  /* in the user's cache directory */
};

/* Look at what the dataset would be made from.  The caller frees *cache with dataset_cache_free(), whatever is
 * returned.  Returns 0.  Returns -1 and fills err where the dataset cannot be kept: the source does not say that it
 * may be, names no file, or one that is not regular or was changed this moment. */
int dataset_cache_find(const struct conf_stage *source, const struct dataset_options *options,
		       struct dataset_cache *cache, struct animed_error *err);
void dataset_cache_free(struct dataset_cache *cache);

/* Returns the dataset that was kept, mapped; the caller frees it with dataset_free().  NULL: there is none that can
 * be used, and the log says why not. */
struct dataset *dataset_cache_open(struct dataset_cache *cache, const struct animed_host *host);

/* Keep a dataset that was loaded after *cache was filled.  The log says how that went; where it fails the dataset is
 * good all the same. */
void dataset_cache_store(const struct dataset *dataset, struct dataset_cache *cache, const struct animed_host *host);

#endif
