/* pack.h - a buffer of MessagePack, and packing entries of maps into it. */
#ifndef ANIMED_PACK_H
#define ANIMED_PACK_H

#include <msgpack.h>

#include "base/text.h"

/* A buffer of packed values that remembers whether memory was short.  The packer points to it, so it must not move. */
struct packed {
	msgpack_sbuffer bytes;
	msgpack_packer packer; /* writes to `bytes` */
	bool broken;           /* memory was short, so that something is missing in `bytes` */
};

void packed_init(struct packed *packed);
void packed_free(struct packed *packed);

/* Append bytes that are MessagePack already. */
void packed_append(struct packed *packed, const void *bytes, size_t size);

/* Drop what lies behind the first `size` bytes, and forget that memory was short. */
void packed_cut(struct packed *packed, size_t size);

/* ---- entries of maps: a key and its value ---- */

/* Pack a key alone, or with the head of a map or an array of n.  The caller packs the value, or the n entries or
 * members, next. */
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

/* Pack a value, or nil if it is not known. */
void pack_count(msgpack_packer *packer, const char *key, int64_t count);          /* nil for 0 and less */
void pack_mean(msgpack_packer *packer, const char *key, double mean);             /* nil for 0 */
void pack_finite(msgpack_packer *packer, const char *key, double number);         /* nil for NaN and infinite numbers */
void pack_str_or_nil(msgpack_packer *packer, const char *key, const char *text);  /* nil for NULL */
void pack_text_or_nil(msgpack_packer *packer, const char *key, struct text text); /* nil for an empty text */
void pack_int_of(msgpack_packer *packer, const char *key, const char *digits);    /* nil unless an integer */
void pack_real_of(msgpack_packer *packer, const char *key, const char *digits);   /* nil unless a finite number */

/* Pack a list whose members have '|' between them as an array of strings. */
void pack_list(msgpack_packer *packer, const char *key, struct text list);

#endif
