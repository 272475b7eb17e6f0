/* watch.c - inotify by libuv, on the store and above it. */
#include "config.h"

#include "control/watch.h"

#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "control/service.h"

/* A rename of `current` is one change, but a directory that is copied into place is many. */
#define SETTLE_MS 50

static void arm(struct server *server);

static void on_settled(uv_timer_t *timer)
{
	const struct reload_order order = {.kind = RELOAD_CURRENT, .origin = RELOAD_BY_WATCH};
	struct server *server = timer->data;

	arm(server);
	if (reload_request(server, &order, NULL, 0) < 0)
		log_write(ANIMED_ERROR, "reload: out of memory; reload by hand");
}

static void changed(struct server *server)
{
	(void)uv_timer_start(&server->watch.settle, on_settled, SETTLE_MS, 0);
	uv_unref((uv_handle_t *)&server->watch.settle);
}

/* Whether this is the name of the store's directory. */
static bool is_store(const struct server *server, const char *name)
{
	return name && strcmp(name, strrchr(server->watch.path, '/') + 1) == 0;
}

static void on_store(uv_fs_event_t *handle, const char *name, int events, int status)
{
	struct server *server = handle->data;
	const bool itself = is_store(server, name);

	(void)events;
	if (itself) /* removed or renamed; what comes in its place may have its number */
		server->watch.inode = 0;
	/* all other names are of versions and temporary files */
	if (itself || status < 0 || !name || strcmp(name, "current") == 0)
		changed(server);
}

static void on_above(uv_fs_event_t *handle, const char *name, int events, int status)
{
	struct server *server = handle->data;
	struct stat st;

	(void)events;
	(void)status;
	if (is_store(server, name))
		server->watch.inode = 0;
	/* most of what happens up there is no concern of the store's */
	if (stat(server->watch.path, &st) < 0 || st.st_ino != server->watch.inode || st.st_dev != server->watch.device)
		changed(server);
}

static int watch_path(uv_fs_event_t *handle, uv_fs_event_cb callback, const char *path)
{
	int rc = uv_fs_event_start(handle, callback, path, 0);

	if (rc == 0)
		uv_unref((uv_handle_t *)handle);
	return rc;
}

/* Watch the nearest directory above the store that is there. */
static int watch_above(struct server *server)
{
	char path[PATH_MAX];
	int rc = UV_ENOENT;

	(void)snprintf(path, sizeof path, "%s", server->watch.path);
	while (rc == UV_ENOENT || rc == UV_ENOTDIR) {
		char *slash = strrchr(path, '/');
		if (!slash || path[1] == '\0')
			break;
		slash[slash == path] = '\0';
		rc = watch_path(&server->watch.above, on_above, path);
	}
	return rc;
}

static void arm(struct server *server)
{
	struct watch *watch = &server->watch;
	struct stat st;
	int rc = 0;

	/* above first: what comes between the two is then seen */
	(void)uv_fs_event_stop(&watch->above);
	rc = watch_above(server);
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

int watch_init(struct server *server)
{
	struct watch *watch = &server->watch;
	int rc = uv_fs_event_init(&server->loop, &watch->store);

	if (rc == 0)
		rc = uv_fs_event_init(&server->loop, &watch->above);
	if (rc == 0)
		rc = uv_timer_init(&server->loop, &watch->settle);
	watch->store.data = watch->above.data = watch->settle.data = server;
	return rc;
}

void watch_start(struct server *server)
{
	char *path = server->watch.path;
	size_t length;

	(void)snprintf(path, sizeof server->watch.path, "%s", server->conf->models);
	for (length = strlen(path); length > 1 && path[length - 1] == '/'; length--)
		path[length - 1] = '\0';
	server->watch.active = true;
	arm(server);
}

void watch_stop(struct server *server)
{
	(void)uv_fs_event_stop(&server->watch.store);
	(void)uv_fs_event_stop(&server->watch.above);
	(void)uv_timer_stop(&server->watch.settle);
}
