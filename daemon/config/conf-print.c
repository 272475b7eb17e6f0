/* conf-print.c - the configuration in force, as YAML. */
#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "config/conf-table.h"
#include "config/conf.h"
#include "config/param-read.h"

static int add_scalar(yaml_document_t *document, const char *text)
{
	return yaml_document_add_scalar(document, NULL, (const yaml_char_t *)text, -1, YAML_ANY_SCALAR_STYLE);
}

/* The mapping below `parent` with this key, made where it is missing. */
static int child_mapping(yaml_document_t *document, int parent, const char *key)
{
	yaml_node_t *node = mapping_get(document, yaml_document_get_node(document, parent), key);

	if (node)
		return (int)(node - document->nodes.start) + 1;
	int child = yaml_document_add_mapping(document, NULL, YAML_BLOCK_MAPPING_STYLE);
	(void)yaml_document_append_mapping_pair(document, parent, add_scalar(document, key), child);
	return child;
}

static int add_value(yaml_document_t *document, const struct animed_param *param, const struct animed_value *value)
{
	char *text = value_text(param, value);
	int node;

	if (text && param->type == ANIMED_RANGE) {
		char low[32], high[32];
		(void)snprintf(low, sizeof low, "%.15g", value->range[0]);
		(void)snprintf(high, sizeof high, "%.15g", value->range[1]);
		node = yaml_document_add_sequence(document, NULL, YAML_FLOW_SEQUENCE_STYLE);
		(void)yaml_document_append_sequence_item(document, node, add_scalar(document, low));
		(void)yaml_document_append_sequence_item(document, node, add_scalar(document, high));
	} else if (text && param->type == ANIMED_LIST) {
		char *rest = text, *line;
		node = yaml_document_add_sequence(document, NULL, YAML_FLOW_SEQUENCE_STYLE);
		while ((line = strsep(&rest, "\n")) && rest)
			(void)yaml_document_append_sequence_item(document, node, add_scalar(document, line));
	} else {
		node = add_scalar(document, text ? text : "");
	}
	free(text);
	return node;
}

/* Add a value that is set below the mapping `parent`, its dotted name nested. */
static void add_key(yaml_document_t *document, int parent, const struct animed_param *param,
		    const struct animed_value *value)
{
	char *name = value->set ? strdup(param->name) : NULL, *rest = name, *part;
	int at = parent;

	if (!name)
		return;
	while ((part = strsep(&rest, ".")) && rest)
		at = child_mapping(document, at, part);
	int key = add_scalar(document, part);
	(void)yaml_document_append_mapping_pair(document, at, key, add_value(document, param, value));
	free(name);
}

static void add_values(yaml_document_t *document, int parent, const struct animed_param *table,
		       const struct animed_value *values)
{
	for (size_t i = 0; table[i].name; i++)
		add_key(document, parent, &table[i], &values[i]);
}

static void add_stage(yaml_document_t *document, int root, const struct conf_stage *stage)
{
	const struct animed_plugin *info = stage->plugin.info;
	const int pipeline = child_mapping(document, root, "pipeline");

	add_values(document, child_mapping(document, pipeline, plugin_kind_name(info->kind)), info->params,
		   stage->values);
}

/* Write the document, which is freed. */
static void emit(yaml_document_t *document, FILE *out)
{
	yaml_emitter_t emitter;

	if (!yaml_emitter_initialize(&emitter)) {
		yaml_document_delete(document);
		return;
	}
	yaml_emitter_set_output_file(&emitter, out);
	yaml_emitter_set_unicode(&emitter, 1);
	yaml_emitter_set_width(&emitter, -1);
	(void)yaml_emitter_dump(&emitter, document);
	(void)yaml_emitter_flush(&emitter);
	yaml_emitter_delete(&emitter);
}

void conf_print(const struct conf *conf, FILE *out)
{
	char choice[CONF_CHOICE_SIZE];
	yaml_document_t document;

	if (!yaml_document_initialize(&document, NULL, NULL, NULL, 1, 1))
		return;
	const int root = yaml_document_add_mapping(&document, NULL, YAML_BLOCK_MAPPING_STYLE);
	for (const struct conf_key *key = conf_keys; key->param.name; key++) {
		const struct animed_value value = conf_get(conf, key, choice);
		add_key(&document, root, &key->param, &value);
	}
	add_stage(&document, root, &conf->source);
	add_stage(&document, root, &conf->model);
	add_stage(&document, root, &conf->similarity);
	emit(&document, out);
}

/* Whether the value is what the table gives where nothing is said. */
static bool is_default(const struct animed_param *param, const struct animed_value *value)
{
	const struct animed_param row[] = {*param, {.name = NULL}};
	struct animed_value *usual = calloc(1, sizeof *usual);
	struct animed_error err;
	bool same = false;

	if (param->def && usual && value_parse(param, param->def, "/", usual, &err) == 0) {
		char *a = value_text(param, value), *b = value_text(param, usual);
		same = a && b && strcmp(a, b) == 0;
		free(a);
		free(b);
	}
	values_free(row, usual);
	return same;
}

void conf_print_model(const struct conf_stage *stage, FILE *out)
{
	const struct animed_param *table = stage->plugin.info->params;
	struct animed_value *shown = calloc(table_size(table) + 1, sizeof *shown);
	yaml_document_t document;

	for (size_t i = 0; shown && table[i].name; i++) {
		if (stage->values[i].set && !is_default(&table[i], &stage->values[i]))
			shown[i] = stage->values[i];
	}
	if (shown && yaml_document_initialize(&document, NULL, NULL, NULL, 1, 1)) {
		const int root = yaml_document_add_mapping(&document, NULL, YAML_BLOCK_MAPPING_STYLE);
		const int pipeline = child_mapping(&document, root, "pipeline");
		const int model = yaml_document_add_mapping(&document, NULL, YAML_FLOW_MAPPING_STYLE);
		(void)yaml_document_append_mapping_pair(&document, pipeline, add_scalar(&document, "model"), model);
		(void)yaml_document_append_mapping_pair(&document, model, add_scalar(&document, "plugin"),
							add_scalar(&document, stage->plugin.info->name));
		add_values(&document, model, table, shown);
		emit(&document, out);
	}
	free(shown);
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
		return json_string(value->string);
	case ANIMED_LIST: {
		json_t *list = json_array();
		for (size_t i = 0; i < value->list.n; i++)
			(void)json_array_append_new(list, json_string(value->list.at[i]));
		return list;
	}
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
	char *text = bad ? NULL : json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return text;
}
