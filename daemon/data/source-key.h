/* source-key.h - what a dataset is made from: the source's plugin and its file, its values, the options of the dataset,
 * the files that the values name, by their size and modification time, and what the plugin tells of the state of what it
 * reads.
 *
 * This is the one answer to whether a load would give the same again.  A schedule compares a hash of it with the hash in
 * the metadata of the newest model; a cached dataset is compared with all of it. */
#ifndef ANIMED_SOURCE_KEY_H
#define ANIMED_SOURCE_KEY_H

#include "config/conf.h"

enum { SOURCE_HASH_SIZE = 17, SOURCE_STATE_SIZE = 512 };

/* A file that the source reads. */
struct source_file {
	const char *path; /* of the values */
	bool regular;     /* false: missing, or something else than a regular file */
	uint64_t size;    /* bytes */
	int64_t mtime;    /* ns */
	uint64_t digest;  /* XXH3 of the content, once `digested` */
	bool digested;
};

struct source_key {
	const struct conf_stage *source;
	char *settings;                /* everything but the files and the state, as text */
	char state[SOURCE_STATE_SIZE]; /* of what the source reads, where its plugin can tell; else "" */
	struct source_file *files;
	size_t n;
	uint64_t bytes; /* of all files */
	bool unknown;   /* what the source reads may change without a sign */
};

/* Look at what a dataset of `source`, which must outlive the key, would be made from now.  The caller frees the key with
 * source_key_free(), whatever is returned.  Returns 0.  On failure returns -1 and fills err. */
int source_key_make(const struct conf_stage *source, const struct dataset_options *options, struct source_key *key,
		    struct animed_error *err);
void source_key_free(struct source_key *key);

/* Whether a later change of any file must show in the key.  Returns 0.  Returns -1 and fills err where one is no regular
 * file, or was changed so recently that a further change might leave its time as it is. */
int source_key_settled(const struct source_key *key, struct animed_error *err);

/* Whether the files and the state are still as they were when the key was made. */
bool source_key_holds(const struct source_key *key);

/* Read the files that are not digested yet, and digest them.  Returns 0.  On failure returns -1 and fills err. */
int source_key_digest(struct source_key *key, const struct animed_host *host, struct animed_error *err);

/* Write 16 hexadecimal digits that change with whatever is in the key of `source`; "" where what it reads may
 * change without a sign, as for a source that names no files and tells no state.  Returns 0.  On failure returns -1 and fills err. */
int source_hash(const struct conf_stage *source, const struct dataset_options *options, char out[SOURCE_HASH_SIZE],
		struct animed_error *err);

#endif
