/* mine.h - my list: the one that animectl keeps for whom it runs. */
#ifndef CLIENT_LIST_MINE_H
#define CLIENT_LIST_MINE_H

#include "lists/list.h"

/* A list that is being changed.  Until mine_close() no other animectl changes it. */
struct mine {
	struct list list; /* scores are on LIST_SCALE */
	char *path;       /* $XDG_DATA_HOME/animectl/list.json */
	int lock;         /* its directory, locked */
};

/* Read my list, which is empty where there is no file, or no place for one.  Where the file is damaged or cannot be read returns -1 and fills
 * err.  list_free() is needed in any case. */
int mine_read(struct list *list, struct list_error *err);

/* The same, to change it: wait until no other animectl does.  mine_close() is needed in any case. */
int mine_open(struct mine *mine, struct list_error *err);

/* Keep what the file of my list has as list.json~, if there is a file.  On failure returns -1 and fills err. */
int mine_back_up(const struct mine *mine, struct list_error *err);

/* Write the list, whole or not at all.  On failure the file is as it was; returns -1 and fills err. */
int mine_save(const struct mine *mine, struct list_error *err);
void mine_close(struct mine *mine);

/* The entry that stands for the same show; NULL: none. */
struct list_entry *mine_find(struct list *list, const struct list_entry *entry);

/* What mine_merge() did. */
struct mine_merged {
	size_t added, changed, same;
	size_t scores, statuses; /* of those that changed: whose score and whose status are others */
	size_t ignored;          /* known as ignored, which they stay */
};

/* Take the entries of a list over, whose scores are on LIST_SCALE; it is emptied.  Of a show that my list has already the
 * newer entry counts, but what it lacks stays as it was: the score, the status where the file has none, progress,
 * repeats, notes, ids, titles and the year.  What is ignored stays so.  Where the list gets too long returns -1 and fills err. */
int mine_merge(struct list *list, struct list *from, struct mine_merged *merged, struct list_error *err);

#endif
