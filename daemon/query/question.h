/* question.h - what a client asks of a model.  A question has no connection and no server in it, so any thread may
 * answer it. */
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
	struct text typed;   /* the title as it was asked for; bytes is NULL where it was an id; lies in the request */
};

struct question {
	const struct conf *conf;
	const struct model *model; /* valid while the question is answered; NULL: no model is served */
	uint32_t msgid;
	const msgpack_object *params;
	uint32_t n_params;
	msgpack_packer *reply; /* where the result goes: rpc_pack_result(), then the value */
	struct rpc_error err;  /* why there is no result, if there is none */

	/* A title that param_item_cost() has resolved: the parameter with the title, NULL if there is none, and the
	 * item that it names. */
	const msgpack_object *found_in;
	struct named_item found;
};

/* Fill question->err and return -1: question_refuse() with the error bad-params and a message, question_out_of_memory()
 * with the message that memory is short. */
__attribute__((format(printf, 2, 3))) int question_refuse(struct question *question, const char *fmt, ...);
int question_out_of_memory(struct question *question);

#endif
