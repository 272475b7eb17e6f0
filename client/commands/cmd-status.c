/* cmd-status.c - animectl status: prints how the daemon is. */
#include "config.h"

#include "ctl/ctl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void print_text(const char *label, const msgpack_object *value)
{
	char *text = ctl_text(value);

	if (!ctl_is_nil(value))
		(void)printf("%-12s %s\n", label, text);
	free(text);
}

/* Print seconds as "3d 04:05:06". */
static void print_uptime(int64_t seconds)
{
	(void)printf("%-12s ", "Uptime");
	if (seconds >= 86400)
		(void)printf("%" PRId64 "d ", seconds / 86400);
	(void)printf("%02" PRId64 ":%02" PRId64 ":%02" PRId64 "\n", seconds / 3600 % 24, seconds / 60 % 60,
		     seconds % 60);
}

/* Print what answers: the similarities, the ranking, and what the model file lacks. */
static void print_answers(const msgpack_object *model)
{
	const msgpack_object *missing = ctl_get(model, "missing");
	char *similarities = ctl_list(ctl_get(model, "similarities")), *lacks = ctl_list(missing);

	(void)printf("%-12s %s\n", "Similarity", similarities ? similarities : "");
	print_text("Ranking", ctl_get(model, "ranking"));
	if (missing->type == MSGPACK_OBJECT_ARRAY && missing->via.array.size > 0)
		(void)printf("%-12s %s: this model file has nothing that they learn; to have it: animectl retrain\n",
			     "Missing", lacks);
	free(similarities);
	free(lacks);
}

static void print_model(const msgpack_object *model)
{
	const msgpack_object *loss = ctl_get(model, "valid_loss"), *ratings = ctl_get(model, "ratings");
	char *variant = ctl_text(ctl_get(model, "variant"));

	if (ctl_is_nil(model)) {
		(void)printf("%-12s none; train one with: animed train\n", "Model");
	} else {
		(void)printf("%-12s %" PRId64 ": %s, %" PRId64 " factors, %" PRId64 " users, %" PRId64 " items\n",
			     "Model", ctl_int(ctl_get(model, "version")), variant, ctl_int(ctl_get(model, "factors")),
			     ctl_int(ctl_get(model, "users")), ctl_int(ctl_get(model, "items")));
		print_text("File", ctl_get(model, "path"));
		print_text("Trained", ctl_get(model, "created"));
		if (!ctl_is_nil(ratings))
			(void)printf("%-12s %" PRId64 "\n", "Ratings", ctl_int(ratings));
		print_answers(model);
		if (!ctl_is_nil(loss))
			(void)printf("%-12s %.4f (mean squared error on what was held out)\n", "Valid loss",
				     ctl_real(loss));
	}
	free(variant);
}

static void print_reload(const msgpack_object *reload)
{
	const msgpack_object *ok = ctl_get(reload, "ok");
	char *time = ctl_text(ctl_get(reload, "time")), *error = ctl_text(ctl_get(reload, "error"));

	if (!ctl_is_nil(reload))
		(void)printf("%-12s %s %s%s\n", "Last reload", time,
			     ok->type == MSGPACK_OBJECT_BOOLEAN && ok->via.boolean ? "went well" : "failed: ", error);
	free(time);
	free(error);
}

static void print_training(const msgpack_object *running)
{
	char *phase = ctl_text(ctl_get(running, "phase")), *by = ctl_text(ctl_get(running, "by"));
	const int64_t epochs = ctl_int(ctl_get(running, "epochs"));

	if (!ctl_is_nil(running)) {
		(void)printf("%-12s %s", "Training", phase);
		if (epochs > 0)
			(void)printf(", epoch %" PRId64 " of %" PRId64, ctl_int(ctl_get(running, "epoch")) + 1, epochs);
		(void)printf("; process %" PRId64 ", started by %s\n", ctl_int(ctl_get(running, "pid")), by);
	}
	free(phase);
	free(by);
}

static void print_last_training(const msgpack_object *last)
{
	char *time = ctl_text(ctl_get(last, "time")), *error = ctl_text(ctl_get(last, "error"));

	if (!ctl_is_nil(last))
		(void)printf("%-12s %s %s%s\n", "Last train", time,
			     ctl_is_true(ctl_get(last, "ok")) ? "went well" : "failed: ", error);
	free(time);
	free(error);
}

static void print_schedule(const msgpack_object *schedule)
{
	char *next = ctl_text(ctl_get(schedule, "next"));

	if (!ctl_is_nil(schedule))
		(void)printf("%-12s every %" PRId64 " s%s, next %s\n", "Schedule", ctl_int(ctl_get(schedule, "every")),
			     ctl_is_true(ctl_get(schedule, "when_changed")) ? " where the source has changed" : "",
			     next && *next ? next : "not known yet");
	free(next);
}

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	(void)ctl;
	print_text("Version", ctl_get(result, "version"));
	(void)printf("%-12s %" PRId64 "\n", "Process", ctl_int(ctl_get(result, "pid")));
	print_uptime((int64_t)ctl_real(ctl_get(result, "uptime")));
	print_text("Socket", ctl_get(result, "socket"));
	print_text("Config", ctl_get(result, "config"));
	print_model(ctl_get(result, "model"));
	if (!ctl_is_nil(ctl_get(result, "pinned")))
		(void)printf("%-12s model %" PRId64 "\n", "Pinned", ctl_int(ctl_get(result, "pinned")));
	(void)printf("%-12s %" PRId64 "\n", "Clients", ctl_int(ctl_get(result, "clients")));
	(void)printf("%-12s %" PRId64 ", %" PRId64 " of them answered with an error\n", "Requests",
		     ctl_int(ctl_get(result, "requests")), ctl_int(ctl_get(result, "errors")));
	(void)printf("%-12s %.1f MiB\n", "Memory", ctl_real(ctl_get(result, "memory")) / (1 << 20));
	print_reload(ctl_get(result, "last_reload"));
	print_training(ctl_get(ctl_get(result, "retrain"), "running"));
	print_last_training(ctl_get(ctl_get(result, "retrain"), "last"));
	print_schedule(ctl_get(ctl_get(result, "retrain"), "schedule"));
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	const msgpack_sbuffer none = {0};

	return ctl_call(ctl, "status", &none, print);
}

const struct cmd_entry cmd_status = {
    .name = "status",
    .args = "",
    .summary = "print how the daemon and its model are",
    .exec = exec,
};
