/* service.h - all parts of the serving daemon.  Each part keeps pointers to the parts that it needs; only methods see
 * the whole struct.  It belongs to the loop's thread, see serve/server.c. */
#ifndef ANIMED_SERVICE_H
#define ANIMED_SERVICE_H

#include "conn/clients.h"
#include "conn/events.h"
#include "control/reload.h"
#include "control/retrain-schedule.h"
#include "control/retrain.h"
#include "control/served.h"
#include "control/shortlist-job.h"
#include "control/watch.h"

struct service {
	const struct conf *conf;
	struct clients clients;
	struct events events;
	struct served served;
	struct shortlist_job first_shortlist;
	struct reload reload;
	struct watch watch;
	struct retrain retrain;
	struct retrain_schedule schedule;
	LIST_HEAD(job_list, request_job) jobs; /* see job.h */
	uint64_t requests;                     /* that were taken */
	uint64_t from_lists;                   /* requests that were answered from the shortlist, without the index */
	uint64_t started;                      /* clock_begin() */
};

#endif
