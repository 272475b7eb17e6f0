/* retrain.h - training a new model in a child process, when told to or by the schedule.
 *
 * The child is this same program.  Whatever becomes of it, the daemon goes on serving; a child that ends well leaves a
 * new version in the store, about which the gate then decides. */
#ifndef ANIMED_RETRAIN_H
#define ANIMED_RETRAIN_H

#include <msgpack.h>
#include <uv.h>

#include "conn/waiters.h"
#include "control/schedule.h"
#include "data/source-key.h"
#include "train/progress-stream.h"

struct conn;
struct rpc_error;
struct server;
struct retrain_child;

enum retrain_phase {
	RETRAIN_IDLE,
	RETRAIN_LOADING,  /* the child reads its data */
	RETRAIN_TRAINING, /* it has told of progress */
	RETRAIN_JUDGING,  /* it has ended well, and the gate looks at its model */
};

enum { RETRAIN_TEXT = 1024 };

/* Whether the source is as it was for the newest model; looked at in a thread of the pool. */
struct retrain_check {
	uv_work_t work;
	bool running;
	bool begun; /* the first look has set the schedule up */
	const struct conf *conf;
	char now[SOURCE_HASH_SIZE], newest[SOURCE_HASH_SIZE];
	int64_t trained; /* when the newest model was, Unix time; INT64_MIN: not known */
	int status;
	struct animed_error error;
};

struct retrain {
	/* the run at hand */
	enum retrain_phase phase;
	struct retrain_child *child; /* NULL while there is no process */
	long pid;
	char by[128];        /* who started it */
	int64_t started;     /* Unix time */
	uint64_t started_at; /* uv_now() */
	struct animed_progress progress;
	uint64_t model; /* that the child has told of; 0: none yet */
	struct waiters cancelling;

	/* the last one that is over */
	bool ran, last_ok;
	uint64_t last_model; /* 0: none */
	char last_time[32];
	char last_error[RETRAIN_TEXT];

	struct schedule schedule;
	uv_timer_t timer; /* of the schedule */
	struct retrain_check check;
	char last_skip[32]; /* when a scheduled run was left out */
	bool stopping;
};

/* -1: the loop could not take the handle. */
int retrain_init(struct server *server);
void retrain_free(struct retrain *retrain);

/* Begin to work off the schedule, where there is one. */
void retrain_schedule(struct server *server);

/* Start a child for a client, or for the schedule where `conn` is NULL.  -1 with `err`: one runs already, or the
 * process could not be started. */
int retrain_start(struct server *server, const struct conn *conn, struct rpc_error *err);

/* End the child; `conn` gets the answer to its request `msgid` when it is gone. */
int retrain_cancel(struct server *server, struct conn *conn, uint32_t msgid, struct rpc_error *err);

/* The daemon stops: no more is started, and a child is ended; `now`: at once. */
void retrain_stop(struct server *server, bool now);

/* What became of the child's model. */
enum retrain_outcome {
	RETRAIN_SERVED,
	RETRAIN_ASIDE,   /* it is in the store, but a pinned or newer one stays current */
	RETRAIN_REFUSED, /* it is in the store, but did not pass the gate */
};

/* It is decided; `why` where it is not served. */
void retrain_judged(struct server *server, enum retrain_outcome outcome, const char *why);

/* Pack what `status` tells: a map. */
void retrain_pack_status(msgpack_packer *packer, const struct server *server);

/* ---- between retrain.c and retrain-child.c ---- */

/* Start the process. */
int retrain_spawn(struct server *server, struct animed_error *err);
void retrain_kill(struct retrain_child *child, int signal);

/* It has told something. */
void retrain_told(struct server *server, const struct retrain_message *message);

/* It is gone; `last_error` is the last error that it has logged, or "". */
void retrain_ended(struct server *server, int64_t exit_status, int signal, const char *last_error);

#endif
