/* train.h - a training run: source, dataset, split, model, and at its end a new version in the store. */
#ifndef ANIMED_TRAIN_H
#define ANIMED_TRAIN_H

#include "conf.h"

/* Run it as `conf` says; `host` is told how far it is and may cancel it.  Nothing is written before the model is whole;
 * on failure the store is as it was.  *version receives the number of the new version, which is then the current one,
 * unless another is pinned. With `report`, a path that report_check() accepts, a report of the run is written there;
 * where that fails the version stands and the failure says so. */
int train_run(const struct conf *conf, const struct animed_host *host, const char *report, uint64_t *version,
	      struct animed_error *err);

/* The same in the foreground: progress and log on standard error, SIGINT and SIGTERM cancel. */
int train_foreground(const struct conf *conf, const char *report, uint64_t *version, struct animed_error *err);

#endif
