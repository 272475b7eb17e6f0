/* frame.h - where one MessagePack value ends in a stream of bytes.
 *
 * Bytes come from a socket in pieces.  The scanner walks them once, without copying or allocating, and tells when a
 * whole value has arrived, so that it can be handed to msgpack-c; it refuses whatever breaks a limit before memory is
 * spent on it. */
#ifndef PROTO_FRAME_H
#define PROTO_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX_DEPTH 32

struct frame_limits {
	size_t bytes;    /* of one value, its own header included */
	size_t elements; /* array elements plus map keys and values, all levels together */
	unsigned depth;  /* of nesting, at most FRAME_MAX_DEPTH; a scalar has depth 0 */
};

enum frame_status {
	FRAME_MORE,      /* not whole yet: feed more bytes */
	FRAME_DONE,      /* a value ends after frame_scanner.used bytes */
	FRAME_TOO_LARGE, /* limits.bytes or limits.elements would be exceeded */
	FRAME_TOO_DEEP,  /* limits.depth would be exceeded */
	FRAME_INVALID,   /* the byte 0xc1, which MessagePack never uses */
};

struct frame_scanner {
	struct frame_limits limits;
	size_t used;     /* bytes of the current value walked so far */
	size_t elements; /* seen so far */
	unsigned depth;
	uint64_t left[FRAME_MAX_DEPTH + 1]; /* values still to come at each level */
};

/* Begin a new value. */
void frame_scanner_init(struct frame_scanner *scanner, const struct frame_limits *limits);

/* `data` holds the current value from its first byte on, `size` bytes of it so far; already walked bytes are not
 * looked at again.  After FRAME_DONE call frame_scanner_init() before the next value. */
enum frame_status frame_scan(struct frame_scanner *scanner, const void *data, size_t size);

/* The limit that a status other than MORE and DONE speaks of, as one sentence for the peer. */
const char *frame_status_text(enum frame_status status);

#endif
