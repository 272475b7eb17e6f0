/* param-read.c - reads a YAML mapping by a table of parameters. */
#include "config.h"

#include "config/param-read.h"

#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "base/spelling.h"
#include "base/text.h"

enum { MAX_NAME = 128 };

void problem_add(const struct param_source *source, const yaml_mark_t *mark, const char *fmt, ...)
{
	struct problems *problems = source->problems;
	struct problem *more = realloc(problems->at, (problems->n + 1) * sizeof *more);
	const size_t line = mark ? mark->line + 1 : 1, column = mark ? mark->column + 1 : 1;
	char *what = NULL, *text = NULL;
	va_list ap;

	if (more)
		problems->at = more;
	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		what = NULL;
	va_end(ap);
	if (more && what && asprintf(&text, "%s:%zu:%zu: %s", source->file, line, column, what) >= 0) {
		text_clean(text);
		problems->at[problems->n++] = (struct problem){line, column, text};
	} else {
		problems->incomplete = true;
	}
	free(what);
}

size_t params_count(const struct animed_param *table)
{
	size_t n = 0;

	while (table[n].name)
		n++;
	return n;
}

yaml_node_t *mapping_get(yaml_document_t *document, const yaml_node_t *mapping, const char *key)
{
	if (!mapping || mapping->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top;
	     pair++) {
		const yaml_node_t *name = yaml_document_get_node(document, pair->key);
		if (name->type == YAML_SCALAR_NODE && strcmp((const char *)name->data.scalar.value, key) == 0)
			return yaml_document_get_node(document, pair->value);
	}
	return NULL;
}

/* A mapping and those below it on the way into values. */
struct walk {
	const struct param_source *source;
	const struct animed_param *table;
	size_t n;
	struct animed_value *values;
	const char *const *skip;
};

static bool is_below(const char *name, const char *prefix, size_t length)
{
	return length == 0 || (strncmp(name, prefix, length) == 0 && name[length] == '.');
}

/* Report a key that the table does not have, and suggest the nearest that it has at this level. */
static void unknown_key(const struct walk *walk, const yaml_node_t *key, const char *prefix)
{
	const size_t length = strlen(prefix);
	const char *name = (const char *)key->data.scalar.value;
	struct nearest nearest = nearest_to(name);

	for (size_t i = 0; i < walk->n; i++) {
		const char *rest = walk->table[i].name + (length ? length + 1 : 0);
		if (is_below(walk->table[i].name, prefix, length))
			(void)nearest_try(&nearest, (struct text){rest, strcspn(rest, ".")});
	}
	if (nearest.found.bytes)
		problem_add(walk->source, &key->start_mark, "unknown key \"%s\"; did you mean \"%.*s\"?", name,
			    (int)nearest.found.length, nearest.found.bytes);
	else
		problem_add(walk->source, &key->start_mark,
			    "unknown key \"%s\"; see animed.yaml(5) for the keys there are", name);
}

/* What stands between and around the elements of a sequence in the text of a value. */
struct marks {
	const char *first, *between, *last;
};

static int add_text(struct text_buffer *text, const char *more)
{
	return text_buffer_add(text, more, strlen(more));
}

static int add_scalar(struct text_buffer *text, const yaml_node_t *node)
{
	return add_text(text, node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "?");
}

static int add_elements(struct text_buffer *text, yaml_document_t *document, const yaml_node_t *node,
			const struct marks *marks)
{
	const yaml_node_item_t *first = node->data.sequence.items.start;
	int status = add_text(text, marks->first);

	for (const yaml_node_item_t *item = first; status == 0 && item < node->data.sequence.items.top; item++) {
		if (item > first)
			status = add_text(text, marks->between);
		if (status == 0)
			status = add_scalar(text, yaml_document_get_node(document, *item));
	}
	return status == 0 ? add_text(text, marks->last) : status;
}

/* Add the pair of a mapping: a line for the name and one for the value, or that for each of several values. */
static int add_pair(struct text_buffer *text, yaml_document_t *document, const yaml_node_t *name,
		    const yaml_node_t *value)
{
	const bool list = value->type == YAML_SEQUENCE_NODE;
	const size_t n = list ? (size_t)(value->data.sequence.items.top - value->data.sequence.items.start) : 1;
	int status = 0;

	for (size_t i = 0; status == 0 && i < n; i++) {
		const yaml_node_t *one =
		    list ? yaml_document_get_node(document, value->data.sequence.items.start[i]) : value;
		if (add_scalar(text, name) < 0 || add_text(text, "\n") < 0 || add_scalar(text, one) < 0)
			status = -1;
		else
			status = add_text(text, "\n");
	}
	return status;
}

static int add_pairs(struct text_buffer *text, yaml_document_t *document, const yaml_node_t *node)
{
	int status = add_text(text, "");

	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	     status == 0 && pair < node->data.mapping.pairs.top; pair++)
		status = add_pair(text, document, yaml_document_get_node(document, pair->key),
				  yaml_document_get_node(document, pair->value));
	return status;
}

