/* read-kitsu.c - the libraryEntries of Kitsu's API, with the shows and mappings that are included. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "lists/formats.h"
#include "lists/json-text.h"
#include "lists/words.h"

static bool is(const struct list_input *in)
{
	const json_t *data = list_json_at(in->root, "data");
	const char *type = json_string_value(list_json_at(json_array_get(data, 0), "type"));

	return type && strcmp(type, "libraryEntries") == 0;
}

/* What is included, by "type/id"; borrowed from the input. */
static json_t *index_included(const json_t *root)
{
	json_t *index = json_object(), *value;
	size_t i;

	if (!index)
		memory_is_short();
	json_array_foreach(list_json_at(root, "included"), i, value)
	{
		const char *type = json_string_value(list_json_at(value, "type"));
		char *id = list_json_text(list_json_at(value, "id"));
		char *key = memory_format("%s/%s", type ? type : "", id ? id : "");
		if (json_object_set(index, key, value) < 0)
			memory_is_short();
		free(key);
		free(id);
	}
	return index;
}

static const json_t *included(const json_t *index, const char *type, const json_t *id)
{
	char *text = list_json_text(id), *key = memory_format("%s/%s", type, text ? text : "");
	const json_t *value = json_object_get(index, key);

	free(text);
	free(key);
	return value;
}

static void take_mapping(const json_t *mapping, struct list_entry *entry)
{
	static const struct {
		const char *site;
		enum list_site id;
	} sites[] = {{"myanimelist/anime", LIST_MAL},
		     {"anilist/anime", LIST_ANILIST},
		     {"anilist", LIST_ANILIST},
		     {"anidb", LIST_ANIDB}};
	const char *site = json_string_value(list_json_at(mapping, "attributes.externalSite"));

	for (size_t i = 0; site && i < sizeof sites / sizeof *sites; i++) {
		if (strcmp(sites[i].site, site) == 0)
			entry->ids[sites[i].id] = list_json_whole(list_json_at(mapping, "attributes.externalId"));
	}
}

static void take_show(const json_t *show, const json_t *index, struct list_entry *entry)
{
	const json_t *link;
	size_t i;

	list_json_title(entry, list_json_at(show, "attributes.canonicalTitle"));
	list_json_title(entry, list_json_at(show, "attributes.titles.en_jp"));
	list_json_title(entry, list_json_at(show, "attributes.titles.en"));
	list_json_title(entry, list_json_at(show, "attributes.titles.ja_jp"));
	entry->year = list_year_of(json_string_value(list_json_at(show, "attributes.startDate")));
	json_array_foreach(list_json_at(show, "relationships.mappings.data"), i, link)
	{
		take_mapping(included(index, "mappings", list_json_at(link, "id")), entry);
	}
}

static int read_entry(const json_t *value, const json_t *index, struct list *list)
{
	const json_t *attributes = list_json_at(value, "attributes"),
		     *twenty = list_json_at(attributes, "ratingTwenty");
	const json_t *id = list_json_at(value, "relationships.anime.data.id");
	struct list_entry entry = {.year = 0};

	list->at++;
	if (!id && list_json_at(value, "relationships.manga.data.id")) {
		list->others++;
		return 0;
	}
	entry.ids[LIST_KITSU] = list_json_whole(id);
	take_show(included(index, "anime", id), index, &entry);
	entry.status = list_json_status(list, list_json_at(attributes, "status"));
	if (json_is_true(list_json_at(attributes, "reconsuming")))
		entry.status = LIST_COMPLETED;
	entry.score = twenty ? list_json_score(list, twenty)
			     : 4 * list_json_score(list, list_json_at(attributes, "rating")); /* stars, up to 5 */
	entry.progress = list_json_whole(list_json_at(attributes, "progress"));
	entry.repeats = list_json_whole(list_json_at(attributes, "reconsumeCount"));
	entry.notes = list_json_text(list_json_at(attributes, "notes"));
	return list_add(list, &entry);
}

static int read_library(const struct list_input *in, struct list *list, struct list_error *err)
{
	json_t *index = index_included(in->root);
	const json_t *value;
	size_t i;
	int status = 0;

	list->scale = 20;
	json_array_foreach(list_json_at(in->root, "data"), i, value)
	{
		status = read_entry(value, index, list);
		if (status < 0)
			break;
	}
	json_decref(index);
	if (status == 0 && list->n == 0 && list->others > 0)
		return list_fail(err, "%s: is a list of manga; fetch the library of kind anime", in->path);
	return status;
}

const struct list_format format_kitsu = {
    .name = "kitsu",
    .what = "the libraryEntries of Kitsu",
    .syntax = LIST_JSON,
    .is = is,
    .read = read_library,
};
