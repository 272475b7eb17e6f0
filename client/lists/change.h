/* change.h - what the commands that change one entry of my list share. */
#ifndef CLIENT_LIST_CHANGE_H
#define CLIENT_LIST_CHANGE_H

#include "ctl/ctl.h"
#include "lists/list.h"

/* Find the show that the title names, and give its entry in my list, which may be new, the status and the score; with
 * LIST_UNSET the status stays, but for one that says that it has not been seen, which becomes completed; with 0 the score
 * stays.  Prints what the entry says then. */
enum ctl_exit change_entry(const struct ctl *ctl, const char *title, enum list_status status, double score);

/* Print an error and return the exit status for it. */
enum ctl_exit change_failed(const struct list_error *err, enum ctl_exit status);

/* Such as "completed, 9" and "on hold".  The caller frees it. */
char *change_text(const struct list_entry *entry);

/* Print what the entry says after it was changed, and where `before` is not NULL, what it said: "TITLE: completed, 9; it
 * was planned", or with --json as JSON. */
void change_print(const struct ctl *ctl, const char *name, const struct list_entry *entry, const char *before);

#endif
