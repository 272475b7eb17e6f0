/* ease.c - ranking: what people with the same taste rate well. */
#include "config.h"

#include "ease/ease.h"

static int open_index(const struct animed_value *values, const struct animed_ranking_input *input,
		      const struct animed_host *host, void **index, struct animed_error *err)
{
	(void)values;
	(void)host;
	return ease_open(input, index, err);
}

static const struct animed_learn_ops learn = {.learn = ease_learn, .release = ease_release};
static const struct animed_ranking_ops ops = {.learn = &learn,
					      .open = open_index,
					      .close = ease_close,
					      .scores = ease_scores,
					      .match = ease_match,
					      .parts = ease_parts};

ANIMED_PLUGIN(.kind = ANIMED_RANKING, .name = "ease", .summary = "what people with the same taste rate well",
	      .params = ease_params, .ops.ranking = &ops);
