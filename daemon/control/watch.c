/* watch.c - watches the store and a directory above it with libuv, which uses inotify. */
#include "config.h"

#include "control/watch.h"

#include <string.h>
#include <sys/stat.h>

#include "base/log.h"

/* How long no further change must come before the reload.  Renaming `current` is one change, but copying a directory
 * into place makes many. */
#define SETTLE_MS 50

static void arm(struct watch *watch);

static void on_settled(uv_timer_t *timer)
{
	const struct reload_order order = {.kind = RELOAD_CURRENT, .origin = RELOAD_BY_WATCH};
	struct watch *watch = timer->data;

	arm(watch);
	if (reload_request(watch->reload, &order, NULL, 0) < 0)
		log_write(ANIMED_ERROR, "reload: out of memory; reload by hand");
}

static void changed(struct watch *watch)
{
	(void)uv_timer_start(&watch->settle, on_settled, SETTLE_MS, 0);
	uv_unref((uv_handle_t *)&watch->settle);
}

/* Whether this is the name of the store's directory. */
static bool is_store(const struct watch *watch, const char *name)
{
	return name && strcmp(name, strrchr(watch->path, '/') + 1) == 0;
}

static void on_store(uv_fs_event_t *handle, const char *name, int events, int status)
{
	struct watch *watch = handle->data;
	const bool itself = is_store(watch, name);

	(void)events;
	if (itself) /* it was removed or renamed, and another directory in its place may have the same inode */
		watch->inode = 0;
	/* all other names are of versions and temporary files */
	if (itself || status < 0 || !name || strcmp(name, "current") == 0 || strcmp(name, "pinned") == 0)
		changed(watch);
}

static void on_above(uv_fs_event_t *handle, const char *name, int events, int status)
{
	struct watch *watch = handle->data;
	struct stat st;

	(void)events;
	(void)status;
	if (is_store(watch, name))
		watch->inode = 0;
	/* most changes above the store leave its directory as it is */
	if (stat(watch->path, &st) < 0 || st.st_ino != watch->inode || st.st_dev != watch->device)
		changed(watch);
}

static int watch_path(uv_fs_event_t *handle, uv_fs_event_cb callback, const char *path)
{
	int rc = uv_fs_event_start(handle, callback, path, 0);

	if (rc == 0)
		uv_unref((uv_handle_t *)handle);
	return rc;
}

/* Watch the nearest existing directory above the store.  Returns 0, or an error code of libuv. */
static int watch_above(struct watch *watch)
{
	char path[PATH_MAX];
	int rc = UV_ENOENT;

	(void)snprintf(path, sizeof path, "%s", watch->path);
	while (rc == UV_ENOENT || rc == UV_ENOTDIR) {
		char *slash = strrchr(path, '/');
		if (!slash || path[1] == '\0')
			break;
		slash[slash == path] = '\0';
		rc = watch_path(&watch->above, on_above, path);
	}
	return rc;
}

static void arm(struct watch *watch)
{
	struct stat st;
	int rc = 0;

	/* watch above first, so that a directory that appears between the two steps is noticed */
	(void)uv_fs_event_stop(&watch->above);
	rc = watch_above(watch);
	if (stat(watch->path, &st) < 0 || st.st_ino != watch->inode || st.st_dev != watch->device) {
		(void)uv_fs_event_stop(&watch->store);
		watch->inode = watch->device = 0;
		int store = watch_path(&watch->store, on_store, watch->path);
		if (store == 0 && stat(watch->path, &st) == 0) {
			watch->inode = st.st_ino;
			watch->device = st.st_dev;
		} else if (store != UV_ENOENT && store != UV_ENOTDIR) {
			rc = store;
		}
	}
	if (rc < 0 && watch->active)
		log_write(ANIMED_WARN,
			  "the store %s cannot be watched: %s; after a training run `animectl reload` or send SIGHUP",
			  watch->path, uv_strerror(rc));
	watch->active = rc == 0;
}

void watch_init(struct watch *watch, const struct conf *conf, uv_loop_t *loop, struct reload *reload)
{
	*watch = (struct watch){.conf = conf, .reload = reload};
	/* the three cannot fail */
	(void)uv_fs_event_init(loop, &watch->store);
	(void)uv_fs_event_init(loop, &watch->above);
	(void)uv_timer_init(loop, &watch->settle);
	watch->store.data = watch->above.data = watch->settle.data = watch;
}

void watch_start(struct watch *watch)
{
	char *path = watch->path;
	size_t length;

	(void)snprintf(path, sizeof watch->path, "%s", watch->conf->models);
	for (length = strlen(path); length > 1 && path[length - 1] == '/'; length--)
		path[length - 1] = '\0';
	watch->active = true;
	arm(watch);
}

void watch_stop(struct watch *watch)
{
	(void)uv_fs_event_stop(&watch->store);
	(void)uv_fs_event_stop(&watch->above);
	(void)uv_timer_stop(&watch->settle);
}
