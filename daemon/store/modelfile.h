/* modelfile.h - a model on disk: the tensors and metadata of animed-model(5), in a safetensors file.
 *
 * Tensors: user_factors F32 [U,k], item_factors F32 [I,k]; where the variant has them user_bias F32 [U] and item_bias
 * F32 [I]; and those of tensors.h, of which item_ids must be there.
 * What plugins have learnt beside the model: tensors of rank 1, named by the plugin, a dot, and the plugin's own name for
 * them.
 * Metadata (all text): format "animed-1", variant, link, y_range ("[0, 10.5]": low and high of the scale), global_mean,
 * seed, valid_pct (the share held out), source_fingerprint, dataset_digest, dataset_ratings, train_loss, valid_loss,
 * ndcg, ndcg_error, ranking, epochs, created (UTC, ISO 8601), parameters (JSON), learnt (JSON).  A file made elsewhere may have only part of it: link defaults to
 * "sigmoid", y_range to [0, 10.5], the variant to "bias" where biases are there and else to "plain". */
#ifndef ANIMED_MODELFILE_H
#define ANIMED_MODELFILE_H

#include "data/tensors.h"

struct modelfile {
	struct st_file *file;
	struct animed_factors factors; /* point into the mapping */
	struct catalogue catalogue;
	struct animed_strings users; /* offsets NULL where the file names no users */
	struct rating_lists ratings;
	struct favourite_lists favourites;
	const char *variant; /* the model plugin that it was made by; valid until modelfile_close() */
};

/* Map a model and check it: dtypes, shapes that fit each other, what tensors.h checks, low < high, U and I below
 * 2^32 - 1, k >= 1.  The caller frees *out with modelfile_close().  Returns 0.  On failure returns -1 and fills err. */
int modelfile_open(const char *path, struct modelfile *out, struct animed_error *err);
void modelfile_close(struct modelfile *file);

/* Find what the plugin of this name has learnt: *tensors is a new array, which the caller frees with free(), of the *n
 * tensors whose names begin with that of the plugin and a dot; their names here are what follows.  What they point to
 * is valid until modelfile_close().  *n is 0 and *tensors NULL where there are none.  Returns 0.  Where one is of a
 * rank or dtype that a plugin cannot have written, or memory is short, returns -1 and fills err. */
int modelfile_learnt(const struct modelfile *file, const char *plugin, struct animed_tensor **tensors, size_t *n,
		     struct animed_error *err);

/* What a plugin has learnt, to be written under its name. */
struct modelfile_learnt {
	const char *plugin;
	struct animed_tensors tensors;
};

/* What goes into a model beside its factors, catalogue and users. */
struct modelfile_info {
	const char *variant;
	const char *parameters; /* JSON object */
	uint64_t seed;
	const char *dataset_digest;
	uint64_t dataset_ratings;
	double train_loss, valid_loss; /* valid_loss NaN: not written */
	double ndcg;                   /* held-out NDCG@10 of the ranking; NaN: not written */
	double ndcg_error;             /* the standard error of ndcg */
	const char *ranking;           /* the plugin that it is of; NULL: neither is written */
	int epochs;
	struct rating_lists ratings;           /* offsets NULL: not written */
	struct favourite_lists favourites;     /* the same */
	const struct modelfile_learnt *learnt; /* [n_learnt], all of them from different plugins */
	size_t n_learnt;
	const char
	    *learnt_parameters; /* JSON object: their parameters by the names of the plugins; NULL: not written */
	double valid_pct;       /* the share held out */
	const char *source_fingerprint; /* of source_hash(); NULL and "": not written */
};

/* Write a model to `fd` and sync it.  Returns 0.  On failure returns -1 and fills err. */
int modelfile_write(int fd, const struct animed_factors *factors, const struct catalogue *catalogue,
		    const struct animed_strings *users, const struct modelfile_info *info, struct animed_error *err);

#endif
