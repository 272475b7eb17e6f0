/* params.h - reading the parameters of a request, and saying what is wrong with them. */
#ifndef ANIMED_PARAMS_H
#define ANIMED_PARAMS_H

#include "query/question.h"

/* Bytes of a text at most.  No title or name is longer, and a longer text is refused before time is spent on it. */
#define TEXT_MAX 1024

/* Set *out to the bytes of a value of the type str, or bin, which some clients write for every string.  Returns false
 * if it is of another type. */
bool param_bytes(const msgpack_object *object, struct text *out);

/* Read a value as text of 1 to TEXT_MAX bytes of UTF-8 that are not all blanks.  Errors call it `what`, such as "parameter 1, the title,".
 * *out points into the request.  This and the functions below return 0; on failure they return -1 and fill
 * question->err. */
int param_text(struct question *question, const msgpack_object *object, const char *what, struct text *out);

/* Read an integer from min to max; a finite real number from min to max, which an integer may stand for; true or false,
 * which 1 and 0 may stand for.  Errors call the value `what`, such as "the option \"limit\"". */
int param_integer(struct question *question, const msgpack_object *object, const char *what, int64_t min, int64_t max,
		  int64_t *out);
int param_real(struct question *question, const msgpack_object *object, const char *what, double min, double max,
	       double *out);
int param_flag(struct question *question, const msgpack_object *object, const char *what, bool *out);

/* An option that a method takes.  `read` gets the value, what errors call it, and the `to` that param_options() has
 * got.  It returns 0; on failure it returns -1 and fills question->err. */
struct param_option {
	const char *name;
	unsigned takers; /* bits of the methods that take the option, if a table serves several */
	int (*read)(struct question *question, const msgpack_object *value, const char *what, void *to);
};

/* Read parameter `i`, a map of options, if it is given.  Of the n rows those are known that have one of the bits
 * `takers`.  An empty array counts as an empty map, since Lua cannot tell one from the other. */
int param_options(struct question *question, uint32_t i, const struct param_option *rows, size_t n, unsigned takers,
		  void *to);

/* Read a value as an item: an integer is its id, a text its title, "id:" with its id, or its address at MyAnimeList.
 * Errors call the value `what`. */
int param_item(struct question *question, const msgpack_object *object, const char *what, struct named_item *out);

/* Returns the show whose id a text is, with "id:", "mal:" or "#" before it or not; ANIMED_NO_ITEM if it is none. */
uint32_t param_item_of_id(const struct catalogue *catalogue, struct text text);

/* Whether an error is that a title means no show, or that it may mean several. */
bool param_failed_at_title(const struct rpc_error *err);

/* Add to such an error what `other` says in its first line, without the list behind it and the name before it. */
void param_add_error(struct rpc_error *err, const struct rpc_error *other);

/* Returns the seconds that param_item() is expected to take.  A title that this resolves is kept in question->found, so
 * that param_item() does not resolve it again. */
double param_item_cost(struct question *question, const msgpack_object *object);

/* Bytes of an integer as text, NUL included. */
#define PARAM_NUMBER 32

/* Read a value as the name of a user of the model.  An integer is written to `number`, since names may consist of
 * digits; *name then points there. */
int param_user(struct question *question, const msgpack_object *object, const char *what, char number[PARAM_NUMBER],
	       struct text *name, uint32_t *user);

#endif
