/* ctl.h - what the commands of animectl share. */
#ifndef CLIENT_CTL_H
#define CLIENT_CTL_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cmdline.h"
#include "ctl/exit-status.h"
#include "lib/animeclient.h"

/* A command line after it was read. */
struct ctl {
	const char *socket; /* NULL: the default one */
	bool json;
	struct cmdline line; /* all options given */
	int argc;            /* words after the command */
	char **argv;
	void *own; /* what the functions of one command share; the command sets it */
};

/* A command is one file, and one row in animectl.c. */
struct cmd_entry {
	const char *name;
	const char *args;                     /* "TITLE..." */
	const char *summary;                  /* one line */
	const struct cmdline_option *options; /* options of this command; NULL: none */
	int min_args, max_args;               /* of words; max_args -1: any number */
	enum ctl_exit (*exec)(const struct ctl *ctl);
};

extern const struct cmd_entry cmd_compare, cmd_next, cmd_random, cmd_taste;
extern const struct cmd_entry cmd_cult, cmd_recommend, cmd_similar, cmd_search, cmd_show, cmd_predict, cmd_status,
    cmd_reload, cmd_rollback, cmd_pin, cmd_unpin, cmd_models, cmd_retrain, cmd_cancel, cmd_events, cmd_import,
    cmd_export, cmd_list, cmd_rate, cmd_seen, cmd_plan, cmd_drop, cmd_ignore, cmd_forget;

/* The words from `first` on with a space between them.  The caller frees the string.  Ends the program where memory is
 * short. */
char *ctl_words(const struct ctl *ctl, int first);

/* Begin to pack the params of a call.  The caller ends with msgpack_sbuffer_destroy().  What is packed ends the program
 * where memory is short. */
void ctl_pack_params(msgpack_packer *packer, msgpack_sbuffer *params);

/* Pack a title, or the integer of "id:34599". */
void ctl_pack_item(msgpack_packer *packer, const char *text);

/* Pack the name of an option as a key, with '_' for '-'. */
void ctl_pack_key(msgpack_packer *packer, const char *name);

/* Call the method with the packed params and print the result, through `print` or with --json as JSON.  Where it fails,
 * says why.  Returns the exit status. */
enum ctl_exit ctl_call(const struct ctl *ctl, const char *method, const msgpack_sbuffer *params,
		       void (*print)(const struct ctl *ctl, const msgpack_object *result));

/* Say what went wrong.  Returns the exit status for it. */
enum ctl_exit ctl_say_error(const struct ctl *ctl, const struct animeclient_error *err);

/* ---- reading results ---- */

/* The value of a key of a map; nil, never NULL, where it has no such key. */
const msgpack_object *ctl_get(const msgpack_object *map, const char *key);

int64_t ctl_int(const msgpack_object *object); /* 0 where it is no integer */
double ctl_real(const msgpack_object *object);
bool ctl_is_nil(const msgpack_object *object);
bool ctl_is_true(const msgpack_object *object);

/* A string made fit for a terminal: control characters and what is not UTF-8 become U+FFFD.  "" where the object is no
 * string.  The caller frees it, and those of the next two.  They end the program where memory is short. */
char *ctl_text(const msgpack_object *object);

/* An array of strings as "a, b", made fit in the same way. */
char *ctl_list(const msgpack_object *array);

/* The name of an item: "Made in Abyss (id:34599, TV, 2017)". */
char *ctl_item_name(const msgpack_object *item);

/* ', nearest to "TEXT"' where an item that was looked up is a guess, as in the lists of results that have `matched` and
 * `typed`; else "". */
char *ctl_guess(const msgpack_object *item);

/* The name of such an item, with this behind it. */
char *ctl_found_name(const msgpack_object *item);

/* The same of the item of a result that has `matched`, for which `typed` was looked up. */
char *ctl_matched_name(const msgpack_object *result, const char *typed);

#endif
