/* load-each.c - makes the loads, and compares what they give. */
#include "config.h"

#include "load-each.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "config/param-read.h"
#include "config/plugin.h"
#include "each.h"
#include "fault.h"
#include "scratch.h"

static void no_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	(void)ctx;
	(void)level;
	(void)fmt;
}

static void no_progress(void *ctx, const struct animed_progress *now)
{
	(void)ctx;
	(void)now;
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static uint64_t hash_strings(const struct animed_strings *strings, size_t n, uint64_t seed)
{
	return XXH64(strings->bytes, strings->offsets[n],
		     XXH64(strings->offsets, (n + 1) * sizeof *strings->offsets, seed));
}

/* A hash of everything in a dataset. */
static uint64_t fingerprint(const struct dataset *dataset)
{
	const struct catalogue *c = dataset_catalogue(dataset);
	const struct animed_ratings r = dataset_ratings(dataset);
	uint32_t users;
	const struct animed_strings *names = dataset_users(dataset, &users);
	char digest[17];
	uint64_t hash;

	ck_assert_int_eq(dataset_digest(dataset, digest, NULL), 0);
	hash = XXH64(digest, 16, c->n);
	hash = XXH64(r.users, r.n * sizeof *r.users, hash);
	hash = XXH64(r.items, r.n * sizeof *r.items, hash);
	hash = XXH64(r.scores, r.n * sizeof *r.scores, hash);
	hash = XXH64(c->ids, c->n * sizeof *c->ids, hash);
	hash = XXH64(c->counts, c->n * sizeof *c->counts, hash);
	hash = XXH64(c->means, c->n * sizeof *c->means, hash);
	hash = XXH64(c->years, c->n * sizeof *c->years, hash);
	hash = XXH64(c->episodes, c->n * sizeof *c->episodes, hash);
	hash = hash_strings(&c->titles, c->n, hash);
	hash = hash_strings(&c->alt_titles, c->n, hash);
	hash = hash_strings(&c->synopses, c->n, hash);
	hash = hash_strings(&c->genres, c->n, hash);
	hash = hash_strings(&c->types, c->n, hash);
	return hash_strings(names, users, hash);
}

static int load_one(const struct given *given, struct dataset **dataset, struct animed_error *err)
{
	const struct animed_host host = {NULL, no_log, no_progress, never, given->threads};

	return dataset_load(&given->source, &given->options, &host, dataset, err);
}

static void load(struct attempt *attempt)
{
	const struct given *given = attempt->ctx;
	struct dataset *dataset;
	struct animed_error err = {""};

	/* first with failures, then without them on the files that the first load left */
	for (int again = 0; again < 2; again++) {
		const int status = load_one(given, &dataset, &err);
		(void)fault_disarm();
		if (status < 0 && (again || !each_says_memory(err.text)) && given->status == 0)
			each_wrong(attempt, "%s: %s", again ? "the next load" : "refused", err.text);
		if (status == 0 && given->status < 0)
			each_wrong(attempt, "loaded though the source is faulty");
		if (status == 0 && given->status == 0 && fingerprint(dataset) != given->fingerprint)
			each_wrong(attempt, "another data set%s", again ? " at the next load" : "");
		if (status == 0)
			dataset_free(dataset);
	}
	if (given->forget)
		(void)unlink(given->forget);
	each_lost(attempt);
}

static void age(const char *path)
{
	struct timespec times[2];

	ck_assert_int_eq(clock_gettime(CLOCK_REALTIME, &times[0]), 0);
	times[0].tv_sec -= 100;
	times[1] = times[0];
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void make_values(struct given *given)
{
	const struct animed_param *table = given->source.plugin.info->params;
	struct animed_value *values = calloc(params_count(table), sizeof *values);
	struct animed_error err;

	ck_assert_ptr_nonnull(values);
	given->source.values = values;
	for (size_t i = 0; table[i].name; i++) {
		const char *text = table[i].def;
		for (const char *const *pair = given->parameters; *pair; pair += 2) {
			if (strcmp(pair[0], table[i].name) == 0)
				text = pair[1];
		}
		if (text)
			ck_assert_int_eq(value_parse(&table[i], text, scratch, &values[i], &err), 0);
		if (text && table[i].type == ANIMED_PATH)
			age(values[i].string);
	}
}

void load_each(const char *what, struct given *given)
{
	struct plugin *plugin = &given->source.plugin;
	struct dataset *dataset;
	struct animed_error err;

	ck_assert_msg(plugin_open(BUILDDIR "/plugins", given->plugin, ANIMED_SOURCE, plugin, &err) == 0, "%s",
		      err.text);
	make_values(given);
	if (given->threads == 0)
		given->threads = 1;
	given->status = load_one(given, &dataset, &err);
	if (given->status == 0) {
		given->fingerprint = fingerprint(dataset);
		dataset_free(dataset);
	}
	each(what, load, given, 1, UINT64_MAX, 1);
	each(what, load, given, 4, 100, 5);
	values_free(plugin->info->params, given->source.values);
	plugin_close(plugin);
}
