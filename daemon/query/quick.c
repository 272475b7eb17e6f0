/* quick.c - reads a plain `similar` request from its bytes, and puts the answer together from packed items. */
#include "config.h"

#include "query/quick.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "query/reply.h"

/* The largest limit that `similar` allows. */
#define QUICK_LIMIT 1000

/* The longest name of a similarity whose answers are put together here. */
#define QUICK_NAME 31

/* The bytes that an answer has beside those of packed items: at most this many before the list of items, and with each
 * item. */
#define HEAD_MOST 256
#define ITEM_MORE (1 + sizeof similarity - 1 + 9 + sizeof match - 1 + 9 + sizeof score - 1 + 9)

static const char similarity[] = "\xaasimilarity", match[] = "\xa5match", score[] = "\xa5score";

/* ---- the request ---- */

struct asked {
	uint32_t msgid;
	bool by_id;
	uint64_t id;
	struct text title;
	size_t limit; /* 0: not given */
};

/* The bytes that are not read yet.  `at` is NULL once a byte was not as expected; then there is nothing more to
 * read. */
struct bytes {
	const unsigned char *at, *end;
};

static unsigned char next_byte(struct bytes *bytes)
{
	if (!bytes->at || bytes->at == bytes->end) {
		bytes->at = NULL;
		return 0xc1; /* a byte that MessagePack never uses */
	}
	return *bytes->at++;
}

static uint64_t big_endian(struct bytes *bytes, size_t size)
{
	uint64_t value = 0;

	if (!bytes->at || (size_t)(bytes->end - bytes->at) < size) {
		bytes->at = NULL;
		return 0;
	}
	for (size_t i = 0; i < size; i++)
		value = value << 8 | *bytes->at++;
	return value;
}

/* Read a number that is not negative and whose first byte is `type`, in any form that clients write. */
static uint64_t number(struct bytes *bytes, unsigned char type)
{
	if (type <= 0x7f)
		return type;
	if (type >= 0xcc && type <= 0xcf)
		return big_endian(bytes, (size_t)1 << (type - 0xcc));
	bytes->at = NULL;
	return 0;
}

static struct text string(struct bytes *bytes, unsigned char type)
{
	size_t length = 0;

	if (type >= 0xa0 && type <= 0xbf)
		length = type & 0x1f;
	else if (type == 0xd9 || type == 0xda)
		length = (size_t)big_endian(bytes, type == 0xd9 ? 1 : 2);
	else
		bytes->at = NULL;
	if (!bytes->at || (size_t)(bytes->end - bytes->at) < length) {
		bytes->at = NULL;
		return (struct text){"", 0};
	}
	bytes->at += length;
	return (struct text){(const char *)bytes->at - length, length};
}

static void expect(struct bytes *bytes, const char *what, size_t size)
{
	if (bytes->at && (size_t)(bytes->end - bytes->at) >= size && memcmp(bytes->at, what, size) == 0)
		bytes->at += size;
	else
		bytes->at = NULL;
}

/* Read the message.  Returns its size, or 0 if it is not a plain `similar` request, or not whole. */
static size_t read_asked(const char *from, size_t size, struct asked *asked)
{
	static const char method[] = "\xa7similar", limit[] = "\xa5limit";
	struct bytes bytes = {(const unsigned char *)from, (const unsigned char *)from + size};

	expect(&bytes, "\x94\x00", 2);
	const uint64_t msgid = number(&bytes, next_byte(&bytes));
	expect(&bytes, method, sizeof method - 1);
	const unsigned char params = next_byte(&bytes);
	const unsigned char show = next_byte(&bytes);
	asked->by_id = show <= 0x7f || (show >= 0xcc && show <= 0xcf);
	if (asked->by_id)
		asked->id = number(&bytes, show);
	else
		asked->title = string(&bytes, show);
	if (params == 0x92) {
		const unsigned char options = next_byte(&bytes);
		if (options == 0x81) {
			expect(&bytes, limit, sizeof limit - 1);
			asked->limit = (size_t)number(&bytes, next_byte(&bytes));
			if (asked->limit == 0)
				return 0; /* the general path answers with an error */
		} else if (options != 0x80 && options != 0x90) {
			return 0;
		}
	} else if (params != 0x91) {
		return 0;
	}
	if (!bytes.at || msgid > UINT32_MAX)
		return 0;
	asked->msgid = (uint32_t)msgid;
	return (size_t)((const char *)bytes.at - from);
}

/* ---- the answer ---- */

static char *put(char *to, const void *bytes, size_t size)
{
	memcpy(to, bytes, size);
	return to + size;
}

static char *put_item(char *to, const struct shortlist_item *item)
{
	return put(to, item->bytes, item->size);
}

/* Write a number as msgpack-c does, in as few bytes as it can have. */
static char *put_number(char *to, uint64_t value)
{
	const uint64_t big = htobe64(value);
	size_t size = 8;

	if (value <= 0x7f) {
		*to++ = (char)value;
		return to;
	}
	*to++ = (char)(value <= UINT8_MAX ? 0xcc : value <= UINT16_MAX ? 0xcd : value <= UINT32_MAX ? 0xce : 0xcf);
	size = value <= UINT8_MAX ? 1 : value <= UINT16_MAX ? 2 : value <= UINT32_MAX ? 4 : 8;
	return put(to, (const char *)&big + 8 - size, size);
}

static char *put_array(char *to, size_t n)
{
	if (n < 16) {
		*to++ = (char)(0x90 | n);
		return to;
	}
	*to++ = (char)0xdc; /* n <= UINT16_MAX */
	*to++ = (char)(n >> 8);
	*to++ = (char)n;
	return to;
}

