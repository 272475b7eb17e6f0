/* shortlist-job.h - computes the shortlist of the first model while this model is served already. */
#ifndef ANIMED_SHORTLIST_JOB_H
#define ANIMED_SHORTLIST_JOB_H

#include "control/served.h"

struct shortlist_job {
	uv_work_t work;
	struct served *served;
	const struct conf *conf;
	struct model *model; /* a reference; NULL: no job runs */
	unsigned swaps;      /* served->swaps when the job began */
	atomic_bool cancelled;

	/* the result; the pool's thread owns it while it works */
	struct shortlist *built;
	struct animed_error error;
	double took; /* seconds */
	int status;
};

/* Start the job, where there is a model without a shortlist.  Until it is done queries are answered by scans.  It ends
 * early where the model is replaced. */
void shortlist_job_start(struct shortlist_job *job, struct served *served, const struct conf *conf);

/* End the job early, since the daemon stops. */
void shortlist_job_cancel(struct shortlist_job *job);

#endif
