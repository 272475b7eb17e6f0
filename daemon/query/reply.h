/* reply.h - packs items, which the results of several methods show. */
#ifndef ANIMED_REPLY_H
#define ANIMED_REPLY_H

#include <msgpack.h>

#include "data/catalogue.h"

/* How many entries of a map reply_item() packs.  The caller packs the head of the map, for these and its own
 * entries. */
#define REPLY_ITEM_ENTRIES 7

void reply_item(msgpack_packer *packer, const struct catalogue *catalogue, uint32_t item);

/* Pack an item as a map of its own, with REPLY_ITEM_ENTRIES entries. */
void reply_item_map(msgpack_packer *packer, const struct catalogue *catalogue, uint32_t item);

/* How much is known of a show: "none" where nobody has rated it, "little" below EVIDENCE_ENOUGH ratings, else "enough";
 * NULL where the catalogue has no counts.  Below some twenty ratings chance decides which shows have raters in
 * common. */
#define EVIDENCE_ENOUGH 20
const char *reply_evidence(const struct catalogue *catalogue, uint32_t item);

#endif