static char *put_real(char *to, double value)
{
	uint64_t bits;

	*to++ = (char)0xcb;
	memcpy(&bits, &value, sizeof bits);
	bits = htobe64(bits);
	return put(to, &bits, sizeof bits);
}

static char *put_hit(char *to, const struct shortlist *shortlist, const struct shortlist_hit *hit)
{
	const struct shortlist_item *item = shortlist_item(shortlist, hit->packed);
	const struct measure *measure = &shortlist->model->measures[0];
	const float weighted = measure->weights ? hit->similarity * item->weight : hit->similarity;

	*to++ = (char)(0x80 | (REPLY_ITEM_ENTRIES + 2 + (measure->weights != NULL)));
	to = put_item(to, item);
	to = put(to, similarity, sizeof similarity - 1);
	to = put_real(to, (double)hit->similarity);
	to = put(to, match, sizeof match - 1);
	to = put_real(to, (double)measure_match(measure, weighted));
	if (measure->weights) {
		to = put(to, score, sizeof score - 1);
		to = put_real(to, (double)weighted);
	}
	return to;
}

/* Put a text of less than 32 bytes, or nil for NULL. */
static char *put_text(char *to, const char *text)
{
	if (!text) {
		*to++ = (char)0xc0;
		return to;
	}
	*to++ = (char)(0xa0 | strlen(text));
	return put(to, text, strlen(text));
}

static char *put_head(char *to, const struct asked *asked, const struct shortlist *shortlist,
		      const struct shortlist_entry *entry, const char *way, size_t n)
{
	to = put(to, "\x94\x01", 2);
	to = put_number(to, asked->msgid);
	to = put(to, "\xc0\x86\xa5model", 8);
	to = put_number(to, shortlist->model->version);
	to = put(to, "\xa4item", 5);
	*to++ = (char)(0x80 | REPLY_ITEM_ENTRIES);
	to = put_item(to, shortlist_item(shortlist, entry->packed));
	to = put(to, "\xa7matched", 8);
	to = put_text(to, way);
	to = put(to,
		 "\xa2"
		 "by",
		 3);
	to = put_text(to, shortlist->model->measures[0].name);
	to = put(to,
		 "\xa8"
		 "evidence",
		 9);
	to = put_text(to, entry->evidence);
	to = put(to, "\xa5items", 6);
	return put_array(to, n);
}

/* Returns where `size` bytes can be written behind the output, or NULL where memory is short.  The memory of `out` is
 * kept from one answer to the next. */
static char *reserve(msgpack_sbuffer *out, size_t size)
{
	if (out->alloc - out->size < size) {
		const size_t want = out->size + size > 2 * out->alloc ? out->size + size : 2 * out->alloc;
		char *grown = realloc(out->data, want);
		if (!grown)
			return NULL;
		out->data = grown;
		out->alloc = want;
	}
	return out->data + out->size;
}

/* Returns the entry of the show that is asked about, and in *way how it was found.  Returns NULL if it is not in the
 * shortlist. */
static const struct shortlist_entry *find_entry(const struct shortlist *shortlist, const struct asked *asked,
						const char **way)
{
	enum lookup_way found = LOOKUP_EXACT;
	const struct shortlist_entry *entry = NULL;

	if (asked->by_id) {
		const uint32_t item = asked->id <= INT64_MAX
					  ? catalogue_find(&shortlist->model->file.catalogue, (int64_t)asked->id)
					  : ANIMED_NO_ITEM;
		*way = "id";
		return item != ANIMED_NO_ITEM ? shortlist_of(shortlist, item) : NULL;
	}
	entry = shortlist_titled(shortlist, asked->title.bytes, asked->title.length, &found);
	*way = lookup_way_name(found);
	return entry;
}

/* Returns how many bytes the items take at most.  They lie anywhere in memory, so all are prefetched before one is
 * read. */
static size_t room_for(const struct shortlist *shortlist, const struct shortlist_entry *entry, size_t n)
{
	size_t room = shortlist_item(shortlist, entry->packed)->size;

	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(shortlist_item(shortlist, entry->nearest[i].packed));
	for (size_t i = 0; i < n; i++) {
		const struct shortlist_item *item = shortlist_item(shortlist, entry->nearest[i].packed);
		room += item->size + ITEM_MORE;
		__builtin_prefetch(item->bytes + 64);
	}
	return room;
}

size_t quick_answer(const struct shortlist *shortlist, const struct conf *conf, const char *bytes, size_t size,
		    msgpack_sbuffer *out)
{
	struct asked asked = {0};
	const char *way;

	const size_t used = read_asked(bytes, size, &asked);
	if (used == 0 || used > conf->limits.frame_bytes || asked.limit > QUICK_LIMIT)
		return 0;
	const struct shortlist_entry *entry = find_entry(shortlist, &asked, &way);
	const size_t limit = asked.limit ? asked.limit : conf->limit;
	/* the general path says why there are none, and packs names that are long */
	if (!entry || entry->count == 0 || !shortlist_tells(entry, limit) ||
	    strlen(shortlist->model->measures[0].name) > QUICK_NAME)
		return 0;
	const size_t n = limit < entry->count ? limit : entry->count;
	char *const begin = reserve(out, HEAD_MOST + room_for(shortlist, entry, n));
	if (!begin)
		return 0;
	char *to = put_head(begin, &asked, shortlist, entry, way, n);
	for (size_t i = 0; i < n; i++)
		to = put_hit(to, shortlist, &entry->nearest[i]);
	out->size += (size_t)(to - begin);
	return used;
}
