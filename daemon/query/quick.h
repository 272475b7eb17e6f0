/* quick.h - the quick path: answers the most common question from its bytes, with the shortlist.  This question is
 * `similar` for an id, or for a title as it is written, with no option but `limit`.  No object is built, and nothing is
 * allocated but memory for the output.  The answer is byte by byte that of the general path. */
#ifndef ANIMED_QUICK_H
#define ANIMED_QUICK_H

#include <msgpack.h>

#include "query/shortlist.h"

/* If `bytes` begin with a whole question of this kind, write the answer behind what `out` holds and return the size of
 * the question.  Returns 0, having done nothing, if the message is for the general path.  On the loop's thread only. */
size_t quick_answer(const struct shortlist *shortlist, const struct conf *conf, const char *bytes, size_t size,
		    msgpack_sbuffer *out);

#endif
