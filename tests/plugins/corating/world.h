/* world.h - a small made-up world of users with tastes, and the plugin that learns it. */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "config/plugin.h"
#include "corating/corating.h"

/* Item i is liked by the users u with u % TASTES == i % TASTES, if by anybody. */
enum {
	ITEMS = 60,
	USERS = 200,
	TASTES = 4,
	RATED = 50,     /* items from here on have fewer than min_ratings ratings */
	UNRATED = 54,   /* items from here on have none */
	UNKNOWN = 59,   /* this one has no genre and no synopsis either */
	WORDLESS = 58,  /* this one has genres alone */
	GENRELESS = 57, /* this one has a synopsis alone */
	RATINGS = ITEMS * USERS
};

struct world {
	struct animed_dataset data;
	struct animed_items items;
	uint32_t users[RATINGS], rated[RATINGS];
	float scores[RATINGS];
	int64_t ids[ITEMS], members[ITEMS];
	char synopses[ITEMS * 200], genres[ITEMS * 60];
	uint64_t synopsis_offsets[ITEMS + 1], genre_offsets[ITEMS + 1];
};

/* Make the world, with scores in whole steps from low to high. */
void world_make(struct world *world, int low, int high);

/* The plugin, with the defaults of its parameters in values[]. */
extern const struct animed_similarity_ops *ops;
extern struct animed_value values[CORATING_NEIGHBOURS + 1];
extern struct animed_error err;
void plugin_load(void); /* and make OpenBLAS work in the calling thread */
void plugin_unload(void);

/* Learn, and open what was learnt. */
struct taught {
	struct animed_learnt learnt;
	void *index;
};
struct taught teach(const struct world *world, unsigned threads);
void forget(struct taught *taught);

/* The learnt tensor of this name. */
const struct animed_tensor *tensor_of(const struct animed_learnt *learnt, const char *name);

/* The bytes of a tensor. */
size_t tensor_size(const struct animed_tensor *tensor);

#endif
