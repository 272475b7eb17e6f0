/* dataset-cache-private.h - what reading and writing a cache have in common.
 *
 * Metadata: format CACHE_FORMAT; settings, of the key; files, "SIZE MTIME DIGEST" of each one after another; summary,
 * the counts of the first load and its seconds; checksum, of all that and the tensors. */
#ifndef ANIMED_DATASET_CACHE_PRIVATE_H
#define ANIMED_DATASET_CACHE_PRIVATE_H

#include "data/dataset-cache.h"
#include "data/dataset-private.h"
#include "data/tensors.h"

/* Raised whenever the same source would give another dataset, or the file changes its meaning. */
#define CACHE_FORMAT "animed-dataset-1"

enum { CACHE_DIGITS = 16 };

/* XXH3 of the texts and of every tensor's name and bytes, in whatever order the tensors come; CACHE_DIGITS hexadecimal
 * digits and a terminator. */
void cache_checksum(const struct st_tensor *tensors, size_t n, const char *settings, const char *files,
		    const char *summary, char out[CACHE_DIGITS + 1]);

#endif
