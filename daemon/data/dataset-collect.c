/* dataset-collect.c - runs a source: takes its rows into columns, and numbers users and items in their sorted order. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/dataset-private.h"
#include "data/favourite-rows.h"
#include "data/item-rows.h"

enum { AHEAD = 64 }; /* names that are hashed before the first of them is looked up */

struct collector {
	struct dataset *dataset;
	enum unknown_items unknown;
	struct item_rows items;
	struct favourite_rows favourites;
	uint32_t n_listed; /* items below this number are the catalogue's; known once the first ratings are there */
	struct intern users, unknown_ids;
	struct dataset_rows rows;
	size_t users_room, items_room, scores_room;
};

static int out_of_memory(struct animed_error *err)
{
	return animed_fail(err, "not enough memory for the ratings; fewer would fit");
}

static int take_items(void *ctx, const struct animed_item_batch *batch, struct animed_error *err)
{
	struct collector *c = ctx;
	bool repeat;

	for (size_t i = 0; i < batch->n; i++) {
		if (item_rows_add(&c->items, batch, i, &repeat) < 0)
			return out_of_memory(err);
		c->dataset->summary.item_repeats += repeat;
	}
	return 0;
}

static int take_details(void *ctx, const struct animed_item_batch *batch, struct animed_error *err)
{
	struct collector *c = ctx;
	bool known;

	for (size_t i = 0; i < batch->n; i++) {
		if (item_rows_add_details(&c->items, batch, i, &known) < 0)
			return out_of_memory(err);
		c->dataset->summary.unknown_details += !known;
	}
	return 0;
}

static int take_favourites(void *ctx, const struct animed_favourite_batch *batch, struct animed_error *err)
{
	struct collector *c = ctx;

	for (size_t i = 0; i < batch->n; i++) {
		const uint32_t item = intern_find(&c->items.ids, &batch->items[i], sizeof *batch->items);
		if (item == INTERN_NONE)
			c->dataset->summary.unknown_favourites++;
		else if (favourite_rows_add(&c->favourites, strings_at(&batch->users, i), item) < 0)
			return out_of_memory(err);
	}
	return 0;
}

/* Returns the number of a rated item.  *dropped: the catalogue does not have the item, and the rating is to be dropped.
 * Otherwise INTERN_NONE means that memory is short. */
static uint32_t rated_item(struct collector *c, int64_t id, bool *dropped)
{
	uint32_t number = intern_find(&c->items.ids, &id, sizeof id);
	const struct animed_item_batch unnamed = {.n = 1, .ids = &id};
	bool added;

	*dropped = false;
	if (number < c->n_listed)
		return number;
	c->dataset->summary.unknown_ratings++;
	if (intern_add(&c->unknown_ids, &id, sizeof id, &added) == INTERN_NONE)
		return INTERN_NONE;
	c->dataset->summary.unknown_items += added;
	if (c->unknown == UNKNOWN_ITEMS_DROP)
		*dropped = true;
	else if (number == INTERN_NONE && item_rows_add(&c->items, &unnamed, 0, &added) == 0)
		number = intern_find(&c->items.ids, &id, sizeof id);
	return number;
}

/* Take n <= AHEAD ratings of a batch.  All names are hashed first and their slots prefetched, since the table of
 * names is larger than the CPU's caches. */
static int take_some(struct collector *c, const struct animed_rating_batch *batch, size_t from, size_t n)
{
	uint32_t hashes[AHEAD];
	bool added, dropped;

	for (size_t i = 0; i < n; i++) {
		struct text name = strings_at(&batch->users, from + i);
		hashes[i] = intern_hash(name.bytes, name.length);
		intern_expect(&c->users, hashes[i]);
	}
	for (size_t i = 0; i < n; i++) {
		const uint32_t item = rated_item(c, batch->items[from + i], &dropped);
		if (dropped)
			continue;
		struct text name = strings_at(&batch->users, from + i);
		const uint32_t user = intern_add_hashed(&c->users, hashes[i], name.bytes, name.length, &added);
		if (item == INTERN_NONE || user == INTERN_NONE)
			return -1;
		c->rows.users[c->rows.n] = user;
		c->rows.items[c->rows.n] = item;
		c->rows.scores[c->rows.n++] = batch->scores[from + i];
	}
	return 0;
}

