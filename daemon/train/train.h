/* train.h - a training run: source, dataset, split, model, and at its end a new version in the store. */
#ifndef ANIMED_TRAIN_H
#define ANIMED_TRAIN_H

#include "config/conf.h"

/* Zeroed: none. */
struct train_options {
	const char *report; /* a path that report_check() accepts: write a report of the run there */
	bool aside;         /* leave `current` as it is */
};

/* Run it as `conf` says; `host` is told how far it is and may cancel it.  Nothing is written before the model is whole;
 * on failure the store is as it was.  *version receives the number of the new version, which is then the current one,
 * unless another is pinned or it was to be left aside.  Where the report fails, the version stands and the failure says
 * so. */
int train_run(const struct conf *conf, const struct animed_host *host, const struct train_options *options,
	      uint64_t *version, struct animed_error *err);

/* The same in the foreground: progress and log on standard error, SIGINT and SIGTERM cancel. */
int train_foreground(const struct conf *conf, const struct train_options *options, uint64_t *version,
		     struct animed_error *err);

#endif
