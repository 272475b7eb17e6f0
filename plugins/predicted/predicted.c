/* predicted.c - ranks items by the score that the model predicts. */
#include "config.h"

#include "animed-plugin.h"

static int open_index(const struct animed_value *values, const struct animed_ranking_input *input,
		      const struct animed_host *host, void **index, struct animed_error *err)
{
	(void)values;
	(void)input;
	(void)host;
	(void)err;
	*index = NULL; /* all there is to know is the model's */
	return 0;
}

static void close_index(void *index)
{
	(void)index;
}

static int scores(const void *index, const struct animed_person *person, float *to, struct animed_error *err)
{
	(void)index;
	return person->predict(person->ctx, to, err);
}

static const struct animed_ranking_ops ops = {.open = open_index, .close = close_index, .scores = scores};
static const struct animed_param params[] = {{NULL, 0, NULL, 0, 0, NULL, 0, NULL}};
ANIMED_PLUGIN(.kind = ANIMED_RANKING, .name = "predicted", .summary = "the score that the model predicts",
	      .params = params, .ops.ranking = &ops);
