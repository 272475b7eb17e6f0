/* method.h - a method that clients can call.  Each one has a file, and a row in the table of methods.c. */
#ifndef ANIMED_METHOD_H
#define ANIMED_METHOD_H

#include "control/service.h"
#include "query/question.h"

/* A request.  `act` of a method gets all of it, `ask` only the question. */
struct request {
	struct question question;
	struct service *service;
	struct conn *conn;
};

enum method_result {
	METHOD_DONE,   /* rpc_pack_result() was called, and the result is packed */
	METHOD_FAILED, /* question.err says why; what was packed is dropped */
	METHOD_LATER,  /* the answer comes later, with conn_answered() */
};

/* A method has either `ask` or `act`. */
struct method {
	const char *name;
	unsigned min_params, max_params;
	bool mutating; /* only for the daemon's own user, root and the configured group */

	/* Answer a question about the model, which is not NULL.  Runs on the loop where that is quick, else in a thread
	 * of the pool.  Packs the result and returns 0.  On failure returns -1 and fills question->err. */
	int (*ask)(struct question *question);
	/* The seconds that `ask` is expected to take.  Runs on the loop. */
	double (*cost)(struct question *question);

	/* Answer a request about the daemon itself, or start what it asks for.  Runs on the loop. */
	enum method_result (*act)(struct request *request);

	const char *params;  /* for people: "title or id, options" */
	const char *summary; /* one line */
};

extern const struct method method_cancel, method_compare, method_cult, method_hello, method_models, method_next,
    method_pin, method_predict, method_recommend, method_reload, method_retrain, method_rollback, method_search,
    method_show, method_similar, method_status, method_subscribe, method_taste, method_unpin, method_unsubscribe;

/* All methods, ended by NULL. */
extern const struct method *const methods[];

#endif
