/* id-map.c - reads a list of ids, an object at a time, and finds items in what was read. */
#include "config.h"

#include "titles/id-map.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/columns.h"
#include "base/json.h"
#include "base/sorted.h"
#include "kit/json-objects.h"

enum { PIECE = 1 << 16, MAL = 0 };

/* A service: its name, its member in an object, and what comes before the id in the address of a page; NULL: pages of it
 * have no number. */
static const struct service {
	const char *name, *member, *page;
} services[ID_MAP_SERVICES] = {
    {"mal", "mal_id", "myanimelist.net/anime/"},
    {"anilist", "anilist_id", "anilist.co/anime/"},
    {"anidb", "anidb_id", "anidb.net/anime/"},
    {"anisearch", "anisearch_id", "anisearch.com/anime/"},
    {"annict", "annict_id", NULL},
    {"kitsu", "kitsu_id", "kitsu."},
    {"livechart", "livechart_id", "livechart.me/anime/"},
    {"simkl", "simkl_id", "simkl.com/anime/"},
    {"syobocal", "syobocal_tid", NULL},
};

struct reading {
	struct id_map *map;
	const struct catalogue *catalogue;
	bool any; /* whether any object was one of a list of ids */
};

int id_map_service(struct text name)
{
	for (int s = 0; s < ID_MAP_SERVICES; s++) {
		if (text_compare(name, text_of(services[s].name)) == 0)
			return s;
	}
	return -1;
}

const char *id_map_name(int service)
{
	return services[service].name;
}

void id_map_close(struct id_map *map)
{
	for (int s = 0; s < ID_MAP_SERVICES; s++)
		free(map->services[s].at);
	*map = (struct id_map){.rows = 0};
}

/* ---- one object ---- */

/* The ids of one object; 0: it gives none for the service. */
struct row {
	int64_t ids[ID_MAP_SERVICES];
	bool listed; /* it has a member that such lists have */
};

static void read_members(const json_t *object, struct row *row)
{
	for (int s = 0; s < ID_MAP_SERVICES; s++) {
		const json_t *id = json_object_get(object, services[s].member);
		row->listed |= id != NULL;
		row->ids[s] = json_integer_value(id); /* 0 where it is no integer */
	}
}

/* Returns the id in the address of a page of a service, or 0 for any other address. */
static int64_t page_id(const char *address, const struct service *service)
{
	const char *at = service->page ? strstr(address, service->page) : NULL;
	char *end;

	if (!at)
		return 0;
	at += strlen(service->page);
	/* the site Kitsu has had several domains */
	const char *folder = service->page[strlen(service->page) - 1] == '.' ? strstr(at, "/anime/") : NULL;
	at = folder ? folder + strlen("/anime/") : at;
	errno = 0;
	const int64_t id = *at >= '0' && *at <= '9' ? strtoll(at, &end, 10) : 0;
	return id > 0 && errno == 0 && (*end == '\0' || *end == '/') ? id : 0;
}

static void read_pages(const json_t *sources, struct row *row)
{
	const json_t *source;
	size_t i;

	json_array_foreach(sources, i, source)
	{
		for (int s = 0; json_is_string(source) && s < ID_MAP_SERVICES; s++) {
			const int64_t id = page_id(json_string_value(source), &services[s]);
			row->ids[s] = id > 0 && row->ids[s] == 0 ? id : row->ids[s];
		}
	}
	row->listed |= json_is_array(sources);
}

