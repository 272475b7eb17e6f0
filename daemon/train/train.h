/* train.h - a training run: source, dataset, split, model, and at its end a new version in the store. */
#ifndef ANIMED_TRAIN_H
#define ANIMED_TRAIN_H

#include "config/conf.h"

/* All are off where it is zeroed. */
struct train_options {
	const char *report; /* where to write a report, a path that report_check() accepts; NULL: nowhere */
	bool aside;         /* leave the current version as it is */
};

/* Train as `conf` says; `host` is told of the progress and may cancel.  Nothing is written before the model is whole.
 * *version receives the number of the new version, which then is the current one, unless another is pinned or
 * `options` leave it aside.  On failure returns -1 and fills err; the store is as it was and *version is 0, but where
 * only the report failed, which the message says: that version stays. */
int train_run(const struct conf *conf, const struct animed_host *host, const struct train_options *options,
	      uint64_t *version, struct animed_error *err);

/* The same with progress and log on standard error; SIGINT and SIGTERM cancel. */
int train_foreground(const struct conf *conf, const struct train_options *options, uint64_t *version,
		     struct animed_error *err);

#endif
