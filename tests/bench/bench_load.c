/* bench_load.c - times the load of two CSV files, as `animed train` does it.
 *
 *   bench_load cache|no-cache THREADS REVIEWS ITEMS
 *
 * prints the summary of the load, rows a second, and the digest of the dataset. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "config/param-read.h"
#include "config/plugin.h"
#include "data/dataset.h"
#include "places.h"

static void say(void *ctx, enum animed_level level, const char *fmt, ...)
{
	va_list ap;

	(void)ctx;
	(void)level;
	va_start(ap, fmt);
	(void)vprintf(fmt, ap);
	va_end(ap);
	(void)putchar('\n');
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static struct animed_value *make_values(const struct animed_param *table, char **paths)
{
	struct animed_value *values = calloc(params_count(table) + 1, sizeof *values);
	struct animed_error err;

	for (size_t i = 0; values && table[i].name; i++) {
		const char *text = strcmp(table[i].name, "ratings.path") == 0 ? paths[0]
				   : strcmp(table[i].name, "items.path") == 0 ? paths[1]
									      : table[i].def;
		if (text && value_parse(&table[i], text, ".", &values[i], &err) < 0) {
			(void)fprintf(stderr, "bench_load: %s: %s\n", table[i].name, err.text);
			exit(EXIT_FAILURE);
		}
	}
	return values;
}

int main(int argc, char **argv)
{
	struct plugin csv;
	struct dataset *dataset;
	struct animed_error err;
	char digest[17];

	if (argc != 5) {
		(void)fputs("usage: bench_load cache|no-cache THREADS REVIEWS ITEMS\n", stderr);
		return 2;
	}
	const struct dataset_options options = {.unknown_items = UNKNOWN_ITEMS_DROP,
						.cache = strcmp(argv[1], "cache") == 0};
	const struct animed_host host = {NULL, say, NULL, never, (unsigned)strtoul(argv[2], NULL, 10)};
	if (plugin_open(BUILDDIR "/plugins", "csv", ANIMED_SOURCE, &csv, &err) < 0) {
		(void)fprintf(stderr, "bench_load: %s\n", err.text);
		return EXIT_FAILURE;
	}
	struct animed_value *values = make_values(csv.info->params, argv + 3);
	const struct conf_stage source = {csv, values};
	if (dataset_load(&source, &options, &host, &dataset, &err) < 0) {
		(void)fprintf(stderr, "bench_load: %s\n", err.text);
		return EXIT_FAILURE;
	}
	const struct dataset_summary *summary = dataset_summary(dataset);
	dataset_log_summary(dataset, &host);
	if (dataset_digest(dataset, digest, &err) < 0) {
		(void)fprintf(stderr, "bench_load: %s\n", err.text);
		return EXIT_FAILURE;
	}
	(void)printf("%.0f rows/s, digest %s\n", (double)summary->source.rating_rows / summary->seconds, digest);
	dataset_free(dataset);
	values_free(csv.info->params, values);
	plugin_close(&csv);
	return EXIT_SUCCESS;
}
