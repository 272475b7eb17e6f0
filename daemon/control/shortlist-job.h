/* shortlist-job.h - computing the neighbours of the model that is served first, while it is served. */
#ifndef ANIMED_NEIGHBOURS_JOB_H
#define ANIMED_NEIGHBOURS_JOB_H

#include <uv.h>

#include "model/model.h"

struct server;

struct neighbours_job {
	uv_work_t work;
	struct model *model; /* NULL: none is at work */
	const struct conf *conf;
	atomic_bool cancelled;

	/* what came out, the thread's while it works */
	struct neighbours *built;
	struct animed_error error;
	double took; /* seconds */
	int status;
};

/* Begin, where there is a model that lacks them; its queries are answered by scans until they are there.  Ends early
 * where the model is replaced. */
void neighbours_start(struct server *server);

/* Nobody needs them any more. */
void neighbours_cancel(struct neighbours_job *job);

#endif
