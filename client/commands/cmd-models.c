/* cmd-models.c - animectl models: lists the versions in the daemon's store. */
#include "config.h"

#include "ctl/ctl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl/memory.h"
#include "ctl/table.h"

static char *loss_cell(const msgpack_object *loss)
{
	return ctl_is_nil(loss) ? memory_format("-") : memory_format("%.4f", ctl_real(loss));
}

static char *size_cell(const msgpack_object *bytes)
{
	return ctl_is_nil(bytes) ? memory_format("-") : memory_format("%.1f MiB", ctl_real(bytes) / (1 << 20));
}

static char *state_cell(const msgpack_object *version, int64_t served)
{
	const bool is_served = ctl_int(ctl_get(version, "version")) == served;
	const bool is_current = ctl_is_true(ctl_get(version, "current"));

	/* what is served usually is the current version too, which one word says */
	return memory_format("%s%s%s%s", is_served ? "served" : "", is_current && !is_served ? "current" : "",
			     is_served && !is_current ? ", not current" : "",
			     ctl_is_true(ctl_get(version, "pinned")) ? ", pinned" : "");
}

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	static const struct table_column columns[] = {
	    {.head = "Version", .right = true},
	    {.head = "Created"},
	    {.head = "Variant"},
	    {.head = "Size", .right = true},
	    {.head = "Ratings", .right = true},
	    {.head = "Loss", .right = true},
	    {.head = "State"},
	};
	const msgpack_object *versions = ctl_get(result, "versions");
	const int64_t served = ctl_int(ctl_get(result, "model"));
	struct table table = {.columns = columns, .n_columns = sizeof columns / sizeof *columns};

	(void)ctl;
	for (uint32_t i = 0; versions->type == MSGPACK_OBJECT_ARRAY && i < versions->via.array.size; i++) {
		const msgpack_object *version = &versions->via.array.ptr[i], *error = ctl_get(version, "error");
		char *created = ctl_text(ctl_get(version, "created")), *ratings;
		ratings = ctl_is_nil(ctl_get(version, "ratings"))
			      ? memory_format("-")
			      : memory_format("%" PRId64, ctl_int(ctl_get(version, "ratings")));
		table_add(&table,
			  (char *[]){memory_format("%" PRId64, ctl_int(ctl_get(version, "version"))), created,
				     ctl_text(ctl_get(version, "variant")), size_cell(ctl_get(version, "bytes")),
				     ratings, loss_cell(ctl_get(version, "valid_loss")),
				     ctl_is_nil(error) ? state_cell(version, served) : ctl_text(error)});
	}
	if (table.n_rows == 0)
		(void)printf("the store is empty\n");
	else
		table_print(&table, stdout, 0);
	table_free(&table);
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	const msgpack_sbuffer none = {0};

	return ctl_call(ctl, "models", &none, print);
}

const struct cmd_entry cmd_models = {
    .name = "models",
    .args = "",
    .summary = "list the versions in the store",
    .exec = exec,
};
