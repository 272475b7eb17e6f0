/* dataset-load.c - takes a dataset from its cache or from its source. */
#include "config.h"

#include "base/clock.h"
#include "data/dataset-cache.h"
#include "data/dataset-private.h"

/* Whether this dataset is kept in a cache; *cache then says where.  A small one is not, since reading it is as fast. */
static bool is_cached(const struct conf_stage *source, const struct dataset_options *options,
		      const struct animed_host *host, struct dataset_cache *cache)
{
	struct animed_error why;

	if (!options->cache)
		return false;
	if (dataset_cache_find(source, options, cache, &why) < 0) {
		host->log(host->ctx, ANIMED_DEBUG, "the dataset is not cached: %s", why.text);
		return false;
	}
	return cache->key.bytes >= options->cache_from;
}

int dataset_load(const struct conf_stage *source, const struct dataset_options *options, const struct animed_host *host,
		 struct dataset **out, struct animed_error *err)
{
	const uint64_t start = clock_begin();
	struct dataset_cache cache = {.key = {.n = 0}};
	const bool cached = is_cached(source, options, host, &cache);
	int status = 0;

	*out = cached ? dataset_cache_open(&cache, host) : NULL;
	const bool found = *out != NULL;
	if (!found)
		status = dataset_collect(source, options, UINT64_MAX, host, out, err);
	if (status == 0)
		(*out)->summary.seconds = clock_seconds(start);
	if (status == 0 && cached && !found)
		dataset_cache_store(*out, &cache, host);
	dataset_cache_free(&cache);
	return status;
}

int dataset_look(const struct conf_stage *source, const struct dataset_options *options, uint64_t most,
		 const struct animed_host *host, struct dataset **out, struct animed_error *err)
{
	const uint64_t start = clock_begin();

	*out = NULL;
	if (dataset_collect(source, options, most, host, out, err) < 0)
		return -1;
	(*out)->summary.seconds = clock_seconds(start);
	return 0;
}
