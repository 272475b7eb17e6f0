/* plugin.c - finds and loads plugins; checks the file before, and its description after. */
#include "config.h"

#include "config/plugin.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/spelling.h"
#include "config/param-read.h"

const char *plugin_kind_name(enum animed_kind kind)
{
	switch (kind) {
	case ANIMED_SOURCE:
		return "source";
	case ANIMED_MODEL:
		return "model";
	case ANIMED_SIMILARITY:
		return "similarity";
	case ANIMED_RANKING:
		return "ranking";
	}
	return "unknown";
}

/* Fail with the plugin that is meant, as it seems, or else all that the directory has. */
static int no_such_plugin(const char *dir, const char *name, struct animed_error *err)
{
	char near[NAME_MAX + 1], list[512] = "";
	struct nearest nearest = nearest_to(name);
	const struct dirent *entry;
	size_t used = 0;
	DIR *d = opendir(dir);

	if (!d)
		return animed_fail(err, "plugin directory %s: %s; set `plugins` to where the plugins are", dir,
				   strerror(errno));
	while ((entry = readdir(d))) {
		struct text found = text_of(entry->d_name);
		if (found.length <= 3 || strcmp(found.bytes + found.length - 3, ".so") != 0)
			continue;
		found.length -= 3;
		if (used < sizeof list)
			used += (size_t)snprintf(list + used, sizeof list - used, "%s%.*s", used ? ", " : "",
						 (int)found.length, found.bytes);
		if (nearest_try(&nearest, found))
			(void)snprintf(near, sizeof near, "%.*s", (int)found.length, found.bytes);
	}
	(void)closedir(d);
	if (nearest.found.bytes)
		return animed_fail(err, "there is no plugin \"%s\" in %s; did you mean \"%s\"?", name, dir, near);
	return animed_fail(err, "there is no plugin \"%s\" in %s; it has: %s", name, dir, used ? list : "none");
}

/* Refuse a file that another user may write: what is written there runs in the daemon. */
static int check_owner(const char *path, const struct stat *st, struct animed_error *err)
{
	switch (files_risk(st)) {
	case FILES_SAFE:
		break;
	case FILES_FOREIGN:
		return animed_fail(err, "%s: belongs to user %u, neither root nor the one animed runs as; chown it",
				   path, (unsigned)st->st_uid);
	case FILES_WRITABLE:
		if (!(st->st_mode & S_IWOTH) && files_own_group(st->st_uid, st->st_gid))
			break;
		return animed_fail(err, "%s: writable by others than its owner; run chmod go-w on it", path);
	}
	return 0;
}

/* Find the file that `path` leads to, and check that another user can neither change it nor put another one there
 * before it is loaded.  Who may change a folder that this program lies in too could change the program as well: a
 * plugin below it is no further risk.
 *
 * So the file is loaded by its real path, which debuggers and dladdr() then show.  The loader remembers objects by
 * their path: of two that it is given as /proc/self/fd/N, with the same number, it would take the second for the
 * first. */
static int check_file(const char *dir, const char *path, const char *name, char real[PATH_MAX],
		      struct animed_error *err)
{
	char program[PATH_MAX] = "";
	struct animed_error why;
	struct stat st;

