/* tune-bench.h - measures the trials of a search: trains the configured model on a dataset, in the foreground. */
#ifndef ANIMED_TUNE_BENCH_H
#define ANIMED_TUNE_BENCH_H

#include "base/host.h"
#include "evaluate/tune.h"
#include "evaluate/user-sample.h"
#include "train/foreground.h"

/* A sample with fewer training ratings says little of the whole, and saves no time. */
enum { TUNE_LEAST_RATINGS = 20000 };

/* What is asked for; 0: no bound. */
struct tune_wish {
	uint64_t seed;  /* of the first split and of its trainings; the second has the next */
	size_t trials;  /* the configuration counts */
	double seconds; /* for the search, the final included as far as its time can be told beforehand */
};

/* Belongs to one search; does not move in memory. */
struct tune_run {
	struct host_relay relay; /* relay.host is that of the trainings */
	struct tune_bench bench;
	struct tune_search search;
	const struct conf *conf;
	struct tune_wish wish;
	struct foreground *foreground;
	struct dataset *dataset;
	struct split *splits[2];
	struct animed_dataset views[2];
	struct user_sample samples[TUNE_RUNGS];
	size_t n_samples; /* the first rungs; the last has all */
	/* where it is */
	struct tune_job job;
	double begun, deadline; /* INFINITY: none */
	double whole_seconds;   /* of the longest training on all users */
	double cost, done;      /* in trainings on all users */
	double best;            /* INFINITY: none yet */
};

/* Load and split the data, search the space, and leave the trials in tune->search, best first.  -1 where nothing came
 * of it.  Either way tune_run_free() is to be called, which ends what `run` began. */
int tune_run(struct tune_run *tune, const struct conf *conf, const struct tune_space *space,
	     const struct tune_wish *wish, struct foreground *foreground, struct animed_error *err);
void tune_run_free(struct tune_run *tune);

#endif
