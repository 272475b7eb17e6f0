/* model.c - opens a model for serving, and computes once what many queries need: masks and the order of the users. */
#include "config.h"

#include "model/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/mask.h"
#include "base/sorted.h"

int model_stamp_read(const char *path, struct model_stamp *stamp, struct animed_error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return animed_fail(err, "%s: %s", path, strerror(errno));
	*stamp = (struct model_stamp){st.st_dev, st.st_ino, st.st_size, st.st_ctim};
	return 0;
}

bool model_stamp_equal(const struct model_stamp *a, const struct model_stamp *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Find the items that can be compared.  An item without ratings is left out: its vector is still the one that it was
 * initialised with, which means nothing.  An item whose vector is zero is left out, since it has no direction.  Returns
 * 0.  On failure returns -1 and fills err. */
static int find_rated(struct model *model, const float *vectors, uint32_t k, struct animed_error *err)
{
	const struct catalogue *catalogue = &model->file.catalogue;

	model->rated = calloc(mask_words(model->file.factors.n_items), sizeof *model->rated);
	if (!model->rated)
		return animed_fail(err, "out of memory");
	for (uint32_t i = 0; i < model->file.factors.n_items; i++) {
		if (vector_is_directed(vectors + (size_t)i * k, k) && (!catalogue->counts || catalogue->counts[i] > 0))
			mask_set(model->rated, i);
	}
	return 0;
}

static int compare_users(const void *a, const void *b, void *users)
{
	return text_compare(strings_at(users, *(const uint32_t *)a), strings_at(users, *(const uint32_t *)b));
}

/* Sort the users by name if the file does not.  Models that animed has trained have them sorted; a model made elsewhere
 * may not.  Returns 0.  On failure returns -1 and fills err. */
static int order_users(struct model *model, struct animed_error *err)
{
	struct animed_strings *users = &model->file.users;
	uint32_t n = model->file.factors.n_users;
	bool sorted = true;

	if (!users->offsets)
		return 0;
	for (uint32_t u = 1; u < n && sorted; u++) {
		uint32_t before = u - 1;
		sorted = compare_users(&before, &u, users) <= 0;
	}
	if (sorted)
		return 0;
	model->users_order = malloc(n * sizeof *model->users_order);
	if (!model->users_order)
		return animed_fail(err, "out of memory");
	for (uint32_t u = 0; u < n; u++)
		model->users_order[u] = u;
	qsort_r(model->users_order, n, sizeof *model->users_order, compare_users, users);
	return 0;
}

void model_free(struct model *model)
{
	lookup_close(model->lookup);
	ranking_close(&model->ranking);
	for (unsigned i = 0; i < model->n_measures; i++)
		measure_close(&model->measures[i]);
	traits_close(&model->traits);
	id_map_close(&model->ids);
	free(model->users_order);
	free(model->all);
	free(model->rated);
	if (model->file.file)
		modelfile_close(&model->file);
	free(model->path);
	free(model);
}

static void warn_missing(const struct model *model, const struct conf_stage *stage, const struct animed_host *host)
{
	const bool ranks = stage->plugin.info->kind == ANIMED_RANKING;

	host->log(host->ctx, ANIMED_WARN,
		  "%s has nothing that %s learns, so that %s in its place; train again, with `animed train` or "
		  "`animectl retrain`",
		  model->path, stage->plugin.info->name,
		  ranks ? "the model's predictions rank" : "another similarity answers");
}

/* Open the similarities of which the file has what they need.  Returns 0.  On failure returns -1 and fills err. */
static int open_measures(struct model *model, const struct measured *measured, const struct animed_host *host,
			 struct animed_error *err)
{
	const struct conf *conf = measured->conf;

	for (unsigned i = 0; i < conf->n_similarities; i++) {
		struct measure *measure = &model->measures[model->n_measures];
		const int status = measure_open(measure, &conf->similarities[i], measured, host, err);
		if (status < 0) {
			measure_close(measure);
			return -1;
		}
		if (status > 0)
			warn_missing(model, &conf->similarities[i], host);
		model->n_measures += status == 0;
	}
	if (model->n_measures == 0)
		return animed_fail(err,
				   "%s: has nothing of what the similarity %s learns; train again, or add one that "
				   "compares vectors to pipeline.similarity, such as cosine",
				   model->path, conf->similarities[0].plugin.info->name);
	return 0;
}

/* Find the masks of items.  Returns 0.  On failure returns -1 and fills err. */
static int find_masks(struct model *model, struct animed_error *err)
{
	const uint32_t n = model->file.factors.n_items;
	const float *rows;
	uint32_t k;

	model->all = malloc(mask_words(n) * sizeof *model->all);
	if (!model->all)
		return animed_fail(err, "out of memory");
	mask_fill(model->all, n);
	model->model->item_vectors(&model->file.factors, &rows, &k);
	return find_rated(model, rows, k, err);
}

/* Open what answers: the similarities and the ranking. */
static int open_answers(struct model *model, const struct conf *conf, const struct animed_host *host,
			struct animed_error *err)
{
	const struct catalogue *catalogue = &model->file.catalogue;
	struct measured measured = {.conf = conf,
				    .file = &model->file,
				    .vectors = {.n = catalogue->n, .ids = catalogue->ids, .present = model->rated},
				    .items = catalogue_items(catalogue, model->traits.franchises),
				    .all = model->all};

	model->model->item_vectors(&model->file.factors, &measured.vectors.rows, &measured.vectors.k);
	if (open_measures(model, &measured, host, err) < 0)
		return -1;
	if (ranking_open(&model->ranking, &conf->ranking, &model->file, &measured.items, host, err) < 0)
		return -1;
	if (conf->ranking.plugin.info && !model->ranking.ops)
		warn_missing(model, &conf->ranking, host);
	return 0;
}

/* The part of opening a model that reads only names: the lookup of titles and the order of the users.  It has a thread
 * of its own, and runs while the rest is computed. */
struct names {
	struct model *model;
	int status;
	struct animed_error err;
};

static void open_names(void *arg)
{
	struct names *names = arg;
	struct model *model = names->model;

	names->status = lookup_open(&model->file.catalogue, &model->lookup, &names->err);
	if (names->status == 0)
		names->status = order_users(model, &names->err);
}

/* Say once for a model whether the relations of the configuration are used. */
static void tell_relations(const struct relations *relations, const char *path, const struct animed_host *host)
{
	if (!path)
		host->log(host->ctx, ANIMED_DEBUG, "relations: none");
	else if (relations->used)
		host->log(host->ctx, ANIMED_INFO, "relations: %u families of %s", relations->families, path);
	else
		host->log(
		    host->ctx, ANIMED_INFO,
		    "relations: %s is not used; of the titles by which it knows its ids this catalogue has %u, of "
		    "%u shows",
		    path, relations->agree, relations->known);
}

bool model_ids_changed(const struct model *model, const struct conf *conf)
{
	struct model_stamp stamp;
	struct animed_error ignored;

	if (!conf_ids(conf))
		return false;
	return model_stamp_read(conf_ids(conf), &stamp, &ignored) < 0 || !model_stamp_equal(&stamp, &model->ids_stamp);
}

/* Read the file of ids that the configuration names, if there is one, and say what it is good for. */
static int open_ids(struct model *model, const char *path, const struct animed_host *host, struct animed_error *err)
{
	const struct id_map *ids = &model->ids;

	if (!path)
		return 0;
	/* what is changed while it is read is read again at the next reload; id_map_open() says what is wrong with it */
	(void)model_stamp_read(path, &model->ids_stamp, err);
	if (id_map_open(&model->ids, path, &model->file.catalogue, err) < 0)
		return -1;
	host->log(host->ctx, ids->known > 0 ? ANIMED_INFO : ANIMED_WARN,
		  "lists.ids: %zu ids of other services for %zu shows of %s; the catalogue does not have %zu more",
		  ids->pairs, ids->known, path, ids->rows - ids->known);
	return 0;
}

/* Build all that is computed from the file, which is mapped and checked.  Returns 0.  On failure returns -1 and fills
 * err. */
static int open_parts(struct model *model, const struct conf *conf, const struct animed_host *host,
		      struct animed_error *err)
{
	struct names names = {.model = model};
	uv_thread_t thread;
	const char *relations = conf_relations(conf);
	const bool beside = host->threads > 1 && uv_thread_create(&thread, open_names, &names) == 0;
	int status = find_masks(model, err);

	if (status == 0)
		status = traits_open(&model->traits, &model->file, model->rated, relations, err);
	if (status == 0)
		tell_relations(&model->traits.relations, relations, host);
	if (status == 0)
		status = open_ids(model, conf_ids(conf), host, err);
	if (status == 0)
		status = open_answers(model, conf, host, err);
	if (beside)
		(void)uv_thread_join(&thread);
	else
		open_names(&names);
	if (status == 0 && names.status < 0) {
		*err = names.err;
		status = -1;
	}
	if (status == 0)
		lookup_set_franchises(model->lookup, model->traits.franchises);
	return status;
}

static int check_variant(const struct model *model, const char *wanted, struct animed_error *err)
{
	if (strcmp(model->file.variant, wanted) != 0)
		return animed_fail(
		    err,
		    "%s: this model is of the variant \"%s\", but the configuration names the model plugin "
		    "\"%s\"; set pipeline.model.plugin to \"%s\" or train again",
		    model->path, model->file.variant, wanted, model->file.variant);
	return model->model->check(&model->file.factors, err);
}

int model_open(const struct conf *conf, uint64_t version, const char *path, const struct animed_host *host,
	       struct model **out, struct animed_error *err)
{
	struct model *model = calloc(1, sizeof *model);

	*out = NULL;
	if (!model)
		return animed_fail(err, "out of memory");
	model->version = version;
	model->references = 1;
	model->model = conf->model.plugin.info->ops.model;
	model->path = strdup(path);
	if (!model->path)
		(void)animed_fail(err, "out of memory");
	if (!model->path || model_stamp_read(path, &model->stamp, err) < 0 ||
	    modelfile_open(path, &model->file, err) < 0 ||
	    check_variant(model, conf->model.plugin.info->name, err) < 0 || open_parts(model, conf, host, err) < 0) {
		model_free(model);
		return -1;
	}
	st_let_go(model->file.file);
	*out = model;
	return 0;
}

struct model *model_ref(struct model *model)
{
	model->references++;
	return model;
}

void model_unref(struct model *model)
{
	if (!model)
		return;
	model->references--;
	if (model->references == 0 && model->retire.call)
		model->retire.call(model, model->retire.ctx);
	else if (model->references == 0)
		model_free(model);
}

/* Returns the name of user number `at` in the order of names. */
static struct text user_at(const struct model *model, size_t at)
{
	return strings_at(&model->file.users, model->users_order ? model->users_order[at] : at);
}

uint32_t model_find_user(const struct model *model, struct text name)
{
	const uint32_t n = model->file.users.offsets ? model->file.factors.n_users : 0;
	const size_t at = SORTED_BEFORE(i, n, text_compare(user_at(model, i), name) < 0);

	if (at == n || text_compare(user_at(model, at), name) != 0)
		return UINT32_MAX;
	return model->users_order ? model->users_order[at] : (uint32_t)at;
}

bool model_rated(const struct model *model, uint32_t item)
{
	return mask_has(model->rated, item);
}

const struct measure *model_measure(const struct model *model, struct text name)
{
	for (unsigned i = 0; i < model->n_measures; i++) {
		if (text_compare(name, text_of(model->measures[i].name)) == 0)
			return &model->measures[i];
	}
	return NULL;
}
