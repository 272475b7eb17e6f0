/* item-rows.c - takes the rows of the catalogue, and joins them with their details. */
#include "config.h"

#include "data/item-rows.h"

#include <stdlib.h>

#include "data/text-list.h"

static int add_text(struct text_column *column, struct text text)
{
	return text_column_add(column, text.bytes, text.length);
}

static int add_row(struct item_table *table, const struct animed_item_batch *batch, size_t i)
{
	const struct animed_strings *texts[ITEM_TEXTS] = {
	    [ITEM_TITLES] = &batch->titles, [ITEM_ALT_TITLES] = &batch->alt_titles, [ITEM_SYNOPSES] = &batch->synopses,
	    [ITEM_GENRES] = &batch->genres, [ITEM_TYPES] = &batch->types,           [ITEM_TAGS] = &batch->tags,
	    [ITEM_LINKS] = &batch->links,   [ITEM_PICTURES] = &batch->pictures,
	};
	const size_t row = table->n;

	if (row >= UINT32_MAX || grow((void **)&table->years, &table->years_room, row + 1, sizeof *table->years) < 0 ||
	    grow((void **)&table->episodes, &table->episodes_room, row + 1, sizeof *table->episodes) < 0 ||
	    grow((void **)&table->members, &table->members_room, row + 1, sizeof *table->members) < 0)
		return -1;
	for (size_t t = 0; t < ITEM_TEXTS; t++) {
		struct text_column *column = &table->texts[t];
		const size_t at = column->size;
		if (add_text(column, strings_at(texts[t], i)) < 0)
			return -1;
		/* a title is one line, and is shown on terminals */
		if (t == ITEM_TITLES || t == ITEM_ALT_TITLES)
			text_blank_controls(column->bytes + at, column->size - at);
	}
	table->years[row] = batch->years ? batch->years[i] : 0;
	table->episodes[row] = batch->episodes ? batch->episodes[i] : 0;
	table->members[row] = batch->members ? batch->members[i] : 0;
	table->n++;
	return 0;
}

int item_rows_add(struct item_rows *rows, const struct animed_item_batch *batch, size_t i, bool *repeat)
{
	const size_t row = rows->rows.n;
	bool added;
	const uint32_t number = intern_add(&rows->ids, &batch->ids[i], sizeof *batch->ids, &added);

	if (number == INTERN_NONE ||
	    grow((void **)&rows->row_of, &rows->row_of_room, (size_t)number + 1, sizeof *rows->row_of) < 0 ||
	    add_row(&rows->rows, batch, i) < 0)
		return -1;
	rows->row_of[number] = (uint32_t)row;
	*repeat = !added;
	return 0;
}

int item_rows_add_details(struct item_rows *rows, const struct animed_item_batch *batch, size_t i, bool *known)
{
	const size_t row = rows->details.n;
	const uint32_t number = intern_find(&rows->ids, &batch->ids[i], sizeof *batch->ids);

	*known = number != INTERN_NONE;
	if (!*known)
		return 0;
	if (grow((void **)&rows->item_of, &rows->item_of_room, row + 1, sizeof *rows->item_of) < 0 ||
	    add_row(&rows->details, batch, i) < 0)
		return -1;
	rows->item_of[row] = number;
	return 0;
}

static void table_free(struct item_table *table)
{
	for (size_t t = 0; t < ITEM_TEXTS; t++)
		text_column_free(&table->texts[t]);
	free(table->years);
	free(table->episodes);
	free(table->members);
}

void item_rows_free(struct item_rows *rows)
{
	intern_free(&rows->ids);
	table_free(&rows->rows);
	table_free(&rows->details);
	free(rows->row_of);
	free(rows->item_of);
}

/* ---- joining ---- */

/* A row with its details. */
struct joined {
	const struct item_table *rows, *details;
	uint32_t row;
	const uint32_t *at; /* [n]: rows of `details` */
	size_t n;
	struct text_list list;
};

static struct text text_in(const struct item_table *table, size_t column, uint32_t row)
{
	const struct animed_strings view = text_column_view(&table->texts[column]);

	return strings_at(&view, row);
}

static struct text first_text(const struct joined *joined, size_t column)
{
	struct text text = text_in(joined->rows, column, joined->row);

	for (size_t i = 0; text.length == 0 && i < joined->n; i++)
		text = text_in(joined->details, column, joined->at[i]);
	return text;
}

