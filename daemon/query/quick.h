/* quick.h - the common question answered from bytes to bytes: `similar` for a title as it is written or an id, with no
 * option but `limit`, where there is a shortlist.  Nothing is allocated and no object is built; the answer is that of
 * the general path to the byte. */
#ifndef ANIMED_QUICK_H
#define ANIMED_QUICK_H

#include <msgpack.h>

#include "query/shortlist.h"

/* Answer the message that `bytes` begin with behind what `out` holds, if it is such a question and whole.  Returns its
 * size; 0: it is for the general path, and nothing was done.  On the loop's thread only. */
size_t quick_answer(const struct shortlist *shortlist, const struct conf *conf, const char *bytes, size_t size,
		    msgpack_sbuffer *out);

#endif
