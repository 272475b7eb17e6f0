/* reply.h - what the results of several methods have in common. */
#ifndef ANIMED_REPLY_H
#define ANIMED_REPLY_H

#include <msgpack.h>

#include "data/catalogue.h"

/* How many entries reply_item() packs; the caller opens the map with that many and its own. */
#define REPLY_ITEM_ENTRIES 7

void reply_item(msgpack_packer *packer, const struct catalogue *catalogue, uint32_t item);

/* The item alone: a map of REPLY_ITEM_ENTRIES. */
void reply_item_map(msgpack_packer *packer, const struct catalogue *catalogue, uint32_t item);

#endif
