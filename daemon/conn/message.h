/* message.h - one message out of a connection's buffer. */
#ifndef ANIMED_CONN_MESSAGE_H
#define ANIMED_CONN_MESSAGE_H

#include "conn/conn.h"

/* Get ready for the first byte of a message. */
void conn_message_begin(struct conn *conn);

/* What the messages cost of a turn. */
enum { COST_QUICK = 1, COST_OTHER = 16 };

/* Take the next message from what is not worked off, which is not empty, and act on it; returns what it cost, 0 where
 * it has not arrived whole, or was so bad that the connection is to end (conn->finishing). */
unsigned conn_message(struct conn *conn);

#endif
