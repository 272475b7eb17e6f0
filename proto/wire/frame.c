/* frame.c - walks over MessagePack bytes to find where a value ends, and stops where a limit is broken. */
#include "config.h"

#include "wire/frame.h"

#include <stdbool.h>

/* What the first bytes of a value say. */
struct head {
	uint64_t body;     /* how many bytes follow the head */
	uint64_t children; /* how many values are inside, keys and values of a map alike */
	unsigned size;     /* how many bytes the head has: the type byte and a length */
	bool container;
};

static uint64_t big_endian(const unsigned char *bytes, unsigned count)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < count; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* How many bytes of length follow the type byte. */
static unsigned length_bytes(unsigned char type)
{
	switch (type) {
	case 0xc4: /* bin 8 */
	case 0xc7: /* ext 8 */
	case 0xd9: /* str 8 */
		return 1;
	case 0xc5: /* bin 16 */
	case 0xc8: /* ext 16 */
	case 0xda: /* str 16 */
	case 0xdc: /* array 16 */
	case 0xde: /* map 16 */
		return 2;
	case 0xc6: /* bin 32 */
	case 0xc9: /* ext 32 */
	case 0xdb: /* str 32 */
	case 0xdd: /* array 32 */
	case 0xdf: /* map 32 */
		return 4;
	default:
		return 0;
	}
}

/* Read the head at `data`, all of whose head->size bytes are there. */
static void read_head(const unsigned char *data, struct head *head)
{
	/* how many bytes follow the types from 0xca to 0xd8, which are numbers and fixext */
	static const unsigned char fixed[] = {4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17};
	unsigned char type = data[0];
	uint64_t length = big_endian(data + 1, head->size - 1);

	if (type >= 0x80 && type <= 0x9f) { /* fixmap, fixarray */
		head->container = true;
		head->children = type <= 0x8f ? 2u * (type & 0x0fu) : type & 0x0fu;
	} else if (type >= 0xdc) {
		/* arrays and maps; a byte from 0xe0 on is a small negative number */
		head->container = type <= 0xdf;
		head->children = type <= 0xdd ? length : 2 * length;
	} else if (type >= 0xa0 && type <= 0xbf) { /* fixstr */
		head->body = type & 0x1fu;
	} else if (type >= 0xca && type <= 0xd8) {
		head->body = fixed[type - 0xca];
	} else {
		/* str and bin, and ext with its type byte; for scalars without a body the length is 0 */
		head->body = length + (type >= 0xc7 && type <= 0xc9 ? 1 : 0);
	}
}

void frame_scanner_init(struct frame_scanner *scanner, const struct frame_limits *limits)
{
	*scanner = (struct frame_scanner){.limits = *limits, .left = {1}};
	if (scanner->limits.depth > FRAME_MAX_DEPTH)
		scanner->limits.depth = FRAME_MAX_DEPTH;
}

/* After a head with its body was walked over, go down into it, or up from each level that ends with it. */
static enum frame_status enter(struct frame_scanner *scanner, const struct head *head)
{
	uint64_t room = scanner->limits.bytes - scanner->used;

	scanner->left[scanner->depth]--;
	if (head->container) {
		if (scanner->depth >= scanner->limits.depth)
			return FRAME_TOO_DEEP;
		/* each child takes at least a byte, so that the count can break the limit of bytes too */
		if (head->children > scanner->limits.elements - scanner->elements || head->children > room)
			return FRAME_TOO_LARGE;
		scanner->elements += (size_t)head->children;
		scanner->left[++scanner->depth] = head->children;
	}
	while (scanner->depth > 0 && scanner->left[scanner->depth] == 0)
		scanner->depth--;
	return scanner->depth == 0 && scanner->left[0] == 0 ? FRAME_DONE : FRAME_MORE;
}

enum frame_status frame_scan(struct frame_scanner *scanner, const void *data, size_t size)
{
	const unsigned char *bytes = data;
	enum frame_status status = FRAME_MORE;

	/* a value whose body is not whole yet is left where it begins, and its head read again the next time */
	while (status == FRAME_MORE && scanner->used < size) {
		const unsigned char *at = bytes + scanner->used;
		struct head head = {.size = 1 + length_bytes(*at)};
		uint64_t room = scanner->limits.bytes - scanner->used;

		if (*at == 0xc1)
			return FRAME_INVALID;
		if (head.size > room)
			return FRAME_TOO_LARGE;
		if (head.size > size - scanner->used)
			return FRAME_MORE;
		read_head(at, &head);
		if (head.body > room - head.size)
			return FRAME_TOO_LARGE;
		if (head.body > size - scanner->used - head.size)
			return FRAME_MORE;
		scanner->used += head.size + (size_t)head.body;
		status = enter(scanner, &head);
	}
	return status;
}

const char *frame_status_text(enum frame_status status)
{
	switch (status) {
	case FRAME_TOO_LARGE:
		return "the message is larger than the limit of bytes or of elements allows";
	case FRAME_TOO_DEEP:
		return "the message is nested more deeply than the limit allows";
	case FRAME_INVALID:
		return "the byte 0xc1 is not MessagePack";
	case FRAME_MORE:
		return "the message is not whole";
	case FRAME_DONE:
		break;
	}
	return "the message is whole";
}
