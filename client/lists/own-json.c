/* own-json.c - my list as JSON. */
#include "config.h"

#include "lists/own-json.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "lists/formats.h"
#include "lists/json-place.h"
#include "lists/json-text.h"

/* The version of the form, under the key that tells it from other lists. */
#define FORM_KEY "animectl"
enum { FORM = 1 };

/* Digits that give back every score with two behind the point, and nearly all numbers of keys that are not known. */
#define LAYOUT (JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15))

/* ---- reading ---- */

/* Take a whole number from 0 to `most`.  Returns what is wrong, else NULL. */
static const char *take_whole(const json_t *value, int64_t most, int64_t *whole)
{
	if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > most)
		return "is no whole number that fits";
	*whole = json_integer_value(value);
	return NULL;
}

static const char *take_score(const json_t *value, double *score)
{
	*score = json_number_value(value);
	return json_is_number(value) && *score > 0 && *score <= LIST_SCALE ? NULL : "is no number above 0 and up to 10";
}

static const char *take_status(const json_t *value, enum list_status *status)
{
	for (int i = LIST_WATCHING; i < LIST_BAD; i++) {
		*status = (enum list_status)i;
		if (json_is_string(value) && strcmp(json_string_value(value), list_status_name(*status)) == 0)
			return NULL;
	}
	return "is none of watching, completed, on_hold, planned, dropped, unwanted and ignored";
}

static const char *take_titles(const json_t *value, struct list_entry *entry)
{
	const json_t *title;
	size_t i;

	if (!json_is_array(value))
		return "is no list of titles";
	if (json_array_size(value) >= LIST_TITLES)
		return "has more than three titles";
	json_array_foreach(value, i, title)
	{
		if (!json_is_string(title))
			return "is no list of titles";
		list_json_title(entry, title);
	}
	return NULL;
}

/* Take the value of a key.  Returns what is wrong with it, else NULL.  A key that is not known is kept. */
static const char *take(const char *key, json_t *value, struct list_entry *entry)
{
	const char *wrong = NULL;
	int64_t year = 0;

	for (size_t i = 0; i < LIST_SITES; i++) {
		if (strcmp(key, list_site_name((enum list_site)i)) == 0)
			return take_whole(value, INT64_MAX, &entry->ids[i]);
	}
	if (strcmp(key, "title") == 0 || strcmp(key, "notes") == 0) {
		if (!json_is_string(value))
			return "is no text";
		if (strcmp(key, "notes") == 0)
			entry->notes = list_json_text(value);
		return NULL; /* the title has been taken as the first of all */
	}
	if (strcmp(key, "titles") == 0)
		return take_titles(value, entry);
	if (strcmp(key, "year") == 0) {
		wrong = take_whole(value, 9999, &year);
		entry->year = (int)year;
		return wrong;
	}
	if (strcmp(key, "status") == 0)
		return take_status(value, &entry->status);
	if (strcmp(key, "score") == 0)
		return take_score(value, &entry->score);
	if (strcmp(key, "progress") == 0)
		return take_whole(value, INT64_MAX, &entry->progress);
	if (strcmp(key, "repeats") == 0)
		return take_whole(value, INT64_MAX, &entry->repeats);
	if (!entry->more)
		entry->more = json_object();
	if (!entry->more || json_object_set(entry->more, key, value) < 0)
		memory_is_short();
	return NULL;
}

/* Take an entry.  Returns what is wrong with it, and in *key with which of its values, NULL where it is the whole. */
static const char *take_entry(json_t *value, struct list_entry *entry, const char **key)
{
	const char *wrong = NULL;
	json_t *member;

	*key = NULL;
	if (!json_is_object(value))
		return "is no object";
	list_json_title(entry, list_json_at(value, "title"));
	json_object_foreach(value, *key, member)
	{
		wrong = take(*key, member, entry);
		if (wrong)
			return wrong;
	}
	return list_entry_is_named(entry) ? NULL : "has neither a title nor an id";
}

static int read_entry(const struct list_input *in, size_t n, json_t *value, struct list *list, struct list_error *err)
{
	struct list_entry entry = {.year = 0};
	const char *key, *wrong = take_entry(value, &entry, &key);

	if (!wrong && list_add(list, &entry) == 0)
		return 0;
	list_entry_free(&entry);
	if (!wrong)
		return list_fail(err, "%s: has more than %d entries; nothing was changed", in->path, LIST_ENTRIES);
	const struct json_place place = json_place_of(in->text, "entries", n);
	return list_fail(err, "%s:%zu:%zu: %s%.60s%s %s; mend it, nothing was changed", in->path, place.line,
			 place.column, key ? "\"" : "the entry", key ? key : "", key ? "\" of the entry" : "", wrong);
}

