/* csv.c - source: a catalogue and ratings from two CSV files, as Kaggle and MovieLens publish them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "animed-plugin.h"
#include "csv-batch.h"
#include "csv-reader.h"
#include "csv-text.h"

enum {
	P_RATINGS_PATH,
	P_USER,
	P_RATED_ITEM,
	P_SCORE,
	P_UNRATED,
	P_ITEMS_PATH,
	P_ITEM,
	P_TITLE,
	P_ALT_TITLES,
	P_SYNOPSIS,
	P_GENRES,
	P_TYPE,
	P_YEAR,
	P_EPISODES,
	P_MEMBERS,
	P_MAX_REJECTS,
	P_END,
};

#define COLUMN(name, def, help)                                                                                        \
	{                                                                                                              \
		name, ANIMED_STRING, def, 0, 0, NULL, 0, help                                                          \
	}

static const struct animed_param params[] = {
    [P_RATINGS_PATH] = {"ratings.path", ANIMED_PATH, NULL, 0, 0, NULL, ANIMED_REQUIRED, "the file of ratings; .gz too"},
    [P_USER] = COLUMN("ratings.user", "profile", "column of the user"),
    [P_RATED_ITEM] = COLUMN("ratings.item", "anime_uid", "column of the item's id"),
    [P_SCORE] = COLUMN("ratings.score", "score", "column of the score"),
    [P_UNRATED] = {"ratings.unrated", ANIMED_REAL, NULL, 0, 0, NULL, 0, "a score that means seen but not rated, as -1"},
    [P_ITEMS_PATH] = {"items.path", ANIMED_PATH, NULL, 0, 0, NULL, ANIMED_REQUIRED, "the file of items; .gz too"},
    [P_ITEM] = COLUMN("items.item", "uid", "column of the item's id"),
    [P_TITLE] = COLUMN("items.title", "title", "column of the title"),
    [P_ALT_TITLES] = COLUMN("items.alt_titles", "alt_titles", "column of other titles, | between them; may be absent"),
    [P_SYNOPSIS] = COLUMN("items.synopsis", "synopsis", "column of the synopsis; may be absent"),
    [P_GENRES] = COLUMN("items.genres", "genre", "column of the genres; may be absent"),
    [P_TYPE] = COLUMN("items.type", "type", "column of the type, such as TV; may be absent"),
    [P_YEAR] = COLUMN("items.year", "aired", "column of a date or year; may be absent"),
    [P_EPISODES] = COLUMN("items.episodes", "episodes", "column of the number of episodes; may be absent"),
    [P_MEMBERS] = COLUMN("items.members", "members", "column of how many list it; may be absent"),
    [P_MAX_REJECTS] = {"max_rejects", ANIMED_REAL, "0.01", 0, 1, NULL, 0,
		       "the share of a file's rows that may be malformed before the load fails"},
    [P_END] = {NULL, 0, NULL, 0, 0, NULL, 0, NULL},
};

enum { SHOWN_REJECTS = 5, NO_COLUMN = -1 };

/* One load. */
struct load {
	const struct animed_value *values;
	const struct animed_sink *sink;
	const struct animed_host *host;
	const char *path;   /* of the file being read */
	int columns[P_END]; /* of this file's header, by parameter; NO_COLUMN: not there */
	uint64_t rows, rejects, unrated, first_reject;
	size_t n; /* rows in the batch */
	int64_t ids[BATCH_ROWS], members[BATCH_ROWS];
	float scores[BATCH_ROWS];
	int32_t years[BATCH_ROWS], episodes[BATCH_ROWS];
	struct batch_text users, titles, alt_titles, synopses, genres, types;
};

int batch_text_add(struct batch_text *text, size_t row, const char *bytes, size_t length)
{
	const size_t at = row ? (size_t)text->offsets[row] : 0;

	if (at + length > text->room) {
		size_t room = (at + length) * 2 + BATCH_ROWS;
		char *more = realloc(text->bytes, room);
		if (!more)
			return -1;
		text->bytes = more;
		text->room = room;
	}
	if (length > 0)
		memcpy(text->bytes + at, bytes, length);
	text->offsets[0] = 0;
	text->offsets[row + 1] = at + length;
	return 0;
}

/* Find the column of a parameter in the header: by exact name, else without regard to case. */
static int find_column(const struct load *load, const struct csv_row *header, int param)
{
	const char *name = load->values[param].string;

	for (size_t i = 0; i < header->n; i++) {
		if (strcmp(header->fields[i], name) == 0)
			return (int)i;
	}
	for (size_t i = 0; i < header->n; i++) {
		if (strcasecmp(header->fields[i], name) == 0)
			return (int)i;
	}
	return NO_COLUMN;
}

static int no_column(const struct load *load, const struct csv_row *header, int param, struct animed_error *err)
{
	char list[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < header->n && used < sizeof list; i++)
		used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", header->fields[i]);
	return animed_fail(err, "%s:%llu: no column \"%s\"; set %s to one of: %s", load->path,
			   (unsigned long long)header->line, load->values[param].string, params[param].name, list);
}