/* Add the members of a list but `title`, and what is blank. */
static int list_members(struct text_list *list, struct text members, struct text title)
{
	struct text member;

	while (text_member(&members, &member)) {
		if (text_compare(member, title) != 0 && !text_is_blank(member) && text_list_add(list, member) < 0)
			return -1;
	}
	return 0;
}

/* Add the lists of a column to one.  For alternative titles the titles of the details join them, and `title`, the
 * item's own, does not. */
static int join_list(struct joined *joined, size_t column, struct text title, struct text_column *to)
{
	struct text_list *list = &joined->list;

	text_list_begin(list);
	if (list_members(list, text_in(joined->rows, column, joined->row), title) < 0)
		return -1;
	for (size_t i = 0; i < joined->n; i++) {
		const uint32_t row = joined->at[i];
		if ((column == ITEM_ALT_TITLES &&
		     list_members(list, text_in(joined->details, ITEM_TITLES, row), title) < 0) ||
		    list_members(list, text_in(joined->details, column, row), title) < 0)
			return -1;
	}
	return text_column_add(to, list->text.bytes, list->text.length);
}

static int place_texts(struct joined *joined, struct text_column *to)
{
	const struct text title = first_text(joined, ITEM_TITLES), none = {"", 0};

	for (size_t t = 0; t < ITEM_TEXTS; t++) {
		const bool list = t == ITEM_ALT_TITLES || t == ITEM_TAGS;
		if (joined->n > 0 && list ? join_list(joined, t, t == ITEM_TAGS ? none : title, &to[t]) < 0
					  : add_text(&to[t], first_text(joined, t)) < 0)
			return -1;
	}
	return 0;
}

static void place_numbers(const struct joined *joined, struct dataset_memory *to, size_t item)
{
	to->years[item] = joined->rows->years[joined->row];
	to->episodes[item] = joined->rows->episodes[joined->row];
	to->members[item] = joined->rows->members[joined->row];
	for (size_t i = 0; i < joined->n; i++) {
		const uint32_t row = joined->at[i];
		to->years[item] = to->years[item] ? to->years[item] : joined->details->years[row];
		to->episodes[item] = to->episodes[item] ? to->episodes[item] : joined->details->episodes[row];
		to->members[item] = to->members[item] ? to->members[item] : joined->details->members[row];
	}
}

/* Sort the rows of details by the item's number: those of number k are at[starts[k]] and on, before starts[k + 1].  The
 * caller frees both with free(), whatever is returned.  Returns 0, or -1: out of memory. */
static int sort_details(const struct item_rows *rows, uint32_t **starts, uint32_t **at)
{
	const size_t numbers = rows->ids.names.n, n = rows->details.n;

	*starts = calloc(numbers + 2, sizeof **starts);
	*at = malloc((n + 1) * sizeof **at);
	if (!*starts || !*at)
		return -1;
	/* counted one place further on, so that filling the places moves each start to where it belongs */
	for (size_t row = 0; row < n; row++)
		(*starts)[rows->item_of[row] + 2]++;
	for (size_t k = 0; k < numbers; k++)
		(*starts)[k + 2] += (*starts)[k + 1];
	for (uint32_t row = 0; row < n; row++)
		(*at)[(*starts)[rows->item_of[row] + 1]++] = row;
	return 0;
}

int item_rows_place(const struct item_rows *rows, const uint32_t *order, struct dataset_memory *to)
{
	const size_t n = rows->ids.names.n;
	const struct animed_strings ids = text_column_view(&rows->ids.names);
	struct joined joined = {.rows = &rows->rows, .details = &rows->details};
	uint32_t *starts, *at;
	int status = sort_details(rows, &starts, &at);

	to->ids = malloc((n + 1) * sizeof *to->ids);
	to->years = malloc((n + 1) * sizeof *to->years);
	to->episodes = malloc((n + 1) * sizeof *to->episodes);
	to->members = malloc((n + 1) * sizeof *to->members);
	if (!to->ids || !to->years || !to->episodes || !to->members)
		status = -1;
	for (size_t i = 0; status == 0 && i < n; i++) {
		const uint32_t number = order[i];
		memcpy(&to->ids[i], strings_at(&ids, number).bytes, sizeof *to->ids);
		joined.row = rows->row_of[number];
		joined.at = at + starts[number];
		joined.n = starts[number + 1] - starts[number];
		place_numbers(&joined, to, i);
		status = place_texts(&joined, to->texts);
	}
	text_list_free(&joined.list);
	free(starts);
	free(at);
	return status;
}
