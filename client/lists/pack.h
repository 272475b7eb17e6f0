/* pack.h - packs lists for the daemon. */
#ifndef CLIENT_LIST_PACK_H
#define CLIENT_LIST_PACK_H

#include <msgpack.h>

#include "lists/list.h"

/* Pack the entries as an array of maps {id, ids, title, year, status, score}: `id` is that of MyAnimeList, `ids` a map of
 * the others by the names of their sites.  What is not known is left out. */
void list_pack(msgpack_packer *packer, const struct list *list);

/* Pack the value of the option `scale`, [low, high]: the lowest and the highest score of the list. */
void list_pack_scale(msgpack_packer *packer, const struct list *list);

#endif