/* Map the parameters [first, last] to columns; the first `mandatory` of them must be there. */
static int map_columns(struct load *load, const struct csv_row *header, int first, int last, int mandatory,
		       struct animed_error *err)
{
	for (int param = first; param <= last; param++) {
		load->columns[param] = find_column(load, header, param);
		if (load->columns[param] != NO_COLUMN)
			continue;
		if (param < first + mandatory)
			return no_column(load, header, param, err);
		if (strcmp(load->values[param].string, params[param].def) != 0)
			load->host->log(load->host->ctx, ANIMED_WARN, "%s: no column \"%s\" (%s); going on without",
					load->path, load->values[param].string, params[param].name);
	}
	return 0;
}

/* The cell of a parameter; "" where the file has no such column or the row ends before it. */
static const char *cell(const struct load *load, const struct csv_row *row, int param, size_t *length)
{
	const int column = load->columns[param];
	const bool there = column != NO_COLUMN && (size_t)column < row->n;

	*length = there ? row->lengths[column] : 0;
	return there ? row->fields[column] : "";
}

static void reject(struct load *load, const struct csv_row *row, const char *why, const char *what)
{
	if (load->rejects == 0)
		load->first_reject = row->line;
	if (load->rejects < SHOWN_REJECTS)
		load->host->log(load->host->ctx, ANIMED_WARN, "%s:%llu: row left out: %s \"%.40s\"", load->path,
				(unsigned long long)row->line, why, what);
	load->rejects++;
}

static int out_of_memory(struct animed_error *err)
{
	return animed_fail(err, "out of memory while reading CSV");
}

static int flush_items(struct load *load, struct animed_error *err)
{
	const struct animed_item_batch batch = {
	    .n = load->n,
	    .ids = load->ids,
	    .titles = batch_text_view(&load->titles),
	    .alt_titles = batch_text_view(&load->alt_titles),
	    .synopses = batch_text_view(&load->synopses),
	    .genres = batch_text_view(&load->genres),
	    .types = batch_text_view(&load->types),
	    .years = load->years,
	    .episodes = load->episodes,
	    .members = load->members,
	};

	load->n = 0;
	if (load->host->cancelled(load->host->ctx))
		return animed_fail(err, "cancelled");
	return batch.n ? load->sink->items(load->sink->ctx, &batch, err) : 0;
}

static int flush_ratings(struct load *load, struct animed_error *err)
{
	const struct animed_rating_batch batch = {load->n, batch_text_view(&load->users), load->ids, load->scores};

	load->n = 0;
	if (load->host->cancelled(load->host->ctx))
		return animed_fail(err, "cancelled");
	return batch.n ? load->sink->ratings(load->sink->ctx, &batch, err) : 0;
}

static int items_header(void *ctx, const struct csv_row *row, struct animed_error *err)
{
	return map_columns(ctx, row, P_ITEM, P_MEMBERS, 2, err);
}

static int add_cell(const struct load *load, const struct csv_row *row, int param, struct batch_text *text)
{
	size_t length;
	const char *bytes = cell(load, row, param, &length);

	return batch_text_add(text, load->n, bytes, length);
}

static int32_t year_of(const struct load *load, const struct csv_row *row, const char *title, size_t length)
{
	size_t unused;

	if (load->columns[P_YEAR] == NO_COLUMN)
		return title_year(title, length);
	return text_to_year(cell(load, row, P_YEAR, &unused));
}

/* Make the cell's own bytes uniform; the row is the reader's scratch. */
static size_t tidy(const struct load *load, const struct csv_row *row, int param, size_t (*normalise)(char *))
{
	size_t length;
	const char *text = cell(load, row, param, &length);

	return length ? normalise((char *)(uintptr_t)text) : 0;
}

static int append_item(struct load *load, const struct csv_row *row, int64_t id)
{
	size_t length;
	const char *title = cell(load, row, P_TITLE, &length), *genres = cell(load, row, P_GENRES, &length);
	const size_t genres_length = tidy(load, row, P_GENRES, normalise_genres);
	const size_t title_length = tidy(load, row, P_TITLE, decode_entities);

	if (batch_text_add(&load->titles, load->n, title, title_length) < 0 ||
	    batch_text_add(&load->genres, load->n, genres, genres_length) < 0 ||
	    add_cell(load, row, P_ALT_TITLES, &load->alt_titles) < 0 ||
	    add_cell(load, row, P_SYNOPSIS, &load->synopses) < 0 || add_cell(load, row, P_TYPE, &load->types) < 0)
		return -1;
	const int64_t episodes = text_to_count(cell(load, row, P_EPISODES, &length));
	load->ids[load->n] = id;
	load->years[load->n] = year_of(load, row, title, title_length);
	load->episodes[load->n] = episodes < INT32_MAX ? (int32_t)episodes : 0;
	load->members[load->n++] = text_to_count(cell(load, row, P_MEMBERS, &length));
	return 0;
}

