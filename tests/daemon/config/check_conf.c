/* Tests the configuration: its language, its errors, its defaults, and printing it as YAML. */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "config/conf-table.h"
#include "config/param-read.h"
#include "installed.h"
#include "scratch.h"

#define PLUGINS BUILDDIR "/plugins"

static struct conf *conf;
static struct conf_errors errors;

static void setup(void)
{
	scratch_open();
	ck_assert_int_eq(setenv("ANIMED_PLUGINS", PLUGINS, 1), 0);
	ck_assert_int_eq(setenv("XDG_RUNTIME_DIR", "/run/test", 1), 0);
	ck_assert_int_eq(setenv("XDG_STATE_HOME", "/state", 1), 0);
	ck_assert_int_eq(setenv("XDG_CONFIG_HOME", scratch, 1), 0);
}

static void teardown(void)
{
	conf_free(conf);
	conf_errors_free(&errors);
	scratch_close();
}

static int load(const char *text)
{
	return conf_load(scratch_text("animed.yaml", text), &conf, &errors);
}

static int load_again(const char *text)
{
	conf_free(conf);
	conf_errors_free(&errors);
	return load(text);
}

/* Whether there is an error at `place` (LINE:COLUMN) that contains `what`.  Prints all errors where there is none. */
static bool has_error(const char *place, const char *what)
{
	char start[PATH_MAX + 300];

	(void)snprintf(start, sizeof start, "%s/animed.yaml:%s: ", scratch, place);
	for (size_t i = 0; i < errors.n; i++) {
		if (strncmp(errors.lines[i], start, strlen(start)) == 0 && strstr(errors.lines[i], what))
			return true;
	}
	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	return false;
}

START_TEST(nothing_given_is_the_demo)
{
	ck_assert_int_eq(conf_load(NULL, &conf, &errors), 0);
	ck_assert_ptr_null(conf->file);
	ck_assert_str_eq(conf->socket, "/run/test/animed/animed.sock");
	ck_assert_str_eq(conf->models, "/state/animed/models");
	ck_assert_str_eq(conf->plugins, PLUGINS);
	ck_assert_str_eq(conf->source.plugin.info->name, "csv");
	ck_assert_str_eq(conf->source.values[0].string, INSTALLED_DATADIR "/demo/reviews.csv");
	ck_assert_str_eq(conf->model.plugin.info->name, "bias");
	ck_assert_str_eq(conf->similarities[0].plugin.info->name, "corating");
	ck_assert_uint_eq(conf->n_similarities, 2);
	ck_assert_str_eq(conf->similarities[1].plugin.info->name, "cosine");
	ck_assert_str_eq(conf->ranking.plugin.info->name, "ease");
	ck_assert_double_eq(conf->valid_pct, 0.2);
	ck_assert(conf->refit);
	ck_assert_uint_eq(conf->seed, 42);
	ck_assert_uint_ge(conf->threads, 1);
	ck_assert_uint_eq(conf->limit, 10);
	ck_assert_uint_eq(conf->limits.clients, 256);
	ck_assert(conf->dataset.unknown_items == UNKNOWN_ITEMS_DROP);
	ck_assert(conf->dataset.cache && conf->dataset.cache_from == 16u << 20);
}
END_TEST

START_TEST(first_file_of_the_search_path)
{
	ck_assert_int_eq(setenv("ANIMED_SYSTEM_CONFIG", scratch_text("system.yaml", "queries: {limit: 4}\n"), 1), 0);
	ck_assert_int_eq(conf_load(NULL, &conf, &errors), 0);
	ck_assert_str_eq(conf->file, scratch_path("system.yaml"));
	ck_assert_uint_eq(conf->limit, 4);
	conf_free(conf);
	conf_errors_free(&errors);
	ck_assert_int_eq(mkdir(scratch_path("animed"), 0700), 0);
	(void)scratch_text("animed/animed.yaml", "queries: {limit: 3}\n");
	ck_assert_int_eq(conf_load(NULL, &conf, &errors), 0);
	ck_assert_str_eq(conf->file, scratch_path("animed/animed.yaml"));
	ck_assert_uint_eq(conf->limit, 3);
}
END_TEST

