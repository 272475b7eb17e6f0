/* param-read.h - reads a YAML mapping by a table of parameters, and reports everything in it that does not fit. */
#ifndef ANIMED_PARAM_READ_H
#define ANIMED_PARAM_READ_H

#include <yaml.h>

#include "animed-plugin.h"

/* What is wrong with a file, as far as that is known. */
struct problems {
	struct problem {
		size_t line, column; /* from 1 */
		char *text;
	} * at;
	size_t n;
	bool incomplete; /* memory was too short to add one */
};

/* Where a mapping comes from, and where its problems go. */
struct param_source {
	const char *file; /* for messages */
	const char *base; /* directory that relative paths start from */
	yaml_document_t *document;
	struct problems *problems;
};

/* Add a problem at `mark`; NULL is the beginning of the file. */
__attribute__((format(printf, 3, 4))) void problem_add(const struct param_source *source, const yaml_mark_t *mark,
						       const char *fmt, ...);

/* Read `mapping` (NULL: nothing is given) by `table` into the array *values of as many elements, which the caller
 * frees with values_free(), whatever the problems.  Keys at the top that `skip` names (a list ended by NULL) are
 * left alone, with everything below them.  In a key '-' stands for '_'.  Returns 0, or -1 where memory is short;
 * then the problems are incomplete. */
int params_read(const struct param_source *source, const struct animed_param *table, yaml_node_t *mapping,
		const char *const *skip, struct animed_value **values);
void values_free(const struct animed_param *table, struct animed_value *values);

/* Read a value from its text.  The caller frees *value with value_free().  Returns 0.  On failure returns -1 and
 * fills err with what is wrong with the text; the caller knows where it stands. */
int value_parse(const struct animed_param *param, const char *text, const char *base, struct animed_value *value,
		struct animed_error *err);

/* Free what a value that is set points to, and unset it. */
void value_free(const struct animed_param *param, struct animed_value *value);

/* Returns the value as a text from which value_parse() reads it again; the caller frees it with free().  NULL: out of
 * memory. */
char *value_text(const struct animed_param *param, const struct animed_value *value);

/* Returns the value of `key` in a mapping.  NULL: it has none, or is no mapping. */
yaml_node_t *mapping_get(yaml_document_t *document, const yaml_node_t *mapping, const char *key);

size_t params_count(const struct animed_param *table);

#endif