	if (!realpath(path, real) || stat(real, &st) < 0)
		return errno == ENOENT ? no_such_plugin(dir, name, err)
				       : animed_fail(err, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return animed_fail(err, "%s: not a regular file", path);
	if (check_owner(path, &st, err) < 0)
		return -1;
	(void)!readlink("/proc/self/exe", program, sizeof program - 1);
	return files_check_path(real, program, &why) < 0 ? animed_fail(err, "%s: %s", path, why.text) : 0;
}

static int check_table(const char *path, const struct animed_param *table, struct animed_error *err)
{
	for (size_t i = 0; table[i].name; i++) {
		struct animed_error why;
		struct animed_value value;
		for (size_t j = 0; j < i; j++) {
			if (strcmp(table[j].name, table[i].name) == 0)
				return animed_fail(err, "%s: parameter %s is in its table twice", path, table[i].name);
		}
		if (table[i].type < ANIMED_BOOL || table[i].type > ANIMED_MATCH || !table[i].help ||
		    (table[i].type == ANIMED_ENUM && !table[i].choices))
			return animed_fail(err, "%s: parameter %s: its row lacks type, help or choices", path,
					   table[i].name);
		/* a default of text may name environment variables, and is parsed where it is used */
		if (!table[i].def || table[i].type == ANIMED_PATH || table[i].type == ANIMED_STRING)
			continue;
		if (value_parse(&table[i], table[i].def, "/", &value, &why) < 0)
			return animed_fail(err, "%s: parameter %s: its default: %s", path, table[i].name, why.text);
		value_free(&table[i], &value);
	}
	return 0;
}

/* A plugin need not learn, but one that does must be able to let go of what it has learnt. */
static bool can_learn(const struct animed_learn_ops *learn)
{
	return !learn || (learn->learn && learn->release);
}

static bool has_operations(const struct animed_plugin *info)
{
	const struct animed_model_ops *model = info->ops.model;
	const struct animed_similarity_ops *similarity = info->ops.similarity;
	const struct animed_ranking_ops *ranking = info->ops.ranking;

	if (!info->ops.source)
		return false;
	switch (info->kind) {
	case ANIMED_SOURCE:
		return info->ops.source->load;
	case ANIMED_MODEL:
		return model->train && model->release && model->check && model->predict && model->item_vectors &&
		       model->fold_in;
	case ANIMED_SIMILARITY:
		return similarity->open && similarity->close && similarity->top_k && can_learn(similarity->learn);
	case ANIMED_RANKING:
		return ranking->open && ranking->close && ranking->scores && can_learn(ranking->learn);
	}
	return false;
}

static int check_info(const char *path, const struct animed_plugin *info, const char *name, enum animed_kind kind,
		      struct animed_error *err)
{
	if (info->abi != ANIMED_PLUGIN_ABI)
		return animed_fail(err, "%s: made for plugin ABI %u, this animed has %u; compile it again", path,
				   info->abi, ANIMED_PLUGIN_ABI);
	if (info->size != sizeof *info)
		return animed_fail(err, "%s: its description has %u bytes, should have %zu; compile it again", path,
				   info->size, sizeof *info);
	if (!info->name || strcmp(info->name, name) != 0)
		return animed_fail(err, "%s: calls itself \"%s\"; name the file as the plugin", path,
				   info->name ? info->name : "");
	if (info->kind != kind)
		return animed_fail(err, "%s: is a plugin of kind %s, not %s", path, plugin_kind_name(info->kind),
				   plugin_kind_name(kind));
	if (!info->summary || !info->params || !has_operations(info))
		return animed_fail(err, "%s: lacks its summary, its parameter table or an operation", path);
	return check_table(path, info->params, err);
}

int plugin_open(const char *dir, const char *name, enum animed_kind kind, struct plugin *out, struct animed_error *err)
{
	char path[PATH_MAX], real[PATH_MAX];

	*out = (struct plugin){0};
	if (!*name || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-")])
		return animed_fail(err, "\"%s\" cannot be the name of a plugin; use letters a-z, digits, _ and -",
				   name);
	if (snprintf(path, sizeof path, "%s/%s.so", dir, name) >= (int)sizeof path)
		return animed_fail(err, "%s: the path is too long", dir);
	if (check_file(dir, path, name, real, err) < 0)
		return -1;
	errno = 0;
	void *handle = dlopen(real, RTLD_NOW | RTLD_LOCAL);
	/* what dlerror() says does not name short memory */
	const char *memory = errno == ENOMEM ? ": out of memory" : "";
	if (!handle)
		return animed_fail(err, "cannot load the plugin: %s%s", dlerror(), memory);
	const struct animed_plugin *info = dlsym(handle, ANIMED_PLUGIN_SYMBOL);
	int status = info ? check_info(path, info, name, kind, err)
			  : animed_fail(err, "%s: has no symbol " ANIMED_PLUGIN_SYMBOL "; it is not a plugin", path);
	char *copy = status == 0 ? strdup(path) : NULL;
	if (status == 0 && !copy)
		status = animed_fail(err, "out of memory");
	if (status < 0)
		(void)dlclose(handle);
	else
		*out = (struct plugin){handle, info, copy};
	return status;
}

void plugin_close(struct plugin *plugin)
{
	if (plugin->handle)
		(void)dlclose(plugin->handle);
	free(plugin->path);
	*plugin = (struct plugin){0};
}
