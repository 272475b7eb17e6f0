/* foreground.h - what the commands that train share: the dataset, progress and log on standard error, cancelling by signal. */
#ifndef ANIMED_RUN_H
#define ANIMED_RUN_H

#include <signal.h>

#include "cli/progress.h"
#include "data/dataset.h"
#include "train/progress-stream.h"

struct run {
	struct progress progress;
	struct retrain_stream stream; /* closed unless somebody opens it */
	struct animed_host host;      /* for the plugins */
	struct sigaction old_int, old_term;
};

/* From here to run_end() SIGINT and SIGTERM cancel; one run at a time. */
void run_begin(struct run *run, unsigned threads);
void run_end(struct run *run);
bool run_cancelled(const struct run *run);

/* Load what the source of `conf` delivers and log the summary.  *dataset is to be freed with dataset_free(). */
int run_load(struct run *run, const struct conf *conf, struct dataset **dataset, struct animed_error *err);

#endif