START_TEST(paths_start_at_the_file_and_expand)
{
	ck_assert_int_eq(setenv("HERE", "there", 1), 0);
	ck_assert_int_eq(load("socket: ${HERE}/s.sock\n"
			      "models: ${NOT_SET_AT_ALL:-/some/where}/m$$x\n"
			      "pipeline:\n"
			      "  source: {plugin: csv, ratings: {path: r.csv}, items: {path: /abs/i.csv}}\n"),
			 0);
	ck_assert_str_eq(conf->socket, scratch_path("there/s.sock"));
	ck_assert_str_eq(conf->models, "/some/where/m$x");
	ck_assert_str_eq(conf->source.values[0].string, scratch_path("r.csv"));
}
END_TEST

START_TEST(every_error_is_reported_with_its_place)
{
	ck_assert_int_eq(load("sokcet: /x\n"                                    /* 1 */
			      "models: ${NOT_SET_AT_ALL}/m\n"                   /* 2 */
			      "log: inof\n"                                     /* 3 */
			      "train: {valid_pct: 1.5, seed: many}\n"           /* 4 */
			      "queries:\n"                                      /* 5 */
			      "  limit: [1, 2]\n"                               /* 6 */
			      "  limit: 4\n"                                    /* 7 */
			      "pipeline:\n"                                     /* 8 */
			      "  source: {plugin: csv, items: {path: i.csv}}\n" /* 9 */
			      "  model: {plugin: bais}\n"                       /* 10 */
			      "store: 5\n"),
			 -1);
	ck_assert(has_error("1:1", "did you mean \"socket\"?"));
	ck_assert(has_error("2:9", "NOT_SET_AT_ALL"));
	ck_assert(has_error("3:6", "did you mean \"info\"?"));
	ck_assert(has_error("4:20", "out of range"));
	ck_assert(has_error("4:31", "not a whole number"));
	ck_assert(has_error("6:10", "one value is expected"));
	ck_assert(has_error("7:3", "given twice"));
	ck_assert(has_error("11:8", "a mapping is expected"));
	/* errors come in the order of their lines */
	for (size_t i = 1; i < errors.n; i++) {
		const size_t at = strlen(scratch_path("animed.yaml")) + 1;
		ck_assert_int_le(atoi(errors.lines[i - 1] + at), atoi(errors.lines[i] + at));
	}
}
END_TEST

START_TEST(durations_lists_and_hyphens)
{
	ck_assert_int_eq(load("retrain: {every: 1d12h, when-changed: false}\n"
			      "gate: {golden: [\"Steins;Gate, 0\", 34599], loss-rise: -1}\n"
			      "access: {group: staff}\n"),
			 0);
	ck_assert_int_eq(conf->retrain.every, 36 * 3600);
	ck_assert(!conf->retrain.when_changed);
	ck_assert_uint_eq(conf->gate.golden.n, 2);
	ck_assert_str_eq(conf->gate.golden.at[0], "Steins;Gate, 0");
	ck_assert_str_eq(conf->gate.golden.at[1], "34599");
	ck_assert_str_eq(conf->group, "staff");
	ck_assert(conf->gate.loss_rise < 0);
	conf_free(conf);
	conf_errors_free(&errors);
	ck_assert_int_eq(load("retrain: {every: 0}\ngate: {golden: Berserk}\n"), 0);
	ck_assert_int_eq(conf->retrain.every, 0);
	ck_assert_uint_eq(conf->gate.golden.n, 1);
	conf_free(conf);
	conf_errors_free(&errors);
	ck_assert_int_eq(load("retrain: {when_changed: true, when-changed: true}\n"
			      "gate: {golden: {a: b}}\n"
			      "store: {keep-all: 1}\n"),
			 -1);
	ck_assert(has_error("1:31", "given twice"));
	ck_assert(has_error("2:16", "mapping"));
	ck_assert(has_error("3:9", "unknown key"));
}
END_TEST

static const char *const bad_durations[] = {"24",   "h",       "1x", "-1s", "1 h", "1h30", "99999999999999999999h",
					    "\"\"", "1000000w"};

START_TEST(bad_durations_are_refused)
{
	char text[64];

	(void)snprintf(text, sizeof text, "retrain: {every: %s}\n", bad_durations[_i]);
	ck_assert_int_eq(load(text), -1);
	ck_assert(has_error("1:18", "retrain.every"));
}
END_TEST

