/* query-options-list.c - the options that name shows or people, and those that choose among answers. */
#include "config.h"

#include <stdlib.h>

#include "query/query-options-private.h"

int option_give(struct question *question, struct query *query, enum filter_part part, bool known, const char *what,
		const char *column)
{
	query->filter.given |= FILTER_BIT(part);
	query->filter.by_request |= FILTER_BIT(part);
	return known ? 0 : question_refuse(question, "%s asks for what the model does not know: %s", what, column);
}

int option_each(struct question *question, const msgpack_object *value, const char *what,
		int (*take)(struct question *, const msgpack_object *, const char *, void *), void *to)
{
	if (value->type != MSGPACK_OBJECT_ARRAY)
		return take(question, value, what, to);
	for (uint32_t i = 0; i < value->via.array.size; i++) {
		if (take(question, &value->via.array.ptr[i], what, to) < 0)
			return -1;
	}
	return 0;
}

/* ---- options that name shows ---- */

/* Add an item to a mask of the filter, which is made with its first one. */
static int add_named(struct question *question, uint64_t **mask, size_t *n, const char *what, uint32_t item)
{
	if (*n == QUERY_MAX_NAMED)
		return question_refuse(question, "%s has more than %d shows", what, QUERY_MAX_NAMED);
	if (!*mask)
		*mask = calloc(mask_words(question->model->file.factors.n_items) + 1, sizeof **mask);
	if (!*mask)
		return question_out_of_memory(question);
	++*n;
	if (item != ANIMED_NO_ITEM)
		mask_set(*mask, item);
	return 0;
}

/* Read a show: a title or an id, which has to be one, or a map as in a list of entries, which need not. */
static int read_named(struct question *question, const msgpack_object *value, const char *what,
		      struct named_item *named)
{
	return value->type == MSGPACK_OBJECT_MAP ? entries_read_show(question, value, what, named)
						 : param_item(question, value, what, named);
}

static int take_excluded(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;
	struct filter *filter = &query->filter;
	struct named_item named;

	if (read_named(question, value, what, &named) < 0 ||
	    add_named(question, &filter->exclude, &filter->n_exclude, what, named.item) < 0)
		return -1;
	if (named.item == ANIMED_NO_ITEM)
		entries_miss(&query->not_excluded, value);
	if (value->type == MSGPACK_OBJECT_MAP)
		return 0;
	if (grow((void **)&query->excluded, &query->excluded_room, query->n_excluded + 1, sizeof *query->excluded) < 0)
		return question_out_of_memory(question);
	query->excluded[query->n_excluded++] = named;
	return 0;
}

int option_exclude(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;

	if (option_give(question, query, FILTER_EXCLUDE, true, what, "") < 0)
		return -1;
	return option_each(question, value, what, take_excluded, query);
}

static int take_only(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;
	struct filter *filter = &query->filter;
	struct named_item named;

	if (read_named(question, value, what, &named) < 0)
		return -1;
	if (named.item == ANIMED_NO_ITEM)
		entries_miss(&query->not_only, value);
	return add_named(question, &filter->only, &filter->n_only, what, named.item);
}

int option_only(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;

	if (option_give(question, query, FILTER_ONLY, true, what, "") < 0)
		return -1;
	return option_each(question, value, what, take_only, query);
}

/* ---- options of lists ---- */

int option_planned(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;

	if (value->type != MSGPACK_OBJECT_BOOLEAN)
		return question_refuse(question, "%s must be true or false", what);
	const bool planned = value->via.boolean;
	query->filter.given &= ~FILTER_BIT(FILTER_PLANNED);
	query->filter.by_request &= ~FILTER_BIT(FILTER_PLANNED);
	return planned ? option_give(question, query, FILTER_PLANNED, true, what, "") : 0;
}

int option_ignore_dislikes(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	return param_flag(question, value, what, &((struct query *)to)->ignore_dislikes);
}

int option_diverse(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	return param_real(question, value, what, 0, 1, &((struct query *)to)->diverse);
}

int option_random(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;
	int64_t seed;

	if (param_integer(question, value, what, 0, INT64_MAX, &seed) < 0)
		return -1;
	query->random = true;
	query->seed = (uint64_t)seed;
	return 0;
}

int option_for(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct text choice;
	int place = -1;

	if (param_bytes(value, &choice))
		place = text_place(QUERY_FOR_CHOICES, choice);
	if (place < 0)
		return question_refuse(question, "%s must be \"both\" or \"either\"", what);
	((struct query *)to)->two = (enum query_for)place;
	return 0;
}

int option_with(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	(void)question;
	(void)what;
	((struct query *)to)->with = value;
	return 0;
}

int option_scale(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	(void)question;
	(void)what;
	((struct query *)to)->scale = value;
	return 0;
}

int option_with_scale(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	(void)question;
	(void)what;
	((struct query *)to)->with_scale = value;
	return 0;
}
