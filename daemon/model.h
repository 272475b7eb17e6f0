/* model.h - a model as it is served: the mapped file, the index over its items and the lookup of its titles. */
#ifndef ANIMED_MODEL_H
#define ANIMED_MODEL_H

#include "conf.h"
#include "lookup.h"
#include "modelfile.h"

struct model {
	uint64_t version; /* in the store */
	char *path;
	struct modelfile file;
	const struct animed_model_ops *model;           /* of the plugin that the configuration names */
	const struct animed_similarity_ops *similarity; /* likewise */
	void *index;
	struct lookup *lookup;
	unsigned references;
};

/* Open the file, check it against the model plugin of `conf`, build index and lookup.  Runs off the loop.  `conf` and
 * its plugins must outlive the model.  *out has one reference. */
int model_open(const struct conf *conf, uint64_t version, const char *path, const struct animed_host *host,
	       struct model **out, struct animed_error *err);

/* Take and give back references; the last one frees.  On the loop's thread only. */
struct model *model_ref(struct model *model);
void model_unref(struct model *model);

/* Find the user with this name; UINT32_MAX where there is none. */
uint32_t model_find_user(const struct model *model, const char *name, size_t length);

#endif
