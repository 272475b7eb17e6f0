/* add.c - reads the cells of a row into a batch. */
#include "config.h"

#include "rows/cell.h"
#include "rows/table-private.h"

static int add_cell(const struct rows_table *table, const struct row *row, enum rows_column column,
		    struct batch_text *text, size_t n, size_t (*tidy)(char *text))
{
	size_t length;
	const char *bytes = rows_cell(table, row, column, &length);

	return batch_text_add(text, n, bytes, length, tidy);
}

/* The year of the item whose title is row n of the batch. */
static int32_t year_of(const struct rows_table *table, const struct row *row, const struct batch *batch, size_t n)
{
	size_t length;

	if (table->columns[COLUMN_YEAR] != NO_COLUMN)
		return cell_to_year(rows_cell(table, row, COLUMN_YEAR, &length));
	const char *title = batch_text_at(&batch->titles, n, &length);
	return title_year(title, length);
}

static int append_item(const struct rows_table *table, struct batch *batch, const struct row *row, int64_t id)
{
	const size_t n = batch->n;
	size_t length;

	if (batch_reserve(batch) < 0 || add_cell(table, row, COLUMN_TITLE, &batch->titles, n, decode_entities) < 0 ||
	    add_cell(table, row, COLUMN_GENRES, &batch->genres, n, normalise_genres) < 0 ||
	    add_cell(table, row, COLUMN_ALT_TITLES, &batch->alt_titles, n, NULL) < 0 ||
	    add_cell(table, row, COLUMN_SYNOPSIS, &batch->synopses, n, NULL) < 0 ||
	    add_cell(table, row, COLUMN_TYPE, &batch->types, n, NULL) < 0)
		return -1;
	const int64_t episodes = cell_to_count(rows_cell(table, row, COLUMN_EPISODES, &length));
	batch->ids[n] = id;
	batch->years[n] = year_of(table, row, batch, n);
	batch->episodes[n] = episodes < INT32_MAX ? (int32_t)episodes : 0;
	batch->members[n] = cell_to_count(rows_cell(table, row, COLUMN_MEMBERS, &length));
	batch->n++;
	return 0;
}

static bool row_is_utf8(const struct row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (row->cells[i] && !cell_is_utf8(row->cells[i], row->lengths[i]))
			return false;
	}
	return true;
}

int rows_add_item(const struct rows_table *table, struct batch *batch, const struct row *row)
{
	size_t length;
	int64_t id;
	const char *text = rows_cell(table, row, COLUMN_ITEM, &length);

	if (!cell_to_id(text, length, &id))
		batch_reject(batch, row->place, "the id is not a whole number:", text);
	else if ((size_t)table->columns[COLUMN_TITLE] >= row->n)
		batch_reject(batch, row->place, "the row ends before the title:", text);
	else if (!row_is_utf8(row))
		batch_reject(batch, row->place, "not UTF-8 in the row of", text);
	else
		return append_item(table, batch, row, id);
	return 0;
}

static int append_rating(struct batch *batch, const char *user, size_t length, int64_t id, float score)
{
	if (batch_reserve(batch) < 0 || batch_text_add(&batch->users, batch->n, user, length, NULL) < 0)
		return -1;
	batch->ids[batch->n] = id;
	batch->scores[batch->n++] = score;
	return 0;
}

static bool in_range(const struct rows_table *table, float score)
{
	const double *range = table->range ? table->range->range : NULL;

	return !range || ((double)score >= range[0] && (double)score <= range[1]);
}

int rows_add_rating(const struct rows_table *table, struct batch *batch, const struct row *row)
{
	size_t user_length, item_length, score_length;
	const char *user = rows_cell(table, row, COLUMN_USER, &user_length);
	const char *item = rows_cell(table, row, COLUMN_RATED_ITEM, &item_length);
	const char *score_text = rows_cell(table, row, COLUMN_SCORE, &score_length);
	int64_t id;
	float score;

	if (user_length == 0)
		batch_reject(batch, row->place, "no user beside item", item);
	else if (!cell_is_utf8(user, user_length))
		batch_reject(batch, row->place, "the user is not UTF-8 beside item", item);
	else if (!cell_to_id(item, item_length, &id))
		batch_reject(batch, row->place, "the item's id is not a whole number:", item);
	else if (!cell_to_score(score_text, score_length, &score))
		batch_reject(batch, row->place, "the score is not a number:", score_text);
	else if (table->unrated && score == (float)table->unrated->real)
		batch->unrated++;
	else if (!in_range(table, score))
		batch_reject(batch, row->place, "the score is outside of ratings.range:", score_text);
	else
		return append_rating(batch, user, user_length, id, score);
	return 0;
}
