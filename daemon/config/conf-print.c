/* conf-print.c - writes the configuration as YAML, and stages of it as YAML and JSON. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/json.h"
#include "base/secret.h"
#include "config/conf-table.h"
#include "config/conf.h"
#include "config/param-read.h"

/* A document that is being built; its nodes are numbered from 1. */
struct printer {
	yaml_document_t document;
	bool failed; /* memory was short, and something is missing */
};

static int begin(struct printer *printer)
{
	printer->failed = !yaml_document_initialize(&printer->document, NULL, NULL, NULL, 1, 1);
	return printer->failed ? -1 : 0;
}

/* Note where a node could not be made.  Returns its number, 0 where memory is short, as all that add nodes do. */
static int made(struct printer *printer, int node)
{
	printer->failed |= node == 0;
	return node;
}

static int add_scalar(struct printer *printer, const char *text)
{
	return made(printer, yaml_document_add_scalar(&printer->document, NULL, (const yaml_char_t *)text, -1,
						      YAML_ANY_SCALAR_STYLE));
}

static int add_mapping(struct printer *printer, yaml_mapping_style_t style)
{
	return made(printer, yaml_document_add_mapping(&printer->document, NULL, style));
}

static void add_pair(struct printer *printer, int mapping, const char *key, int value)
{
	const int name = add_scalar(printer, key);

	if (!mapping || !name || !value || !yaml_document_append_mapping_pair(&printer->document, mapping, name, value))
		printer->failed = true;
}

static void add_item(struct printer *printer, int sequence, const char *text)
{
	const int item = add_scalar(printer, text);

	if (!sequence || !item || !yaml_document_append_sequence_item(&printer->document, sequence, item))
		printer->failed = true;
}

/* Returns the mapping that the mapping `parent` has for the key; adds it where there is none. */
static int child_mapping(struct printer *printer, int parent, const char *key)
{
	yaml_document_t *document = &printer->document;
	const yaml_node_t *node = mapping_get(document, yaml_document_get_node(document, parent), key);

	if (node)
		return (int)(node - document->nodes.start) + 1;
	const int child = add_mapping(printer, YAML_BLOCK_MAPPING_STYLE);
	add_pair(printer, parent, key, child);
	return child;
}

static int add_sequence(struct printer *printer, const struct animed_param *param, const struct animed_value *value,
			char *text)
{
	const int node = made(printer, yaml_document_add_sequence(&printer->document, NULL, YAML_FLOW_SEQUENCE_STYLE));
	char number[32], *rest = text, *line;

	if (param->type == ANIMED_RANGE) {
		for (size_t i = 0; i < 2; i++) {
			(void)snprintf(number, sizeof number, "%.15g", value->range[i]);
			add_item(printer, node, number);
		}
		return node;
	}
	while ((line = strsep(&rest, "\n")) && rest)
		add_item(printer, node, line);
	return node;
}

/* Returns a mapping of names to their texts, which the lines have in turn.  The texts of a name follow each other. */
static int add_match(struct printer *printer, char *text)
{
	const int node = made(printer, yaml_document_add_mapping(&printer->document, NULL, YAML_FLOW_MAPPING_STYLE));
	const char *last = "";
	char *rest = text, *name, *line;
	int list = 0;

	while ((name = strsep(&rest, "\n")) && rest && (line = strsep(&rest, "\n"))) {
		if (list == 0 || strcmp(name, last) != 0) {
			list = made(printer,
				    yaml_document_add_sequence(&printer->document, NULL, YAML_FLOW_SEQUENCE_STYLE));
			add_pair(printer, node, name, list);
		}
		add_item(printer, list, line);
		last = name;
	}
	return node;
}

/* Returns the value as text, without what is secret in it; the caller frees it with free().  NULL: out of memory. */
static char *shown_text(const struct animed_param *param, const struct animed_value *value)
{
	char *text = value_text(param, value), *masked;

	if (!text || !(param->flags & ANIMED_SECRET))
		return text;
	masked = secret_masked(text);
	free(text);
	return masked;
}

