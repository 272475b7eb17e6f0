/* learn.h - what the similarities and the ranking of a pipeline learn beside the model. */
#ifndef ANIMED_LEARN_H
#define ANIMED_LEARN_H

#include "data/dataset.h"
#include "store/modelfile.h"

/* What has been learnt; zeroed, nothing. */
struct learning {
	struct learnt {
		const struct conf_stage *stage;
		struct animed_learnt what;
	} at[CONF_SIMILARITIES + 1];
	size_t n;
	struct modelfile_learnt parts[CONF_SIMILARITIES + 1]; /* the same, as the model file takes it */
	char *parameters; /* JSON object: the parameters of each plugin that has learnt, by its name */
};

/* Let every similarity of `conf` that learns, and the ranking, learn from view->train and the catalogue of `dataset`.
 * Returns 0.  On failure returns -1 and fills err.  The caller calls learning_free() in either case. */
int learning_run(const struct conf *conf, const struct dataset *dataset, const struct animed_dataset *view,
		 const struct animed_host *host, struct learning *learning, struct animed_error *err);
void learning_free(struct learning *learning);

#endif
