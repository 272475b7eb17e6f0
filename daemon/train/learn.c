/* learn.c - trains the similarities and the ranking of a pipeline. */
#include "config.h"

#include "train/learn.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "titles/franchise.h"

static int learn_stage(const struct conf_stage *stage, const struct animed_dataset *view,
		       const struct animed_items *items, const struct animed_host *host, struct learning *learning,
		       struct animed_error *err)
{
	const struct animed_learn_ops *ops = conf_stage_learn(stage);
	struct learnt *learnt = &learning->at[learning->n];
	const uint64_t begun = clock_begin();

	if (!ops)
		return 0;
	host->log(host->ctx, ANIMED_INFO, "%s learns from %zu ratings", stage->plugin.info->name, view->train.n);
	struct animed_error why;
	if (ops->learn(stage->values, view, items, host, &learnt->what, &why) < 0)
		return animed_fail(err, "%s: %s", stage->plugin.info->name, why.text);
	learnt->stage = stage;
	learning->parts[learning->n] = (struct modelfile_learnt){stage->plugin.info->name, learnt->what.tensors};
	learning->n++;
	host->log(host->ctx, ANIMED_INFO, "%s has learnt in %.2f s", stage->plugin.info->name, clock_seconds(begun));
	return host->cancelled(host->ctx) ? animed_fail(err, "cancelled") : 0;
}

/* Write the parameters of all that has learnt to learning->parameters.  Returns 0, or -1 where memory is short. */
static int tell_parameters(struct learning *learning)
{
	json_t *object = json_object();
	int bad = object ? 0 : -1;

	for (size_t i = 0; i < learning->n && bad == 0; i++) {
		char *text = conf_stage_json(learning->at[i].stage);
		bad = text ? json_object_set_new(object, learning->parts[i].plugin, json_loads(text, 0, NULL)) : -1;
		free(text);
	}
	learning->parameters = bad ? NULL : json_text(object);
	json_decref(object);
	return learning->parameters ? 0 : -1;
}

int learning_run(const struct conf *conf, const struct dataset *dataset, const struct animed_dataset *view,
		 const struct animed_host *host, struct learning *learning, struct animed_error *err)
{
	const struct catalogue *catalogue = dataset_catalogue(dataset);
	uint32_t *franchises;
	int status = 0;

	*learning = (struct learning){.n = 0};
	if (franchise_find(catalogue, conf_relations(conf), &franchises, NULL, err) < 0)
		return -1;
	const struct animed_items items = catalogue_items(catalogue, franchises);
	for (unsigned i = 0; i < conf->n_similarities && status == 0; i++)
		status = learn_stage(&conf->similarities[i], view, &items, host, learning, err);
	if (status == 0)
		status = learn_stage(&conf->ranking, view, &items, host, learning, err);
	free(franchises);
	if (status == 0 && learning->n > 0 && tell_parameters(learning) < 0)
		status = animed_fail(err, "out of memory");
	return status;
}

void learning_free(struct learning *learning)
{
	for (size_t i = 0; i < learning->n; i++)
		conf_stage_learn(learning->at[i].stage)->release(&learning->at[i].what);
	free(learning->parameters);
	*learning = (struct learning){.n = 0};
}
