/* load-each.h - loads a dataset again and again while memory is short.  Each load has to give exactly the dataset of the
 * source, or to fail with a message that memory is short. */
#ifndef TESTS_LOAD_EACH_H
#define TESTS_LOAD_EACH_H

#include "data/dataset.h"

/* A load, and its outcome where memory is not short. */
struct given {
	const char *plugin;            /* of the source */
	const char *const *parameters; /* "name", "value", ..., NULL; the others have their defaults */
	struct dataset_options options;
	unsigned threads;   /* 0: one */
	const char *forget; /* a file that is removed after each load; NULL: none */
	int status;         /* what the load returns; load_each() fills it, and what follows */
	struct conf_stage source;
	uint64_t fingerprint;
};

/* Load with each allocation failing, and print as `what` how many there were.  Files that the parameters name are made
 * 100 seconds old, since a dataset is not cached while its files were changed too recently. */
void load_each(const char *what, struct given *given);

#endif
