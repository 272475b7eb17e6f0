/* dataset-cache-private.h - what reading and writing a cache have in common.
 *
 * Metadata: format, which is CACHE_FORMAT; settings, those of the source key; files, "SIZE MTIME DIGEST " of each,
 * then the state of the source key; summary, the counts of the load, its scale and its seconds; checksum, of these texts and the
 * tensors. */
#ifndef ANIMED_DATASET_CACHE_PRIVATE_H
#define ANIMED_DATASET_CACHE_PRIVATE_H

#include "data/dataset-cache.h"
#include "data/dataset-private.h"
#include "data/tensors.h"

/* Must change whenever the same source would give another dataset, or the file another meaning. */
#define CACHE_FORMAT "animed-dataset-2"

enum { CACHE_DIGITS = 16 };

enum { CACHE_COUNTS = 19 };

/* Point to the counts of a summary, in the order in which the file has them. */
void cache_counts(struct dataset_summary *summary, uint64_t *counts[CACHE_COUNTS]);

/* Write the checksum: CACHE_DIGITS hexadecimal digits of XXH3 over the texts and over name and bytes of every
 * tensor.  The order of the tensors makes no difference. */
void cache_checksum(const struct st_tensor *tensors, size_t n, const char *settings, const char *files,
		    const char *summary, char out[CACHE_DIGITS + 1]);

#endif
