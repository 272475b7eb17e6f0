/* param-read.c - reads a YAML mapping by a table of parameters. */
#include "config.h"

#include "config/param-read.h"

#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "base/spelling.h"

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
	if (more && what && asprintf(&text, "%s:%zu:%zu: %s", source->file, line, column, what) >= 0)
		problems->at[problems->n++] = (struct problem){line, column, text};
	else
		problems->incomplete = true;
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

/* Add the elements of a sequence to the text: as "[a, b]" for a range, else with a line break between them. */
static int add_elements(struct text_buffer *text, yaml_document_t *document, const yaml_node_t *node, bool range)
{
	const char *before = range ? "[" : "";
	int status = text_buffer_add(text, "", 0);

	for (yaml_node_item_t *item = node->data.sequence.items.start;
	     status == 0 && item < node->data.sequence.items.top; item++) {
		const yaml_node_t *element = yaml_document_get_node(document, *item);
		const bool scalar = element->type == YAML_SCALAR_NODE;
		const char *value = scalar ? (const char *)element->data.scalar.value : "?";
		status = text_buffer_add(text, before, strlen(before));
		if (status == 0)
			status = text_buffer_add(text, value, strlen(value));
		before = range ? ", " : "\n";
	}
	return status == 0 && range ? text_buffer_add(text, "]", 1) : status;
}

/* Returns the text of a scalar, or of a sequence of scalars where the parameter takes one; the caller frees it with
 * free().  NULL: a problem is reported. */
static char *node_text(const struct walk *walk, const struct animed_param *param, const yaml_node_t *node)
{
	struct text_buffer text = {NULL, 0, 0};
	int status;

	if (node->type == YAML_SCALAR_NODE) {
		status = text_buffer_add(&text, (const char *)node->data.scalar.value,
					 strlen((const char *)node->data.scalar.value));
	} else if (node->type == YAML_SEQUENCE_NODE && (param->type == ANIMED_RANGE || param->type == ANIMED_LIST)) {
		status = add_elements(&text, walk->source->document, node, param->type == ANIMED_RANGE);
	} else {
		problem_add(walk->source, &node->start_mark, "%s: a %s where one value is expected", param->name,
			    node->type == YAML_MAPPING_NODE ? "mapping" : "list");
		return NULL;
	}
	if (status == 0)
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
		problem_add(walk->source, &value->start_mark, "%s: a mapping is expected here", name);
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
