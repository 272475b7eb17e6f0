/* whose.h - the lists that commands send to the daemon: mine, and those of --list, --only and --not. */
#ifndef CLIENT_WHOSE_H
#define CLIENT_WHOSE_H

#include "ctl/ctl.h"
#include "lists/list.h"

/* Rows for tables of options. */
#define WHOSE_LIST                                                                                                     \
	{"list", 'l', "FILE", "by the list in this file, not yours"},                                                  \
	    {"format", 'f', "FORMAT", "what the files of lists are, if their content does not tell"},                  \
	{                                                                                                              \
		"scale", 0, "N", "the highest score that the lists could have: 100, 10, 5, 3"                          \
	}

/* A list and where it is from. */
struct whose_list {
	const char *path; /* NULL: it is mine */
	struct list list;
};

enum { WHOSE_PEOPLE = 2 };

/* What a command has read.  Zero is nothing; whose_free() frees what is in it. */
struct whose {
	struct whose_list people[WHOSE_PEOPLE];
	size_t n;
	struct whose_list only, not ; /* of the options --only and --not */
};

/* Read a list from a file, or mine where `path` is NULL.  Where it cannot be read, says why and returns the exit
 * status. */
enum ctl_exit whose_read(const struct ctl *ctl, const char *path, struct whose_list *list);

/* Read the lists of --list, at most `most`, or mine where there is none; and those of --only and --not. */
enum ctl_exit whose_read_all(const struct ctl *ctl, size_t most, struct whose *whose);

/* Shorten lists that are longer than the daemon takes in one request: what says least of a taste is left out, and that is
 * said. */
void whose_cut(struct whose *whose);
void whose_free(struct whose *whose);

/* Read what I have seen, do not want or ignore, which --unseen leaves out.  Where my list cannot be
 * read, says why and returns the exit status.  The caller frees seen->list in any case. */
enum ctl_exit whose_read_seen(const struct ctl *ctl, struct whose_list *seen);

/* Ask the daemon a method whose one parameter is the list of --list or mine, with the options of answers.h, and print the
 * answer.  For `print` ctl->own is the struct whose. */
enum ctl_exit whose_ask(const struct ctl *ctl, const char *method,
			void (*print)(const struct ctl *ctl, const msgpack_object *result));

/* Say in one line what of a list the daemon used, and in another which shows it did not find.  `result` has `used` and
 * `not_found`. */
void whose_print(const struct whose_list *list, const msgpack_object *result);

/* Say which shows of the lists of --only and --not the daemon did not find, if any. */
void whose_print_missing(const struct whose *whose, const msgpack_object *result);

#endif
