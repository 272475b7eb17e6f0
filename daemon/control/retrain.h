/* retrain.h - trains a new model in a child process, on request or by the schedule.
 *
 * However the child ends, the daemon goes on serving.  A child that ends well leaves a new version in the store, and
 * the gate then decides whether it is served. */
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
	RETRAIN_TRAINING, /* the child has reported progress */
	RETRAIN_JUDGING,  /* the child has ended well, and its model is at the gate */
};

struct retrain {
	const struct conf *conf;
	uv_loop_t *loop;
	struct reload *reload;
	struct events *events;

	/* the current training */
	enum retrain_phase phase;
	struct retrain_child *child; /* NULL while there is no process */
	long pid;
	char by[128];        /* who started it */
	int64_t started;     /* Unix time */
	uint64_t started_at; /* uv_now() */
	struct animed_progress progress;
	uint64_t model;   /* version that the child has reported; 0: none yet */
	const char *lost; /* why messages of the child are lost; NULL: they are not */
	struct waiters cancelling;

	/* the last training that has ended, for `status` */
	bool ran, last_ok;
	uint64_t last_model; /* 0: none */
	char last_time[32];
	char last_error[1024];

	bool stopping;
};

void retrain_init(struct retrain *retrain, const struct conf *conf, uv_loop_t *loop, struct reload *reload,
		  struct events *events);
void retrain_free(struct retrain *retrain);

/* Start a training for a client, or for the schedule where `conn` is NULL.  Returns 0.  Where one runs already, or the
 * process cannot be started, returns -1 and fills err. */
int retrain_start(struct retrain *retrain, const struct conn *conn, struct rpc_error *err);

/* End the child.  `conn` gets the answer to its request `msgid` when the child has ended.  Returns 0.  Where no child
 * runs, or memory is short, returns -1 and fills err. */
int retrain_cancel(struct retrain *retrain, struct conn *conn, uint32_t msgid, struct rpc_error *err);

/* Start no more trainings, since the daemon stops, and end the child: with SIGTERM or, where `now` is true, with
 * SIGKILL. */
void retrain_stop(struct retrain *retrain, bool now);

#endif
