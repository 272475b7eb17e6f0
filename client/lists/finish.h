/* finish.h - what is done to a list once all of it is read. */
#ifndef CLIENT_LIST_FINISH_H
#define CLIENT_LIST_FINISH_H

#include "lists/list.h"

/* See whether `scale`, which a person has named, may be that of the list: not if most scores are beyond it.  Then returns
 * -1 and fills err, which begins with `path`. */
int list_check_scale(const struct list *list, double scale, const char *path, struct list_error *err);

/* After the last entry: take `scale` where it is above 0, else find the scale where it has to be found; take scores that
 * are beyond it away and tell it; and join entries that stand for the same show.  Of those the last one with a score
 * counts, else the first, with what it lacks of the others. */
void list_finish(struct list *list, double scale);

/* Join entries of one list that have come to stand for the same show.  The first with an id of MyAnimeList counts, else
 * the first, with what it lacks of the others. */
void list_join(struct list *list);

/* Bring the scores of a list to LIST_SCALE. */
void list_rescale(struct list *list);

#endif
