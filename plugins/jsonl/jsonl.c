/* jsonl.c - source: reads a catalogue and ratings from files of JSON lines, which have an object on each line. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "animed-plugin.h"
#include "csv/csv-table.h"
#include "jsonl/jsonl-file.h"
#include "jsonl/jsonl-row.h"
#include "rows/params.h"
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

/* The files, in the order in which they are read. */
static const struct {
	const char *key;
	enum rows_kind kind;
} files[] = {
    {"items.path", ROWS_ITEMS},
    {"favourites.path", ROWS_FAVOURITES},
    {"ratings.path", ROWS_RATINGS},
};

enum { MAX_KEYS = 256 }; /* of the first object, that a message may list */

/* A file that is being read. */
struct reading {
	const char *path;
	struct rows_table *table;
	struct jsonl_file *file;
	struct jsonl_row row;
	bool begun; /* the first line was read */
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
	reading->begun = true;
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

/* Leave out a line that is no object.  What is wrong with the first line is wrong with the file. */
static int take_other(struct reading *reading, const json_t *value, const json_error_t *error, uint64_t line,
		      struct animed_error *err)
{
	if (!reading->begun && json_is_array(value))
		return not_lines(reading, line,
				 "an array, where one object on each line was expected; make lines of its elements: "
				 "jq -c '.[]' FILE",
				 err);
	if (!reading->begun && !value && json_error_code(error) == json_error_premature_end_of_input)
		return not_lines(reading, line,
				 "JSON over several lines, where one object on each line was expected; make lines of "
				 "it: jq -c . FILE, or jq -c '.[]' FILE for an array",
				 err);
	return rows_table_reject(reading->table, line, "not a JSON object:", value ? "an array" : error->text, err);
}

/* Take a line.  Returns as rows_table_take() does. */
static int take_line(struct reading *reading, const char *text, size_t length, uint64_t line, struct animed_error *err)
{
	struct jsonl_row *row = &reading->row;
	char why[JSONL_WHY];
	json_error_t error;
	json_t *value;
	int status = parse(text, length, &value, &error);

	if (status < 0)
		return animed_fail(err, "%s: out of memory", reading->path);
	if (!json_is_object(value)) {
		status = take_other(reading, value, &error, line, err);
		json_decref(value);
		return status;
	}
	if (!reading->begun)
		status = begin(reading, value, line, err);
	if (status == 0) {
		status = jsonl_row_read(row, value, why);
		if (status < 0)
			(void)animed_fail(err, "%s: out of memory", reading->path);
		else if (status > 0)
			status = rows_table_reject(reading->table, line, why, row->cells[0] ? row->cells[0] : "", err);
		else
			status = rows_table_take(reading->table,
						 &(const struct row){row->cells, row->lengths, row->n, line}, err);
	}
	json_decref(value);
	return status;
}

static int take_lines(struct reading *reading, struct animed_error *err)
{
	struct animed_error why;
	const char *text;
	size_t length;
	uint64_t line;
	int status;

	while ((status = jsonl_file_next(reading->file, &text, &length, &line, &why)) > 0) {
		status = take_line(reading, text, length, line, err);
		if (status != 0)
			return status < 0 ? -1 : 0;
	}
	if (status < 0)
		return animed_fail(err, "%s:%llu: %s", reading->path, (unsigned long long)line, why.text);
	rows_table_unseen(reading->table, reading->row.seen);
	return 0;
}

static int load_file(const struct rows_load *load, const char *path, enum rows_kind kind, struct animed_error *err)
{
	struct reading reading = {.path = path, .table = rows_table_new(load, kind, path, ROWS_LINES, err)};
	struct animed_error why;
	int status = reading.table ? jsonl_file_open(path, &reading.file, &why) : -1;

	if (reading.table && status < 0)
		(void)animed_fail(err, "%s: %s", path, why.text);
	if (status == 0) {
		reading.row.n = rows_table_wanted(reading.table, reading.row.keys);
		status = take_lines(&reading, err);
	}
	if (status == 0)
		status = rows_table_end(reading.table, err);
	jsonl_row_clear(&reading.row);
	jsonl_file_close(reading.file);
	rows_table_free(reading.table);
	return status;
}

static int load_jsonl(const struct animed_value *values, const struct animed_sink *sink, const struct animed_host *host,
		      struct animed_source_stats *stats, struct animed_error *err)
{
	const struct rows_load load = {params, values, sink, host, stats};
	int status = 0;

	for (size_t i = 0; status == 0 && i < sizeof files / sizeof *files; i++) {
		const struct animed_value *path = rows_value(&load, files[i].key);
		if (path)
			status = load_file(&load, path->string, files[i].kind, err);
		if (status == 0 && files[i].kind == ROWS_ITEMS)
			status = title_list_load(&load, csv_read_table, err);
	}
	return status;
}

static const struct animed_source_ops ops = {.load = load_jsonl, .cacheable = true};

ANIMED_PLUGIN(.kind = ANIMED_SOURCE, .name = "jsonl", .summary = "a catalogue and ratings from files of JSON lines",
	      .params = params, .ops.source = &ops);
