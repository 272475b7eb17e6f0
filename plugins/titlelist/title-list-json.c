/* title-list-json.c - reads the anime-offline-database: one object an entry, whose members are
 *
 *     sources      pages about it, among them https://myanimelist.net/anime/ID
 *     title        a text, and synonyms, an array of texts
 *     type         TV, MOVIE, OVA, ONA, SPECIAL or UNKNOWN
 *     episodes     a number, 0 where it is not known
 *     animeSeason  {year}
 *     picture      an address
 *     tags         an array of texts in lower case */
#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "kit/json-objects.h"
#include "rows/input.h"
#include "rows/number.h"
#include "titlelist/title-list-json.h"

enum { PIECE = 1 << 16 };

struct reading {
	struct rows_table *table;
	bool full;           /* the sink wants no more */
	bool entries, paged; /* whether there were entries, and any with a page on MyAnimeList */
	bool malformed;      /* whether there were objects that are no JSON */
};

/* The id in the address of a page on MyAnimeList; false for any other address. */
static bool page_id(const char *address, int64_t *id)
{
	static const char host[] = "myanimelist.net/anime/";
	const char *at = strstr(address, host);

	if (!at)
		return false;
	at += strlen(host);
	const size_t n = strspn(at, "0123456789");
	char digits[20];
	if (n == 0 || n >= sizeof digits || (at[n] != '\0' && at[n] != '/'))
		return false;
	(void)snprintf(digits, sizeof digits, "%.*s", (int)n, at);
	return cell_to_id(digits, n, id);
}

/* Returns the texts of an array with '|' between them; the caller frees it with free().  A '|' in a text becomes a blank.
 * NULL: out of memory. */
static char *join(const json_t *array)
{
	size_t i, room = 1, used = 0;
	const json_t *member;

	json_array_foreach(array, i, member) room += json_string_length(member) + 1;
	char *out = malloc(room);
	json_array_foreach(array, i, member)
	{
		const size_t n = json_string_length(member);
		if (!out || n == 0)
			continue;
		if (used > 0)
			out[used++] = '|';
		for (const char *c = json_string_value(member), *end = c + n; c < end; c++)
			out[used++] = *c == '|' ? ' ' : *c;
	}
	if (out)
		out[used] = '\0';
	return out;
}

/* The type as catalogues write it. */
static const char *type_of(const json_t *entry)
{
	static const char *const types[][2] = {
	    {"TV", "TV"}, {"MOVIE", "Movie"}, {"OVA", "OVA"}, {"ONA", "ONA"}, {"SPECIAL", "Special"}};
	const char *type = json_string_value(json_object_get(entry, "type"));

	for (size_t i = 0; type && i < sizeof types / sizeof *types; i++) {
		if (strcmp(type, types[i][0]) == 0)
			return types[i][1];
	}
	return "";
}

static int32_t small_number(const json_t *value)
{
	const json_int_t number = json_integer_value(value);

	return number > 0 && number < INT32_MAX ? (int32_t)number : 0;
}

static const char *text_or_none(const json_t *value)
{
	const char *text = json_string_value(value);

	return text ? text : "";
}

/* Take an entry for each of its pages on MyAnimeList. */
static int take_pages(struct reading *reading, const json_t *entry, const struct rows_details *found,
		      struct animed_error *err)
{
	struct rows_details details = *found;
	const json_t *source;
	bool paged = false;
	size_t i;

	json_array_foreach(json_object_get(entry, "sources"), i, source)
	{
		if (!json_is_string(source) || !page_id(json_string_value(source), &details.id))
			continue;
		const int status = rows_table_details(reading->table, &details, err);
		if (status < 0)
			return -1;
		reading->full = reading->full || status > 0;
		paged = true;
	}
	reading->paged = reading->paged || paged;
	return 0;
}

static int take_entry(struct reading *reading, const json_t *entry, struct animed_error *err)
{
	char *synonyms = join(json_object_get(entry, "synonyms")), *tags = join(json_object_get(entry, "tags"));
	const struct rows_details details = {
	    .title = text_or_none(json_object_get(entry, "title")),
	    .alt_titles = synonyms,
	    .tags = tags,
	    .type = type_of(entry),
	    .picture = text_or_none(json_object_get(entry, "picture")),
	    .year = small_number(json_object_get(json_object_get(entry, "animeSeason"), "year")),
	    .episodes = small_number(json_object_get(entry, "episodes")),
	};
	const int status =
	    synonyms && tags ? take_pages(reading, entry, &details, err) : animed_fail(err, "out of memory");

	free(synonyms);
	free(tags);
	return status;
}

static int take_object(void *ctx, const char *text, size_t length, uint64_t line, struct animed_error *err)
{
	struct reading *reading = ctx;
	json_error_t why;
	json_t *entry;
	int status = 0;

	if (reading->full)
		return 0;
	entry = json_loadb(text, length, 0, &why);
	if (!entry && json_error_code(&why) == json_error_out_of_memory)
		return animed_fail(err, "out of memory");
	if (!entry) {
		status = rows_table_reject(reading->table, line, "not JSON:", why.text, err);
		reading->full = status > 0;
		reading->malformed = true;
	} else if (json_is_array(json_object_get(entry, "sources"))) {
		/* the first line of JSON lines tells of the file and has none */
		reading->entries = true;
		status = take_entry(reading, entry, err);
	}
	json_decref(entry);
	return status < 0 ? -1 : 0;
}

static int read_pieces(struct input *file, struct json_objects *objects, char *piece, struct animed_error *err)
{
	size_t n;

	do {
		if (input_read(file, piece, PIECE, &n, err) < 0 || json_objects_feed(objects, piece, n, err) < 0)
			return -1;
	} while (n > 0);
	return json_objects_end(objects, err);
}

static int read_open(struct rows_table *table, struct input *file, struct animed_error *err)
{
	struct reading reading = {.table = table};
	struct json_objects objects;
	char *piece = malloc(PIECE);
	int status;

	json_objects_begin(&objects, take_object, &reading);
	status = piece ? read_pieces(file, &objects, piece, err) : animed_fail(err, "out of memory");
	json_objects_free(&objects);
	free(piece);
	if (status == 0 && !reading.entries && !reading.malformed)
		return animed_fail(
		    err, "no entry has an array \"sources\"; it should be the anime-offline-database, or CSV");
	if (status == 0 && reading.entries && !reading.paged)
		return animed_fail(err, "no entry has a page on MyAnimeList among its sources");
	return status;
}

int title_list_read_json(struct rows_table *table, const char *path, struct animed_error *err)
{
	struct animed_error why;
	struct input *file;
	int status;

	if (input_open(path, "auto", &file, &why) < 0)
		return animed_fail(err, "%s: %s", path, why.text);
	status = read_open(table, file, &why);
	input_close(file);
	return status < 0 ? animed_fail(err, "%s: %s", path, why.text) : 0;
}
