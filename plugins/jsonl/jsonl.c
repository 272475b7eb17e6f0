/* jsonl.c - source: reads a catalogue and ratings from files of JSON lines, which have an object on each line. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "animed-plugin.h"
#include "csv/csv-table.h"
#include "jsonl/jsonl-file.h"
#include "jsonl/jsonl-row.h"
#include "kit/parallel.h"
#include "rows/params.h"
#include "rows/parts.h"
#include "titlelist/title-list.h"

static const struct animed_param params[] = {
    {"ratings.path", ANIMED_PATH, NULL, 0, 0, NULL, ANIMED_REQUIRED, "the file of ratings; .gz and .zst too"},
    ROWS_RATINGS_PARAMS,
    {"items.path", ANIMED_PATH, NULL, 0, 0, NULL, ANIMED_REQUIRED, "the file of items; .gz and .zst too"},
    ROWS_ITEMS_PARAMS,
    {"favourites.path", ANIMED_PATH, NULL, 0, 0, NULL, 0, "the file of what users like best; .gz and .zst too"},
    ROWS_FAVOURITES_PARAMS,
    ROWS_PARAMS,
    {NULL, 0, NULL, 0, 0, NULL, 0, NULL},
};

enum { MAX_KEYS = 256 }; /* of the first object, that a message may list */

enum { MAX_THREADS = 8 };

/* A piece of a file, the rows of it, and what a thread needs to read them. */
struct piece {
	struct jsonl_block block;
	uint64_t lines; /* of the block */
	struct batch *batch;
	struct jsonl_row row;
};

/* A file that is being read. */
struct reading {
	const char *path;
	struct rows_table *table;
	struct jsonl_file *file;
	unsigned threads;
	struct piece pieces[MAX_THREADS]; /* of which the first `threads` are used */
	uint64_t line;                    /* how many lines were given to the table */
};

/* Fail for the file as a whole, where its first line shows what it is. */
static int not_lines(const struct reading *reading, uint64_t line, const char *what, struct animed_error *err)
{
	return animed_fail(err, "%s:%llu: %s", reading->path, (unsigned long long)line, what);
}

/* Find the keys that are wanted in the first object. */
static int begin(struct reading *reading, const json_t *object, uint64_t line, struct animed_error *err)
{
	const char *cells[MAX_KEYS];
	size_t lengths[MAX_KEYS], n;
	char names[4096];
	const char *at = names;

	n = jsonl_keys(object, names, sizeof names);
	if (n > MAX_KEYS)
		n = MAX_KEYS;
	for (size_t i = 0; i < n; i++, at += lengths[i - 1] + 1) {
		cells[i] = at;
		lengths[i] = strlen(at);
	}
	return rows_table_keys(reading->table, &(const struct row){cells, lengths, n, line}, err);
}

/* Parse a line into *value, which is NULL where it is no JSON.  jansson takes some shortages of memory for errors of
 * syntax: only an error that comes twice, though there is memory in between, is one.  Returns -1 where memory is
 * short. */
static int parse(const char *text, size_t length, json_t **value, json_error_t *error)
{
	json_error_t again;
	char *volatile room;

	*value = json_loadb(text, length, JSON_REJECT_DUPLICATES, error);
	if (*value)
		return 0;
	room = malloc(length + 4096);
	if (!room)
		return -1;
	free(room);
	*value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &again);
	if (*value)
		return 0;
	const enum json_error_code code = json_error_code(error);
	return code != json_error_unknown && code != json_error_out_of_memory && code == json_error_code(&again) &&
		       error->position == again.position
		   ? 0
		   : -1;
}

/* Look at the first line of the file, which shows what the file is and which keys it has. */
static int look_at_first(struct reading *reading, const struct jsonl_block *block, struct animed_error *err)
{
	const char *text;
	size_t at = 0, length;
	uint64_t line = 0;
	json_error_t error;
	json_t *value;

	if (!jsonl_line_next(block, &at, &text, &length, &line))
		return 0;
	int status = parse(text, length, &value, &error);
	if (status < 0)
		(void)animed_fail(err, "%s: out of memory", reading->path);
	else if (json_is_object(value))
		status = begin(reading, value, line, err);
	else if (json_is_array(value))
		status = not_lines(reading, line,
				   "an array, where one object on each line was expected; make lines of its elements: "
				   "jq -c '.[]' FILE",
				   err);
	else if (json_error_code(&error) == json_error_premature_end_of_input)
		status = not_lines(reading, line,
				   "JSON over several lines, where one object on each line was expected; make lines of "
				   "it: jq -c . FILE, or jq -c '.[]' FILE for an array",
				   err);
	else
		status = not_lines(reading, line, "not JSON, where one object on each line was expected", err);
	json_decref(value);
	return status;
}

/* Leave out the line with this number, from 0: WHY "WHAT". */
static void reject(struct piece *piece, uint64_t line, const char *why, const char *what)
{
	piece->batch->rows++;
	batch_reject(piece->batch, line, why, what);
}

/* Add a line, whose number counts from 0, to the batch of the piece.  Returns -1 where memory is short. */
static int add_line(const struct rows_table *table, struct piece *piece, const char *text, size_t length, uint64_t line)
{
	struct jsonl_row *row = &piece->row;
	char why[JSONL_WHY];
	json_error_t error;
	json_t *value;
	int status = parse(text, length, &value, &error);

	if (status < 0)
		return -1;
	if (!json_is_object(value)) {
		reject(piece, line, "not a JSON object:", value ? "an array" : error.text);
		json_decref(value);
		return 0;
	}
	status = jsonl_row_read(row, value, why);
	if (status > 0)
		reject(piece, line, why, row->cells[0] ? row->cells[0] : "");
	else if (status == 0)
		status =
		    rows_table_add(table, piece->batch, &(const struct row){row->cells, row->lengths, row->n, line});
	json_decref(value);
	return status < 0 ? -1 : 0;
}

