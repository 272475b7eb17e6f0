/* server-fixture.h - a daemon in a child process over a small made-up catalogue, and a client to it. */
#ifndef TESTS_SERVER_FIXTURE_H
#define TESTS_SERVER_FIXTURE_H

#include <jansson.h>
#include <msgpack.h>
#include <sys/types.h>

#include "config/conf.h"
#include "wire/rpc.h"

/* The catalogue:
 *   id  title                 type   year  ratings  vector
 *    1  Made in Abyss         TV     2017  100      1, 0        alt "Abyss Explorers"; genres Adventure, Fantasy
 *    2  Made in Abyss Movie   Movie  2020   50      0.9, 0.1
 *    5  Kino no Tabi          TV     2003   20      0.5, 0.5
 *    6  Kino no Tabi          Movie  2007    8      0, 1
 *    7  Obscure Short         ONA       -    1      1, 0.01
 *    8  Nobody Rated This     TV     2021    0      0.3, 0.3
 *    9  Empty Vector          TV     2021   30      0, 0
 * Users: "1", "alice" (vector 2, 0), "bob" (vector 0, 3). */
#define FIXTURE_ITEMS 7

struct fixture {
	char dir[64], socket[96], models[96];
	struct conf conf;
	int notify;  /* receives what the daemon tells the service manager */
	int gate[2]; /* while `gated`, building an index takes a byte out of it */
	bool gated;
	bool gated_lists; /* so does computing the first lists of neighbours */
	bool gated_scans; /* so does every scan for all items */
	pid_t pid;        /* 0: no daemon */
};

extern struct fixture fixture;

void fixture_setup(void);
void fixture_teardown(void);

/* Write a model into the store and make it current; its version.  `faulty`: the similarity plugin will refuse it. */
uint64_t fixture_write_model(const char *variant, bool faulty);

/* Start the daemon on what is current in the store, and wait until it is ready. */
void daemon_start(void);
/* Wait for its end; the exit status. */
int daemon_wait(void);
/* SIGTERM and daemon_wait(). */
int daemon_stop(void);
void expect_notice(const char *state);

struct client {
	int fd;
	msgpack_unpacker unpacker;
};

struct client *client_open(void);
void client_close(struct client *client);
void client_write(struct client *client, const void *bytes, size_t size);
/* JSON as MessagePack, and back. */
void pack_json(msgpack_packer *packer, const json_t *json);
json_t *to_json(const msgpack_object *object);
/* A request as bytes; `params` is JSON. */
void pack_request(msgpack_sbuffer *out, uint32_t msgid, const char *method, const char *params);
void client_send(struct client *client, uint32_t msgid, const char *method, const char *params);
/* The next message from the daemon as JSON, NULL at the end of the stream. */
json_t *client_receive(struct client *client);
/* Check that nothing but the end comes. */
void expect_end(struct client *client);

/* Check that a response has this msgid and is a success, and give back its result alone. */
json_t *expect_result(json_t *response, uint32_t msgid);
/* Check that it is the error `name` with `part` in its text, and release it. */
void expect_error(json_t *response, uint32_t msgid, int class, const char *name, const char *part);

/* Ask over a connection of its own.  The result, which the caller gives back; the call must succeed. */
json_t *ask(const char *method, const char *params);
/* The call must fail: the class, the name and a part of the text of the error. */
void ask_fails(const char *method, const char *params, int class, const char *name, const char *part);
/* Shorthands. */
const char *str_at(const json_t *object, const char *key);
json_int_t int_at(const json_t *object, const char *key);

#endif