static int add_value(struct printer *printer, const struct animed_param *param, const struct animed_value *value)
{
	char *text = shown_text(param, value);
	int node = 0;

	if (!text)
		printer->failed = true;
	else if (param->type == ANIMED_RANGE || param->type == ANIMED_LIST)
		node = add_sequence(printer, param, value, text);
	else if (param->type == ANIMED_MATCH)
		node = add_match(printer, text);
	else
		node = add_scalar(printer, text);
	free(text);
	return node;
}

/* Add a value that is set to the mapping `parent`; each dot in its name leads to a mapping below. */
static void add_key(struct printer *printer, int parent, const struct animed_param *param,
		    const struct animed_value *value)
{
	char *name = value->set ? strdup(param->name) : NULL, *rest = name, *part;
	int at = parent;

	if (value->set && !name)
		printer->failed = true;
	if (!name)
		return;
	while ((part = strsep(&rest, ".")) && rest)
		at = child_mapping(printer, at, part);
	add_pair(printer, at, part, add_value(printer, param, value));
	free(name);
}

static void add_values(struct printer *printer, int parent, const struct animed_param *table,
		       const struct animed_value *values)
{
	for (size_t i = 0; table[i].name; i++)
		add_key(printer, parent, &table[i], &values[i]);
}

/* Returns a mapping with the plugin of a stage and its parameters. */
static int stage_mapping(struct printer *printer, const struct conf_stage *stage)
{
	const int mapping = add_mapping(printer, YAML_BLOCK_MAPPING_STYLE);

	add_pair(printer, mapping, "plugin", add_scalar(printer, stage->plugin.info->name));
	add_values(printer, mapping, stage->plugin.info->params, stage->values);
	return mapping;
}

/* Add n stages of one kind to the pipeline, as a list where there are several. */
static void add_stages(struct printer *printer, int root, const struct conf_stage *stages, unsigned n)
{
	const int pipeline = child_mapping(printer, root, "pipeline");
	const char *kind = plugin_kind_name(stages->plugin.info->kind);

	if (n == 1) {
		add_pair(printer, pipeline, kind, stage_mapping(printer, stages));
		return;
	}
	const int list = made(printer, yaml_document_add_sequence(&printer->document, NULL, YAML_BLOCK_SEQUENCE_STYLE));
	for (unsigned i = 0; i < n; i++) {
		const int stage = stage_mapping(printer, &stages[i]);
		if (!list || !stage || !yaml_document_append_sequence_item(&printer->document, list, stage))
			printer->failed = true;
	}
	add_pair(printer, pipeline, kind, list);
}

/* Write the document, unless something is missing in it, and free it. */
static int emit(struct printer *printer, FILE *out, struct animed_error *err)
{
	yaml_emitter_t emitter;
	int status = 0;

	if (printer->failed || !yaml_emitter_initialize(&emitter)) {
		yaml_document_delete(&printer->document);
		return animed_fail(err, "cannot print the configuration: out of memory");
	}
	yaml_emitter_set_output_file(&emitter, out);
	yaml_emitter_set_unicode(&emitter, 1);
	yaml_emitter_set_width(&emitter, -1);
	if (!yaml_emitter_dump(&emitter, &printer->document) || !yaml_emitter_flush(&emitter))
		status = animed_fail(err, "cannot print the configuration: %s",
				     emitter.error == YAML_WRITER_ERROR ? "cannot write" : "out of memory");
	yaml_emitter_delete(&emitter);
	return status;
}

int conf_print(const struct conf *conf, FILE *out, struct animed_error *err)
{
	char choice[CONF_CHOICE_SIZE];
	struct printer printer;

	if (begin(&printer) < 0)
		return animed_fail(err, "cannot print the configuration: out of memory");
	const int root = add_mapping(&printer, YAML_BLOCK_MAPPING_STYLE);
	for (const struct conf_key *key = conf_keys; key->param.name; key++) {
		const struct animed_value value = conf_get(conf, key, choice);
		if (key->member != CONF_STAGE)
			add_key(&printer, root, &key->param, &value);
	}
	add_stages(&printer, root, &conf->source, 1);
	add_stages(&printer, root, &conf->model, 1);
	add_stages(&printer, root, conf->similarities, conf->n_similarities);
	add_stages(&printer, root, &conf->ranking, 1);
	return emit(&printer, out, err);
}