/* Add the lines of piece i to its batch, in any thread. */
static int add_lines(void *ctx, size_t i, unsigned worker, struct animed_error *err)
{
	struct reading *reading = ctx;
	struct piece *piece = &reading->pieces[i];
	const char *text;
	size_t at = 0, length;

	(void)worker;
	piece->lines = 0;
	while (jsonl_line_next(&piece->block, &at, &text, &length, &piece->lines)) {
		if (add_line(reading->table, piece, text, length, piece->lines - 1) < 0)
			return animed_fail(err, "%s: out of memory", reading->path);
	}
	return 0;
}

/* Read as many pieces as there are threads.  Returns how many there are, 0 at the end of the file.  On failure returns -1
 * and fills err. */
static int read_pieces(struct reading *reading, struct animed_error *err)
{
	struct animed_error why;
	int n = 0, status = 1;

	while (n < (int)reading->threads &&
	       (status = jsonl_file_next(reading->file, &reading->pieces[n].block, &why)) > 0)
		n++;
	return status < 0 ? animed_fail(err, "%s: %s", reading->path, why.text) : n;
}

/* Give the rows of n pieces to the table, in the order of the file.  Returns 0, or 1 where no more are wanted.  On failure
 * returns -1 and fills err. */
static int give_pieces(struct reading *reading, int n, struct animed_error *err)
{
	for (int i = 0; i < n; i++) {
		struct piece *piece = &reading->pieces[i];
		if (rows_table_enough(reading->table))
			return 1;
		if (rows_table_give(reading->table, piece->batch, reading->line + 1, err) < 0)
			return -1;
		reading->line += piece->lines;
	}
	return 0;
}

/* Warn of keys that no object of the file had. */
static void warn_of_unseen(const struct reading *reading)
{
	bool seen[ROWS_MAX_WANTED] = {false};

	for (unsigned i = 0; i < reading->threads; i++) {
		for (size_t k = 0; k < reading->pieces[i].row.n; k++)
			seen[k] |= reading->pieces[i].row.seen[k];
	}
	rows_table_unseen(reading->table, seen);
}

static int read_lines(struct reading *reading, struct animed_error *err)
{
	bool first = true;
	int n = 0, status = 0;

	while (status == 0 && (n = read_pieces(reading, err)) > 0) {
		if (first && look_at_first(reading, &reading->pieces[0].block, err) < 0)
			return -1;
		first = false;
		if (parallel_for((size_t)n, reading->threads, add_lines, reading, err) < 0)
			return -1;
		status = give_pieces(reading, n, err);
	}
	if (n < 0 || status < 0)
		return -1;
	if (status == 0)
		warn_of_unseen(reading);
	return 0;
}

static int make_pieces(struct reading *reading, struct animed_error *err)
{
	for (unsigned i = 0; i < reading->threads; i++) {
		struct piece *piece = &reading->pieces[i];
		piece->row.n = rows_table_wanted(reading->table, piece->row.keys);
		piece->batch = batch_new();
		if (!piece->batch)
			return animed_fail(err, "%s: out of memory", reading->path);
	}
	return 0;
}

static void free_pieces(struct reading *reading)
{
	for (unsigned i = 0; i < reading->threads; i++) {
		struct piece *piece = &reading->pieces[i];
		free(piece->block.bytes);
		jsonl_row_clear(&piece->row);
		if (piece->batch)
			batch_free(piece->batch);
	}
}

static int load_file(void *ctx, const struct rows_load *load, enum rows_kind kind, const char *key, const char *path,
		     struct animed_error *err)
{
	const unsigned threads = load->host->threads;
	struct reading reading = {.path = path, .threads = threads < MAX_THREADS ? threads : MAX_THREADS};
	struct animed_error why;

	(void)ctx;
	(void)key;
	reading.table = rows_table_new(load, kind, path, ROWS_LINES, err);
	if (!reading.table)
		return -1;
	int status = jsonl_file_open(path, &reading.file, &why);
	if (status < 0)
		(void)animed_fail(err, "%s: %s", path, why.text);
	if (status == 0)
		status = make_pieces(&reading, err);
	if (status == 0)
		status = read_lines(&reading, err);
	if (status == 0)
		status = rows_table_end(reading.table, err);
	free_pieces(&reading);
	jsonl_file_close(reading.file);
	rows_table_free(reading.table);
	return status == 0 && kind == ROWS_ITEMS ? title_list_load(load, csv_read_table, err) : status;
}

static int load_jsonl(const struct animed_value *values, const struct animed_sink *sink, const struct animed_host *host,
		      struct animed_source_stats *stats, struct animed_error *err)
{
	const struct rows_load load = {params, values, sink, host, stats};

	return rows_each_part(&load, ROWS_FROM_FILES, load_file, NULL, err);
}

static const struct animed_source_ops ops = {.load = load_jsonl, .cacheable = true};

ANIMED_PLUGIN(.kind = ANIMED_SOURCE, .name = "jsonl", .summary = "a catalogue and ratings from files of JSON lines",
	      .params = params, .ops.source = &ops);
