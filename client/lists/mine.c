/* mine.c - reads, locks and writes my list. */
#include "config.h"

#include "lists/mine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/paths.h"
#include "ctl/memory.h"
#include "lists/finish.h"
#include "lists/index.h"
#include "lists/input.h"
#include "lists/own-json.h"
#include "lists/replace.h"

/* The path of my list, or with `rest` "" of its directory.  The caller frees it.  NULL: there is none, and err says
 * why. */
static char *path_of(const char *rest, struct list_error *err)
{
	char data[4096];

	if (path_xdg("XDG_DATA_HOME", data, sizeof data) < 0) {
		(void)list_fail(err, "there is no place for your list; set HOME or XDG_DATA_HOME");
		return NULL;
	}
	return memory_format("%s/animectl%s", data, rest);
}

static int read_at(const char *path, struct list *list, struct list_error *err)
{
	struct list_input in = {.path = NULL};
	int status = 0;

	if (access(path, F_OK) == 0 || errno != ENOENT) {
		status = list_input_open(path, &in, err);
		if (status == 0 && in.syntax != LIST_JSON)
			status = list_fail(err, "%s:1:1: is no list of animectl, which is JSON", in.path);
		if (status == 0)
			status = list_own_read(&in, list, err);
		list_input_close(&in);
	}
	if (status == 0)
		list_finish(list, 0);
	return status;
}

int mine_read(struct list *list, struct list_error *err)
{
	struct list_error no_place;
	char *path = path_of("/list.json", &no_place);

	*list = (struct list){.scale = LIST_SCALE};
	const int status = path ? read_at(path, list, err) : 0;
	free(path);
	return status;
}

/* Make a directory and those above it, for the user alone. */
static int make_directories(char *path)
{
	for (char *at = path + 1;; at++) {
		const char end = *at;
		if (end != '/' && end != '\0')
			continue;
		*at = '\0';
		const int status = mkdir(path, 0700);
		const int why = errno;
		*at = end;
		if (status < 0 && why != EEXIST && end == '\0') {
			errno = why;
			return -1;
		}
		if (end == '\0')
			return 0;
	}
}

/* Open and lock the directory of my list.  A file of its own would only be for the lock. */
static int lock(struct list_error *err)
{
	char *directory = path_of("", err);
	int fd = -1, status = -1;

	if (!directory)
		return -1;
	if (make_directories(directory) == 0)
		fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (fd >= 0 && (status = flock(fd, LOCK_EX)) < 0 && errno == EINTR)
		;
	if (status < 0) {
		(void)list_fail(err, "%s: cannot keep your list there: %s", directory, strerror(errno));
		if (fd >= 0)
			(void)close(fd);
		fd = -1;
	}
	free(directory);
	return fd;
}

int mine_open(struct mine *mine, struct list_error *err)
{
	*mine = (struct mine){.list.scale = LIST_SCALE, .lock = lock(err)};
	if (mine->lock < 0)
		return -1;
	mine->path = path_of("/list.json", err);
	return mine->path ? read_at(mine->path, &mine->list, err) : -1;
}

int mine_back_up(const struct mine *mine, struct list_error *err)
{
	struct list old = {.scale = LIST_SCALE};
	char *path = memory_format("%s~", mine->path);
	int status = read_at(mine->path, &old, err);

	if (status == 0 && old.n > 0)
		status = list_replace(path, 0, list_write_json, &old, err);
	list_free(&old);
	free(path);
	return status;
}

int mine_save(const struct mine *mine, struct list_error *err)
{
	return list_replace(mine->path, 0, list_write_json, &mine->list, err);
}

void mine_close(struct mine *mine)
{
	list_free(&mine->list);
	free(mine->path);
	if (mine->lock >= 0)
		(void)close(mine->lock);
	*mine = (struct mine){.lock = -1};
}

struct list_entry *mine_find(struct list *list, const struct list_entry *entry)
{
	struct list_index *index = list_index_new();

	for (size_t i = 0; i < list->n; i++)
		list_index_add(index, &list->entries[i], i);
	const size_t place = list_index_find(index, list->entries, entry);
	list_index_free(index);
	return place == LIST_NOWHERE ? NULL : &list->entries[place];
}

/* Put the newer entry in the place of the older one. */
static void update(struct list_entry *old, struct list_entry *new, struct mine_merged *merged)
{
	struct list_entry before = *old;
	const bool ignored = old->status == LIST_IGNORED;

	*old = *new;
	*new = (struct list_entry){.year = 0};
	if (ignored)
		old->status = LIST_IGNORED;
	json_t *kept = list_entry_json(&before);
	list_entry_fill(old, &before);
	merged->scores += old->score < before.score || old->score > before.score;
	merged->statuses += old->status != before.status;
	json_t *made = list_entry_json(old);
	const bool same = json_equal(kept, made);
	json_decref(kept);
	json_decref(made);
	merged->ignored += ignored;
	merged->same += same;
	merged->changed += !same;
	list_entry_free(&before);
}

int mine_merge(struct list *list, struct list *from, struct mine_merged *merged, struct list_error *err)
{
	struct list_index *index = list_index_new();
	int status = 0;

	for (size_t i = 0; i < list->n; i++)
		list_index_add(index, &list->entries[i], i);
	for (size_t i = 0; i < from->n && status == 0; i++) {
		size_t place = list_index_find(index, list->entries, &from->entries[i]);
		if (place == LIST_NOWHERE) {
			place = list->n;
			list->at = 0;
			status = list_add(list, &from->entries[i]);
			merged->added++;
		} else {
			update(&list->entries[place], &from->entries[i], merged);
		}
		if (status == 0)
			list_index_add(index, &list->entries[place], place);
	}
	list_index_free(index);
	list_join(list); /* a new entry may have the ids of two that were there */
	if (status < 0)
		return list_fail(err, "your list would have more than %d entries; it is as it was", LIST_ENTRIES);
	return 0;
}
