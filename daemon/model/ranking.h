/* ranking.h - the ranking of the pipeline, opened for a model. */
#ifndef ANIMED_RANKING_H
#define ANIMED_RANKING_H

#include "config/conf.h"
#include "store/modelfile.h"

struct ranking {
	const char *name;                     /* of the plugin, which outlives the ranking; NULL: see `ops` */
	const struct animed_ranking_ops *ops; /* NULL: items are ranked by the score that the model predicts */
	void *index;
	struct animed_tensor *tensors; /* what the plugin has learnt, in the file; NULL for one that does not learn */
};

/* Open the ranking for a model file and its items, which must outlive it.  Where the file has nothing that the plugin
 * has learnt, the model's predictions take its place.  Returns 0.  On failure returns -1 and fills err.  The caller
 * calls ranking_close() in either case. */
int ranking_open(struct ranking *ranking, const struct conf_stage *stage, const struct modelfile *file,
		 const struct animed_items *items, const struct animed_host *host, struct animed_error *err);
void ranking_close(struct ranking *ranking);

#endif