/* Keep the keys beside the entries that are not known. */
static void keep_more(json_t *root, struct list *list)
{
	list->more = json_copy(root);
	if (!list->more)
		memory_is_short();
	(void)json_object_del(list->more, FORM_KEY);
	(void)json_object_del(list->more, "entries");
}

int list_own_read(const struct list_input *in, struct list *list, struct list_error *err)
{
	const json_t *version = list_json_at(in->root, FORM_KEY), *entries = list_json_at(in->root, "entries");
	json_t *value;
	size_t i;

	list->scale = LIST_SCALE;
	if (!json_is_object(in->root) || !json_is_integer(version) || !json_is_array(entries))
		return list_fail(err, "%s:1:1: is no list of animectl, which is {\"animectl\": 1, \"entries\": [...]}",
				 in->path);
	if (json_integer_value(version) != FORM)
		return list_fail(err, "%s:1:1: was written by another version of animectl, which calls it version %lld",
				 in->path, (long long)json_integer_value(version));
	keep_more(in->root, list);
	json_array_foreach(entries, i, value)
	{
		list->at++;
		if (read_entry(in, i, value, list, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- writing ---- */

static void put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		memory_is_short();
}

static void put_whole(json_t *object, const char *key, int64_t whole)
{
	if (whole > 0)
		put(object, key, json_integer((json_int_t)whole));
}

json_t *list_entry_json(const struct list_entry *entry)
{
	json_t *object = json_object(), *titles;

	if (!object)
		memory_is_short();
	for (size_t i = 0; i < LIST_SITES; i++)
		put_whole(object, list_site_name((enum list_site)i), entry->ids[i]);
	if (entry->titles[0])
		put(object, "title", json_string(entry->titles[0]));
	if (entry->titles[0] && entry->titles[1]) {
		titles = json_array();
		for (size_t i = 1; i < LIST_TITLES && entry->titles[i]; i++) {
			if (json_array_append_new(titles, json_string(entry->titles[i])) < 0)
				memory_is_short();
		}
		put(object, "titles", titles);
	}
	put_whole(object, "year", entry->year);
	put(object, "status", json_string(list_status_name(entry->status)));
	if (entry->score > 0)
		put(object, "score",
		    entry->score == (double)(int)entry->score ? json_integer((int)entry->score)
							      : json_real(entry->score));
	put_whole(object, "progress", entry->progress);
	put_whole(object, "repeats", entry->repeats);
	if (entry->notes)
		put(object, "notes", json_string(entry->notes));
	if (entry->more && json_object_update_missing(object, entry->more) < 0)
		memory_is_short();
	return object;
}

static int compare(const void *a, const void *b)
{
	const struct list_entry *left = *(const struct list_entry *const *)a,
				*right = *(const struct list_entry *const *)b;
	const int64_t x = left->ids[LIST_MAL] > 0 ? left->ids[LIST_MAL] : INT64_MAX;
	const int64_t y = right->ids[LIST_MAL] > 0 ? right->ids[LIST_MAL] : INT64_MAX;

	if (x != y)
		return x < y ? -1 : 1;
	const int order = strcmp(left->titles[0] ? left->titles[0] : "", right->titles[0] ? right->titles[0] : "");
	return order != 0 ? order : left < right ? -1 : left > right;
}

static void write_value(json_t *value, FILE *out)
{
	char *text = memory_take(json_dumps(value, LAYOUT | JSON_ENCODE_ANY));

	(void)fputs(text, out);
	free(text);
}

void list_write_json(const struct list *list, FILE *out)
{
	const struct list_entry **order = malloc((list->n + 1) * sizeof *order);
	const char *key;
	json_t *value;

	if (!order)
		memory_is_short();
	for (size_t i = 0; i < list->n; i++)
		order[i] = &list->entries[i];
	qsort(order, list->n, sizeof *order, compare);
	(void)fprintf(out, "{\n  \"" FORM_KEY "\": %d,\n", FORM);
	json_object_foreach(list->more, key, value)
	{
		json_t *name = json_string(key);
		if (!name)
			memory_is_short();
		(void)fputs("  ", out);
		write_value(name, out);
		(void)fputs(": ", out);
		write_value(value, out);
		(void)fputs(",\n", out);
		json_decref(name);
	}
	(void)fputs("  \"entries\": [", out);
	for (size_t i = 0; i < list->n; i++) {
		json_t *object = list_entry_json(order[i]);
		(void)fputs(i ? ",\n    " : "\n    ", out);
		write_value(object, out);
		json_decref(object);
	}
	(void)fputs(list->n ? "\n  ]\n}\n" : "]\n}\n", out);
	free(order);
}

/* ---- as a format of lists ---- */

static bool is(const struct list_input *in)
{
	return json_is_integer(list_json_at(in->root, FORM_KEY));
}

const struct list_format format_animectl = {
    .name = "animectl",
    .what = "a list of animectl",
    .syntax = LIST_JSON,
    .is = is,
    .read = list_own_read,
};
