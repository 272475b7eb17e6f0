/* tune-bench.h - measures the trials of a search: trains the configured model on the dataset, in the foreground. */
#ifndef ANIMED_TUNE_BENCH_H
#define ANIMED_TUNE_BENCH_H

#include "base/host.h"
#include "evaluate/tune.h"
#include "evaluate/user-sample.h"
#include "train/foreground.h"

/* A sample with fewer training ratings says little of the whole, and saves no time. */
enum { TUNE_LEAST_RATINGS = 20000 };

/* What the search is to do; trials and seconds are without bound where they are 0. */
struct tune_wish {
	uint64_t seed;  /* of the first split and of its trainings; the second has the next */
	size_t trials;  /* with that of the configuration */
	double seconds; /* for the search and, as far as its time can be foretold, the final */
};

/* A search and all it works on.  It must not move in memory. */
struct tune_run {
	struct host_relay relay; /* relay.host is the host of the trainings */
	struct tune_bench bench;
	struct tune_search search;
	const struct conf *conf;
	struct tune_wish wish;
	struct foreground *foreground;
	struct dataset *dataset;
	struct split *splits[2];
	struct animed_dataset views[2];
	struct user_sample samples[TUNE_RUNGS];
	size_t n_samples; /* one for each rung but the last, which has all users */
	/* how far the search is */
	struct tune_job job;
	double begun, deadline; /* the deadline is INFINITY where there is none */
	double whole_seconds;   /* of the longest training on all users */
	double cost, done;      /* in trainings on all users */
	double best;            /* the least error; INFINITY while there is none */
};

/* Load and split the data, search the space, and leave the trials in tune->search, best first.  The caller calls
 * tune_run_free(), on failure too, which also ends `foreground`.  Where no trial was measured, returns -1 and fills
 * err. */
int tune_run(struct tune_run *tune, const struct conf *conf, const struct tune_space *space,
	     const struct tune_wish *wish, struct foreground *foreground, struct animed_error *err);
void tune_run_free(struct tune_run *tune);

#endif
