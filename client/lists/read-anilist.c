/* read-anilist.c - the MediaListCollection of AniList, as its API answers it. */
#include "config.h"

#include <string.h>

#include "lists/formats.h"
#include "lists/json-text.h"

/* The collection in an answer, which tools save with more or less of what is around it. */
static const json_t *find_collection(const json_t *root)
{
	static const char *const places[] = {"data.MediaListCollection", "MediaListCollection", "data.anime", "anime",
					     ""};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const json_t *place = list_json_at(root, places[i]), *lists = list_json_at(place, "lists");
		if (json_is_array(lists) &&
		    (json_array_size(lists) == 0 || list_json_at(json_array_get(lists, 0), "entries")))
			return place;
	}
	return NULL;
}

static bool is(const struct list_input *in)
{
	return find_collection(in->root) != NULL;
}

/* The scale, where the answer has the settings of the user. */
static void read_scale(const json_t *collection, struct list *list)
{
	static const struct {
		const char *name;
		double scale;
	} formats[] = {
	    {"POINT_100", 100}, {"POINT_10_DECIMAL", 10}, {"POINT_10", 10}, {"POINT_5", 5}, {"POINT_3", 3},
	};
	const char *name = json_string_value(list_json_at(collection, "user.mediaListOptions.scoreFormat"));

	list->guess = LIST_SCALE_ANILIST;
	for (size_t i = 0; name && i < sizeof formats / sizeof *formats; i++) {
		if (strcmp(formats[i].name, name) == 0) {
			list->guess = LIST_SCALE_KNOWN;
			list->scale = formats[i].scale;
		}
	}
}

static int read_entry(const json_t *value, const json_t *of_list, struct list *list)
{
	const json_t *media = list_json_at(value, "media"), *status = list_json_at(value, "status");
	const char *type = json_string_value(list_json_at(media, "type"));
	struct list_entry entry = {.year = (int)json_integer_value(list_json_at(media, "seasonYear"))};

	list->at++;
	if (type && strcmp(type, "MANGA") == 0) {
		list->others++;
		return 0;
	}
	if (entry.year == 0)
		entry.year = (int)json_integer_value(list_json_at(media, "startDate.year"));
	entry.ids[LIST_MAL] = list_json_whole(list_json_at(media, "idMal"));
	entry.ids[LIST_ANILIST] = list_json_whole(list_json_at(media, "id"));
	if (entry.ids[LIST_ANILIST] == 0)
		entry.ids[LIST_ANILIST] = list_json_whole(list_json_at(value, "mediaId"));
	list_json_title(&entry, list_json_at(media, "title.romaji"));
	list_json_title(&entry, list_json_at(media, "title.userPreferred"));
	list_json_title(&entry, list_json_at(media, "title.english"));
	list_json_title(&entry, list_json_at(media, "title.native"));
	entry.status = list_json_status(list, status ? status : of_list);
	entry.score = list_json_score(list, list_json_at(value, "score"));
	entry.progress = list_json_whole(list_json_at(value, "progress"));
	entry.repeats = list_json_whole(list_json_at(value, "repeat"));
	entry.notes = list_json_text(list_json_at(value, "notes"));
	return list_add(list, &entry);
}

/* How many manga an answer about both kinds has beside. */
static void count_manga(const json_t *root, struct list *list)
{
	const json_t *data = list_json_at(root, "data"), *part;
	const json_t *lists = list_json_at(data ? data : root, "manga.lists");
	size_t i;

	json_array_foreach(lists, i, part)
	{
		list->others += json_array_size(list_json_at(part, "entries"));
	}
}

static int read_collection(const struct list_input *in, struct list *list, struct list_error *err)
{
	const json_t *collection = find_collection(in->root), *part, *value;
	size_t i, j;

	read_scale(collection, list);
	json_array_foreach(list_json_at(collection, "lists"), i, part)
	{
		json_array_foreach(list_json_at(part, "entries"), j, value)
		{
			if (read_entry(value, list_json_at(part, "status"), list) < 0)
				return -1;
		}
	}
	if (list->n == 0 && list->others > 0)
		return list_fail(err, "%s: is a list of manga; ask AniList for that of type ANIME", in->path);
	count_manga(in->root, list);
	return 0;
}

const struct list_format format_anilist = {
    .name = "anilist",
    .what = "a MediaListCollection of AniList",
    .syntax = LIST_JSON,
    .is = is,
    .read = read_collection,
};