static int take_ratings(void *ctx, const struct animed_rating_batch *batch, struct animed_error *err)
{
	struct collector *c = ctx;
	struct dataset_rows *rows = &c->rows;
	const size_t room = rows->n + batch->n;

	if (rows->n == 0 && c->unknown_ids.names.n == 0)
		c->n_listed = (uint32_t)c->items.ids.names.n;
	if (grow((void **)&rows->users, &c->users_room, room, sizeof *rows->users) < 0 ||
	    grow((void **)&rows->items, &c->items_room, room, sizeof *rows->items) < 0 ||
	    grow((void **)&rows->scores, &c->scores_room, room, sizeof *rows->scores) < 0)
		return out_of_memory(err);
	for (size_t i = 0; i < batch->n; i++) {
		if (!isfinite(batch->scores[i]))
			return animed_fail(err,
					   "the source gave a score that is not finite; this is a bug of its plugin");
	}
	for (size_t at = 0; at < batch->n; at += AHEAD) {
		if (take_some(c, batch, at, batch->n - at < AHEAD ? batch->n - at : AHEAD) < 0)
			return out_of_memory(err);
	}
	return 0;
}

static int by_number_id(const void *a, const void *b, void *arg)
{
	const struct animed_strings *ids = arg;
	int64_t x, y;

	memcpy(&x, strings_at(ids, *(const uint32_t *)a).bytes, sizeof x);
	memcpy(&y, strings_at(ids, *(const uint32_t *)b).bytes, sizeof y);
	return (x > y) - (x < y);
}

static int by_number_name(const void *a, const void *b, void *arg)
{
	const struct text x = strings_at(arg, *(const uint32_t *)a), y = strings_at(arg, *(const uint32_t *)b);
	int order = memcmp(x.bytes, y.bytes, x.length < y.length ? x.length : y.length);

	return order ? order : (x.length > y.length) - (x.length < y.length);
}

/* Sort the numbers of an intern table: (*order)[place] is a number, (*place)[number] its place.  The caller frees
 * both with free(), whatever is returned.  Returns 0, or -1: out of memory. */
static int sort_numbers(const struct intern *intern, int (*compare)(const void *, const void *, void *),
			uint32_t **order, uint32_t **place)
{
	struct animed_strings names = text_column_view(&intern->names);
	const size_t n = intern->names.n;

	*order = malloc((n + 1) * sizeof **order);
	*place = malloc((n + 1) * sizeof **place);
	if (!*order || !*place)
		return -1;
	for (uint32_t i = 0; i < n; i++)
		(*order)[i] = i;
	if (n > 0)
		qsort_r(*order, n, sizeof **order, compare, &names);
	for (uint32_t i = 0; i < n; i++)
		(*place)[(*order)[i]] = i;
	return 0;
}

static int place_users(struct dataset_memory *m, const struct intern *users, const uint32_t *order)
{
	const struct animed_strings names = text_column_view(&users->names);

	for (size_t u = 0; u < users->names.n; u++) {
		if (text_column_add(&m->users, strings_at(&names, order[u]).bytes,
				    strings_at(&names, order[u]).length) < 0)
			return -1;
	}
	return 0;
}

/* A column that few sources have is missing where nothing is in it. */
static struct animed_strings some_texts(const struct text_column *column)
{
	const struct animed_strings none = {NULL, NULL};

	return column->size > 0 ? text_column_view(column) : none;
}

/* Set the views of the catalogue and of the users.  dataset_resolve() adds counts, tops and means. */
static void set_views(struct dataset *d, uint32_t n_users, uint32_t n_items)
{
	const struct dataset_memory *m = &d->memory;

	d->n_users = n_users;
	d->users = text_column_view(&m->users);
	d->catalogue = (struct catalogue){
	    .n = n_items,
	    .ids = m->ids,
	    .years = m->years,
	    .episodes = m->episodes,
	    .members = m->members,
	    .titles = text_column_view(&m->texts[ITEM_TITLES]),
	    .alt_titles = text_column_view(&m->texts[ITEM_ALT_TITLES]),
	    .synopses = text_column_view(&m->texts[ITEM_SYNOPSES]),
	    .genres = text_column_view(&m->texts[ITEM_GENRES]),
	    .types = text_column_view(&m->texts[ITEM_TYPES]),
	    .tags = some_texts(&m->texts[ITEM_TAGS]),
	    .links = some_texts(&m->texts[ITEM_LINKS]),
	    .pictures = some_texts(&m->texts[ITEM_PICTURES]),
	};
}

