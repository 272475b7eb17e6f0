/* jsonl-row.c - follows keys through objects and arrays, and makes text of what is there. */
#include "config.h"

#include "jsonl/jsonl-row.h"

#include <stdlib.h>
#include <string.h>

#include "rows/number.h"

enum { DEPTH = 8 };

/* Where the values of a key go. */
struct into {
	struct jsonl_row *row;
	const struct rows_key *key;
	size_t begin;          /* where the text of the cell begins in row->text */
	const json_t *string;  /* the value where it is one string; NULL: the cell is in row->text */
	size_t n;              /* values so far */
	bool list;             /* the key led through an array, and the cell is to be a list */
	const char *complaint; /* NULL: none yet */
};

/* Append bytes to the text of the row.  Returns -1 where memory is short. */
static int append(struct jsonl_row *row, const char *bytes, size_t length)
{
	if (row->size + length + 1 > row->room) {
		const size_t room = (row->size + length + 1) * 2;
		char *more = realloc(row->text, room);
		if (!more)
			return -1;
		row->text = more;
		row->room = room;
	}
	memcpy(row->text + row->size, bytes, length);
	row->size += length;
	row->text[row->size] = '\0';
	return 0;
}

/* Append a member to the list, which is written as in JSON: whatever is in a name, it is one name. */
static int append_member(struct into *into, const char *bytes, size_t length)
{
	struct jsonl_row *row = into->row;
	int status = append(row, into->n > 0 ? ",\"" : "[\"", 2);

	for (size_t i = 0; status == 0 && i < length; i++) {
		if (bytes[i] == '"' || bytes[i] == '\\')
			status = append(row, "\\", 1);
		if (status == 0)
			status = append(row, bytes + i, 1);
	}
	return status < 0 ? -1 : append(row, "\"", 1);
}

/* Take a string, a number or a truth value.  The only string is not copied. */
static int take(struct into *into, const json_t *value)
{
	char number[NUMBER_TEXT];
	const char *text = number;

	if (json_is_string(value))
		text = json_string_value(value);
	else if (json_is_integer(value))
		(void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		number_write(json_real_value(value), number);
	else
		text = json_is_true(value) ? "true" : "false";
	const size_t length = json_is_string(value) ? json_string_length(value) : strlen(text);
	int status = 0;
	if (into->list)
		status = append_member(into, text, length);
	else if (json_is_string(value))
		into->string = value;
	else
		status = append(into->row, text, length);
	into->n++;
	return status;
}

static int follow(struct into *into, const json_t *value, const char *path, int depth);

/* Follow the path from each element of an array; the elements of a list may be objects with a name. */
static int follow_array(struct into *into, const json_t *array, const char *path, int depth)
{
	const json_t *element;
	size_t i;

	into->list = into->key->list;
	json_array_foreach(array, i, element)
	{
		const bool named = !*path && json_is_object(element);
		if (follow(into, element, named ? "name" : path, depth + 1) < 0)
			return -1;
	}
	return 0;
}

/* Follow the path into an object: the whole of it may be a key, or its beginning up to a dot. */
static int follow_object(struct into *into, const json_t *object, const char *path, int depth)
{
	const json_t *value = json_object_get(object, path);
	int status = 0;

	if (value)
		return follow(into, value, "", depth + 1);
	for (const char *dot = strchr(path, '.'); dot && !value; dot = strchr(dot + 1, '.')) {
		value = json_object_getn(object, path, (size_t)(dot - path));
		if (value)
			status = follow(into, value, dot + 1, depth + 1);
	}
	return status;
}

/* Take what is at the end of the path, of which `path` is left.  Returns -1 where memory is short. */
static int follow(struct into *into, const json_t *value, const char *path, int depth)
{
	if (depth > DEPTH) {
		into->complaint = "leads through too many arrays and objects";
		return 0;
	}
	if (json_is_array(value))
		return follow_array(into, value, path, depth);
	if (json_is_object(value) && *path)
		return follow_object(into, value, path, depth);
	if (json_is_object(value))
		into->complaint = "is an object; write KEY.NAME for a value in it";
	else if (!json_is_null(value) && !*path)
		return take(into, value);
	return 0;
}

/* Read the cell of key i.  Its text, where it is in row->text, may yet move: the cell is NULL then, and the length is
 * that of the text.  Returns as jsonl_row_read() does. */
static int read_cell(struct jsonl_row *row, size_t i, const json_t *object, size_t *begin, char why[JSONL_WHY])
{
	struct into into = {.row = row, .key = &row->keys[i], .begin = row->size};

	if (follow_object(&into, object, into.key->name, 0) < 0)
		return -1;
	if (into.list && into.n > 0 && append(row, "]", 1) < 0)
		return -1;
	if (!into.complaint && into.n > 1 && !into.key->list)
		into.complaint = "has several values, of which there can be one";
	if (into.complaint) {
		(void)snprintf(why, JSONL_WHY, "%s (%s) %s:", into.key->name, into.key->param, into.complaint);
		return 1;
	}
	row->seen[i] |= into.n > 0;
	row->cells[i] = into.string ? json_string_value(into.string) : NULL;
	row->lengths[i] = into.string ? json_string_length(into.string) : row->size - into.begin;
	*begin = into.string || into.n == 0 ? SIZE_MAX : into.begin;
	/* the NUL of this text, before the next one */
	row->size += *begin != SIZE_MAX;
	return 0;
}

int jsonl_row_read(struct jsonl_row *row, const json_t *object, char why[JSONL_WHY])
{
	size_t begins[ROWS_MAX_WANTED];
	int status = 0;

	row->size = 0;
	memset(row->cells, 0, sizeof row->cells);
	for (size_t i = 0; status == 0 && i < row->n; i++)
		status = read_cell(row, i, object, &begins[i], why);
	for (size_t i = 0; status == 0 && i < row->n; i++) {
		if (begins[i] != SIZE_MAX)
			row->cells[i] = row->text + begins[i];
	}
	return status;
}

void jsonl_row_clear(struct jsonl_row *row)
{
	free(row->text);
	row->text = NULL;
	row->size = row->room = 0;
}

/* Append the keys below `prefix`. */
static void add_keys(const json_t *object, const char *prefix, char *names, size_t size, size_t *used, size_t *n,
		     int depth)
{
	char name[256];

	for (void *at = json_object_iter((json_t *)(uintptr_t)object); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
		const json_t *value = json_object_iter_value(at);
		const int length = snprintf(name, sizeof name, "%s%s", prefix, json_object_iter_key(at));
		if (length >= (int)sizeof name - 1 || *used + (size_t)length + 1 > size)
			continue;
		const json_t *inner = json_is_array(value) ? json_array_get(value, 0) : value;
		if (!json_is_object(value)) {
			memcpy(names + *used, name, (size_t)length + 1);
			*used += (size_t)length + 1;
			++*n;
		}
		if (json_is_object(inner) && depth < DEPTH) {
			(void)strcat(name, ".");
			add_keys(inner, name, names, size, used, n, depth + 1);
		}
	}
}

size_t jsonl_keys(const json_t *object, char *names, size_t size)
{
	size_t used = 0, n = 0;

	add_keys(object, "", names, size, &used, &n, 0);
	return n;
}
