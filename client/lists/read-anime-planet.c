/* read-anime-planet.c - the export of Anime-Planet. */
#include "config.h"

#include <string.h>

#include "lists/formats.h"
#include "lists/json-text.h"

static bool is(const struct list_input *in)
{
	return json_is_array(list_json_at(in->root, "entries")) && list_json_at(in->root, "export");
}

static int read_export(const struct list_input *in, struct list *list, struct list_error *err)
{
	const char *type = json_string_value(list_json_at(in->root, "export.type"));
	const json_t *value;
	size_t i;

	if (type && strcmp(type, "manga") == 0)
		return list_fail(err, "%s: is a list of manga; export that of anime", in->path);
	list->scale = 5;
	json_array_foreach(list_json_at(in->root, "entries"), i, value)
	{
		struct list_entry entry = {.year = 0};
		list->at++;
		list_json_title(&entry, list_json_at(value, "name"));
		entry.status = list_json_status(list, list_json_at(value, "status"));
		entry.score = list_json_score(list, list_json_at(value, "rating"));
		entry.progress = list_json_whole(list_json_at(value, "eps"));
		/* it counts the first time too */
		entry.repeats = list_json_whole(list_json_at(value, "times"));
		entry.repeats -= entry.repeats > 0;
		if (list_add(list, &entry) < 0)
			return -1;
	}
	return 0;
}

const struct list_format format_anime_planet = {
    .name = "anime-planet",
    .what = "an export of Anime-Planet",
    .syntax = LIST_JSON,
    .is = is,
    .read = read_export,
};
