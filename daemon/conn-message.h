/* conn-message.h - one message out of a connection's buffer. */
#ifndef ANIMED_CONN_MESSAGE_H
#define ANIMED_CONN_MESSAGE_H

#include "conn.h"

/* Get ready for the first byte of a message. */
void conn_message_begin(struct conn *conn);

/* Take the next message from the buffer, which is not empty, and act on it; false where it has not arrived whole, or
 * was so bad that the connection is to end (conn->finishing). */
bool conn_message(struct conn *conn);

#endif
