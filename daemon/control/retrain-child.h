/* retrain-child.h - the process of a training.
 *
 * It is this same program.  What it tells goes to callbacks on the loop's thread; what it logs goes into the daemon's
 * log. */
#ifndef ANIMED_RETRAIN_CHILD_H
#define ANIMED_RETRAIN_CHILD_H

#include <uv.h>

#include "config/conf.h"
#include "train/progress-stream.h"

struct retrain_child;

struct retrain_child_calls {
	/* The child has told something. */
	void (*told)(void *ctx, const struct retrain_message *message);
	/* Whatever it tells from here on is not known, nor the rest of what it has told; `why` is a constant. */
	void (*lost)(void *ctx, const char *why);
	/* The child is gone, and with it the struct when this returns.  `last_error` is the last error that it has
	 * logged, or what it said last, or "". */
	void (*ended)(void *ctx, int64_t exit_status, int signal, const char *last_error);
};

/* Start a training as `conf` has it.  Returns NULL on failure and fills err. */
struct retrain_child *retrain_child_start(const struct conf *conf, uv_loop_t *loop,
					  const struct retrain_child_calls *calls, void *ctx, struct animed_error *err);

long retrain_child_pid(const struct retrain_child *child);

void retrain_child_kill(struct retrain_child *child, int signal);

#endif