START_TEST(plugins_have_their_own_keys)
{
	ck_assert_int_eq(load("pipeline:\n"
			      "  source: {plugin: csv, items: {path: i.csv}}\n"       /* 2 */
			      "  model: {plugin: bias, factor: 3, y_range: [5, 1]}\n" /* 3 */
			      "  similarity: {plugin: cosin}\n"),                     /* 4 */
			 -1);
	ck_assert(has_error("2:11", "ratings.path is missing"));
	ck_assert(has_error("3:25", "did you mean \"factors\"?"));
	ck_assert(has_error("3:45", "low below high"));
	ck_assert(has_error("4:24", "did you mean \"cosine\"?"));
}
END_TEST

START_TEST(similarities_may_be_a_list)
{
	ck_assert_int_eq(
	    load("pipeline: {similarity: [{plugin: pearson}, {plugin: corating, kept: 7, neighbours: 3}]}\n"), 0);
	ck_assert_uint_eq(conf->n_similarities, 2);
	ck_assert_str_eq(conf->similarities[0].plugin.info->name, "pearson");
	ck_assert_str_eq(conf->similarities[1].plugin.info->name, "corating");
	ck_assert_uint_eq(conf->neighbours, 100); /* those of the first */
	ck_assert_ptr_null(conf_stage_learn(&conf->similarities[0]));
	ck_assert_ptr_nonnull(conf_stage_learn(&conf->similarities[1]));
	ck_assert_ptr_nonnull(conf_stage_learn(&conf->ranking));
}
END_TEST

static const struct {
	const char *text, *where, *error;
} bad_lists[] = {
    {"pipeline: {similarity: []}\n", "1:24", "the list is empty"},
    {"pipeline: {similarity: [{plugin: dot}, {plugin: dot}]}\n", "1:40", "dot is given twice"},
    {"pipeline: {similarity: [dot]}\n", "1:25", "a mapping"},
    {"pipeline: {similarity: [{plugin: dot}, {plugin: ease}]}\n", "1:49", "is a plugin of kind ranking"},
    {"pipeline: {ranking: {plugin: corating}}\n", "1:30", "is a plugin of kind similarity"},
    {"pipeline: {similarity: [{plugin: dot}, {plugin: corating, kept: 0}]}\n", "1:65", "kept"},
};

START_TEST(a_faulty_list_is_refused)
{
	ck_assert_int_eq(load(bad_lists[_i].text), -1);
	ck_assert_msg(has_error(bad_lists[_i].where, bad_lists[_i].error), "%s", errors.lines[0]);
}
END_TEST

static const struct animed_value *model_value(const char *name)
{
	const struct animed_param *table = conf->model.plugin.info->params;
	size_t i = 0;

	while (strcmp(table[i].name, name) != 0)
		i++;
	ck_assert(conf->model.values[i].set);
	return &conf->model.values[i];
}

START_TEST(defaults_that_depend_on_others_are_filled_in)
{
	ck_assert_int_eq(load("pipeline: {model: {plugin: bias, optimizer: notebook, epochs: 7}}\n"), 0);
	ck_assert_int_eq(model_value("epochs")->integer, 7);
	ck_assert_int_eq(model_value("factors")->integer, 50);
	ck_assert_double_eq(model_value("learning_rate")->real, 0.001);
	conf_free(conf);
	conf_errors_free(&errors);
	ck_assert_int_eq(load("pipeline: {model: {plugin: plain}}\n"), 0);
	ck_assert_int_eq(model_value("factors")->integer, 128);
	ck_assert(model_value("weight_decay")->real > 0);
}
END_TEST

static const char *const not_yaml[] = {"a: [1, 2\n",         "a: b: c\n",         "\t- x\n",     "a: *nowhere\n",
				       "- just\n- a list\n", "a: 1\n---\nb: 2\n", "? [x]\n: y\n"};

START_TEST(what_is_no_configuration_is_refused)
{
	ck_assert_int_eq(load(not_yaml[_i]), -1);
	ck_assert_uint_ge(errors.n, 1);
}
END_TEST

START_TEST(missing_file)
{
	ck_assert_int_eq(conf_load(scratch_path("animed.yaml"), &conf, &errors), -1);
	ck_assert(has_error("1:1", "No such file"));
}
END_TEST

START_TEST(missing_plugin_directory)
{
	ck_assert_int_eq(load("plugins: /not/there\n"), -1);
	ck_assert_uint_ge(errors.n, 3);
	ck_assert_ptr_nonnull(strstr(errors.lines[0], "/not/there"));
}
END_TEST