static bool row_is_utf8(const struct csv_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (!text_is_utf8(row->fields[i], row->lengths[i]) || memchr(row->fields[i], '\0', row->lengths[i]))
			return false;
	}
	return true;
}

static int items_row(void *ctx, const struct csv_row *row, struct animed_error *err)
{
	struct load *load = ctx;
	size_t length;
	int64_t id;
	const char *text = cell(load, row, P_ITEM, &length);

	load->rows++;
	if (!text_to_id(text, &id))
		reject(load, row, "the id is not a whole number:", text);
	else if ((size_t)load->columns[P_TITLE] >= row->n)
		reject(load, row, "the row ends before the title:", text);
	else if (!row_is_utf8(row))
		reject(load, row, "not UTF-8 in the row of", text);
	else if (append_item(load, row, id) < 0)
		return out_of_memory(err);
	return load->n == BATCH_ROWS ? flush_items(load, err) : 0;
}

static int ratings_header(void *ctx, const struct csv_row *row, struct animed_error *err)
{
	return map_columns(ctx, row, P_USER, P_SCORE, 3, err);
}

static int ratings_row(void *ctx, const struct csv_row *row, struct animed_error *err)
{
	struct load *load = ctx;
	const struct animed_value *unrated = &load->values[P_UNRATED];
	size_t user_length, length;
	const char *user = cell(load, row, P_USER, &user_length), *item = cell(load, row, P_RATED_ITEM, &length);
	const char *score_text = cell(load, row, P_SCORE, &length);
	int64_t id;
	float score;

	load->rows++;
	if (user_length == 0)
		reject(load, row, "no user beside item", item);
	else if (!text_is_utf8(user, user_length) || memchr(user, '\0', user_length))
		reject(load, row, "the user is not UTF-8 beside item", item);
	else if (!text_to_id(item, &id))
		reject(load, row, "the item's id is not a whole number:", item);
	else if (!text_to_score(score_text, &score))
		reject(load, row, "the score is not a number:", score_text);
	else if (unrated->set && score == (float)unrated->real)
		load->unrated++;
	else if (batch_text_add(&load->users, load->n, user, user_length) < 0)
		return out_of_memory(err);
	else {
		load->ids[load->n] = id;
		load->scores[load->n++] = score;
	}
	return load->n == BATCH_ROWS ? flush_ratings(load, err) : 0;
}

/* The rejects of a whole file: say how many more there were, and fail where they are too many. */
static int check_rejects(const struct load *load, struct animed_error *err)
{
	const double most = load->values[P_MAX_REJECTS].real;

	if (load->rejects > SHOWN_REJECTS)
		load->host->log(load->host->ctx, ANIMED_WARN, "%s: %llu more rows left out", load->path,
				(unsigned long long)(load->rejects - SHOWN_REJECTS));
	if ((double)load->rejects <= most * (double)load->rows)
		return 0;
	return animed_fail(err,
			   "%s: %llu of %llu rows are malformed, the first on line %llu; mend the file or the columns, "
			   "or raise max_rejects (%g)",
			   load->path, (unsigned long long)load->rejects, (unsigned long long)load->rows,
			   (unsigned long long)load->first_reject, most);
}

/* Read one of the two files from its first to its last row. */
static int load_file(struct load *load, int path, const struct csv_handler *handler,
		     int (*flush)(struct load *, struct animed_error *), struct animed_error *err)
{
	load->path = load->values[path].string;
	load->rows = load->rejects = load->n = 0;
	if (csv_read(load->path, handler, err) < 0 || flush(load, err) < 0)
		return -1;
	return check_rejects(load, err);
}

static int load_csv(const struct animed_value *values, const struct animed_sink *sink, const struct animed_host *host,
		    struct animed_source_stats *stats, struct animed_error *err)
{
	struct load *load = calloc(1, sizeof *load);

	if (!load)
		return out_of_memory(err);
	load->values = values;
	load->sink = sink;
	load->host = host;
	const struct csv_handler items = {load, items_header, items_row}, ratings = {load, ratings_header, ratings_row};
	int status = load_file(load, P_ITEMS_PATH, &items, flush_items, err);
	stats->item_rows = load->rows;
	stats->item_rejects = load->rejects;
	if (status == 0) {
		status = load_file(load, P_RATINGS_PATH, &ratings, flush_ratings, err);
		stats->rating_rows = load->rows;
		stats->rating_rejects = load->rejects;
		stats->unrated = load->unrated;
	}
	free(load->users.bytes);
	free(load->titles.bytes);
	free(load->alt_titles.bytes);
	free(load->synopses.bytes);
	free(load->genres.bytes);
	free(load->types.bytes);
	free(load);
	return status;
}

static const struct animed_source_ops ops = {.load = load_csv};

ANIMED_PLUGIN(.kind = ANIMED_SOURCE, .name = "csv", .summary = "a catalogue and ratings from two CSV files",
	      .params = params, .ops.source = &ops);
