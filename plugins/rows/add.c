/* add.c - reads the cells of a row into a batch. */
#include "config.h"

#include <string.h>

#include "rows/cell.h"
#include "rows/entity.h"
#include "rows/input.h"
#include "rows/names.h"
#include "rows/number.h"
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

/* Make a title uniform: one blank between its words and none around it.  Words such as Unknown are titles; what pandas and
 * MySQL write where there is none is not. */
static size_t tidy_title(char *text)
{
	const size_t length = decode_entities(text);
	size_t n = 0;

	for (size_t i = 0; i < length; i++) {
		const bool blank = text[i] == ' ' || text[i] == '\t';
		if (!blank)
			text[n++] = text[i];
		else if (n > 0 && text[n - 1] != ' ')
			text[n++] = ' ';
	}
	n -= n > 0 && text[n - 1] == ' ';
	text[n] = '\0';
	return strcmp(text, "nan") == 0 || strcmp(text, "NaN") == 0 || strcmp(text, "\\N") == 0 ? 0 : n;
}

/* Make a text uniform that may be there or not. */
static size_t tidy_text(char *text)
{
	if (cell_is_none(text, strlen(text)))
		*text = '\0';
	return decode_entities(text);
}

/* Add the alternative titles of all their columns. */
static int add_alt_titles(const struct rows_table *table, struct batch *batch, const struct row *row)
{
	struct batch_text *text = &batch->alt_titles;
	size_t length;

	if (add_cell(table, row, COLUMN_ALT_TITLES, text, batch->n, names_of_titles) < 0)
		return -1;
	for (enum rows_column c = COLUMN_ALT_TITLES + 1; c <= COLUMN_ALT_TITLES_LAST; c++) {
		const char *more = rows_cell(table, row, c, &length);
		if (length > 0 && batch_text_join(text, batch->n, more, length, names_of_titles) < 0)
			return -1;
	}
	return 0;
}

/* Take the title itself out of the alternative titles of the last row: there are columns of English titles that repeat
 * it. */
static void drop_title(struct batch *batch)
{
	struct batch_text *text = &batch->alt_titles;
	size_t title_length, length, kept = 0, n;
	const char *title = batch_text_at(&batch->titles, batch->n, &title_length);
	char *const all = text->bytes + text->offsets[batch->n];

	(void)batch_text_at(text, batch->n, &length);
	for (size_t at = 0; at < length; at += n + 1) {
		const char *bar = memchr(all + at, '|', length - at);
		n = bar ? (size_t)(bar - all) - at : length - at;
		if (n == title_length && memcmp(all + at, title, n) == 0)
			continue;
		if (kept > 0)
			all[kept++] = '|';
		memmove(all + kept, all + at, n);
		kept += n;
	}
	text->offsets[batch->n + 1] = text->offsets[batch->n] + kept;
}

/* Add the genres whose flags are set. */
static int add_flags(const struct rows_table *table, struct batch *batch, const struct row *row)
{
	const struct animed_list *flags = table->flags;

	for (size_t f = 0; flags && f < flags->n && (size_t)table->first_flag + f < row->n; f++) {
		if (strcmp(row->cells[(size_t)table->first_flag + f], "1") == 0 &&
		    batch_text_join(&batch->genres, batch->n, flags->at[f], strlen(flags->at[f]), NULL) < 0)
			return -1;
	}
	return 0;
}

static int add_texts(const struct rows_table *table, struct batch *batch, const struct row *row)
{
	const struct {
		enum rows_column column;
		struct batch_text *text;
		size_t (*tidy)(char *text);
	} texts[] = {
	    {COLUMN_TITLE, &batch->titles, tidy_title},       {COLUMN_SYNOPSIS, &batch->synopses, tidy_text},
	    {COLUMN_GENRES, &batch->genres, names_of_genres}, {COLUMN_TYPE, &batch->types, tidy_text},
	    {COLUMN_LINK, &batch->links, tidy_text},          {COLUMN_PICTURE, &batch->pictures, tidy_text},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (add_cell(table, row, texts[i].column, texts[i].text, batch->n, texts[i].tidy) < 0)
			return -1;
	}
	if (add_alt_titles(table, batch, row) < 0)
		return -1;
	drop_title(batch);
	return add_flags(table, batch, row);
}

static int64_t count_of(const struct rows_table *table, struct batch *batch, const struct row *row,
			enum rows_column column, enum batch_count which)
{
	size_t length;
	int64_t count;
	const char *text = rows_cell(table, row, column, &length);

	if (!cell_to_count(text, length, &count))
		batch_unread(batch, which, row->place, text);
	return count;
}

static int append_item(const struct rows_table *table, struct batch *batch, const struct row *row, int64_t id)
{
	const size_t n = batch->n;

	if (batch_reserve(batch) < 0 || add_texts(table, batch, row) < 0)
		return -1;
	const int64_t episodes = count_of(table, batch, row, COLUMN_EPISODES, BATCH_EPISODES);
	batch->ids[n] = id;
	batch->years[n] = year_of(table, row, batch, n);
	batch->episodes[n] = episodes < INT32_MAX ? (int32_t)episodes : 0;
	batch->members[n] = count_of(table, batch, row, COLUMN_MEMBERS, BATCH_MEMBERS);
	batch->n++;
	return 0;
}

