/* query-terms.c - reads what a `similar` query asks about: one title, or several with weights; and makes of it what the
 * similarity plugin is asked. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>

#include "query/query.h"

/* Refuse an item of which the model has learnt nothing, where it learns from ratings alone. */
static int check_rated(struct question *question, const struct query *query, uint32_t item)
{
	char title[QUOTE_SIZE];

	if (mask_has(query->measure->known, item))
		return 0;
	text_quote(strings_at(&question->model->file.catalogue.titles, item), title);
	return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_NO_RATINGS,
			"nobody has rated %s, so the model has learnt nothing of it", title);
}

static int add_term(struct question *question, const msgpack_object *object, const char *what, float weight,
		    struct query *query)
{
	struct named_item named;

	if (param_item(question, object, what, &named) < 0 || check_rated(question, query, named.item) < 0)
		return -1;
	if (grow((void **)&query->terms, &query->terms_room, query->n_terms + 1, sizeof *query->terms) < 0)
		return question_out_of_memory(question);
	query->terms[query->n_terms++] =
	    (struct query_term){.item = named.item, .weight = weight, .matched = named.matched, .typed = named.typed};
	return 0;
}

/* Write what errors call member number `m` of the list: its title in quotes or its id, if it has one of these. */
static void name_member(const msgpack_object *object, uint32_t m, char out[QUOTE_SIZE])
{
	struct text title;

	if (object->type == MSGPACK_OBJECT_ARRAY && object->via.array.size > 0)
		object = &object->via.array.ptr[0];
	if (param_bytes(object, &title) && title.length > 0)
		text_quote(title, out);
	else if (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
		(void)snprintf(out, QUOTE_SIZE, "id:%" PRIu64, object->via.u64);
	else
		(void)snprintf(out, QUOTE_SIZE, "show %u of the list", (unsigned)m + 1);
}

/* Read a term [title or id, weight]. */
static int read_pair(struct question *question, const msgpack_object *pair, const char *what, struct query *query)
{
	char more[QUOTE_SIZE + 32];
	double number;

	if (pair->type != MSGPACK_OBJECT_ARRAY || pair->via.array.size != 2)
		return question_refuse(question,
				       "each show of the list must be a title, an id or [title or id, weight]");
	(void)snprintf(more, sizeof more, "the weight of %s", what);
	if (param_real(question, &pair->via.array.ptr[1], more, -1e6, 1e6, &number) < 0)
		return -1;
	if (number == 0)
		return question_refuse(question, "%s must not be 0", more);
	return add_term(question, &pair->via.array.ptr[0], what, (float)number, query);
}

/* Refuse a show that is given twice, since it would count twice. */
static int check_repeats(struct question *question, const struct query *query)
{
	const struct model *model = question->model;
	uint64_t *seen = calloc(mask_words(model->file.factors.n_items), sizeof *seen);
	char title[QUOTE_SIZE];
	int status = 0;

	if (!seen)
		return question_out_of_memory(question);
	for (size_t t = 0; t < query->n_terms && status == 0; t++) {
		const uint32_t item = query->terms[t].item;
		if (mask_has(seen, item)) {
			text_quote(strings_at(&model->file.catalogue.titles, item), title);
			status = question_refuse(question, "%s is given twice", title);
		}
		mask_set(seen, item);
	}
	free(seen);
	return status;
}

/* Read member number `m` of the list. */
static int read_member(struct question *question, const msgpack_object *member, uint32_t m, struct query *query)
{
	const bool plain = member->type != MSGPACK_OBJECT_ARRAY;
	char what[QUOTE_SIZE];

	name_member(member, m, what);
	return plain ? add_term(question, member, what, 1, query) : read_pair(question, member, what, query);
}

/* Read the rest of the list behind a member whose title means no single show, and add to its error what is wrong with
 * the titles behind it, so that all can be mended at once. */
static void add_errors(struct question *question, const msgpack_object *list, uint32_t m, struct query *query)
{
	struct rpc_error all = question->err;

	for (; m < list->via.array.size && param_failed_at_title(&all); m++) {
		if (read_member(question, &list->via.array.ptr[m], m, query) < 0 &&
		    param_failed_at_title(&question->err))
			param_add_error(&all, &question->err);
	}
	question->err = all;
}

int query_read_terms(struct question *question, uint32_t i, struct query *query)
{
	const msgpack_object *object = &question->params[i];

	if (object->type != MSGPACK_OBJECT_ARRAY) {
		query->single = true;
		return add_term(question, object, "the title", 1, query);
	}
	if (object->via.array.size == 0)
		return question_refuse(question, "parameter %u must be a list of titles, ids and [title or id, weight]",
				       (unsigned)i + 1);
	if (object->via.array.size > QUERY_MAX_ITEMS)
		return question_refuse(question, "the list has %u shows; at most %d are allowed",
				       (unsigned)object->via.array.size, QUERY_MAX_ITEMS);
	for (uint32_t m = 0; m < object->via.array.size; m++) {
		if (read_member(question, &object->via.array.ptr[m], m, query) < 0) {
			add_errors(question, object, m + 1, query);
			return -1;
		}
	}
	return check_repeats(question, query);
}

/* ---- composing ---- */

static bool any_added(const struct query *query)
{
	size_t t = 0;

	while (t < query->n_terms && !(query->terms[t].weight > 0))
		t++;
	return t < query->n_terms;
}

int query_compose(struct question *question, const struct query *query, struct animed_query *out, void **scratch)
{
	struct animed_term *terms = malloc(query->n_terms * sizeof *terms);
	struct animed_error err;

	*scratch = NULL;
	if (!terms)
		return question_out_of_memory(question);
	if (measure_learns(query->measure) && !any_added(query)) {
		free(terms);
		return question_refuse(question, "all titles are subtracted, so there is nothing to look for; add one");
	}
	for (size_t t = 0; t < query->n_terms; t++)
		terms[t] = (struct animed_term){query->terms[t].item, query->terms[t].weight};
	const int status = measure_compose(query->measure, terms, query->n_terms, out, scratch, &err);
	free(terms);
	if (status < 0)
		return question_out_of_memory(question);
	return status == 0
		   ? 0
		   : question_refuse(question, "the titles cancel each other out, so there is no direction to look in");
}
