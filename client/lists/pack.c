/* pack.c - lists as MessagePack. */
#include "config.h"

#include "lists/pack.h"

#include "wire/rpc.h"

static void pack_entry(msgpack_packer *packer, const struct list_entry *entry)
{
	uint32_t ids = 0;

	for (size_t i = LIST_MAL + 1; i < LIST_SITES; i++)
		ids += entry->ids[i] > 0;
	msgpack_pack_map(packer, 1u + (entry->ids[LIST_MAL] > 0) + (ids > 0) + (entry->titles[0] != NULL) +
				     (entry->year > 0) + (entry->score > 0));
	if (entry->ids[LIST_MAL] > 0) {
		rpc_pack_str(packer, "id");
		msgpack_pack_int64(packer, entry->ids[LIST_MAL]);
	}
	if (ids > 0) {
		rpc_pack_str(packer, "ids");
		msgpack_pack_map(packer, ids);
	}
	for (size_t i = LIST_MAL + 1; i < LIST_SITES; i++) {
		if (entry->ids[i] > 0) {
			rpc_pack_str(packer, list_site_name((enum list_site)i));
			msgpack_pack_int64(packer, entry->ids[i]);
		}
	}
	if (entry->titles[0]) {
		rpc_pack_str(packer, "title");
		rpc_pack_str(packer, entry->titles[0]);
	}
	if (entry->year > 0) {
		rpc_pack_str(packer, "year");
		msgpack_pack_int(packer, entry->year);
	}
	rpc_pack_str(packer, "status");
	rpc_pack_str(packer, list_status_name(entry->status));
	if (entry->score > 0) {
		rpc_pack_str(packer, "score");
		msgpack_pack_double(packer, entry->score);
	}
}

void list_pack(msgpack_packer *packer, const struct list *list)
{
	msgpack_pack_array(packer, list->n);
	for (size_t i = 0; i < list->n; i++)
		pack_entry(packer, &list->entries[i]);
}

void list_pack_scale(msgpack_packer *packer, const struct list *list)
{
	msgpack_pack_array(packer, 2);
	msgpack_pack_double(packer, list->scale / 10);
	msgpack_pack_double(packer, list->scale);
}