static bool is_one_line(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE && !strchr((const char *)node->data.scalar.value, '\n');
}

/* Whether each element of the sequence is a line of text. */
static bool is_plain(yaml_document_t *document, const yaml_node_t *node)
{
	for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top;
	     item++) {
		if (!is_one_line(yaml_document_get_node(document, *item)))
			return false;
	}
	return true;
}

/* Whether each value of the mapping is a line of text, or a list of one or more of them. */
static bool is_match(yaml_document_t *document, const yaml_node_t *node)
{
	bool good = true;

	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
	     pair++) {
		const yaml_node_t *value = yaml_document_get_node(document, pair->value);
		good = good && is_one_line(yaml_document_get_node(document, pair->key));
		if (value->type != YAML_SEQUENCE_NODE) {
			good = good && is_one_line(value);
			continue;
		}
		good = good && is_plain(document, value) &&
		       value->data.sequence.items.start < value->data.sequence.items.top;
	}
	return good;
}

/* Whether the node may be the value of the parameter. */
static bool fits(const struct animed_param *param, yaml_document_t *document, const yaml_node_t *node)
{
	switch (node->type) {
	case YAML_SCALAR_NODE:
		return param->type != ANIMED_MATCH || node->data.scalar.length == 0;
	case YAML_SEQUENCE_NODE:
		return (param->type == ANIMED_RANGE || param->type == ANIMED_LIST) && is_plain(document, node);
	default:
		return param->type == ANIMED_MATCH && is_match(document, node);
	}
}

static int add_node(struct text_buffer *text, const struct animed_param *param, yaml_document_t *document,
		    const yaml_node_t *node)
{
	static const struct marks range = {"[", ", ", "]"}, list = {"", "\n", ""};

	if (node->type == YAML_SCALAR_NODE)
		return text_buffer_add(text, (const char *)node->data.scalar.value, node->data.scalar.length);
	if (node->type == YAML_MAPPING_NODE)
		return add_pairs(text, document, node);
	return add_elements(text, document, node, param->type == ANIMED_RANGE ? &range : &list);
}

/* Report a node that is of another kind than the parameter. */
static void does_not_fit(const struct walk *walk, const struct animed_param *param, const yaml_node_t *node)
{
	const bool list = node->type == YAML_SEQUENCE_NODE;

	if (param->type == ANIMED_MATCH)
		problem_add(walk->source, &node->start_mark,
			    "%s: a mapping such as {column: value, other: [value, value]} is expected here, with one "
			    "value or more for each column",
			    param->name);
	else if (list && (param->type == ANIMED_RANGE || param->type == ANIMED_LIST))
		problem_add(walk->source, &node->start_mark, "%s: the list has more in it than single values on a line",
			    param->name);
	else
		problem_add(walk->source, &node->start_mark, "%s: a %s where one value is expected", param->name,
			    list ? "list" : "mapping");
}

/* Returns the text of a scalar, of a sequence of scalars or of a mapping to them, where the parameter takes one; the
 * caller frees it with free().  NULL: a problem is reported. */
static char *node_text(const struct walk *walk, const struct animed_param *param, const yaml_node_t *node)
{
	struct text_buffer text = {NULL, 0, 0};

	if (!fits(param, walk->source->document, node)) {
		does_not_fit(walk, param, node);
		return NULL;
	}
	if (add_node(&text, param, walk->source->document, node) == 0)
		return text.bytes;
	problem_add(walk->source, &node->start_mark, "%s: out of memory", param->name);
	free(text.bytes);
	return NULL;
}

static void read_value(const struct walk *walk, size_t i, const yaml_node_t *node)
{
	struct animed_error err;
	char *text = node_text(walk, &walk->table[i], node);

	if (text && value_parse(&walk->table[i], text, walk->source->base, &walk->values[i], &err) < 0)
		problem_add(walk->source, &node->start_mark, "%s: %s", walk->table[i].name, err.text);
	free(text);
}

static bool is_skipped(const struct walk *walk, const char *name)
{
	for (const char *const *skip = walk->skip; skip && *skip; skip++) {
		if (strcmp(*skip, name) == 0)
			return true;
	}
	return false;
}

/* Write the word of a key as tables have it, with '_' for each '-'. */
static void key_word(const yaml_node_t *key, char *out, size_t size)
{
	(void)snprintf(out, size, "%s", (const char *)key->data.scalar.value);
	for (char *at = out; (at = strchr(at, '-'));)
		*at = '_';
}

