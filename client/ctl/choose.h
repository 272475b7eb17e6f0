/* choose.h - asks whoever sits at the terminal which of several shows they mean. */
#ifndef CLIENT_CHOOSE_H
#define CLIENT_CHOOSE_H

#include <stdbool.h>

#include "lib/animeclient.h"

/* Call the method as animeclient_call() does.  Where a title in the params may be several shows, and standard input and
 * standard error are terminals, list the shows with numbers, read one, and call again for the show with that number.
 * Without a terminal, without `may_ask`, or where no number is given, the call fails as it does without this.  Ends the program
 * where memory is short. */
int choose_call(bool may_ask, struct animeclient *client, const char *method, const msgpack_sbuffer *params,
		const msgpack_object **result, struct animeclient_error *err);

#endif
