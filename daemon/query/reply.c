/* reply.c - packs an item as every result shows it. */
#include "config.h"

#include "query/reply.h"

#include <inttypes.h>

#include "base/pack.h"

void reply_item(msgpack_packer *packer, const struct catalogue *catalogue, uint32_t item)
{
	struct text title = strings_at(&catalogue->titles, item);
	char fallback[32];

	if (title.length == 0) {
		int length = snprintf(fallback, sizeof fallback, "id:%" PRId64, catalogue->ids[item]);
		title = (struct text){fallback, (size_t)length};
	}
	pack_int(packer, "id", catalogue->ids[item]);
	pack_text(packer, "title", title);
	pack_count(packer, "year", catalogue->years ? catalogue->years[item] : 0);
	pack_text_or_nil(packer, "type", strings_at(&catalogue->types, item));
	pack_list(packer, "genres", strings_at(&catalogue->genres, item));
	pack_count(packer, "ratings", catalogue->counts ? catalogue->counts[item] : 0);
	pack_mean(packer, "mean", catalogue->means ? (double)catalogue->means[item] : 0);
}

void reply_item_map(msgpack_packer *packer, const struct catalogue *catalogue, uint32_t item)
{
	(void)msgpack_pack_map(packer, REPLY_ITEM_ENTRIES);
	reply_item(packer, catalogue, item);
}

const char *reply_evidence(const struct catalogue *catalogue, uint32_t item)
{
	if (!catalogue->counts)
		return NULL;
	if (catalogue->counts[item] >= EVIDENCE_ENOUGH)
		return "enough";
	return catalogue->counts[item] > 0 ? "little" : "none";
}
