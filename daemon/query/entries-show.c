/* entries-show.c - finds the show that an entry of a list is about, by its id, by ids of other services, or by its title
 * and year. */
#include "config.h"

#include "query/entries.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "query/entries-private.h"

/* Shows that a lookup returns at most; one is enough, but the lookup wants room for the others. */
enum { HITS = 8 };

/* Read an id: an integer, or its digits.  Returns false if it is neither. */
static bool read_id(const msgpack_object *value, int64_t *id)
{
	char digits[24], *end;
	struct text text;

	if (value->type == MSGPACK_OBJECT_POSITIVE_INTEGER && value->via.u64 <= INT64_MAX) {
		*id = value->via.i64;
		return true;
	}
	if (!param_bytes(value, &text) || text.length == 0 || text.length >= sizeof digits ||
	    memchr(text.bytes, '\0', text.length))
		return false;
	(void)snprintf(digits, sizeof digits, "%.*s", (int)text.length, text.bytes);
	errno = 0;
	*id = strtoll(digits, &end, 10);
	return errno == 0 && *end == '\0' && *id >= 0;
}

/* Find the show by an id of any service; out->item stays ANIMED_NO_ITEM where none is known. */
static int find_ids(struct question *question, const msgpack_object *ids, const char *what, struct named_item *out)
{
	if (ids->type != MSGPACK_OBJECT_MAP)
		return question_refuse(question, "%s: \"ids\" must be a map of services and ids", what);
	for (uint32_t i = 0; i < ids->via.map.size && out->item == ANIMED_NO_ITEM; i++) {
		const msgpack_object_kv *entry = &ids->via.map.ptr[i];
		struct text name;
		int64_t id;
		if (!param_bytes(&entry->key, &name) || entry->val.type == MSGPACK_OBJECT_NIL)
			continue;
		const int service = id_map_service(name);
		if (service < 0) /* an id of a service that no file knows is of no use, and no error */
			continue;
		if (!read_id(&entry->val, &id))
			return question_refuse(question, "%s: the id of %s must be an integer of at least 0", what,
					       id_map_name(service));
		out->item = service == 0 ? catalogue_find(&question->model->file.catalogue, id)
					 : id_map_find(&question->model->ids, service, id);
		out->matched = "id";
	}
	return 0;
}

/* Whether the show may be of this year; lists of different places differ by one where a show begins in winter. */
static bool fits_year(const struct catalogue *catalogue, uint32_t item, int64_t year)
{
	const int64_t known = catalogue->years ? catalogue->years[item] : 0;

	return year <= 0 || known <= 0 || (known >= year - 1 && known <= year + 1);
}

/* Find the show by its title as it is, or else with the year behind it. */
static int find_title(struct question *question, struct text title, int64_t year, struct named_item *out)
{
	const struct catalogue *catalogue = &question->model->file.catalogue;
	char with_year[TEXT_MAX + 32];
	struct lookup_hit hits[HITS];

	for (int with = 0; with <= (year > 0); with++) {
		struct text text = title;
		enum lookup_way way;
		size_t n = HITS;
		if (with) {
			const int length = snprintf(with_year, sizeof with_year, "%.*s (%" PRId64 ")",
						    (int)title.length, title.bytes, year);
			text = (struct text){with_year, (size_t)length};
		}
		const enum lookup_outcome outcome = lookup_named(question->model->lookup, text, hits, &n, &way);
		if (outcome == LOOKUP_NO_MEMORY)
			return question_out_of_memory(question);
		if (outcome == LOOKUP_FOUND && fits_year(catalogue, hits[0].item, year)) {
			*out = (struct named_item){hits[0].item, lookup_way_name(way), title};
			return 0;
		}
	}
	return 0;
}

static bool is_given(const msgpack_object *value)
{
	return value && value->type != MSGPACK_OBJECT_NIL;
}

/* Find the show by its title, if it is one that a show can have: another list may have an empty one. */
static int find_by_title(struct question *question, const msgpack_object *title, const msgpack_object *year,
			 const char *what, struct named_item *out)
{
	struct text text;
	int64_t number = 0;
	char whose[QUOTE_SIZE + 32];

	(void)snprintf(whose, sizeof whose, "the year of %s", what);
	if (is_given(year) && param_integer(question, year, whose, 0, 9999, &number) < 0)
		return -1;
	if (!param_bytes(title, &text))
		return question_refuse(question, "%s: \"title\" must be a string", what);
	if (!entries_title_is_good(text))
		return 0;
	return find_title(question, text, number, out);
}

bool entries_title_is_good(struct text title)
{
	return title.length <= TEXT_MAX && text_is_utf8(title) && !text_is_blank(title);
}

void entries_id_name(const msgpack_object *map, char out[ENTRIES_NAME])
{
	const msgpack_object *id = rpc_map_get(map, "id"), *ids = rpc_map_get(map, "ids");
	struct text text, service = {"id", 2};

	if (!is_given(id) && ids && ids->type == MSGPACK_OBJECT_MAP && ids->via.map.size > 0 &&
	    param_bytes(&ids->via.map.ptr[0].key, &service) && entries_title_is_good(service))
		id = &ids->via.map.ptr[0].val;
	service.length = service.length < 32 ? service.length : 2;
	if (id && id->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
		(void)snprintf(out, ENTRIES_NAME, "%.*s:%" PRIu64, (int)service.length, service.bytes, id->via.u64);
	else if (id && param_bytes(id, &text) && text.length < 64 && text_is_utf8(text))
		(void)snprintf(out, ENTRIES_NAME, "%.*s:%.*s", (int)service.length, service.bytes, (int)text.length,
			       text.bytes);
	else
		(void)snprintf(out, ENTRIES_NAME, "a show without a title");
}

void entries_show_name(const msgpack_object *map, char out[QUOTE_SIZE])
{
	const msgpack_object *title = rpc_map_get(map, "title");
	char name[ENTRIES_NAME];
	struct text text;

	if (!title || !param_bytes(title, &text) || !entries_title_is_good(text)) {
		entries_id_name(map, name);
		text = text_of(name);
	}
	text_quote(text, out);
}

int entries_read_show(struct question *question, const msgpack_object *map, const char *what, struct named_item *out)
{
	const msgpack_object *id = rpc_map_get(map, "id"), *ids = rpc_map_get(map, "ids");
	const msgpack_object *title = rpc_map_get(map, "title");
	int64_t number;

	*out = (struct named_item){.item = ANIMED_NO_ITEM, .matched = "id"};
	if (!is_given(id) && !is_given(ids) && !is_given(title))
		return question_refuse(question, "%s has neither \"id\" nor \"ids\" nor \"title\"", what);
	if (is_given(id)) {
		if (!read_id(id, &number))
			return question_refuse(question, "%s: \"id\" must be an integer of at least 0", what);
		out->item = catalogue_find(&question->model->file.catalogue, number);
	}
	if (out->item == ANIMED_NO_ITEM && is_given(ids) && find_ids(question, ids, what, out) < 0)
		return -1;
	if (out->item == ANIMED_NO_ITEM && is_given(title))
		return find_by_title(question, title, rpc_map_get(map, "year"), what, out);
	return 0;
}
