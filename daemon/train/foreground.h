/* foreground.h - what the commands that train share: the dataset, progress and log on standard error, cancelling by
 * signal. */
#ifndef ANIMED_FOREGROUND_H
#define ANIMED_FOREGROUND_H

#include <signal.h>

#include "cli/progress.h"
#include "data/dataset.h"
#include "train/progress-stream.h"

struct foreground {
	struct progress progress;
	struct progress_stream stream; /* closed until the command sets its fd */
	struct animed_host host;       /* for the plugins */
	struct sigaction old_int, old_term;
};

/* From here to foreground_end() SIGINT and SIGTERM cancel.  One at a time in a process. */
void foreground_begin(struct foreground *foreground, unsigned threads);
void foreground_end(struct foreground *foreground);

/* Whether a signal has come, or the daemon at the other end of the stream is gone.  Any thread. */
bool foreground_cancelled(const struct foreground *foreground);

/* Load what the source of `conf` delivers and log the summary.  The caller frees *dataset with dataset_free().  On
 * failure returns -1 and fills err. */
int foreground_load(struct foreground *foreground, const struct conf *conf, struct dataset **dataset,
		    struct animed_error *err);

#endif
