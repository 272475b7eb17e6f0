/* ratings.h - ratings on a command line. */
#ifndef CLIENT_RATINGS_H
#define CLIENT_RATINGS_H

#include "ctl/ctl.h"

/* Pack the words of the command line, TITLE=SCORE..., as [[title, score], ...].  Where they are wrong, says so and returns
 * -1. */
int ratings_pack(msgpack_packer *packer, const struct ctl *ctl);

#endif
