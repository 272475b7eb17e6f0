/* quick.h - the common question answered from bytes to bytes: `similar` for a title as it is written or an id, with no
 * option but `limit`, where the model's neighbours are computed.  Nothing is allocated and no object is built; the
 * answer is that of the ordinary way to the byte. */
#ifndef ANIMED_QUICK_H
#define ANIMED_QUICK_H

#include "conn/conn.h"

/* Answer the message that `bytes` begin with, if it is such a question and whole; returns its size.  0: it is for the
 * ordinary way, nothing was done. */
size_t quick_answer(struct conn *conn, const char *bytes, size_t size);

#endif
