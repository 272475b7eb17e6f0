/* question.h - what a client asks of a model.  There is no connection and no server in it, so that any thread may
 * answer. */
#ifndef ANIMED_QUESTION_H
#define ANIMED_QUESTION_H

#include <msgpack.h>

#include "config/conf.h"
#include "model/model.h"
#include "wire/rpc.h"

/* An item that a parameter names. */
struct named_item {
	uint32_t item;
	const char *matched; /* "id" or the name of a lookup_way */
};

struct question {
	const struct conf *conf;
	const struct model *model; /* valid while the question is answered; NULL: there is none */
	uint32_t msgid;
	const msgpack_object *params;
	uint32_t n_params;
	msgpack_packer *reply; /* the result: rpc_pack_result(), then the value */
	struct rpc_error err;  /* why there is no result */

	/* A title that the estimate of the cost has already resolved: the parameter, NULL where it has none, and what it
	 * names. */
	const msgpack_object *found_in;
	struct named_item found;
};

/* Fill question->err with a bad-params, or that memory is short, and return -1. */
__attribute__((format(printf, 2, 3))) int question_refuse(struct question *question, const char *fmt, ...);
int question_out_of_memory(struct question *question);

#endif
