/* read-json.c - any list of JSON objects whose keys say what they are, and JSON lines. */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lists/formats.h"
#include "lists/json-text.h"
#include "lists/row.h"

/* How deep an object may stand in that of an entry, as in {"anime": {"title": {"english": ...}}}. */
enum { DEEP = 4 };

struct row {
	char *cells[ROW_COLUMNS];
	int ranks[ROW_COLUMNS];
};

static void take_values(struct row *row, const json_t *object, int depth)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		const struct row_name name = row_name_of(key);
		if (json_is_object(value) && depth < DEEP)
			take_values(row, value, depth + 1);
		/* what stands further out is the more telling */
		const int rank = name.rank + depth * 1000;
		if (name.column == ROW_UNKNOWN || rank >= row->ranks[name.column])
			continue;
		char *text = list_json_text(value);
		if (!text)
			continue;
		free(row->cells[name.column]);
		row->cells[name.column] = text;
		row->ranks[name.column] = rank;
	}
}

static int read_entry(const json_t *object, struct list *list)
{
	struct row row = {.cells = {NULL}};

	for (size_t i = 0; i < ROW_COLUMNS; i++)
		row.ranks[i] = INT_MAX;
	take_values(&row, object, 0);
	const int status = row_add(list, (const char *const *)row.cells);
	for (size_t i = 0; i < ROW_COLUMNS; i++)
		free(row.cells[i]);
	return status;
}

/* The array with the entries: the file itself, or a member of it. */
static const json_t *entries_of(const json_t *root)
{
	static const char *const names[] = {"entries", "anime", "animelist", "list",
					    "data",    "items", "shows",     "ratings"};

	if (json_is_array(root))
		return root;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const json_t *member = list_json_at(root, names[i]);
		if (json_is_array(member))
			return member;
	}
	return NULL;
}

/* Whether an object is an entry, by its keys. */
static bool is_entry(const json_t *object)
{
	struct row row = {.cells = {NULL}};
	bool found = false;

	for (size_t i = 0; i < ROW_COLUMNS; i++)
		row.ranks[i] = INT_MAX;
	take_values(&row, object, 0);
	for (size_t i = 0; i < ROW_COLUMNS; i++) {
		found = found || (i <= ROW_TITLE_3 && row.cells[i]);
		free(row.cells[i]);
	}
	return found;
}

static bool is(const struct list_input *in)
{
	const json_t *entries = entries_of(in->root);

	return entries ? json_array_size(entries) == 0 || is_entry(json_array_get(entries, 0)) : is_entry(in->root);
}

static int read_rows(const struct list_input *in, struct list *list, struct list_error *err)
{
	const json_t *entries = entries_of(in->root), *value;
	size_t i;

	(void)err; /* nothing but the number of entries can be wrong */
	list->guess = LIST_SCALE_ROWS;
	if (!entries) {
		list->at = 1;
		return read_entry(in->root, list);
	}
	json_array_foreach(entries, i, value)
	{
		list->at++;
		if (!json_is_object(value))
			list_tell(list, "is no object; left out");
		else if (read_entry(value, list) < 0)
			return -1;
	}
	return 0;
}

const struct list_format format_json = {
    .name = "json",
    .what = "a list of JSON objects",
    .syntax = LIST_JSON,
    .is = is,
    .read = read_rows,
};
