/* train.h - a training run: source, dataset, split, model, and at its end a new version in the store. */
#ifndef ANIMED_TRAIN_H
#define ANIMED_TRAIN_H

#include "conf.h"

/* Run it as `conf` says, its progress on standard error.  SIGINT and SIGTERM cancel it.  Nothing is written before the
 * model is whole; on failure the store is as it was.  *version receives the number of the new version, which is then the
 * current one. */
int train_run(const struct conf *conf, uint64_t *version, struct animed_error *err);

#endif
