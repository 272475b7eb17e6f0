/* model.h - a model as it is served: the mapped file, the index over its items, and the lookup of its titles. */
#ifndef ANIMED_MODEL_H
#define ANIMED_MODEL_H

#include <sys/stat.h>

#include "config/conf.h"
#include "model/measure.h"
#include "model/ranking.h"
#include "model/traits.h"
#include "store/modelfile.h"
#include "titles/id-map.h"
#include "titles/lookup.h"

/* Identifies a file.  A file that replaces another one under the same name has another stamp. */
struct model_stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct model;

/* What is done with a model that has lost its last reference.  Zeroed, it means model_free(). */
struct model_retire {
	void (*call)(struct model *model, void *ctx);
	void *ctx;
};

struct model {
	uint64_t version; /* its number in the store */
	char *path;
	struct model_stamp stamp;
	struct modelfile file;
	const struct animed_model_ops *model; /* operations of the model plugin in the configuration */
	struct lookup *lookup;
	uint64_t *rated;       /* a bit an item: whether it has ratings and a vector that is not zero */
	uint64_t *all;         /* a bit for each item of the file */
	uint32_t *users_order; /* [users]: the users sorted by name; NULL if the file has them in that order */
	struct traits traits;
	struct id_map ids;            /* of other services, as the configuration names a file of them */
	struct model_stamp ids_stamp; /* of that file when it was read; zero where there is none */
	/* The similarities of the configuration of which the file has what they need, in its order.  At least one; the
	 * first answers where a query names none. */
	struct measure measures[CONF_SIMILARITIES];
	unsigned n_measures;
	struct ranking ranking;
	unsigned references;
	struct model_retire retire;
};

/* Open the file `path`, check it against the model plugin of `conf`, and build the index, the lookup and the traits.
 * `conf` and its plugins must outlive the model.  Takes long, so it runs off the loop's thread.  Returns 0; *out has
 * one reference, which the caller gives back with model_unref().  On failure returns -1 and fills err. */
int model_open(const struct conf *conf, uint64_t version, const char *path, const struct animed_host *host,
	       struct model **out, struct animed_error *err);

/* Take a reference, and give one back; after the last one the model is retired.  On the loop's thread only. */
struct model *model_ref(struct model *model);
void model_unref(struct model *model);

/* Unmap the file and free the model, which must have no references left.  Any thread. */
void model_free(struct model *model);

/* Returns the user with this name, or UINT32_MAX if there is none. */
uint32_t model_find_user(const struct model *model, struct text name);

/* Whether the item is in `rated`: it has ratings and a vector that is not zero. */
bool model_rated(const struct model *model, uint32_t item);

/* Returns the measure of this name; NULL: the model has none. */
const struct measure *model_measure(const struct model *model, struct text name);

/* Read the stamp that the file at `path` has now.  Returns 0.  On failure returns -1 and fills err. */
int model_stamp_read(const char *path, struct model_stamp *stamp, struct animed_error *err);
bool model_stamp_equal(const struct model_stamp *a, const struct model_stamp *b);

/* Whether the file of ids is another one than the model has read, or cannot be read. */
bool model_ids_changed(const struct model *model, const struct conf *conf);

#endif
