/* bench_train.c - compares the speed and the error of training with a plain loop, and with what the machine can do.
 *
 *   bench_train [-k FACTORS] [-s SEEDS] [-r RUNS] [-w DIRECTORY] CONF
 *   bench_train [-k FACTORS] [-e EPOCHS] -p RATINGS,USERS,ITEMS
 *
 * The first form takes the ratings, the split and the model of a configuration, the second one makes up ratings by a
 * power law.  Times are those of the training alone, from ratings in memory to factors; the shortest of RUNS counts.
 * With -w the split is written to DIRECTORY/train.txt and valid.txt for other programs, as lines "user item score". */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "data/dataset.h"
#include "factors/factors.h"
#include "factors/optim.h"
#include "peaks.h"
#include "power_law_set.h"
#include "scalar_sgd.h"

enum { SCALAR_EPOCHS = 20, MAX_THREADS = 2 };

struct options {
	uint32_t k, users, items;
	size_t ratings; /* of a made-up set; 0: take a configuration */
	int seeds, runs, epochs;
	const char *conf, *directory;
};

static void quiet_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	(void)ctx;
	(void)level;
	(void)fmt;
}

static void quiet_progress(void *ctx, const struct animed_progress *now)
{
	(void)ctx;
	(void)now;
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static void die(const char *text)
{
	fprintf(stderr, "bench_train: %s\n", text);
	exit(EXIT_FAILURE);
}

/* The peak memory of this process so far, in MiB. */
static double peak_memory(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_maxrss / 1024;
}

struct timing {
	double seconds, rmse, rmse2; /* the shortest; sums over the seeds of the errors and of their squares */
	int epochs;
};

static double train_once(const struct animed_model_ops *model, const struct animed_value *values,
			 const struct animed_dataset *data, uint64_t seed, unsigned threads, struct timing *timing)
{
	const struct animed_host host = {NULL, quiet_log, quiet_progress, never, threads};
	struct animed_train_result result;
	struct animed_error err;
	const double start = now_seconds();

	if (model->train(values, data, seed, &host, &result, &err) < 0)
		die(err.text);
	const double seconds = now_seconds() - start;
	timing->seconds = fmin(timing->seconds, seconds);
	timing->epochs = result.epochs;
	const double rmse = sqrt(result.valid_loss);
	model->release(&result);
	return rmse;
}

static void write_ratings(const char *directory, const char *name, const struct animed_ratings *ratings)
{
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/%s", directory, name);
	FILE *file = fopen(path, "w");
	if (!file)
		die("cannot write there");
	for (size_t r = 0; r < ratings->n; r++)
		fprintf(file, "%u %u %g\n", ratings->users[r], ratings->items[r], (double)ratings->scores[r]);
	if (fclose(file) != 0)
		die("cannot write there");
}

static void print_peaks(const struct peaks *peaks, size_t bytes)
{
	printf("one core, kernels %s: %.0f GFLOP/s; %.1f GB/s read and written in order, %.1f GB/s in random rows, of "
	       "%.1f MB\n",
	       kernels_best()->name, peaks->flops / 1e9, peaks->stream / 1e9, peaks->rows / 1e9, (double)bytes / 1e6);
}

/* A rating costs 8 floating-point operations a factor: 2 of the scalar product, 3 of each row's update.  Two rows are
 * read and written.  Caches save a part of this, so that the share of the bandwidth of random rows can exceed 1. */
static void print_timing(const char *name, const struct timing *t, int seeds, unsigned threads, double scalar, size_t n,
			 uint32_t k, const struct peaks *peaks)
{
	const double rate = (double)n * t->epochs / t->seconds / threads, mean = t->rmse / seeds;

	printf("%-24s %6d %8.4f %7.4f %8.3f %7.2f %12.2f %9.0f%% %9.0f%%\n", name, t->epochs, mean,
	       sqrt(fmax(0, t->rmse2 / seeds - mean * mean)), t->seconds, t->seconds / scalar, rate / 1e6,
	       100 * rate * 8 * k / peaks->flops, 100 * rate * 4 * k * sizeof(float) / peaks->rows);
}

static void print_head(void)
{
	printf("%-24s %6s %8s %7s %8s %7s %12s %10s %10s\n", "", "epochs", "RMSE", "sd", "seconds", "ratio",
	       "M steps/s", "of FMA", "of rows");
	printf("%-24s %6s %8s %7s %8s %7s %12s %10s %10s\n", "", "", "", "", "", "", "and core", "peak", "bandwidth");
}

static void add(struct timing *timing, double rmse)
{
	timing->rmse += rmse;
	timing->rmse2 += rmse * rmse;
}

static void bench_conf(const struct options *options)
{
	const struct animed_host host = {NULL, quiet_log, quiet_progress, never, MAX_THREADS};
	struct conf_errors errors;
	struct conf *conf;
	struct dataset *dataset;
	struct animed_error err;
	struct timing scalar = {.seconds = INFINITY, .epochs = SCALAR_EPOCHS}, ours[MAX_THREADS];
	size_t n = 0, bytes = 0;

	if (conf_load(options->conf, &conf, &errors) < 0)
		die(errors.lines[0]);
	conf_errors_free(&errors);
	if (dataset_load(&conf->source, &conf->dataset, &host, &dataset, &err) < 0)
		die(err.text);
	for (int t = 0; t < MAX_THREADS; t++)
		ours[t] = (struct timing){.seconds = INFINITY};
	for (int s = 0; s < options->seeds; s++) {
		const uint64_t seed = conf->seed + (uint64_t)s;
		struct animed_dataset view;
		struct split *split;
		double seconds, rmse = 0;
		if (split_random(dataset, conf->valid_pct, seed, &split, &view, &err) < 0)
			die(err.text);
		if (options->directory && s == 0) {
			write_ratings(options->directory, "train.txt", &view.train);
			write_ratings(options->directory, "valid.txt", &view.valid);
		}
		n = view.train.n;
		bytes = (size_t)(view.n_users + view.n_items) * kernel_width(options->k) * sizeof(float);
		/* by turns, so that other load on the machine affects all */
		for (int r = 0; r < options->runs; r++) {
			rmse = scalar_sgd(&view, options->k, SCALAR_EPOCHS, seed, &seconds);
			scalar.seconds = fmin(scalar.seconds, seconds);
			for (unsigned t = 0; t < MAX_THREADS; t++) {
				double own = train_once(conf->model.plugin.info->ops.model, conf->model.values, &view,
							seed, t + 1, &ours[t]);
				if (r == 0)
					add(&ours[t], own);
			}
		}
		add(&scalar, rmse);
		split_free(split);
	}
	const struct peaks peaks = peaks_measure(bytes, kernel_width(options->k) * sizeof(float));
	print_peaks(&peaks, bytes);
	printf("%zu ratings, k = %u, %d splits, the least of %d runs each\n", n, options->k, options->seeds,
	       options->runs);
	print_head();
	print_timing("plain scalar loop", &scalar, options->seeds, 1, scalar.seconds, n, options->k, &peaks);
	print_timing("animed, 1 thread", &ours[0], options->seeds, 1, scalar.seconds, n, options->k, &peaks);
	print_timing("animed, 2 threads", &ours[1], options->seeds, 2, scalar.seconds, n, options->k, &peaks);
	printf("2 threads are %.2f times as fast as 1\n", ours[0].seconds / ours[1].seconds);
	dataset_free(dataset);
	conf_free(conf);
}

/* Measure the training on made-up ratings, with values in the order of factors_params. */
static void bench_made(const struct options *options)
{
	struct animed_value values[16] = {0}; /* at least as long as factors_params */
	struct animed_dataset data;
	struct power_law_set *set = power_law_make(options->ratings, options->users, options->items, 0.2, 1, &data);
	const size_t row = kernel_width(options->k) * sizeof(float),
		     bytes = (data.n_users + (size_t)data.n_items) * row;

	if (!set)
		die("not enough memory for the ratings");
	values[0] = (struct animed_value){.set = true, .string = "sgd"};
	values[1] = (struct animed_value){.set = true, .integer = options->k};
	values[2] = (struct animed_value){.set = true, .integer = options->epochs};
	const struct peaks peaks = peaks_measure(bytes, row);
	print_peaks(&peaks, bytes);
	printf("%zu ratings to train on, %zu held out, %u users, %u items, k = %u; the ratings take %.0f MiB\n",
	       data.train.n, data.valid.n, data.n_users, data.n_items, options->k, peak_memory());
	printf("%-24s %6s %8s %8s %12s %10s %10s %10s\n", "", "epochs", "RMSE", "seconds", "M steps/s", "of FMA",
	       "of rows", "MiB");
	for (unsigned threads = MAX_THREADS; threads >= 1; threads--) {
		const struct animed_host host = {NULL, quiet_log, quiet_progress, never, threads};
		struct animed_train_result result;
		struct animed_error err;
		const double start = now_seconds();
		if (factors_train(FACTORS_BIAS, values, &data, 1, &host, &result, &err) < 0)
			die(err.text);
		const double seconds = now_seconds() - start;
		const double rate = (double)data.train.n * result.epochs / seconds / threads;
		printf("animed, %u threads        %6d %8.4f %8.2f %12.2f %9.0f%% %9.0f%% %10.0f\n", threads,
		       result.epochs, sqrt(result.valid_loss), seconds, rate / 1e6,
		       100 * rate * 8 * options->k / peaks.flops,
		       100 * rate * 4 * options->k * sizeof(float) / peaks.rows, peak_memory());
		factors_release(&result);
	}
	power_law_free(set);
}

int main(int argc, char **argv)
{
	struct options options = {.k = 128, .seeds = 1, .runs = 5, .epochs = 2};

	for (int c; (c = getopt(argc, argv, "k:s:r:e:w:p:")) != -1;) {
		if (c == 'k')
			options.k = (uint32_t)atoi(optarg);
		else if (c == 's')
			options.seeds = atoi(optarg);
		else if (c == 'r')
			options.runs = atoi(optarg);
		else if (c == 'e')
			options.epochs = atoi(optarg);
		else if (c == 'w')
			options.directory = optarg;
		else if (c != 'p' || sscanf(optarg, "%zu,%u,%u", &options.ratings, &options.users, &options.items) != 3)
			die("usage: see the head of bench_train.c");
	}
	options.conf = argv[optind];
	if (options.ratings)
		bench_made(&options);
	else
		bench_conf(&options);
	return 0;
}