/* Returns whether the value is the default that the table gives, or -1: out of memory. */
static int is_default(const struct animed_param *param, const struct animed_value *value)
{
	struct animed_value usual;
	struct animed_error err;
	int same = -1;

	if (!param->def)
		return false;
	/* a default of text may name a variable of the environment that is not set */
	if (value_parse(param, param->def, "/", &usual, &err) < 0)
		return param->type == ANIMED_PATH || param->type == ANIMED_STRING ? false : -1;
	char *a = value_text(param, value), *b = value_text(param, &usual);
	if (a && b)
		same = strcmp(a, b) == 0;
	free(a);
	free(b);
	value_free(param, &usual);
	return same;
}

/* Add the parameters that are not at their default to the mapping `model`. */
static void add_model(struct printer *printer, int model, const struct conf_stage *stage)
{
	const struct animed_param *table = stage->plugin.info->params;

	for (size_t i = 0; table[i].name; i++) {
		const int same = stage->values[i].set ? is_default(&table[i], &stage->values[i]) : true;
		if (same < 0)
			printer->failed = true;
		else if (!same)
			add_key(printer, model, &table[i], &stage->values[i]);
	}
}

int conf_print_model(const struct conf_stage *stage, FILE *out, struct animed_error *err)
{
	struct printer printer;

	if (begin(&printer) < 0)
		return animed_fail(err, "cannot print the configuration: out of memory");
	const int root = add_mapping(&printer, YAML_BLOCK_MAPPING_STYLE);
	const int pipeline = child_mapping(&printer, root, "pipeline");
	const int model = add_mapping(&printer, YAML_FLOW_MAPPING_STYLE);
	add_pair(&printer, pipeline, "model", model);
	add_pair(&printer, model, "plugin", add_scalar(&printer, stage->plugin.info->name));
	add_model(&printer, model, stage);
	return emit(&printer, out, err);
}

static json_t *json_secret(const char *text)
{
	char *masked = secret_masked(text);
	json_t *json = masked ? json_string(masked) : NULL;

	free(masked);
	return json;
}

/* Returns an object of lists: {"name": ["any text"], "other": ["a", "b"]}. */
static json_t *json_match(const struct animed_list *pairs)
{
	json_t *object = json_object();
	int bad = 0;

	for (size_t i = 0; object && i + 1 < pairs->n; i += 2) {
		if (!json_object_get(object, pairs->at[i]))
			bad |= json_object_set_new(object, pairs->at[i], json_array());
		bad |= json_array_append_new(json_object_get(object, pairs->at[i]), json_string(pairs->at[i + 1]));
	}
	if (!bad)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *json_value(const struct animed_param *param, const struct animed_value *value)
{
	switch (param->type) {
	case ANIMED_BOOL:
		return json_boolean(value->boolean);
	case ANIMED_INT:
	case ANIMED_DURATION:
		return json_integer(value->integer);
	case ANIMED_REAL:
		return json_real(value->real);
	case ANIMED_RANGE:
		return json_pack("[f, f]", value->range[0], value->range[1]);
	case ANIMED_STRING:
	case ANIMED_PATH:
	case ANIMED_ENUM:
		return param->flags & ANIMED_SECRET ? json_secret(value->string) : json_string(value->string);
	case ANIMED_LIST: {
		json_t *list = json_array();
		for (size_t i = 0; list && i < value->list.n; i++) {
			if (json_array_append_new(list, json_string(value->list.at[i])) < 0) {
				json_decref(list);
				list = NULL;
			}
		}
		return list;
	}
	case ANIMED_MATCH:
		return json_match(&value->list);
	}
	return NULL;
}

char *conf_stage_json(const struct conf_stage *stage)
{
	const struct animed_param *table = stage->plugin.info->params;
	json_t *object = json_object();
	int bad = 0;

	for (size_t i = 0; table[i].name; i++) {
		if (stage->values[i].set)
			bad |= json_object_set_new(object, table[i].name, json_value(&table[i], &stage->values[i]));
	}
	char *text = bad ? NULL : json_text(object);
	json_decref(object);
	return text;
}
