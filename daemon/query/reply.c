/* reply.c - an item as every result shows it, and values that may be unknown. */
#include "config.h"

#include "query/reply.h"

#include <inttypes.h>
#include <string.h>

#include "base/pack.h"

/* The first member of a list; what follows it is left in *rest. */
static struct text next_member(struct text *rest)
{
	const char *bar = memchr(rest->bytes, '|', rest->length);
	size_t length = bar ? (size_t)(bar - rest->bytes) : rest->length;
	struct text member = {rest->bytes, length};

	rest->bytes += length + (bar ? 1 : 0);
	rest->length -= length + (bar ? 1 : 0);
	return member;
}

void reply_list(msgpack_packer *packer, struct text text)
{
	size_t n = 0;

	for (struct text rest = text; rest.length > 0;)
		n += next_member(&rest).length > 0;
	(void)msgpack_pack_array(packer, n);
	for (struct text rest = text; rest.length > 0;) {
		struct text member = next_member(&rest);
		if (member.length > 0)
			reply_text(packer, member);
	}
}

void reply_item(msgpack_packer *packer, const struct catalogue *catalogue, uint32_t item)
{
	struct text title = strings_at(&catalogue->titles, item);
	struct text type = strings_at(&catalogue->types, item);
	char fallback[32];

	if (title.length == 0) {
		int length = snprintf(fallback, sizeof fallback, "id:%" PRId64, catalogue->ids[item]);
		title = (struct text){fallback, (size_t)length};
	}
	reply_key(packer, "id");
	(void)msgpack_pack_int64(packer, catalogue->ids[item]);
	reply_key(packer, "title");
	reply_text(packer, title);
	reply_key(packer, "year");
	reply_count(packer, catalogue->years ? catalogue->years[item] : 0);
	reply_key(packer, "type");
	if (type.length > 0)
		reply_text(packer, type);
	else
		(void)msgpack_pack_nil(packer);
	reply_key(packer, "genres");
	reply_list(packer, strings_at(&catalogue->genres, item));
	reply_key(packer, "ratings");
	reply_count(packer, catalogue->counts ? catalogue->counts[item] : 0);
	reply_key(packer, "mean");
	reply_mean(packer, catalogue->means ? (double)catalogue->means[item] : 0);
}

void reply_item_map(msgpack_packer *packer, const struct catalogue *catalogue, uint32_t item)
{
	(void)msgpack_pack_map(packer, REPLY_ITEM_ENTRIES);
	reply_item(packer, catalogue, item);
}
