/* ctl.h - what the commands of animectl share. */
#ifndef CLIENT_CTL_H
#define CLIENT_CTL_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cmdline.h"
#include "lib/animeclient.h"

/* animectl's exit status; animectl(1) documents them. */
enum ctl_exit {
	CTL_OK = 0,
	CTL_REFUSED = 1,   /* the request was at fault, such as an unknown title */
	CTL_USAGE = 2,     /* the command line was */
	CTL_NO_DAEMON = 3, /* nobody listens, or connecting is not allowed */
	CTL_BROKEN = 4,    /* the connection ended, or what came was no reply */
	CTL_FAILED = 5,    /* the daemon failed at it */
};

/* A command line, read. */
struct ctl {
	const char *socket; /* NULL: the default */
	bool json;
	struct cmdline line; /* all options given */
	int argc;            /* words after the command */
	char **argv;
};

/* A command is one file, and one row in animectl.c. */
struct cmd_entry {
	const char *name;
	const char *args;                     /* "TITLE..." */
	const char *summary;                  /* one line */
	const struct cmdline_option *options; /* its own; NULL: none */
	int min_args, max_args;               /* max -1: any number */
	enum ctl_exit (*exec)(const struct ctl *ctl);
};

extern const struct cmd_entry cmd_cult, cmd_recommend, cmd_similar, cmd_search, cmd_show, cmd_predict, cmd_status,
    cmd_reload, cmd_rollback, cmd_pin, cmd_unpin, cmd_models, cmd_retrain, cmd_cancel, cmd_events;

/* The words from `first` on, with a space between them, in a new string. */
char *ctl_words(const struct ctl *ctl, int first);

/* Pack a title, or the integer of "id:34599". */
void ctl_pack_item(msgpack_packer *packer, const char *text);

/* Pack the name of an option as a key, '-' in it as '_'. */
void ctl_pack_key(msgpack_packer *packer, const char *name);

/* Call the method with the packed params, print the result with --json, else through `print`, and say what went wrong.
 */
enum ctl_exit ctl_call(const struct ctl *ctl, const char *method, const msgpack_sbuffer *params,
		       void (*print)(const struct ctl *ctl, const msgpack_object *result));

/* Say what went wrong; the exit status for it. */
enum ctl_exit ctl_say_error(const struct ctl *ctl, const struct animeclient_error *err);

/* ---- reading results ---- */

const msgpack_object *ctl_get(const msgpack_object *map, const char *key); /* never NULL: nil where it is missing */
int64_t ctl_int(const msgpack_object *object);                             /* 0 where it is none */
double ctl_real(const msgpack_object *object);
bool ctl_is_nil(const msgpack_object *object);
bool ctl_is_true(const msgpack_object *object);

/* Text fit for a terminal: control characters and what is not UTF-8 become U+FFFD.  A new string; "" for no string. */
char *ctl_text(const msgpack_object *object);

/* An array of strings as "a, b", likewise. */
char *ctl_list(const msgpack_object *array);

/* "Made in Abyss (id:34599, TV, 2017)". */
char *ctl_item_name(const msgpack_object *item);

/* Say what was understood where the title was not given exactly. */
void ctl_print_matched(const msgpack_object *result, const char *typed);

#endif
