/* fingerprint.c - a hash of what stat() and the configuration say. */
#include "config.h"

#include "data/fingerprint.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "base/clock.h"
#include "data/safetensors.h"
#include "store/store.h"

/* What can be said of one file; one that is missing is told from one that is there. */
static XXH64_hash_t add_file(XXH64_hash_t hash, const char *path)
{
	struct stat st;
	int64_t facts[4] = {0};

	if (stat(path, &st) == 0) {
		facts[0] = 1;
		facts[1] = st.st_size;
		facts[2] = st.st_mtim.tv_sec;
		facts[3] = st.st_mtim.tv_nsec;
	}
	return XXH3_64bits_withSeed(facts, sizeof facts, hash);
}

int fingerprint_source(const struct conf_stage *source, char out[FINGERPRINT_SIZE], struct animed_error *err)
{
	const struct animed_plugin *info = source->plugin.info;
	char *values = conf_stage_json(source);
	XXH64_hash_t hash;
	size_t files = 0;

	out[0] = '\0';
	if (!values)
		return animed_fail(err, "out of memory");
	hash = XXH3_64bits(info->name, strlen(info->name));
	hash = XXH3_64bits_withSeed(values, strlen(values), hash);
	free(values);
	for (size_t i = 0; info->params[i].name; i++) {
		if (info->params[i].type != ANIMED_PATH || !source->values[i].set)
			continue;
		hash = add_file(hash, source->values[i].string);
		files++;
	}
	if (files > 0)
		(void)snprintf(out, FINGERPRINT_SIZE, "%016" PRIx64, (uint64_t)hash);
	return 0;
}

int fingerprint_newest(const char *models, char out[FINGERPRINT_SIZE], int64_t *trained, struct animed_error *err)
{
	char path[PATH_MAX];
	struct st_file *file;
	uint64_t *versions;
	size_t n;
	int status;

	out[0] = '\0';
	*trained = INT64_MIN;
	if (store_list(models, &versions, &n, err) < 0)
		return -1;
	status = n > 0 ? store_path(models, versions[0], path, err) : 0;
	if (n > 0 && status == 0 && (status = st_peek(path, &file, err)) == 0) {
		const char *source = st_metadata(file, "source_fingerprint");
		(void)snprintf(out, FINGERPRINT_SIZE, "%s", source ? source : "");
		*trained = time_read(st_metadata(file, "created"));
		st_close(file);
	}
	free(versions);
	return status;
}