const char *rows_no_text(const struct rows_table *table, const struct row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (!row->cells[i] || cell_is_utf8(row->cells[i], row->lengths[i]))
			continue;
		if (memmem(row->cells[i], row->lengths[i], INPUT_NOTHING, strlen(INPUT_NOTHING)))
			return "text that is none in the encoding of the file, from";
		if (memchr(row->cells[i], '\0', row->lengths[i]))
			return "a NUL character in the text, from";
		break;
	}
	return table->not_utf8;
}

static bool row_is_utf8(const struct row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (row->cells[i] && !cell_is_utf8(row->cells[i], row->lengths[i]))
			return false;
	}
	return true;
}

/* Leave out a row that has no id; without a word where it is the header once more. */
static void reject_id(const struct rows_table *table, struct batch *batch, const struct row *row, const char *whose,
		      const char *text, size_t length)
{
	char why[BATCH_REASON];

	if (rows_is_header(table, row)) {
		batch->rows--;
		return;
	}
	(void)snprintf(why, sizeof why, "%s %s", whose, cell_not_id(text, length));
	batch_reject(batch, row->place, why, text);
}

int rows_add_item(const struct rows_table *table, struct batch *batch, const struct row *row)
{
	size_t length, title_length;
	int64_t id;
	const char *text = rows_cell(table, row, COLUMN_ITEM, &length);
	const char *title = rows_cell(table, row, COLUMN_TITLE, &title_length);

	if (!cell_to_id(text, length, &id))
		reject_id(table, batch, row, "the id", text, length);
	else if (!row_is_utf8(row))
		batch_reject(batch, row->place, rows_no_text(table, row), text);
	else if (!cell_is_line(title, title_length))
		batch_reject(batch, row->place, "a line break in the title; is a quote missing?", title);
	else
		return append_item(table, batch, row, id);
	return 0;
}

/* The length of a user's name; of "17.0", as pandas writes the number 17, that of "17". */
size_t rows_user_length(const char *user, size_t length)
{
	if (length < 3 || user[length - 1] != '0' || user[length - 2] != '.')
		return length;
	for (size_t i = 0; i < length - 2; i++) {
		if (user[i] < '0' || user[i] > '9')
			return length;
	}
	return length - 2;
}

static int append_rating(struct batch *batch, const char *user, size_t length, int64_t id, float score)
{
	if (batch_reserve(batch) < 0 ||
	    batch_text_add(&batch->users, batch->n, user, rows_user_length(user, length), NULL) < 0)
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

static bool is_unrated(const struct rows_table *table, float score)
{
	for (size_t i = 0; i < table->n_unrated; i++) {
		if (score == table->unrated[i])
			return true;
	}
	return false;
}

/* Note what a score such as 9/10 is out of.  Returns whether it is the same in the whole batch. */
static bool note_whole(struct batch *batch, uint64_t place, int of)
{
	if (of == 0 || batch->of == of)
		return true;
	if (batch->of != 0)
		return false;
	batch->of = of;
	batch->of_place = place;
	return true;
}

static int add_score(const struct rows_table *table, struct batch *batch, const struct row *row, const char *user,
		     size_t user_length, int64_t id)
{
	size_t length;
	const char *text = rows_cell(table, row, COLUMN_SCORE, &length);
	float score;
	int of;

	if (!cell_to_score(text, length, &score, &of)) {
		if (cell_is_none(text, length))
			batch->unrated++;
		else
			batch_reject(batch, row->place,
				     memchr(text, '\0', length) ? "a NUL character in the score, after"
								: "the score is not a number:",
				     text);
	} else if (is_unrated(table, score)) {
		batch->unrated++;
	} else if (!in_range(table, score)) {
		batch_reject(batch, row->place, "the score is outside of ratings.range:", text);
	} else if (!note_whole(batch, row->place, of)) {
		batch_reject(batch, row->place, "the score is out of another number than those before it:", text);
	} else {
		return append_rating(batch, user, user_length, id, score);
	}
	return 0;
}

/* Leave out a row whose user is no text on one line. */
static void reject_user(const struct rows_table *table, struct batch *batch, const struct row *row, const char *user,
			size_t length)
{
	size_t unused;

	if (length == 0)
		batch_reject(batch, row->place, "no user beside item",
			     rows_cell(table, row, COLUMN_RATED_ITEM, &unused));
	else if (cell_is_utf8(user, length))
		batch_reject(batch, row->place, "a line break in the user; is a quote missing?", user);
	else
		batch_reject(batch, row->place, rows_no_text(table, row), user);
}

int rows_add_rating(const struct rows_table *table, struct batch *batch, const struct row *row)
{
	size_t user_length, item_length;
	const char *user = rows_cell(table, row, COLUMN_USER, &user_length);
	const char *item = rows_cell(table, row, COLUMN_RATED_ITEM, &item_length);
	int64_t id = batch->group;

	if (user_length == 0 || !cell_is_line(user, user_length))
		reject_user(table, batch, row, user, user_length);
	else if (!table->grouped && !cell_to_id(item, item_length, &id))
		reject_id(table, batch, row, "the item's id", item, item_length);
	else
		return add_score(table, batch, row, user, user_length, id);
	return 0;
}
