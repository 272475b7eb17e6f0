/* pairs-model.c - trains into a file in memory, and opens it as a daemon does. */
#include "config.h"

#include "evaluate/pairs.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "train/learn.h"

/* Count the ratings of each item in the part that is trained on: the similarities that compare vectors weigh them.
 * Returns a new array, which is NULL where memory is short. */
static int64_t *count_ratings(const struct animed_dataset *view)
{
	int64_t *counts = calloc((size_t)view->n_items + 1, sizeof *counts);

	for (size_t r = 0; counts && r < view->train.n; r++)
		counts[view->train.items[r]]++;
	return counts;
}

static int write_file(const struct conf *conf, const struct dataset *dataset, const struct animed_dataset *view,
		      const struct animed_train_result *result, const struct learning *learning, int fd,
		      struct animed_error *err)
{
	struct catalogue catalogue = *dataset_catalogue(dataset);
	int64_t *counts = count_ratings(view);
	uint32_t n_users;

	if (!counts)
		return animed_fail(err, "out of memory");
	catalogue.counts = counts;
	const struct modelfile_info info = {
	    .variant = conf->model.plugin.info->name,
	    .parameters = "{}",
	    .seed = conf->seed,
	    .dataset_digest = "",
	    .dataset_ratings = view->train.n,
	    .train_loss = result->train_loss,
	    .valid_loss = NAN,
	    .epochs = result->epochs,
	    .learnt = learning->parts,
	    .n_learnt = learning->n,
	    .learnt_parameters = learning->parameters,
	};
	const int status =
	    modelfile_write(fd, &result->factors, &catalogue, dataset_users(dataset, &n_users), &info, err);
	free(counts);
	return status;
}

int pairs_model_open(const struct conf *conf, const struct dataset *dataset, const struct animed_dataset *view,
		     const struct animed_host *host, struct pairs_model *out, struct animed_error *err)
{
	const struct animed_model_ops *ops = conf->model.plugin.info->ops.model;
	struct animed_dataset data = *view;
	struct learning learning = {.n = 0};
	struct animed_train_result result;
	char path[64];

	*out = (struct pairs_model){.fd = memfd_create("animed-model", MFD_CLOEXEC)};
	if (out->fd < 0)
		return animed_fail(err, "cannot make a file in memory: %s", strerror(errno));
	data.valid.n = 0;
	if (ops->train(conf->model.values, &data, conf->seed, host, &result, err) < 0)
		return -1;
	int status = learning_run(conf, dataset, &data, host, &learning, err);
	if (status == 0)
		status = write_file(conf, dataset, &data, &result, &learning, out->fd, err);
	learning_free(&learning);
	ops->release(&result);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", out->fd);
	return status < 0 ? -1 : model_open(conf, 0, path, host, &out->model, err);
}

void pairs_model_close(struct pairs_model *model)
{
	model_unref(model->model);
	if (model->fd >= 0)
		(void)close(model->fd);
	*model = (struct pairs_model){.fd = -1};
}
