/* query-options-private.h - what the files of the options of queries share. */
#ifndef ANIMED_QUERY_OPTIONS_PRIVATE_H
#define ANIMED_QUERY_OPTIONS_PRIVATE_H

#include "query/query.h"

/* Note that the request asks for this part of the filter.  `known` says whether the model has the column that it is
 * about; if not, the request is refused, and the error calls the column `column`. */
int option_give(struct question *question, struct query *query, enum filter_part part, bool known, const char *what,
		const char *column);

/* Call `take` with the value, or with each member if it is an array.  Returns 0, or -1 if `take` does. */
int option_each(struct question *question, const msgpack_object *value, const char *what,
		int (*take)(struct question *, const msgpack_object *, const char *, void *), void *to);

/* Readers of options, as in struct param_option; `to` is a struct query.  The lists and scales of `with`, `scale` and
 * `with_scale` are read with the list of parameter 1. */
int option_exclude(struct question *question, const msgpack_object *value, const char *what, void *to);
int option_only(struct question *question, const msgpack_object *value, const char *what, void *to);
int option_planned(struct question *question, const msgpack_object *value, const char *what, void *to);
int option_ignore_dislikes(struct question *question, const msgpack_object *value, const char *what, void *to);
int option_diverse(struct question *question, const msgpack_object *value, const char *what, void *to);
int option_random(struct question *question, const msgpack_object *value, const char *what, void *to);
int option_for(struct question *question, const msgpack_object *value, const char *what, void *to);
int option_with(struct question *question, const msgpack_object *value, const char *what, void *to);
int option_scale(struct question *question, const msgpack_object *value, const char *what, void *to);
int option_with_scale(struct question *question, const msgpack_object *value, const char *what, void *to);

#endif
