/* load-csv.c - runs the csv plugin on files of the scratch directory. */
#include "config.h"

#include "load-csv.h"

#include "config/param-read.h"

struct plugin csv;
struct dataset *dataset;
struct animed_error err;
char logged[4096];
bool cancel;

static void keep_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	const size_t used = strlen(logged);
	va_list ap;

	(void)ctx;
	(void)level;
	va_start(ap, fmt);
	(void)vsnprintf(logged + used, sizeof logged - used - 1, fmt, ap);
	va_end(ap);
	strcat(logged, "\n");
}

static bool cancelled(void *ctx)
{
	(void)ctx;
	return cancel;
}

struct animed_host host = {NULL, keep_log, NULL, cancelled, 1};

void load_setup(void)
{
	scratch_open();
	ck_assert_int_eq(plugin_open(BUILDDIR "/plugins", "csv", ANIMED_SOURCE, &csv, &err), 0);
	(void)scratch_text("i.csv", "uid,title\n1,One\n2,Two\n3,Three\n");
	(void)scratch_text("r.csv", "profile,anime_uid,score\na,1,5\nb,2,6\n");
}

void load_teardown(void)
{
	dataset_free(dataset);
	plugin_close(&csv);
	scratch_close();
}

int load(enum unknown_items unknown, const char *const *given)
{
	const struct animed_param *table = csv.info->params;
	struct animed_value *values = calloc(params_count(table), sizeof *values);
	const struct conf_stage source = {csv, values};
	const struct dataset_options options = {.unknown_items = unknown};
	int status;

	for (size_t i = 0; table[i].name; i++) {
		const char *text = strcmp(table[i].name, "ratings.path") == 0 ? "r.csv"
				   : strcmp(table[i].name, "items.path") == 0 ? "i.csv"
									      : table[i].def;
		for (const char *const *pair = given; pair && *pair; pair += 2) {
			if (strcmp(pair[0], table[i].name) == 0)
				text = pair[1];
		}
		if (text)
			ck_assert_int_eq(value_parse(&table[i], text, scratch, &values[i], &err), 0);
	}
	status = dataset_load(&source, &options, &host, &dataset, &err);
	values_free(table, values);
	return status;
}

int load_texts(const char *items, const char *ratings)
{
	(void)scratch_text("i.csv", items);
	(void)scratch_text("r.csv", ratings);
	return load(UNKNOWN_ITEMS_DROP, NULL);
}

const char *cell_of(const struct animed_strings *column, size_t i)
{
	static char out[4096];
	const struct text text = strings_at(column, i);

	(void)snprintf(out, sizeof out, "%.*s", (int)text.length, text.bytes);
	return out;
}
