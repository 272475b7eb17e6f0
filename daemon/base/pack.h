/* pack.h - packing what results, events and `status` are made of. */
#ifndef ANIMED_PACK_H
#define ANIMED_PACK_H

#include <msgpack.h>

#include "base/text.h"

void reply_key(msgpack_packer *packer, const char *key);

/* Values; what is not known is nil. */
void reply_text(msgpack_packer *packer, struct text text);
void reply_text_or_nil(msgpack_packer *packer, const char *text);   /* NULL: nil */
void reply_count(msgpack_packer *packer, int64_t count);            /* 0 and less: nil */
void reply_number_or_nil(msgpack_packer *packer, const char *text); /* as metadata has it, not a finite number: nil */
void reply_integer_or_nil(msgpack_packer *packer, const char *text);
void reply_mean(msgpack_packer *packer, double mean); /* 0: nil */

#endif
