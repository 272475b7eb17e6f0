/* cmd-retrain.c - animectl retrain and cancel: have the daemon train a new model, watch that, and call it off. */
#include "config.h"

#include "ctl/ctl.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/progress.h"
#include "ctl/json.h"
#include "wire/rpc.h"

static void print_started(const struct ctl *ctl, const msgpack_object *result)
{
	(void)ctl;
	(void)printf("the training has begun as process %" PRId64 "\n", ctl_int(ctl_get(result, "pid")));
}

static double loss(const msgpack_object *event, const char *key)
{
	const msgpack_object *value = ctl_get(event, key);

	return ctl_is_nil(value) ? NAN : ctl_real(value);
}

static void show_progress(struct progress *progress, const msgpack_object *event)
{
	const struct progress_now now = {
	    .epoch = (int)ctl_int(ctl_get(event, "epoch")),
	    .epochs = (int)ctl_int(ctl_get(event, "epochs")),
	    .fraction = fmin(fmax(ctl_real(ctl_get(event, "fraction")), 0), 1),
	    .epoch_done = ctl_is_true(ctl_get(event, "done")),
	    .train_loss = loss(event, "train_loss"),
	    .valid_loss = loss(event, "valid_loss"),
	    .seconds = ctl_real(ctl_get(event, "seconds")),
	};

	progress_show(progress, &now);
}

/* Tell what the last event of a training says of its outcome. */
static enum ctl_exit tell_end(const struct ctl *ctl, const msgpack_object *event, bool finished)
{
	const int64_t model = ctl_int(ctl_get(event, "model"));
	const msgpack_object *outcome = ctl_get(event, "outcome");
	const bool refused = !finished || rpc_str_is(outcome, "refused");
	char *reason = ctl_text(ctl_get(event, "reason"));

	if (ctl->json)
		(void)json_print(event, stdout);
	else if (!finished)
		(void)fprintf(stderr, "animectl: no new model: %s\n", reason);
	else if (refused)
		(void)fprintf(stderr, "animectl: model %" PRId64 " is in the store and not served: %s\n", model,
			      reason);
	else if (rpc_str_is(outcome, "served"))
		(void)printf("model %" PRId64 " is served now, after %.1f s\n", model,
			     ctl_real(ctl_get(event, "seconds")));
	else
		(void)printf("%s\n", reason);
	free(reason);
	return refused ? CTL_FAILED : CTL_OK;
}

/* Whether `status` says that the training of this process goes on. */
static bool goes_on(const msgpack_object *status, int64_t pid)
{
	const msgpack_object *running = ctl_get(ctl_get(status, "retrain"), "running");

	return !ctl_is_nil(running) && ctl_int(ctl_get(running, "pid")) == pid;
}

/* Tell what `status` says of the outcome of a training whose last event was left out. */
static enum ctl_exit tell_last(const struct ctl *ctl, const msgpack_object *status)
{
	const msgpack_object *last = ctl_get(ctl_get(status, "retrain"), "last");
	const int64_t model = ctl_int(ctl_get(last, "model")),
		      served = ctl_int(ctl_get(ctl_get(status, "model"), "version"));
	const bool ok = ctl_is_true(ctl_get(last, "ok"));
	char *error = ctl_text(ctl_get(last, "error"));

	if (ctl->json)
		(void)json_print(last, stdout);
	else if (!ok && model == 0)
		(void)fprintf(stderr, "animectl: no new model: %s\n", error);
	else if (!ok)
		(void)fprintf(stderr, "animectl: model %" PRId64 " is in the store and not served: %s\n", model, error);
	else if (model == served)
		(void)printf("model %" PRId64 " is served now\n", model);
	else
		(void)printf("model %" PRId64 " is in the store, and model %" PRId64 " is served\n", model, served);
	free(error);
	return ok ? CTL_OK : CTL_FAILED;
}

/* Show the events of the training of this process until it is over.  Where the daemon left events out ("lagged"), the
 * last one may have been among them, so that `status` is asked. */
static enum ctl_exit watch(const struct ctl *ctl, struct animeclient *client, int64_t pid,
			   struct animeclient_error *err)
{
	const msgpack_object *result;
	const msgpack_object *params;
	const char *method;
	struct progress progress;
	int status;

	progress_init(&progress, ctl->json ? stderr : stdout, isatty(ctl->json ? STDERR_FILENO : STDOUT_FILENO));
	while ((status = animeclient_next_notification(client, -1, &method, &params, err)) >= 0) {
		if (status == 0 || params->via.array.size == 0)
			continue;
		const msgpack_object *event = &params->via.array.ptr[0], *name = ctl_get(event, "event");
		const bool finished = rpc_str_is(name, "retrain-finished");
		if (rpc_str_is(name, "retrain-progress")) {
			show_progress(&progress, event);
		} else if (finished || rpc_str_is(name, "retrain-failed")) {
			progress_clear(&progress);
			return tell_end(ctl, event, finished);
		} else if (rpc_str_is(name, "lagged")) {
			if (animeclient_call(client, "status", NULL, 0, &result, err) < 0)
				break;
			if (!goes_on(result, pid)) {
				progress_clear(&progress);
				return tell_last(ctl, result);
			}
		}
	}
	progress_clear(&progress);
	(void)ctl_say_error(ctl, err);
	return CTL_BROKEN;
}

static const char events[] = "\x91\x93\xb0retrain-progress\xb0retrain-finished\xaeretrain-failed";

static enum ctl_exit start_and_watch(const struct ctl *ctl)
{
	struct animeclient *client;
	struct animeclient_error err;
	const msgpack_object *result;
	enum ctl_exit status;

	if (animeclient_connect(ctl->socket, &client, &err) < 0)
		return ctl_say_error(ctl, &err);
	/* subscribe first, so that no event of the training is missed */
	if (animeclient_call(client, "subscribe", events, sizeof events - 1, &result, &err) < 0 ||
	    animeclient_call(client, "retrain", NULL, 0, &result, &err) < 0)
		status = ctl_say_error(ctl, &err);
	else
		status = watch(ctl, client, ctl_int(ctl_get(result, "pid")), &err);
	animeclient_close(client);
	return status;
}

static enum ctl_exit exec_retrain(const struct ctl *ctl)
{
	const msgpack_sbuffer none = {0};

	return cmdline_get(&ctl->line, "wait") ? start_and_watch(ctl) : ctl_call(ctl, "retrain", &none, print_started);
}

static void print_cancelled(const struct ctl *ctl, const msgpack_object *result)
{
	(void)ctl;
	(void)printf("the training of process %" PRId64 " is cancelled\n", ctl_int(ctl_get(result, "pid")));
}

static enum ctl_exit exec_cancel(const struct ctl *ctl)
{
	const msgpack_sbuffer none = {0};

	return ctl_call(ctl, "cancel", &none, print_cancelled);
}

static const struct cmdline_option options[] = {
    {"wait", 'w', NULL, "show its epochs, and end with it"},
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_retrain = {
    .name = "retrain",
    .args = "",
    .summary = "train a new model in the background",
    .options = options,
    .exec = exec_retrain,
};

const struct cmd_entry cmd_cancel = {
    .name = "cancel",
    .args = "",
    .summary = "call off the training that runs",
    .exec = exec_cancel,
};
