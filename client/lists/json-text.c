/* json-text.c - reads JSON with jansson. */
#include "config.h"

#include "lists/json-text.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "lists/words.h"

/* How many values the text has at most, by what stands before or between them. */
static size_t count_values(const char *text)
{
	bool quoted = false;
	size_t n = 1;

	for (; *text; text++) {
		if (quoted && *text == '\\' && text[1])
			text++;
		else if (*text == '"')
			quoted = !quoted;
		else if (!quoted && (*text == '[' || *text == '{' || *text == ','))
			n++;
	}
	return n;
}

/* Say where and why a value that begins at `at` is none. */
static void tell_broken(const char *path, const char *text, size_t at, const json_error_t *error,
			struct list_error *err)
{
	size_t lines = 0;

	for (size_t i = 0; i < at; i++)
		lines += text[i] == '\n';
	(void)list_fail(err, "%s:%zu:%d: is no whole JSON: %s", path, lines + (size_t)error->line, error->column,
			error->text);
}

/* Add a value to those before it: the second one makes an array of both. */
static json_t *add_value(json_t *before, json_t *value, size_t n)
{
	json_t *all = n == 1 ? json_array() : before;

	if (n == 0)
		return value;
	if (!all || (n == 1 && json_array_append_new(all, before) < 0) || json_array_append_new(all, value) < 0)
		memory_is_short();
	return all;
}

json_t *list_json_read(const char *path, const char *text, size_t size, struct list_error *err)
{
	json_t *root = NULL;
	json_error_t error;
	size_t at = 0;

	if (count_values(text) > LIST_VALUES) {
		(void)list_fail(err, "%s: has more than %d values, which no list has", path, LIST_VALUES);
		return NULL;
	}
	for (size_t n = 0; at < size; n++) {
		json_t *value = json_loadb(text + at, size - at, JSON_DISABLE_EOF_CHECK, &error);
		if (!value) {
			tell_broken(path, text, at, &error, err);
			json_decref(root);
			return NULL;
		}
		root = add_value(root, value, n);
		at += (size_t)error.position;
		at += strspn(text + at, " \t\r\n");
	}
	return root;
}

const json_t *list_json_at(const json_t *object, const char *path)
{
	char name[64];

	while (object && *path) {
		const size_t length = strcspn(path, ".");
		if (length >= sizeof name)
			return NULL;
		memcpy(name, path, length);
		name[length] = '\0';
		object = json_object_get(object, name);
		path += length + (path[length] == '.');
	}
	return json_is_null(object) ? NULL : object;
}

char *list_json_text(const json_t *value)
{
	if (json_is_string(value))
		return memory_take(strdup(json_string_value(value)));
	return json_is_number(value) ? memory_take(json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(10))) : NULL;
}

int64_t list_json_whole(const json_t *value)
{
	char *text = list_json_text(value);
	const int64_t whole = list_whole_of(text);

	free(text);
	return whole;
}

double list_json_score(struct list *list, const json_t *value)
{
	char *text = list_json_text(value);
	const double score = list_score_of(list, text);

	free(text);
	return score;
}

enum list_status list_json_status(struct list *list, const json_t *value)
{
	char *text = list_json_text(value);
	const enum list_status status = list_status_of(list, text);

	free(text);
	return status;
}

void list_json_title(struct list_entry *entry, const json_t *value)
{
	list_entry_title(entry, json_string_value(value));
}