static int finish(struct collector *c, struct animed_error *err)
{
	struct dataset *d = c->dataset;
	struct dataset_memory *m = &d->memory;
	uint32_t *items = NULL, *item_place = NULL, *users = NULL, *user_place = NULL;
	int status = -1;

	if (sort_numbers(&c->items.ids, by_number_id, &items, &item_place) == 0 &&
	    sort_numbers(&c->users, by_number_name, &users, &user_place) == 0 &&
	    item_rows_place(&c->items, items, m) == 0 && place_users(m, &c->users, users) == 0) {
		set_views(d, (uint32_t)c->users.names.n, (uint32_t)c->items.ids.names.n);
		for (size_t r = 0; r < c->rows.n; r++) {
			c->rows.users[r] = user_place[c->rows.users[r]];
			c->rows.items[r] = item_place[c->rows.items[r]];
		}
		status = dataset_resolve(d, &c->rows);
		if (status == 0)
			status = favourite_rows_place(&c->favourites, &c->users, user_place, item_place, d);
	}
	free(items);
	free(item_place);
	free(users);
	free(user_place);
	return status < 0 ? out_of_memory(err) : 0;
}

/* The first file that the source reads, or else its name, to begin a message with. */
static const char *first_path(const struct conf_stage *source)
{
	const struct animed_param *table = source->plugin.info->params;

	for (size_t i = 0; table[i].name; i++) {
		if (table[i].type == ANIMED_PATH && source->values[i].set)
			return source->values[i].string;
	}
	return source->plugin.info->name;
}

static int check_any(const struct collector *c, const struct conf_stage *source, struct animed_error *err)
{
	const struct dataset_summary *s = &c->dataset->summary;
	const char *path = first_path(source);
	char others[64] = "";

	if (c->rows.n > 0)
		return 0;
	if (s->unknown_ratings > 0)
		return animed_fail(err,
				   "%s: none of the %llu ratings is of an item in the catalogue; check that the two "
				   "files belong together and the item columns, or set dataset.unknown_items to keep",
				   path, (unsigned long long)s->unknown_ratings);
	if (s->source.others > 0)
		(void)snprintf(others, sizeof others, ", and %llu of other kinds left out",
			       (unsigned long long)s->source.others);
	return animed_fail(err, "%s: no ratings (%llu rows read, %llu unrated, %llu rejected%s)", path,
			   (unsigned long long)s->source.rating_rows, (unsigned long long)s->source.unrated,
			   (unsigned long long)s->source.rating_rejects, others);
}

static void collector_free(struct collector *c)
{
	item_rows_free(&c->items);
	favourite_rows_free(&c->favourites);
	intern_free(&c->users);
	intern_free(&c->unknown_ids);
	dataset_rows_free(&c->rows);
}

int dataset_collect(const struct conf_stage *source, const struct dataset_options *options, uint64_t limit,
		    const struct animed_host *host, struct dataset **out, struct animed_error *err)
{
	struct collector c = {.dataset = calloc(1, sizeof *c.dataset), .unknown = options->unknown_items};
	const struct animed_sink sink = {.ctx = &c,
					 .items = take_items,
					 .details = take_details,
					 .favourites = take_favourites,
					 .ratings = take_ratings,
					 .limit = limit};
	const struct animed_source_ops *ops = source->plugin.info->ops.source;

	if (!c.dataset)
		return out_of_memory(err);
	int status = ops->load(source->values, &sink, host, &c.dataset->summary.source, err);
	if (status == 0)
		status = check_any(&c, source, err);
	if (status == 0)
		status = finish(&c, err);
	collector_free(&c);
	if (status == 0)
		*out = c.dataset;
	else
		dataset_free(c.dataset);
	return status;
}
