/* subscription.c - packs the messages of events, and the marker for events that were lost. */
#include "config.h"

#include "conn/subscription.h"

#include <stdlib.h>

#include "base/clock.h"
#include "wire/rpc.h"

void subscription_free(struct subscription *subscription)
{
	free(subscription->head);
}

/* Make the head [2, METHOD, [FIRST, [ of the messages. */
int subscription_call(struct subscription *subscription, struct text method, struct text first)
{
	struct packed head;
	int status = -1;

	packed_init(&head);
	(void)msgpack_pack_array(&head.packer, 3);
	(void)msgpack_pack_int(&head.packer, RPC_NOTIFICATION);
	(void)msgpack_pack_str_with_body(&head.packer, method.bytes, method.length);
	(void)msgpack_pack_array(&head.packer, 2);
	(void)msgpack_pack_str_with_body(&head.packer, first.bytes, first.length);
	(void)msgpack_pack_array(&head.packer, 1);
	if (!head.broken) {
		free(subscription->head);
		subscription->head_size = head.bytes.size;
		subscription->head = msgpack_sbuffer_release(&head.bytes);
		status = 0;
	}
	packed_free(&head);
	return status;
}

/* The head of the messages; where no other was set, [2, "event", [. */
static struct text head_of(const struct subscription *subscription)
{
	static const char plain[] = "\x93\x02\xa5"
				    "event\x91";

	return subscription->head ? (struct text){subscription->head, subscription->head_size}
				  : (struct text){plain, sizeof plain - 1};
}

static size_t unread(const struct subscription *subscription)
{
	return subscription->queued + subscription->writing;
}

void subscription_add(struct subscription *subscription, struct packed *out, const char *map, size_t size, size_t room)
{
	const struct text head = head_of(subscription);

	if (subscription->lost > 0 || unread(subscription) + head.length + size > room) {
		subscription->lost++;
		return;
	}
	packed_append(out, head.bytes, head.length);
	packed_append(out, map, size);
	subscription->queued += head.length + size;
}

void subscription_catch_up(struct subscription *subscription, struct packed *out, size_t room)
{
	const size_t before = out->bytes.size;
	const struct text head = head_of(subscription);

	if (subscription->lost == 0 || unread(subscription) > room / 2)
		return;
	packed_append(out, head.bytes, head.length);
	subscription_pack_head(&out->packer, "lagged", 1);
	pack_uint(&out->packer, "lost", subscription->lost);
	subscription->queued += out->bytes.size - before;
	subscription->lost = 0;
}

void subscription_pack_head(msgpack_packer *packer, const char *event, uint32_t entries)
{
	char now[TIME_TEXT];

	time_text_now(now);
	(void)msgpack_pack_map(packer, entries + 2);
	pack_str(packer, "event", event);
	pack_str(packer, "time", now);
}
