/* cmd-events.c - animectl events: prints what happens to the daemon until it is interrupted. */
#include "config.h"

#include "ctl/ctl.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl/json.h"
#include "wire/rpc.h"

/* Set by the signal handler, which touches nothing else. */
static volatile sig_atomic_t enough;

static void on_signal(int number)
{
	(void)number;
	enough = 1;
}

/* Print a value of an event for people. */
static void print_value(const msgpack_object *value)
{
	char *text = value->type == MSGPACK_OBJECT_STR ? ctl_text(value) : NULL;

	if (text)
		(void)printf("%s", text);
	else if (value->type == MSGPACK_OBJECT_BOOLEAN)
		(void)printf("%s", value->via.boolean ? "yes" : "no");
	else if (value->type == MSGPACK_OBJECT_FLOAT64)
		(void)printf("%.4g", value->via.f64);
	else
		(void)printf("%" PRId64, ctl_int(value));
	free(text);
}

/* Print an event as "TIME NAME key value, key value".  Values that are nil or lists are left out. */
static void print_line(const msgpack_object *event)
{
	const char *before = " ";
	char *time = ctl_text(ctl_get(event, "time")), *name = ctl_text(ctl_get(event, "event"));

	(void)printf("%s %s", time, name);
	for (uint32_t i = 0; event->type == MSGPACK_OBJECT_MAP && i < event->via.map.size; i++) {
		const msgpack_object_kv *entry = &event->via.map.ptr[i];
		char *key = ctl_text(&entry->key);
		if (!rpc_str_is(&entry->key, "time") && !rpc_str_is(&entry->key, "event") && !ctl_is_nil(&entry->val) &&
		    entry->val.type != MSGPACK_OBJECT_ARRAY) {
			(void)printf("%s%s ", before, key);
			print_value(&entry->val);
			before = ", ";
		}
		free(key);
	}
	(void)putchar('\n');
	free(time);
	free(name);
}

static int print_event(const struct ctl *ctl, const msgpack_object *params)
{
	if (params->via.array.size == 0)
		return 0;
	if (ctl->json)
		return json_print_line(&params->via.array.ptr[0], stdout);
	print_line(&params->via.array.ptr[0]);
	return 0;
}

/* Print events until the daemon stops or a signal comes.  Signals are blocked but while it waits, so that no line is
 * cut off. */
static enum ctl_exit follow(const struct ctl *ctl, struct animeclient *client, const sigset_t *unblocked)
{
	struct pollfd descriptor = {.fd = animeclient_fd(client), .events = POLLIN};
	struct animeclient_error err;
	const msgpack_object *params;
	const char *method;

	while (!enough) {
		int n = animeclient_next_notification(client, 0, &method, &params, &err);
		if (n < 0)
			return err.status == ANIMECLIENT_ENDED ? CTL_OK : ctl_say_error(ctl, &err);
		if (n > 0 && (print_event(ctl, params) < 0 || fflush(stdout) != 0))
			return CTL_OK; /* main() reports that writing failed */
		if (n == 0 && ppoll(&descriptor, 1, NULL, unblocked) < 0 && errno != EINTR)
			return CTL_BROKEN;
	}
	return CTL_OK;
}

static void catch_signals(sigset_t *unblocked)
{
	struct sigaction act = {.sa_handler = on_signal};
	sigset_t caught;

	(void)sigemptyset(&caught);
	(void)sigaddset(&caught, SIGINT);
	(void)sigaddset(&caught, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &caught, unblocked);
	(void)sigaction(SIGINT, &act, NULL);
	(void)sigaction(SIGTERM, &act, NULL);
}

static void pack_names(msgpack_packer *packer, const struct ctl *ctl)
{
	(void)msgpack_pack_array(packer, ctl->argc > 0);
	if (ctl->argc > 0)
		(void)msgpack_pack_array(packer, (size_t)ctl->argc);
	for (int i = 0; i < ctl->argc; i++)
		rpc_pack_str(packer, ctl->argv[i]);
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	struct animeclient *client;
	struct animeclient_error err;
	const msgpack_object *result;
	msgpack_sbuffer params;
	msgpack_packer packer;
	sigset_t unblocked;
	enum ctl_exit status;

	if (animeclient_connect(ctl->socket, &client, &err) < 0)
		return ctl_say_error(ctl, &err);
	ctl_pack_params(&packer, &params);
	pack_names(&packer, ctl);
	catch_signals(&unblocked);
	if (animeclient_call(client, "subscribe", params.data, params.size, &result, &err) < 0)
		status = ctl_say_error(ctl, &err);
	else
		status = follow(ctl, client, &unblocked);
	msgpack_sbuffer_destroy(&params);
	animeclient_close(client);
	return status;
}

const struct cmd_entry cmd_events = {
    .name = "events",
    .args = "[EVENT...]",
    .summary = "print what happens, until interrupted",
    .max_args = -1,
    .exec = exec,
};
