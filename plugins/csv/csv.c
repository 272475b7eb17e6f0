/* csv.c - source: reads a catalogue and ratings from two CSV files, as Kaggle and MovieLens publish them. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "animed-plugin.h"
#include "csv/csv-batch.h"
#include "csv/csv-reader.h"
#include "csv/csv-text.h"

enum {
	P_RATINGS_PATH,
	P_USER,
	P_RATED_ITEM,
	P_SCORE,
	P_UNRATED,
	P_RANGE,
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
    [P_RANGE] = {"ratings.range", ANIMED_RANGE, NULL, 0, 0, NULL, 0,
		 "the scores there are, as [1, 10]; a row with another is malformed"},
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

enum { NO_COLUMN = -1 };

/* One file of a load. */
struct load {
	const struct animed_value *values;
	const struct animed_sink *sink;
	const struct animed_host *host;
	const char *path;
	int columns[P_END]; /* the column of each parameter in the header, or NO_COLUMN */
	uint64_t rows, rejects, unrated, first_reject;
};

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
	char list[512] = "", name[64];
	size_t used = 0;

	for (size_t i = 0; i < header->n && used + strlen(", ") + sizeof name <= sizeof list; i++)
		used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
					 text_show(header->fields[i], name, sizeof name));
	return animed_fail(err, "%s:%llu: no column \"%s\"; set %s to one of: %s", load->path,
			   (unsigned long long)header->line, load->values[param].string, params[param].name, list);
}

/* Map the parameters [first, last] to columns, of which the first `mandatory` must be there.  Where one is missing,
 * returns -1 and fills err. */
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

/* Count the rows of a block that begins on `line`, and report the first ones of the file that were left out. */
static void count_rows(struct load *load, const struct batch *batch, uint64_t line)
{
	const uint64_t known = batch->rejects < BATCH_SHOWN ? batch->rejects : BATCH_SHOWN;

	if (load->rejects == 0 && batch->rejects > 0)
		load->first_reject = line + batch->first[0].line;
	for (uint64_t i = 0; i < known && load->rejects + i < BATCH_SHOWN; i++)
		load->host->log(load->host->ctx, ANIMED_WARN, "%s:%llu: row left out: %s", load->path,
				(unsigned long long)(line + batch->first[i].line), batch->first[i].reason);
	load->rows += batch->rows;
	load->unrated += batch->unrated;
	load->rejects += batch->rejects;
}

static int items_block(void *ctx, void *rows, uint64_t line, struct animed_error *err)
{
	struct load *load = ctx;
	struct batch *b = rows;
	const struct animed_item_batch batch = {
	    .n = b->n,
	    .ids = b->ids,
	    .titles = batch_text_view(&b->titles),
	    .alt_titles = batch_text_view(&b->alt_titles),
	    .synopses = batch_text_view(&b->synopses),
	    .genres = batch_text_view(&b->genres),
	    .types = batch_text_view(&b->types),
	    .years = b->years,
	    .episodes = b->episodes,
	    .members = b->members,
	};

	count_rows(load, b, line);
	batch_clear(b);
	if (load->host->cancelled(load->host->ctx))
		return animed_fail(err, "cancelled");
	return batch.n ? load->sink->items(load->sink->ctx, &batch, err) : 0;
}

static int ratings_block(void *ctx, void *rows, uint64_t line, struct animed_error *err)
{
	struct load *load = ctx;
	struct batch *b = rows;
	const struct animed_rating_batch batch = {b->n, batch_text_view(&b->users), b->ids, b->scores};

	count_rows(load, b, line);
	batch_clear(b);
	if (load->host->cancelled(load->host->ctx))
		return animed_fail(err, "cancelled");
	return batch.n ? load->sink->ratings(load->sink->ctx, &batch, err) : 0;
}

static int items_header(void *ctx, const struct csv_row *row, struct animed_error *err)
{
	return map_columns(ctx, row, P_ITEM, P_MEMBERS, 2, err);
}

static int add_cell(const struct load *load, const struct csv_row *row, int param, struct batch_text *text, size_t n)
{
	size_t length;
	const char *bytes = cell(load, row, param, &length);

	return batch_text_add(text, n, bytes, length);
}

static int32_t year_of(const struct load *load, const struct csv_row *row, const char *title, size_t length)
{
	size_t unused;

	if (load->columns[P_YEAR] == NO_COLUMN)
		return title_year(title, length);
	return text_to_year(cell(load, row, P_YEAR, &unused));
}

/* Make a cell uniform in place: the reader has no further use of its bytes. */
static size_t tidy(const struct load *load, const struct csv_row *row, int param, size_t (*normalise)(char *))
{
	size_t length;
	const char *text = cell(load, row, param, &length);

	return length ? normalise((char *)(uintptr_t)text) : 0;
}

static int append_item(const struct load *load, struct batch *batch, const struct csv_row *row, int64_t id)
{
	size_t length;
	const char *title = cell(load, row, P_TITLE, &length), *genres = cell(load, row, P_GENRES, &length);
	const size_t genres_length = tidy(load, row, P_GENRES, normalise_genres);
	const size_t title_length = tidy(load, row, P_TITLE, decode_entities);
	const size_t n = batch->n;

	if (batch_reserve(batch) < 0 || batch_text_add(&batch->titles, n, title, title_length) < 0 ||
	    batch_text_add(&batch->genres, n, genres, genres_length) < 0 ||
	    add_cell(load, row, P_ALT_TITLES, &batch->alt_titles, n) < 0 ||
	    add_cell(load, row, P_SYNOPSIS, &batch->synopses, n) < 0 ||
	    add_cell(load, row, P_TYPE, &batch->types, n) < 0)
		return -1;
	const int64_t episodes = text_to_count(cell(load, row, P_EPISODES, &length));
	batch->ids[n] = id;
	batch->years[n] = year_of(load, row, title, title_length);
	batch->episodes[n] = episodes < INT32_MAX ? (int32_t)episodes : 0;
	batch->members[n] = text_to_count(cell(load, row, P_MEMBERS, &length));
	batch->n++;
	return 0;
}

