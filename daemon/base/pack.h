/* pack.h - a buffer of MessagePack, and packing entries of maps into it. */
#ifndef ANIMED_PACK_H
#define ANIMED_PACK_H

#include <msgpack.h>

#include "base/text.h"

/* What was packed, and whether memory was short on the way.  It points to itself, so that it must not move. */
struct packed {
	msgpack_sbuffer bytes;
	msgpack_packer packer; /* writes to `bytes` */
	bool broken;           /* something is missing in `bytes` */
};

void packed_init(struct packed *packed);
void packed_free(struct packed *packed);

/* Append bytes that are MessagePack already. */
void packed_append(struct packed *packed, const void *bytes, size_t size);

/* Go back to the first `size` bytes, as if no more had been tried. */
void packed_cut(struct packed *packed, size_t size);

/* ---- entries of maps: a key and its value ---- */

/* The key alone, or with the head of a map or an array of n; the value, or its n members, are packed next. */
void pack_key(msgpack_packer *packer, const char *key);
void pack_map(msgpack_packer *packer, const char *key, size_t n);
void pack_array(msgpack_packer *packer, const char *key, size_t n);

void pack_nil(msgpack_packer *packer, const char *key);
void pack_flag(msgpack_packer *packer, const char *key, bool flag);
void pack_int(msgpack_packer *packer, const char *key, int64_t number);
void pack_uint(msgpack_packer *packer, const char *key, uint64_t number);
void pack_real(msgpack_packer *packer, const char *key, double number);
void pack_str(msgpack_packer *packer, const char *key, const char *text);
void pack_text(msgpack_packer *packer, const char *key, struct text text);

/* What is not known is nil. */
void pack_count(msgpack_packer *packer, const char *key, int64_t count);          /* 0 and less: nil */
void pack_mean(msgpack_packer *packer, const char *key, double mean);             /* 0: nil */
void pack_finite(msgpack_packer *packer, const char *key, double number);         /* NaN and infinite: nil */
void pack_str_or_nil(msgpack_packer *packer, const char *key, const char *text);  /* NULL: nil */
void pack_text_or_nil(msgpack_packer *packer, const char *key, struct text text); /* empty: nil */
void pack_int_of(msgpack_packer *packer, const char *key, const char *digits);    /* no integer, or NULL: nil */
void pack_real_of(msgpack_packer *packer, const char *key, const char *digits);   /* no finite number, or NULL: nil */

/* The members of a list with '|' between them, as an array. */
void pack_list(msgpack_packer *packer, const char *key, struct text list);

#endif
