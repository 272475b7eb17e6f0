/* Loads a configuration while memory is short: it is read as it is, or refused with a line that says that memory is
 * short. */
#include "config.h"

#include <dlfcn.h>
#include <sys/stat.h>

#include "cli/string-stream.h"
#include "config/conf.h"
#include "each.h"
#include "fault.h"
#include "scratch.h"

#define PLUGINS BUILDDIR "/plugins"

static const char whole[] = "socket: ${XDG_RUNTIME_DIR}/a.sock\n"
			    "models: ~/models\n"
			    "log: warning\n"
			    "pipeline:\n"
			    "  source: {plugin: csv, ratings: {path: r.csv, user: who}, items: {path: \"i.csv\"}}\n"
			    "  model: {plugin: svdpp, factors: 7, y-range: [1, 10]}\n"
			    "  similarity: {plugin: pearson, neighbours: 3}\n"
			    "store: {keep: 3, watch: false}\n"
			    "gate: {golden: [Monster, 'Made in Abyss'], overlap: 0.5}\n"
			    "retrain: {every: 1d}\n"
			    "access: {group: media}\n"
			    "queries: {limit: 5, sequels: only, relations: rel.txt, shrink: 3}\n"
			    "limits: {clients: 7}\n";

static const char faulty[] = "socket: ''\n"
			     "modles: here\n"
			     "log: loud\n"
			     "pipeline:\n"
			     "  source: {plugin: csv, ratings: {path: [a, b]}, items: {path: i.csv, colour: red}}\n"
			     "  model: {plugin: bais}\n"
			     "  similarity: {plugin: cosine, neighbours: -5}\n"
			     "queries: {limit: 0, limit: 3}\n"
			     "gate: {golden: {a: b}}\n"
			     "limits: [1]\n";

static const char broken[] = "socket: [a, b\nmodels: }";

/* A configuration, and the outcome of loading it where memory is not short. */
struct given {
	const char *file;
	int status;
	char *printed;
	struct conf_errors errors;
	bool held; /* the plugins were opened before and stay open */
};

static char *print(const struct conf *conf)
{
	struct string_stream stream;
	struct animed_error err;
	FILE *out = string_stream_open(&stream);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(conf_print(conf, out, &err), 0);
	return string_stream_close(&stream);
}

static bool is_line_of(const struct conf_errors *errors, const char *line)
{
	for (size_t i = 0; i < errors->n; i++) {
		if (strcmp(errors->lines[i], line) == 0)
			return true;
	}
	return false;
}

/* Compare the outcome of conf_load() with that of the given configuration: it has to be the same, or an error that says
 * that memory is short. */
static void judge(struct attempt *attempt, const struct given *given, int status, const struct conf *conf,
		  const struct conf_errors *errors)
{
	bool memory = false;

	for (size_t i = 0; i < errors->n; i++) {
		/* where the loader has no memory to note which library a plugin depends on, it says that a symbol is
		 * not defined */
		const bool loader = !given->held && strstr(errors->lines[i], "cannot load the plugin: ");
		const bool about_memory = loader || each_says_memory(errors->lines[i]);
		if (!about_memory && !is_line_of(&given->errors, errors->lines[i]))
			each_wrong(attempt, "a wrong line: %s", errors->lines[i]);
		memory |= about_memory;
	}
	if (status != given->status && !memory)
		each_wrong(attempt, "status %d, not %d, and %zu lines of error", status, given->status, errors->n);
	if (status < 0 && errors->n == 0)
		each_wrong(attempt, "refused without a line");
	if (status < 0 && !memory && errors->n != given->errors.n)
		each_wrong(attempt, "%zu lines of error, not %zu", errors->n, given->errors.n);
	if (status == 0) {
		char *printed = print(conf);
		if (strcmp(printed, given->printed) != 0)
			each_wrong(attempt, "another configuration:\n%s", printed);
		free(printed);
	}
}

static void load(struct attempt *attempt)
{
	const struct given *given = attempt->ctx;
	struct conf_errors errors;
	struct conf *conf;
	const int status = conf_load(given->file, &conf, &errors);

	(void)fault_disarm();
	judge(attempt, given, status, conf, &errors);
	conf_free(conf);
	conf_errors_free(&errors);
	/* count blocks only where the plugins are held: the loader keeps some whenever it opens one */
	if (given->held)
		each_lost(attempt);
	/* libyaml (0.2.5) leaks one block where it cannot make room for more nodes */
	if (status < 0 && attempt->lost == 1 && given->status < 0)
		attempt->lost = 0;
}

/* Open a plugin until the test ends. */
static void hold(const char *name)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof path, PLUGINS "/%s.so", name);
	ck_assert_msg(dlopen(path, RTLD_NOW | RTLD_LOCAL) != NULL, "%s", path);
}

/* Load a configuration with each allocation failing.  Where `text` is NULL no file is given.  `status` is what
 * conf_load() returns where memory is not short. */
static void load_each(const char *what, const char *text, int status)
{
	struct given given = {.file = text ? scratch_text("animed.yaml", text) : NULL, .status = status};
	struct conf *conf;

	ck_assert_int_eq(conf_load(given.file, &conf, &given.errors), status);
	if (status == 0)
		given.printed = print(conf);
	conf_free(conf);
	each(what, load, &given, 1, UINT64_MAX, 1);
	hold("bias");
	hold("corating");
	hold("cosine");
	hold("ease");
	hold("csv");
	hold("pearson");
	hold("svdpp");
	given.held = true;
	each(what, load, &given, 1, UINT64_MAX, 1);
	each(what, load, &given, 3, 50, 3);
	each(what, load, &given, UINT64_MAX, 50, 7);
	conf_errors_free(&given.errors);
	free(given.printed);
}

START_TEST(a_configuration_is_read_whole_or_refused)
{
	load_each("a whole configuration", whole, 0);
}
END_TEST

START_TEST(the_built_in_one_too)
{
	load_each("the built-in configuration", NULL, 0);
}
END_TEST

START_TEST(the_first_file_there_is)
{
	ck_assert_int_eq(mkdir(scratch_path("animed"), 0700), 0);
	(void)scratch_text("animed/animed.yaml", "log: debug\n");
	load_each("the user's file", NULL, 0);
}
END_TEST

START_TEST(a_faulty_one_is_refused_for_its_faults)
{
	load_each("a faulty configuration", faulty, -1);
	load_each("no YAML", broken, -1);
	load_each("two documents", "socket: /a\n---\nsocket: /b\n", -1);
}
END_TEST

static void setup(void)
{
	scratch_open();
	ck_assert_int_eq(setenv("ANIMED_PLUGINS", PLUGINS, 1), 0);
	ck_assert_int_eq(setenv("XDG_RUNTIME_DIR", "/run/test", 1), 0);
	ck_assert_int_eq(setenv("XDG_STATE_HOME", "/state", 1), 0);
	ck_assert_int_eq(setenv("XDG_CONFIG_HOME", scratch, 1), 0);
	hold("plain"); /* load OpenBLAS now: libgfortran, which it needs, ends a program in which memory is short */
}

int main(void)
{
	Suite *suite = suite_create("fault_conf");
	TCase *tc = tcase_create("fault_conf");

	tcase_add_checked_fixture(tc, setup, scratch_close);
	tcase_add_test(tc, a_configuration_is_read_whole_or_refused);
	tcase_add_test(tc, the_built_in_one_too);
	tcase_add_test(tc, the_first_file_there_is);
	tcase_add_test(tc, a_faulty_one_is_refused_for_its_faults);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
