/* shortlist-job.h - computing the shortlist of the model that is served first, while it is served. */
#ifndef ANIMED_SHORTLIST_JOB_H
#define ANIMED_SHORTLIST_JOB_H

#include "control/served.h"

struct shortlist_job {
	uv_work_t work;
	struct served *served;
	const struct conf *conf;
	struct model *model; /* a reference; NULL: nothing is at work */
	unsigned swaps;      /* of `served` when it began */
	atomic_bool cancelled;

	/* what came out, the thread's while it works */
	struct shortlist *built;
	struct animed_error error;
	double took; /* seconds */
	int status;
};

/* Begin, where there is a model that lacks one; its queries are answered by scans until it is there.  Ends early where
 * the model is replaced. */
void shortlist_job_start(struct shortlist_job *job, struct served *served, const struct conf *conf);

/* Nobody needs it any more. */
void shortlist_job_cancel(struct shortlist_job *job);

#endif
