/* model.h - a model as it is served: the mapped file, the index over its items and the lookup of its titles. */
#ifndef ANIMED_MODEL_H
#define ANIMED_MODEL_H

#include <sys/stat.h>

#include "config/conf.h"
#include "model/traits.h"
#include "store/modelfile.h"
#include "titles/lookup.h"

/* What tells one file from another that has taken its name. */
struct model_stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct model;

/* What is done with a model that has lost its last reference; zeroed: model_free(). */
struct model_retire {
	void (*call)(struct model *model, void *ctx);
	void *ctx;
};

struct model {
	uint64_t version; /* in the store */
	char *path;
	struct model_stamp stamp;
	struct modelfile file;
	const struct animed_model_ops *model;           /* of the plugin that the configuration names */
	const struct animed_similarity_ops *similarity; /* likewise */
	void *index;
	struct lookup *lookup;
	uint64_t *rated; /* a bit an item: it has ratings and a vector that is not zero */
	uint64_t *mask;  /* `rated`, with the number of ratings that the configuration asks for */
	float *weights;  /* [items] of model_support() as the configuration has it; NULL: it has none, or the file no
			  * counts */
	uint32_t *users_order; /* users sorted by name; NULL where the file has them in that order */
	double scan_cost;      /* seconds that one exact scan for the usual number of answers takes here: what decides
				* whether a query is answered at once or in a thread of the pool */
	struct traits traits;
	unsigned references;
	struct model_retire retire;
};

/* Open the file, check it against the model plugin of `conf`, build index and lookup.  Runs off the loop.  `conf` and
 * its plugins must outlive the model.  *out has one reference. */
int model_open(const struct conf *conf, uint64_t version, const char *path, const struct animed_host *host,
	       struct model **out, struct animed_error *err);

/* Take and give back references; after the last one the model is retired.  On the loop's thread only. */
struct model *model_ref(struct model *model);
void model_unref(struct model *model);

/* Unmap and free.  Any thread, once nobody has a reference. */
void model_free(struct model *model);

/* Find the user with this name; UINT32_MAX where there is none. */
uint32_t model_find_user(const struct model *model, const char *name, size_t length);

/* Whether the item has a vector that ratings made. */
bool model_rated(const struct model *model, uint32_t item);

/* The items that are `rated` and have at least so many ratings, as a new mask of the index; a model that does not know
 * its counts lets all `rated` items pass.  NULL: out of memory. */
uint64_t *model_mask(const struct model *model, int64_t min_ratings);

/* What n ratings weigh where as many as `shrink` weigh half: n / (n + shrink), the significance weighting of Herlocker,
 * Konstan, Borchers and Riedl ("An Algorithmic Framework for Performing Collaborative Filtering", 1999, section 5.1)
 * without its sharp end. */
static inline float model_support(int64_t n, double shrink)
{
	return n > 0 ? (float)((double)n / ((double)n + shrink)) : 0;
}

/* The stamp of the file at `path` as it is now. */
int model_stamp_read(const char *path, struct model_stamp *stamp, struct animed_error *err);
bool model_stamp_equal(const struct model_stamp *a, const struct model_stamp *b);

#endif