static bool is_repeated(yaml_document_t *document, const yaml_node_t *mapping, const yaml_node_pair_t *pair)
{
	char name[MAX_NAME], other_name[MAX_NAME];

	key_word(yaml_document_get_node(document, pair->key), name, sizeof name);
	for (const yaml_node_pair_t *other = mapping->data.mapping.pairs.start; other < pair; other++) {
		const yaml_node_t *key = yaml_document_get_node(document, other->key);
		if (key->type != YAML_SCALAR_NODE)
			continue;
		key_word(key, other_name, sizeof other_name);
		if (strcmp(other_name, name) == 0)
			return true;
	}
	return false;
}

/* Report a value in place of the mapping of a group, with the mapping that may be meant. */
static void no_mapping(const struct walk *walk, const char *group, const yaml_node_t *value)
{
	const size_t length = strlen(group);
	size_t i = 0;

	while (!is_below(walk->table[i].name, group, length))
		i++;
	const struct animed_param *first = &walk->table[i];
	if (value->type == YAML_SCALAR_NODE && (first->type == ANIMED_PATH || first->type == ANIMED_STRING))
		problem_add(walk->source, &value->start_mark, "%s: a mapping is expected here, such as {%s: %s}", group,
			    first->name + length + 1, (const char *)value->data.scalar.value);
	else
		problem_add(walk->source, &value->start_mark, "%s: a mapping is expected here, such as {%s: ...}",
			    group, first->name + length + 1);
}

static void walk_mapping(const struct walk *walk, const yaml_node_t *mapping, const char *prefix);

static void walk_pair(const struct walk *walk, const yaml_node_t *key, const yaml_node_t *value, const char *prefix)
{
	char name[MAX_NAME], word[MAX_NAME];
	bool group = false;

	key_word(key, word, sizeof word);
	const int length = snprintf(name, sizeof name, "%s%s%s", prefix, *prefix ? "." : "", word);

	if (length < 0 || length >= (int)sizeof name || key->data.scalar.length >= sizeof word ||
	    strchr((const char *)key->data.scalar.value, '.')) {
		unknown_key(walk, key, prefix);
		return;
	}
	if (is_skipped(walk, name))
		return;
	for (size_t i = 0; i < walk->n; i++) {
		if (strcmp(walk->table[i].name, name) == 0) {
			read_value(walk, i, value);
			return;
		}
		group |= is_below(walk->table[i].name, name, (size_t)length);
	}
	if (!group)
		unknown_key(walk, key, prefix);
	else if (value->type == YAML_MAPPING_NODE)
		walk_mapping(walk, value, name);
	else if (value->type != YAML_SCALAR_NODE || value->data.scalar.length > 0)
		no_mapping(walk, name, value);
}

static void walk_mapping(const struct walk *walk, const yaml_node_t *mapping, const char *prefix)
{
	yaml_document_t *document = walk->source->document;

	for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top;
	     pair++) {
		const yaml_node_t *key = yaml_document_get_node(document, pair->key);
		if (key->type != YAML_SCALAR_NODE)
			problem_add(walk->source, &key->start_mark, "a key must be a plain word");
		else if (is_repeated(document, mapping, pair))
			problem_add(walk->source, &key->start_mark, "\"%s\" is given twice; keep one",
				    (const char *)key->data.scalar.value);
		else
			walk_pair(walk, key, yaml_document_get_node(document, pair->value), prefix);
	}
}

int params_read(const struct param_source *source, const struct animed_param *table, yaml_node_t *mapping,
		const char *const *skip, struct animed_value **values)
{
	const size_t n = params_count(table);
	const yaml_mark_t *mark = mapping ? &mapping->start_mark : NULL;
	struct animed_error err;

	*values = calloc(n + 1, sizeof **values);
	if (!*values) {
		source->problems->incomplete = true;
		return -1;
	}
	const struct walk walk = {source, table, n, *values, skip};
	const size_t before = source->problems->n;
	if (mapping && mapping->type == YAML_MAPPING_NODE)
		walk_mapping(&walk, mapping, "");
	else if (mapping && (mapping->type != YAML_SCALAR_NODE || mapping->data.scalar.length > 0))
		problem_add(source, mark, "a mapping of keys to values is expected here");
	for (size_t i = 0; i < n; i++) {
		if ((*values)[i].set)
			continue;
		/* a parameter whose value was refused is not missing; it is among the problems */
		if ((table[i].flags & ANIMED_REQUIRED) && source->problems->n == before &&
		    !source->problems->incomplete)
			problem_add(source, mark, "%s is missing: %s", table[i].name, table[i].help);
		if (table[i].def && value_parse(&table[i], table[i].def, source->base, &(*values)[i], &err) < 0)
			problem_add(source, mark, "%s: its default: %s", table[i].name, err.text);
	}
	return 0;
}

void values_free(const struct animed_param *table, struct animed_value *values)
{
	for (size_t i = 0; values && table[i].name; i++) {
		if (values[i].set)
			value_free(&table[i], &values[i]);
	}
	free(values);
}
