/* ranking.c - opens the ranking for a model. */
#include "config.h"

#include "model/ranking.h"

#include <stdlib.h>

int ranking_open(struct ranking *ranking, const struct conf_stage *stage, const struct modelfile *file,
		 const struct animed_items *items, const struct animed_host *host, struct animed_error *err)
{
	const struct animed_plugin *info = stage->plugin.info;
	struct animed_ranking_input input = {.items = *items};

	*ranking = (struct ranking){0};
	if (!info)
		return 0;
	if (info->ops.ranking->learn && modelfile_learnt(file, info->name, &ranking->tensors, &input.learnt.n, err) < 0)
		return -1;
	if (info->ops.ranking->learn && input.learnt.n == 0)
		return 0;
	input.learnt.at = ranking->tensors;
	struct animed_error why;
	if (info->ops.ranking->open(stage->values, &input, host, &ranking->index, &why) < 0)
		return animed_fail(err, "what the model file has for \"%s\": %s; train again", info->name, why.text);
	ranking->name = info->name;
	ranking->ops = info->ops.ranking;
	return 0;
}

void ranking_close(struct ranking *ranking)
{
	if (ranking->ops)
		ranking->ops->close(ranking->index);
	free(ranking->tensors);
	*ranking = (struct ranking){0};
}
