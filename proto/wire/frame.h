/* frame.h - finds where a MessagePack value ends in a stream of bytes.
 *
 * Bytes come from a socket in pieces.  The scanner walks over them once, without copying or allocating, and tells
 * when a whole value has come, for msgpack-c to take.  It refuses what breaks a limit before memory is spent on it. */
#ifndef PROTO_FRAME_H
#define PROTO_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX_DEPTH 32

struct frame_limits {
	size_t bytes;    /* of one value, with its head */
	size_t elements; /* elements of arrays, keys and values of maps, all levels together */
	unsigned depth;  /* of nesting, at most FRAME_MAX_DEPTH; a scalar has depth 0 */
};

enum frame_status {
	FRAME_MORE,      /* the value is not whole yet */
	FRAME_DONE,      /* a value ends after frame_scanner.used bytes */
	FRAME_TOO_LARGE, /* limits.bytes or limits.elements would be exceeded */
	FRAME_TOO_DEEP,  /* limits.depth would be exceeded */
	FRAME_INVALID,   /* the byte 0xc1, which MessagePack never uses */
};

struct frame_scanner {
	struct frame_limits limits;
	size_t used;     /* how many bytes of the value were walked over */
	size_t elements; /* how many were seen */
	unsigned depth;
	uint64_t left[FRAME_MAX_DEPTH + 1]; /* how many values are still to come at each level */
};

/* Begin a value. */
void frame_scanner_init(struct frame_scanner *scanner, const struct frame_limits *limits);

/* Walk on over `data`, which has the value from its first byte on, `size` bytes so far.  Bytes that were walked over
 * are not looked at again.  After FRAME_DONE call frame_scanner_init() before the next value. */
enum frame_status frame_scan(struct frame_scanner *scanner, const void *data, size_t size);

/* A sentence for the peer about the limit that was broken; not for MORE and DONE. */
const char *frame_status_text(enum frame_status status);

#endif