static bool row_is_utf8(const struct csv_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (!text_is_utf8(row->fields[i], row->lengths[i]))
			return false;
	}
	return true;
}

static int items_row(const void *ctx, void *rows, const struct csv_row *row)
{
	const struct load *load = ctx;
	struct batch *batch = rows;
	size_t length;
	int64_t id;
	const char *text = cell(load, row, P_ITEM, &length);

	batch->rows++;
	if (!text_to_id(text, length, &id))
		batch_reject(batch, row->line, "the id is not a whole number:", text);
	else if ((size_t)load->columns[P_TITLE] >= row->n)
		batch_reject(batch, row->line, "the row ends before the title:", text);
	else if (!row_is_utf8(row))
		batch_reject(batch, row->line, "not UTF-8 in the row of", text);
	else
		return append_item(load, batch, row, id);
	return 0;
}

static int ratings_header(void *ctx, const struct csv_row *row, struct animed_error *err)
{
	return map_columns(ctx, row, P_USER, P_SCORE, 3, err);
}

static int append_rating(struct batch *batch, const char *user, size_t length, int64_t id, float score)
{
	if (batch_reserve(batch) < 0 || batch_text_add(&batch->users, batch->n, user, length) < 0)
		return -1;
	batch->ids[batch->n] = id;
	batch->scores[batch->n++] = score;
	return 0;
}

static int ratings_row(const void *ctx, void *rows, const struct csv_row *row)
{
	const struct load *load = ctx;
	struct batch *batch = rows;
	const struct animed_value *unrated = &load->values[P_UNRATED], *range = &load->values[P_RANGE];
	size_t user_length, item_length, score_length;
	const char *user = cell(load, row, P_USER, &user_length), *item = cell(load, row, P_RATED_ITEM, &item_length);
	const char *score_text = cell(load, row, P_SCORE, &score_length);
	int64_t id;
	float score;

	batch->rows++;
	if (user_length == 0)
		batch_reject(batch, row->line, "no user beside item", item);
	else if (!text_is_utf8(user, user_length))
		batch_reject(batch, row->line, "the user is not UTF-8 beside item", item);
	else if (!text_to_id(item, item_length, &id))
		batch_reject(batch, row->line, "the item's id is not a whole number:", item);
	else if (!text_to_score(score_text, score_length, &score))
		batch_reject(batch, row->line, "the score is not a number:", score_text);
	else if (unrated->set && score == (float)unrated->real)
		batch->unrated++;
	else if (range->set && !((double)score >= range->range[0] && (double)score <= range->range[1]))
		batch_reject(batch, row->line, "the score is outside of ratings.range:", score_text);
	else
		return append_rating(batch, user, user_length, id, score);
	return 0;
}

/* After a file, log how many more rows were left out.  Where they are too many, returns -1 and fills err. */
static int check_rejects(const struct load *load, struct animed_error *err)
{
	const double most = load->values[P_MAX_REJECTS].real;

	if (load->rejects > BATCH_SHOWN)
		load->host->log(load->host->ctx, ANIMED_WARN, "%s: %llu more rows left out", load->path,
				(unsigned long long)(load->rejects - BATCH_SHOWN));
	if ((double)load->rejects <= most * (double)load->rows)
		return 0;
	return animed_fail(err,
			   "%s: %llu of %llu rows are malformed, the first on line %llu; mend the file or the columns, "
			   "or raise max_rejects (%g)",
			   load->path, (unsigned long long)load->rejects, (unsigned long long)load->rows,
			   (unsigned long long)load->first_reject, most);
}

static void *open_rows(void *ctx)
{
	(void)ctx;
	return batch_new();
}

static void close_rows(void *rows)
{
	batch_free(rows);
}

/* Read the whole file that the parameter `path` names. */
static int load_file(struct load *load, int path, const struct csv_handler *handler, struct animed_error *err)
{
	const struct csv_options options = {load->host->threads, CSV_BLOCK};

	load->path = load->values[path].string;
	load->rows = load->rejects = load->unrated = 0;
	if (csv_read(load->path, handler, &options, err) < 0)
		return -1;
	return check_rejects(load, err);
}

static int load_csv(const struct animed_value *values, const struct animed_sink *sink, const struct animed_host *host,
		    struct animed_source_stats *stats, struct animed_error *err)
{
	struct load load = {.values = values, .sink = sink, .host = host};
	const struct csv_handler items = {&load, items_header, open_rows, close_rows, items_row, items_block};
	const struct csv_handler ratings = {&load, ratings_header, open_rows, close_rows, ratings_row, ratings_block};
	int status = load_file(&load, P_ITEMS_PATH, &items, err);

	stats->item_rows = load.rows;
	stats->item_rejects = load.rejects;
	if (status == 0) {
		status = load_file(&load, P_RATINGS_PATH, &ratings, err);
		stats->rating_rows = load.rows;
		stats->rating_rejects = load.rejects;
		stats->unrated = load.unrated;
	}
	return status;
}

static const struct animed_source_ops ops = {.load = load_csv, .cacheable = true};

ANIMED_PLUGIN(.kind = ANIMED_SOURCE, .name = "csv", .summary = "a catalogue and ratings from two CSV files",
	      .params = params, .ops.source = &ops);
