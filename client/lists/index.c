/* index.c - a table of the ids and titles of a list's entries. */
#include "config.h"

#include "lists/index.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "ctl/memory.h"

struct list_index {
	json_t *places; /* an object: "mal:1" or "title:cowboy bebop|1998" to the place of the entry */
};

struct list_index *list_index_new(void)
{
	struct list_index *index = malloc(sizeof *index);

	if (!index || !(index->places = json_object()))
		memory_is_short();
	return index;
}

void list_index_free(struct list_index *index)
{
	json_decref(index->places);
	free(index);
}

/* Fold ASCII, which needs no tables; NULL where the title is not ASCII. */
static char *fold_ascii(const char *title)
{
	char *folded = memory_take(strdup(title));

	for (char *at = folded; *at; at++) {
		if ((unsigned char)*at >= 0x80) {
			free(folded);
			return NULL;
		}
		*at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
	}
	return folded;
}

char *list_fold(const char *title)
{
	char *ascii = fold_ascii(title);
	utf8proc_uint8_t *folded = NULL;

	if (ascii)
		return ascii;
	const utf8proc_ssize_t length =
	    utf8proc_map((const utf8proc_uint8_t *)title, 0, &folded,
			 UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
			     UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);

	if (length == UTF8PROC_ERROR_NOMEM)
		memory_is_short();
	return length < 0 ? memory_format("%s", title) : (char *)folded;
}

static char *id_key(const struct list_entry *entry, size_t site)
{
	return entry->ids[site] > 0
		   ? memory_format("%s:%" PRId64, list_site_name((enum list_site)site), entry->ids[site])
		   : NULL;
}

static char *title_key(const struct list_entry *entry)
{
	if (!entry->titles[0])
		return NULL;
	char *folded = list_fold(entry->titles[0]);
	char *key = memory_format("title:%s|%d", folded, entry->year);
	free(folded);
	return key;
}

/* Note the place under a key, which is freed. */
static void put(const struct list_index *index, char *key, size_t place)
{
	if (key && json_object_set_new_nocheck(index->places, key, json_integer((json_int_t)place)) < 0)
		memory_is_short();
	free(key);
}

void list_index_add(struct list_index *index, const struct list_entry *entry, size_t place)
{
	for (size_t i = 0; i < LIST_SITES; i++)
		put(index, id_key(entry, i), place);
	put(index, title_key(entry), place);
}

/* The place under a key, which is freed. */
static size_t get(const struct list_index *index, char *key)
{
	const json_t *place = key ? json_object_get(index->places, key) : NULL;

	free(key);
	return place ? (size_t)json_integer_value(place) : LIST_NOWHERE;
}

/* Whether the ids of both on one site differ, so that they are two shows whatever their titles are. */
static bool differ(const struct list_entry *a, const struct list_entry *b)
{
	for (size_t i = 0; i < LIST_SITES; i++) {
		if (a->ids[i] > 0 && b->ids[i] > 0 && a->ids[i] != b->ids[i])
			return true;
	}
	return false;
}

size_t list_index_find(const struct list_index *index, const struct list_entry *entries, const struct list_entry *entry)
{
	for (size_t i = 0; i < LIST_SITES; i++) {
		const size_t place = get(index, id_key(entry, i));
		if (place != LIST_NOWHERE)
			return place;
	}
	const size_t place = get(index, title_key(entry));
	return place != LIST_NOWHERE && !differ(&entries[place], entry) ? place : LIST_NOWHERE;
}
