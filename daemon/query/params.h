/* params.h - reading the parameters of a request, and saying what is wrong with them. */
#ifndef ANIMED_PARAMS_H
#define ANIMED_PARAMS_H

#include "query/question.h"

/* No title or name is longer; a longer text is refused before time is spent on it. */
#define TEXT_MAX 1024

/* A value that is called `what` in errors ("parameter 1, the title,") as text of 1 to TEXT_MAX bytes of UTF-8.  This
 * and the following: 0, or -1 with question->err. */
int param_text(struct question *question, const msgpack_object *object, const char *what, struct text *out);

/* An integer from min to max, a finite real number likewise (an integer will do), true or false (1 and 0 will do);
 * `what` as above ("the option \"limit\""). */
int param_integer(struct question *question, const msgpack_object *object, const char *what, int64_t min, int64_t max,
		  int64_t *out);
int param_real(struct question *question, const msgpack_object *object, const char *what, double min, double max,
	       double *out);
int param_flag(struct question *question, const msgpack_object *object, const char *what, bool *out);

/* An option that a method takes.  `read` is called with the value, `what` as above and the method's own `to`. */
struct param_option {
	const char *name;
	unsigned takers; /* bits; where rows of one table are of several methods */
	int (*read)(struct question *question, const msgpack_object *value, const char *what, void *to);
};

/* Read the options map, parameter `i`, where there is one, by those of the n rows that have one of the bits `takers`.
 * An empty array is an empty map to Lua. */
int param_options(struct question *question, uint32_t i, const struct param_option *rows, size_t n, unsigned takers,
		  void *to);

/* A value as the id (an integer) or the title (text) of an item; `what` as above. */
int param_item(struct question *question, const msgpack_object *object, const char *what, struct named_item *out);

/* The seconds that param_item() is expected to take.  Keeps what it finds in question->found. */
double param_item_cost(struct question *question, const msgpack_object *object);

/* Room for a name that is a number. */
#define PARAM_NUMBER 32

/* A value as the name of a user of the model, an integer where names are numbers; *name may point into `number`. */
int param_user(struct question *question, const msgpack_object *object, const char *what, char number[PARAM_NUMBER],
	       struct text *name, uint32_t *user);

#endif