START_TEST(what_is_printed_loads_again_the_same)
{
	static const char text[] = "socket: /tmp/a$$b.sock\nlog: warning\ntrain: {valid_pct: 0.1, threads: 3}\n"
				   "dataset: {unknown_items: keep, cache: false}\nlimits: {depth: 9}\n"
				   "retrain: {every: 90m}\ngate: {golden: [\"a, $$b\", \"7\"], overlap: 0.25}\n"
				   "pipeline:\n"
				   "  source: {plugin: csv, ratings: {path: \"a: b.csv\", unrated: -1,\n"
				   "           where: {status: [Completed, \"a, $$b: c\"], media type: anime, empty: "
				   "\"\"}}, items: {path: i}}\n"
				   "  model: {plugin: plain, factors: 7, y_range: [0.5, 5]}\n";
	char *first = NULL, *second = NULL;
	size_t size;

	ck_assert_int_eq(load(text), 0);
	FILE *out = open_memstream(&first, &size);
	ck_assert_int_eq(conf_print(conf, out, NULL), 0);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_ptr_nonnull(strstr(first, "unrated: [-1]"));
	ck_assert_ptr_nonnull(strstr(first, "y_range: [0.5, 5]"));
	ck_assert_ptr_nonnull(strstr(first, "status: [Completed, 'a, $$b: c']"));
	ck_assert_ptr_nonnull(strstr(first, "media type: [anime]"));
	ck_assert_ptr_nonnull(strstr(first, "empty: ['']"));
	conf_free(conf);
	conf_errors_free(&errors);
	ck_assert_int_eq(load(first), 0);
	ck_assert_str_eq(conf->socket, "/tmp/a$b.sock");
	ck_assert_uint_eq(conf->limits.depth, 9);
	ck_assert(conf->dataset.unknown_items == UNKNOWN_ITEMS_KEEP);
	ck_assert(!conf->dataset.cache);
	ck_assert_int_eq(conf->retrain.every, 5400);
	ck_assert_uint_eq(conf->gate.golden.n, 2);
	ck_assert_str_eq(conf->gate.golden.at[0], "a, $b");
	out = open_memstream(&second, &size);
	ck_assert_int_eq(conf_print(conf, out, NULL), 0);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_str_eq(first, second);
	free(first);
	free(second);
}
END_TEST

static const char *const bad_matches[] = {"x", "[x]", "{a: {b: c}}", "{a: [[b]]}", "{[a]: b}", "{a: \"b\\nc\"}"};

START_TEST(a_faulty_match_is_refused)
{
	char text[256];

	(void)snprintf(text, sizeof text,
		       "pipeline: {source: {plugin: csv, ratings: {path: r, where: %s}, items: {path: i}}}\n",
		       bad_matches[_i]);
	ck_assert_int_eq(load(text), -1);
	ck_assert_msg(
	    has_error("1:60", "ratings.where: a mapping such as {column: value, other: [value, value]} is expected"),
	    "%s", errors.lines[0]);
}
END_TEST

START_TEST(shipped_file_is_the_defaults)
{
	char *shipped = NULL, *built_in = NULL;
	size_t size;

	ck_assert_int_eq(conf_load(BUILDDIR "/etc/animed.yaml", &conf, &errors), 0);
	FILE *out = open_memstream(&shipped, &size);
	ck_assert_int_eq(conf_print(conf, out, NULL), 0);
	(void)fclose(out);
	conf_free(conf);
	conf_errors_free(&errors);
	ck_assert_int_eq(conf_load(NULL, &conf, &errors), 0);
	out = open_memstream(&built_in, &size);
	ck_assert_int_eq(conf_print(conf, out, NULL), 0);
	(void)fclose(out);
	ck_assert_str_eq(shipped, built_in);
	free(shipped);
	free(built_in);
}
END_TEST

/* The default of a key as the manual page writes it. */
static const char *written_default(const struct animed_param *param)
{
	if (!param->def)
		return "not set";
	if (strstr(param->def, INSTALLED_PLUGINDIR))
		return "${ANIMED_PLUGINS:-PLUGINDIR}";
	if (strstr(param->def, INSTALLED_DATADIR "/relations"))
		return "${ANIMED_RELATIONS:-DATADIR/relations.csv}";
	return *param->def ? param->def : "empty";
}

/* Clear the entry of `missing` for the key that the line of the page names, such as `.BR train.seed " (42)"`. */
static void strike(bool *missing, const char *line)
{
	char expected[256];

	for (size_t i = 0; conf_keys[i].param.name; i++) {
		const struct animed_param *param = &conf_keys[i].param;
		(void)snprintf(expected, sizeof expected, ".BR %s \" (%s)\"\n", param->name, written_default(param));
		if (strcmp(line, expected) == 0) {
			ck_assert_msg(missing[i], "%s twice", param->name);
			missing[i] = false;
			return;
		}
	}
	ck_abort_msg("no key with this default: %s", line);
}

