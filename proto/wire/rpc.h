/* rpc.h - MessagePack-RPC messages, as PROTOCOL.md has them; used by daemon and client alike.
 *
 *   request       [0, msgid, method, params]
 *   response      [1, msgid, error, result]     error is nil where it went well
 *   notification  [2, method, params]
 *
 * An error on the wire is [class, "name: text"]. */
#ifndef PROTO_RPC_H
#define PROTO_RPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <msgpack.h>

#define RPC_PROTOCOL_VERSION 1

enum rpc_type { RPC_REQUEST = 0, RPC_RESPONSE = 1, RPC_NOTIFICATION = 2 };

/* Whose fault an error is.  Neovim shows the texts of these two classes alone. */
enum rpc_class { RPC_DAEMON_ERROR = 0, RPC_REQUEST_ERROR = 1 };

/* The documented names of errors; PROTOCOL.md says when each is sent. */
#define RPC_UNKNOWN_METHOD  "unknown-method"  /* request */
#define RPC_BAD_PARAMS      "bad-params"      /* request */
#define RPC_BAD_MESSAGE     "bad-message"     /* request; the connection is closed */
#define RPC_UNKNOWN_TITLE   "unknown-title"   /* request */
#define RPC_AMBIGUOUS_TITLE "ambiguous-title" /* request */
#define RPC_UNKNOWN_ITEM    "unknown-item"    /* request */
#define RPC_UNKNOWN_USER    "unknown-user"    /* request */
#define RPC_NO_RATINGS      "no-ratings"      /* request: the item is in the catalogue, but nobody rated it */
#define RPC_NOT_PERMITTED   "not-permitted"   /* request */
#define RPC_NOT_RUNNING     "not-running"     /* request */
#define RPC_TOO_LARGE       "too-large"       /* request; the connection is closed */
#define RPC_BUSY            "busy"            /* daemon */
#define RPC_NO_MODEL        "no-model"        /* daemon */
#define RPC_MODEL_REFUSED   "model-refused"   /* daemon */
#define RPC_INTERNAL        "internal"        /* daemon */

struct rpc_error {
	enum rpc_class class;
	char text[2048]; /* "name: text" */
};

/* Fill `err` and return -1.  `name` is one of the names above. */
__attribute__((format(printf, 4, 5))) int rpc_fail(struct rpc_error *err, enum rpc_class class, const char *name,
						   const char *fmt, ...);

/* Whether the text of `err` starts with `name` and a colon. */
bool rpc_error_is(const struct rpc_error *err, const char *name);

/* A decoded message.  Everything points into the object it was decoded from. */
struct rpc_message {
	enum rpc_type type;
	uint32_t msgid;        /* request, response */
	msgpack_object method; /* request, notification: of type STR, also where it came as BIN */
	msgpack_object params; /* request, notification: of type ARRAY */
	msgpack_object error;  /* response */
	msgpack_object result; /* response */
};

/* Decode a message.  Where it is none, returns -1 and fills err, a bad-message that says what is wrong. */
int rpc_decode(const msgpack_object *object, struct rpc_message *message, struct rpc_error *err);

/* Read the error of a response into `err`, which gets a text whatever shape it has. */
void rpc_decode_error(const msgpack_object *object, struct rpc_error *err);

/* Pack the head of a message.  The caller packs what follows: params, an array, after a request or notification, and
 * the result after a result. */
void rpc_pack_request(msgpack_packer *packer, uint32_t msgid, const char *method);
void rpc_pack_notification(msgpack_packer *packer, const char *method);
void rpc_pack_result(msgpack_packer *packer, uint32_t msgid);

/* Pack a whole response that says `err`. */
void rpc_pack_error(msgpack_packer *packer, uint32_t msgid, const struct rpc_error *err);

/* ---- small helpers for maps with string keys ---- */

/* Pack a NUL-terminated string. */
void rpc_pack_str(msgpack_packer *packer, const char *text);

/* The value of `key` in `map`, or NULL where `map` is no map or has no such key. */
const msgpack_object *rpc_map_get(const msgpack_object *map, const char *key);

/* Whether `object` is the string `text`.  Some clients write every string as BIN, which is as good. */
bool rpc_str_is(const msgpack_object *object, const char *text);

#endif
