/* bench_learn.c - the time and the memory that the learning plugins of a configuration take.
 *
 *   bench_learn [-t THREADS] [-r RUNS] [-w DIRECTORY] [-p RATINGS,USERS,ITEMS] CONF
 *
 * The ratings are those of the configuration, or with -p made up by a power law; the items are then alone in their
 * franchises, and nothing else is known of them.  The time is that of learning alone, from ratings in memory to tensors;
 * the shortest of RUNS counts.  With -w the ratings, the franchises and what was learnt are written to DIRECTORY for
 * other programs, as bare arrays: users.u32, items.u32, scores.f32, franchises.u32 and PLUGIN.TENSOR. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/blas.h"
#include "data/dataset.h"
#include "hosts.h"
#include "power_law_set.h"
#include "titles/franchise.h"

struct options {
	unsigned threads;
	int runs;
	size_t ratings; /* of a made-up set; 0: take those of the configuration */
	uint32_t users, items;
	const char *conf, *directory;
};

static void die(const char *text)
{
	fprintf(stderr, "bench_learn: %s\n", text);
	exit(EXIT_FAILURE);
}

static double seconds_of(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double now_seconds(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

/* What the threads of this process have taken of the processor, which tells more on a busy machine. */
static double busy_seconds(void)
{
	return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

/* The peak memory of this process so far, in MiB. */
static double peak_memory(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_maxrss / 1024;
}

static void write_array(const char *directory, const char *name, const void *data, size_t bytes)
{
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/%s", directory, name);
	FILE *file = fopen(path, "w");
	if (!file || fwrite(data, 1, bytes, file) != bytes || fclose(file) != 0)
		die("cannot write there");
}

static void write_ratings(const char *directory, const struct animed_dataset *data, const struct animed_items *items)
{
	write_array(directory, "users.u32", data->train.users, data->train.n * sizeof *data->train.users);
	write_array(directory, "items.u32", data->train.items, data->train.n * sizeof *data->train.items);
	write_array(directory, "scores.f32", data->train.scores, data->train.n * sizeof *data->train.scores);
	write_array(directory, "franchises.u32", items->franchises, items->n * sizeof *items->franchises);
}

/* How many bytes the tensors take; they are written where there is a directory. */
static size_t write_tensors(const char *directory, const char *plugin, const struct animed_tensors *tensors)
{
	static const size_t sizes[] = {[ANIMED_U8] = sizeof(uint8_t),
				       [ANIMED_U32] = sizeof(uint32_t),
				       [ANIMED_U64] = sizeof(uint64_t),
				       [ANIMED_F32] = sizeof(float)};
	char name[128];
	size_t all = 0;

	for (size_t t = 0; t < tensors->n; t++) {
		const struct animed_tensor *tensor = &tensors->at[t];
		const size_t bytes = tensor->n * sizes[tensor->dtype];
		(void)snprintf(name, sizeof name, "%s.%s", plugin, tensor->name);
		if (directory)
			write_array(directory, name, tensor->data, bytes);
		all += bytes;
	}
	return all;
}

static void bench_stage(const struct options *options, const struct conf_stage *stage,
			const struct animed_dataset *data, const struct animed_items *items)
{
	const struct animed_learn_ops *ops = conf_stage_learn(stage);
	const struct animed_host host = host_with(options->threads);
	const double before = peak_memory();
	double best = 1e30, processor = 0; /* of the shortest run */
	size_t bytes = 0;

	if (!ops)
		return;
	for (int run = 0; run < options->runs; run++) {
		struct animed_learnt learnt;
		struct animed_error err;
		const double start = now_seconds(), busy = busy_seconds();
		if (ops->learn(stage->values, data, items, &host, &learnt, &err) < 0)
			die(err.text);
		const double seconds = now_seconds() - start;
		if (seconds < best) {
			best = seconds;
			processor = busy_seconds() - busy;
		}
		bytes = write_tensors(options->directory, stage->plugin.info->name, &learnt.tensors);
		ops->release(&learnt);
	}
	printf("%-12s %zu ratings, %u users, %u items, %u threads: %.2f s (%.2f of the processor); %.1f MB of tensors; "
	       "memory %.0f MiB at the most, %.0f before\n",
	       stage->plugin.info->name, data->train.n, data->n_users, data->n_items, options->threads, best, processor,
	       (double)bytes / 1e6, peak_memory(), before);
	(void)fflush(stdout);
}

static void bench_stages(const struct options *options, const struct conf *conf, const struct animed_dataset *data,
			 const struct animed_items *items)
{
	if (options->directory)
		write_ratings(options->directory, data, items);
	bench_stage(options, &conf->ranking, data, items);
	for (unsigned s = 0; s < conf->n_similarities; s++)
		bench_stage(options, &conf->similarities[s], data, items);
}

static void bench_conf(const struct options *options, const struct conf *conf)
{
	const struct animed_host host = host_with(options->threads);
	struct animed_dataset data;
	struct animed_error err;
	struct dataset *dataset;
	struct split *split;
	uint32_t *franchises;

	if (dataset_load(&conf->source, &conf->dataset, &host, &dataset, &err) < 0 ||
	    split_random(dataset, 0, 0, &split, &data, &err) < 0 ||
	    franchise_find(dataset_catalogue(dataset), conf_relations(conf), &franchises, NULL, &err) < 0)
		die(err.text);
	const struct animed_items items = catalogue_items(dataset_catalogue(dataset), franchises);
	bench_stages(options, conf, &data, &items);
	free(franchises);
	split_free(split);
	dataset_free(dataset);
}

static void bench_made(const struct options *options, const struct conf *conf)
{
	struct animed_dataset data;
	struct power_law_set *set = power_law_make(options->ratings, options->users, options->items, 0, 1, &data);
	int64_t *ids = calloc(options->items, sizeof *ids);
	uint32_t *franchises = calloc(options->items, sizeof *franchises);

	if (!set || !ids || !franchises)
		die("not enough memory for the ratings");
	for (uint32_t i = 0; i < options->items; i++) {
		ids[i] = i;
		franchises[i] = i;
	}
	const struct animed_items items = {.n = options->items, .ids = ids, .franchises = franchises};
	bench_stages(options, conf, &data, &items);
	free(ids);
	free(franchises);
	power_law_free(set);
}

static struct options parse(int argc, char **argv)
{
	struct options options = {.threads = 2, .runs = 1};

	for (int c; (c = getopt(argc, argv, "t:r:w:p:")) != -1;) {
		if (c == 't')
			options.threads = (unsigned)atoi(optarg);
		else if (c == 'r')
			options.runs = atoi(optarg);
		else if (c == 'w')
			options.directory = optarg;
		else if (c != 'p' || sscanf(optarg, "%zu,%u,%u", &options.ratings, &options.users, &options.items) != 3)
			die("usage: see the head of bench_learn.c");
	}
	options.conf = argv[optind];
	if (!options.conf || options.threads < 1)
		die("usage: see the head of bench_learn.c");
	return options;
}

int main(int argc, char **argv)
{
	const struct options options = parse(argc, argv);
	struct conf_errors errors;
	struct animed_error err;
	struct conf *conf;

	if (blas_use_one_thread(&err) < 0)
		die(err.text);
	if (conf_load(options.conf, &conf, &errors) < 0)
		die(errors.lines[0]);
	conf_errors_free(&errors);
	if (options.ratings)
		bench_made(&options, conf);
	else
		bench_conf(&options, conf);
	conf_free(conf);
	return EXIT_SUCCESS;
}