START_TEST(the_manual_names_every_key_and_its_default)
{
	FILE *page = fopen(SRCDIR "/daemon/animed.yaml.5", "re");
	bool missing[128], keys = false, head = false;
	char line[512];

	memset(missing, true, sizeof missing);
	ck_assert_ptr_nonnull(page);
	while (fgets(line, sizeof line, page)) {
		if (strncmp(line, ".SH ", 4) == 0)
			keys = strcmp(line, ".SH KEYS\n") == 0;
		if (keys && head)
			strike(missing, line);
		head = strcmp(line, ".TP\n") == 0 || strcmp(line, ".TQ\n") == 0;
	}
	(void)fclose(page);
	for (size_t i = 0; conf_keys[i].param.name; i++)
		ck_assert_msg(!missing[i], "not in the manual: %s", conf_keys[i].param.name);
}
END_TEST

/* A configuration that gives every key a value other than its default. */
static const char other_values[] =
    "socket: /a/s\nmodels: /b\nlog: error\n"
    "dataset: {unknown_items: keep, cache: false}\n"
    "train: {valid_pct: 0.125, refit: false, seed: 9000000000000000, threads: 7}\n"
    "store: {keep: 6, watch: false}\n"
    "gate: {self_similarity: false, loss_rise: -1, overlap: 0.5, ndcg_fall: 0.2, golden: [a, b]}\n"
    "retrain: {every: 2d, when_changed: false, nice: 19}\n"
    "access: {group: staff}\n"
    "queries: {limit: 11, min_ratings: 12, shrink: 1.5, sequels: only, relations: /r, inline_us: 201}\n"
    "lists: {ids: /i}\n"
    "limits: {frame_bytes: 1048577, elements: 65537, depth: 17, in_flight: 65, output_bytes: 8388609,\n"
    "         event_bytes: 262145, clients: 257, idle_seconds: 1}\n"
    "pipeline: {model: {plugin: svdpp}, similarity: {plugin: dot}, ranking: {plugin: predicted}}\n";

START_TEST(relations_may_be_absent_by_default)
{
	char text[PATH_MAX + 64];
	const char *path = scratch_text("shipped.csv", "1,2\n");

	/* the default, where it is there and where it is not */
	ck_assert_int_eq(setenv("ANIMED_RELATIONS", path, 1), 0);
	ck_assert_int_eq(load("log: info\n"), 0);
	ck_assert_str_eq(conf_relations(conf), path);
	ck_assert_int_eq(load_again("queries: {relations: none}\n"), 0);
	ck_assert_ptr_null(conf_relations(conf));
	ck_assert_str_eq(conf->relations, "none");
	ck_assert_int_eq(setenv("ANIMED_RELATIONS", "/nowhere/relations.csv", 1), 0);
	ck_assert_int_eq(load_again("queries: {limit: 3}\n"), 0);
	ck_assert_ptr_null(conf_relations(conf));
	/* what the file names is taken as it is */
	(void)snprintf(text, sizeof text, "queries: {relations: \"%s\"}\n", path);
	ck_assert_int_eq(load_again(text), 0);
	ck_assert_str_eq(conf_relations(conf), path);
	ck_assert_int_eq(load_again("queries: {relations: /nowhere/mine.csv}\n"), 0);
	ck_assert_str_eq(conf_relations(conf), "/nowhere/mine.csv");
	ck_assert_int_eq(load_again("queries: {relations: \"\"}\n"), -1);
	ck_assert_int_eq(unsetenv("ANIMED_RELATIONS"), 0);
}
END_TEST

