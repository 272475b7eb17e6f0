/* retrain.h - training a new model in a child process, when told to or by the schedule.
 *
 * Whatever becomes of the child, the daemon goes on serving; a child that ends well leaves a new version in the store,
 * about which the gate then decides. */
#ifndef ANIMED_RETRAIN_H
#define ANIMED_RETRAIN_H

#include "conn/events.h"
#include "conn/waiters.h"
#include "control/reload.h"
#include "train/progress-stream.h"

struct retrain_child;

enum retrain_phase {
	RETRAIN_IDLE,
	RETRAIN_LOADING,  /* the child reads its data */
	RETRAIN_TRAINING, /* it has told of progress */
	RETRAIN_JUDGING,  /* it has ended well, and the gate looks at its model */
};

struct retrain {
	const struct conf *conf;
	uv_loop_t *loop;
	struct reload *reload;
	struct events *events;

	/* the run at hand */
	enum retrain_phase phase;
	struct retrain_child *child; /* NULL while there is no process */
	long pid;
	char by[128];        /* who started it */
	int64_t started;     /* Unix time */
	uint64_t started_at; /* uv_now() */
	struct animed_progress progress;
	uint64_t model;   /* that the child has told of; 0: none yet */
	const char *lost; /* why it could not tell; NULL: it can */
	struct waiters cancelling;

	/* the last one that is over */
	bool ran, last_ok;
	uint64_t last_model; /* 0: none */
	char last_time[32];
	char last_error[1024];

	bool stopping;
};

void retrain_init(struct retrain *retrain, const struct conf *conf, uv_loop_t *loop, struct reload *reload,
		  struct events *events);
void retrain_free(struct retrain *retrain);

/* Start a child for a client, or for the schedule where `conn` is NULL.  -1 with `err`: one runs already, or the
 * process could not be started. */
int retrain_start(struct retrain *retrain, const struct conn *conn, struct rpc_error *err);

/* End the child; `conn` gets the answer to its request `msgid` when it is gone.  -1 with `err`: none runs. */
int retrain_cancel(struct retrain *retrain, struct conn *conn, uint32_t msgid, struct rpc_error *err);

/* The daemon stops: no more is started, and a child is ended; `now`: at once. */
void retrain_stop(struct retrain *retrain, bool now);

#endif
