/* read-load-json.c - load.json, from which the pages of MyAnimeList fill their lists. */
#include "config.h"

#include "lists/formats.h"
#include "lists/json-text.h"

static bool is(const struct list_input *in)
{
	const json_t *first = json_array_get(in->root, 0);

	return list_json_at(first, "anime_id") && list_json_at(first, "anime_title");
}

static int read_rows(const struct list_input *in, struct list *list, struct list_error *err)
{
	const json_t *value;
	size_t i;

	(void)err; /* nothing but the number of entries can be wrong */
	json_array_foreach(in->root, i, value)
	{
		struct list_entry entry = {.year = 0};
		list->at++;
		entry.ids[LIST_MAL] = list_json_whole(list_json_at(value, "anime_id"));
		list_json_title(&entry, list_json_at(value, "anime_title"));
		list_json_title(&entry, list_json_at(value, "anime_title_eng"));
		entry.status = list_json_status(list, list_json_at(value, "status"));
		entry.score = list_json_score(list, list_json_at(value, "score"));
		entry.progress = list_json_whole(list_json_at(value, "num_watched_episodes"));
		if (list_json_whole(list_json_at(value, "is_rewatching")) > 0 && entry.status == LIST_WATCHING)
			entry.status = LIST_COMPLETED;
		if (list_add(list, &entry) < 0)
			return -1;
	}
	return 0;
}

const struct list_format format_load_json = {
    .name = "load-json",
    .what = "the load.json of a list's page on MyAnimeList",
    .syntax = LIST_JSON,
    .is = is,
    .read = read_rows,
};