START_TEST(every_key_arrives_where_it_is_kept)
{
	char choice[CONF_CHOICE_SIZE], *usual[128];

	ck_assert_int_eq(conf_load(NULL, &conf, &errors), 0);
	for (size_t i = 0; conf_keys[i].param.name; i++) {
		const struct animed_value value = conf_get(conf, &conf_keys[i], choice);
		usual[i] = value.set ? value_text(&conf_keys[i].param, &value) : strdup("");
	}
	conf_free(conf);
	conf_errors_free(&errors);
	ck_assert_int_eq(load(other_values), 0);
	for (size_t i = 0; conf_keys[i].param.name; i++) {
		const struct animed_param *param = &conf_keys[i].param;
		struct animed_value value = conf_get(conf, &conf_keys[i], choice);
		char *text = value_text(param, &value);
		const bool fixed = strcmp(param->name, "plugins") == 0 || conf_keys[i].stage == ANIMED_SOURCE;
		ck_assert_msg(fixed == (strcmp(text, usual[i]) == 0), "%s: %s, as without", param->name, text);
		free(text);
		free(usual[i]);
	}
	ck_assert_int_eq(conf->log, ANIMED_ERROR);
	ck_assert_int_eq(conf->dataset.unknown_items, UNKNOWN_ITEMS_KEEP);
	ck_assert_int_eq(conf->sequels, SEQUELS_ONLY);
	ck_assert_uint_eq(conf->seed, 9000000000000000);
	ck_assert_uint_eq(conf->threads, 7);
	ck_assert_int_eq(conf->retrain.every, 2 * 86400);
	ck_assert_int_eq(conf->retrain.nice, 19);
	ck_assert_double_eq(conf->gate.loss_rise, -1);
	ck_assert_uint_eq(conf->limits.output_bytes, 8388609);
	ck_assert_uint_eq(conf->inline_us, 201);
	ck_assert_str_eq(conf->relations, "/r");
}
END_TEST

static const struct {
	const char *text;
	enum animed_level level;
} levels[] = {{"debug", ANIMED_DEBUG}, {"info", ANIMED_INFO}, {"warning", ANIMED_WARN}, {"error", ANIMED_ERROR}};

START_TEST(levels_have_names)
{
	char text[32], line[32];
	const char *at = line;

	(void)snprintf(text, sizeof text, "log: %s\n", levels[_i].text);
	ck_assert_int_eq(load(text), 0);
	ck_assert_int_eq(conf->log, levels[_i].level);
	/* log_read() knows the level as the log writes it */
	(void)snprintf(line, sizeof line, "animed: %s: what", levels[_i].text);
	ck_assert_int_eq(log_read(&at), levels[_i].level);
	ck_assert_str_eq(at, levels[_i].level == ANIMED_INFO ? "info: what" : "what");
}
END_TEST

START_TEST(stage_as_json)
{
	ck_assert_int_eq(load("pipeline: {model: {plugin: plain, factors: 7}}\n"), 0);
	char *json = conf_stage_json(&conf->model);
	ck_assert_ptr_nonnull(json);
	ck_assert_ptr_nonnull(strstr(json, "\"factors\":7"));
	ck_assert_ptr_nonnull(strstr(json, "\"optimizer\":\"sgd\""));
	free(json);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conf");
	TCase *tc = tcase_create("conf");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_given_is_the_demo);
	tcase_add_test(tc, first_file_of_the_search_path);
	tcase_add_test(tc, paths_start_at_the_file_and_expand);
	tcase_add_test(tc, every_error_is_reported_with_its_place);
	tcase_add_test(tc, durations_lists_and_hyphens);
	tcase_add_loop_test(tc, bad_durations_are_refused, 0, (int)(sizeof bad_durations / sizeof *bad_durations));
	tcase_add_test(tc, plugins_have_their_own_keys);
	tcase_add_test(tc, similarities_may_be_a_list);
	tcase_add_loop_test(tc, a_faulty_match_is_refused, 0, sizeof bad_matches / sizeof *bad_matches);
	tcase_add_loop_test(tc, a_faulty_list_is_refused, 0, sizeof bad_lists / sizeof *bad_lists);
	tcase_add_test(tc, defaults_that_depend_on_others_are_filled_in);
	tcase_add_loop_test(tc, what_is_no_configuration_is_refused, 0, (int)(sizeof not_yaml / sizeof *not_yaml));
	tcase_add_test(tc, missing_file);
	tcase_add_test(tc, missing_plugin_directory);
	tcase_add_test(tc, what_is_printed_loads_again_the_same);
	tcase_add_test(tc, shipped_file_is_the_defaults);
	tcase_add_test(tc, the_manual_names_every_key_and_its_default);
	tcase_add_test(tc, relations_may_be_absent_by_default);
	tcase_add_test(tc, every_key_arrives_where_it_is_kept);
	tcase_add_loop_test(tc, levels_have_names, 0, (int)(sizeof levels / sizeof *levels));
	tcase_add_test(tc, stage_as_json);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
