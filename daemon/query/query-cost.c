/* query-cost.c - estimates how long a query takes: one that takes long is answered in a thread of the pool. */
#include "config.h"

#include "query/query.h"

/* How many times as long a query takes if its ten answers are explained, as measured on 423,123 ratings of 16,747
 * items. */
#define EXPLAIN_COST 40

static bool is_title(const msgpack_object *object)
{
	return object->type == MSGPACK_OBJECT_STR || object->type == MSGPACK_OBJECT_BIN;
}

/* Returns the show of a term, which is a show or an array [show, number]. */
static const msgpack_object *show_of(const msgpack_object *term)
{
	return term->type == MSGPACK_OBJECT_ARRAY && term->via.array.size > 0 ? &term->via.array.ptr[0] : term;
}

/* Returns the seconds that the terms of `similar` are expected to take.  One title is looked up here, since most titles
 * are written right and found at once.  If there are several, each is taken for one that needs a search by similarity:
 * to look all of them up would take too long on the loop. */
static double similar_cost(struct question *question)
{
	const msgpack_object *terms = &question->params[0];
	unsigned titles = 0;

	if (terms->type != MSGPACK_OBJECT_ARRAY)
		return param_item_cost(question, terms);
	if (terms->via.array.size == 1)
		return param_item_cost(question, show_of(&terms->via.array.ptr[0]));
	for (uint32_t i = 0; i < terms->via.array.size; i++)
		titles += is_title(show_of(&terms->via.array.ptr[i]));
	return titles * lookup_cost(question->model->lookup);
}

double entries_cost(struct question *question, const msgpack_object *list)
{
	const double search = lookup_cost(question->model->lookup);

	if (list->type != MSGPACK_OBJECT_ARRAY)
		return 0;
	if (list->via.array.size != 1)
		return list->via.array.size * search;
	const msgpack_object *only = &list->via.array.ptr[0];
	/* a title in a map is looked up once more with its year, and not by single words */
	return only->type == MSGPACK_OBJECT_MAP ? (rpc_map_get(only, "title") ? search : 0)
						: param_item_cost(question, show_of(only));
}

/* Returns how many questions for similar items a recommendation is taken for: a ranking that learns adds up a row, and may
 * ask for what is similar, for each show that the person has rated.  The shows of a user who is named are taken for as
 * many as users have on average. */
static double recommend_scans(const struct question *question)
{
	const struct model *model = question->model;
	const msgpack_object *whose = &question->params[0];
	const uint32_t users = model->file.factors.n_users;

	if (!query_ranking_learns(model))
		return 1;
	if (whose->type == MSGPACK_OBJECT_ARRAY)
		return 1.0 + whose->via.array.size;
	return 1 + (model->file.ratings.offsets && users > 0 ? (double)model->file.ratings.offsets[users] / users : 0);
}

/* Returns how many of the shows of an option may have to be looked up by a title. */
static unsigned named_titles(const msgpack_object *shows)
{
	unsigned titles = 0;

	if (shows->type != MSGPACK_OBJECT_ARRAY)
		return is_title(shows) || shows->type == MSGPACK_OBJECT_MAP;
	for (uint32_t i = 0; i < shows->via.array.size; i++)
		titles += named_titles(&shows->via.array.ptr[i]);
	return titles;
}

/* Returns the seconds that an option is expected to take. */
static double option_cost(struct question *question, const msgpack_object_kv *option)
{
	const double search = lookup_cost(question->model->lookup), scan = question->model->measures[0].cost;

	if (rpc_str_is(&option->key, "exclude") || rpc_str_is(&option->key, "only"))
		return named_titles(&option->val) * search;
	if (rpc_str_is(&option->key, "with") && option->val.type == MSGPACK_OBJECT_ARRAY)
		return entries_cost(question, &option->val) + (1.0 + option->val.via.array.size) * scan;
	/* each answer is compared with what may come next */
	return rpc_str_is(&option->key, "diverse") ? question->conf->limit * scan : 0;
}

double query_cost(struct question *question, enum query_kind kind)
{
	const uint32_t i = kind == QUERY_CULT ? 0 : 1;
	const msgpack_object *options = i < question->n_params ? &question->params[i] : NULL;
	double cost = kind == QUERY_SEARCH ? lookup_cost(question->model->lookup) : question->model->measures[0].cost;
	bool explain = false;

	if (kind == QUERY_SIMILAR)
		cost += similar_cost(question);
	if (kind == QUERY_NEXT)
		cost += entries_cost(question, &question->params[0]);
	if (kind == QUERY_RECOMMEND)
		cost = cost * recommend_scans(question) + entries_cost(question, &question->params[0]);
	/* a client may give an option several times */
	for (uint32_t o = 0; options && options->type == MSGPACK_OBJECT_MAP && o < options->via.map.size; o++) {
		const msgpack_object_kv *option = &options->via.map.ptr[o];
		cost += option_cost(question, option);
		explain |= rpc_str_is(&option->key, "explain");
	}
	return explain ? cost * EXPLAIN_COST : cost;
}
