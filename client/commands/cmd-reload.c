/* cmd-reload.c - animectl reload, rollback, pin and unpin: decide which model is served. */
#include "config.h"

#include "ctl/ctl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl/table.h"
#include "wire/rpc.h"

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	const msgpack_object *previous = ctl_get(result, "previous");
	const int64_t model = ctl_int(ctl_get(result, "model"));

	(void)ctl;
	if (!ctl_is_true(ctl_get(result, "changed")))
		(void)printf("model %" PRId64 " was served already\n", model);
	else if (ctl_is_nil(previous))
		(void)printf("model %" PRId64 " is served now\n", model);
	else
		(void)printf("model %" PRId64 " is served now, before it was %" PRId64 "\n", model, ctl_int(previous));
}

static void print_pinned(const struct ctl *ctl, const msgpack_object *result)
{
	print(ctl, result);
	(void)printf("and stays until `animectl unpin`, whatever trainings bring\n");
}

static void print_unpinned(const struct ctl *ctl, const msgpack_object *result)
{
	const msgpack_object *was = ctl_get(result, "unpinned");

	(void)ctl;
	if (ctl_is_nil(was))
		(void)printf("no model was pinned\n");
	else
		(void)printf("model %" PRId64 " is not pinned any more, and served until there is a new one\n",
			     ctl_int(was));
}

static void print_findings(const msgpack_object *gate)
{
	static const struct table_column columns[] = {{.head = "Rule"}, {.head = "Outcome"}, {.head = "Finding"}};
	struct table table = {.columns = columns, .n_columns = 3};

	for (uint32_t i = 0; gate->type == MSGPACK_OBJECT_ARRAY && i < gate->via.array.size; i++) {
		const msgpack_object *finding = &gate->via.array.ptr[i];
		table_add(&table, (char *[]){ctl_text(ctl_get(finding, "rule")), ctl_text(ctl_get(finding, "outcome")),
					     ctl_text(ctl_get(finding, "text"))});
	}
	if (table.n_rows > 0)
		table_print(&table, stdout, 0);
	table_free(&table);
}

static void print_dry_run(const struct ctl *ctl, const msgpack_object *result)
{
	const int64_t candidate = ctl_int(ctl_get(result, "candidate"));
	const msgpack_object *refused = ctl_get(result, "refused");
	char *reason = ctl_text(refused);

	(void)ctl;
	print_findings(ctl_get(result, "gate"));
	if (!ctl_is_nil(refused))
		(void)printf("model %" PRId64 " would be refused: %s\n", candidate, reason);
	else if (candidate == ctl_int(ctl_get(result, "model")))
		(void)printf("model %" PRId64 " is served already\n", candidate);
	else
		(void)printf("model %" PRId64 " would be served\n", candidate);
	free(reason);
}

static enum ctl_exit exec_reload(const struct ctl *ctl)
{
	const bool dry_run = cmdline_get(&ctl->line, "dry-run") != NULL;
	msgpack_sbuffer params;
	msgpack_packer packer;

	ctl_pack_params(&packer, &params);
	(void)msgpack_pack_array(&packer, 1);
	(void)msgpack_pack_map(&packer, dry_run ? 1 : 0);
	if (dry_run) {
		rpc_pack_str(&packer, "dry_run");
		(void)msgpack_pack_true(&packer);
	}
	enum ctl_exit status = ctl_call(ctl, "reload", &params, dry_run ? print_dry_run : print);
	msgpack_sbuffer_destroy(&params);
	return status;
}

/* Call the method, with the version where one was given. */
static enum ctl_exit with_version(const struct ctl *ctl, const char *method,
				  void (*show)(const struct ctl *ctl, const msgpack_object *result))
{
	msgpack_sbuffer params;
	msgpack_packer packer;
	char *end;

	ctl_pack_params(&packer, &params);
	(void)msgpack_pack_array(&packer, ctl->argc > 0);
	if (ctl->argc > 0) {
		errno = 0;
		long long version = strtoll(ctl->argv[0], &end, 10);
		if (errno != 0 || *end || end == ctl->argv[0] || version < 1) {
			(void)fprintf(stderr, "animectl: \"%s\" is not the number of a version; see animectl models\n",
				      ctl->argv[0]);
			msgpack_sbuffer_destroy(&params);
			return CTL_USAGE;
		}
		(void)msgpack_pack_int64(&packer, version);
	}
	enum ctl_exit status = ctl_call(ctl, method, &params, show);
	msgpack_sbuffer_destroy(&params);
	return status;
}

static enum ctl_exit exec_rollback(const struct ctl *ctl)
{
	return with_version(ctl, "rollback", print);
}

static enum ctl_exit exec_pin(const struct ctl *ctl)
{
	return with_version(ctl, "pin", print_pinned);
}

static enum ctl_exit exec_unpin(const struct ctl *ctl)
{
	const msgpack_sbuffer none = {0};

	return ctl_call(ctl, "unpin", &none, print_unpinned);
}

static const struct cmdline_option reload_options[] = {
    {"dry-run", 0, NULL, "only say what the gate finds"},
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_reload = {
    .name = "reload",
    .args = "",
    .summary = "load the current model of the store",
    .options = reload_options,
    .exec = exec_reload,
};

const struct cmd_entry cmd_rollback = {
    .name = "rollback",
    .args = "[VERSION]",
    .summary = "serve the version before, or the one named",
    .max_args = 1,
    .exec = exec_rollback,
};

const struct cmd_entry cmd_pin = {
    .name = "pin",
    .args = "[VERSION]",
    .summary = "serve the current version, or the one named, whatever trainings bring",
    .max_args = 1,
    .exec = exec_pin,
};

const struct cmd_entry cmd_unpin = {
    .name = "unpin",
    .args = "",
    .summary = "let new models be served again",
    .exec = exec_unpin,
};
