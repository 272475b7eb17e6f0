/* id-map.h - which show other services mean by ids of their own, as a file says.
 *
 * The file is a list of objects, of which each says what one show is called elsewhere.  Either they have ids as members,
 * as in arm.json of the npm package @kawaiioverflow/arm and in the lists made like it: {"mal_id": 1, "anilist_id": 1},
 * with the members mal_id, anilist_id, anidb_id, anisearch_id, annict_id, kitsu_id, livechart_id, simkl_id and
 * syobocal_tid; or they have addresses of pages, as in the anime-offline-database: {"sources":
 * ["https://anilist.co/anime/1", "https://myanimelist.net/anime/1"]}.  The id of MyAnimeList is the id of the catalogue;
 * what the catalogue does not have is left out. */
#ifndef ANIMED_ID_MAP_H
#define ANIMED_ID_MAP_H

#include "data/catalogue.h"

/* The most ids that a file may give, and the most bytes that it may have. */
#define ID_MAP_MOST  1000000
#define ID_MAP_BYTES (512LL << 20)

/* The services whose ids a file may give.  The first is the one whose ids are those of the catalogue. */
enum { ID_MAP_SERVICES = 9 };

/* An id of a service, and the item that it stands for. */
struct id_pair {
	int64_t id;
	uint32_t item;
	uint32_t row; /* of the file: of several pairs with one id the first counts */
};

struct id_pairs {
	struct id_pair *at; /* owned; by id */
	size_t n, room;
};

/* A zeroed map is one that knows no id. */
struct id_map {
	struct id_pairs services[ID_MAP_SERVICES];
	size_t rows;  /* objects that have an id of MyAnimeList */
	size_t known; /* of these, those that the catalogue has */
	size_t pairs; /* ids of other services in all */
};

/* Returns the number of the service with this name, as "anilist", or -1 if there is none. */
int id_map_service(struct text name);

/* Returns the name of a service, from 0 to ID_MAP_SERVICES - 1. */
const char *id_map_name(int service);

/* Read the file at `path` for a catalogue.  Returns 0.  Where it cannot be read, is no such list or is too large, or
 * memory is short, returns -1 and fills err.  The caller calls id_map_close() in either case. */
int id_map_open(struct id_map *map, const char *path, const struct catalogue *catalogue, struct animed_error *err);
void id_map_close(struct id_map *map);

/* Returns the item that a service means by an id, or ANIMED_NO_ITEM.  Service 0 is not asked here, but the catalogue. */
uint32_t id_map_find(const struct id_map *map, int service, int64_t id);

#endif
