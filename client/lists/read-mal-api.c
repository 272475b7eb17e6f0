/* read-mal-api.c - the anime list as MyAnimeList's API (version 2) answers it. */
#include "config.h"

#include <string.h>

#include "lists/formats.h"
#include "lists/json-text.h"
#include "lists/words.h"

static bool is(const struct list_input *in)
{
	const json_t *data = list_json_at(in->root, "data");

	return json_is_array(data) && list_json_at(json_array_get(data, 0), "node");
}

static int read_entry(const json_t *value, struct list *list)
{
	const json_t *node = list_json_at(value, "node"), *said = list_json_at(value, "list_status");
	struct list_entry entry = {.year = list_year_of(json_string_value(list_json_at(node, "start_date")))};

	entry.ids[LIST_MAL] = list_json_whole(list_json_at(node, "id"));
	list_json_title(&entry, list_json_at(node, "title"));
	list_json_title(&entry, list_json_at(node, "alternative_titles.en"));
	list_json_title(&entry, list_json_at(node, "alternative_titles.ja"));
	entry.status = list_json_status(list, list_json_at(said, "status"));
	if (json_is_true(list_json_at(said, "is_rewatching")) && entry.status == LIST_WATCHING)
		entry.status = LIST_COMPLETED;
	entry.score = list_json_score(list, list_json_at(said, "score"));
	entry.progress = list_json_whole(list_json_at(said, "num_episodes_watched"));
	entry.repeats = list_json_whole(list_json_at(said, "num_times_rewatched"));
	entry.notes = list_json_text(list_json_at(said, "comments"));
	return list_add(list, &entry);
}

static int read_data(const struct list_input *in, struct list *list, struct list_error *err)
{
	const json_t *value;
	size_t i;

	json_array_foreach(list_json_at(in->root, "data"), i, value)
	{
		list->at++;
		if (list_json_at(value, "list_status.num_chapters_read"))
			list->others++;
		else if (read_entry(value, list) < 0)
			return -1;
	}
	if (list->n == 0 && list->others > 0)
		return list_fail(err, "%s: is a list of manga; fetch the animelist", in->path);
	if (list_json_at(in->root, "paging.next")) {
		list->at = 0;
		list_tell(list, "the file is one page of an answer; import the pages that follow too");
	}
	return 0;
}

const struct list_format format_mal_api = {
    .name = "mal-api",
    .what = "an answer of MyAnimeList's API",
    .syntax = LIST_JSON,
    .is = is,
    .read = read_data,
};
