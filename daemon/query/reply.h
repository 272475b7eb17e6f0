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

/* Values; what is not known is nil. */
void reply_text(msgpack_packer *packer, struct text text);
void reply_text_or_nil(msgpack_packer *packer, const char *text);   /* NULL: nil */
void reply_count(msgpack_packer *packer, int64_t count);            /* 0 and less: nil */
void reply_list(msgpack_packer *packer, struct text text);          /* '|' between the members */
void reply_number_or_nil(msgpack_packer *packer, const char *text); /* as metadata has it, not a finite number: nil */
void reply_integer_or_nil(msgpack_packer *packer, const char *text);
void reply_mean(msgpack_packer *packer, double mean); /* 0: nil */
void reply_key(msgpack_packer *packer, const char *key);

#endif