static int take_row(struct reading *reading, const struct row *row, struct animed_error *err)
{
	struct id_map *map = reading->map;

	reading->any |= row->listed;
	if (row->ids[MAL] <= 0)
		return 0;
	map->rows++;
	const uint32_t item = catalogue_find(reading->catalogue, row->ids[MAL]);
	if (item == ANIMED_NO_ITEM)
		return 0;
	map->known++;
	for (int s = MAL + 1; s < ID_MAP_SERVICES; s++) {
		struct id_pairs *to = &map->services[s];
		if (row->ids[s] <= 0)
			continue;
		if (map->pairs == ID_MAP_MOST)
			return animed_fail(err, "it gives more than %d ids", ID_MAP_MOST);
		if (grow((void **)&to->at, &to->room, to->n + 1, sizeof *to->at) < 0)
			return animed_fail(err, "out of memory");
		to->at[to->n++] = (struct id_pair){row->ids[s], item, (uint32_t)map->known};
		map->pairs++;
	}
	return 0;
}

static int take_object(void *ctx, const char *text, size_t length, uint64_t line, struct animed_error *err)
{
	struct animed_error why;
	struct row row = {.listed = false};
	json_t *object;

	if (read_json(text, length, 0, 0, &object, &why) < 0)
		return animed_fail(err, "the object on line %" PRIu64 " is no JSON: %s", line, why.text);
	read_members(object, &row);
	read_pages(json_object_get(object, "sources"), &row);
	json_decref(object);
	return take_row(ctx, &row, err);
}

/* ---- the file ---- */

static int by_id(const void *a, const void *b)
{
	const struct id_pair *one = a, *other = b;

	if (one->id != other->id)
		return one->id < other->id ? -1 : 1;
	return one->row < other->row ? -1 : one->row > other->row;
}

static int read_pieces(int fd, struct json_objects *objects, char *piece, struct animed_error *err)
{
	int64_t left = ID_MAP_BYTES;
	ssize_t n;

	while ((n = read(fd, piece, PIECE)) > 0) {
		if (left == ID_MAP_BYTES && n >= 2 && memcmp(piece, "\x1f\x8b", 2) == 0)
			return animed_fail(err, "it is packed with gzip; unpack it");
		left -= n;
		if (left < 0)
			return animed_fail(err, "it has more than %lld MB", ID_MAP_BYTES >> 20);
		if (json_objects_feed(objects, piece, (size_t)n, err) < 0)
			return -1;
	}
	return n < 0 ? animed_fail(err, "cannot be read: %s", strerror(errno)) : json_objects_end(objects, err);
}

static int read_file(struct reading *reading, int fd, struct animed_error *err)
{
	struct json_objects objects;
	struct stat st;
	char *piece;

	/* a pipe would keep who reads it waiting */
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return animed_fail(err, "is no file");
	piece = malloc(PIECE);
	json_objects_begin(&objects, take_object, reading);
	int status = piece ? read_pieces(fd, &objects, piece, err) : animed_fail(err, "out of memory");
	json_objects_free(&objects);
	free(piece);
	if (status == 0 && !reading->any)
		status = animed_fail(err, "no object has \"mal_id\" or \"sources\"; it should be arm.json or the "
					  "anime-offline-database");
	return status;
}

int id_map_open(struct id_map *map, const char *path, const struct catalogue *catalogue, struct animed_error *err)
{
	struct reading reading = {.map = map, .catalogue = catalogue};
	struct animed_error why;

	*map = (struct id_map){.rows = 0};
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return animed_fail(err, "lists.ids: %s: %s", path, strerror(errno));
	const int status = read_file(&reading, fd, &why);
	(void)close(fd);
	if (status < 0)
		return animed_fail(err, "lists.ids: %s: %s", path, why.text);
	for (int s = 0; s < ID_MAP_SERVICES; s++) {
		if (map->services[s].n > 0)
			qsort(map->services[s].at, map->services[s].n, sizeof *map->services[s].at, by_id);
	}
	return 0;
}

uint32_t id_map_find(const struct id_map *map, int service, int64_t id)
{
	const struct id_pairs *pairs = &map->services[service];
	const size_t at = SORTED_BEFORE(i, pairs->n, pairs->at[i].id < id);

	return at < pairs->n && pairs->at[at].id == id ? pairs->at[at].item : ANIMED_NO_ITEM;
}
