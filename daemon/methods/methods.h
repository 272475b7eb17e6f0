/* methods.h - what clients can ask for: a row and a file a method. */
#ifndef ANIMED_METHODS_H
#define ANIMED_METHODS_H

#include "conn/conn.h"

/* A request on its way to a handler. */
struct request {
	struct server *server; /* NULL in a thread of the pool, see METHOD_WORK */
	struct conn *conn;     /* likewise */
	const struct conf *conf;
	struct model *model; /* NULL: none; valid while the handler runs */
	uint32_t msgid;
	const msgpack_object *params;
	uint32_t n_params;
	msgpack_packer *reply;
	struct rpc_error err;
};

enum method_result {
	METHOD_DONE,   /* the result is packed, rpc_pack_result() first */
	METHOD_FAILED, /* request->err says why; what was packed is dropped */
	METHOD_LATER,  /* conn_answered() will follow */
};

enum method_flag {
	METHOD_MUTATING = 1u << 0, /* only for the daemon's own user and root */
	METHOD_MODEL = 1u << 1,    /* refused while there is no model */
	METHOD_WORK = 1u << 2,     /* may take long: its handler reads params, conf and model and touches nothing else
				    * but reply and err, so that it may run in a thread of the pool */
};

struct method {
	const char *name;
	unsigned min_params, max_params;
	unsigned flags; /* enum method_flag */
	enum method_result (*call)(struct request *request);
	double (*cost)(const struct request *request); /* METHOD_WORK: seconds that it is expected to take */
	const char *params;                            /* for people: "title or id, options" */
	const char *summary;                           /* one line */
};

extern const struct method method_cancel, method_cult, method_hello, method_models, method_pin, method_predict,
    method_recommend, method_reload, method_retrain, method_rollback, method_search, method_show, method_similar,
    method_status, method_subscribe, method_unpin, method_unsubscribe;

/* All methods, ended by NULL. */
extern const struct method *const methods[];

/* For handlers: the first parameter, where it is given, as the number of a version; else 0. */
int methods_version(struct request *request, uint64_t *version);

/* For handlers: give the order; the request is answered when it is carried out. */
enum method_result methods_reload(struct request *request, const struct reload_order *order);

/* Answer a request, now or later, into the connection's output. */
void methods_call(struct conn *conn, const struct rpc_message *message);

#endif
