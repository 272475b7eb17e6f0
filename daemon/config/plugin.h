/* plugin.h - loads plugins, and checks them before and after. */
#ifndef ANIMED_DAEMON_PLUGIN_H
#define ANIMED_DAEMON_PLUGIN_H

#include "animed-plugin.h"

struct plugin {
	void *handle; /* of dlopen() */
	const struct animed_plugin *info;
	char *path; /* DIR/NAME.so */
};

/* Load DIR/NAME.so.  The caller frees *out with plugin_close().  Returns 0.  On failure returns -1 and fills err:
 * there is no such file (the error suggests the nearest, or lists the plugins that DIR has), another user may write
 * it or replace it in a folder above, it has no symbol, another ABI or size, another kind or name than asked for, it
 * lacks an operation, or its parameter table is faulty. */
int plugin_open(const char *dir, const char *name, enum animed_kind kind, struct plugin *out, struct animed_error *err);
void plugin_close(struct plugin *plugin);

const char *plugin_kind_name(enum animed_kind kind); /* "source", "model", "similarity", "ranking" */

#endif
