/* plugin.h - finding, checking and loading plugins. */
#ifndef ANIMED_DAEMON_PLUGIN_H
#define ANIMED_DAEMON_PLUGIN_H

#include "animed-plugin.h"

struct plugin {
	void *handle; /* of dlopen() */
	const struct animed_plugin *info;
	char *path;
};

/* Load DIR/NAME.so.  Refused with the reason: no such file (the error lists the plugins of that kind that DIR has, and
 * a near miss), a file that another user may write, or a folder above it in which another user may replace it, no symbol,
 * another ABI or size, another kind or name than asked for, a missing operation, a faulty parameter table. */
int plugin_open(const char *dir, const char *name, enum animed_kind kind, struct plugin *out, struct animed_error *err);
void plugin_close(struct plugin *plugin);

const char *plugin_kind_name(enum animed_kind kind); /* "source", "model", "similarity" */

#endif
